//! Potentiometer.
//!
//! ```text
//! A1 r0 wiper r1 P1
//! .model P1 potentiometer(position=0.5 r=100k log=false log_multiplier=1)
//! linear: R(r0, wiper) = r·position
//! log:    R(r0, wiper) = r·10^(−log_multiplier·position)
//! R(wiper, r1) = r − R(r0, wiper)
//! ```
//! Neither is below a millionth of `r`. There is no noise. Source: ngspice-39 manual, chapter 8, and what ngspice does with `log`.

use super::CONNECTIONS;
use super::card::Card;
use super::connections::{Reported, node, ports};
use crate::devices::construct::Construction;
use crate::devices::device::{Contribution, Device, Environment};
use crate::devices::page::{ModelTable, Page};
use crate::devices::parameters::Unknowns;
use crate::head_of_file;
use crate::numerics::scalar::Scalar;
use crate::parameters;

parameters! {
    /// Potentiometer model card.
    pub struct Parameters {
        position: ["position"], "", 0.5, "Of the wiper, from 0 at r0 to 1 at r1";
        log: ["log"], "", 0.0, "1: the logarithm of the resistance is linear in the position";
        resistance: ["r"], "Ω", 1e5, "Resistance of the whole";
        multiplier: ["log_multiplier"], "", 1.0, "Decades of the logarithm";
    }
}

/// Least part of the resistance.
const LEAST: f64 = 1e-6;

/// Unknowns: r0, wiper, r1.
struct Potentiometer {
    /// S, from the wiper to r0 and to r1.
    conductances: [f64; 2],
}

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[head_of_file!("potentiometer.rs"), CONNECTIONS],
    models: &[ModelTable { title: "potentiometer", numbers: Parameters::TABLE, others: &[] }],
    ngspice: &["potentiometer"],
    ..Page::new("potentiometer", "Potentiometer", "A1 r0 wiper r1 MODEL")
};

pub fn construct(mut c: Construction) {
    let Some(card) = Card::of(&mut c, &[]) else { return };
    let p = Parameters::read(&card.numbers, Unknowns::Warn, &card.owner, c.diagnostics);
    let valid = card.demand(
        &mut c,
        &[
            ("r", p.resistance > 0.0, "must be positive"),
            ("position", (0.0..=1.0).contains(&p.position), "must be within 0 and 1"),
            ("log_multiplier", p.log == 0.0 || p.multiplier > 0.0, "must be positive"),
        ],
    );
    if valid {
        // What is wrong has been reported.
        let _ = place(&mut c, &p);
    }
}

fn place(c: &mut Construction, p: &Parameters) -> Result<(), Reported> {
    const NAMES: [&str; 3] = ["r0", "wiper", "r1"];
    let [first, wiper, last] = ports(c, NAMES, "A1 r0 wiper r1 P1")?;
    let unknowns = [node(c, first, NAMES[0])?, node(c, wiper, NAMES[1])?, node(c, last, NAMES[2])?];
    let part = if p.log != 0.0 { 10.0_f64.powf(-p.multiplier * p.position) } else { p.position };
    let conductance = |part: f64| c.multiplier() / (p.resistance * part.max(LEAST));
    let device = Potentiometer { conductances: [conductance(part), conductance(1.0 - part)] };
    c.assembly.add(c.id, device, unknowns);
    Ok(())
}

impl Device<3> for Potentiometer {
    const LINEAR: bool = true;

    fn equations<S: Scalar>(&self, &[first, wiper, last]: &[S; 3], _environment: &Environment) -> Contribution<S, 3> {
        let (up, down) = ((first - wiper) * self.conductances[0], (wiper - last) * self.conductances[1]);
        Contribution::resistive([up, down - up, -down])
    }

    fn stores(&self) -> [bool; 3] {
        [false; 3]
    }
}

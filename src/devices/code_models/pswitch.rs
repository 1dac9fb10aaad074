//! Analog switch with PSpice's smooth curve.
//!
//! ```text
//! A1 (c+ c-) (p n) S1
//! .model S1 pswitch(cntl_off=0 cntl_on=1 r_off=1e12 r_on=1 log=true r_cntl_in=1e12)
//! x = (control − (cntl_on + cntl_off)/2)/(cntl_on − cntl_off), within −1/2 … 1/2
//! log:    ln r = (ln r_on + ln r_off)/2 + ln(r_on/r_off)·(3/2·x − 2·x³)
//! linear: r = (r_on + r_off)/2 + (r_on − r_off)·x
//! ```
//! Across the control there is the resistance `r_cntl_in`. Source: ngspice-39 manual, chapter 8, and what ngspice does.

use super::CONNECTIONS;
use super::card::Card;
use super::connections::{Reported, pairs};
use crate::devices::construct::Construction;
use crate::devices::device::{Contribution, Device, Environment, QuantityInfo};
use crate::devices::page::{ModelTable, Page};
use crate::devices::parameters::Unknowns;
use crate::head_of_file;
use crate::numerics::scalar::Scalar;
use crate::parameters;

parameters! {
    /// PSpice-like analog switch model card.
    pub struct Parameters {
        off: ["cntl_off"], "V", 0.0, "Control at which the resistance is `r_off`";
        on: ["cntl_on"], "V", 1.0, "Control at which the resistance is `r_on`";
        log: ["log"], "", 1.0, "1: the logarithm of the resistance goes on the curve";
        off_resistance: ["r_off"], "Ω", 1e12, "Resistance when off";
        on_resistance: ["r_on"], "Ω", 1.0, "Resistance when on";
        control_resistance: ["r_cntl_in"], "Ω", 1e12, "Resistance across the control";
    }
}

/// Unknowns: both nodes of the control, both of the switch.
struct Switch {
    parameters: Parameters,
    multiplier: f64,
}

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[head_of_file!("pswitch.rs"), CONNECTIONS],
    models: &[ModelTable { title: "pswitch", numbers: Parameters::TABLE, others: &[] }],
    quantities: <Switch as Device<4>>::QUANTITIES,
    ngspice: &["pswitch"],
    ..Page::new("pswitch", "Analog switch with PSpice's curve", "A1 (c+ c-) (n+ n-) MODEL")
};

pub fn construct(mut c: Construction) {
    let Some(card) = Card::of(&mut c, &[]) else { return };
    let p = Parameters::read(&card.numbers, Unknowns::Warn, &card.owner, c.diagnostics);
    let valid = card.demand(
        &mut c,
        &[
            ("cntl_on", p.on != p.off, "must differ from `cntl_off`"),
            ("r_on", p.on_resistance > 0.0, "must be positive"),
            ("r_off", p.off_resistance > 0.0, "must be positive"),
            ("r_cntl_in", p.control_resistance > 0.0, "must be positive"),
        ],
    );
    if valid {
        // What is wrong has been reported.
        let _ = place(&mut c, p);
    }
}

fn place(c: &mut Construction, parameters: Parameters) -> Result<(), Reported> {
    let [[cp, cn], [p, n]] = pairs(c, ["cntl_in", "out"], "A1 (c+ c-) (p n) S1")?;
    let device = Switch { parameters, multiplier: c.multiplier() };
    c.assembly.add(c.id, device, [cp, cn, p, n]);
    Ok(())
}

impl Switch {
    fn current<S: Scalar>(&self, control: S, voltage: S) -> S {
        let p = &self.parameters;
        let place = (control - 0.5 * (p.on + p.off)) * (1.0 / (p.on - p.off));
        let x = place.max(S::constant(-0.5)).min(S::constant(0.5));
        let resistance = if p.log != 0.0 {
            let curve = x * (x * x * -2.0 + 1.5);
            let middle = 0.5 * (p.on_resistance.ln() + p.off_resistance.ln());
            (curve * (p.on_resistance / p.off_resistance).ln() + middle).exp()
        } else {
            x * (p.on_resistance - p.off_resistance) + 0.5 * (p.on_resistance + p.off_resistance)
        };
        voltage / resistance * self.multiplier
    }
}

impl Device<4> for Switch {
    const QUANTITIES: &'static [QuantityInfo] = &[QuantityInfo::new("i", "A", "Current through the switch")];

    fn equations<S: Scalar>(&self, &[cp, cn, p, n]: &[S; 4], _environment: &Environment) -> Contribution<S, 4> {
        let control = (cp - cn) * (self.multiplier / self.parameters.control_resistance);
        let current = self.current(cp - cn, p - n);
        Contribution::resistive([control, -control, current, -current])
    }

    fn stores(&self) -> [bool; 4] {
        [false; 4]
    }

    fn quantity(&self, _index: usize, x: &[f64; 4], _environment: &Environment) -> f64 {
        self.current(x[0] - x[1], x[2] - x[3])
    }
}

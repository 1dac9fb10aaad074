//! Capacitor and inductor that are held at an initial value while the operating point is found.
//!
//! ```text
//! A1 (p n) C1                                    A1 (p n) L1
//! .model C1 capacitoric(c=1u ic=2)               .model L1 inductoric(l=1m ic=1)
//! c·dv/dt = i,   v = v(p) − v(n) = ic before     l·di/dt = v(p) − v(n),   i = ic before
//! ```
//! Source: ngspice-39 manual, chapter 8.

use super::CONNECTIONS;
use super::card::Card;
use super::connections::{Reported, pairs};
use crate::devices::assembly::UnknownName;
use crate::devices::construct::Construction;
use crate::devices::device::{Contribution, Device, Environment, QuantityInfo};
use crate::devices::page::{ModelTable, Page};
use crate::devices::parameters::Unknowns;
use crate::head_of_file;
use crate::numerics::scalar::Scalar;
use crate::parameters;

parameters! {
    /// Capacitor model card.
    pub struct Capacitance {
        value: ["c"], "F", f64::NAN, "Capacitance, to be given";
        initial: ["ic"], "V", 0.0, "Voltage before time 0";
    }
}

parameters! {
    /// Inductor model card.
    pub struct Inductance {
        value: ["l"], "H", f64::NAN, "Inductance, to be given";
        initial: ["ic"], "A", 0.0, "Current before time 0";
    }
}

/// Unknowns: terminals, current, the state (voltage of a capacitor, current of an inductor).
struct Reactance {
    value: f64,
    is_inductor: bool,
}

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[head_of_file!("reactance.rs"), CONNECTIONS],
    models: &[
        ModelTable { title: "capacitoric", numbers: Capacitance::TABLE, others: &[] },
        ModelTable { title: "inductoric", numbers: Inductance::TABLE, others: &[] },
    ],
    quantities: <Reactance as Device<4>>::QUANTITIES,
    ngspice: &["capacitoric", "inductoric"],
    ..Page::new("reactance", "Capacitor and inductor with an initial condition", "A1 (n+ n-) MODEL")
};

pub fn construct_capacitor(mut c: Construction) {
    let Some(card) = Card::of(&mut c, &[]) else { return };
    let p = Capacitance::read(&card.numbers, Unknowns::Warn, &card.owner, c.diagnostics);
    if card.demand(&mut c, &[("c", p.value > 0.0, "must be given, and positive")]) {
        // What is wrong has been reported.
        let _ = place(&mut c, Reactance { value: p.value, is_inductor: false }, p.initial);
    }
}

pub fn construct_inductor(mut c: Construction) {
    let Some(card) = Card::of(&mut c, &[]) else { return };
    let p = Inductance::read(&card.numbers, Unknowns::Warn, &card.owner, c.diagnostics);
    if card.demand(&mut c, &[("l", p.value > 0.0, "must be given, and positive")]) {
        // What is wrong has been reported.
        let _ = place(&mut c, Reactance { value: p.value, is_inductor: true }, p.initial);
    }
}

fn place(c: &mut Construction, device: Reactance, initial: f64) -> Result<(), Reported> {
    let [[p, n]] = pairs(c, ["terminals"], "A1 (n+ n-) C1")?;
    let multiplier = c.multiplier();
    // In parallel: m times the capacitance, or the inductance by m with m times the current.
    let (value, initial) = match device.is_inductor {
        true => (device.value / multiplier, initial * multiplier),
        false => (device.value * multiplier, initial),
    };
    let current = c.assembly.branch(c.id);
    let state = c.assembly.held_state(UnknownName::Internal(c.id, "state".into()), initial);
    c.assembly.add(c.id, Reactance { value, ..device }, [p, n, current, state]);
    Ok(())
}

impl Device<4> for Reactance {
    const LINEAR: bool = true;
    const QUANTITIES: &'static [QuantityInfo] = &[QuantityInfo::new("i", "A", "Current")];

    fn equations<S: Scalar>(&self, &[p, n, i, state]: &[S; 4], _environment: &Environment) -> Contribution<S, 4> {
        let zero = S::zero();
        let (row, rate) = if self.is_inductor { (i - state, p - n) } else { (p - n - state, i) };
        Contribution { f: [i, -i, row, -rate * (1.0 / self.value)], q: [zero, zero, zero, state] }
    }

    fn stores(&self) -> [bool; 4] {
        [false, false, false, true]
    }

    fn quantity(&self, _index: usize, x: &[f64; 4], _environment: &Environment) -> f64 {
        x[2]
    }
}

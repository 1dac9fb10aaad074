//! Zener diode.
//!
//! ```text
//! A1 %gd(anode cathode) Z1
//! .model Z1 zener(v_breakdown=5 i_breakdown=20m i_sat=1e-12 n_forward=1)
//! i = i_sat·(e^(v/(n_forward·26 mV)) − 1) + 1 µA·v/v_breakdown − i_breakdown·e^(−(v + v_breakdown)/(i_breakdown·1 Ω))
//! ```
//! The current does not depend on temperature. Source: ngspice-39 manual, section 8.2.20, and the curves that ngspice draws, whose breakdown
//! begins with a step of e⁻¹⁶ of `i_breakdown`, and here does not. `limit_switch` is without effect: every exponential is limited while
//! a solution is sought, as of diodes.

use super::CONNECTIONS;
use super::calculation::Calculation;
use super::card::Card;
use super::connections::{Reported, conductance, ports};
use crate::devices::behavioural::{Behavioural, Part, Slot};
use crate::devices::construct::Construction;
use crate::devices::page::{ModelTable, Page};
use crate::devices::parameters::Unknowns;
use crate::head_of_file;
use crate::parameters;
use crate::reference::Status;

parameters! {
    /// Zener diode model card.
    pub struct Parameters {
        breakdown: ["v_breakdown"], "V", f64::NAN, "Breakdown voltage, to be given";
        breakdown_current: ["i_breakdown"], "A", 20e-3, "Current at the breakdown voltage";
        saturation: ["i_sat"], "A", 1e-12, "Saturation current";
        emission: ["n_forward"], "", 1.0, "Emission coefficient of the forward current";
        limit_switch: ["limit_switch"], "", 0.0, "Without effect";
    }
}

/// V: kT/q of the model.
const THERMAL: f64 = 0.026;

/// A: leakage at the breakdown voltage.
const LEAKAGE: f64 = 1e-6;

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[head_of_file!("zener.rs"), CONNECTIONS],
    models: &[ModelTable { title: "zener", numbers: Parameters::TABLE, others: &[] }],
    status: Status::Differs("the breakdown has no step where it begins; `limit_switch` is without effect"),
    ngspice: &["zener"],
    ..Page::new("zener", "Zener diode", "A1 %gd(anode cathode) MODEL")
};

pub fn construct(mut c: Construction) {
    let Some(card) = Card::of(&mut c, &[]) else { return };
    let p = Parameters::read(&card.numbers, Unknowns::Warn, &card.owner, c.diagnostics);
    let valid = card.demand(
        &mut c,
        &[
            ("v_breakdown", p.breakdown > 0.0, "must be given, and positive"),
            ("i_breakdown", p.breakdown_current > 0.0, "must be positive"),
            ("i_sat", p.saturation > 0.0, "must be positive"),
            ("n_forward", p.emission > 0.0, "must be positive"),
        ],
    );
    if valid {
        // What is wrong has been reported.
        let _ = place(&mut c, &p);
    }
}

fn place(c: &mut Construction, p: &Parameters) -> Result<(), Reported> {
    let [port] = ports(c, ["z"], "A1 %gd(anode cathode) Z1")?;
    let Some([anode, cathode]) = conductance(c, port, "z", false)? else { return Err(Reported) };
    let mut y = Calculation::default();
    let (high, low) = (y.unknown(anode), y.unknown(cathode));
    let voltage = y.difference(high, low);
    let current = current(&mut y, voltage, p);
    let device = Behavioural::current(y.finish(current), anode, cathode, c.multiplier(), Part::Resistive);
    c.assembly.add_behavioural(Some(c.id), device);
    Ok(())
}

fn current(y: &mut Calculation, voltage: Slot, p: &Parameters) -> Slot {
    let exponent = y.scaled(voltage, 0.0, 1.0 / (p.emission * THERMAL));
    let exponential = y.exponential(exponent);
    let forward = y.scaled(exponential, -1.0, p.saturation);
    let leakage = y.scaled(voltage, 0.0, LEAKAGE / p.breakdown);
    // The breakdown current's drop across 1 Ω is what the exponential's voltage is measured by.
    let beyond = y.scaled(voltage, p.breakdown, -1.0 / p.breakdown_current);
    let avalanche = y.exponential(beyond);
    let breakdown = y.scaled(avalanche, 0.0, -p.breakdown_current);
    let sum = y.sum(forward, leakage);
    y.sum(sum, breakdown)
}

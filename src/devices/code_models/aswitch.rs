//! Analog switch: a resistance that an input sets.
//!
//! ```text
//! A1 control %gd (p n) S1
//! .model S1 aswitch(cntl_off=0 cntl_on=1 r_off=1e12 r_on=1 log=true)
//! log:    ln r = ln r_on + (cntl_on − control)·ln(r_off/r_on)/(cntl_on − cntl_off)
//! linear: r = r_on + (cntl_on − control)·(r_off − r_on)/(cntl_on − cntl_off)
//! ```
//! The line goes on beyond both ends, as in ngspice, but r is never below 1 nΩ. Source: ngspice-39 manual, section 8.2.15.

use super::CONNECTIONS;
use super::calculation::Calculation;
use super::card::Card;
use super::connections::{input, input_and_conductance};
use crate::devices::behavioural::{Behavioural, Part};
use crate::devices::construct::Construction;
use crate::devices::page::{ModelTable, Page};
use crate::devices::parameters::Unknowns;
use crate::head_of_file;
use crate::parameters;

parameters! {
    /// Analog switch model card.
    pub struct Parameters {
        off: ["cntl_off"], "", 0.0, "Input at which the resistance is `r_off`";
        on: ["cntl_on"], "", 1.0, "Input at which the resistance is `r_on`";
        off_resistance: ["r_off"], "Ω", 1e12, "Resistance when off";
        on_resistance: ["r_on"], "Ω", 1.0, "Resistance when on";
        log: ["log"], "", 1.0, "1: the logarithm of the resistance is linear in the input";
    }
}

/// Ω
const LEAST: f64 = 1e-9;

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[head_of_file!("aswitch.rs"), CONNECTIONS],
    models: &[ModelTable { title: "aswitch", numbers: Parameters::TABLE, others: &[] }],
    ngspice: &["aswitch"],
    ..Page::new("aswitch", "Analog switch", "A1 control %gd(n+ n-) MODEL")
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
        ],
    );
    let mut y = Calculation::default();
    let found = input_and_conductance(&mut c, ["cntl_in", "out"], "A1 control %gd (p n) S1");
    let Ok((control, [p_node, n_node])) = found else { return };
    let Ok(control) = input(&mut c, control, "cntl_in", &mut y) else { return };
    if !valid {
        return;
    }
    let opposite = y.negative(control);
    let resistance = if p.log != 0.0 {
        let exponent = y.scaled(opposite, p.on, (p.off_resistance / p.on_resistance).ln() / (p.on - p.off));
        let factor = y.exponential(exponent);
        y.scaled(factor, 0.0, p.on_resistance)
    } else {
        let line = y.scaled(opposite, p.on, (p.off_resistance - p.on_resistance) / (p.on - p.off));
        y.scaled(line, p.on_resistance, 1.0)
    };
    let least = y.constant(LEAST);
    let resistance = y.larger(resistance, least);
    let (v_p, v_n) = (y.unknown(p_node), y.unknown(n_node));
    let voltage = y.difference(v_p, v_n);
    let current = y.quotient(voltage, resistance);
    let device = Behavioural::current(y.finish(current), p_node, n_node, c.multiplier(), Part::Resistive);
    c.assembly.add_behavioural(Some(c.id), device);
}

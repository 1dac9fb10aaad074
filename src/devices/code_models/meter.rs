//! Capacitance and inductance at a node.
//!
//! ```text
//! A1 node out M1
//! .model M1 cmeter(gain=1)      out = gain·Σ c,        of the capacitors that are connected with the node
//! .model M1 lmeter(gain=1)      out = gain/Σ (1/l),    of the inductors, 1e12·gain without one
//! ```
//! The values on the cards are what counts, whatever is at the other ends. Capacitors and inductors of expressions are left out, with a warning.
//! Source: ngspice-39 manual, chapter 8, and what ngspice does.

use super::CONNECTIONS;
use super::calculation::Calculation;
use super::card::Card;
use super::connections::{Reported, drive, node, output, ports};
use crate::circuit::{Element, NodeId};
use crate::devices::construct::Construction;
use crate::devices::page::{ModelTable, Page};
use crate::devices::parameters::Unknowns;
use crate::diagnostic::Diagnostic;
use crate::head_of_file;
use crate::parameters;

parameters! {
    /// Meter model card.
    pub struct Parameters {
        gain: ["gain"], "V/F or V/H", 1.0, "Factor";
    }
}

/// H: what no inductor counts as.
const NONE: f64 = 1e12;

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[head_of_file!("meter.rs"), CONNECTIONS],
    models: &[ModelTable { title: "cmeter, lmeter", numbers: Parameters::TABLE, others: &[] }],
    ngspice: &["cmeter", "lmeter"],
    ..Page::new("meter", "Capacitance and inductance meters", "A1 node out MODEL")
};

pub fn construct_capacitance(c: Construction) {
    // What is wrong has been reported.
    let _ = place(c, b'c', |values| values.iter().sum());
}

pub fn construct_inductance(c: Construction) {
    // What is wrong has been reported.
    let _ = place(c, b'l', |values| match values {
        [] => NONE,
        values => 1.0 / values.iter().map(|value| 1.0 / value).sum::<f64>(),
    });
}

fn place(mut c: Construction, letter: u8, total: fn(&[f64]) -> f64) -> Result<(), Reported> {
    let card = Card::of(&mut c, &[]).ok_or(Reported)?;
    let p = Parameters::read(&card.numbers, Unknowns::Warn, &card.owner, c.diagnostics);
    let [at, to] = ports(&mut c, ["in", "out"], "A1 node out M1")?;
    node(&mut c, at, "in")?;
    let at: NodeId = at.connections[0].nodes[0];
    let to = output(&mut c, to, "out")?;
    let mut values = Vec::new();
    for element in c.circuit.elements.iter().filter(|element| element.letter == letter && element.nodes.contains(&at)) {
        match value(element) {
            Some(value) => values.push(value * element.multiplier),
            None => {
                let message = format!("`{}` does not see `{}`, which has no number", c.element.name, element.name);
                c.error(Diagnostic::warning(message).at(c.element.span));
            }
        }
    }
    let mut y = Calculation::default();
    let value = y.constant(p.gain * total(&values));
    drive(&mut c, to, y.finish(value));
    Ok(())
}

/// The value of a capacitor or an inductor, where it is a number of its card.
fn value(element: &Element) -> Option<f64> {
    let written = element.values.first().and_then(|value| value.item.number());
    let name = if element.letter == b'c' { "c" } else { "l" };
    written.or_else(|| element.parameter(name)?.value.number())
}

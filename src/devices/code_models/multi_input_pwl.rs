//! Curve of straight lines of the least or the largest of several inputs.
//!
//! ```text
//! A1 [(a 0) (b 0)] (out 0) P1
//! .model P1 multi_input_pwl(x=[0 1 2] y=[0 1 0] model="and")
//! and, nand: out = y(min in),   or, nor: out = y(max in)
//! ```
//! All connections are pairs of nodes. Beyond the ends the first and the last value go on. Source: ngspice-39 manual, chapter 8, Multi Input Gain Block, and
//! what ngspice does.

use super::CONNECTIONS;
use super::calculation::Calculation;
use super::card::Card;
use super::connections::{Output, Reported, drive, paired, ports};
use super::pwl;
use crate::circuit::element::Connection;
use crate::devices::behavioural::Slot;
use crate::devices::construct::Construction;
use crate::devices::page::{ModelTable, Page};
use crate::devices::parameters::{NamedParameter, Unknowns, read};
use crate::diagnostic::Diagnostic;
use crate::head_of_file;

/// Vectors and the word of the model card.
const OTHERS: &[NamedParameter] = &[
    NamedParameter::new(&["x"], "", "", "Inputs of the points, rising"),
    NamedParameter::new(&["y"], "", "", "Outputs of the points"),
    NamedParameter::new(&["model"], "", "and", "`and`, `nand`: the least input; `or`, `nor`: the largest one"),
];

const EXAMPLE: &str = "A1 [(a 0) (b 0)] (out 0) P1";

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[head_of_file!("multi_input_pwl.rs"), CONNECTIONS],
    models: &[ModelTable { title: "multi_input_pwl", numbers: &[], others: OTHERS }],
    ngspice: &["multi_input_pwl"],
    ..Page::new("multi_input_pwl", "Curve of several inputs", "A1 [(a+ a-) …] (out+ out-) MODEL")
};

pub fn construct(mut c: Construction) {
    let Some(card) = Card::of(&mut c, OTHERS) else { return };
    read(&[], &card.numbers, Unknowns::Warn, &card.owner, c.diagnostics);
    let points = pwl::points(&mut c, &card, ["x", "y"]);
    let word = card.word("model").unwrap_or("and").to_ascii_lowercase();
    let is_least = matches!(&*word, "and" | "nand");
    let valid =
        card.demand(&mut c, &[("model", is_least || matches!(&*word, "or" | "nor"), "must be and, nand, or, or nor")]);
    if let Some([x, y]) = points.filter(|_| valid) {
        let join = if is_least { Calculation::smaller } else { Calculation::larger };
        // What is wrong has been reported.
        let _ = place(&mut c, x.into_iter().zip(y), join);
    }
}

fn place(
    c: &mut Construction,
    points: impl Iterator<Item = (f64, f64)>,
    join: fn(&mut Calculation, Slot, Slot) -> Slot,
) -> Result<(), Reported> {
    // The pair of the output may be two ports.
    let [from, to @ ..] = &*c.element.ports else { return ports::<2>(c, ["in", "out"], EXAMPLE).map(|_| ()) };
    let outputs: Vec<&Connection> = to.iter().flat_map(|port| &port.connections).collect();
    let is_current = outputs.iter().any(|connection| matches!(connection.mode.as_deref(), Some("i" | "id")));
    let inputs: Vec<&Connection> = from.connections.iter().collect();
    let (Some(inputs), Some(outputs)) = (paired(c, &inputs), paired(c, &outputs)) else { return Err(unpaired(c)) };
    let [[p, n]] = *outputs else { return Err(unpaired(c)) };
    let mut y = Calculation::default();
    let mut found: Option<Slot> = None;
    for [p, n] in inputs {
        let (p, n) = (y.unknown(p), y.unknown(n));
        let input = y.difference(p, n);
        found = Some(found.map_or(input, |other| join(&mut y, other, input)));
    }
    let Some(input) = found else { return Err(unpaired(c)) };
    let value = y.polygon(input, points);
    drive(c, Output { p, n, is_current }, y.finish(value));
    Ok(())
}

fn unpaired(c: &mut Construction) -> Reported {
    let message = format!("`{}` needs inputs and one output that are pairs of nodes", c.element.name);
    c.error(Diagnostic::error(message).at(c.element.span).hint(format!("write `{EXAMPLE}`")));
    Reported
}

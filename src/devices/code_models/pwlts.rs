//! Curve of straight lines over time.
//!
//! ```text
//! A1 out P1
//! .model P1 pwlts(x_array=[0 1m 2m] y_array=[0 1 0] input_domain=0.01 fraction=true limit=false)
//! out = y(t)
//! ```
//! As [`pwl`](pwl.md) with the time as its input; at the operating point the time is 0. Source: ngspice-39 manual, chapter 8.

use super::CONNECTIONS;
use super::calculation::Calculation;
use super::card::Card;
use super::connections::{drive, output, ports};
use super::pwl;
use crate::devices::construct::Construction;
use crate::devices::page::{ModelTable, Page};
use crate::devices::parameters::{NamedParameter, Unknowns};
use crate::head_of_file;

/// Vectors of the model card.
const VECTORS: &[NamedParameter] = &[
    NamedParameter::new(&["x_array"], "s", "", "Times of the points, rising"),
    NamedParameter::new(&["y_array"], "", "", "Outputs of the points"),
];

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[head_of_file!("pwlts.rs"), CONNECTIONS],
    models: &[ModelTable { title: "pwlts", numbers: pwl::Parameters::TABLE, others: VECTORS }],
    ngspice: &["pwlts"],
    ..Page::new("pwlts", "Curve over time", "A1 out MODEL")
};

pub fn construct(mut c: Construction) {
    let Some(card) = Card::of(&mut c, VECTORS) else { return };
    let parameters = pwl::Parameters::read(&card.numbers, Unknowns::Warn, &card.owner, c.diagnostics);
    let points = pwl::points(&mut c, &card, ["x_array", "y_array"]);
    let Ok([to]) = ports(&mut c, ["out"], "A1 out P1") else { return };
    let Ok(to) = output(&mut c, to, "out") else { return };
    if let Some([x, y]) = points {
        let mut calculation = Calculation::default();
        let time = calculation.time();
        let value = pwl::curve(&mut calculation, time, [&x, &y], &parameters);
        drive(&mut c, to, calculation.finish(value));
    }
}

//! Piecewise linear source: a curve of straight lines with smoothed corners.
//!
//! ```text
//! A1 in out P1
//! .model P1 pwl(x_array=[-1 0 1] y_array=[0 0 1] input_domain=0.01 fraction=true limit=false)
//! ```
//! `input_domain` is the half width of the parabola at each inner corner, with `fraction` as a part of the shorter of the two
//! segments there. Beyond the ends the first and the last line go on, with `limit` the first and the last value. Source: ngspice-39 manual, section
//! 8.2.9.

use super::CONNECTIONS;
use super::calculation::Calculation;
use super::card::Card;
use super::connections::{drive, input, output, ports};
use crate::devices::behavioural::Slot;
use crate::devices::construct::Construction;
use crate::devices::page::{ModelTable, Page};
use crate::devices::parameters::{NamedParameter, Unknowns};
use crate::head_of_file;
use crate::parameters;

parameters! {
    /// Model card, beside the vectors `x_array` and `y_array`.
    pub struct Parameters {
        domain: ["input_domain"], "", 0.01, "Half width of the smoothing at corners";
        fraction: ["fraction"], "", 1.0, "1: the smoothing is a part of the shorter segment";
        limit: ["limit"], "", 0.0, "1: constant beyond the ends";
    }
}

/// Vectors of the model card.
pub const VECTORS: &[NamedParameter] = &[
    NamedParameter::new(&["x_array"], "", "", "Inputs of the points, rising"),
    NamedParameter::new(&["y_array"], "", "", "Outputs of the points"),
];

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[head_of_file!("pwl.rs"), CONNECTIONS],
    models: &[ModelTable { title: "pwl", numbers: Parameters::TABLE, others: VECTORS }],
    ngspice: &["pwl"],
    ..Page::new("pwl", "Curve of straight lines", "A1 in out MODEL")
};

pub fn construct(mut c: Construction) {
    let Some(card) = Card::of(&mut c, VECTORS) else { return };
    let parameters = Parameters::read(&card.numbers, Unknowns::Warn, &card.owner, c.diagnostics);
    let points = points(&mut c, &card, ["x_array", "y_array"]);
    let mut calculation = Calculation::default();
    let Ok([from, to]) = ports(&mut c, ["in", "out"], "A1 in out P1") else { return };
    let (Ok(measured), Ok(to)) = (input(&mut c, from, "in", &mut calculation), output(&mut c, to, "out")) else {
        return;
    };
    if let Some([x, y]) = points {
        let value = curve(&mut calculation, measured, [&x, &y], &parameters);
        drive(&mut c, to, calculation.finish(value));
    }
}

/// Abscissae, rising, and ordinates of a curve, as many; None after an error.
pub(super) fn points(c: &mut Construction, card: &Card, names: [&str; 2]) -> Option<[Vec<f64>; 2]> {
    let (x, y) = (card.vector(c, names[0])?, card.vector(c, names[1])?);
    let rising = x.windows(2).all(|pair| pair[0] < pair[1]);
    let as_many = format!("must have as many values as `{}`", names[0]);
    let valid = card.demand(
        c,
        &[
            (names[0], x.len() >= 2, "needs at least two values"),
            (names[0], rising, "must rise from value to value"),
            (names[1], x.len() == y.len(), &as_many),
        ],
    );
    valid.then_some([x, y])
}

/// y(x): the first line, and at every corner the change of slope.
pub(super) fn curve(calculation: &mut Calculation, input: Slot, [x, y]: [&[f64]; 2], parameters: &Parameters) -> Slot {
    let segments: Vec<f64> = x.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let rises = y.windows(2).map(|pair| pair[1] - pair[0]);
    let slopes: Vec<f64> = rises.zip(&segments).map(|(rise, segment)| rise / segment).collect();
    let limit = parameters.limit != 0.0;
    let first = if limit { 0.0 } else { slopes[0] };
    let line = calculation.scaled(input, -x[0], first);
    let mut total = calculation.scaled(line, y[0], 1.0);
    let mut bend = |calculation: &mut Calculation, at: f64, domain: f64, change: f64| {
        let ramp = calculation.ramp(input, at, domain);
        let term = calculation.scaled(ramp, 0.0, change);
        total = calculation.sum(total, term);
    };
    if limit {
        bend(calculation, x[0], 0.0, slopes[0]);
    }
    for index in 1..x.len() - 1 {
        let shorter = segments[index - 1].min(segments[index]);
        let domain = if parameters.fraction != 0.0 { parameters.domain * shorter } else { parameters.domain };
        bend(calculation, x[index], domain, slopes[index] - slopes[index - 1]);
    }
    if limit {
        bend(calculation, x[x.len() - 1], 0.0, -slopes[slopes.len() - 1]);
    }
    total
}

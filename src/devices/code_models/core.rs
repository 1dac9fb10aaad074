//! Magnetic core, in a circuit whose voltages are magnetomotive forces in A and whose currents are fluxes in Wb.
//!
//! ```text
//! A1 (m+ m-) C1
//! .model C1 core(h_array=[-1000 -100 100 1000] b_array=[-1.1 -1 1 1.1] area=1e-4 length=0.1)
//! Φ = area·B((v(m+) − v(m-))/length)
//! .model C2 core(mode=2 in_low=-1 in_high=1 hyst=0.5 out_lower_limit=-1m out_upper_limit=1m)
//! Φ = y(v(m+) − v(m-)),   y as of a hysteresis block
//! ```
//! Mode 1: B goes through the points as [`pwl`](pwl.md) does, with `input_domain` and `fraction` for its corners, and on beyond the ends. Mode 2: the
//! lines of [`hyst`](hyst.md), which know no area nor length. Windings are [`lcouple`](lcouple.md). Source: ngspice-39 manual, chapter 8, Magnetic
//! Core, and what ngspice does.

use super::CONNECTIONS;
use super::calculation::Calculation;
use super::card::Card;
use super::connections::{Output, pairs};
use super::{hyst, pwl};
use crate::devices::assembly::Unknown;
use crate::devices::behavioural::{Behavioural, Part, Slot};
use crate::devices::construct::Construction;
use crate::devices::page::{ModelTable, Page};
use crate::devices::parameters::{NamedParameter, Unknowns};
use crate::head_of_file;
use crate::parameters;

parameters! {
    /// Model card, beside the vectors `h_array` and `b_array`.
    pub struct Parameters {
        area: ["area"], "m²", f64::NAN, "Cross section";
        length: ["length"], "m", f64::NAN, "Length of the magnetic path";
        domain: ["input_domain"], "", 0.01, "Half width of the smoothing at corners";
        fraction: ["fraction"], "", 1.0, "1: the smoothing is a part of the shorter segment";
        mode: ["mode"], "", 1.0, "1: a curve, 2: hysteresis";
        #[allow(dead_code, reason = "read as the parameters of `hyst`")]
        low: ["in_low"], "A", 0.0, "Mode 2: force at the lower end";
        #[allow(dead_code, reason = "read as the parameters of `hyst`")]
        high: ["in_high"], "A", 1.0, "Mode 2: force at the upper end";
        #[allow(dead_code, reason = "read as the parameters of `hyst`")]
        hysteresis: ["hyst"], "A", 0.1, "Mode 2: distance of both lines from their middle";
        #[allow(dead_code, reason = "read as the parameters of `hyst`")]
        lower: ["out_lower_limit"], "Wb", 0.0, "Mode 2: least flux";
        #[allow(dead_code, reason = "read as the parameters of `hyst`")]
        upper: ["out_upper_limit"], "Wb", 1.0, "Mode 2: largest flux";
    }
}

/// Vectors of the model card.
const VECTORS: &[NamedParameter] = &[
    NamedParameter::new(&["h_array"], "A/m", "", "Fields of the points, rising"),
    NamedParameter::new(&["b_array"], "T", "", "Flux densities of the points"),
];

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[head_of_file!("core.rs"), CONNECTIONS],
    models: &[ModelTable { title: "core", numbers: Parameters::TABLE, others: VECTORS }],
    ngspice: &["core"],
    ..Page::new("core", "Magnetic core (code model)", "A1 (m+ m-) MODEL")
};

pub fn construct(mut c: Construction) {
    let Some(card) = Card::of(&mut c, VECTORS) else { return };
    let parameters = Parameters::read(&card.numbers, Unknowns::Warn, &card.owner, c.diagnostics);
    let Ok([[p, n]]) = pairs(&mut c, ["mc"], "A1 (m+ m-) C1") else { return };
    let mut y = Calculation::default();
    let (high, low) = (y.unknown(p), y.unknown(n));
    let force = y.difference(high, low);
    if parameters.mode == 2.0 {
        let of_hysteresis = hyst::Parameters::read(&card.numbers, Unknowns::Ignore, &card.owner, c.diagnostics);
        return hyst::place(&mut c, &card, of_hysteresis, y.finish(force), Output { p, n, is_current: true });
    }
    let valid = card.demand(
        &mut c,
        &[
            ("mode", parameters.mode == 1.0, "must be 1 or 2"),
            ("area", parameters.area > 0.0, "must be given, and positive"),
            ("length", parameters.length > 0.0, "must be given, and positive"),
        ],
    );
    let Some([field, density]) = pwl::points(&mut c, &card, ["h_array", "b_array"]).filter(|_| valid) else { return };
    place(&mut c, y, force, [&field, &density], &parameters, [p, n]);
}

fn place(
    c: &mut Construction,
    mut y: Calculation,
    force: Slot,
    points: [&[f64]; 2],
    p: &Parameters,
    [positive, negative]: [Unknown; 2],
) {
    let field = y.scaled(force, 0.0, 1.0 / p.length);
    let corners = pwl::Parameters { domain: p.domain, fraction: p.fraction, ..pwl::Parameters::defaults() };
    let density = pwl::curve(&mut y, field, points, &corners);
    let flux = y.scaled(density, 0.0, p.area);
    let device = Behavioural::current(y.finish(flux), positive, negative, c.multiplier(), Part::Resistive);
    c.assembly.add_behavioural(Some(c.id), device);
}

//! Limiter: a gain whose output stays within two limits.
//!
//! ```text
//! A1 in out L1
//! .model L1 limit(in_offset=0 gain=1 out_lower_limit=-1 out_upper_limit=1 limit_range=1e-6 fraction=false)
//! out = gain·(in + in_offset), within the limits; parabolas of half width limit_range at both
//! ```
//! With `fraction` the range is a part of the distance of the limits. Source: ngspice-39 manual, section 8.2.5.

use super::CONNECTIONS;
use super::calculation::Calculation;
use super::card::Card;
use super::connections::{drive, input, output, ports};
use crate::devices::construct::Construction;
use crate::devices::page::{ModelTable, Page};
use crate::devices::parameters::Unknowns;
use crate::head_of_file;
use crate::parameters;
use crate::reference::Status;

parameters! {
    /// Limiter model card.
    pub struct Parameters {
        in_offset: ["in_offset"], "", 0.0, "Added to the input";
        gain: ["gain"], "", 1.0, "Factor";
        lower: ["out_lower_limit"], "", f64::NEG_INFINITY, "Least output (default: none)";
        upper: ["out_upper_limit"], "", f64::INFINITY, "Largest output (default: none)";
        range: ["limit_range"], "", 1e-6, "Half width of the smoothing at the limits";
        fraction: ["fraction"], "", 0.0, "1: the smoothing is a part of the distance of the limits";
    }
}

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[head_of_file!("limit.rs"), CONNECTIONS],
    models: &[ModelTable { title: "limit", numbers: Parameters::TABLE, others: &[] }],
    status: Status::Differs("limits that are not given are none, where ngspice demands them"),
    ngspice: &["limit"],
    ..Page::new("limit", "Limiter", "A1 in out MODEL")
};

pub fn construct(mut c: Construction) {
    let Some(card) = Card::of(&mut c, &[]) else { return };
    let p = Parameters::read(&card.numbers, Unknowns::Warn, &card.owner, c.diagnostics);
    if !card.demand(&mut c, &[("out_upper_limit", p.lower < p.upper, "must be above `out_lower_limit`")]) {
        return;
    }
    let mut y = Calculation::default();
    let Ok([from, to]) = ports(&mut c, ["in", "out"], "A1 in out L1") else { return };
    let (Ok(x), Ok(to)) = (input(&mut c, from, "in", &mut y), output(&mut c, to, "out")) else { return };
    let range = if p.fraction != 0.0 { p.range * (p.upper - p.lower) } else { p.range };
    let amplified = y.scaled(x, p.in_offset, p.gain);
    let value = y.limited(amplified, [p.lower, p.upper], range);
    drive(&mut c, to, y.finish(value));
}

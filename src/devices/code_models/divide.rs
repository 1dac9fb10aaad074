//! Divider: the quotient of two inputs, whose denominator does not come near 0.
//!
//! ```text
//! A1 num den out D1
//! .model D1 divide(num_offset=0 num_gain=1 den_offset=0 den_gain=1 den_lower_limit=1e-10 den_domain=1e-16 fraction=false
//! + out_gain=1 out_offset=0)
//! out = out_gain·n/d' + out_offset,   n = num_gain·(num + num_offset),   d = den_gain·(den + den_offset)
//! d' = ±(den_lower_limit + ramp(|d| − den_lower_limit))      with the sign of d
//! ```
//! `den_domain` is the half width of the smoothed corner, with `fraction` as a part of the limit. Source: ngspice-39 manual,
//! section 8.2.4. (There the corner below 0 is smoothed with the slopes of the one above, which makes the output jump.)

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
    /// Divider model card.
    pub struct Parameters {
        num_offset: ["num_offset"], "", 0.0, "Added to the numerator";
        num_gain: ["num_gain"], "", 1.0, "Factor on the numerator";
        den_offset: ["den_offset"], "", 0.0, "Added to the denominator";
        den_gain: ["den_gain"], "", 1.0, "Factor on the denominator";
        den_lower_limit: ["den_lower_limit"], "", 1e-10, "Least magnitude of the denominator";
        den_domain: ["den_domain"], "", 1e-16, "Half width of the smoothing at the limit";
        fraction: ["fraction"], "", 0.0, "1: the smoothing is a part of the limit";
        out_gain: ["out_gain"], "", 1.0, "Factor on the quotient";
        out_offset: ["out_offset"], "", 0.0, "Added to the output";
    }
}

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[head_of_file!("divide.rs"), CONNECTIONS],
    models: &[ModelTable { title: "divide", numbers: Parameters::TABLE, others: &[] }],
    status: Status::Differs(
        "the corner of a negative denominator is smoothed like the one of a positive, where ngspice's output jumps",
    ),
    ngspice: &["divide"],
    ..Page::new("divide", "Divider", "A1 num den out MODEL")
};

pub fn construct(mut c: Construction) {
    let Some(card) = Card::of(&mut c, &[]) else { return };
    let p = Parameters::read(&card.numbers, Unknowns::Warn, &card.owner, c.diagnostics);
    if !card.demand(&mut c, &[("den_lower_limit", p.den_lower_limit > 0.0, "must be positive")]) {
        return;
    }
    let mut y = Calculation::default();
    let Ok([num, den, to]) = ports(&mut c, ["num", "den", "out"], "A1 num den out D1") else { return };
    let (Ok(num), Ok(den)) = (input(&mut c, num, "num", &mut y), input(&mut c, den, "den", &mut y)) else { return };
    let Ok(to) = output(&mut c, to, "out") else { return };
    let numerator = y.scaled(num, p.num_offset, p.num_gain);
    let denominator = y.scaled(den, p.den_offset, p.den_gain);
    let domain = if p.fraction != 0.0 { p.den_domain * p.den_lower_limit } else { p.den_domain };
    let limits = [p.den_lower_limit, f64::INFINITY];
    let (zero, opposite) = (y.constant(0.0), y.negative(denominator));
    let above = y.limited(denominator, limits, domain);
    let below = y.limited(opposite, limits, domain);
    let below = y.negative(below);
    let limited = y.where_less(denominator, zero, below, above);
    let quotient = y.quotient(numerator, limited);
    let amplified = y.scaled(quotient, 0.0, p.out_gain);
    let value = y.scaled(amplified, p.out_offset, 1.0);
    drive(&mut c, to, y.finish(value));
}

//! Controlled limiter: a gain whose output stays within limits that two more inputs set.
//!
//! ```text
//! A1 in cntl_upper cntl_lower out L1
//! .model L1 climit(in_offset=0 gain=1 upper_delta=0 lower_delta=0 limit_range=1e-6 fraction=false)
//! upper = cntl_upper − upper_delta,   lower = cntl_lower + lower_delta
//! out = gain·(in + in_offset), within the limits; parabolas of half width limit_range at both
//! ```
//! With `fraction` the range is a part of the distance of the limits. Source: ngspice-39 manual, section 8.2.6.

use super::CONNECTIONS;
use super::calculation::Calculation;
use super::card::Card;
use super::connections::{drive, input, output, ports};
use crate::devices::construct::Construction;
use crate::devices::page::{ModelTable, Page};
use crate::devices::parameters::Unknowns;
use crate::head_of_file;
use crate::parameters;

parameters! {
    /// Controlled limiter model card.
    pub struct Parameters {
        in_offset: ["in_offset"], "", 0.0, "Added to the input";
        gain: ["gain"], "", 1.0, "Factor";
        upper_delta: ["upper_delta"], "", 0.0, "How far the upper limit is below `cntl_upper`";
        lower_delta: ["lower_delta"], "", 0.0, "How far the lower limit is above `cntl_lower`";
        range: ["limit_range"], "", 1e-6, "Half width of the smoothing at the limits";
        fraction: ["fraction"], "", 0.0, "1: the smoothing is a part of the distance of the limits";
    }
}

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[head_of_file!("climit.rs"), CONNECTIONS],
    models: &[ModelTable { title: "climit", numbers: Parameters::TABLE, others: &[] }],
    ngspice: &["climit"],
    ..Page::new("climit", "Controlled limiter", "A1 in cntl_upper cntl_lower out MODEL")
};

pub fn construct(mut c: Construction) {
    let Some(card) = Card::of(&mut c, &[]) else { return };
    let p = Parameters::read(&card.numbers, Unknowns::Warn, &card.owner, c.diagnostics);
    if !card.demand(&mut c, &[("limit_range", p.range >= 0.0, "must not be negative")]) {
        return;
    }
    let mut y = Calculation::default();
    let names = ["in", "cntl_upper", "cntl_lower", "out"];
    let Ok([from, upper, lower, to]) = ports(&mut c, names, "A1 in upper lower out L1") else { return };
    let Ok(x) = input(&mut c, from, names[0], &mut y) else { return };
    let Ok(upper) = input(&mut c, upper, names[1], &mut y) else { return };
    let Ok(lower) = input(&mut c, lower, names[2], &mut y) else { return };
    let Ok(to) = output(&mut c, to, names[3]) else { return };
    let upper = y.scaled(upper, -p.upper_delta, 1.0);
    let lower = y.scaled(lower, p.lower_delta, 1.0);
    let amplified = y.scaled(x, p.in_offset, p.gain);
    let domain = if p.fraction != 0.0 {
        let distance = y.difference(upper, lower);
        y.scaled(distance, 0.0, p.range)
    } else {
        y.constant(p.range)
    };
    let (above_lower, above_upper) = (y.difference(amplified, lower), y.difference(amplified, upper));
    let (rise, excess) = (y.ramp_over(above_lower, domain), y.ramp_over(above_upper, domain));
    let risen = y.sum(lower, rise);
    let value = y.difference(risen, excess);
    drive(&mut c, to, y.finish(value));
}

//! Differentiator.
//!
//! ```text
//! A1 in out D1
//! .model D1 d_dt(gain=1 out_offset=0 out_lower_limit=-1 out_upper_limit=1 limit_range=1e-6)
//! out = gain·d(in)/dt + out_offset, within the limits
//! ```
//! Source: ngspice-39 manual, section 8.2.14. XSPICE leaves `out_offset` out at the operating point; here it is always there.

use super::CONNECTIONS;
use super::calculation::Calculation;
use super::card::Card;
use super::connections::{drive, input, output, ports};
use crate::devices::behavioural::Behavioural;
use crate::devices::construct::Construction;
use crate::devices::page::{ModelTable, Page};
use crate::devices::parameters::Unknowns;
use crate::head_of_file;
use crate::parameters;
use crate::reference::Status;

parameters! {
    /// Differentiator model card.
    pub struct Parameters {
        gain: ["gain"], "s", 1.0, "Factor";
        out_offset: ["out_offset"], "", 0.0, "Added to the output";
        lower: ["out_lower_limit"], "", f64::NEG_INFINITY, "Least output (default: none)";
        upper: ["out_upper_limit"], "", f64::INFINITY, "Largest output (default: none)";
        range: ["limit_range"], "", 1e-6, "Half width of the smoothing at the limits";
    }
}

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[head_of_file!("d_dt.rs"), CONNECTIONS],
    models: &[ModelTable { title: "d_dt", numbers: Parameters::TABLE, others: &[] }],
    status: Status::Differs("`out_offset` is there at the operating point too; limits that are not given are none"),
    ngspice: &["d_dt"],
    ..Page::new("d_dt", "Differentiator", "A1 in out MODEL")
};

pub fn construct(mut c: Construction) {
    let Some(card) = Card::of(&mut c, &[]) else { return };
    let p = Parameters::read(&card.numbers, Unknowns::Warn, &card.owner, c.diagnostics);
    if !card.demand(&mut c, &[("out_upper_limit", p.lower < p.upper, "must be above `out_lower_limit`")]) {
        return;
    }
    let mut x = Calculation::default();
    let Ok([from, to]) = ports(&mut c, ["in", "out"], "A1 in out D1") else { return };
    let (Ok(measured), Ok(to)) = (input(&mut c, from, "in", &mut x), output(&mut c, to, "out")) else { return };
    let amplified = x.scaled(measured, 0.0, p.gain);
    let rate = c.assembly.internal_node(c.id, "rate");
    c.assembly.add_behavioural(None, Behavioural::derivative(x.finish(amplified), rate));
    let mut y = Calculation::default();
    let rate = y.unknown(rate);
    let shifted = y.scaled(rate, p.out_offset, 1.0);
    let value = y.limited(shifted, [p.lower, p.upper], p.range);
    drive(&mut c, to, y.finish(value));
}

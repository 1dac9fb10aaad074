//! Current limiter: an amplifier with an output resistance, whose current its supplies bear and which has a limit.
//!
//! ```text
//! A1 in pos neg out L1        pos and neg: %g, or null
//! .model L1 ilimit(in_offset=0 gain=1 r_out_source=1 r_out_sink=1 i_limit_source=10m i_limit_sink=10m v_pwr_range=1u
//! + i_source_range=1n i_sink_range=1n r_out_domain=1n)
//! veq = gain·(in + in_offset), within v(neg) … v(pos)
//! i = (veq − v(out))/r_out, within −i_limit_sink … i_limit_source
//! r_out = r_out_source where veq > v(out), r_out_sink where it is below
//! ```
//! i leaves the output; ramp(i) comes from `pos`, and ramp(−i) goes into `neg`, so that with equal ranges all current is accounted for
//! (XSPICE loses a range of it). Corners are smoothed by parabolas
//! of the half widths that end in `range`, and r_out changes on a cubic within ±r_out_domain. Source: ngspice-39 manual, section 8.2.10.

use super::CONNECTIONS;
use super::calculation::Calculation;
use super::card::Card;
use super::connections::{Reported, conductance, input, ports};
use crate::devices::assembly::Unknown;
use crate::devices::behavioural::{Behavioural, Part, Slot};
use crate::devices::construct::Construction;
use crate::devices::page::{ModelTable, Page};
use crate::devices::parameters::Unknowns;
use crate::head_of_file;
use crate::parameters;
use crate::reference::Status;

parameters! {
    /// Current limiter model card.
    pub struct Parameters {
        in_offset: ["in_offset"], "V", 0.0, "Added to the input";
        gain: ["gain"], "", 1.0, "Factor";
        source_resistance: ["r_out_source"], "Ω", 1.0, "Output resistance while the output sources current";
        sink_resistance: ["r_out_sink"], "Ω", 1.0, "Output resistance while the output sinks current";
        source_limit: ["i_limit_source"], "A", 10e-3, "Largest current that the output sources";
        sink_limit: ["i_limit_sink"], "A", 10e-3, "Largest current that the output sinks";
        power_range: ["v_pwr_range"], "V", 1e-6, "Half width of the smoothing at the supplies";
        source_range: ["i_source_range"], "A", 1e-9, "Half width of the smoothing of sourced currents";
        sink_range: ["i_sink_range"], "A", 1e-9, "Half width of the smoothing of sunk currents";
        resistance_domain: ["r_out_domain"], "V", 1e-9, "Half width of the change of the output resistance";
    }
}

/// V: what supplies that are not connected count as.
const NO_SUPPLY: f64 = 1e6;

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[head_of_file!("ilimit.rs"), CONNECTIONS],
    models: &[ModelTable { title: "ilimit", numbers: Parameters::TABLE, others: &[] }],
    status: Status::Differs("all of the output's current comes from the supplies, where XSPICE loses a range of it"),
    ngspice: &["ilimit"],
    ..Page::new("ilimit", "Current limiter", "A1 in pos neg out MODEL")
};

pub fn construct(mut c: Construction) {
    let Some(card) = Card::of(&mut c, &[]) else { return };
    let p = Parameters::read(&card.numbers, Unknowns::Warn, &card.owner, c.diagnostics);
    let valid = card.demand(
        &mut c,
        &[
            ("r_out_source", p.source_resistance > 0.0, "must be positive"),
            ("r_out_sink", p.sink_resistance > 0.0, "must be positive"),
            ("i_limit_source", p.source_limit >= 0.0, "must not be negative"),
            ("i_limit_sink", p.sink_limit >= 0.0, "must not be negative"),
        ],
    );
    // What is wrong has been reported.
    if valid {
        let _ = place(&mut c, &p);
    }
}

fn place(c: &mut Construction, p: &Parameters) -> Result<(), Reported> {
    let [from, positive, negative, to] = ports(c, ["in", "pos_pwr", "neg_pwr", "out"], "A1 in pos neg out L1")?;
    let mut y = Calculation::default();
    let measured = input(c, from, "in", &mut y)?;
    let positive = conductance(c, positive, "pos_pwr", true)?;
    let negative = conductance(c, negative, "neg_pwr", true)?;
    let Some(to) = conductance(c, to, "out", false)? else { return Err(Reported) };
    let amplified = y.scaled(measured, p.in_offset, p.gain);
    let above = supply(&mut y, positive, NO_SUPPLY);
    let below = supply(&mut y, negative, -NO_SUPPLY);
    let raised = smooth_larger(&mut y, amplified, below, p.power_range);
    let kept = smooth_smaller(&mut y, raised, above, p.power_range);
    let out = voltage(&mut y, to);
    let drop = y.difference(kept, out);
    let resistance = resistance(&mut y, drop, p);
    let wanted = y.quotient(drop, resistance);
    let sourced = y.limited(wanted, [f64::NEG_INFINITY, p.source_limit], p.source_range);
    let current = y.limited(sourced, [-p.sink_limit, f64::INFINITY], p.sink_range);
    let value = c.assembly.internal_node(c.id, "current");
    c.assembly.add_behavioural(None, Behavioural::equal(y.finish(current), value));
    carry(c, value, to, |_, current| current);
    if let Some(positive) = positive {
        carry(c, value, positive, |y, current| {
            let share = y.ramp(current, 0.0, p.source_range);
            y.negative(share)
        });
    }
    if let Some(negative) = negative {
        carry(c, value, negative, |y, current| {
            let opposite = y.negative(current);
            y.ramp(opposite, 0.0, p.sink_range)
        });
    }
    Ok(())
}

/// A current source that drives `share(value)` out of its first node.
fn carry(c: &mut Construction, value: Unknown, [p, n]: [Unknown; 2], share: impl Fn(&mut Calculation, Slot) -> Slot) {
    let mut y = Calculation::default();
    let current = y.unknown(value);
    let shared = share(&mut y, current);
    let into = y.negative(shared);
    let device = Behavioural::current(y.finish(into), p, n, c.multiplier(), Part::Resistive);
    c.assembly.add_behavioural(Some(c.id), device);
}

fn voltage(y: &mut Calculation, [p, n]: [Unknown; 2]) -> Slot {
    let (p, n) = (y.unknown(p), y.unknown(n));
    y.difference(p, n)
}

fn supply(y: &mut Calculation, port: Option<[Unknown; 2]>, missing: f64) -> Slot {
    match port {
        Some(port) => voltage(y, port),
        None => y.constant(missing),
    }
}

/// b + ramp(a − b)
fn smooth_larger(y: &mut Calculation, a: Slot, b: Slot, range: f64) -> Slot {
    let difference = y.difference(a, b);
    let ramp = y.ramp(difference, 0.0, range);
    y.sum(b, ramp)
}

/// a − ramp(a − b)
fn smooth_smaller(y: &mut Calculation, a: Slot, b: Slot, range: f64) -> Slot {
    let difference = y.difference(a, b);
    let ramp = y.ramp(difference, 0.0, range);
    y.difference(a, ramp)
}

/// From the one to the other on 3·s² − 2·s³ while the voltage across it goes from −r_out_domain to r_out_domain.
fn resistance(y: &mut Calculation, drop: Slot, p: &Parameters) -> Slot {
    if p.source_resistance == p.sink_resistance {
        return y.constant(p.source_resistance);
    }
    let domain = p.resistance_domain.max(f64::MIN_POSITIVE);
    let share = y.scaled(drop, domain, 1.0 / (2.0 * domain));
    let s = y.limited(share, [0.0, 1.0], 0.0);
    let opposite = y.negative(s);
    let rest = y.scaled(opposite, 1.5, 2.0);
    let square = y.product(s, s);
    let weight = y.product(square, rest);
    y.scaled(
        weight,
        p.sink_resistance / (p.source_resistance - p.sink_resistance),
        p.source_resistance - p.sink_resistance,
    )
}

//! Simple diode: straight lines with rounded corners.
//!
//! ```text
//! A1 (anode cathode) D1
//! .model D1 sidiode(ron=1 roff=1 vfwd=0 vrev=1e30 rrev=… ilimit=… revilimit=… epsilon=0 revepsilon=0)
//! off:        i = v/roff
//! v > vfwd:   the slope becomes 1/ron, linearly within epsilon above vfwd
//! beyond va = vfwd + epsilon, with ia = i(va):   i = ia + (ilimit − ia)·tanh((v − va)/(ron·ilimit)), if there is an ilimit
//! v < −vrev:  the same with rrev (default: ron), revepsilon and revilimit
//! ```
//! It has no charge and no noise. Source: ngspice-39 manual, chapter 8, Simple Diode Model, and the curves that ngspice draws.

use super::CONNECTIONS;
use super::card::Card;
use super::connections::{Reported, pairs};
use crate::devices::construct::Construction;
use crate::devices::device::{Contribution, Device, Environment, QuantityInfo};
use crate::devices::page::{ModelTable, Page};
use crate::devices::parameters::Unknowns;
use crate::head_of_file;
use crate::numerics::scalar::Scalar;
use crate::parameters;

parameters! {
    /// Simple diode model card.
    pub struct Parameters {
        on: ["ron"], "Ω", 1.0, "Resistance when on";
        off: ["roff"], "Ω", 1.0, "Resistance when off";
        forward: ["vfwd"], "V", 0.0, "Forward voltage from which on it conducts";
        reverse: ["vrev"], "V", f64::INFINITY, "Reverse breakdown voltage";
        limit: ["ilimit"], "A", f64::INFINITY, "Limit of the forward current";
        reverse_limit: ["revilimit"], "A", f64::INFINITY, "Limit of the reverse current";
        epsilon: ["epsilon"], "V", 0.0, "Width of the transition above vfwd";
        reverse_epsilon: ["revepsilon"], "V", 0.0, "Width of the transition below −vrev";
        reverse_resistance: ["rrev"], "Ω", f64::NAN, "Resistance in breakdown (default: ron)";
    }
}

/// One direction of conduction.
#[derive(Debug, Clone, Copy)]
struct Branch {
    /// V
    threshold: f64,
    epsilon: f64,
    /// S
    conductance: f64,
    /// A
    limit: f64,
}

/// Unknowns: anode, cathode.
struct SimpleDiode {
    /// S
    off: f64,
    forward: Branch,
    reverse: Branch,
    multiplier: f64,
}

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[head_of_file!("sidiode.rs"), CONNECTIONS],
    models: &[ModelTable { title: "sidiode", numbers: Parameters::TABLE, others: &[] }],
    quantities: <SimpleDiode as Device<2>>::QUANTITIES,
    ngspice: &["sidiode"],
    ..Page::new("sidiode", "Simple diode", "A1 (anode cathode) MODEL")
};

pub fn construct(mut c: Construction) {
    let Some(card) = Card::of(&mut c, &[]) else { return };
    let mut p = Parameters::read(&card.numbers, Unknowns::Warn, &card.owner, c.diagnostics);
    if p.reverse_resistance.is_nan() {
        p.reverse_resistance = p.on;
    }
    let valid = card.demand(
        &mut c,
        &[
            ("ron", p.on > 0.0, "must be positive"),
            ("roff", p.off > 0.0, "must be positive"),
            ("rrev", p.reverse_resistance > 0.0, "must be positive"),
            ("vfwd", p.forward >= 0.0, "must not be negative"),
            ("vrev", p.reverse >= 0.0, "must not be negative"),
            ("ilimit", p.limit > 0.0, "must be positive"),
            ("revilimit", p.reverse_limit > 0.0, "must be positive"),
            ("epsilon", p.epsilon >= 0.0, "must not be negative"),
            ("revepsilon", p.reverse_epsilon >= 0.0, "must not be negative"),
        ],
    );
    if valid {
        // What is wrong has been reported.
        let _ = place(&mut c, &p);
    }
}

fn place(c: &mut Construction, p: &Parameters) -> Result<(), Reported> {
    let [nodes] = pairs(c, ["ds"], "A1 (anode cathode) D1")?;
    let branch = |threshold, epsilon, resistance: f64, limit| Branch {
        threshold,
        epsilon,
        conductance: 1.0 / resistance,
        limit,
    };
    let device = SimpleDiode {
        off: 1.0 / p.off,
        forward: branch(p.forward, p.epsilon, p.on, p.limit),
        reverse: branch(p.reverse, p.reverse_epsilon, p.reverse_resistance, p.reverse_limit),
        multiplier: c.multiplier(),
    };
    c.assembly.add(c.id, device, nodes);
    Ok(())
}

impl Branch {
    /// The current at `v` from the threshold on, with the slope `off` up to it.
    fn current<S: Scalar>(&self, v: S, off: f64) -> S {
        let beyond = v - self.threshold;
        let bend = self.conductance - off;
        if beyond.value() < self.epsilon {
            return beyond * beyond * (0.5 * bend / self.epsilon) + v * off;
        }
        let end = (self.threshold + self.epsilon) * off + 0.5 * bend * self.epsilon;
        let more = (beyond - self.epsilon) * self.conductance;
        if self.limit == f64::INFINITY {
            return more + end;
        }
        (more * (1.0 / self.limit)).tanh() * (self.limit - end) + end
    }
}

impl SimpleDiode {
    fn current<S: Scalar>(&self, v: S) -> S {
        let current = if v.value() > self.forward.threshold {
            self.forward.current(v, self.off)
        } else if v.value() < -self.reverse.threshold {
            -self.reverse.current(-v, self.off)
        } else {
            v * self.off
        };
        current * self.multiplier
    }
}

impl Device<2> for SimpleDiode {
    const QUANTITIES: &'static [QuantityInfo] = &[QuantityInfo::new("i", "A", "Current")];

    fn equations<S: Scalar>(&self, &[p, n]: &[S; 2], _environment: &Environment) -> Contribution<S, 2> {
        Contribution::branch(self.current(p - n), S::zero())
    }

    fn stores(&self) -> [bool; 2] {
        [false; 2]
    }

    fn quantity(&self, _index: usize, x: &[f64; 2], _environment: &Environment) -> f64 {
        self.current(x[0] - x[1])
    }
}

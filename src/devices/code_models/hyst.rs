//! Hysteresis: an output that rises along one line and falls along another.
//!
//! ```text
//! A1 in out H1
//! .model H1 hyst(in_low=0 in_high=1 hyst=0.1 out_lower_limit=0 out_upper_limit=1 input_domain=0.01 fraction=true)
//! rising:  from in_low + hyst (lower limit) to in_high + hyst (upper limit)
//! falling: from in_high − hyst (upper limit) to in_low − hyst (lower limit)
//! ```
//! The branch changes where the upper limit is reached while rising, and the lower one while falling; it is a discrete unknown whose
//! changes are located in time. `input_domain` is the half width of the smoothed corners, with `fraction` as a part of in_high − in_low.
//! Source: ngspice-39 manual, section 8.2.12.

use super::CONNECTIONS;
use super::calculation::Calculation;
use super::card::Card;
use super::connections::{Output, input, output, ports, value_unknown};
use crate::devices::behavioural::Program;
use crate::devices::construct::Construction;
use crate::devices::device::{Contribution, Device, Environment, QuantityInfo};
use crate::devices::page::{ModelTable, Page};
use crate::devices::parameters::Unknowns;
use crate::head_of_file;
use crate::numerics::scalar::Scalar;
use crate::parameters;

parameters! {
    /// Hysteresis model card.
    pub struct Parameters {
        low: ["in_low"], "", 0.0, "Input at the lower end, in the middle of both lines";
        high: ["in_high"], "", 1.0, "Input at the upper end, in the middle of both lines";
        hysteresis: ["hyst"], "", 0.1, "Distance of both lines from their middle";
        lower: ["out_lower_limit"], "", 0.0, "Least output";
        upper: ["out_upper_limit"], "", 1.0, "Largest output";
        domain: ["input_domain"], "", 0.01, "Half width of the smoothing at the corners";
        fraction: ["fraction"], "", 1.0, "1: the smoothing is a part of in_high − in_low";
    }
}

/// Unknowns: input, output nodes, branch current, branch of the hysteresis (0 rising, 1 falling).
struct Hysteresis {
    parameters: Parameters,
    is_current: bool,
    multiplier: f64,
}

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[head_of_file!("hyst.rs"), CONNECTIONS],
    models: &[ModelTable { title: "hyst", numbers: Parameters::TABLE, others: &[] }],
    quantities: <Hysteresis as Device<5>>::QUANTITIES,
    ngspice: &["hyst"],
    ..Page::new("hyst", "Hysteresis", "A1 in out MODEL")
};

pub fn construct(mut c: Construction) {
    let Some(card) = Card::of(&mut c, &[]) else { return };
    let p = Parameters::read(&card.numbers, Unknowns::Warn, &card.owner, c.diagnostics);
    let mut x = Calculation::default();
    let Ok([from, to]) = ports(&mut c, ["in", "out"], "A1 in out H1") else { return };
    let (Ok(measured), Ok(to)) = (input(&mut c, from, "in", &mut x), output(&mut c, to, "out")) else { return };
    place(&mut c, &card, p, x.finish(measured), to);
}

/// The hysteresis between what is `measured` and the output `to`.
pub(super) fn place(c: &mut Construction, card: &Card, mut p: Parameters, measured: Program, to: Output) {
    if p.fraction != 0.0 {
        p.domain *= p.high - p.low;
    }
    let valid = card.demand(
        c,
        &[
            ("in_high", p.high > p.low, "must be above `in_low`"),
            ("hyst", p.hysteresis >= 0.0, "must not be negative"),
            ("out_upper_limit", p.upper > p.lower, "must be above `out_lower_limit`"),
        ],
    );
    if !valid {
        return;
    }
    let measured = value_unknown(c, "input", measured);
    let Output { p: positive, n: negative, is_current } = to;
    let device = Hysteresis { parameters: p, is_current, multiplier: c.multiplier() };
    let branch = c.assembly.branch(c.id);
    let position = c.assembly.discrete(c.id, "branch", 0.0);
    c.assembly.add(c.id, device, [measured, positive, negative, branch, position]);
}

/// 0 below −d, x above d, a parabola between.
fn ramp<S: Scalar>(x: S, domain: f64) -> S {
    if x.value() <= -domain {
        S::zero()
    } else if x.value() >= domain {
        x
    } else {
        (x + domain) * (x + domain) * (1.0 / (4.0 * domain))
    }
}

impl Hysteresis {
    /// Inputs where the line of this branch begins and ends.
    fn ends(&self, falls: bool) -> [f64; 2] {
        let shift = if falls { -self.parameters.hysteresis } else { self.parameters.hysteresis };
        [self.parameters.low + shift, self.parameters.high + shift]
    }

    fn value<S: Scalar>(&self, x: S, falls: bool) -> S {
        let p = &self.parameters;
        let [low, high] = self.ends(falls);
        let slope = (p.upper - p.lower) / (high - low);
        (ramp(x - low, p.domain) - ramp(x - high, p.domain)) * slope + p.lower
    }
}

impl Device<5> for Hysteresis {
    const DISCRETE: Option<usize> = Some(4);
    const QUANTITIES: &'static [QuantityInfo] =
        &[QuantityInfo { name: "y", unit: "V or A", description: "Value of the output source" }];

    fn equations<S: Scalar>(&self, &[x, p, n, i, branch]: &[S; 5], _environment: &Environment) -> Contribution<S, 5> {
        let y = self.value(x, branch.value() > 0.5);
        let row = if self.is_current { i - y * self.multiplier } else { p - n - y };
        Contribution::resistive([S::zero(), i, -i, row, S::zero()])
    }

    fn stores(&self) -> [bool; 5] {
        [false; 5]
    }

    fn event(&self, x: &[f64; 5]) -> f64 {
        let domain = self.parameters.domain;
        let falls = x[4] > 0.5;
        let [low, high] = self.ends(falls);
        if falls { low - domain - x[0] } else { x[0] - high - domain }
    }

    fn after_event(&self, x: &[f64; 5]) -> f64 {
        1.0 - x[4].round()
    }

    fn quantity(&self, _index: usize, x: &[f64; 5], _environment: &Environment) -> f64 {
        self.value(x[0], x[4] > 0.5)
    }
}

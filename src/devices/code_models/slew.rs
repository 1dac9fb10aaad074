//! Slew rate: an output that follows its input no faster than two rates.
//!
//! ```text
//! A1 in out S1
//! .model S1 slew(rise_slope=1e9 fall_slope=1e9)
//! out(t) = in(t), but within out(t0) − fall_slope·(t − t0) … out(t0) + rise_slope·(t − t0)   since the last time point t0
//! ```
//! At the operating point and in small-signal analysis the output is the input. Source: ngspice-39 manual, section 8.2.11.

use super::CONNECTIONS;
use super::calculation::Calculation;
use super::card::Card;
use super::connections::{Output, input, output, ports, value_unknown};
use crate::devices::construct::Construction;
use crate::devices::device::{Contribution, Device, Environment, Moment, Occurrence, QuantityInfo};
use crate::devices::page::{ModelTable, Page};
use crate::devices::parameters::Unknowns;
use crate::head_of_file;
use crate::numerics::scalar::Scalar;
use crate::parameters;

parameters! {
    /// Slew rate model card.
    pub struct Parameters {
        rise: ["rise_slope"], "1/s", 1e9, "Largest rate upwards";
        fall: ["fall_slope"], "1/s", 1e9, "Largest rate downwards";
    }
}

/// Unknowns: input, output nodes, branch current.
struct Slew {
    parameters: Parameters,
    is_current: bool,
    multiplier: f64,
    /// Time and output of the last accepted point.
    last: Option<(f64, f64)>,
}

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[head_of_file!("slew.rs"), CONNECTIONS],
    models: &[ModelTable { title: "slew", numbers: Parameters::TABLE, others: &[] }],
    quantities: <Slew as Device<4>>::QUANTITIES,
    ngspice: &["slew"],
    ..Page::new("slew", "Slew rate", "A1 in out MODEL")
};

pub fn construct(mut c: Construction) {
    let Some(card) = Card::of(&mut c, &[]) else { return };
    let p = Parameters::read(&card.numbers, Unknowns::Warn, &card.owner, c.diagnostics);
    let valid = card.demand(
        &mut c,
        &[("rise_slope", p.rise > 0.0, "must be positive"), ("fall_slope", p.fall > 0.0, "must be positive")],
    );
    let mut x = Calculation::default();
    let Ok([from, to]) = ports(&mut c, ["in", "out"], "A1 in out S1") else { return };
    let (Ok(measured), Ok(to)) = (input(&mut c, from, "in", &mut x), output(&mut c, to, "out")) else { return };
    if !valid {
        return;
    }
    let measured = value_unknown(&mut c, "input", x.finish(measured));
    let Output { p: positive, n: negative, is_current } = to;
    let device = Slew { parameters: p, is_current, multiplier: c.multiplier(), last: None };
    let branch = c.assembly.branch(c.id);
    c.assembly.add(c.id, device, [measured, positive, negative, branch]);
}

impl Slew {
    fn value<S: Scalar>(&self, x: S, time: Option<f64>) -> S {
        let (Some((last_time, last)), Some(time)) = (self.last, time) else { return x };
        let span = (time - last_time).max(0.0);
        let [low, high] = [last - self.parameters.fall * span, last + self.parameters.rise * span];
        if x.value() > high {
            S::zero() + high
        } else if x.value() < low {
            S::zero() + low
        } else {
            x
        }
    }
}

impl Device<4> for Slew {
    const MEMORY: bool = true;
    const QUANTITIES: &'static [QuantityInfo] =
        &[QuantityInfo { name: "y", unit: "V or A", description: "Value of the output source" }];

    fn equations<S: Scalar>(&self, &[x, p, n, i]: &[S; 4], environment: &Environment) -> Contribution<S, 4> {
        let y = self.value(x, environment.time);
        let row = if self.is_current { i - y * self.multiplier } else { p - n - y };
        Contribution::resistive([S::zero(), i, -i, row])
    }

    fn stores(&self) -> [bool; 4] {
        [false; 4]
    }

    fn depends_on_time(&self) -> bool {
        true
    }

    fn forget(&mut self) {
        self.last = None;
    }

    fn begin(&mut self, x: &[f64; 4], _from_initial: bool) {
        self.last = Some((0.0, x[0]));
    }

    fn accept(&mut self, x: &mut [f64; 4], moment: &Moment) -> Occurrence {
        self.last = Some((moment.time, self.value(x[0], Some(moment.time))));
        Occurrence::Nothing
    }

    fn quantity(&self, _index: usize, x: &[f64; 4], environment: &Environment) -> f64 {
        self.value(x[0], environment.time)
    }
}

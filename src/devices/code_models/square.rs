//! Controlled square wave oscillator.
//!
//! ```text
//! A1 control out S1
//! .model S1 square(cntl_array=[0 2] freq_array=[0 2k] out_low=-1 out_high=1 duty_cycle=0.5 rise_time=1n fall_time=1n)
//! ```
//! The output is `out_low` until φ = 1 − duty_cycle, where it begins to rise for `rise_time`, and begins to fall where φ is a whole
//! number, for `fall_time`. An edge that is not over when the next one begins turns where it is. Where an edge begins is located in
//! time, where it ends is known. Source: ngspice-39 manual, chapter 8, Controlled Square Wave Oscillator.

use super::card::Card;
use super::connections::drive_by;
use super::{CONNECTIONS, oscillator};
use crate::devices::construct::Construction;
use crate::devices::device::{Contribution, Device, Environment, Moment, Occurrence};
use crate::devices::page::{ModelTable, Page};
use crate::devices::parameters::Unknowns;
use crate::head_of_file;
use crate::numerics::scalar::Scalar;
use crate::numerics::tape::Tape;
use crate::parameters;

parameters! {
    /// Model card, beside the vectors `cntl_array` and `freq_array`.
    pub struct Parameters {
        low: ["out_low"], "", -1.0, "Low output";
        high: ["out_high"], "", 1.0, "High output";
        duty: ["duty_cycle"], "", 0.5, "Part of the period in which the output is high";
        rise: ["rise_time"], "s", 1e-9, "Duration of rising edges";
        fall: ["fall_time"], "s", 1e-9, "Duration of falling edges";
    }
}

/// The last edge: when it began, and at which output.
#[derive(Debug, Clone, Copy)]
struct Edge {
    start: f64,
    from: f64,
}

/// Unknowns: frequency, phase, output.
struct Square {
    parameters: Parameters,
    /// Phase at which the next edge begins.
    next: f64,
    is_high: bool,
    edge: Edge,
}

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[head_of_file!("square.rs"), oscillator::TEXT, CONNECTIONS],
    models: &[ModelTable { title: "square", numbers: Parameters::TABLE, others: oscillator::VECTORS }],
    ngspice: &["square"],
    ..Page::new("square", "Controlled square wave oscillator", "A1 control out MODEL")
};

pub fn construct(mut c: Construction) {
    let Some(card) = Card::of(&mut c, oscillator::VECTORS) else { return };
    let p = Parameters::read(&card.numbers, Unknowns::Warn, &card.owner, c.diagnostics);
    let valid = card.demand(
        &mut c,
        &[
            ("duty_cycle", p.duty > 0.0 && p.duty < 1.0, "must be between 0 and 1"),
            ("rise_time", p.rise > 0.0, "must be positive"),
            ("fall_time", p.fall > 0.0, "must be positive"),
        ],
    );
    let Ok(parts) = oscillator::place(&mut c, &card, "A1 control out S1") else { return };
    if !valid {
        return;
    }
    let value = c.assembly.internal_node(c.id, "value");
    let mut device = Square { parameters: p, next: 0.0, is_high: false, edge: Edge { start: 0.0, from: 0.0 } };
    device.forget();
    c.assembly.add_auxiliary(c.id, device, [parts.frequency, parts.phase, value]);
    drive_by(&mut c, parts.to, value);
}

impl Square {
    fn duration(&self) -> f64 {
        if self.is_high { self.parameters.rise } else { self.parameters.fall }
    }

    fn value(&self, time: f64) -> f64 {
        let level = if self.is_high { self.parameters.high } else { self.parameters.low };
        let part = ((time - self.edge.start) / self.duration()).clamp(0.0, 1.0);
        self.edge.from + part * (level - self.edge.from)
    }
}

impl Device<3> for Square {
    const LINEAR: bool = true;
    const MEMORY: bool = true;

    fn equations<S: Scalar>(&self, &[_, _, y]: &[S; 3], environment: &Environment) -> Contribution<S, 3> {
        let time = environment.time.filter(|_| environment.frequency.is_none());
        let value = time.map_or(self.parameters.low, |time| self.value(time));
        Contribution::resistive([S::zero(), S::zero(), y - value])
    }

    fn stores(&self) -> [bool; 3] {
        [false; 3]
    }

    fn depends_on_time(&self) -> bool {
        true
    }

    fn breakpoint(&self, time: f64) -> Option<f64> {
        Some(self.edge.start + self.duration()).filter(|&end| end > time)
    }

    fn event(&self, x: &[f64; 3]) -> f64 {
        x[1] - self.next
    }

    fn forget(&mut self) {
        self.is_high = false;
        self.next = 1.0 - self.parameters.duty;
        self.edge = Edge { start: f64::NEG_INFINITY, from: self.parameters.low };
    }

    fn begin(&mut self, _x: &[f64; 3], _from_initial: bool) {
        self.forget();
    }

    fn accept(&mut self, x: &mut [f64; 3], moment: &Moment) -> Occurrence {
        if self.event(x) <= 0.0 {
            return Occurrence::Nothing;
        }
        let start = moment.time - self.event(x) / x[0].max(f64::MIN_POSITIVE);
        self.edge = Edge { start, from: self.value(start) };
        // Edges that have been passed with this one have been too short to be seen.
        while self.event(x) > 0.0 {
            let duty = self.parameters.duty;
            self.next = if self.is_high { self.next + (1.0 - duty) } else { (self.next + duty).round() };
            self.is_high = !self.is_high;
        }
        Occurrence::Corner
    }

    fn memory(&mut self, tape: &mut Tape) {
        tape.number(&mut self.next);
        tape.truth(&mut self.is_high);
        tape.number(&mut self.edge.start);
        tape.number(&mut self.edge.from);
    }
}

//! Controlled sine wave oscillator.
//!
//! ```text
//! A1 control out S1
//! .model S1 sine(cntl_array=[0 2] freq_array=[0 2k] out_low=-1 out_high=1)
//! out = (out_high + out_low)/2 + (out_high − out_low)/2·sin(2π·φ)
//! ```
//! Steps are at most a 50th of a period. Source: ngspice-39 manual, chapter 8, Controlled Sine Wave Oscillator.

use std::f64::consts::TAU;

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
        low: ["out_low"], "", -1.0, "Least output";
        high: ["out_high"], "", 1.0, "Largest output";
    }
}

/// Longest step, in periods.
const LONGEST: f64 = 0.02;

/// Unknowns: frequency, phase, output.
struct Sine {
    middle: f64,
    amplitude: f64,
    /// Frequency at the last accepted point, Hz.
    frequency: f64,
}

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[head_of_file!("sine.rs"), oscillator::TEXT, CONNECTIONS],
    models: &[ModelTable { title: "sine", numbers: Parameters::TABLE, others: oscillator::VECTORS }],
    ngspice: &["sine"],
    ..Page::new("sine", "Controlled sine wave oscillator", "A1 control out MODEL")
};

pub fn construct(mut c: Construction) {
    let Some(card) = Card::of(&mut c, oscillator::VECTORS) else { return };
    let p = Parameters::read(&card.numbers, Unknowns::Warn, &card.owner, c.diagnostics);
    let Ok(parts) = oscillator::place(&mut c, &card, "A1 control out S1") else { return };
    let value = c.assembly.internal_node(c.id, "value");
    let device = Sine { middle: 0.5 * (p.high + p.low), amplitude: 0.5 * (p.high - p.low), frequency: 0.0 };
    c.assembly.add_auxiliary(c.id, device, [parts.frequency, parts.phase, value]);
    drive_by(&mut c, parts.to, value);
}

impl Device<3> for Sine {
    const MEMORY: bool = true;
    const EVENTS: bool = false;

    fn equations<S: Scalar>(&self, &[_, phase, y]: &[S; 3], environment: &Environment) -> Contribution<S, 3> {
        let wave = if oscillator::runs(environment) { (phase * TAU).sin() } else { S::zero() };
        Contribution::resistive([S::zero(), S::zero(), y - wave * self.amplitude - self.middle])
    }

    fn stores(&self) -> [bool; 3] {
        [false; 3]
    }

    fn depends_on_time(&self) -> bool {
        true
    }

    fn forget(&mut self) {
        self.frequency = 0.0;
    }

    fn begin(&mut self, x: &[f64; 3], _from_initial: bool) {
        self.frequency = x[0];
    }

    fn accept(&mut self, x: &mut [f64; 3], _moment: &Moment) -> Occurrence {
        self.frequency = x[0];
        Occurrence::Nothing
    }

    fn longest_step(&self) -> Option<f64> {
        (self.frequency > 0.0).then(|| LONGEST / self.frequency)
    }

    fn memory(&mut self, tape: &mut Tape) {
        tape.number(&mut self.frequency);
    }
}

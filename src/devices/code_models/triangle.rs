//! Controlled triangle wave oscillator.
//!
//! ```text
//! A1 control out T1
//! .model T1 triangle(cntl_array=[0 2] freq_array=[0 2k] out_low=-1 out_high=1 duty_cycle=0.5)
//! ```
//! From φ = 0 on the output rises from `out_low` to `out_high` for a part `duty_cycle` of the period, and falls for the rest. Its corners are located
//! in time. While the frequency changes, ngspice's triangle is off by some percent of its amplitude; its sine is not. Source: ngspice-39
//! manual, chapter 8, Controlled Triangle Wave Oscillator.

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
use crate::reference::Status;

parameters! {
    /// Model card, beside the vectors `cntl_array` and `freq_array`.
    pub struct Parameters {
        low: ["out_low"], "", -1.0, "Least output";
        high: ["out_high"], "", 1.0, "Largest output";
        duty: ["duty_cycle"], "", 0.5, "Part of the period in which the output rises";
    }
}

/// Unknowns: phase, output.
struct Triangle {
    parameters: Parameters,
    /// Phase at which the piece under way begins; whole numbers begin a rise.
    corner: f64,
    falls: bool,
}

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[head_of_file!("triangle.rs"), oscillator::TEXT, CONNECTIONS],
    models: &[ModelTable { title: "triangle", numbers: Parameters::TABLE, others: oscillator::VECTORS }],
    status: Status::Differs("the phase is the integral of the frequency while that changes too"),
    ngspice: &["triangle"],
    ..Page::new("triangle", "Controlled triangle wave oscillator", "A1 control out MODEL")
};

pub fn construct(mut c: Construction) {
    let Some(card) = Card::of(&mut c, oscillator::VECTORS) else { return };
    let parameters = Parameters::read(&card.numbers, Unknowns::Warn, &card.owner, c.diagnostics);
    let is_part = parameters.duty > 0.0 && parameters.duty < 1.0;
    let valid = card.demand(&mut c, &[("duty_cycle", is_part, "must be between 0 and 1")]);
    let Ok(parts) = oscillator::place(&mut c, &card, "A1 control out T1") else { return };
    if !valid {
        return;
    }
    let value = c.assembly.internal_node(c.id, "value");
    let device = Triangle { parameters, corner: 0.0, falls: false };
    c.assembly.add_auxiliary(c.id, device, [parts.phase, value]);
    drive_by(&mut c, parts.to, value);
}

impl Triangle {
    /// Length of the piece under way, in periods.
    fn length(&self) -> f64 {
        if self.falls { 1.0 - self.parameters.duty } else { self.parameters.duty }
    }

    fn value<S: Scalar>(&self, phase: S) -> S {
        let Parameters { low, high, .. } = self.parameters;
        let part = (phase - self.corner) * (1.0 / self.length());
        if self.falls { part * (low - high) + high } else { part * (high - low) + low }
    }
}

impl Device<2> for Triangle {
    const MEMORY: bool = true;

    fn equations<S: Scalar>(&self, &[phase, y]: &[S; 2], environment: &Environment) -> Contribution<S, 2> {
        let runs = oscillator::runs(environment);
        let value = if runs { self.value(phase) } else { S::constant(self.parameters.low) };
        Contribution::resistive([S::zero(), y - value])
    }

    fn stores(&self) -> [bool; 2] {
        [false; 2]
    }

    fn depends_on_time(&self) -> bool {
        true
    }

    fn event(&self, x: &[f64; 2]) -> f64 {
        x[0] - self.corner - self.length()
    }

    fn forget(&mut self) {
        (self.corner, self.falls) = (0.0, false);
    }

    fn begin(&mut self, _x: &[f64; 2], _from_initial: bool) {
        self.forget();
    }

    fn accept(&mut self, x: &mut [f64; 2], _moment: &Moment) -> Occurrence {
        if self.event(x) <= 0.0 {
            return Occurrence::Nothing;
        }
        // Several pieces in one step are no more than noise of the frequency's control.
        while self.event(x) > 0.0 {
            self.corner = if self.falls { self.corner.floor() + 1.0 } else { self.corner + self.parameters.duty };
            self.falls = !self.falls;
        }
        Occurrence::Corner
    }

    fn memory(&mut self, tape: &mut Tape) {
        tape.number(&mut self.corner);
        tape.truth(&mut self.falls);
    }
}

//! `idt(x, initial, reset)`: an integral that is put back.
//!
//! ```text
//! dy/dt = x      while reset ≤ 0.5
//! y = initial    while reset > 0.5, from the moment on at which it rises above
//! ```
//! The moments are located like those of switches. Source: LTspice's help on behavioural sources.

use crate::devices::device::{Contribution, Device, Environment, Moment, Occurrence};
use crate::numerics::scalar::Scalar;
use crate::numerics::tape::Tape;

/// What is above this is true.
const TRUE_ABOVE: f64 = 0.5;

/// An integral that is put back; unknowns: x, reset, y.
pub struct ResetIntegral {
    initial: f64,
    is_held: bool,
}

impl ResetIntegral {
    /// One that starts, and is held, at `initial`.
    pub fn new(initial: f64) -> Self {
        ResetIntegral { initial, is_held: false }
    }
}

impl Device<3> for ResetIntegral {
    const MEMORY: bool = true;

    fn equations<S: Scalar>(&self, &[input, _, integral]: &[S; 3], _environment: &Environment) -> Contribution<S, 3> {
        let zero = S::zero();
        let rate = if self.is_held { zero } else { -input };
        Contribution { f: [zero, zero, rate], q: [zero, zero, integral] }
    }

    fn stores(&self) -> [bool; 3] {
        [false, false, true]
    }

    fn event(&self, &[_, reset, _]: &[f64; 3]) -> f64 {
        if self.is_held { TRUE_ABOVE - reset } else { reset - TRUE_ABOVE }
    }

    fn forget(&mut self) {
        self.is_held = false;
    }

    fn begin(&mut self, x: &[f64; 3], _from_initial: bool) {
        self.is_held = x[1] > TRUE_ABOVE;
    }

    fn accept(&mut self, x: &mut [f64; 3], _moment: &Moment) -> Occurrence {
        if self.event(x) <= 0.0 {
            return Occurrence::Nothing;
        }
        self.is_held = !self.is_held;
        if !self.is_held {
            return Occurrence::Corner;
        }
        x[2] = self.initial;
        Occurrence::Jump
    }

    fn memory(&mut self, tape: &mut Tape) {
        tape.truth(&mut self.is_held);
    }
}

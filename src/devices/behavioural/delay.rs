//! `absdelay(x, t)`: x of t seconds before.
//!
//! ```text
//! w(t) = u(t − td);   DC: w = u;   small signals: w = u·e^(−jω·td)
//! ```
//! Accepted points are kept for td, as those of a lossless line are (`transmission_line`), whose corners come out td later.
//! No step is longer than td.

use std::f64::consts::TAU;

use faer::c64;

use crate::devices::device::{Contribution, Device, Environment, Moment, Occurrence};
use crate::devices::transmission_line::Past;
use crate::numerics::scalar::Scalar;
use crate::numerics::tape::Tape;

/// A delay; unknowns: u, w.
pub struct Delay {
    /// s
    delay: f64,
    /// None at rest.
    past: Option<Past>,
}

impl Delay {
    /// Of `delay` seconds.
    pub fn new(delay: f64) -> Self {
        Delay { delay, past: None }
    }
}

impl Device<2> for Delay {
    const MEMORY: bool = true;

    fn equations<S: Scalar>(&self, &[u, w]: &[S; 2], environment: &Environment) -> Contribution<S, 2> {
        let row = match (&self.past, environment.time) {
            // What arrives is a phasor; see `admittance`.
            _ if environment.frequency.is_some() => w,
            (Some(past), Some(time)) => w - past.wave(0, time - self.delay),
            _ => w - u,
        };
        Contribution::resistive([S::zero(), row])
    }

    fn stores(&self) -> [bool; 2] {
        [false; 2]
    }

    fn breakpoint(&self, time: f64) -> Option<f64> {
        self.past.as_ref()?.corner_after(time)
    }

    fn forget(&mut self) {
        self.past = None;
    }

    fn begin(&mut self, x: &[f64; 2], _from_initial: bool) {
        self.past = Some(Past::new([x[0], 0.0]));
    }

    fn accept(&mut self, x: &mut [f64; 2], moment: &Moment) -> Occurrence {
        let (waves, delay) = ([x[0], 0.0], self.delay);
        let found = self.past.as_mut().is_some_and(|past| past.add(moment.time, waves, moment.after_corner, delay));
        if found { Occurrence::CornersAhead } else { Occurrence::Nothing }
    }

    fn longest_step(&self) -> Option<f64> {
        Some(self.delay)
    }

    fn admittance(&self, frequency: f64) -> Option<[[c64; 2]; 2]> {
        let angle = -TAU * frequency * self.delay;
        let zero = c64::new(0.0, 0.0);
        Some([[zero, zero], [c64::new(-angle.cos(), -angle.sin()), zero]])
    }

    fn memory(&mut self, tape: &mut Tape) {
        self.past.get_or_insert_default().memory(tape);
    }
}

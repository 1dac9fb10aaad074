//! The common steps of the active cells: proposed up to the next corner, judged by the states' local truncation error.
//!
//! Formulas, tolerances and choices of step and order are those of the circuit engine for states (`analysis::transient`).

use super::condensed::ActiveCell;
use crate::numerics::integrator::{Coefficients, Formula, HISTORY, divided_difference, truncation_constant};

/// A step is done again if its error exceeds its tolerance by this factor.
const REJECTED: f64 = 3.0;

/// Part of the tolerance that the next step aims at.
const AIM: f64 = 0.9;

const HIGHEST_ORDER: usize = 2;

/// Past points in use.
const CAPACITY: usize = HIGHEST_ORDER + 2;

/// Smallest step in fractions of a segment of the drive.
const SMALLEST: f64 = 1e-9;

/// Chooses steps and order.
#[derive(Debug, Clone)]
pub(super) struct StepControl {
    relative: f64,
    absolute: f64,
    largest: f64,
    pub order: usize,
    /// Past points since the last corner.
    depth: usize,
    /// `[step under way, last step, the one before, …]`
    steps: [f64; HISTORY + 1],
    next: f64,
    last_full: f64,
    smallest: f64,
}

/// Whether a step's truncation error is small enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Accept,
    Reject,
}

impl StepControl {
    pub fn new(relative: f64, absolute: f64, largest: f64) -> StepControl {
        StepControl {
            relative,
            absolute,
            largest,
            order: 1,
            depth: 1,
            steps: [0.0; HISTORY + 1],
            next: 0.0,
            last_full: f64::INFINITY,
            smallest: 0.0,
        }
    }

    /// A corner: short steps of low order into a segment of `ahead` seconds.
    pub fn restart(&mut self, ahead: f64) {
        (self.order, self.depth) = (1, 1);
        self.smallest = SMALLEST * ahead;
        self.next = (0.1 * self.last_full.min(ahead)).max(2.0 * self.smallest);
    }

    /// The next step with `left` seconds to the corner, and whether it ends there.
    pub fn propose(&mut self, left: f64) -> (f64, bool) {
        let step = self.next.min(self.largest).max(self.smallest);
        let (step, lands) = if step >= left * (1.0 - 1e-9) - self.smallest {
            (left, true)
        } else if step > 0.6 * left && step < self.largest {
            // Two equal steps rather than a long and a tiny one.
            (0.5 * left, false)
        } else {
            (step, false)
        };
        self.steps[0] = step;
        (step, lands)
    }

    pub fn coefficients(&self) -> Coefficients {
        Coefficients::new(Formula::Backward { order: self.order.min(self.depth) }, &self.steps)
    }

    pub fn steps(&self) -> &[f64] {
        &self.steps
    }

    pub fn depth(&self) -> usize {
        self.depth
    }

    /// A shorter step, because this one has no solution; false if there is no shorter one.
    pub fn shrink(&mut self) -> bool {
        self.order = 1;
        self.next = self.steps[0] / 8.0;
        self.next > self.smallest
    }

    /// Judges the states under way, and chooses the next step and order.
    pub fn judge(&mut self, cells: &[ActiveCell], count: usize) -> Verdict {
        let step = self.steps[0];
        self.last_full = step;
        let order = self.order.min(self.depth);
        let first = self.depth < order + 1;
        let error = if first { self.first_error(cells, count) } else { self.error(cells, count, order) };
        let allowed = allowed(step, error, order);
        if error > REJECTED && step > 2.0 * self.smallest {
            self.next = allowed.clamp(if first { 1e-3 } else { 0.1 } * step, 0.9 * step);
            if allowed < 0.2 * step {
                self.order = 1;
            }
            return Verdict::Reject;
        }
        self.next = allowed;
        if first {
            self.order = HIGHEST_ORDER;
        } else if !(allowed >= self.largest.min(2.0 * step) && order == HIGHEST_ORDER) {
            self.choose_order(cells, count, order);
        }
        Verdict::Accept
    }

    /// The point under way stands.
    pub fn accept(&mut self) {
        self.steps.copy_within(0..HISTORY, 1);
        self.depth = (self.depth + 1).min(CAPACITY);
    }

    fn choose_order(&mut self, cells: &[ActiveCell], count: usize, order: usize) {
        let mut best = (self.next, order);
        for candidate in [order + 1, order - 1] {
            if (1..=HIGHEST_ORDER).contains(&candidate) && candidate < self.depth {
                let allowed = allowed(self.steps[0], self.error(cells, count, candidate), candidate);
                if allowed > 1.05 * best.0 || (candidate > order && allowed >= best.0) {
                    best = (allowed, candidate);
                }
            }
        }
        (self.next, self.order) = best;
    }

    /// Largest ratio of truncation error to tolerance of the first step after a corner, from the rates at both ends.
    fn first_error(&self, cells: &[ActiveCell], count: usize) -> f64 {
        let half = 0.5 * self.steps[0];
        self.worst(cells, count, |cell, k| half * (cell.new_rate[k] - cell.rate[k]))
    }

    /// The same by divided differences.
    fn error(&self, cells: &[ActiveCell], count: usize, order: usize) -> f64 {
        let weights = divided_difference(order + 1, &self.steps);
        let constant = truncation_constant(Formula::Backward { order }, &self.steps);
        self.worst(cells, count, |cell, k| {
            let past = cell.past[..=order].iter().zip(&weights[1..]).map(|(past, weight)| weight * past[k]);
            constant * (weights[0] * cell.states[k] + past.sum::<f64>())
        })
    }

    fn worst(&self, cells: &[ActiveCell], count: usize, error: impl Fn(&ActiveCell, usize) -> f64) -> f64 {
        let mut worst: f64 = 0.0;
        for cell in cells {
            for k in 0..count {
                let magnitude = cell.states[k].abs().max(cell.past[0][k].abs());
                worst = worst.max(error(cell, k).abs() / (self.relative * magnitude + self.absolute));
            }
        }
        worst
    }
}

/// Next step for an error, relative to its tolerance, that goes with h^(order + 1); at most twice the last.
fn allowed(step: f64, error: f64, order: usize) -> f64 {
    let most = 2.0f64.powi(order as i32 + 1);
    if error * most <= AIM { 2.0 * step } else { step * (AIM / error).powf(1.0 / (order + 1) as f64) }
}

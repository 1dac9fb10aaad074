//! The step: proposed within limits and up to breakpoints, judged by the local truncation error.

use super::history::History;
use crate::circuit::analysis_card::Transient;
use crate::circuit::options::{Method, Options};
use crate::devices::assembly::UnknownKind;
use crate::mna::System;
use crate::numerics::integrator::{
    Formula, HISTORY, MAXIMUM_ORDER, divided_difference, tr_bdf2_error, truncation_constant,
};

use crate::numerics::tape::Tape;

/// A step is done again if its error exceeds its tolerance by this factor. The next step aims at the tolerance; doing the
/// last one again for less would cost more than it gains, since the tolerance is per step.
const REJECTED: f64 = 3.0;

/// Part of the tolerance that the next step aims at.
const AIM: f64 = 0.9;

/// By how many roundings of the largest unknown the divided difference of a charge may be off.
const ROUNDINGS: f64 = 16.0;

/// So many steps at the smallest length, all too inaccurate, are no progress.
const STUCK: usize = 100;

/// So many of the shortest steps without a longer one, and the solution goes to and fro; a jump counts as many of them.
const SHORTEST: usize = 1000;
const JUMP: usize = 50;

/// Whether a step's truncation error is small enough.
pub enum Verdict {
    Accept,
    Reject,
}

/// Chooses steps.
pub struct StepControl {
    step: f64,
    /// Longest step of the analysis, and the longest that devices' memories allow at present.
    longest: f64,
    largest: f64,
    smallest: f64,
    breakpoint: Option<f64>,
    /// Length of the last step before a breakpoint cut it short.
    last_full: f64,
    options: Options,
    /// Step that the judged error allows for the next one.
    next: f64,
    /// Rounding of the largest unknown at the point under way.
    rounding: f64,
    /// The row with the largest error relative to its tolerance.
    worst_row: usize,
    /// Accepted steps in a row that were as short as can be, although their error is too large.
    stuck: usize,
    /// Steps in a row that were about as short as can be, although each was accurate or nearly so, and jumps among them.
    short: usize,
}

impl StepControl {
    pub fn new(system: &System, card: &Transient, options: &Options) -> Self {
        let span = card.stop - card.start;
        let wanted = card.max_step.unwrap_or_else(|| card.step.min(span / 50.0));
        let largest = system.longest_step().map_or(wanted, |longest| wanted.min(longest));
        let smallest = options.minimum_step_ratio * largest;
        let first = (card.stop / 100.0).min(card.step).min(largest) / 10.0;
        StepControl {
            step: first,
            longest: wanted,
            largest,
            smallest,
            breakpoint: None,
            last_full: first,
            options: options.clone(),
            next: first,
            rounding: 0.0,
            worst_row: 0,
            stuck: 0,
            short: 0,
        }
    }

    /// Writes what the next step follows from, or reads it back.
    pub fn memory(&mut self, tape: &mut Tape) {
        tape.number(&mut self.step);
        tape.number(&mut self.last_full);
        tape.number(&mut self.next);
        tape.optional(&mut self.breakpoint);
        tape.count(&mut self.stuck);
        tape.count(&mut self.short);
    }

    /// Smallest step before giving up, in seconds.
    pub fn smallest(&self) -> f64 {
        self.smallest
    }

    /// The truncation error does not fall with the step.
    pub fn is_stuck(&self) -> bool {
        self.stuck > STUCK
    }

    /// Row of the largest truncation error.
    pub fn worst_row(&self) -> usize {
        self.worst_row
    }

    /// How exactly events are located, in seconds.
    pub fn event_tolerance(&self) -> f64 {
        (1e-3 * self.largest).max(10.0 * self.smallest)
    }

    /// Devices' memories allow steps up to `longest`.
    pub fn set_longest(&mut self, longest: f64) {
        self.largest = self.longest.min(longest).max(10.0 * self.smallest);
    }

    /// The first corner ahead.
    pub fn set_breakpoint(&mut self, breakpoint: Option<f64>) {
        self.breakpoint = breakpoint;
    }

    /// Where steps must end: at the first corner ahead, or at the stop time.
    fn target(&self, stop: f64) -> f64 {
        self.breakpoint.filter(|&breakpoint| breakpoint < stop).unwrap_or(stop)
    }

    /// Length of the next step, and whether it ends at a breakpoint (or at the stop time).
    pub fn propose(&self, time: f64, stop: f64) -> (f64, bool) {
        let step = self.step.min(self.largest);
        let target = self.target(stop);
        let left = target - time;
        if step >= left * (1.0 - 1e-9) - self.smallest {
            (left, true)
        } else if step > 0.6 * left && step < self.largest {
            // Two equal steps rather than a long and a tiny one.
            (0.5 * left, false)
        } else {
            (step, false)
        }
    }

    /// Time after a step, exactly at a breakpoint if it lands there.
    pub fn land(&self, time: f64, step: f64, lands: bool, stop: f64) -> f64 {
        if lands { self.target(stop) } else { time + step }
    }

    /// A shorter step after a failure; false if it would be too short.
    pub fn shrink(&mut self, step: f64) -> bool {
        self.step = step;
        step > self.least()
    }

    /// Shortest step over which a solution is sought. Where it goes to and fro (comparators without hysteresis that switch
    /// themselves off), no finer than events are located: else there would be no progress.
    fn least(&self) -> f64 {
        if self.short > SHORTEST { self.event_tolerance() } else { self.smallest }
    }

    /// Counts the steps that are about as short as can be; one that may be longer than events are located ends their row.
    fn count_short(&mut self, step: f64) {
        if step <= 10.0 * self.smallest {
            self.short += 1;
        } else if step > 2.0 * self.event_tolerance() {
            self.short = 0;
        }
    }

    /// Length of a jump from `time`, where a step of `step` has failed.
    pub fn jump_length(&self, time: f64, step: f64, stop: f64) -> f64 {
        let ahead = self.target(stop) - time;
        step.max(self.least().min(0.5 * ahead))
    }

    /// The solution has jumped.
    pub fn count_jump(&mut self) {
        self.short += JUMP;
    }

    /// The next attempt ends at an event.
    pub fn shorten_to(&mut self, step: f64) {
        self.step = step.max(self.smallest);
    }

    /// The first step: nothing is known yet, so it is short against the way to the first corner.
    pub fn start(&mut self, stop: f64) {
        let ahead = self.breakpoint.unwrap_or(stop);
        self.step = self.step.min(0.01 * ahead).max(2.0 * self.smallest);
        self.last_full = self.step;
    }

    /// After a corner: short steps of low order.
    pub fn restart(&mut self, time: f64, stop: f64) {
        let ahead = self.target(stop) - time;
        self.next = (0.1 * self.last_full.min(ahead)).max(2.0 * self.smallest);
    }

    /// The step stands; the next one may be as long as its error allowed.
    pub fn accepted(&mut self) {
        self.step = self.next.min(self.largest).max(self.least());
    }

    /// Compares the truncation error of the point under way with its tolerance, and chooses the next step and order.
    ///
    /// `x` is the point under way.
    pub fn judge(
        &mut self,
        system: &mut System,
        history: &mut History,
        x: &[f64],
        (method, damping): (Method, bool),
    ) -> Verdict {
        self.rounding = ROUNDINGS * f64::EPSILON * x.iter().fold(0.0, |largest: f64, value| largest.max(value.abs()));
        history.find_derivative(system);
        let step = history.steps()[0];
        self.last_full = step;
        if system.dynamic_rows().is_empty() {
            self.next = 2.0 * step;
            return Verdict::Accept;
        }
        let staged = method == Method::TrBdf2 && history.depth() > 1;
        let (order, (error, row)) = if staged {
            (2, self.staged_error(system, history))
        } else {
            let order = history.order.min(history.depth());
            let formula = formula(method, order, damping);
            match self.difference_error(system, history, formula, order) {
                Some(error) => (order, error),
                None => return self.judge_first(system, history, method),
            }
        };
        let allowed = allowed(step, error, order);
        if error > REJECTED && step > 2.0 * self.least() {
            self.step = allowed.clamp(0.1 * step, 0.9 * step);
            if allowed < 0.2 * step {
                history.order = 1;
            }
            return Verdict::Reject;
        }
        self.worst_row = row;
        self.stuck = if error > REJECTED { self.stuck + 1 } else { 0 };
        self.count_short(step);
        self.next = allowed;
        let as_long_as_can_be = self.next >= self.largest.min(2.0 * step) && order == self.raised(order, method);
        if !staged && !as_long_as_can_be {
            self.choose_order(system, history, method, order);
        }
        Verdict::Accept
    }

    /// The first step after a start or a corner: too few points for differences. Of a state the rate at both ends of the step
    /// is known, which gives the error of the Euler step; charges have only the step's shortness.
    fn judge_first(&mut self, system: &System, history: &mut History, method: Method) -> Verdict {
        let step = history.steps()[0];
        let mut worst = (0.0, 0);
        for &row in system.state_rows() {
            let row = row as usize;
            let (before, after) = (history.derivative()[row], history.new_derivative()[row]);
            let charge = system.q[row];
            let tolerance = self.tolerance(system, row, charge, history.charge(0)[row], after, step);
            worst = larger(worst, (0.5 * step * (after - before)).abs() / tolerance, row);
        }
        let (error, row) = worst;
        let allowed = allowed(step, error, 1);
        if error > REJECTED && step > 2.0 * self.smallest {
            self.step = allowed.clamp(1e-3 * step, 0.9 * step);
            return Verdict::Reject;
        }
        self.worst_row = row;
        self.next = allowed;
        history.order = self.raised(1, method);
        Verdict::Accept
    }

    fn raised(&self, order: usize, method: Method) -> usize {
        let highest =
            if method == Method::Gear { self.options.maxord.min(MAXIMUM_ORDER) } else { self.options.maxord.min(2) };
        (order + 1).min(highest)
    }

    /// Raises or lowers the order where that allows a longer step.
    fn choose_order(&mut self, system: &System, history: &mut History, method: Method, order: usize) {
        let step = history.steps()[0];
        let mut best = (self.next, order);
        for candidate in [order + 1, order - 1] {
            if candidate == 0 || candidate > self.raised(order, method) || candidate > history.depth() {
                continue;
            }
            let formula = formula(method, candidate, false);
            if let Some((error, _)) = self.difference_error(system, history, formula, candidate) {
                let allowed = allowed(step, error, candidate);
                if allowed > 1.05 * best.0 || (candidate > order && allowed >= best.0) {
                    best = (allowed, candidate);
                }
            }
        }
        (self.next, history.order) = best;
    }

    /// Largest ratio of truncation error to tolerance over all charges, with its row, by divided differences; `None` without
    /// enough points.
    fn difference_error(
        &self,
        system: &System,
        history: &History,
        formula: Formula,
        order: usize,
    ) -> Option<(f64, usize)> {
        if history.depth() < order + 1 {
            return None;
        }
        let weights: [f64; HISTORY + 1] = divided_difference(order + 1, history.steps());
        let constant = truncation_constant(formula, history.steps());
        let step = history.steps()[0];
        let past: [&[f64]; HISTORY] = std::array::from_fn(|j| history.charge(j.min(order)));
        let mut worst = (0.0, 0);
        for &row in system.dynamic_rows() {
            let row = row as usize;
            let charge = system.q[row];
            let mut difference = weights[0] * charge;
            for j in 0..=order {
                difference += weights[j + 1] * past[j][row];
            }
            let tolerance = self.tolerance(system, row, charge, past[0][row], history.new_derivative()[row], step);
            worst = larger(worst, (constant * difference).abs() / tolerance, row);
        }
        Some(worst)
    }

    /// The same for TR-BDF2, from the derivatives at its stages.
    fn staged_error(&self, system: &System, history: &History) -> (f64, usize) {
        let ([a, b, c], factor) = tr_bdf2_error();
        let [start, stage, end] = history.stage_derivatives();
        let step = history.steps()[0];
        let mut worst = (0.0, 0);
        for &row in system.dynamic_rows() {
            let row = row as usize;
            let error = factor * step * (a * start[row] + b * stage[row] + c * end[row]);
            let tolerance = self.tolerance(system, row, system.q[row], history.charge(0)[row], end[row], step);
            worst = larger(worst, error.abs() / tolerance, row);
        }
        worst
    }

    /// Tolerance of a charge's error over one step: SPICE's, in coulombs (or webers), or a state's own.
    fn tolerance(&self, system: &System, row: usize, charge: f64, before: f64, current: f64, step: f64) -> f64 {
        let options = &self.options;
        // Charges of several devices that cancel in a row have errors that need not: theirs are what the error is small against.
        let magnitude = charge.abs().max(before.abs()).max(system.stored()[row]);
        match system.unknowns[row].kind {
            UnknownKind::State { scale } => options.reltol * magnitude + 1e-6 * scale,
            _ => {
                let rounding = system.capacitance_sums()[row] * self.rounding;
                let by_charge = options.reltol * magnitude.max(options.chgtol) + rounding;
                let by_current = step * (options.reltol * current.abs() + options.abstol);
                options.trtol * by_charge.max(by_current)
            }
        }
    }
}

fn formula(method: Method, order: usize, damping: bool) -> Formula {
    if method == Method::Gear || order < 2 || damping { Formula::Backward { order } } else { Formula::Trapezoidal }
}

/// Next step for an error, relative to its tolerance, that goes with h^(order + 1); at most twice the last.
fn allowed(step: f64, error: f64, order: usize) -> f64 {
    let most = 2.0f64.powi(order as i32 + 1);
    if error * most <= AIM { 2.0 * step } else { step * (AIM / error).powf(1.0 / (order + 1) as f64) }
}

fn larger(worst: (f64, usize), error: f64, row: usize) -> (f64, usize) {
    if error > worst.0 { (error, row) } else { worst }
}

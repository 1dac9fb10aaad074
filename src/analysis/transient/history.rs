//! Past time points: unknowns, charges, and what the formulas make of them.

use crate::mna::System;
use crate::numerics::integrator::{Coefficients, HISTORY, predictor};
use crate::numerics::tape::Tape;

/// Unknowns and charges of the last points, the newest first.
pub struct History {
    /// Order of the next step's formula.
    pub order: usize,
    charges: Vec<Vec<f64>>,
    unknowns: Vec<Vec<f64>>,
    /// dq/dt at the newest point (of the dynamic rows).
    derivative: Vec<f64>,
    new_derivative: Vec<f64>,
    /// dq/dt at the start and at the inner stage of a TR-BDF2 step.
    start_derivative: Vec<f64>,
    stage_derivative: Vec<f64>,
    /// `[step under way, last step, the one before, …]`
    steps: [f64; HISTORY + 1],
    /// Points in use since the last restart.
    depth: usize,
    capacity: usize,
    staged: bool,
}

impl History {
    /// For `n` unknowns and formulas up to `order`.
    pub fn new(n: usize, order: usize) -> Self {
        let capacity = (order + 2).min(HISTORY);
        History {
            order: 1,
            charges: vec![vec![0.0; n + 1]; capacity + 1],
            unknowns: vec![vec![0.0; n + 1]; capacity],
            derivative: vec![0.0; n + 1],
            new_derivative: vec![0.0; n + 1],
            start_derivative: vec![0.0; n + 1],
            stage_derivative: vec![0.0; n + 1],
            steps: [0.0; HISTORY + 1],
            depth: 0,
            capacity,
            staged: false,
        }
    }

    /// Writes all past points, or reads them back.
    pub fn memory(&mut self, tape: &mut Tape) {
        tape.count(&mut self.order);
        tape.count(&mut self.depth);
        tape.numbers(&mut self.steps);
        tape.numbers(&mut self.derivative);
        let depth = self.depth.min(self.capacity);
        for column in self.charges[..depth].iter_mut().chain(&mut self.unknowns[..depth]) {
            tape.numbers(column);
        }
    }

    /// The first point.
    pub fn start(&mut self, x: &[f64], charge: &[f64]) {
        self.charges[0].copy_from_slice(charge);
        self.unknowns[0].copy_from_slice(x);
        self.derivative.fill(0.0);
        self.depth = 1;
        self.order = 1;
    }

    /// Number of points that formulas may use.
    pub fn depth(&self) -> usize {
        self.depth
    }

    /// Step under way and the steps before it.
    pub fn steps(&self) -> &[f64] {
        &self.steps
    }

    /// Sets the step under way.
    pub fn prepare(&mut self, step: f64) {
        self.steps[0] = step;
        self.pop_stage();
    }

    /// Charges at point `index` before the one under way.
    pub fn charge(&self, index: usize) -> &[f64] {
        &self.charges[index + usize::from(self.staged)]
    }

    /// dq/dt at the last accepted point.
    pub fn derivative(&self) -> &[f64] {
        if self.staged { &self.start_derivative } else { &self.derivative }
    }

    /// dq/dt at start, inner stage and end of a TR-BDF2 step.
    pub fn stage_derivatives(&self) -> [&[f64]; 3] {
        [&self.start_derivative, &self.stage_derivative, &self.new_derivative]
    }

    /// dq/dt at the end of the step under way.
    pub fn new_derivative(&self) -> &[f64] {
        &self.new_derivative
    }

    /// Writes the known part of each row's formula, and keeps what is needed to find dq/dt later.
    pub fn write_known_part(&mut self, system: &mut System, main: &Coefficients, state: &Coefficients) {
        // A staged formula counts the inner stage as its newest point.
        let derivative = if self.staged { &self.stage_derivative } else { &self.derivative };
        let charges = &self.charges;
        let past = |coefficients: &Coefficients, row: usize| {
            let weights = coefficients.history[..coefficients.depth].iter();
            weights.zip(charges).map(|(weight, charge)| weight * charge[row]).sum::<f64>()
        };
        system.set_history(|row| main.derivative * derivative[row] + past(main, row));
        if main != state {
            system.set_state_history(|row| past(state, row));
        }
    }

    /// dq/dt at the end of the step under way, from the formula in use.
    pub fn find_derivative(&mut self, system: &System) {
        let (leading, known) = (system.leading(), system.history());
        for &row in system.dynamic_rows() {
            let row = row as usize;
            self.new_derivative[row] = leading[row] * system.q[row] + known[row];
        }
    }

    /// The inner stage of a two-stage step becomes the newest point for the second stage.
    pub fn push_stage(&mut self, charge: &[f64], coefficients: &Coefficients, rows: &[u32]) {
        for &row in rows {
            let row = row as usize;
            self.start_derivative[row] = self.derivative[row];
            self.stage_derivative[row] = coefficients.leading * charge[row]
                + coefficients.history[0] * self.charges[0][row]
                + coefficients.derivative * self.derivative[row];
        }
        self.charges.rotate_right(1);
        self.charges[0].copy_from_slice(charge);
        self.staged = true;
    }

    /// Forgets the inner stage.
    pub fn pop_stage(&mut self) {
        if self.staged {
            self.charges.rotate_left(1);
            self.staged = false;
        }
    }

    /// First guess of the next point: a polynomial through past ones.
    pub fn predict(&self, x: &[f64], guess: &mut [f64], system: &System) {
        let order = self.order.min(self.depth.saturating_sub(1)).min(3);
        if order == 0 || crate::numerics::newton::Problem::is_linear(system) {
            guess.copy_from_slice(x);
            return;
        }
        let weights = predictor(order, &self.steps);
        for (row, guess) in guess.iter_mut().enumerate() {
            let further = (0..=order).map(|j| weights[j] * self.unknowns[j][row]).sum();
            *guess = system.within_reach(row, x[row], further);
        }
        system.keep_discrete(x, guess);
    }

    /// The point under way is accepted.
    pub fn push(&mut self, x: &[f64], charge: &[f64], step: f64, rows: &[u32]) {
        self.pop_stage();
        self.charges.rotate_right(1);
        self.unknowns.rotate_right(1);
        for &row in rows {
            self.charges[0][row as usize] = charge[row as usize];
        }
        self.unknowns[0].copy_from_slice(x);
        std::mem::swap(&mut self.derivative, &mut self.new_derivative);
        self.steps[0] = step;
        self.steps.copy_within(0..HISTORY, 1);
        self.depth = (self.depth + 1).min(self.capacity);
    }

    /// dq/dt of the states where `system` was evaluated last: their rows are d/dt q + f = 0, and f is known there.
    pub fn set_rates(&mut self, system: &System) {
        for &row in system.state_rows() {
            self.derivative[row as usize] = -system.f[row as usize];
        }
    }

    /// The next step starts afresh: dq/dt jumps here.
    pub fn restart(&mut self) {
        self.depth = 1;
        self.order = 1;
    }
}

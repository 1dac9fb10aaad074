//! A cell whose states are integrated, seen from outside: a current that follows from the voltage.
//!
//! At a time point the formula of integration makes each state an unknown of its cell alone,
//!
//! ```text
//! leading·s + known = r(v, s)
//! ```
//!
//! which is solved inside the cell. Then I = I(v, s(v)) and dI/dv = ∂I/∂v + ∂I/∂s·(leading − ∂r/∂s)⁻¹·∂r/∂v.

use super::super::cells::{DynamicCells, MOST_STATES};
use super::control::StepControl;
use crate::numerics::integrator::predictor;

/// Newton's iterations inside a cell.
const MOST_ITERATIONS: usize = 60;

/// States are found to this part of themselves, or of 1.
const PRECISION: f64 = 1e-11;

/// A number per state.
pub(super) type States = [f64; MOST_STATES];

/// A cell whose states move by the common steps.
#[derive(Debug, Clone)]
pub(super) struct ActiveCell {
    pub cell: usize,
    /// Where the cell is in arrays of rows that are `stride` apart.
    pub place: usize,
    /// States at the time point under way.
    pub states: States,
    /// States at past points, the newest first.
    pub past: [States; 4],
    /// The part of the formula that the past points give.
    pub known: States,
    /// ds/dt at the last accepted point and at the one under way.
    pub rate: States,
    pub new_rate: States,
    pub current: f64,
    pub conductance: f64,
}

impl ActiveCell {
    pub fn new(cell: usize, place: usize, now: &[f64], rate: States) -> ActiveCell {
        let mut states = States::default();
        states[..now.len()].copy_from_slice(now);
        let zero = States::default();
        ActiveCell {
            cell,
            place,
            states,
            past: [states, zero, zero, zero],
            known: zero,
            rate,
            new_rate: zero,
            current: 0.0,
            conductance: 0.0,
        }
    }

    /// Solves the states at the voltage `drop`; false if Newton's method does not get there.
    pub fn condense(&mut self, cells: &impl DynamicCells, count: usize, drop: f64, leading: f64) -> bool {
        let formula = Formula { leading, known: &self.known[..count] };
        match condense(cells, self.cell, drop, formula, &mut self.states[..count]) {
            Some(branch) => {
                (self.current, self.conductance) = branch;
                true
            }
            None => false,
        }
    }

    /// First guess of the states: a polynomial through past points.
    pub fn predict(&mut self, control: &StepControl) {
        let order = control.depth().min(3) - 1;
        let weights = predictor(order, control.steps());
        let mut states = States::default();
        for (past, weight) in self.past[..=order].iter().zip(weights) {
            states.iter_mut().zip(past).for_each(|(state, past)| *state += weight * past);
        }
        self.states = states;
    }

    /// ds/dt at the point under way, as the formula has it.
    pub fn find_rate(&mut self, leading: f64) {
        self.new_rate = std::array::from_fn(|k| leading * self.states[k] + self.known[k]);
    }

    /// The point under way becomes the newest of the past ones.
    pub fn accept(&mut self) {
        self.past.rotate_right(1);
        self.past[0] = self.states;
        self.rate = self.new_rate;
    }
}

/// What an integration formula makes of ds/dt: leading·s + known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Formula<'a> {
    /// 1/s
    pub leading: f64,
    /// For each state.
    pub known: &'a [f64],
}

/// Solves leading·s + known = r(v, s) for the states of `cell`, from `states` on; returns current (A) and conductance (S) at
/// that voltage, or none if Newton's method does not get there.
pub fn condense(
    cells: &impl DynamicCells,
    cell: usize,
    drop: f64,
    Formula { leading, known }: Formula,
    states: &mut [f64],
) -> Option<(f64, f64)> {
    let count = states.len();
    for _ in 0..MOST_ITERATIONS {
        let point = cells.linearise(cell, drop, states);
        let mut residual = States::default();
        for k in 0..count {
            residual[k] = point.rate[k] - leading * states[k] - known[k];
        }
        let [change, by_voltage] = solve(&point.rate_by_state, count, leading, [residual, point.rate_by_voltage]);
        let mut converged = true;
        let (mut current, mut conductance) = (point.current, point.conductance);
        for k in 0..count {
            states[k] += change[k];
            converged &= change[k].abs() <= PRECISION * states[k].abs().max(1.0);
            current += point.current_by_state[k] * change[k];
            conductance += point.current_by_state[k] * by_voltage[k];
        }
        if converged {
            return Some((current, conductance));
        }
    }
    None
}

/// Solves (leading − ∂r/∂s)·x = right for two right-hand sides, by elimination with pivoting.
pub(super) fn solve(
    rate_by_state: &[States; MOST_STATES],
    count: usize,
    leading: f64,
    mut right: [States; 2],
) -> [States; 2] {
    if count == 1 {
        let diagonal = leading - rate_by_state[0][0];
        right.iter_mut().for_each(|side| side[0] /= diagonal);
        return right;
    }
    let mut matrix = [[0.0; MOST_STATES]; MOST_STATES];
    for row in 0..count {
        for column in 0..count {
            matrix[row][column] = f64::from(row == column) * leading - rate_by_state[row][column];
        }
    }
    for step in 0..count {
        let pivot = (step..count).max_by(|&a, &b| matrix[a][step].abs().total_cmp(&matrix[b][step].abs()));
        let pivot = pivot.unwrap_or(step);
        matrix.swap(step, pivot);
        right.iter_mut().for_each(|side| side.swap(step, pivot));
        for row in step + 1..count {
            let factor = matrix[row][step] / matrix[step][step];
            let above = matrix[step];
            matrix[row].iter_mut().zip(above).skip(step).for_each(|(entry, above)| *entry -= factor * above);
            right.iter_mut().for_each(|side| side[row] -= factor * side[step]);
        }
    }
    for side in &mut right {
        for row in (0..count).rev() {
            for column in row + 1..count {
                side[row] -= matrix[row][column] * side[column];
            }
            side[row] /= matrix[row][row];
        }
    }
    right
}

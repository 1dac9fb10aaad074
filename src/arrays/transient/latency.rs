//! Cells that hardly move: their states are integrated in one step from corner to corner of the drive, not in the common ones.
//!
//! A cell is latent over a segment of the drive if what its states can move by, at the larger of its rates at both ends, is
//! within a share of the tolerances: of `reltol` as a change of its current, which the array does not see before the end of
//! the segment, and of the states' own tolerance as an error of that one step. Nothing is lost: every segment counts, with
//!
//! ```text
//! Δs = (1 − T/2·∂r/∂s)⁻¹·T·r̄,   r̄ = (r₁ − r₀)/ln(r₁/r₀)
//! ```
//!
//! The logarithmic mean is the exact mean of a rate that is exponential in a voltage that moves in a straight line (edges),
//! and equals both rates where they are the same (plateaus). Rates are evaluated anew where the voltage or a state has moved by
//! more than [`NEAR`] or [`NEAR_STATE`] since the last evaluation; in between they follow its derivatives.

use super::super::cells::{DynamicCells, Linearised, MOST_STATES};
use super::condensed::{States, solve};

/// Within so many volts of an evaluation rates follow its derivatives: 5e-5 off for rates that grow by e per 50 mV.
const NEAR: f64 = 0.5e-3;

/// The same for states: 5e-5 off for rates that change by e per 0.04.
const NEAR_STATE: f64 = 4e-4;

/// How far a latent cell's states may move.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    pub share: f64,
    pub relative: f64,
    pub absolute: f64,
}

/// Rates at two voltages of each cell, one at rest and one while driven, with their derivatives.
#[derive(Debug, Clone)]
pub(super) struct RateMemory {
    states: usize,
    /// Of each evaluation: voltage, states, rates, their derivatives by voltage, relative derivatives of the current by
    /// states, derivatives of the rates by states.
    values: Vec<f64>,
}

/// An evaluation in the memory, seen from a voltage and states near it.
struct Near<'a> {
    values: &'a [f64],
    count: usize,
    drop: f64,
}

impl Near<'_> {
    fn rate(&self, states: &[f64], k: usize) -> f64 {
        let (values, count) = (self.values, self.count);
        let mut rate = values[1 + count + k] + values[1 + 2 * count + k] * (self.drop - values[0]);
        for (l, state) in states.iter().enumerate() {
            rate += self.rate_by_state(k, l) * (state - values[1 + l]);
        }
        rate
    }

    fn rate_by_state(&self, k: usize, l: usize) -> f64 {
        self.values[1 + (4 + k) * self.count + l]
    }

    /// |∂I/∂s/I|
    fn sensitivity(&self, k: usize) -> f64 {
        self.values[1 + 3 * self.count + k]
    }

    /// Sum of |∂r/∂s| of one rate.
    fn coupling(&self, k: usize) -> f64 {
        (0..self.count).map(|l| self.rate_by_state(k, l).abs()).sum()
    }

    fn all(&self, states: &[f64]) -> End {
        let mut end = End::default();
        for k in 0..states.len() {
            (end.rate[k], end.sensitivity[k], end.coupling[k]) =
                (self.rate(states, k), self.sensitivity(k), self.coupling(k));
        }
        end
    }
}

/// What counts at one end of a stretch.
#[derive(Debug, Clone, Copy, Default)]
struct End {
    rate: States,
    sensitivity: States,
    coupling: States,
}

/// One segment of the drive, as a cell sees it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stretch {
    /// s
    pub duration: f64,
    /// Voltages at both ends, V.
    pub drops: [f64; 2],
    /// Voltages below are those of rest, V.
    pub quiet: f64,
}

/// The memory of one cell.
pub(super) struct CellMemory<'a> {
    pub cell: usize,
    values: &'a mut [f64],
}

impl RateMemory {
    pub fn new(cells: usize, states: usize) -> RateMemory {
        let mut memory = RateMemory { states, values: Vec::new() };
        memory.values = vec![f64::INFINITY; cells * 2 * memory.width()];
        memory
    }

    fn width(&self) -> usize {
        1 + self.states * (4 + self.states)
    }

    /// Numbers per cell.
    pub fn cell_width(&self) -> usize {
        2 * self.width()
    }

    pub fn values_mut(&mut self) -> &mut [f64] {
        &mut self.values
    }
}

impl<'a> CellMemory<'a> {
    pub fn new(cell: usize, values: &'a mut [f64]) -> CellMemory<'a> {
        CellMemory { cell, values }
    }

    /// Whether the cell is latent over the stretch.
    pub fn is_latent(&mut self, cells: &impl DynamicCells, states: &[f64], stretch: &Stretch, limits: &Limits) -> bool {
        let [start, end] = stretch.drops.map(|drop| self.near(cells, states, drop, stretch.quiet).all(states));
        let mut change_of_current = 0.0;
        for (k, state) in states.iter().enumerate() {
            let most = stretch.duration * start.rate[k].abs().max(end.rate[k].abs());
            change_of_current += most * start.sensitivity[k].max(end.sensitivity[k]);
            let error = 0.5 * stretch.duration * start.coupling[k].max(end.coupling[k]) * most;
            let allowed = limits.share * (limits.relative * state.abs() + limits.absolute);
            if error > allowed || error.is_nan() {
                return false;
            }
        }
        change_of_current <= limits.share * limits.relative
    }

    /// Moves the states to the end of the stretch.
    pub fn advance(&mut self, cells: &impl DynamicCells, states: &mut [f64], stretch: &Stretch) {
        let start = self.near(cells, states, stretch.drops[0], stretch.quiet).all(states);
        let end = self.near(cells, states, stretch.drops[1], stretch.quiet);
        let (duration, leading) = (stretch.duration, 2.0 / stretch.duration);
        if let [state] = states {
            let mean = logarithmic_mean(start.rate[0], end.rate(&[*state], 0));
            *state += duration * mean / (1.0 - 0.5 * duration * end.rate_by_state(0, 0));
            return;
        }
        let (mut right, mut matrix) = (States::default(), [States::default(); MOST_STATES]);
        for k in 0..states.len() {
            right[k] = logarithmic_mean(start.rate[k], end.rate(states, k));
            (0..states.len()).for_each(|l| matrix[k][l] = end.rate_by_state(k, l));
        }
        let [change, _] = solve(&matrix, states.len(), leading, [right, States::default()]);
        states.iter_mut().zip(change).for_each(|(state, change)| *state += 2.0 * change);
    }

    fn near(&mut self, cells: &impl DynamicCells, states: &[f64], drop: f64, quiet: f64) -> Near<'_> {
        let half = self.values.len() / 2;
        let slot = &mut self.values[usize::from(drop.abs() > quiet) * half..][..half];
        refresh(slot, cells, self.cell, drop, states);
        Near { values: slot, count: states.len(), drop }
    }
}

/// Evaluates the cell anew where the last evaluation is far.
fn refresh(slot: &mut [f64], cells: &impl DynamicCells, cell: usize, drop: f64, states: &[f64]) {
    let far = (drop - slot[0]).abs() > NEAR
        || states.iter().zip(&slot[1..]).any(|(state, then)| (state - then).abs() > NEAR_STATE);
    if far {
        write(slot, drop, states, &cells.linearise(cell, drop, states));
    }
}

fn write(slot: &mut [f64], drop: f64, states: &[f64], point: &Linearised) {
    let count = states.len();
    slot[0] = drop;
    for k in 0..count {
        let relative = point.current_by_state[k] / point.current;
        slot[1 + k] = states[k];
        slot[1 + count + k] = point.rate[k];
        slot[1 + 2 * count + k] = point.rate_by_voltage[k];
        slot[1 + 3 * count + k] = if point.current == 0.0 { 0.0 } else { relative.abs() };
        slot[1 + (4 + k) * count..][..count].copy_from_slice(&point.rate_by_state[k][..count]);
    }
}

/// (b − a)/ln(b/a), of numbers of opposite sign their mean.
fn logarithmic_mean(a: f64, b: f64) -> f64 {
    if a * b <= 0.0 {
        return 0.5 * (a + b);
    }
    let part = (b - a) / (a + b);
    // ln(b/a) = 2·artanh(part)
    if part.abs() < 1e-4 { 0.5 * (a + b) * (1.0 - part * part / 3.0) } else { (b - a) / (b / a).ln() }
}

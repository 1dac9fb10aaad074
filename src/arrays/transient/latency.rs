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

/// Rates at one voltage.
struct Rates {
    rate: States,
    /// |∂I/∂s/I|
    sensitivity: States,
    point: Linearised,
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
        let ends = self.ends(cells, states, stretch);
        let mut change_of_current = 0.0;
        for (k, state) in states.iter().enumerate() {
            let most = stretch.duration * ends[0].rate[k].abs().max(ends[1].rate[k].abs());
            change_of_current += most * ends[0].sensitivity[k].max(ends[1].sensitivity[k]);
            let coupling = |end: &Rates| end.point.rate_by_state[k].iter().fold(0.0, |sum, value| sum + value.abs());
            let error = 0.5 * stretch.duration * coupling(&ends[0]).max(coupling(&ends[1])) * most;
            // Also false for a rate that is no number.
            if !(error <= limits.share * (limits.relative * state.abs() + limits.absolute)) {
                return false;
            }
        }
        change_of_current <= limits.share * limits.relative
    }

    /// Moves the states to the end of the stretch.
    pub fn advance(&mut self, cells: &impl DynamicCells, states: &mut [f64], stretch: &Stretch) {
        let ends = self.ends(cells, states, stretch);
        let mut right = States::default();
        for (k, right) in right.iter_mut().enumerate().take(states.len()) {
            *right = logarithmic_mean(ends[0].rate[k], ends[1].rate[k]);
        }
        let leading = 2.0 / stretch.duration;
        let [change, _] = solve(&ends[1].point, states.len(), leading, [right, States::default()]);
        states.iter_mut().zip(change).for_each(|(state, change)| *state += leading * stretch.duration * change);
    }

    fn ends(&mut self, cells: &impl DynamicCells, states: &[f64], stretch: &Stretch) -> [Rates; 2] {
        stretch.drops.map(|drop| self.at(cells, states, drop, usize::from(drop.abs() > stretch.quiet)))
    }

    fn at(&mut self, cells: &impl DynamicCells, states: &[f64], drop: f64, slot: usize) -> Rates {
        let (count, cell) = (states.len(), self.cell);
        let half = self.values.len() / 2;
        let slot = &mut self.values[slot * half..][..half];
        let far = (drop - slot[0]).abs() > NEAR
            || states.iter().zip(&slot[1..]).any(|(state, then)| (state - then).abs() > NEAR_STATE);
        if far {
            write(slot, drop, states, &cells.linearise(cell, drop, states));
        }
        read(slot, drop, states, count)
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

fn read(slot: &[f64], drop: f64, states: &[f64], count: usize) -> Rates {
    let mut rates = Rates { rate: [0.0; MOST_STATES], sensitivity: [0.0; MOST_STATES], point: Linearised::default() };
    for k in 0..count {
        let by_state = &slot[1 + (4 + k) * count..][..count];
        rates.rate[k] = slot[1 + count + k] + slot[1 + 2 * count + k] * (drop - slot[0]);
        for ((derivative, state), then) in by_state.iter().zip(states).zip(&slot[1..]) {
            rates.rate[k] += derivative * (state - then);
        }
        rates.sensitivity[k] = slot[1 + 3 * count + k];
        rates.point.rate_by_state[k][..count].copy_from_slice(by_state);
    }
    rates
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

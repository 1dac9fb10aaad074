//! What programming an array achieved.

use serde::{Deserialize, Serialize};

use crate::arrays::transient::TransientStatistics;

/// Bins of a histogram of errors.
const BINS: usize = 40;

/// An array after it was programmed. Errors are in fractions of the range of conductances.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ArrayProgramming {
    pub rows: usize,
    pub columns: usize,
    /// Ends of the range, from the simulated staircase, S.
    pub range: [f64; 2],
    /// How far from its target a cell may be read.
    pub tolerance: f64,
    /// Targets that were outside of the range, and moved to its end.
    pub outside: usize,
    /// Cells that the last pass over the array read outside of the tolerance.
    pub failed: usize,
    /// Of these, cells that got as many pulses, or as large ones, as there are.
    pub given_up: usize,
    /// Conductances of the devices themselves against their targets.
    pub errors: Errors,
    /// The same as read through the wires in the last pass.
    pub read_errors: Errors,
    /// How far cells moved after the writing of their row, by the pulses for other rows.
    pub disturb: Disturb,
    /// Pulses that cells were selected for, all cells together.
    pub pulses: u64,
    pub most_pulses: u32,
    /// Pulses on rows, of any number of columns.
    pub row_pulses: u64,
    /// Reads of rows.
    pub reads: u64,
    /// ∫V·I dt over all sources, so of all cells and wires, J.
    pub energy: f64,
    /// Simulated, s.
    pub time: f64,
    /// Largest sum of currents at a node at the ends of all pulses, in fractions of the largest current of a cell.
    pub imbalance: f64,
    pub statistics: TransientStatistics,
    /// Of the devices at the verify voltage, by rows, S.
    pub conductances: Vec<f64>,
}

/// A distribution of errors.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Errors {
    pub mean: f64,
    /// Standard deviation.
    pub sigma: f64,
    pub worst: f64,
    /// Lower end of the first bin.
    pub start: f64,
    /// Width of a bin.
    pub width: f64,
    pub counts: Vec<usize>,
}

/// How far cells moved, as a part of the range, or of their own conductance by reads.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Disturb {
    pub rms: f64,
    pub worst: f64,
}

impl From<&[f64]> for Errors {
    fn from(errors: &[f64]) -> Errors {
        let count = errors.len().max(1) as f64;
        let mean = errors.iter().sum::<f64>() / count;
        let sigma = (errors.iter().map(|error| (error - mean).powi(2)).sum::<f64>() / count).sqrt();
        let worst = errors.iter().fold(0.0f64, |worst, error| worst.max(error.abs()));
        let width = if worst > 0.0 { 2.0 * worst / BINS as f64 } else { 1.0 };
        let mut counts = vec![0; BINS];
        for error in errors {
            let bin = ((error + worst) / width) as usize;
            counts[bin.min(BINS - 1)] += 1;
        }
        Errors { mean, sigma, worst, start: -worst, width, counts }
    }
}

impl Disturb {
    /// Of what each cell moved by.
    pub fn of(moved: &[f64]) -> Disturb {
        let mean_square = moved.iter().map(|change| change * change).sum::<f64>() / moved.len().max(1) as f64;
        Disturb { rms: mean_square.sqrt(), worst: moved.iter().fold(0.0, |worst, change| worst.max(change.abs())) }
    }
}

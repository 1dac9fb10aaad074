//! Rounds of line relaxation until Kirchhoff's law holds, with a coarse space that grows where they are slow.

use super::cells::CellLaw;
use super::coarse_space::CoarseSpace;
use super::line_relaxation::{LineRelaxation, Residual};

/// When voltages are good enough.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Limits {
    /// Largest sum of currents at a node, in fractions of the largest current through a cell.
    pub relative: f64,
    /// And in A.
    pub absolute: f64,
    pub most_rounds: usize,
}

/// How rounds of relaxation ended.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Outcome {
    pub rounds: usize,
    pub corrections: usize,
    /// Largest sum of currents at a node, in fractions of the largest current through a cell of the same input.
    pub relative_imbalance: f64,
    pub converged: bool,
}

/// A round that leaves more than this of the residual asks for a larger coarse space.
const SLOW: f64 = 0.5;

/// Rounds after which speed is judged, at first and after each growth of the space.
const PATIENCE: usize = 5;

/// Slow rounds in a row after which relaxation is given up.
const LOST: usize = 60;

/// No space has more modes along a line: beyond it sums over modes cost more than they save.
const MOST_MODES: usize = 256;

impl Limits {
    /// Largest sum of currents at a node that is good enough with this largest current through a cell, A.
    pub fn bound(&self, largest_current: f64) -> f64 {
        self.relative * largest_current + self.absolute
    }

    /// Distance from the goal: at most 1 if it is reached.
    pub fn distance<const L: usize>(&self, residual: &Residual<L>) -> f64 {
        largest((0..L).map(|l| {
            let bound = self.bound(residual.largest_current[l]) + residual.rounding[l];
            if residual.imbalance[l] == 0.0 { 0.0 } else { residual.imbalance[l] / bound }
        }))
    }
}

impl<const L: usize> Residual<L> {
    /// The largest imbalance in fractions of the largest current of its input.
    pub fn relative(&self) -> f64 {
        let lanes = self.imbalance.iter().zip(&self.largest_current);
        largest(lanes.map(|(imbalance, current)| if *imbalance == 0.0 { 0.0 } else { imbalance / current }))
    }
}

/// NaN if any is.
fn largest(values: impl Iterator<Item = f64>) -> f64 {
    values.fold(0.0, |largest, value| if value <= largest { largest } else { value })
}

impl<C: CellLaw, const L: usize> LineRelaxation<'_, C, L> {
    /// Relaxes these inputs from the voltages that [`LineRelaxation::start`] or the caller left.
    pub fn relax(&mut self, limits: &Limits) -> Outcome {
        let lines = [self.word_line, self.bit_line];
        let lines = [&lines[0], &lines[1]];
        let mut counts = CoarseSpace::counts(lines, self.mean_conductance()).map(|count| count.min(MOST_MODES));
        let mut space = CoarseSpace::new(lines, counts);
        let mut outcome = Outcome::default();
        let (mut distance, mut slow) = (f64::INFINITY, 0);
        // What a sample of rows was seen to miss.
        let mut sampling = 1.0;
        while outcome.rounds < limits.most_rounds {
            let before = distance;
            distance = limits.distance(&self.pass_down(&space));
            self.pass_up(&space);
            outcome.rounds += 1;
            if !distance.is_finite() {
                break;
            }
            let expected = sampling * distance * (distance / before).min(1.0);
            if outcome.rounds > 1 && expected <= 1.0 {
                let residual = self.judge();
                let judged = limits.distance(&residual);
                outcome.relative_imbalance = residual.relative();
                outcome.converged = judged <= 1.0;
                if outcome.converged {
                    break;
                }
                sampling *= (judged / expected.max(0.01)).max(2.0);
            }
            slow = if distance > SLOW * before { slow + 1 } else { 0 };
            if slow > PATIENCE && counts != lines.map(|line| line.length.min(MOST_MODES)) {
                counts = [0, 1].map(|k| (2 * counts[k]).min(lines[k].length).min(MOST_MODES));
                space = CoarseSpace::new(lines, counts);
                slow = 0;
                continue;
            }
            if slow > LOST {
                break;
            }
            self.correct(&space);
            outcome.corrections += usize::from(!space.is_empty());
        }
        outcome
    }
}

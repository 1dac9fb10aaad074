//! The cells of an array as its solvers see them: with their states held, or carried along by an integration formula.

use std::sync::atomic::{AtomicBool, Ordering};

use super::cells::{ArrayCells, MemristorCells};
use crate::arrays::cells::{DynamicCells, Linearised, MOST_STATES};
use crate::arrays::laws::CellBranch;
use crate::arrays::transient::{Formula, condense};

/// Cells whose states are held; of each cell one after the other.
pub struct Held<'a> {
    pub cells: &'a ArrayCells,
    pub states: &'a [f64],
}

impl CellBranch for Held<'_> {
    fn at(&self, cell: usize, drop: f64) -> (f64, f64) {
        match self.cells {
            ArrayCells::Linear(conductances) => (conductances[cell] * drop, conductances[cell]),
            ArrayCells::Memristors(cells) => {
                let count = cells.states();
                cells.branch(cell, drop, &self.states[cell * count..][..count])
            }
        }
    }

    fn conductances(&self) -> Option<&[f64]> {
        match self.cells {
            ArrayCells::Linear(conductances) => Some(conductances),
            ArrayCells::Memristors(_) => None,
        }
    }
}

/// Cells whose states follow from their voltage by the formula of a time step.
pub struct Carried<'a> {
    pub cells: &'a MemristorCells,
    /// 1/s
    pub leading: f64,
    /// What the past gives, of each cell one after the other.
    pub known: &'a [f64],
    /// States to start from.
    pub guess: &'a [f64],
    /// The states of some cell could not be found.
    failed: AtomicBool,
}

impl<'a> Carried<'a> {
    pub fn new(cells: &'a MemristorCells, leading: f64, known: &'a [f64], guess: &'a [f64]) -> Self {
        Carried { cells, leading, known, guess, failed: AtomicBool::new(false) }
    }

    pub fn has_failed(&self) -> bool {
        self.failed.load(Ordering::Relaxed)
    }

    /// Current, conductance and states of `cell` at `drop`.
    pub fn solve(&self, cell: usize, drop: f64) -> (f64, f64, [f64; MOST_STATES]) {
        let count = self.cells.states();
        let range = cell * count..(cell + 1) * count;
        let mut states = [0.0; MOST_STATES];
        states[..count].copy_from_slice(&self.guess[range.clone()]);
        let formula = Formula { leading: self.leading, known: &self.known[range] };
        match condense(self.cells, cell, drop, formula, &mut states[..count]) {
            Some((current, conductance)) => (current, conductance, states),
            None => {
                self.failed.store(true, Ordering::Relaxed);
                let Linearised { current, conductance, .. } = self.cells.linearise(cell, drop, &states[..count]);
                (current, conductance, states)
            }
        }
    }
}

impl CellBranch for Carried<'_> {
    fn at(&self, cell: usize, drop: f64) -> (f64, f64) {
        let (current, conductance, _) = self.solve(cell, drop);
        (current, conductance)
    }
}

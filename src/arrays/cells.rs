//! What the cells of an array are to its solvers: a current that follows from a voltage, and states that follow from both.

/// Most states of one cell.
pub const MOST_STATES: usize = 4;

/// Cells whose current follows from their voltage alone: resistors, or devices whose states are held.
///
/// Cells are numbered row by row. Solvers need the derivative to be positive, or 0 where a cell is open.
pub trait CellLaw: Sync {
    /// Current from word to bit line, A, and its derivative, S, at a voltage drop for each of `L` inputs, V.
    ///
    /// Solvers call it in their innermost loops: `#[inline(always)]`, together with arithmetic on whole arrays, makes it
    /// a few vector instructions.
    fn branch<const L: usize>(&self, cell: usize, drops: &[f64; L]) -> ([f64; L], [f64; L]);

    /// Conductances in S of all cells, if every current is in proportion to its voltage.
    fn linear_conductances(&self) -> Option<&[f64]> {
        None
    }
}

/// A cell with states, linearised at a voltage drop v and states s: I(v, s) and ds/dt = r(v, s).
///
/// Of the arrays only the first [`DynamicCells::states`] entries count.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Linearised {
    /// I, A.
    pub current: f64,
    /// ∂I/∂v, S.
    pub conductance: f64,
    /// ∂I/∂s, A per unit of the state.
    pub current_by_state: [f64; MOST_STATES],
    /// r, units of the state per second.
    pub rate: [f64; MOST_STATES],
    /// ∂r/∂v
    pub rate_by_voltage: [f64; MOST_STATES],
    /// ∂r/∂s, a row for each rate.
    pub rate_by_state: [[f64; MOST_STATES]; MOST_STATES],
}

/// Cells with states, as memristors are.
pub trait DynamicCells: Sync {
    /// Number of cells.
    fn len(&self) -> usize;

    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Number of states of every cell, at most [`MOST_STATES`].
    fn states(&self) -> usize;

    /// Where the states of `cell` start.
    fn start(&self, cell: usize) -> [f64; MOST_STATES];

    /// Current and rates of `cell` with their derivatives.
    fn linearise(&self, cell: usize, drop: f64, states: &[f64]) -> Linearised;

    /// Current in A alone.
    fn current(&self, cell: usize, drop: f64, states: &[f64]) -> f64 {
        self.linearise(cell, drop, states).current
    }

    /// Current in A and its derivative by the drop in S, with the states held.
    fn branch(&self, cell: usize, drop: f64, states: &[f64]) -> (f64, f64) {
        let point = self.linearise(cell, drop, states);
        (point.current, point.conductance)
    }

    /// The current with the states held as a sum of power laws, if it is one.
    fn power_terms(&self, _cell: usize, _states: &[f64]) -> Option<[PowerTerm; 2]> {
        None
    }
}

/// I = `conductance`·v·(1 + (v/`corner`)⁴)^`power`: ohmic below the corner, |v|^(1 + 4·power) above.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PowerTerm {
    /// Conductance at small voltage, S.
    pub conductance: f64,
    /// V
    pub corner: f64,
    pub power: f64,
}

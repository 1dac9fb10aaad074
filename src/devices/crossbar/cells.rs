//! The cells of an array as they are: conductances, or memristors, some of which may be stuck.

use rustc_hash::FxHashMap;

use crate::arrays::cells::{DynamicCells, Linearised, MOST_STATES};
use crate::devices::cells::DeviceCells;

/// The cells of one array, row by row.
pub enum ArrayCells {
    /// Conductances, S.
    Linear(Vec<f64>),
    Memristors(MemristorCells),
}

/// What a cell that does not work does instead.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Stuck {
    /// It is a conductance, S; 0 for an open cell.
    At(f64),
    /// Its states stand still.
    Still,
}

/// Memristors with their initial states, some of them stuck.
pub struct MemristorCells {
    pub devices: DeviceCells,
    /// Where the states of every cell start, one cell after the other.
    pub starts: Vec<f64>,
    pub stuck: FxHashMap<usize, Stuck>,
    /// Voltage at which conductances are stated, V.
    pub read_voltage: f64,
}

impl ArrayCells {
    /// Number of states of every cell.
    pub fn states(&self) -> usize {
        match self {
            ArrayCells::Linear(_) => 0,
            ArrayCells::Memristors(cells) => cells.states(),
        }
    }

    /// The memristors, if the cells are not linear.
    pub fn memristors(&self) -> Option<&MemristorCells> {
        match self {
            ArrayCells::Linear(_) => None,
            ArrayCells::Memristors(cells) => Some(cells),
        }
    }

    /// Conductance of `cell` in `states` as it is shown, S: of memristors at the read voltage.
    pub fn conductance(&self, cell: usize, states: &[f64]) -> f64 {
        match self {
            ArrayCells::Linear(conductances) => conductances[cell],
            ArrayCells::Memristors(cells) => cells.current(cell, cells.read_voltage, states) / cells.read_voltage,
        }
    }

    /// Current from word to bit line, A.
    pub fn current(&self, cell: usize, drop: f64, states: &[f64]) -> f64 {
        match self {
            ArrayCells::Linear(conductances) => conductances[cell] * drop,
            ArrayCells::Memristors(cells) => cells.current(cell, drop, states),
        }
    }
}

impl MemristorCells {
    fn stuck(&self, cell: usize) -> Option<Stuck> {
        if self.stuck.is_empty() { None } else { self.stuck.get(&cell).copied() }
    }

    /// Published state number `part` of `cell`.
    pub fn published(&self, cell: usize, part: usize, states: &[f64]) -> f64 {
        self.devices.published(cell, part, states)
    }
}

impl DynamicCells for MemristorCells {
    fn len(&self) -> usize {
        self.devices.len()
    }

    fn states(&self) -> usize {
        self.devices.states()
    }

    fn start(&self, cell: usize) -> [f64; MOST_STATES] {
        let count = self.states();
        let mut states = [0.0; MOST_STATES];
        states[..count].copy_from_slice(&self.starts[cell * count..][..count]);
        states
    }

    fn linearise(&self, cell: usize, drop: f64, states: &[f64]) -> Linearised {
        match self.stuck(cell) {
            None => self.devices.linearise(cell, drop, states),
            Some(Stuck::At(conductance)) => {
                Linearised { current: conductance * drop, conductance, ..Linearised::default() }
            }
            Some(Stuck::Still) => {
                let Linearised { current, conductance, current_by_state, .. } =
                    self.devices.linearise(cell, drop, states);
                Linearised { current, conductance, current_by_state, ..Linearised::default() }
            }
        }
    }

    fn current(&self, cell: usize, drop: f64, states: &[f64]) -> f64 {
        match self.stuck(cell) {
            Some(Stuck::At(conductance)) => conductance * drop,
            _ => self.devices.current(cell, drop, states),
        }
    }
}

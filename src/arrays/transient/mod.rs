//! Arrays over time: the states of all cells advance while the lines' voltages follow the drive.
//!
//! Wires have no capacitance here, so at every time point the lines carry what the cells conduct at that moment. At a trial
//! step the formula of integration makes a cell's states part of its current (`condensed`), the lines are solved with these
//! currents (`network`), and the truncation error of every state accepts or rejects the step (`control`). Cells that
//! hardly move take longer steps of their own (`latency`).
//!
//! ```
//! use ferrospice::arrays::cells::{DynamicCells, Linearised};
//! use ferrospice::arrays::transient::{ArrayTransient, LineVoltages, TransientOptions, Waveform};
//! use ferrospice::arrays::Crossbar;
//!
//! /// I = s·v, ds/dt = v
//! struct Integrator;
//! impl DynamicCells for Integrator {
//!     fn len(&self) -> usize { 1 }
//!     fn states(&self) -> usize { 1 }
//!     fn start(&self, _: usize) -> [f64; 4] { [1.0, 0.0, 0.0, 0.0] }
//!     fn linearise(&self, _: usize, v: f64, s: &[f64]) -> Linearised {
//!         let mut point = Linearised { current: s[0] * v, conductance: s[0], ..Linearised::default() };
//!         (point.current_by_state[0], point.rate[0], point.rate_by_voltage[0]) = (v, v, 1.0);
//!         point
//!     }
//! }
//! let array = Crossbar::ideal(1, 1);
//! let mut transient = ArrayTransient::new(&array, &Integrator, TransientOptions::default())?;
//! let on = LineVoltages { word: vec![0.5], bit: vec![0.0] };
//! transient.run(&Waveform::pulse(LineVoltages::rest(&array), on, 1e-3, 1.0), &mut |_| {})?;
//! assert!((transient.states()[0] - 1.5005).abs() < 1e-6);
//! # Ok::<(), ferrospice::diagnostic::Diagnostic>(())
//! ```

mod condensed;
mod control;
mod correction;
mod held;
mod latency;
mod network;
mod segment;
mod single;
mod waveform;

use self::held::HeldCurrents;
use self::latency::RateMemory;
use self::network::Network;
use super::cells::DynamicCells;
use super::geometry::Crossbar;
use super::nested_dissection::NodeVoltages;
use crate::diagnostic::Diagnostic;

pub use condensed::{Formula, condense};
pub use single::{Ramp, drive_cell, pulse};
pub use waveform::{LineVoltages, Waveform};

/// How exactly an array is simulated.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TransientOptions {
    /// Relative tolerance of the states, as `.options reltol`.
    pub reltol: f64,
    /// Absolute tolerance of the states.
    pub state_tolerance: f64,
    /// Largest sum of currents at a node in fractions of the largest current of a cell.
    pub kirchhoff: f64,
    /// Share of the tolerances up to which cells take steps of their own, from corner to corner; 0: all take the common steps.
    pub latency: f64,
    /// Within so many volts of its last evaluation a cell with held states, of a model that is no sum of power laws, is carried
    /// by its linearisation; 0: every cell is evaluated in every sweep. The neglected current, I″·δ²/2, stays below `kirchhoff`
    /// for the default.
    pub bypass: f64,
    /// Longest step, s.
    pub largest_step: f64,
}

impl Default for TransientOptions {
    fn default() -> Self {
        TransientOptions {
            reltol: 1e-3,
            state_tolerance: 1e-6,
            kirchhoff: 1e-10,
            latency: 0.5,
            bypass: 1e-6,
            largest_step: f64::INFINITY,
        }
    }
}

/// What a simulation took.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct TransientStatistics {
    /// Accepted time points.
    pub steps: u64,
    pub rejected: u64,
    /// Sweeps over all lines.
    pub sweeps: u64,
    /// Cells that took the common steps, summed over these.
    pub active: u64,
}

/// An array of cells with states, at a moment.
#[derive(Debug)]
pub struct ArrayTransient<'a, C> {
    array: Crossbar,
    cells: &'a C,
    options: TransientOptions,
    network: Network,
    held: HeldCurrents,
    rates: RateMemory,
    /// Of all cells, one after the other.
    states: Vec<f64>,
    /// The states that `held` knows.
    seen: Vec<f64>,
    time: f64,
    energy: f64,
    statistics: TransientStatistics,
}

impl<'a, C: DynamicCells> ArrayTransient<'a, C> {
    /// An array at rest with the cells in their initial states.
    ///
    /// # Errors
    /// What [`Crossbar::validate`] finds, or a number of cells that does not fit.
    pub fn new(array: &Crossbar, cells: &'a C, options: TransientOptions) -> Result<Self, Diagnostic> {
        array.validate()?;
        if cells.len() != array.cells() {
            let (given, size) = (cells.len(), format!("{} × {}", array.rows, array.columns));
            return Err(Diagnostic::error(format!("{given} cells for an array of {size}")));
        }
        let count = cells.states();
        let states: Vec<f64> = (0..cells.len()).flat_map(|cell| cells.start(cell).into_iter().take(count)).collect();
        let network = Network::new(array);
        Ok(ArrayTransient {
            array: *array,
            cells,
            options,
            held: HeldCurrents::new(cells, array, network.stride, &states, options.bypass),
            rates: RateMemory::new(if options.latency > 0.0 { cells.len() } else { 0 }, count),
            network,
            seen: states.clone(),
            states,
            time: 0.0,
            energy: 0.0,
            statistics: TransientStatistics::default(),
        })
    }

    /// Puts all cells into these states, one cell after the other.
    ///
    /// # Errors
    /// The wrong number of states.
    pub fn set_states(&mut self, states: &[f64]) -> Result<(), Diagnostic> {
        if states.len() != self.states.len() {
            let (given, needed) = (states.len(), self.states.len());
            return Err(Diagnostic::error(format!("{given} states for cells that have {needed} together")));
        }
        self.states.copy_from_slice(states);
        self.seen.copy_from_slice(states);
        self.held = HeldCurrents::new(self.cells, &self.array, self.network.stride, states, self.options.bypass);
        Ok(())
    }

    /// States of all cells, one cell after the other.
    pub fn states(&self) -> &[f64] {
        &self.states
    }

    /// Since the array was made, s.
    pub fn time(&self) -> f64 {
        self.time
    }

    /// What the sources have delivered so far, J.
    pub fn energy(&self) -> f64 {
        self.energy
    }

    pub fn statistics(&self) -> TransientStatistics {
        self.statistics
    }

    /// Voltages of the sources at the last accepted point.
    pub fn drive(&self) -> &LineVoltages {
        &self.network.drive
    }

    /// Current through a cell from word to bit line at the last accepted point, A.
    pub fn current(&self, row: usize, column: usize) -> f64 {
        self.network.currents[row * self.network.stride + column]
    }

    /// Currents through all cells, by rows, A.
    pub fn currents(&self) -> Vec<f64> {
        let rows = self.network.currents.chunks(self.network.stride);
        rows.flat_map(|row| row[..self.array.columns].iter().copied()).collect()
    }

    /// Currents out of the bit lines, A.
    pub fn bit_currents(&self) -> Vec<f64> {
        let mut sums = vec![0.0; self.array.columns];
        for row in self.network.currents.chunks(self.network.stride) {
            sums.iter_mut().zip(row).for_each(|(sum, current)| *sum += current);
        }
        sums
    }

    /// Voltages on both sides of all cells, V.
    pub fn voltages(&self) -> NodeVoltages {
        let network = &self.network;
        let ends = (0..self.array.cells()).map(|cell| {
            let (row, column) = (cell / self.array.columns, cell % self.array.columns);
            let word = network.drive.word[row] + network.word[row * network.stride + column];
            (word, network.drive.bit[column] + network.bit[network.bit_place(row, column)])
        });
        let (word, bit) = ends.unzip();
        NodeVoltages { word, bit }
    }

    /// Follows `waveform` to its end; `observe` sees every accepted time point.
    ///
    /// # Errors
    /// A waveform that does not fit, or a time point without a solution.
    pub fn run(&mut self, waveform: &Waveform, observe: &mut dyn FnMut(&Self)) -> Result<(), Diagnostic> {
        waveform.validate(&self.array)?;
        self.follow(waveform, observe)
    }
}

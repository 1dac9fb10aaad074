//! Reads as pulses through the devices' full model, states live, against currents with the states held.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::array_report::Disturb;
use super::device::CellCard;
use crate::arrays::cells::DynamicCells;
use crate::arrays::laws::OneByOne;
use crate::arrays::transient::{ArrayTransient, LineVoltages, TransientOptions, TransientStatistics, Waveform};
use crate::arrays::{ArraySolver, Crossbar, Drive, Options};
use crate::devices::cells::DeviceCells;
use crate::diagnostic::Diagnostic;

/// A read: word lines rise to their voltages, stay, and fall.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ReadPulse {
    /// Rise and fall time, s.
    pub edge: f64,
    /// s, without the edges.
    pub width: f64,
    /// Voltage at which conductances are stated, V.
    pub voltage: f64,
}

/// Reads one after the other on the same cells.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReadCheck {
    pub reads: usize,
    /// Largest difference of a bit-line current from that with states held, in fractions of the largest current.
    pub worst_current: f64,
    /// Relative change of conductance by all reads: rms and largest over the cells.
    pub rms_disturb: f64,
    pub worst_disturb: f64,
    /// Bit-line currents at the end of each read, A.
    pub currents: Vec<Vec<f64>>,
}

/// Reads an array of cells with these conductances (S, by rows) once for each set of word-line voltages (V).
///
/// # Errors
/// Conductances that the card's cell cannot have, sizes that do not fit, a time point without a solution.
pub fn read_check(
    array: &Crossbar,
    card: &CellCard,
    conductances: &[f64],
    inputs: &[Vec<f64>],
    pulse: &ReadPulse,
) -> Result<ReadCheck, Diagnostic> {
    array.validate_conductances(conductances)?;
    let cells = card.cells(array.cells())?;
    let states = states_of(&cells, conductances, pulse.voltage)?;
    let held = held_currents(array, &cells, &states, inputs)?;
    let mut live = LiveArray::new(array, &cells, states, *pulse)?;
    let (mut currents, mut worst, mut largest) = (Vec::with_capacity(inputs.len()), 0.0f64, 0.0f64);
    for (input, held) in inputs.iter().zip(&held) {
        let found = live.read(input)?;
        for (found, held) in found.iter().zip(held) {
            worst = worst.max((found - held).abs());
            largest = largest.max(held.abs());
        }
        currents.push(found);
    }
    let disturb = Disturb::of(&live.changes());
    Ok(ReadCheck {
        reads: inputs.len(),
        worst_current: if largest > 0.0 { worst / largest } else { 0.0 },
        rms_disturb: disturb.rms,
        worst_disturb: disturb.worst,
        currents,
    })
}

/// An array whose cells' states stay live from read to read.
pub struct LiveArray<'a> {
    cells: &'a DeviceCells,
    transient: ArrayTransient<'a, DeviceCells>,
    /// States before the first read, one cell after the other.
    before: Vec<f64>,
    pulse: ReadPulse,
    rest: LineVoltages,
}

impl<'a> LiveArray<'a> {
    /// `states` of all cells, one after the other.
    ///
    /// # Errors
    /// Sizes that do not fit.
    pub fn new(
        array: &Crossbar,
        cells: &'a DeviceCells,
        states: Vec<f64>,
        pulse: ReadPulse,
    ) -> Result<LiveArray<'a>, Diagnostic> {
        let mut transient = ArrayTransient::new(array, cells, TransientOptions::default())?;
        transient.set_states(&states)?;
        Ok(LiveArray { cells, transient, before: states, pulse, rest: LineVoltages::rest(array) })
    }

    /// Bit-line currents (A) at the end of a read with these word-line voltages (V); then all lines return to 0 V.
    ///
    /// # Errors
    /// A time point without a solution.
    pub fn read(&mut self, word: &[f64]) -> Result<Vec<f64>, Diagnostic> {
        let on = LineVoltages { word: word.to_vec(), bit: self.rest.bit.clone() };
        let up = Waveform::new(self.rest.clone()).to(self.pulse.edge, on.clone()).to(self.pulse.width, on.clone());
        self.transient.run(&up, &mut |_| {})?;
        let currents = self.transient.bit_currents();
        self.transient.run(&Waveform::new(on).to(self.pulse.edge, self.rest.clone()), &mut |_| {})?;
        Ok(currents)
    }

    /// Relative change of each cell's conductance since the first read.
    pub fn changes(&self) -> Vec<f64> {
        let count = self.cells.states();
        let current = |cell: usize, states: &[f64]| {
            self.cells.current(cell, self.pulse.voltage, &states[cell * count..][..count])
        };
        let now = self.transient.states();
        (0..self.cells.len()).map(|cell| current(cell, now) / current(cell, &self.before) - 1.0).collect()
    }

    /// What the sources have delivered in all reads, J.
    pub fn energy(&self) -> f64 {
        self.transient.energy()
    }

    pub fn statistics(&self) -> TransientStatistics {
        self.transient.statistics()
    }
}

/// States in which the cells have these conductances at `voltage`.
///
/// # Errors
/// A conductance that a cell cannot have; cells of more than one memristor.
pub fn states_of(cells: &DeviceCells, conductances: &[f64], voltage: f64) -> Result<Vec<f64>, Diagnostic> {
    let state = |(cell, conductance): (usize, &f64)| {
        cells.state_of_conductance(cell, *conductance, voltage).ok_or_else(|| {
            Diagnostic::error(format!("cell {cell} cannot have {conductance} S at {voltage} V"))
                .hint("cells of one memristor have the conductances of its card")
        })
    };
    conductances.par_iter().enumerate().map(state).collect()
}

/// Bit-line currents for each input with the states held, A.
pub(super) fn held_currents(
    array: &Crossbar,
    cells: &DeviceCells,
    states: &[f64],
    inputs: &[Vec<f64>],
) -> Result<Vec<Vec<f64>>, Diagnostic> {
    let law = cells.held(states);
    let drives: Vec<Drive> = inputs.iter().map(|input| Drive::inputs(input)).collect();
    let sensed = ArraySolver::new(array, &OneByOne(&law), Options::default())?.currents(&drives)?;
    Ok((0..inputs.len()).map(|input| sensed.currents.col(input).iter().copied().collect()).collect())
}

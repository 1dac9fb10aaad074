//! Reads as pulses through the devices' full model, states live, against currents with the states held.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::device::CellCard;
use crate::arrays::cells::DynamicCells;
use crate::arrays::transient::{ArrayTransient, LineVoltages, TransientOptions, Waveform};
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
    let mut transient = ArrayTransient::new(array, &cells, TransientOptions::default())?;
    transient.set_states(&states)?;
    let rest = LineVoltages::rest(array);
    let (mut currents, mut worst, mut largest) = (Vec::with_capacity(inputs.len()), 0.0f64, 0.0f64);
    for (input, held) in inputs.iter().zip(&held) {
        let on = LineVoltages { word: input.clone(), bit: rest.bit.clone() };
        let up = Waveform::new(rest.clone()).to(pulse.edge, on.clone()).to(pulse.width, on.clone());
        transient.run(&up, &mut |_| {})?;
        let live = transient.bit_currents();
        for (live, held) in live.iter().zip(held) {
            worst = worst.max((live - held).abs());
            largest = largest.max(held.abs());
        }
        currents.push(live);
        transient.run(&Waveform::new(on).to(pulse.edge, rest.clone()), &mut |_| {})?;
    }
    let count = cells.states();
    let change = |cell: usize| {
        let now = cells.current(cell, pulse.voltage, &transient.states()[cell * count..][..count]);
        let before = cells.current(cell, pulse.voltage, &states[cell * count..][..count]);
        now / before - 1.0
    };
    let changes: Vec<f64> = (0..cells.len()).map(change).collect();
    let mean_square = changes.iter().map(|change| change * change).sum::<f64>() / changes.len() as f64;
    Ok(ReadCheck {
        reads: inputs.len(),
        worst_current: if largest > 0.0 { worst / largest } else { 0.0 },
        rms_disturb: mean_square.sqrt(),
        worst_disturb: changes.iter().fold(0.0, |worst, change| worst.max(change.abs())),
        currents,
    })
}

/// States in which the cells have these conductances at `voltage`.
///
/// # Errors
/// A conductance that a cell cannot have; cells of more than one memristor.
pub(super) fn states_of(cells: &DeviceCells, conductances: &[f64], voltage: f64) -> Result<Vec<f64>, Diagnostic> {
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
    let sensed = ArraySolver::new(array, &law, Options::default())?.currents(&drives)?;
    Ok((0..inputs.len()).map(|input| sensed.currents.col(input).iter().copied().collect()).collect())
}

//! One cell between two ideal sources: the steps of [`super::ArrayTransient`] without an array.

use super::TransientOptions;
use super::condensed::ActiveCell;
use super::control::{StepControl, Verdict};
use super::segment::prepare;
use crate::arrays::cells::DynamicCells;
use crate::diagnostic::Diagnostic;

/// A straight line to a voltage.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ramp {
    /// s
    pub duration: f64,
    /// Voltage across the cell at its end, V.
    pub end: f64,
}

/// A pulse from 0 V and back.
pub fn pulse(amplitude: f64, edge: f64, width: f64) -> [Ramp; 3] {
    let ramp = |duration, end| Ramp { duration, end };
    [ramp(edge, amplitude), ramp(width, amplitude), ramp(edge, 0.0)]
}

/// Drives `cell` from 0 V along `ramps`; its `states` move. Returns the energy, J.
///
/// # Errors
/// A time point without a solution.
pub fn drive_cell(
    cells: &impl DynamicCells,
    cell: usize,
    states: &mut [f64],
    ramps: &[Ramp],
    options: &TransientOptions,
) -> Result<f64, Diagnostic> {
    let mut control = StepControl::new(options.reltol, options.state_tolerance, options.largest_step);
    let (mut start, mut energy) = (0.0, 0.0);
    for ramp in ramps {
        energy += follow(cells, cell, states, (start, ramp), &mut control)?;
        start = ramp.end;
    }
    Ok(energy)
}

fn follow(
    cells: &impl DynamicCells,
    cell: usize,
    states: &mut [f64],
    (start, ramp): (f64, &Ramp),
    control: &mut StepControl,
) -> Result<f64, Diagnostic> {
    let count = states.len();
    let first = cells.linearise(cell, start, states);
    let mut active = [ActiveCell::new(cell, 0, states, first.rate)];
    let (mut done, mut energy, mut power) = (0.0, 0.0, start * first.current);
    control.restart(ramp.duration);
    loop {
        let (step, lands) = control.propose(ramp.duration - done);
        let voltage = if lands { ramp.end } else { start + (done + step) / ramp.duration * (ramp.end - start) };
        let leading = prepare(&mut active, count, control);
        active[0].predict(control);
        if !active[0].condense(cells, count, voltage, leading) {
            if !control.shrink() {
                return Err(Diagnostic::error(format!("the states of a cell are not found at {voltage} V"))
                    .hint("use longer edges or lower voltages"));
            }
            continue;
        }
        active[0].find_rate(leading);
        if control.judge(&active, count) == Verdict::Reject {
            continue;
        }
        control.accept();
        active[0].accept();
        done += step;
        let now = voltage * active[0].current;
        energy += 0.5 * step * (power + now);
        power = now;
        if lands {
            states.copy_from_slice(&active[0].states[..count]);
            return Ok(energy);
        }
    }
}

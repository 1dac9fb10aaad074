//! Judges node voltages of an array by laws that no solver may break, in code that shares nothing with the solvers:
//! the sum of currents at every node is 0, and the power of the inputs is what wires and cells turn into heat.

use super::drive::Drive;
use super::geometry::{Crossbar, Driving};
use super::nested_dissection::NodeVoltages;
use crate::diagnostic::Diagnostic;

/// What remains of Kirchhoff's current law and of the balance of power.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Balance {
    /// Largest |sum of currents| at a node, A. Infinite if nodes that are connected ideally differ in voltage.
    pub imbalance: f64,
    /// Largest current through a cell, A.
    pub largest_current: f64,
    /// Power that the ideal inputs deliver, W.
    pub supplied: f64,
    /// Power that goes into wires, drivers, senses and cells, W.
    pub dissipated: f64,
}

impl Balance {
    /// The imbalance in fractions of the largest current through a cell; 0 if nothing flows at all.
    pub fn relative_imbalance(&self) -> f64 {
        ratio(self.imbalance, self.largest_current)
    }

    /// |supplied − dissipated| in fractions of the power dissipated.
    pub fn relative_power_error(&self) -> f64 {
        ratio((self.supplied - self.dissipated).abs(), self.dissipated)
    }
}

fn ratio(part: f64, whole: f64) -> f64 {
    if part == 0.0 { 0.0 } else { part / whole }
}

/// Balances of the whole array for these node voltages and currents through the cells (from word to bit line, A, row
/// by row), which may come from devices of any kind.
///
/// # Errors
/// Lengths that do not fit the array.
pub fn balance(
    array: &Crossbar,
    inputs: &[f64],
    voltages: &NodeVoltages,
    device_currents: &[f64],
) -> Result<Balance, Diagnostic> {
    driven_balance(array, &Drive::inputs(inputs), voltages, device_currents)
}

/// The same with bit lines that are held at given voltages.
///
/// # Errors
/// As [`balance`].
pub fn driven_balance(
    array: &Crossbar,
    drive: &Drive,
    voltages: &NodeVoltages,
    device_currents: &[f64],
) -> Result<Balance, Diagnostic> {
    array.validate()?;
    drive.validate(array)?;
    let (rows, columns) = (array.rows, array.columns);
    for (name, values) in [
        ("word-line voltages", &voltages.word[..]),
        ("bit-line voltages", &voltages.bit),
        ("currents", device_currents),
    ] {
        if values.len() != rows * columns {
            let given = values.len();
            return Err(Diagnostic::error(format!("{given} {name} for an array of {rows} × {columns}"))
                .hint("give one value per cell, row by row"));
        }
    }
    let mut total = Balance::default();
    for (row, &input) in drive.word.iter().enumerate() {
        let cells = row * columns..(row + 1) * columns;
        let end = Some((input, array.word_segment + array.driver));
        let both = array.driving == Driving::BothEnds;
        let line = Line {
            voltages: voltages.word[cells.clone()].to_vec(),
            leaving: device_currents[cells].to_vec(),
            segment: array.word_segment,
            ends: [end, end.filter(|_| both)],
        };
        line.add_to(&mut total);
    }
    for column in 0..columns {
        let cells = || (0..rows).map(|row| row * columns + column);
        let line = Line {
            voltages: cells().map(|cell| voltages.bit[cell]).collect(),
            leaving: cells().map(|cell| -device_currents[cell]).collect(),
            segment: array.bit_segment,
            ends: [None, Some((drive.bit_voltage(column), array.bit_segment + array.sense))],
        };
        line.add_to(&mut total);
    }
    for ((word, bit), current) in voltages.word.iter().zip(&voltages.bit).zip(device_currents) {
        total.dissipated += (word - bit) * current;
        total.largest_current = larger(total.largest_current, current.abs());
    }
    Ok(total)
}

/// The larger of two; NaN if either is.
fn larger(a: f64, b: f64) -> f64 {
    if a > b || a.is_nan() { a } else { b }
}

/// One word or bit line, from its start to its end.
struct Line {
    /// Where the cells touch it, V.
    voltages: Vec<f64>,
    /// Current that leaves it through each cell, A.
    leaving: Vec<f64>,
    /// Ω between two cells.
    segment: f64,
    /// Voltage of what the start and the end are connected to, and the resistance in between, Ω.
    ends: [Option<(f64, f64)>; 2],
}

impl Line {
    fn add_to(&self, total: &mut Balance) {
        if self.segment > 0.0 { self.add_resistive(total) } else { self.add_ideal(total) }
    }

    /// Every cell touches a node of its own.
    fn add_resistive(&self, total: &mut Balance) {
        let last = self.voltages.len() - 1;
        for (k, &voltage) in self.voltages.iter().enumerate() {
            let mut sum = -self.leaving[k];
            for (outermost, end, inner) in [(0, self.ends[0], k.wrapping_sub(1)), (last, self.ends[1], k + 1)] {
                if k != outermost {
                    sum += (self.voltages[inner] - voltage) / self.segment;
                } else if let Some((source, resistance)) = end {
                    let current = (source - voltage) / resistance;
                    sum += current;
                    total.supplied += source * current;
                    total.dissipated += (source - voltage) * current;
                }
            }
            total.imbalance = larger(total.imbalance, sum.abs());
        }
        for pair in self.voltages.windows(2) {
            total.dissipated += (pair[0] - pair[1]).powi(2) / self.segment;
        }
    }

    /// The whole line is one node, which may be that of its source.
    fn add_ideal(&self, total: &mut Balance) {
        let voltage = self.voltages[0];
        let mut sum = -self.leaving.iter().sum::<f64>();
        let mut agrees = self.voltages.iter().all(|other| *other == voltage);
        for (source, resistance) in self.ends.into_iter().flatten() {
            if resistance > 0.0 {
                let current = (source - voltage) / resistance;
                sum += current;
                total.supplied += source * current;
                total.dissipated += (source - voltage) * current;
            } else {
                // What the ideal source has to deliver; a second one then has nothing left to do.
                total.supplied -= source * sum;
                sum = 0.0;
                agrees &= source == voltage;
            }
        }
        total.imbalance = larger(total.imbalance, if agrees { sum.abs() } else { f64::INFINITY });
    }
}

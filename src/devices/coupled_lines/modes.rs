//! The modes of coupled lines: a basis in which each travels alone.

use crate::devices::lossy_line::Line;
use crate::numerics::joint_diagonal::{Matrix, cholesky, joint_diagonal, lower_inverse, product, transposed};

/// R, L, G and C per length, row by row.
pub struct Matrices {
    pub resistance: Matrix,
    pub inductance: Matrix,
    pub leakage: Matrix,
    pub capacitance: Matrix,
}

/// The lines of the modes, and the part of every conductor's voltage in every mode: vm = turns·v, i = turnsᵀ·im.
pub struct Modes {
    pub lines: Vec<Line>,
    pub turns: Matrix,
    /// The losses do not couple the modes.
    pub exact: bool,
}

/// What losses may couple the modes by, of their largest number.
const TOLERANCE: f64 = 1e-6;

impl Matrices {
    /// The modes, or what is wrong.
    pub fn modes(&self, length: f64) -> Result<Modes, &'static str> {
        let lower = cholesky(&self.capacitance).ok_or("`c` must be positive definite")?;
        let has_inductance = self.inductance.iter().flatten().any(|&entry| entry != 0.0);
        if has_inductance && cholesky(&self.inductance).is_none() {
            return Err("`l` must be positive definite, or 0");
        }
        let (upper, inverse) = (transposed(&lower), lower_inverse(&lower));
        let inverse_upper = transposed(&inverse);
        // In the basis v = K⁻ᵀ·u the capacitances are 1.
        let series = |matrix: &Matrix| product(&upper, &product(matrix, &lower));
        let shunt = |matrix: &Matrix| product(&inverse, &product(matrix, &inverse_upper));
        let mut all = [series(&self.inductance), series(&self.resistance), shunt(&self.leakage)].map(unit);
        let mut axes = joint_diagonal(&mut all);
        let exact = all.iter().all(|matrix| coupling(matrix) < TOLERANCE);
        if !exact && has_inductance {
            axes = joint_diagonal(&mut [unit(series(&self.inductance))]);
        }
        // Columns of the voltages of a mode, of length 1.
        let mut voltages = transposed(&product(&inverse_upper, &axes));
        let mut turns = transposed(&product(&lower, &axes));
        for (voltage, turn) in voltages.iter_mut().zip(&mut turns) {
            let norm = voltage.iter().map(|entry| entry * entry).sum::<f64>().sqrt();
            voltage.iter_mut().for_each(|entry| *entry /= norm);
            turn.iter_mut().for_each(|entry| *entry *= norm);
        }
        let line = |mode: usize| Line {
            resistance: of(&self.resistance, &turns[mode]),
            inductance: of(&self.inductance, &turns[mode]),
            leakage: of(&self.leakage, &voltages[mode]),
            capacitance: of(&self.capacitance, &voltages[mode]),
            length,
        };
        let lines = (0..turns.len()).map(line).collect();
        if !exact && !has_inductance {
            return Err("without `l`, `r`, `g` and `c` must have the same modes");
        }
        Ok(Modes { lines, turns, exact })
    }

    /// How many conductors there are.
    pub fn count(&self) -> usize {
        self.capacitance.len()
    }
}

/// xᵀ·A·x; rounding is 0.
fn of(matrix: &Matrix, x: &[f64]) -> f64 {
    let (mut sum, mut size) = (0.0, 0.0);
    for (row, a) in matrix.iter().zip(x) {
        for (entry, b) in row.iter().zip(x) {
            sum += a * entry * b;
            size += (a * entry * b).abs();
        }
    }
    if sum.abs() < 1e-12 * size { 0.0 } else { sum }
}

/// The matrix over its largest number.
fn unit(mut matrix: Matrix) -> Matrix {
    let largest = matrix.iter().flatten().fold(0.0, |most: f64, entry| most.max(entry.abs()));
    if largest == 0.0 {
        return matrix.iter().map(|row| vec![0.0; row.len()]).collect();
    }
    matrix.iter_mut().flatten().for_each(|entry| *entry /= largest);
    matrix
}

/// The largest number off the diagonal.
fn coupling(matrix: &Matrix) -> f64 {
    let off = |row: usize| matrix[row].iter().enumerate().filter(move |(column, _)| *column != row);
    (0..matrix.len()).flat_map(off).fold(0.0, |most, (_, entry)| most.max(entry.abs()))
}

/// How far a wave is damped on its way, as a number that is small for good lines: the largest of ½·R·Z⁻¹ and ½·G·Z of the modes.
pub fn damping(lines: &[Line]) -> f64 {
    let of_line = |line: &Line| {
        let impedance = (line.inductance / line.capacitance).sqrt();
        0.5 * line.length * (line.resistance / impedance + line.leakage * impedance)
    };
    lines.iter().map(of_line).fold(0.0, f64::max)
}

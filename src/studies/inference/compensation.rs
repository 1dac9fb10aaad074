//! Against the voltage drop along the wires: gains of the read-out, and conductances corrected for the drop.
//!
//! A linear array is a matrix, and port reduction gives it exactly, whatever the wires. The difference of a pair of bit lines
//! sees t_ij volts⁻¹ amperes from input i, where d_ij was wanted. A gain of each pair, g_j = Σ t·d / Σ t², is the best that the
//! read-out alone can do. Correcting conductances goes further: cell by cell, the missing α_j·d_ij − t_ij (α_j = 1/g_j, so that
//! the mean cell keeps its conductance) is divided by how much of a cell's conductance arrives at the ports,
//! a_ij = (t⁺ + t⁻)/(G⁺ + G⁻), and added to the wanted difference; pairs stay as small as their difference allows, since every
//! siemens in the array adds to the drop. That is Newton's method with the diagonal of the Jacobian alone.

use faer::{Mat, MatRef};

use super::mapping::MappedLayer;
use super::wires::Transfer;
use crate::diagnostic::Diagnostic;

/// Conductances corrected for the drop.
#[derive(Debug, Clone)]
pub struct Corrected {
    pub layer: MappedLayer,
    /// Rms error of the transfer matrix before, and after each iteration: with the best gains, in fractions of W_m.
    pub residuals: Vec<f64>,
    /// Share of cells that want more than the largest conductance.
    pub at_limit: f64,
}

/// The gain of each pair that makes `found` (S, a row per pair) fit `wanted` best in the sense of least squares; 1 for a pair
/// that carries nothing.
pub fn gains(found: MatRef<'_, f64>, wanted: MatRef<'_, f64>) -> Vec<f64> {
    let gain = |pair: usize| {
        let (mut both, mut square) = (0.0, 0.0);
        for input in 0..found.ncols() {
            both += found[(pair, input)] * wanted[(pair, input)];
            square += found[(pair, input)] * found[(pair, input)];
        }
        if both > 0.0 { both / square } else { 1.0 }
    };
    (0..found.nrows()).map(gain).collect()
}

/// Root of the mean square of `found`, times its gains, minus `wanted`.
pub fn residual(found: MatRef<'_, f64>, wanted: MatRef<'_, f64>, gains: &[f64]) -> f64 {
    let mut sum = 0.0;
    for input in 0..found.ncols() {
        for (pair, gain) in gains.iter().enumerate() {
            sum += (gain * found[(pair, input)] - wanted[(pair, input)]).powi(2);
        }
    }
    (sum / (found.nrows() * found.ncols()) as f64).sqrt()
}

/// Corrects a layer in `iterations` steps; `transfer` gives the exact transfer matrix of conductances by rows.
///
/// The result is the best that was found, with all conductances within the range.
///
/// # Errors
/// What `transfer` says.
pub fn correct(
    layer: &MappedLayer,
    wanted: MatRef<'_, f64>,
    iterations: usize,
    transfer: &mut dyn FnMut(&[f64]) -> Result<std::sync::Arc<Transfer>, Diagnostic>,
) -> Result<Corrected, Diagnostic> {
    let mut best = Corrected { layer: layer.clone(), residuals: Vec::new(), at_limit: 0.0 };
    let (mut least, mut trial, mut at_limit) = (f64::INFINITY, layer.clone(), 0.0);
    let scale = layer.unit() * layer.maximum_weight;
    for iteration in 0..=iterations {
        let conductances = trial.conductances();
        let found = transfer(&conductances)?;
        let differences = found.differences();
        let gains = gains(differences.as_ref(), wanted);
        let error = residual(differences.as_ref(), wanted, &gains) / scale;
        best.residuals.push(error);
        if error < least {
            (least, best.layer, best.at_limit) = (error, trial.clone(), at_limit);
        }
        if iteration < iterations {
            at_limit = step(&mut trial, &conductances, &found, differences, wanted, &gains);
        }
    }
    Ok(best)
}

/// One correction; the share of cells that want more than the largest conductance.
fn step(
    layer: &mut MappedLayer,
    conductances: &[f64],
    found: &Transfer,
    differences: Mat<f64>,
    wanted: MatRef<'_, f64>,
    gains: &[f64],
) -> f64 {
    let arriving = Arriving::new(conductances, found, layer.outputs);
    let (mut beyond, width) = (0_usize, layer.range.width());
    for input in 0..layer.inputs {
        for output in 0..layer.outputs {
            let missing = wanted[(output, input)] / gains[output] - differences[(output, input)];
            let share = arriving.share(input, output);
            let difference = &mut layer.differences[input * layer.outputs + output];
            if share > 0.0 {
                *difference += missing / share;
            }
            beyond += usize::from(difference.abs() > width);
            *difference = difference.clamp(-width, width);
        }
    }
    beyond as f64 / layer.differences.len() as f64
}

/// How much of a cell's conductance arrives at the ports.
struct Arriving<'a> {
    conductances: &'a [f64],
    found: &'a Transfer,
    outputs: usize,
    /// The same for whole rows and columns, and the whole layer: for cells without conductance.
    rows: Vec<f64>,
    columns: Vec<f64>,
    all: f64,
}

impl<'a> Arriving<'a> {
    fn new(conductances: &'a [f64], found: &'a Transfer, outputs: usize) -> Self {
        let inputs = found.currents.ncols();
        let (mut rows, mut columns) = (vec![[0.0; 2]; inputs], vec![[0.0; 2]; outputs]);
        for input in 0..inputs {
            for column in 0..2 * outputs {
                let pair = [found.currents[(column, input)], conductances[input * 2 * outputs + column]];
                for (sum, value) in
                    [&mut rows[input], &mut columns[column / 2]].into_iter().flatten().zip(pair.repeat(2))
                {
                    *sum += value;
                }
            }
        }
        let ratio = |[part, whole]: &[f64; 2]| if *whole > 0.0 { part / whole } else { 0.0 };
        let all = rows.iter().fold([0.0; 2], |sum, row| [sum[0] + row[0], sum[1] + row[1]]);
        let (rows, columns) = (rows.iter().map(ratio).collect(), columns.iter().map(ratio).collect());
        Arriving { conductances, found, outputs, rows, columns, all: ratio(&all) }
    }

    fn share(&self, input: usize, output: usize) -> f64 {
        let cell = (input * self.outputs + output) * 2;
        let conductance = self.conductances[cell] + self.conductances[cell + 1];
        if conductance > 0.0 {
            let currents = &self.found.currents;
            return (currents[(2 * output, input)] + currents[(2 * output + 1, input)]) / conductance;
        }
        // No cell to measure at: what its row and its column have in common with the others.
        if self.all > 0.0 { self.rows[input] * self.columns[output] / self.all } else { 0.0 }
    }
}

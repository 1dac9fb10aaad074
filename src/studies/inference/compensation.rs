//! Against the voltage drop along the wires: gains of the read-out, and conductances corrected for the drop.
//!
//! A linear array is a matrix, and port reduction gives it exactly, whatever the wires. The difference of a pair of bit lines
//! carries t_ij amperes per volt of input i, where d_ij was wanted. A gain of each pair, g_j = Σ t·d / Σ t², is the best that the
//! read-out alone can do. Correcting conductances goes further: cell by cell, what is missing of α_j·d_ij is divided by how much
//! of a cell's conductance arrives at the ports ([`super::arrival`]) and added to the wanted difference: Newton's method with the
//! diagonal of the Jacobian, from lines taken alone. Pairs stay as small as their difference allows, since every siemens in
//! the array adds to the drop. α_j is what the cell that is worst off can still give, times a headroom: less signal, but then all
//! weights of an output are in proportion.

use faer::{Mat, MatRef};

use super::mapping::MappedLayer;
use super::study::Compensation;
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

/// What is seen of an array: the differences of pairs of bit lines in S, a row per pair, and how much of each cell's conductance
/// arrives at the ports, by rows.
pub struct View {
    pub differences: Mat<f64>,
    pub arriving: Vec<f64>,
}

/// Corrects a layer step by step; `view` shows the array with given conductances, S, by rows.
///
/// The result is the best that was found, with all conductances within the range.
///
/// # Errors
/// What `view` says.
pub fn correct(
    layer: &MappedLayer,
    wanted: MatRef<'_, f64>,
    compensation: &Compensation,
    view: &mut dyn FnMut(&[f64]) -> Result<View, Diagnostic>,
) -> Result<Corrected, Diagnostic> {
    let mut best = Corrected { layer: layer.clone(), residuals: Vec::new(), at_limit: 0.0 };
    let (mut least, mut trial, mut at_limit) = (f64::INFINITY, layer.clone(), 0.0);
    let scale = layer.unit() * layer.maximum_weight;
    for iteration in 0..=compensation.iterations {
        let View { differences, arriving } = view(&trial.conductances())?;
        let gains = gains(differences.as_ref(), wanted);
        let error = residual(differences.as_ref(), wanted, &gains) / scale;
        best.residuals.push(error);
        if error < least {
            (least, best.layer, best.at_limit) = (error, trial.clone(), at_limit);
        }
        if iteration < compensation.iterations {
            at_limit = step(&mut trial, &arriving, differences.as_ref(), wanted, compensation.headroom);
        }
    }
    Ok(best)
}

/// One correction; the share of cells that want more than the largest conductance.
fn step(
    layer: &mut MappedLayer,
    arriving: &[f64],
    found: MatRef<'_, f64>,
    wanted: MatRef<'_, f64>,
    headroom: f64,
) -> f64 {
    let (inputs, outputs, width) = (layer.inputs, layer.outputs, layer.range.width());
    let share = |input: usize, output: usize| {
        let pair = &arriving[(input * outputs + output) * 2..][..2];
        0.5 * (pair[0] + pair[1])
    };
    let mut beyond = 0_usize;
    for output in 0..outputs {
        let reach = |input: usize| share(input, output) * width / wanted[(output, input)].abs();
        let scale = headroom * (0..inputs).map(reach).fold(f64::INFINITY, f64::min);
        if !scale.is_finite() {
            // Nothing is wanted of this pair.
            continue;
        }
        for input in 0..inputs {
            let missing = scale * wanted[(output, input)] - found[(output, input)];
            let difference = &mut layer.differences[input * outputs + output];
            *difference += missing / share(input, output);
            beyond += usize::from(difference.abs() > width);
            *difference = difference.clamp(-width, width);
        }
    }
    beyond as f64 / layer.differences.len() as f64
}

//! Weights of a network as pairs of conductances on neighbouring bit lines.
//!
//! ```text
//! G = g_min + |W|·(g_max − g_min)/w_max     on bit line 2·j for W > 0, on 2·j + 1 for W < 0; g_min on the other of both
//! ```
//!
//! W has a row for each word line (input) and a column for each pair of bit lines (output), so the currents' difference
//! I(2·j) − I(2·j + 1) is (g_max − g_min)/w_max·ΣW·V with ideal wires. With g_min = 0 these are equations 3 and 4 of the
//! α-Fe2O3 paper (Nanotechnology, 2023) without their noise. Weights beyond ±w_max are clipped.

use super::card::{CrossbarCard, Parameters};
use super::values::{self, Place};
use crate::circuit::Circuit;
use crate::diagnostic::Diagnostic;

/// The conductances of all cells, S, row by row, if the card has weights. `natural` is the range of the cells, S.
///
/// # Errors
/// Weights that are no finite numbers or do not fit the array, no range, other values beside them.
pub fn conductances(
    card: &CrossbarCard,
    circuit: &Circuit,
    p: &Parameters,
    place: &Place,
    natural: impl FnOnce() -> Option<[f64; 2]>,
) -> Result<Option<Vec<f64>>, Diagnostic> {
    let Some(parameter) = card.parameter("weights") else { return Ok(None) };
    if let Some(other) = card.later(&["g", "x0", "g0"]) {
        let error = card.error(&other.name, "is given beside `weights`");
        return Err(error.hint("one of both says what the cells are"));
    }
    if place.columns % 2 == 1 {
        let error = card.error("weights", &format!("needs pairs of bit lines, the array has {}", place.columns));
        return Err(error.hint("bit lines 2·j and 2·j + 1 carry the positive and the negative part of output j"));
    }
    let outputs = place.columns / 2;
    let weights = values::read(card, circuit, parameter, &Place { columns: outputs, ..*place })?;
    if let Some(bad) = weights.iter().position(|weight| !weight.is_finite()) {
        let (input, output) = (bad / outputs, bad % outputs);
        return Err(card.error("weights", &format!("is {} for input {input}, output {output}", weights[bad])));
    }
    let [low, high] = range(card, p, natural)?;
    let largest = weights.iter().fold(0.0_f64, |largest, weight| largest.max(weight.abs()));
    let full = if p.weight_max.is_nan() { largest } else { p.weight_max };
    let scale = if full > 0.0 { (high - low) / full } else { 0.0 };
    let of = |part: f64| low + part.clamp(0.0, full) * scale;
    Ok(Some(weights.iter().flat_map(|weight| [of(*weight), of(-weight)]).collect()))
}

/// `g_min` and `g_max`, or what the cells can have.
fn range(
    card: &CrossbarCard,
    p: &Parameters,
    natural: impl FnOnce() -> Option<[f64; 2]>,
) -> Result<[f64; 2], Diagnostic> {
    let [mut low, mut high] = [p.range_low, p.range_high];
    if low.is_nan() || high.is_nan() {
        let Some([least, most]) = natural() else {
            let error = card.error("g_max", "is missing: the largest weight needs a conductance");
            return Err(error.hint("write g_max=95u, and g_min= for that of weight 0"));
        };
        low = if low.is_nan() { least } else { low };
        high = if high.is_nan() { most } else { high };
    }
    if low < 0.0 || high < low || !high.is_finite() {
        let error = card.error("weights", &format!("would have conductances from {low} to {high} S"));
        return Err(error.hint("`g_min` must not be negative, nor above `g_max`"));
    }
    Ok([low, high])
}

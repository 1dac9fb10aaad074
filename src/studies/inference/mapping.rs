//! From weights to pairs of conductances.
//!
//! Equations 3 and 4 of the Fe2O3 paper: W becomes the difference of a pair, G⁺ − G⁻, and its magnitude the conductance of one of
//! them, G = |W|·G_m/W_m, while the other stays at the bottom of the range. A layer with N inputs and M outputs is kept as
//! its N × M differences d, by rows (inputs), from which both conductances follow: G_min + max(±d, 0).

use faer::{Mat, MatRef};

use super::study::{Law, Mapping, Reading};
use crate::diagnostic::Diagnostic;

/// Conductances that a cell can have, S.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range {
    pub least: f64,
    pub most: f64,
}

impl Range {
    pub fn width(self) -> f64 {
        self.most - self.least
    }

    /// Both conductances of the pair with difference `d`, positive one first.
    pub fn pair(self, d: f64) -> [f64; 2] {
        [d, -d].map(|d| (self.least + d.max(0.0)).min(self.most))
    }
}

/// A layer as wanted differences of conductances.
#[derive(Debug, Clone, PartialEq)]
pub struct MappedLayer {
    pub inputs: usize,
    pub outputs: usize,
    pub range: Range,
    pub law: Law,
    /// W_m
    pub maximum_weight: f64,
    /// Share of weights beyond W_m.
    pub clipped: f64,
    /// G⁺ − G⁻ in S, `inputs` rows of `outputs`.
    pub differences: Vec<f64>,
}

impl MappedLayer {
    /// Maps the weights (a row per output) of layer `number` (from 0).
    ///
    /// # Errors
    /// There are not as many W_m as layers, or all weights are 0.
    pub fn new(weights: MatRef<'_, f32>, number: usize, mapping: &Mapping, range: Range) -> Result<Self, Diagnostic> {
        let maximum_weight = maximum_weight(weights, number, mapping)?;
        let (outputs, inputs) = (weights.nrows(), weights.ncols());
        let mut layer = MappedLayer {
            inputs,
            outputs,
            range,
            law: mapping.law,
            maximum_weight,
            clipped: 0.0,
            differences: Vec::with_capacity(inputs * outputs),
        };
        let mut clipped = 0_usize;
        for input in 0..inputs {
            for output in 0..outputs {
                let share = f64::from(weights[(output, input)]) / maximum_weight;
                clipped += usize::from(share.abs() > 1.0);
                layer.differences.push(layer.difference(share.clamp(-1.0, 1.0)));
            }
        }
        layer.clipped = clipped as f64 / (inputs * outputs) as f64;
        Ok(layer)
    }

    /// S per unit of weight.
    pub fn unit(&self) -> f64 {
        match self.law {
            Law::Shifted => self.range.width() / self.maximum_weight,
            Law::Proportional => self.range.most / self.maximum_weight,
        }
    }

    /// The difference for the share W/W_m, −1 to 1.
    fn difference(&self, share: f64) -> f64 {
        let magnitude = match self.law {
            Law::Shifted => share.abs() * self.range.width(),
            Law::Proportional => (share.abs() * self.range.most - self.range.least).max(0.0),
        };
        magnitude.copysign(share)
    }

    /// The share W/W_m whose difference is `d`.
    fn share(&self, d: f64) -> f64 {
        let magnitude = match self.law {
            Law::Shifted => d.abs() / self.range.width(),
            Law::Proportional if d == 0.0 => 0.0,
            Law::Proportional => (d.abs() + self.range.least) / self.range.most,
        };
        magnitude.copysign(d)
    }

    /// The layer on its levels; itself if the study asks for none.
    pub fn quantised(&self, mapping: &Mapping) -> MappedLayer {
        let Some(levels) = mapping.level_count() else { return self.clone() };
        let steps = (levels - 1) as f64;
        let level = |d: f64| match mapping.quantisation {
            Reading::WeightLevels => {
                let share = ((self.share(d) + 1.0) / 2.0 * steps).round() / steps * 2.0 - 1.0;
                self.difference(share)
            }
            Reading::ConductanceLevels => {
                ((d.abs() / self.range.width() * steps).round() / steps * self.range.width()).copysign(d)
            }
        };
        MappedLayer { differences: self.differences.iter().map(|d| level(*d)).collect(), ..self.clone() }
    }

    /// Conductances of the cells in S: `inputs` rows of 2·`outputs`, each pair side by side.
    pub fn conductances(&self) -> Vec<f64> {
        self.differences.iter().flat_map(|d| self.range.pair(*d)).collect()
    }
}

impl Mapping {
    /// Number of levels; none without quantisation.
    pub fn level_count(&self) -> Option<u32> {
        self.levels.or_else(|| self.bits.map(|bits| 1 << bits))
    }
}

fn maximum_weight(weights: MatRef<'_, f32>, number: usize, mapping: &Mapping) -> Result<f64, Diagnostic> {
    if let Some(given) = &mapping.maximum_weight {
        return given.get(number).copied().ok_or_else(|| {
            let count = given.len();
            Diagnostic::error(format!("`mapping.maximum_weight` has {count} values, too few for layer {}", number + 1))
                .hint("give one for each layer")
        });
    }
    let values = || (0..weights.ncols()).flat_map(|column| weights.col(column).iter().map(|weight| f64::from(*weight)));
    let largest = values().fold(0.0_f64, |largest, weight| largest.max(weight.abs()));
    if largest == 0.0 {
        return Err(Diagnostic::error(format!("all weights of layer {} are 0", number + 1)));
    }
    let Some(sigma) = mapping.clip_sigma else { return Ok(largest) };
    let count = (weights.nrows() * weights.ncols()) as f64;
    let mean = values().sum::<f64>() / count;
    let variance = values().map(|weight| (weight - mean).powi(2)).sum::<f64>() / count;
    let limit = sigma * variance.sqrt();
    Ok(if limit > 0.0 { largest.min(limit) } else { largest })
}

/// Differences of pairs, a row for each output and a column for each input, of conductances by rows.
pub fn pair_differences(conductances: &[f64], inputs: usize, outputs: usize) -> Mat<f64> {
    Mat::from_fn(outputs, inputs, |output, input| {
        let pair = &conductances[(input * outputs + output) * 2..][..2];
        pair[0] - pair[1]
    })
}

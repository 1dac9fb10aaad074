//! The network: a matrix of weights for each layer, no bias, ReLU between the layers.

use faer::linalg::matmul::matmul;
use faer::{Accum, Mat, MatMut, MatRef, Par};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Distribution, Uniform};
use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::data_set::Examples;
use super::parts;
use crate::diagnostic::Diagnostic;

/// Images that are classified at once: enough to use the processor well, few enough to stay in its cache.
const AT_ONCE: usize = 250;

/// Layers without bias: y = W·max(0, …W·x).
#[derive(Debug, Clone, PartialEq)]
pub struct Network {
    /// A row for each output of a layer, a column for each of its inputs.
    layers: Vec<Mat<f32>>,
}

/// How many examples were recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Score {
    pub correct: usize,
    pub of: usize,
}

impl Score {
    /// The share that was recognised, 0…1.
    pub fn accuracy(self) -> f64 {
        self.correct as f64 / self.of as f64
    }
}

impl Network {
    /// A network to be trained: `sizes` are the numbers of inputs, of hidden units, and of classes.
    ///
    /// Weights are uniform over ±1/√(inputs of the layer), by `seed`: what PyTorch gives a linear layer (He's initialisation
    /// with a = √5).
    ///
    /// # Errors
    /// There are fewer than two sizes, one is 0, or there are more than 256 classes, which is what labels of one byte can tell.
    pub fn new(sizes: &[usize], seed: u64) -> Result<Self, Diagnostic> {
        if sizes.len() < 2 || sizes.contains(&0) || sizes.last().is_some_and(|classes| *classes > 256) {
            let error = Diagnostic::error("a network needs at least two sizes above 0, the last at most 256");
            return Err(error.hint("784,512,10: 784 inputs, 512 hidden units, 10 classes"));
        }
        let mut generator = ChaCha8Rng::seed_from_u64(seed);
        let mut layer = |sizes: &[usize]| {
            let limit = 1.0 / (sizes[0] as f32).sqrt();
            // The limits are finite and apart, so there is such a distribution.
            let uniform = Uniform::new_inclusive(-limit, limit).ok();
            Mat::from_fn(sizes[1], sizes[0], |_, _| uniform.map_or(0.0, |uniform| uniform.sample(&mut generator)))
        };
        Ok(Network { layers: sizes.windows(2).map(&mut layer).collect() })
    }

    /// A network of given weights: for each layer a matrix with a row per output and a column per input.
    ///
    /// # Errors
    /// There is no layer, one is empty, has a weight that is not finite, or does not fit the one before.
    pub fn from_layers(layers: Vec<Mat<f32>>) -> Result<Self, Diagnostic> {
        if layers.is_empty() {
            return Err(Diagnostic::error("a network needs at least one layer"));
        }
        for (number, layer) in layers.iter().enumerate() {
            if layer.nrows() == 0 || layer.ncols() == 0 {
                return Err(Diagnostic::error(format!("layer {} has no weights", number + 1)));
            }
            if !layer.is_all_finite() {
                return Err(Diagnostic::error(format!("layer {} has a weight that is not finite", number + 1)));
            }
        }
        for (number, pair) in layers.windows(2).enumerate() {
            let (outputs, inputs) = (pair[0].nrows(), pair[1].ncols());
            if outputs != inputs {
                let (this, next) = (number + 1, number + 2);
                return Err(Diagnostic::error(format!(
                    "layer {this} has {outputs} outputs but layer {next} {inputs} inputs"
                )));
            }
        }
        Ok(Network { layers })
    }

    /// The weights: a row for each output of a layer, a column for each of its inputs.
    pub fn layers(&self) -> &[Mat<f32>] {
        &self.layers
    }

    pub(super) fn layers_mut(&mut self) -> &mut [Mat<f32>] {
        &mut self.layers
    }

    /// Numbers of inputs, hidden units, and classes.
    pub fn sizes(&self) -> Vec<usize> {
        let inputs = self.layers.first().map(Mat::ncols);
        inputs.into_iter().chain(self.layers.iter().map(Mat::nrows)).collect()
    }

    /// What the last layer gives, a column for each column of `inputs`; the greatest tells the class.
    pub fn outputs(&self, inputs: MatRef<'_, f32>) -> Mat<f32> {
        let mut values: Option<Mat<f32>> = None;
        for (number, layer) in self.layers.iter().enumerate() {
            let before = values.as_ref().map_or(inputs, Mat::as_ref);
            let mut after = Mat::zeros(layer.nrows(), inputs.ncols());
            forward(after.as_mut(), layer.as_ref(), before, number + 1 < self.layers.len());
            values = Some(after);
        }
        values.unwrap_or_else(|| inputs.to_owned())
    }

    /// How many of the examples the network recognises.
    pub fn score(&self, examples: &Examples) -> Score {
        let count = examples.len();
        let correct = |block: usize| {
            let (first, after) = (block * AT_ONCE, (block * AT_ONCE + AT_ONCE).min(count));
            let outputs = self.outputs(examples.pixels().subcols(first, after - first));
            let labels = &examples.labels()[first..after];
            labels.iter().enumerate().filter(|&(image, label)| greatest(&outputs, image) == usize::from(*label)).count()
        };
        Score { correct: (0..count.div_ceil(AT_ONCE)).into_par_iter().map(correct).sum(), of: count }
    }
}

/// One layer: `after` = W·`before`, without what is below 0 if `rectify`.
pub(super) fn forward(after: MatMut<'_, f32>, layer: MatRef<'_, f32>, before: MatRef<'_, f32>, rectify: bool) {
    let cost = layer.nrows() * layer.ncols() * before.ncols();
    parts::for_each(after, cost, &|first, mut part| {
        let weights = layer.subrows(first, part.nrows());
        matmul(part.as_mut(), Accum::Replace, weights, before, 1.0, Par::Seq);
        if rectify {
            for column in part.col_iter_mut() {
                column.iter_mut().for_each(|value| *value = value.max(0.0));
            }
        }
    });
}

/// The row of the greatest value of a column, the first of equals.
pub(super) fn greatest(values: &Mat<f32>, column: usize) -> usize {
    let column = values.col(column);
    (1..column.nrows()).fold(0, |best, row| if column[row] > column[best] { row } else { best })
}

//! Learning by stochastic gradient descent.
//!
//! The loss is the cross-entropy of the softmax of the outputs z and the class c, L = ln Σⱼ e^(zⱼ) − z_c, averaged over a batch.
//! Its derivative by the outputs is δ = softmax(z) − e_c; a layer hands it back as Wᵀ·δ where its input is above 0, and learns
//! by W ← W − rate/batch · δ·xᵀ, which is done in one step: the gradient is never stored.
//!
//! The order of the examples and all sums depend on the seed alone, not on the number of threads.

use faer::linalg::matmul::matmul;
use faer::{Accum, Mat, MatMut, MatRef, Par};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Distribution, Uniform};

use super::data_set::{DataSet, Examples};
use super::layers::{Network, Score, forward, greatest};
use super::parts;
use crate::diagnostic::Diagnostic;

/// The stream of random numbers that shuffles; the first makes the initial weights.
const SHUFFLING: u64 = 1;
/// How often in an epoch its progress is told.
const TOLD: usize = 100;

/// How a network learns.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// Step along the gradient of the mean loss of a batch.
    pub rate: f32,
    /// Examples per step.
    pub batch: usize,
    /// Of the order of the examples.
    pub seed: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Settings { rate: 0.01, batch: 32, seed: 0 }
    }
}

/// A point of the learning curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Epoch {
    /// From 1.
    pub number: usize,
    /// Mean loss of the examples learnt from, each when its turn came (before its step), nats.
    pub loss: f64,
    /// The examples learnt from that were recognised when their turn came (before their step).
    pub training: Score,
    /// The test examples that are recognised at the end of the epoch.
    pub test: Score,
}

/// A network that learns, with the memory it needs for that.
#[derive(Debug)]
pub struct Training {
    network: Network,
    settings: Settings,
    generator: ChaCha8Rng,
    epochs: usize,
    /// Inputs of the first layer, then outputs of each, a column per example of the batch.
    values: Vec<Mat<f32>>,
    /// Derivatives of the loss by the outputs of each layer, before rectification.
    errors: Vec<Mat<f32>>,
}

/// Loss and recognised examples of a batch.
struct Seen {
    loss: f64,
    correct: usize,
}

impl Training {
    /// # Errors
    /// The rate is not above 0 or the batch is empty.
    pub fn new(network: Network, settings: Settings) -> Result<Self, Diagnostic> {
        if !(settings.rate > 0.0 && settings.rate.is_finite()) {
            return Err(Diagnostic::error(format!("the learning rate must be above 0, not {}", settings.rate)));
        }
        if settings.batch == 0 {
            return Err(Diagnostic::error("a batch needs at least one example"));
        }
        let mut generator = ChaCha8Rng::seed_from_u64(settings.seed);
        generator.set_stream(SHUFFLING);
        Ok(Training { network, settings, generator, epochs: 0, values: Vec::new(), errors: Vec::new() })
    }

    pub fn network(&self) -> &Network {
        &self.network
    }

    pub fn into_network(self) -> Network {
        self.network
    }

    /// Learns from every example once; `watch` is told the share of the epoch that is over.
    ///
    /// # Errors
    /// The examples do not fit the network, or the weights grew beyond all bounds.
    pub fn epoch(&mut self, data: &DataSet, watch: &(dyn Fn(f64) + Sync)) -> Result<Epoch, Diagnostic> {
        self.fits(&data.training)?;
        self.fits(&data.test)?;
        // Within the threads of rayon, so that sharing work needs no message to them.
        let (result, ()) = rayon::join(|| self.learn(&data.training, watch), || ());
        let seen = result?;
        self.epochs += 1;
        let of = data.training.len();
        Ok(Epoch {
            number: self.epochs,
            loss: seen.loss / of as f64,
            training: Score { correct: seen.correct, of },
            test: self.network.score(&data.test),
        })
    }

    fn fits(&self, examples: &Examples) -> Result<(), Diagnostic> {
        let sizes = self.network.sizes();
        let (inputs, classes) = (sizes[0], sizes[sizes.len() - 1]);
        if examples.is_empty() {
            return Err(Diagnostic::error("there are no examples"));
        }
        if examples.inputs() != inputs {
            let error = Diagnostic::error(format!(
                "the images have {} pixels but the network {inputs} inputs",
                examples.inputs()
            ));
            return Err(error.hint(format!("the first layer must have {}: --layers {0},…", examples.inputs())));
        }
        match examples.labels().iter().find(|label| usize::from(**label) >= classes) {
            Some(label) => {
                Err(Diagnostic::error(format!("there is a label {label} but the network has {classes} outputs")))
            }
            None => Ok(()),
        }
    }

    fn learn(&mut self, examples: &Examples, watch: &(dyn Fn(f64) + Sync)) -> Result<Seen, Diagnostic> {
        let order = shuffled(examples.len(), &mut self.generator);
        let batch = self.settings.batch.min(order.len());
        let sizes = self.network.sizes();
        if self.values.first().is_none_or(|values| values.ncols() != batch) {
            self.values = sizes.iter().map(|size| Mat::zeros(*size, batch)).collect();
            self.errors = sizes[1..].iter().map(|size| Mat::zeros(*size, batch)).collect();
        }
        let batches = order.len().div_ceil(batch);
        let (mut seen, mut labels) = (Seen { loss: 0.0, correct: 0 }, Vec::with_capacity(batch));
        for (number, chosen) in order.chunks(batch).enumerate() {
            labels.clear();
            for (column, &example) in chosen.iter().enumerate() {
                self.values[0].col_mut(column).copy_from(examples.pixels().col(example));
                labels.push(examples.labels()[example]);
            }
            let of_batch = self.step(&labels);
            if !of_batch.loss.is_finite() {
                let error =
                    Diagnostic::error(format!("the weights grew beyond all bounds in epoch {}", self.epochs + 1));
                return Err(error.hint(format!("use a smaller learning rate than {}", self.settings.rate)));
            }
            seen.loss += of_batch.loss;
            seen.correct += of_batch.correct;
            if number * TOLD / batches != (number + 1) * TOLD / batches {
                watch((number + 1) as f64 / batches as f64);
            }
        }
        Ok(seen)
    }

    /// One step of learning from the examples in the first columns of `values[0]`.
    fn step(&mut self, labels: &[u8]) -> Seen {
        let count = labels.len();
        let layers = self.network.layers();
        for (number, layer) in layers.iter().enumerate() {
            let (before, after) = self.values.split_at_mut(number + 1);
            let before = before[number].subcols(0, count);
            forward(after[0].subcols_mut(0, count), layer.as_ref(), before, number + 1 < layers.len());
        }
        let seen = self.compare(labels);
        self.correct(count);
        seen
    }

    /// Takes the step along the gradient, from the errors of the last layer.
    fn correct(&mut self, count: usize) {
        let layers = self.network.layers_mut();
        // All errors first: they need the weights that the outputs were made with.
        for number in (1..layers.len()).rev() {
            let (this, next) = self.errors.split_at_mut(number);
            let (this, next) = (this[number - 1].subcols_mut(0, count), next[0].subcols(0, count));
            hand_back(this, layers[number].as_ref(), next, self.values[number].subcols(0, count));
        }
        let step = -self.settings.rate / count as f32;
        for (number, layer) in layers.iter_mut().enumerate() {
            let (errors, inputs) = (self.errors[number].subcols(0, count), self.values[number].subcols(0, count));
            let cost = layer.nrows() * layer.ncols() * count;
            parts::for_each(layer.as_mut(), cost, &|first, part| {
                let errors = errors.subrows(first, part.nrows());
                matmul(part, Accum::Add, errors, inputs.transpose(), step, Par::Seq);
            });
        }
    }

    /// Puts softmax(z) − e_c into the errors of the last layer.
    fn compare(&mut self, labels: &[u8]) -> Seen {
        let last = self.errors.len() - 1;
        let (outputs, errors) = (&self.values[last + 1], &mut self.errors[last]);
        let mut seen = Seen { loss: 0.0, correct: 0 };
        for (column, label) in labels.iter().enumerate() {
            let class = usize::from(*label);
            let best = greatest(outputs, column);
            seen.correct += usize::from(best == class);
            let (outputs, mut errors) = (outputs.col(column), errors.col_mut(column));
            let mut sum = 0.0;
            for (error, output) in errors.as_mut().iter_mut().zip(outputs.iter()) {
                // The greatest exponent is 0, so that nothing overflows.
                *error = libm::expf(output - outputs[best]);
                sum += *error;
            }
            errors.as_mut().iter_mut().for_each(|error| *error /= sum);
            errors[class] -= 1.0;
            seen.loss += f64::from(libm::logf(sum) + outputs[best] - outputs[class]);
        }
        seen
    }
}

/// Errors of a layer from those of the next, Wᵀ·δ where its output is above 0.
fn hand_back(this: MatMut<'_, f32>, weights: MatRef<'_, f32>, next: MatRef<'_, f32>, outputs: MatRef<'_, f32>) {
    let cost = weights.nrows() * weights.ncols() * next.ncols();
    parts::for_each(this, cost, &|first, mut part| {
        let rows = part.nrows();
        matmul(part.as_mut(), Accum::Replace, weights.subcols(first, rows).transpose(), next, 1.0, Par::Seq);
        for (errors, outputs) in part.col_iter_mut().zip(outputs.subrows(first, rows).col_iter()) {
            for (error, output) in errors.iter_mut().zip(outputs.iter()) {
                *error = if *output > 0.0 { *error } else { 0.0 };
            }
        }
    });
}

/// 0 to `count` − 1 in random order (Fisher and Yates's shuffle).
fn shuffled(count: usize, generator: &mut ChaCha8Rng) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    for last in (1..count).rev() {
        // `Uniform` of a range that is not empty always is.
        let chosen = Uniform::new_inclusive(0, last as u64).map_or(last, |range| range.sample(generator) as usize);
        order.swap(last, chosen);
    }
    order
}

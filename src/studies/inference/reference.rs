//! The network in software, in double precision: what the circuits are compared with.

use faer::linalg::matmul::matmul;
use faer::{Accum, Mat, MatRef, Par};

use super::report::Accuracy;
use crate::network::{Examples, Network};

/// The software network at the first images.
pub struct Reference {
    /// Weights of each layer: a row per output.
    pub weights: Vec<Mat<f64>>,
    /// Inputs of each layer, a column for each of the first images.
    pub inputs: Vec<Mat<f64>>,
    /// W·x of each layer for them.
    pub outputs: Vec<Mat<f64>>,
    /// Of all images, single precision.
    pub accuracy: Accuracy,
}

impl Reference {
    /// `images` are those that are kept.
    pub fn new(network: &Network, examples: &Examples, images: usize) -> Reference {
        let double = |layer: &Mat<f32>| Mat::from_fn(layer.nrows(), layer.ncols(), |i, j| f64::from(layer[(i, j)]));
        let weights: Vec<Mat<f64>> = network.layers().iter().map(double).collect();
        let images = images.min(examples.len());
        let mut reference = Reference {
            weights,
            inputs: vec![pixels(examples, 0, images)],
            outputs: Vec::new(),
            accuracy: accuracy_of(network, examples),
        };
        for number in 0..reference.weights.len() {
            let outputs = multiply(reference.weights[number].as_ref(), reference.inputs[number].as_ref());
            if number + 1 < reference.weights.len() {
                reference.inputs.push(rectified(outputs.as_ref()));
            }
            reference.outputs.push(outputs);
        }
        reference
    }

    /// Largest input of a layer over the first `images`; 1 if there is none above 0.
    pub fn full_scale(&self, layer: usize, images: usize) -> f64 {
        let inputs = &self.inputs[layer];
        let images = images.min(inputs.ncols());
        let columns = inputs.subcols(0, images);
        let largest = columns.col_iter().flat_map(|column| column.iter()).fold(0.0_f64, |most, value| most.max(*value));
        if largest > 0.0 { largest } else { 1.0 }
    }
}

/// Images as columns of activations.
pub fn pixels(examples: &Examples, first: usize, count: usize) -> Mat<f64> {
    let pixels = examples.pixels();
    Mat::from_fn(pixels.nrows(), count, |pixel, image| f64::from(pixels[(pixel, first + image)]))
}

/// What is above 0.
pub fn rectified(values: MatRef<'_, f64>) -> Mat<f64> {
    Mat::from_fn(values.nrows(), values.ncols(), |row, column| values[(row, column)].max(0.0))
}

fn multiply(weights: MatRef<'_, f64>, inputs: MatRef<'_, f64>) -> Mat<f64> {
    let mut outputs = Mat::zeros(weights.nrows(), inputs.ncols());
    matmul(outputs.as_mut(), Accum::Replace, weights, inputs, 1.0, Par::Seq);
    outputs
}

fn accuracy_of(network: &Network, examples: &Examples) -> Accuracy {
    let score = network.score(examples);
    Accuracy::new(score.correct, score.of)
}

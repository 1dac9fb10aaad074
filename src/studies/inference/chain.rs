//! All layers one after the other, for all images.

use faer::{Mat, MatRef};
use rayon::prelude::*;

use super::layer_circuit::{LayerCircuit, Outputs};
use super::reference::{Reference, pixels};
use crate::diagnostic::Diagnostic;
use crate::network::Examples;

/// Images of a block: enough to use the processor well, few enough to stay in its cache.
const AT_ONCE: usize = 250;

/// What a chain of layers gave.
#[derive(Debug, Clone, Default)]
pub struct Answers {
    /// The class of each image.
    pub classes: Vec<u8>,
    /// For each layer its outputs from the ideal activations of the compared images.
    pub outputs: Vec<Mat<f64>>,
    /// And the current differences behind them, A.
    pub differences: Vec<Mat<f64>>,
    /// For each layer the share of inputs beyond its full scale.
    pub saturated: Vec<f64>,
}

/// What a block of images gave.
struct Block {
    classes: Vec<u8>,
    compared: Vec<Outputs>,
    saturated: Vec<usize>,
}

/// Classifies all images; outputs of the first `compared` of them are kept for comparison. `watch` is told of each block the
/// number of images.
///
/// The result is the same to the last bit for any number of threads.
///
/// # Errors
/// A solver does not come to an end.
pub fn run(
    layers: &[LayerCircuit],
    examples: &Examples,
    reference: &Reference,
    compared: usize,
    watch: &(dyn Fn(usize) + Sync),
) -> Result<Answers, Diagnostic> {
    let count = examples.len();
    let compared = compared.min(count).min(reference.inputs[0].ncols());
    let block = |number: usize| {
        let first = number * AT_ONCE;
        let size = AT_ONCE.min(count - first);
        let result = run_block(layers, examples, reference, first, size, compared.saturating_sub(first).min(size));
        watch(size);
        result
    };
    let numbers = 0..count.div_ceil(AT_ONCE);
    // What shares its work itself needs much memory for each block.
    let blocks: Vec<Result<Block, Diagnostic>> = if layers.iter().any(|layer| layer.plant.is_slow()) {
        numbers.map(block).collect()
    } else {
        numbers.into_par_iter().map(block).collect()
    };
    let blocks = blocks.into_iter().collect::<Result<Vec<Block>, Diagnostic>>()?;
    let mut answers = Answers::default();
    for (number, layer) in layers.iter().enumerate() {
        let outputs = layer.gains.len();
        let (mut values, mut differences) = (Mat::zeros(outputs, compared), Mat::zeros(outputs, compared));
        for (index, of_block) in blocks.iter().enumerate() {
            if let Some(part) = of_block.compared.get(number) {
                let (first, size) = (index * AT_ONCE, part.values.ncols());
                values.subcols_mut(first, size).copy_from(&part.values);
                differences.subcols_mut(first, size).copy_from(&part.differences);
            }
        }
        answers.outputs.push(values);
        answers.differences.push(differences);
        let saturated: usize = blocks.iter().map(|block| block.saturated[number]).sum();
        answers.saturated.push(saturated as f64 / (count * reference.inputs[number].nrows()) as f64);
    }
    answers.classes = blocks.into_iter().flat_map(|block| block.classes).collect();
    Ok(answers)
}

fn run_block(
    layers: &[LayerCircuit],
    examples: &Examples,
    reference: &Reference,
    first: usize,
    size: usize,
    compared: usize,
) -> Result<Block, Diagnostic> {
    let mut activations = pixels(examples, first, size);
    let mut block = Block { classes: Vec::new(), compared: Vec::new(), saturated: Vec::new() };
    for (number, layer) in layers.iter().enumerate() {
        let outputs = layer.read(activations.as_ref(), first)?;
        block.saturated.push(outputs.saturated);
        if compared > 0 {
            block.compared.push(if number == 0 {
                Outputs {
                    values: outputs.values.subcols(0, compared).to_owned(),
                    differences: outputs.differences.subcols(0, compared).to_owned(),
                    saturated: 0,
                }
            } else {
                layer.read(reference.inputs[number].subcols(first, compared), first)?
            });
        }
        if number + 1 < layers.len() {
            activations = layer.activations(outputs.values.as_ref());
        } else {
            block.classes = (0..size).map(|image| greatest(outputs.values.as_ref(), image) as u8).collect();
        }
    }
    Ok(block)
}

/// The row of the greatest value of a column, the first of equals.
pub(super) fn greatest(values: MatRef<'_, f64>, column: usize) -> usize {
    let column = values.col(column);
    (1..column.nrows()).fold(0, |best, row| if column[row] > column[best] { row } else { best })
}

//! Files of weights: safetensors, which PyTorch and others read and write, and NumPy's .npy.
//!
//! Layers are called `layer1.weight`, `layer2.weight`, …, each with a row for every output and a column for every input, as in
//! PyTorch. Reading takes any names, in the order of the numbers in them, and layers with a row for every input too, if all are
//! like that.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use faer::Mat;
use half::f16;
use safetensors::tensor::{Dtype, SafeTensors, TensorView, serialize};

use super::layers::Network;
use super::npy;
use crate::diagnostic::Diagnostic;
use crate::numerics::npy::number;

/// How many bits the numbers of a file have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precision {
    /// float32: the weights as they are.
    Single,
    /// float16: half the size, each weight rounded to 11 bits.
    Half,
}

/// The network as the contents of a safetensors file; `description` becomes part of it.
///
/// # Errors
/// The network is too large for the format.
pub fn to_safetensors(network: &Network, precision: Precision, description: &str) -> Result<Vec<u8>, Diagnostic> {
    let failed = |error| Diagnostic::error(format!("cannot write the weights: {error}"));
    let bytes = |layer: &Mat<f32>| -> Vec<u8> {
        let rows = (0..layer.nrows()).flat_map(|row| (0..layer.ncols()).map(move |column| layer[(row, column)]));
        match precision {
            Precision::Single => rows.flat_map(f32::to_le_bytes).collect(),
            Precision::Half => rows.flat_map(|weight| f16::from_f32(weight).to_le_bytes()).collect(),
        }
    };
    let kind = match precision {
        Precision::Single => Dtype::F32,
        Precision::Half => Dtype::F16,
    };
    let values: Vec<Vec<u8>> = network.layers().iter().map(bytes).collect();
    let mut tensors = Vec::new();
    for (index, (layer, values)) in network.layers().iter().zip(&values).enumerate() {
        let shape = vec![layer.nrows(), layer.ncols()];
        tensors.push((format!("layer{}.weight", index + 1), TensorView::new(kind, shape, values).map_err(failed)?));
    }
    // One entry only: the order of several would not be the same every time.
    let about = HashMap::from([("description".to_string(), description.to_string())]);
    serialize(tensors, Some(about)).map_err(failed)
}

/// Reads a network: one safetensors file, or a .npy file for each layer in their order.
///
/// # Errors
/// A file cannot be read, is of another kind, or its layers are no network without bias.
pub fn read(files: &[PathBuf]) -> Result<Network, Diagnostic> {
    let layers = match files {
        [] => return Err(Diagnostic::error("no file of weights is given")),
        [file] if !is_npy(file) => layers_of(&contents(file)?, &file.display().to_string())?,
        files => {
            if let Some(other) = files.iter().find(|file| !is_npy(file)) {
                return Err(Diagnostic::error(format!("`{}` is no .npy file", other.display()))
                    .hint("weights are one .safetensors file, or a .npy file for each layer"));
            }
            let layer = |file: &PathBuf| npy::matrix(&contents(file)?, &file.display().to_string());
            files.iter().map(layer).collect::<Result<_, _>>()?
        }
    };
    let names: Vec<String> = files.iter().map(|file| format!("`{}`", file.display())).collect();
    network(layers).map_err(|mut error| {
        error.message = format!("{}: {}", names.join(", "), error.message);
        error
    })
}

fn is_npy(file: &Path) -> bool {
    file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("npy"))
}

fn contents(file: &Path) -> Result<Vec<u8>, Diagnostic> {
    std::fs::read(file).map_err(|error| Diagnostic::error(format!("cannot read `{}`: {error}", file.display())))
}

/// The network that the bytes of a safetensors file are; `name` is for messages.
///
/// # Errors
/// It is no such file, or its layers are no network without bias.
pub fn of_safetensors(bytes: &[u8], name: &str) -> Result<Network, Diagnostic> {
    network(layers_of(bytes, name)?)
}

/// The matrices of a safetensors file, in the order of the numbers in their names.
fn layers_of(bytes: &[u8], name: &str) -> Result<Vec<Mat<f32>>, Diagnostic> {
    let file = SafeTensors::deserialize(bytes).map_err(|error| {
        Diagnostic::error(format!("`{name}` is no safetensors file: {error}"))
            .hint("weights are one .safetensors file, or a .npy file for each layer")
    })?;
    let mut tensors = file.tensors();
    tensors.sort_by_cached_key(|(name, _)| (numbers(name), name.clone()));
    tensors.iter().map(|(tensor, view)| matrix(view, tensor, name)).collect()
}

/// The numbers in a name: `fc10.weight` comes after `fc2.weight`.
fn numbers(name: &str) -> Vec<u64> {
    name.split(|c: char| !c.is_ascii_digit()).filter_map(|digits| digits.parse().ok()).collect()
}

fn matrix(view: &TensorView<'_>, tensor: &str, name: &str) -> Result<Mat<f32>, Diagnostic> {
    let size = match view.dtype() {
        Dtype::F16 => 2,
        Dtype::F32 => 4,
        Dtype::F64 => 8,
        other => {
            let error = Diagnostic::error(format!("`{tensor}` of `{name}` holds numbers of type {other:?}"));
            return Err(error.hint("weights are float16, float32 or float64"));
        }
    };
    let &[rows, columns] = view.shape() else {
        let shape = view.shape();
        let error = Diagnostic::error(format!("`{tensor}` of `{name}` is no matrix: its shape is {shape:?}"));
        return Err(error.hint("layers have no bias here: train with bias=False"));
    };
    // With one side of 0 the other may be as large as it likes.
    if rows == 0 || columns == 0 {
        return Err(Diagnostic::error(format!(
            "`{tensor}` of `{name}` holds no weights: it is a matrix of {rows}×{columns}"
        )));
    }
    // The length of the data was compared with the shape when the file was read.
    let place = |row: usize, column: usize| (row * columns + column) * size;
    Ok(Mat::from_fn(rows, columns, |row, column| number(&view.data()[place(row, column)..][..size]) as f32))
}

/// The network of matrices that all have a row per output, or all a row per input.
fn network(layers: Vec<Mat<f32>>) -> Result<Network, Diagnostic> {
    let chained = |fits: &dyn Fn(&Mat<f32>, &Mat<f32>) -> bool| layers.windows(2).all(|pair| fits(&pair[0], &pair[1]));
    let by_outputs = chained(&|this, next| this.nrows() == next.ncols());
    let by_inputs = chained(&|this, next| this.ncols() == next.nrows());
    if by_inputs && !by_outputs {
        return Network::from_layers(layers.iter().map(|layer| layer.transpose().to_owned()).collect());
    }
    Network::from_layers(layers)
}

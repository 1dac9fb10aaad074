//! Where images, weights and cells come from.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The images, from IDX files, plain or compressed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Data {
    /// A set that comes with the program. Default: `"fashion_mnist"`. Example: `set = "mnist"`
    pub set: NamedSet,
    /// Folder with `t10k-images-idx3-ubyte` and `t10k-labels-idx1-ubyte`, in place of a set, relative to the study.
    /// Default: none. Example: `dir = "../images"`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dir: Option<PathBuf>,
    /// Only the first so many images. Default: all. Example: `images = 500`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub images: Option<usize>,
}

impl Default for Data {
    fn default() -> Self {
        Data { set: NamedSet::FashionMnist, dir: None, images: None }
    }
}

/// Sets of images known by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NamedSet {
    FashionMnist,
    Mnist,
}

/// The weights, with a row for each output of a layer and a column for each input (or all the other way round).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Weights {
    /// A `.safetensors` file, or a `.npy` file for each layer, relative to the study. Required.
    /// Example: `weights = "fashion_mnist.safetensors"` or `weights = ["layer1.npy", "layer2.npy"]`
    pub weights: WeightFiles,
}

/// One file or several.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "a file name or a list of file names is expected")]
pub enum WeightFiles {
    One(PathBuf),
    Several(Vec<PathBuf>),
}

impl Default for WeightFiles {
    fn default() -> Self {
        WeightFiles::Several(Vec::new())
    }
}

impl WeightFiles {
    pub fn paths(&self) -> Vec<PathBuf> {
        match self {
            WeightFiles::One(path) => vec![path.clone()],
            WeightFiles::Several(paths) => paths.clone(),
        }
    }
}

/// What the cells are.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Device {
    /// File with the model card, relative to the study. Default: none. Example: `file = "../device_models/feo.lib"`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<PathBuf>,
    /// Name of the model in that file. Default: the only one there. Example: `model = "feo"`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Smallest conductance, S. Default: what the card's cell conducts in its high-resistance state at its read voltage.
    /// Example: `g_min = 5e-6`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub g_min: Option<f64>,
    /// Largest conductance G_m, S. Default: what the card's cell conducts in its low-resistance state at its read voltage.
    /// Example: `g_max = 95e-6`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub g_max: Option<f64>,
}

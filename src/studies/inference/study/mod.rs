//! What a study says: a TOML file with a table for each part of the way from images to classes.
//!
//! Every field has a default but the weights and, without a device card, the range of conductances. Unknown names are errors.
//! `docs/reference/studies.md`, the reference for users, is made from these structures and their comments.

mod circuit;
mod file;
mod runs;
mod setting;
mod sources;
mod target;
mod validate;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use circuit::{
    Array, Calibrated, Cells, Coding, Compensation, CompensationMethod, Drift, FullScale, Input, Law, Mapping, Method,
    Neuron, Programming, Reading, Readout, Tile, Whole,
};
pub use file::{Plan, StudyFile, parse, read};
pub use runs::{Axis, Run, Sweep, Validation};
pub use setting::Setting;
pub use sources::{Data, Device, NamedSet, WeightFiles, Weights};
pub use target::{Quantity, Target, TargetCheck, TrainingRun};

/// A study of a network on crossbars.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Study {
    /// Heading of the page. Default: empty. Example: `title = "Fashion-MNIST on whole-layer crossbars"`
    pub title: String,
    /// The images.
    pub data: Data,
    /// The weights.
    pub network: Weights,
    /// What the cells are.
    pub device: Device,
    /// From weights to conductances.
    pub mapping: Mapping,
    /// From wanted conductances to those that the cells get.
    pub programming: Programming,
    /// From activations to voltages.
    pub input: Input,
    /// From currents to activations.
    pub readout: Readout,
    /// From the currents of one layer to the voltages of the next.
    pub neuron: Neuron,
    /// The wires.
    pub array: Array,
    /// What is done against the voltage drop along the wires.
    pub compensation: Compensation,
    /// Seeds and threads.
    pub run: Run,
    /// What is compared besides.
    pub validation: Validation,
    /// Further variants, each `[[sweep]]` on its own around the values above.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sweep: Vec<Sweep>,
    /// Published figures that this study is to reproduce, each `[[target]]` on its own; judged by `ferrospice reproduce --network`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub target: Vec<Target>,
}

//! Published figures that a study is to reproduce, and what decides whether it does.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A published figure.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// Its name; ids of one letter are of one paper. Required. Example: `id = "C1"`
    pub id: String,
    /// Which figure, and what it shows. Required. Example: `figure = "5c: accuracy against bits"`
    pub figure: String,
    /// What the paper gives. Required. Example: `paper = "88.06 %"`
    pub paper: String,
    /// What the paper leaves open, and how it was read. Default: empty. Example: `assumed = "σ/G_m = 0.04"`
    #[serde(default)]
    pub assumed: String,
    /// What was chosen so that the figure comes out. Default: empty. Example: `fitted = "σ/G_m"`
    #[serde(default)]
    pub fitted: String,
    /// What else is to be said. Default: empty. Example: `remark = "the paper's network reaches 88.8 % in software"`
    #[serde(default)]
    pub remark: String,
    /// What must hold; the value of the first one is shown. Required.
    pub check: Vec<TargetCheck>,
    /// Training behind a sweep of `network.weights`. Default: none.
    /// Example: `training = { epochs = [1, 10, 100], curve = "learning_curve.csv" }`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub training: Option<TrainingRun>,
}

/// The epochs of weights that were saved while a network learnt.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TrainingRun {
    /// Epoch of each value of the sweep, in its order. Required. Example: `epochs = [1, 10, 100]`
    pub epochs: Vec<u32>,
    /// The table that `ferrospice train --curve FILE.csv` wrote, relative to the study. Required.
    /// Example: `curve = "learning_curve.csv"`
    pub curve: PathBuf,
}

/// One condition: of the study itself, of one point of its sweeps, or of all points of a sweep.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TargetCheck {
    /// What is judged. Required. Example: `quantity = "accuracy_mean"`
    pub quantity: Quantity,
    /// Settings of the point of a sweep that is judged. Default: the study itself. Example: `at = { "mapping.bits" = 5 }`
    #[serde(default, skip_serializing_if = "toml::Table::is_empty")]
    #[schemars(with = "serde_json::Map<String, serde_json::Value>")]
    pub at: toml::Table,
    /// Number of a sweep, from 0, all of whose points must pass; the worst is shown. Default: none. Example: `every_of = 0`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every_of: Option<usize>,
    /// Least value. Default: none. Example: `at_least = 68.0`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<f64>,
    /// Greatest value. Default: none. Example: `at_most = 88.56`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<f64>,
}

/// What can be judged of a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Quantity {
    /// Mean accuracy over the seeds, %.
    #[default]
    AccuracyMean,
    /// Accuracy with the study's own seed, %.
    Accuracy,
    /// Accuracy of the network in software, %.
    SoftwareAccuracy,
    /// How far the mean accuracy lies below that in software, percentage points.
    Loss,
    /// Rows of the confusion matrix, with the study's own seed, whose greatest number is that on the diagonal alone.
    LeadingDiagonals,
}

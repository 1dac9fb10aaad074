//! What is run: seeds, sweeps, and what is compared besides.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Seeds and threads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Run {
    /// Seed of everything random; the headline is the result of this one. Default: 0. Example: `seed = 7`
    pub seed: u64,
    /// Number of seeds: `seed`, `seed` + 1, …; means and standard deviations are over them. Default: 1. Example: `seeds = 20`
    pub seeds: u64,
    /// Threads; 0 for all cores. Results do not depend on them. Default: 0. Example: `threads = 4`
    pub threads: usize,
}

impl Default for Run {
    fn default() -> Self {
        Run { seed: 0, seeds: 1, threads: 0 }
    }
}

/// What is compared besides the classes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Validation {
    /// Accuracy and errors after each stage, from software to the full circuit. Default: true. Example: `stages = false`
    pub stages: bool,
    /// The first so many images, whose W·x is compared with the currents. Default: 500. Example: `images = 100`
    pub images: usize,
    /// Points of each layer's scatter plot, at most. Default: 2000. Example: `scatter = 500`
    pub scatter: usize,
    /// Images that also go through the devices' full model as transient read pulses, states live. Default: 0.
    /// Example: `transient_images = 100`
    pub transient_images: usize,
    /// Tiles of 16×16 cells of each layer that are also solved by the circuit engine as a flat netlist. Default: 0.
    /// Example: `tiles = 4`
    pub tiles: usize,
}

impl Default for Validation {
    fn default() -> Self {
        Validation { stages: true, images: 500, scatter: 2000, transient_images: 0, tiles: 0 }
    }
}

/// One parameter through its values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Axis {
    /// Dotted path of the parameter. Required. Example: `parameter = "array.word_segment"`
    pub parameter: String,
    /// Its values. Required. Example: `values = [0.0, 0.5, 1.0, 2.0]`
    #[schemars(with = "Vec<serde_json::Value>")]
    pub values: Vec<toml::Value>,
}

/// Variants of the study: one parameter through its values, or all combinations with those in `times`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sweep {
    /// Heading of its figure. Default: the parameters. Example: `title = "Accuracy against wire resistance"`
    #[serde(default)]
    pub title: String,
    /// Dotted path of the parameter. Required. Example: `parameter = "array.word_segment"`
    pub parameter: String,
    /// Its values. Required. Example: `values = [0.0, 0.5, 1.0, 2.0]`
    #[schemars(with = "Vec<serde_json::Value>")]
    pub values: Vec<toml::Value>,
    /// Parameters that get the same value as `parameter`. Default: none. Example: `also = ["array.bit_segment"]`
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
    /// Further parameters; every combination is run. Default: none.
    /// Example: `times = [{ parameter = "compensation.method", values = ["none", "iterative"] }]`
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub times: Vec<Axis>,
    /// Settings that hold for the whole sweep. Default: none. Example: `set = { "data.images" = 1000 }`
    #[serde(default, skip_serializing_if = "toml::Table::is_empty")]
    #[schemars(with = "serde_json::Map<String, serde_json::Value>")]
    pub set: toml::Table,
    /// Seeds of each point. Default: those of `[run]`. Example: `seeds = 5`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seeds: Option<u64>,
}

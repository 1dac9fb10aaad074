//! What stands between an activation and the current it becomes.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::studies::programming::PulseSettings;

/// From weights to pairs of wanted conductances, G = |W|·G_m/W_m in one of them (the papers' equations 3 and 4).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Mapping {
    /// How |W| from 0 to W_m is laid on the range of conductances. Default: `"shifted"`. Example: `law = "proportional"`
    pub law: Law,
    /// W_m of each layer. Default: the layer's largest |W|. Example: `maximum_weight = [0.5, 1.2]`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maximum_weight: Option<Vec<f64>>,
    /// W_m is this many standard deviations of the layer's weights, if that is less; weights beyond are clipped.
    /// Default: no clipping. Example: `clip_sigma = 3.0`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clip_sigma: Option<f64>,
    /// Quantisation: 2^bits levels. Default: none. Example: `bits = 5`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bits: Option<u32>,
    /// Quantisation: so many levels, in place of `bits`. Default: none. Example: `levels = 32`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub levels: Option<u32>,
    /// What the levels are levels of. Default: `"weight_levels"`. Example: `quantisation = "conductance_levels"`
    pub quantisation: Reading,
}

/// How the magnitude of a weight becomes a conductance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Law {
    /// G = G_min + |W|·(G_m − G_min)/W_m: the pair's difference is exact. With G_min = 0 this is equation 3.
    #[default]
    Shifted,
    /// G = |W|·G_m/W_m as in equation 3, then clipped to the range: weights below W_m·G_min/G_m vanish.
    Proportional,
}

/// What "levels" may mean; each also with `clip_sigma`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reading {
    /// Equidistant weights from −W_m to W_m, both included (an even number has no 0).
    #[default]
    WeightLevels,
    /// Equidistant conductances of each cell of the pair from G_min to G_m, so that L levels make 2·L − 1 weights.
    ConductanceLevels,
}

/// From wanted to achieved conductances.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Programming {
    /// How the cells get their conductances. Default: `"decreed"`. Example: `method = "write_verify"`
    pub method: Method,
    /// The pulses of `open_loop` and `write_verify`; their `method` is the one above.
    pub pulses: PulseSettings,
    /// Standard deviation of the Gaussian δG of equation 3, in fractions of G_m: σ/G_m. Default: 0. Example: `delta_g = 0.025`
    pub delta_g: f64,
    /// Standard deviation of a Gaussian error of each conductance, in fractions of itself. Default: 0.
    /// Example: `write_noise = 0.2`
    pub write_noise: f64,
    /// Leave conductances outside of the range, even below 0, as a simulation in software does; only for linear cells without
    /// wire resistance. Default: false. Example: `signed_noise = true`
    pub signed_noise: bool,
    /// Change with time after writing. Default: none. Example: `drift = { time = 3.15e7, tau = 2.34e7 }`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drift: Option<Drift>,
    /// Share of cells that are stuck at G_min, 0 to 1. Default: 0. Example: `stuck_low = 0.01`
    pub stuck_low: f64,
    /// Share of cells that are stuck at G_m, 0 to 1. Default: 0. Example: `stuck_high = 0.01`
    pub stuck_high: f64,
}

/// How cells get their conductances.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// They have what is wanted, but for the errors stated.
    #[default]
    Decreed,
    /// Each cell gets as many pulses as the simulated staircase of the card says.
    OpenLoop,
    /// Each cell gets pulses and is read between them until it has what is wanted.
    WriteVerify,
}

/// Change of conductances with time: (G − G_min)·(time/start)^(−exponent)·e^(−time/τ) + G_min.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Drift {
    /// Since writing, s. Required. Example: `time = 3.15e7`
    pub time: f64,
    /// Of a power law in time. Default: 0, none. Example: `exponent = 0.05`
    #[serde(default)]
    pub exponent: f64,
    /// When the power law begins, s. Default: 1. Example: `start = 100.0`
    #[serde(default = "one")]
    pub start: f64,
    /// Time constant of exponential decay, s. Default: none. Example: `tau = 2.34e7`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tau: Option<f64>,
}

fn one() -> f64 {
    1.0
}

/// From activations to word-line voltages.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Input {
    /// How an activation is coded. Default: `"amplitude"`. Example: `coding = "bit_serial"`
    pub coding: Coding,
    /// Largest word-line voltage, V. Default: 0.1. Example: `read_voltage = 0.2`
    pub read_voltage: f64,
    /// Bits of an activation for `bit_serial`, which takes as many reads. Default: 8. Example: `bits = 4`
    pub bits: u32,
    /// Activation at the largest voltage, for each layer; what is above is clipped. Default: 1 for images, and for the other
    /// layers the largest activation of the software network over the first `calibration` images.
    /// Example: `full_scale = [1.0, 12.0]`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub full_scale: Option<Vec<f64>>,
    /// Images that set full scales. Default: 1000. Example: `calibration = 200`
    pub calibration: usize,
    /// Duration of a read, s; energy is proportional to it. Default: 1e-6. Example: `read_time = 100e-9`
    pub read_time: f64,
    /// Rise and fall time of the read pulses of `validation.transient_images`, s. Default: 10e-9. Example: `read_edge = 1e-9`
    pub read_edge: f64,
}

impl Default for Input {
    fn default() -> Self {
        Input {
            coding: Coding::Amplitude,
            read_voltage: 0.1,
            bits: 8,
            full_scale: None,
            calibration: 1000,
            read_time: 1e-6,
            read_edge: 10e-9,
        }
    }
}

/// How an activation becomes a voltage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Coding {
    /// The voltage is proportional to it.
    Amplitude,
    /// The voltage at which a cell of the card carries a current proportional to it; for linear cells the same as `amplitude`.
    InverseAmplitude,
    /// One read for each of its bits at the full voltage; the currents are weighted by powers of two.
    BitSerial,
}

/// From bit-line currents to activations.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Readout {
    /// Input resistance of a sense amplifier, Ω. Default: 0, virtual ground. Example: `sense = 100.0`
    pub sense: f64,
    /// Bits of the converter of each pair's current difference, sign included. Default: none, exact. Example: `adc_bits = 8`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub adc_bits: Option<u32>,
    /// Current difference at the ends of the converter's range, A. Default: `"calibrated"`, the largest of each layer over the
    /// calibration images. Example: `adc_full_scale = 1e-3`
    pub adc_full_scale: FullScale,
    /// Standard deviation of a Gaussian error of each current difference, in fractions of the layer's largest one over the
    /// calibration images. Default: 0. Example: `noise = 0.01`
    pub noise: f64,
}

/// From the currents of one layer to the voltages of the next.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Neuron {
    /// A deck that sweeps an input current and has the parameters `ifull` (A), the current difference that stands for the next
    /// layer's full scale, and `vfull` (V), the read voltage; relative to the study. Default: none, an ideal rectifier
    /// max(I, 0)·vfull/ifull. Example: `deck = "../netlists/crossbars/neuron_relu.cir"`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deck: Option<PathBuf>,
    /// The deck's output voltage. Default: `"v(out)"`. Example: `output = "v(word)"`
    pub output: String,
}

impl Default for Neuron {
    fn default() -> Self {
        Neuron { deck: None, output: "v(out)".into() }
    }
}

/// Ends of the converter's range.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "\"calibrated\" or a current in A is expected")]
pub enum FullScale {
    Word(Calibrated),
    Current(f64),
}

/// The word for the largest current difference over the calibration images.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Calibrated {
    Calibrated,
}

impl Default for FullScale {
    fn default() -> Self {
        FullScale::Word(Calibrated::Calibrated)
    }
}

/// The wires and what is between them. A layer of N inputs and M outputs takes N rows and 2·M columns: G⁺ and G⁻ of output j
/// are columns 2·j and 2·j + 1.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Array {
    /// `"whole"`, one array for each layer, or `[rows, columns]` of the largest tile; currents of tiles are summed.
    /// Default: `"whole"`. Example: `tile = [128, 128]`
    pub tile: Tile,
    /// Wire resistance of a word line from cell to cell, Ω. Default: 0. Example: `word_segment = 1.0`
    pub word_segment: f64,
    /// Wire resistance of a bit line from cell to cell, Ω. Default: 0. Example: `bit_segment = 1.0`
    pub bit_segment: f64,
    /// Output resistance of each word-line driver, Ω. Default: 0. Example: `driver = 50.0`
    pub driver: f64,
    /// Drive word lines from both ends. Default: false. Example: `both_ends = true`
    pub both_ends: bool,
    /// `"linear"` conductances, or `"device"`: the card's own I–V, through which a cell has its conductance at the card's read
    /// voltage. Default: `"linear"`. Example: `cells = "device"`
    pub cells: Cells,
}

/// The size of arrays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "\"whole\" or [rows, columns] is expected")]
pub enum Tile {
    Word(Whole),
    Size([usize; 2]),
}

/// The word for one array per layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Whole {
    Whole,
}

impl Default for Tile {
    fn default() -> Self {
        Tile::Word(Whole::Whole)
    }
}

/// What a cell is while it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Cells {
    #[default]
    Linear,
    Device,
}

/// What is done against the voltage drop along the wires.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Compensation {
    /// Default: `"none"`. Example: `method = "iterative"`
    pub method: CompensationMethod,
    /// Corrections of the conductances for `iterative`. Default: 6. Example: `iterations = 8`
    pub iterations: usize,
    /// For `iterative`: what each pair's weights are scaled to, in fractions of what its worst cell could just reach with lines
    /// taken alone, above 0. More is more signal, but beyond some 0.7 the largest weights do not fit. Default: 0.5.
    /// Example: `headroom = 0.3`
    pub headroom: f64,
}

impl Default for Compensation {
    fn default() -> Self {
        Compensation { method: CompensationMethod::None, iterations: 6, headroom: 0.5 }
    }
}

/// Ways to compensate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CompensationMethod {
    None,
    /// The current difference of each pair is multiplied by what makes it fit the wanted one best (least squares over the
    /// cells of the exact transfer matrix).
    ColumnGain,
    /// Wanted conductances are corrected so that the exact transfer matrix approaches the wanted weights, within the range of
    /// conductances; with a gain for each pair.
    Iterative,
}

//! What a study found: everything that the JSON file and the page say.
//!
//! It holds no time and no date, so that equal studies give equal bytes.

use serde::{Deserialize, Serialize};

use super::study::{Setting, Study};
use crate::numerics::npy::Matrix;
use crate::results::figure::heat_map::reduced;

/// The results of a study.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// `ferrospice 0.1.0`
    pub program: String,
    /// The study with every default.
    pub study: Study,
    pub network: NetworkFacts,
    /// Points around which the study varies: the first is the study itself, then those of its sweeps in their order.
    pub points: Vec<Point>,
}

/// The software network.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NetworkFacts {
    /// Numbers of inputs, hidden units and classes.
    pub sizes: Vec<usize>,
    /// What it reaches in software on the images of the study.
    pub software: Accuracy,
}

/// One point of a sweep, or the study itself, with all its seeds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Number of its sweep in the study, from 0; none for the study itself.
    pub sweep: Option<usize>,
    /// What differs from the study, in the order of the sweep's parameters.
    pub settings: Vec<Setting>,
    /// Accuracies over the seeds.
    pub accuracy: Spread,
    /// The first has the study's own seed.
    pub variants: Vec<Variant>,
}

/// One run: the point's settings with one seed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Variant {
    pub seed: u64,
    pub result: Outcome,
}

/// Mean and spread over seeds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Spread {
    pub count: usize,
    pub mean: f64,
    /// Sample standard deviation; none for one seed.
    pub deviation: Option<f64>,
    pub least: f64,
    pub greatest: f64,
}

/// How many images were recognised.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Accuracy {
    pub correct: usize,
    pub of: usize,
    /// Share, 0…1.
    pub accuracy: f64,
    /// Wilson's 95 % confidence interval.
    pub low: f64,
    pub high: f64,
}

/// What one run found. It decides nothing about others, so it is written to a file of its own as soon as it exists.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// The network in software.
    pub software: Accuracy,
    /// Classes from currents, with everything that the study asks for.
    pub accuracy: Accuracy,
    /// The same without compensation, where the study asks for one.
    pub uncompensated: Option<Accuracy>,
    /// A row for each label, a column for each answer: numbers of images.
    pub confusion: Vec<Vec<usize>>,
    /// Figures of each class.
    pub classes: Vec<Class>,
    pub layers: Vec<Layer>,
    /// In the order of [`StageName`]; the last is the full circuit. Empty if not asked for.
    pub stages: Vec<Stage>,
    /// Energy of an inference that the inputs deliver, J: mean over the images of `validation.images`, ΣV·I·read time,
    /// all layers (and all reads of bit-serial coding).
    pub energy: f64,
    pub programming: Option<ProgrammingReport>,
    pub transient: Option<TransientCheck>,
    pub tiles: Option<TileCheck>,
}

/// Figures of a class.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Class {
    /// Images with this label.
    pub images: usize,
    /// Share of the images answered so that have this label; none if there is no such answer.
    pub precision: Option<f64>,
    /// Share of the images with this label that are answered so; none if there is no such image.
    pub recall: Option<f64>,
}

/// What became of one layer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Layer {
    pub inputs: usize,
    pub outputs: usize,
    /// Arrays that hold it, and the size of the largest: rows, columns.
    pub arrays: usize,
    pub array_rows: usize,
    pub array_columns: usize,
    /// W_m, the weight of the largest conductance difference.
    pub maximum_weight: f64,
    /// Share of weights that were clipped to ±W_m.
    pub clipped_weights: f64,
    /// Range of conductances, S.
    pub g_min: f64,
    pub g_max: f64,
    /// Share of conductances that writing would have left below G_min, and above G_m (0 if `signed_noise` leaves them there).
    pub clipped_low: f64,
    pub clipped_high: f64,
    /// Share of cells stuck at either end.
    pub stuck: f64,
    /// Activation at the largest voltage.
    pub full_scale: f64,
    /// Share of the validation images' activations (of the circuit itself) that were beyond it.
    pub saturated: f64,
    /// The full circuit's weights, read off its exact transfer matrix, against those of the network; none for cells that are
    /// not linear.
    pub transfer: Option<TransferError>,
    /// Currents of bit lines at the validation images (the first 32 where each needs a nonlinear solution), A.
    pub currents: Currents,
    /// Mean energy of a read of this layer, J.
    pub energy: f64,
    pub compensation: Option<CompensationReport>,
    pub solver: SolverReport,
    /// Ideal W·x against the full circuit's, for scatter plot and histogram.
    pub comparison: Comparison,
    /// What stands between it and the next layer, if that is a deck.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub neuron: Option<NeuronReport>,
    /// Pictures of the cells; of the first variant only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maps: Option<CellMaps>,
}

/// Pictures of a layer's cells.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CellMaps {
    /// Conductances as written, S: word lines by bit lines.
    pub conductances: Squares,
    /// |error| of the circuit's weights in fractions of W_m: inputs by outputs; none for cells that are not linear.
    pub weight_errors: Option<Squares>,
}

/// A matrix as at most 128 × 128 means of blocks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Squares {
    /// Rows and columns of the matrix.
    pub size: [usize; 2],
    /// Rows and columns of `means`.
    pub blocks: [usize; 2],
    /// By rows.
    pub means: Vec<f32>,
}

impl Squares {
    pub fn of(matrix: &Matrix) -> Squares {
        let small = reduced(matrix);
        let means = small.values.iter().map(|value| *value as f32).collect();
        Squares { size: [matrix.rows, matrix.columns], blocks: [small.rows, small.columns], means }
    }
}

/// Weights of a transfer matrix against the network's, in fractions of W_m.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct TransferError {
    pub rms: f64,
    /// The worst pair of cells: output and input from 0, and the error there.
    pub worst: f64,
    pub worst_output: usize,
    pub worst_input: usize,
}

/// What a deck between this layer and the next makes of currents.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NeuronReport {
    /// Current difference that stands for the next layer's full scale, A.
    pub full_current: f64,
    /// Read voltage, V.
    pub full_voltage: f64,
    /// Difference from an ideal rectifier up to full scale, in fractions of the read voltage.
    pub rms_error: f64,
    pub worst_error: f64,
    /// Current (A) and voltage (V).
    pub curve: Vec<[f64; 2]>,
}

/// Currents of the bit lines.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Currents {
    pub largest: f64,
    pub mean: f64,
    /// Largest difference of a pair.
    pub largest_difference: f64,
}

/// How the compensation went.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CompensationReport {
    /// Rms error of the transfer matrix in fractions of W_m, each pair with its best gain: before, and after each iteration.
    pub residuals: Vec<f64>,
    /// Least and greatest gain of a pair.
    pub least_gain: f64,
    pub greatest_gain: f64,
    /// Share of cells that want more than G_m.
    pub at_limit: f64,
}

/// What the array solvers did.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct SolverReport {
    /// `ideal wires`, `port reduction`, or the name of the nonlinear solver.
    pub method: String,
    /// Arrays reduced or solved, compensation included (equal ones are not computed twice).
    pub solutions: usize,
    /// Iterations of a nonlinear solution: mean and most.
    pub mean_iterations: f64,
    pub most_iterations: usize,
    /// Largest sum of currents at a node in fractions of the largest current; none if nodes were not solved for.
    pub largest_imbalance: Option<f64>,
}

/// Ideal against simulated outputs of a layer, both from the ideal activations of the validation images.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// Number of outputs compared (images × outputs).
    pub count: usize,
    /// Rms of the ideal W·x.
    pub rms_ideal: f64,
    /// Rms of the difference.
    pub rms_error: f64,
    /// Largest difference, and which output of which image.
    pub worst_error: f64,
    pub worst_output: usize,
    pub worst_image: usize,
    /// The output with the largest rms error over all images, and that error.
    pub worst_column: usize,
    pub worst_column_rms: f64,
    /// The rms error of each output; empty where no scatter plot is asked for.
    pub column_rms: Vec<f64>,
    /// Points of the scatter plot (of the first variant only): ideal W·x, simulated W·x, simulated current difference of the pair in A.
    pub scatter: Vec<[f64; 3]>,
    pub histogram: Histogram,
}

/// Numbers of errors (simulated minus ideal) in equal bins.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Histogram {
    /// Lower end of the first bin.
    pub start: f64,
    /// Width of a bin.
    pub width: f64,
    pub counts: Vec<usize>,
}

/// What is added at each stage, one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StageName {
    /// The network in software.
    Software,
    /// Weights as conductances, clipped to their range.
    Mapped,
    /// Conductances on their levels.
    Quantised,
    /// δG, write noise, drift and stuck cells, or what programming pulses achieved.
    Written,
    /// The cells' own I–V, the coding of the inputs, converter and read noise.
    Read,
    /// Resistance of wires, drivers and sense amplifiers.
    Wires,
    /// Compensation of that.
    Compensated,
}

/// How good the network is after a stage.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stage {
    pub name: StageName,
    /// False if the study asks for nothing at this stage; then the figures are those of the stage before.
    pub active: bool,
    pub accuracy: Accuracy,
    /// For each layer the rms error of its outputs from ideal activations, in fractions of the rms of the ideal W·x.
    pub errors: Vec<f64>,
}

/// What programming by pulses achieved, all layers together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProgrammingReport {
    /// Errors of conductances in fractions of G_m.
    pub mean_error: f64,
    pub rms_error: f64,
    pub worst_error: f64,
    pub histogram: Histogram,
    /// Cells that did not come within the tolerance.
    pub failed: usize,
    pub cells: usize,
    pub pulses: u64,
    /// Most pulses for one cell.
    pub most_pulses: u64,
    /// Energy of all pulses, J.
    pub energy: f64,
}

/// Read pulses through the devices' full model, states live.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TransientCheck {
    pub images: usize,
    pub layers: Vec<TransientLayer>,
    /// Of these images, from the currents at the ends of the pulses.
    pub accuracy: Accuracy,
    /// Images whose class differs from that of the study's circuit.
    pub changed_classes: usize,
}

/// Read pulses on the arrays of one layer. Currents are those of bit lines, in fractions of the largest one.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct TransientLayer {
    /// Pulses on every array.
    pub reads: usize,
    /// Difference from the study's circuit at the same inputs: what its cells leave out, and what reads change.
    pub rms_current: f64,
    pub worst_current: f64,
    /// Largest difference from the same devices with their states held: what only live states do.
    pub worst_held: f64,
    /// Relative change of conductance by all reads: rms and largest over the cells.
    pub rms_disturb: f64,
    pub worst_disturb: f64,
    /// Of the pulses of one image, edges included: mean, J.
    pub energy: f64,
    /// Accepted time points, and sweeps over all lines, of all arrays together.
    pub steps: u64,
    pub sweeps: u64,
}

/// Tiles of the mapped layers against the circuit engine, which sees them as flat netlists.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TileCheck {
    pub tiles: usize,
    /// Largest difference of a bit-line current, in fractions of the largest current.
    pub worst_current: f64,
}

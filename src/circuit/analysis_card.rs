//! The analyses that a deck asks for, numbers evaluated.

use std::sync::Arc;

use super::element::{ElementId, NodeId};
use super::sample::Distribution;
use crate::diagnostic::Span;
pub use crate::numerics::spacing::Spacing;

#[derive(Debug, Clone)]
pub struct AnalysisCard {
    pub analysis: Analysis,
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Analysis {
    OperatingPoint,
    /// Nested sweeps, the innermost first (as on the card).
    Dc(Vec<DcSweep>),
    Ac(FrequencySweep),
    Noise(Noise),
    TransferFunction(TransferFunction),
    PoleZero(PoleZero),
    Sensitivity(Sensitivity),
    Scattering(Scattering),
    Distortion(Distortion),
    Transient(Transient),
}

impl Analysis {
    /// Its place among the kinds of analyses, which ngspice runs one after the other in batch mode, the last card of a kind first.
    pub fn rank_in_ngspice(&self) -> usize {
        match self {
            Analysis::Ac(_) => 0,
            Analysis::Dc(_) => 1,
            Analysis::OperatingPoint => 2,
            Analysis::Transient(_) => 3,
            Analysis::PoleZero(_) => 4,
            Analysis::TransferFunction(_) => 5,
            Analysis::Distortion(_) => 6,
            Analysis::Noise(_) => 7,
            Analysis::Sensitivity(_) => 8,
            Analysis::Scattering(_) => 9,
        }
    }
}

/// One sweep of a `.dc` card.
#[derive(Debug, Clone, PartialEq)]
pub struct DcSweep {
    pub target: SweepTarget,
    pub values: Arc<[f64]>,
}

/// What `.dc` and `.step` can vary.
#[derive(Debug, Clone, PartialEq)]
pub enum SweepTarget {
    /// The value of a V, I or R element.
    Element(ElementId),
    /// A `.param`.
    Parameter(Arc<str>),
    /// A model's parameter: model name, parameter name.
    Model(Arc<str>, Arc<str>),
    /// An element's parameter: element name, parameter name.
    ElementParameter(Arc<str>, Arc<str>),
    /// Circuit temperature in °C.
    Temperature,
    /// The rows of a `.data` table, by number from 0.
    Table(Arc<SweepTable>),
    /// The runs of a Monte Carlo analysis, by number from 1.
    Sample(Arc<Sampling>),
}

/// What is drawn in each run of a Monte Carlo analysis, besides what expressions draw.
#[derive(Debug, Clone, PartialEq)]
pub struct Sampling {
    pub count: u64,
    /// The draws of all runs are a Latin hypercube.
    pub latin: bool,
    pub quantities: Vec<(SweepTarget, Distribution)>,
}

/// What the columns of a `.data` table set, and its rows.
#[derive(Debug, Clone, PartialEq)]
pub struct SweepTable {
    pub columns: Vec<SweepTarget>,
    /// As many values as there are columns in each.
    pub rows: Vec<Vec<f64>>,
}

/// What an analysis reads off the solution.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum OutputQuantity {
    /// Between two nodes.
    Voltage(NodeId, NodeId),
    /// Of an element with a branch current.
    Current(ElementId),
}

/// `.noise v(node[,reference]) source dec|oct|lin points start stop [points_per_summary]`
#[derive(Debug, Clone, PartialEq)]
pub struct Noise {
    pub output: OutputQuantity,
    /// The source that the input noise is referred to.
    pub source: ElementId,
    pub sweep: FrequencySweep,
    /// Contributions of devices are shown.
    pub by_device: bool,
}

/// `.tf output source`
#[derive(Debug, Clone, PartialEq)]
pub struct TransferFunction {
    pub output: OutputQuantity,
    pub source: ElementId,
}

/// `.pz input+ input− output+ output− cur|vol pol|zer|pz`
#[derive(Debug, Clone, PartialEq)]
pub struct PoleZero {
    pub input: [NodeId; 2],
    pub output: [NodeId; 2],
    /// The transfer is from a current, not from a voltage.
    pub by_current: bool,
    pub poles: bool,
    pub zeros: bool,
}

/// `.sens output [ac dec|oct|lin points start stop]`
#[derive(Debug, Clone, PartialEq)]
pub struct Sensitivity {
    pub output: OutputQuantity,
    /// Frequencies; none for the operating point.
    pub sweep: Option<FrequencySweep>,
    /// Xyce's `.dc` card, at each point of which the sensitivities are wanted; empty for one operating point.
    pub along: Vec<DcSweep>,
}

/// `.sp dec|oct|lin points start stop`
#[derive(Debug, Clone, PartialEq)]
pub struct Scattering {
    pub sweep: FrequencySweep,
    /// Sources that are ports, with their resistances in Ω, in the order of their numbers.
    pub ports: Vec<(ElementId, f64)>,
}

/// `.disto dec|oct|lin points start stop [f2overf1]`
#[derive(Debug, Clone, PartialEq)]
pub struct Distortion {
    pub sweep: FrequencySweep,
    /// Frequency of the second tone over the first frequency of the sweep; without one harmonics are wanted.
    pub second: Option<f64>,
}

/// `.ac dec|oct|lin points start stop`, or frequencies one by one.
#[derive(Debug, Clone, PartialEq)]
pub struct FrequencySweep {
    /// The frequencies, in Hz, in place of `points` between `start` and `stop`.
    pub listed: Option<Arc<[f64]>>,
    /// What else changes from one listed frequency to the next: a row for each.
    pub table: Option<Arc<SweepTable>>,
    /// The spacing is made a little larger so that the last frequency is the end, as in ngspice.
    pub fits: bool,
    pub spacing: Spacing,
    pub points: usize,
    pub start: f64,
    pub stop: f64,
}

/// `.tran step stop [start [max_step]] [uic]`, in seconds.
#[derive(Debug, Clone, PartialEq)]
pub struct Transient {
    pub step: f64,
    pub stop: f64,
    pub start: f64,
    pub max_step: Option<f64>,
    /// Use initial conditions: start from the `ic=` values without an operating point.
    pub use_initial_conditions: bool,
    /// LTspice's `startup`: sources rise from 0 to their values within so many seconds; 0 for none.
    pub startup: f64,
}

/// One `.step` card; several nest, the first outermost.
#[derive(Debug, Clone, PartialEq)]
pub struct StepCard {
    pub target: SweepTarget,
    pub values: Arc<[f64]>,
    pub span: Span,
}

//! Where analyses send their points.

use faer::c64;

use crate::devices::device::Environment;
use crate::diagnostic::Diagnostic;
use crate::mna::journal::Journal;
use crate::mna::vectors::VectorKind;
use crate::mna::{Statistics, System};

/// What kind of plot the points belong to.
#[derive(Debug, Clone, PartialEq)]
pub enum PlotKind {
    OperatingPoint,
    /// Name of the swept quantity, and what it is.
    Dc {
        axis: String,
        kind: VectorKind,
    },
    Ac,
    Transient,
}

impl PlotKind {
    /// Name of the plot in raw files.
    pub fn name(&self) -> &'static str {
        match self {
            PlotKind::OperatingPoint => "Operating Point",
            PlotKind::Dc { .. } => "DC transfer characteristic",
            PlotKind::Ac => "AC Analysis",
            PlotKind::Transient => "Transient Analysis",
        }
    }
}

/// One point of a plot.
pub struct Point<'a> {
    pub system: &'a System,
    pub environment: &'a Environment,
    /// Time, frequency or swept value; 0 for an operating point.
    pub axis: f64,
    /// Unknowns, ground last.
    pub unknowns: Unknowns<'a>,
    /// Time since the last point, s; 0 if there is none.
    pub step: f64,
}

#[derive(Clone, Copy)]
pub enum Unknowns<'a> {
    Real(&'a [f64]),
    /// The second part is the operating point.
    Complex {
        phasors: &'a [c64],
        at: &'a [f64],
    },
}

/// A plot of named quantities that are no unknowns of the circuit.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Name of the plot in raw files.
    pub name: String,
    /// Name and kind of the axis, whose value is the first of each row.
    pub axis: Option<(String, VectorKind)>,
    pub columns: Vec<(String, VectorKind)>,
    /// One value per column, or for complex tables real and imaginary parts in turn.
    pub rows: Vec<Vec<f64>>,
    pub complex: bool,
}

/// The state of a transient analysis, from which it goes on as if it had not been interrupted.
#[derive(Debug, Clone, PartialEq)]
pub struct Checkpoint {
    /// s
    pub time: f64,
    /// Of the names of the unknowns; see [`System::fingerprint`].
    pub fingerprint: u64,
    /// What a [`Tape`](crate::numerics::tape::Tape) holds.
    pub values: Vec<f64>,
}

/// How far an analysis is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Progress {
    /// Part of the work that is done, 0…1.
    pub fraction: f64,
    /// Simulated time in seconds, of a transient analysis.
    pub time: Option<f64>,
    /// Points so far.
    pub steps: usize,
}

impl Progress {
    /// `done` of `total` points.
    pub fn of(done: usize, total: usize) -> Self {
        Progress { fraction: done as f64 / total as f64, time: None, steps: done }
    }
}

/// Receives the points of one analysis after another.
pub trait Output {
    /// A plot begins.
    fn begin(&mut self, kind: &PlotKind, system: &System);

    /// A point of it. Stop if it returns false (the user interrupted, or a file could not be written).
    fn point(&mut self, point: &Point) -> bool;

    /// The plot is complete.
    fn end(&mut self, statistics: &Statistics);

    /// A whole plot of named quantities.
    fn table(&mut self, _table: &Table, _system: &System) {}

    fn warn(&mut self, _diagnostic: Diagnostic) {}

    /// How the operating points of the analysis were found.
    fn journal(&mut self, _journal: &Journal) {}

    /// The state that a transient analysis begins with, in place of an operating point.
    fn resume(&mut self) -> Option<Checkpoint> {
        None
    }

    /// Whether the circuit has been changed since that state.
    fn is_altered(&self) -> bool {
        false
    }

    /// Times that are to be points of a transient analysis.
    fn times(&self) -> Vec<f64> {
        Vec::new()
    }

    /// Whether the state at `time` is wanted; `last` if no other will come.
    fn wants_checkpoint(&self, _time: f64, _last: bool) -> bool {
        false
    }

    /// The state of a transient analysis at an accepted point.
    fn checkpoint(&mut self, _checkpoint: &Checkpoint) {}

    /// How far the analysis is; called often.
    fn progress(&mut self, _progress: Progress) {}

    /// Whether the analysis is to go on; asked where it takes long to the next point.
    fn goes_on(&mut self) -> bool {
        true
    }
}

/// Takes nothing and never asks for an end: for solutions that nobody watches.
pub struct Unwatched;

impl Output for Unwatched {
    fn begin(&mut self, _kind: &PlotKind, _system: &System) {}

    fn point(&mut self, _point: &Point) -> bool {
        true
    }

    fn end(&mut self, _statistics: &Statistics) {}
}

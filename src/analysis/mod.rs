//! Analyses: what is asked of the system f(x, t) + d/dt q(x) = 0.
//!
//! They know unknowns and rows, never a device. Points go to an [`Output`] as they are found.

pub mod adjoint;
pub mod dc_sweep;
pub mod distortion;
pub mod noise;
pub mod operating_point;
pub mod output;
pub mod pole_zero;
pub mod scattering;
pub mod sensitivity;
pub mod small_signal;
pub mod sweep_path;
pub mod transfer_function;
pub mod transient;

pub use output::{Output, PlotKind, Point, Progress};

use std::sync::Arc;
use std::time::Instant;

use crate::circuit::{Analysis, Circuit};
use crate::diagnostic::Diagnostic;
use crate::mna::{Statistics, System};

/// Why an analysis could not be done.
#[derive(Debug, Clone)]
pub struct Failure {
    pub diagnostics: Vec<Diagnostic>,
    /// Nothing is wrong: who watches the analysis asked for its end.
    pub interrupted: bool,
}

impl Failure {
    /// The end that was asked for before there was a solution.
    pub fn interruption() -> Self {
        Failure { diagnostics: Vec::new(), interrupted: true }
    }

    /// Adds a hint to the first diagnostic.
    pub fn hint(mut self, text: String) -> Self {
        if let Some(first) = self.diagnostics.first_mut() {
            first.hints.push(text);
        }
        self
    }
}

impl From<Diagnostic> for Failure {
    fn from(diagnostic: Diagnostic) -> Self {
        Failure { diagnostics: vec![diagnostic], interrupted: false }
    }
}

/// Runs `analysis` of `circuit` and sends its points to `output`.
///
/// # Errors
/// Everything that is wrong with the elements, or why no solution was found.
pub fn run(circuit: &Arc<Circuit>, analysis: &Analysis, output: &mut dyn Output) -> Result<Statistics, Failure> {
    let start = Instant::now();
    let mut system = build(circuit, output)?;
    let result = match analysis {
        Analysis::OperatingPoint => operating_point::run(&mut system, output),
        Analysis::Dc(sweeps) => dc_sweep::run(&mut system, sweeps, output),
        Analysis::Ac(sweep) => small_signal::run(&mut system, sweep, output),
        Analysis::Distortion(card) => distortion::run(&mut system, card, output),
        Analysis::Noise(card) => noise::run(&mut system, card, output),
        Analysis::TransferFunction(card) => transfer_function::run(&mut system, card, output),
        Analysis::PoleZero(card) => pole_zero::run(&mut system, card, output),
        Analysis::Sensitivity(card) => sensitivity::run(&mut system, card, output),
        Analysis::Scattering(card) => scattering::run(&mut system, card, output),
        Analysis::Transient(card) => transient::run(&mut system, card, output),
    };
    output.journal(&system.journal);
    // After an interruption there is what was computed by then.
    result.or_else(|failure| if failure.interrupted { Ok(()) } else { Err(failure) })?;
    let mut statistics = system.statistics();
    statistics.total_time = start.elapsed();
    output.end(&statistics);
    Ok(statistics)
}

/// The system of `circuit`; warnings go to `output`.
pub fn build(circuit: &Arc<Circuit>, output: &mut dyn Output) -> Result<System, Failure> {
    let (system, diagnostics) = System::new(circuit.clone());
    match system {
        Some(system) => {
            diagnostics.into_iter().for_each(|diagnostic| output.warn(diagnostic));
            Ok(system)
        }
        None => Err(Failure { diagnostics, interrupted: false }),
    }
}

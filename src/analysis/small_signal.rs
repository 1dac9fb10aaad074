//! `.ac`: (G + jωC + Y(ω))·X = −E at every frequency, linearised at the operating point; Y is what devices with memory add.

use faer::c64;

use super::Failure;
use super::adjoint::Linearised;
use super::output::{Output, PlotKind, Point, Progress, Unknowns};
use crate::circuit::analysis_card::FrequencySweep;
use crate::devices::device::{Environment, Tone};
use crate::mna::System;

/// Finds the operating point, then solves at every frequency of `sweep`.
pub fn run(system: &mut System, sweep: &FrequencySweep, output: &mut dyn Output) -> Result<(), Failure> {
    output.begin(&PlotKind::Ac, system);
    let mut linearised = Linearised::new(system, output)?;
    let right = system.phasors(Tone::Ac);
    let frequencies = frequencies(sweep);
    for (index, &frequency) in frequencies.iter().enumerate() {
        if !solve(system, &mut linearised, &right, frequency, output)? {
            break;
        }
        output.progress(Progress::of(index + 1, frequencies.len()));
    }
    Ok(())
}

/// Solves at `frequency` in hertz for the phasors of the sources, `right`; false if the output wants no more.
pub fn solve(
    system: &mut System,
    linearised: &mut Linearised,
    right: &[c64],
    frequency: f64,
    output: &mut dyn Output,
) -> Result<bool, Failure> {
    linearised.tune(system, frequency)?;
    let mut solution = right.to_vec();
    linearised.solve(system, &mut solution)?;
    system.statistics.steps += 1;
    let environment = Environment { frequency: Some(frequency), ..system.environment };
    let unknowns = Unknowns::Complex { phasors: &solution, at: &linearised.x };
    Ok(output.point(&Point { system, environment: &environment, axis: frequency, unknowns, step: 0.0 }))
}

/// The frequencies of a sweep, in hertz, as ngspice spaces them.
pub fn frequencies(sweep: &FrequencySweep) -> Vec<f64> {
    if let Some(listed) = &sweep.listed {
        return listed.to_vec();
    }
    let FrequencySweep { spacing, points, start, stop, fits, .. } = *sweep;
    spacing.values(points.max(1) as f64, start, stop, fits)
}

//! `.ac`: (G + jωC + Y(ω))·X = −E at every frequency, linearised at the operating point; Y is what devices with memory add.

use std::f64::consts::TAU;

use faer::c64;

use super::output::{Output, PlotKind, Point, Progress, Unknowns};
use super::{Failure, operating_point};
use crate::circuit::analysis_card::{FrequencySweep, Spacing};
use crate::devices::device::Environment;
use crate::mna::System;
use crate::numerics::newton::NewtonFailure;
use crate::numerics::newton::Singular;
use crate::numerics::sparse::{Factor, PivotOptions, Workspace};

/// Finds the operating point, then solves at every frequency of `sweep`.
pub fn run(system: &mut System, sweep: &FrequencySweep, output: &mut dyn Output) -> Result<(), Failure> {
    let mut x = system.initial_unknowns();
    operating_point::find(system, &mut x, &[])?;
    output.begin(&PlotKind::Ac, system);
    let (conductance, capacitance) = system.small_signal(&x);
    let symbolic = system.symbolic().map_err(|singular| singular_failure(system, singular))?;
    let right = system.phasors();
    let mut values: Vec<c64> = Vec::with_capacity(system.pattern().nnz());
    let mut factor: Option<Factor<c64>> = None;
    let mut workspace = Workspace::new();
    let frequencies = frequencies(sweep);
    for (index, &frequency) in frequencies.iter().enumerate() {
        let omega = TAU * frequency;
        values.clear();
        let entries = conductance.iter().zip(&capacitance).take(system.pattern().nnz());
        values.extend(entries.map(|(&g, &c)| c64::new(g, omega * c)));
        system.add_admittances(frequency, &mut values);
        let factored = match &mut factor {
            Some(factor) => factor.update(&values).map(|_| ()),
            None => Factor::new(&symbolic, &values, &PivotOptions::default()).map(|made| factor = Some(made)),
        };
        factored.map_err(|error| singular_failure(system, Singular { unknowns: vec![error.unknown] }))?;
        let mut solution = right.clone();
        if let Some(factor) = &factor {
            factor.solve(&mut solution[..system.len()], &mut workspace);
        }
        solution[system.len()] = c64::new(0.0, 0.0);
        system.statistics.steps += 1;
        let environment = Environment { frequency: Some(frequency), ..system.environment };
        let unknowns = Unknowns::Complex(&solution);
        if !output.point(&Point { system, environment: &environment, axis: frequency, unknowns, step: 0.0 }) {
            break;
        }
        output.progress(Progress::of(index + 1, frequencies.len()));
    }
    Ok(())
}

fn singular_failure(system: &System, singular: Singular) -> Failure {
    operating_point::explain(system, &NewtonFailure::Singular(singular), &[])
}

/// The frequencies of a sweep, in hertz, as ngspice spaces them.
pub fn frequencies(sweep: &FrequencySweep) -> Vec<f64> {
    let FrequencySweep { spacing, points, start, stop } = *sweep;
    let points = points.max(1);
    // A last point may lie beyond the end by rounding only.
    let reached = |value: f64| value <= stop * (1.0 + 1e-9);
    match spacing {
        Spacing::Linear if points == 1 => vec![start],
        Spacing::Linear => {
            let step = (stop - start) / (points - 1) as f64;
            (0..points).map(|index| start + step * index as f64).collect()
        }
        Spacing::Decade | Spacing::Octave => {
            let base: f64 = if spacing == Spacing::Decade { 10.0 } else { 2.0 };
            let value = |index: usize| start * base.powf(index as f64 / points as f64);
            (0..).map(value).take_while(|&value| reached(value)).collect()
        }
    }
}

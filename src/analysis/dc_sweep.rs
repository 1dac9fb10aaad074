//! `.dc`: operating points along one or more swept values.

use std::sync::Arc;

use super::output::{Output, PlotKind, Point, Progress, Unknowns};
use super::sweep_path::SweepPath;
use super::{Failure, operating_point};
use crate::circuit::analysis_card::DcSweep;
use crate::circuit::{Circuit, SweepTarget};
use crate::diagnostic::Diagnostic;
use crate::mna::System;
use crate::mna::vectors::VectorKind;

/// Runs nested sweeps, the first innermost.
///
/// Sources and resistors are changed in place; what needs another elaboration (parameters, temperature, models) has been
/// replaced by `studies` before.
pub fn run(system: &mut System, sweeps: &[DcSweep], output: &mut dyn Output) -> Result<(), Failure> {
    let targets = targets(sweeps)?;
    output.begin(&plot_kind(&system.circuit, &sweeps[0]), system);
    let mut x = system.initial_unknowns();
    let total: usize = sweeps.iter().map(|sweep| sweep.values.len()).product();
    let mut counters = vec![0; sweeps.len()];
    for (sweep, &element) in sweeps.iter().zip(&targets) {
        set(system, element, sweep.values[0])?;
    }
    let mut path = SweepPath::default();
    for done in 0..total {
        let axis = sweeps[0].values[counters[0]];
        let found = if done == 0 {
            operating_point::find(system, &mut x, &[], output)
        } else {
            let environment = system.environment;
            system.set_environment(environment);
            operating_point::follow(system, &mut x, path.guess(axis, system), output)
        };
        found.map_err(|failure| {
            let values = sweeps.iter().zip(&counters).map(|(sweep, &index)| sweep.values[index].to_string());
            failure.hint(format!("the sweep stood at {}", values.collect::<Vec<_>>().join(", ")))
        })?;
        system.statistics.steps += 1;
        path.add(axis, &x);
        let environment = system.environment;
        let point = Point { system, environment: &environment, axis, unknowns: Unknowns::Real(&x), step: 0.0 };
        if !output.point(&point) {
            return Ok(());
        }
        output.progress(Progress::of(done + 1, total));
        for (level, sweep) in sweeps.iter().enumerate() {
            counters[level] = (counters[level] + 1) % sweep.values.len();
            set(system, targets[level], sweep.values[counters[level]])?;
            if counters[level] != 0 {
                break;
            }
        }
    }
    Ok(())
}

fn targets(sweeps: &[DcSweep]) -> Result<Vec<crate::circuit::ElementId>, Failure> {
    let element = |sweep: &DcSweep| match sweep.target {
        SweepTarget::Element(element) => Ok(element),
        _ => Err(Diagnostic::error("this sweep must be done by elaborating the circuit again").into()),
    };
    sweeps.iter().map(element).collect()
}

fn set(system: &mut System, element: crate::circuit::ElementId, value: f64) -> Result<(), Failure> {
    if system.set_principal(element, value) {
        return Ok(());
    }
    let element = system.circuit.element(element);
    Err(Diagnostic::error(format!("`{}` cannot be swept", element.name))
        .at(element.span)
        .hint("`.dc` sweeps V, I and R elements, parameters and temp")
        .into())
}

/// Axis of the plot of a sweep over `sweep`.
pub fn plot_kind(circuit: &Arc<Circuit>, sweep: &DcSweep) -> PlotKind {
    let (axis, kind) = axis(circuit, sweep);
    PlotKind::Dc { axis, kind }
}

/// Name and kind of the axis of a sweep over `sweep`.
pub fn axis(circuit: &Circuit, sweep: &DcSweep) -> (String, VectorKind) {
    let (axis, kind) = match &sweep.target {
        SweepTarget::Element(element) => match circuit.element(*element).letter {
            b'v' => ("v-sweep", VectorKind::Voltage),
            b'i' => ("i-sweep", VectorKind::Current),
            _ => ("res-sweep", VectorKind::Resistance),
        },
        SweepTarget::Temperature => ("temp-sweep", VectorKind::Temperature),
        SweepTarget::Parameter(name) => (&**name, VectorKind::Other),
        _ => ("sweep", VectorKind::Other),
    };
    (axis.to_string(), kind)
}

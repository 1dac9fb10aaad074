//! `.dc`, `.sens` along it, and `.ac` by a table, over what changes the circuit itself: parameters, temperature, models. Each point is elaborated
//! afresh (where only the temperature of `.dc` changes and no card depends on it, devices alone are made anew), and those of `.dc`
//! start from the solution before.

use std::sync::Arc;
use std::time::Instant;

use super::steps;
use crate::analysis::adjoint::Linearised;
use crate::analysis::output::{PlotKind, Progress, Table, Unknowns};
use crate::analysis::sweep_path::SweepPath;
use crate::analysis::{Failure, Output, Point, build, dc_sweep, operating_point, sensitivity, small_signal};
use crate::circuit::analysis_card::{DcSweep, Sensitivity, SweepTable};
use crate::circuit::{Circuit, Overrides, SweepTarget, elaborate};
use crate::devices::device::{Environment, Tone};
use crate::diagnostic::Report;
use crate::mna::vectors::VectorKind;
use crate::mna::{Statistics, System};
use crate::netlist::Deck;

/// Whether `sweeps` need another elaboration for every point.
pub fn is_needed(sweeps: &[DcSweep]) -> bool {
    sweeps.iter().any(|sweep| !matches!(sweep.target, SweepTarget::Element(_)))
}

/// Runs the sweeps, the first innermost.
pub fn run(
    deck: &Deck,
    circuit: &Arc<Circuit>,
    base: &Overrides,
    sweeps: &[DcSweep],
    output: &mut dyn Output,
) -> Result<Statistics, Report> {
    let start = Instant::now();
    let report = |failure: Failure| Report::new(circuit.sources.clone(), failure.diagnostics);
    let mut statistics = Statistics::default();
    let total: usize = sweeps.iter().map(|sweep| sweep.values.len()).product();
    let only_temperature = sweeps.iter().all(|sweep| matches!(sweep.target, SweepTarget::Temperature));
    let keeps_cards = only_temperature && !circuit.depends_on_temperature;
    let mut last: Option<Box<System>> = None;
    let mut x = Vec::new();
    let mut path = SweepPath::default();
    for index in 0..total {
        let (overrides, axis) = overrides_at(circuit, base, sweeps, index);
        let mut system = match overrides.temperature.filter(|_| keeps_cards) {
            Some(temperature) => with_temperature(last.take(), circuit, temperature, output).map_err(report)?,
            None => like(last.take(), &Arc::new(elaborate(deck, &overrides)?), output).map_err(report)?,
        };
        if index == 0 {
            output.begin(&dc_sweep::plot_kind(circuit, &sweeps[0]), &system);
        }
        let found = if index > 0 && system.len() + 1 == x.len() {
            system.begin_dc();
            system.reset_limits(&x, false);
            let guess = path.guess(axis, &system);
            operating_point::follow(&mut system, &mut x, guess, output)
        } else {
            x = system.initial_unknowns();
            operating_point::find(&mut system, &mut x, &[], output)
        };
        match found {
            Err(failure) if failure.interrupted => break,
            found => found.map_err(report)?,
        }
        system.statistics.steps += 1;
        path.add(axis, &x);
        let environment = system.environment;
        let unknowns = Unknowns::Real(&x);
        if !output.point(&Point { system: &system, environment: &environment, axis, unknowns, step: 0.0 }) {
            break;
        }
        output.progress(Progress::of(index + 1, total));
        statistics.add(&system.statistics());
        system.statistics = Statistics::default();
        last = Some(system);
    }
    statistics.total_time = start.elapsed();
    output.end(&statistics);
    Ok(statistics)
}

/// Runs `.ac` over a table that sets more than the frequency: a circuit for each row.
pub fn run_frequencies(
    deck: &Deck,
    circuit: &Arc<Circuit>,
    base: &Overrides,
    table: &SweepTable,
    frequencies: &[f64],
    output: &mut dyn Output,
) -> Result<(), Report> {
    let start = Instant::now();
    let report = |failure: Failure| Report::new(circuit.sources.clone(), failure.diagnostics);
    let (mut statistics, mut last) = (Statistics::default(), None);
    for (index, (row, &frequency)) in table.rows.iter().zip(frequencies).enumerate() {
        let mut overrides = base.clone();
        for (column, &value) in table.columns.iter().zip(row) {
            steps::apply(circuit, &mut overrides, column, value);
        }
        let mut system = like(last.take(), &Arc::new(elaborate(deck, &overrides)?), output).map_err(report)?;
        if index == 0 {
            output.begin(&PlotKind::Ac, &system);
        }
        let mut linearised = Linearised::new(&mut system, output).map_err(report)?;
        let right = system.phasors(Tone::Ac);
        let goes_on = small_signal::solve(&mut system, &mut linearised, &right, frequency, output).map_err(report)?;
        output.progress(Progress::of(index + 1, frequencies.len()));
        statistics.add(&system.statistics());
        system.statistics = Statistics::default();
        last = Some(system);
        if !goes_on {
            break;
        }
    }
    statistics.total_time = start.elapsed();
    output.end(&statistics);
    Ok(())
}

/// Runs `.sens` at every point of a `.dc` card: a circuit for each, and one table with a row for each.
pub fn run_sensitivities(
    deck: &Deck,
    circuit: &Arc<Circuit>,
    base: &Overrides,
    card: &Sensitivity,
    output: &mut dyn Output,
) -> Result<(), Report> {
    let start = Instant::now();
    let report = |failure: Failure| Report::new(circuit.sources.clone(), failure.diagnostics);
    let (mut statistics, mut last) = (Statistics::default(), None);
    let mut whole: Option<Table> = None;
    let total: usize = card.along.iter().map(|sweep| sweep.values.len()).product();
    for index in 0..total {
        let (overrides, axis) = overrides_at(circuit, base, &card.along, index);
        let mut system = like(last.take(), &Arc::new(elaborate(deck, &overrides)?), output).map_err(report)?;
        let table = sensitivity::sensitivities(&mut system, card, output).map_err(report)?;
        let whole = whole.get_or_insert_with(|| Table {
            axis: Some(dc_sweep::axis(circuit, &card.along[0])),
            rows: Vec::new(),
            ..table.clone()
        });
        let value = |(name, _): &(String, VectorKind)| {
            let place = table.columns.iter().position(|(other, _)| other == name);
            place.map_or(f64::NAN, |place| table.rows[0][place])
        };
        whole.rows.push(std::iter::once(axis).chain(whole.columns.iter().map(value)).collect());
        output.progress(Progress::of(index + 1, total));
        statistics.add(&system.statistics());
        system.statistics = Statistics::default();
        last = Some(system);
        if !output.goes_on() {
            break;
        }
    }
    if let (Some(table), Some(system)) = (&whole, &last) {
        output.table(table, system);
    }
    statistics.total_time = start.elapsed();
    output.end(&statistics);
    Ok(())
}

/// The system of `circuit` at another temperature: `last` with new devices, as far as its equations stay what they are.
fn with_temperature(
    last: Option<Box<System>>,
    circuit: &Circuit,
    temperature: f64,
    output: &mut dyn Output,
) -> Result<Box<System>, Failure> {
    let Some(mut last) = last else {
        let mut here = circuit.clone();
        here.options.temp = temperature;
        return build(&Arc::new(here), output).map(Box::new);
    };
    if last.renew_at(temperature).map_err(|diagnostics| Failure { diagnostics, interrupted: false })? {
        return Ok(last);
    }
    let here = last.circuit.clone();
    like(Some(last), &here, output)
}

/// The system of `circuit`, with the order of elimination of `last` if it has the same pattern.
fn like(last: Option<Box<System>>, circuit: &Arc<Circuit>, output: &mut dyn Output) -> Result<Box<System>, Failure> {
    let mut system = Box::new(build(circuit, output)?);
    system.set_environment(Environment::dc(circuit.options.gmin));
    if let Some(last) = last {
        system.adopt(last.into_analysed());
    }
    Ok(system)
}

/// Overrides of sweep point `index`, and the innermost value.
fn overrides_at(circuit: &Circuit, base: &Overrides, sweeps: &[DcSweep], index: usize) -> (Overrides, f64) {
    let mut overrides = base.clone();
    let mut rest = index;
    let mut axis = 0.0;
    for (level, sweep) in sweeps.iter().enumerate() {
        let value = sweep.values[rest % sweep.values.len()];
        rest /= sweep.values.len();
        if level == 0 {
            axis = value;
        }
        steps::apply(circuit, &mut overrides, &sweep.target, value);
    }
    (overrides, axis)
}

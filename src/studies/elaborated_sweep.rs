//! `.dc` over what changes the circuit itself: parameters, temperature, models. Each point is elaborated afresh (where only the
//! temperature changes and no card depends on it, devices alone are made anew), and starts from the solution before it.

use std::sync::Arc;
use std::time::Instant;

use super::steps;
use crate::analysis::output::{Progress, Unknowns};
use crate::analysis::sweep_path::SweepPath;
use crate::analysis::{Failure, Output, Point, build, dc_sweep, operating_point};
use crate::circuit::analysis_card::DcSweep;
use crate::circuit::{Circuit, Overrides, SweepTarget, elaborate};
use crate::diagnostic::Report;
use crate::mna::Statistics;
use crate::mna::system::Analysed;
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
    let mut previous: Option<(Vec<f64>, Analysed)> = None;
    let only_temperature = sweeps.iter().all(|sweep| matches!(sweep.target, SweepTarget::Temperature));
    let keeps_cards = only_temperature && !circuit.depends_on_temperature;
    let mut here = circuit.clone();
    let mut path = SweepPath::default();
    for index in 0..total {
        let (overrides, axis) = overrides_at(circuit, base, sweeps, index);
        match overrides.temperature.filter(|_| keeps_cards) {
            Some(temperature) => Arc::make_mut(&mut here).options.temp = temperature,
            None => here = Arc::new(elaborate(deck, &overrides)?),
        }
        let mut system = build(&here, output).map_err(report)?;
        if index == 0 {
            output.begin(&dc_sweep::plot_kind(circuit, &sweeps[0]), &system);
        }
        let mut x = system.initial_unknowns();
        let found = match previous.take().filter(|(x_before, _)| x_before.len() == x.len()) {
            Some((x_before, analysed)) => {
                x.copy_from_slice(&x_before);
                system.adopt(analysed);
                system.begin_dc();
                let environment = crate::devices::device::Environment::dc(here.options.gmin);
                system.set_environment(environment);
                system.reset_limits(&x, false);
                let guess = path.guess(axis, &system);
                operating_point::follow(&mut system, &mut x, guess, output)
            }
            None => operating_point::find(&mut system, &mut x, &[], output),
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
        previous = Some((x, system.into_analysed()));
    }
    statistics.total_time = start.elapsed();
    output.end(&statistics);
    Ok(statistics)
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

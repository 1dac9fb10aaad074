//! Every deck of `tests/references` against what ngspice 39 gives for it (`make_references.sh` there made the CSV files).

mod common;

use std::fs;
use std::path::Path;

use common::references::{decks, split};
use ferrospice::circuit::Overrides;
use ferrospice::netlist::Deck;
use ferrospice::results::plot::{Data, Plot};
use ferrospice::studies::deck_run::{Keep, run_deck};

/// Largest deviation of points of `.op`, `.dc` and `.ac`, relative to the vector's size.
const POINT_TOLERANCE: f64 = 5e-4;

/// The same of waveforms, outside of a tube of ± this part of the simulated time around the reference.
const WAVEFORM_TOLERANCE: f64 = 5e-3;
const TUBE: f64 = 5e-4;

/// Root mean square of what is outside of the tube.
const WAVEFORM_RMS: f64 = 1e-3;

/// A reference: names of the columns, and the rows.
struct Table {
    names: Vec<String>,
    columns: Vec<Vec<f64>>,
}

fn read(path: &Path) -> Table {
    let text = fs::read_to_string(path).unwrap();
    let mut lines = text.lines();
    let names: Vec<String> = split(lines.next().unwrap());
    let mut columns = vec![Vec::new(); names.len()];
    for line in lines {
        for (column, value) in columns.iter_mut().zip(line.split(',')) {
            column.push(value.parse().unwrap());
        }
    }
    Table { names, columns }
}

/// The plot that has the columns `names` (noise has a second one of totals), or the last.
fn simulate(deck: &Path, options: &str, names: &[String]) -> Result<Plot, String> {
    let text = fs::read_to_string(deck).unwrap().replace("\n.end\n", &format!("\n{options}\n.end\n"));
    // Files that its cards name are beside it.
    let name = deck.display().to_string();
    let deck = Deck::from_text(&name, &text, deck.parent().unwrap()).map_err(|report| report.to_string())?;
    let mut run =
        run_deck(&deck, &Overrides::default(), &mut [], Keep::Plots, &|_| true).map_err(|report| report.to_string())?;
    let mut plots = run.runs.remove(0).plots;
    let has_all = |plot: &Plot| names.iter().skip(1).all(|name| plot.column(name).is_some());
    let place = plots.iter().position(has_all).unwrap_or(plots.len().saturating_sub(1));
    if place < plots.len() { Ok(plots.swap_remove(place)) } else { Err("no plot".to_string()) }
}

/// Column `name` of a plot; `re(…)` and `im(…)` of a complex one.
fn column(plot: &Plot, name: &str) -> Option<Vec<f64>> {
    let part = name.split_once('(').map_or("", |(part, _)| part);
    match (&plot.data, part) {
        (Data::Complex(columns), "re" | "im") => {
            let index = plot.column(&name[3..name.len() - 1])?;
            let pick = |value: &faer::c64| if part == "re" { value.re } else { value.im };
            Some(columns[index].iter().map(pick).collect())
        }
        _ => Some(plot.real(plot.column(name)?)),
    }
}

fn interpolate(x: &[f64], y: &[f64], at: f64) -> f64 {
    let index = x.partition_point(|&value| value < at).clamp(1, x.len() - 1);
    let (x0, x1) = (x[index - 1], x[index]);
    if x1 <= x0 { y[index] } else { y[index - 1] + (y[index] - y[index - 1]) * ((at - x0) / (x1 - x0)).clamp(0.0, 1.0) }
}

/// Deviation of points, relative to the size of the vector (for AC, of both parts together).
fn point_deviation(reference: &[f64], simulated: &[f64], scale: f64) -> f64 {
    let errors = reference.iter().zip(simulated).map(|(r, s)| (r - s).abs() / scale);
    errors.fold(0.0, |worst: f64, error| if error.is_nan() { f64::INFINITY } else { worst.max(error) })
}

/// Largest deviation outside of the tube, and root mean square.
fn waveform_deviation(rx: &[f64], ry: &[f64], sx: &[f64], sy: &[f64], scale: f64) -> (f64, f64) {
    let (start, end) = (rx[0], rx[rx.len() - 1]);
    let (mut worst, mut squares) = (0.0f64, 0.0);
    let count = 2000;
    for index in 0..=count {
        let t = start + (end - start) * f64::from(index) / f64::from(count);
        let value = interpolate(sx, sy, t);
        let inside = (-4..=4).map(|k| interpolate(rx, ry, t + TUBE * (end - start) * f64::from(k) / 4.0));
        let (low, high) = inside.fold((f64::MAX, f64::MIN), |(low, high), y| (low.min(y), high.max(y)));
        let outside = (low - value).max(value - high).max(0.0) / scale;
        worst = if outside.is_nan() { f64::INFINITY } else { worst.max(outside) };
        squares += outside * outside;
    }
    (worst, (squares / f64::from(count)).sqrt())
}

/// Of long sweeps references have every `stride`-th point: at most 200.
const MOST_ROWS: usize = 200;

fn stride(points: usize, rows: usize) -> usize {
    if points == rows { 1 } else { points.div_ceil(MOST_ROWS) }
}

/// Rows that a reference of so many points has.
fn rows(points: usize, rows: usize) -> usize {
    points.div_ceil(stride(points, rows))
}

/// The same of decks of the equations alone, where both simulators are at tight tolerances.
const TIGHT_TOLERANCE: f64 = 1e-5;

fn compare(deck: &Path, options: &str, tolerance: f64) -> Vec<String> {
    let table = read(&deck.with_extension("csv"));
    let plot = match simulate(deck, options, &table.names) {
        Ok(plot) => plot,
        Err(error) => return vec![error],
    };
    let mut wrong = Vec::new();
    let axis = plot.axis();
    let largest = |current: bool| {
        let alike = table.names.iter().zip(&table.columns).skip(usize::from(plot.header.has_axis));
        let values = alike.filter(|(name, _)| name.contains("i(") == current).flat_map(|(_, column)| column);
        values.fold(0.0f64, |most, value| most.max(value.abs()))
    };
    let (voltages, currents) = (largest(false), largest(true));
    for (name, reference) in table.names.iter().zip(&table.columns).skip(usize::from(plot.header.has_axis)) {
        if name.contains('#') {
            continue; // a node inside a device
        }
        let Some(simulated) = column(&plot, name) else {
            wrong.push(format!("{name} is missing"));
            continue;
        };
        let (low, high) = reference.iter().fold((f64::MAX, f64::MIN), |(l, h), &v| (l.min(v), h.max(v)));
        let floor = 1e-4 * if name.contains("i(") { currents } else { voltages } + 1e-12;
        let scale = (high - low).max(0.1 * high.abs().max(low.abs())).max(floor);
        if plot.header.name.starts_with("Transient") {
            let (worst, rms) = waveform_deviation(&table.columns[0], reference, &axis, &simulated, scale);
            if worst > WAVEFORM_TOLERANCE || rms > WAVEFORM_RMS {
                wrong.push(format!("{name}: {worst:.2e} outside of the tube, rms {rms:.2e}"));
            }
        } else if reference.len() != rows(simulated.len(), reference.len()) {
            wrong.push(format!("{name}: {} points instead of {}", simulated.len(), reference.len()));
        } else {
            let kept: Vec<f64> = simulated.iter().copied().step_by(stride(simulated.len(), reference.len())).collect();
            let worst = point_deviation(reference, &kept, scale);
            if worst > tolerance {
                wrong.push(format!("{name}: {worst:.2e}"));
            }
        }
    }
    wrong
}

fn all_agree(folder: &str, at_least: usize, options: &str, tolerance: f64) {
    let decks = decks(folder, at_least);
    let failures: Vec<String> = decks
        .iter()
        .map(|deck| (deck, compare(deck, options, tolerance)))
        .filter(|(_, wrong)| !wrong.is_empty())
        .map(|(deck, wrong)| format!("{}:\n    {}", deck.display(), wrong.join("\n    ")))
        .collect();
    assert!(failures.is_empty(), "{} of {} decks differ:\n{}", failures.len(), decks.len(), failures.join("\n"));
}

#[test]
fn decks_agree_with_ngspice() {
    all_agree("tests/references", 65, "", POINT_TOLERANCE);
}

/// The circuits of `benchmarks/circuits` whose references are small and whose waveforms can be compared point by point, with
/// tolerances as tight as theirs: it is the equations that are compared here (`benchmarks/compare.py` compares errors).
#[test]
fn circuits_of_the_comparison_agree_with_ngspice() {
    all_agree("tests/references/circuits", 55, ".options reltol=1e-5 trtol=1", POINT_TOLERANCE);
}

/// Tolerances of decks of the equations alone.
const TIGHT: &str = ".options reltol=1e-6 abstol=1e-14 vntol=1e-8 trtol=1";

#[test]
fn equations_of_bsim4_are_those_of_ngspice() {
    all_agree("tests/references/bsim4", 11, ".options reltol=1e-6 abstol=1e-14 vntol=1e-8 trtol=1", TIGHT_TOLERANCE);
}

#[test]
fn equations_of_bsimsoi_are_those_of_ngspice() {
    all_agree("tests/references/bsimsoi", 13, TIGHT, TIGHT_TOLERANCE);
}

#[test]
fn equations_of_bsim3_are_those_of_ngspice() {
    all_agree("tests/references/bsim3", 9, TIGHT, TIGHT_TOLERANCE);
}

#[test]
fn equations_of_bsim1_are_those_of_ngspice() {
    all_agree("tests/references/bsim1", 7, TIGHT, TIGHT_TOLERANCE);
}

#[test]
fn equations_of_bsim2_are_those_of_ngspice() {
    all_agree("tests/references/bsim2", 7, TIGHT, TIGHT_TOLERANCE);
}

#[test]
fn equations_of_vbic_are_those_of_ngspice() {
    all_agree("tests/references/vbic", 13, TIGHT, TIGHT_TOLERANCE);
}

#[test]
fn equations_of_hicum_are_those_of_ngspice() {
    all_agree("tests/references/hicum", 15, TIGHT, TIGHT_TOLERANCE);
}

#[test]
fn equations_of_mesfets_are_those_of_ngspice() {
    all_agree("tests/references/mesa", 8, TIGHT, TIGHT_TOLERANCE);
}

#[test]
fn equations_of_heterostructure_transistors_are_those_of_ngspice() {
    all_agree("tests/references/hfet", 6, TIGHT, TIGHT_TOLERANCE);
}

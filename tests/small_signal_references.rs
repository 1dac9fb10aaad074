//! `.noise`, `.tf`, `.pz`, `.sens` and `.disto` against what ngspice 39 gives (`references/small_signal/make.py` made the CSV files).

mod common;

use std::fs;
use std::path::Path;

use common::references::{decks, split};
use faer::c64;
use ferrospice::circuit::Overrides;
use ferrospice::netlist::Deck;
use ferrospice::results::plot::{Data, Plot};
use ferrospice::studies::deck_run::{Keep, run_deck};

/// Largest deviation of noise densities and totals and of transfer functions, relative to each value.
const TOLERANCE: f64 = 2e-4;

/// Of poles and zeros, relative to their size: those of transistors depend on the constants of nature, which are not quite the same.
const ROOT_TOLERANCE: f64 = 5e-6;

/// Of sensitivities: ngspice takes one-sided differences of a millionth of each number.
const SENSITIVITY_TOLERANCE: f64 = 1e-3;

/// A plot of ngspice: its name, and the values of each vector.
struct Reference {
    plot: String,
    vectors: Vec<(String, Vec<c64>)>,
}

fn read(path: &Path) -> Vec<Reference> {
    let text = fs::read_to_string(path).unwrap();
    let mut found: Vec<Reference> = Vec::new();
    let mut names: Vec<String> = Vec::new();
    for line in text.lines() {
        if let Some(plot) = line.strip_prefix("# ") {
            found.push(Reference { plot: plot.to_string(), vectors: Vec::new() });
            names.clear();
        } else if names.is_empty() {
            names = split(line);
        } else {
            let values: Vec<f64> = line.split(',').map(|value| value.parse().unwrap()).collect();
            add_row(&mut found.last_mut().unwrap().vectors, &names, &values);
        }
    }
    found
}

fn add_row(vectors: &mut Vec<(String, Vec<c64>)>, names: &[String], values: &[f64]) {
    let mut index = 0;
    while index < names.len() {
        let inner = names[index].strip_prefix("re(").and_then(|name| name.strip_suffix(')'));
        let (name, value) = match inner {
            Some(inner) => (inner, c64::new(values[index], values[index + 1])),
            None => (&*names[index], c64::new(values[index], 0.0)),
        };
        index += if inner.is_some() { 2 } else { 1 };
        let name = name.to_string();
        match vectors.iter_mut().find(|(other, _)| *other == name) {
            Some((_, column)) => column.push(value),
            None => vectors.push((name, vec![value])),
        }
    }
}

/// Raw files have `v(…)` around the names of all voltages.
fn bare(name: &str) -> &str {
    ["v(", "i("].iter().find_map(|kind| name.strip_prefix(kind)?.strip_suffix(')')).unwrap_or(name)
}

fn simulate(deck: &Path) -> Vec<Plot> {
    let deck = Deck::read(deck).unwrap_or_else(|report| panic!("{report}"));
    let run = run_deck(&deck, &Overrides::default(), &mut [], Keep::Plots, &|_| true);
    run.unwrap_or_else(|report| panic!("{report}")).runs.remove(0).plots
}

fn column(plot: &Plot, name: &str) -> Option<Vec<c64>> {
    let index = plot.column(name)?;
    Some(match &plot.data {
        Data::Real(columns) => columns[index].iter().map(|&value| c64::new(value, 0.0)).collect(),
        Data::Complex(columns) => columns[index].clone(),
    })
}

fn distance(a: c64, b: c64) -> f64 {
    (a - b).norm()
}

/// What ngspice's sensitivities have wrong, as differences of its own operating points show: it does not change the conductance of
/// a diode's `rs` nor the saturation currents of bulk junctions, and once it has set a parameter that was not given (`isr`), this counts as
/// given for what comes after it. With `is` its one-sided differences are mostly rounding.
const WRONG: &[&str] =
    &["d1:rs", "m1:is", "d1:isr", "d1:nr", "d1_temp", "d1_area", "d1_m", "d1:is", "j1:is", "j1_temp", "j1:tnom"];

/// The name here of a vector of ngspice; `None` if there is none of this meaning. Over frequency its `r1` is the resistance of DC alone, and
/// `r1_ac` the other; here `r1` is both. Of a current its output resistance is always 1e20.
fn own_name(name: &str, sensitivities_over_frequency: bool) -> Option<&str> {
    if sensitivities_over_frequency && name.starts_with('r') {
        return name.strip_suffix("_ac").or(name.contains(['_', ':']).then_some(name));
    }
    (!WRONG.contains(&name) && !name.ends_with("#Output_impedance")).then_some(name)
}

/// What of `reference` is not found in `plot`, or differs.
fn compare(reference: &Reference, plot: &Plot) -> Vec<String> {
    if reference.plot.starts_with("Pole-Zero") {
        return compare_roots(reference, plot);
    }
    let sensitivities = reference.plot.starts_with("Sensitivity");
    let tolerance = if sensitivities { SENSITIVITY_TOLERANCE } else { TOLERANCE };
    let mut wrong = Vec::new();
    for (name, values) in &reference.vectors {
        let largest = values.iter().map(|value| value.norm()).fold(0.0, f64::max);
        let Some(own) = own_name(bare(name), sensitivities && plot.header.complex) else { continue };
        let Some(found) = column(plot, name).or_else(|| column(plot, own)) else {
            // Limits that are not enforced, resistances that are not there, and the like.
            if largest != 0.0 {
                wrong.push(format!("{name} is missing ({largest:e})"));
            }
            continue;
        };
        if found.len() != values.len() {
            wrong.push(format!("{name}: {} points instead of {}", found.len(), values.len()));
            continue;
        }
        let worst = values.iter().zip(&found).map(|(a, b)| distance(*a, *b)).fold(0.0, f64::max);
        if worst.is_nan() || worst > tolerance * largest + 1e-300 {
            let (a, b) = (values.last().unwrap(), found.last().unwrap());
            wrong.push(format!("{name}: {:.2e} of {largest:e}, at the end {b} instead of {a}", worst / largest));
        }
    }
    wrong
}

/// Poles and zeros come in no particular order.
fn compare_roots(reference: &Reference, plot: &Plot) -> Vec<String> {
    let mut wrong = Vec::new();
    for kind in ["pole(", "zero("] {
        let wanted: Vec<c64> = reference
            .vectors
            .iter()
            .filter(|(name, _)| bare(name).starts_with(kind))
            .map(|(_, values)| values[0])
            .collect();
        let names = plot.header.columns.iter().filter(|found| found.name.starts_with(kind));
        let mut found: Vec<c64> = names.map(|found| column(plot, &found.name).unwrap()[0]).collect();
        if found.len() != wanted.len() {
            wrong.push(format!("{kind}…): {found:?} instead of {wanted:?}"));
            continue;
        }
        for root in wanted {
            let nearest =
                (0..found.len()).min_by(|&a, &b| distance(found[a], root).total_cmp(&distance(found[b], root)));
            let nearest = found.remove(nearest.unwrap());
            if distance(nearest, root) > ROOT_TOLERANCE * root.norm() {
                wrong.push(format!("{kind}…): {nearest} instead of {root}"));
            }
        }
    }
    wrong
}

#[test]
fn decks_agree_with_ngspice() {
    let decks = decks("tests/references/small_signal", 20);
    let mut failures = Vec::new();
    for deck in &decks {
        let plots = simulate(deck);
        for reference in read(&deck.with_extension("csv")) {
            let plot = plots.iter().find(|plot| plot.header.name == reference.plot);
            let wrong = match plot {
                Some(plot) => compare(&reference, plot),
                None => vec![format!("no plot `{}`", reference.plot)],
            };
            if !wrong.is_empty() {
                failures.push(format!("{}:\n    {}", deck.display(), wrong.join("\n    ")));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

//! Decks side by side: the measures they share, their waveforms over each other, and the difference of two.

use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde::Serialize;

use super::deck_figures;
use super::deck_run::{DeckRun, Keep, run_deck};
use crate::circuit::Overrides;
use crate::diagnostic::{Diagnostic, Report};
use crate::netlist::Deck;
use crate::netlist::dialect::Dialect;
use crate::results::card_text::Operand;
use crate::results::figure::{Figure, Panel, Series};
use crate::results::measure::{self, Measure};
use crate::results::plot::Plot;
use crate::results::plot_selector::choose;
use crate::results::reduction::value_at;
use crate::results::scope::Scope;
use crate::results::series;

/// A deck that was run for comparison.
#[derive(Debug)]
pub struct Compared {
    /// File name without folder and extension; with its number where two are equal.
    pub name: String,
    pub path: PathBuf,
    pub title: String,
    /// Measures of its only run, or over all its steps.
    pub measures: Vec<Measure>,
    run: DeckRun,
}

/// The measures of all decks, one row for each name.
#[derive(Debug, Clone, Serialize)]
pub struct Table {
    pub decks: Vec<String>,
    pub rows: Vec<Row>,
}

/// One measure in all decks.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    pub measure: String,
    /// In the order of the decks; None where a deck does not have the measure.
    pub values: Vec<Option<Cell>>,
}

/// The value of a measure, or why there is none.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Cell {
    Value(f64),
    Failed { failed: String },
}

/// How far a vector of one run is from that of another.
#[derive(Debug, Clone, Serialize)]
pub struct Difference {
    pub vector: String,
    /// Largest distance, in the vector's unit.
    pub maximum: f64,
    /// Where it is: time, frequency or swept value.
    pub at: f64,
    /// Root of the mean square over the axis that both share.
    pub rms: f64,
    /// `time (s)`, or empty.
    pub over: String,
    #[serde(skip)]
    pub axis: Vec<f64>,
    /// Second minus first.
    #[serde(skip)]
    pub values: Vec<f64>,
}

/// Runs `decks`.
///
/// # Errors
/// The first deck that cannot be run.
pub fn run(decks: &[PathBuf], dialect: Option<Dialect>, overrides: &Overrides) -> Result<Vec<Compared>, Report> {
    let one = |path: &PathBuf| {
        let deck = Deck::read_in(path, dialect)?;
        let run = run_deck(&deck, overrides, &mut [], Keep::Plots, &|_| true)?;
        let title = run.runs.first().map_or_else(String::new, |run| run.circuit.title.to_string());
        let alone = run.runs.iter().take(if run.runs.len() == 1 { 1 } else { 0 });
        let measures = alone.flat_map(|run| run.measures.clone());
        let across = run.across.iter().flat_map(|across| across.measures.clone());
        let measures = measures.chain(across).collect();
        Ok(Compared { name: stem(path), path: path.clone(), title, measures, run })
    };
    let mut compared = decks
        .par_iter()
        .map(one)
        .collect::<Vec<Result<Compared, Report>>>()
        .into_iter()
        .collect::<Result<Vec<_>, _>>()?;
    let names: Vec<String> = compared.iter().map(|deck| deck.name.clone()).collect();
    for (index, deck) in compared.iter_mut().enumerate() {
        if names.iter().filter(|name| **name == deck.name).count() > 1 {
            deck.name = format!("{} ({})", deck.name, index + 1);
        }
    }
    Ok(compared)
}

fn stem(path: &Path) -> String {
    path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned())
}

/// The measures side by side, in the order in which they first appear.
pub fn table(decks: &[Compared]) -> Table {
    let mut names: Vec<&str> = Vec::new();
    for measure in decks.iter().flat_map(|deck| &deck.measures) {
        if !names.contains(&&*measure.name) {
            names.push(&measure.name);
        }
    }
    let value = |deck: &Compared, name: &str| {
        let measure = deck.measures.iter().find(|measure| &*measure.name == name)?;
        Some(match measure.value() {
            Ok(value) => Cell::Value(value),
            Err(failed) => Cell::Failed { failed },
        })
    };
    let row =
        |name: &&str| Row { measure: name.to_string(), values: decks.iter().map(|deck| value(deck, name)).collect() };
    Table { decks: decks.iter().map(|deck| deck.name.clone()).collect(), rows: names.iter().map(row).collect() }
}

/// A curve of one run, and what it is over.
struct Curve {
    series: Series,
    /// Empty where the curve has an axis of its own, such as samples.
    axis: String,
}

/// The curve of `vector` in every run of `deck`, labelled with the deck's name.
fn curves(deck: &Compared, vector: &Operand) -> Result<Vec<Curve>, Diagnostic> {
    let one = |run: &super::StepRun| {
        let measures = measure::values(&run.measures);
        let attempt = |plot| series::curve(&vector.expression, &Scope::new(plot, &run.circuit, &measures), vector.span);
        let found = choose(&run.plots, None, attempt);
        let (plot, (x, y)) = found.map_err(|error| {
            let plain = Diagnostic { labels: Vec::new(), ..error };
            plain.hint(format!("in `{}`", deck.path.display()))
        })?;
        let label = match run.step.label.as_str() {
            "" => deck.name.clone(),
            step => format!("{} ({step})", deck.name),
        };
        let axis = plot.filter(|plot| plot.axis() == x).map_or_else(String::new, axis_name);
        Ok(Curve { series: Series { label, x, y, ..Series::default() }, axis })
    };
    deck.run.runs.iter().map(one).collect()
}

/// The curves of `vector` of all decks over each other.
///
/// # Errors
/// A deck does not have the vector, or it is no curve.
pub fn overlay(decks: &[Compared], vector: &Operand) -> Result<Figure, Diagnostic> {
    let mut found = Vec::new();
    for deck in decks {
        found.extend(curves(deck, vector)?);
    }
    let x_label = found.first().map_or_else(String::new, |curve| curve.axis.clone());
    let series = found.into_iter().map(|curve| curve.series).collect();
    let panel = Panel { x_label, y_label: vector.text.clone(), series, ..Panel::default() };
    Ok(Figure { title: vector.text.clone(), panels: vec![panel] })
}

fn axis_name(plot: &Plot) -> String {
    match plot.header.columns.first().map(|column| column.name.as_str()) {
        Some("time") => "time (s)".into(),
        Some("frequency") => "frequency (Hz)".into(),
        name => name.unwrap_or_default().into(),
    }
}

/// The figures that `.figure` cards of the decks ask for; those of the same title over each other.
///
/// # Errors
/// A card names what is not there.
pub fn figures(decks: &[Compared]) -> Result<Vec<Figure>, Diagnostic> {
    let mut merged: Vec<Figure> = Vec::new();
    for deck in decks {
        for mut figure in deck_figures::draw(&deck.run)? {
            for series in figure.panels.iter_mut().flat_map(|panel| &mut panel.series) {
                series.label = format!("{} {}", deck.name, series.label).trim().to_string();
            }
            let same = |other: &&mut Figure| other.title == figure.title && other.panels.len() == figure.panels.len();
            match merged.iter_mut().find(same) {
                Some(other) => {
                    let panels = other.panels.iter_mut().zip(figure.panels);
                    panels.for_each(|(other, panel)| other.series.extend(panel.series));
                }
                None => merged.push(figure),
            }
        }
    }
    Ok(merged)
}

/// `vector` of the second deck minus that of the first, on the points of both, where their axes overlap.
///
/// # Errors
/// A deck does not have the vector, or has steps, or the axes do not overlap.
pub fn difference(first: &Compared, second: &Compared, vector: &Operand) -> Result<Difference, Diagnostic> {
    let only = |deck: &Compared| match curves(deck, vector)?.as_slice() {
        [only] => Ok((only.series.clone(), only.axis.clone())),
        _ => {
            Err(Diagnostic::error(format!("`{}` has steps, so there is no one curve to subtract", deck.path.display())))
        }
    };
    let ((a, axis_name), (b, _)) = (only(first)?, only(second)?);
    let ends = |x: &[f64]| (x.first().copied().unwrap_or(f64::NAN), x.last().copied().unwrap_or(f64::NAN));
    let ((a_first, a_last), (b_first, b_last)) = (ends(&a.x), ends(&b.x));
    let (low, high) = (a_first.max(b_first), a_last.min(b_last));
    let mut axis: Vec<f64> = a.x.iter().chain(&b.x).copied().filter(|x| (low..=high).contains(x)).collect();
    axis.sort_by(f64::total_cmp);
    axis.dedup();
    if axis.len() < 2 {
        return Err(Diagnostic::error(format!(
            "the axes of the two runs do not overlap, so `{}` cannot be subtracted",
            vector.text
        )));
    }
    let at = |series: &Series, x: f64| value_at(&series.x, &series.y, x).unwrap_or(f64::NAN);
    let values: Vec<f64> = axis.iter().map(|&x| at(&b, x) - at(&a, x)).collect();
    let largest = (0..axis.len()).max_by(|&i, &j| values[i].abs().total_cmp(&values[j].abs())).unwrap_or(0);
    // The difference is linear between its points, so its square integrates exactly.
    let square = |(x, y): (&[f64], &[f64])| (x[1] - x[0]) * (y[0] * y[0] + y[0] * y[1] + y[1] * y[1]) / 3.0;
    let integral: f64 = axis.windows(2).zip(values.windows(2)).map(square).sum();
    Ok(Difference {
        vector: vector.text.clone(),
        maximum: values[largest].abs(),
        at: axis[largest],
        rms: (integral / (high - low)).sqrt(),
        over: axis_name,
        axis,
        values,
    })
}

/// A figure of `difference`.
pub fn difference_figure(difference: &Difference, decks: &[Compared]) -> Figure {
    let label = format!("{} − {}", decks[1].name, decks[0].name);
    let series = Series { label, x: difference.axis.clone(), y: difference.values.clone(), ..Series::default() };
    let panel = Panel {
        x_label: difference.over.clone(),
        y_label: format!("difference of {}", difference.vector),
        series: vec![series],
        ..Panel::default()
    };
    Figure { title: format!("Difference of {}", difference.vector), panels: vec![panel] }
}

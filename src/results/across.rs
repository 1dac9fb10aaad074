//! The runs of a deck with `.step` as the points of one more plot.
//!
//! Its vectors are the stepped quantities and the measures of the runs; `.measure steps …` and `.check steps …` are evaluated on
//! it. With one `.step` card its axis is the stepped quantity, with several the number of the run.

use std::sync::Arc;

use super::check::{self, CheckResult};
use super::measure::{self, Measure};
use super::plot::{Column, Data, Header, Plot, VectorKind};
use super::plot_selector::AnalysisName;
use super::{cards::ResultCards, plot::kind_of_name};
use crate::circuit::Circuit;

/// What is computed from all runs together.
#[derive(Debug, Clone)]
pub struct Across {
    pub plot: Plot,
    pub measures: Vec<Measure>,
    pub checks: Vec<CheckResult>,
}

/// One run as a point: stepped quantities and measures.
#[derive(Debug, Clone, Copy)]
pub struct RunPoint<'a> {
    pub stepped: &'a [(String, f64)],
    pub measures: &'a [Measure],
}

/// Evaluates what `cards` say about all runs of `circuit` together.
pub fn evaluate(cards: &ResultCards, circuit: &Arc<Circuit>, runs: &[RunPoint]) -> Across {
    let plot = plot(circuit, runs);
    // Without runs there is nothing that a card could be about, and it says so.
    let plots = if runs.is_empty() { &[] } else { std::slice::from_ref(&plot) };
    let measures = measure::evaluate(&cards.measures_of(Part::AllRuns), circuit, plots, &[]);
    let checks = check::evaluate(&cards.checks_of(Part::AllRuns), circuit, plots, &measures);
    Across { plot, measures, checks }
}

/// Which cards of a deck.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Those about the curves of one run.
    EachRun,
    /// Those about all runs together.
    AllRuns,
}

impl ResultCards {
    /// The measures about each run, or about all.
    pub fn measures_of(&self, part: Part) -> Vec<measure::MeasureCard> {
        self.measures.iter().filter(|card| part_of(card.analysis) == part).cloned().collect()
    }

    /// The checks about each run, or about all.
    pub fn checks_of(&self, part: Part) -> Vec<check::CheckCard> {
        self.checks.iter().filter(|card| part_of(card.analysis) == part).cloned().collect()
    }
}

fn part_of(analysis: Option<AnalysisName>) -> Part {
    if analysis == Some(AnalysisName::Steps) { Part::AllRuns } else { Part::EachRun }
}

fn plot(circuit: &Circuit, runs: &[RunPoint]) -> Plot {
    let mut names: Vec<String> = Vec::new();
    let mut columns: Vec<Vec<f64>> = Vec::new();
    let mut add = |name: &str, values: Vec<f64>| {
        if !names.iter().any(|other| other == name) {
            names.push(name.to_string());
            columns.push(values);
        }
    };
    let stepped = runs.first().map_or(&[][..], |run| run.stepped);
    if stepped.len() != 1 {
        add("step", (0..runs.len()).map(|index| index as f64).collect());
    }
    for (name, _) in stepped {
        let value =
            |run: &RunPoint| run.stepped.iter().find(|(other, _)| other == name).map_or(f64::NAN, |found| found.1);
        add(name, runs.iter().map(value).collect());
    }
    for measure in runs.iter().flat_map(|run| run.measures) {
        let value = |run: &RunPoint| {
            let found = run.measures.iter().find(|other| other.name == measure.name);
            // What one run could not measure must not pass a check on all.
            found.and_then(|measure| measure.value().ok()).unwrap_or(f64::NAN)
        };
        add(&measure.name, runs.iter().map(value).collect());
    }
    let kind = |name: &String| match kind_of_name(name) {
        // A stepped quantity called `time` is no axis of seconds.
        VectorKind::Time | VectorKind::Frequency => VectorKind::Other,
        kind => kind,
    };
    let header = Header {
        title: circuit.title.to_string(),
        name: "Steps Analysis".into(),
        step: String::new(),
        complex: false,
        has_axis: true,
        columns: names.iter().map(|name| Column { name: name.clone(), kind: kind(name) }).collect(),
    };
    Plot { header, data: Data::Real(columns) }
}

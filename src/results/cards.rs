//! All cards of a deck that compute something from results.

use super::across::Part;
use super::array_card::{self, ArrayCard};
use super::bias_card::{self, BiasCard};
use super::check::{self, CheckCard};
use super::fft::{self, FftCard};
use super::figure_card::{self, FigureCard};
use super::fourier::{self, FourierCard};
use super::measure::{self, MeasureCard};
use super::print_table::{self, PrintCard};
use super::result_card::{self, ResultCard};
use super::target_card::{self, TargetCard};
use super::wave_card::{self, WaveCard};
use crate::circuit::Circuit;
use crate::diagnostic::{Diagnostic, Report};
use crate::netlist::dialect::Dialect;

/// The cards that compute something from results.
#[derive(Debug, Clone, Default)]
pub struct ResultCards {
    pub measures: Vec<MeasureCard>,
    pub checks: Vec<CheckCard>,
    pub fouriers: Vec<FourierCard>,
    pub transforms: Vec<FftCard>,
    pub prints: Vec<PrintCard>,
    pub figures: Vec<FigureCard>,
    pub targets: Vec<TargetCard>,
    pub arrays: Vec<ArrayCard>,
    pub waves: Vec<WaveCard>,
    pub biases: Vec<BiasCard>,
    pub results: Vec<ResultCard>,
    pub warnings: Vec<Diagnostic>,
}

impl ResultCards {
    /// Reads the cards of `circuit`.
    ///
    /// # Errors
    /// Every malformed card, pointed at; also names that two checks share, or two measures beside checks.
    pub fn read(circuit: &Circuit) -> Result<ResultCards, Report> {
        let mut cards = ResultCards::default();
        let mut errors = Vec::new();
        for card in &circuit.cards {
            let read = match &*card.keyword {
                "measure" => measure::parse(card).map(|card| cards.measures.push(card)),
                "check" => check::parse(card).map(|card| cards.checks.push(card)),
                "four" => fourier::parse(card).map(|card| cards.fouriers.push(card)),
                "fft" => fft::parse(card).map(|card| cards.transforms.push(card)),
                // What cannot be printed is no reason not to simulate.
                "print" | "plot" => {
                    match print_table::parse(card) {
                        Ok(mut card) => {
                            // Xyce writes a file for every `.print` card.
                            if circuit.dialect == Dialect::Xyce && !card.is_plot {
                                card.file.get_or_insert_default();
                            }
                            cards.prints.push(card);
                        }
                        Err(error) => cards.warnings.push(error.as_warning()),
                    }
                    Ok(())
                }
                "figure" => figure_card::parse(card).map(|card| cards.figures.push(card)),
                "array" => array_card::parse(card, circuit).map(|card| cards.arrays.push(card)),
                "wave" => wave_card::parse(card, circuit).map(|card| cards.waves.push(card)),
                "savebias" => bias_card::parse(card, circuit).map(|card| cards.biases.push(card)),
                "result" => result_card::parse(card).map(|card| cards.results.push(card)),
                "target" => target_card::parse(card).map(|card| cards.targets.push(card)),
                _ => Ok(()),
            };
            errors.extend(read.err());
        }
        if !cards.checks.is_empty() {
            // A check must not take one measure for another.
            let measures = cards.measures.iter().map(|card| (&*card.name, card.span));
            errors.extend(doubles("measure", measures.collect()));
        }
        let targets = cards.targets.iter().map(|card| (&*card.id, card.span));
        errors.extend(doubles("target", targets.collect()));
        errors.extend(cards.targets.iter().flat_map(|target| target.unknown_checks(&cards.checks)));
        let checks = cards.checks.iter().map(|card| (&*card.name, card.span));
        errors.extend(doubles("check", checks.collect()));
        if errors.is_empty() { Ok(cards) } else { Err(Report::new(circuit.sources.clone(), errors)) }
    }

    /// Whether a card is about all runs together.
    pub fn ask_for_steps(&self) -> bool {
        !(self.measures_of(Part::AllRuns).is_empty() && self.checks_of(Part::AllRuns).is_empty())
    }

    /// Whether the cards compute something that must be known when the run is over.
    pub fn need_plots(&self) -> bool {
        let prints_files = self.prints.iter().any(|card| card.file.is_some());
        prints_files
            || !(self.measures.is_empty()
                && self.checks.is_empty()
                && self.fouriers.is_empty()
                && self.transforms.is_empty()
                && self.waves.is_empty()
                && self.biases.is_empty()
                && self.results.is_empty())
    }
}

fn doubles(what: &str, named: Vec<(&str, crate::diagnostic::Span)>) -> Vec<Diagnostic> {
    let earlier = |index: usize| named[..index].iter().find(|(name, _)| *name == named[index].0);
    let double = |index: usize| {
        let (name, span) = named[index];
        let error = Diagnostic::error(format!("there are two {what}s called `{name}`")).at(span);
        Some(error.label(earlier(index)?.1, "the first"))
    };
    (0..named.len()).filter_map(double).collect()
}

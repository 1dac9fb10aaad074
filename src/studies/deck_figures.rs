//! The figures that the `.figure` cards of a deck ask for.

use super::deck_run::DeckRun;
use crate::diagnostic::Diagnostic;
use crate::results::cards::ResultCards;
use crate::results::figure::Figure;
use crate::results::figure_drawing::{self, RunResults};

/// One figure for each `.figure` card.
///
/// # Errors
/// A card names what is not there.
pub fn draw(run: &DeckRun) -> Result<Vec<Figure>, Diagnostic> {
    let Some(first) = run.runs.first() else { return Ok(Vec::new()) };
    // The cards were read before the run.
    let Ok(cards) = ResultCards::read(&first.circuit) else { return Ok(Vec::new()) };
    let results: Vec<RunResults> = run
        .runs
        .iter()
        .map(|run| RunResults {
            label: &run.step.label,
            circuit: &run.circuit,
            plots: &run.plots,
            measures: &run.measures,
        })
        .collect();
    cards.figures.iter().map(|card| figure_drawing::draw(card, &results, run.across.as_ref())).collect()
}

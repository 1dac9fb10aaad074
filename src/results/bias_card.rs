//! `.savebias`: the voltages of an operating point as a file of `.nodeset` cards, which `.loadbias` reads (LTspice, PSpice).
//!
//! ```text
//! .savebias "bias.txt" [op|tran|dc] [internal] [time=t]
//! ```
//! The operating point is that of `.op`, or the beginning of the transient analysis or of the sweep; with `time=`, the first time point
//! from there on.

use std::fmt::Write as _;

use super::card_text::CardText;
use super::plot::Plot;
use super::plot_selector::{AnalysisName, is_wanted};
use super::scope::Scope;
use super::series;
use crate::circuit::Circuit;
use crate::diagnostic::{Diagnostic, Span};
use crate::netlist::DotCard;

/// A `.savebias` card.
#[derive(Debug, Clone)]
pub struct BiasCard {
    pub file: String,
    analysis: Option<AnalysisName>,
    time: Option<f64>,
    span: Span,
}

const EXAMPLE: &str = "for example: .savebias \"bias.txt\" time=1m";

/// Reads a `.savebias` card.
///
/// # Errors
/// The card is malformed.
pub fn parse(card: &DotCard, circuit: &Circuit) -> Result<BiasCard, Diagnostic> {
    let mut text = CardText::new(card);
    let (_, place) = text.file_name().map_err(|error| error.hint(EXAMPLE))?;
    let file = circuit.sources.text(place).trim_matches('"').to_string();
    let mut found = BiasCard { file, analysis: None, time: None, span: card.span };
    while !text.is_at_end() {
        if text.accept_option("time") {
            let operand = text.expression()?;
            let scope = Scope::new(None, circuit, &[]);
            found.time = Some(series::number(&operand.expression, &scope, operand.span)?);
        } else if let Some(analysis) = AnalysisName::named(text.peek()) {
            text.word();
            found.analysis = Some(analysis);
        } else if !["internal", "nosubckt", "repeat"].iter().any(|word| text.accept_word(word)) {
            return Err(text.unexpected("`time=`, `op`, `tran` or `dc`").hint(EXAMPLE));
        }
    }
    Ok(found)
}

impl BiasCard {
    /// The cards.
    ///
    /// # Errors
    /// There is no such analysis.
    pub fn contents(&self, circuit: &Circuit, plots: &[Plot]) -> Result<String, Diagnostic> {
        let analysis = self.analysis.or(self.time.map(|_| AnalysisName::Transient));
        let real = |plot: &&Plot| !plot.header.complex && !plot.is_empty() && is_wanted(plot, analysis);
        let plot = plots.iter().find(real).ok_or_else(|| {
            let error = Diagnostic::error("there is no operating point to save").at(self.span);
            error.hint("`.op`, `.tran` and `.dc` have one")
        })?;
        let from = |time: f64| plot.axis().iter().position(|other| *other >= time * (1.0 - 1e-12));
        let index = match self.time {
            Some(time) => from(time).unwrap_or(plot.len() - 1),
            None => 0,
        };
        let mut text = format!("* operating point of {}\n", circuit.title);
        let voltages = plot.header.columns.iter().zip(plot.row(index));
        for (column, value) in voltages.filter(|(column, _)| is_of_node(&column.name)) {
            let _ = writeln!(text, ".nodeset {}={value:e}", column.name);
        }
        Ok(text)
    }
}

/// Whether a vector is the voltage of one node.
fn is_of_node(name: &str) -> bool {
    name.starts_with("v(") && !name.contains(',')
}

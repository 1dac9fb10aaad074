//! Xyce's `.result`: what an expression is at the end of every run of `.step`, in the file `DECK.res`.
//!
//! ```text
//! .result {v(out)}
//! ```
//! The file has a row for each run: its number, the stepped quantities, and the expressions in the order of their cards.

use std::fmt::Write as _;

use super::card_text::{CardText, Operand};
use super::plot::Plot;
use super::print_table::scientific;
use super::scope::Scope;
use super::series;
use crate::circuit::Circuit;
use crate::diagnostic::Diagnostic;
use crate::netlist::DotCard;

/// A `.result` card.
#[derive(Debug, Clone)]
pub struct ResultCard {
    operand: Operand,
}

/// Digits behind the point.
const PRECISION: usize = 8;

/// Reads a `.result` card.
///
/// # Errors
/// The card has not just one expression.
pub fn parse(card: &DotCard) -> Result<ResultCard, Diagnostic> {
    let mut text = CardText::new(card);
    let operand = text.expression().map_err(|error| error.hint("for example: .result {v(out)}"))?;
    text.finish()?;
    Ok(ResultCard { operand })
}

impl ResultCard {
    /// The expression and its last value in `plots`.
    ///
    /// # Errors
    /// It has none.
    pub fn evaluate(&self, circuit: &Circuit, plots: &[Plot]) -> Result<(String, f64), Diagnostic> {
        let scope = Scope::new(plots.last(), circuit, &[]);
        let value = series::evaluate(&self.operand.expression, &scope, self.operand.span)?;
        let name = self.operand.text.to_uppercase();
        Ok((name, value.real().last().copied().unwrap_or(f64::NAN)))
    }
}

/// One run: its stepped quantities, and what its cards have.
pub struct Row<'a> {
    pub stepped: &'a [(String, f64)],
    pub results: &'a [(String, f64)],
}

/// The file's text.
pub fn contents(rows: &[Row]) -> String {
    let Some(first) = rows.first() else { return String::new() };
    let mut text = String::from("STEP");
    for (name, _) in first.stepped {
        let _ = write!(text, "   {}", name.to_uppercase());
    }
    for (name, _) in first.results {
        let _ = write!(text, "   {name}");
    }
    for (number, row) in rows.iter().enumerate() {
        let _ = write!(text, "\n{number}");
        for (_, value) in row.stepped.iter().chain(row.results) {
            let _ = write!(text, "   {}", scientific(*value, PRECISION));
        }
    }
    text + "\nEnd of Xyce(TM) Parameter Sweep\n"
}

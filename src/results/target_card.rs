//! `.target`: which published figure a deck reproduces.
//!
//! ```text
//! *.target id="B2" figure="2a left" paper="ΔG ∝ log(width)" assumed="1 µs…1 ms" criterion="R² > 0.99"
//! *+ value="R² {quality}, {slope*1e6} µS per decade" [checks="linear window"] [fitted="…"] [remark="…"]
//! ```
//! `{…}` in the value is an expression, evaluated over all runs of the deck (or over its only run). A target passes when its
//! checks hold: those it names, or else all checks of the deck that no other target names.

use super::card_text::{CardText, Operand};
use super::check::CheckCard;
use super::fourier::significant;
use super::scope::Scope;
use super::series;
use crate::diagnostic::{Diagnostic, Span};
use crate::netlist::DotCard;
use crate::netlist::dialect::Dialect;
use crate::netlist::expression;

/// A `.target` card.
#[derive(Debug, Clone, Default)]
pub struct TargetCard {
    /// `B2`; harder rows end in `+`.
    pub id: String,
    pub figure: String,
    /// What the paper states.
    pub paper: String,
    /// What had to be assumed.
    pub assumed: String,
    pub criterion: String,
    /// Which values of the card were fitted to this figure.
    pub fitted: String,
    pub remark: String,
    value: Vec<Piece>,
    /// Names of its checks and their places; None for all that are left.
    checks: Option<Vec<(String, Span)>>,
    pub span: Span,
}

/// Part of the text that shows the value.
#[derive(Debug, Clone)]
enum Piece {
    Text(String),
    Expression(Operand),
}

const EXAMPLE: &str = "for example: *.target id=\"B2\" figure=\"2a\" paper=\"…\" assumed=\"…\" criterion=\"R² > 0.99\" \
                       value=\"R² {quality}\"";

/// Significant digits of values.
const DIGITS: usize = 4;

/// Reads a `.target` card.
///
/// # Errors
/// The card is malformed; the error points at the place.
pub fn parse(card: &DotCard) -> Result<TargetCard, Diagnostic> {
    let mut text = CardText::new(card);
    read(&mut text, card).map_err(|error| if error.hints.is_empty() { error.hint(EXAMPLE) } else { error })
}

fn read(text: &mut CardText, card: &DotCard) -> Result<TargetCard, Diagnostic> {
    let mut target = TargetCard { span: card.span, ..TargetCard::default() };
    while !text.is_at_end() {
        let Some((key, span)) = text.word() else { return Err(text.unexpected("`name=\"text\"`")) };
        text.expect("=")?;
        let (words, place) = text.file_name()?;
        match key {
            "id" => target.id = words,
            "figure" => target.figure = words,
            "paper" => target.paper = words,
            "assumed" => target.assumed = words,
            "criterion" => target.criterion = words,
            "fitted" => target.fitted = words,
            "remark" => target.remark = words,
            "value" => target.value = pieces(&words, place)?,
            "checks" => {
                let names = words.split([' ', ',']).filter(|name| !name.is_empty());
                target.checks = Some(names.map(|name| (name.to_lowercase(), place)).collect());
            }
            _ => {
                let names = ["id", "figure", "paper", "assumed", "criterion", "value", "checks", "fitted", "remark"];
                return Err(Diagnostic::error(format!("`{key}` is nothing that a target has"))
                    .at(span)
                    .nearest(key, names));
            }
        }
    }
    for (name, missing) in [("id", target.id.is_empty()), ("value", target.value.is_empty())] {
        if missing {
            return Err(Diagnostic::error(format!("a target needs `{name}=`")).at(card.span));
        }
    }
    Ok(target)
}

/// Texts and `{expressions}`, in turn; `span` is that of the quoted text.
fn pieces(text: &str, span: Span) -> Result<Vec<Piece>, Diagnostic> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((inner, left)) = after.split_once('}') else {
            return Err(Diagnostic::error("this text has a `{` without a `}`").at(span));
        };
        found.push(Piece::Text(before.to_string()));
        // One more for the quotation mark.
        let offset = span.start as usize + 1 + (text.len() - after.len());
        let expression = expression::parse(&inner.to_lowercase(), span.file, offset, Dialect::default())?;
        let place = Span::new(span.file, offset, offset + inner.len());
        found.push(Piece::Expression(Operand { expression, span: place, text: inner.trim().to_string() }));
        rest = left;
    }
    found.push(Piece::Text(rest.to_string()));
    Ok(found)
}

impl TargetCard {
    /// The names among its checks that the deck does not have.
    pub fn unknown_checks(&self, checks: &[CheckCard]) -> Vec<Diagnostic> {
        let unknown = |(name, _): &&(String, Span)| !checks.iter().any(|check| *check.name == *name);
        let error = |(name, span): &(String, Span)| {
            let names = checks.iter().map(|check| &*check.name);
            Diagnostic::error(format!("the deck has no check `{name}`")).at(*span).nearest(name, names)
        };
        self.checks.iter().flatten().filter(unknown).map(error).collect()
    }

    /// Whether the check called `name` is one of this target's; `others` are all targets of the deck.
    pub fn owns(&self, name: &str, others: &[TargetCard]) -> bool {
        match &self.checks {
            Some(names) => names.iter().any(|(other, _)| other == name),
            None => !others.iter().filter_map(|other| other.checks.as_ref()).flatten().any(|(other, _)| other == name),
        }
    }

    /// The value as text.
    ///
    /// # Errors
    /// An expression in it has no value in `scope`.
    pub fn value(&self, scope: &Scope) -> Result<String, Diagnostic> {
        let piece = |piece: &Piece| match piece {
            Piece::Text(text) => Ok(text.clone()),
            Piece::Expression(operand) => {
                let value = series::evaluate(&operand.expression, scope, operand.span)?;
                let texts: Vec<String> = value.real().iter().map(|&value| significant(value, DIGITS)).collect();
                Ok(texts.join(", ").replace('-', "−"))
            }
        };
        self.value.iter().map(piece).collect()
    }
}

//! The grammar of `.measure` cards.

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Span};
use crate::netlist::DotCard;
use crate::results::card_text::{CardText, Operand};
use crate::results::plot_selector::AnalysisName;

/// A `.measure` card.
#[derive(Debug, Clone)]
pub struct MeasureCard {
    pub name: Arc<str>,
    pub analysis: Option<AnalysisName>,
    pub(super) quantity: Quantity,
    pub span: Span,
}

/// What is measured.
#[expect(clippy::large_enum_variant, reason = "there is one per card, and it is not moved about")]
#[derive(Debug, Clone)]
pub(super) enum Quantity {
    /// `trig … targ …`: the distance between two positions.
    Between { trigger: Place, target: Place },
    /// `when …`
    When(Condition),
    /// `find … at=…|when …`
    Find(Operand, Place),
    /// `deriv … at=…|when …`
    Derivative(Operand, Place),
    /// `max …` and the like, with the window's ends.
    Statistic { kind: Statistic, operand: Operand, from: Option<Operand>, to: Option<Operand> },
    /// `param=…`, `expr …`
    Expression(Operand),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Statistic {
    Average,
    Maximum,
    Minimum,
    PeakToPeak,
    RootMeanSquare,
    Integral,
    PositionOfMaximum,
    PositionOfMinimum,
}

/// A position on the axis.
#[expect(clippy::large_enum_variant, reason = "there is one per card, and it is not moved about")]
#[derive(Debug, Clone)]
pub(super) enum Place {
    At(Operand),
    When(Condition),
}

/// Where `left` meets `level`.
#[derive(Debug, Clone)]
pub(super) struct Condition {
    pub left: Operand,
    pub level: Operand,
    pub edge: Edge,
    /// Number of the crossing; None for the last.
    pub count: Option<usize>,
    /// Positions before this do not count.
    pub delay: Option<Operand>,
    pub from: Option<Operand>,
    pub to: Option<Operand>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Edge {
    Rise,
    Fall,
    Cross,
}

const KINDS: &[(&str, Statistic)] = &[
    ("avg", Statistic::Average),
    ("max", Statistic::Maximum),
    ("min", Statistic::Minimum),
    ("pp", Statistic::PeakToPeak),
    ("rms", Statistic::RootMeanSquare),
    ("integ", Statistic::Integral),
    ("integral", Statistic::Integral),
    ("max_at", Statistic::PositionOfMaximum),
    ("min_at", Statistic::PositionOfMinimum),
];

const OTHER_KINDS: &[&str] = &["trig", "when", "find", "deriv", "derivative", "param", "expr"];

/// Reads a `.measure` card.
///
/// # Errors
/// The card is malformed; the error points at the place.
pub fn parse(card: &DotCard) -> Result<MeasureCard, Diagnostic> {
    let mut text = CardText::new(card);
    let analysis = AnalysisName::named(text.peek());
    if analysis.is_some() {
        text.word();
    }
    let example = "for example: .measure tran rise trig v(out) val=0.1 rise=1 targ v(out) val=0.9 rise=1";
    let Some((name, _)) = text.word() else {
        return Err(text.unexpected("the name of the measure").hint(example));
    };
    let quantity =
        quantity(&mut text).map_err(|error| if error.hints.is_empty() { error.hint(example) } else { error })?;
    text.finish()?;
    Ok(MeasureCard { name: name.into(), analysis, quantity, span: card.span })
}

fn quantity(text: &mut CardText) -> Result<Quantity, Diagnostic> {
    let Some((word, span)) = text.word() else {
        return Err(text.unexpected("what to measure: trig, find, when, deriv, max, min, avg, …"));
    };
    if let Some((_, kind)) = KINDS.iter().find(|(name, _)| *name == word) {
        return statistic(text, *kind);
    }
    match word {
        "trig" => between(text),
        "when" => Ok(Quantity::When(condition(text)?)),
        "find" => Ok(Quantity::Find(text.expression()?, place(text)?)),
        "deriv" | "derivative" => Ok(Quantity::Derivative(text.expression()?, place(text)?)),
        "param" | "expr" => {
            text.accept("=");
            Ok(Quantity::Expression(text.expression()?))
        }
        _ => {
            let names = KINDS.iter().map(|(name, _)| *name).chain(OTHER_KINDS.iter().copied());
            Err(Diagnostic::error(format!("`{word}` is nothing that can be measured")).at(span).nearest(word, names))
        }
    }
}

fn statistic(text: &mut CardText, kind: Statistic) -> Result<Quantity, Diagnostic> {
    let operand = text.expression()?;
    let (mut from, mut to) = (None, None);
    while !text.is_at_end() {
        if text.accept_option("from") || text.accept_option("td") {
            from = Some(text.expression()?);
        } else if text.accept_option("to") {
            to = Some(text.expression()?);
        } else {
            return Err(text.unexpected("`from=`, `to=` or `td=`"));
        }
    }
    Ok(Quantity::Statistic { kind, operand, from, to })
}

fn between(text: &mut CardText) -> Result<Quantity, Diagnostic> {
    let trigger = event(text)?;
    if !text.accept_word("targ") {
        return Err(text.unexpected("`targ`"));
    }
    let target = event(text)?;
    Ok(Quantity::Between { trigger, target })
}

/// What follows `trig` and `targ`.
fn event(text: &mut CardText) -> Result<Place, Diagnostic> {
    if text.accept_option("at") {
        return Ok(Place::At(text.expression()?));
    }
    Ok(Place::When(condition(text)?))
}

/// What follows the operand of `find` and `deriv`.
fn place(text: &mut CardText) -> Result<Place, Diagnostic> {
    if text.accept_option("at") {
        return Ok(Place::At(text.expression()?));
    }
    if text.accept_word("when") {
        return Ok(Place::When(condition(text)?));
    }
    Err(text.unexpected("`at=` or `when`"))
}

fn condition(text: &mut CardText) -> Result<Condition, Diagnostic> {
    let left = text.expression()?;
    let mut level = if text.accept("=") { Some(text.expression()?) } else { None };
    let (mut edge, mut count) = (Edge::Cross, Some(1));
    let (mut delay, mut from, mut to) = (None, None, None);
    loop {
        if text.accept_option("val") {
            level = Some(text.expression()?);
        } else if text.accept_option("rise") {
            (edge, count) = (Edge::Rise, occurrence(text)?);
        } else if text.accept_option("fall") {
            (edge, count) = (Edge::Fall, occurrence(text)?);
        } else if text.accept_option("cross") {
            (edge, count) = (Edge::Cross, occurrence(text)?);
        } else if text.accept_option("td") {
            delay = Some(text.expression()?);
        } else if text.accept_option("from") {
            from = Some(text.expression()?);
        } else if text.accept_option("to") {
            to = Some(text.expression()?);
        } else {
            break;
        }
    }
    if !text.is_at_end() && text.peek() != "targ" {
        return Err(text.unexpected("`val=`, `rise=`, `fall=`, `cross=`, `td=`, `from=` or `to=`"));
    }
    match level {
        Some(level) => Ok(Condition { left, level, edge, count, delay, from, to }),
        None => Err(text.unexpected("a level (`val=0.5` or `=0.5`)")),
    }
}

/// A number from 1, or `last`.
fn occurrence(text: &mut CardText) -> Result<Option<usize>, Diagnostic> {
    if text.accept_word("last") {
        return Ok(None);
    }
    match text.peek().parse::<usize>() {
        Ok(count) if count > 0 => {
            text.word();
            Ok(Some(count))
        }
        _ => Err(text.unexpected("a number from 1 or `last`")),
    }
}

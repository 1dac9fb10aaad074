//! The grammar of `.check` cards.

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Span};
use crate::netlist::DotCard;
use crate::netlist::expression::{BinaryOperator, Expression};
use crate::results::card_text::{CardText, Operand};
use crate::results::plot_selector::AnalysisName;

/// A `.check` card.
#[derive(Debug, Clone)]
pub struct CheckCard {
    pub name: Arc<str>,
    pub analysis: Option<AnalysisName>,
    pub(super) claim: Claim,
    pub span: Span,
}

#[expect(clippy::large_enum_variant, reason = "there is one per card, and it is not moved about")]
#[derive(Debug, Clone)]
pub(super) enum Claim {
    Within { operand: Operand, low: Operand, high: Operand },
    Near { operand: Operand, value: Operand, tolerance: Tolerance },
    Compared { operand: Operand, operator: BinaryOperator, bound: Operand },
    Curve { operand: Operand, reference: Reference, window: Window, tolerance: Tolerance },
}

/// What a curve is compared with.
#[derive(Debug, Clone)]
pub(super) enum Reference {
    Expression(Operand),
    /// File name as written, its place, and the column if the card names one.
    File {
        name: String,
        span: Span,
        column: Option<Operand>,
    },
}

#[derive(Debug, Clone, Default)]
pub(super) struct Tolerance {
    pub relative: Option<Operand>,
    pub absolute: Option<Operand>,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Window {
    pub from: Option<Operand>,
    pub to: Option<Operand>,
}

const EXAMPLE: &str = "for example: .check peak max(v(out)) ~ 0.63 rel=1%   or   .check low min(v(out)) in [-0.1, 0.1]";

/// Reads a `.check` card.
///
/// # Errors
/// The card is malformed; the error points at the place.
pub fn parse(card: &DotCard) -> Result<CheckCard, Diagnostic> {
    let mut text = CardText::new(card);
    let parsed = read(&mut text, card.span);
    parsed.map_err(|error| if error.hints.is_empty() { error.hint(EXAMPLE) } else { error })
}

fn read(text: &mut CardText, span: Span) -> Result<CheckCard, Diagnostic> {
    let mut analysis = selector(text);
    let Some((name, _)) = text.word() else { return Err(text.unexpected("the name of the check")) };
    if analysis.is_none() {
        analysis = selector(text);
    }
    let claim = if text.accept_word("curve") { curve(text)? } else { scalar(text)? };
    text.finish()?;
    Ok(CheckCard { name: name.into(), analysis, claim, span })
}

fn selector(text: &mut CardText) -> Option<AnalysisName> {
    let found = AnalysisName::named(text.peek());
    if found.is_some() {
        text.word();
    }
    found
}

fn scalar(text: &mut CardText) -> Result<Claim, Diagnostic> {
    let operand = text.expression()?;
    if text.accept("~") {
        let value = text.expression()?;
        let mut tolerance = Tolerance::default();
        while tolerance_option(text, &mut tolerance)? {}
        if !text.is_at_end() {
            return Err(text.unexpected("`rel=` or `abs=`"));
        }
        require_tolerance(&tolerance, value.span)?;
        return Ok(Claim::Near { operand, value, tolerance });
    }
    if text.accept_word("in") {
        text.expect("[")?;
        let low = text.expression()?;
        text.expect(",")?;
        let high = text.expression()?;
        text.expect("]")?;
        return Ok(Claim::Within { operand, low, high });
    }
    if !text.is_at_end() {
        return Err(text.unexpected("`~`, `in`, `<`, `<=`, `>`, `>=`"));
    }
    comparison(operand)
}

/// The comparison that `operand` is, taken apart, so that both sides can be shown.
fn comparison(operand: Operand) -> Result<Claim, Diagnostic> {
    let span = operand.span;
    let Expression::Binary(operator, left, right) = operand.expression else {
        return Err(Diagnostic::error("this claims nothing: `~`, `in`, `<`, `<=`, `>` or `>=` is missing").at(span));
    };
    if !is_order(operator) {
        let error = Diagnostic::error(format!("a check cannot be made with `{}`", operator.symbol())).at(span);
        return Err(error.hint("use `~ VALUE rel=…`, `in [LOW, HIGH]` or one of `<`, `<=`, `>`, `>=`"));
    }
    let chained = |side: &Expression| matches!(side, Expression::Binary(operator, ..) if is_order(*operator));
    if chained(&left) || chained(&right) {
        let error = Diagnostic::error("comparisons cannot be chained").at(span);
        return Err(error.hint("use `in [LOW, HIGH]`"));
    }
    let part = |expression: Box<Expression>| {
        let text = plain(&expression);
        Operand { expression: *expression, span, text }
    };
    Ok(Claim::Compared { operand: part(left), operator, bound: part(right) })
}

fn is_order(operator: BinaryOperator) -> bool {
    use BinaryOperator::{Greater, GreaterEqual, Less, LessEqual};
    matches!(operator, Less | LessEqual | Greater | GreaterEqual)
}

/// The text of an expression without parentheses around the whole and without `.0`.
fn plain(expression: &Expression) -> String {
    if let Expression::Number(number) = expression {
        return format!("{number}");
    }
    let text = expression.to_string();
    let inner = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    inner.filter(|_| matches!(expression, Expression::Binary(..) | Expression::Unary(..))).unwrap_or(&text).to_string()
}

fn curve(text: &mut CardText) -> Result<Claim, Diagnostic> {
    let operand = text.expression()?;
    text.expect("~")?;
    let mut reference = if text.accept_word("file") {
        let (name, span) = text.file_name()?;
        Reference::File { name, span, column: None }
    } else {
        Reference::Expression(text.expression()?)
    };
    let (mut window, mut tolerance) = (Window::default(), Tolerance::default());
    loop {
        if text.accept_option("from") {
            window.from = Some(text.expression()?);
        } else if text.accept_option("to") {
            window.to = Some(text.expression()?);
        } else if let Reference::File { column, .. } = &mut reference
            && text.accept_option("column")
        {
            *column = Some(text.expression()?);
        } else if !tolerance_option(text, &mut tolerance)? {
            break;
        }
    }
    if !text.is_at_end() {
        return Err(text.unexpected("`from=`, `to=`, `rel=`, `abs=` or, with a file, `column=`"));
    }
    require_tolerance(&tolerance, operand.span)?;
    Ok(Claim::Curve { operand, reference, window, tolerance })
}

/// Takes `rel=` or `abs=`; a `%` may follow the number of the former.
fn tolerance_option(text: &mut CardText, tolerance: &mut Tolerance) -> Result<bool, Diagnostic> {
    if text.accept_option("rel") {
        tolerance.relative = Some(percentage(text)?);
    } else if text.accept_option("abs") {
        tolerance.absolute = Some(text.expression()?);
    } else {
        return Ok(false);
    }
    Ok(true)
}

/// `1%`, or an expression.
fn percentage(text: &mut CardText) -> Result<Operand, Diagnostic> {
    let rest = text.rest();
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
    let span = text.here();
    if let Ok(number) = rest[..end].parse::<f64>()
        && let Some(after) = rest[end..].strip_prefix('%')
        && (after.is_empty() || after.starts_with(char::is_whitespace))
    {
        text.accept(&rest[..end + 1]);
        return Ok(Operand { expression: Expression::Number(number / 100.0), span, text: rest[..end + 1].to_string() });
    }
    text.expression()
}

fn require_tolerance(tolerance: &Tolerance, span: Span) -> Result<(), Diagnostic> {
    if tolerance.relative.is_some() || tolerance.absolute.is_some() {
        return Ok(());
    }
    let error = Diagnostic::error("how near must it be? `rel=` or `abs=` is missing").at(span);
    Err(error.hint("a value may differ by abs + rel*|expected|, for example rel=1% or abs=1m"))
}

impl Tolerance {
    fn text(&self) -> String {
        let part = |name: &str, operand: &Option<Operand>| match operand {
            Some(operand) => format!(" {name}={}", operand.text),
            None => String::new(),
        };
        format!("{}{}", part("rel", &self.relative), part("abs", &self.absolute))
    }
}

impl CheckCard {
    /// What the card demands, as text.
    pub fn expected(&self) -> String {
        match &self.claim {
            Claim::Within { operand, low, high } => format!("{} in [{}, {}]", operand.text, low.text, high.text),
            Claim::Near { operand, value, tolerance } => {
                format!("{} ~ {}{}", operand.text, value.text, tolerance.text())
            }
            Claim::Compared { operand, operator, bound } => {
                format!("{} {} {}", operand.text, operator.symbol(), bound.text)
            }
            Claim::Curve { operand, reference, tolerance, .. } => {
                let reference = match reference {
                    Reference::Expression(operand) => operand.text.clone(),
                    Reference::File { name, .. } => format!("file {name}"),
                };
                format!("curve {} ~ {reference}{}", operand.text, tolerance.text())
            }
        }
    }
}

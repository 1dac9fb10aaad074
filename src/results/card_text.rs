//! Reads the text of `.measure`, `.check`, `.four`, `.print` and `.plot` cards from left to right.

use crate::diagnostic::{Diagnostic, Span};
use crate::netlist::DotCard;
use crate::netlist::dialect::Dialect;
use crate::netlist::expression::{self, Expression};

/// An expression of a card and its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Operand {
    pub expression: Expression,
    pub span: Span,
    /// As written, without quotes around it.
    pub text: String,
}

/// A position in a card's text.
pub struct CardText<'c> {
    card: &'c DotCard,
    position: usize,
}

impl<'c> CardText<'c> {
    pub fn new(card: &'c DotCard) -> Self {
        CardText { card, position: 0 }
    }

    pub fn rest(&mut self) -> &'c str {
        let rest = &self.card.text[self.position..];
        let trimmed = rest.trim_start();
        self.position += rest.len() - trimmed.len();
        trimmed
    }

    pub fn is_at_end(&mut self) -> bool {
        self.rest().is_empty()
    }

    /// The place of what comes next: a word, or the last character of the card at its end.
    pub fn here(&mut self) -> Span {
        let rest = self.rest();
        let length = rest.find(char::is_whitespace).unwrap_or(rest.len());
        if length == 0 {
            return self.card.span;
        }
        self.card.span_of(self.position..self.position + length)
    }

    /// The word that comes next, up to a blank or one of `=()[]{},~<>'"`; empty if there is none.
    pub fn peek(&mut self) -> &'c str {
        let rest = self.rest();
        let end = rest.find(|c: char| c.is_whitespace() || "=()[]{},~<>'\"".contains(c)).unwrap_or(rest.len());
        &rest[..end]
    }

    /// Takes the next word.
    pub fn word(&mut self) -> Option<(&'c str, Span)> {
        let word = self.peek();
        if word.is_empty() {
            return None;
        }
        let span = self.card.span_of(self.position..self.position + word.len());
        self.position += word.len();
        Some((word, span))
    }

    /// Takes the next word if it is `wanted`.
    pub fn accept_word(&mut self, wanted: &str) -> bool {
        let found = self.peek().eq_ignore_ascii_case(wanted);
        if found {
            self.position += wanted.len();
        }
        found
    }

    /// Takes `symbol` if it comes next.
    pub fn accept(&mut self, symbol: &str) -> bool {
        let found = self.rest().starts_with(symbol);
        if found {
            self.position += symbol.len();
        }
        found
    }

    pub fn expect(&mut self, symbol: &str) -> Result<(), Diagnostic> {
        if self.accept(symbol) { Ok(()) } else { Err(self.unexpected(&format!("`{symbol}`"))) }
    }

    /// Takes `name=` if it comes next.
    pub fn accept_option(&mut self, name: &str) -> bool {
        let before = self.position;
        if self.accept_word(name) && self.accept("=") {
            return true;
        }
        self.position = before;
        false
    }

    /// Takes an expression: plain, in braces, in quotes, or `par('…')`.
    pub fn expression(&mut self) -> Result<Operand, Diagnostic> {
        let rest = self.rest();
        if let Some(inner) = rest.strip_prefix("par(") {
            self.position += rest.len() - inner.len();
            let operand = self.expression()?;
            self.expect(")")?;
            return Ok(operand);
        }
        // Xyce's `('v(1)')`.
        if rest.starts_with("('") || rest.starts_with("(\"") {
            self.position += 1;
            let operand = self.expression()?;
            self.expect(")")?;
            return Ok(operand);
        }
        if let Some(quote) = rest.chars().next().filter(|c| matches!(c, '\'' | '"')) {
            return self.quoted(quote);
        }
        if rest.is_empty() {
            return Err(self.unexpected("an expression"));
        }
        let start = self.position;
        if let Some((device, quantity)) = rest.split(char::is_whitespace).next().and_then(quantity_word) {
            let (length, span) = (device.len() + 1 + quantity.len(), self.here());
            self.position += length;
            let arguments = vec![device.replace(':', ".").into(), quantity.into()];
            let expression = Expression::Probe { kind: "@".into(), arguments, span };
            return Ok(Operand { expression, span, text: rest[..length].to_string() });
        }
        let (expression, length) =
            expression::parse_prefix(rest, self.card.span.file, self.card.offset + self.position, Dialect::default())?;
        self.position += length;
        let span = self.card.span_of(start..self.position);
        Ok(Operand { expression, span, text: rest[..length].trim().to_string() })
    }

    /// A text in double quotes, or a word.
    pub fn file_name(&mut self) -> Result<(String, Span), Diagnostic> {
        let rest = self.rest();
        let (text, length) = match rest.strip_prefix('"').and_then(|inner| inner.split_once('"')) {
            Some((text, _)) => (text, text.len() + 2),
            None => {
                let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
                (&rest[..end], end)
            }
        };
        if text.is_empty() {
            return Err(self.unexpected("a file name in double quotes"));
        }
        let span = self.card.span_of(self.position..self.position + length);
        self.position += length;
        Ok((text.to_string(), span))
    }

    fn quoted(&mut self, quote: char) -> Result<Operand, Diagnostic> {
        let start = self.position + 1;
        let Some(length) = self.card.text[start..].find(quote) else {
            return Err(Diagnostic::error(format!("there is no closing {quote}")).at(self.here()));
        };
        let text = &self.card.text[start..start + length];
        let expression = expression::parse(text, self.card.span.file, self.card.offset + start, Dialect::default())?;
        self.position = start + length + 1;
        let span = self.card.span_of(start..start + length);
        Ok(Operand { expression, span, text: text.trim().to_string() })
    }

    /// Nothing may be left.
    pub fn finish(&mut self) -> Result<(), Diagnostic> {
        if self.is_at_end() { Ok(()) } else { Err(self.unexpected("the end of the card")) }
    }

    pub fn unexpected(&mut self, wanted: &str) -> Diagnostic {
        let at = self.here();
        let rest = self.rest();
        let word = rest.split_whitespace().next().unwrap_or_default();
        let found = if word.is_empty() { "the end of the card".into() } else { format!("`{word}`") };
        Diagnostic::error(format!("expected {wanted}, found {found}")).at(at)
    }
}

/// Xyce's `r1:temp`: a device and one of its quantities.
pub fn quantity_word(word: &str) -> Option<(&str, &str)> {
    let (device, quantity) = word.rsplit_once(':')?;
    let plain = |text: &str| text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | ':' | '!'));
    let starts = |text: &str| text.starts_with(|c: char| c.is_alphabetic());
    (plain(device) && plain(quantity) && starts(device) && starts(quantity)).then_some((device, quantity))
}

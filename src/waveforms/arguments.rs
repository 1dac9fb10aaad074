//! Arguments of a waveform: numbers in order, some left out.

use std::path::PathBuf;

use super::WaveformContext;
use crate::circuit::element::{CallValue, Parameter, Spanned, Value};
use crate::diagnostic::{Diagnostic, SourceMap, Span};
use crate::reference::NamedParameter;

/// The arguments of one waveform.
pub struct Arguments<'a> {
    pub call: &'a CallValue,
    /// `key=value` pairs of the source's card.
    pub card: &'a [Parameter],
    pub context: &'a WaveformContext<'a>,
    /// Their names, in order.
    table: &'static [NamedParameter],
}

impl<'a> Arguments<'a> {
    pub fn new(
        call: &'a CallValue,
        card: &'a [Parameter],
        context: &'a WaveformContext<'a>,
        table: &'static [NamedParameter],
    ) -> Self {
        Arguments { call, card, context, table }
    }

    /// Place of the argument `name` in the order of the table.
    fn place(&self, name: &str) -> usize {
        self.table.iter().position(|argument| argument.is_called(name)).unwrap_or(usize::MAX)
    }

    /// The argument `name`, if it is there.
    pub fn argument(&self, name: &str) -> Option<&'a Spanned<Value>> {
        self.call.arguments.get(self.place(name))
    }

    pub fn len(&self) -> usize {
        self.call.arguments.len()
    }

    pub fn is_empty(&self) -> bool {
        self.call.arguments.is_empty()
    }

    /// The number `name`; `None` if there are fewer arguments, an error if it is not a number.
    pub fn number(&self, name: &str) -> Result<Option<f64>, Diagnostic> {
        self.number_at(self.place(name))
    }

    fn number_at(&self, index: usize) -> Result<Option<f64>, Diagnostic> {
        let Some(argument) = self.call.arguments.get(index) else { return Ok(None) };
        match argument.item {
            Value::Number(number) => Ok(Some(number)),
            _ => Err(self.error("a number is expected here", argument.span)),
        }
    }

    /// The number `name`, or `default`.
    pub fn number_or(&self, name: &str, default: f64) -> Result<f64, Diagnostic> {
        Ok(self.number(name)?.unwrap_or(default))
    }

    /// The number `name`, or an error that says what is missing.
    pub fn required(&self, name: &str, what: &str) -> Result<f64, Diagnostic> {
        self.required_at(self.place(name), what)
    }

    /// Number at `index`, or an error that says what is missing.
    pub fn required_at(&self, index: usize, what: &str) -> Result<f64, Diagnostic> {
        self.number_at(index)?
            .ok_or_else(|| self.error(format!("`{}` needs {what}", self.call.function), self.context.span))
    }

    /// `name=number` inside the parentheses or on the card.
    pub fn named(&self, name: &str) -> Option<&'a Parameter> {
        self.call.parameters.iter().chain(self.card).rev().find(|parameter| &*parameter.name == name)
    }

    /// Number of [`named`](Arguments::named).
    pub fn named_number(&self, name: &str) -> Option<f64> {
        match self.named(name)?.value {
            Value::Number(number) => Some(number),
            _ => None,
        }
    }

    /// Span of the argument `name`, or of the whole waveform.
    pub fn span(&self, name: &str) -> Span {
        self.span_at(self.place(name))
    }

    /// Span of argument `index`, or of the whole waveform.
    pub fn span_at(&self, index: usize) -> Span {
        self.call.arguments.get(index).map_or(self.context.span, |argument| argument.span)
    }

    /// How many values a waveform may make up.
    pub fn most_values(&self) -> f64 {
        self.context.circuit.limits.values as f64
    }

    pub fn sources(&self) -> &SourceMap {
        &self.context.circuit.sources
    }

    /// A file name, relative to the folder of the file that names it.
    pub fn path(&self, name: &str) -> PathBuf {
        self.sources().beside(self.context.span.file, name)
    }

    pub fn error(&self, message: impl Into<String>, span: Span) -> Diagnostic {
        Diagnostic::error(message).at(span)
    }
}

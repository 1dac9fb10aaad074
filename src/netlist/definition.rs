//! The text of definition cards: `.param`, `.func`, `.subckt`, and the path of `.include`.

use std::sync::Arc;

use nom::bytes::complete::{take_while, take_while1};
use nom::character::complete::char;
use nom::{IResult, Parser as _};

use super::bus_range;
use super::card::{FunctionCard, Name, ParameterCard};
use super::dialect::Dialect;
use super::expression::{self, Expression};
use crate::diagnostic::{Diagnostic, FileId, Span};

/// A place in a card's text.
pub struct TextCursor<'t> {
    text: &'t str,
    rest: &'t str,
    file: FileId,
    start: usize,
    dialect: Dialect,
}

/// The head of a subcircuit definition.
pub struct SubcircuitHead {
    pub name: Name,
    pub ports: Vec<Arc<str>>,
    pub ports_span: Span,
    pub parameters: Vec<ParameterCard>,
}

fn word(input: &str) -> IResult<&str, &str> {
    take_while1(|c: char| !c.is_whitespace() && !"=(){},'\"".contains(c)).parse(input)
}

fn blanks<'t>(input: &'t str, also: &str) -> &'t str {
    let parsed: IResult<&str, &str> = take_while(|c: char| c.is_whitespace() || also.contains(c)).parse(input);
    parsed.map_or(input, |(rest, _)| rest)
}

impl<'t> TextCursor<'t> {
    /// Over `text`, which begins at byte `start` of `file`.
    pub fn new(text: &'t str, file: FileId, start: usize, dialect: Dialect) -> Self {
        TextCursor { text, rest: text, file, start, dialect }
    }

    fn position(&self) -> usize {
        self.start + self.text.len() - self.rest.len()
    }

    /// From `start` to here, without blanks at the end.
    fn span_from(&self, start: usize) -> Span {
        let used = self.text[..self.text.len() - self.rest.len()].trim_end().len();
        Span::new(self.file, start, (self.start + used).max(start))
    }

    fn here(&self) -> Span {
        let length = self.rest.chars().next().map_or(0, char::len_utf8);
        Span::new(self.file, self.position(), self.position() + length)
    }

    fn skip(&mut self, also: &str) {
        self.rest = blanks(self.rest, also);
    }

    fn accept(&mut self, symbol: char) -> bool {
        self.skip("");
        let parsed: IResult<&str, char> = char(symbol).parse(self.rest);
        if let Ok((rest, _)) = parsed {
            self.rest = rest;
        }
        parsed.is_ok()
    }

    fn word(&mut self, what: &str) -> Result<Name, Diagnostic> {
        self.skip("");
        let start = self.position();
        match word(self.rest) {
            Ok((rest, text)) => {
                self.rest = rest;
                Ok(Name { text: text.into(), span: Span::new(self.file, start, start + text.len()) })
            }
            Err(_) => Err(Diagnostic::error(format!("expected {what}")).at(self.here())),
        }
    }

    fn identifier(&mut self, what: &str) -> Result<Name, Diagnostic> {
        let name = self.word(what)?;
        let valid = |(index, c): (usize, char)| {
            c == '_' || c.is_alphabetic() || (index > 0 && (c.is_numeric() || ".#".contains(c)))
        };
        if name.text.char_indices().all(valid) {
            return Ok(name);
        }
        Err(Diagnostic::error(format!("`{}` cannot be the name of a parameter or function", name.text)).at(name.span))
    }

    /// An expression, in quotes or braces or without.
    fn value(&mut self) -> Result<(Expression, Span), Diagnostic> {
        self.skip("");
        let start = self.position();
        if let Some(inside) = self.rest.strip_prefix('\'') {
            let Some(length) = inside.find('\'') else {
                return Err(Diagnostic::error("this expression has no closing quote").at(self.here()));
            };
            let value = expression::parse(&inside[..length], self.file, start + 1, self.dialect)?;
            self.rest = &inside[length + 1..];
            return Ok((value, self.span_from(start)));
        }
        let (value, length) = expression::parse_prefix(self.rest, self.file, start, self.dialect)?;
        self.rest = &self.rest[length..];
        Ok((value, self.span_from(start)))
    }

    /// What may follow is another assignment, so anything else is an error in the expression just read.
    fn after_value(&mut self) -> Result<(), Diagnostic> {
        self.skip(",");
        if self.rest.is_empty() || self.rest.starts_with(|c: char| c.is_alphabetic() || c == '_') {
            return Ok(());
        }
        Err(Diagnostic::error("expected an operator or another `name=value`").at(self.here()))
    }

    fn arguments(&mut self) -> Result<Vec<Arc<str>>, Diagnostic> {
        let mut arguments = Vec::new();
        if self.accept(')') {
            return Ok(arguments);
        }
        loop {
            arguments.push(self.identifier("the name of an argument")?.text);
            if self.accept(')') {
                return Ok(arguments);
            }
            if !self.accept(',') {
                return Err(Diagnostic::error("expected `,` or `)`").at(self.here()));
            }
        }
    }

    /// `a=1 b={…} f(x)='…'` up to the end.
    pub fn assignments(&mut self) -> Result<(Vec<ParameterCard>, Vec<FunctionCard>), Diagnostic> {
        let (mut parameters, mut functions) = (Vec::new(), Vec::new());
        loop {
            self.skip(",");
            if self.rest.is_empty() {
                return Ok((parameters, functions));
            }
            if self.tolerance()? {
                continue;
            }
            let name = self.identifier("the name of a parameter")?;
            let arguments = if self.accept('(') { Some(self.arguments()?) } else { None };
            if !self.accept('=') {
                return Err(Diagnostic::error(format!("expected `=` after `{}`", name.text)).at(self.here()));
            }
            let (value, value_span) = self.value()?;
            self.after_value()?;
            match arguments {
                Some(arguments) => functions.push(FunctionCard { name, arguments, body: value }),
                None => parameters.push(ParameterCard { name, value, value_span }),
            }
        }
    }

    /// Skips `dev/gauss=…` or `lot/uniform=…` behind a parameter, which says how far it spreads: it is its nominal value, as in ngspice.
    fn tolerance(&mut self) -> Result<bool, Diagnostic> {
        let Ok((rest, found)) = word(self.rest) else { return Ok(false) };
        if !matches!(found.split_once('/'), Some(("dev" | "lot", _))) {
            return Ok(false);
        }
        self.rest = rest;
        self.accept('=');
        self.value()?;
        self.after_value()?;
        Ok(true)
    }

    /// `f(x,y) {…}`, also with `=`.
    pub fn function(&mut self) -> Result<FunctionCard, Diagnostic> {
        let name = self.identifier("the name of a function")?;
        if !self.accept('(') {
            return Err(Diagnostic::error(format!("expected `(` after `{}`", name.text)).at(self.here()));
        }
        let arguments = self.arguments()?;
        self.accept('=');
        let (body, _) = self.value()?;
        self.skip("");
        if !self.rest.is_empty() {
            return Err(Diagnostic::error("expected an operator or the end of the card").at(self.here()));
        }
        Ok(FunctionCard { name, arguments, body })
    }

    /// `name port … [params:] a=1 …` with at most `most` ports.
    pub fn subcircuit(&mut self, most: usize) -> Result<SubcircuitHead, Diagnostic> {
        let name = self.word("the name of the subcircuit")?;
        let mut ports = Vec::new();
        self.skip(",()");
        let ports_start = self.position();
        let mut ports_span = Span::new(self.file, ports_start, ports_start);
        loop {
            self.skip(",()");
            let before = self.rest;
            if before.is_empty() {
                break;
            }
            // Parameters in braces.
            if let Some(inside) = before.strip_prefix('{').and_then(|inside| inside.trim_end().strip_suffix('}')) {
                let cut = before.len() - 1 - inside.len();
                (self.text, self.rest) = (&self.text[..self.text.len() - cut], inside);
                break;
            }
            let port = self.word("the name of a port")?;
            if &*port.text == "params:" || &*port.text == "param:" {
                break;
            }
            // Without a blank before the first parameter.
            if port.text.starts_with("params:") {
                self.rest = &before["params:".len()..];
                break;
            }
            // PSpice's nodes with a default, which digital parts have, up to the parameters.
            if &*port.text == "optional:" {
                self.rest = self.rest.find("params:").map_or("", |at| &self.rest[at + "params:".len()..]);
                break;
            }
            if self.accept('=') {
                self.rest = before;
                break;
            }
            ports_span = self.span_from(ports_start);
            let free = most.saturating_sub(ports.len());
            let expanded = bus_range::expand(&port.text, free, |name| ports.push(Arc::from(name)));
            expanded.map_err(|error| error.at(port.span))?;
        }
        let (parameters, functions) = self.assignments()?;
        if let Some(function) = functions.first() {
            return Err(Diagnostic::error("a function cannot be a parameter of a subcircuit").at(function.name.span));
        }
        Ok(SubcircuitHead { name, ports, ports_span, parameters })
    }

    /// A file name or section name, in quotes or without: its span inside the quotes, and whether it is quoted.
    pub fn path(&mut self) -> Option<(Span, bool)> {
        self.skip("");
        let start = self.position();
        let quote = self.rest.chars().next()?;
        if quote == '"' || quote == '\'' {
            let inside = &self.rest[1..];
            let length = inside.find(quote).unwrap_or(inside.len());
            self.rest = inside.get(length + 1..).unwrap_or("");
            return Some((Span::new(self.file, start + 1, start + 1 + length), true));
        }
        let length = self.rest.find(char::is_whitespace).unwrap_or(self.rest.len());
        self.rest = &self.rest[length..];
        Some((Span::new(self.file, start, start + length), false))
    }

    /// An expression that takes the whole rest.
    pub fn condition(&mut self) -> Result<Expression, Diagnostic> {
        self.skip("");
        if self.rest.is_empty() {
            return Err(Diagnostic::error("expected a condition").at(self.here()));
        }
        let start = self.position();
        let text = self.rest.trim_end();
        match text.strip_prefix('\'').and_then(|text| text.strip_suffix('\'')) {
            Some(inside) => expression::parse(inside, self.file, start + 1, self.dialect),
            None => expression::parse(text, self.file, start, self.dialect),
        }
    }
}

//! Tables of expressions that stand in files: `tablefile("f")`, `table(x, "f")`, `spline(x, "f")`.

use super::{Elaborator, Reported};
use crate::circuit::bound::Function;
use crate::diagnostic::{Diagnostic, Span};
use crate::netlist::expression::Expression;
use crate::netlist::number::parse_number_in;

/// The function that a name of a table's means.
pub fn table_function(name: &str) -> Option<Function> {
    let function = if name == "tablefile" { Function::Table } else { Function::named(name)? };
    use Function::{Akima, Bli, Cubic, Pwl, Table, Wodicka};
    matches!(function, Akima | Bli | Cubic | Pwl | Table | Wodicka).then_some(function)
}

impl<'d> Elaborator<'d> {
    /// What a call with the name of a file is of, if it is not of time, and the numbers in the file.
    pub(super) fn arguments_with_file<'e>(
        &mut self,
        arguments: &'e [Expression],
        span: Span,
    ) -> Result<(Option<&'e Expression>, Vec<f64>), Reported> {
        let mut of = None;
        let mut points = Vec::new();
        for argument in arguments {
            match argument {
                Expression::Text(name, place) => points = self.table_file(name, *place)?,
                other if of.is_none() => of = Some(other),
                _ => return Err(self.report(Diagnostic::error("a table in a file has one argument").at(span))),
            }
        }
        Ok((of, points))
    }

    /// The pairs of numbers in a file, one behind the other; what follows a pair in its line is left out.
    pub(super) fn table_file(&mut self, name: &str, span: Span) -> Result<Vec<f64>, Reported> {
        let path = self.deck.sources.beside(span.file, name);
        let text = self
            .deck
            .sources
            .read_text(&path)
            .map_err(|error| self.report(Diagnostic::error(format!("cannot read `{name}`: {error}")).at(span)))?;
        let mut numbers = Vec::new();
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with(['*', '#', ';', '/']) {
                continue;
            }
            let words = line.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty());
            let pair: Vec<f64> = words.take(2).filter_map(|word| parse_number_in(word, self.deck.dialect)).collect();
            match pair.len() {
                2 => numbers.extend(pair),
                // A line of names may stand in front.
                _ if numbers.is_empty() => {}
                _ => {
                    let message = format!("line {} of `{name}` has no two numbers", index + 1);
                    return Err(self.report(Diagnostic::error(message).at(span)));
                }
            }
        }
        if numbers.len() < 4 {
            return Err(self.report(Diagnostic::error(format!("`{name}` has no pairs of numbers")).at(span)));
        }
        Ok(numbers)
    }
}

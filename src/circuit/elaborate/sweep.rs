//! `.dc` and `.step`: what is varied, and its values.

use std::sync::Arc;

use super::card_cursor::CardCursor;
use super::scope::TOP;
use super::{Elaborator, Reported};
use crate::circuit::analysis_card::{Analysis, AnalysisCard, DcSweep, Spacing, StepCard, SweepTable, SweepTarget};
use crate::diagnostic::{Diagnostic, Span};
use crate::netlist::card::{DataTable, Name};
use crate::netlist::dialect::Dialect;
use crate::netlist::number::parse_number_in;
use crate::netlist::token::TokenKind;
use crate::numerics::spacing::whole;

/// Elements whose value `.dc` and `.step` can vary.
const DC_LETTERS: &[u8] = b"vir";
pub const STEP_LETTERS: &[u8] = b"virclefgh";

impl<'d> Elaborator<'d> {
    /// `.dc target start stop step [target …] [sweep …]`
    pub fn dc(&mut self, cursor: &mut CardCursor<'d>, span: Span) -> Result<(), Reported> {
        let sweeps = self.dc_sweeps(cursor, span)?;
        self.circuit.analyses.push(AnalysisCard { analysis: Analysis::Dc(sweeps), span });
        Ok(())
    }

    /// The sweeps of a `.dc` card, the first innermost.
    pub fn dc_sweeps(&mut self, cursor: &mut CardCursor<'d>, span: Span) -> Result<Vec<DcSweep>, Reported> {
        let mut sweeps = Vec::new();
        cursor.skip_separators();
        while !(cursor.at_end() || !sweeps.is_empty() && self.outer_sweep(cursor, span)?) {
            let (target, values) = self.sweep(cursor, DC_LETTERS)?;
            sweeps.push(DcSweep { target, values });
            cursor.skip_separators();
        }
        self.require(!sweeps.is_empty(), "expected `.dc target start stop step`", span)?;
        let points = product(sweeps.iter().map(|sweep| sweep.values.len()));
        self.require(points <= self.most_points(), "the levels of this sweep make too many points together", span)?;
        Ok(sweeps)
    }

    /// Points that a sweep may have.
    pub fn most_points(&self) -> f64 {
        self.deck.limits.points as f64
    }

    /// All combinations of what is stepped through must be possible to run.
    pub fn check_runs(&mut self) {
        let (runs, most) = (product(self.circuit.steps.iter().map(|card| card.values.len())), self.deck.limits.runs);
        let Some(last) = self.circuit.steps.last().filter(|_| runs > most as f64) else { return };
        let error = Diagnostic::error(format!("the deck would be run {runs:.0} times")).at(last.span);
        self.report(
            error.hint(format!("at most {most} runs are possible; the cards `.step`, `.mc` and `.temp` multiply")),
        );
    }

    /// `.step [dec|oct|lin] [param] target …`
    pub fn step(&mut self, cursor: &mut CardCursor<'d>, span: Span) -> Result<(), Reported> {
        if cursor.at_key() && cursor.peek_word() == Some("monte") {
            cursor.move_to(cursor.position() + 2);
            return self.monte_carlo(cursor, span);
        }
        let (target, values) = self.sweep(cursor, STEP_LETTERS)?;
        self.expect_end(cursor)?;
        self.circuit.steps.push(StepCard { target, values, span });
        Ok(())
    }

    fn sweep(&mut self, cursor: &mut CardCursor<'d>, letters: &[u8]) -> Result<(SweepTarget, Arc<[f64]>), Reported> {
        if cursor.at_key() && cursor.peek_word() == Some("data") {
            cursor.move_to(cursor.position() + 2);
            return self.table_rows(cursor, letters);
        }
        let mut spacing = accept_spacing(cursor);
        let target = self.target(cursor, letters)?;
        cursor.skip_separators();
        if let Some(values) = self.listed(cursor)? {
            return Ok((target, values.into()));
        }
        if let Some(behind) = accept_spacing(cursor) {
            spacing = Some(behind);
            if self.deck.dialect == Dialect::Hspice {
                return Ok((target, self.points_first(behind, cursor)?));
            }
        }
        let first = cursor.position();
        skip_key(cursor, "start");
        let start = self.number_token(cursor, "the first value")?;
        skip_key(cursor, "stop");
        let stop = self.number_token(cursor, "the last value")?;
        let last_span = cursor.here();
        skip_key(cursor, "step");
        let values = match spacing {
            None | Some(Spacing::Linear) => {
                let step = self.number_token(cursor, "the step")?;
                self.linear_values(start, stop, step, last_span)?
            }
            Some(spacing) => {
                let points = self.number_of_points(cursor)?;
                self.spaced_values(spacing, start, stop, points, cursor.span_since(first))?
            }
        };
        Ok((target, values))
    }

    /// `list v …`, or HSPICE's `poi n v …`, if that comes next.
    pub fn listed(&mut self, cursor: &mut CardCursor<'d>) -> Result<Option<Vec<f64>>, Reported> {
        if !matches!(cursor.peek_word(), Some("list" | "poi")) {
            return Ok(None);
        }
        let is_counted = cursor.peek_word() == Some("poi");
        cursor.advance();
        let mut values = self.listed_values(cursor)?;
        // HSPICE's `poi` has their number before the values.
        if is_counted && values[0] == values.len() as f64 - 1.0 && values.len() > 1 {
            values.remove(0);
        }
        Ok(Some(values))
    }

    /// HSPICE's `points start stop` behind `dec`, `oct` or `lin`.
    fn points_first(&mut self, spacing: Spacing, cursor: &mut CardCursor<'d>) -> Result<Arc<[f64]>, Reported> {
        let first = cursor.position();
        let points = self.number_of_points(cursor)?;
        let start = self.number_token(cursor, "the first value")?;
        let stop = self.number_token(cursor, "the last value")?;
        self.spaced_values(spacing, start, stop, points, cursor.span_since(first))
    }

    fn number_of_points(&mut self, cursor: &mut CardCursor<'d>) -> Result<f64, Reported> {
        let span = cursor.here();
        let points = self.number_token(cursor, "the number of points")?;
        self.require((1.0..=self.most_points()).contains(&points), "there are no points, or too many", span)?;
        Ok(points.round())
    }

    /// The rows of the `.data` table that is named next, by number.
    fn table_rows(
        &mut self,
        cursor: &mut CardCursor<'d>,
        letters: &[u8],
    ) -> Result<(SweepTarget, Arc<[f64]>), Reported> {
        let (table, rows) = self.data_table(cursor)?;
        let columns = table.columns.iter().map(|column| self.named_target(&column.text, column.span, letters));
        let columns = columns.collect::<Result<Vec<SweepTarget>, Reported>>()?;
        let numbers = (0..rows.len()).map(|row| row as f64).collect();
        Ok((SweepTarget::Table(Arc::new(SweepTable { columns, rows })), numbers))
    }

    /// The frequencies of the table that is named next, and what else its columns set.
    pub fn frequencies_of_table(
        &mut self,
        cursor: &mut CardCursor<'d>,
    ) -> Result<(Vec<f64>, Option<Arc<SweepTable>>), Reported> {
        let span = cursor.here();
        let (table, mut rows) = self.data_table(cursor)?;
        let is_frequency = |column: &Name| matches!(&*column.text, "freq" | "hertz");
        let Some(place) = table.columns.iter().position(is_frequency).filter(|_| !rows.is_empty()) else {
            let error = Diagnostic::error(format!("table `{}` has no frequencies", table.name.text)).at(span);
            return Err(self.report(error.hint("one of its columns must be called `freq`")));
        };
        let frequencies = rows.iter_mut().map(|row| row.remove(place)).collect();
        let others = table.columns.iter().filter(|column| !is_frequency(column));
        let columns = others.map(|column| self.named_target(&column.text, column.span, STEP_LETTERS));
        let columns = columns.collect::<Result<Vec<SweepTarget>, Reported>>()?;
        let table = (!columns.is_empty()).then(|| Arc::new(SweepTable { columns, rows }));
        Ok((frequencies, table))
    }

    /// The `.data` table that is named next, and its rows.
    fn data_table(&mut self, cursor: &mut CardCursor<'d>) -> Result<(&'d DataTable, Vec<Vec<f64>>), Reported> {
        let span = cursor.here();
        let name = cursor.positional_word().map_or("", |(name, _)| name);
        let tables = self.scope(TOP).blocks.clone().into_iter().flat_map(|block| &block.tables);
        let Some(table) = tables.clone().find(|table| *table.name.text == *name) else {
            let error = Diagnostic::error(format!("there is no table `{name}`")).at(span);
            return Err(self.report(error.nearest(name, tables.map(|table| &*table.name.text))));
        };
        let values = &mut CardCursor::new(self.deck, &table.values);
        let mut all = Vec::new();
        while !values.at_end() {
            all.push(self.number_token(values, "a value")?);
        }
        Ok((table, all.chunks_exact(table.columns.len()).map(<[f64]>::to_vec).collect()))
    }

    /// What a word alone names: an element's value, a parameter, the temperature, `element:parameter` or `model:parameter`.
    pub fn named_target(&mut self, word: &str, span: Span, letters: &[u8]) -> Result<SweepTarget, Reported> {
        if matches!(word, "temp" | "temper") {
            return Ok(SweepTarget::Temperature);
        }
        if let Some(id) = self.find_element(TOP, word) {
            if !letters.contains(&self.circuit.element(id).letter) {
                return Err(self.no_principal_value(word, letters, span));
            }
            return Ok(SweepTarget::Element(id));
        }
        if let Some(value) = self.parameter(TOP, word) {
            return value.map(|_| SweepTarget::Parameter(word.into()));
        }
        // Xyce's `r1:r` and `x1:m1:l`.
        let Some((owner, name)) = word.rsplit_once(':') else { return Err(self.undefined_target(word, span)) };
        if let Some(id) = self.find_element(TOP, owner) {
            let element = self.circuit.element(id);
            let principal = matches!((element.letter, name), (b'v' | b'i', "dcv0" | "dc"))
                || (letters.contains(&element.letter) && name.as_bytes() == [element.letter]);
            return Ok(match principal {
                true => SweepTarget::Element(id),
                false => SweepTarget::ElementParameter(element.name.clone(), name.into()),
            });
        }
        if self.find_model(TOP, owner).is_some() {
            return Ok(SweepTarget::Model(owner.into(), name.into()));
        }
        Err(self.undefined_target(word, span))
    }

    fn listed_values(&mut self, cursor: &mut CardCursor<'d>) -> Result<Vec<f64>, Reported> {
        let mut values = Vec::new();
        loop {
            cursor.skip_separators();
            let another = match cursor.kind() {
                Some(TokenKind::Expression(_)) => true,
                Some(TokenKind::Word) => {
                    let word = cursor.peek_word().unwrap_or("");
                    super::element::is_number(word) || parse_number_in(word, self.deck.dialect).is_some()
                }
                _ => false,
            };
            if !another {
                break;
            }
            values.push(self.number_token(cursor, "a value")?);
        }
        self.require(!values.is_empty(), "expected values after `list`", cursor.here())?;
        Ok(values)
    }

    fn linear_values(&mut self, start: f64, stop: f64, step: f64, span: Span) -> Result<Arc<[f64]>, Reported> {
        if start == stop {
            return Ok([start].into());
        }
        let intervals = (stop - start) / step;
        self.require(step != 0.0 && intervals > 0.0, "this step never reaches the last value", span)?;
        let count = whole(intervals);
        self.require(count < self.most_points(), "this step gives too many values", span)?;
        Ok((0..=count as usize).map(|index| start + index as f64 * step).collect())
    }

    fn spaced_values(
        &mut self,
        spacing: Spacing,
        start: f64,
        stop: f64,
        points: f64,
        span: Span,
    ) -> Result<Arc<[f64]>, Reported> {
        let count = spacing.intervals(points, start, stop);
        self.require(
            spacing == Spacing::Linear || stop / start > 0.0 && start != 0.0,
            "values that are evenly spaced on a logarithmic scale cannot be 0 or change sign",
            span,
        )?;
        self.require(count < self.most_points(), "there are too many values", span)?;
        Ok(spacing.values(points, start, stop, false).into())
    }

    fn target(&mut self, cursor: &mut CardCursor<'d>, letters: &[u8]) -> Result<SweepTarget, Reported> {
        let span = cursor.here();
        let Some((word, _)) = cursor.positional_word() else {
            return Err(self.report(Diagnostic::error("expected what to vary").at(span)));
        };
        match word {
            "param" => return self.parameter_target(cursor),
            "model" => return self.model_target(cursor),
            _ => {}
        }
        if let Some(id) = self.find_element(TOP, word)
            && cursor.accept(TokenKind::Open)
        {
            let name = self.target_parameter(cursor)?;
            return Ok(SweepTarget::ElementParameter(self.circuit.element(id).name.clone(), name));
        }
        // `NPN QNAME(BF)`: the kind of the model stands before its name.
        if cursor.kind() == Some(TokenKind::Word) && cursor.kind_at(1) == Some(TokenKind::Open) {
            return self.model_target(cursor);
        }
        if cursor.kind() == Some(TokenKind::Open) && self.find_model(TOP, word).is_some() {
            cursor.advance();
            return Ok(SweepTarget::Model(word.into(), self.target_parameter(cursor)?));
        }
        self.named_target(word, span, letters)
    }

    fn no_principal_value(&mut self, name: &str, letters: &[u8], span: Span) -> Reported {
        let letters: Vec<String> =
            letters.iter().map(|letter| char::from(*letter).to_ascii_uppercase().to_string()).collect();
        let error = Diagnostic::error(format!("`{name}` has no value that can be varied here")).at(span);
        self.report(
            error
                .hint(format!("these elements have one: {}", letters.join(" ")))
                .hint(format!("write `{name}(parameter)` for a parameter of its card")),
        )
    }

    fn undefined_target(&mut self, word: &str, span: Span) -> Reported {
        if self.is_broken(word) || self.failed_elements.contains(word) {
            return Reported;
        }
        let mut names = self.visible_parameters(TOP);
        let elements: Vec<Arc<str>> =
            self.circuit.elements.iter().take(10_000).map(|element| element.name.clone()).collect();
        names.extend(["temp"]);
        let names = names.into_iter().chain(elements.iter().map(|name| &**name));
        self.report(
            Diagnostic::error(format!("there is no element or parameter `{word}`")).at(span).nearest(word, names),
        )
    }

    fn parameter_target(&mut self, cursor: &mut CardCursor<'d>) -> Result<SweepTarget, Reported> {
        let Some((name, span)) = cursor.positional_word() else {
            return Err(self.report(Diagnostic::error("expected the name of a parameter").at(cursor.here())));
        };
        match self.parameter(TOP, name) {
            Some(value) => value.map(|_| SweepTarget::Parameter(name.into())),
            None => Err(self.undefined_parameter(name, span, TOP)),
        }
    }

    fn model_target(&mut self, cursor: &mut CardCursor<'d>) -> Result<SweepTarget, Reported> {
        let Some((name, span)) = cursor.positional_word() else {
            return Err(self.report(Diagnostic::error("expected the name of a model").at(cursor.here())));
        };
        if self.find_model(TOP, name).is_none() {
            return Err(self.undefined_model(name, span, TOP));
        }
        if !cursor.accept(TokenKind::Open) {
            return Err(self.report(Diagnostic::error("expected `(` and the name of a parameter").at(cursor.here())));
        }
        Ok(SweepTarget::Model(name.into(), self.target_parameter(cursor)?))
    }

    /// The name inside `(name)`.
    fn target_parameter(&mut self, cursor: &mut CardCursor<'d>) -> Result<Arc<str>, Reported> {
        let name = cursor.positional_word();
        match name.filter(|_| cursor.accept(TokenKind::Close)) {
            Some((name, _)) => Ok(name.into()),
            None => Err(self.report(Diagnostic::error("expected the name of a parameter and `)`").at(cursor.here()))),
        }
    }
}

/// HSPICE names the numbers of a sweep: `start=0 stop=5 step=0.1`.
fn skip_key(cursor: &mut CardCursor, key: &str) {
    if cursor.at_key() && cursor.peek_word() == Some(key) {
        cursor.move_to(cursor.position() + 2);
    }
}

fn accept_spacing(cursor: &mut CardCursor<'_>) -> Option<Spacing> {
    let spacing = match cursor.peek_word()? {
        "dec" => Spacing::Decade,
        "oct" => Spacing::Octave,
        "lin" => Spacing::Linear,
        _ => return None,
    };
    cursor.advance();
    Some(spacing)
}

/// How many combinations there are, which may be more than fit a whole number.
fn product(counts: impl Iterator<Item = usize>) -> f64 {
    counts.map(|count| count as f64).product()
}

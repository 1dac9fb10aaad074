//! `.op`, `.tran` and `.ac`.

use super::card_cursor::CardCursor;
use super::{Elaborator, Reported};
use crate::circuit::analysis_card::{Analysis, AnalysisCard, FrequencySweep, Spacing, Transient};
use crate::diagnostic::{Diagnostic, Span};
use crate::netlist::dialect::Dialect;
use crate::netlist::expression::Expression;
use crate::netlist::token::TokenKind;

/// Output steps of a transient analysis whose card has 0 for the step.
const POINTS: f64 = 500.0;

/// Within this time LTspice's `startup` turns the sources on, s.
const STARTUP: f64 = 20e-6;

impl<'d> Elaborator<'d> {
    pub fn operating_point(&mut self, span: Span) {
        self.circuit.analyses.push(AnalysisCard { analysis: Analysis::OperatingPoint, span });
    }

    /// `.tran step stop [start [max_step]] [uic]`, LTspice's `.tran stop` and HSPICE's `sweep …` behind it. A step of 0
    /// leaves it to the time control.
    pub fn transient(&mut self, cursor: &mut CardCursor<'d>, span: Span) -> Result<(), Reported> {
        let mut numbers = Vec::new();
        let mut spans = Vec::new();
        let mut use_initial_conditions = false;
        let mut startup = 0.0;
        cursor.skip_separators();
        // PSpice's `.tran/op` prints the operating point too.
        if cursor.peek_word() == Some("/op") {
            cursor.advance();
        }
        while !cursor.at_end() {
            if matches!(cursor.peek_word(), Some("uic" | "noop" | "skipbp")) {
                use_initial_conditions = true;
                cursor.advance();
            } else if self.outer_sweep(cursor, span)? {
            } else if cursor.at_key() && cursor.peek_word() == Some("start") {
                // HSPICE's `start=` behind step and stop.
                cursor.move_to(cursor.position() + 2);
                spans.push(cursor.here());
                numbers.push(self.number_token(cursor, "a time")?);
            } else if cursor.peek_word() == Some("startup") {
                startup = STARTUP;
                cursor.advance();
            } else if matches!(cursor.peek_word(), Some("steady" | "nodiscard" | "step")) {
                let word = cursor.peek_word().unwrap_or_default();
                let message = format!("`{word}` is ignored: the analysis runs from 0 to its end");
                self.warn(Diagnostic::warning(message).at(cursor.here()));
                cursor.advance();
            } else if self.is_schedule(cursor) {
                let message = "the largest steps of `schedule` are ignored: the time control chooses its steps itself";
                self.warn(Diagnostic::warning(message).at(cursor.here()));
                cursor.advance();
            } else {
                spans.push(cursor.here());
                numbers.push(self.number_token(cursor, "a time or `uic`")?);
            }
            cursor.skip_separators();
        }
        if self.deck.dialect == Dialect::Hspice && are_spans(&numbers) {
            join_spans(&mut numbers, &mut spans);
        }
        let (step, stop) = match *numbers {
            [stop] => {
                spans.insert(0, spans[0]);
                (0.0, stop)
            }
            [step, stop] | [step, stop, _] | [step, stop, _, _] => (step, stop),
            _ => {
                let error = Diagnostic::error("expected `.tran step stop [start [max_step]] [uic]`").at(span);
                return Err(self.report(error));
            }
        };
        let start = numbers.get(2).copied().unwrap_or(0.0);
        let max_step = numbers.get(3).copied().filter(|&step| step != 0.0);
        self.require(step >= 0.0, "the step must not be below 0", spans[0])?;
        self.require(stop > 0.0, "the end must be greater than 0", spans[1])?;
        self.require(stop.is_finite(), "the end must be finite", spans[1])?;
        let last = spans[spans.len() - 1];
        self.require(
            (0.0..stop).contains(&start),
            "the start must lie between 0 and the end",
            spans.get(2).copied().unwrap_or(last),
        )?;
        self.require(max_step.is_none_or(|step| step > 0.0), "the largest step must be greater than 0", last)?;
        let step = if step == 0.0 { (stop - start) / POINTS } else { step };
        let analysis = Analysis::Transient(Transient { step, stop, start, max_step, use_initial_conditions, startup });
        self.circuit.analyses.push(AnalysisCard { analysis, span });
        Ok(())
    }

    /// Xyce's `{schedule(t, step, …)}`.
    fn is_schedule(&self, cursor: &CardCursor<'d>) -> bool {
        let Some(TokenKind::Expression(index)) = cursor.kind() else { return false };
        matches!(self.deck.expression(index), Expression::Call { function, .. } if &**function == "schedule")
    }

    /// `.ac dec|oct|lin points start stop [sweep …]`
    pub fn ac(&mut self, cursor: &mut CardCursor<'d>, span: Span) -> Result<(), Reported> {
        let mut sweep = self.frequency_sweep(cursor)?;
        // Nothing but `.ac dec` does this in ngspice.
        sweep.fits = self.deck.dialect == Dialect::Ngspice && sweep.spacing == Spacing::Decade;
        self.outer_sweep(cursor, span)?;
        self.expect_end(cursor)?;
        self.circuit.analyses.push(AnalysisCard { analysis: Analysis::Ac(sweep), span });
        Ok(())
    }

    /// `dec|oct|lin points start stop`, HSPICE's `poi n f …` and `list f …`, or `data=table` (HSPICE, Xyce).
    pub fn frequency_sweep(&mut self, cursor: &mut CardCursor<'d>) -> Result<FrequencySweep, Reported> {
        let here = cursor.here();
        let (frequencies, table) = if cursor.at_key() && cursor.peek_word() == Some("data") {
            cursor.move_to(cursor.position() + 2);
            self.frequencies_of_table(cursor)?
        } else if let Some(values) = self.listed(cursor)? {
            (values, None)
        } else {
            return self.spaced_frequencies(cursor);
        };
        let possible = frequencies.iter().all(|frequency| frequency.is_finite() && *frequency >= 0.0);
        self.require(possible, "frequencies must not be negative", here)?;
        let (start, stop) = (frequencies[0], frequencies[frequencies.len() - 1]);
        let points = frequencies.len();
        let listed = Some(frequencies.into());
        Ok(FrequencySweep { listed, table, spacing: Spacing::Linear, points, start, stop, fits: false })
    }

    fn spaced_frequencies(&mut self, cursor: &mut CardCursor<'d>) -> Result<FrequencySweep, Reported> {
        let spacing = match cursor.peek_word() {
            Some("dec") => Spacing::Decade,
            Some("oct") => Spacing::Octave,
            Some("lin") => Spacing::Linear,
            _ => {
                let error = Diagnostic::error("expected `dec`, `oct` or `lin`").at(cursor.here());
                return Err(self.report(error.hint(".ac dec|oct|lin points start stop")));
            }
        };
        cursor.advance();
        let points_span = cursor.here();
        let points = self.number_token(cursor, "the number of points")?;
        let start_span = cursor.here();
        let start = self.number_token(cursor, "the first frequency")?;
        let stop_span = cursor.here();
        let stop = self.number_token(cursor, "the last frequency")?;
        let count = points.round();
        self.require(count >= 1.0, "the number of points must be at least 1", points_span)?;
        let least = if spacing == Spacing::Linear { start >= 0.0 } else { start > 0.0 };
        self.require(least, "the first frequency must be greater than 0", start_span)?;
        self.require(stop >= start, "the last frequency must not be below the first", stop_span)?;
        self.require(stop.is_finite(), "the last frequency must be finite", stop_span)?;
        let total = match spacing {
            Spacing::Linear => count,
            Spacing::Decade => count * (1.0 + (stop / start).log10()),
            Spacing::Octave => count * (1.0 + (stop / start).log2()),
        };
        self.require(total <= self.most_points(), "this makes too many frequencies", points_span)?;
        Ok(FrequencySweep { listed: None, table: None, spacing, points: count as usize, start, stop, fits: false })
    }

    /// HSPICE's `sweep …` behind an analysis: as `.step`; false if there is none.
    pub fn outer_sweep(&mut self, cursor: &mut CardCursor<'d>, span: Span) -> Result<bool, Reported> {
        cursor.skip_separators();
        let found = cursor.peek_word() == Some("sweep");
        if found {
            cursor.advance();
            self.step(cursor, span)?;
        }
        Ok(found)
    }

    pub fn require(&mut self, condition: bool, message: &str, span: Span) -> Result<(), Reported> {
        if condition { Ok(()) } else { Err(self.report(Diagnostic::error(message).at(span))) }
    }
}

/// Whether a second end behind the first one follows: not so in `step stop start largest`.
fn are_spans(numbers: &[f64]) -> bool {
    let pairs = numbers.chunks_exact(2);
    numbers.len() >= 4
        && pairs.clone().all(|pair| pair[0] > 0.0)
        && pairs.clone().zip(pairs.skip(1)).all(|(one, next)| next[1] > one[1])
}

/// HSPICE's `step1 stop1 step2 stop2 … [start]`: one span with the finest step, which is no more than the distance of what is printed.
fn join_spans(numbers: &mut Vec<f64>, spans: &mut Vec<Span>) {
    let pairs = numbers.len() / 2;
    let finest = (0..pairs).map(|pair| numbers[2 * pair]).fold(f64::INFINITY, f64::min);
    let (stop, start) = (2 * pairs - 1, 2 * pairs);
    let start = numbers.get(start).copied().map(|value| (value, spans[start]));
    (*numbers, *spans) = (vec![finest, numbers[stop]], vec![spans[0], spans[stop]]);
    if let Some((value, span)) = start {
        numbers.push(value);
        spans.push(span);
    }
}

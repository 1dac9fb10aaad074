//! `.op`, `.tran` and `.ac`.

use super::card_cursor::CardCursor;
use super::{Elaborator, Reported};
use crate::circuit::analysis_card::{Analysis, AnalysisCard, FrequencySweep, Spacing, Transient};
use crate::diagnostic::{Diagnostic, Span};

impl<'d> Elaborator<'d> {
    pub fn operating_point(&mut self, span: Span) {
        self.circuit.analyses.push(AnalysisCard { analysis: Analysis::OperatingPoint, span });
    }

    /// `.tran step stop [start [max_step]] [uic]`
    pub fn transient(&mut self, cursor: &mut CardCursor<'d>, span: Span) -> Result<(), Reported> {
        let mut numbers = Vec::new();
        let mut spans = Vec::new();
        let mut use_initial_conditions = false;
        cursor.skip_separators();
        while !cursor.at_end() {
            if cursor.peek_word() == Some("uic") {
                use_initial_conditions = true;
                cursor.advance();
            } else {
                spans.push(cursor.here());
                numbers.push(self.number_token(cursor, "a time or `uic`")?);
            }
            cursor.skip_separators();
        }
        let (step, stop) = match *numbers {
            [step, stop] | [step, stop, _] | [step, stop, _, _] => (step, stop),
            _ => {
                let error = Diagnostic::error("expected `.tran step stop [start [max_step]] [uic]`").at(span);
                return Err(self.report(error));
            }
        };
        let start = numbers.get(2).copied().unwrap_or(0.0);
        let max_step = numbers.get(3).copied();
        self.require(step > 0.0, "the step must be greater than 0", spans[0])?;
        self.require(stop > 0.0, "the end must be greater than 0", spans[1])?;
        let last = spans[spans.len() - 1];
        self.require(
            (0.0..stop).contains(&start),
            "the start must lie between 0 and the end",
            spans.get(2).copied().unwrap_or(last),
        )?;
        self.require(max_step.is_none_or(|step| step > 0.0), "the largest step must be greater than 0", last)?;
        let analysis = Analysis::Transient(Transient { step, stop, start, max_step, use_initial_conditions });
        self.circuit.analyses.push(AnalysisCard { analysis, span });
        Ok(())
    }

    /// `.ac dec|oct|lin points start stop`
    pub fn ac(&mut self, cursor: &mut CardCursor<'d>, span: Span) -> Result<(), Reported> {
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
        self.expect_end(cursor)?;
        let count = points.round();
        self.require((1.0..=1e9).contains(&count), "the number of points must be at least 1", points_span)?;
        let least = if spacing == Spacing::Linear { start >= 0.0 } else { start > 0.0 };
        self.require(least, "the first frequency must be greater than 0", start_span)?;
        self.require(stop >= start, "the last frequency must not be below the first", stop_span)?;
        let sweep = FrequencySweep { spacing, points: count as usize, start, stop };
        self.circuit.analyses.push(AnalysisCard { analysis: Analysis::Ac(sweep), span });
        Ok(())
    }

    pub fn require(&mut self, condition: bool, message: &str, span: Span) -> Result<(), Reported> {
        if condition { Ok(()) } else { Err(self.report(Diagnostic::error(message).at(span))) }
    }
}

//! Xyce's `.options restart`: checkpoints, and the one to begin with.

use super::card_cursor::CardCursor;
use super::{Elaborator, Reported};
use crate::diagnostic::{Diagnostic, Span};
use crate::netlist::token::TokenKind;

impl<'d> Elaborator<'d> {
    /// `job=prefix initial_interval=dt [t1 dt1 …]`, `file=name`, `job=prefix start_time=t`; `pack=` is ignored.
    pub fn restart_options(&mut self, cursor: &mut CardCursor<'d>) -> Result<(), Reported> {
        let mut start_time = None;
        loop {
            cursor.skip_separators();
            if cursor.at_end() {
                break;
            }
            let (here, name) = (cursor.here(), cursor.peek_word().unwrap_or(""));
            cursor.advance();
            self.require(cursor.accept(TokenKind::Equals), "expected `name=value`", here)?;
            match name {
                "job" => self.circuit.options.restart.job = Some(self.text_as_written(cursor)),
                "file" => self.circuit.options.restart.from = Some(self.text_as_written(cursor)),
                "start_time" => start_time = Some((self.text_as_written(cursor), here)),
                "initial_interval" => self.circuit.options.restart.intervals = self.intervals(cursor, here)?,
                "pack" => cursor.advance(),
                _ => {
                    let error = Diagnostic::error(format!("`{name}` is no option of `restart`")).at(here);
                    let names = ["job", "file", "start_time", "initial_interval", "pack"];
                    return Err(self.report(error.nearest(name, names)));
                }
            }
        }
        if let Some((time, span)) = start_time {
            let Some(job) = self.circuit.options.restart.job.take() else {
                let error = Diagnostic::error("`start_time` needs the `job` that the checkpoint belongs to").at(span);
                return Err(self.report(error));
            };
            self.circuit.options.restart.from = Some(format!("{job}{time}"));
            self.circuit.options.restart.intervals.clear();
        }
        Ok(())
    }

    /// `dt [t1 dt1 …]`: from which time on things are how far apart.
    pub fn intervals(&mut self, cursor: &mut CardCursor<'d>, here: Span) -> Result<Vec<(f64, f64)>, Reported> {
        let mut numbers = vec![0.0, self.number_token(cursor, "an interval")?];
        while !cursor.at_end() && !cursor.at_key() {
            numbers.push(self.number_token(cursor, "a time or an interval")?);
            cursor.skip_separators();
        }
        self.require(numbers.len() % 2 == 0, "each time needs an interval behind it", here)?;
        let pairs: Vec<(f64, f64)> = numbers.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect();
        let rising = pairs.windows(2).all(|pair| pair[1].0 > pair[0].0);
        self.require(
            rising && pairs.iter().all(|pair| pair.1 >= 0.0),
            "times must rise, intervals not be negative",
            here,
        )?;
        Ok(pairs)
    }

    /// The next token with upper and lower case as in the deck, without quotes.
    fn text_as_written(&mut self, cursor: &mut CardCursor<'d>) -> String {
        let span = cursor.here();
        cursor.advance();
        self.deck.sources.text(span).trim_matches(['"', '\'']).to_string()
    }
}

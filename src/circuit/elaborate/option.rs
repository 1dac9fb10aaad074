//! `.options`.

use super::card_cursor::CardCursor;
use super::{Elaborator, Reported};
use crate::circuit::ignored_options;
use crate::circuit::option_table::{OPTIONS, OptionInfo, Setting};
use crate::circuit::options::Method;
use crate::diagnostic::{Diagnostic, Span};
use crate::netlist::token::TokenKind;

impl<'d> Elaborator<'d> {
    pub fn options(&mut self, cursor: &mut CardCursor<'d>) -> Result<(), Reported> {
        let mut result = Ok(());
        cursor.skip_separators();
        let package = cursor.peek_word().filter(|word| ignored_options::PACKAGES.contains(word));
        if package.is_some() {
            cursor.advance();
        }
        if package == Some("restart") {
            return self.restart_options(cursor);
        }
        loop {
            cursor.skip_separators();
            if cursor.at_end() {
                return result;
            }
            let span = cursor.here();
            let Some(name) = cursor.peek_word() else {
                return Err(self.report(Diagnostic::error("expected the name of an option").at(span)));
            };
            cursor.advance();
            let has_value = cursor.accept(TokenKind::Equals);
            if matches!(package, Some("samples" | "embeddedsamples"))
                && has_value
                && self.sampling_option(name, cursor)?
            {
                continue;
            }
            if package == Some("output") && has_value && self.output_option(name, span, cursor)? {
                continue;
            }
            // A package's tolerances may be those of another solver.
            let meant = package.is_none_or(|package| matches!(package, "timeint" | "device" | "measure" | "fft"));
            if OptionInfo::named(name).is_none() || !meant {
                self.unused_option(name, span, package.is_some());
                if has_value {
                    self.skip_value(cursor);
                }
            } else if self.option(name, span, has_value, cursor).is_err() {
                result = Err(Reported);
            }
        }
    }

    /// When tables have rows; false if it is another option.
    fn output_option(&mut self, name: &str, span: Span, cursor: &mut CardCursor<'d>) -> Result<bool, Reported> {
        match name {
            "initial_interval" => self.circuit.options.print_times.intervals = self.intervals(cursor, span)?,
            "outputtimepoints" => {
                while !cursor.at_end() && !cursor.at_key() {
                    let time = self.number_token(cursor, "a time")?;
                    self.circuit.options.print_times.points.push(time);
                    cursor.skip_separators();
                }
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// A value, or several with commas between them.
    fn skip_value(&mut self, cursor: &mut CardCursor<'d>) {
        cursor.advance();
        while cursor.accept(TokenKind::Comma) && !cursor.at_key() {
            cursor.advance();
        }
    }

    /// Options of other simulators are named once, all together.
    fn unused_option(&mut self, name: &str, span: Span, packaged: bool) {
        if packaged || ignored_options::is_ignored(name) {
            if !self.unused_options.iter().any(|(other, _)| **other == *name) {
                self.unused_options.push((name.into(), span));
            }
            return;
        }
        let names = OPTIONS.iter().map(|option| option.name).chain(ignored_options::names());
        self.warn(Diagnostic::warning(format!("unknown option `{name}`")).at(span).nearest(name, names));
    }

    /// The note about options that are without effect.
    pub fn note_unused_options(&mut self) {
        let Some((_, first)) = self.unused_options.first() else { return };
        let span = *first;
        let names: Vec<String> = self.unused_options.iter().map(|(name, _)| format!("`{name}`")).collect();
        let (verb, what) = if names.len() == 1 { ("is", "option") } else { ("are", "options") };
        let note = format!("the {what} {} {verb} without effect here", names.join(", "));
        self.warn(Diagnostic::note(note).at(span));
    }

    fn option(
        &mut self,
        name: &'d str,
        span: Span,
        has_value: bool,
        cursor: &mut CardCursor<'d>,
    ) -> Result<(), Reported> {
        match name {
            "method" => return self.method(cursor),
            "filetype" => return self.file_type(cursor),
            "seed" if cursor.peek_word() == Some("random") => {
                cursor.advance();
                let seed = super::random::seed_of_this_process();
                self.circuit.options.seed = seed;
                self.warn(Diagnostic::note(format!("the seed is {seed}")).at(span));
                return Ok(());
            }
            _ => {}
        }
        let Some(info) = OptionInfo::named(name) else { return Ok(()) };
        if !has_value && matches!(info.setting, Setting::Flag(_)) {
            return self.set_option(info, 1.0, span);
        }
        self.require(has_value, &format!("the option `{name}` needs a value"), span)?;
        let value_span = cursor.here();
        let value = self.option_value(name, cursor)?;
        self.set_option(info, value, value_span)
    }

    fn option_value(&mut self, name: &str, cursor: &mut CardCursor<'d>) -> Result<f64, Reported> {
        match cursor.peek_word() {
            Some("yes" | "true" | "on") => {
                cursor.advance();
                Ok(1.0)
            }
            Some("no" | "false" | "off") => {
                cursor.advance();
                Ok(0.0)
            }
            _ => self.number_token(cursor, &format!("a number for `{name}`")),
        }
    }

    fn set_option(&mut self, info: &OptionInfo, value: f64, span: Span) -> Result<(), Reported> {
        let options = &mut self.circuit.options;
        match info.name {
            "rshunt" => {
                self.require(value > 0.0, "`rshunt` must be greater than 0", span)?;
                self.circuit.options.gshunt = 1.0 / value;
            }
            "seed" => options.seed = value.max(0.0) as u64,
            "default_val" => options.measure_default = Some(value),
            "measdgt" => options.measure_digits = Some(value.round().clamp(0.0, 1e9) as usize),
            _ => return info.set(options, value).or_else(|problem| self.require(false, &problem, span)),
        }
        Ok(())
    }

    fn method(&mut self, cursor: &mut CardCursor<'d>) -> Result<(), Reported> {
        let span = cursor.here();
        let word = cursor.peek_word().unwrap_or("");
        cursor.advance();
        self.circuit.options.method = match word {
            "trap" | "trapezoidal" | "trapezoid" | "modtrap" | "modified" | "7" => Method::Trapezoidal,
            "gear" | "bdf" | "8" => Method::Gear,
            "trbdf2" => Method::TrBdf2,
            _ => {
                let error = Diagnostic::error(format!("unknown method `{word}`")).at(span);
                return Err(self.report(error.hint("the methods are `trap`, `gear` and `trbdf2`")));
            }
        };
        Ok(())
    }

    fn file_type(&mut self, cursor: &mut CardCursor<'d>) -> Result<(), Reported> {
        let span = cursor.here();
        let word = cursor.peek_word().unwrap_or("");
        cursor.advance();
        match word {
            "ascii" => self.circuit.options.ascii = true,
            "binary" => self.circuit.options.ascii = false,
            _ => {
                let error = Diagnostic::error(format!("unknown file type `{word}`")).at(span);
                return Err(self.report(error.hint("the file types are `ascii` and `binary`")));
            }
        }
        Ok(())
    }
}

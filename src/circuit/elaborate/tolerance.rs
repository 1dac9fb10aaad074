//! PSpice's tolerances on model cards: `r=1 dev=5% lot/gauss=10%`.
//!
//! ```text
//! value = nominal + Σ tolerance·draw     tolerance·nominal where it is written in percent
//! draw     uniform in −1 … 1, or with `/gauss` normal of deviation 1 within ±4
//! dev      drawn for each device;  lot  drawn once for all devices of the model
//! ```
//! They count in the runs of a Monte Carlo analysis, and in no others. Source: PSpice A/D Reference Guide, `.MODEL`.

use super::card_cursor::CardCursor;
use super::random::Owner;
use super::{Elaborator, Reported};
use crate::circuit::element::{Parameter, Value};
use crate::circuit::sample;
use crate::diagnostic::Diagnostic;
use crate::netlist::card::ModelCard;
use crate::netlist::number::parse_number;
use crate::netlist::token::TokenKind;

/// Normal draws beyond this are cut off there.
const MOST_DEVIATIONS: f64 = 4.0;

impl<'d> Elaborator<'d> {
    /// Whether each device needs a model of its own in this run.
    pub fn varies_by_device(&self, card: &ModelCard) -> bool {
        card.has_tolerances && self.overrides.sample.is_some()
    }

    /// Reads `dev…` or `lot…` and adds what is drawn to the parameter before it, which is `nominal` without; false if the cursor is at something else.
    pub fn tolerance(
        &mut self,
        cursor: &mut CardCursor<'d>,
        card: &ModelCard,
        parameter: Option<&mut Parameter>,
        nominal: Option<f64>,
    ) -> Result<bool, Reported> {
        let span = cursor.here();
        let mut parts = cursor.peek_word().unwrap_or("").split('/');
        let kind = parts.next().unwrap_or("");
        if !matches!(kind, "dev" | "lot") {
            return Ok(false);
        }
        let is_normal = parts.any(|part| part.starts_with("gauss"));
        cursor.advance();
        cursor.accept(TokenKind::Equals);
        let here = cursor.here();
        let written = cursor.positional_word().map_or("", |(word, _)| word);
        let number = parse_number(written.trim_end_matches('%'));
        let (Some(number), Some(parameter), Some(nominal)) = (number, parameter, nominal) else {
            let error = Diagnostic::error("expected a tolerance behind a parameter").at(here);
            return Err(self.report(error.hint("for example: .model rmod res(r=1 dev=5% lot/gauss=10%)")));
        };
        let tolerance = if written.ends_with('%') { number / 100.0 * nominal } else { number };
        if let (Some(_), Value::Number(value)) = (self.overrides.sample, &mut parameter.value) {
            let Owner { scope, name } = &self.drawing.device;
            let owner = if kind == "dev" { format!("{scope}.{name}") } else { String::new() };
            let key = format!("{kind} {owner} {}.{}", card.name.text, parameter.name);
            let (seed, run) = (self.circuit.options.seed, self.overrides.sample);
            let draw = match is_normal {
                true => sample::normal(seed, run, &key).clamp(-MOST_DEVIATIONS, MOST_DEVIATIONS),
                false => 2.0 * sample::uniform(seed, run, &key) - 1.0,
            };
            *value += tolerance * draw;
            self.draws += 1;
        }
        parameter.span = parameter.span.to(span);
        Ok(true)
    }
}

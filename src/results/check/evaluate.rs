//! Whether `.check` cards hold.

use std::path::PathBuf;
use std::sync::Arc;

use super::CheckResult;
use super::card::{CheckCard, Claim, Tolerance};
use super::curve;
use crate::circuit::Circuit;
use crate::diagnostic::{Diagnostic, SourceMap};
use crate::netlist::expression::BinaryOperator;
use crate::results::card_text::Operand;
use crate::results::measure::{self, Measure};
use crate::results::plot::Plot;
use crate::results::plot_selector::choose;
use crate::results::scope::Scope;
use crate::results::series;

/// Evaluates `cards` on the plots of one run.
pub fn evaluate(cards: &[CheckCard], circuit: &Circuit, plots: &[Plot], measures: &[Measure]) -> Vec<CheckResult> {
    let values = measure::values(measures);
    cards.iter().map(|card| one(card, circuit, plots, &values)).collect()
}

fn one(
    card: &CheckCard,
    circuit: &Circuit,
    plots: &[Plot],
    measures: &[(Arc<str>, Result<f64, String>)],
) -> CheckResult {
    let attempt =
        |plot| Checking { card, scope: Scope::new(plot, circuit, measures), sources: &circuit.sources }.claim();
    match choose(plots, card.analysis, attempt) {
        Ok((_, verdict)) => CheckResult {
            simulated: Some(verdict.simulated),
            reference: verdict.reference,
            position: verdict.position,
            deviation: Some(verdict.deviation),
            tolerance: verdict.tolerance,
            passed: verdict.passed,
            reason: verdict.simulated.is_nan().then(|| "the value is not a number".into()),
            ..CheckResult::failed(card, String::new())
        },
        Err(error) => {
            let hints = error.hints.iter().map(|hint| format!(" ({hint})"));
            CheckResult::failed(card, std::iter::once(error.message.clone()).chain(hints).collect())
        }
    }
}

pub(super) struct Verdict {
    pub simulated: f64,
    pub reference: Option<f64>,
    pub position: Option<f64>,
    pub deviation: f64,
    pub tolerance: Option<f64>,
    pub passed: bool,
}

pub(super) struct Checking<'a> {
    card: &'a CheckCard,
    pub scope: Scope<'a>,
    sources: &'a SourceMap,
}

impl Checking<'_> {
    /// Where the reference file `name` is: beside the file that the card stands in.
    pub fn reference(&self, name: &str) -> Result<PathBuf, Diagnostic> {
        let refused = |error| Diagnostic::error(format!("cannot read `{name}`: {error}"));
        self.sources.may_touch_files().map_err(refused)?;
        Ok(self.sources.beside(self.card.span.file, name))
    }

    fn claim(&self) -> Result<Verdict, Diagnostic> {
        match &self.card.claim {
            Claim::Within { operand, low, high } => {
                let (value, low, high) = (self.number(operand)?, self.number(low)?, self.number(high)?);
                if low.is_nan() || high.is_nan() || low > high {
                    return Err(Diagnostic::error(format!("[{low}, {high}] is no interval")));
                }
                let deviation = (low - value).max(value - high).max(0.0);
                Ok(verdict(value, if value.is_nan() { f64::NAN } else { deviation }, value >= low && value <= high))
            }
            Claim::Compared { operand, operator, bound } => {
                let (value, bound) = (self.number(operand)?, self.number(bound)?);
                let passed = operator.value(value, bound) != 0.0;
                let beyond = match operator {
                    BinaryOperator::Less | BinaryOperator::LessEqual => value - bound,
                    _ => bound - value,
                };
                Ok(verdict(value, if passed { 0.0 } else { beyond }, passed))
            }
            Claim::Near { operand, value, tolerance } => {
                let (simulated, expected) = (self.number(operand)?, self.number(value)?);
                let tolerance = self.tolerance(tolerance, expected.abs())?;
                let deviation = (simulated - expected).abs();
                let passed = deviation <= tolerance && deviation.is_finite();
                let verdict = verdict(simulated, deviation, passed);
                Ok(Verdict { reference: Some(expected), tolerance: Some(tolerance), ..verdict })
            }
            Claim::Curve { operand, reference, window, tolerance } => {
                curve::compare(self, operand, reference, window, tolerance)
            }
        }
    }

    pub fn number(&self, operand: &Operand) -> Result<f64, Diagnostic> {
        series::number(&operand.expression, &self.scope, operand.span)
    }

    /// abs + rel·scale.
    pub fn tolerance(&self, tolerance: &Tolerance, scale: f64) -> Result<f64, Diagnostic> {
        let part = |operand: &Option<Operand>| operand.as_ref().map_or(Ok(0.0), |operand| self.number(operand));
        let (relative, absolute) = (part(&tolerance.relative)?, part(&tolerance.absolute)?);
        // Written so that NaN is refused as well; an infinite tolerance would let everything pass.
        if !(relative >= 0.0 && absolute >= 0.0 && relative.is_finite() && absolute.is_finite()) {
            return Err(Diagnostic::error(format!("rel={relative} abs={absolute} is no tolerance")));
        }
        Ok(absolute + relative * scale)
    }
}

fn verdict(simulated: f64, deviation: f64, passed: bool) -> Verdict {
    Verdict { simulated, reference: None, position: None, deviation, tolerance: None, passed }
}

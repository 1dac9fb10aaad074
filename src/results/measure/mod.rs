//! `.measure`: numbers read off the curves of an analysis, with ngspice's cards and meanings, and what others add to them.

mod card;
mod comparison;
mod cycles;
mod evaluate;
pub mod measure_table;
mod quantity;
mod settled;

use std::sync::Arc;

pub use card::{MeasureCard, parse};
pub use evaluate::{evaluate, evaluate_knowing};
pub use settled::AutoStop;

use super::plot_selector::AnalysisName;
use super::print_table::scientific;
use crate::diagnostic::{Diagnostic, Span};

/// The result of one `.measure` card.
#[derive(Debug, Clone, PartialEq)]
pub struct Measure {
    pub name: Arc<str>,
    pub analysis: Option<AnalysisName>,
    /// The value, or why there is none.
    pub outcome: Result<Measured, String>,
    /// The value for other cards if there is none.
    pub fallback: Option<f64>,
    /// A failed measure is shown as such, not as its fallback.
    pub fails_aloud: bool,
    /// Digits behind the point.
    pub precision: usize,
    pub span: Span,
}

/// A value and where it was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    pub value: f64,
    /// `at`, `from`, `to`, `trig`, `targ`, `with`: as ngspice prints them.
    pub details: Vec<(&'static str, f64)>,
}

impl Measure {
    /// A line as ngspice writes it: `vmax                =  1.000000e+00 at=  5.000000e-04`.
    pub fn line(&self) -> String {
        match &self.outcome {
            Ok(measured) => {
                let mut text = format!("{:<20}=  {}", self.name, scientific(measured.value, self.precision));
                for (name, value) in &measured.details {
                    text.push_str(&format!(" {name}=  {}", scientific(*value, self.precision)));
                }
                text
            }
            Err(_) => match self.fallback.filter(|_| !self.fails_aloud) {
                Some(value) => format!("{:<20}=  {}", self.name, scientific(value, self.precision)),
                None => format!("{:<20}=  failed", self.name),
            },
        }
    }

    /// A warning that points at the card, if the measure failed.
    pub fn warning(&self) -> Option<Diagnostic> {
        let reason = self.outcome.as_ref().err()?;
        Some(Diagnostic::warning(format!("the measure `{}` failed: {reason}", self.name)).at(self.span))
    }

    /// The value as expressions see it.
    pub fn value(&self) -> Result<f64, String> {
        let fallback = |reason: &String| self.fallback.ok_or_else(|| reason.clone());
        self.outcome.as_ref().map(|measured| measured.value).or_else(fallback)
    }
}

/// Names and values of `measures`, as expressions see them.
pub fn values(measures: &[Measure]) -> Vec<(Arc<str>, Result<f64, String>)> {
    measures.iter().map(|measure| (measure.name.clone(), measure.value())).collect()
}

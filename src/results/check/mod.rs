//! `.check`: what a deck claims about its own results.
//!
//! ```text
//! .check [tran|ac|dc|op] NAME EXPRESSION in [LOW, HIGH]
//! .check [tran|ac|dc|op] NAME EXPRESSION < VALUE               (also <=, >, >=)
//! .check [tran|ac|dc|op] NAME EXPRESSION ~ VALUE [rel=…] [abs=…]
//! .check [tran|ac|dc|op] NAME curve EXPRESSION ~ EXPRESSION [from=…] [to=…] [rel=…] [abs=…]
//! .check [tran|ac|dc|op] NAME curve EXPRESSION ~ file "reference.csv" [column=…] [from=…] [to=…] [rel=…] [abs=…]
//! ```
//!
//! A value may differ by abs + rel·|expected|. A curve may differ at every point by abs + rel·(largest |expected| within the
//! window). A check fails if it cannot be computed, if a value is NaN, if its window is empty or reaches beyond the points,
//! and if more than one analysis could be meant.

mod card;
mod curve;
mod evaluate;

use serde::Serialize;

pub use card::{CheckCard, parse};
pub use evaluate::evaluate;

use super::fourier::significant;
use crate::diagnostic::Span;

/// The result of one `.check` card.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CheckResult {
    pub name: String,
    /// What the card demands, as text.
    pub expected: String,
    /// The value, or for a curve the one where it is worst; None if it could not be computed.
    pub simulated: Option<f64>,
    /// The expected value, at the worst point.
    pub reference: Option<f64>,
    /// Time, frequency, … of the worst point of a curve.
    pub position: Option<f64>,
    /// Distance from what is expected, or from the nearest allowed value.
    pub deviation: Option<f64>,
    /// Largest allowed deviation.
    pub tolerance: Option<f64>,
    pub passed: bool,
    /// Why the check could not be computed.
    pub reason: Option<String>,
    #[serde(skip)]
    pub span: Span,
}

impl CheckResult {
    fn failed(card: &CheckCard, reason: String) -> Self {
        CheckResult {
            name: card.name.to_string(),
            expected: card.expected(),
            simulated: None,
            reference: None,
            position: None,
            deviation: None,
            tolerance: None,
            passed: false,
            reason: Some(reason),
            span: card.span,
        }
    }

    /// The simulated value for a person.
    pub fn simulated_text(&self) -> String {
        match (self.simulated, self.position) {
            (Some(value), Some(position)) => format!("{} at {}", significant(value, 6), significant(position, 4)),
            (Some(value), None) => significant(value, 6),
            (None, _) => "-".into(),
        }
    }

    /// The deviation and what is allowed, for a person.
    pub fn deviation_text(&self) -> String {
        match (self.deviation, self.tolerance) {
            (Some(deviation), Some(tolerance)) => {
                format!("{} (of {})", significant(deviation, 3), significant(tolerance, 3))
            }
            (Some(deviation), None) => significant(deviation, 3),
            (None, _) => "-".into(),
        }
    }
}

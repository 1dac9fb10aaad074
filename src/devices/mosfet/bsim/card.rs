//! What a card adds to a model.

use super::temperatures::Temperatures;
use crate::circuit::Model;
use crate::devices::construct::Construction;
use crate::devices::junction::kelvin;
use crate::diagnostic::Diagnostic;

/// How an element differs from others of its model.
#[derive(Debug, Clone, Copy)]
pub struct Mismatch {
    /// `delvto`, V.
    pub threshold: f64,
    /// `mulu0`
    pub mobility: f64,
}

impl Mismatch {
    pub fn of(c: &Construction) -> Self {
        Mismatch {
            threshold: c.parameter("delvto").or(c.parameter("delvt0")).unwrap_or(0.0),
            mobility: c.parameter("mulu0").unwrap_or(1.0),
        }
    }
}

/// Those of the element and of its parameters; `tnom` in °C is NaN where the model has none.
pub fn temperatures(c: &Construction, tnom: f64) -> Temperatures {
    let nominal = if tnom.is_nan() { c.circuit.options.tnom } else { tnom };
    Temperatures { own: kelvin(c.temperature()), nominal: kelvin(nominal) }
}

/// The model `card` takes more from length and width than there is.
pub fn reject_geometry(c: &mut Construction, card: &Model) {
    let message = format!("the channel of `{}` has no length or width left", c.element.name);
    let hint = "what the model takes from length and width (`lint`, `wint`, `dl`, `dw`) is too much";
    c.error(Diagnostic::error(message).at(c.element.span).label(card.span, "its model").hint(hint));
}

//! What threshold models share (TEAM and VTEAM): conduction over a gap that opens from w = 0 (lrs) to w = 1 (hrs).
//!
//! ```text
//! iv=linear:       i = v/(Ron + (Roff − Ron)·w)
//! iv=exponential:  i = v/(Ron·e^(λ·w)),   λ = ln(Roff/Ron)
//! ```

use super::Card;
use crate::numerics::scalar::Scalar;

/// Conduction over a gap.
#[derive(Debug, Clone, Copy)]
pub struct Gap {
    /// Ron, Ω
    on: f64,
    /// Roff, Ω
    off: f64,
    /// λ of the exponential law; `None` for the linear one.
    lambda: Option<f64>,
}

impl Gap {
    /// Between `on` and `off` ohms by the card's `iv=`; `None` after an error.
    pub fn read(card: &mut Card, on: f64, off: f64) -> Option<Self> {
        let lambda = match card.word("iv").as_deref() {
            None | Some("linear" | "0") => None,
            Some("exponential" | "1") => Some((off / on).ln()),
            Some(_) => {
                card.error("iv", "must be linear or exponential");
                return None;
            }
        };
        Some(Gap { on, off, lambda })
    }

    /// Current in A at `v` volts and gap `w`.
    pub fn current<S: Scalar>(&self, v: S, w: S) -> S {
        match self.lambda {
            None => v / (w * (self.off - self.on) + self.on),
            Some(lambda) => v * (w * -lambda).exp() * (1.0 / self.on),
        }
    }
}

/// Requires the `positive` and the `negative` parameters to have their sign.
pub fn check_signs(card: &mut Card, positive: &[(&str, f64)], negative: &[(&str, f64)]) {
    for &(name, value) in positive {
        card.positive(name, value);
    }
    for &(name, value) in negative {
        if value.is_nan() || value >= 0.0 {
            card.error(name, "must be negative");
        }
    }
}

//! What threshold models share (TEAM and VTEAM): conduction over a gap that opens from w = 0 (lrs) to w = 1 (hrs),
//! and a speed beyond a threshold.
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

/// One side of a threshold law: beyond `threshold` the state moves at `rate`·(drive/threshold − 1)^exponent.
#[derive(Debug, Clone, Copy)]
pub struct Threshold {
    /// V or A; its sign is that of the drive it answers to.
    pub threshold: f64,
    /// m/s
    pub rate: f64,
    pub exponent: f64,
}

impl Threshold {
    /// Speed in m/s under `drive`; `None` where the drive is not beyond the threshold.
    pub fn speed<S: Scalar>(&self, drive: S) -> Option<S> {
        let beyond = if self.threshold > 0.0 { drive.value() > self.threshold } else { drive.value() < self.threshold };
        beyond.then(|| (drive * (1.0 / self.threshold) - 1.0).powf(self.exponent) * self.rate)
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

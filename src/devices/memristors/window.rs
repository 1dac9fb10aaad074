//! Window functions: how a bounded state slows down at its bounds.
//!
//! Two families. Where the window is zero at both bounds whatever the current (Joglekar, Prodromakis), x is carried by
//! s = ln(x/(1−x)): ds/dt = (dx/dt)/(x(1−x)) stays finite and s is unbounded, so the state neither locks up nor runs
//! past a bound. Where only the bound ahead is zero (Biolek, Zha), or none (no window), x itself is the unknown; outside of
//! 0…1 it is driven back.
//!
//! No state crosses its range in less than a femtosecond, whatever a power of its overdrive says: a rate r becomes
//! r/√(1 + (r/10¹⁵ s⁻¹)²), which is within 10⁻⁶ of r up to 10¹² s⁻¹. Beyond that it would change by more than Newton's method, or
//! a number of 16 digits at its bound, can follow.
//!
//! Sources: Joglekar & Wolf, Eur. J. Phys. 30, 661 (2009); Biolek et al., Radioengineering 18, 210 (2009); Prodromakis et al.,
//! IEEE TED 58, 3099 (2011); Zha et al., IEEE TVLSI 24, 423 (2016).

use super::Card;
use crate::numerics::scalar::Scalar;

/// Kind of window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    None,
    Joglekar,
    Biolek,
    Prodromakis,
    Zha,
}

/// A window with its exponent p and factor j.
#[derive(Debug, Clone, Copy)]
pub struct Window {
    pub kind: Kind,
    pub exponent: f64,
    pub factor: f64,
}

/// Width of the band outside of 0…1 in which an outward rate fades, without a window.
const STOP: f64 = 1e-4;

/// Fastest rate of a state that runs from 0 to 1, 1/s.
const FASTEST: f64 = 1e15;

/// How far outside of 0…1 a state that is carried by x itself is linearised at most.
const REACH: f64 = 0.01;

/// Names of all windows.
pub const NAMES: &[&str] = &["none", "joglekar", "biolek", "prodromakis", "zha"];

impl Kind {
    /// The window called `name` (in lower case), or with ngspice decks' numbers 0…4.
    pub fn named(name: &str) -> Option<Kind> {
        Some(match name {
            "none" | "0" => Kind::None,
            "joglekar" | "1" => Kind::Joglekar,
            "biolek" | "2" => Kind::Biolek,
            "prodromakis" | "3" => Kind::Prodromakis,
            "zha" | "4" => Kind::Zha,
            _ => return None,
        })
    }
}

impl Window {
    /// Hard bounds alone.
    pub const HARD: Window = Window { kind: Kind::None, exponent: 1.0, factor: 1.0 };

    /// The window that the card names (`default` if none), of the given exponent and factor; `None` after an error.
    pub fn read(card: &mut Card, default: &str, exponent: f64, factor: f64) -> Option<Window> {
        let name = card.word("window").unwrap_or_else(|| default.into());
        let kind = Kind::named(&name);
        if kind.is_none() {
            card.error("window", &format!("must be one of {}", NAMES.join(", ")));
        }
        Some(Window { kind: kind?, exponent, factor })
    }

    fn is_two_sided(self) -> bool {
        matches!(self.kind, Kind::Joglekar | Kind::Prodromakis)
    }

    /// The unknown s of the state x in 0…1.
    pub fn unknown(self, x: f64) -> f64 {
        if self.is_two_sided() { (x / (1.0 - x)).ln() } else { x }
    }

    /// The unknown of an initial state in 0…1; one that is carried by its logit starts just inside.
    pub fn start(self, x: f64) -> f64 {
        self.unknown(if self.is_two_sided() { x.clamp(1e-12, 1.0 - 1e-12) } else { x })
    }

    /// The state x of the unknown s.
    pub fn state<S: Scalar>(self, s: S) -> S {
        if self.is_two_sided() { s.logistic() } else { s.max(S::zero()).min(S::constant(1.0)) }
    }

    /// Where to linearise instead of at `s`: a state can only be at its bounds, however fast it is driven there, and goes no further
    /// out than at `previous`.
    pub fn limit(self, s: f64, previous: f64) -> f64 {
        if self.is_two_sided() { s } else { s.clamp(previous.min(-REACH), previous.max(1.0 + REACH)) }
    }

    /// ds/dt for dx/dt = drift·window(x, sign), where `drift` moves x up if positive.
    pub fn rate<S: Scalar>(self, s: S, drift: S) -> S {
        match self.kind {
            Kind::None => saturated(drift) * fade(s, drift.value()),
            Kind::Joglekar | Kind::Prodromakis => saturated(drift) * self.over_parabola(s),
            Kind::Biolek | Kind::Zha => saturated(drift) * self.one_sided(s, drift.value()),
        }
    }

    /// window(x)/(x(1−x)), finite at both bounds.
    fn over_parabola<S: Scalar>(self, s: S) -> S {
        let x = s.logistic();
        let parabola = x * (-s).logistic();
        // Joglekar: 1 − (2x−1)^2p = 1 − (1−y)^p with y = 4x(1−x); Prodromakis: j·(1 − (1−y)^p) with y = x(1−x).
        let (weight, factor) = if self.kind == Kind::Joglekar { (4.0, 1.0) } else { (1.0, self.factor) };
        let y = parabola * weight;
        ratio(y, self.exponent) * (weight * factor)
    }

    fn one_sided<S: Scalar>(self, x: S, drift: f64) -> S {
        let distance = if drift < 0.0 { x - 1.0 } else { x };
        let square = distance * distance;
        let base = if self.kind == Kind::Biolek { square } else { square * 0.25 + 0.75 };
        let factor = if self.kind == Kind::Biolek { 1.0 } else { self.factor };
        (base.powf(self.exponent) * -1.0 + 1.0) * factor
    }
}

/// The rate that is left of `rate`.
fn saturated<S: Scalar>(rate: S) -> S {
    let part = rate * (1.0 / FASTEST);
    if part.value().abs() < 1e6 {
        rate / (part * part + 1.0).sqrt()
    } else {
        S::constant(FASTEST.copysign(part.value()))
    }
}

/// (1 − (1−y)^p)/y for y in 0…1, by its series where y is small.
fn ratio<S: Scalar>(y: S, p: f64) -> S {
    if y.value() < 1e-5 {
        return y * (-p * (p - 1.0) / 2.0) + p;
    }
    let base = (y * -1.0 + 1.0).max(S::zero());
    (base.powf(p) * -1.0 + 1.0) / y
}

/// 1 inside of 0…1 and for inward drift; falls to 0 over a thin band outside.
fn fade<S: Scalar>(x: S, drift: f64) -> S {
    if drift > 0.0 && x.value() > 1.0 {
        (x - 1.0) * (-1.0 / STOP) + 1.0
    } else if drift < 0.0 && x.value() < 0.0 {
        x * (1.0 / STOP) + 1.0
    } else {
        S::constant(1.0)
    }
}

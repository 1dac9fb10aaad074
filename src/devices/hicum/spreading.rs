//! The collector's charge where the current spreads in it: g(w) and gT(w), which are w² without spreading.
//!
//! ```text
//! of an emitter whose width spreads more (latb > latl), k = latb − latl, p = ((1 + latb)/(1 + latl))^(−w):
//!     v = (p − 1)/(latl − p·latb),       g = 2/k·(ln((1 + latb·v)/(1 + latl·v))·h − f(latb, latl) + f(latl, latb))
//!     h = latb·latl·v³/3 + (latb + latl)·v²/2 + v
//!     f(a, b) = ((1 − b/a)·¼·(x²·(2·ln x − 1) + 1) + b/a·(x³·(3·ln x − 1) + 1)/9)/a,  x = 1 + a·v
//! of others, with latb alone:  v = w/(1 + (1 − w)·latb),  g = v²·(1 + z/3)/(1 + z),  z = latb·v
//! gT = g, and with flcomp of 0 or 2.1
//!     2/k·(t(latb) − t(latl)), t(a) = (a·v − ln(1 + a·v))/a;   of others 2·((1 + z)·ln(1 + z) − z)/(latb²·(1 + z))
//! ```
//! Source: Schröter and Walkey, IEEE Trans. Electron Devices 43, 1882 (1996); HICUM/L2 manual.

use super::parameters::HicumModel;
use crate::numerics::scalar::Scalar;

/// latb up to which denominators with it are left out, as in the model.
const NARROW: f64 = 0.01;

/// Arguments below which series take the place of logarithms, and how many terms they have.
const SMALL: f64 = 0.05;
const TERMS: i32 = 10;

/// Lateral spreading of the collector current.
#[derive(Debug, Clone, Copy)]
pub struct Spreading {
    /// latb and latl
    width: f64,
    length: f64,
    /// gT is that of the model's version 2.1.
    is_of_first_version: bool,
}

impl Spreading {
    pub fn new(m: &HicumModel) -> Option<Self> {
        let (width, length) = (m.latb, m.latl);
        let spreads = width > 0.0 || length > 0.0;
        spreads.then(|| Spreading { width, length, is_of_first_version: m.is_of_first_version() })
    }

    /// g and gT at the injection width w.
    #[inline(always)]
    pub fn of<S: Scalar>(&self, injected: S) -> [S; 2] {
        if self.width > self.length { self.rectangular(injected) } else { self.square(injected) }
    }

    fn rectangular<S: Scalar>(&self, injected: S) -> [S; 2] {
        let Spreading { width: b, length: l, .. } = *self;
        let (w, logarithm) = if b > NARROW {
            let ratio = (injected * -((1.0 + b) / (1.0 + l)).ln()).exp();
            let w = (ratio - 1.0) / (-(ratio * b) + l);
            (w, ((w * b + 1.0) / (w * l + 1.0)).ln())
        } else {
            let w = injected / ((-injected + 1.0) * b + 1.0);
            (w, w * (b - l))
        };
        let scale = 2.0 / (b - l);
        let polynomial = ((w * (b * l / 3.0) + (b + l) / 2.0) * w + 1.0) * w;
        let actual = (logarithm * polynomial - moment(b, l, w) + moment(l, b, w)) * scale;
        if !self.is_of_first_version {
            return [actual; 2];
        }
        [actual, (weight(b, w) - weight(l, w)) * scale]
    }

    fn square<S: Scalar>(&self, injected: S) -> [S; 2] {
        let b = self.width;
        let rest = (-injected + 1.0) * b;
        let w = if b > NARROW { injected / (rest + 1.0) } else { injected - rest };
        let z = w * b;
        let square = w * w / (z + 1.0);
        let actual = square * (z * (1.0 / 3.0) + 1.0);
        if !self.is_of_first_version {
            return [actual; 2];
        }
        let weighted = if z.value() > SMALL {
            ((z + 1.0) * z.ln_1p() - z) / (z + 1.0) * (2.0 / (b * b))
        } else {
            series(z, |order| 2.0 * product(order)) * square
        };
        [actual, weighted]
    }
}

/// f(a, b), which is the integral of (1 + b·w)·(1 + a·w)·ln(1 + a·w).
fn moment<S: Scalar>(a: f64, b: f64, w: S) -> S {
    let z = w * a;
    if z.value() > SMALL {
        let (x, logarithm) = (z + 1.0, z.ln_1p());
        let square = x * x;
        let second = (square * (logarithm * 2.0 - 1.0) + 1.0) * 0.25;
        let third = (square * x * (logarithm * 3.0 - 1.0) + 1.0) * (1.0 / 9.0);
        return (second * (1.0 - b / a) + third * (b / a)) * (1.0 / a);
    }
    let second = z * series(z, |order| product(order) / f64::from(order + 1)) + 0.5;
    let third = z * series(z, |order| product(order) / f64::from(order + 2)) + 1.0 / 3.0;
    (third * w * b + second) * z * w
}

/// t(a)
fn weight<S: Scalar>(a: f64, w: S) -> S {
    let z = w * a;
    if z.value() > SMALL {
        (z - z.ln_1p()) * (1.0 / a)
    } else {
        series(z, |order| sign(order) / f64::from(order)) * z * w
    }
}

fn sign(order: i32) -> f64 {
    if order % 2 == 0 { 1.0 } else { -1.0 }
}

/// Coefficient of zⁿ in (1 + z)·ln(1 + z), n from 2 on.
fn product(order: i32) -> f64 {
    sign(order) / f64::from(order * (order - 1))
}

/// Σ coefficient(n)·z^(n − 2)
fn series<S: Scalar>(z: S, coefficient: impl Fn(i32) -> f64) -> S {
    (2..2 + TERMS).rev().fold(S::zero(), |sum, order| sum * z + coefficient(order))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numerics::dual::Dual;

    #[test]
    fn series_and_logarithms_meet() {
        for (a, b) in [(2.0, 0.5), (0.3, 1.2)] {
            let at = |z: f64| (moment(a, b, z / a), weight(a, z / a));
            let ((below, lower), (above, upper)) = (at(SMALL * (1.0 - 1e-9)), at(SMALL * (1.0 + 1e-9)));
            assert!((above / below - 1.0).abs() < 1e-8 && (upper / lower - 1.0).abs() < 1e-8);
        }
        let square = |b: f64| Spreading { width: b, length: 100.0, is_of_first_version: true };
        let at = |z: f64| square(1.0).of(2.0 * z / (1.0 + z))[1];
        let (below, above) = (at(SMALL * (1.0 - 1e-9)), at(SMALL * (1.0 + 1e-9)));
        assert!((above / below - 1.0).abs() < 1e-8, "{below} {above}");
    }

    #[test]
    fn moments_are_integrals() {
        for (a, b, w) in [(2.0, 0.5, 0.3), (0.2, 1.0, 0.1), (0.0, 1.0, 0.4)] {
            let slope = moment(a, b, Dual::<1>::variable(w, 0)).gradient[0];
            let expected: f64 = (1.0 + b * w) * (1.0 + a * w) * (a * w).ln_1p();
            assert!((slope - expected).abs() < 1e-12, "{a} {b} {w}: {slope} {expected}");
        }
    }
}

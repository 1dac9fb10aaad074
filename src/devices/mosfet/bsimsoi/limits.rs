//! How BSIMSOI keeps exponentials in bounds: BSIM3's and BSIM4's with 100 in place of 34.

use crate::numerics::scalar::Scalar;

/// Above this, and below its negative, exponentials count as infinite and 0.
pub const EXPONENT: f64 = 100.0;
/// e^100 and e^−100, as the model has them.
pub const MOST: f64 = 2.688_117_142e43;
pub const LEAST: f64 = 3.720_075_976e-44;

/// e^x, at most e^100 and at least e^−100.
#[inline(always)]
pub fn bounded_exp<S: Scalar>(x: S) -> S {
    if x.value() > EXPONENT {
        S::constant(MOST)
    } else if x.value() < -EXPONENT {
        S::constant(LEAST)
    } else {
        x.exp()
    }
}

/// e^x, above e^100 its tangent, at least e^−100.
#[inline(always)]
pub fn continued_exp<S: Scalar>(x: S) -> S {
    if x.value() > EXPONENT { (x + (1.0 - EXPONENT)) * MOST } else { bounded_exp(x) }
}

/// ln(1 + e^x), x above 100.
#[inline(always)]
pub fn softened<S: Scalar>(x: S) -> S {
    if x.value() > EXPONENT { x } else { bounded_exp(x).ln_1p() }
}

/// ½·(t + √(t² + square)): t where it is positive, joined to 0.
#[inline(always)]
pub fn positive_part<S: Scalar>(t: S, square: f64) -> S {
    (t + (t * t + square).sqrt()) * 0.5
}

//! How Berkeley's models keep factors and exponentials in bounds.

use crate::numerics::scalar::{Over, Scalar};

/// Above this, and below its negative, exponentials count as infinite and 0.
pub const EXPONENT: f64 = 34.0;
/// e^34 and e^−34, as the models have them.
pub const MOST: f64 = 5.834_617_425e14;
pub const LEAST: f64 = 1.713_908_431e-15;

/// A factor that is continued by a hyperbola where it would come near 0: 1 + x down to x = −½.
#[inline(always)]
pub fn one_plus<S: Scalar>(x: S) -> S {
    if x.value() >= -0.5 { x + 1.0 } else { (x * 3.0 + 1.0) / (x * 8.0 + 3.0) }
}

/// 1/(1 + x) likewise, down to x = −0.9.
#[inline(always)]
pub fn one_over_one_plus<S: Scalar>(x: S) -> S {
    if x.value() >= -0.9 { (x + 1.0).recip() } else { (x * 20.0 + 17.0) / (x + 0.8) }
}

/// A value kept above 0: itself down to 0.1.
#[inline(always)]
pub fn kept_positive<S: Scalar>(x: S) -> S {
    if x.value() >= 0.1 { x } else { (x * -1.0 + 0.2) / (x * -20.0 + 3.0) }
}

/// A number above 0 likewise: itself down to 1e-4.
#[inline(always)]
pub fn kept_small<S: Scalar>(x: S) -> S {
    if x.value() < 1e-4 { (x * -1.0 + 2e-4) / (x * -2e4 + 3.0) } else { x }
}

/// A width, m, kept above 0: itself down to 20 nm.
#[inline(always)]
pub fn kept_wide<S: Scalar>(width: S) -> S {
    if width.value() >= 2e-8 { width } else { (width * -1.0 + 4e-8) / (width * -2.0 + 6e-8) * 2e-8 }
}

/// u0/(1 + fall), the mobility, where the fall could be negative.
#[inline(always)]
pub fn fallen<S: Scalar>(u0: f64, fall: S) -> S {
    if fall.value() >= -0.8 { (fall + 1.0).recip() * u0 } else { (fall * 10.0 + 7.0) / (fall + 0.6) * u0 }
}

/// 1 + x of the gate's effect on the output resistance, down to x = −0.9.
#[inline(always)]
pub fn one_plus_gate<S: Scalar>(x: S) -> S {
    if x.value() > -0.9 { x + 1.0 } else { (x + 0.8) / (x * 20.0 + 17.0) }
}

/// s·ln(1 + e^(v/s)) with the models' bounds.
#[inline(always)]
pub fn softened<S: Scalar>(v: S, scale: S) -> S {
    let ratio = v / scale;
    if ratio.value() > EXPONENT {
        v
    } else if ratio.value() < -EXPONENT {
        scale * LEAST.ln_1p()
    } else {
        scale * ratio.exp().ln_1p()
    }
}

/// e^x, at most e^34 and at least e^−34.
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

/// e^x, above e^34 its tangent, at least e^−34.
#[inline(always)]
pub fn continued_exp<S: Scalar>(x: S) -> S {
    if x.value() > EXPONENT {
        (x + (1.0 - EXPONENT)) * MOST
    } else if x.value() < -EXPONENT {
        S::constant(LEAST)
    } else {
        x.exp()
    }
}

/// vgs less the voltage over the gate's own depletion layer, which begins at `from`; `doping` is q·ε·ngate/cox², V.
#[inline(always)]
pub fn depleted_gate<P: Scalar, S: Over<P>>(vgs: S, from: P, doping: f64) -> S {
    if vgs.value() <= from.value() {
        return vgs;
    }
    let root = ((vgs - from) * (2.0 / doping) + 1.0).sqrt();
    let bending = (root - 1.0) * doping;
    let rest = bending * bending * (-0.5 / doping) + (1.12 - 0.05);
    let over = (rest + (rest * rest + 0.224).sqrt()) * -0.5 + 1.12;
    vgs - over
}

//! The number type that device equations are written over.

use std::ops::{Add, AddAssign, Div, Mul, Neg, Sub, SubAssign};

/// A real number, possibly with derivatives attached.
///
/// Device equations are generic over it: with `f64` they give values, with [`Dual`](super::dual::Dual) also the
/// Jacobian. Branches are taken on [`value`](Scalar::value).
pub trait Scalar:
    Copy
    + From<f64>
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
    + Add<f64, Output = Self>
    + Sub<f64, Output = Self>
    + Mul<f64, Output = Self>
    + Div<f64, Output = Self>
    + AddAssign
    + SubAssign
{
    /// The number type of equations in `M` quantities that stand for more unknowns: as plain or as derivable as this one.
    type Inner<const M: usize>: Scalar;

    /// The value without derivatives.
    fn value(self) -> f64;

    /// `of` as the independent quantities of inner equations.
    fn inner<const M: usize>(of: &[Self; M]) -> [Self::Inner<M>; M];

    /// A result of inner equations in terms of the unknowns that `of` depends on (chain rule).
    fn outer<const M: usize>(of: &[Self; M], result: Self::Inner<M>) -> Self;

    /// `value` with derivative `slope` with respect to `self`: the chain rule, for functions not listed here.
    fn chain(self, value: f64, slope: f64) -> Self;

    /// A constant.
    fn constant(value: f64) -> Self {
        Self::from(value)
    }

    /// Zero.
    fn zero() -> Self {
        Self::from(0.0)
    }

    fn exp(self) -> Self {
        let e = self.value().exp();
        self.chain(e, e)
    }

    fn exp_m1(self) -> Self {
        let e = self.value().exp_m1();
        self.chain(e, e + 1.0)
    }

    fn ln(self) -> Self {
        let v = self.value();
        self.chain(v.ln(), 1.0 / v)
    }

    fn ln_1p(self) -> Self {
        let v = self.value();
        self.chain(v.ln_1p(), 1.0 / (1.0 + v))
    }

    fn sqrt(self) -> Self {
        let root = self.value().sqrt();
        // A finite slope at 0 keeps derivatives with respect to other unknowns at 0.
        self.chain(root, 0.5 / root.max(1e-150))
    }

    fn sin(self) -> Self {
        let (sine, cosine) = self.value().sin_cos();
        self.chain(sine, cosine)
    }

    fn cos(self) -> Self {
        let (sine, cosine) = self.value().sin_cos();
        self.chain(cosine, -sine)
    }

    fn sinh(self) -> Self {
        let v = self.value();
        self.chain(v.sinh(), v.cosh())
    }

    fn cosh(self) -> Self {
        let v = self.value();
        self.chain(v.cosh(), v.sinh())
    }

    fn tanh(self) -> Self {
        let t = self.value().tanh();
        self.chain(t, 1.0 - t * t)
    }

    fn atan(self) -> Self {
        let v = self.value();
        self.chain(v.atan(), 1.0 / (1.0 + v * v))
    }

    fn abs(self) -> Self {
        if self.value() < 0.0 { -self } else { self }
    }

    /// `self` to a constant power.
    fn powf(self, exponent: f64) -> Self {
        if exponent == 0.5 {
            return self.sqrt();
        }
        let v = self.value();
        let power = v.powf(exponent);
        // Of v^e and v^(e−1) only one is worth the time; at 0 they do not follow from each other.
        let slope = if v == 0.0 { exponent * v.powf(exponent - 1.0) } else { exponent * power / v };
        self.chain(power, slope)
    }

    /// `self` to a whole power.
    fn powi(self, exponent: i32) -> Self {
        let v = self.value();
        self.chain(v.powi(exponent), f64::from(exponent) * v.powi(exponent - 1))
    }

    /// `exp`, continued by its tangent above `limit` so that it cannot overflow.
    fn exp_limited(self, limit: f64) -> Self {
        if self.value() <= limit {
            self.exp()
        } else {
            let e = limit.exp();
            (self - limit) * e + e
        }
    }

    /// e^(self/scale), continued by its tangent above e^300.
    fn chain_exp(self, scale: f64) -> Self {
        (self * (1.0 / scale)).exp_limited(300.0)
    }

    /// 1/self
    fn recip(self) -> Self {
        let inverse = 1.0 / self.value();
        self.chain(inverse, -inverse * inverse)
    }

    /// ln(1 + e^self) without overflow: a smooth `max(self, 0)`.
    fn softplus(self) -> Self {
        let v = self.value();
        let value = if v > 0.0 { v + (-v).exp().ln_1p() } else { v.exp().ln_1p() };
        self.chain(value, logistic(v))
    }

    /// 1/(1 + e^−self): a smooth step.
    fn logistic(self) -> Self {
        let step = logistic(self.value());
        self.chain(step, step * (1.0 - step))
    }

    fn max(self, other: Self) -> Self {
        if self.value() >= other.value() { self } else { other }
    }

    fn min(self, other: Self) -> Self {
        if self.value() <= other.value() { self } else { other }
    }
}

fn logistic(v: f64) -> f64 {
    if v >= 0.0 {
        1.0 / (1.0 + (-v).exp())
    } else {
        let e = v.exp();
        e / (1.0 + e)
    }
}

impl Scalar for f64 {
    type Inner<const M: usize> = f64;

    #[inline(always)]
    fn inner<const M: usize>(of: &[f64; M]) -> [f64; M] {
        *of
    }

    #[inline(always)]
    fn outer<const M: usize>(_of: &[f64; M], result: f64) -> f64 {
        result
    }

    fn value(self) -> f64 {
        self
    }

    fn chain(self, value: f64, _slope: f64) -> f64 {
        value
    }
}

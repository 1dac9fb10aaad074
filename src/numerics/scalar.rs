//! The number type that device equations are written over.

use std::ops::{Add, AddAssign, Div, Mul, Neg, Sub, SubAssign};

/// A real number, possibly with derivatives attached.
///
/// Device equations are generic over it: with `f64` they give values, with [`Dual`](super::dual::Dual) also the
/// Jacobian, and with [`PowerSeries`](super::power_series::PowerSeries) how they bend. Branches are taken on [`value`](Scalar::value).
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
    /// Up to which order derivatives are carried along.
    const ORDER: usize;

    /// The number type of equations in `M` quantities that stand for more unknowns: as plain or as derivable as this one.
    type Inner<const M: usize>: Scalar;

    /// The value without derivatives.
    fn value(self) -> f64;

    /// `of` as the independent quantities of inner equations.
    fn inner<const M: usize>(of: &[Self; M]) -> [Self::Inner<M>; M];

    /// A result of inner equations in terms of the unknowns that `of` depends on (chain rule).
    fn outer<const M: usize>(of: &[Self; M], result: Self::Inner<M>) -> Self;

    /// A function of one quantity that is not listed here, by its value and first derivative at this one's value; `further` has the
    /// second and third derivatives, for numbers that need them.
    fn function(self, value: f64, slope: f64, further: impl FnOnce() -> [f64; 2]) -> Self;

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
        self.function(e, e, || [e, e])
    }

    fn exp_m1(self) -> Self {
        let e = self.value().exp_m1();
        self.function(e, e + 1.0, || [e + 1.0, e + 1.0])
    }

    fn ln(self) -> Self {
        let v = self.value();
        self.function(v.ln(), 1.0 / v, || [-1.0 / (v * v), 2.0 / (v * v * v)])
    }

    fn ln_1p(self) -> Self {
        let v = self.value();
        let inverse = 1.0 / (1.0 + v);
        self.function(v.ln_1p(), inverse, || [-inverse * inverse, 2.0 * inverse * inverse * inverse])
    }

    fn sqrt(self) -> Self {
        let root = self.value().sqrt();
        // A finite slope at 0 keeps derivatives with respect to other unknowns at 0.
        let slope = 0.5 / root.max(1e-150);
        self.function(root, slope, || [-2.0 * slope * slope * slope, 12.0 * slope.powi(5)])
    }

    fn sin(self) -> Self {
        let (sine, cosine) = self.value().sin_cos();
        self.function(sine, cosine, || [-sine, -cosine])
    }

    fn cos(self) -> Self {
        let (sine, cosine) = self.value().sin_cos();
        self.function(cosine, -sine, || [-cosine, sine])
    }

    fn sinh(self) -> Self {
        let v = self.value();
        self.function(v.sinh(), v.cosh(), || [v.sinh(), v.cosh()])
    }

    fn cosh(self) -> Self {
        let v = self.value();
        self.function(v.cosh(), v.sinh(), || [v.cosh(), v.sinh()])
    }

    fn tanh(self) -> Self {
        let t = self.value().tanh();
        let slope = 1.0 - t * t;
        self.function(t, slope, || [-2.0 * t * slope, (6.0 * t * t - 2.0) * slope])
    }

    fn atan(self) -> Self {
        let v = self.value();
        let slope = 1.0 / (1.0 + v * v);
        self.function(v.atan(), slope, || [-2.0 * v * slope * slope, (6.0 * v * v - 2.0) * slope * slope * slope])
    }

    fn tan(self) -> Self {
        let t = self.value().tan();
        let slope = 1.0 + t * t;
        self.function(t, slope, || [2.0 * t * slope, (2.0 + 6.0 * t * t) * slope])
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
        let (e, f) = (exponent - 1.0, exponent - 2.0);
        self.function(power, slope, || [exponent * e * v.powf(e - 1.0), exponent * e * f * v.powf(f - 1.0)])
    }

    /// `self` to a whole power.
    fn powi(self, exponent: i32) -> Self {
        let v = self.value();
        let derivative = |order: i32| {
            let factor: f64 = (0..order).map(|k| f64::from(exponent - k)).product();
            if factor == 0.0 { 0.0 } else { factor * v.powi(exponent - order) }
        };
        self.function(v.powi(exponent), f64::from(exponent) * v.powi(exponent - 1), || [derivative(2), derivative(3)])
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
        let square = inverse * inverse;
        self.function(inverse, -square, || [2.0 * square * inverse, -6.0 * square * square])
    }

    /// ln(1 + e^self) without overflow: a smooth `max(self, 0)`.
    fn softplus(self) -> Self {
        let v = self.value();
        let value = if v > 0.0 { v + (-v).exp().ln_1p() } else { v.exp().ln_1p() };
        let step = logistic(v);
        let second = step * (1.0 - step);
        self.function(value, step, || [second, second * (1.0 - 2.0 * step)])
    }

    /// 1/(1 + e^−self): a smooth step.
    fn logistic(self) -> Self {
        let step = logistic(self.value());
        let slope = step * (1.0 - step);
        self.function(step, slope, || [slope * (1.0 - 2.0 * step), slope * (1.0 - 6.0 * slope)])
    }

    /// The quantity that makes `residual` zero, of its value alone and the residual's slope there (implicit function): each step of
    /// Newton's method with that slope gives one more order of derivatives.
    fn implicit(root: f64, slope: f64, residual: impl Fn(Self) -> Self) -> Self {
        let mut found = Self::constant(root);
        for _ in 0..Self::ORDER {
            found -= residual(found) * (1.0 / slope);
        }
        found
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

/// A scalar that can be combined with what is at a temperature: with plain numbers, or with others of its kind.
pub trait Over<P>:
    Scalar + Add<P, Output = Self> + Sub<P, Output = Self> + Mul<P, Output = Self> + Div<P, Output = Self>
{
}

impl<P, S> Over<P> for S where
    S: Scalar + Add<P, Output = S> + Sub<P, Output = S> + Mul<P, Output = S> + Div<P, Output = S>
{
}

impl Scalar for f64 {
    const ORDER: usize = 0;

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

    #[inline(always)]
    fn function(self, value: f64, _slope: f64, _further: impl FnOnce() -> [f64; 2]) -> f64 {
        value
    }
}

//! A number with its derivative by one quantity, over another number type: dual numbers whose parts have derivatives themselves.
//!
//! Where a model needs the derivative of its own charge (a transit time), that is an expression with derivatives by the unknowns too.

use std::ops::{Add, AddAssign, Div, Mul, Neg, Sub, SubAssign};

use super::scalar::Scalar;

/// A value and its derivative by one quantity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tangent<S> {
    pub value: S,
    pub slope: S,
}

impl<S: Scalar> Tangent<S> {
    /// The quantity itself.
    #[inline(always)]
    pub fn variable(value: S) -> Self {
        Tangent { value, slope: S::constant(1.0) }
    }

    /// What does not depend on it.
    #[inline(always)]
    pub fn fixed(value: S) -> Self {
        Tangent { value, slope: S::zero() }
    }
}

impl<S: Scalar> From<f64> for Tangent<S> {
    #[inline(always)]
    fn from(value: f64) -> Self {
        Tangent::fixed(S::constant(value))
    }
}

impl<S: Scalar> Scalar for Tangent<S> {
    const ORDER: usize = S::ORDER + 1;

    type Inner<const M: usize> = Self;

    #[inline(always)]
    fn inner<const M: usize>(of: &[Self; M]) -> [Self; M] {
        *of
    }

    #[inline(always)]
    fn outer<const M: usize>(_of: &[Self; M], result: Self) -> Self {
        result
    }

    #[inline(always)]
    fn value(self) -> f64 {
        self.value.value()
    }

    #[inline(always)]
    fn function(self, value: f64, slope: f64, further: impl FnOnce() -> [f64; 2]) -> Self {
        if S::ORDER == 0 {
            return Tangent { value: S::constant(value), slope: self.slope * slope };
        }
        // The slope's own third derivative is left out: a tangent of a power series has its slope to the second order.
        let [second, third] = further();
        let of_value = self.value.function(value, slope, || [second, third]);
        let of_slope = self.value.function(slope, second, || [third, 0.0]);
        Tangent { value: of_value, slope: of_slope * self.slope }
    }
}

impl<S: Scalar> Add for Tangent<S> {
    type Output = Self;
    #[inline(always)]
    fn add(self, other: Self) -> Self {
        Tangent { value: self.value + other.value, slope: self.slope + other.slope }
    }
}

impl<S: Scalar> Sub for Tangent<S> {
    type Output = Self;
    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        Tangent { value: self.value - other.value, slope: self.slope - other.slope }
    }
}

impl<S: Scalar> Mul for Tangent<S> {
    type Output = Self;
    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        Tangent { value: self.value * other.value, slope: self.slope * other.value + other.slope * self.value }
    }
}

impl<S: Scalar> Div for Tangent<S> {
    type Output = Self;
    #[inline(always)]
    fn div(self, other: Self) -> Self {
        let value = self.value / other.value;
        Tangent { value, slope: (self.slope - value * other.slope) / other.value }
    }
}

impl<S: Scalar> Neg for Tangent<S> {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Tangent { value: -self.value, slope: -self.slope }
    }
}

impl<S: Scalar> Add<f64> for Tangent<S> {
    type Output = Self;
    #[inline(always)]
    fn add(self, other: f64) -> Self {
        Tangent { value: self.value + other, slope: self.slope }
    }
}

impl<S: Scalar> Sub<f64> for Tangent<S> {
    type Output = Self;
    #[inline(always)]
    fn sub(self, other: f64) -> Self {
        Tangent { value: self.value - other, slope: self.slope }
    }
}

impl<S: Scalar> Mul<f64> for Tangent<S> {
    type Output = Self;
    #[inline(always)]
    fn mul(self, other: f64) -> Self {
        Tangent { value: self.value * other, slope: self.slope * other }
    }
}

impl<S: Scalar> Div<f64> for Tangent<S> {
    type Output = Self;
    #[inline(always)]
    fn div(self, other: f64) -> Self {
        Tangent { value: self.value / other, slope: self.slope / other }
    }
}

impl<S: Scalar> AddAssign for Tangent<S> {
    #[inline(always)]
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl<S: Scalar> SubAssign for Tangent<S> {
    #[inline(always)]
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numerics::dual::Dual;

    #[test]
    fn slopes_have_derivatives() {
        // d/dx (x²·e^x/(1 + x)) at 0.7, and the derivative of that by x.
        let of = |x: Tangent<Dual<1>>| x.powf(2.0) * x.exp() / (x + 1.0);
        let found = of(Tangent::variable(Dual::variable(0.7, 0)));
        let value = |x: f64| x * x * x.exp() / (1.0 + x);
        let slope = |x: f64| value(x) * (2.0 / x + 1.0 - 1.0 / (1.0 + x));
        let second = (slope(0.7 + 1e-6) - slope(0.7 - 1e-6)) / 2e-6;
        assert!((found.slope.value - slope(0.7)).abs() < 1e-13, "{found:?}");
        assert!((found.value.gradient[0] - slope(0.7)).abs() < 1e-13, "{found:?}");
        assert!((found.slope.gradient[0] - second).abs() < 1e-8, "{found:?} {second}");
    }
}

//! Dual numbers: a value with its gradient over `N` unknowns (forward automatic differentiation).

use std::ops::{Add, AddAssign, Div, Mul, Neg, Sub, SubAssign};

use super::scalar::Scalar;

/// A value and its partial derivatives with respect to `N` unknowns.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dual<const N: usize> {
    pub value: f64,
    pub gradient: [f64; N],
}

impl<const N: usize> Dual<N> {
    /// Unknown number `index` at `value`.
    #[inline]
    pub fn variable(value: f64, index: usize) -> Self {
        let mut gradient = [0.0; N];
        gradient[index] = 1.0;
        Dual { value, gradient }
    }

    /// All unknowns at `values`.
    #[inline]
    pub fn variables(values: &[f64; N]) -> [Self; N] {
        std::array::from_fn(|index| Dual::variable(values[index], index))
    }

    /// `value` with derivative `slope` with respect to `self`: the chain rule.
    #[inline(always)]
    fn chain(self, value: f64, slope: f64) -> Self {
        Dual { value, gradient: self.gradient.map(|g| g * slope) }
    }

    #[inline(always)]
    fn combine(self, other: Self, value: f64, a: f64, b: f64) -> Self {
        let gradient = std::array::from_fn(|k| a * self.gradient[k] + b * other.gradient[k]);
        Dual { value, gradient }
    }
}

impl<const N: usize> From<f64> for Dual<N> {
    #[inline(always)]
    fn from(value: f64) -> Self {
        Dual { value, gradient: [0.0; N] }
    }
}

impl<const N: usize> Scalar for Dual<N> {
    const ORDER: usize = 1;

    type Inner<const M: usize> = Dual<M>;

    #[inline(always)]
    fn inner<const M: usize>(of: &[Self; M]) -> [Dual<M>; M] {
        Dual::variables(&of.map(|quantity| quantity.value))
    }

    #[inline(always)]
    fn outer<const M: usize>(of: &[Self; M], result: Dual<M>) -> Self {
        let mut gradient = [0.0; N];
        for (quantity, slope) in of.iter().zip(result.gradient) {
            for (sum, own) in gradient.iter_mut().zip(quantity.gradient) {
                *sum += slope * own;
            }
        }
        Dual { value: result.value, gradient }
    }

    #[inline(always)]
    fn value(self) -> f64 {
        self.value
    }

    #[inline(always)]
    fn function(self, value: f64, slope: f64, _further: impl FnOnce() -> [f64; 2]) -> Self {
        self.chain(value, slope)
    }
}

impl<const N: usize> Add for Dual<N> {
    type Output = Self;
    #[inline(always)]
    fn add(self, other: Self) -> Self {
        let gradient = std::array::from_fn(|k| self.gradient[k] + other.gradient[k]);
        Dual { value: self.value + other.value, gradient }
    }
}

impl<const N: usize> Sub for Dual<N> {
    type Output = Self;
    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        let gradient = std::array::from_fn(|k| self.gradient[k] - other.gradient[k]);
        Dual { value: self.value - other.value, gradient }
    }
}

impl<const N: usize> Mul for Dual<N> {
    type Output = Self;
    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        self.combine(other, self.value * other.value, other.value, self.value)
    }
}

impl<const N: usize> Div for Dual<N> {
    type Output = Self;
    #[inline(always)]
    fn div(self, other: Self) -> Self {
        let inverse = 1.0 / other.value;
        let value = self.value * inverse;
        self.combine(other, value, inverse, -value * inverse)
    }
}

impl<const N: usize> Neg for Dual<N> {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Dual { value: -self.value, gradient: self.gradient.map(|g| -g) }
    }
}

impl<const N: usize> Add<f64> for Dual<N> {
    type Output = Self;
    #[inline(always)]
    fn add(self, other: f64) -> Self {
        Dual { value: self.value + other, gradient: self.gradient }
    }
}

impl<const N: usize> Sub<f64> for Dual<N> {
    type Output = Self;
    #[inline(always)]
    fn sub(self, other: f64) -> Self {
        Dual { value: self.value - other, gradient: self.gradient }
    }
}

impl<const N: usize> Mul<f64> for Dual<N> {
    type Output = Self;
    #[inline(always)]
    fn mul(self, other: f64) -> Self {
        self.chain(self.value * other, other)
    }
}

impl<const N: usize> Div<f64> for Dual<N> {
    type Output = Self;
    #[inline(always)]
    fn div(self, other: f64) -> Self {
        let inverse = 1.0 / other;
        self.chain(self.value * inverse, inverse)
    }
}

impl<const N: usize> AddAssign for Dual<N> {
    #[inline(always)]
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl<const N: usize> SubAssign for Dual<N> {
    #[inline(always)]
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

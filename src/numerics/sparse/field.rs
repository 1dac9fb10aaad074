//! The numbers a matrix may hold: real for DC and transient, complex for AC and noise.

use std::fmt::Debug;
use std::ops::{Add, AddAssign, Div, Mul, Neg, Sub, SubAssign};

/// A scalar that can be eliminated: `f64` or [`faer::c64`].
pub trait Field:
    Copy
    + Debug
    + PartialEq
    + Send
    + Sync
    + 'static
    + Add<Output = Self>
    + AddAssign
    + Sub<Output = Self>
    + SubAssign
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
{
    /// Additive identity.
    const ZERO: Self;
    /// Multiplicative identity.
    const ONE: Self;

    /// A norm of the number, cheap rather than Euclidean: |x|, or |re| + |im|.
    /// NaN if any part is NaN, infinite if any part is infinite (and none is NaN).
    fn magnitude(self) -> f64;

    /// 1 / self, without avoidable overflow.
    fn reciprocal(self) -> Self;

    /// The same numbers as reals, if the field is `f64`; the Cholesky path needs it.
    fn as_real(values: &[Self]) -> Option<&[f64]>;

    /// Mutable counterpart of [`Field::as_real`].
    fn as_real_mut(values: &mut [Self]) -> Option<&mut [f64]>;
}

impl Field for f64 {
    const ZERO: Self = 0.0;
    const ONE: Self = 1.0;

    #[inline(always)]
    fn magnitude(self) -> f64 {
        self.abs()
    }

    #[inline(always)]
    fn reciprocal(self) -> Self {
        1.0 / self
    }

    #[inline(always)]
    fn as_real(values: &[Self]) -> Option<&[f64]> {
        Some(values)
    }

    #[inline(always)]
    fn as_real_mut(values: &mut [Self]) -> Option<&mut [f64]> {
        Some(values)
    }
}

impl Field for faer::c64 {
    const ZERO: Self = faer::c64 { re: 0.0, im: 0.0 };
    const ONE: Self = faer::c64 { re: 1.0, im: 0.0 };

    #[inline(always)]
    fn magnitude(self) -> f64 {
        self.re.abs() + self.im.abs()
    }

    /// Smith's method (R. L. Smith, Algorithm 116, CACM 5, 1962): no squares, hence no early overflow.
    #[inline(always)]
    fn reciprocal(self) -> Self {
        if self.re.abs() >= self.im.abs() {
            let ratio = self.im / self.re;
            let denominator = self.re + self.im * ratio;
            faer::c64 { re: 1.0 / denominator, im: -ratio / denominator }
        } else {
            let ratio = self.re / self.im;
            let denominator = self.re * ratio + self.im;
            faer::c64 { re: ratio / denominator, im: -1.0 / denominator }
        }
    }

    #[inline(always)]
    fn as_real(_: &[Self]) -> Option<&[f64]> {
        None
    }

    #[inline(always)]
    fn as_real_mut(_: &mut [Self]) -> Option<&mut [f64]> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn complex_reciprocal_survives_extreme_numbers() {
        for (re, im) in [(3.0, -4.0), (1e200, 1e190), (1e-200, -1e-199), (0.0, 2.0), (-5.0, 0.0)] {
            let number = faer::c64 { re, im };
            let product = number * number.reciprocal();
            assert!((product - faer::c64::ONE).magnitude() < 1e-14, "{number:?} {product:?}");
        }
    }
}

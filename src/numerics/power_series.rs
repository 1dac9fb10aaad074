//! Power series in two small phasors, to the third order: how equations bend around an operating point (Volterra series).
//!
//! ```text
//! x = x₀ + x₁·z + x₂·z² + x₃·z³ + y·w + p·z·w + r·z²·w        (x₀ real, the others complex; all other products are left out)
//! ```
//! With z = e^(jω₁t) and w = e^(±jω₂t) the coefficient of zᵏ·wˡ in f(x) is what f has at the frequency k·ω₁ ± l·ω₂, to the lowest
//! order of the amplitudes. Source: S. Narayanan, Bell Syst. Tech. J. 46, 991 (1967).

use std::ops::{Add, AddAssign, Div, Mul, Neg, Sub, SubAssign};

use faer::c64;

use super::scalar::Scalar;

/// A product of the two phasors: which coefficient is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Product {
    Z,
    Z2,
    Z3,
    W,
    ZW,
    Z2W,
}

/// A number with its coefficients by [`Product`].
///
/// Its operations are not inlined: equations of devices would be compiled into a third copy as large as that of dual numbers, for an
/// analysis that is done once per frequency.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PowerSeries {
    pub value: f64,
    coefficients: [c64; 6],
}

impl PowerSeries {
    /// The coefficient of `product`.
    pub fn coefficient(&self, product: Product) -> c64 {
        self.coefficients[product as usize]
    }

    pub fn set(&mut self, product: Product, coefficient: c64) {
        self.coefficients[product as usize] = coefficient;
    }

    fn map(self, value: f64, of: impl Fn(c64) -> c64) -> Self {
        PowerSeries { value, coefficients: self.coefficients.map(of) }
    }

    fn with(self, other: Self, value: f64, of: impl Fn(c64, c64) -> c64) -> Self {
        let coefficients = std::array::from_fn(|k| of(self.coefficients[k], other.coefficients[k]));
        PowerSeries { value, coefficients }
    }

    /// g(x₀ + δ) = g + g′·δ + g″·δ²/2 + g‴·δ³/6, of those derivatives.
    #[inline(never)]
    fn composed(self, value: f64, slope: f64, [second, third]: [f64; 2]) -> Self {
        let square = PowerSeries { value: 0.0, coefficients: self.bent(&self) };
        let cube = square.bent(&self);
        let term =
            |k: usize| self.coefficients[k] * slope + square.coefficients[k] * (0.5 * second) + cube[k] * (third / 6.0);
        PowerSeries { value, coefficients: std::array::from_fn(term) }
    }

    #[inline(never)]
    fn times(&self, other: &Self) -> Self {
        let bent = self.bent(other);
        let term = |k: usize| self.coefficients[k] * other.value + other.coefficients[k] * self.value + bent[k];
        PowerSeries { value: self.value * other.value, coefficients: std::array::from_fn(term) }
    }

    /// The product of what both have beside their values.
    fn bent(&self, other: &Self) -> [c64; 6] {
        let ([a1, a2, _, b1, b11, _], [c1, c2, _, d1, d11, _]) = (self.coefficients, other.coefficients);
        let nothing = c64::new(0.0, 0.0);
        [nothing, a1 * c1, a1 * c2 + a2 * c1, nothing, a1 * d1 + b1 * c1, a1 * d11 + b11 * c1 + a2 * d1 + b1 * c2]
    }
}

impl From<f64> for PowerSeries {
    fn from(value: f64) -> Self {
        PowerSeries { value, coefficients: [c64::new(0.0, 0.0); 6] }
    }
}

impl Scalar for PowerSeries {
    const ORDER: usize = 3;

    type Inner<const M: usize> = PowerSeries;

    fn inner<const M: usize>(of: &[Self; M]) -> [Self; M] {
        *of
    }

    fn outer<const M: usize>(_of: &[Self; M], result: Self) -> Self {
        result
    }

    fn value(self) -> f64 {
        self.value
    }

    fn function(self, value: f64, slope: f64, further: impl FnOnce() -> [f64; 2]) -> Self {
        self.composed(value, slope, further())
    }
}

impl Add for PowerSeries {
    type Output = Self;
    #[inline(never)]
    fn add(self, other: Self) -> Self {
        self.with(other, self.value + other.value, |a, b| a + b)
    }
}

impl Sub for PowerSeries {
    type Output = Self;
    #[inline(never)]
    fn sub(self, other: Self) -> Self {
        self.with(other, self.value - other.value, |a, b| a - b)
    }
}

impl Mul for PowerSeries {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        self.times(&other)
    }
}

impl Div for PowerSeries {
    type Output = Self;
    fn div(self, other: Self) -> Self {
        self.times(&other.recip())
    }
}

impl Neg for PowerSeries {
    type Output = Self;
    #[inline(never)]
    fn neg(self) -> Self {
        self.map(-self.value, |a| -a)
    }
}

impl Add<f64> for PowerSeries {
    type Output = Self;
    #[inline(never)]
    fn add(self, other: f64) -> Self {
        PowerSeries { value: self.value + other, ..self }
    }
}

impl Sub<f64> for PowerSeries {
    type Output = Self;
    #[inline(never)]
    fn sub(self, other: f64) -> Self {
        PowerSeries { value: self.value - other, ..self }
    }
}

impl Mul<f64> for PowerSeries {
    type Output = Self;
    #[inline(never)]
    fn mul(self, other: f64) -> Self {
        self.map(self.value * other, |a| a * other)
    }
}

impl Div<f64> for PowerSeries {
    type Output = Self;
    #[inline(never)]
    fn div(self, other: f64) -> Self {
        self.mul(1.0 / other)
    }
}

impl AddAssign for PowerSeries {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl SubAssign for PowerSeries {
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numerics::dual::Dual;

    const PRODUCTS: [Product; 6] = [Product::Z, Product::Z2, Product::Z3, Product::W, Product::ZW, Product::Z2W];

    fn series(value: f64) -> PowerSeries {
        let mut series = PowerSeries::from(value);
        for (k, product) in PRODUCTS.into_iter().enumerate() {
            series.set(product, c64::new(0.3 + 0.1 * k as f64, 0.2 - 0.17 * k as f64));
        }
        series
    }

    fn assert_alike(a: PowerSeries, b: PowerSeries, what: &str) {
        assert!((a.value - b.value).abs() < 1e-12 * (1.0 + b.value.abs()), "{what}: {a:?} {b:?}");
        for product in PRODUCTS {
            let (a, b) = (a.coefficient(product), b.coefficient(product));
            assert!((a - b).norm() < 1e-11 * (1.0 + b.norm()), "{what}: {product:?} {a} {b}");
        }
    }

    #[test]
    fn what_undoes_each_other_leaves_the_series() {
        let x = series(0.7);
        assert_alike(x.exp().ln(), x, "ln exp");
        assert_alike(x.exp_m1().ln_1p(), x, "ln_1p exp_m1");
        assert_alike((x * x).sqrt(), x, "root of the square");
        assert_alike(x.tan().atan(), x, "atan tan");
        assert_alike(x.powf(2.5).powf(0.4), x, "powers");
        assert_alike(x.recip().recip(), x, "reciprocals");
        assert_alike((x * x) / x, x, "a quotient");
        assert_alike(x.powi(3) * x.powi(-2), x, "whole powers");
    }

    #[test]
    fn identities_hold_in_every_coefficient() {
        let x = series(0.7);
        let one = PowerSeries::from(1.0);
        assert_alike(x.sin() * x.sin() + x.cos() * x.cos(), one, "sin² + cos²");
        assert_alike(x.cosh() * x.cosh() - x.sinh() * x.sinh(), one, "cosh² − sinh²");
        assert_alike(x.sinh() / x.cosh(), x.tanh(), "tanh");
        assert_alike(x.sin() / x.cos(), x.tan(), "tan");
        assert_alike(x.exp(), x.sinh() + x.cosh(), "exp");
        assert_alike((x.exp() + 1.0).ln(), x.softplus(), "softplus");
        assert_alike(((-x).exp() + 1.0).recip(), x.logistic(), "logistic");
        assert_alike(x * x * x, x.powi(3), "cube");
    }

    #[test]
    fn first_coefficients_are_the_gradient_of_dual_numbers() {
        fn equations<S: Scalar>(x: S) -> S {
            (x * 3.0).exp_limited(80.0) / (x.sqrt() + 1.0) - x.powf(1.7).tanh() + x.ln_1p().atan()
        }
        let dual = equations(Dual::<1>::variable(0.4, 0));
        let mut x = PowerSeries::from(0.4);
        x.set(Product::Z, c64::new(0.0, 2.0));
        let bent = equations(x);
        assert!((bent.coefficient(Product::Z) - c64::new(0.0, 2.0 * dual.gradient[0])).norm() < 1e-13);
    }

    /// The cosine's amplitudes follow from its product formulas.
    #[test]
    fn the_square_and_cube_of_tones_have_their_known_parts() {
        // x = a·cos ω₁t + b·cos ω₂t; half of each amplitude belongs to the positive frequency, w to the negative one of ω₂.
        let (a, b) = (0.3, 0.2);
        let mut x = PowerSeries::from(0.0);
        x.set(Product::Z, c64::new(0.5 * a, 0.0));
        x.set(Product::W, c64::new(0.5 * b, 0.0));
        let amplitude = |series: PowerSeries, product| 2.0 * series.coefficient(product).re;
        assert!((amplitude(x * x, Product::Z2) - a * a / 2.0).abs() < 1e-15);
        assert!((amplitude(x * x, Product::ZW) - a * b).abs() < 1e-15);
        assert!((amplitude(x * x * x, Product::Z3) - a * a * a / 4.0).abs() < 1e-15);
        assert!((amplitude(x * x * x, Product::Z2W) - 0.75 * a * a * b).abs() < 1e-15);
    }
}

//! Operators and functions with derivatives, finite wherever Newton's method may look.
//!
//! Values are those of [`function_value`] and of the operators, except where these are not finite: there a value next to the
//! edge of the domain takes their place (ln 0, 1/0, √−1, …), as SPICE does, so that a stray iterate cannot end an analysis.

use std::f64::consts::{LN_10, PI};

use crate::circuit::bound::{BinaryOperator, Function};
use crate::circuit::function_value::{function_value, sign, step};
use crate::circuit::random_function::of_place;

/// Least magnitude of a divisor, and of an argument of a logarithm.
const TINY: f64 = 1e-100;

/// Largest argument of an exponential; beyond it goes on along its tangent.
const LARGEST_EXPONENT: f64 = 700.0;

/// Distance from a branch point at which the slope of a root is taken instead.
const NEAR: f64 = 1e-12;

pub fn binary(operator: BinaryOperator, a: f64, b: f64) -> f64 {
    match operator {
        BinaryOperator::Divide => a / divisor(b),
        BinaryOperator::Power => power(a, b),
        BinaryOperator::MagnitudePower => power(a.abs(), b),
        _ => operator.value(a, b),
    }
}

fn divisor(b: f64) -> f64 {
    if b.abs() < TINY { TINY.copysign(b) } else { b }
}

/// aᵇ; |a|ᵇ for a negative base and a broken exponent, as in SPICE.
fn power(a: f64, b: f64) -> f64 {
    let base = if a == 0.0 && b < 0.0 { NEAR } else { a };
    let value = base.powf(b);
    if value.is_nan() && !a.is_nan() && !b.is_nan() { a.abs().powf(b) } else { value }
}

/// Derivatives of `value` = a ∘ b.
pub fn binary_slopes(operator: BinaryOperator, a: f64, b: f64, value: f64) -> (f64, f64) {
    match operator {
        BinaryOperator::Add => (1.0, 1.0),
        BinaryOperator::Subtract => (1.0, -1.0),
        BinaryOperator::Multiply => (b, a),
        BinaryOperator::Divide => {
            let inverse = 1.0 / divisor(b);
            (inverse, -value * inverse)
        }
        BinaryOperator::Remainder => (1.0, -(a / divisor(b)).trunc()),
        BinaryOperator::Power => power_slopes(a, b, value),
        BinaryOperator::MagnitudePower => {
            let (by_base, by_exponent) = power_slopes(a.abs(), b, value);
            (by_base * a.signum(), by_exponent)
        }
        _ => (0.0, 0.0),
    }
}

fn power_slopes(a: f64, b: f64, value: f64) -> (f64, f64) {
    let by_base = if b == 0.0 {
        0.0
    } else if a.abs() >= NEAR {
        b * value / a
    } else {
        b * NEAR.powf(b - 1.0)
    };
    (by_base, if a > 0.0 { value * a.ln() } else { 0.0 })
}

/// Value of a function of one argument.
pub fn function(function: Function, x: f64) -> f64 {
    match function {
        Function::Exp if x > LARGEST_EXPONENT => LARGEST_EXPONENT.exp() * (1.0 + (x - LARGEST_EXPONENT)),
        Function::Ln | Function::Log10 => function_value(function, &[x.max(TINY)]),
        Function::Sqrt => x.max(0.0).sqrt(),
        Function::Asin | Function::Acos => function_value(function, &[x.clamp(-1.0, 1.0)]),
        Function::Acosh => function_value(function, &[x.max(1.0)]),
        Function::Atanh => function_value(function, &[x.clamp(NEAR - 1.0, 1.0 - NEAR)]),
        Function::Sinh | Function::Cosh => function_value(function, &[x.clamp(-LARGEST_EXPONENT, LARGEST_EXPONENT)]),
        _ => function_value(function, &[x]),
    }
}

/// Derivative of `value` = function(x).
pub fn slope(function: Function, x: f64, value: f64) -> f64 {
    match function {
        Function::Abs => {
            if x < 0.0 {
                -1.0
            } else {
                1.0
            }
        }
        Function::Acos => -1.0 / (1.0 - x * x).max(NEAR).sqrt(),
        Function::Acosh => 1.0 / (x * x - 1.0).max(NEAR).sqrt(),
        Function::Asin => 1.0 / (1.0 - x * x).max(NEAR).sqrt(),
        Function::Asinh => 1.0 / (1.0 + x * x).sqrt(),
        Function::Atan => 1.0 / (1.0 + x * x),
        Function::Atanh => 1.0 / (1.0 - x * x).max(NEAR),
        Function::Cos => -x.sin(),
        Function::Cosh => x.clamp(-LARGEST_EXPONENT, LARGEST_EXPONENT).sinh(),
        Function::Erf => 2.0 / PI.sqrt() * (-x * x).exp(),
        Function::Erfc => -2.0 / PI.sqrt() * (-x * x).exp(),
        Function::Exp if x > LARGEST_EXPONENT => LARGEST_EXPONENT.exp(),
        Function::Exp => value,
        Function::Ln if x > 0.0 => 1.0 / x.max(NEAR),
        Function::Log10 if x > 0.0 => 1.0 / (x.max(NEAR) * LN_10),
        Function::Sin => x.cos(),
        Function::Sinh => x.clamp(-LARGEST_EXPONENT, LARGEST_EXPONENT).cosh(),
        Function::Sqr => 2.0 * x,
        Function::Sqrt if x >= 0.0 => 0.5 / value.max(NEAR.sqrt()),
        Function::Tan => 1.0 + value * value,
        Function::Tanh => 1.0 - value * value,
        Function::U2 if (0.0..=1.0).contains(&x) => 1.0,
        Function::Uramp => step(x),
        // Steps are flat, and so are functions outside of their domain.
        _ => 0.0,
    }
}

/// Value of a function of two arguments.
pub fn function2(function: Function, x: f64, y: f64) -> f64 {
    match function {
        Function::Pow => power(x, y),
        Function::Pwr if x == 0.0 && y < 0.0 => NEAR.powf(y),
        Function::Pwrs if x == 0.0 => 0.0,
        _ => function_value(function, &[x, y]),
    }
}

/// Derivatives of `value` = function(x, y).
pub fn slopes(function: Function, x: f64, y: f64, value: f64) -> (f64, f64) {
    let square = (x * x + y * y).max(NEAR * NEAR);
    let logarithm = x.abs().max(TINY).ln();
    match function {
        Function::Atan2 => (y / square, -x / square),
        Function::Hypot => (x / square.sqrt(), y / square.sqrt()),
        Function::Max => {
            if x >= y {
                (1.0, 0.0)
            } else {
                (0.0, 1.0)
            }
        }
        Function::Min => {
            if x <= y {
                (1.0, 0.0)
            } else {
                (0.0, 1.0)
            }
        }
        Function::Pow => power_slopes(x, y, value),
        Function::Pwr => (sign(x) * y * x.abs().max(NEAR).powf(y - 1.0), value * logarithm),
        Function::Pwrs => (y * x.abs().max(NEAR).powf(y - 1.0), value * logarithm),
        Function::Rand | Function::Random | Function::White => (of_place(function, x, y).1, 0.0),
        Function::Sign => (sign(x) * if y < 0.0 { -1.0 } else { 1.0 }, 0.0),
        _ => (0.0, 0.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where the plain functions are finite, the guarded ones have the same values.
    #[test]
    fn values_are_those_of_the_plain_functions() {
        let points = [-3.0, -1.0, -0.4, 0.0, 0.3, 1.0, 2.5];
        for &which in Function::ALL.iter().filter(|function| !matches!(function, Function::Ddt | Function::Idt)) {
            for x in points {
                let plain = function_value(which, &[x]);
                if which.arity().0 == 1 && plain.is_finite() && which != Function::Atanh {
                    assert_eq!(function(which, x), plain, "{which:?} {x}");
                }
                for y in points.into_iter().filter(|_| which.arity() == (2, 2)) {
                    let plain = function_value(which, &[x, y]);
                    if plain.is_finite() {
                        assert_eq!(function2(which, x, y), plain, "{which:?} {x} {y}");
                    }
                }
            }
        }
    }
}

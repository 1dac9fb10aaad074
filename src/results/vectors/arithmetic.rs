//! Operators on vectors, element by element; the shorter operand ends with its last value repeated, as in ngspice.

use faer::c64;

use super::named_vector::length;
use crate::netlist::script::VectorOperator as Operator;
use crate::results::value::Samples;

/// `left operator right`.
///
/// # Errors
/// Says why there is no value: a division by zero, or an operand without values.
pub fn binary(operator: Operator, left: &Samples, right: &Samples) -> Result<Samples, String> {
    let count = length(left).max(length(right));
    if length(left) == 0 || length(right) == 0 {
        return Err("a vector has no values".into());
    }
    match (left, right) {
        (Samples::Real(left), Samples::Real(right)) if operator != Operator::Comma => {
            let at = |index: usize| {
                let of = |values: &[f64]| values[index.min(values.len() - 1)];
                real(operator, of(left), of(right))
            };
            Ok(Samples::Real((0..count).map(at).collect::<Result<_, _>>()?))
        }
        _ => complex(operator, &to_complex(left), &to_complex(right), count),
    }
}

fn complex(operator: Operator, left: &[c64], right: &[c64], count: usize) -> Result<Samples, String> {
    let pairs = (0..count).map(|index| {
        let of = |values: &[c64]| values[index.min(values.len() - 1)];
        (of(left), of(right))
    });
    let truth = |test: fn(c64, c64) -> bool| Samples::Real(pairs.clone().map(|(a, b)| number(test(a, b))).collect());
    let values = |value: fn(c64, c64) -> c64| Samples::Complex(pairs.clone().map(|(a, b)| value(a, b)).collect());
    Ok(match operator {
        Operator::Add => values(|a, b| a + b),
        Operator::Subtract => values(|a, b| a - b),
        Operator::Multiply => values(|a, b| a * b),
        Operator::Divide if right.iter().any(|value| *value == c64::new(0.0, 0.0)) => {
            return Err("division by zero".into());
        }
        Operator::Divide => values(|a, b| a / b),
        Operator::Remainder => return Err("`%` of complex values".into()),
        Operator::Power => values(|a, b| if a == c64::new(0.0, 0.0) { a } else { a.powc(b) }),
        Operator::Comma => values(|a, b| c64::new(a.re - b.im, a.im + b.re)),
        Operator::Equal => truth(|a, b| a == b),
        Operator::NotEqual => truth(|a, b| a != b),
        Operator::Less => truth(|a, b| a.re < b.re && a.im < b.im),
        Operator::LessEqual => truth(|a, b| a.re <= b.re && a.im <= b.im),
        Operator::Greater => truth(|a, b| a.re > b.re && a.im > b.im),
        Operator::GreaterEqual => truth(|a, b| a.re >= b.re && a.im >= b.im),
        Operator::And => truth(|a, b| is_true(a) && is_true(b)),
        Operator::Or => truth(|a, b| is_true(a) || is_true(b)),
    })
}

fn real(operator: Operator, a: f64, b: f64) -> Result<f64, String> {
    Ok(match operator {
        Operator::Add => a + b,
        Operator::Subtract => a - b,
        Operator::Multiply => a * b,
        Operator::Divide if b == 0.0 => return Err("division by zero".into()),
        Operator::Divide => a / b,
        // Of whole numbers, as in ngspice.
        Operator::Remainder => {
            let (a, b) = ((a.abs() + 0.5).floor(), (b.abs() + 0.5).floor());
            if b == 0.0 {
                return Err("division by zero".into());
            }
            a % b
        }
        Operator::Power if a < 0.0 && b != b.round() => return Err("a fractional power of a negative number".into()),
        Operator::Power => a.powf(b),
        Operator::Comma => a,
        Operator::Equal => number(a == b),
        Operator::NotEqual => number(a != b),
        Operator::Less => number(a < b),
        Operator::LessEqual => number(a <= b),
        Operator::Greater => number(a > b),
        Operator::GreaterEqual => number(a >= b),
        Operator::And => number(a != 0.0 && b != 0.0),
        Operator::Or => number(a != 0.0 || b != 0.0),
    })
}

fn number(truth: bool) -> f64 {
    if truth { 1.0 } else { 0.0 }
}

fn is_true(value: c64) -> bool {
    value != c64::new(0.0, 0.0)
}

/// Whether any value is not 0.
pub fn any_true(samples: &Samples) -> bool {
    match samples {
        Samples::Real(values) => values.iter().any(|&value| value != 0.0),
        Samples::Complex(values) => values.iter().any(|&value| is_true(value)),
    }
}

pub fn to_complex(samples: &Samples) -> Vec<c64> {
    match samples {
        Samples::Real(values) => values.iter().map(|&value| c64::new(value, 0.0)).collect(),
        Samples::Complex(values) => values.clone(),
    }
}

/// Real parts.
pub fn to_real(samples: &Samples) -> Vec<f64> {
    match samples {
        Samples::Real(values) => values.clone(),
        Samples::Complex(values) => values.iter().map(|value| value.re).collect(),
    }
}

/// Each value by itself.
pub fn map(samples: &Samples, of_real: impl Fn(f64) -> f64, of_complex: impl Fn(c64) -> c64) -> Samples {
    match samples {
        Samples::Real(values) => Samples::Real(values.iter().map(|&value| of_real(value)).collect()),
        Samples::Complex(values) => Samples::Complex(values.iter().map(|&value| of_complex(value)).collect()),
    }
}

//! Transfer functions of `laplace` sources: quotients of polynomials in `s`.

use super::scope::ScopeId;
use super::{Elaborator, Reported};
use crate::diagnostic::{Diagnostic, Span};
use crate::netlist::expression::{BinaryOperator, Expression, UnaryOperator};

/// Largest degree of a numerator or denominator.
const DEGREE_LIMIT: usize = 30;

/// A quotient of polynomials; coefficients from the constant on.
#[derive(Debug, Clone, PartialEq)]
pub struct Rational {
    pub numerator: Vec<f64>,
    pub denominator: Vec<f64>,
}

fn product(a: &[f64], b: &[f64]) -> Vec<f64> {
    let mut result = vec![0.0; a.len() + b.len() - 1];
    for (i, &x) in a.iter().enumerate() {
        for (j, &y) in b.iter().enumerate() {
            result[i + j] += x * y;
        }
    }
    result
}

fn sum(a: &[f64], b: &[f64], sign: f64) -> Vec<f64> {
    let at = |values: &[f64], index: usize| values.get(index).copied().unwrap_or(0.0);
    (0..a.len().max(b.len())).map(|index| at(a, index) + sign * at(b, index)).collect()
}

impl Rational {
    fn constant(value: f64) -> Self {
        Rational { numerator: vec![value], denominator: vec![1.0] }
    }

    fn s() -> Self {
        Rational { numerator: vec![0.0, 1.0], denominator: vec![1.0] }
    }

    fn times(&self, other: &Rational) -> Self {
        Rational {
            numerator: product(&self.numerator, &other.numerator),
            denominator: product(&self.denominator, &other.denominator),
        }
    }

    fn plus(&self, other: &Rational, sign: f64) -> Self {
        if self.denominator == other.denominator {
            let numerator = sum(&self.numerator, &other.numerator, sign);
            return Rational { numerator, denominator: self.denominator.clone() };
        }
        let left = product(&self.numerator, &other.denominator);
        let right = product(&other.numerator, &self.denominator);
        Rational { numerator: sum(&left, &right, sign), denominator: product(&self.denominator, &other.denominator) }
    }

    fn inverse(&self) -> Self {
        Rational { numerator: self.denominator.clone(), denominator: self.numerator.clone() }
    }

    fn power(&self, exponent: i32) -> Self {
        let base = if exponent < 0 { self.inverse() } else { self.clone() };
        (0..exponent.unsigned_abs()).fold(Rational::constant(1.0), |power, _| power.times(&base))
    }

    /// Without leading zeros of either polynomial.
    fn trimmed(mut self) -> Self {
        for polynomial in [&mut self.numerator, &mut self.denominator] {
            while polynomial.len() > 1 && polynomial.last() == Some(&0.0) {
                polynomial.pop();
            }
        }
        self
    }
}

fn contains_s(expression: &Expression) -> bool {
    let mut found = false;
    expression.walk(&mut |part| found |= matches!(part, Expression::Name(name, _) if &**name == "s"));
    found
}

impl<'d> Elaborator<'d> {
    /// The rational function of `s` that `expression` is.
    pub fn rational(&mut self, expression: &Expression, scope: ScopeId, span: Span) -> Result<Rational, Reported> {
        let found = self.rational_part(expression, scope, span)?.trimmed();
        if found.denominator == [0.0] {
            return Err(self.report(Diagnostic::error("the denominator of this transfer function is 0").at(span)));
        }
        Ok(found)
    }

    fn rational_part(&mut self, expression: &Expression, scope: ScopeId, span: Span) -> Result<Rational, Reported> {
        if !contains_s(expression) {
            return self.number(expression, scope, span).map(Rational::constant);
        }
        let found = match expression {
            Expression::Name(..) => Rational::s(),
            Expression::Unary(UnaryOperator::Negate, operand) => {
                self.rational_part(operand, scope, span)?.times(&Rational::constant(-1.0))
            }
            Expression::Binary(BinaryOperator::Power, base, exponent) => {
                self.rational_power(base, exponent, scope, span)?
            }
            Expression::Call { function, arguments, .. }
                if matches!(&**function, "pow" | "pwr") && arguments.len() == 2 =>
            {
                self.rational_power(&arguments[0], &arguments[1], scope, span)?
            }
            Expression::Binary(operator, left, right) => {
                let (left, right) = (self.rational_part(left, scope, span)?, self.rational_part(right, scope, span)?);
                match operator {
                    BinaryOperator::Add => left.plus(&right, 1.0),
                    BinaryOperator::Subtract => left.plus(&right, -1.0),
                    BinaryOperator::Multiply => left.times(&right),
                    BinaryOperator::Divide => left.times(&right.inverse()),
                    _ => return Err(self.no_rational(span)),
                }
            }
            _ => return Err(self.no_rational(span)),
        };
        if found.numerator.len().max(found.denominator.len()) > DEGREE_LIMIT + 1 {
            let message = format!("a transfer function can have a degree of at most {DEGREE_LIMIT}");
            return Err(self.report(Diagnostic::error(message).at(span)));
        }
        Ok(found)
    }

    fn rational_power(
        &mut self,
        base: &Expression,
        exponent: &Expression,
        scope: ScopeId,
        span: Span,
    ) -> Result<Rational, Reported> {
        if contains_s(exponent) {
            return Err(self.no_rational(span));
        }
        let power = self.number(exponent, scope, span)?;
        if power.fract() != 0.0 || power.abs() > DEGREE_LIMIT as f64 {
            return Err(self.no_rational(span));
        }
        Ok(self.rational_part(base, scope, span)?.power(power as i32))
    }

    fn no_rational(&mut self, span: Span) -> Reported {
        let error = Diagnostic::error("this transfer function is no quotient of polynomials in `s`").at(span);
        self.report(error.hint("a delay `exp(-s*td)` is a T element; roots of `s` are no equations in time"))
    }
}

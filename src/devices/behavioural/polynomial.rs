//! `POLY(n)`: a polynomial of n controlling quantities.
//!
//! Coefficients stand in the order p0; p1·x1 … pn·xn; x1², x1·x2, …, x1·xn, x2², …, xn²; x1³, x1²·x2, … Those that are missing
//! are 0. A single coefficient of a polynomial of one quantity is p1. Source: ngspice-39 manual, section 5.5 (POLY sources).

use super::compiler::binary;
use crate::circuit::bound::{BinaryOperator, Bound};

/// The polynomial of `quantities`.
pub fn polynomial(quantities: &[Bound], coefficients: &[f64]) -> Bound {
    if let ([quantity], [factor]) = (quantities, coefficients) {
        return binary(BinaryOperator::Multiply, Bound::Number(*factor), quantity.clone());
    }
    let mut monomials = Monomials::new(quantities.len());
    let mut sum: Option<Bound> = None;
    for &coefficient in coefficients {
        let factors = monomials.next();
        if coefficient == 0.0 {
            continue;
        }
        let term = match product(quantities, factors) {
            Some(product) if coefficient == 1.0 => product,
            Some(product) => binary(BinaryOperator::Multiply, Bound::Number(coefficient), product),
            None => Bound::Number(coefficient),
        };
        sum = Some(match sum {
            Some(sum) => binary(BinaryOperator::Add, sum, term),
            None => term,
        });
    }
    sum.unwrap_or(Bound::Number(0.0))
}

/// Product from the left, so that longer products share shorter ones.
fn product(quantities: &[Bound], factors: &[usize]) -> Option<Bound> {
    let factors = factors.iter().map(|&index| quantities[index].clone());
    factors.reduce(|product, factor| binary(BinaryOperator::Multiply, product, factor))
}

/// Monomials in SPICE's order, each as an ascending list of the quantities that are its factors.
struct Monomials {
    count: usize,
    factors: Vec<usize>,
    started: bool,
}

impl Monomials {
    fn new(count: usize) -> Self {
        Monomials { count, factors: Vec::new(), started: false }
    }

    fn next(&mut self) -> &[usize] {
        if !self.started {
            self.started = true;
            return &self.factors;
        }
        // The last factor that can be raised, and all after it set to it.
        match self.factors.iter().rposition(|&factor| factor + 1 < self.count) {
            Some(place) => {
                let raised = self.factors[place] + 1;
                self.factors[place..].fill(raised);
            }
            None => {
                let degree = self.factors.len() + 1;
                self.factors.clear();
                self.factors.resize(degree, 0);
            }
        }
        &self.factors
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_of_two_quantities() {
        let mut monomials = Monomials::new(2);
        let found: Vec<Vec<usize>> = (0..10).map(|_| monomials.next().to_vec()).collect();
        let wanted: [&[usize]; 10] =
            [&[], &[0], &[1], &[0, 0], &[0, 1], &[1, 1], &[0, 0, 0], &[0, 0, 1], &[0, 1, 1], &[1, 1, 1]];
        assert_eq!(found, wanted);
    }

    #[test]
    fn a_single_coefficient_is_linear() {
        let x = Bound::Time;
        assert_eq!(
            polynomial(std::slice::from_ref(&x), &[3.0]),
            binary(BinaryOperator::Multiply, Bound::Number(3.0), x)
        );
    }
}

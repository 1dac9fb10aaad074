//! Sources whose output is a rational transfer function of their input.
//!
//! ```text
//! H(s) = s^(−m) · (b0 + b1·s + … + bk·s^k)/(a0 + a1·s + … + an·s^n),   a0 ≠ 0
//! u = m-fold integral of the input
//! a0·x0 + a1·w·x1 + … + an·w^n·xn = u,   x(j+1) = d/dt (xj/w)
//! y = b0·x0 + b1·w·x1 + … + bk·w^k·xk
//! ```
//! so that xj is the j-th derivative of x0 in units of w = |a0/an|^(1/n): all are of the same size, and the operating point
//! is y = b0/a0·u. Integrals are held at 0 there. Exact in every analysis: it is an ordinary differential equation among
//! the others, whose truncation error controls the step.

use super::builder::Builder;
use super::compiler::Compiler;
use super::group::Behavioural;
use super::program::{Operation, Program, Slot};
use crate::circuit::bound::{BinaryOperator, Bound, Function};
use crate::devices::assembly::{GROUND_UNKNOWN, Unknown};
use crate::devices::construct::Construction;
use crate::diagnostic::Span;

/// Σ factor·unknown
fn combination(builder: &mut Builder, terms: impl Iterator<Item = (f64, Unknown)>) -> Slot {
    let mut total = builder.constant(0.0);
    for (factor, unknown) in terms.filter(|(factor, _)| *factor != 0.0) {
        let (factor, unknown) = (builder.constant(factor), builder.input(unknown));
        let term = builder.add(Operation::Binary(BinaryOperator::Multiply, factor, unknown));
        total = builder.add(Operation::Binary(BinaryOperator::Add, total, term));
    }
    total
}

/// Makes the states of H(s) driven by `input`, and gives the program whose value is the output; coefficients from the
/// constant on, the last of `denominator` not 0. None if there is an error in `input`, which has been reported.
pub fn response(
    c: &mut Construction,
    input: Bound,
    numerator: &[f64],
    denominator: &[f64],
    span: Span,
) -> Option<Program> {
    let integrals = denominator.iter().take_while(|&&coefficient| coefficient == 0.0).count();
    let denominator = &denominator[integrals..];
    let input = (0..integrals).fold(input, |inner, _| Bound::Call(Function::Idt, vec![inner]));
    let degree = denominator.len() - 1;
    let order = degree.max(numerator.len() - 1);
    let scale = if degree == 0 { 1.0 } else { (denominator[0] / denominator[degree]).abs().powf(1.0 / degree as f64) };
    // Divided by a0, so that states have the size of the input.
    let scaled = |polynomial: &[f64]| {
        let terms = polynomial.iter().enumerate();
        terms.map(|(power, factor)| factor * scale.powi(power as i32) / denominator[0]).collect::<Vec<f64>>()
    };
    let (numerator, denominator) = (scaled(numerator), scaled(denominator));
    let states: Vec<Unknown> = (0..=order).map(|_| c.assembly.internal_node(c.id, "laplace")).collect();
    let mut builder = Builder::default();
    let left = combination(&mut builder, denominator.iter().copied().zip(states.iter().copied()));
    let right = Compiler::new(c, span).slot(&input, &mut builder).ok()?;
    let difference = builder.add(Operation::Binary(BinaryOperator::Subtract, left, right));
    let balance = Behavioural::voltage(builder.finish(difference), GROUND_UNKNOWN, GROUND_UNKNOWN, states[0]);
    c.assembly.add_behavioural(None, balance);
    for pair in states.windows(2) {
        let mut builder = Builder::default();
        let state = combination(&mut builder, std::iter::once((1.0 / scale, pair[0])));
        c.assembly.add_behavioural(None, Behavioural::derivative(builder.finish(state), pair[1]));
    }
    let mut builder = Builder::default();
    let output = combination(&mut builder, numerator.iter().copied().zip(states.iter().copied()));
    Some(builder.finish(output))
}

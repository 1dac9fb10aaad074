//! Compositions of operations: what stands between the inputs and the output of a code model.

use crate::circuit::bound::{BinaryOperator, Function, UnaryOperator};
use crate::devices::assembly::{GROUND_UNKNOWN, Unknown};
use crate::devices::behavioural::{Builder, Operation, Program, Slot};

/// A calculation under construction.
#[derive(Default)]
pub struct Calculation {
    builder: Builder,
}

impl Calculation {
    pub fn constant(&mut self, value: f64) -> Slot {
        self.builder.constant(value)
    }

    /// The unknown, 0 for ground.
    pub fn unknown(&mut self, unknown: Unknown) -> Slot {
        if unknown == GROUND_UNKNOWN { self.constant(0.0) } else { self.builder.input(unknown) }
    }

    fn binary(&mut self, operator: BinaryOperator, a: Slot, b: Slot) -> Slot {
        self.builder.add(Operation::Binary(operator, a, b))
    }

    pub fn sum(&mut self, a: Slot, b: Slot) -> Slot {
        match (self.builder.known(a), self.builder.known(b)) {
            (Some(0.0), _) => b,
            (_, Some(0.0)) => a,
            _ => self.binary(BinaryOperator::Add, a, b),
        }
    }

    pub fn difference(&mut self, a: Slot, b: Slot) -> Slot {
        if self.builder.known(b) == Some(0.0) { a } else { self.binary(BinaryOperator::Subtract, a, b) }
    }

    pub fn product(&mut self, a: Slot, b: Slot) -> Slot {
        match (self.builder.known(a), self.builder.known(b)) {
            (Some(1.0), _) => b,
            (_, Some(1.0)) => a,
            _ => self.binary(BinaryOperator::Multiply, a, b),
        }
    }

    pub fn quotient(&mut self, a: Slot, b: Slot) -> Slot {
        self.binary(BinaryOperator::Divide, a, b)
    }

    pub fn negative(&mut self, a: Slot) -> Slot {
        self.builder.add(Operation::Unary(UnaryOperator::Negate, a))
    }

    pub fn exponential(&mut self, a: Slot) -> Slot {
        self.builder.add(Operation::Function(Function::Exp, a))
    }

    pub fn larger(&mut self, a: Slot, b: Slot) -> Slot {
        self.builder.add(Operation::Function2(Function::Max, a, b))
    }

    pub fn smaller(&mut self, a: Slot, b: Slot) -> Slot {
        self.builder.add(Operation::Function2(Function::Min, a, b))
    }

    /// Seconds; 0 in DC.
    pub fn time(&mut self) -> Slot {
        self.builder.add(Operation::Time)
    }

    /// The polygon through `points`, constant beyond its ends.
    pub fn polygon(&mut self, a: Slot, points: impl IntoIterator<Item = (f64, f64)>) -> Slot {
        self.builder.interpolate(a, points.into_iter().collect())
    }

    /// (a + offset)·factor
    pub fn scaled(&mut self, a: Slot, offset: f64, factor: f64) -> Slot {
        let (offset, factor) = (self.constant(offset), self.constant(factor));
        let shifted = self.sum(a, offset);
        self.product(shifted, factor)
    }

    /// `yes` where a < b, else `no`.
    pub fn where_less(&mut self, a: Slot, b: Slot, yes: Slot, no: Slot) -> Slot {
        let condition = self.binary(BinaryOperator::Less, a, b);
        self.builder.add(Operation::Select([condition, yes, no]))
    }

    pub fn finish(self, output: Slot) -> Program {
        self.builder.finish(output)
    }
}

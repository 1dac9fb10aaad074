//! Programs under construction: constants are folded, equal operations shared, and operations without use left out.

use rustc_hash::FxHashMap;

use super::guarded;
use super::program::{Operation, Program, Slot, Table};
use crate::devices::assembly::Unknown;
use crate::numerics::curve::Curve;

/// What makes two operations equal.
type Key = (u8, u64, u64, u64);

/// A program under construction.
#[derive(Default)]
pub struct Builder {
    program: Program,
    slots: FxHashMap<Key, Slot>,
}

impl Builder {
    /// Slot of `operation`: a constant, an earlier equal operation, or a new one.
    pub fn add(&mut self, operation: Operation) -> Slot {
        let operation = self.fold(operation).map_or(operation, Operation::Constant);
        let operations = &mut self.program.operations;
        *self.slots.entry(key(&operation)).or_insert_with(|| {
            operations.push(operation);
            operations.len() as Slot - 1
        })
    }

    pub fn constant(&mut self, value: f64) -> Slot {
        self.add(Operation::Constant(value))
    }

    /// The unknown as an input.
    pub fn input(&mut self, unknown: Unknown) -> Slot {
        let inputs = &mut self.program.inputs;
        let index = inputs.iter().position(|&other| other == unknown).unwrap_or_else(|| {
            inputs.push(unknown);
            inputs.len() - 1
        });
        self.add(Operation::Input(index as u32))
    }

    pub fn interpolate(&mut self, argument: Slot, table: Table) -> Slot {
        let tables = &mut self.program.tables;
        let index = tables.iter().position(|other| *other == table).unwrap_or_else(|| {
            tables.push(table);
            tables.len() - 1
        });
        self.add(Operation::Interpolate(argument, index as u32))
    }

    pub fn curve(&mut self, argument: Slot, curve: Curve) -> Slot {
        let curves = &mut self.program.curves;
        let index = curves.iter().position(|other| *other == curve).unwrap_or_else(|| {
            curves.push(curve);
            curves.len() - 1
        });
        self.add(Operation::Curve(argument, index as u32))
    }

    /// The value of `slot`, if it is known now.
    pub fn known(&self, slot: Slot) -> Option<f64> {
        match self.program.operations[slot as usize] {
            Operation::Constant(value) => Some(value),
            _ => None,
        }
    }

    /// The operation's value, if its arguments are constants.
    fn fold(&self, operation: Operation) -> Option<f64> {
        Some(match operation {
            Operation::Unary(operator, a) => operator.value(self.known(a)?),
            Operation::Binary(operator, a, b) => guarded::binary(operator, self.known(a)?, self.known(b)?),
            Operation::Function(function, a) => guarded::function(function, self.known(a)?),
            Operation::Function2(function, a, b) => guarded::function2(function, self.known(a)?, self.known(b)?),
            Operation::Select([condition, yes, no]) => {
                self.known(if self.known(condition)? != 0.0 { yes } else { no })?
            }
            Operation::Interpolate(a, table) => {
                super::program::interpolate(&self.program.tables[table as usize], self.known(a)?).0
            }
            Operation::Curve(a, curve) => self.program.curves[curve as usize].at(self.known(a)?).0,
            _ => return None,
        })
    }

    /// The program whose value is that of `output`, without what it does not need.
    pub fn finish(self, output: Slot) -> Program {
        let operations = &self.program.operations[..=output as usize];
        let mut used = vec![false; operations.len()];
        used[output as usize] = true;
        for (slot, operation) in operations.iter().enumerate().rev() {
            if used[slot] {
                arguments(operation).for_each(|argument| used[argument as usize] = true);
            }
        }
        let mut program = Program { tables: self.program.tables, curves: self.program.curves, ..Program::default() };
        let mut moved = vec![0; operations.len()];
        for (slot, operation) in operations.iter().enumerate().filter(|&(slot, _)| used[slot]) {
            moved[slot] = program.operations.len() as Slot;
            let mut operation = renumbered(operation, &moved);
            if let Operation::Input(input) = &mut operation {
                program.inputs.push(self.program.inputs[*input as usize]);
                *input = program.inputs.len() as u32 - 1;
            }
            program.operations.push(operation);
        }
        program
    }
}

fn key(operation: &Operation) -> Key {
    match *operation {
        Operation::Constant(value) => (0, value.to_bits(), 0, 0),
        Operation::Input(input) => (1, input.into(), 0, 0),
        Operation::Time => (2, 0, 0, 0),
        Operation::Frequency => (3, 0, 0, 0),
        Operation::Unary(operator, a) => (4, operator as u64, a.into(), 0),
        Operation::Binary(operator, a, b) => (5, operator as u64, a.into(), b.into()),
        Operation::Function(function, a) => (6, function as u64, a.into(), 0),
        Operation::Function2(function, a, b) => (7, function as u64, a.into(), b.into()),
        Operation::Select([condition, yes, no]) => (8, condition.into(), yes.into(), no.into()),
        Operation::Interpolate(a, table) => (9, a.into(), table.into(), 0),
        Operation::Curve(a, curve) => (10, a.into(), curve.into(), 0),
    }
}

/// The slots that an operation reads.
pub fn arguments(operation: &Operation) -> impl Iterator<Item = Slot> {
    let [a, b, c] = match *operation {
        Operation::Constant(_) | Operation::Input(_) | Operation::Time | Operation::Frequency => [None; 3],
        Operation::Unary(_, a) | Operation::Function(_, a) | Operation::Interpolate(a, _) | Operation::Curve(a, _) => {
            [Some(a), None, None]
        }
        Operation::Binary(_, a, b) | Operation::Function2(_, a, b) => [Some(a), Some(b), None],
        Operation::Select(all) => all.map(Some),
    };
    [a, b, c].into_iter().flatten()
}

fn renumbered(operation: &Operation, moved: &[Slot]) -> Operation {
    let to = |slot: Slot| moved[slot as usize];
    match *operation {
        Operation::Unary(operator, a) => Operation::Unary(operator, to(a)),
        Operation::Binary(operator, a, b) => Operation::Binary(operator, to(a), to(b)),
        Operation::Function(function, a) => Operation::Function(function, to(a)),
        Operation::Function2(function, a, b) => Operation::Function2(function, to(a), to(b)),
        Operation::Select(all) => Operation::Select(all.map(to)),
        Operation::Interpolate(a, table) => Operation::Interpolate(to(a), table),
        Operation::Curve(a, curve) => Operation::Curve(to(a), curve),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::circuit::bound::{BinaryOperator, Function};

    #[test]
    fn equal_operations_are_shared_and_constants_folded() {
        let mut builder = Builder::default();
        let x = builder.input(5);
        let unused = builder.input(9);
        let two = builder.constant(2.0);
        let root = builder.add(Operation::Function(Function::Sqr, two));
        assert_eq!(builder.known(root), Some(4.0));
        let first = builder.add(Operation::Binary(BinaryOperator::Multiply, x, root));
        let again = builder.add(Operation::Binary(BinaryOperator::Multiply, x, root));
        assert_eq!(first, again);
        builder.add(Operation::Binary(BinaryOperator::Add, unused, first));
        let program = builder.finish(first);
        assert_eq!((program.operations.len(), program.inputs.as_slice()), (3, &[5][..]));
    }
}

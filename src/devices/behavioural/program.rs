//! Expressions as straight-line programs: each operation has one slot and reads slots before it.
//!
//! Values are found in one sweep forward, all derivatives in one sweep back (adjoints; Griewank and Walther, Evaluating
//! Derivatives, 2008, section 3.2). Both branches of a conditional are computed; only the chosen one takes part in derivatives.

use super::guarded;
use crate::circuit::bound::{BinaryOperator, Function, UnaryOperator};
use crate::devices::assembly::Unknown;
use crate::numerics::curve::Curve;

/// Number of an operation, and of its value.
pub type Slot = u32;

/// One operation on earlier slots.
#[derive(Debug, Clone, Copy)]
pub enum Operation {
    Constant(f64),
    /// An unknown of the circuit, by its place among the program's inputs.
    Input(u32),
    /// Seconds; 0 in DC.
    Time,
    /// Hertz; 0 outside of small-signal analysis.
    Frequency,
    Unary(UnaryOperator, Slot),
    Binary(BinaryOperator, Slot, Slot),
    Function(Function, Slot),
    Function2(Function, Slot, Slot),
    /// Condition, value if it is not 0, value if it is.
    Select([Slot; 3]),
    /// Linear interpolation in a table of constants.
    Interpolate(Slot, u32),
    /// The value of a curve through constant points.
    Curve(Slot, u32),
}

/// Abscissae and ordinates of a table, abscissae ascending.
pub type Table = Box<[(f64, f64)]>;

/// A compiled expression.
#[derive(Debug, Clone, Default)]
pub struct Program {
    pub operations: Vec<Operation>,
    pub tables: Vec<Table>,
    pub curves: Vec<Curve>,
    /// The unknowns that the expression depends on.
    pub inputs: Vec<Unknown>,
}

/// What a program reads besides unknowns.
#[derive(Debug, Clone, Copy)]
pub struct Moment {
    pub time: f64,
    pub frequency: f64,
}

/// Storage for one evaluation, large enough for the largest program of its owner.
#[derive(Debug, Default)]
pub struct Workspace {
    pub values: Vec<f64>,
    adjoints: Vec<f64>,
    /// Derivatives with respect to the program's inputs.
    pub gradient: Vec<f64>,
}

impl Workspace {
    /// Makes room for `program`.
    pub fn fit(&mut self, program: &Program) {
        let operations = program.operations.len().max(self.values.len());
        self.values.resize(operations, 0.0);
        self.adjoints.resize(operations, 0.0);
        self.gradient.resize(program.inputs.len().max(self.gradient.len()), 0.0);
    }
}

impl Program {
    /// The value, if it is a constant.
    pub fn constant(&self) -> Option<f64> {
        match *self.operations.as_slice() {
            [Operation::Constant(value)] => Some(value),
            _ => None,
        }
    }

    /// The value at the unknowns `x`; all slots are left in `workspace`.
    pub fn value(&self, x: &[f64], moment: Moment, workspace: &mut Workspace) -> f64 {
        let values = &mut workspace.values;
        for (slot, operation) in self.operations.iter().enumerate() {
            let at = |slot: Slot| values[slot as usize];
            values[slot] = match *operation {
                Operation::Constant(value) => value,
                Operation::Input(input) => x[self.inputs[input as usize] as usize],
                Operation::Time => moment.time,
                Operation::Frequency => moment.frequency,
                Operation::Unary(operator, a) => operator.value(at(a)),
                Operation::Binary(operator, a, b) => guarded::binary(operator, at(a), at(b)),
                Operation::Function(function, a) => guarded::function(function, at(a)),
                Operation::Function2(function, a, b) => guarded::function2(function, at(a), at(b)),
                Operation::Select([condition, yes, no]) => at(if at(condition) != 0.0 { yes } else { no }),
                Operation::Interpolate(a, table) => interpolate(&self.tables[table as usize], at(a)).0,
                Operation::Curve(a, curve) => self.curves[curve as usize].at(at(a)).0,
            };
        }
        values[..self.operations.len()].last().copied().unwrap_or(0.0)
    }

    /// Derivatives with respect to the inputs, into `workspace.gradient`, after [`value`](Program::value).
    pub fn differentiate(&self, workspace: &mut Workspace) {
        let Workspace { values, adjoints, gradient } = workspace;
        let count = self.operations.len();
        adjoints[..count].fill(0.0);
        gradient[..self.inputs.len()].fill(0.0);
        if let Some(last) = adjoints[..count].last_mut() {
            *last = 1.0;
        }
        for (slot, operation) in self.operations.iter().enumerate().rev() {
            let adjoint = adjoints[slot];
            // What does not matter must not spoil the rest by 0·∞.
            if adjoint == 0.0 {
                continue;
            }
            let at = |slot: Slot| values[slot as usize];
            let mut pass = |slot: Slot, slope: f64| adjoints[slot as usize] += adjoint * slope;
            match *operation {
                Operation::Constant(_) | Operation::Time | Operation::Frequency => {}
                Operation::Input(input) => gradient[input as usize] += adjoint,
                Operation::Unary(UnaryOperator::Negate, a) => pass(a, -1.0),
                Operation::Unary(UnaryOperator::Not, _) => {}
                Operation::Binary(operator, a, b) => {
                    let slopes = guarded::binary_slopes(operator, at(a), at(b), values[slot]);
                    pass(a, slopes.0);
                    pass(b, slopes.1);
                }
                Operation::Function(function, a) => pass(a, guarded::slope(function, at(a), values[slot])),
                Operation::Function2(function, a, b) => {
                    let slopes = guarded::slopes(function, at(a), at(b), values[slot]);
                    pass(a, slopes.0);
                    pass(b, slopes.1);
                }
                Operation::Select([condition, yes, no]) => pass(if at(condition) != 0.0 { yes } else { no }, 1.0),
                Operation::Interpolate(a, table) => pass(a, interpolate(&self.tables[table as usize], at(a)).1),
                Operation::Curve(a, curve) => pass(a, self.curves[curve as usize].at(at(a)).1),
            }
        }
    }
}

/// Value and slope of the polygon through `table` at `x`, constant beyond its ends.
pub fn interpolate(table: &[(f64, f64)], x: f64) -> (f64, f64) {
    let next = table.partition_point(|point| point.0 <= x);
    match (next.checked_sub(1).map(|before| table[before]), table.get(next)) {
        (Some(left), Some(right)) => {
            let slope = (right.1 - left.1) / (right.0 - left.0);
            (left.1 + slope * (x - left.0), slope)
        }
        (Some(last), None) => (last.1, 0.0),
        (None, Some(first)) => (first.1, 0.0),
        (None, None) => (f64::NAN, 0.0),
    }
}

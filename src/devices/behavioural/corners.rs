//! Moments at which an expression has a corner because of `time` alone: points of `pwl(time, …)`, steps at `time > 1u`, and without
//! end the whole numbers of `rand(1e6*time)`.

use super::builder::arguments;
use super::program::{Operation, Program};
use crate::circuit::bound::{BinaryOperator, Function, UnaryOperator};

/// factor·time + offset
type Affine = Option<(f64, f64)>;

/// Corners in ascending order, in seconds.
pub fn corners(program: &Program) -> Vec<f64> {
    let mut lines: Vec<Affine> = Vec::with_capacity(program.operations.len());
    let mut corners = Vec::new();
    for operation in &program.operations {
        let at = |slot: u32| lines[slot as usize];
        match *operation {
            Operation::Interpolate(a, table) => {
                let table = &program.tables[table as usize];
                corners.extend(table.iter().filter_map(|point| crossing(at(a)?, point.0)));
            }
            Operation::Binary(operator, a, b) if is_comparison(operator) => {
                corners.extend(difference(at(a), at(b)).and_then(|line| crossing(line, 0.0)));
            }
            Operation::Function2(Function::Max | Function::Min, a, b) => {
                corners.extend(difference(at(a), at(b)).and_then(|line| crossing(line, 0.0)));
            }
            Operation::Function(function, a) => {
                let levels: &[f64] = match function {
                    Function::Abs | Function::Sgn | Function::Stp | Function::U | Function::Uramp => &[0.0],
                    Function::U2 => &[0.0, 1.0],
                    Function::Buf | Function::Inv => &[0.5],
                    _ => &[],
                };
                corners.extend(levels.iter().filter_map(|&level| crossing(at(a)?, level)));
            }
            _ => {}
        }
        debug_assert!(arguments(operation).all(|slot| (slot as usize) < lines.len()));
        lines.push(line(operation, &lines));
    }
    corners.retain(|time| time.is_finite() && *time >= 0.0);
    corners.sort_by(f64::total_cmp);
    corners.dedup();
    corners
}

/// The moments at which factor·time + offset is a whole number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lattice {
    factor: f64,
    offset: f64,
}

impl Lattice {
    /// The first of them after `time`.
    pub fn after(&self, time: f64) -> f64 {
        let place = self.factor.abs() * time + self.offset * self.factor.signum();
        // A number that `time` reaches up to rounding has been reached.
        let next = (place + 8.0 * f64::EPSILON * (1.0 + place.abs())).floor() + 1.0;
        time + (next - place) / self.factor.abs()
    }
}

/// Where functions that jump or bend at every whole number do so because of `time` alone.
pub fn lattices(program: &Program) -> Vec<Lattice> {
    let mut lines: Vec<Affine> = Vec::with_capacity(program.operations.len());
    let mut lattices = Vec::new();
    for operation in &program.operations {
        if let Operation::Function2(function, a, _) = *operation
            && function.is_of_place()
            && let Some((factor, offset)) = lines[a as usize].filter(|line| line.0 != 0.0)
        {
            lattices.push(Lattice { factor, offset });
        }
        lines.push(line(operation, &lines));
    }
    lattices
}

fn line(operation: &Operation, lines: &[Affine]) -> Affine {
    let at = |slot: u32| lines[slot as usize];
    match *operation {
        Operation::Constant(value) => Some((0.0, value)),
        Operation::Time => Some((1.0, 0.0)),
        Operation::Unary(UnaryOperator::Negate, a) => at(a).map(|(factor, offset)| (-factor, -offset)),
        Operation::Binary(BinaryOperator::Subtract, a, b) => difference(at(a), at(b)),
        Operation::Binary(BinaryOperator::Add, a, b) => {
            let (a, b) = (at(a)?, at(b)?);
            Some((a.0 + b.0, a.1 + b.1))
        }
        Operation::Binary(BinaryOperator::Multiply, a, b) => match (at(a)?, at(b)?) {
            ((0.0, scale), line) | (line, (0.0, scale)) => Some((scale * line.0, scale * line.1)),
            _ => None,
        },
        Operation::Binary(BinaryOperator::Divide, a, b) => match (at(a)?, at(b)?) {
            (line, (0.0, scale)) => Some((line.0 / scale, line.1 / scale)),
            _ => None,
        },
        _ => None,
    }
}

fn difference(a: Affine, b: Affine) -> Affine {
    let (a, b) = (a?, b?);
    Some((a.0 - b.0, a.1 - b.1))
}

/// When the line is at `level`; never if it is flat.
fn crossing((factor, offset): (f64, f64), level: f64) -> Option<f64> {
    (factor != 0.0).then(|| (level - offset) / factor)
}

fn is_comparison(operator: BinaryOperator) -> bool {
    use BinaryOperator::{Equal, Greater, GreaterEqual, Less, LessEqual, NotEqual};
    matches!(operator, Less | LessEqual | Greater | GreaterEqual | Equal | NotEqual)
}

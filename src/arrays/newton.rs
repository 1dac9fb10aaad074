//! What relaxation falls back to: Newton's method for the whole array at once, with a factor of its Jacobian.
//!
//! The equations are the gradient of a convex function, the co-content (W. Millar, Phil. Mag. 42, 1951), if the current
//! of every cell rises with its voltage. Along a Newton step δ its slope is −r·δ with r the sums of currents, so that a
//! step which leaves this slope smaller in magnitude goes towards the minimum; halving the step gets there from anywhere.

use faer::{Mat, MatMut};

use super::cells::CellLaw;
use super::drive::Drive;
use super::geometry::{Crossbar, Node};
use super::line::Line;
use super::nested_dissection::NestedDissection;
use super::rounds::Limits;
use crate::diagnostic::Diagnostic;

/// Steps after which it is given up.
const MOST_STEPS: usize = 200;

/// Halvings of a step.
const MOST_HALVINGS: usize = 60;

/// Cells that conduct so many times better than the wires are tamed.
const STIFF: f64 = 1e8;

/// Voltages of both lines relative to their sources, row by row.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Voltages {
    pub word: Vec<f64>,
    pub bit: Vec<f64>,
}

/// One input of an array.
struct Problem<'p, C> {
    array: &'p Crossbar,
    law: &'p C,
    drive: &'p Drive<'p>,
    lines: [Line; 2],
    /// Cells that conduct better than this are as good as short circuits to the wires, S.
    largest_conductance: f64,
}

/// The equations at some voltages.
struct Equations {
    /// Sum of currents at every unknown node, A.
    imbalances: Mat<f64>,
    /// The same for the step: where a cell conducts better than any wire, its current and slope are smaller in
    /// proportion, which leaves the step as it is and the matrix regular.
    tamed: Mat<f64>,
    /// Slopes of the cells' currents, S.
    conductances: Vec<f64>,
    largest_current: f64,
}

/// Solves one input; None if it does not converge.
///
/// # Errors
/// Those of the factorisation.
pub(super) fn solve<C: CellLaw>(
    array: &Crossbar,
    law: &C,
    drive: &Drive,
    limits: &Limits,
) -> Result<Option<Voltages>, Diagnostic> {
    let lines = [Line::word(array), Line::bit(array)];
    let of_line = |line: Line| if line.is_resistive() { line.conductance() } else { line.start + line.end };
    let largest_conductance = STIFF * of_line(lines[0]).max(of_line(lines[1]));
    let problem = Problem { array, law, drive, lines, largest_conductance };
    let analysis = NestedDissection::new(array)?;
    let zeros = vec![0.0; array.cells()];
    let mut voltages = Voltages { word: zeros.clone(), bit: zeros };
    let mut equations = problem.at(&voltages);
    for _ in 0..MOST_STEPS {
        let bound = limits.bound(equations.largest_current) + problem.rounding(&voltages);
        if equations.imbalances.norm_max() <= bound {
            return Ok(Some(voltages));
        }
        let mut step = equations.tamed.clone();
        analysis.factor(&equations.conductances)?.solve(step.as_mut());
        match problem.advance(&voltages, &equations, step.as_mut(), bound) {
            Some(next) => (voltages, equations) = next,
            None => return Ok(None),
        }
    }
    Ok(None)
}

impl<C: CellLaw> Problem<'_, C> {
    /// Goes along `step`, half as far until it is an improvement.
    fn advance(
        &self,
        voltages: &Voltages,
        equations: &Equations,
        mut step: MatMut<'_, f64>,
        bound: f64,
    ) -> Option<(Voltages, Equations)> {
        for _ in 0..MOST_HALVINGS {
            let slope = |equations: &Equations| (equations.imbalances.transpose() * step.as_ref())[(0, 0)];
            let next = self.moved(voltages, &step);
            let there = self.at(&next);
            let good = slope(&there).abs() <= 0.9 * slope(equations) || there.imbalances.norm_max() <= bound;
            if good && there.imbalances.norm_max().is_finite() {
                return Some((next, there));
            }
            step *= faer::Scale(0.5);
        }
        None
    }

    /// What of the imbalance comes from rounding the voltages, A.
    fn rounding(&self, voltages: &Voltages) -> f64 {
        let largest = |values: &[f64]| values.iter().fold(0.0, |largest: f64, value| largest.max(value.abs()));
        let [word, bit] = self.lines.map(|line| line.rounding());
        (word * largest(&voltages.word)).max(bit * largest(&voltages.bit))
    }

    fn moved(&self, voltages: &Voltages, step: &MatMut<'_, f64>) -> Voltages {
        let of = |node: Node| if let Node::Free(unknown) = node { step[(unknown, 0)] } else { 0.0 };
        let places = || (0..self.array.cells()).map(|cell| (cell / self.array.columns, cell % self.array.columns));
        let word = places().zip(&voltages.word).map(|((row, column), v)| v + of(self.array.word_node(row, column)));
        let bit = places().zip(&voltages.bit).map(|((row, column), v)| v + of(self.array.bit_node(row, column)));
        Voltages { word: word.collect(), bit: bit.collect() }
    }

    fn at(&self, voltages: &Voltages) -> Equations {
        let (rows, columns) = (self.array.rows, self.array.columns);
        let mut equations = Equations {
            imbalances: Mat::zeros(self.array.unknowns(), 1),
            tamed: Mat::zeros(self.array.unknowns(), 1),
            conductances: Vec::with_capacity(rows * columns),
            largest_current: 0.0,
        };
        for cell in 0..rows * columns {
            let (row, column) = (cell / columns, cell % columns);
            let relative = voltages.word[cell] - voltages.bit[cell];
            let drop = self.drive.word[row] - self.drive.bit_voltage(column) + relative;
            let ([current], [conductance]) = self.law.branch::<1>(cell, &[drop]);
            let factor = (self.largest_conductance / conductance).min(1.0);
            equations.conductances.push(factor * conductance);
            equations.largest_current = equations.largest_current.max(current.abs());
            let place = (column, columns, &self.lines[0]);
            let inflow = inflow(&voltages.word, cell, 1, place);
            equations.add(self.array.word_node(row, column), inflow, -current, factor);
            let place = (row, rows, &self.lines[1]);
            let inflow = self::inflow(&voltages.bit, cell, columns, place);
            equations.add(self.array.bit_node(row, column), inflow, current, factor);
        }
        equations
    }
}

/// What the wires of a line bring to the node of a cell; `place` is that of the cell on the line, `stride` the distance
/// to its neighbours. An ideal line is fed at its last node.
fn inflow(voltages: &[f64], cell: usize, stride: usize, (place, length, line): (usize, usize, &Line)) -> f64 {
    let last = place + 1 == length;
    if !line.is_resistive() {
        return if last { -(line.start + line.end) * voltages[cell] } else { 0.0 };
    }
    let neighbour = |cell: usize| [voltages[cell]];
    let before = (place > 0).then(|| neighbour(cell - stride));
    let after = (!last).then(|| neighbour(cell + stride));
    let [current] = line.inflow(before.as_ref(), &[voltages[cell]], after.as_ref());
    current
}

impl Equations {
    /// Currents that wires and a cell bring to a node, and what the cell's is to be multiplied by for the step.
    fn add(&mut self, node: Node, from_wires: f64, from_cell: f64, factor: f64) {
        if let Node::Free(unknown) = node {
            self.imbalances[(unknown, 0)] += from_wires + from_cell;
            self.tamed[(unknown, 0)] += from_wires + factor * from_cell;
        }
    }
}

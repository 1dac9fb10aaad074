//! The crossbar: its cells, wires, drivers and sense resistances, and the numbering of its nodes.

use std::ops::Range;

use super::nested_dissection::NodeVoltages;
use crate::diagnostic::Diagnostic;

/// Beyond this no solver here would come to an end.
const MOST_CELLS: usize = 1 << 26;

/// Which ends of the word lines their drivers are connected to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Driving {
    /// The left end, before column 0.
    #[default]
    LeftEnd,
    /// Both ends, each through a driver resistance of its own, by the same voltage.
    BothEnds,
}

/// An array of N rows (driven word lines) and M columns (sensed bit lines) with a two-terminal cell at each crossing.
///
/// ```text
///            u(0,0)            u(0,1)                      only if driven from both ends
///  V0 ─Rd─Rw───●────────Rw───────●────────·············─Rw─Rd─ V0
///              │ G(0,0)          │ G(0,1)
///              └──● b(0,0)       └──● b(0,1)
///                 │                 │
///                 Rb                Rb
///            u(1,0)            u(1,1)
///  V1 ─Rd─Rw───●──│─────Rw───────●──│─────·············─Rw─Rd─ V1
///              │  │              │  │
///              └──● b(1,0)       └──● b(1,1)
///                 │                 │
///                 Rb                Rb        Rd driver          Rw word_segment
///                 Rs                Rs        Rs sense           Rb bit_segment
///                 ⏚ I0              ⏚ I1      ideal inputs V, sensed currents I into 0 V
/// ```
///
/// Every cell has one word-line segment before it and one bit-line segment below it; driving from both ends adds one
/// word-line segment after the last cell. All resistances are in Ω and may be 0, which merges the nodes they connect:
/// exact limits, not small values. Matrices of cells are slices by rows: cell (i, j) at `i·columns + j`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Crossbar {
    pub rows: usize,
    pub columns: usize,
    /// Ω of a word line from one cell to the next.
    pub word_segment: f64,
    /// Ω of a bit line from one cell to the next.
    pub bit_segment: f64,
    /// Output resistance of each word-line driver, Ω.
    pub driver: f64,
    /// Input resistance of each sense amplifier, Ω.
    pub sense: f64,
    pub driving: Driving,
}

/// A cell and the conductance it is to have, S.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cell {
    pub row: usize,
    pub column: usize,
    pub conductance: f64,
}

/// What a point of the array is electrically.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Node {
    /// At the ideal voltage of this row's input.
    Input(usize),
    /// At the 0 V of this column's ideal sense.
    Output(usize),
    /// The unknown of this number.
    Free(usize),
}

impl Crossbar {
    /// An array without any resistance but that of its cells, driven from the left.
    pub fn ideal(rows: usize, columns: usize) -> Crossbar {
        Crossbar {
            rows,
            columns,
            word_segment: 0.0,
            bit_segment: 0.0,
            driver: 0.0,
            sense: 0.0,
            driving: Driving::LeftEnd,
        }
    }

    /// Number of cells.
    pub fn cells(&self) -> usize {
        self.rows.saturating_mul(self.columns)
    }

    /// Checks the description itself.
    ///
    /// # Errors
    /// No rows or columns, or a resistance that is negative or not finite.
    pub fn validate(&self) -> Result<(), Diagnostic> {
        if self.rows == 0 || self.columns == 0 {
            return Err(Diagnostic::error(format!("an array of {} × {} has no cells", self.rows, self.columns))
                .hint("give at least one row and one column"));
        }
        if self.rows.checked_mul(self.columns).is_none_or(|cells| cells > MOST_CELLS) {
            return Err(Diagnostic::error(format!("an array of {} × {} is too large", self.rows, self.columns)));
        }
        let resistances = [
            ("word-line segment", self.word_segment),
            ("bit-line segment", self.bit_segment),
            ("driver", self.driver),
            ("sense", self.sense),
        ];
        for (name, value) in resistances {
            if !value.is_finite() || value < 0.0 {
                return Err(Diagnostic::error(format!("{name} resistance of an array is {value} Ω"))
                    .hint("give a finite value, 0 for an ideal connection"));
            }
        }
        Ok(())
    }

    /// Checks a matrix of conductances.
    ///
    /// # Errors
    /// The wrong number of values, or one that is negative or not finite; the message names its row and column.
    pub fn validate_conductances(&self, conductances: &[f64]) -> Result<(), Diagnostic> {
        if conductances.len() != self.cells() {
            let (given, needed) = (conductances.len(), self.cells());
            let size = format!("{} × {}", self.rows, self.columns);
            return Err(Diagnostic::error(format!("{given} conductances for an array of {size}"))
                .hint(format!("give {needed} values, row by row")));
        }
        let cells = conductances.iter().enumerate();
        cells
            .map(|(k, &conductance)| Cell { row: k / self.columns, column: k % self.columns, conductance })
            .try_for_each(|cell| self.validate_cell(&cell))
    }

    /// Checks one cell's place and conductance.
    ///
    /// # Errors
    /// As for [`Crossbar::validate_conductances`].
    pub fn validate_cell(&self, cell: &Cell) -> Result<(), Diagnostic> {
        let Cell { row, column, conductance } = *cell;
        if row >= self.rows || column >= self.columns {
            let (rows, columns) = (self.rows, self.columns);
            return Err(Diagnostic::error(format!(
                "no cell in row {row}, column {column} of an array of {rows} × {columns}"
            ))
            .hint("rows and columns count from 0"));
        }
        if !conductance.is_finite() || conductance < 0.0 {
            return Err(Diagnostic::error(format!(
                "conductance of the cell in row {row}, column {column} is {conductance} S"
            ))
            .hint("give a finite value, 0 for an open cell"));
        }
        Ok(())
    }

    /// Checks the number of input voltages and that they are finite.
    pub(super) fn validate_inputs(&self, inputs: &[f64]) -> Result<(), Diagnostic> {
        if inputs.len() != self.rows {
            return Err(Diagnostic::error(format!("{} inputs for an array of {} rows", inputs.len(), self.rows))
                .hint("give one voltage per row"));
        }
        match inputs.iter().position(|voltage| !voltage.is_finite()) {
            Some(row) => Err(Diagnostic::error(format!("the input of row {row} is {} V", inputs[row]))),
            None => Ok(()),
        }
    }

    /// Currents out of the bit lines, A, from node voltages over bit lines held at 0 V and currents through the cells.
    pub(super) fn sensed(&self, voltages: &NodeVoltages, device_currents: &[f64]) -> Vec<f64> {
        let outer = self.lower_resistance(self.rows - 1);
        if outer > 0.0 {
            let last = &voltages.bit[self.cells() - self.columns..];
            return last.iter().map(|voltage| voltage / outer).collect();
        }
        let mut sums = vec![0.0; self.columns];
        for row in device_currents.chunks_exact(self.columns) {
            sums.iter_mut().zip(row).for_each(|(sum, current)| *sum += current);
        }
        sums
    }

    /// Currents from the inputs into the word lines, A, from node voltages and currents through the cells.
    pub fn drawn(&self, inputs: &[f64], voltages: &NodeVoltages, device_currents: &[f64]) -> Vec<f64> {
        let (left, columns) = (self.left_resistance(0), self.columns);
        let of_row = |row: usize| {
            if left == 0.0 {
                return device_currents[row * columns..][..columns].iter().sum();
            }
            let line = &voltages.word[row * columns..][..columns];
            let through = |node: usize, resistance: f64| (inputs[row] - line[node]) / resistance;
            let right = self.right_resistance().map_or(0.0, |resistance| through(columns - 1, resistance));
            through(0, left) + right
        };
        (0..self.rows).map(of_row).collect()
    }

    /// Resistance from cell (any row, `column`) to what lies left of it: a cell, or the ideal input.
    pub(super) fn left_resistance(&self, column: usize) -> f64 {
        self.word_segment + if column == 0 { self.driver } else { 0.0 }
    }

    /// Resistance from the last cell of a row to the ideal input on the right.
    pub(super) fn right_resistance(&self) -> Option<f64> {
        (self.driving == Driving::BothEnds).then_some(self.word_segment + self.driver)
    }

    /// Resistance from cell (`row`, any column) to what lies below it: a cell, or the ideal sense.
    pub(super) fn lower_resistance(&self, row: usize) -> f64 {
        self.bit_segment + if row + 1 == self.rows { self.sense } else { 0.0 }
    }

    /// Unknowns of the word lines; they come before those of the bit lines.
    fn word_nodes(&self) -> usize {
        match (self.word_segment > 0.0, self.driver > 0.0) {
            (true, _) => self.cells(),
            (false, true) => self.rows,
            (false, false) => 0,
        }
    }

    /// Number of unknown node voltages: one per cell and line, one per line if its wire is ideal, none if its driver
    /// or sense is ideal too.
    pub fn unknowns(&self) -> usize {
        let bit_nodes = match (self.bit_segment > 0.0, self.sense > 0.0) {
            (true, _) => self.cells(),
            (false, true) => self.columns,
            (false, false) => 0,
        };
        self.word_nodes() + bit_nodes
    }

    /// The node where cell (row, column) touches its word line.
    pub fn word_node(&self, row: usize, column: usize) -> Node {
        match (self.word_segment > 0.0, self.driver > 0.0) {
            (true, _) => Node::Free(row * self.columns + column),
            (false, true) => Node::Free(row),
            (false, false) => Node::Input(row),
        }
    }

    /// The node where cell (row, column) touches its bit line.
    pub fn bit_node(&self, row: usize, column: usize) -> Node {
        let first = self.word_nodes();
        match (self.bit_segment > 0.0, self.sense > 0.0) {
            (true, _) => Node::Free(first + row * self.columns + column),
            (false, true) => Node::Free(first + column),
            (false, false) => Node::Output(column),
        }
    }
}

/// A rectangle of cells, halved again and again by both solvers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Region {
    pub rows: Range<usize>,
    pub columns: Range<usize>,
}

/// How two regions lie to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Neighbours {
    /// The first left of the second: they share word-line nodes.
    SideBySide,
    /// The first above the second: they share bit-line nodes.
    Stacked,
}

impl Region {
    pub fn whole(array: &Crossbar) -> Region {
        Region { rows: 0..array.rows, columns: 0..array.columns }
    }

    pub fn cells(&self) -> usize {
        self.rows.len() * self.columns.len()
    }

    pub fn contains(&self, row: usize, column: usize) -> bool {
        self.rows.contains(&row) && self.columns.contains(&column)
    }

    /// Cuts the longer side in the middle.
    pub fn halves(&self) -> (Region, Region, Neighbours) {
        let (rows, columns) = (self.rows.clone(), self.columns.clone());
        if columns.len() >= rows.len() {
            let middle = columns.start + columns.len() / 2;
            let left = Region { rows: rows.clone(), columns: columns.start..middle };
            (left, Region { rows, columns: middle..columns.end }, Neighbours::SideBySide)
        } else {
            let middle = rows.start + rows.len() / 2;
            let upper = Region { rows: rows.start..middle, columns: columns.clone() };
            (upper, Region { rows: middle..rows.end, columns }, Neighbours::Stacked)
        }
    }
}

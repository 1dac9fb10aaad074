//! First factorisation of a block, with a choice of pivots.
//!
//! J. R. Gilbert, T. Peierls, "Sparse partial pivoting in time proportional to arithmetic operations", SIAM J. Sci.
//! Stat. Comput. 9, 1988; symmetric pruning after S. C. Eisenstat, J. W. H. Liu, SIAM J. Matrix Anal. 13, 1992.

use std::ops::Range;

use super::field::Field;
use super::symbolic::Structure;

/// Not a pivot row yet.
const NONE: u32 = u32::MAX;

/// How pivots are chosen and when a matrix counts as singular.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PivotOptions {
    /// The diagonal is kept as pivot if it is at least this fraction of the largest candidate in its column, both
    /// taken relative to the largest entry of their rows. In [0, 1].
    pub relative_threshold: f64,
    /// Pivots whose magnitude does not exceed this are treated as zero, in units of the matrix entries.
    pub absolute: f64,
}

impl Default for PivotOptions {
    fn default() -> Self {
        PivotOptions { relative_threshold: 1e-3, absolute: 0.0 }
    }
}

/// L and U of all blocks, by columns, before the row labels become final.
///
/// Row labels are the row positions of [`Structure`]; `row_position` turns them into final positions.
pub(super) struct Elimination<'a, T> {
    structure: &'a Structure,
    values: &'a [T],
    options: PivotOptions,
    /// 1 / largest magnitude in the row, by row label.
    row_weights: &'a [f64],
    /// Final position of each row label, NONE while it is not a pivot row.
    pub row_position: Vec<u32>,
    pub lower_starts: Vec<u32>,
    pub lower_rows: Vec<u32>,
    pub lower_values: Vec<T>,
    pub upper_starts: Vec<u32>,
    /// First entry of each U column that belongs to its own block.
    pub upper_inner: Vec<u32>,
    /// Final positions.
    pub upper_rows: Vec<u32>,
    pub upper_values: Vec<T>,
    pub pivots: Vec<T>,
    /// Row label of each pivot.
    pivot_rows: Vec<u32>,
    /// End of the part of each L column that searches need to look at.
    pruned_ends: Vec<u32>,
    /// Sparse accumulator, indexed by row label; zero outside the current column's pattern.
    column: Vec<T>,
    /// Position of the column that last reached a row label.
    mark: Vec<u32>,
    /// Pivots the current column depends on, in reverse topological order.
    dependencies: Vec<u32>,
    /// Row labels in the current column that are not pivot rows.
    candidates: Vec<u32>,
    /// Pivots on the search path and where to continue in their L columns.
    path: Vec<(u32, u32)>,
}

impl<'a, T: Field> Elimination<'a, T> {
    pub fn new(structure: &'a Structure, values: &'a [T], options: PivotOptions, row_weights: &'a [f64]) -> Self {
        let n = structure.pattern.n;
        let with_zero = || {
            let mut starts = Vec::with_capacity(n + 1);
            starts.push(0);
            starts
        };
        Elimination {
            structure,
            values,
            options,
            row_weights,
            row_position: vec![NONE; n],
            lower_starts: with_zero(),
            lower_rows: Vec::with_capacity(values.len()),
            lower_values: Vec::with_capacity(values.len()),
            upper_starts: with_zero(),
            upper_inner: Vec::with_capacity(n),
            upper_rows: Vec::with_capacity(values.len()),
            upper_values: Vec::with_capacity(values.len()),
            pivots: Vec::with_capacity(n),
            pivot_rows: Vec::with_capacity(n),
            pruned_ends: Vec::with_capacity(n),
            column: vec![T::ZERO; n],
            mark: vec![NONE; n],
            dependencies: Vec::new(),
            candidates: Vec::new(),
            path: Vec::new(),
        }
    }

    /// Takes over columns that some other method factors (Cholesky): only the part above the block is stored.
    pub fn skip(&mut self, positions: Range<usize>) {
        for position in positions {
            self.store_outer(position);
            self.finish_column(position as u32, T::ONE);
        }
    }

    /// 1 × 1 blocks. On failure returns the position whose pivot is zero.
    pub fn singletons(&mut self, positions: Range<usize>) -> Result<(), usize> {
        for position in positions {
            self.store_outer(position);
            let pivot = self.values[self.structure.entry_slots[self.structure.inner_entries(position).start] as usize];
            if !self.acceptable(pivot) {
                return Err(position);
            }
            self.finish_column(position as u32, pivot);
        }
        Ok(())
    }

    /// Factors one irreducible block. On failure returns the position of the column without pivot.
    pub fn block(&mut self, positions: Range<usize>) -> Result<(), usize> {
        let first_lower = self.lower_rows.len();
        for position in positions {
            self.store_outer(position);
            self.reach(position);
            self.scatter(position);
            self.update();
            let pivot_row = self.choose_pivot(position).ok_or(position)?;
            let pivot = self.column[pivot_row as usize];
            self.store_lower(pivot_row, pivot);
            self.finish_column(pivot_row, pivot);
            self.prune(position, pivot_row);
        }
        for row in &mut self.lower_rows[first_lower..] {
            *row = self.row_position[*row as usize];
        }
        Ok(())
    }

    fn acceptable(&self, pivot: T) -> bool {
        let magnitude = pivot.magnitude();
        magnitude > self.options.absolute && magnitude >= f64::MIN_POSITIVE && magnitude.is_finite()
    }

    /// Copies the entries that belong to rows of earlier blocks.
    fn store_outer(&mut self, position: usize) {
        for entry in self.structure.outer_entries(position) {
            self.upper_rows.push(self.row_position[self.structure.entry_rows[entry] as usize]);
            self.upper_values.push(self.values[self.structure.entry_slots[entry] as usize]);
        }
        self.upper_inner.push(self.upper_rows.len() as u32);
    }

    /// Finds the pattern of L⁻¹ times the column: all rows reachable through finished L columns.
    fn reach(&mut self, position: usize) {
        self.dependencies.clear();
        self.candidates.clear();
        for entry in self.structure.inner_entries(position) {
            self.visit(self.structure.entry_rows[entry], position as u32);
            while let Some(&mut (pivot, ref mut cursor)) = self.path.last_mut() {
                if *cursor == self.pruned_ends[pivot as usize] {
                    self.dependencies.push(pivot);
                    self.path.pop();
                } else {
                    let row = self.lower_rows[*cursor as usize];
                    *cursor += 1;
                    self.visit(row, position as u32);
                }
            }
        }
    }

    #[inline]
    fn visit(&mut self, row: u32, position: u32) {
        if self.mark[row as usize] == position {
            return;
        }
        self.mark[row as usize] = position;
        match self.row_position[row as usize] {
            NONE => self.candidates.push(row),
            pivot => self.path.push((pivot, self.lower_starts[pivot as usize])),
        }
    }

    fn scatter(&mut self, position: usize) {
        for entry in self.structure.inner_entries(position) {
            self.column[self.structure.entry_rows[entry] as usize] =
                self.values[self.structure.entry_slots[entry] as usize];
        }
    }

    /// Solves with the finished columns of L and stores the column of U.
    fn update(&mut self) {
        self.upper_rows.reserve(self.dependencies.len());
        self.upper_values.reserve(self.dependencies.len());
        for &pivot in self.dependencies.iter().rev() {
            let row = self.pivot_rows[pivot as usize] as usize;
            let factor = std::mem::replace(&mut self.column[row], T::ZERO);
            self.upper_rows.push(pivot);
            self.upper_values.push(factor);
            if factor == T::ZERO {
                continue;
            }
            let range = self.lower_starts[pivot as usize] as usize..self.lower_starts[pivot as usize + 1] as usize;
            for (&row, &value) in self.lower_rows[range.clone()].iter().zip(&self.lower_values[range]) {
                self.column[row as usize] -= value * factor;
            }
        }
    }

    /// The matched row if it is good enough, else the largest candidate relative to its row; None if all vanish.
    fn choose_pivot(&self, position: usize) -> Option<u32> {
        let relative = |row: u32| self.column[row as usize].magnitude() * self.row_weights[row as usize];
        let mut largest = 0.0;
        let mut choice = None;
        for &row in &self.candidates {
            let size = relative(row);
            if size > largest {
                (largest, choice) = (size, Some(row));
            }
        }
        let diagonal = position as u32;
        let available = self.mark[position] == diagonal && self.row_position[position] == NONE;
        if available && largest > 0.0 && relative(diagonal) >= self.options.relative_threshold * largest {
            choice = Some(diagonal);
        }
        choice.filter(|&row| self.acceptable(self.column[row as usize]))
    }

    fn store_lower(&mut self, pivot_row: u32, pivot: T) {
        let inverse = pivot.reciprocal();
        for &row in &self.candidates {
            let value = std::mem::replace(&mut self.column[row as usize], T::ZERO);
            if row != pivot_row {
                self.lower_rows.push(row);
                self.lower_values.push(value * inverse);
            }
        }
    }

    fn finish_column(&mut self, pivot_row: u32, pivot: T) {
        self.row_position[pivot_row as usize] = self.pivots.len() as u32;
        self.pivots.push(pivot);
        self.pivot_rows.push(pivot_row);
        self.lower_starts.push(self.lower_rows.len() as u32);
        self.pruned_ends.push(self.lower_rows.len() as u32);
        self.upper_starts.push(self.upper_rows.len() as u32);
    }

    /// Column j of L with an entry in the new pivot row need not be searched below it any more if U has the entry
    /// (j, position) too: whatever lies below is reachable through the new column.
    fn prune(&mut self, position: usize, pivot_row: u32) {
        for entry in self.upper_inner[position] as usize..self.upper_rows.len() {
            let pivot = self.upper_rows[entry] as usize;
            let (start, end) = (self.lower_starts[pivot] as usize, self.lower_starts[pivot + 1] as usize);
            let unpruned = self.pruned_ends[pivot] as usize == end;
            if !unpruned || !self.lower_rows[start..end].contains(&pivot_row) {
                continue;
            }
            // Pivot rows first; the others can only be found through the new column from now on.
            let (mut head, mut tail) = (start, end);
            while head < tail {
                if self.row_position[self.lower_rows[head] as usize] != NONE {
                    head += 1;
                } else {
                    tail -= 1;
                    self.lower_rows.swap(head, tail);
                    self.lower_values.swap(head, tail);
                }
            }
            self.pruned_ends[pivot] = tail as u32;
        }
    }
}

//! The structure of a system: its pattern, its constant entries, the rows that can be held.

use crate::devices::assembly::{UnknownInfo, UnknownKind};
use crate::devices::group::Group;
use crate::numerics::sparse::Pattern;

/// A constant matrix by rows, only its entries that are not zero.
#[derive(Debug, Clone, Default)]
pub struct ConstantMatrix {
    row_starts: Vec<u32>,
    columns: Vec<u32>,
    slots: Vec<u32>,
    values: Vec<f64>,
}

impl ConstantMatrix {
    /// From values in the slots of `pattern`.
    pub fn new(pattern: &Pattern, values: &[f64]) -> Self {
        let mut counts = vec![0u32; pattern.n + 1];
        for (slot, &row) in pattern.rows.iter().enumerate() {
            counts[row as usize + 1] += u32::from(values[slot] != 0.0);
        }
        for row in 0..pattern.n {
            counts[row + 1] += counts[row];
        }
        let total = counts[pattern.n] as usize;
        let mut next = counts.clone();
        let mut matrix = ConstantMatrix {
            row_starts: counts,
            columns: vec![0; total],
            slots: vec![0; total],
            values: vec![0.0; total],
        };
        for column in 0..pattern.n {
            for slot in pattern.column(column).filter(|&slot| values[slot] != 0.0) {
                let position = &mut next[pattern.rows[slot] as usize];
                matrix.columns[*position as usize] = column as u32;
                matrix.slots[*position as usize] = slot as u32;
                matrix.values[*position as usize] = values[slot];
                *position += 1;
            }
        }
        matrix
    }

    /// Other values in the slots of the same pattern; false if they are what they were.
    pub fn set(&mut self, pattern: &Pattern, values: &[f64]) -> bool {
        let entries = values[..pattern.nnz()].iter().filter(|value| **value != 0.0).count();
        let made = self.row_starts.len() == pattern.n + 1 && entries == self.slots.len();
        let mut changed = false;
        if made && self.slots.iter().all(|&slot| values[slot as usize] != 0.0) {
            for (value, &slot) in self.values.iter_mut().zip(&self.slots) {
                changed |= *value != values[slot as usize];
                *value = values[slot as usize];
            }
        } else {
            *self = ConstantMatrix::new(pattern, values);
            changed = true;
        }
        changed
    }

    fn row(&self, row: usize) -> std::ops::Range<usize> {
        self.row_starts[row] as usize..self.row_starts[row + 1] as usize
    }

    /// Whether row `row` has an entry.
    pub fn has_row(&self, row: usize) -> bool {
        !self.row(row).is_empty()
    }

    /// Σ|a| of every row.
    pub fn row_sums(&self) -> Vec<f64> {
        let rows = 0..self.row_starts.len().saturating_sub(1);
        rows.map(|row| self.values[self.row(row)].iter().map(|value| value.abs()).sum()).collect()
    }

    /// target = start + A·x
    pub fn multiply(&self, start: &[f64], x: &[f64], target: &mut [f64]) {
        for (row, (target, start)) in target.iter_mut().zip(start).enumerate().take(self.row_starts.len() - 1) {
            let range = self.row(row);
            let entries = self.columns[range.clone()].iter().zip(&self.values[range]);
            *target = entries.fold(*start, |sum, (&column, value)| sum + value * x[column as usize]);
        }
    }

    /// target = A·x
    pub fn multiply_into(&self, x: &[f64], target: &mut [f64]) {
        if self.values.is_empty() {
            target.fill(0.0);
            return;
        }
        for (row, target) in target.iter_mut().enumerate().take(self.row_starts.len() - 1) {
            let range = self.row(row);
            let entries = self.columns[range.clone()].iter().zip(&self.values[range]);
            *target = entries.fold(0.0, |sum, (&column, value)| sum + value * x[column as usize]);
        }
    }

    /// Adds the matrix, each row times its factor, to matrix values in slot order.
    pub fn add_scaled(&self, factors: &[f64], target: &mut [f64]) {
        for (row, factor) in factors.iter().enumerate().take(self.row_starts.len() - 1) {
            for index in self.row(row) {
                target[self.slots[index] as usize] += factor * self.values[index];
            }
        }
    }
}

/// A row that can be replaced by x − value = 0, with its matrix slots.
pub struct HeldRow {
    pub row: usize,
    pub diagonal: usize,
    pub slots: Vec<u32>,
    pub value: f64,
    pub discrete: bool,
}

/// Pattern of all groups and the diagonal of all but branch currents; tells the groups their slots. Second part: slots of the
/// diagonal.
pub fn build_pattern(unknowns: &[UnknownInfo], groups: &mut [Box<dyn Group>]) -> (Pattern, Vec<u32>) {
    let n = unknowns.len();
    // A branch current has no diagonal entry: a zero there would tie blocks together that are apart.
    let diagonal = |(index, info): (usize, &UnknownInfo)| match info.kind {
        UnknownKind::Current => (n as u32, n as u32),
        _ => (index as u32, index as u32),
    };
    let mut entries: Vec<(u32, u32)> = unknowns.iter().enumerate().map(diagonal).collect();
    for group in groups.iter() {
        group.entries(&mut |row, column| entries.push((row, column)));
    }
    let ground = n as u32;
    let inside: Vec<(u32, u32)> =
        entries.iter().copied().filter(|&(row, column)| row != ground && column != ground).collect();
    let (pattern, slots) = Pattern::from_entries(n, &inside);
    // Entries of ground go to a slot behind the last.
    let trash = pattern.nnz() as u32;
    let mut slots = slots.into_iter();
    let mut all = entries
        .iter()
        .map(|&(row, column)| if row == ground || column == ground { trash } else { slots.next().unwrap_or(trash) });
    let diagonal: Vec<u32> = all.by_ref().take(n).collect();
    for group in groups {
        group.assign(&mut all);
    }
    (pattern, diagonal)
}

/// The rows that can be held, with their slots.
pub fn held_rows(held: &[(u32, f64)], unknowns: &[UnknownInfo], pattern: &Pattern, diagonal: &[u32]) -> Vec<HeldRow> {
    let mut rows: Vec<HeldRow> = held
        .iter()
        .map(|&(row, value)| HeldRow {
            row: row as usize,
            diagonal: diagonal[row as usize] as usize,
            slots: Vec::new(),
            value,
            discrete: unknowns[row as usize].kind == UnknownKind::Discrete,
        })
        .collect();
    if rows.is_empty() {
        return rows;
    }
    let mut index_of = vec![u32::MAX; unknowns.len()];
    for (index, held) in rows.iter().enumerate() {
        index_of[held.row] = index as u32;
    }
    for (slot, &row) in pattern.rows.iter().enumerate() {
        if let Some(held) = rows.get_mut(index_of[row as usize] as usize) {
            held.slots.push(slot as u32);
        }
    }
    rows
}

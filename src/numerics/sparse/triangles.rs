//! Storage of the factors L and U.

use super::elimination::Elimination;
use super::field::Field;

/// L and U by columns, in final positions.
///
/// L has a unit diagonal that is not stored. A column of U holds first the entries in rows of earlier blocks, which
/// are entries of the matrix itself, then those of its own block. The numbers share one array:
/// L, then U, then the reciprocal pivots.
#[derive(Clone, Debug)]
pub(super) struct Triangles<T> {
    /// Column k of L: `lower_starts[k]..lower_starts[k + 1]`; rows ascending.
    pub lower_starts: Vec<u32>,
    pub lower_rows: Vec<u32>,
    /// Column k of U: `upper_starts[k]..upper_starts[k + 1]`; rows ascending from `upper_inner[k]` on.
    pub upper_starts: Vec<u32>,
    pub upper_inner: Vec<u32>,
    pub upper_rows: Vec<u32>,
    /// Columns with the same number are consecutive and have the same pattern below the last of them.
    pub supernodes: Vec<u32>,
    pub values: Vec<T>,
}

/// The three parts of [`Triangles::values`].
pub(super) struct Parts<'a, T> {
    pub lower: &'a [T],
    pub upper: &'a [T],
    pub inverse_pivots: &'a [T],
}

impl<T: Field> Triangles<T> {
    /// Takes over a finished elimination, sorts its columns and detects supernodes.
    pub fn new(elimination: Elimination<'_, T>) -> Triangles<T> {
        let Elimination { lower_starts, mut lower_rows, mut lower_values, .. } = elimination;
        let Elimination { upper_starts, upper_inner, mut upper_rows, mut upper_values, pivots, .. } = elimination;
        let mut scratch = vec![T::ZERO; pivots.len()];
        for column in 0..pivots.len() {
            let lower = lower_starts[column] as usize..lower_starts[column + 1] as usize;
            sort_column(&mut lower_rows[lower.clone()], &mut lower_values[lower], &mut scratch);
            let upper = upper_inner[column] as usize..upper_starts[column + 1] as usize;
            sort_column(&mut upper_rows[upper.clone()], &mut upper_values[upper], &mut scratch);
        }
        let supernodes = supernodes(&lower_starts, &lower_rows);
        let mut values = lower_values;
        values.reserve_exact(upper_values.len() + pivots.len());
        values.extend_from_slice(&upper_values);
        values.extend(pivots.iter().map(|pivot| pivot.reciprocal()));
        Triangles { lower_starts, lower_rows, upper_starts, upper_inner, upper_rows, supernodes, values }
    }

    pub fn parts(&self) -> Parts<'_, T> {
        let (lower, rest) = self.values.split_at(self.lower_rows.len());
        let (upper, inverse_pivots) = rest.split_at(self.upper_rows.len());
        Parts { lower, upper, inverse_pivots }
    }

    /// Index of the first reciprocal pivot in `values`.
    pub fn pivot_start(&self) -> usize {
        self.lower_rows.len() + self.upper_rows.len()
    }
}

/// Sorts one column by row; `scratch` is a dense column, of any content.
fn sort_column<T: Field>(rows: &mut [u32], values: &mut [T], scratch: &mut [T]) {
    if rows.is_sorted() {
        return;
    }
    for (&row, &value) in rows.iter().zip(&*values) {
        scratch[row as usize] = value;
    }
    rows.sort_unstable();
    for (&row, value) in rows.iter().zip(values) {
        *value = scratch[row as usize];
    }
}

/// Numbers the columns so that neighbours share a number if L's pattern continues unchanged from one to the next.
fn supernodes(lower_starts: &[u32], lower_rows: &[u32]) -> Vec<u32> {
    let column = |k: usize| &lower_rows[lower_starts[k] as usize..lower_starts[k + 1] as usize];
    let n = lower_starts.len() - 1;
    let mut numbers = vec![0u32; n];
    for k in 1..n {
        let joined = column(k - 1).split_first().is_some_and(|(&first, rest)| first == k as u32 && rest == column(k));
        numbers[k] = numbers[k - 1] + u32::from(!joined);
    }
    numbers
}

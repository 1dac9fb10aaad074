//! Where a square matrix has entries, in compressed columns; the values live elsewhere.

use super::field::Field;

/// Sparsity pattern of an n × n matrix in compressed sparse columns.
///
/// Rows are ascending within a column and never repeat. The position of an entry in `rows` is its *slot*; every
/// value array that goes with the pattern has one number per slot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pattern {
    /// Number of rows and of columns.
    pub n: usize,
    /// Column j holds the slots `column_starts[j]..column_starts[j + 1]`; length n + 1.
    pub column_starts: Vec<u32>,
    /// Row of each slot; length nnz.
    pub rows: Vec<u32>,
}

impl Pattern {
    /// Collects (row, column) pairs, which may repeat, and returns the slot of each pair in the order given.
    ///
    /// Two counting sorts (by row, then stably by column), so time and memory are proportional to
    /// n + number of entries.
    ///
    /// # Panics
    /// If an index is not below `n`, or there are 2³² − 1 entries or more.
    pub fn from_entries(n: usize, entries: &[(u32, u32)]) -> (Pattern, Vec<u32>) {
        assert!(entries.len() < u32::MAX as usize && n < u32::MAX as usize, "too many entries for 32-bit slots");
        let by_row = order_by(n, entries.len(), |entry| entries[entry].0, None);
        let order = order_by(n, entries.len(), |entry| entries[entry].1, Some(&by_row));
        drop(by_row);

        let mut column_starts = vec![0u32; n + 1];
        let mut rows: Vec<u32> = Vec::with_capacity(entries.len());
        let mut slots = vec![0u32; entries.len()];
        let mut previous = None;
        for &entry in &order {
            let pair = entries[entry as usize];
            if previous != Some(pair) {
                rows.push(pair.0);
                column_starts[pair.1 as usize + 1] = rows.len() as u32;
                previous = Some(pair);
            }
            slots[entry as usize] = rows.len() as u32 - 1;
        }
        // Columns without entries end where their predecessor ends.
        for column in 0..n {
            column_starts[column + 1] = column_starts[column + 1].max(column_starts[column]);
        }
        rows.shrink_to_fit();
        (Pattern { n, column_starts, rows }, slots)
    }

    /// Number of entries, which is the length of a value array.
    pub fn nnz(&self) -> usize {
        self.rows.len()
    }

    /// Slots of a column.
    pub fn column(&self, column: usize) -> std::ops::Range<usize> {
        self.column_starts[column] as usize..self.column_starts[column + 1] as usize
    }

    /// Slot of (row, column), if the pattern has that entry.
    pub fn slot(&self, row: usize, column: usize) -> Option<usize> {
        let slots = self.column(column);
        let found = self.rows[slots.clone()].binary_search(&(row as u32)).ok()?;
        Some(slots.start + found)
    }

    /// y = A x. Lengths: `values` nnz, `x` and `y` n.
    pub fn multiply<T: Field>(&self, values: &[T], x: &[T], y: &mut [T]) {
        y.fill(T::ZERO);
        self.multiply_accumulate(T::ONE, values, x, y);
    }

    /// y += factor · A x. Lengths: `values` nnz, `x` and `y` n.
    pub fn multiply_accumulate<T: Field>(&self, factor: T, values: &[T], x: &[T], y: &mut [T]) {
        assert!(values.len() == self.nnz() && x.len() == self.n && y.len() == self.n);
        for (column, &unknown) in x.iter().enumerate() {
            let scaled = factor * unknown;
            let slots = self.column(column);
            for (&row, &value) in self.rows[slots.clone()].iter().zip(&values[slots]) {
                y[row as usize] += value * scaled;
            }
        }
    }

    /// y += factor · Aᵀ x. Lengths: `values` nnz, `x` and `y` n.
    pub fn multiply_transposed_accumulate<T: Field>(&self, factor: T, values: &[T], x: &[T], y: &mut [T]) {
        assert!(values.len() == self.nnz() && x.len() == self.n && y.len() == self.n);
        for (column, result) in y.iter_mut().enumerate() {
            let slots = self.column(column);
            let mut sum = T::ZERO;
            for (&row, &value) in self.rows[slots.clone()].iter().zip(&values[slots]) {
                sum += value * x[row as usize];
            }
            *result += factor * sum;
        }
    }
}

/// Stable counting sort: the entries 0..count ordered by `key` (below n), starting from `order` if given.
fn order_by(n: usize, count: usize, key: impl Fn(usize) -> u32, order: Option<&[u32]>) -> Vec<u32> {
    let mut next = vec![0u32; n + 1];
    for entry in 0..count {
        next[key(entry) as usize + 1] += 1;
    }
    for bucket in 0..n {
        next[bucket + 1] += next[bucket];
    }
    let mut sorted = vec![0u32; count];
    let mut place = |entry: usize| {
        let cursor = &mut next[key(entry) as usize];
        sorted[*cursor as usize] = entry as u32;
        *cursor += 1;
    };
    match order {
        None => (0..count).for_each(&mut place),
        Some(order) => order.iter().for_each(|&entry| place(entry as usize)),
    }
    sorted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn duplicates_share_a_slot_and_rows_ascend() {
        let entries = [(2, 0), (0, 0), (2, 0), (1, 2), (0, 2), (1, 2)];
        let (pattern, slots) = Pattern::from_entries(4, &entries);
        assert_eq!(pattern.column_starts, [0, 2, 2, 4, 4]);
        assert_eq!(pattern.rows, [0, 2, 0, 1]);
        assert_eq!(slots, [1, 0, 1, 3, 2, 3]);
        assert_eq!(pattern.slot(2, 0), Some(1));
        assert_eq!(pattern.slot(1, 0), None);
    }

    #[test]
    fn products_match_a_hand_computation() {
        let (pattern, _) = Pattern::from_entries(2, &[(0, 0), (1, 0), (1, 1)]);
        let values = [2.0, 3.0, 5.0];
        let mut y = [9.0; 2];
        pattern.multiply(&values, &[1.0, 10.0], &mut y);
        assert_eq!(y, [2.0, 53.0]);
        pattern.multiply_accumulate(-1.0, &values, &[1.0, 0.0], &mut y);
        assert_eq!(y, [0.0, 50.0]);
        let mut z = [1.0; 2];
        pattern.multiply_transposed_accumulate(2.0, &values, &[1.0, 10.0], &mut z);
        assert_eq!(z, [65.0, 101.0]);
    }

    #[test]
    fn empty_matrix() {
        let (pattern, slots) = Pattern::from_entries(0, &[]);
        assert_eq!((pattern.nnz(), slots.len(), pattern.column_starts.len()), (0, 0, 1));
    }
}

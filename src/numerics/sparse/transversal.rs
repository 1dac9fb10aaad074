//! Maximum transversal: a row for every column, so that the permuted matrix has no zero on its diagonal.
//!
//! Depth-first augmenting paths with a cheap look-ahead (I. S. Duff, Algorithm 575 "MC21", ACM TOMS 7, 1981). The
//! look-ahead pointers persist over all searches, which keeps the cheap part linear in the number of entries.

use super::pattern::Pattern;

/// Marks a row or a column without partner.
const NONE: u32 = u32::MAX;

/// An entry weaker than this fraction of its column's largest one is a last resort as pivot: a node held by a
/// voltage source and otherwise only by gmin should be matched with the source's row.
const WEAK: f64 = 1e-6;

/// No assignment of values makes the matrix regular: some rows and as many columns have no partner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StructurallySingular {
    /// Rows (equations) without a column, ascending.
    pub rows: Vec<usize>,
    /// Columns (unknowns) without a row, ascending; as many as `rows`.
    pub columns: Vec<usize>,
}

impl std::fmt::Display for StructurallySingular {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            formatter,
            "structurally singular matrix: no equation determines unknowns {:?} (equations {:?} are redundant)",
            self.columns, self.rows
        )
    }
}

impl std::error::Error for StructurallySingular {}

/// Returns for each column its row; the diagonal wherever that is possible and not weak.
///
/// `values` (length nnz), if given, keep weak entries off the diagonal unless nothing else is left.
pub(super) fn maximum_transversal(pattern: &Pattern, values: Option<&[f64]>) -> Result<Vec<u32>, StructurallySingular> {
    let strong = values.map(|values| strong_entries(pattern, values));
    let mut matching = Matching::new(pattern);
    if let Some(strong) = &strong {
        matching.match_diagonal(|slot| strong[slot]);
        matching.match_all(|slot| strong[slot]);
    }
    if matching.unmatched > 0 {
        matching.match_diagonal(|_| true);
        matching.match_all(|_| true);
    }
    if matching.unmatched > 0 {
        return Err(matching.deficiency());
    }
    Ok(matching.row_of)
}

/// Which slots are large enough to be wanted as pivots.
fn strong_entries(pattern: &Pattern, values: &[f64]) -> Vec<bool> {
    let mut strong = vec![false; pattern.nnz()];
    for column in 0..pattern.n {
        let slots = pattern.column(column);
        let largest = values[slots.clone()].iter().fold(0.0f64, |largest, value| largest.max(value.abs()));
        for slot in slots {
            strong[slot] = values[slot] != 0.0 && values[slot].abs() >= WEAK * largest;
        }
    }
    strong
}

/// A partial matching of columns and rows, and the state of the searches.
struct Matching<'a> {
    pattern: &'a Pattern,
    /// Row of each column, or NONE.
    row_of: Vec<u32>,
    /// Column of each row, or NONE.
    column_of: Vec<u32>,
    /// Columns without a row.
    unmatched: usize,
    /// Search that last visited a column. A failed search leaves its marks in place: no later path can lead
    /// through a column from which no free row was reachable.
    visited: Vec<bool>,
    /// Next slot of each column to look ahead at; never goes back within one pass over the columns.
    look_ahead: Vec<u32>,
    /// Next slot of each column to descend through.
    next: Vec<u32>,
    /// Columns on the current path; `next[column] - 1` is the slot that leads on.
    path: Vec<u32>,
    /// Columns visited by the current search, to be unmarked when it succeeds.
    touched: Vec<u32>,
}

impl<'a> Matching<'a> {
    fn new(pattern: &'a Pattern) -> Self {
        let n = pattern.n;
        Matching {
            pattern,
            row_of: vec![NONE; n],
            column_of: vec![NONE; n],
            unmatched: n,
            visited: vec![false; n],
            look_ahead: vec![0; n],
            next: vec![0; n],
            path: Vec::new(),
            touched: Vec::new(),
        }
    }

    fn pair(&mut self, row: u32, column: u32) {
        self.row_of[column as usize] = row;
        self.column_of[row as usize] = column;
    }

    /// Takes every allowed diagonal entry whose row and column are both free.
    fn match_diagonal(&mut self, allowed: impl Fn(usize) -> bool) {
        for column in 0..self.pattern.n {
            if self.row_of[column] != NONE || self.column_of[column] != NONE {
                continue;
            }
            if self.pattern.slot(column, column).is_some_and(&allowed) {
                self.pair(column as u32, column as u32);
                self.unmatched -= 1;
            }
        }
    }

    /// Searches an augmenting path over allowed entries from every free column.
    fn match_all(&mut self, allowed: impl Fn(usize) -> bool) {
        self.visited.fill(false);
        self.look_ahead.copy_from_slice(&self.pattern.column_starts[..self.pattern.n]);
        for column in 0..self.pattern.n as u32 {
            if self.row_of[column as usize] == NONE && self.augment(column, &allowed) {
                self.unmatched -= 1;
            }
        }
    }

    /// Depth-first search from one free column; flips the path and returns true if a free row is reached.
    fn augment(&mut self, start: u32, allowed: &impl Fn(usize) -> bool) -> bool {
        self.touched.clear();
        self.path.clear();
        self.enter(start);
        while let Some(&column) = self.path.last() {
            if let Some(row) = self.free_row(column as usize, allowed) {
                self.flip(row);
                for &column in &self.touched {
                    self.visited[column as usize] = false;
                }
                return true;
            }
            match self.descend(column as usize, allowed) {
                Some(onward) => self.enter(onward),
                None => {
                    self.path.pop();
                }
            }
        }
        false
    }

    fn enter(&mut self, column: u32) {
        self.visited[column as usize] = true;
        self.touched.push(column);
        self.path.push(column);
        self.next[column as usize] = self.pattern.column_starts[column as usize];
    }

    /// A free row of the column, by the persistent look-ahead pointer (rows never become free again).
    fn free_row(&mut self, column: usize, allowed: &impl Fn(usize) -> bool) -> Option<u32> {
        let end = self.pattern.column_starts[column + 1];
        while self.look_ahead[column] < end {
            let slot = self.look_ahead[column] as usize;
            self.look_ahead[column] += 1;
            let row = self.pattern.rows[slot];
            if self.column_of[row as usize] == NONE && allowed(slot) {
                return Some(row);
            }
        }
        None
    }

    /// The next unvisited column that owns one of this column's rows.
    fn descend(&mut self, column: usize, allowed: &impl Fn(usize) -> bool) -> Option<u32> {
        let end = self.pattern.column_starts[column + 1];
        while self.next[column] < end {
            let slot = self.next[column] as usize;
            self.next[column] += 1;
            let owner = self.column_of[self.pattern.rows[slot] as usize];
            if owner != NONE && !self.visited[owner as usize] && allowed(slot) {
                return Some(owner);
            }
        }
        None
    }

    /// Gives every column on the path the row that led onward, and the last one the free row.
    fn flip(&mut self, free_row: u32) {
        let mut row = free_row;
        for depth in (0..self.path.len()).rev() {
            let column = self.path[depth];
            let released = self.row_of[column as usize];
            self.pair(row, column);
            row = released;
        }
    }

    fn deficiency(&self) -> StructurallySingular {
        let free = |partner: &[u32]| (0..self.pattern.n).filter(|&index| partner[index] == NONE).collect();
        StructurallySingular { rows: free(&self.column_of), columns: free(&self.row_of) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn diagonal_is_preferred_and_paths_are_found() {
        let (full, _) = Pattern::from_entries(3, &[(0, 0), (1, 1), (2, 2), (0, 1), (1, 0)]);
        assert_eq!(maximum_transversal(&full, None).unwrap(), [0, 1, 2]);
        // Column 0: {0, 1}; column 1: {0}; column 2: {1, 2}; the diagonal of column 1 does not exist.
        let (path, _) = Pattern::from_entries(3, &[(0, 0), (1, 0), (0, 1), (1, 2), (2, 2)]);
        assert_eq!(maximum_transversal(&path, None).unwrap(), [1, 0, 2]);
    }

    #[test]
    fn weak_diagonal_gives_way_to_a_source_row() {
        // Node with gmin only, held by a voltage source: [[gmin, 1], [1, 0]].
        let (pattern, _) = Pattern::from_entries(2, &[(0, 0), (1, 0), (0, 1)]);
        assert_eq!(maximum_transversal(&pattern, Some(&[1e-12, 1.0, 1.0])).unwrap(), [1, 0]);
        let (pattern, _) = Pattern::from_entries(2, &[(0, 0), (1, 0), (0, 1), (1, 1)]);
        assert_eq!(maximum_transversal(&pattern, Some(&[1e-12, 1.0, 1.0, 1e-12])).unwrap(), [1, 0]);
        assert_eq!(maximum_transversal(&pattern, Some(&[1.0, 1.0, 1.0, 1.0])).unwrap(), [0, 1]);
    }

    #[test]
    fn numerical_zeros_are_used_only_if_nothing_else_is_left() {
        let (pattern, _) = Pattern::from_entries(2, &[(0, 0), (1, 1), (0, 1)]);
        assert_eq!(maximum_transversal(&pattern, Some(&[0.0, 1.0, 1.0])).unwrap(), [0, 1]);
    }

    #[test]
    fn deficiency_names_rows_and_columns() {
        // Columns 1 and 2 both live on row 1 only; row 3 is empty, column 3 shares row 0 with column 0.
        let (pattern, _) = Pattern::from_entries(4, &[(0, 0), (2, 0), (1, 1), (1, 2), (0, 3)]);
        let error = maximum_transversal(&pattern, None).unwrap_err();
        assert_eq!(error, StructurallySingular { rows: vec![3], columns: vec![2] });
    }
}

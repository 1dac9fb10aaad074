//! Block upper triangular form: the strongly connected components of the matched matrix.
//!
//! R. Tarjan, "Depth-first search and linear graph algorithms", SIAM J. Computing 1, 1972, without recursion.

use super::pattern::Pattern;
use super::transversal::{StructurallySingular, maximum_transversal};

/// Not yet numbered.
const NONE: u32 = u32::MAX;

/// Columns grouped into diagonal blocks; block b is `columns[starts[b]..starts[b + 1]]`, ascending inside.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Blocks {
    pub columns: Vec<u32>,
    pub starts: Vec<u32>,
}

/// Rows and columns of a diagonal block.
type RowsAndColumns = (Vec<u32>, Vec<u32>);

/// Rows and columns of the irreducible diagonal blocks of a matrix: its determinant is the product of theirs, up to its sign.
///
/// # Errors
/// The determinant is 0 whatever the values are.
pub fn irreducible_blocks(pattern: &Pattern) -> Result<Vec<RowsAndColumns>, StructurallySingular> {
    let row_of_column = maximum_transversal(pattern, None)?;
    let mut column_of_row = vec![0u32; pattern.n];
    for (column, &row) in row_of_column.iter().enumerate() {
        column_of_row[row as usize] = column as u32;
    }
    let Blocks { columns, starts } = block_triangular_form(pattern, &column_of_row);
    let block = |ends: &[u32]| {
        let columns = columns[ends[0] as usize..ends[1] as usize].to_vec();
        (columns.iter().map(|&column| row_of_column[column as usize]).collect(), columns)
    };
    Ok(starts.windows(2).map(block).collect())
}

/// Splits the matrix into irreducible diagonal blocks, ordered so that everything below them is zero.
///
/// `column_of_row[i]` is the column matched with row i. Column j points at the owners of its rows; Tarjan emits a
/// component after all it points at, which is the order of an upper block triangular matrix.
pub(super) fn block_triangular_form(pattern: &Pattern, column_of_row: &[u32]) -> Blocks {
    let n = pattern.n;
    let mut search = Search {
        number: vec![NONE; n],
        low: vec![0; n],
        emitted: vec![false; n],
        stack: Vec::new(),
        count: 0,
        blocks: Blocks { columns: Vec::with_capacity(n), starts: vec![0] },
    };
    let mut next: Vec<u32> = pattern.column_starts[..n].to_vec();
    let mut path: Vec<u32> = Vec::new();
    for root in 0..n as u32 {
        if search.number[root as usize] != NONE {
            continue;
        }
        search.enter(root);
        path.push(root);
        while let Some(&column) = path.last() {
            let vertex = column as usize;
            if next[vertex] < pattern.column_starts[vertex + 1] {
                let neighbour = column_of_row[pattern.rows[next[vertex] as usize] as usize];
                next[vertex] += 1;
                if search.number[neighbour as usize] == NONE {
                    search.enter(neighbour);
                    path.push(neighbour);
                } else if !search.emitted[neighbour as usize] {
                    search.low[vertex] = search.low[vertex].min(search.number[neighbour as usize]);
                }
            } else {
                path.pop();
                search.leave(column, path.last().copied());
            }
        }
    }
    search.blocks
}

struct Search {
    /// Order of discovery.
    number: Vec<u32>,
    /// Smallest number reachable within the component.
    low: Vec<u32>,
    emitted: Vec<bool>,
    /// Discovered columns that belong to no finished component yet.
    stack: Vec<u32>,
    count: u32,
    blocks: Blocks,
}

impl Search {
    fn enter(&mut self, column: u32) {
        self.number[column as usize] = self.count;
        self.low[column as usize] = self.count;
        self.count += 1;
        self.stack.push(column);
    }

    /// All neighbours of the column are done: pass its low number on, emit its component if it is the root.
    fn leave(&mut self, column: u32, parent: Option<u32>) {
        let low = self.low[column as usize];
        if let Some(parent) = parent {
            self.low[parent as usize] = self.low[parent as usize].min(low);
        }
        if low != self.number[column as usize] {
            return;
        }
        let begin = self.blocks.columns.len();
        while let Some(member) = self.stack.pop() {
            self.emitted[member as usize] = true;
            self.blocks.columns.push(member);
            if member == column {
                break;
            }
        }
        self.blocks.columns[begin..].sort_unstable();
        self.blocks.starts.push(self.blocks.columns.len() as u32);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cycle_is_one_block_and_chain_is_many() {
        let (cycle, _) = Pattern::from_entries(3, &[(0, 0), (1, 1), (2, 2), (1, 0), (2, 1), (0, 2)]);
        assert_eq!(block_triangular_form(&cycle, &[0, 1, 2]).starts, [0, 3]);
        let (chain, _) = Pattern::from_entries(3, &[(0, 0), (1, 1), (2, 2), (1, 0), (2, 1)]);
        let blocks = block_triangular_form(&chain, &[0, 1, 2]);
        assert_eq!(blocks, Blocks { columns: vec![2, 1, 0], starts: vec![0, 1, 2, 3] });
    }
}

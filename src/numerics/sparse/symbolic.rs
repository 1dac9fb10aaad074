//! Analysis of a pattern, done once per topology: pivots, blocks, elimination order.

use std::ops::Range;
use std::sync::Arc;

use super::block_triangular::block_triangular_form;
use super::cholesky::CholeskyPlan;
use super::ordering::minimum_degree;
use super::pattern::Pattern;
use super::transversal::{StructurallySingular, maximum_transversal};

/// Blocks below this size are never tried with Cholesky: its overhead does not pay.
const SMALLEST_CHOLESKY: usize = 500;

/// Nor are blocks with fewer multiplications per entry of the factor: there Cholesky factors faster at first, but
/// refactors and solves slower (measured on meshes and crossbars of 8,000 to 40,000 nodes).
const SPARSEST_CHOLESKY: f64 = 25.0;

/// The analysis of a pattern; cheap to clone and shared by all factors made from it.
///
/// The rows and columns are permuted to an upper block triangular matrix whose diagonal is free of structural
/// zeros; inside each block the columns follow a fill-reducing order (T. A. Davis, E. Palamadai Natarajan,
/// "Algorithm 907: KLU", ACM TOMS 37, 2010).
#[derive(Clone, Debug)]
pub struct Symbolic {
    pub(super) structure: Arc<Structure>,
}

/// A range of positions that is factored in one go.
#[derive(Debug)]
pub(super) struct Segment {
    pub start: usize,
    pub end: usize,
    pub kind: SegmentKind,
}

#[derive(Debug)]
pub(super) enum SegmentKind {
    /// Consecutive 1 × 1 blocks: divisions only.
    Singletons,
    /// One irreducible block, with a plan for Cholesky if its pattern is symmetric and it is large.
    Block(Option<Box<CholeskyPlan>>),
}

impl Segment {
    pub fn positions(&self) -> Range<usize> {
        self.start..self.end
    }
}

/// The permuted matrix. A *position* is an index in elimination order; row positions follow the matching, so the
/// matched entry of column position k has row position k.
#[derive(Debug)]
pub(super) struct Structure {
    pub pattern: Pattern,
    /// Column (unknown) at each position.
    pub column_order: Vec<u32>,
    /// Row (equation) matched with the column at each position.
    pub row_order: Vec<u32>,
    /// In ascending order of positions; together they cover 0..n.
    pub segments: Vec<Segment>,
    /// Entries of column position k: `entry_starts[k]..entry_starts[k + 1]`.
    pub entry_starts: Vec<u32>,
    /// First of them that lies in the diagonal block; those before it belong to rows of earlier blocks.
    pub entry_inner: Vec<u32>,
    /// Row position of each entry; ascending within the diagonal block.
    pub entry_rows: Vec<u32>,
    /// Slot of each entry in the value array.
    pub entry_slots: Vec<u32>,
}

impl Structure {
    /// Entries of a column that lie above its diagonal block.
    pub fn outer_entries(&self, position: usize) -> Range<usize> {
        self.entry_starts[position] as usize..self.entry_inner[position] as usize
    }

    /// Entries of a column inside its diagonal block.
    pub fn inner_entries(&self, position: usize) -> Range<usize> {
        self.entry_inner[position] as usize..self.entry_starts[position + 1] as usize
    }
}

impl Symbolic {
    /// Analyses a pattern, ordering every block by approximate minimum degree.
    ///
    /// `values` (length nnz, any typical operating point) help to keep weak entries out of the pivots; the result
    /// is valid for all values.
    ///
    /// # Errors
    /// [`StructurallySingular`] with the rows and columns that cannot be matched.
    pub fn analyze(pattern: &Pattern, values: Option<&[f64]>) -> Result<Symbolic, StructurallySingular> {
        Self::analyze_blocks(pattern, values, |block| {
            let (order, density) = minimum_degree(&block.starts, &block.rows);
            (order.into_iter().map(|local| block.columns[local as usize]).collect(), density)
        })
    }

    /// Analyses a pattern, eliminating the unknowns of every block in the given order.
    ///
    /// `order` is a permutation of 0..n, first to last; typically a nested dissection of the layout.
    ///
    /// # Errors
    /// [`StructurallySingular`] with the rows and columns that cannot be matched.
    ///
    /// # Panics
    /// If `order` is not a permutation of 0..n.
    pub fn analyze_with_order(pattern: &Pattern, order: &[u32]) -> Result<Symbolic, StructurallySingular> {
        assert_eq!(order.len(), pattern.n, "an order has one place for every unknown");
        let mut rank = vec![u32::MAX; pattern.n];
        for (place, &unknown) in order.iter().enumerate() {
            assert_eq!(rank[unknown as usize], u32::MAX, "unknown {unknown} occurs twice in the order");
            rank[unknown as usize] = place as u32;
        }
        Self::analyze_blocks(pattern, None, |block| {
            let mut columns = block.columns.to_vec();
            columns.sort_unstable_by_key(|&column| rank[column as usize]);
            // The work is not known here; faer will tell whether there are supernodes.
            (columns, f64::INFINITY)
        })
    }

    /// Analyses a pattern, eliminating the unknowns of `order` first and in that order where they make up most of a block; all
    /// others follow approximate minimum degree. Unknowns that are not in the pattern are left out.
    ///
    /// # Errors
    /// [`StructurallySingular`] with the rows and columns that cannot be matched.
    pub fn analyze_with_partial_order(
        pattern: &Pattern,
        values: Option<&[f64]>,
        order: &[u32],
    ) -> Result<Symbolic, StructurallySingular> {
        let mut rank = vec![u32::MAX; pattern.n];
        for (place, &unknown) in order.iter().enumerate().filter(|(_, unknown)| (**unknown as usize) < pattern.n) {
            rank[unknown as usize] = place as u32;
        }
        Self::analyze_blocks(pattern, values, |block| {
            let ranked = |local: &u32| rank[block.columns[*local as usize] as usize] != u32::MAX;
            let (mut first, others): (Vec<u32>, Vec<u32>) = (0..block.columns.len() as u32).partition(ranked);
            let whole = |order: Vec<u32>| order.into_iter().map(|local| block.columns[local as usize]).collect();
            if 2 * first.len() < block.columns.len() {
                let (order, density) = minimum_degree(&block.starts, &block.rows);
                return (whole(order), density);
            }
            first.sort_unstable_by_key(|&local| rank[block.columns[local as usize] as usize]);
            first.extend(block.order_part(&others));
            (whole(first), f64::INFINITY)
        })
    }

    fn analyze_blocks(
        pattern: &Pattern,
        values: Option<&[f64]>,
        order_block: impl Fn(&LocalBlock) -> (Vec<u32>, f64),
    ) -> Result<Symbolic, StructurallySingular> {
        assert!(values.is_none_or(|values| values.len() == pattern.nnz()), "one value per slot");
        let row_of_column = maximum_transversal(pattern, values)?;
        let mut column_of_row = vec![0u32; pattern.n];
        for (column, &row) in row_of_column.iter().enumerate() {
            column_of_row[row as usize] = column as u32;
        }
        let blocks = block_triangular_form(pattern, &column_of_row);

        let mut local = vec![u32::MAX; pattern.n];
        let mut column_order = Vec::with_capacity(pattern.n);
        let mut densities = vec![0.0; blocks.starts.len() - 1];
        for (index, bounds) in blocks.starts.windows(2).enumerate() {
            let columns = &blocks.columns[bounds[0] as usize..bounds[1] as usize];
            if columns.len() <= 2 {
                column_order.extend_from_slice(columns);
            } else {
                let block = LocalBlock::extract(pattern, columns, &column_of_row, &mut local);
                let (order, density) = order_block(&block);
                column_order.extend(order);
                densities[index] = density;
            }
        }
        let mut structure = permute(pattern, column_order, &row_of_column, &blocks.starts);
        structure.segments = segments(&structure, &blocks.starts, &densities);
        Ok(Symbolic { structure: Arc::new(structure) })
    }

    /// Number of unknowns.
    pub fn n(&self) -> usize {
        self.structure.pattern.n
    }

    /// The pattern analysed.
    pub fn pattern(&self) -> &Pattern {
        &self.structure.pattern
    }

    /// Unknowns in elimination order.
    pub fn column_order(&self) -> &[u32] {
        &self.structure.column_order
    }

    /// Equations in the order of the unknowns they are matched with.
    pub fn row_order(&self) -> &[u32] {
        &self.structure.row_order
    }

    /// Ranges of positions of the irreducible diagonal blocks, ascending.
    pub fn blocks(&self) -> impl Iterator<Item = Range<usize>> {
        self.structure.segments.iter().flat_map(|segment| {
            let step = match segment.kind {
                SegmentKind::Singletons => 1,
                SegmentKind::Block(_) => segment.end - segment.start,
            };
            segment.positions().step_by(step).map(move |start| start..start + step)
        })
    }

    /// Number of blocks that will be factored by Cholesky whenever their values allow.
    pub fn cholesky_candidates(&self) -> usize {
        let planned = |segment: &&Segment| matches!(segment.kind, SegmentKind::Block(Some(_)));
        self.structure.segments.iter().filter(planned).count()
    }
}

/// A diagonal block with local indices; row k is the one matched with column k.
struct LocalBlock<'a> {
    columns: &'a [u32],
    starts: Vec<u32>,
    rows: Vec<u32>,
}

impl<'a> LocalBlock<'a> {
    /// `local` is scratch space of length n, all `u32::MAX` before and after.
    fn extract(pattern: &Pattern, columns: &'a [u32], column_of_row: &[u32], local: &mut [u32]) -> Self {
        for (index, &column) in columns.iter().enumerate() {
            local[column as usize] = index as u32;
        }
        let mut starts = Vec::with_capacity(columns.len() + 1);
        let mut rows = Vec::new();
        starts.push(0);
        for &column in columns {
            let owners = pattern.rows[pattern.column(column as usize)].iter().map(|&row| column_of_row[row as usize]);
            rows.extend(owners.map(|owner| local[owner as usize]).filter(|&row| row != u32::MAX));
            starts.push(rows.len() as u32);
        }
        for &column in columns {
            local[column as usize] = u32::MAX;
        }
        LocalBlock { columns, starts, rows }
    }

    /// The columns `part` in the order of minimum degree of what connects them directly.
    fn order_part(&self, part: &[u32]) -> Vec<u32> {
        if part.len() <= 2 {
            return part.to_vec();
        }
        let mut local = vec![u32::MAX; self.columns.len()];
        part.iter().enumerate().for_each(|(index, &column)| local[column as usize] = index as u32);
        let (mut starts, mut rows) = (vec![0], Vec::new());
        for &column in part {
            let entries = self.starts[column as usize] as usize..self.starts[column as usize + 1] as usize;
            rows.extend(self.rows[entries].iter().map(|&row| local[row as usize]).filter(|&row| row != u32::MAX));
            starts.push(rows.len() as u32);
        }
        minimum_degree(&starts, &rows).0.into_iter().map(|index| part[index as usize]).collect()
    }
}

/// Writes the matrix in elimination order; the segments are still missing.
fn permute(pattern: &Pattern, column_order: Vec<u32>, row_of_column: &[u32], block_starts: &[u32]) -> Structure {
    let n = pattern.n;
    let row_order: Vec<u32> = column_order.iter().map(|&column| row_of_column[column as usize]).collect();
    let mut row_position = vec![0u32; n];
    for (position, &row) in row_order.iter().enumerate() {
        row_position[row as usize] = position as u32;
    }
    let mut structure = Structure {
        pattern: pattern.clone(),
        segments: Vec::new(),
        entry_starts: Vec::with_capacity(n + 1),
        entry_inner: Vec::with_capacity(n),
        entry_rows: Vec::with_capacity(pattern.nnz()),
        entry_slots: Vec::with_capacity(pattern.nnz()),
        column_order,
        row_order,
    };
    structure.entry_starts.push(0);
    let mut entries: Vec<(u32, u32)> = Vec::new();
    for bounds in block_starts.windows(2) {
        for position in bounds[0]..bounds[1] {
            let slots = pattern.column(structure.column_order[position as usize] as usize);
            entries.clear();
            entries.extend(slots.map(|slot| (row_position[pattern.rows[slot] as usize], slot as u32)));
            entries.sort_unstable();
            let outer = entries.partition_point(|entry| entry.0 < bounds[0]);
            structure.entry_inner.push((structure.entry_rows.len() + outer) as u32);
            structure.entry_rows.extend(entries.iter().map(|entry| entry.0));
            structure.entry_slots.extend(entries.iter().map(|entry| entry.1));
            structure.entry_starts.push(structure.entry_rows.len() as u32);
        }
    }
    structure
}

/// Gathers runs of 1 × 1 blocks and plans the larger blocks; `densities` as from [`minimum_degree`], per block.
fn segments(structure: &Structure, block_starts: &[u32], densities: &[f64]) -> Vec<Segment> {
    let mut segments: Vec<Segment> = Vec::new();
    for (bounds, &density) in block_starts.windows(2).zip(densities) {
        let (start, end) = (bounds[0] as usize, bounds[1] as usize);
        if end - start > 1 {
            let large = end - start >= SMALLEST_CHOLESKY && density >= SPARSEST_CHOLESKY;
            let plan = if large { CholeskyPlan::new(structure, start..end).map(Box::new) } else { None };
            segments.push(Segment { start, end, kind: SegmentKind::Block(plan) });
            continue;
        }
        match segments.last_mut() {
            Some(Segment { end: last, kind: SegmentKind::Singletons, .. }) => *last = end,
            _ => segments.push(Segment { start, end, kind: SegmentKind::Singletons }),
        }
    }
    segments
}

//! Diagonal blocks that turn out symmetric positive definite, such as the interior of a resistive crossbar: supernodal
//! Cholesky by faer.

use std::ops::Range;

use dyn_stack::{MemBuffer, MemStack, StackReq};
use faer::sparse::linalg::SupernodalThreshold;
use faer::sparse::linalg::cholesky::{
    CholeskySymbolicParams, LltRef, SymbolicCholesky, SymbolicCholeskyRaw, SymmetricOrdering,
    factorize_symbolic_cholesky, supernodal,
};
use faer::sparse::{SparseColMatRef, SymbolicSparseColMatRef};
use faer::{Conj, MatMut, Par, Side};

use super::symbolic::Structure;

/// Values a_ij and a_ji may differ by this fraction, a few roundings of the sums they come from.
const ASYMMETRY: f64 = 4.0 * f64::EPSILON;

/// Supernodes are used from this fraction of faer's own threshold on. Below it our LU is the better choice anyway.
const SUPERNODAL: SupernodalThreshold = SupernodalThreshold(0.25);

/// The symbolic half of the Cholesky factorisation of one block.
#[derive(Debug)]
pub(super) struct CholeskyPlan {
    symbolic: SymbolicCholesky<u32>,
    /// Lower triangle in compressed columns, local indices; the diagonal entry comes first in every column.
    column_starts: Vec<u32>,
    rows: Vec<u32>,
    /// Slot of each entry of the lower triangle.
    slots: Vec<u32>,
    /// Slot of the entry mirrored on the diagonal.
    mirror_slots: Vec<u32>,
}

/// The numbers of one Cholesky factor, and room to compute them.
pub(super) struct CholeskyFactor {
    lower: Vec<f64>,
    factor: Vec<f64>,
    memory: MemBuffer,
}

impl CholeskyPlan {
    /// Plans a block, unless its pattern is not symmetric or it has so little fill that faer would not use
    /// supernodes (then our own LU is as fast).
    pub fn new(structure: &Structure, positions: Range<usize>) -> Option<CholeskyPlan> {
        let (column_starts, rows, slots, mirror_slots) = lower_triangle(structure, positions.clone())?;
        let n = positions.len();
        let (upper_starts, upper_rows) = upper_pattern(&column_starts, &rows);
        let upper = SymbolicSparseColMatRef::new_checked(n, n, &upper_starts, None, &upper_rows);
        let parameters = CholeskySymbolicParams { supernodal_flop_ratio_threshold: SUPERNODAL, ..Default::default() };
        // The columns already are in a fill-reducing order.
        let symbolic = factorize_symbolic_cholesky(upper, Side::Upper, SymmetricOrdering::Identity, parameters).ok()?;
        match symbolic.raw() {
            SymbolicCholeskyRaw::Supernodal(_) => {
                Some(CholeskyPlan { symbolic, column_starts, rows, slots, mirror_slots })
            }
            SymbolicCholeskyRaw::Simplicial(_) => None,
        }
    }

    /// Room for one factor of this block.
    pub fn allocate(&self) -> CholeskyFactor {
        let scratch = self.symbolic.factorize_numeric_llt_scratch::<f64>(Par::Seq, Default::default());
        CholeskyFactor {
            lower: vec![0.0; self.slots.len()],
            factor: vec![0.0; self.symbolic.len_val()],
            memory: MemBuffer::new(scratch),
        }
    }

    /// Scratch space that [`CholeskyPlan::solve`] needs.
    pub fn solve_scratch(&self) -> StackReq {
        self.symbolic.solve_in_place_scratch::<f64>(1, Par::Seq)
    }

    /// Numbers stored per factor.
    pub fn factor_length(&self) -> usize {
        self.symbolic.len_val()
    }

    /// Factors the block; false if it is not symmetric, not positive definite or not finite.
    pub fn factor(&self, values: &[f64], target: &mut CholeskyFactor) -> bool {
        if !self.gather(values, &mut target.lower) {
            return false;
        }
        let n = self.column_starts.len() - 1;
        let pattern = SymbolicSparseColMatRef::new_checked(n, n, &self.column_starts, None, &self.rows);
        let lower = SparseColMatRef::new(pattern, target.lower.as_slice());
        let result = self.symbolic.factorize_numeric_llt(
            &mut target.factor,
            lower,
            Side::Lower,
            Default::default(),
            Par::Seq,
            MemStack::new(&mut target.memory),
            Default::default(),
        );
        // A NaN that slips past the pivot tests ends up in the last pivots.
        result.is_ok() && self.pivots(target).all(|(_, pivot)| pivot > 0.0 && pivot.is_finite())
    }

    /// Solves the block in place; `right` has the block's length.
    pub fn solve(&self, factor: &CholeskyFactor, right: &mut [f64], memory: &mut MemBuffer) {
        let n = right.len();
        let right = MatMut::from_column_major_slice_mut(right, n, 1);
        let lower = LltRef::new(&self.symbolic, &factor.factor);
        lower.solve_in_place_with_conj(Conj::No, right, Par::Seq, MemStack::new(memory));
    }

    /// Pivots as an LU factorisation would show them (squares of the factor's diagonal), by local index.
    pub fn pivots<'a>(&'a self, factor: &'a CholeskyFactor) -> impl Iterator<Item = (usize, f64)> + 'a {
        let supernodes = match self.symbolic.raw() {
            SymbolicCholeskyRaw::Supernodal(raw) => Some(supernodal::SupernodalLltRef::new(raw, &factor.factor)),
            SymbolicCholeskyRaw::Simplicial(_) => None,
        };
        supernodes.into_iter().flat_map(|lower| {
            (0..lower.symbolic().n_supernodes()).flat_map(move |index| {
                let supernode = lower.supernode(index);
                let block = supernode.val();
                (0..block.ncols()).map(move |k| (supernode.start() + k, block[(k, k)] * block[(k, k)]))
            })
        })
    }

    /// Copies the lower triangle; false if a diagonal entry is not positive or a pair differs.
    fn gather(&self, values: &[f64], lower: &mut [f64]) -> bool {
        let mut symmetric = true;
        for ((target, &slot), &mirror) in lower.iter_mut().zip(&self.slots).zip(&self.mirror_slots) {
            let (value, mirrored) = (values[slot as usize], values[mirror as usize]);
            *target = value;
            symmetric &= (value - mirrored).abs() <= ASYMMETRY * value.abs();
        }
        let starts = &self.column_starts[..self.column_starts.len() - 1];
        symmetric && starts.iter().all(|&diagonal| lower[diagonal as usize] > 0.0)
    }
}

/// Lower triangle of a block (starts, rows, slots, mirrored slots), or None if the pattern is not symmetric or
/// lacks a diagonal entry.
///
/// An unknown matched with some other node's equation would break symmetry of values, but not of the pattern;
/// that is left to the numerical test.
#[expect(clippy::type_complexity, reason = "private, taken apart at once")]
fn lower_triangle(structure: &Structure, positions: Range<usize>) -> Option<(Vec<u32>, Vec<u32>, Vec<u32>, Vec<u32>)> {
    let start = positions.start as u32;
    let (mut starts, mut rows, mut slots) = (vec![0u32], Vec::new(), Vec::new());
    for position in positions.clone() {
        let inner = structure.inner_entries(position);
        let above = structure.entry_rows[inner.clone()].partition_point(|&row| (row as usize) < position);
        let below = inner.start + above..inner.end;
        if structure.entry_rows.get(below.start) != Some(&(position as u32)) || below.is_empty() {
            return None;
        }
        rows.extend(structure.entry_rows[below.clone()].iter().map(|row| row - start));
        slots.extend_from_slice(&structure.entry_slots[below]);
        starts.push(rows.len() as u32);
    }
    // Walking the upper triangle by columns visits, for every row, its entries in the order in which the lower
    // triangle's column of the same index stores their mirror images.
    let mut mirror_slots = vec![0u32; slots.len()];
    let mut next = starts.clone();
    for position in positions.clone() {
        for entry in structure.inner_entries(position) {
            let row = structure.entry_rows[entry];
            if row as usize > position {
                break;
            }
            let cursor = &mut next[(row - start) as usize];
            if *cursor == starts[(row - start) as usize + 1] || rows[*cursor as usize] != position as u32 - start {
                return None;
            }
            mirror_slots[*cursor as usize] = structure.entry_slots[entry];
            *cursor += 1;
        }
    }
    next[..positions.len()].iter().eq(&starts[1..]).then_some((starts, rows, slots, mirror_slots))
}

/// Transposes a pattern: the upper triangle in compressed columns.
fn upper_pattern(lower_starts: &[u32], lower_rows: &[u32]) -> (Vec<u32>, Vec<u32>) {
    let n = lower_starts.len() - 1;
    let mut starts = vec![0u32; n + 1];
    for &row in lower_rows {
        starts[row as usize + 1] += 1;
    }
    for column in 0..n {
        starts[column + 1] += starts[column];
    }
    let mut next = starts.clone();
    let mut rows = vec![0u32; lower_rows.len()];
    for column in 0..n {
        for &row in &lower_rows[lower_starts[column] as usize..lower_starts[column + 1] as usize] {
            rows[next[row as usize] as usize] = column as u32;
            next[row as usize] += 1;
        }
    }
    (starts, rows)
}

//! Fill-reducing order of one diagonal block.

use dyn_stack::{MemBuffer, MemStack};
use faer::sparse::SymbolicSparseColMatRef;
use faer::sparse::linalg::amd;

/// Approximate minimum degree on the pattern of A + Aᵀ (Amestoy, Davis, Duff, SIAM J. Matrix Anal. 17, 1996).
///
/// Compressed columns of an n × n block, rows in any order; returns the columns in elimination order, and the
/// estimated number of multiplications per entry of a Cholesky factor.
pub(super) fn minimum_degree(column_starts: &[u32], rows: &[u32]) -> (Vec<u32>, f64) {
    let n = column_starts.len() - 1;
    let mut order = vec![0u32; n];
    let mut inverse = vec![0u32; n];
    let mut memory = MemBuffer::new(amd::order_maybe_unsorted_scratch::<u32>(n, rows.len()));
    let block = SymbolicSparseColMatRef::new_unsorted_checked(n, n, column_starts, None, rows);
    let stack = MemStack::new(&mut memory);
    match amd::order_maybe_unsorted(&mut order, &mut inverse, block, Default::default(), stack) {
        Ok(count) => (order, count.n_mult_subs_ldl / count.n_div.max(1.0)),
        // Only an index overflow can bring us here; any order is correct, if slow.
        Err(_) => ((0..n as u32).collect(), f64::INFINITY),
    }
}

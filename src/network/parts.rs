//! Work on the rows of a matrix, shared among threads.
//!
//! The parts are the same for every number of threads, and each is worked on by one thread, so the results are the same to
//! the last bit.

use faer::MatMut;

/// Rows of a part: a multiple of every vector length, and four parts for a layer of 512.
const ROWS: usize = 128;
/// Below so many multiplications, waking another thread takes longer than they do.
const WORTH_SHARING: usize = 1 << 20;

/// Calls `work` with each part and the number of its first row. `cost` is the number of multiplications for the whole matrix.
pub fn for_each(matrix: MatMut<'_, f32>, cost: usize, work: &(impl Fn(usize, MatMut<'_, f32>) + Sync)) {
    divide(matrix, 0, cost >= WORTH_SHARING, work);
}

fn divide(matrix: MatMut<'_, f32>, first: usize, share: bool, work: &(impl Fn(usize, MatMut<'_, f32>) + Sync)) {
    let parts = matrix.nrows().div_ceil(ROWS);
    if parts <= 1 {
        work(first, matrix);
        return;
    }
    let middle = parts / 2 * ROWS;
    let (upper, lower) = matrix.split_at_row_mut(middle);
    if share {
        rayon::join(|| divide(upper, first, share, work), || divide(lower, first + middle, share, work));
    } else {
        divide(upper, first, share, work);
        divide(lower, first + middle, share, work);
    }
}

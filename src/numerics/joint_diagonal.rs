//! Symmetric matrices made diagonal together, as far as one change of basis can, by Jacobi's rotations.
//!
//! Every rotation makes the sum of squares off the diagonals of all matrices as small as a rotation of its two axes can. Matrices
//! that commute become diagonal.
//! Source: J.-F. Cardoso and A. Souloumiac, SIAM J. Matrix Anal. Appl. 17, 161 (1996).

/// A square matrix, row by row.
pub type Matrix = Vec<Vec<f64>>;

/// Sweeps over all pairs of axes at most.
const SWEEPS: usize = 100;

/// Sine of the smallest rotation that counts.
const SMALLEST: f64 = 1e-15;

/// The orthogonal matrix whose columns are the axes in which all of `matrices` (which are changed to what they are there) are as
/// diagonal as can be.
pub fn joint_diagonal(matrices: &mut [Matrix]) -> Matrix {
    let n = matrices.first().map_or(0, Vec::len);
    let mut axes = identity(n);
    for _ in 0..SWEEPS {
        let mut turned = false;
        for p in 0..n {
            for q in p + 1..n {
                let [cosine, sine] = rotation(matrices, p, q);
                if sine.abs() < SMALLEST {
                    continue;
                }
                turned = true;
                for matrix in matrices.iter_mut() {
                    turn_columns(matrix, p, q, cosine, sine);
                    let (above, below) = matrix.split_at_mut(q);
                    for (a, b) in above[p].iter_mut().zip(&mut below[0]) {
                        (*a, *b) = (cosine * *a + sine * *b, cosine * *b - sine * *a);
                    }
                }
                turn_columns(&mut axes, p, q, cosine, sine);
            }
        }
        if !turned {
            break;
        }
    }
    axes
}

/// Cosine and sine of the best rotation of two axes.
fn rotation(matrices: &[Matrix], p: usize, q: usize) -> [f64; 2] {
    let (mut on, mut off) = (0.0, 0.0);
    for matrix in matrices {
        let (difference, sum) = (matrix[p][p] - matrix[q][q], matrix[p][q] + matrix[q][p]);
        on += difference * difference - sum * sum;
        off += 2.0 * difference * sum;
    }
    let angle = 0.5 * off.atan2(on + on.hypot(off));
    [angle.cos(), angle.sin()]
}

fn turn_columns(matrix: &mut Matrix, p: usize, q: usize, cosine: f64, sine: f64) {
    for row in matrix {
        let (a, b) = (row[p], row[q]);
        (row[p], row[q]) = (cosine * a + sine * b, cosine * b - sine * a);
    }
}

pub fn identity(n: usize) -> Matrix {
    (0..n).map(|row| (0..n).map(|column| f64::from(u8::from(row == column))).collect()).collect()
}

pub fn product(a: &Matrix, b: &Matrix) -> Matrix {
    let entry = |row: &Vec<f64>, column: usize| row.iter().zip(b).map(|(x, other)| x * other[column]).sum();
    a.iter().map(|row| (0..b.first().map_or(0, Vec::len)).map(|column| entry(row, column)).collect()).collect()
}

pub fn transposed(a: &Matrix) -> Matrix {
    (0..a.first().map_or(0, Vec::len)).map(|column| a.iter().map(|row| row[column]).collect()).collect()
}

/// The lower triangle K with K·Kᵀ = `a`, if `a` is positive definite.
pub fn cholesky(a: &Matrix) -> Option<Matrix> {
    let n = a.len();
    let mut lower = vec![vec![0.0; n]; n];
    for row in 0..n {
        for column in 0..=row {
            let known: f64 = (0..column).map(|k| lower[row][k] * lower[column][k]).sum();
            let rest = a[row][column] - known;
            if row > column {
                lower[row][column] = rest / lower[column][column];
            } else if rest > 1e-14 * a[row][row] {
                lower[row][row] = rest.sqrt();
            } else {
                return None;
            }
        }
    }
    Some(lower)
}

/// The inverse of a lower triangle.
pub fn lower_inverse(lower: &Matrix) -> Matrix {
    let n = lower.len();
    let column = |column: usize| {
        let mut found = vec![0.0; n];
        for (row, entries) in lower.iter().enumerate().skip(column) {
            let known: f64 = entries.iter().zip(&found).take(row).map(|(entry, x)| entry * x).sum();
            found[row] = (f64::from(u8::from(row == column)) - known) / entries[row];
        }
        found
    };
    transposed(&(0..n).map(column).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matrices_of_the_same_axes_become_diagonal() {
        // Axes of a Householder reflection; the first matrix has a double eigenvalue, which the second one splits.
        let v = [1.0, 2.0, -0.5];
        let norm: f64 = v.iter().map(|x| x * x).sum();
        let axes: Matrix =
            (0..3).map(|i| (0..3).map(|j| f64::from(u8::from(i == j)) - 2.0 * v[i] * v[j] / norm).collect()).collect();
        let of = |values: [f64; 3]| -> Matrix {
            let entry = |i: usize, j: usize| (0..3).map(|k| axes[i][k] * values[k] * axes[j][k]).sum();
            (0..3).map(|i| (0..3).map(|j| entry(i, j)).collect()).collect()
        };
        let mut matrices = [of([2.0, 2.0, 5.0]), of([1.0, 3.0, 3.0])];
        joint_diagonal(&mut matrices);
        for matrix in &matrices {
            for i in 0..3 {
                for j in 0..3 {
                    assert!(i == j || matrix[i][j].abs() < 1e-12, "{matrix:?}");
                }
            }
        }
        let mut pairs: Vec<[i64; 2]> =
            (0..3).map(|k| [matrices[0][k][k].round() as i64, matrices[1][k][k].round() as i64]).collect();
        pairs.sort_unstable();
        assert_eq!(pairs, [[2, 1], [2, 3], [5, 3]]);
    }

    #[test]
    fn a_triangle_and_its_inverse() {
        let a = vec![vec![4.0, 2.0, -1.0], vec![2.0, 5.0, 0.5], vec![-1.0, 0.5, 3.0]];
        let lower = cholesky(&a).unwrap();
        let (square, one) = (product(&lower, &transposed(&lower)), product(&lower, &lower_inverse(&lower)));
        for i in 0..3 {
            for j in 0..3 {
                assert!((square[i][j] - a[i][j]).abs() < 1e-14 && (one[i][j] - identity(3)[i][j]).abs() < 1e-14);
            }
        }
        assert!(cholesky(&vec![vec![1.0, 2.0], vec![2.0, 1.0]]).is_none());
    }
}

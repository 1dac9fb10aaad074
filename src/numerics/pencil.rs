//! Generalised eigenvalues: the λ = α/β for which A − λ·B is singular, by faer's QZ algorithm.

use dyn_stack::{MemBuffer, MemStack};
use faer::diag::Diag;
use faer::linalg::gevd::{ComputeEigenvectors, gevd_real, gevd_scratch};
use faer::linalg::temp_mat_scratch;
use faer::{Mat, Par, c64};

/// Pairs α, β of the square matrices A and B; β is 0 where λ is infinite. None if there are values that are not finite, or the
/// iteration does not converge.
pub fn generalized_eigenvalues(a: &Mat<f64>, b: &Mat<f64>) -> Option<Vec<(c64, f64)>> {
    let n = a.nrows();
    if !(a.is_all_finite() && b.is_all_finite()) {
        return None;
    }
    let (mut a, mut b) = (a.clone(), b.clone());
    let (mut re, mut im, mut beta) = (Diag::<f64>::zeros(n), Diag::<f64>::zeros(n), Diag::<f64>::zeros(n));
    let mut vectors = Mat::zeros(n, n);
    // What faer 0.24 asks for leaves out the temporary matrices of its eigenvectors, which small pencils do not fit without.
    let (no, yes) = (ComputeEigenvectors::No, ComputeEigenvectors::Yes);
    let asked = gevd_scratch::<f64>(n, no, yes, Par::Seq, Default::default());
    let mut memory = MemBuffer::new(asked.and(temp_mat_scratch::<f64>(n, 8)));
    gevd_real(
        a.as_mut(),
        b.as_mut(),
        re.as_mut(),
        im.as_mut(),
        beta.as_mut(),
        None,
        Some(vectors.as_mut()),
        Par::Seq,
        MemStack::new(&mut memory),
        Default::default(),
    )
    .ok()?;
    let (re, im, beta) = (re.column_vector(), im.column_vector(), beta.column_vector());
    let mut found = Vec::with_capacity(n);
    while found.len() < n {
        let j = found.len();
        found.push((c64::new(re[j], im[j]), beta[j]));
        // The second of a complex pair.
        if im[j] != 0.0 && j + 1 < n {
            found.push((c64::new(re[j], -im[j]), beta[j + 1]));
        }
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use faer::Mat;

    use super::generalized_eigenvalues;

    /// Rotations by a right angle and by nothing: ±i, 1 and infinity.
    #[test]
    fn of_a_small_pencil() {
        let a = Mat::from_fn(4, 4, |i, j| match (i, j) {
            (0, 1) | (2, 2) | (3, 3) => 1.0,
            (1, 0) => -1.0,
            _ => 0.0,
        });
        let b = Mat::from_fn(4, 4, |i, j| if i == j && i < 3 { 1.0 } else { 0.0 });
        let mut found: Vec<(f64, f64)> = (generalized_eigenvalues(&a, &b).unwrap().into_iter())
            .filter(|(_, beta)| *beta != 0.0)
            .map(|(alpha, beta)| (alpha.re / beta, alpha.im / beta))
            .collect();
        found.sort_by(|a, b| a.1.total_cmp(&b.1));
        for ((re, im), wanted) in found.iter().zip([(0.0, -1.0), (1.0, 0.0), (0.0, 1.0)]) {
            assert!((re - wanted.0).abs() < 1e-14 && (im - wanted.1).abs() < 1e-14, "{found:?}");
        }
        assert_eq!(found.len(), 3);
        assert!(generalized_eigenvalues(&Mat::full(2, 2, f64::NAN), &Mat::identity(2, 2)).is_none());
    }
}

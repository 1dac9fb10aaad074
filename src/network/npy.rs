//! NumPy's .npy files as matrices of weights.

use faer::Mat;

use crate::diagnostic::Diagnostic;
use crate::numerics::npy::{Unreadable, read};

/// The matrix of a file; `name` is for messages.
///
/// # Errors
/// It is no .npy file, no matrix of 16-, 32- or 64-bit little-endian floating-point numbers, or shorter or longer than it says.
pub fn matrix(bytes: &[u8], name: &str) -> Result<Mat<f32>, Diagnostic> {
    let matrix = read(bytes, name).map_err(|Unreadable { message, hint }| {
        let error = Diagnostic::error(message);
        hint.map_or(error.clone(), |hint| error.hint(hint))
    })?;
    let columns = matrix.columns;
    Ok(Mat::from_fn(matrix.rows, columns, |row, column| matrix.values[row * columns + column] as f32))
}

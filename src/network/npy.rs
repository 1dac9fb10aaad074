//! NumPy's .npy files of matrices.
//!
//! `\x93NUMPY`, two bytes of version, the length of the header (16 bits little-endian, 32 from version 2), the header, which is a
//! Python dictionary such as `{'descr': '<f4', 'fortran_order': False, 'shape': (784, 512), }`, then the values.
//! Source: NumPy's documentation, `numpy.lib.format`.

use faer::Mat;
use half::f16;

use crate::diagnostic::Diagnostic;

const MAGIC: &[u8] = b"\x93NUMPY";

/// The matrix of a file; `name` is for messages.
///
/// # Errors
/// It is no .npy file, no matrix of 16-, 32- or 64-bit little-endian floating-point numbers, or shorter or longer than it says.
pub fn matrix(bytes: &[u8], name: &str) -> Result<Mat<f32>, Diagnostic> {
    let broken = |what: &str| Diagnostic::error(format!("`{name}` is no .npy file: {what}"));
    let rest = bytes.strip_prefix(MAGIC).ok_or_else(|| broken("it does not begin as one"))?;
    // Version 1 has a short header; the others differ in its characters only.
    let (length, rest) = match rest {
        [1, _, a, b, rest @ ..] => (usize::from(u16::from_le_bytes([*a, *b])), rest),
        [2 | 3, _, a, b, c, d, rest @ ..] => (u32::from_le_bytes([*a, *b, *c, *d]) as usize, rest),
        _ => return Err(broken("its version is unknown")),
    };
    let (header, values) = rest.split_at_checked(length).ok_or_else(|| broken("it ends within its header"))?;
    let header = String::from_utf8_lossy(header);
    let kind = entry(&header, "descr").ok_or_else(|| broken("its header has no `descr`"))?;
    let size = match kind.trim_matches(['\'', '"']) {
        "<f2" => 2,
        "<f4" => 4,
        "<f8" => 8,
        other => {
            let error = Diagnostic::error(format!("`{name}` holds numbers of type `{other}`"));
            return Err(
                error.hint("weights are float16, float32 or float64: numpy.save(file, weights.astype('float32'))")
            );
        }
    };
    let by_columns = entry(&header, "fortran_order") == Some("True");
    let shape = entry(&header, "shape").ok_or_else(|| broken("its header has no `shape`"))?;
    let shape = shape.split(',').map(str::trim).filter(|text| !text.is_empty()).map(str::parse::<usize>);
    let Ok(&[rows, columns]) = shape.collect::<Result<Vec<usize>, _>>().as_deref() else {
        return Err(Diagnostic::error(format!("`{name}` holds no matrix")).hint("weights have two dimensions"));
    };
    if rows.checked_mul(columns).and_then(|count| count.checked_mul(size)) != Some(values.len()) {
        return Err(Diagnostic::error(format!(
            "`{name}` shall hold {rows}×{columns} numbers of {size} bytes but holds {} bytes",
            values.len()
        )));
    }
    let place = |row: usize, column: usize| if by_columns { column * rows + row } else { row * columns + column };
    Ok(Mat::from_fn(rows, columns, |row, column| number(&values[place(row, column) * size..][..size])))
}

/// A little-endian number of 2, 4 or 8 bytes.
pub(super) fn number(bytes: &[u8]) -> f32 {
    match *bytes {
        [a, b] => f16::from_le_bytes([a, b]).to_f32(),
        [a, b, c, d] => f32::from_le_bytes([a, b, c, d]),
        [a, b, c, d, e, f, g, h] => f64::from_le_bytes([a, b, c, d, e, f, g, h]) as f32,
        _ => f32::NAN,
    }
}

/// The value of `key` in a Python dictionary: what is between its colon and the next comma, or between parentheses.
fn entry<'h>(header: &'h str, key: &str) -> Option<&'h str> {
    let quoted = [format!("'{key}'"), format!("\"{key}\"")];
    let (at, quoted) = quoted.iter().find_map(|quoted| Some((header.find(quoted)?, quoted)))?;
    let value = header[at + quoted.len()..].trim_start().strip_prefix(':')?.trim_start();
    match value.strip_prefix('(') {
        Some(inner) => inner.split(')').next(),
        None => value.split([',', '}']).next().map(str::trim),
    }
}

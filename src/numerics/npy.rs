//! NumPy's .npy files of matrices.
//!
//! `\x93NUMPY`, two bytes of version, the length of the header (16 bits little-endian, 32 from version 2), the header, which is a
//! Python dictionary such as `{'descr': '<f4', 'fortran_order': False, 'shape': (784, 512), }`, then the values.
//! Source: NumPy's documentation, `numpy.lib.format`.

use half::f16;

const MAGIC: &[u8] = b"\x93NUMPY";

/// A matrix by rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Matrix {
    pub rows: usize,
    pub columns: usize,
    pub values: Vec<f64>,
}

/// Why a file cannot be read.
#[derive(Debug, Clone, PartialEq)]
pub struct Unreadable {
    pub message: String,
    pub hint: Option<&'static str>,
}

/// The matrix of a file; `name` is for messages.
///
/// # Errors
/// It is no .npy file, no matrix of 16-, 32- or 64-bit little-endian floating-point numbers, or shorter or longer than it says.
pub fn read(bytes: &[u8], name: &str) -> Result<Matrix, Unreadable> {
    let broken = |what: &str| Unreadable { message: format!("`{name}` is no .npy file: {what}"), hint: None };
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
            return Err(Unreadable {
                message: format!("`{name}` holds numbers of type `{other}`"),
                hint: Some("write float16, float32 or float64: numpy.save(file, matrix.astype('float64'))"),
            });
        }
    };
    let by_columns = entry(&header, "fortran_order") == Some("True");
    let shape = entry(&header, "shape").ok_or_else(|| broken("its header has no `shape`"))?;
    let shape = shape.split(',').map(str::trim).filter(|text| !text.is_empty()).map(str::parse::<usize>);
    let Ok(&[rows, columns]) = shape.collect::<Result<Vec<usize>, _>>().as_deref() else {
        let message = format!("`{name}` holds no matrix");
        return Err(Unreadable { message, hint: Some("a matrix has two dimensions") });
    };
    // With one side of 0 the other may be as large as it likes.
    if rows == 0 || columns == 0 {
        let message = format!("`{name}` holds no values: it is a matrix of {rows}×{columns}");
        return Err(Unreadable { message, hint: None });
    }
    if rows.checked_mul(columns).and_then(|count| count.checked_mul(size)) != Some(values.len()) {
        let held = values.len();
        let message = format!("`{name}` shall hold {rows}×{columns} numbers of {size} bytes but holds {held} bytes");
        return Err(Unreadable { message, hint: None });
    }
    let at = |place: usize| number(&values[place * size..][..size]);
    let place = |index: usize| if by_columns { index % columns * rows + index / columns } else { index };
    Ok(Matrix { rows, columns, values: (0..rows * columns).map(|index| at(place(index))).collect() })
}

/// A file of 64-bit numbers by rows.
pub fn write(matrix: &Matrix) -> Vec<u8> {
    let (rows, columns) = (matrix.rows, matrix.columns);
    let mut header = format!("{{'descr': '<f8', 'fortran_order': False, 'shape': ({rows}, {columns}), }}");
    // Magic, version, length and header together fill a multiple of 64 bytes.
    while !(MAGIC.len() + 4 + header.len() + 1).is_multiple_of(64) {
        header.push(' ');
    }
    header.push('\n');
    let mut bytes = MAGIC.to_vec();
    bytes.extend([1, 0]);
    bytes.extend((header.len() as u16).to_le_bytes());
    bytes.extend(header.as_bytes());
    matrix.values.iter().for_each(|value| bytes.extend(value.to_le_bytes()));
    bytes
}

/// A little-endian number of 2, 4 or 8 bytes.
pub fn number(bytes: &[u8]) -> f64 {
    match *bytes {
        [a, b] => f16::from_le_bytes([a, b]).to_f64(),
        [a, b, c, d] => f64::from(f32::from_le_bytes([a, b, c, d])),
        [a, b, c, d, e, f, g, h] => f64::from_le_bytes([a, b, c, d, e, f, g, h]),
        _ => f64::NAN,
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

#[cfg(test)]
mod tests {
    use super::{Matrix, read, write};

    #[test]
    fn what_is_written_is_read() {
        let matrix = Matrix { rows: 2, columns: 3, values: vec![0.0, -1.5, 1e-300, f64::MAX, 0.1, 3.0] };
        let bytes = write(&matrix);
        assert_eq!(bytes.len() % 64, 6 * 8);
        assert_eq!(read(&bytes, "m"), Ok(matrix));
        assert!(read(&bytes[..bytes.len() - 1], "m").unwrap_err().message.contains("holds 47 bytes"));
    }
}

//! IDX files, the format of MNIST and its relatives, plain or compressed with gzip.
//!
//! Two zero bytes, the type of the values (0x08: unsigned bytes), the number of dimensions, each dimension as a big-endian 32-bit
//! number, then the values, the last dimension fastest. Images have three dimensions (count, rows, columns), labels one.
//! Source: Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits", section on file formats.

use std::io::Read;
use std::path::Path;

use flate2::read::MultiGzDecoder;

use crate::diagnostic::Diagnostic;

/// First bytes of a file compressed with gzip.
const GZIP: [u8; 2] = [0x1f, 0x8b];
/// Type of the values: unsigned bytes, the only one that images and labels have.
const UNSIGNED_BYTE: u8 = 0x08;

/// Images of one size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Images {
    pub count: usize,
    pub rows: usize,
    pub columns: usize,
    /// Brightness 0…255, image after image, each row by row.
    pub pixels: Vec<u8>,
}

/// The images of a file.
///
/// # Errors
/// The file cannot be read, is no IDX file of images, or is shorter or longer than it says.
pub fn images(path: &Path) -> Result<Images, Diagnostic> {
    let ([count, rows, columns], pixels) = read::<3>(path, "images")?;
    if count == 0 || rows == 0 || columns == 0 {
        return Err(Diagnostic::error(format!("`{}` holds no images: {count} of {rows}×{columns}", path.display())));
    }
    Ok(Images { count, rows, columns, pixels })
}

/// The labels of a file, each below `classes`.
///
/// # Errors
/// The file cannot be read, is no IDX file of labels, is shorter or longer than it says, or has a label out of range.
pub fn labels(path: &Path, classes: usize) -> Result<Vec<u8>, Diagnostic> {
    let ([_], labels) = read::<1>(path, "labels")?;
    match labels.iter().position(|label| usize::from(*label) >= classes) {
        None => Ok(labels),
        Some(index) => {
            let (label, name) = (labels[index], path.display());
            let error = Diagnostic::error(format!("label {label} of `{name}` (number {index}) is out of range"));
            Err(error.hint(format!("with {classes} outputs, labels are 0 to {}", classes.saturating_sub(1))))
        }
    }
}

/// Dimensions and values of a file that shall have `N` dimensions.
fn read<const N: usize>(path: &Path, what: &str) -> Result<([usize; N], Vec<u8>), Diagnostic> {
    let name = path.display();
    let mut bytes = contents(path)?;
    let header = 4 + 4 * N;
    if bytes.len() < 4 || bytes[..2] != [0, 0] {
        return Err(Diagnostic::error(format!("`{name}` is no IDX file: it does not begin with an IDX magic number"))
            .hint("IDX files begin with two zero bytes, the type and the number of dimensions"));
    }
    if bytes[2] != UNSIGNED_BYTE || usize::from(bytes[3]) != N {
        let magic = u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
        let wanted = u32::from(UNSIGNED_BYTE) << 8 | N as u32;
        let error = Diagnostic::error(format!("`{name}` holds no {what}: its magic number is {magic}, not {wanted}"));
        return Err(match magic {
            2049 => error.hint("2049 is the magic number of labels: are the two files mixed up?"),
            2051 => error.hint("2051 is the magic number of images: are the two files mixed up?"),
            _ => error,
        });
    }
    if bytes.len() < header {
        return Err(Diagnostic::error(format!("`{name}` ends within its header")));
    }
    let number = |index: usize| {
        let at = 4 + 4 * index;
        u32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]) as usize
    };
    let dimensions: [usize; N] = std::array::from_fn(number);
    let wanted = dimensions.iter().try_fold(1_usize, |product, size| product.checked_mul(*size));
    let found = bytes.len() - header;
    if wanted != Some(found) {
        let sizes = dimensions.map(|size| size.to_string()).join("×");
        let error = Diagnostic::error(format!("`{name}` shall hold {sizes} bytes of {what} but holds {found}"));
        let cut_short = wanted.is_none_or(|wanted| wanted > found);
        return Err(error.hint(if cut_short {
            "the file is truncated: was its download broken off?"
        } else {
            "there are bytes after its end: is it the right file?"
        }));
    }
    bytes.drain(..header);
    Ok((dimensions, bytes))
}

/// The bytes of a file, decompressed if they are compressed.
fn contents(path: &Path) -> Result<Vec<u8>, Diagnostic> {
    let name = path.display();
    let bytes = std::fs::read(path).map_err(|error| Diagnostic::error(format!("cannot read `{name}`: {error}")))?;
    if !bytes.starts_with(&GZIP) {
        return Ok(bytes);
    }
    let mut plain = Vec::new();
    MultiGzDecoder::new(bytes.as_slice()).read_to_end(&mut plain).map_err(|error| {
        Diagnostic::error(format!("cannot decompress `{name}`: {error}"))
            .hint("the file is damaged or truncated: was its download broken off?")
    })?;
    Ok(plain)
}

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
/// Most bytes of values; MNIST has 47 million.
const LARGEST: usize = 1 << 32;

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
    images_of(&contents(path)?, &path.display().to_string())
}

/// The images that the bytes of a file are; `name` is for messages.
///
/// # Errors
/// As for [`images`].
pub fn images_of(bytes: &[u8], name: &str) -> Result<Images, Diagnostic> {
    let ([count, rows, columns], pixels) = read::<3>(bytes, name, "images")?;
    if count == 0 || rows == 0 || columns == 0 {
        return Err(Diagnostic::error(format!("`{name}` holds no images: {count} of {rows}×{columns}")));
    }
    Ok(Images { count, rows, columns, pixels })
}

/// The labels of a file, each below `classes`.
///
/// # Errors
/// The file cannot be read, is no IDX file of labels, is shorter or longer than it says, or has a label out of range.
pub fn labels(path: &Path, classes: usize) -> Result<Vec<u8>, Diagnostic> {
    labels_of(&contents(path)?, &path.display().to_string(), classes)
}

/// The labels that the bytes of a file are; `name` is for messages.
///
/// # Errors
/// As for [`labels`].
pub fn labels_of(bytes: &[u8], name: &str, classes: usize) -> Result<Vec<u8>, Diagnostic> {
    let ([_], labels) = read::<1>(bytes, name, "labels")?;
    match labels.iter().position(|label| usize::from(*label) >= classes) {
        None => Ok(labels),
        Some(index) => {
            let label = labels[index];
            let error = Diagnostic::error(format!("label {label} of `{name}` (number {index}) is out of range"));
            Err(error.hint(format!("with {classes} outputs, labels are 0 to {}", classes.saturating_sub(1))))
        }
    }
}

/// Dimensions and values of a file that shall have `N` dimensions, decompressed if it is compressed.
fn read<const N: usize>(bytes: &[u8], name: &str, what: &str) -> Result<([usize; N], Vec<u8>), Diagnostic> {
    if bytes.starts_with(&GZIP) {
        parse(&mut MultiGzDecoder::new(bytes), name, what)
    } else {
        parse(&mut &*bytes, name, what)
    }
}

/// Reads no more than the header announces, and one byte to see that nothing follows: a compressed file may hold a thousand times
/// its size.
fn parse<const N: usize>(source: &mut dyn Read, name: &str, what: &str) -> Result<([usize; N], Vec<u8>), Diagnostic> {
    let damaged = |error: std::io::Error| {
        Diagnostic::error(format!("cannot decompress `{name}`: {error}"))
            .hint("the file is damaged or truncated: was its download broken off?")
    };
    let mut take = |count: u64| {
        let mut bytes = Vec::new();
        source.take(count).read_to_end(&mut bytes).map(|_| bytes).map_err(damaged)
    };
    let magic = take(4)?;
    check_magic(&magic, N, name, what)?;
    let header = take(4 * N as u64)?;
    if header.len() < 4 * N {
        return Err(Diagnostic::error(format!("`{name}` ends within its header")));
    }
    let number = |index: usize| {
        let at = 4 * index;
        u32::from_be_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]) as usize
    };
    let dimensions: [usize; N] = std::array::from_fn(number);
    let wanted = dimensions.iter().try_fold(1_usize, |product, size| product.checked_mul(*size));
    let wanted = wanted.filter(|wanted| *wanted <= LARGEST);
    let sizes = dimensions.map(|size| size.to_string()).join("×");
    let Some(wanted) = wanted else {
        let error = Diagnostic::error(format!("`{name}` would hold {sizes} bytes of {what}"));
        return Err(error.hint(format!("at most {LARGEST} are possible: is the file damaged or truncated?")));
    };
    let values = take(wanted as u64 + 1)?;
    if values.len() == wanted {
        return Ok((dimensions, values));
    }
    let cut_short = values.len() < wanted;
    let rest = std::io::copy(source, &mut std::io::sink()).map_err(damaged)?;
    let found = values.len() as u64 + rest;
    let error = Diagnostic::error(format!("`{name}` shall hold {sizes} bytes of {what} but holds {found}"));
    Err(error.hint(if cut_short {
        "the file is truncated: was its download broken off?"
    } else {
        "there are bytes after its end: is it the right file?"
    }))
}

fn check_magic(magic: &[u8], dimensions: usize, name: &str, what: &str) -> Result<(), Diagnostic> {
    let &[0, 0, kind, count] = magic else {
        return Err(Diagnostic::error(format!("`{name}` is no IDX file: it does not begin with an IDX magic number"))
            .hint("IDX files begin with two zero bytes, the type and the number of dimensions"));
    };
    if kind == UNSIGNED_BYTE && usize::from(count) == dimensions {
        return Ok(());
    }
    let found = u32::from_be_bytes([0, 0, kind, count]);
    let wanted = u32::from(UNSIGNED_BYTE) << 8 | dimensions as u32;
    let error = Diagnostic::error(format!("`{name}` holds no {what}: its magic number is {found}, not {wanted}"));
    Err(match found {
        2049 => error.hint("2049 is the magic number of labels: are the two files mixed up?"),
        2051 => error.hint("2051 is the magic number of images: are the two files mixed up?"),
        _ => error,
    })
}

fn contents(path: &Path) -> Result<Vec<u8>, Diagnostic> {
    let name = path.display();
    std::fs::read(path).map_err(|error| Diagnostic::error(format!("cannot read `{name}`: {error}")))
}

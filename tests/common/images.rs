//! Small images that a network can learn.

use std::fs;
use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use tempfile::{TempDir, tempdir};

/// An IDX file of bytes.
pub fn idx_file(dimensions: &[usize], values: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0, 0, 8, dimensions.len() as u8];
    bytes.extend(dimensions.iter().flat_map(|size| (*size as u32).to_be_bytes()));
    bytes.extend_from_slice(values);
    bytes
}

/// Compressed bytes.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Images of 4×4 with a bright row, whose number is the class, and some noise that differs from image to image.
pub fn stripes(count: usize) -> (Vec<u8>, Vec<u8>) {
    let labels: Vec<u8> = (0..count).map(|image| (image * 7 % 4) as u8).collect();
    let pixel = |image: usize, pixel: usize| {
        let noise = (image * 31 + pixel * 17 + image * pixel * 13) % 60;
        if pixel / 4 == usize::from(labels[image]) { 255 - noise as u8 } else { noise as u8 }
    };
    let pixels = (0..count).flat_map(|image| (0..16).map(move |at| (image, at))).map(|(image, at)| pixel(image, at));
    (pixels.collect(), labels.clone())
}

/// A folder with the four files, those to learn from compressed.
pub fn folder(training: usize, test: usize) -> TempDir {
    let folder = tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).unwrap();
    let (pixels, labels) = stripes(training);
    write("train-images-idx3-ubyte.gz", &gzip(&idx_file(&[training, 4, 4], &pixels)));
    write("train-labels-idx1-ubyte.gz", &gzip(&idx_file(&[training], &labels)));
    let (pixels, labels) = stripes(test);
    write("t10k-images-idx3-ubyte", &idx_file(&[test, 4, 4], &pixels));
    write("t10k-labels-idx1-ubyte", &idx_file(&[test], &labels));
    folder
}

//! Images with labels, to learn from and to be tested with.

use std::path::{Path, PathBuf};

use faer::{Mat, MatRef};

use super::idx;
use crate::diagnostic::Diagnostic;

/// Where Debian's and Ubuntu's package `dataset-fashion-mnist` keeps Fashion-MNIST.
pub const FASHION_MNIST: &str = "/usr/share/datasets/fashion-mnist";

/// What the files are called, in every relative of MNIST; `.gz` follows if they are compressed.
const TRAINING: [&str; 2] = ["train-images-idx3-ubyte", "train-labels-idx1-ubyte"];
const TEST: [&str; 2] = ["t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"];

/// Images and what they show.
#[derive(Debug, Clone, PartialEq)]
pub struct Examples {
    /// A column for each image; brightness 0…1.
    pixels: Mat<f32>,
    /// The class of each image.
    labels: Vec<u8>,
}

impl Examples {
    /// Columns of inputs with their classes; None if there are not as many of one as of the other.
    pub fn new(pixels: Mat<f32>, labels: Vec<u8>) -> Option<Self> {
        (pixels.ncols() == labels.len()).then_some(Examples { pixels, labels })
    }

    pub fn len(&self) -> usize {
        self.labels.len()
    }

    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// Number of pixels of an image.
    pub fn inputs(&self) -> usize {
        self.pixels.nrows()
    }

    /// A column for each image.
    pub fn pixels(&self) -> MatRef<'_, f32> {
        self.pixels.as_ref()
    }

    /// The class of each image.
    pub fn labels(&self) -> &[u8] {
        &self.labels
    }

    /// Reads a file of images and one of labels below `classes`.
    ///
    /// # Errors
    /// A file is missing or broken, or there are not as many labels as images.
    pub fn read(images: &Path, labels: &Path, classes: usize) -> Result<Self, Diagnostic> {
        let read = idx::images(images)?;
        let classes_of_images = idx::labels(labels, classes)?;
        let size = read.rows * read.columns;
        let pixels =
            Mat::from_fn(size, read.count, |pixel, image| f32::from(read.pixels[image * size + pixel]) / 255.0);
        let count = classes_of_images.len();
        Examples::new(pixels, classes_of_images).ok_or_else(|| {
            let (images, labels) = (images.display(), labels.display());
            Diagnostic::error(format!("`{images}` holds {} images but `{labels}` {count} labels", read.count))
        })
    }

    /// The first `count` of them, or all if there are fewer.
    pub fn first(&self, count: usize) -> Self {
        let count = count.min(self.len());
        Examples { pixels: self.pixels.subcols(0, count).to_owned(), labels: self.labels[..count].to_vec() }
    }
}

/// What is learnt from, and what it is tested with.
#[derive(Debug, Clone, PartialEq)]
pub struct DataSet {
    pub training: Examples,
    pub test: Examples,
}

impl DataSet {
    /// Reads the four files of `folder`, or Fashion-MNIST where Debian installs it.
    ///
    /// # Errors
    /// A file is missing or broken, counts differ, or the images of test and training differ in size.
    pub fn read(folder: Option<&Path>, classes: usize) -> Result<Self, Diagnostic> {
        let folder = folder.unwrap_or(Path::new(FASHION_MNIST));
        let examples =
            |[images, labels]: [&str; 2]| Examples::read(&find(folder, images)?, &find(folder, labels)?, classes);
        let set = DataSet { training: examples(TRAINING)?, test: examples(TEST)? };
        let (learnt, tested) = (set.training.inputs(), set.test.inputs());
        if learnt != tested {
            let folder = folder.display();
            return Err(Diagnostic::error(format!(
                "the images of `{folder}` differ in size: {learnt} pixels to learn from, {tested} to be tested with"
            )));
        }
        Ok(set)
    }
}

/// The files of a folder to be tested with: images and labels.
///
/// # Errors
/// One is missing.
pub fn test_files(folder: &Path) -> Result<[PathBuf; 2], Diagnostic> {
    let [images, labels] = TEST;
    Ok([find(folder, images)?, find(folder, labels)?])
}

/// The file `name` of a folder, plain or compressed.
fn find(folder: &Path, name: &str) -> Result<PathBuf, Diagnostic> {
    let compressed = format!("{name}.gz");
    let found = [name, &compressed].map(|name| folder.join(name)).into_iter().find(|path| path.is_file());
    found.ok_or_else(|| {
        let missing = folder.join(&compressed);
        let error = Diagnostic::error(format!("there is no `{}`, nor the same without .gz", missing.display()));
        if folder == Path::new(FASHION_MNIST) {
            return error
                .hint("Fashion-MNIST is the package `dataset-fashion-mnist` of Debian and Ubuntu: apt install dataset-fashion-mnist")
                .hint("or get its four .gz files from https://github.com/zalandoresearch/fashion-mnist and name their folder: --data DIR");
        }
        error
            .hint(format!("four files are expected there, plain or with .gz: {}", [TRAINING, TEST].concat().join(", ")))
            .hint("MNIST is at https://github.com/cvdfoundation/mnist, Fashion-MNIST at https://github.com/zalandoresearch/fashion-mnist")
    })
}

//! An IDX file of images or labels, plain or compressed.

use ferrospice::network::idx::{images_of, labels_of};

pub fn run(data: &[u8]) {
    if let Ok(images) = images_of(data, "images") {
        assert_eq!(images.pixels.len(), images.count * images.rows * images.columns);
    }
    if let Ok(labels) = labels_of(data, "labels", 10) {
        assert!(labels.iter().all(|label| *label < 10));
    }
}

//! Studies of small networks.
#![allow(dead_code)] // not every test uses all of it

use std::fs;
use std::path::PathBuf;

use ferrospice::network::weights::{Precision, to_safetensors};
use ferrospice::network::{DataSet, Network, Settings, Training};
use ferrospice::studies::inference::report::{Outcome, Report};
use ferrospice::studies::inference::{NoStore, run, study};
use tempfile::TempDir;

use super::images::folder;

/// A folder with images, a small trained network, and a study with these lines.
pub fn study_folder(lines: &str) -> (TempDir, PathBuf) {
    let folder = folder(200, 60);
    let data = DataSet::read(Some(folder.path()), 4).unwrap();
    let settings = Settings { rate: 0.1, batch: 8, seed: 1 };
    let mut training = Training::new(Network::new(&[16, 9, 4], 1).unwrap(), settings).unwrap();
    for _ in 0..4 {
        training.epoch(&data, &|_| {}).unwrap();
    }
    let bytes = to_safetensors(training.network(), Precision::Single, "test").unwrap();
    fs::write(folder.path().join("weights.safetensors"), bytes).unwrap();
    let file = folder.path().join("study.toml");
    let head = "[data]\ndir = \".\"\n[network]\nweights = \"weights.safetensors\"\n";
    fs::write(&file, format!("{head}{lines}")).unwrap();
    (folder, file)
}

pub const DEVICE: &str = "[device]\ng_min = 5e-6\ng_max = 95e-6\n";

pub fn report(lines: &str) -> Report {
    let (_folder, file) = study_folder(lines);
    let file = study::read(&file, &[]).unwrap_or_else(|report| panic!("{report}"));
    run(&file, &file.plans().unwrap(), &NoStore, &|_, _| {}).unwrap_or_else(|report| panic!("{report}"))
}

pub fn outcome(lines: &str) -> Outcome {
    report(lines).points.remove(0).variants.remove(0).result
}

//! The published figures are reproduced, and would not be by another device or circuit.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use assert_cmd::Command;
use rayon::prelude::*;
use tempfile::TempDir;

use ferrospice::circuit::Overrides;
use ferrospice::studies::reproduction::{self, Status, TargetDeck};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() { copy(&path, &target) } else { fs::copy(&path, &target).map(|_| ()).unwrap() }
    }
}

/// Decks too long to be run once more for every variant.
const LONG: [&str; 2] = ["B13", "B16"];

/// The targets that miss when `edits` (file, text, other text) are made to the decks and cards.
fn misses(edits: &[(&str, &str, &str)]) -> Vec<String> {
    let folder = TempDir::new().unwrap();
    for part in ["netlists/feo", "netlists/fe2o3", "device_models"] {
        copy(&root().join(part), &folder.path().join(part));
    }
    for (file, old, new) in edits {
        let path = folder.path().join(file);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(old), "{file} has no `{old}`");
        fs::write(&path, text.replace(old, new)).unwrap();
    }
    let is_short = |deck: &TargetDeck| !deck.ids.iter().any(|id| LONG.contains(&id.as_str()));
    let decks: Vec<TargetDeck> =
        reproduction::find(&folder.path().join("netlists")).unwrap().into_iter().filter(is_short).collect();
    let targets = decks.par_iter().flat_map(|deck| reproduction::run(deck, &Overrides::default()));
    let mut missed: Vec<String> =
        targets.filter(|target| target.status == Status::Miss).map(|target| target.id).collect();
    missed.sort_by_key(|id| reproduction::order(id));
    missed
}

const FEO: &str = "device_models/feo.lib";
const FE2O3: &str = "device_models/fe2o3.lib";
const SYNAPSE: &str = "netlists/feo/synapse.inc";

#[test]
fn every_target_passes_and_the_page_says_so() {
    let folder = TempDir::new().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_ferrospice"))
        .current_dir(root())
        .args(["reproduce", "--strict", "-o"])
        .arg(folder.path().join("page"))
        .arg("--json")
        .arg(folder.path().join("targets.json"))
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    let json: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(folder.path().join("targets.json")).unwrap()).unwrap();
    let targets = json["targets"].as_array().unwrap();
    let status: BTreeMap<&str, &str> =
        targets.iter().map(|target| (target["id"].as_str().unwrap(), target["status"].as_str().unwrap())).collect();
    let expected = (1..=12).map(|n| format!("A{n}")).chain((1..=16).map(|n| format!("B{n}")));
    let harder = ["A10+", "B9+", "B11+", "B12+"].map(String::from);
    let expected: Vec<String> = expected.chain(harder).collect();
    for id in &expected {
        assert_eq!(status.get(id.as_str()), Some(&"pass"), "{id}");
    }
    assert_eq!(status.len(), expected.len());
    let page = fs::read_to_string(folder.path().join("page/index.html")).unwrap();
    assert!(page.contains("28 of 28 targets pass; of the harder rows, counted apart, 4 of 4."));
    for target in targets {
        for key in ["figure", "paper", "assumed", "value", "criterion"] {
            assert!(target[key].as_str().is_some_and(|text| !text.is_empty()), "{key} of {}", target["id"]);
        }
        assert!(folder.path().join("page").join(target["plot"].as_str().unwrap()).exists());
        assert!(page.contains(&format!("<article id=\"{}\">", target["id"].as_str().unwrap())));
    }
    // One file, with nothing to load from elsewhere.
    assert!(!page.contains("src=") && !page.contains("href=\"http"));
}

#[test]
fn twice_the_rates_are_another_device() {
    let missed = misses(&[
        (FEO, "set_k0=1.16438e-2", "set_k0=2.32876e-2"),
        (FEO, "reset_k0=8.02055e-10", "reset_k0=16.0411e-10"),
        (FE2O3, "set_k0=2.570504", "set_k0=5.141008"),
        (FE2O3, "reset_k0=12.76280", "reset_k0=25.5256"),
    ]);
    assert_eq!(missed, ["B11+", "B12+", "B14"]);
}

#[test]
fn the_other_polarity_learns_the_wrong_way() {
    let missed = misses(&[(FEO, "polarity=1", "polarity=-1"), (FE2O3, "polarity=-1", "polarity=1")]);
    // What does not depend on the sign of a change: the compliance's power, and how widely devices are spread.
    let passed: Vec<&str> = ["A3", "A12"].into_iter().filter(|id| !missed.iter().any(|missed| missed == id)).collect();
    assert_eq!(passed, ["A3", "A12"]);
    let all = (1..=12).map(|n| format!("A{n}")).chain((1..=15).map(|n| format!("B{n}")));
    let signed: Vec<String> = all.filter(|id| !["A3", "A12", "B13"].contains(&id.as_str())).collect();
    for id in signed {
        assert!(missed.contains(&id), "{id} does not depend on the polarity");
    }
}

#[test]
fn without_k1_timing_does_not_matter() {
    let missed = misses(&[(SYNAPSE, "refractory_switch(hold=8u", "refractory_switch(threshold=1e9 hold=8u")]);
    assert_eq!(missed, ["B9+", "B10", "B12"]);
}

#[test]
fn spikes_that_restart_the_kernel_carry_no_rate() {
    let missed = misses(&[(SYNAPSE, "{answer+200u} 0.5] rise=0.2u)", "{answer+200u} 0.5] rise=0.2u mode=restart)")]);
    assert_eq!(missed, ["B9", "B9+", "B10", "B11", "B12", "B15"]);
}

//! Whole runs of studies: stages, seeds, threads, resumed runs, complaints, and what other solvers say.

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use common::images::idx_file;
use common::studies::{DEVICE, outcome, report, study_folder};
use ferrospice::studies::inference::report::{Report, StageName};
use ferrospice::studies::inference::study::Setting;
use ferrospice::studies::programming::PulseSettings;
use tempfile::TempDir;

const NOISY: &str = "[mapping]\nbits = 4\n[programming]\ndelta_g = 0.05\n[array]\nword_segment = 100.0\nbit_segment = 100.0\n\
    [readout]\nadc_bits = 8\nnoise = 0.01\n[compensation]\nmethod = \"iterative\"\n[run]\nseeds = 2\n\
    [[sweep]]\nparameter = \"array.tile\"\nvalues = [\"whole\", [8, 8]]\n[[sweep.times]]\nparameter = \"programming.delta_g\"\n\
    values = [0.0, 0.1]\n";

#[test]
fn every_stage_adds_its_errors() {
    let report = report(&format!("{DEVICE}{NOISY}"));
    assert_eq!(report.points.len(), 5);
    let found = &report.points[0].variants[0].result;
    let names: Vec<StageName> = found.stages.iter().map(|stage| stage.name).collect();
    assert!(names.is_sorted() && names.len() == 7 && found.stages.iter().all(|stage| stage.active));
    let errors: Vec<f64> = found.stages.iter().map(|stage| stage.errors[0]).collect();
    // Each but the compensation makes it worse here.
    assert!(errors[..6].is_sorted() && errors[1] < 1e-12 && errors[5] > errors[4] + 0.2, "{errors:?}");
    assert!(errors[6] < 0.7 * errors[5], "{errors:?}");
    let last = found.stages.last().unwrap();
    assert_eq!(last.accuracy, found.accuracy);
    assert_eq!(found.stages[5].accuracy, found.uncompensated.unwrap());
    let sum: usize = found.layers[0].comparison.histogram.counts.iter().sum();
    assert_eq!(sum, found.layers[0].comparison.count);
    let tiled = &report.points[3].variants[1].result.layers[0];
    assert_eq!((tiled.arrays, tiled.array_rows, tiled.array_columns), (6, 8, 8));
}

/// With and without threads, everything is the same to the last bit; other seeds are not.
#[test]
fn results_do_not_depend_on_the_number_of_threads() {
    let (folder, file) = study_folder(&format!("{DEVICE}{NOISY}"));
    let output = |name: &str, options: &[&str]| {
        let output = folder.path().join(name);
        let mut command = Command::cargo_bin("ferrospice").unwrap();
        command.arg("infer").arg(&file).arg("-q").arg("-o").arg(&output).args(options).assert().success();
        fs::read(output.join("report.json")).unwrap()
    };
    let one = output("one", &["--threads", "1"]);
    assert!(one == output("two", &["--threads", "2"]), "one and two threads differ");
    let report: Report = serde_json::from_slice(&one).unwrap();
    let variants = &report.points[0].variants;
    assert_eq!((variants[0].seed, variants[1].seed), (0, 1));
    assert_ne!(variants[0].result.layers[0].comparison.rms_error, variants[1].result.layers[0].comparison.rms_error);
    // A seed is the same wherever it comes in the row.
    let other: Report =
        serde_json::from_slice(&output("other", &["--set", "run.seed=1", "--set", "run.seeds=1"])).unwrap();
    assert_eq!(other.points[0].variants[0].result.stages, variants[1].result.stages);
}

fn contents(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            files.extend(contents(&entry).into_iter().map(|(path, _)| path));
        } else {
            files.push(entry);
        }
    }
    files.sort();
    files.into_iter().map(|path| (path.clone(), fs::read(path).unwrap())).collect()
}

fn infer(file: &Path, output: &Path, options: &[&str]) -> String {
    let mut command = Command::cargo_bin("ferrospice").unwrap();
    let assert = command.arg("infer").arg(file).arg("-o").arg(output).args(options).assert().success();
    String::from_utf8(assert.get_output().stdout.clone()).unwrap()
}

#[test]
fn a_resumed_run_gives_the_bytes_of_an_undisturbed_one() {
    let (folder, file) = study_folder(&format!("{DEVICE}{NOISY}"));
    let output = folder.path().join("out");
    let text = infer(&file, &output, &[]);
    let last = text.lines().last().unwrap();
    assert!(last.starts_with("accuracy ") && last.ends_with(" of 60)"), "{text}");
    assert!(
        text.contains("\nuncompensated ") && text.contains("\ncompensated ") && text.contains("label \\ answer"),
        "{text}"
    );
    let whole = contents(&output);
    let variants: Vec<PathBuf> =
        fs::read_dir(output.join("variants")).unwrap().map(|entry| entry.unwrap().path()).collect();
    // The point of the sweep that is the study itself is another only in what it keeps for figures.
    assert_eq!(variants.len(), 10);
    for variant in variants.iter().step_by(2) {
        fs::remove_file(variant).unwrap();
    }
    fs::write(&variants[1], "{ half of a fi").unwrap();
    fs::remove_file(output.join("report.json")).unwrap();
    assert_eq!(infer(&file, &output, &["--resume"]), text);
    assert!(contents(&output) == whole, "a resumed run differs");
    // What is there is taken: it is believed even where it was changed, but not if anything that decides it is another.
    let (forged, forged_text) = whole.iter().find(|(path, _)| path.starts_with(output.join("variants"))).unwrap();
    let energy = String::from_utf8(forged_text.clone()).unwrap().replace("\"energy\": ", "\"energy\": 1");
    fs::write(forged, &energy).unwrap();
    infer(&file, &output, &["--resume"]);
    assert!(
        fs::read(output.join("report.json")).unwrap()
            != whole.iter().find(|(path, _)| path.ends_with("report.json")).unwrap().1
    );
    infer(&file, &output, &[]);
    assert!(contents(&output) == whole, "a run without --resume takes nothing");
    fs::write(forged, &energy).unwrap();
    let before = fs::read(file.parent().unwrap().join("weights.safetensors")).unwrap();
    let mut other = before.clone();
    let middle = other.len() - 100;
    other[middle] ^= 1;
    fs::write(file.parent().unwrap().join("weights.safetensors"), other).unwrap();
    infer(&file, &output, &["--resume"]);
    assert_eq!(fs::read_dir(output.join("variants")).unwrap().count(), 20, "other weights are other results");
}

/// A disk without room: no file can grow beyond a few kilobytes. What was there stays to the byte, and nothing is left behind.
#[cfg(unix)]
#[test]
fn a_full_disk_loses_no_earlier_results() {
    let (folder, file) = study_folder(DEVICE);
    let output = folder.path().join("out");
    infer(&file, &output, &[]);
    let before = contents(&output);
    let program = assert_cmd::cargo::cargo_bin("ferrospice");
    let limited = std::process::Command::new("bash")
        .args(["-c", "trap '' XFSZ; ulimit -f 4; exec \"$0\" \"$@\""])
        .args([program.as_os_str(), "infer".as_ref(), file.as_os_str(), "-o".as_ref(), output.as_os_str()])
        .args(["--set", "run.seed=7"])
        .output()
        .unwrap();
    let message = String::from_utf8(limited.stderr).unwrap();
    assert_eq!(limited.status.code(), Some(1), "{message}");
    assert!(message.contains("error: cannot write `"), "{message}");
    assert!(contents(&output) == before, "earlier results differ");
}

/// The message for a study that is wrong.
fn complaint(lines: &str) -> String {
    let (folder, file) = study_folder(lines);
    complaint_of(&folder, &file, &[])
}

fn complaint_of(folder: &TempDir, file: &Path, options: &[&str]) -> String {
    let mut command = Command::cargo_bin("ferrospice").unwrap();
    let output = command.arg("infer").arg(file).args(options).assert().code(1).get_output().clone();
    assert!(output.stdout.is_empty());
    String::from_utf8(output.stderr).unwrap().replace(&folder.path().display().to_string(), "FOLDER")
}

#[test]
fn errors_point_at_the_study() {
    let mut all = String::new();
    for lines in [
        "[device]\ng_min = 5e-6\ng_max = 95e-6\n[array]\nword_segmnt = 1.0\n",
        "[device]\ng_min = 5e-6\n",
        "[device]\ng_min = 95e-6\ng_max = 5e-6\n",
        "[device]\ng_min = 5e-6\ng_max = 95e-6\n[input]\ncoding = \"bit_seral\"\n",
        "[device]\ng_min = 5e-6\ng_max = 95e-6\n[array]\ntile = \"hole\"\n",
        "[device]\ng_min = 5e-6\ng_max = 95e-6\n[array]\ncells = \"device\"\ndriver = -1.0\n",
        "[device]\ng_min = 5e-6\ng_max = 95e-6\n[mapping]\nbits = 5\nlevels = 32\n",
        "[device]\ng_min = 5e-6\ng_max = 95e-6\n[[sweep]]\nparameter = \"array.wires\"\nvalues = [1.0]\n",
        "[device]\ng_min = 5e-6\ng_max = 95e-6\n[[sweep]]\nparameter = \"array.driver\"\nvalues = [1.0, -1.0]\n",
        "[device]\nfile = \"nothing.lib\"\n",
        "[device\n",
    ] {
        all += &complaint(lines);
        all += "\n";
    }
    insta::assert_snapshot!(all);
}

#[test]
fn errors_of_files_say_what_is_wrong() {
    let mut all = String::new();
    type Change = fn(&Path);
    let changes: [Change; 7] = [
        |folder| fs::remove_file(folder.join("weights.safetensors")).unwrap(),
        |folder| fs::remove_file(folder.join("t10k-images-idx3-ubyte")).unwrap(),
        |folder| fs::write(folder.join("t10k-labels-idx1-ubyte"), idx_file(&[60], &[9; 60])).unwrap(),
        |folder| {
            let images = fs::read(folder.join("t10k-images-idx3-ubyte")).unwrap();
            fs::write(folder.join("t10k-images-idx3-ubyte"), &images[..images.len() - 7]).unwrap();
        },
        |folder| {
            let weights = fs::read(folder.join("weights.safetensors")).unwrap();
            fs::write(folder.join("weights.safetensors"), &weights[..weights.len() - 7]).unwrap();
        },
        |folder| fs::write(folder.join("t10k-images-idx3-ubyte"), idx_file(&[60, 3, 3], &[1; 540])).unwrap(),
        |folder| fs::write(folder.join("t10k-labels-idx1-ubyte"), idx_file(&[59], &[1; 59])).unwrap(),
    ];
    for change in changes {
        let (folder, file) = study_folder(DEVICE);
        change(folder.path());
        all += &complaint_of(&folder, &file, &[]);
        all += "\n";
    }
    let (folder, file) = study_folder(DEVICE);
    all += &complaint_of(&folder, &file, &["--set", "array.driver=much"]);
    all += &complaint_of(&folder, &file, &["--set", "network.weights=[\"a.npy\", \"b.npy\"]"]);
    fs::write(
        folder.path().join("layer.npy"),
        b"\x93NUMPY\x01\0\x3c\0{'descr': '<f4', 'fortran_order': False, 'shape': (4, 16), }",
    )
    .unwrap();
    all += &complaint_of(&folder, &file, &["--set", "network.weights=layer.npy"]);
    insta::assert_snapshot!(all);
}

#[test]
fn settings_replace_values_and_limits_hold_everywhere() {
    let (folder, file) = study_folder(&format!(
        "{DEVICE}[[sweep]]\nparameter = \"mapping.bits\"\nvalues = [2, 5]\nset = {{ \"data.images\" = 40 }}\n"
    ));
    let output = folder.path().join("out");
    infer(
        &file,
        &output,
        &["-q", "--limit", "50", "--set", "mapping.levels=3", "--set", "mapping.levels=9", "--set", "sweep=[]"],
    );
    let report: Report = serde_json::from_slice(&fs::read(output.join("report.json")).unwrap()).unwrap();
    assert_eq!((report.points.len(), report.study.mapping.levels, report.study.data.images), (1, Some(9), Some(50)));
    infer(&file, &output, &["-q", "--limit", "50"]);
    let report: Report = serde_json::from_slice(&fs::read(output.join("report.json")).unwrap()).unwrap();
    let images: Vec<usize> = report.points.iter().map(|point| point.variants[0].result.accuracy.of).collect();
    assert_eq!(images, [50, 40, 40]);
    let csv = fs::read_to_string(output.join("variants.csv")).unwrap();
    assert!(csv.starts_with("sweep,mapping.bits,seed,correct,images,") && csv.lines().count() == 4, "{csv}");
    assert_eq!(Setting::parse("a.b = word").unwrap().text(), "word");
    assert!(Setting::parse("nothing").is_err());
}

/// Tiles as flat netlists, of resistors and of FeO's cells; and cells that got their conductances by pulses.
#[test]
fn tiles_carry_the_currents_of_the_circuit_engine() {
    let card = std::env::current_dir().unwrap().join("device_models/feo.lib");
    let lines = format!(
        "[device]\nfile = \"{}\"\n[programming]\nmethod = \"write_verify\"\n[validation]\ntiles = 2\nstages = false\n\
        [array]\nword_segment = 90.0\nbit_segment = 70.0\ndriver = 30.0\nboth_ends = true\n",
        card.display()
    );
    for (cells, bound) in [("linear", 1e-9), ("device", 1e-6)] {
        let found = outcome(&format!("{lines}cells = \"{cells}\"\n"));
        let tiles = found.tiles.unwrap();
        assert!(tiles.tiles == 4 && tiles.worst_current < bound, "{cells}: {tiles:?}");
        let programming = found.programming.unwrap();
        // Within the tolerance of 0.4 % of the range, wherever it was reached; the range is that of the staircase.
        let tolerance = PulseSettings::default().tolerance;
        assert!(programming.pulses as usize > programming.cells && programming.energy > 0.0, "{programming:?}");
        assert!(programming.rms_error < tolerance && programming.failed * 20 < programming.cells, "{programming:?}");
        assert!(found.layers[0].g_min > 5e-6 && found.layers[0].g_max < 95e-6);
    }
}

/// `[device]` with the FeO card.
fn feo() -> String {
    let card = std::env::current_dir().unwrap().join("device_models/feo.lib");
    format!("[device]\nfile = \"{}\"\n", card.display())
}

const WIRED: &str = "[array]\nword_segment = 90.0\nbit_segment = 70.0\ndriver = 30.0\n";

/// Read pulses carry the currents of the same devices with their states held, and leave hardly a trace; linear cells at the same
/// voltages carry others, because the card's current is no straight line over the voltage.
#[test]
fn read_pulses_carry_the_currents_of_held_states() {
    let lines = format!("{}{WIRED}{{}}[validation]\ntransient_images = 12\nstages = false\n", feo());
    for (extra, reads) in [
        ("cells = \"device\"\n", 1),
        ("cells = \"device\"\ntile = [5, 8]\n", 1),
        ("cells = \"device\"\n[input]\ncoding = \"inverse_amplitude\"\n", 1),
        ("cells = \"device\"\n[input]\ncoding = \"bit_serial\"\nbits = 3\n", 3),
        ("", 1),
    ] {
        let found = outcome(&lines.replace("{}", extra));
        let check = found.transient.unwrap();
        assert_eq!((check.images, check.layers.len(), check.accuracy.of), (12, 2, 12));
        let is_linear = extra.is_empty();
        for layer in &check.layers {
            assert!(layer.worst_held < 1e-7 && layer.reads == 12 * reads, "{extra}: {layer:?}");
            assert!((layer.worst_current < 1e-7) != is_linear, "{extra}: {layer:?}");
            assert!(layer.worst_disturb > 0.0 && layer.worst_disturb < 1e-9, "{extra}: {layer:?}");
            assert!(layer.rms_disturb <= layer.worst_disturb && layer.energy > 0.0);
        }
        assert!(is_linear || check.changed_classes == 0, "{extra}: {check:?}");
    }
}

/// A read so strong and long that it writes: the live currents leave those of held states behind, and cells keep the change.
#[test]
fn strong_reads_disturb() {
    let lines = "cells = \"device\"\n[input]\nread_voltage = 1.5\nread_time = 1e-3\nread_edge = 1e-6\n";
    let lines = format!("{}{WIRED}{lines}[validation]\nstages = false\ntransient_images = ", feo());
    let disturb = |images: usize| outcome(&format!("{lines}{images}\n")).transient.unwrap().layers[0];
    let (few, many) = (disturb(1), disturb(4));
    assert!(few.worst_held > 1e-3 && few.worst_disturb > 1e-2, "{few:?}");
    assert!(many.rms_disturb > 1.5 * few.rms_disturb, "{few:?} {many:?}");
}

/// A deck whose output is exactly the ideal neuron changes nothing; the shipped one hardly anything; one that saturates does.
#[test]
fn a_neuron_is_what_its_deck_does() {
    let deck = |body: &str| format!("neuron\n.param ifull=1m vfull=0.1\niin 0 in 0\nrin in 0 1\n{body}\n.end\n");
    let run = |body: &str| {
        let (folder, file) = study_folder(&format!("{DEVICE}[neuron]\ndeck = \"neuron.cir\"\n"));
        fs::write(folder.path().join("neuron.cir"), body).unwrap();
        let output = folder.path().join("out");
        infer(&file, &output, &["-q"]);
        let report: Report = serde_json::from_slice(&fs::read(output.join("report.json")).unwrap()).unwrap();
        let page = fs::read_to_string(output.join("index.html")).unwrap();
        assert!(page.contains("Layer 1: neuron"));
        report.points[0].variants[0].result.clone()
    };
    let sweep = ".dc iin {-ifull} {2*ifull} {ifull/100}";
    let exact = run(&deck(&format!("bout out 0 v = max(v(in), 0)*vfull/ifull\n{sweep}")));
    let (ideal, last) = (outcome(DEVICE), exact.layers.len() - 1);
    assert_eq!(exact.confusion, ideal.confusion);
    let neuron = exact.layers[0].neuron.as_ref().unwrap();
    assert!(neuron.worst_error < 1e-12 && neuron.full_voltage == 0.1 && neuron.full_current > 1e-6, "{neuron:?}");
    assert!(exact.layers[last].neuron.is_none());
    let shipped = run(&fs::read_to_string("netlists/crossbars/neuron_relu.cir").unwrap());
    let neuron = shipped.layers[0].neuron.as_ref().unwrap();
    assert!(neuron.worst_error < 1e-3 && neuron.worst_error > 1e-9, "{neuron:?}");
    assert_eq!(shipped.accuracy, ideal.accuracy);
    let flat = run(&deck(&format!("bout out 0 v = min(max(v(in), 0)*vfull/ifull, 0.01*vfull)\n{sweep}")));
    assert!(flat.layers[0].neuron.as_ref().unwrap().worst_error > 0.98);
    assert!(flat.confusion != ideal.confusion);
}

#[test]
fn neurons_that_are_none_are_refused() {
    let mut all = String::new();
    for body in [
        "neuron\n.param ifull=1m\niin 0 out 0\nr1 out 0 1\n.dc iin 0 1m 10u\n.end\n",
        "neuron\n.param ifull=1m vfull=1\niin 0 out 0\nr1 out 0 {vfull}\n.op\n.end\n",
        "neuron\n.param ifull=1m vfull=1\niin 0 word 0\nr1 word 0 {vfull}\n.dc iin 0 {ifull} 10u\n.end\n",
        "neuron\niin 0 out\n.dc iin 0 1m 10u\nr1 out\n.end\n",
    ] {
        let (folder, file) = study_folder(&format!("{DEVICE}[neuron]\ndeck = \"neuron.cir\"\n"));
        fs::write(folder.path().join("neuron.cir"), body).unwrap();
        all += &complaint_of(&folder, &file, &[]);
        all += "\n";
    }
    all += &complaint(&format!("{DEVICE}[neuron]\ndeck = \"nothing.cir\"\n"));
    all += &complaint(&format!("{DEVICE}[validation]\ntransient_images = 3\n"));
    insta::assert_snapshot!(all);
}

//! Waveforms of independent sources.

use std::path::Path;

use ferrospice::circuit::element::Value;
use ferrospice::circuit::{Circuit, Overrides, elaborate};
use ferrospice::diagnostic::Diagnostic;
use ferrospice::netlist::Deck;
use ferrospice::waveforms::{Waveform, WaveformContext, construct};

fn circuit(source: &str, folder: &Path) -> Circuit {
    let text = format!("title\nV1 a 0 {source}\nR1 a 0 1\n.tran 1n 100n\n");
    let name = folder.join("deck.cir");
    let deck = Deck::from_text(name.to_str().unwrap_or("deck.cir"), &text, folder).unwrap_or_else(|e| panic!("{e}"));
    elaborate(&deck, &Overrides::default()).unwrap_or_else(|report| panic!("{report}"))
}

fn build(source: &str, folder: &Path) -> Result<Box<dyn Waveform>, Diagnostic> {
    let circuit = circuit(source, folder);
    let element = circuit.element(circuit.element_index["v1"]);
    for value in &element.values {
        if let Value::Call(call) = &value.item {
            let context = WaveformContext { circuit: &circuit, span: value.span };
            return construct(call, &element.parameters, &context);
        }
    }
    panic!("no waveform in {source}");
}

fn waveform(source: &str) -> Box<dyn Waveform> {
    build(source, Path::new(".")).unwrap_or_else(|error| panic!("{source}: {error}"))
}

fn assert_values(source: &str, wanted: &[(f64, f64)]) {
    let waveform = waveform(source);
    for &(time, value) in wanted {
        let found = waveform.value(time);
        assert!((found - value).abs() < 1e-9, "{source} at {time}: {found} should be {value}");
    }
}

/// Corners up to `stop`.
fn corners(source: &str, stop: f64) -> Vec<f64> {
    let waveform = waveform(source);
    let mut corners = vec![0.0];
    while let Some(next) = waveform.breakpoint(corners[corners.len() - 1]).filter(|&time| time < stop) {
        assert!(next > corners[corners.len() - 1]);
        corners.push(next);
    }
    corners.remove(0);
    corners
}

#[test]
fn polygon() {
    assert_values("pwl(1 1 2 3 4 2)", &[(0.0, 1.0), (1.5, 2.0), (2.0, 3.0), (3.0, 2.5), (9.0, 2.0)]);
    assert_values("pwl(1 1 2 3 4 2 td=1)", &[(2.5, 2.0), (9.0, 2.0)]);
    assert_values("pwl(0 0 1 1 2 1 3 0) r=0", &[(0.5, 0.5), (3.5, 0.5), (9.5, 0.5), (7.5, 1.0)]);
    assert_values("pwl(0 0 1 1 2 -1 3 0) r=1 td=0.5", &[(2.0, 0.0), (4.5, -1.0)]);
    assert_eq!(corners("pwl(1 1 2 3 4 2)", 9.0), [1.0, 2.0, 4.0]);
    assert_eq!(corners("pwl(0 0 1 1 2 1 3 0) r=0", 6.5), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
}

#[test]
fn polygon_from_a_file() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("wave.txt"), "* time, value\n0, 1\n1n 3 # peak\n\n3n,2\n").expect("a file");
    let found = build("pwl file=\"wave.txt\"", folder.path()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(found.value(0.5e-9), 2.0);
    assert_eq!(found.value(2e-9), 2.5);
    assert_eq!(found.breakpoint(1e-9), Some(3e-9));
}

#[test]
fn exponential() {
    let part = |time: f64, constant: f64| 1.0 - (-time / constant).exp();
    assert_values(
        "exp(1 5 1 2 5 3)",
        &[(0.5, 1.0), (2.0, 1.0 + 4.0 * part(1.0, 2.0)), (6.0, 1.0 + 4.0 * (part(5.0, 2.0) - part(1.0, 3.0)))],
    );
    assert_eq!(corners("exp(1 5 1 2 5 3)", 9.0), [1.0, 5.0]);
    // Times that are missing or zero are the output step.
    assert_values("exp(0 1)", &[(1e-9, 0.0), (2e-9, part(1.0, 1.0)), (3e-9, part(2.0, 1.0) - part(1.0, 1.0))]);
}

#[test]
fn pulse() {
    assert_values("pulse(0 1)", &[(0.0, 0.0), (0.5e-9, 0.5), (50e-9, 1.0)]);
    assert_values("pulse(0 1 1 1 1 5 2)", &[(1.5, 0.5), (2.5, 1.0), (3.5, 0.5), (4.5, 1.0)]);
    assert_values("pulse(0 1 0 1 1 1 4 2)", &[(0.5, 0.5), (6.5, 0.5), (9.0, 0.0), (100.0, 0.0)]);
    assert_eq!(corners("pulse(0 1 1 1 1 1 4 2)", 99.0), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]);
    assert_eq!(corners("pulse(0 1 1 1 1 5 2)", 6.5), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
}

#[test]
fn modulated() {
    use std::f64::consts::TAU;
    let t: f64 = 0.123;
    let angle = TAU * 7.0 * t + 2.0 * (TAU * 3.0 * t).sin();
    assert_values("sffm(0.5 2 7 2 3)", &[(t, 0.5 + 2.0 * angle.sin())]);
    let s = t - 0.1;
    assert_values(
        "am(2 3 5 40 0.1)",
        &[(0.05, 0.0), (t, 2.0 * (3.0 + (TAU * 5.0 * s).sin()) * (TAU * 40.0 * s).sin())],
    );
}

#[test]
fn mistakes_are_reported() {
    for (source, part) in [
        ("pwl(0 0 2 1 1 3)", "increase"),
        ("pwl(0 0 1)", "pairs"),
        ("pwl(0 0 1 1) r=0.5", "one of the times"),
        ("pwl file=\"nothing.txt\"", "nothing.txt"),
        ("sffm()", "offset"),
    ] {
        let error = build(source, Path::new(".")).err().unwrap_or_else(|| panic!("no error: {source}"));
        assert!(error.message.contains(part), "{source}: {error}");
        assert!(!error.labels.is_empty());
    }
}

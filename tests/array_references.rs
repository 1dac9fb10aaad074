//! Arrays against what other simulators gave for them; `tests/references/crossbars/make.py` made the files.

use std::fs;

use ferrospice::arrays::laws::SquareLaw;
use ferrospice::arrays::{ArraySolver, Crossbar, Drive, NestedDissection, Options, PortReduction};
use serde::Deserialize;
use serde::de::DeserializeOwned;

#[derive(Deserialize)]
struct Linear {
    word_segment: f64,
    bit_segment: f64,
    resistances: Vec<Vec<f64>>,
    inputs: Vec<f64>,
    outputs: Vec<f64>,
    device_currents: Vec<Vec<f64>>,
    word_voltages: Vec<Vec<f64>>,
    bit_voltages: Vec<Vec<f64>>,
}

#[derive(Deserialize)]
struct SquareLawCase {
    word_segment: f64,
    bit_segment: f64,
    conductances: Vec<Vec<f64>>,
    law: f64,
    inputs: Vec<f64>,
    outputs: Vec<f64>,
}

fn read<Case: DeserializeOwned>(name: &str) -> Vec<Case> {
    let text = fs::read_to_string(format!("tests/references/crossbars/{name}")).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn array(matrix: &[Vec<f64>], word_segment: f64, bit_segment: f64) -> Crossbar {
    Crossbar { word_segment, bit_segment, ..Crossbar::ideal(matrix.len(), matrix[0].len()) }
}

/// All of `found` within 1e-9 of the largest of `expected`.
fn agree(found: &[f64], expected: &[f64], what: &str) {
    assert_eq!(found.len(), expected.len());
    let largest = expected.iter().fold(0.0f64, |largest, value| largest.max(value.abs()));
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() <= 1e-9 * largest, "{what}: {found} and {expected}");
    }
}

#[test]
fn linear_arrays_are_as_badcrossbar_has_them() {
    let cases: Vec<Linear> = read("badcrossbar.json");
    assert_eq!(cases.len(), 6);
    for case in &cases {
        let array = array(&case.resistances, case.word_segment, case.bit_segment);
        let conductances: Vec<f64> = case.resistances.concat().iter().map(|resistance| 1.0 / resistance).collect();
        let reduction = PortReduction::new(&array, &conductances).unwrap();
        agree(&reduction.currents(&case.inputs).unwrap(), &case.outputs, "outputs");
        let analysis = NestedDissection::new(&array).unwrap();
        let cells = analysis.factor(&conductances).unwrap();
        let voltages = cells.voltages(&case.inputs).unwrap();
        agree(&voltages.word, &case.word_voltages.concat(), "word lines");
        agree(&voltages.bit, &case.bit_voltages.concat(), "bit lines");
        agree(&cells.device_currents(&voltages), &case.device_currents.concat(), "cells");
    }
}

#[test]
fn square_law_arrays_are_as_ngspice_has_them() {
    let cases: Vec<SquareLawCase> = read("ngspice.json");
    assert_eq!(cases.len(), 3);
    for case in &cases {
        let array = array(&case.conductances, case.word_segment, case.bit_segment);
        let law = SquareLaw { conductances: case.conductances.concat(), slope: case.law };
        let solver = ArraySolver::new(&array, &law, Options::default()).unwrap();
        let sensed = solver.currents(&[Drive::inputs(&case.inputs)]).unwrap();
        agree(sensed.currents.col_as_slice(0), &case.outputs, "outputs");
    }
}

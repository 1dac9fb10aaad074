//! Arrays that several tests solve, and the same arrays as netlists.
#![allow(dead_code)] // not every test uses all of it

use std::fmt::Write;

use ferrospice::arrays::{Crossbar, Drive, Driving};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// Reproducible numbers, uniform in 0..1.
pub struct Numbers(ChaCha8Rng);

impl Numbers {
    pub fn new(seed: u64) -> Numbers {
        Numbers(ChaCha8Rng::seed_from_u64(seed))
    }

    pub fn uniform(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Conductances between 10 µS and 1 mS, evenly in their logarithms; one in ten open.
    pub fn conductances(&mut self, array: &Crossbar) -> Vec<f64> {
        let mut cell = || if self.uniform() < 0.1 { 0.0 } else { 1e-5 * 100f64.powf(self.uniform()) };
        (0..array.cells()).map(|_| cell()).collect()
    }

    pub fn inputs(&mut self, array: &Crossbar) -> Vec<f64> {
        (0..array.rows).map(|_| 0.6 * self.uniform() - 0.2).collect()
    }
}

/// Every combination of ideal and resistive wires, drivers and senses, driven from one and from both ends.
pub fn variants(rows: usize, columns: usize) -> Vec<Crossbar> {
    let mut arrays = Vec::new();
    for bits in 0..32 {
        let value = |bit: usize, resistance: f64| if bits >> bit & 1 == 1 { resistance } else { 0.0 };
        arrays.push(Crossbar {
            word_segment: value(0, 2.5),
            bit_segment: value(1, 0.7),
            driver: value(2, 30.0),
            sense: value(3, 11.0),
            driving: if bits >> 4 == 1 { Driving::BothEnds } else { Driving::LeftEnd },
            ..Crossbar::ideal(rows, columns)
        });
    }
    arrays
}

/// The array written out for the simulator; `cell` writes the cell of a number between its two nodes. Ideal wires are sources of 0 V, so that no node is merged here.
pub fn netlist(array: &Crossbar, drive: &Drive, cell: &dyn Fn(usize, &str, &str) -> String) -> String {
    let mut text = String::new();
    let mut count = 0;
    let mut wire = |text: &mut String, a: String, b: String, resistance: f64| {
        count += 1;
        let letter = if resistance == 0.0 { 'V' } else { 'R' };
        writeln!(text, "{letter}wire{count} {a} {b} {resistance:e}").unwrap();
    };
    let (rows, columns) = (array.rows, array.columns);
    for (i, input) in drive.word.iter().enumerate() {
        writeln!(text, "Vin{i} in{i} 0 {input:e}").unwrap();
        wire(&mut text, format!("in{i}"), format!("drv{i}"), array.driver);
        wire(&mut text, format!("drv{i}"), format!("u{i}_0"), array.word_segment);
        for j in 1..columns {
            wire(&mut text, format!("u{i}_{}", j - 1), format!("u{i}_{j}"), array.word_segment);
        }
        // A loop of ideal wires alone would leave the currents around it undetermined.
        if array.driving == Driving::BothEnds && array.word_segment + array.driver > 0.0 {
            wire(&mut text, format!("u{i}_{}", columns - 1), format!("end{i}"), array.word_segment);
            wire(&mut text, format!("end{i}"), format!("in{i}"), array.driver);
        }
    }
    for j in 0..columns {
        for i in 1..rows {
            wire(&mut text, format!("b{}_{j}", i - 1), format!("b{i}_{j}"), array.bit_segment);
        }
        wire(&mut text, format!("b{}_{j}", rows - 1), format!("end_of_bit{j}"), array.bit_segment);
        wire(&mut text, format!("end_of_bit{j}"), format!("sense{j}"), array.sense);
        writeln!(text, "Vsense{j} sense{j} 0 {:e}", drive.bit_voltage(j)).unwrap();
    }
    for k in 0..array.cells() {
        let (i, j) = (k / columns, k % columns);
        writeln!(text, "{}", cell(k, &format!("u{i}_{j}"), &format!("b{i}_{j}"))).unwrap();
    }
    text + ".options gmin=0 reltol=1e-12\n.op\n"
}

/// Cells of [`netlist`] that are resistors; none where the conductance is 0.
pub fn resistors(conductances: &[f64]) -> impl Fn(usize, &str, &str) -> String {
    move |k, word, bit| match conductances[k] {
        0.0 => String::new(),
        conductance => format!("Rcell{k} {word} {bit} {:e}", 1.0 / conductance),
    }
}

pub fn largest(values: &[f64]) -> f64 {
    values.iter().fold(0.0, |largest, value| largest.max(value.abs()))
}

pub fn assert_near(what: &str, found: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len());
    let bound = tolerance * largest(expected);
    for (k, (found, expected)) in found.iter().zip(expected).enumerate() {
        assert!((found - expected).abs() <= bound, "{what}: {k}: {found:e}, expected {expected:e}");
    }
}

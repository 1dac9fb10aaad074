//! `.sp`: scattering, admittance and impedance parameters between the ports of a circuit.
//!
//! ```text
//! J: the currents into the circuit at all ports for one volt in the source of one, all sources behind their z0
//! S = 1 − 2·√z0·J·√z0,   Y = J·(1 − z0·J)⁻¹,   Z = J⁻¹ − z0           (√z0, z0: diagonal)
//! ```
//! Waves are those of power, (v ± z0·i)/(2·√z0). Where Y or Z does not exist, its numbers are not finite.
//! Sources: K. Kurokawa, IEEE Trans. Microwave Theory Tech. 13, 194 (1965); ngspice-39 manual, section 15.3.9.

use faer::c64;

use super::Failure;
use super::adjoint::{Linearised, branch, excitation};
use super::output::{Output, Progress, Table};
use super::small_signal::frequencies;
use crate::circuit::analysis_card::Scattering;
use crate::mna::System;
use crate::mna::vectors::VectorKind;

/// A square matrix, row by row.
type Matrix = Vec<Vec<c64>>;

/// Finds the operating point, then solves once for each port at every frequency, and sends one table.
pub fn run(system: &mut System, card: &Scattering, output: &mut dyn Output) -> Result<(), Failure> {
    let mut linearised = Linearised::new(system, output)?;
    let currents = card.ports.iter().map(|&(port, _)| branch(system, port)).collect::<Result<Vec<usize>, Failure>>()?;
    let sources = card.ports.iter().map(|&(port, _)| excitation(system, port));
    let sources = sources.collect::<Result<Vec<Vec<c64>>, Failure>>()?;
    let impedances: Vec<f64> = card.ports.iter().map(|&(_, impedance)| impedance).collect();
    let frequencies = frequencies(&card.sweep);
    let mut rows = Vec::new();
    for (index, &frequency) in frequencies.iter().enumerate() {
        linearised.tune(system, frequency)?;
        let mut into = vec![vec![c64::new(0.0, 0.0); currents.len()]; currents.len()];
        for (column, source) in sources.iter().enumerate() {
            let mut x = source.clone();
            linearised.solve(&mut x);
            for (row, &current) in currents.iter().enumerate() {
                into[row][column] = -x[current];
            }
        }
        system.statistics.steps += 1;
        rows.push(row(frequency, &into, &impedances));
        output.progress(Progress::of(index + 1, frequencies.len()));
        if !output.goes_on() {
            break;
        }
    }
    let axis = Some(("frequency".to_string(), VectorKind::Frequency));
    output.table(
        &Table { name: "SP Analysis".into(), axis, columns: columns(currents.len()), rows, complex: true },
        system,
    );
    Ok(())
}

/// `S_1_1`, `S_1_2`, …, then Y and Z.
fn columns(count: usize) -> Vec<(String, VectorKind)> {
    let places = move || (1..=count).flat_map(move |row| (1..=count).map(move |column| (row, column)));
    let of = |letter: char| places().map(move |(row, column)| (format!("{letter}_{row}_{column}"), VectorKind::Other));
    ['S', 'Y', 'Z'].into_iter().flat_map(of).collect()
}

/// One row of the table.
fn row(frequency: f64, into: &Matrix, impedances: &[f64]) -> Vec<f64> {
    let one = |row: usize, column: usize| c64::new(f64::from(u8::from(row == column)), 0.0);
    let make = |entry: &dyn Fn(usize, usize) -> c64| -> Matrix {
        let count = into.len();
        (0..count).map(|row| (0..count).map(|column| entry(row, column)).collect()).collect()
    };
    let scattering =
        make(&|row, column| one(row, column) - 2.0 * (impedances[row] * impedances[column]).sqrt() * into[row][column]);
    // Yᵀ and Z as solutions of linear equations.
    let voltages = make(&|row, column| one(row, column) - impedances[column] * into[column][row]);
    let admittance = solved(voltages, make(&|row, column| into[column][row]));
    let inverse = solved(into.clone(), make(&one));
    let impedance = make(&|row, column| inverse[row][column] - one(row, column) * impedances[row]);
    let admittance = make(&|row, column| admittance[column][row]);
    let numbers = [scattering, admittance, impedance].into_iter().flatten().flatten();
    [frequency, 0.0].into_iter().chain(numbers.flat_map(|number| [number.re, number.im])).collect()
}

/// A⁻¹·B by elimination with pivots; not finite if A is singular.
fn solved(mut a: Matrix, mut b: Matrix) -> Matrix {
    let n = a.len();
    for column in 0..n {
        let size = |row: &usize| a[*row][column].norm();
        let pivot = (column..n).max_by(|x, y| size(x).total_cmp(&size(y))).unwrap_or(column);
        a.swap(column, pivot);
        b.swap(column, pivot);
        let inverse = c64::new(1.0, 0.0) / a[column][column];
        for row in (0..n).filter(|&row| row != column) {
            let factor = a[row][column] * inverse;
            let (from_a, from_b) = (a[column].clone(), b[column].clone());
            a[row].iter_mut().zip(&from_a).for_each(|(entry, from)| *entry -= factor * from);
            b[row].iter_mut().zip(&from_b).for_each(|(entry, from)| *entry -= factor * from);
        }
        a[column].iter_mut().for_each(|entry| *entry *= inverse);
        b[column].iter_mut().for_each(|entry| *entry *= inverse);
    }
    b
}

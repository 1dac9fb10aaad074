//! `.sp`: scattering, admittance and impedance parameters between the ports of a circuit.
//!
//! ```text
//! J: the currents into the circuit at all ports for one volt in the source of one, all sources behind their z0
//! S = 1 − 2·√z0·J·√z0,   Y = J·(1 − z0·J)⁻¹,   Z = J⁻¹ − z0           (√z0, z0: diagonal)
//! ```
//! Waves are those of power, (v ± z0·i)/(2·√z0). Where Y or Z does not exist, its numbers are not finite.
//! Sources: K. Kurokawa, IEEE Trans. Microwave Theory Tech. 13, 194 (1965); ngspice-39 manual, section 15.3.9.

use faer::linalg::solvers::Solve as _;
use faer::{Mat, c64};

use super::Failure;
use super::adjoint::{Linearised, branch, excitation};
use super::output::{Output, Progress, Table};
use super::small_signal::frequencies;
use crate::circuit::analysis_card::Scattering;
use crate::mna::System;
use crate::mna::vectors::VectorKind;

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
        let mut into = Mat::zeros(currents.len(), currents.len());
        for (column, source) in sources.iter().enumerate() {
            let mut x = source.clone();
            linearised.solve(system, &mut x)?;
            for (row, &current) in currents.iter().enumerate() {
                into[(row, column)] = -x[current];
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
fn row(frequency: f64, into: &Mat<c64>, impedances: &[f64]) -> Vec<f64> {
    let count = impedances.len();
    let one = |row: usize, column: usize| c64::new(f64::from(u8::from(row == column)), 0.0);
    let make = |entry: &dyn Fn(usize, usize) -> c64| Mat::from_fn(count, count, entry);
    let scattering = make(&|row, column| {
        one(row, column) - 2.0 * (impedances[row] * impedances[column]).sqrt() * into[(row, column)]
    });
    // Yᵀ and Z as solutions of linear equations; not finite where the matrix is singular.
    let voltages = make(&|row, column| one(row, column) - impedances[column] * into[(column, row)]);
    let transposed = voltages.partial_piv_lu().solve(into.transpose());
    let admittance = make(&|row, column| transposed[(column, row)]);
    let inverse = into.partial_piv_lu().solve(make(&one));
    let impedance = make(&|row, column| inverse[(row, column)] - one(row, column) * impedances[row]);
    let places = (0..count).flat_map(|row| (0..count).map(move |column| (row, column)));
    let numbers = [scattering, admittance, impedance];
    let numbers = numbers.iter().flat_map(|matrix| places.clone().map(move |place| matrix[place]));
    [frequency, 0.0].into_iter().chain(numbers.flat_map(|number| [number.re, number.im])).collect()
}

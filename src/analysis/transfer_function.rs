//! `.tf`: the DC gain from a source to an output, and the resistances that both see.
//!
//! ```text
//! A·x = e_source: gain = output, input resistance = 1/|i| of a voltage source, v of a current source
//! A·x = e_output: output resistance = v for one ampere into it, or 1/i for one volt in the output's source
//! ```
//! Source: ngspice-39 manual, section 15.3.8.

use faer::c64;

use super::Failure;
use super::adjoint::{Linearised, branch, dot, excitation, reading};
use super::output::{Output, Table};
use crate::circuit::analysis_card::{OutputQuantity, TransferFunction};
use crate::mna::System;
use crate::mna::vectors::VectorKind;

/// Runs the analysis and sends one table.
pub fn run(system: &mut System, card: &TransferFunction, output: &mut dyn Output) -> Result<(), Failure> {
    let mut linearised = Linearised::held(system, output)?;
    let (row, mut x) = (reading(system, card.output)?, excitation(system, card.source)?);
    linearised.solve(system, &mut x)?;
    let gain = dot(&row, &x).re;
    let source = system.circuit.element(card.source).clone();
    let input = match source.letter {
        b'i' => (x[system.node_unknown(source.nodes[1])] - x[system.node_unknown(source.nodes[0])]).re,
        _ => inverse(-x[branch(system, card.source)?].re),
    };
    let (resistance, of) = match card.output {
        OutputQuantity::Voltage(node, reference) => {
            let mut y = row.clone();
            linearised.solve(system, &mut y)?;
            let circuit = &system.circuit;
            let name = match circuit.node_name(reference) {
                "0" => format!("V({})", circuit.node_name(node)),
                reference => format!("V({},{reference})", circuit.node_name(node)),
            };
            (dot(&row, &y).re, format!("output_impedance_at_{name}"))
        }
        OutputQuantity::Current(element) => {
            let unknown = branch(system, element)?;
            let mut y = vec![c64::new(0.0, 0.0); row.len()];
            y[unknown] = c64::new(1.0, 0.0);
            linearised.solve(system, &mut y)?;
            (inverse(-y[unknown].re), format!("{}#output_impedance", system.circuit.element(element).name))
        }
    };
    system.statistics.steps += 1;
    let columns = ["transfer_function".to_string(), format!("{}#input_impedance", source.name), of];
    let columns = columns.into_iter().map(|name| (name, VectorKind::Other)).collect();
    let rows = vec![vec![gain, input, resistance]];
    output.table(&Table { name: "Transfer Function".into(), axis: None, columns, rows, complex: false }, system);
    Ok(())
}

/// SPICE's 1e20 stands for an open end.
fn inverse(current: f64) -> f64 {
    if current == 0.0 { 1e20 } else { 1.0 / current }
}

//! Which way the equations of an array are solved.

use super::card::CrossbarCard;
use super::cells::ArrayCells;
use super::description::{Description, Solver};
use crate::circuit::{Analysis, Circuit};
use crate::devices::assembly::{GROUND_UNKNOWN, Unknown};
use crate::devices::construct::Construction;
use crate::diagnostic::Diagnostic;

/// Linear arrays of fewer cells are flattened: nothing is gained by another way.
const FEWEST_LINEAR: usize = 64;

/// The same of arrays of memristors.
const FEWEST_MEMRISTORS: usize = 1024;

/// Linear arrays of fewer cells are reduced even for one operating point.
const FEWEST_RELAXED: usize = 4096;

/// The solver for an array, and whether sources fix the voltages of all its ports.
///
/// # Errors
/// The card forces a way that is not for such an array.
pub fn choose(
    c: &Construction,
    card: &CrossbarCard,
    description: &Description,
) -> Result<(Solver, bool), Box<Diagnostic>> {
    let is_linear = matches!(*description.cells, ArrayCells::Linear(_));
    let fixed = has_fixed_ports(c, description);
    let refuse = |why: &str| Err(Box::new(card.error("solver", why)));
    let resistive =
        description.word_capacitance == 0.0 && description.bit_capacitance == 0.0 && description.transistor.is_none();
    let small_signal = c.circuit.analyses.iter().any(|card| matches!(card.analysis, Analysis::Ac(_)));
    let solver = match description.solver {
        Solver::Auto => automatic(c, description, is_linear, fixed, resistive && (is_linear || !small_signal)),
        Solver::Flattened => Solver::Flattened,
        Solver::Reduced | Solver::Relaxation if !resistive => {
            return refuse("cannot be so for an array with capacitances or transistors: only `flattened` solves it");
        }
        Solver::Reduced if !is_linear => return refuse("cannot be `reduced`: the cells are not linear"),
        Solver::Relaxation if small_signal => return refuse("cannot be `relaxation` in a deck with `.ac`"),
        forced => forced,
    };
    Ok((solver, fixed))
}

fn automatic(c: &Construction, description: &Description, is_linear: bool, fixed: bool, alone: bool) -> Solver {
    let cells = description.geometry.cells();
    let is_read = c.assembly.observed.iter().any(|(element, _)| *element == c.id);
    if !alone || is_read {
        return Solver::Flattened;
    }
    let points = c.circuit.analyses.iter().all(|card| card.analysis == Analysis::OperatingPoint);
    match (is_linear, fixed) {
        (true, _) if cells < FEWEST_LINEAR => Solver::Flattened,
        (true, true) if points && cells >= FEWEST_RELAXED => Solver::Relaxation,
        (true, _) => Solver::Reduced,
        (false, true) if cells >= FEWEST_MEMRISTORS => Solver::Relaxation,
        (false, _) => Solver::Flattened,
    }
}

/// Whether every port is ground, or connected to it by voltage sources alone.
fn has_fixed_ports(c: &Construction, description: &Description) -> bool {
    let fixed = fixed_nodes(c.circuit);
    let is_fixed = |&port: &Unknown| port == GROUND_UNKNOWN || fixed[port as usize + 1];
    description.ports.word.iter().chain(&description.ports.bit).all(is_fixed)
}

/// For every node of the circuit, whether voltage sources fix it to ground.
fn fixed_nodes(circuit: &Circuit) -> Vec<bool> {
    let mut neighbours = vec![Vec::new(); circuit.nodes.len()];
    for source in circuit.elements.iter().filter(|element| element.letter == b'v') {
        if let [a, b, ..] = *source.nodes {
            neighbours[a.0 as usize].push(b.0 as usize);
            neighbours[b.0 as usize].push(a.0 as usize);
        }
    }
    let mut fixed = vec![false; circuit.nodes.len()];
    let mut reached = vec![0];
    while let Some(node) = reached.pop() {
        if !std::mem::replace(&mut fixed[node], true) {
            reached.extend(&neighbours[node]);
        }
    }
    fixed
}

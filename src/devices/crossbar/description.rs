//! All that is known of an array once its card is read.

use std::sync::Arc;

use super::cells::ArrayCells;
use super::ports::Ports;
use crate::arrays::Crossbar;
use crate::devices::mosfet::Mosfet1;

/// How the equations of an array are solved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Solver {
    /// What fits best.
    #[default]
    Auto,
    /// Every node is an unknown of the circuit.
    Flattened,
    /// Linear cells: the exact conductance matrix between the ports.
    Reduced,
    /// The voltages inside are found for those of the ports, by line relaxation.
    Relaxation,
}

impl Solver {
    /// Names on the card.
    pub const NAMES: [&str; 4] = ["auto", "flattened", "reduced", "relaxation"];

    pub fn named(name: &str) -> Option<Solver> {
        match name {
            "auto" => Some(Solver::Auto),
            "flattened" => Some(Solver::Flattened),
            "reduced" => Some(Solver::Reduced),
            "relaxation" => Some(Solver::Relaxation),
            _ => None,
        }
    }
}

/// An array between its ports.
pub struct Description {
    /// Flat name of the element.
    pub name: Arc<str>,
    /// Rows, columns and wires; its inputs are the ports of word lines, its outputs those of bit lines.
    pub geometry: Crossbar,
    /// At each cell of a word line to ground, F.
    pub word_capacitance: f64,
    /// At each cell of a bit line to ground, F.
    pub bit_capacitance: f64,
    pub ports: Ports,
    pub cells: Arc<ArrayCells>,
    /// Between every memristor and its bit line.
    pub transistor: Option<Mosfet1>,
    /// Arrays in parallel.
    pub multiplier: f64,
    pub solver: Solver,
}

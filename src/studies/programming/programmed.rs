//! What programming achieved.

use serde::{Deserialize, Serialize};

/// The outcome for many cells, in the order of their targets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Programmed {
    /// Conductances of the devices at the verify voltage afterwards, S.
    pub conductances: Vec<f64>,
    /// Pulses that each cell got, SET and RESET.
    pub pulses: Vec<u32>,
    /// Whether each cell was read within the tolerance of its target in the end (open loop: is there, though nobody looked).
    pub reached: Vec<bool>,
    /// Ends of the range, from the simulated staircase, S.
    pub range: [f64; 2],
    /// ∫V·I dt of all pulses and reads, J.
    pub energy: f64,
}

impl Programmed {
    /// What was not reached, as a number of cells.
    pub fn failed(&self) -> usize {
        self.reached.iter().filter(|reached| !**reached).count()
    }
}

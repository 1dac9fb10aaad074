//! How large a deck may make things: all that a few characters can ask for is bounded before memory is.

/// Limits of one deck. Those that are reached are errors that point at the card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Elements of the flat circuit.
    pub elements: usize,
    /// Subcircuit instances.
    pub instances: usize,
    /// Nodes of the flat circuit; also ports of one subcircuit, and nodes of one bus range.
    pub nodes: usize,
    /// Cells of one array.
    pub cells: usize,
    /// Points of one sweep, all its levels together.
    pub points: usize,
    /// Runs of `.step` and Monte Carlo cards, all combinations.
    pub runs: usize,
    /// Values that one source or one expression of a script makes up.
    pub values: usize,
    /// Rounds of one loop of a script.
    pub rounds: usize,
}

impl Default for Limits {
    /// What a machine with 16 GiB can hold: ten million resistors between as many nodes stop at 4.4 GiB, four million nested
    /// instances without elements at 1.8 GiB (measured).
    fn default() -> Self {
        Limits {
            elements: 10_000_000,
            instances: 4_000_000,
            nodes: 20_000_000,
            cells: 1 << 22,
            points: 10_000_000,
            runs: 1_000_000,
            values: 50_000_000,
            rounds: 100_000_000,
        }
    }
}

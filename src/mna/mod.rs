//! The modified nodal system: groups of devices, one sparse matrix, the residual and its linearisation.

pub mod balance;
mod memory;
mod problem;
pub mod statistics;
mod structure;
pub mod system;
pub mod topology;
pub mod vectors;

pub use statistics::Statistics;
pub use system::{Mode, System};

//! The modified nodal system: groups of devices, one sparse matrix, the residual and its linearisation.

mod array_vectors;
pub mod balance;
pub mod bending;
pub mod element_system;
pub mod journal;
mod memory;
pub mod noise;
mod problem;
pub mod pull;
mod renewal;
pub mod statistics;
mod structure;
pub mod system;
mod terminals;
pub mod topology;
pub mod vectors;

pub use array_vectors::cell_name;
pub use statistics::Statistics;
pub use system::{Mode, System};

//! A network on crossbars: its weights become conductances, and every image is classified from the currents of the circuit.

pub mod accuracy;
pub mod chain;
pub mod coding;
pub mod comparison;
pub mod compensation;
pub mod conduction;
pub mod layer_circuit;
pub mod mapping;
pub mod page;
pub mod plant;
mod random;
pub mod reference;
pub mod report;
pub mod stages;
pub mod study;
pub mod targets;
pub mod variant;
pub mod wires;
pub mod writing;

pub use report::Report;
pub use study::Study;

//! A network on crossbars: its weights become conductances, and every image is classified from the currents of the circuit.

pub mod page;
pub mod report;
pub mod study;
pub mod targets;

pub use report::Report;
pub use study::Study;

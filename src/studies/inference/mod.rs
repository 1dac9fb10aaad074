//! A network on crossbars: its weights become conductances, and every image is classified from the currents of the circuit.
//!
//! [`study`] says what is asked for, [`inputs`] reads the files it names, [`run()`] goes through all points and seeds, and
//! [`variant`] is one of them: [`mapping`], [`writing`] and [`compensation`] make conductances of weights, [`wires`], [`plant`]
//! and [`layer_circuit`] make circuits of conductances, [`neuron`] is what stands between two of them, [`chain`] sends the images through, and [`report`] is what comes out.

pub mod accuracy;
pub mod arrival;
pub mod card;
pub mod chain;
pub mod coding;
pub mod comparison;
pub mod compensation;
pub mod inputs;
pub mod layer_circuit;
pub mod mapping;
pub mod neuron;
pub mod page;
pub mod plant;
mod pulses;
mod random;
mod read_pulses;
pub mod reference;
pub mod report;
pub mod reproduction;
mod run;
pub mod solved;
pub mod stages;
pub mod study;
pub mod tables;
pub mod targets;
mod tile_check;
pub mod variant;
pub mod wires;
pub mod writing;

pub use report::Report;
pub use run::{NoStore, Store, run};
pub use study::Study;

//! Ferrospice: a SPICE-style circuit simulator for memristor synapses and crossbars.

pub mod circuit;
pub mod devices;
pub mod diagnostic;
pub mod netlist;
pub mod numerics;
pub mod waveforms;

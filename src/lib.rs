//! Ferrospice: a SPICE-style circuit simulator for memristor synapses and crossbars.

// Measured: inner loops of the sparse solver without bounds checks are no faster.
#![forbid(unsafe_code)]

pub mod analysis;
pub mod arrays;
pub mod circuit;
pub mod cli;
pub mod devices;
pub mod diagnostic;
pub mod manual;
pub mod mna;
pub mod netlist;
pub mod network;
pub mod numerics;
pub mod reference;
pub mod results;
pub mod studies;
pub mod waveforms;

//! Behavioural blocks on `A` cards, one file each: what stands around a memristor synapse in the laboratory.
//!
//! Blocks remember events (rising edges of an input through a threshold) and answer them with waveforms whose corners are
//! breakpoints. What they share: `card` reads model cards, `ports` the connections, `edge` finds edges, `shape` holds a
//! waveform of straight lines, `playback` plays it after events, `output` is the source at an output port.
//!
//! Before a transient analysis begins, and in all others, a block is at rest.

mod card;
pub(super) mod edge;
mod output;
mod playback;
mod ports;
mod shape;

pub mod clamp;
pub mod counter_neuron;
pub mod kernel;
pub mod lif_neuron;
pub mod refractory_switch;
pub mod stdp_train;

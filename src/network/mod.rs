//! A plain neural network: what a crossbar of synapses is asked to hold.
//!
//! Layers without bias, ReLU between them, cross-entropy at the end; learnt by stochastic gradient descent in software. The
//! weights go to a file, from which they are mapped onto conductances. Nothing here knows of circuits.

pub mod data_set;
pub mod idx;
pub mod layers;
pub mod npy;
mod parts;
pub mod training;
pub mod weights;

pub use data_set::{DataSet, Examples};
pub use layers::{Network, Score};
pub use training::{Epoch, Settings, Training};

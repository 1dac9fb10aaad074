//! Random numbers that depend on the seed, the layer and what they are for, never on an order of evaluation.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Distribution, StandardNormal, StandardUniform};

/// What random numbers are for. The numbers of a purpose stay the same when another is added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    DeltaG = 0,
    WriteNoise = 1,
    Stuck = 2,
    ReadNoise = 3,
}

/// A sequence of random numbers.
pub struct Draws(ChaCha8Rng);

impl Draws {
    /// The sequence of a layer; `part` tells apart what may be drawn in any order, such as images.
    pub fn new(seed: u64, layer: usize, purpose: Purpose, part: usize) -> Draws {
        let mut generator = ChaCha8Rng::seed_from_u64(seed);
        generator.set_stream((part as u64) << 24 | (layer as u64) << 8 | purpose as u64);
        Draws(generator)
    }

    /// From the standard normal distribution.
    pub fn normal(&mut self) -> f64 {
        StandardNormal.sample(&mut self.0)
    }

    /// From 0 (included) to 1 (excluded).
    pub fn uniform(&mut self) -> f64 {
        StandardUniform.sample(&mut self.0)
    }
}

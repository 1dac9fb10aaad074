//! Random draws for the spread of devices.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Distribution, StandardNormal, StandardUniform};

use crate::numerics::random::hash_of;

/// A sequence of draws that depends on a seed and a name alone, whatever the order in which they are asked for.
#[derive(Debug, Clone, Copy)]
pub struct Draws {
    seed: u64,
    stream: u64,
}

impl Draws {
    /// The draws of the element called `name` under `seed`.
    pub fn of(seed: f64, name: &str) -> Self {
        Draws { seed: seed as u64, stream: hash_of(name) }
    }

    /// Draw number `index` from N(0, 1).
    pub fn normal(&self, index: u64) -> f64 {
        StandardNormal.sample(&mut self.generator(index))
    }

    /// Draw number `index` from the numbers in 0..1, all alike.
    pub fn uniform(&self, index: u64) -> f64 {
        StandardUniform.sample(&mut self.generator(index))
    }

    fn generator(&self, index: u64) -> ChaCha8Rng {
        let mut generator = ChaCha8Rng::seed_from_u64(self.seed);
        generator.set_stream(self.stream);
        // A normal draw takes few words; the spacing keeps draws apart.
        generator.set_word_pos(u128::from(index) * 64);
        generator
    }
}

#[cfg(test)]
mod tests {
    use super::Draws;

    #[test]
    fn draws_are_normal_independent_and_repeatable() {
        let draws: Vec<f64> = (0..4000).map(|index| Draws::of(1.0, "n1").normal(index)).collect();
        let mean = draws.iter().sum::<f64>() / 4000.0;
        let variance = draws.iter().map(|draw| (draw - mean).powi(2)).sum::<f64>() / 3999.0;
        let lagged = draws.windows(2).map(|pair| pair[0] * pair[1]).sum::<f64>() / 3999.0;
        // Four standard errors of 4000 draws.
        assert!(mean.abs() < 0.064 && (variance - 1.0).abs() < 0.09 && lagged.abs() < 0.064);
        assert_eq!(draws[7], Draws::of(1.0, "n1").normal(7));
        assert_ne!(draws[7], Draws::of(2.0, "n1").normal(7));
        assert_ne!(draws[7], Draws::of(1.0, "n2").normal(7));
    }
}

//! Random draws of Monte Carlo runs: each depends on the seed, the number of the run, and what it is drawn for, and on nothing else.
//!
//! ```text
//! simple   u of a generator that is seeded with all three
//! Latin    u = (π(run) + simple)/runs,  π a permutation of 0 … runs − 1 that is the draw's own: every draw meets each of the equal parts
//!          of its distribution once
//! normal   z = Φ⁻¹(u)
//! ```
//! Source of the Latin hypercube: McKay, Beckman & Conover, Technometrics 21, 239 (1979).

use std::f64::consts::{PI, SQRT_2};

use rand_distr::{Distribution as _, StandardUniform};

use crate::numerics::random::{generator, hash_of};

/// A run of a Monte Carlo analysis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sample {
    /// From 1 on.
    pub number: u64,
    /// How many runs there are.
    pub count: u64,
    /// The draws of all runs are a Latin hypercube.
    pub latin: bool,
}

/// What a number is drawn from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Distribution {
    Uniform {
        low: f64,
        high: f64,
    },
    /// Values beyond the bounds are drawn anew as if they had not been.
    Normal {
        mean: f64,
        deviation: f64,
        low: f64,
        high: f64,
    },
}

/// A draw from 0 … 1, ends excluded, for what is called `name`; without a run those of the run of number 0.
pub fn uniform(seed: u64, sample: Option<Sample>, name: &str) -> f64 {
    let number = sample.map_or(0, |sample| sample.number);
    let mut random = generator(seed, &format!("{name}#{number}"));
    let simple: f64 = StandardUniform.sample(&mut random);
    let part = match sample {
        Some(Sample { number, count, latin: true }) if (1..=count).contains(&number) => {
            (permuted(number - 1, count, seed ^ hash_of(name)) as f64 + simple) / count as f64
        }
        _ => simple,
    };
    part.clamp(f64::EPSILON / 4.0, 1.0 - f64::EPSILON / 2.0)
}

/// A draw from the normal distribution of mean 0 and variance 1.
pub fn normal(seed: u64, sample: Option<Sample>, name: &str) -> f64 {
    normal_quantile(uniform(seed, sample, name))
}

impl Distribution {
    /// The value below which the part `u` of all draws lies.
    pub fn quantile(&self, u: f64) -> f64 {
        match *self {
            Distribution::Uniform { low, high } => low + (high - low) * u,
            Distribution::Normal { mean, deviation, low, high } => {
                let below = |bound: f64| 0.5 * libm::erfc(-(bound - mean) / (deviation * SQRT_2));
                let (from, to) = (below(low), below(high));
                mean + deviation * normal_quantile((from + (to - from) * u).clamp(f64::EPSILON / 4.0, 1.0))
            }
        }
    }
}

/// z with Φ(z) = u: Winitzki's approximation, refined by Halley's method.
fn normal_quantile(u: f64) -> f64 {
    // The lower half, where u keeps its digits.
    if u > 0.5 {
        return -normal_quantile(1.0 - u);
    }
    if u <= 0.0 {
        return f64::NEG_INFINITY;
    }
    const A: f64 = 0.147;
    let logarithm = (4.0 * u * (1.0 - u)).ln();
    let half = 2.0 / (PI * A) + 0.5 * logarithm;
    let mut z = -SQRT_2 * ((half * half - logarithm / A).sqrt() - half).max(0.0).sqrt();
    for _ in 0..4 {
        let error = (0.5 * libm::erfc(-z / SQRT_2) - u) * (2.0 * PI).sqrt() * (0.5 * z * z).exp();
        z -= error / (1.0 + 0.5 * z * error);
    }
    z
}

/// Where `index` of `count` goes in a permutation that belongs to `key`: four rounds of a Feistel network over the next power of 4,
/// repeated until the result lies within the count.
fn permuted(index: u64, count: u64, key: u64) -> u64 {
    let mut half = 1;
    while 1u64 << (2 * half) < count {
        half += 1;
    }
    let mask = (1u64 << half) - 1;
    let mut value = index;
    loop {
        let (mut left, mut right) = (value >> half, value & mask);
        for round in 0..4u64 {
            let mixed = (right ^ key.rotate_left(16 * round as u32)).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ round;
            let mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            (left, right) = (right, left ^ ((mixed >> 32) & mask));
        }
        value = (left << half) | right;
        if value < count {
            return value;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_of_the_normal_distribution() {
        // NIST/SEMATECH e-Handbook, section 1.3.6.7.1, and more digits of the same.
        let table = [
            (0.5, 0.0),
            (0.975, 1.959_963_984_540_054),
            (0.001, -3.090_232_306_167_813_5),
            (1e-10, -6.361_340_902_404_056),
        ];
        for (u, z) in table {
            assert!((normal_quantile(u) - z).abs() < 1e-12, "{u}: {}", normal_quantile(u));
        }
    }

    #[test]
    fn permutations_reach_every_place_once() {
        for count in [1, 2, 7, 64, 1000] {
            let mut seen: Vec<u64> = (0..count).map(|index| permuted(index, count, 0x1234)).collect();
            seen.sort_unstable();
            assert!(seen.into_iter().eq(0..count));
        }
    }

    #[test]
    fn a_latin_hypercube_has_one_draw_in_each_part() {
        let draw = |number| uniform(5, Some(Sample { number, count: 50, latin: true }), "r1");
        let mut parts: Vec<u64> = (1..=50).map(|number| (draw(number) * 50.0) as u64).collect();
        parts.sort_unstable();
        assert!(parts.into_iter().eq(0..50));
    }
}

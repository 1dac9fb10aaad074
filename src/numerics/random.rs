//! Random numbers that depend on a seed and a name alone, the same on every machine and with any number of threads.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

/// A number for `name`: FNV-1a, which is the same on every machine, unlike the hashes of the standard library.
pub fn hash_of(name: &str) -> u64 {
    let hash = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
    name.bytes().fold(0xcbf2_9ce4_8422_2325, hash)
}

/// The generator of what is called `name` under `seed`.
pub fn generator(seed: u64, name: &str) -> ChaCha8Rng {
    let mut generator = ChaCha8Rng::seed_from_u64(seed);
    generator.set_stream(hash_of(name));
    generator
}

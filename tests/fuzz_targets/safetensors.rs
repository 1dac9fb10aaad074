//! A safetensors file: a network that can be read is written and read as the same.

use ferrospice::network::weights::{Precision, of_safetensors, to_safetensors};

pub fn run(data: &[u8]) {
    let Ok(network) = of_safetensors(data, "fuzz.safetensors") else { return };
    let bytes = to_safetensors(&network, Precision::Single, "again").expect("what was read can be written");
    assert_eq!(of_safetensors(&bytes, "again.safetensors").expect("what is written can be read"), network);
}

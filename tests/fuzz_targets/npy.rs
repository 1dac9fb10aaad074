//! A .npy file, as weights and as values of an array; what is read and written is read as the same.

use ferrospice::numerics::npy;

pub fn run(data: &[u8]) {
    let _ = ferrospice::network::npy::matrix(data, "fuzz.npy");
    let Ok(matrix) = npy::read(data, "fuzz.npy") else { return };
    let again = npy::read(&npy::write(&matrix), "again.npy").expect("what is written can be read");
    let bits = |matrix: &npy::Matrix| matrix.values.iter().map(|value| value.to_bits()).collect::<Vec<u64>>();
    assert_eq!((again.rows, again.columns, bits(&again)), (matrix.rows, matrix.columns, bits(&matrix)));
}

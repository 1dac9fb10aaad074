//! One piece of work on one array from files, in a process of its own: what `crossbars.py` measures.
//!
//! `crossbars reduction G.npy V.npy`: linear cells, transfer matrix, currents of all inputs.

use std::time::Instant;

use faer::Mat;
use ferrospice::arrays::{Crossbar, PortReduction};

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        ["reduction", conductances, inputs] => reduction(&read(conductances)?, &read(inputs)?),
        // What `cargo bench` passes to every benchmark.
        ["--bench"] | [] => Ok(()),
        _ => Err("reduction G.npy V.npy".into()),
    }
}

fn reduction(conductances: &Matrix, inputs: &Matrix) -> Result<(), Failure> {
    let array =
        Crossbar { word_segment: 1.0, bit_segment: 1.0, ..Crossbar::ideal(conductances.rows, conductances.columns) };
    let begin = Instant::now();
    let reduction = PortReduction::new(&array, &conductances.values).map_err(|error| error.to_string())?;
    let reduced = begin.elapsed().as_secs_f64();
    let inputs = Mat::from_fn(inputs.rows, inputs.columns, |row, column| inputs.values[row * inputs.columns + column]);
    let begin = Instant::now();
    let currents = reduction.batch_currents(inputs.as_ref()).map_err(|error| error.to_string())?;
    let products = begin.elapsed().as_secs_f64();
    println!(
        "transfer matrix {reduced:.3} s, {} inputs {products:.3} s, I(0, 0) = {:.12e} A",
        inputs.ncols(),
        currents[(0, 0)]
    );
    Ok(())
}

/// Numbers row by row.
struct Matrix {
    rows: usize,
    columns: usize,
    values: Vec<f64>,
}

/// An .npy file of f64 by rows, as numpy.save writes it.
fn read(file: &str) -> Result<Matrix, Failure> {
    let bytes = std::fs::read(file)?;
    let length = usize::from(u16::from_le_bytes([bytes[8], bytes[9]]));
    let header = std::str::from_utf8(&bytes[10..10 + length])?;
    let shape = header.split("'shape': (").nth(1).and_then(|rest| rest.split(')').next()).ok_or("no shape")?;
    let shape: Vec<usize> = shape.split(',').filter_map(|number| number.trim().parse().ok()).collect();
    let values =
        bytes[10 + length..].chunks_exact(8).map(|bytes| f64::from_le_bytes(bytes.try_into().unwrap_or_default()));
    Ok(Matrix { rows: shape[0], columns: shape[1], values: values.collect() })
}

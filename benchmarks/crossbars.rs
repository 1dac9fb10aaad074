//! One piece of work on one array from files, in a process of its own: what `crossbars.py` measures.
//!
//! `crossbars reduction G.npy V.npy`: linear cells, transfer matrix, currents of all inputs.
//! `crossbars nonlinear G.npy V.npy OHM COUNT`: cells with I = g·v·(1 + 10·|v|), wires of OHM per segment, COUNT inputs.

use std::time::Instant;

use faer::Mat;
use ferrospice::arrays::laws::SquareLaw;
use ferrospice::arrays::{ArraySolver, Crossbar, Drive, Options, PortReduction, Statistics};

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        ["reduction", conductances, inputs] => reduction(&read(conductances)?, &read(inputs)?),
        ["nonlinear", conductances, inputs, ohm, count] => {
            nonlinear(read(conductances)?, &read(inputs)?, ohm.parse()?, count.parse()?)
        }
        // What `cargo bench` passes to every benchmark.
        ["--bench"] | [] => Ok(()),
        _ => Err("reduction G.npy V.npy | nonlinear G.npy V.npy OHM COUNT".into()),
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

fn nonlinear(conductances: Matrix, inputs: &Matrix, ohm: f64, count: usize) -> Result<(), Failure> {
    let ideal = Crossbar::ideal(conductances.rows, conductances.columns);
    let array = Crossbar { word_segment: ohm, bit_segment: ohm, ..ideal };
    let law = SquareLaw { conductances: conductances.values, slope: 10.0 };
    let voltages: Vec<Vec<f64>> = (0..count)
        .map(|input| (0..inputs.rows).map(|row| inputs.values[row * inputs.columns + input]).collect())
        .collect();
    let drives: Vec<Drive> = voltages.iter().map(|voltages| Drive::inputs(voltages)).collect();
    let begin = Instant::now();
    let solver = ArraySolver::new(&array, &law, Options::default()).map_err(|error| error.to_string())?;
    let sensed = solver.currents(&drives).map_err(|error| error.to_string())?;
    let seconds = begin.elapsed().as_secs_f64();
    let Statistics { rounds, batches, fallbacks, largest_relative_imbalance, .. } = sensed.statistics;
    println!(
        "{:.2} ms per input, {rounds} rounds in {batches} batches, {fallbacks} to Newton's method, largest imbalance \
         {largest_relative_imbalance:.1e}, I(0, 0) = {:.12e} A",
        1e3 * seconds / count as f64,
        sensed.currents[(0, 0)]
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

//! Ideal W·x against what a circuit gives.

use faer::MatRef;

use super::report::{Comparison, Histogram, TransferError};
use crate::numerics::npy::Matrix;

/// Bins of a histogram of errors.
const BINS: usize = 61;

/// Compares outputs (a row per output, a column per image); `differences` are the currents behind `found`, A, and `points` the
/// most points of the scatter plot.
pub fn compare(
    ideal: MatRef<'_, f64>,
    found: MatRef<'_, f64>,
    differences: MatRef<'_, f64>,
    points: usize,
) -> Comparison {
    let (outputs, images) = (found.nrows(), found.ncols());
    let count = outputs * images;
    let error = |output: usize, image: usize| found[(output, image)] - ideal[(output, image)];
    let (mut squares, mut squares_ideal, mut worst) = (vec![0.0; outputs], 0.0, (0.0, 0, 0));
    for image in 0..images {
        for (output, square) in squares.iter_mut().enumerate() {
            let this = error(output, image);
            *square += this * this;
            squares_ideal += ideal[(output, image)].powi(2);
            if this.abs() > worst.0 {
                worst = (this.abs(), output, image);
            }
        }
    }
    let rms = |sum: f64, count: usize| (sum / count.max(1) as f64).sqrt();
    let worst_column = (0..outputs).fold(0, |best, output| if squares[output] > squares[best] { output } else { best });
    let chosen = points.min(count);
    let point = |index: usize| {
        let place = index * count / chosen;
        let (output, image) = (place % outputs, place / outputs);
        [ideal[(output, image)], found[(output, image)], differences[(output, image)]]
    };
    Comparison {
        count,
        rms_ideal: rms(squares_ideal, count),
        rms_error: rms(squares.iter().sum(), count),
        worst_error: worst.0,
        worst_output: worst.1,
        worst_image: worst.2,
        worst_column,
        worst_column_rms: squares.get(worst_column).map_or(0.0, |sum| rms(*sum, images)),
        column_rms: squares.iter().filter(|_| points > 0).map(|sum| rms(*sum, images)).collect(),
        scatter: (0..chosen).map(point).collect(),
        histogram: histogram((0..images).flat_map(|image| (0..outputs).map(move |output| error(output, image)))),
    }
}

/// Numbers of errors in bins that lie evenly around 0 and hold all of them.
pub fn histogram(errors: impl Iterator<Item = f64>) -> Histogram {
    let errors: Vec<f64> = errors.collect();
    let largest = errors.iter().fold(0.0_f64, |largest, error| largest.max(error.abs()));
    let half = if largest > 0.0 { largest } else { 1.0 };
    let width = 2.0 * half / BINS as f64;
    let mut counts = vec![0; BINS];
    for error in errors {
        let bin = ((error + half) / width) as usize;
        counts[bin.min(BINS - 1)] += 1;
    }
    Histogram { start: -half, width, counts }
}

/// Errors of the weights of a transfer matrix, `found`·`gains`/`unit`, in fractions of `maximum_weight`: inputs by outputs.
pub fn weight_errors(
    found: MatRef<'_, f64>,
    weights: MatRef<'_, f64>,
    gains: &[f64],
    unit: f64,
    maximum_weight: f64,
) -> Matrix {
    let (inputs, outputs) = (found.ncols(), gains.len());
    let error = |input: usize, output: usize| {
        (found[(output, input)] * gains[output] / unit - weights[(output, input)]) / maximum_weight
    };
    let values = (0..inputs).flat_map(|input| (0..outputs).map(move |output| error(input, output))).collect();
    Matrix { rows: inputs, columns: outputs, values }
}

/// The errors in a few numbers.
pub fn transfer_error(errors: &Matrix) -> TransferError {
    let worst = |worst: usize, index: usize| {
        if errors.values[index].abs() > errors.values[worst].abs() { index } else { worst }
    };
    let worst = (1..errors.values.len()).fold(0, worst);
    let sum: f64 = errors.values.iter().map(|error| error * error).sum();
    TransferError {
        rms: (sum / errors.values.len() as f64).sqrt(),
        worst: errors.values[worst].abs(),
        worst_output: worst % errors.columns,
        worst_input: worst / errors.columns,
    }
}

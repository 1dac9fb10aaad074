//! What turns coded activations into currents: the arrays of a layer with their cells.

use std::sync::Arc;

use faer::linalg::matmul::matmul;
use faer::{Accum, Mat, MatRef, Par};

use super::card::ReadCells;
use super::coding::Coder;
use super::mapping::pair_differences;
use super::report::SolverReport;
use super::study::Coding;
use super::wires::Transfer;
use crate::diagnostic::Diagnostic;

/// Currents of a layer's bit lines; inputs are shares of the full scale, a column for each image.
pub trait Plant: Sync + Send {
    /// I⁺ − I⁻ of each pair, A, for bit-serial coding summed over the bits as if each share were one read.
    ///
    /// # Errors
    /// A solver does not come to an end.
    fn differences(&self, shares: MatRef<'_, f64>) -> Result<Mat<f64>, Diagnostic>;

    /// What a difference of 1 S between the cells of a pair adds to its current at full scale, V.
    fn response(&self) -> f64;

    /// Weights in S, a row per output, if currents are a matrix times something.
    fn matrix(&self) -> Option<MatRef<'_, f64>>;

    /// Whether it shares its work among threads itself, and each image takes long.
    fn is_slow(&self) -> bool {
        false
    }

    /// What solving took so far.
    fn solver(&self) -> Option<SolverReport> {
        None
    }

    /// Currents of all bit lines for these inputs, A, and the mean energy of an image, J, with reads of `read_time` s.
    ///
    /// # Errors
    /// As for [`Plant::differences`].
    fn probe(&self, shares: MatRef<'_, f64>, read_time: f64) -> Result<Probe, Diagnostic>;
}

/// What is seen when every bit line is looked at.
#[derive(Debug, Clone)]
pub struct Probe {
    /// A row for each bit line, a column for each image.
    pub currents: Mat<f64>,
    /// Mean over the images, J.
    pub energy: f64,
}

/// Cells whose currents are a matrix times a function of the inputs: linear ones with any wires, and others if their current
/// is a straight line over their conductance, with ideal wires.
pub struct MatrixPlant {
    coder: Coder,
    differences: Mat<f64>,
    cells: MatrixCells,
}

/// What is behind the matrix.
enum MatrixCells {
    /// Linear cells without wires: conductances by rows.
    Ideal { conductances: Vec<f64>, columns: usize },
    /// Linear cells with wires.
    Wired(Arc<Transfer>),
    /// Cells of a device without wires: conductances by rows.
    Device { conductances: Vec<f64>, columns: usize, device: Arc<ReadCells> },
}

impl MatrixPlant {
    /// Linear cells without wires; conductances in S by rows, pairs side by side.
    pub fn ideal(coder: Coder, conductances: Vec<f64>, outputs: usize) -> Self {
        let inputs = conductances.len() / (2 * outputs);
        let differences = pair_differences(&conductances, inputs, outputs);
        MatrixPlant { coder, differences, cells: MatrixCells::Ideal { conductances, columns: 2 * outputs } }
    }

    /// Linear cells with wires.
    pub fn wired(coder: Coder, transfer: Arc<Transfer>) -> Self {
        MatrixPlant { coder, differences: transfer.differences(), cells: MatrixCells::Wired(transfer) }
    }

    /// Cells whose current is a straight line over their conductance, without wires.
    pub fn device(coder: Coder, conductances: Vec<f64>, outputs: usize, device: Arc<ReadCells>) -> Self {
        let inputs = conductances.len() / (2 * outputs);
        let differences = pair_differences(&conductances, inputs, outputs);
        MatrixPlant { coder, differences, cells: MatrixCells::Device { conductances, columns: 2 * outputs, device } }
    }

    /// What the matrix is multiplied by, V.
    fn drive(&self, share: f64) -> f64 {
        let coder = &self.coder;
        match &self.cells {
            MatrixCells::Device { device, .. } => match coder.coding {
                Coding::Amplitude => device.response(share * coder.read_voltage),
                // The response is what the voltage was chosen for, and that of the whole voltage in every bit.
                Coding::InverseAmplitude | Coding::BitSerial => share * device.response(coder.read_voltage),
            },
            _ => share * coder.read_voltage,
        }
    }

    fn drives(&self, shares: MatRef<'_, f64>) -> Mat<f64> {
        Mat::from_fn(shares.nrows(), shares.ncols(), |row, column| self.drive(shares[(row, column)]))
    }
}

impl Plant for MatrixPlant {
    fn differences(&self, shares: MatRef<'_, f64>) -> Result<Mat<f64>, Diagnostic> {
        Ok(product(self.differences.as_ref(), self.drives(shares).as_ref()))
    }

    fn response(&self) -> f64 {
        self.drive(1.0)
    }

    fn matrix(&self) -> Option<MatRef<'_, f64>> {
        Some(self.differences.as_ref())
    }

    fn probe(&self, shares: MatRef<'_, f64>, read_time: f64) -> Result<Probe, Diagnostic> {
        let reads = voltages(
            &self.coder,
            shares,
            match &self.cells {
                MatrixCells::Device { device, .. } => Some(&**device),
                _ => None,
            },
        );
        let images = shares.ncols();
        let mut probe = Probe { currents: Mat::zeros(2 * self.differences.nrows(), images), energy: 0.0 };
        for (weight, voltages) in &reads {
            let (currents, power) = self.cells.currents(voltages.as_ref());
            probe.currents += currents * faer::Scale(*weight);
            probe.energy += power * read_time / images as f64;
        }
        Ok(probe)
    }
}

/// The reads of an inference: their weight and their voltages, V. `device` is what voltages shall be the inverse of.
pub fn voltages(coder: &Coder, shares: MatRef<'_, f64>, device: Option<&ReadCells>) -> Vec<(f64, Mat<f64>)> {
    let most = coder.read_voltage;
    let (rows, columns) = (shares.nrows(), shares.ncols());
    match (coder.coding, device) {
        (Coding::BitSerial, _) => {
            let read = |bit: u32| {
                let is_set = |share: f64| coder.bits_of(share).nth(bit as usize).unwrap_or(false);
                let voltages =
                    Mat::from_fn(rows, columns, |row, column| if is_set(shares[(row, column)]) { most } else { 0.0 });
                (f64::from(1 << bit) / f64::from(coder.largest_code()), voltages)
            };
            (0..coder.reads()).map(read).collect()
        }
        (Coding::InverseAmplitude, Some(device)) => {
            let full = device.response(most);
            let voltage = |row, column| device.voltage(shares[(row, column)] * full, most);
            vec![(1.0, Mat::from_fn(rows, columns, voltage))]
        }
        _ => vec![(1.0, Mat::from_fn(rows, columns, |row, column| shares[(row, column)] * most))],
    }
}

impl MatrixCells {
    /// Currents of all bit lines, A, and the power of all images together, W.
    fn currents(&self, voltages: MatRef<'_, f64>) -> (Mat<f64>, f64) {
        match self {
            MatrixCells::Wired(transfer) => {
                let power = (0..voltages.ncols()).map(|image| {
                    let voltages: Vec<f64> = voltages.col(image).iter().copied().collect();
                    transfer.power(&voltages)
                });
                (product(transfer.currents.as_ref(), voltages), power.sum())
            }
            MatrixCells::Ideal { conductances, columns } => {
                let cells = MatRef::from_row_major_slice(conductances, voltages.nrows(), *columns);
                let currents = product(cells.transpose(), voltages);
                let sums: Vec<f64> = conductances.chunks(*columns).map(|row| row.iter().sum()).collect();
                let power = voltages
                    .col_iter()
                    .map(|image| image.iter().zip(&sums).map(|(voltage, sum)| voltage * voltage * sum).sum::<f64>());
                (currents, power.sum())
            }
            MatrixCells::Device { conductances, columns, device } => {
                let (rows, images) = (voltages.nrows(), voltages.ncols());
                let cells = MatRef::from_row_major_slice(conductances, rows, *columns);
                let response = Mat::from_fn(rows, images, |row, image| device.response(voltages[(row, image)]));
                // I = I(G_min) + (G − G_min)·response
                let least = device.range.least;
                let base = |row, image| {
                    let voltage = voltages[(row, image)];
                    device.end_currents(voltage)[0] - least * response[(row, image)]
                };
                let base = Mat::from_fn(rows, images, base);
                let mut currents = product(cells.transpose(), response.as_ref());
                let mut power = 0.0;
                for image in 0..images {
                    let sum: f64 = base.col(image).iter().sum();
                    currents.col_mut(image).iter_mut().for_each(|current| *current += sum);
                    for row in 0..rows {
                        let cells: f64 = conductances[row * columns..][..*columns].iter().sum();
                        let current = cells * response[(row, image)] + *columns as f64 * base[(row, image)];
                        power += voltages[(row, image)] * current;
                    }
                }
                (currents, power)
            }
        }
    }
}

fn product(left: MatRef<'_, f64>, right: MatRef<'_, f64>) -> Mat<f64> {
    let mut result = Mat::zeros(left.nrows(), right.ncols());
    matmul(result.as_mut(), Accum::Replace, left, right, 1.0, Par::Seq);
    result
}

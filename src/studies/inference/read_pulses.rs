//! Images as transient read pulses through the devices' full model, states live, against the currents of the study's circuit.
//!
//! Each word line rises to its voltage, stays there for the read, and falls; the currents are those at the end of the plateau.
//! Cells keep what a read does to them, so that every image meets the states that those before it left.

use faer::{Mat, MatRef};

use super::card::Card;
use super::chain::{self, Answers};
use super::coding::Coder;
use super::layer_circuit::LayerCircuit;
use super::plant::{Plant, voltages};
use super::reference::pixels;
use super::report::{Accuracy, TransientCheck, TransientLayer};
use super::solved::SolvedPlant;
use super::stages::{LayerState, Stages};
use super::study::{Cells, Coding};
use super::wires::{Part, Wiring, differences_of_pairs};
use crate::diagnostic::{Diagnostic, Report};
use crate::studies::programming::{Disturb, LiveArray, ReadPulse, states_of};

/// Sends the first `images` through all layers; `watch` is told of each image and layer.
///
/// # Errors
/// The card cannot have a cell's conductance, or a time point has no solution.
pub fn check(
    stages: &Stages<'_>,
    circuits: &[LayerCircuit],
    answers: &Answers,
    images: usize,
    watch: &dyn Fn(),
) -> Result<TransientCheck, Diagnostic> {
    let setup = stages.setup;
    let Some(card) = setup.card else { return Err(Diagnostic::error("read pulses need a device card")) };
    let images = images.min(setup.examples.len());
    let mut activations = pixels(setup.examples, 0, images);
    let mut layers = Vec::new();
    let mut classes = Vec::new();
    for (number, circuit) in circuits.iter().enumerate() {
        let layer = LiveLayer { stages, state: &stages.layers[number], circuit, card };
        let (report, values) = layer.read(activations.as_ref(), watch)?;
        layers.push(report);
        if number + 1 < circuits.len() {
            activations = circuit.activations(values.as_ref());
        } else {
            classes = (0..images).map(|image| chain::greatest(values.as_ref(), image) as u8).collect();
        }
    }
    Ok(TransientCheck {
        images,
        layers,
        accuracy: Accuracy::of_answers(&classes, &setup.examples.labels()[..images]),
        changed_classes: classes.iter().zip(&answers.classes).filter(|(live, circuit)| live != circuit).count(),
    })
}

/// A layer whose cells are devices with live states.
struct LiveLayer<'a> {
    stages: &'a Stages<'a>,
    state: &'a LayerState,
    circuit: &'a LayerCircuit,
    card: &'a Card,
}

/// Bit-line currents (A) of all images, a column for each; of the reads of bit-serial coding their weighted sum.
struct Live {
    lines: Mat<f64>,
    disturb: Disturb,
    /// Of all images, J.
    energy: f64,
    steps: u64,
    sweeps: u64,
}

impl LiveLayer<'_> {
    /// What is compared, and the layer's outputs.
    fn read(&self, activations: MatRef<'_, f64>, watch: &dyn Fn()) -> Result<(TransientLayer, Mat<f64>), Diagnostic> {
        let input = &self.stages.study.input;
        let (shares, _) = self.circuit.coder.shares(activations);
        let live = self.pulses(shares.as_ref(), watch)?;
        let circuit = self.circuit.plant.probe(shares.as_ref(), input.read_time)?.currents;
        // Where the circuit's cells are the card's devices, it has held them already.
        let held = match self.stages.study.array.cells {
            Cells::Device => &circuit,
            Cells::Linear => &self.held(shares.as_ref())?,
        };
        let largest = held.norm_max();
        let share = |current: f64| if largest > 0.0 { current / largest } else { current };
        let (rms, worst) = distance(live.lines.as_ref(), circuit.as_ref());
        let images = activations.ncols();
        let report = TransientLayer {
            reads: images * self.circuit.coder.reads() as usize,
            worst_current: share(worst),
            rms_current: share(rms),
            worst_held: share(distance(live.lines.as_ref(), held.as_ref()).1),
            rms_disturb: live.disturb.rms,
            worst_disturb: live.disturb.worst,
            energy: live.energy / images.max(1) as f64,
            steps: live.steps,
            sweeps: live.sweeps,
        };
        let mut differences = differences_of_pairs(live.lines.as_ref());
        let values = self.circuit.values(&mut differences, 0);
        Ok((report, values))
    }

    /// Linear cells take the voltage itself for what devices would need the inverse of their I–V for.
    fn coder(&self) -> Coder {
        let mut coder = self.circuit.coder.clone();
        if self.stages.study.array.cells == Cells::Linear && coder.coding == Coding::InverseAmplitude {
            coder.coding = Coding::Amplitude;
        }
        coder
    }

    fn conductances(&self) -> &[f64] {
        &self.state.final_written().conductances
    }

    /// The same devices with their states held.
    fn held(&self, shares: MatRef<'_, f64>) -> Result<Mat<f64>, Diagnostic> {
        let Some(device) = &self.stages.setup.device else {
            return Err(Diagnostic::error("there are no devices to read"));
        };
        let plant = SolvedPlant::new(self.coder(), self.state.wiring, self.conductances().to_vec(), device.clone());
        Ok(plant.probe(shares, self.stages.study.input.read_time)?.currents)
    }

    fn pulses(&self, shares: MatRef<'_, f64>, watch: &dyn Fn()) -> Result<Live, Diagnostic> {
        let input = &self.stages.study.input;
        let reads = voltages(&self.coder(), shares, self.stages.setup.device.as_deref());
        let pulse = ReadPulse { edge: input.read_edge, width: input.read_time, voltage: self.card.read_voltage };
        let wiring: &Wiring = &self.state.wiring;
        let parts = wiring.parts();
        let banks = parts.iter().map(|part| self.card.cells(part.rows.len() * part.columns.len()));
        let banks = banks
            .collect::<Result<Vec<_>, Report>>()
            .map_err(|report: Report| report.into_first_error("the card cannot be read"))?;
        let mut arrays: Vec<(&Part, LiveArray<'_>)> = Vec::with_capacity(parts.len());
        for (part, cells) in parts.iter().zip(&banks) {
            let states = states_of(cells, &wiring.cells_of(part, self.conductances()), self.card.read_voltage)?;
            arrays.push((part, LiveArray::new(&wiring.crossbar(part), cells, states, pulse)?));
        }
        let mut lines = Mat::zeros(wiring.columns, shares.ncols());
        for image in 0..shares.ncols() {
            for (weight, voltages) in &reads {
                for (part, array) in &mut arrays {
                    let word: Vec<f64> = part.rows.clone().map(|row| voltages[(row, image)]).collect();
                    for (column, current) in part.columns.clone().zip(array.read(&word)?) {
                        lines[(column, image)] += weight * current;
                    }
                }
            }
            watch();
        }
        let statistics = arrays.iter().map(|(_, array)| array.statistics());
        let (steps, sweeps) = statistics.fold((0, 0), |sum, one| (sum.0 + one.steps, sum.1 + one.sweeps));
        let changes: Vec<f64> = arrays.iter().flat_map(|(_, array)| array.changes()).collect();
        Ok(Live {
            lines,
            disturb: Disturb::of(&changes),
            energy: arrays.iter().map(|(_, array)| array.energy()).sum(),
            steps,
            sweeps,
        })
    }
}

/// Rms and largest difference.
fn distance(a: MatRef<'_, f64>, b: MatRef<'_, f64>) -> (f64, f64) {
    let difference = a - b;
    let count = (a.nrows() * a.ncols()).max(1) as f64;
    (difference.norm_l2() / count.sqrt(), difference.norm_max())
}

//! One run of a study: one point of its sweeps, one seed.

use super::accuracy::{classes, confusion};
use super::chain::{self, Answers};
use super::comparison::{compare, histogram, transfer_error, weight_errors};
use super::layer_circuit::LayerCircuit;
use super::mapping::MappedLayer;
use super::read_pulses;
use super::report::{
    Accuracy, CellMaps, CompensationReport, Currents, Layer, Outcome, ProgrammingReport, SolverReport, Squares, Stage,
    StageName,
};
use super::stages::{LayerState, Setup, Stages};
use super::study::Study;
use super::tile_check;
use super::writing::Written;
use crate::diagnostic::Diagnostic;
use crate::numerics::npy::Matrix;

/// The stages with a circuit, in their order.
const CIRCUITS: [StageName; 6] = [
    StageName::Mapped,
    StageName::Quantised,
    StageName::Written,
    StageName::Read,
    StageName::Wires,
    StageName::Compensated,
];

/// Images at which every bit line is looked at where each takes long.
const PROBED: usize = 32;

/// Images that take as long as one with live states.
const LIVE: usize = 100;

/// Runs `study` (without its sweeps) with `seed`; `watch` is told the share that is done.
///
/// # Errors
/// The study does not fit the network, or arrays cannot be solved.
pub fn run(study: &Study, seed: u64, setup: &Setup<'_>, watch: &(dyn Fn(f64) + Sync)) -> Result<Outcome, Diagnostic> {
    let mut stages = Stages::new(study, seed, setup)?;
    let active: Vec<StageName> = CIRCUITS.into_iter().filter(|stage| stages.is_active(*stage)).collect();
    let last = active.last().copied().unwrap_or(StageName::Mapped);
    // What is compensated is wanted without compensation too.
    let before = active.iter().rev().nth(1).copied().filter(|_| last == StageName::Compensated);
    let wanted = |stage: &StageName| study.validation.stages || *stage == last || Some(*stage) == before;
    let run: Vec<StageName> = active.iter().copied().filter(wanted).collect();
    let live = study.validation.transient_images.min(setup.examples.len()) * stages.layers.len();
    let of = run.len() * setup.examples.len() + LIVE * live;
    let progress = Steps { done: Default::default(), of, watch };
    let mut results: Vec<(StageName, Answers)> = Vec::new();
    let mut circuits = Vec::new();
    for stage in run {
        circuits = stages.circuits(stage)?;
        let compared = study.validation.images;
        let answers = chain::run(&circuits, setup.examples, setup.reference, compared, &|images| progress.add(images))?;
        results.push((stage, answers));
    }
    let uncompensated = before.and_then(|before| results.iter().find(|(stage, _)| *stage == before));
    let uncompensated = uncompensated.map(|(_, answers)| accuracy(answers, setup));
    let split = if study.validation.stages { split(&results, setup) } else { Vec::new() };
    let Some((_, answers)) = results.last() else { return Err(Diagnostic::error("there is nothing to run")) };
    let images = study.validation.transient_images;
    let live = (images > 0)
        .then(|| read_pulses::check(&stages, &circuits, answers, images, &|| progress.add(LIVE)))
        .transpose()?;
    let outcome = outcome(&stages, &circuits, answers, uncompensated, split)?;
    Ok(Outcome { transient: live, ..outcome })
}

/// Counts images of all stages.
struct Steps<'a> {
    done: std::sync::atomic::AtomicUsize,
    of: usize,
    watch: &'a (dyn Fn(f64) + Sync),
}

impl Steps<'_> {
    fn add(&self, images: usize) {
        let done = self.done.fetch_add(images, std::sync::atomic::Ordering::Relaxed) + images;
        (self.watch)(done as f64 / self.of as f64);
    }
}

fn accuracy(answers: &Answers, setup: &Setup<'_>) -> Accuracy {
    Accuracy::of_answers(&answers.classes, setup.examples.labels())
}

/// Figures of every stage; those of an inactive one are of the stage before.
fn split(results: &[(StageName, Answers)], setup: &Setup<'_>) -> Vec<Stage> {
    let reference = setup.reference;
    let ideal = Stage {
        name: StageName::Software,
        active: true,
        accuracy: reference.accuracy,
        errors: vec![0.0; reference.outputs.len()],
    };
    let mut stages = vec![ideal];
    for name in CIRCUITS {
        let before = stages[stages.len() - 1].clone();
        let found = results.iter().find(|(stage, _)| *stage == name);
        stages.push(match found {
            None => Stage { name, active: false, ..before },
            Some((_, answers)) => {
                let layers = reference.outputs.iter().zip(&answers.outputs).zip(&answers.differences);
                let errors = layers.map(|((ideal, found), differences)| {
                    let ideal = ideal.subcols(0, found.ncols());
                    let comparison = compare(ideal, found.as_ref(), differences.as_ref(), 0);
                    if comparison.rms_ideal > 0.0 { comparison.rms_error / comparison.rms_ideal } else { 0.0 }
                });
                Stage { name, active: true, accuracy: accuracy(answers, setup), errors: errors.collect() }
            }
        });
    }
    stages
}

fn outcome(
    stages: &Stages<'_>,
    circuits: &[LayerCircuit],
    answers: &Answers,
    uncompensated: Option<Accuracy>,
    split: Vec<Stage>,
) -> Result<Outcome, Diagnostic> {
    let (setup, tiles) = (stages.setup, stages.study.validation.tiles);
    let layers = (0..circuits.len()).map(|number| layer(stages, &circuits[number], number, answers));
    let layers = layers.collect::<Result<Vec<Layer>, Diagnostic>>()?;
    let classes_count = setup.reference.weights.last().map_or(0, |weights| weights.nrows());
    let confusion = confusion(&answers.classes, setup.examples.labels(), classes_count);
    Ok(Outcome {
        software: setup.reference.accuracy,
        accuracy: accuracy(answers, setup),
        uncompensated,
        classes: classes(&confusion),
        confusion,
        energy: layers.iter().map(|layer| layer.energy).sum(),
        layers,
        stages: split,
        programming: stages.is_active(StageName::Written).then(|| programming(&stages.layers)),
        transient: None,
        tiles: (tiles > 0).then(|| tile_check::check(stages, tiles)).transpose()?,
    })
}

fn layer(stages: &Stages<'_>, circuit: &LayerCircuit, number: usize, answers: &Answers) -> Result<Layer, Diagnostic> {
    let (study, reference, state) = (stages.study, stages.setup.reference, &stages.layers[number]);
    let (found, differences) = (answers.outputs[number].as_ref(), answers.differences[number].as_ref());
    let (mapped, written) = (&state.mapped, state.final_written());
    let matrix = circuit.plant.matrix();
    let errors = matrix.map(|matrix| {
        let weights = reference.weights[number].as_ref();
        weight_errors(matrix, weights, &circuit.gains, mapped.unit(), mapped.maximum_weight)
    });
    let probed = if circuit.plant.is_slow() { found.ncols().min(PROBED) } else { found.ncols() };
    let (shares, _) = circuit.coder.shares(reference.inputs[number].subcols(0, probed));
    let probe = circuit.plant.probe(shares.as_ref(), study.input.read_time)?;
    let compensation = state.compensated.as_ref().map(|compensated| CompensationReport {
        residuals: compensated.residuals.clone(),
        least_gain: compensated.gains.iter().copied().fold(f64::INFINITY, f64::min),
        greatest_gain: compensated.gains.iter().copied().fold(0.0, f64::max),
        at_limit: compensated.at_limit,
    });
    let method = if state.wiring.is_ideal() { "ideal wires" } else { "port reduction" };
    let solver =
        circuit.plant.solver().unwrap_or_else(|| SolverReport { method: method.into(), ..SolverReport::default() });
    Ok(Layer {
        inputs: mapped.inputs,
        outputs: mapped.outputs,
        arrays: state.wiring.parts().len(),
        array_rows: state.wiring.tile[0],
        array_columns: state.wiring.tile[1],
        maximum_weight: mapped.maximum_weight,
        clipped_weights: mapped.clipped,
        g_min: mapped.range.least,
        g_max: mapped.range.most,
        clipped_low: written.clipped_low,
        clipped_high: written.clipped_high,
        stuck: written.stuck,
        full_scale: state.full_scale,
        saturated: answers.saturated[number],
        transfer: errors.as_ref().map(transfer_error),
        currents: currents(probe.currents.as_ref(), differences),
        energy: probe.energy,
        compensation,
        solver: SolverReport { solutions: solver.solutions + state.solutions, ..solver },
        comparison: compare(
            reference.outputs[number].subcols(0, found.ncols()),
            found,
            differences,
            study.validation.scatter,
        ),
        neuron: circuit.neuron.as_ref().map(|neuron| neuron.report()),
        maps: (study.validation.scatter > 0).then(|| maps(mapped, written, errors)),
    })
}

fn maps(mapped: &MappedLayer, written: &Written, errors: Option<Matrix>) -> CellMaps {
    let (rows, columns) = (mapped.inputs, 2 * mapped.outputs);
    let conductances = Matrix { rows, columns, values: written.conductances.clone() };
    let magnitudes = errors.map(|mut errors| {
        errors.values.iter_mut().for_each(|error| *error = error.abs());
        Squares::of(&errors)
    });
    CellMaps { conductances: Squares::of(&conductances), weight_errors: magnitudes }
}

fn currents(lines: faer::MatRef<'_, f64>, differences: faer::MatRef<'_, f64>) -> Currents {
    let sum: f64 = lines.col_iter().flat_map(|column| column.iter()).sum();
    let count = (lines.nrows() * lines.ncols()).max(1);
    Currents { largest: lines.norm_max(), mean: sum / count as f64, largest_difference: differences.norm_max() }
}

/// How far the cells of all layers are from what was wanted, and what programming took.
fn programming(layers: &[LayerState]) -> ProgrammingReport {
    let mut errors = Vec::new();
    let mut report = ProgrammingReport {
        mean_error: 0.0,
        rms_error: 0.0,
        worst_error: 0.0,
        histogram: histogram(std::iter::empty()),
        failed: 0,
        cells: 0,
        pulses: 0,
        most_pulses: 0,
        energy: 0.0,
    };
    for layer in layers {
        let (written, targets) = (layer.final_written(), layer.final_targets().conductances());
        let most = layer.mapped.range.most;
        errors.extend(written.conductances.iter().zip(&targets).map(|(is, wanted)| (is - wanted) / most));
        report.failed += written.effort.failed;
        report.pulses += written.effort.pulses;
        report.most_pulses = report.most_pulses.max(written.effort.most_pulses);
        report.energy += written.effort.energy;
    }
    report.cells = errors.len();
    let count = errors.len().max(1) as f64;
    report.mean_error = errors.iter().sum::<f64>() / count;
    report.rms_error = (errors.iter().map(|error| error * error).sum::<f64>() / count).sqrt();
    report.worst_error = errors.iter().fold(0.0, |worst, error| worst.max(error.abs()));
    report.histogram = histogram(errors.into_iter());
    report
}

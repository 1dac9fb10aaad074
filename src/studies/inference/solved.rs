//! Cells with their own I–V between wires: every image is a nonlinear circuit of its own.

use std::sync::{Arc, Mutex, PoisonError};

use faer::{Mat, MatRef, Scale};
use rayon::prelude::*;

use super::card::{CardLaw, ReadCells};
use super::coding::Coder;
use super::plant::{Plant, Probe, voltages};
use super::report::SolverReport;
use super::wires::{Part, Wiring, differences_of_pairs};
use crate::arrays::cells::CellLaw;
use crate::arrays::laws::OneByOne;
use crate::arrays::{ArraySolver, Crossbar, Drive, Method, Options, Statistics};
use crate::diagnostic::Diagnostic;

/// Arrays of cells of a card; with ideal wires currents are summed, else each image is solved for.
pub struct SolvedPlant {
    coder: Coder,
    wiring: Wiring,
    /// In S, by rows.
    conductances: Vec<f64>,
    device: Arc<ReadCells>,
    tally: Mutex<Tally>,
}

/// What solving took.
#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    solutions: usize,
    batches: usize,
    rounds: usize,
    /// Most rounds of a batch, on average over those solved together.
    most_rounds: usize,
    largest_imbalance: f64,
}

/// Currents of bit lines (a column for each image), A, and the power of each image, W.
struct Currents {
    lines: Mat<f64>,
    power: Vec<f64>,
}

impl SolvedPlant {
    /// Conductances in S by rows, pairs side by side.
    pub fn new(coder: Coder, wiring: Wiring, conductances: Vec<f64>, device: Arc<ReadCells>) -> Self {
        SolvedPlant { coder, wiring, conductances, device, tally: Mutex::default() }
    }

    /// Bit-line currents at word-line voltages, a column for each image; powers too if `power`.
    fn currents(&self, voltages: MatRef<'_, f64>, power: bool) -> Result<Currents, Diagnostic> {
        let images = voltages.ncols();
        let mut sum = Currents { lines: Mat::zeros(self.wiring.columns, images), power: vec![0.0; images] };
        for part in self.wiring.parts() {
            let cells = self.wiring.cells_of(&part, &self.conductances);
            let inputs = voltages.subrows(part.rows.start, part.rows.len());
            let array = self.wiring.crossbar(&part);
            let task = Task { array, inputs, is_ideal: self.wiring.is_ideal(), power, tally: &self.tally };
            let found = match self.device.law(&cells)? {
                CardLaw::Power(law) => task.run(&law)?,
                CardLaw::Mixed(law) => task.run(&OneByOne(&law))?,
                CardLaw::Other(law) => task.run(&OneByOne(&law))?,
            };
            add(&mut sum, &part, &found);
        }
        Ok(sum)
    }

    fn reads(&self, shares: MatRef<'_, f64>) -> Vec<(f64, Mat<f64>)> {
        voltages(&self.coder, shares, Some(&self.device))
    }
}

fn add(sum: &mut Currents, part: &Part, found: &Currents) {
    let mut lines = sum.lines.subrows_mut(part.columns.start, part.columns.len());
    lines += &found.lines;
    sum.power.iter_mut().zip(&found.power).for_each(|(sum, power)| *sum += power);
}

impl Plant for SolvedPlant {
    fn differences(&self, shares: MatRef<'_, f64>) -> Result<Mat<f64>, Diagnostic> {
        let mut differences = Mat::zeros(self.wiring.columns / 2, shares.ncols());
        for (weight, voltages) in self.reads(shares) {
            let lines = self.currents(voltages.as_ref(), false)?.lines;
            differences += differences_of_pairs(lines.as_ref()) * Scale(weight);
        }
        Ok(differences)
    }

    fn response(&self) -> f64 {
        self.device.response(self.coder.read_voltage)
    }

    fn matrix(&self) -> Option<MatRef<'_, f64>> {
        None
    }

    fn is_slow(&self) -> bool {
        true
    }

    fn solver(&self) -> Option<SolverReport> {
        let tally = *self.tally.lock().unwrap_or_else(PoisonError::into_inner);
        let method = if self.wiring.is_ideal() { "ideal wires" } else { "line relaxation" };
        Some(SolverReport {
            method: method.into(),
            solutions: tally.solutions,
            mean_iterations: tally.rounds as f64 / tally.batches.max(1) as f64,
            most_iterations: tally.most_rounds,
            largest_imbalance: (!self.wiring.is_ideal()).then_some(tally.largest_imbalance),
        })
    }

    fn probe(&self, shares: MatRef<'_, f64>, read_time: f64) -> Result<Probe, Diagnostic> {
        let images = shares.ncols();
        let mut probe = Probe { currents: Mat::zeros(self.wiring.columns, images), energy: 0.0 };
        for (weight, voltages) in self.reads(shares) {
            let found = self.currents(voltages.as_ref(), true)?;
            probe.currents += found.lines * Scale(weight);
            probe.energy += found.power.iter().sum::<f64>() * read_time / images as f64;
        }
        Ok(probe)
    }
}

/// One array at the voltages of some images.
struct Task<'a> {
    array: Crossbar,
    /// A column for each image.
    inputs: MatRef<'a, f64>,
    is_ideal: bool,
    power: bool,
    tally: &'a Mutex<Tally>,
}

impl Task<'_> {
    fn run<C: CellLaw>(&self, law: &C) -> Result<Currents, Diagnostic> {
        if self.is_ideal { Ok(self.sum(law)) } else { self.solve(law) }
    }

    /// Cells between ideal wires: every one sees the voltage of its word line.
    fn sum<C: CellLaw>(&self, law: &C) -> Currents {
        let (rows, columns) = (self.array.rows, self.array.columns);
        let image = |image: usize| {
            let (mut lines, mut power) = (vec![0.0; columns], 0.0);
            for row in 0..rows {
                let voltage = self.inputs[(row, image)];
                if voltage == 0.0 {
                    continue;
                }
                for (column, line) in lines.iter_mut().enumerate() {
                    let [current] = law.branch(row * columns + column, &[voltage]).0;
                    *line += current;
                    power += voltage * current;
                }
            }
            (lines, power)
        };
        let images: Vec<(Vec<f64>, f64)> = (0..self.inputs.ncols()).into_par_iter().map(image).collect();
        let lines = Mat::from_fn(columns, images.len(), |column, image| images[image].0[column]);
        Currents { lines, power: images.into_iter().map(|(_, power)| power).collect() }
    }

    fn solve<C: CellLaw>(&self, law: &C) -> Result<Currents, Diagnostic> {
        let images = self.inputs.ncols();
        let inputs: Vec<Vec<f64>> = self.inputs.col_iter().map(|column| column.iter().copied().collect()).collect();
        let drives: Vec<Drive<'_>> = inputs.iter().map(|word| Drive::inputs(word)).collect();
        let solver = ArraySolver::new(&self.array, law, Options { method: Method::Relaxation, ..Options::default() })?;
        if !self.power {
            let sensed = solver.currents(&drives)?;
            self.count(&sensed.statistics);
            return Ok(Currents { lines: sensed.currents, power: vec![0.0; images] });
        }
        let powers = Mutex::new(vec![0.0; images]);
        let sensed = solver.observed(&drives, &|solution| {
            let columns = self.array.columns;
            let cells = solution.voltages.word.iter().zip(&solution.voltages.bit).enumerate();
            // What enters a word line leaves it through its cells.
            let power = cells.map(|(cell, (word, bit))| {
                let [current] = law.branch(cell, &[word - bit]).0;
                inputs[solution.input][cell / columns] * current
            });
            let power = power.sum();
            powers.lock().unwrap_or_else(PoisonError::into_inner)[solution.input] = power;
        })?;
        self.count(&sensed.statistics);
        Ok(Currents { lines: sensed.currents, power: powers.into_inner().unwrap_or_else(PoisonError::into_inner) })
    }

    fn count(&self, statistics: &Statistics) {
        let mut tally = self.tally.lock().unwrap_or_else(PoisonError::into_inner);
        tally.solutions += statistics.inputs;
        tally.batches += statistics.batches;
        tally.rounds += statistics.rounds;
        tally.most_rounds = tally.most_rounds.max(statistics.rounds.div_ceil(statistics.batches.max(1)));
        tally.largest_imbalance = tally.largest_imbalance.max(statistics.largest_relative_imbalance);
    }
}

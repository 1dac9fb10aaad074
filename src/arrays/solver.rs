//! Solves an array for many inputs by the method that suits its cells, in parallel.

use std::sync::Mutex;

use faer::Mat;
use rayon::prelude::*;

use super::cells::CellLaw;
use super::drive::Drive;
use super::geometry::Crossbar;
use super::line_relaxation::LineRelaxation;
use super::nested_dissection::{NestedDissection, NodeVoltages};
use super::newton;
use super::port_reduction::PortReduction;
use super::rounds::{Limits, Outcome};
use crate::diagnostic::Diagnostic;

/// Ways to solve an array.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Method {
    /// Port reduction for linear cells if only sensed currents of many inputs are asked for, relaxation otherwise.
    #[default]
    Automatic,
    /// The exact transfer matrix; linear cells, bit lines at 0 V, no node voltages.
    PortReduction,
    /// Sparse Cholesky factors; linear cells, bit lines at 0 V.
    NestedDissection,
    /// Line relaxation with Newton's method and coarse correction; any cells.
    Relaxation,
}

/// How arrays are solved, and how well.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    pub method: Method,
    /// Largest sum of currents at a node, in fractions of the largest current through a cell of the same input.
    pub relative: f64,
    /// What is added to that bound, A.
    pub absolute: f64,
    /// Rounds of relaxation after which it is given up.
    pub most_rounds: usize,
}

impl Default for Options {
    fn default() -> Options {
        Options { method: Method::Automatic, relative: 1e-9, absolute: 1e-18, most_rounds: 400 }
    }
}

/// What it took to solve an array.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Statistics {
    /// The method that was used; never [`Method::Automatic`].
    pub method: Method,
    pub inputs: usize,
    /// Batches of inputs that were solved together.
    pub batches: usize,
    /// Rounds of relaxation, of all batches.
    pub rounds: usize,
    /// Coarse corrections, of all batches.
    pub corrections: usize,
    /// Batches that went to the fallback.
    pub fallbacks: usize,
    /// Largest sum of currents at a node, in fractions of the largest current through a cell of the same input; 0 for
    /// exact methods.
    pub largest_relative_imbalance: f64,
}

/// The solution for one input.
#[derive(Debug, Clone, Copy)]
pub struct Solution<'a> {
    /// Place of the input among all.
    pub input: usize,
    pub voltages: &'a NodeVoltages,
    /// Currents out of the bit lines into their senses, A.
    pub currents: &'a [f64],
}

/// Sensed currents of many inputs.
#[derive(Debug, Clone)]
pub struct Sensed {
    /// Currents out of the bit lines into their senses, A: one row per bit line, one column per input.
    pub currents: Mat<f64>,
    pub statistics: Statistics,
}

/// Called with each solution, in any order and from several threads.
pub type Observer<'a> = &'a (dyn Fn(&Solution) + Sync);

/// Solves arrays of one geometry and law of cells.
pub struct ArraySolver<'a, C> {
    array: Crossbar,
    cells: &'a C,
    options: Options,
    /// Memory of threads that are done with a batch.
    idle: Idle<'a, C>,
    fallback: Mutex<()>,
}

/// Memory for batches of up to 8 inputs, and of one.
struct Idle<'a, C> {
    eight: Mutex<Vec<LineRelaxation<'a, C, 8>>>,
    one: Mutex<Vec<LineRelaxation<'a, C, 1>>>,
}

/// Inputs that are solved side by side.
const WIDTH: usize = 8;

/// From so many inputs on the transfer matrix of linear cells pays.
const MANY: usize = 4;

/// What one batch gave.
struct Batch {
    outcome: Outcome,
    /// For each input the sensed currents.
    currents: Vec<Vec<f64>>,
    fallen_back: bool,
}

impl<'a, C: CellLaw> ArraySolver<'a, C> {
    /// # Errors
    /// What [`Crossbar::validate`] finds; linear cells whose conductances [`Crossbar::validate_conductances`] refuses; a
    /// method for linear cells forced on others.
    pub fn new(array: &Crossbar, cells: &'a C, options: Options) -> Result<ArraySolver<'a, C>, Diagnostic> {
        array.validate()?;
        match cells.linear_conductances() {
            Some(conductances) => array.validate_conductances(conductances)?,
            None if matches!(options.method, Method::PortReduction | Method::NestedDissection) => {
                return Err(Diagnostic::error("this way to solve an array is for linear cells alone")
                    .hint("use relaxation for cells whose current is no multiple of their voltage"));
            }
            None => (),
        }
        let idle = Idle { eight: Mutex::default(), one: Mutex::default() };
        Ok(ArraySolver { array: *array, cells, options, idle, fallback: Mutex::default() })
    }

    /// Sensed currents for each of these drives. The result is the same to the last bit for any number of threads.
    ///
    /// # Errors
    /// What [`Drive::validate`] finds; no convergence.
    pub fn currents(&self, drives: &[Drive]) -> Result<Sensed, Diagnostic> {
        self.run(drives, None)
    }

    /// The same, with all node voltages given to `observe` as soon as they are known.
    ///
    /// # Errors
    /// As [`ArraySolver::currents`]; port reduction forced, which knows no node voltages.
    pub fn observed(&self, drives: &[Drive], observe: Observer) -> Result<Sensed, Diagnostic> {
        self.run(drives, Some(observe))
    }

    /// Node voltages and sensed currents of one drive; `start` may be a solution nearby.
    ///
    /// # Errors
    /// As [`ArraySolver::currents`], and voltages of another array.
    pub fn voltages(
        &self,
        drive: &Drive,
        start: Option<&NodeVoltages>,
    ) -> Result<(NodeVoltages, Vec<f64>, Statistics), Diagnostic> {
        drive.validate(&self.array)?;
        if start.is_some_and(|start| start.word.len() != self.array.cells() || start.bit.len() != self.array.cells()) {
            let (rows, columns) = (self.array.rows, self.array.columns);
            return Err(Diagnostic::error(format!("voltages to start from do not fit an array of {rows} × {columns}"))
                .hint("give one voltage per cell and line, row by row"));
        }
        let found = Mutex::new(None);
        let keep = |solution: &Solution| {
            if let Ok(mut found) = found.lock() {
                *found = Some((solution.voltages.clone(), solution.currents.to_vec()));
            }
        };
        let statistics = self.relax(std::slice::from_ref(drive), Some(&keep), start)?.statistics;
        match found.into_inner() {
            Ok(Some((voltages, currents))) => Ok((voltages, currents, statistics)),
            _ => Err(Diagnostic::error("the solution of an array was lost")),
        }
    }

    fn run(&self, drives: &[Drive], observe: Option<Observer>) -> Result<Sensed, Diagnostic> {
        drives.iter().try_for_each(|drive| drive.validate(&self.array))?;
        let grounded = drives.iter().all(|drive| drive.bit.iter().all(|voltage| *voltage == 0.0));
        let method = match (self.options.method, self.cells.linear_conductances()) {
            (Method::Automatic, Some(_)) if grounded && observe.is_none() && drives.len() >= MANY => {
                Method::PortReduction
            }
            (Method::Automatic, _) => Method::Relaxation,
            (method, _) => method,
        };
        match (method, self.cells.linear_conductances()) {
            (Method::PortReduction, Some(conductances)) if grounded && observe.is_none() => {
                self.reduce(conductances, drives)
            }
            (Method::NestedDissection, Some(conductances)) if grounded => self.dissect(conductances, drives, observe),
            (Method::Relaxation, _) => self.relax(drives, observe, None),
            _ => Err(Diagnostic::error("this way to solve an array needs bit lines at 0 V and gives no node voltages")
                .hint("use relaxation")),
        }
    }

    fn exact(&self, method: Method, drives: &[Drive], currents: Mat<f64>) -> Sensed {
        let inputs = drives.len();
        let statistics = Statistics {
            method,
            inputs,
            batches: 1,
            rounds: 0,
            corrections: 0,
            fallbacks: 0,
            largest_relative_imbalance: 0.0,
        };
        Sensed { currents, statistics }
    }

    fn reduce(&self, conductances: &[f64], drives: &[Drive]) -> Result<Sensed, Diagnostic> {
        let inputs = Mat::from_fn(self.array.rows, drives.len(), |row, input| drives[input].word[row]);
        let currents = PortReduction::new(&self.array, conductances)?.batch_currents(inputs.as_ref())?;
        Ok(self.exact(Method::PortReduction, drives, currents))
    }

    fn dissect(&self, conductances: &[f64], drives: &[Drive], observe: Option<Observer>) -> Result<Sensed, Diagnostic> {
        let analysis = NestedDissection::new(&self.array)?;
        let cells = analysis.factor(conductances)?;
        let mut sensed = Mat::zeros(self.array.columns, drives.len());
        for (input, drive) in drives.iter().enumerate() {
            let voltages = cells.voltages(drive.word)?;
            let currents = self.array.sensed(&voltages, &cells.device_currents(&voltages));
            if let Some(observe) = observe {
                observe(&Solution { input, voltages: &voltages, currents: &currents });
            }
            sensed.col_as_slice_mut(input).copy_from_slice(&currents);
        }
        Ok(self.exact(Method::NestedDissection, drives, sensed))
    }

    fn relax(
        &self,
        drives: &[Drive],
        observe: Option<Observer>,
        start: Option<&NodeVoltages>,
    ) -> Result<Sensed, Diagnostic> {
        let batches: Vec<Batch> = drives
            .par_chunks(WIDTH)
            .enumerate()
            .map(|(batch, drives)| {
                let task = Task { first: batch * WIDTH, drives, observe, start };
                match drives.len() {
                    1 => self.batch(&self.idle.one, &task),
                    _ => self.batch(&self.idle.eight, &task),
                }
            })
            .collect::<Result<_, _>>()?;
        let mut statistics = self.exact(Method::Relaxation, drives, Mat::new()).statistics;
        statistics.batches = batches.len();
        for Batch { outcome, fallen_back, .. } in &batches {
            statistics.fallbacks += usize::from(*fallen_back);
            statistics.rounds += outcome.rounds;
            statistics.corrections += outcome.corrections;
            statistics.largest_relative_imbalance =
                statistics.largest_relative_imbalance.max(outcome.relative_imbalance);
        }
        let mut currents = Mat::zeros(self.array.columns, drives.len());
        for (input, values) in batches.iter().flat_map(|batch| &batch.currents).enumerate() {
            currents.col_as_slice_mut(input).copy_from_slice(values);
        }
        Ok(Sensed { currents, statistics })
    }

    fn batch<const L: usize>(
        &self,
        idle: &Mutex<Vec<LineRelaxation<'a, C, L>>>,
        task: &Task,
    ) -> Result<Batch, Diagnostic> {
        let free = idle.lock().ok().and_then(|mut idle| idle.pop());
        let mut state = free.unwrap_or_else(|| LineRelaxation::new(&self.array, self.cells));
        state.start(task.drives);
        match task.start {
            Some(start) => state.start_from(start),
            None => state.guess(),
        }
        let Options { relative, absolute, most_rounds, .. } = self.options;
        let limits = Limits { relative, absolute, most_rounds };
        let mut outcome = state.relax(&limits);
        let fallen_back = !outcome.converged;
        if fallen_back {
            outcome = self.fall_back(&mut state, task.drives, &limits, outcome)?;
        }
        let mut currents = Vec::with_capacity(task.drives.len());
        for lane in 0..task.drives.len() {
            let sensed = state.sensed(lane);
            if let Some(observe) = task.observe {
                let voltages = state.voltages(lane);
                observe(&Solution { input: task.first + lane, voltages: &voltages, currents: &sensed });
            }
            currents.push(sensed);
        }
        if let Ok(mut idle) = idle.lock() {
            idle.push(state);
        }
        Ok(Batch { outcome, currents, fallen_back })
    }

    /// Newton's method for all inputs of a batch.
    fn fall_back<const L: usize>(
        &self,
        state: &mut LineRelaxation<'a, C, L>,
        drives: &[Drive],
        limits: &Limits,
        mut outcome: Outcome,
    ) -> Result<Outcome, Diagnostic> {
        // One at a time: a factor of a large array takes hundreds of megabytes.
        let _alone = self.fallback.lock();
        state.start(drives);
        for (lane, drive) in drives.iter().enumerate() {
            match newton::solve(&self.array, self.cells, drive, limits)? {
                Some(voltages) => state.put(lane, &voltages),
                None => return Err(not_converged(&outcome)),
            }
        }
        let residual = state.judge();
        outcome.relative_imbalance = residual.relative();
        outcome.converged = limits.distance(&residual) <= 1.0;
        if outcome.converged { Ok(outcome) } else { Err(not_converged(&outcome)) }
    }
}

fn not_converged(outcome: &Outcome) -> Diagnostic {
    let message =
        format!("no solution of an array was found: {} rounds of relaxation and Newton's method", outcome.rounds);
    Diagnostic::error(message)
        .hint("is the current of every cell finite, and does it rise with the voltage?")
        .hint("a larger tolerance may do if resistances differ by more than ten decades")
}

/// Inputs to be solved together.
struct Task<'t> {
    /// Place of the first among all.
    first: usize,
    drives: &'t [Drive<'t>],
    observe: Option<Observer<'t>>,
    start: Option<&'t NodeVoltages>,
}

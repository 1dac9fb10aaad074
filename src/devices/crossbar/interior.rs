//! What is inside an array while the circuit knows its ports alone.

use super::cells::ArrayCells;
use super::description::Description;
use super::laws::{Carried, Held};
use crate::arrays::cells::DynamicCells;
use crate::arrays::laws::{CellBranch, OneByOne};
use crate::arrays::{ArraySolver, Drive, NodeVoltages, Options};
use crate::diagnostic::Diagnostic;

/// Port voltages that differ by less, in fractions of the largest, are the same.
const SAME_VOLTAGE: f64 = 1e-13;

/// States that differ by less, in fractions of the largest or of 1, are the same.
const SAME_STATE: f64 = 1e-9;

/// The last solution.
#[derive(Default)]
pub struct Interior {
    /// At the ports, first of word, then of bit lines, V.
    ports: Vec<f64>,
    /// Of each cell one after the other.
    pub states: Vec<f64>,
    /// The formula by which the states were found; none if they were held.
    formula: Option<(f64, Vec<f64>)>,
    pub voltages: Option<NodeVoltages>,
    /// Into the ports, A.
    pub currents: Vec<f64>,
    /// dI/dv of each cell, S.
    pub conductances: Vec<f64>,
    /// Solutions so far, and rounds of relaxation they took.
    pub solutions: usize,
    pub rounds: usize,
}

impl Interior {
    /// Finds the voltages at these ports with the cells' states held.
    ///
    /// # Errors
    /// No convergence.
    pub fn hold(&mut self, array: &Description, ports: &[f64], states: &[f64]) -> Result<(), Diagnostic> {
        if self.is_at(ports) && near(&self.states, states, SAME_STATE * largest(states).max(1.0)) {
            return Ok(());
        }
        let law = Held { cells: &array.cells, states };
        self.solve(array, ports, &law)?;
        self.states = states.to_vec();
        self.formula = None;
        Ok(())
    }

    /// Finds voltages and states at these ports at the end of a time step.
    ///
    /// # Errors
    /// No convergence.
    pub fn carry(
        &mut self,
        array: &Description,
        ports: &[f64],
        guess: &[f64],
        formula: (f64, Vec<f64>),
    ) -> Result<(), Diagnostic> {
        let ArrayCells::Memristors(cells) = &*array.cells else { return self.hold(array, ports, guess) };
        if self.is_at(ports) && self.formula.as_ref() == Some(&formula) {
            return Ok(());
        }
        let law = Carried::new(cells, formula.0, &formula.1, guess);
        self.solve(array, ports, &law)?;
        let Some(voltages) = &self.voltages else { return Ok(()) };
        let drops = voltages.word.iter().zip(&voltages.bit).map(|(word, bit)| word - bit);
        let count = cells.states();
        self.states =
            drops.enumerate().flat_map(|(cell, drop)| law.solve(cell, drop).2.into_iter().take(count)).collect();
        if law.has_failed() {
            self.voltages = None;
            return Err(Diagnostic::error("the states of a cell could not be found"));
        }
        self.formula = Some(formula);
        Ok(())
    }

    fn is_at(&self, ports: &[f64]) -> bool {
        self.voltages.is_some() && near(&self.ports, ports, SAME_VOLTAGE * largest(ports))
    }

    fn solve(&mut self, array: &Description, ports: &[f64], law: &dyn CellBranch) -> Result<(), Diagnostic> {
        let geometry = &array.geometry;
        let start = self.voltages.take();
        let (word, bit) = ports.split_at(geometry.rows);
        let law = OneByOne(law);
        let solver = ArraySolver::new(geometry, &law, Options::default())?;
        let (voltages, sensed, statistics) = solver.voltages(&Drive { word, bit }, start.as_ref())?;
        self.solutions += 1;
        self.rounds += statistics.rounds;
        let drops = voltages.word.iter().zip(&voltages.bit).map(|(word, bit)| word - bit);
        let branches = drops.enumerate().map(|(cell, drop)| law.0.at(cell, drop));
        let (currents, conductances): (Vec<f64>, Vec<f64>) = branches.unzip();
        self.currents = geometry.drawn(word, &voltages, &currents);
        self.currents.extend(sensed.iter().map(|current| -current));
        self.conductances = conductances;
        self.ports = ports.to_vec();
        self.voltages = Some(voltages);
        Ok(())
    }
}

/// Whether no value differs by more than `tolerance`.
fn near(a: &[f64], b: &[f64], tolerance: f64) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| (a - b).abs() <= tolerance)
}

fn largest(values: &[f64]) -> f64 {
    values.iter().fold(0.0, |largest, value| value.abs().max(largest))
}

//! The system linearised at an operating point, solved forward for what a source does and backward for what reaches an output.

use std::f64::consts::TAU;
use std::sync::Arc;

use faer::c64;

use super::{Failure, Output, operating_point};
use crate::circuit::ElementId;
use crate::circuit::analysis_card::OutputQuantity;
use crate::diagnostic::Diagnostic;
use crate::mna::System;
use crate::numerics::newton::{NewtonFailure, Singular};
use crate::numerics::sparse::{Factor, PivotOptions, Symbolic, Workspace};

/// G + jωC at an operating point, with a factorisation for one frequency at a time.
pub struct Linearised {
    /// The operating point.
    pub x: Vec<f64>,
    pub conductance: Vec<f64>,
    pub capacitance: Vec<f64>,
    symbolic: Arc<Symbolic>,
    factor: Option<Factor<c64>>,
    values: Vec<c64>,
    workspace: Workspace<c64>,
}

impl Linearised {
    /// Finds the operating point and linearises there.
    pub fn new(system: &mut System, output: &mut dyn Output) -> Result<Self, Failure> {
        let x = operating_point_of(system, output)?;
        Self::at(system, x)
    }

    /// Linearises at the operating point `x`.
    pub fn at(system: &mut System, x: Vec<f64>) -> Result<Self, Failure> {
        let (conductance, capacitance) = system.small_signal(&x);
        Self::of(system, x, conductance, capacitance)
    }

    /// The same in DC, where states and positions are held, with factors. What is not G + jωC is in G then.
    pub fn held(system: &mut System, output: &mut dyn Output) -> Result<Self, Failure> {
        let x = operating_point_of(system, output)?;
        let conductance = system.held_matrix(&x);
        let capacitance = vec![0.0; conductance.len()];
        let mut linearised = Self::of(system, x, conductance, capacitance)?;
        linearised.fill(system, 0.0);
        linearised.factorise(system)?;
        Ok(linearised)
    }

    fn of(system: &mut System, x: Vec<f64>, conductance: Vec<f64>, capacitance: Vec<f64>) -> Result<Self, Failure> {
        let symbolic = system.symbolic().map_err(|singular| explain(system, singular))?;
        let (factor, values, workspace) = (None, Vec::new(), Workspace::new());
        Ok(Linearised { x, conductance, capacitance, symbolic, factor, values, workspace })
    }

    /// Factors for `frequency` in hertz.
    pub fn tune(&mut self, system: &System, frequency: f64) -> Result<(), Failure> {
        self.fill(system, frequency);
        system.add_admittances(frequency, &mut self.values);
        self.factorise(system)
    }

    /// G + jωC
    fn fill(&mut self, system: &System, frequency: f64) {
        let count = system.pattern().nnz();
        self.values.clear();
        let entries = self.conductance.iter().zip(&self.capacitance).take(count);
        self.values.extend(entries.map(|(&g, &c)| c64::new(g, TAU * frequency * c)));
    }

    fn factorise(&mut self, system: &System) -> Result<(), Failure> {
        let factored = match &mut self.factor {
            Some(factor) => factor.update(&self.values).map(|_| ()),
            None => {
                Factor::new(&self.symbolic, &self.values, &PivotOptions::default()).map(|made| self.factor = Some(made))
            }
        };
        factored.map_err(|error| explain(system, Singular { unknowns: vec![error.unknown] }))
    }

    /// Solves A·x = right in place; ground is the entry after the last.
    pub fn solve(&mut self, system: &System, right: &mut [c64]) -> Result<(), Failure> {
        let n = right.len() - 1;
        if let Some(factor) = &self.factor {
            factor.solve(&mut right[..n], &mut self.workspace);
        }
        finished(system, right)
    }

    /// Solves Aᵀ·y = right in place.
    pub fn solve_transposed(&mut self, system: &System, right: &mut [c64]) -> Result<(), Failure> {
        let n = right.len() - 1;
        if let Some(factor) = &self.factor {
            factor.solve_transposed(&mut right[..n], &mut self.workspace);
        }
        finished(system, right)
    }
}

fn operating_point_of(system: &mut System, output: &mut dyn Output) -> Result<Vec<f64>, Failure> {
    let mut x = system.initial_unknowns();
    operating_point::find(system, &mut x, &[], output)?;
    operating_point::refine(system, &mut x, output);
    Ok(x)
}

/// Ground is at 0; everything else must be a number.
fn finished(system: &System, solution: &mut [c64]) -> Result<(), Failure> {
    let n = solution.len() - 1;
    solution[n] = c64::new(0.0, 0.0);
    let Some(unknown) = solution.iter().position(|value| !(value.re.is_finite() && value.im.is_finite())) else {
        return Ok(());
    };
    let message = format!("the small-signal solution overflowed at the {}", system.describe_unknown(unknown));
    Err(system.point_at(Diagnostic::error(message), unknown).into())
}

fn explain(system: &System, singular: Singular) -> Failure {
    operating_point::explain(system, &NewtonFailure::Singular(singular), &[])
}

/// The row vector that reads `output` off a solution; ground is the entry after the last.
pub fn reading(system: &System, output: OutputQuantity) -> Result<Vec<c64>, Failure> {
    let mut row = vec![c64::new(0.0, 0.0); system.len() + 1];
    match output {
        OutputQuantity::Voltage(node, reference) => {
            row[system.node_unknown(node)] += c64::new(1.0, 0.0);
            row[system.node_unknown(reference)] -= c64::new(1.0, 0.0);
        }
        OutputQuantity::Current(element) => row[branch(system, element)?] += c64::new(1.0, 0.0),
    }
    row[system.len()] = c64::new(0.0, 0.0);
    Ok(row)
}

/// The right-hand side of a source of one volt or ampere.
pub fn excitation(system: &System, source: ElementId) -> Result<Vec<c64>, Failure> {
    let mut right = vec![c64::new(0.0, 0.0); system.len() + 1];
    let element = system.circuit.element(source);
    match element.letter {
        b'i' => {
            right[system.node_unknown(element.nodes[0])] -= c64::new(1.0, 0.0);
            right[system.node_unknown(element.nodes[1])] += c64::new(1.0, 0.0);
        }
        _ => right[branch(system, source)?] += c64::new(1.0, 0.0),
    }
    right[system.len()] = c64::new(0.0, 0.0);
    Ok(right)
}

/// The unknown that is the current of `element`.
pub fn branch(system: &System, element: ElementId) -> Result<usize, Failure> {
    system.branch_unknown(element).ok_or_else(|| {
        let element = system.circuit.element(element);
        let error = Diagnostic::error(format!("`{}` has no branch current", element.name)).at(element.span);
        error.hint("name a voltage source").into()
    })
}

/// Σ a·b
pub fn dot(a: &[c64], b: &[c64]) -> c64 {
    a.iter().zip(b).fold(c64::new(0.0, 0.0), |sum, (a, b)| sum + a * b)
}

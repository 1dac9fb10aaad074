//! What one system takes over from another of nearly the same circuit.

use std::sync::Arc;

use super::system::System;
use crate::circuit::Circuit;
use crate::devices::registry;
use crate::diagnostic::Diagnostic;
use crate::numerics::sparse::{Factor, Pattern, Symbolic, Workspace};

/// Order of elimination and pivots of a matrix.
pub struct Analysed {
    pattern: Pattern,
    symbolic: Option<Arc<Symbolic>>,
    factor: Option<Factor<f64>>,
    workspace: Workspace<f64>,
}

impl System {
    /// Makes all devices anew after a `change` of the circuit that leaves its cards where they are, with the
    /// same pattern and pivots; false where the equations have another structure, and then the system is of no more use.
    ///
    /// # Errors
    /// What is wrong with the elements now.
    pub fn renew(&mut self, change: impl FnOnce(&mut Circuit)) -> Result<bool, Vec<Diagnostic>> {
        self.spare.read = None;
        self.make_anew(change)
    }

    /// The same at another temperature of the circuit, in °C: what is read of cards alone is read once.
    ///
    /// # Errors
    /// What is wrong with the elements now.
    pub fn renew_at(&mut self, temperature: f64) -> Result<bool, Vec<Diagnostic>> {
        self.spare.read.get_or_insert_default();
        self.make_anew(|circuit| circuit.options.temp = temperature)
    }

    fn make_anew(&mut self, change: impl FnOnce(&mut Circuit)) -> Result<bool, Vec<Diagnostic>> {
        change(Arc::make_mut(&mut self.circuit));
        let mut assembly = std::mem::take(&mut self.spare);
        let diagnostics = registry::assemble_in(&self.circuit, &mut assembly);
        if diagnostics.iter().any(Diagnostic::is_error) {
            return Err(diagnostics);
        }
        let same_kinds = || self.unknowns.iter().zip(&assembly.unknowns).all(|(one, other)| one.kind == other.kind);
        let same = self.held.is_empty()
            && assembly.held.is_empty()
            && self.groups.len() == assembly.groups.len()
            && self.n == assembly.unknowns.len()
            && same_kinds();
        let mut groups = self.groups.iter_mut().zip(&mut assembly.groups);
        if !same || !groups.all(|(group, other)| group.renew(other.as_mut())) {
            return Ok(false);
        }
        self.spare = assembly;
        self.load_constants();
        self.dynamic_rows.take();
        self.set_environment(self.environment);
        Ok(true)
    }

    /// What was found out about the matrix.
    pub fn into_analysed(self) -> Analysed {
        let System { pattern, symbolic, factor, workspace, .. } = self;
        Analysed { pattern, symbolic, factor, workspace }
    }

    /// Takes over what was found out about another matrix, if it has the same pattern.
    pub fn adopt(&mut self, other: Analysed) {
        if self.pattern == other.pattern {
            (self.symbolic, self.factor, self.workspace) = (other.symbolic, other.factor, other.workspace);
        }
    }
}

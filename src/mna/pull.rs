//! What holds unknowns at values while an operating point is sought: `.ic`, `.nodeset`, and Xyce's `ic=` of capacitors and
//! inductors, which count without `uic` too.

use super::system::System;
use crate::circuit::element::Value;
use crate::circuit::{ElementId, GROUND};

/// Extra conductance that pulls an unknown, or the difference of two, to a value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pull {
    pub unknown: usize,
    /// The unknown that is subtracted; none for ground.
    pub against: Option<usize>,
    pub value: f64,
}

/// Conductance of a [`Pull`], S: dominates any circuit and stays far from the overflow of a factorisation.
const PULL_CONDUCTANCE: f64 = 1e8;

/// Resistance of inductors that close a loop of voltages, in DC, Ω.
const LOOP_RESISTANCE: f64 = 1e-9;

/// Conductance that ties a node without a DC path to ground, in operating points, S.
const TIE_CONDUCTANCE: f64 = 1e-12;

impl System {
    pub fn set_pulls(&mut self, pulls: Vec<Pull>) {
        self.pulls = pulls;
        self.invalidate();
    }

    /// Inductors get a tiny resistance, so that the current around a loop of voltages is determined; false if there are none.
    pub fn resist_loops(&mut self, on: bool) -> bool {
        let inductors = self.circuit.elements.iter().enumerate().filter(|(_, element)| element.letter == b'l');
        let found: Vec<usize> = inductors.filter_map(|(id, _)| self.branch_unknown(ElementId(id as u32))).collect();
        self.resisted = if on { found } else { Vec::new() };
        self.invalidate();
        !self.resisted.is_empty()
    }

    /// Whether a current is so large that the loop it flows in has a voltage, and so no solution.
    pub fn has_runaway_loop(&self, x: &[f64]) -> bool {
        const LARGEST: f64 = 1e4;
        self.resisted.iter().any(|&unknown| x[unknown].abs() > LARGEST)
    }

    /// Nodes without a DC path to ground get a tiny conductance to it, until `untie`; false if there are none.
    pub fn tie_floating(&mut self) -> bool {
        let nodes = super::topology::floating_nodes(self).into_iter();
        self.tied = nodes.map(|node| self.node_unknown(crate::circuit::NodeId(node as u32))).collect();
        self.invalidate();
        !self.tied.is_empty()
    }

    pub fn untie(&mut self) {
        if !self.tied.is_empty() {
            self.tied.clear();
            self.invalidate();
        }
    }

    /// Whether the tied nodes are so far from ground that a current flows into them, and so no solution is near.
    pub fn has_runaway_node(&self, x: &[f64]) -> bool {
        const LARGEST: f64 = 1e3;
        self.tied.iter().any(|&unknown| x[unknown].abs() > LARGEST)
    }

    /// Adds what pulls to the matrix.
    pub(super) fn pull_base(&mut self) {
        let mut add = |row: usize, column: usize, value: f64| {
            if let Some(slot) = self.pattern.slot(row, column) {
                self.base[slot] += value;
            }
        };
        for pull in &self.pulls {
            add(pull.unknown, pull.unknown, PULL_CONDUCTANCE);
            if let Some(other) = pull.against {
                add(other, other, PULL_CONDUCTANCE);
                add(pull.unknown, other, -PULL_CONDUCTANCE);
                add(other, pull.unknown, -PULL_CONDUCTANCE);
            }
        }
        for &unknown in &self.resisted {
            add(unknown, unknown, -LOOP_RESISTANCE);
        }
        for &unknown in &self.tied {
            add(unknown, unknown, TIE_CONDUCTANCE);
        }
    }

    /// Adds what pulls to the residual at `x`.
    pub(super) fn pull_residual(&mut self, x: &[f64]) {
        for pull in &self.pulls {
            let other = pull.against.map_or(0.0, |other| x[other]);
            let current = PULL_CONDUCTANCE * (x[pull.unknown] - other - pull.value);
            self.f[pull.unknown] += current;
            if let Some(other) = pull.against {
                self.f[other] -= current;
            }
        }
        for &unknown in &self.resisted {
            self.f[unknown] -= LOOP_RESISTANCE * x[unknown];
        }
        for &unknown in &self.tied {
            self.f[unknown] += TIE_CONDUCTANCE * x[unknown];
        }
    }

    /// A pulled unknown is only known to the rounding of its value.
    pub(super) fn pull_magnitude(&mut self, x: &[f64]) {
        for pull in &self.pulls {
            let size = x[pull.unknown].abs().max(pull.against.map_or(0.0, |other| x[other].abs()));
            for row in std::iter::once(pull.unknown).chain(pull.against) {
                self.magnitude[row] += PULL_CONDUCTANCE * size * 1e-9;
            }
        }
    }

    /// Pulls for the `ic=` of capacitors and inductors, where the deck's dialect means them for the operating point, and for
    /// currents of `.ic` cards.
    pub fn element_pulls(&self) -> Vec<Pull> {
        let (all, some) = (self.circuit.options.initial_conditions_hold, &self.circuit.held_currents);
        if !all && some.is_empty() {
            return Vec::new();
        }
        let mut pulls = Vec::new();
        for (id, element) in self.circuit.elements.iter().enumerate() {
            let Some(Value::Number(value)) = element.parameter("ic").map(|parameter| &parameter.value) else {
                continue;
            };
            let node = |index: usize| {
                let node = element.nodes[index];
                (node != GROUND).then(|| self.node_unknown(node))
            };
            let id = ElementId(id as u32);
            if !all && !some.contains(&id) {
                continue;
            }
            match (element.letter, self.branch_unknown(id)) {
                (b'c', _) => pulls.extend(match (node(0), node(1)) {
                    (Some(unknown), against) => Some(Pull { unknown, against, value: *value }),
                    (None, Some(unknown)) => Some(Pull { unknown, against: None, value: -value }),
                    (None, None) => None,
                }),
                (b'l', Some(unknown)) => pulls.push(Pull { unknown, against: None, value: *value }),
                _ => {}
            }
        }
        pulls
    }
}

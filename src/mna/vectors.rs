//! What can be read off a solution by name: node voltages, branch currents, states, device quantities.

use std::sync::Arc;

use super::system::System;
use crate::circuit::{ElementId, NodeId};
use crate::devices::assembly::{CellPart, Location, UnknownName};
use crate::devices::device::Environment;

/// A quantity that every solution has a value of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Vector {
    /// An unknown; ground is the one after the last.
    Unknown(u32),
    Difference(u32, u32),
    /// Terminal current of a device without branch current (its dynamic part included).
    Terminal(Location),
    /// Quantity of a device by number.
    Quantity(Location, u32),
}

/// Physical type of a vector, as raw files name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VectorKind {
    Voltage,
    Current,
    Time,
    Frequency,
    /// V/√Hz
    VoltageDensity,
    /// A/√Hz
    CurrentDensity,
    Other,
}

impl VectorKind {
    /// The word in raw files.
    pub fn name(self) -> &'static str {
        match self {
            VectorKind::Voltage => "voltage",
            VectorKind::Current => "current",
            VectorKind::Time => "time",
            VectorKind::Frequency => "frequency",
            VectorKind::VoltageDensity => "voltage-density",
            VectorKind::CurrentDensity => "current-density",
            VectorKind::Other => "notype",
        }
    }

    /// The SI unit.
    pub fn unit(self) -> &'static str {
        match self {
            VectorKind::Voltage => "V",
            VectorKind::Current => "A",
            VectorKind::Time => "s",
            VectorKind::Frequency => "Hz",
            VectorKind::VoltageDensity => "V/√Hz",
            VectorKind::CurrentDensity => "A/√Hz",
            VectorKind::Other => "",
        }
    }
}

impl System {
    /// The unknown that is the current of `element`, if it has one.
    pub fn branch_unknown(&self, element: ElementId) -> Option<usize> {
        self.assembly.branches.get(&element).map(|&unknown| unknown as usize)
    }

    /// The unknown of `node`.
    pub fn node_unknown(&self, node: NodeId) -> usize {
        if node.0 == 0 { self.len() } else { node.0 as usize - 1 }
    }

    /// Name of unknown `index` as raw files have it: `v(out)`, `i(v1)`, `x(nmem)`.
    pub fn unknown_name(&self, index: usize) -> String {
        let circuit = &self.circuit;
        match &self.unknowns[index].name {
            UnknownName::Node(node) => format!("v({})", circuit.node_name(*node)),
            UnknownName::Internal(element, part) => format!("v({}#{part})", circuit.element(*element).name),
            UnknownName::Branch(element) => format!("i({})", circuit.element(*element).name),
            UnknownName::State(element, name) => format!("{name}({})", circuit.element(*element).name),
            UnknownName::Cell(element, part, row, column) => {
                let element = &circuit.element(*element).name;
                match part {
                    CellPart::Node(line) => format!("v({element}.{}[{row}][{column}])", line.name()),
                    CellPart::State(0) => format!("s({element}[{row}][{column}])"),
                    CellPart::State(part) => format!("s{}({element}[{row}][{column}])", part + 1),
                }
            }
        }
    }

    /// Index of the unknown that `name` stands for in diagnostics.
    pub fn describe_unknown(&self, index: usize) -> String {
        let circuit = &self.circuit;
        match &self.unknowns[index].name {
            UnknownName::Node(node) => format!("voltage of node `{}`", circuit.node_name(*node)),
            UnknownName::Internal(element, part) => format!("`{part}` inside `{}`", circuit.element(*element).name),
            UnknownName::Branch(element) => format!("current through `{}`", circuit.element(*element).name),
            UnknownName::State(element, name) => format!("state `{name}` of `{}`", circuit.element(*element).name),
            UnknownName::Cell(element, part, row, column) => {
                let cell = format!("cell in row {row}, column {column} of `{}`", circuit.element(*element).name);
                match part {
                    CellPart::Node(line) => format!("voltage `{}` at the {cell}", line.name()),
                    CellPart::State(_) => format!("state of the {cell}"),
                }
            }
        }
    }

    /// The vector `kind(arguments)`, as in `v(a)`, `v(a,b)`, `i(v1)`, `x(nmem)`, `@nmem[x]` (kind `@`).
    pub fn vector(&self, kind: &str, arguments: &[Arc<str>]) -> Option<Vector> {
        match (kind, arguments) {
            ("v", [node]) => {
                self.node_or_internal(node).map(Vector::Unknown).or_else(|| self.array_voltage(node)).or_else(|| {
                    self.cell_named(node).and_then(|(element, cell)| self.cell_quantity(element, cell, kind))
                })
            }
            ("v", [a, b]) => Some(Vector::Difference(self.node_or_internal(a)?, self.node_or_internal(b)?)),
            ("@", [device, name]) => self.quantity(device, name),
            (_, [device]) => self.quantity(device, kind),
            _ => None,
        }
    }

    fn node_or_internal(&self, name: &str) -> Option<u32> {
        if let Some(&node) = self.circuit.node_index.get(name) {
            return Some(self.node_unknown(node) as u32);
        }
        if let Some(node) = self.array_node(name) {
            return Some(node);
        }
        let (element, part) = name.split_once('#')?;
        let wanted = *self.circuit.element_index.get(element)?;
        if part == "branch" {
            return self.assembly.branches.get(&wanted).copied();
        }
        let found = |info: &crate::devices::assembly::UnknownInfo| matches!(&info.name, UnknownName::Internal(id, name) if *id == wanted && name == part);
        self.unknowns.iter().position(found).map(|index| index as u32)
    }

    /// The quantity `name` of the element called `device`.
    pub fn quantity(&self, device: &str, name: &str) -> Option<Vector> {
        match self.circuit.element_index.get(device) {
            Some(&element) => self.element_quantity(element, name),
            None => {
                let (element, cell) = self.cell_named(device)?;
                self.cell_quantity(element, cell, name)
            }
        }
    }

    /// The quantity `name` of `element`: a state, its current, or one that the device computes.
    pub fn element_quantity(&self, element: ElementId, name: &str) -> Option<Vector> {
        if let Some(&unknown) = self.assembly.states.get(&(element, name.into())) {
            return Some(Vector::Unknown(unknown));
        }
        if name == "i"
            && let Some(&unknown) = self.assembly.branches.get(&element)
        {
            return Some(Vector::Unknown(unknown));
        }
        if self.array_shape(element).is_some() {
            let (quantity, cell) = self.cell_of_quantity(element, name)?;
            return self.cell_quantity(element, cell, quantity);
        }
        let location = self.assembly.principal[element.0 as usize]?;
        let group = &self.groups[location.group as usize];
        if let Some(index) = group.quantity_index(name) {
            return Some(Vector::Quantity(location, index as u32));
        }
        (name == "i").then_some(Vector::Terminal(location))
    }

    /// Names of the quantities of `element` beside its states.
    pub fn quantity_names(&self, element: ElementId) -> Vec<&'static str> {
        let location = self.assembly.principal[element.0 as usize];
        location.map_or_else(Vec::new, |location| self.groups[location.group as usize].quantity_names())
    }

    pub fn vector_kind(&self, vector: Vector) -> VectorKind {
        use crate::devices::assembly::UnknownKind;
        match vector {
            Vector::Unknown(index) => match self.unknowns.get(index as usize).map(|info| info.kind) {
                Some(UnknownKind::Voltage) | None => VectorKind::Voltage,
                Some(UnknownKind::Current) => VectorKind::Current,
                Some(UnknownKind::State { .. } | UnknownKind::Discrete) => VectorKind::Other,
            },
            Vector::Difference(..) => VectorKind::Voltage,
            Vector::Terminal(_) => VectorKind::Current,
            Vector::Quantity(location, index) => {
                match self.groups[location.group as usize].quantity_names().get(index as usize) {
                    Some(&"i") => VectorKind::Current,
                    Some(&"v") => VectorKind::Voltage,
                    _ => VectorKind::Other,
                }
            }
        }
    }

    /// Value of `vector` at `x`; of a terminal current only its static part.
    pub fn value(&self, vector: Vector, x: &[f64], environment: &Environment) -> f64 {
        match vector {
            Vector::Unknown(index) => x[index as usize],
            Vector::Difference(a, b) => x[a as usize] - x[b as usize],
            Vector::Terminal(_) => self.terminal(vector, x, environment).0,
            Vector::Quantity(location, index) => {
                self.groups[location.group as usize].quantity(location.device as usize, index as usize, x, environment)
            }
        }
    }

    /// f and q at the first terminal of a [`Vector::Terminal`]; zeros for other vectors.
    pub fn terminal(&self, vector: Vector, x: &[f64], environment: &Environment) -> (f64, f64) {
        match vector {
            Vector::Terminal(location) => {
                self.groups[location.group as usize].terminal(location.device as usize, x, environment)
            }
            _ => (0.0, 0.0),
        }
    }
}

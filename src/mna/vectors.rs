//! What can be read off a solution by name: node voltages, branch currents, states, device quantities.

use std::sync::Arc;

use faer::c64;

use super::system::System;
use crate::circuit::{ElementId, NodeId};
use crate::devices::assembly::{CellPart, Location, UnknownName};
use crate::devices::device::Environment;
pub use crate::devices::group::SmallSignalPoint;

/// A quantity that every solution has a value of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Vector {
    /// An unknown; ground is the one after the last.
    Unknown(u32),
    Difference(u32, u32),
    /// Current into a terminal of a device without branch current (its dynamic part included); the lead 0 is the first terminal.
    Terminal(Location, u32),
    /// Quantity of a device by number.
    Quantity(Location, u32),
    /// The voltage between two unknowns times the current into the first terminal.
    Power(Location, [u32; 2]),
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
    Admittance,
    Capacitance,
    Charge,
    Power,
    Resistance,
    Temperature,
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
            VectorKind::Admittance => "admittance",
            VectorKind::Capacitance => "capacitance",
            VectorKind::Charge => "charge",
            VectorKind::Power => "power",
            VectorKind::Resistance => "res-sweep",
            VectorKind::Temperature => "temp-sweep",
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
            VectorKind::Admittance => "S",
            VectorKind::Capacitance => "F",
            VectorKind::Charge => "C",
            VectorKind::Power => "W",
            VectorKind::Resistance => "Ω",
            VectorKind::Temperature => "°C",
            VectorKind::Other => "",
        }
    }

    /// What has this unit as a quantity of a device.
    fn of_unit(unit: &str) -> VectorKind {
        match unit {
            "V" => VectorKind::Voltage,
            "A" => VectorKind::Current,
            "S" => VectorKind::Admittance,
            "F" => VectorKind::Capacitance,
            "C" => VectorKind::Charge,
            "W" => VectorKind::Power,
            "Ω" => VectorKind::Resistance,
            _ => VectorKind::Other,
        }
    }
}

/// `x1.r1` → `r.x1.r1`, as elements inside of subcircuits are called.
pub fn flat_name(path: &str) -> Option<String> {
    let (_, last) = path.rsplit_once('.')?;
    Some(format!("{}.{path}", last.chars().next()?))
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
            (_, [device]) => self
                .lead(device, kind)
                .or_else(|| self.quantity(device, kind))
                .or_else(|| self.vector_of_terminals(kind, arguments)),
            _ => self.vector_of_terminals(kind, arguments),
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

    /// The element called `device`, by its flat name or by its path: `r.x1.r1` or `x1.r1`.
    pub(super) fn element_called(&self, device: &str) -> Option<ElementId> {
        let known = |name: &str| self.circuit.element_index.get(name).copied();
        known(device).or_else(|| known(&flat_name(device)?))
    }

    /// The current into the terminal of `device` that `name` means: `ib`, `id`, …
    pub(super) fn lead(&self, device: &str, name: &str) -> Option<Vector> {
        let location = self.assembly.principal[self.element_called(device)?.0 as usize]?;
        let lead = self.groups[location.group as usize].lead_index(name)?;
        Some(Vector::Terminal(location, lead as u32))
    }

    /// What stands for `vector` in small-signal analysis, if anything does: currents of devices are linearised, other quantities
    /// are those of the operating point.
    pub fn small_signal_vector(&self, vector: Vector) -> Option<Vector> {
        match vector {
            Vector::Unknown(_) | Vector::Difference(..) => Some(vector),
            Vector::Terminal(location, lead) => self.groups[location.group as usize]
                .has_small_signal_terminals()
                .then_some(Vector::Terminal(location, lead)),
            Vector::Quantity(location, index) => {
                let group = &self.groups[location.group as usize];
                let name = group.quantities().get(index as usize)?.name;
                match group.lead_index(name).or_else(|| (name == "i").then_some(0)) {
                    Some(lead) => self.small_signal_vector(Vector::Terminal(location, lead as u32)),
                    None => (!matches!(name, "v" | "p")).then_some(vector),
                }
            }
            Vector::Power(..) => None,
        }
    }

    /// Phasor of `vector` in a solution of small-signal analysis.
    pub fn small_signal_value(&self, vector: Vector, point: &SmallSignalPoint) -> c64 {
        match vector {
            Vector::Unknown(unknown) => point.phasors[unknown as usize],
            Vector::Difference(a, b) => point.phasors[a as usize] - point.phasors[b as usize],
            Vector::Terminal(location, lead) => self.groups[location.group as usize].small_signal_terminal(
                location.device as usize,
                lead as usize,
                point,
            ),
            Vector::Quantity(..) | Vector::Power(..) => c64::new(self.value(vector, point.at, point.environment), 0.0),
        }
    }

    /// The quantity `name` of the element called `device`.
    pub fn quantity(&self, device: &str, name: &str) -> Option<Vector> {
        match self.element_called(device) {
            Some(element) => self.element_quantity(element, name),
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
        if name == "i" {
            return Some(Vector::Terminal(location, 0));
        }
        let element = self.circuit.element(element);
        if !b"bcdefghl".contains(&element.letter) {
            return None;
        }
        let [p, n] = [0, 1].map(|index| element.nodes.get(index).map(|&node| self.node_unknown(node) as u32));
        match name {
            "v" | "volt" => Some(Vector::Difference(p?, n?)),
            "p" => Some(Vector::Power(location, [p?, n?])),
            _ => None,
        }
    }

    /// Names of the quantities of `element` beside its states.
    pub fn quantity_names(&self, element: ElementId) -> Vec<&'static str> {
        let quantities = match self.assembly.principal[element.0 as usize] {
            Some(location) => self.groups[location.group as usize].quantities(),
            None => &[],
        };
        quantities.iter().map(|quantity| quantity.name).collect()
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
            Vector::Terminal(..) => VectorKind::Current,
            Vector::Power(..) => VectorKind::Power,
            Vector::Quantity(location, index) => {
                let quantity = self.groups[location.group as usize].quantities().get(index as usize);
                quantity.map_or(VectorKind::Other, |quantity| VectorKind::of_unit(quantity.unit))
            }
        }
    }

    /// Value of `vector` at `x`; of a terminal current only its static part.
    pub fn value(&self, vector: Vector, x: &[f64], environment: &Environment) -> f64 {
        match vector {
            Vector::Unknown(index) => x[index as usize],
            Vector::Difference(a, b) => x[a as usize] - x[b as usize],
            Vector::Terminal(..) => self.terminal(vector, x, environment).0,
            Vector::Power(_, [p, n]) => (x[p as usize] - x[n as usize]) * self.terminal(vector, x, environment).0,
            Vector::Quantity(location, index) => {
                self.groups[location.group as usize].quantity(location.device as usize, index as usize, x, environment)
            }
        }
    }

    /// f and q at the terminal of a [`Vector::Terminal`] or [`Vector::Power`]; zeros for other vectors.
    pub fn terminal(&self, vector: Vector, x: &[f64], environment: &Environment) -> (f64, f64) {
        let (location, lead) = match vector {
            Vector::Terminal(location, lead) => (location, lead),
            Vector::Power(location, _) => (location, 0),
            _ => return (0.0, 0.0),
        };
        self.groups[location.group as usize].terminal(location.device as usize, lead as usize, x, environment)
    }
}

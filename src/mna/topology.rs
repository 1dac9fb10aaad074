//! Why a matrix is singular, in terms of the circuit: floating nodes, loops of voltage sources, cutsets of current sources.

use super::system::System;
use crate::circuit::conduction::{Sets, conducting_terminals};
use crate::circuit::{Element, ElementId};
use crate::devices::assembly::UnknownName;
use crate::diagnostic::Diagnostic;

/// Whether the element fixes the voltage between its first two nodes.
fn fixes_voltage(element: &Element, has_branch: bool) -> bool {
    matches!(element.letter, b'v' | b'e' | b'h' | b'l' | b'b') && has_branch
}

impl System {
    /// Elements with a terminal at unknown `index`, or to which it belongs.
    pub fn elements_at(&self, index: usize) -> Vec<ElementId> {
        let info = &self.unknowns[index];
        match &info.name {
            UnknownName::Node(node) => {
                let elements = self.circuit.elements.iter().enumerate();
                let at = elements.filter(|(_, element)| element.nodes.contains(node));
                at.map(|(id, _)| ElementId(id as u32)).collect()
            }
            UnknownName::Internal(element, _)
            | UnknownName::Branch(element)
            | UnknownName::State(element, _)
            | UnknownName::Cell(element, ..) => vec![*element],
        }
    }

    /// The first row whose residual is infinite or not a number.
    pub fn first_not_finite(&self) -> Option<usize> {
        self.right[..self.n].iter().position(|value| !value.is_finite())
    }

    /// Adds the elements that `unknown` belongs to, those with equations of their own first.
    pub fn point_at(&self, mut diagnostic: Diagnostic, unknown: usize) -> Diagnostic {
        let mut elements = self.elements_at(unknown);
        elements.sort_by_key(|&id| self.circuit.element(id).letter != b'b');
        for id in elements.into_iter().take(3) {
            let element = self.circuit.element(id);
            diagnostic = diagnostic.label(element.span, format!("`{}` is connected there", element.name));
        }
        diagnostic
    }

    fn has_branch(&self, id: usize) -> bool {
        self.assembly.branches.contains_key(&ElementId(id as u32))
    }
}

/// The error for a matrix that is singular at `unknowns`.
pub fn explain_singular(system: &System, unknowns: &[usize]) -> Diagnostic {
    explain_floating(system).or_else(|| voltage_loop(system)).unwrap_or_else(|| {
        let names: Vec<String> = unknowns.iter().take(8).map(|&unknown| system.describe_unknown(unknown)).collect();
        let empty = empty_rows(system);
        if let Some(&row) = empty.first() {
            let rows: Vec<String> = empty.iter().take(8).map(|&row| system.describe_unknown(row)).collect();
            let message = format!("all terms cancel in the equation of the {}", rows.join(", the "));
            return system
                .point_at(Diagnostic::error(message), row)
                .hint(format!("this leaves the {} undetermined", names.join(", the ")))
                .hint("does a controlled source cancel a resistor, or follow itself?");
        }
        let mut diagnostic = Diagnostic::error(format!("the matrix is singular at the {}", names.join(", the ")));
        for &unknown in unknowns.iter().take(2) {
            for id in system.elements_at(unknown).into_iter().take(2) {
                diagnostic = diagnostic.at(system.circuit.element(id).span);
            }
        }
        diagnostic.hint("is a node left without a path to ground, or a controlled source without effect?")
    })
}

/// Rows in which the entries of all devices cancel.
fn empty_rows(system: &System) -> Vec<usize> {
    let mut largest = vec![0.0_f64; system.n];
    for (&row, value) in system.pattern.rows.iter().zip(&system.matrix) {
        largest[row as usize] = largest[row as usize].max(value.abs());
    }
    (0..system.n).filter(|&row| largest[row] == 0.0).collect()
}

/// Sets of nodes that conduct to each other at DC.
fn conducting_sets(system: &System) -> Sets {
    let circuit = &system.circuit;
    let mut sets = Sets::new(circuit.nodes.len());
    for (id, element) in circuit.elements.iter().enumerate() {
        for group in conducting_terminals(element, system.has_branch(id)) {
            for pair in group.windows(2) {
                if let (Some(a), Some(b)) = (element.nodes.get(pair[0]), element.nodes.get(pair[1])) {
                    sets.join(a.0, b.0);
                }
            }
        }
    }
    sets
}

/// Whether any element is connected to ground.
fn has_ground(system: &System) -> bool {
    system.circuit.elements.iter().flat_map(|element| element.nodes.iter()).any(|node| node.0 == 0)
}

/// Nodes without a DC path to ground, by their numbers; none where there is no ground at all.
pub fn floating_nodes(system: &System) -> Vec<usize> {
    if !has_ground(system) {
        return Vec::new();
    }
    not_at_ground(&mut conducting_sets(system), system)
}

/// The nodes that are not in ground's set.
fn not_at_ground(sets: &mut Sets, system: &System) -> Vec<usize> {
    let ground = sets.find(0);
    (1..system.circuit.nodes.len()).filter(|&node| sets.find(node as u32) != ground).collect()
}

/// The names of the first of these nodes, and how many more there are.
fn names_of(system: &System, nodes: &[usize]) -> String {
    let names = nodes.iter().take(8).map(|&node| format!("`{}`", system.circuit.nodes[node].name));
    let names = names.collect::<Vec<_>>().join(", ");
    if nodes.len() > 8 { format!("{names} and {} more", nodes.len() - 8) } else { names }
}

/// Says which nodes have been tied to ground, since nothing else determines their voltages.
pub fn warn_of_floating(system: &System) -> Option<Diagnostic> {
    let floating = floating_nodes(system);
    let first = *floating.first()?;
    let (verb, plural) = if floating.len() == 1 { ("has", "") } else { ("have", "s") };
    let names = names_of(system, &floating);
    let message =
        format!("node{plural} {names} {verb} no DC path to ground: 1 TΩ is put there for the operating point");
    let warning = Diagnostic::warning(message).at(system.circuit.nodes[first].span);
    Some(
        warning.hint("connect a resistor to ground if another voltage is meant to begin with, or use `uic` with `ic=`"),
    )
}

/// The error for nodes without a DC path to ground.
fn explain_floating(system: &System) -> Option<Diagnostic> {
    let circuit = &system.circuit;
    let mut sets = conducting_sets(system);
    let floating = not_at_ground(&mut sets, system);
    let first = *floating.first()?;
    let names = names_of(system, &floating);
    // A current source with no other way for its current is a cutset rather than a forgotten connection.
    let island = sets.find(first as u32);
    let driven = circuit.elements.iter().find(|element| {
        matches!(element.letter, b'i' | b'g' | b'f')
            && element.nodes.iter().take(2).any(|node| sets.find(node.0) == island)
            && element.nodes.iter().take(2).any(|node| sets.find(node.0) != island)
    });
    let (verb, plural) = if floating.len() == 1 { ("has", "") } else { ("have", "s") };
    let float = if floating.len() == 1 { "floats" } else { "float" };
    let diagnostic = match driven {
        Some(source) => Diagnostic::error(format!(
            "current source `{}` has no DC path for its current: node{plural} {names} {float}",
            source.name
        ))
        .at(source.span),
        None => Diagnostic::error(format!("node{plural} {names} {verb} no DC path to ground")),
    };
    if !has_ground(system) {
        let diagnostic = diagnostic.at(circuit.nodes[first].span);
        return Some(diagnostic.hint("no element is connected to ground: one node must be called `0` or `gnd`"));
    }
    Some(
        diagnostic
            .at(circuit.nodes[first].span)
            .hint("connect a large resistor to ground, or set `.options rshunt=1e12` to put one at every node"),
    )
}

/// Voltage sources (and inductors) that close a loop.
fn voltage_loop(system: &System) -> Option<Diagnostic> {
    let circuit = &system.circuit;
    let mut sets = Sets::new(circuit.nodes.len());
    let mut members: Vec<usize> = Vec::new();
    for (id, element) in circuit.elements.iter().enumerate() {
        if !fixes_voltage(element, system.has_branch(id)) {
            continue;
        }
        if sets.join(element.nodes[0].0, element.nodes[1].0) {
            members.push(id);
            continue;
        }
        let mut diagnostic =
            Diagnostic::error(format!("`{}` closes a loop of voltage sources or inductors", element.name))
                .at(element.span);
        let (a, b) = (element.nodes[0], element.nodes[1]);
        for &other in members.iter().filter(|&&other| {
            let nodes = &circuit.elements[other].nodes;
            nodes[..2].contains(&a) || nodes[..2].contains(&b)
        }) {
            diagnostic = diagnostic.label(circuit.elements[other].span, "also in the loop");
        }
        return Some(diagnostic.hint("put a small resistor into the loop"));
    }
    None
}

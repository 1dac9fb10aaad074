//! Which vectors of an analysis are kept: all, or those that `.save` and `.probe` name.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::plot::Column;
use crate::circuit::Circuit;
use crate::devices::assembly::{UnknownKind, UnknownName};
use crate::mna::vectors::{Vector, VectorKind};
use crate::mna::{System, cell_name};
use crate::netlist::expression::unbracketed;

/// A vector to keep.
#[derive(Debug, Clone, PartialEq)]
pub struct Selected {
    pub column: Column,
    pub vector: Vector,
}

/// The vectors that `circuit` asks for; those that do not exist are returned as names in the second part.
///
/// `needed` are further vectors, of `.measure`, `.check` and `.print` lines, as (kind, arguments).
pub fn select(system: &System, needed: &[(Arc<str>, Vec<Arc<str>>)]) -> (Vec<Selected>, Vec<String>) {
    let (all, wanted) = requests(&system.circuit);
    let mut selected = if all { defaults(system) } else { Vec::new() };
    let mut missing = Vec::new();
    for (kind, arguments) in &wanted {
        if let ("@", [device, quantity]) = (&**kind, &arguments[..])
            && let Some(quantity) = quantity.strip_suffix("_all")
            && add_cells(system, &mut selected, device, quantity)
        {
            continue;
        }
        if !add(system, &mut selected, kind, arguments, true) {
            missing.push(name_of(kind, arguments));
        }
    }
    for (kind, arguments) in needed {
        add(system, &mut selected, kind, arguments, false);
    }
    (selected, missing)
}

fn name_of(kind: &str, arguments: &[Arc<str>]) -> String {
    match (kind, arguments) {
        ("@", [device, quantity]) => cell_name(device, quantity).unwrap_or_else(|| format!("@{device}[{quantity}]")),
        (kind, arguments) => format!("{kind}({})", arguments.join(",")),
    }
}

/// Selects a vector under the name that it is asked for by; where nobody `chose` that name, not a quantity that has another one already.
fn add(system: &System, selected: &mut Vec<Selected>, kind: &str, arguments: &[Arc<str>], chosen: bool) -> bool {
    let Some(vector) = system.vector(kind, arguments) else { return false };
    let has_names = chosen || kind == "v" || matches!(vector, Vector::Terminal(..));
    if has_names || !selected.iter().any(|other| other.vector == vector) {
        let name = name_of(kind, arguments);
        if !selected.iter().any(|other| other.column.name == name) {
            selected.push(Selected { column: Column { name, kind: system.vector_kind(vector) }, vector });
        }
    }
    true
}

/// `@axbar[i_all]`: a quantity of every cell of an array; false if there is none.
fn add_cells(system: &System, selected: &mut Vec<Selected>, device: &str, quantity: &str) -> bool {
    let Some(&element) = system.circuit.element_index.get(device) else { return false };
    let Some([rows, columns]) = system.array_shape(element) else { return false };
    let known: FxHashSet<String> = selected.iter().map(|item| item.column.name.clone()).collect();
    for cell in 0..rows * columns {
        let Some(vector) = system.cell_quantity(element, cell, quantity) else { return false };
        let name = cell_name(device, &format!("{quantity}_{}_{}", cell / columns, cell % columns));
        if let Some(name) = name.filter(|name| !known.contains(name)) {
            selected.push(Selected { column: Column { name, kind: system.vector_kind(vector) }, vector });
        }
    }
    true
}

/// Node voltages, branch currents and states: everything that is an unknown, but not what is inside devices.
fn defaults(system: &System) -> Vec<Selected> {
    let unknowns = system.unknowns.iter().enumerate();
    // The cells of arrays are too many to be shown unasked.
    let inside = |name: &UnknownName| matches!(name, UnknownName::Internal(..) | UnknownName::Cell(..));
    let shown = unknowns.filter(|(_, info)| !inside(&info.name) && info.kind != UnknownKind::Discrete);
    let mut selected: Vec<Selected> = shown
        .map(|(index, info)| {
            let unknown = Vector::Unknown(index as u32);
            // A device that carries its state in another variable shows the published one.
            let published = match &info.name {
                UnknownName::State(element, name) if &**name == "s" => system
                    .element_quantity(*element, "x")
                    .map(|vector| (format!("x({})", system.circuit.element(*element).name), vector)),
                _ => None,
            };
            let (name, vector) = published.unwrap_or_else(|| (system.unknown_name(index), unknown));
            Selected { column: Column { name, kind: system.vector_kind(vector) }, vector }
        })
        .collect();
    // The published state may be an unknown of its own beside the one that carries it.
    let mut names = FxHashSet::default();
    selected.retain(|item| names.insert(item.column.name.clone()));
    // Voltages first, then currents, then states, as ngspice has them.
    selected.sort_by_key(|item| match item.column.kind {
        VectorKind::Voltage => 0,
        VectorKind::Current => 1,
        _ => 2,
    });
    selected
}

type Request = (Arc<str>, Vec<Arc<str>>);

/// Whether the defaults are wanted, and what is wanted besides.
fn requests(circuit: &Circuit) -> (bool, Vec<Request>) {
    let mut all = true;
    let mut wanted = Vec::new();
    for card in circuit.cards.iter().filter(|card| matches!(&*card.keyword, "save" | "probe")) {
        // Xyce's `.save type=nodeset file=…` is about a file of conditions.
        if card.text.trim_start().split_once('=').is_some_and(|(first, _)| !first.contains(['(', ' ', '@'])) {
            continue;
        }
        let mut names: Vec<Request> = Vec::new();
        let mut keeps_all = &*card.keyword == "probe" && card.text.trim().is_empty();
        for word in words(&card.text) {
            match &*word {
                "all" | "alli" | "allv" => keeps_all = true,
                "tran" | "ac" | "dc" | "op" | "noise" | "disto" => {}
                word => names.extend(parse_name(word)),
            }
        }
        if !keeps_all && &*card.keyword == "save" {
            all = false;
        }
        wanted.extend(names);
    }
    // `.save all` beside a list keeps everything.
    all |= circuit.cards.iter().any(|card| &*card.keyword == "save" && words(&card.text).any(|word| &*word == "all"));
    (all, wanted)
}

/// Words separated by blanks outside of parentheses, in lower case, blanks inside removed.
fn words(text: &str) -> impl Iterator<Item = String> {
    let mut depth = 0;
    let mut words = vec![String::new()];
    for c in text.to_lowercase().chars() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            _ => {}
        }
        if c.is_whitespace() {
            if depth == 0 {
                words.push(String::new());
            }
        } else if let Some(word) = words.last_mut() {
            word.push(c);
        }
    }
    words.into_iter().filter(|word| !word.is_empty())
}

/// `v(a)`, `v(a,b)`, `i(v1)`, `@dev[name]`, `v1#branch`, or a node's bare name.
fn parse_name(word: &str) -> Option<Request> {
    if let Some(rest) = word.strip_prefix('@') {
        let (device, quantity) = rest.strip_suffix(']')?.split_once('[')?;
        return Some(("@".into(), vec![device.into(), quantity.into()]));
    }
    if let Some(inner) = word.strip_suffix(')')
        && let Some((kind, arguments)) = inner.split_once('(')
    {
        return Some((kind.into(), arguments.split(',').map(|name| unbracketed(name).into()).collect()));
    }
    if let Some(source) = word.strip_suffix("#branch") {
        return Some(("i".into(), vec![source.into()]));
    }
    Some(("v".into(), vec![word.into()]))
}

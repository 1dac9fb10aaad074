//! The flattened array: every node and state an unknown of the circuit, eliminated in geometric nested dissection.

use std::sync::Arc;

use super::cells::ArrayCells;
use super::description::Description;
use super::group::Cells;
use super::wires::Wires;
use crate::arrays::cells::DynamicCells;
use crate::arrays::{Crossbar, Node, elimination_order, wires};
use crate::devices::array_view::Line;
use crate::devices::assembly::{CellPart, Unknown, UnknownKind, UnknownName};
use crate::devices::construct::Construction;

/// The unknowns of one array.
struct Unknowns {
    /// Of the geometry's free nodes, in its numbering.
    free: Vec<Unknown>,
    /// Between cell and transistor, per cell; empty without transistors.
    inner: Vec<Unknown>,
    /// Of one cell after the other.
    states: Vec<Unknown>,
}

/// Adds unknowns and devices of the array to the circuit.
pub fn flatten(c: &mut Construction, description: Description) {
    let unknowns = unknowns(c, &description);
    let Description { geometry, ports, cells, transistor, multiplier, .. } = &description;
    let at = |node: Node| match node {
        Node::Input(row) => ports.word[row],
        Node::Output(column) => ports.bit[column],
        Node::Free(index) => unknowns.free[index],
    };
    let ends = |cell: usize| {
        let (row, column) = (cell / geometry.columns, cell % geometry.columns);
        [at(geometry.word_node(row, column)), at(geometry.bit_node(row, column))]
    };
    c.assembly.elimination.extend(order(geometry, &unknowns, cells.states()));
    let mut lines = Wires::default();
    for (a, b, conductance) in wires(geometry) {
        lines.add_conductance([at(a), at(b)], multiplier * conductance);
    }
    for (capacitance, end) in [(description.word_capacitance, 0), (description.bit_capacitance, 1)] {
        if capacitance > 0.0 {
            (0..geometry.cells()).for_each(|cell| lines.add_capacitance(ends(cell)[end], multiplier * capacitance));
        }
    }
    let mut cell_unknowns = Vec::with_capacity((2 + cells.states()) * geometry.cells());
    let mut bit_nodes = Vec::new();
    for cell in 0..geometry.cells() {
        let [word, bit] = ends(cell);
        match (transistor, unknowns.inner.get(cell)) {
            (Some(transistor), Some(&inner)) => {
                let gate = ports.gate[cell / geometry.columns];
                c.assembly.add_auxiliary(c.id, transistor.clone(), [inner, gate, bit, ports.bulk]);
                cell_unknowns.extend([word, inner]);
                bit_nodes.push(bit);
            }
            _ => cell_unknowns.extend([word, bit]),
        }
        cell_unknowns.extend(&unknowns.states[cell * cells.states()..][..cells.states()]);
    }
    c.assembly.add_group(None, Box::new(lines));
    let group = Cells::new(Arc::new(description), cell_unknowns, bit_nodes);
    c.assembly.add_group(Some(c.id), Box::new(group));
}

/// Makes the unknowns; states start where the cells say.
fn unknowns(c: &mut Construction, description: &Description) -> Unknowns {
    let (geometry, id) = (&description.geometry, c.id);
    let place = |cell: usize| (cell / geometry.columns, cell % geometry.columns);
    let name = |part: CellPart, cell: usize| UnknownName::Cell(id, part, place(cell).0 as u32, place(cell).1 as u32);
    // A line without wire resistance is one node, called after its first cell.
    let mut names = vec![None; geometry.unknowns()];
    for cell in 0..geometry.cells() {
        let (row, column) = place(cell);
        let ends = [(Line::Word, geometry.word_node(row, column)), (Line::Bit, geometry.bit_node(row, column))];
        for (line, node) in ends {
            if let Node::Free(index) = node {
                names[index].get_or_insert(name(CellPart::Node(line), cell));
            }
        }
    }
    let assembly = &mut c.assembly;
    let free = names.into_iter().flatten().map(|name| assembly.unknown(name, UnknownKind::Voltage)).collect();
    let inner = match description.transistor {
        Some(_) => (0..geometry.cells())
            .map(|cell| assembly.unknown(name(CellPart::Node(Line::Inner), cell), UnknownKind::Voltage))
            .collect(),
        None => Vec::new(),
    };
    let states = states(c, description);
    Unknowns { free, inner, states }
}

/// Makes the unknowns of the cells' states, of one cell after the other.
pub fn states(c: &mut Construction, description: &Description) -> Vec<Unknown> {
    let ArrayCells::Memristors(cells) = &*description.cells else { return Vec::new() };
    let mut states = Vec::with_capacity(cells.len() * cells.states());
    for cell in 0..cells.len() {
        let (row, column) = (cell / description.geometry.columns, cell % description.geometry.columns);
        for (part, &start) in cells.start(cell)[..cells.states()].iter().enumerate() {
            let name = UnknownName::Cell(c.id, CellPart::State(part as u8), row as u32, column as u32);
            states.push(c.assembly.held_state(name, start));
        }
    }
    states
}

/// States and inner nodes of a cell come right before the first of its nodes: they touch no others.
fn order(geometry: &Crossbar, unknowns: &Unknowns, states: usize) -> Vec<Unknown> {
    let nodes = elimination_order(geometry);
    let mut position = vec![0; nodes.len()];
    nodes.iter().enumerate().for_each(|(place, &node)| position[node as usize] = place);
    let first = |cell: usize| {
        let (row, column) = (cell / geometry.columns, cell % geometry.columns);
        let ends = [geometry.word_node(row, column), geometry.bit_node(row, column)];
        let places =
            ends.iter().filter_map(|end| if let Node::Free(node) = end { Some(position[*node]) } else { None });
        places.min().unwrap_or(0)
    };
    let has_own = states > 0 || !unknowns.inner.is_empty();
    let mut cells: Vec<(usize, usize)> =
        if has_own { (0..geometry.cells()).map(|cell| (first(cell), cell)).collect() } else { Vec::new() };
    cells.sort_unstable();
    let mut cells = cells.into_iter().peekable();
    let mut order = Vec::with_capacity(nodes.len() + unknowns.inner.len() + unknowns.states.len());
    let mut add_cells = |before: usize, order: &mut Vec<Unknown>| {
        while let Some((_, cell)) = cells.next_if(|(place, _)| *place <= before) {
            order.extend(&unknowns.states[cell * states..][..states]);
            order.extend(unknowns.inner.get(cell));
        }
    };
    for (place, &node) in nodes.iter().enumerate() {
        add_cells(place, &mut order);
        order.push(unknowns.free[node as usize]);
    }
    add_cells(usize::MAX, &mut order);
    order
}

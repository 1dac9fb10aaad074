//! All node voltages of an array of linear cells: sparse Cholesky, ordered by geometric nested dissection.
//!
//! A region of cells is halved along its longer side; the nodes that separate the halves (word-line nodes for a vertical
//! cut, bit-line nodes for a horizontal one: one node per cell of the short side) are numbered after both halves. For
//! N ≈ M this gives O(NM·log NM) entries of the factor and O((NM)^(3/2)) operations (A. George, SIAM J. Numer. Anal.
//! 10, 1973). The matrix is symmetric positive definite for any conductances that are not negative.

use dyn_stack::{MemBuffer, MemStack};
use faer::perm::PermRef;
use faer::sparse::linalg::cholesky::{LltRef, SymbolicCholesky, SymmetricOrdering, factorize_symbolic_cholesky};
use faer::sparse::{SparseColMatRef, SymbolicSparseColMatRef};
use faer::{Conj, Mat, MatMut, MatRef, Par, Side};

use super::geometry::{Crossbar, Neighbours, Node, Region};
use crate::diagnostic::Diagnostic;
use crate::numerics::sparse::Pattern;

/// Regions of at most so many cells are not cut any more.
const SMALLEST_REGION: usize = 8;

/// In place of the slot of an entry that does not exist, because its node is no unknown.
const NO_SLOT: u32 = u32::MAX;

/// The analysis of an array, done once for its geometry and wires.
pub struct NestedDissection {
    array: Crossbar,
    /// None if no node voltage is unknown.
    symbolic: Option<SymbolicCholesky<u32>>,
    /// Lower triangle of the nodal matrix.
    pattern: Pattern,
    /// Its values without the cells.
    wires: Vec<f64>,
    /// Wires from ideal inputs: (unknown, row, conductance).
    feeds: Vec<(usize, usize, f64)>,
    /// Entries of each cell: both diagonal ones and the one between.
    cell_slots: Vec<[u32; 3]>,
}

/// An array whose cells have got conductances: factored and ready to solve.
pub struct LinearCells<'a> {
    analysis: &'a NestedDissection,
    conductances: Vec<f64>,
    factor: Vec<f64>,
}

/// Voltages on both sides of every cell, V, row by row.
#[derive(Debug, Clone, PartialEq)]
pub struct NodeVoltages {
    pub word: Vec<f64>,
    pub bit: Vec<f64>,
}

impl NestedDissection {
    /// # Errors
    /// What [`Crossbar::validate`] finds, or an array too large for its factor to be numbered.
    pub fn new(array: &Crossbar) -> Result<NestedDissection, Diagnostic> {
        array.validate()?;
        let n = array.unknowns();
        let wires = wires(array);
        let mut entries = Vec::with_capacity(3 * (array.cells() + wires.len()));
        entries.extend(wires.iter().flat_map(|&(a, b, _)| entries_of(a, b)));
        let cells = (0..array.cells()).map(|cell| ends(array, cell));
        entries.extend(cells.flat_map(|(a, b)| entries_of(a, b)));
        let present: Vec<(u32, u32)> = entries.iter().flatten().copied().collect();
        let (pattern, slots) = Pattern::from_entries(n, &present);
        let mut next = slots.into_iter();
        let slots: Vec<u32> = entries.iter().map(|entry| entry.and_then(|_| next.next()).unwrap_or(NO_SLOT)).collect();
        let slots: Vec<[u32; 3]> = slots.chunks_exact(3).map(|entry| [entry[0], entry[1], entry[2]]).collect();
        let (wire_slots, cell_slots) = slots.split_at(wires.len());
        let mut values = vec![0.0; pattern.nnz()];
        wires.iter().zip(wire_slots).for_each(|(wire, slots)| stamp(&mut values, slots, wire.2));
        let feeds = wires.iter().filter_map(|&(a, b, conductance)| match (a, b) {
            (Node::Input(row), Node::Free(unknown)) | (Node::Free(unknown), Node::Input(row)) => {
                Some((unknown, row, conductance))
            }
            _ => None,
        });
        let symbolic = if n == 0 { None } else { Some(analyze(&pattern, &elimination_order(array))?) };
        Ok(NestedDissection {
            array: *array,
            symbolic,
            feeds: feeds.collect(),
            cell_slots: cell_slots.to_vec(),
            pattern,
            wires: values,
        })
    }

    /// Factors the array with these conductances, S, row by row.
    ///
    /// # Errors
    /// What [`Crossbar::validate_conductances`] finds; values so far apart that the elimination overflows.
    pub fn factor(&self, conductances: &[f64]) -> Result<LinearCells<'_>, Diagnostic> {
        self.array.validate_conductances(conductances)?;
        let mut values = self.wires.clone();
        self.cell_slots.iter().zip(conductances).for_each(|(slots, &value)| stamp(&mut values, slots, value));
        let mut factor = Vec::new();
        if let Some(symbolic) = &self.symbolic {
            factor.resize(symbolic.len_val(), 0.0);
            let scratch = symbolic.factorize_numeric_llt_scratch::<f64>(Par::Seq, Default::default());
            let mut memory = MemBuffer::new(scratch);
            let result = symbolic.factorize_numeric_llt(
                &mut factor,
                SparseColMatRef::new(lower_triangle(&self.pattern), &values),
                Side::Lower,
                Default::default(),
                Par::Seq,
                MemStack::new(&mut memory),
                Default::default(),
            );
            if result.is_err() || !factor.iter().sum::<f64>().is_finite() {
                return Err(Diagnostic::error("the conductances of this array span too wide a range to be factored")
                    .hint("set very small wire resistances to 0"));
            }
        }
        Ok(LinearCells { analysis: self, conductances: conductances.to_vec(), factor })
    }

    /// Numbers stored per factor.
    pub fn factor_length(&self) -> usize {
        self.symbolic.as_ref().map_or(0, SymbolicCholesky::len_val)
    }
}

impl LinearCells<'_> {
    /// Node voltages for input voltages, V.
    ///
    /// # Errors
    /// The wrong number of inputs, or one that is not finite.
    pub fn voltages(&self, inputs: &[f64]) -> Result<NodeVoltages, Diagnostic> {
        let mut solutions = self.batch_voltages(MatRef::from_column_major_slice(inputs, inputs.len(), 1))?;
        Ok(solutions.remove(0))
    }

    /// Node voltages for each column of input voltages; cheaper per input than one at a time.
    ///
    /// # Errors
    /// The wrong number of inputs, or one that is not finite.
    pub fn batch_voltages(&self, inputs: MatRef<'_, f64>) -> Result<Vec<NodeVoltages>, Diagnostic> {
        let array = &self.analysis.array;
        let mut x = Mat::<f64>::zeros(array.unknowns(), inputs.ncols());
        for k in 0..inputs.ncols() {
            let inputs: Vec<f64> = inputs.col(k).iter().copied().collect();
            array.validate_inputs(&inputs)?;
            self.add_sources(&inputs, x.col_as_slice_mut(k));
        }
        self.solve(x.as_mut());
        let solution = |k: usize| {
            let value = |node: Node| match node {
                Node::Input(row) => inputs[(row, k)],
                Node::Output(_) => 0.0,
                Node::Free(unknown) => x[(unknown, k)],
            };
            let (word, bit) =
                (0..array.cells()).map(|cell| ends(array, cell)).map(|(a, b)| (value(a), value(b))).unzip();
            NodeVoltages { word, bit }
        };
        Ok((0..inputs.ncols()).map(solution).collect())
    }

    /// Replaces currents into the unknown nodes, A, column by column, by the voltages that they cause, V.
    pub(super) fn solve(&self, currents: MatMut<'_, f64>) {
        if let Some(symbolic) = &self.analysis.symbolic {
            let mut memory = MemBuffer::new(symbolic.solve_in_place_scratch::<f64>(currents.ncols(), Par::Seq));
            let factor = LltRef::new(symbolic, &self.factor);
            factor.solve_in_place_with_conj(Conj::No, currents, Par::Seq, MemStack::new(&mut memory));
        }
    }

    /// Currents through the cells from word to bit lines, A.
    pub fn device_currents(&self, voltages: &NodeVoltages) -> Vec<f64> {
        let drops = voltages.word.iter().zip(&voltages.bit).map(|(word, bit)| word - bit);
        self.conductances.iter().zip(drops).map(|(conductance, drop)| conductance * drop).collect()
    }

    /// Adds the currents that ideal inputs drive into unknown nodes.
    fn add_sources(&self, inputs: &[f64], right: &mut [f64]) {
        for &(unknown, row, conductance) in &self.analysis.feeds {
            right[unknown] += conductance * inputs[row];
        }
        for (cell, conductance) in self.conductances.iter().enumerate() {
            if let (Node::Input(row), Node::Free(unknown)) = ends(&self.analysis.array, cell) {
                right[unknown] += conductance * inputs[row];
            }
        }
    }
}

/// The nodes on both sides of a cell.
fn ends(array: &Crossbar, cell: usize) -> (Node, Node) {
    let (row, column) = (cell / array.columns, cell % array.columns);
    (array.word_node(row, column), array.bit_node(row, column))
}

/// All wires that are not ideal: the nodes at their ends and their conductance, S.
pub fn wires(array: &Crossbar) -> Vec<(Node, Node, f64)> {
    let mut wires = Vec::with_capacity(2 * array.cells() + array.rows);
    let mut add = |a: Node, b: Node, resistance: f64| {
        if a != b {
            wires.push((a, b, 1.0 / resistance));
        }
    };
    for row in 0..array.rows {
        let mut before = Node::Input(row);
        for column in 0..array.columns {
            let node = array.word_node(row, column);
            add(before, node, array.left_resistance(column));
            before = node;
        }
        if let Some(resistance) = array.right_resistance() {
            add(before, Node::Input(row), resistance);
        }
    }
    for column in 0..array.columns {
        for row in 0..array.rows {
            let below = if row + 1 < array.rows { array.bit_node(row + 1, column) } else { Node::Output(column) };
            add(array.bit_node(row, column), below, array.lower_resistance(row));
        }
    }
    wires
}

/// Entries of a branch in the lower triangle: both diagonal ones and the one between.
fn entries_of(a: Node, b: Node) -> [Option<(u32, u32)>; 3] {
    let free = |node: Node| if let Node::Free(unknown) = node { Some(unknown as u32) } else { None };
    let (a, b) = (free(a), free(b));
    [a.map(|a| (a, a)), b.map(|b| (b, b)), a.zip(b).map(|(a, b)| (a.max(b), a.min(b)))]
}

fn stamp(values: &mut [f64], slots: &[u32; 3], conductance: f64) {
    for (&slot, value) in slots.iter().zip([conductance, conductance, -conductance]) {
        if slot != NO_SLOT {
            values[slot as usize] += value;
        }
    }
}

fn lower_triangle(pattern: &Pattern) -> SymbolicSparseColMatRef<'_, u32> {
    SymbolicSparseColMatRef::new_checked(pattern.n, pattern.n, &pattern.column_starts, None, &pattern.rows)
}

fn analyze(pattern: &Pattern, order: &[u32]) -> Result<SymbolicCholesky<u32>, Diagnostic> {
    let mut inverse = vec![0u32; order.len()];
    order.iter().enumerate().for_each(|(new, &old)| inverse[old as usize] = new as u32);
    let ordering = SymmetricOrdering::Custom(PermRef::new_checked(order, &inverse, order.len()));
    factorize_symbolic_cholesky(lower_triangle(pattern), Side::Lower, ordering, Default::default())
        .map_err(|_| Diagnostic::error("this array is too large: its factor does not fit into memory"))
}

/// The unknowns of the array, numbered as [`Node::Free`], in the order in which nested dissection eliminates them.
pub fn elimination_order(array: &Crossbar) -> Vec<u32> {
    let mut taken = vec![false; array.unknowns()];
    let mut order = Vec::with_capacity(taken.len());
    dissect(array, &Region::whole(array), &mut taken, &mut order);
    order
}

fn dissect(array: &Crossbar, region: &Region, taken: &mut [bool], order: &mut Vec<u32>) {
    let mut take = |node: Node, target: &mut Vec<u32>| {
        if let Node::Free(unknown) = node
            && !std::mem::replace(&mut taken[unknown], true)
        {
            target.push(unknown as u32);
        }
    };
    if region.cells() <= SMALLEST_REGION {
        for row in region.rows.clone() {
            for column in region.columns.clone() {
                take(array.word_node(row, column), order);
                take(array.bit_node(row, column), order);
            }
        }
        return;
    }
    let (first, second, neighbours) = region.halves();
    let mut separator = Vec::new();
    match neighbours {
        Neighbours::SideBySide => {
            region.rows.clone().for_each(|row| take(array.word_node(row, first.columns.end - 1), &mut separator));
        }
        Neighbours::Stacked => {
            region.columns.clone().for_each(|column| take(array.bit_node(second.rows.start, column), &mut separator));
        }
    }
    dissect(array, &first, taken, order);
    dissect(array, &second, taken, order);
    order.append(&mut separator);
}

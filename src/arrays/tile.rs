//! A rectangle of cells seen from its boundary: a dense symmetric matrix of port conductances.
//!
//! Eliminating inner nodes e from the nodal equations leaves S = A_kk − A_ke·A_ee⁻¹·A_ek on the kept ones k (G. Kron,
//! "Tensor Analysis of Networks", 1939), again a network of conductances: an M-matrix with row sums of 0. Its entries
//! off the diagonal are sums of terms of one sign, so nothing cancels.

use faer::linalg::cholesky::llt::factor::{cholesky_in_place, cholesky_in_place_scratch};
use faer::linalg::matmul::matmul;
use faer::linalg::triangular_solve::solve_lower_triangular_in_place;
use faer::prelude::{Reborrow, ReborrowMut};
use faer::{Accum, Mat, MatMut, Par, Spec};

use dyn_stack::{MemBuffer, MemStack};

use super::geometry::{Crossbar, Neighbours, Region};
use crate::diagnostic::Diagnostic;

/// Up to this many nodes a plain loop is faster than blocked kernels.
const SMALL: usize = 48;

/// Columns that one task treats. Fixed, so that results do not depend on the number of threads.
const TASK_COLUMNS: usize = 128;

/// Ports on the four sides of a tile, from left to right and from top to bottom.
///
/// A side with nothing beyond it is empty. With an ideal wire a port lies on two sides.
#[derive(Debug, Clone, Default)]
pub(super) struct Boundary {
    /// Per row: the last node of the tile to the left, or the ideal input.
    pub left: Vec<u32>,
    /// Per row: the word-line node of the last column, or the ideal input on the right.
    pub right: Vec<u32>,
    /// Per column: the bit-line node of the first row.
    pub top: Vec<u32>,
    /// Per column: the first node of the tile below, or the ideal sense.
    pub bottom: Vec<u32>,
}

impl Boundary {
    fn map(&self, position: &[u32]) -> Boundary {
        let side = |ports: &[u32]| ports.iter().map(|&port| position[port as usize]).collect();
        Boundary { left: side(&self.left), right: side(&self.right), top: side(&self.top), bottom: side(&self.bottom) }
    }

    fn ports(&self) -> impl Iterator<Item = u32> + '_ {
        [&self.left, &self.right, &self.top, &self.bottom].into_iter().flatten().copied()
    }
}

/// A tile reduced to its ports.
#[derive(Debug, Clone)]
pub(super) struct Tile {
    pub boundary: Boundary,
    pub ports: usize,
    /// Lower triangle of the port matrix, packed by columns, S.
    pub lower: Vec<f64>,
}

impl Tile {
    /// The cells of a small region, without any recursion.
    pub fn of_cells(array: &Crossbar, conductances: &[f64], region: &Region) -> Result<Tile, Diagnostic> {
        let mut wires = Wires::default();
        let mut boundary = Boundary::default();
        let mut word_nodes = Vec::with_capacity(region.cells());
        for _ in region.rows.clone() {
            let mut node = wires.node();
            boundary.left.push(node);
            for column in region.columns.clone() {
                node = wires.next(node, array.left_resistance(column));
                word_nodes.push(node);
            }
            if region.columns.end < array.columns {
                boundary.right.push(node);
            } else if let Some(resistance) = array.right_resistance() {
                boundary.right.push(wires.next(node, resistance));
            }
        }
        for (offset, column) in region.columns.clone().enumerate() {
            let mut node = wires.node();
            if region.rows.start > 0 {
                boundary.top.push(node);
            }
            for (k, row) in region.rows.clone().enumerate() {
                let word_node = word_nodes[k * region.columns.len() + offset];
                wires.branches.push((word_node, node, conductances[row * array.columns + column]));
                node = wires.next(node, array.lower_resistance(row));
            }
            boundary.bottom.push(node);
        }
        let mut frame = Frame::new(wires.nodes as usize, &boundary);
        for (a, b, conductance) in wires.branches {
            frame.add_branch(a, b, conductance);
        }
        frame.eliminate()
    }

    /// Two neighbours as one tile; the nodes they share become inner nodes and are eliminated.
    pub fn merge(first: &Tile, second: &Tile, neighbours: Neighbours) -> Result<Tile, Diagnostic> {
        let (a, b) = (&first.boundary, &second.boundary);
        let (ours, theirs) = match neighbours {
            Neighbours::SideBySide => (&a.right, &b.left),
            Neighbours::Stacked => (&a.bottom, &b.top),
        };
        // The second's ports are numbered after the first's, except those that are the first's.
        let mut numbers = vec![u32::MAX; second.ports];
        for (&our, &their) in ours.iter().zip(theirs) {
            numbers[their as usize] = our;
        }
        let mut nodes = first.ports as u32;
        for number in numbers.iter_mut().filter(|number| **number == u32::MAX) {
            *number = nodes;
            nodes += 1;
        }
        let b = b.map(&numbers);
        let joined = |a: &[u32], b: &[u32]| [a, b].concat();
        let boundary = match neighbours {
            Neighbours::SideBySide => Boundary {
                left: a.left.clone(),
                right: b.right,
                top: joined(&a.top, &b.top),
                bottom: joined(&a.bottom, &b.bottom),
            },
            Neighbours::Stacked => Boundary {
                left: joined(&a.left, &b.left),
                right: joined(&a.right, &b.right),
                top: a.top.clone(),
                bottom: b.bottom,
            },
        };
        let mut frame = Frame::new(nodes as usize, &boundary);
        let same: Vec<u32> = (0..first.ports as u32).collect();
        frame.add_tile(first, &same);
        frame.add_tile(second, &numbers);
        frame.eliminate()
    }

    /// Calls `entry(row, column, value)` for every entry of the lower triangle.
    pub fn for_each(&self, mut entry: impl FnMut(usize, usize, f64)) {
        let mut values = self.lower.iter();
        for column in 0..self.ports {
            for (row, &value) in (column..self.ports).zip(&mut values) {
                entry(row, column, value);
            }
        }
    }
}

/// Nodes and branches of a small tile while it is drawn.
#[derive(Default)]
struct Wires {
    nodes: u32,
    branches: Vec<(u32, u32, f64)>,
}

impl Wires {
    fn node(&mut self) -> u32 {
        self.nodes += 1;
        self.nodes - 1
    }

    /// The node at the other end of a wire: the same if it is ideal.
    fn next(&mut self, from: u32, resistance: f64) -> u32 {
        if resistance == 0.0 {
            return from;
        }
        let to = self.node();
        self.branches.push((from, to, 1.0 / resistance));
        to
    }
}

/// Nodal equations of a tile before elimination: kept nodes first. Only the lower triangle is used.
struct Frame {
    boundary: Boundary,
    kept: usize,
    /// Row and column of each node.
    position: Vec<u32>,
    matrix: Mat<f64>,
}

impl Frame {
    fn new(nodes: usize, boundary: &Boundary) -> Frame {
        let mut position = vec![u32::MAX; nodes];
        let mut next = 0;
        let ports = boundary.ports().count();
        let mut kept = 0;
        for (index, node) in boundary.ports().chain(0..nodes as u32).enumerate() {
            let place = &mut position[node as usize];
            if *place == u32::MAX {
                *place = next;
                next += 1;
            }
            if index < ports {
                kept = next as usize;
            }
        }
        Frame { boundary: boundary.map(&position), kept, position, matrix: Mat::zeros(nodes, nodes) }
    }

    fn add(&mut self, a: u32, b: u32, value: f64) {
        self.matrix[(a.max(b) as usize, a.min(b) as usize)] += value;
    }

    fn add_branch(&mut self, a: u32, b: u32, conductance: f64) {
        let (a, b) = (self.position[a as usize], self.position[b as usize]);
        self.add(a, a, conductance);
        self.add(b, b, conductance);
        self.add(a, b, -conductance);
    }

    /// Adds a tile whose ports have these numbers here.
    fn add_tile(&mut self, tile: &Tile, numbers: &[u32]) {
        let places: Vec<u32> = numbers.iter().map(|&node| self.position[node as usize]).collect();
        tile.for_each(|row, column, value| self.add(places[row], places[column], value));
    }

    fn eliminate(mut self) -> Result<Tile, Diagnostic> {
        let (kept, nodes) = (self.kept, self.matrix.nrows());
        let regular = if nodes <= SMALL {
            eliminate_singly(&mut self.matrix, kept)
        } else {
            kept == nodes || eliminate_block(self.matrix.as_mut(), kept)
        };
        let mut lower = Vec::with_capacity(kept * (kept + 1) / 2);
        for column in 0..kept {
            lower.extend_from_slice(&self.matrix.col_as_slice(column)[column..kept]);
        }
        // Sums of what is not finite are not finite.
        if !regular || !lower.iter().sum::<f64>().is_finite() {
            return Err(Diagnostic::error("the conductances of this array span too wide a range to be eliminated")
                .hint("set very small wire resistances to 0"));
        }
        Ok(Tile { boundary: self.boundary, ports: kept, lower })
    }
}

/// Eliminates the nodes from `kept` on, the last first; false if a pivot is not positive.
fn eliminate_singly(matrix: &mut Mat<f64>, kept: usize) -> bool {
    let mut row = [0.0; SMALL];
    for node in (kept..matrix.nrows()).rev() {
        let pivot = matrix[(node, node)];
        if !(pivot > 0.0 && pivot.is_finite()) {
            return false;
        }
        for (column, value) in row[..node].iter_mut().enumerate() {
            *value = matrix[(node, column)];
        }
        for column in 0..node {
            let factor = row[column] / pivot;
            if factor != 0.0 {
                let target = &mut matrix.col_as_slice_mut(column)[column..node];
                target.iter_mut().zip(&row[column..node]).for_each(|(target, value)| *target -= factor * value);
            }
        }
    }
    true
}

/// Eliminates the nodes from `kept` on together: A_ee = L·Lᵀ, X = L⁻¹·A_ek, S = A_kk − Xᵀ·X; false if A_ee is not
/// positive definite.
fn eliminate_block(matrix: MatMut<'_, f64>, kept: usize) -> bool {
    let (schur, _, mut rows, mut inner) = matrix.split_at_mut(kept, kept);
    let scratch = cholesky_in_place_scratch::<f64>(inner.nrows(), Par::Seq, Spec::default());
    let mut memory = MemBuffer::new(scratch);
    let stack = MemStack::new(&mut memory);
    if cholesky_in_place(inner.rb_mut(), Default::default(), Par::Seq, stack, Spec::default()).is_err() {
        return false;
    }
    let inner = inner.rb();
    by_columns(rows.rb_mut(), 0, &|_, columns| solve_lower_triangular_in_place(inner, columns, Par::Seq));
    let rows = rows.rb();
    by_columns(schur, 0, &|first, columns| {
        let (left, width) = (rows.get(.., first..).transpose(), columns.ncols());
        let lower = columns.get_mut(first.., ..);
        matmul(lower, Accum::Add, left, rows.get(.., first..first + width), -1.0, Par::Seq);
    });
    true
}

/// Calls `work(first column, columns)` for runs of columns, in parallel.
pub(super) fn by_columns<F>(matrix: MatMut<'_, f64>, first: usize, work: &F)
where
    F: Fn(usize, MatMut<'_, f64>) + Sync,
{
    if matrix.ncols() <= TASK_COLUMNS {
        return work(first, matrix);
    }
    let middle = matrix.ncols().div_ceil(TASK_COLUMNS) / 2 * TASK_COLUMNS;
    let (left, right) = matrix.split_at_col_mut(middle);
    rayon::join(|| by_columns(left, first, work), || by_columns(right, first + middle, work));
}

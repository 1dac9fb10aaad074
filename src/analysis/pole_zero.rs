//! `.pz`: the natural frequencies of a circuit between two ports.
//!
//! ```text
//! poles: det(G + s·C) = 0, with a voltage source at the input for `vol`, and nothing for `cur`
//! zeros: det [ G + s·C  b ; cᵀ  0 ] = 0, b a current into the input, c the reading of the output
//! ```
//! Where the circuit has a voltage source at the input already, that is the source, and its equation makes room for the output's.
//!
//! Eigenvalues of the pencil (−G, C), block by irreducible block, by the QZ algorithm, with time scaled so that both are of the same size; finite ones are
//! refined by inverse iteration, since rates may span many decades. Sources: Moler & Stewart, SIAM J. Numer. Anal. 10, 241 (1973);
//! ngspice-39 manual, section 15.3.6.

use faer::linalg::solvers::Solve as _;
use faer::{Mat, c64};

use super::Failure;
use super::adjoint::Linearised;
use super::output::{Output, Table};
use crate::circuit::analysis_card::PoleZero;
use crate::circuit::{Element, ElementId, GROUND, NodeId};
use crate::diagnostic::Diagnostic;
use crate::mna::System;
use crate::mna::vectors::VectorKind;
use crate::numerics::pencil::generalized_eigenvalues;
use crate::numerics::sparse::{Pattern, irreducible_blocks};

/// Unknowns beyond which a dense eigenvalue problem would take too long.
const SIZE_LIMIT: usize = 1500;

/// Runs the analysis and sends one table.
pub fn run(system: &mut System, card: &PoleZero, output: &mut dyn Output) -> Result<(), Failure> {
    let linearised = Linearised::new(system, output)?;
    if system.len() > SIZE_LIMIT {
        let message = format!("poles and zeros of {} unknowns are too many: at most {SIZE_LIMIT}", system.len());
        return Err(Diagnostic::error(message).into());
    }
    let port =
        |nodes: [NodeId; 2]| nodes.map(|node| if node == GROUND { None } else { Some(system.node_unknown(node)) });
    let (input, out) = (port(card.input), port(card.output));
    let mut found: Vec<(String, c64)> = Vec::new();
    let source = source_at(system, card.input);
    if card.poles {
        let mut pencil = Pencil::new(system, &linearised);
        if source.is_none() && !card.by_current {
            pencil.border(input, input);
        }
        found.extend(named("pole", pencil.roots()?));
    }
    if card.zeros {
        let mut pencil = Pencil::new(system, &linearised);
        match source {
            Some(branch) => pencil.replace(branch, out),
            None => pencil.border(input, out),
        }
        found.extend(named("zero", pencil.roots()?));
    }
    system.statistics.steps += 1;
    let columns = found.iter().map(|(name, _)| (name.clone(), VectorKind::Other)).collect();
    let row = found.iter().flat_map(|(_, root)| [root.re, root.im]).collect();
    output.table(
        &Table { name: "Pole-Zero Analysis".into(), axis: None, columns, rows: vec![row], complex: true },
        system,
    );
    Ok(())
}

/// The branch of a voltage source between the nodes of the input.
fn source_at(system: &System, [p, n]: [NodeId; 2]) -> Option<usize> {
    let elements = system.circuit.elements.iter().enumerate();
    let between = |element: &Element| {
        element.letter == b'v' && matches!(*element.nodes, [a, b] if [a, b] == [p, n] || [a, b] == [n, p])
    };
    let found = elements.filter(|(_, element)| between(element)).map(|(id, _)| ElementId(id as u32)).next()?;
    system.branch_unknown(found)
}

fn named(what: &str, roots: Vec<c64>) -> impl Iterator<Item = (String, c64)> {
    roots.into_iter().enumerate().map(move |(index, root)| (format!("{what}({})", index + 1), root))
}

type Port = [Option<usize>; 2];

/// G + s·C, perhaps with one more row and column.
struct Pencil {
    g: Mat<f64>,
    c: Mat<f64>,
}

impl Pencil {
    fn new(system: &System, linearised: &Linearised) -> Self {
        let n = system.len();
        let (mut g, mut c) = (Mat::<f64>::zeros(n, n), Mat::<f64>::zeros(n, n));
        let pattern = system.pattern();
        for column in 0..n {
            for slot in pattern.column(column) {
                let row = pattern.rows[slot] as usize;
                g[(row, column)] += linearised.conductance[slot];
                c[(row, column)] += linearised.capacitance[slot];
            }
        }
        Pencil { g, c }
    }

    /// A current into the first port is one more unknown, and that the second port has no voltage one more equation.
    fn border(&mut self, current: Port, voltage: Port) {
        let n = self.g.nrows();
        self.g.resize_with(n + 1, n + 1, |_, _| 0.0);
        self.c.resize_with(n + 1, n + 1, |_, _| 0.0);
        for (unknown, sign) in current.into_iter().zip([1.0, -1.0]) {
            if let Some(unknown) = unknown {
                self.g[(unknown, n)] += sign;
            }
        }
        self.read(n, voltage);
    }

    /// That the port has no voltage takes the place of equation `row`.
    fn replace(&mut self, row: usize, voltage: Port) {
        for column in 0..self.g.ncols() {
            self.g[(row, column)] = 0.0;
            self.c[(row, column)] = 0.0;
        }
        self.read(row, voltage);
    }

    fn read(&mut self, row: usize, voltage: Port) {
        for (unknown, sign) in voltage.into_iter().zip([1.0, -1.0]) {
            if let Some(unknown) = unknown {
                self.g[(row, unknown)] += sign;
            }
        }
    }

    /// The finite s at which G + s·C is singular, the largest first: those of its irreducible blocks. The poles of stages that only
    /// drive each other must not be mixed by the gains between them, which may be many decades larger.
    fn roots(&self) -> Result<Vec<c64>, Failure> {
        let n = self.g.nrows();
        let all = (0..n).flat_map(|column| (0..n).map(move |row| (row, column)));
        let is_entry = |&(row, column): &(usize, usize)| self.g[(row, column)] != 0.0 || self.c[(row, column)] != 0.0;
        let entries: Vec<(u32, u32)> = all.filter(is_entry).map(|(row, column)| (row as u32, column as u32)).collect();
        let (pattern, _) = Pattern::from_entries(n, &entries);
        let Ok(blocks) = irreducible_blocks(&pattern) else { return self.roots_together() };
        let mut roots = Vec::new();
        for (rows, columns) in blocks {
            let part = |matrix: &Mat<f64>| {
                Mat::from_fn(rows.len(), columns.len(), |i, j| matrix[(rows[i] as usize, columns[j] as usize)])
            };
            roots.extend(Pencil { g: part(&self.g), c: part(&self.c) }.roots_together()?);
        }
        roots.sort_by(|a, b| b.norm().total_cmp(&a.norm()).then(b.im.total_cmp(&a.im)));
        Ok(roots)
    }

    /// The same without a look at the structure.
    fn roots_together(&self) -> Result<Vec<c64>, Failure> {
        let Some(rate) = self.rate() else { return Ok(Vec::new()) };
        if self.g.nrows() == 1 {
            let root = -self.g[(0, 0)] / self.c[(0, 0)];
            // Written without the sign of a negative zero.
            return Ok(vec![c64::new(root + 0.0, 0.0)]);
        }
        let (rows, columns) = self.equilibrium(rate);
        let n = self.g.nrows();
        let scaled =
            |matrix: &Mat<f64>, factor: f64| Mat::from_fn(n, n, |i, j| factor * rows[i] * matrix[(i, j)] * columns[j]);
        let (minus_g, scaled) = (scaled(&self.g, -1.0), scaled(&self.c, rate));
        let failed = || Failure::from(Diagnostic::error("the eigenvalues of this circuit could not be computed"));
        let pairs = generalized_eigenvalues(&minus_g, &scaled).ok_or_else(failed)?;
        // An infinite eigenvalue shows as a quotient by what rounding has left of a zero.
        const FINITE: f64 = 1e-13;
        let largest = pairs.iter().map(|(_, beta)| beta.abs()).fold(0.0, f64::max);
        let mut roots = Vec::new();
        for (alpha, beta) in pairs {
            if beta.abs() <= FINITE * largest.max(alpha.norm()) {
                continue;
            }
            let root = c64::new(rate, 0.0) * alpha / c64::new(beta, 0.0);
            // Where inverse iteration goes elsewhere, what the QZ algorithm found is kept.
            roots.push(self.refined(root, rate).unwrap_or(root));
        }
        roots.sort_by(|a, b| b.norm().total_cmp(&a.norm()).then(b.im.total_cmp(&a.im)));
        Ok(roots)
    }

    /// A typical rate: the geometric mean of those of the columns. None without a dynamic element.
    fn rate(&self) -> Option<f64> {
        let n = self.g.nrows();
        let largest = |matrix: &Mat<f64>, j: usize| (0..n).map(|i| matrix[(i, j)].abs()).fold(0.0, f64::max);
        let logs = (0..n).filter_map(|j| match (largest(&self.g, j), largest(&self.c, j)) {
            (g, c) if g > 0.0 && c > 0.0 => Some((g / c).ln()),
            _ => None,
        });
        let (count, sum) = logs.fold((0usize, 0.0), |(count, sum), log| (count + 1, sum + log));
        let none = (0..n).all(|j| largest(&self.c, j) == 0.0);
        if none { None } else { Some((sum / count.max(1) as f64).exp()) }
    }

    /// Factors of rows and columns that make the entries of |G| + rate·|C| of the size 1 (Ruiz, RAL-TR-2001-034).
    fn equilibrium(&self, rate: f64) -> (Vec<f64>, Vec<f64>) {
        let n = self.g.nrows();
        let (mut rows, mut columns) = (vec![1.0f64; n], vec![1.0f64; n]);
        for _ in 0..8 {
            let entry =
                |i: usize, j: usize| (self.g[(i, j)].abs() + rate * self.c[(i, j)].abs()) * rows[i] * columns[j];
            let largest = |of: &dyn Fn(usize) -> f64| (0..n).map(of).fold(0.0, f64::max);
            let root = |value: f64| if value > 0.0 { 1.0 / value.sqrt() } else { 1.0 };
            let by_row: Vec<f64> = (0..n).map(|i| root(largest(&|j| entry(i, j)))).collect();
            let by_column: Vec<f64> = (0..n).map(|j| root(largest(&|i| entry(i, j)))).collect();
            rows.iter_mut().zip(by_row).for_each(|(row, factor)| *row *= factor);
            columns.iter_mut().zip(by_column).for_each(|(column, factor)| *column *= factor);
        }
        (rows, columns)
    }

    /// The eigenvalue near `root` by inverse iteration; None if it does not stay there.
    fn refined(&self, root: c64, rate: f64) -> Option<c64> {
        let n = self.g.nrows();
        let complex = |s: c64| Mat::from_fn(n, n, |i, j| c64::new(self.g[(i, j)], 0.0) + s * self.c[(i, j)]);
        let mut s = root;
        let mut vector = Mat::from_fn(n, 1, |i, _| c64::new(1.0 + 0.1 * (i % 7) as f64, 0.05 * (i % 3) as f64));
        for _ in 0..4 {
            // Just beside the root, so that the matrix has an inverse.
            let shift = s + c64::new(1e-9 * s.norm().max(1e-12 * rate), 0.0);
            let right = Mat::from_fn(n, 1, |i, _| {
                (0..n).fold(c64::new(0.0, 0.0), |sum, j| sum + vector[(j, 0)] * self.c[(i, j)])
            });
            let next = complex(shift).partial_piv_lu().solve(&right);
            // (G + shift·C)·next = C·v; with v an eigenvector next = v/(shift − s).
            let (mut numerator, mut denominator) = (c64::new(0.0, 0.0), 0.0);
            for i in 0..n {
                numerator += next[(i, 0)].conj() * vector[(i, 0)];
                denominator += next[(i, 0)].norm_sqr();
            }
            if !(denominator.is_finite() && denominator > 0.0) {
                return None;
            }
            s = shift - numerator / denominator;
            let length = denominator.sqrt();
            vector = Mat::from_fn(n, 1, |i, _| next[(i, 0)] / length);
        }
        let moved = (s - root).norm() / root.norm().max(1e-9 * rate);
        let s = if s.norm() < 1e-14 * rate { c64::new(0.0, 0.0) } else { s };
        let s = if s.im.abs() < 1e-9 * s.norm() { c64::new(s.re, 0.0) } else { s };
        (moved < 0.5).then_some(s)
    }
}

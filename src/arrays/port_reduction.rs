//! The array reduced to its inputs and outputs: hierarchical Kron reduction of linear cells.
//!
//! A region of cells is halved along its longer side until a few cells remain; then tiles are merged pair by pair, each
//! time eliminating the nodes on the line of contact by dense Cholesky ([`super::tile`]). At the root only the N ideal inputs
//! and the M ideal senses remain, with the port matrix S, and the currents into the senses are I = T·V with
//! T = −S[outputs, inputs]. That is exact, whatever the values of wires and cells, and takes some 50·(NM)^(3/2)
//! operations. The recursion is nested dissection (A. George, SIAM J. Numer. Anal. 10, 1973) in which the last
//! separator are the ports.
//!
//! The upper levels of the tree are kept, as far as [`KEPT_BYTES`] go: a changed cell then costs the small tile it lies
//! in and the merges on its way to the root.

use faer::linalg::matmul::matmul;
use faer::{Accum, Mat, MatRef, Par};

use super::geometry::{Cell, Crossbar, Region};
use super::tile::{Tile, by_columns};
use crate::diagnostic::Diagnostic;

/// Regions of at most so many cells are assembled at once.
const CELLS_AT_ONCE: usize = 12;

/// Regions of fewer cells are not worth a task of their own.
const CELLS_PER_TASK: usize = 1024;

/// Tiles that are kept for updates take about so many bytes.
const KEPT_BYTES: usize = 128 << 20;

/// Most inputs and outputs together: their dense port matrix then takes 1.6 GB.
const MOST_PORTS: usize = 20_000;

/// The exact transfer matrix of an array of linear cells.
pub struct PortReduction {
    array: Crossbar,
    conductances: Vec<f64>,
    root: Branch,
    transfer: Mat<f64>,
}

/// A kept tile of the tree.
struct Branch {
    region: Region,
    /// None while a cell inside has changed.
    tile: Option<Tile>,
    /// None on the lowest kept level.
    halves: Option<Box<(Branch, Branch)>>,
}

impl PortReduction {
    /// Reduces an array; `conductances` in S, row by row.
    ///
    /// The result is the same to the last bit for any number of threads.
    ///
    /// # Errors
    /// What [`Crossbar::validate`] and [`Crossbar::validate_conductances`] find; an array with more than 20,000 rows
    /// and columns together; values so far apart (as a wire of 1e-300 Ω) that the elimination overflows.
    pub fn new(array: &Crossbar, conductances: &[f64]) -> Result<PortReduction, Diagnostic> {
        array.validate()?;
        array.validate_conductances(conductances)?;
        if array.rows + array.columns > MOST_PORTS {
            let (rows, columns) = (array.rows, array.columns);
            return Err(Diagnostic::error(format!("{rows} × {columns} is too large an array for a dense port matrix"))
                .hint("divide it into smaller arrays"));
        }
        let root = Branch::plan(Region::whole(array), kept_levels(array));
        let conductances = conductances.to_vec();
        let mut reduction = PortReduction { array: *array, conductances, root, transfer: Mat::new() };
        reduction.refresh()?;
        Ok(reduction)
    }

    /// Gives some cells new conductances. The result is that of a new reduction, to the last bit.
    ///
    /// # Errors
    /// What [`Crossbar::validate_cell`] finds; then nothing has changed. An elimination that overflows; then the transfer
    /// matrix stays the old one until an update succeeds.
    pub fn update(&mut self, cells: &[Cell]) -> Result<(), Diagnostic> {
        cells.iter().try_for_each(|cell| self.array.validate_cell(cell))?;
        for cell in cells {
            self.conductances[cell.row * self.array.columns + cell.column] = cell.conductance;
            self.root.forget(cell);
        }
        self.refresh()
    }

    /// The array that was reduced.
    pub fn array(&self) -> &Crossbar {
        &self.array
    }

    /// Conductances of the cells, S, row by row.
    pub fn conductances(&self) -> &[f64] {
        &self.conductances
    }

    /// T in S, one row per output, one column per input: currents into the senses are T·V.
    pub fn transfer(&self) -> MatRef<'_, f64> {
        self.transfer.as_ref()
    }

    /// Symmetric conductance matrix of all ports, S: first the N ideal inputs, then the M ideal senses. Its product
    /// with the port voltages are the currents that flow into the array.
    pub fn port_matrix(&self) -> Mat<f64> {
        let ports = self.array.rows + self.array.columns;
        let mut matrix = Mat::zeros(ports, ports);
        self.for_each_port_entry(|row, column, value| {
            matrix[(row, column)] += value;
            if row != column {
                matrix[(column, row)] += value;
            }
        });
        matrix
    }

    /// Currents into the senses, A, for input voltages.
    ///
    /// # Errors
    /// The wrong number of inputs, or one that is not finite.
    pub fn currents(&self, inputs: &[f64]) -> Result<Vec<f64>, Diagnostic> {
        self.array.validate_inputs(inputs)?;
        let column = MatRef::from_column_major_slice(inputs, inputs.len(), 1);
        Ok(self.product(column).col_as_slice(0).to_vec())
    }

    /// Currents into the senses, A, one column for each column of input voltages.
    ///
    /// # Errors
    /// The wrong number of inputs.
    pub fn batch_currents(&self, inputs: MatRef<'_, f64>) -> Result<Mat<f64>, Diagnostic> {
        if inputs.nrows() != self.array.rows {
            let (given, rows) = (inputs.nrows(), self.array.rows);
            return Err(Diagnostic::error(format!("{given} inputs for an array of {rows} rows"))
                .hint("give one voltage per row, one column per set of inputs"));
        }
        Ok(self.product(inputs))
    }

    fn product(&self, inputs: MatRef<'_, f64>) -> Mat<f64> {
        let mut currents = Mat::zeros(self.array.columns, inputs.ncols());
        by_columns(currents.as_mut(), 0, &|first, target| {
            let inputs = inputs.get(.., first..first + target.ncols());
            matmul(target, Accum::Replace, self.transfer.as_ref(), inputs, 1.0, Par::Seq);
        });
        currents
    }

    fn refresh(&mut self) -> Result<(), Diagnostic> {
        self.root.refresh(&self.array, &self.conductances)?;
        let rows = self.array.rows;
        let mut transfer = Mat::zeros(self.array.columns, rows);
        self.for_each_port_entry(|row, column, value| {
            if row >= rows && column < rows {
                transfer[(row - rows, column)] -= value;
            }
        });
        self.transfer = transfer;
        Ok(())
    }

    /// Entries of the lower triangle of the port matrix; one place may come several times.
    fn for_each_port_entry(&self, mut entry: impl FnMut(usize, usize, f64)) {
        let Some(tile) = &self.root.tile else { return };
        let rows = self.array.rows;
        let mut terminals = vec![0; tile.ports];
        // Both ends of a word line are at the same input.
        for side in [&tile.boundary.left, &tile.boundary.right] {
            side.iter().enumerate().for_each(|(row, &port)| terminals[port as usize] = row);
        }
        tile.boundary.bottom.iter().enumerate().for_each(|(column, &port)| terminals[port as usize] = rows + column);
        tile.for_each(|row, column, value| {
            let (a, b) = (terminals[row], terminals[column]);
            entry(a.max(b), a.min(b), value);
            if a == b && row != column {
                entry(a, a, value);
            }
        });
    }
}

/// Levels of the tree below the root whose tiles are kept.
fn kept_levels(array: &Crossbar) -> usize {
    let (mut regions, mut bytes, mut level) = (vec![Region::whole(array)], 0, 0);
    loop {
        regions = regions
            .iter()
            .flat_map(|region| {
                let (a, b, _) = region.halves();
                [a, b]
            })
            .collect();
        let ports = |region: &Region| {
            let rows = region.rows.len() * (1 + usize::from(region.columns.end < array.columns));
            rows + region.columns.len() * (1 + usize::from(region.rows.start > 0))
        };
        bytes += regions.iter().map(|region| ports(region).pow(2) * size_of::<f64>() / 2).sum::<usize>();
        if bytes > KEPT_BYTES || regions.iter().any(|region| region.cells() < 2 * CELLS_AT_ONCE) {
            return level;
        }
        level += 1;
    }
}

impl Branch {
    fn plan(region: Region, levels: usize) -> Branch {
        let halves = (levels > 0).then(|| {
            let (first, second, _) = region.halves();
            Box::new((Branch::plan(first, levels - 1), Branch::plan(second, levels - 1)))
        });
        Branch { region, tile: None, halves }
    }

    /// Drops the tiles that contain a cell.
    fn forget(&mut self, cell: &Cell) {
        if self.region.contains(cell.row, cell.column) {
            self.tile = None;
            if let Some(halves) = &mut self.halves {
                halves.0.forget(cell);
                halves.1.forget(cell);
            }
        }
    }

    /// The tile of this branch, computed anew where it was dropped.
    fn refresh(&mut self, array: &Crossbar, conductances: &[f64]) -> Result<&Tile, Diagnostic> {
        let tile = match (self.tile.take(), &mut self.halves) {
            (Some(tile), _) => tile,
            (None, None) => reduce(array, conductances, &self.region)?,
            (None, Some(halves)) => {
                let (first, second) = &mut **halves;
                let (_, _, neighbours) = self.region.halves();
                let (first, second) =
                    rayon::join(|| first.refresh(array, conductances), || second.refresh(array, conductances));
                Tile::merge(first?, second?, neighbours)?
            }
        };
        Ok(self.tile.insert(tile))
    }
}

/// The tile of a region, with nothing kept on the way.
fn reduce(array: &Crossbar, conductances: &[f64], region: &Region) -> Result<Tile, Diagnostic> {
    if region.cells() <= CELLS_AT_ONCE {
        return Tile::of_cells(array, conductances, region);
    }
    let (first, second, neighbours) = region.halves();
    let first = || reduce(array, conductances, &first);
    let second = || reduce(array, conductances, &second);
    let (first, second) =
        if region.cells() < CELLS_PER_TASK { (first(), second()) } else { rayon::join(first, second) };
    Tile::merge(&first?, &second?, neighbours)
}

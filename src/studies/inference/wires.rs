//! The arrays of a layer: how it is divided into tiles, and the exact transfer matrix with wire resistance.

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use faer::{Mat, MatRef};
use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::study::{Array, Readout, Tile};
use crate::arrays::{Crossbar, Driving, PortReduction};
use crate::diagnostic::Diagnostic;

/// Transfer matrices that are remembered; one of a layer of 784×512 takes 6 MB.
const REMEMBERED: usize = 8;

/// Wires of the arrays that hold a layer of `rows` inputs and `columns` bit lines.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wiring {
    pub rows: usize,
    pub columns: usize,
    /// Largest array: rows and columns.
    pub tile: [usize; 2],
    /// An array of this wiring; its size is that of the layer.
    array: Crossbar,
}

/// A rectangle of a layer that is an array of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    pub rows: Range<usize>,
    pub columns: Range<usize>,
}

/// How currents follow from voltages.
#[derive(Debug, Clone)]
pub struct Transfer {
    /// Currents of bit lines from voltages of word lines, S: a row for each bit line.
    pub currents: Mat<f64>,
    /// Conductance matrices of the inputs, S, for the inputs of each row of tiles: their quadratic form is the power.
    pub inputs: Vec<(Range<usize>, Mat<f64>)>,
}

impl Wiring {
    /// The wiring of a layer.
    pub fn new(array: &Array, readout: &Readout, rows: usize, columns: usize) -> Wiring {
        let tile = match array.tile {
            Tile::Word(_) => [rows, columns],
            Tile::Size([most_rows, most_columns]) => [most_rows.min(rows), most_columns.min(columns)],
        };
        let array = Crossbar {
            rows,
            columns,
            word_segment: array.word_segment,
            bit_segment: array.bit_segment,
            driver: array.driver,
            sense: readout.sense,
            driving: if array.both_ends { Driving::BothEnds } else { Driving::LeftEnd },
        };
        Wiring { rows, columns, tile, array }
    }

    /// Whether no wire, driver or sense amplifier has resistance.
    pub fn is_ideal(&self) -> bool {
        let array = &self.array;
        array.word_segment + array.bit_segment + array.driver + array.sense == 0.0
    }

    /// The same arrays with ideal wires, drivers and sense amplifiers.
    pub fn without_resistance(&self) -> Wiring {
        let array = Crossbar { driving: self.array.driving, ..Crossbar::ideal(self.rows, self.columns) };
        Wiring { array, ..*self }
    }

    /// The arrays, row of tiles after row of tiles.
    pub fn parts(&self) -> Vec<Part> {
        let cuts = |whole: usize, most: usize| (0..whole).step_by(most).map(move |at| at..(at + most).min(whole));
        let row = |rows: Range<usize>| {
            cuts(self.columns, self.tile[1]).map(move |columns| Part { rows: rows.clone(), columns })
        };
        cuts(self.rows, self.tile[0]).flat_map(row).collect()
    }

    /// The array of a part.
    pub fn crossbar(&self, part: &Part) -> Crossbar {
        Crossbar { rows: part.rows.len(), columns: part.columns.len(), ..self.array }
    }

    /// The layer's cells in a part, by rows.
    pub fn cells_of(&self, part: &Part, values: &[f64]) -> Vec<f64> {
        let rows = part.rows.clone().map(|row| &values[row * self.columns..][part.columns.clone()]);
        rows.flatten().copied().collect()
    }

    /// The transfer matrix of the layer with these conductances, S, by rows: tiles on the same inputs see the same voltages,
    /// and currents of tiles on the same outputs are summed.
    ///
    /// # Errors
    /// What the array solver says.
    pub fn transfer(&self, conductances: &[f64]) -> Result<Transfer, Diagnostic> {
        let solve = |part: Part| {
            let reduction = PortReduction::new(&self.crossbar(&part), &self.cells_of(&part, conductances))?;
            let inputs = reduction.port_matrix().submatrix(0, 0, part.rows.len(), part.rows.len()).to_owned();
            Ok((part, reduction.transfer().to_owned(), inputs))
        };
        let solved = self.parts().into_par_iter().map(solve).collect::<Vec<Result<_, Diagnostic>>>();
        let mut transfer = Transfer { currents: Mat::zeros(self.columns, self.rows), inputs: Vec::new() };
        for solved in solved {
            let (part, currents, inputs) = solved?;
            let (first_row, first_column) = (part.rows.start, part.columns.start);
            let (columns, rows) = (part.columns.len(), part.rows.len());
            transfer.currents.submatrix_mut(first_column, first_row, columns, rows).copy_from(currents);
            match transfer.inputs.last_mut() {
                Some((rows, sum)) if *rows == part.rows => *sum += inputs,
                _ => transfer.inputs.push((part.rows, inputs)),
            }
        }
        Ok(transfer)
    }
}

impl Transfer {
    /// Differences of pairs of bit lines, S: a row for each pair.
    pub fn differences(&self) -> Mat<f64> {
        differences_of_pairs(self.currents.as_ref())
    }

    /// Power that the inputs deliver at these voltages, W.
    pub fn power(&self, voltages: &[f64]) -> f64 {
        let of_tiles = |(rows, matrix): &(Range<usize>, Mat<f64>)| {
            let voltages = &voltages[rows.clone()];
            let row = |(i, voltage): (usize, &f64)| {
                voltage * matrix.col_as_slice(i).iter().zip(voltages).map(|(g, v)| g * v).sum::<f64>()
            };
            voltages.iter().enumerate().map(row).sum::<f64>()
        };
        self.inputs.iter().map(of_tiles).sum()
    }
}

/// Row 2·j less row 2·j + 1.
pub fn differences_of_pairs(lines: MatRef<'_, f64>) -> Mat<f64> {
    Mat::from_fn(lines.nrows() / 2, lines.ncols(), |pair, column| {
        lines[(2 * pair, column)] - lines[(2 * pair + 1, column)]
    })
}

/// Transfer matrices by wiring and conductances: variants often share them.
#[derive(Default)]
pub struct Transfers {
    known: Mutex<VecDeque<([u8; 32], Arc<Transfer>)>>,
}

impl Transfers {
    /// As [`Wiring::transfer`].
    ///
    /// # Errors
    /// As for [`Wiring::transfer`].
    pub fn get(&self, wiring: &Wiring, conductances: &[f64]) -> Result<Arc<Transfer>, Diagnostic> {
        let key = key(wiring, conductances);
        // What another thread left behind when it panicked still is whole.
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, transfer)) = known().iter().find(|(other, _)| *other == key) {
            return Ok(transfer.clone());
        }
        let transfer = Arc::new(wiring.transfer(conductances)?);
        let mut known = known();
        if known.len() >= REMEMBERED {
            known.pop_front();
        }
        known.push_back((key, transfer.clone()));
        Ok(transfer)
    }
}

fn key(wiring: &Wiring, conductances: &[f64]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(format!("{wiring:?}"));
    conductances.iter().for_each(|g| hash.update(g.to_le_bytes()));
    hash.finalize().into()
}

//! The lines of an array with any cells: Gauss–Seidel by whole lines, with Newton's method inside.
//!
//! One sweep linearises every cell, solves all word lines, each a chain of its own, and then all bit lines at the new word
//! voltages. Voltages w of word lines and e of bit lines are relative to the lines' sources, so that a cell's drop is
//! V(i) − B(j) + w − e. A chain of segments R is a ladder: with t the conductance seen back from a cell, m = 1/(1 + R·t),
//!
//! ```text
//! t(j) = g(j) + m(j−1)·t(j−1),   y(j) = right(j) + m(j−1)·y(j−1),   x(j) = m(j)·(x(j+1) + R·y(j))
//! ```
//!
//! exact for R = 0 too. Lines of one kind do not depend on each other: eight run side by side, and blocks of eight in
//! parallel, with the same result for any number of threads. The error falls by about 1 + λ/G per sweep, with λ the
//! smallest eigenvalue of a line's wires and G a cell's conductance: few sweeps where the IR drop is moderate. Where it is not,
//! sweeps turn out slow, and a `correction` of the smooth common voltages follows each.

use rayon::prelude::*;

use super::super::geometry::Crossbar;
use super::super::lanes::vectorise;
use super::super::line::Line;
use super::correction::{Correction, Lines};
use super::waveform::LineVoltages;

/// Lines side by side.
pub(super) const LANES: usize = 8;

/// Sweeps after which a time step is given up.
const MOST_SWEEPS: usize = 400;

/// Where a sweep leaves more than this part of the mismatch, smooth errors are corrected too.
const SLOW: f64 = 0.3;

/// Arrays of fewer cells are swept by one thread.
const PARALLEL_FROM: usize = 4096;

/// A current that is nothing at all, A.
const NO_CURRENT: f64 = 1e-18;

/// What the cells do at given voltages.
pub(super) trait Branches {
    /// Writes the current (A) and its derivative (S) of each cell at its drop (V). Rows are `stride` apart; what is behind the
    /// last column stays as it is. False if a cell's own equations have no solution there.
    fn evaluate(&mut self, drops: &[f64], currents: &mut [f64], conductances: &mut [f64]) -> bool;
}

/// The lines of an array and what flows in them.
#[derive(Debug, Clone)]
pub(super) struct Network {
    array: Crossbar,
    word_line: Line,
    bit_line: Line,
    /// From one row to the next: the number of columns rounded up to whole lanes.
    pub stride: usize,
    pub drive: LineVoltages,
    /// Word-line voltages relative to their sources, by rows.
    pub word: Vec<f64>,
    /// Bit-line voltages relative to their sources: blocks of eight columns, in them by rows.
    pub bit: Vec<f64>,
    /// Across the cells, V, by rows.
    pub drops: Vec<f64>,
    /// Through the cells, A, by rows.
    pub currents: Vec<f64>,
    conductances: Vec<f64>,
    /// The currents that the lines' voltages belong to; like `word` and `bit`.
    word_currents: Vec<f64>,
    bit_currents: Vec<f64>,
    /// Made when it is first needed.
    correction: Option<Box<Correction>>,
    parallel: bool,
}

/// Why there is no solution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoSolution {
    Cells,
    Lines,
}

impl Network {
    pub fn new(array: &Crossbar) -> Network {
        let stride = array.columns.next_multiple_of(LANES);
        let zeros = || vec![0.0; array.rows * stride];
        Network {
            array: *array,
            word_line: Line::word(array),
            bit_line: Line::bit(array),
            stride,
            drive: LineVoltages::rest(array),
            word: zeros(),
            bit: zeros(),
            drops: zeros(),
            currents: zeros(),
            conductances: zeros(),
            word_currents: zeros(),
            bit_currents: zeros(),
            correction: None,
            parallel: array.cells() >= PARALLEL_FROM,
        }
    }

    /// Where the bit line of cell (row, column) has its voltage in `bit`.
    pub fn bit_place(&self, row: usize, column: usize) -> usize {
        (column / LANES * self.array.rows + row) * LANES + column % LANES
    }

    /// Finds voltages so that Kirchhoff's current law holds at every node to `tolerance` times the largest current of a
    /// cell, from those that are there. Returns the number of sweeps.
    pub fn solve(&mut self, branches: &mut impl Branches, tolerance: f64) -> Result<usize, NoSolution> {
        let ideal = self.word_line.fixed && self.bit_line.fixed;
        let (mut before, mut slow) = (f64::INFINITY, false);
        for sweep in 0..MOST_SWEEPS {
            self.find_drops();
            if !branches.evaluate(&self.drops, &mut self.currents, &mut self.conductances) {
                return Err(NoSolution::Cells);
            }
            let (mismatch, largest) = self.judge();
            if ideal || (sweep > 0 && mismatch <= tolerance * largest + NO_CURRENT) {
                return Ok(sweep);
            }
            if !mismatch.is_finite() {
                return Err(NoSolution::Lines);
            }
            self.solve_words();
            self.solve_bits();
            slow |= mismatch > SLOW * before;
            before = mismatch;
            if slow {
                self.correct();
            }
        }
        Err(NoSolution::Lines)
    }

    /// Adds the common voltages that relaxation is slow to find.
    fn correct(&mut self) {
        let mut correction = self.correction.take().unwrap_or_else(|| {
            let mean = self.conductances.iter().sum::<f64>() / self.array.cells() as f64;
            Box::new(Correction::new([&self.word_line, &self.bit_line], self.stride, mean, self.parallel))
        });
        let (word, word_currents) = (&mut self.word[..], &mut self.word_currents[..]);
        correction.apply(Lines { word, word_currents, bit: &mut self.bit, bit_currents: &mut self.bit_currents });
        self.correction = Some(correction);
    }

    /// Power of all sources, W.
    pub fn power(&self) -> f64 {
        let rows = self.currents.chunks(self.stride).zip(&self.drive.word);
        rows.map(|(row, word)| {
            row.iter().zip(&self.drive.bit).map(|(current, bit)| current * (word - bit)).sum::<f64>()
        })
        .sum()
    }

    fn find_drops(&mut self) {
        let (rows, columns, stride) = (self.array.rows, self.array.columns, self.stride);
        let (word, bit, drive) = (&self.word, &self.bit, &self.drive);
        let find = |(row, drops): (usize, &mut [f64])| {
            let source = drive.word[row];
            let lines = word[row * stride..].chunks(LANES).zip(drive.bit.chunks(LANES));
            for (block, (drops, (word, sinks))) in drops[..columns].chunks_mut(LANES).zip(lines).enumerate() {
                let bit = &bit[(block * rows + row) * LANES..];
                for (((drop, word), sink), bit) in drops.iter_mut().zip(word).zip(sinks).zip(bit) {
                    *drop = source - sink + word - bit;
                }
            }
        };
        for_each(self.parallel, self.drops.par_chunks_mut(stride).enumerate(), find);
    }

    /// Largest difference between a cell's current and what the lines' voltages take it for, and the largest current, A.
    fn judge(&self) -> (f64, f64) {
        let rows = self.array.rows;
        // Cells of an ideal line share one node, where their differences add up.
        let weight = |line: &Line| match (line.fixed, line.is_resistive()) {
            (true, _) => 0.0,
            (_, true) => 1.0,
            _ => line.length as f64,
        };
        let weights = (weight(&self.word_line), weight(&self.bit_line));
        let of_row = |row: usize| {
            let (word, bit, largest) = vectorise(
                #[inline(always)]
                || self.judge_row(row),
            );
            (larger(word * weights.0, bit * weights.1), largest)
        };
        let both = |a: (f64, f64), b: (f64, f64)| (larger(a.0, b.0), larger(a.1, b.1));
        if self.parallel {
            let rows = (0..rows).into_par_iter().with_min_len(rows / 2);
            rows.map(of_row).reduce(|| (0.0, 0.0), both)
        } else {
            (0..rows).map(of_row).fold((0.0, 0.0), both)
        }
    }

    /// Largest differences of a row's cells to what its word line and its bit lines take them for, and the largest current.
    #[inline(always)]
    fn judge_row(&self, row: usize) -> (f64, f64, f64) {
        let (rows, stride) = (self.array.rows, self.stride);
        let (mut word, mut bit, mut largest) = ([0.0; LANES], [0.0; LANES], [0.0; LANES]);
        // Nothing flows behind the last column.
        let range = row * stride..(row + 1) * stride;
        let cells = self.currents[range.clone()].chunks_exact(LANES).zip(self.word_currents[range].chunks_exact(LANES));
        for (block, (current, by_word)) in cells.enumerate() {
            let by_bit = &self.bit_currents[(block * rows + row) * LANES..][..LANES];
            for l in 0..LANES {
                word[l] = larger(word[l], current[l] - by_word[l]);
                bit[l] = larger(bit[l], current[l] - by_bit[l]);
                largest[l] = larger(largest[l], current[l]);
            }
        }
        let [word, bit, largest] = [word, bit, largest].map(|lanes| lanes.into_iter().fold(0.0, larger));
        (word, bit, largest)
    }

    fn solve_words(&mut self) {
        let (line, columns, stride) = (self.word_line, self.array.columns, self.stride);
        if line.fixed {
            self.word_currents.copy_from_slice(&self.currents);
            return;
        }
        let block = LANES * stride;
        let blocks = self.word.par_chunks_mut(block).zip(self.word_currents.par_chunks_mut(block));
        let cells = self.currents.par_chunks(block).zip(self.conductances.par_chunks(block));
        let solve = |((word, taken), (current, conductance)): Blocks| {
            if word.len() == block {
                vectorise(
                    #[inline(always)]
                    || solve_rows::<LANES>(&line, columns, stride, word, taken, current, conductance),
                );
                return;
            }
            let rows = word.chunks_mut(stride).zip(taken.chunks_mut(stride));
            for ((word, taken), (current, conductance)) in
                rows.zip(current.chunks(stride).zip(conductance.chunks(stride)))
            {
                solve_rows::<1>(&line, columns, stride, word, taken, current, conductance);
            }
        };
        for_each(self.parallel, blocks.zip(cells), solve);
    }

    fn solve_bits(&mut self) {
        let (line, rows, stride) = (self.bit_line, self.array.rows, self.stride);
        let block = LANES * rows;
        let (currents, conductances) = (&self.word_currents, &self.conductances);
        let blocks = self.bit.par_chunks_mut(block).zip(self.bit_currents.par_chunks_mut(block)).enumerate();
        let solve = |(number, (bit, taken)): (usize, (&mut [f64], &mut [f64]))| {
            vectorise(
                #[inline(always)]
                || solve_columns(&line, stride, number * LANES, bit, taken, (currents, conductances)),
            );
        };
        for_each(self.parallel, blocks, solve);
    }
}

type Blocks<'a> = ((&'a mut [f64], &'a mut [f64]), (&'a [f64], &'a [f64]));

#[inline(always)]
fn larger(a: f64, b: f64) -> f64 {
    let b = b.abs();
    if b <= a || a.is_nan() { a } else { b }
}

pub(super) fn for_each<I: IndexedParallelIterator>(parallel: bool, items: I, work: impl Fn(I::Item) + Sync + Send) {
    // Blocks are alike, so two halves are enough; one block is one thread's.
    let half = if parallel { items.len().div_ceil(2) } else { items.len() };
    items.with_min_len(half.max(1)).for_each(work);
}

/// Solves `L` word lines, and writes what their voltages take the cells' currents for.
#[inline(always)]
fn solve_rows<const L: usize>(
    line: &Line,
    columns: usize,
    stride: usize,
    word: &mut [f64],
    taken: &mut [f64],
    current: &[f64],
    conductance: &[f64],
) {
    let mut kept = vec![([0.0; L], [0.0; L]); columns];
    let (mut load, mut flow, mut behind) = ([line.start; L], [0.0; L], [0.0; L]);
    for (j, (transmission, right)) in kept.iter_mut().enumerate() {
        for l in 0..L {
            let p = l * stride + j;
            let seen = conductance[p] + load[l];
            right[l] = conductance[p] * word[p] - current[p] + flow[l];
            transmission[l] = 1.0 / (1.0 + line.segment * seen);
            load[l] = transmission[l] * seen;
            flow[l] = transmission[l] * right[l];
            behind[l] = seen;
        }
    }
    let mut next = [0.0; L];
    for (j, (transmission, right)) in kept.iter().enumerate().rev() {
        for l in 0..L {
            let p = l * stride + j;
            let voltage = if j + 1 == columns {
                right[l] / (behind[l] + line.end)
            } else {
                transmission[l] * (next[l] + line.segment * right[l])
            };
            taken[p] = current[p] + conductance[p] * (voltage - word[p]);
            word[p] = voltage;
            next[l] = voltage;
        }
    }
}

/// Solves eight bit lines from column `first` on; `cells` are currents at the old bit-line voltages, and conductances.
#[inline(always)]
fn solve_columns(
    line: &Line,
    stride: usize,
    first: usize,
    bit: &mut [f64],
    taken: &mut [f64],
    cells: (&[f64], &[f64]),
) {
    let rows = line.length;
    let lanes = |values: &[f64], row: usize| -> [f64; LANES] {
        let mut result = [0.0; LANES];
        result.copy_from_slice(&values[row * stride + first..][..LANES]);
        result
    };
    if line.fixed {
        for (row, taken) in taken.chunks_mut(LANES).enumerate() {
            taken.copy_from_slice(&lanes(cells.0, row));
        }
        return;
    }
    let mut kept = vec![([0.0; LANES], [0.0; LANES]); rows];
    let (mut load, mut flow, mut behind) = ([line.start; LANES], [0.0; LANES], [0.0; LANES]);
    for (row, (transmission, right)) in kept.iter_mut().enumerate() {
        let (current, conductance) = (lanes(cells.0, row), lanes(cells.1, row));
        let old = &bit[row * LANES..][..LANES];
        for l in 0..LANES {
            let seen = conductance[l] + load[l];
            right[l] = conductance[l] * old[l] + current[l] + flow[l];
            transmission[l] = 1.0 / (1.0 + line.segment * seen);
            load[l] = transmission[l] * seen;
            flow[l] = transmission[l] * right[l];
            behind[l] = seen;
        }
    }
    let mut next = [0.0; LANES];
    for (row, (transmission, right)) in kept.iter().enumerate().rev() {
        let (current, conductance) = (lanes(cells.0, row), lanes(cells.1, row));
        let (old, taken) = (&mut bit[row * LANES..][..LANES], &mut taken[row * LANES..][..LANES]);
        for l in 0..LANES {
            let voltage = if row + 1 == rows {
                right[l] / (behind[l] + line.end)
            } else {
                transmission[l] * (next[l] + line.segment * right[l])
            };
            taken[l] = current[l] - conductance[l] * (voltage - old[l]);
            old[l] = voltage;
            next[l] = voltage;
        }
    }
}

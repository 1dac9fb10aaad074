//! A first guess for wide arrays: the same array with some columns merged into one.
//!
//! Along a word line voltages are smooth, so that columns side by side may share one node, while inputs of neighbouring
//! rows may differ without limit. A few rounds on the narrow array cost little and save several on the whole one.

use super::cells::CellLaw;
use super::lanes::{Lanes, Work, map, vectorised};
use super::line::Line;
use super::line_relaxation::LineRelaxation;
use super::rounds::Limits;

/// Columns that become one.
const MERGED: usize = 16;

/// Arrays of fewer columns or cells are solved as they are.
const FEWEST_COLUMNS: usize = 8 * MERGED;
const FEWEST_CELLS: usize = 1 << 14;

/// What is enough for a guess, in fractions of the largest current through a cell.
const TOLERANCE: f64 = 2e-3;
const MOST_ROUNDS: usize = 12;

/// Cells of several columns in parallel, of which two stand for all.
struct MergedCells<'c, C> {
    cells: &'c C,
    columns: usize,
    merged_columns: usize,
}

impl<C: CellLaw> CellLaw for MergedCells<'_, C> {
    #[inline(always)]
    fn branch<const L: usize>(&self, cell: usize, drops: &[f64; L]) -> ([f64; L], [f64; L]) {
        let (row, merged) = (cell / self.merged_columns, cell % self.merged_columns);
        let first = merged * MERGED;
        let count = MERGED.min(self.columns - first);
        let cell = row * self.columns + first;
        let (a, b) = (self.cells.branch(cell + count / 4, drops), self.cells.branch(cell + 3 * count / 4, drops));
        let weight = 0.5 * count as f64;
        (map(|l| weight * (a.0[l] + b.0[l])), map(|l| weight * (a.1[l] + b.1[l])))
    }
}

impl<C: CellLaw, const L: usize> LineRelaxation<'_, C, L> {
    /// Replaces the voltages, which are those of the sources, by a better guess, if that pays.
    pub fn guess(&mut self) {
        let (rows, columns) = (self.bit_line.length, self.columns);
        let same = self.bit_drive.iter().all(|voltages| *voltages == self.bit_drive[0]);
        if columns < FEWEST_COLUMNS || rows * columns < FEWEST_CELLS || !same {
            return;
        }
        let merged_columns = columns.div_ceil(MERGED);
        let cells = MergedCells { cells: self.law, columns, merged_columns };
        let mut narrow = LineRelaxation::<_, L>::with_lines(merged(&self.word_line), parallel(&self.bit_line), &cells);
        narrow.word_drive.copy_from_slice(&self.word_drive);
        narrow.bit_drive.fill(self.bit_drive[0]);
        narrow.relax(&Limits { relative: TOLERANCE, absolute: 0.0, most_rounds: MOST_ROUNDS });
        if narrow.word.iter().chain(&narrow.bit).flatten().all(|voltage| voltage.is_finite()) {
            vectorised(Widen { from: [&narrow.word, &narrow.bit], to: [&mut self.word, &mut self.bit], columns });
        }
    }
}

/// A word line with nodes in the middles of merged columns.
fn merged(line: &Line) -> Line {
    let way = 0.5 * (MERGED - 1) as f64 * line.segment;
    let longer = |conductance: f64| if conductance > 0.0 { 1.0 / (1.0 / conductance + way) } else { 0.0 };
    Line {
        length: line.length.div_ceil(MERGED),
        segment: MERGED as f64 * line.segment,
        start: longer(line.start),
        end: longer(line.end),
        fixed: line.fixed,
    }
}

/// Bit lines in parallel.
fn parallel(line: &Line) -> Line {
    let factor = MERGED as f64;
    Line { segment: line.segment / factor, start: factor * line.start, end: factor * line.end, ..*line }
}

/// Interpolates between merged columns.
struct Widen<'w, const L: usize> {
    from: [&'w [Lanes<L>]; 2],
    to: [&'w mut [Lanes<L>]; 2],
    columns: usize,
}

impl<const L: usize> Work for Widen<'_, L> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let merged_columns = self.columns.div_ceil(MERGED);
        for (from, to) in self.from.into_iter().zip(self.to) {
            for (from, to) in from.chunks_exact(merged_columns).zip(to.chunks_exact_mut(self.columns)) {
                for (column, voltage) in to.iter_mut().enumerate() {
                    let place = (column as f64 - 0.5 * (MERGED - 1) as f64) / MERGED as f64;
                    let left = (place.max(0.0) as usize).min(merged_columns - 2);
                    let part = place - left as f64;
                    *voltage = map(|l| (from[left + 1][l] - from[left][l]).mul_add(part, from[left][l]));
                }
            }
        }
    }
}

//! Line Gauss–Seidel with Newton's method inside, for cells of any monotone law and several inputs in lanes.
//!
//! Unknowns are the voltages of the lines relative to their sources: w(i, j) on word lines, e(i, j) on bit lines. The
//! voltage drop of a cell is d = V(i) − B(j) + w − e, its linearised current I + g·δd. One round is two passes:
//!
//! 1. downwards: every word line is solved, and the bit lines' chains are eliminated at the new drops in the same loop;
//! 2. upwards: the bit lines are substituted back.
//!
//! A chain of segments R is eliminated as a ladder: with t the conductance seen back from a cell and m = 1/(1 + R·t),
//!
//! ```text
//! t(j) = g(j) + m(j−1)·t(j−1),   y(j) = g·x_old − I + m(j−1)·y(j−1),   x(j) = m(j)·(x(j+1) + R·y(j))
//! ```
//!
//! which has no cancellation and is exact for R = 0. The correction of [`CoarseSpace`] is added to both lines when the
//! next round reads them: it changes no drop. The residual of Kirchhoff's current law, with the cells' true currents,
//! falls out of the same pass. Storage is three numbers per cell and input, and a few rows that stay in the cache.
//!
//! Source of line relaxation in crossbars: alternating line solves as in A. Chen, IEEE TED 60, 1318 (2013), and
//! CrossSim; co-content: W. Millar, Phil. Mag. 42 (1951), whose minimum is the solution for monotone cells.

use super::cells::CellLaw;
use super::coarse_space::{BLOCK, CoarseSpace};
use super::drive::Drive;
use super::geometry::Crossbar;
use super::lanes::{Lanes, Work, map, raise, splat, vectorised};
use super::line::Line;
use super::nested_dissection::NodeVoltages;
use super::newton::Voltages;

/// The pass downwards judges one row of so many, which is enough to see how relaxation goes.
const ROWS_PER_SAMPLE: usize = 8;

/// How far from a solution some voltages are, for each input.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Residual<const L: usize> {
    /// Largest |sum of currents| at a node, A.
    pub imbalance: Lanes<L>,
    /// Largest current through a cell, A.
    pub largest_current: Lanes<L>,
    /// What of an imbalance comes from the rounding of voltages to numbers of 64 bits, A: no voltages are better than that.
    pub rounding: Lanes<L>,
}

impl<const L: usize> Residual<L> {
    const NONE: Residual<L> = Residual { imbalance: [0.0; L], largest_current: [0.0; L], rounding: [0.0; L] };
}

/// The state of one batch of inputs, and memory for the next.
pub(super) struct LineRelaxation<'a, C, const L: usize> {
    pub law: &'a C,
    pub columns: usize,
    pub word_line: Line,
    pub bit_line: Line,
    /// Voltages of the sources, V.
    pub word_drive: Vec<Lanes<L>>,
    pub bit_drive: Vec<Lanes<L>>,
    /// Voltages of the word lines relative to their sources.
    pub word: Vec<Lanes<L>>,
    /// Those of the bit lines; between both passes y.
    pub bit: Vec<Lanes<L>>,
    /// m of the bit lines; in the last row the factor from y to the voltage.
    transmission: Vec<Lanes<L>>,
    rows: Rows<L>,
    coarse: Coarse<L>,
    /// Currents into ideal lines, A, while they are summed up.
    column_sums: Vec<Lanes<L>>,
}

/// Rows of working memory.
struct Rows<const L: usize> {
    /// Corrected bit-line voltages of the row above, of this one and of the one below.
    bit: [Vec<Lanes<L>>; 3],
    correction: Vec<Lanes<L>>,
    /// m and y of a word line.
    transmission: Vec<Lanes<L>>,
    right: Vec<Lanes<L>>,
    /// What the row above hands down in the bit lines: m·t and m·y.
    load: Vec<Lanes<L>>,
    flow: Vec<Lanes<L>>,
}

/// Coefficients in the coarse space.
#[derive(Default)]
struct Coarse<const L: usize> {
    /// Of the word lines after the first pass; after the second those of the correction.
    word: Vec<Lanes<L>>,
    bit: Vec<Lanes<L>>,
    /// Along the word lines of a block of rows: of the voltages, and of the correction.
    of_rows: Vec<Lanes<L>>,
    corrections: Vec<Lanes<L>>,
    /// The correction is still to be added.
    pending: bool,
}

impl<'a, C: CellLaw, const L: usize> LineRelaxation<'a, C, L> {
    pub fn new(array: &Crossbar, law: &'a C) -> Self {
        LineRelaxation::with_lines(Line::word(array), Line::bit(array), law)
    }

    pub fn with_lines(word_line: Line, bit_line: Line, law: &'a C) -> Self {
        let zeros = |count: usize| vec![[0.0; L]; count];
        let (row_count, columns) = (bit_line.length, word_line.length);
        let cells = row_count * columns;
        let rows = Rows {
            bit: [zeros(columns), zeros(columns), zeros(columns)],
            correction: zeros(columns),
            transmission: zeros(columns),
            right: zeros(columns),
            load: zeros(columns),
            flow: zeros(columns),
        };
        LineRelaxation {
            law,
            columns,
            word_line,
            bit_line,
            word_drive: zeros(row_count),
            bit_drive: zeros(columns),
            word: zeros(cells),
            bit: zeros(cells),
            transmission: zeros(cells),
            rows,
            coarse: Coarse::default(),
            column_sums: zeros(columns),
        }
    }

    /// Takes new inputs, and starts from lines at the voltages of their sources. Fewer drives than lanes are filled up
    /// with inputs of 0 V.
    pub fn start(&mut self, drives: &[Drive]) {
        for (row, voltage) in self.word_drive.iter_mut().enumerate() {
            *voltage = map(|l| drives.get(l).map_or(0.0, |drive| drive.word[row]));
        }
        for (column, voltage) in self.bit_drive.iter_mut().enumerate() {
            *voltage = map(|l| drives.get(l).map_or(0.0, |drive| drive.bit_voltage(column)));
        }
        self.word.fill([0.0; L]);
        self.bit.fill([0.0; L]);
        self.coarse.pending = false;
    }

    /// Starts from these voltages in all lanes.
    pub fn start_from(&mut self, voltages: &NodeVoltages) {
        for (cell, (word, bit)) in self.word.iter_mut().zip(&mut self.bit).enumerate() {
            let (row, column) = (cell / self.columns, cell % self.columns);
            let (word_drive, bit_drive) = (self.word_drive[row], self.bit_drive[column]);
            *word = map(|l| voltages.word[cell] - word_drive[l]);
            *bit = map(|l| voltages.bit[cell] - bit_drive[l]);
        }
    }

    /// Takes voltages relative to the sources into one lane.
    pub fn put(&mut self, lane: usize, voltages: &Voltages) {
        self.word.iter_mut().zip(&voltages.word).for_each(|(target, voltage)| target[lane] = *voltage);
        self.bit.iter_mut().zip(&voltages.bit).for_each(|(target, voltage)| target[lane] = *voltage);
    }

    /// Node voltages of one lane, V.
    pub fn voltages(&self, lane: usize) -> NodeVoltages {
        let word = |(cell, word): (usize, &Lanes<L>)| self.word_drive[cell / self.columns][lane] + word[lane];
        let bit = |(cell, bit): (usize, &Lanes<L>)| self.bit_drive[cell % self.columns][lane] + bit[lane];
        NodeVoltages {
            word: self.word.iter().enumerate().map(word).collect(),
            bit: self.bit.iter().enumerate().map(bit).collect(),
        }
    }

    /// Currents of one lane out of the bit lines, A, as they were judged last.
    pub fn sensed(&self, lane: usize) -> Vec<f64> {
        if self.bit_line.fixed {
            return self.column_sums.iter().map(|sum| sum[lane]).collect();
        }
        let last = &self.bit[self.bit.len() - self.columns..];
        last.iter().map(|voltage| voltage[lane] * self.bit_line.end).collect()
    }

    /// What the cells conduct on average at the voltages of their sources, S, by a sample of them; the largest of all inputs.
    pub fn mean_conductance(&self) -> f64 {
        const SAMPLES: usize = 2048;
        let cells = self.word.len();
        let step = cells.div_ceil(SAMPLES);
        let mut sum = [0.0; L];
        for cell in (0..cells).step_by(step) {
            let (word, bit) = (self.word_drive[cell / self.columns], self.bit_drive[cell % self.columns]);
            let (_, conductance) = self.law.branch::<L>(cell, &map(|l| word[l] - bit[l]));
            sum = map(|l| sum[l] + conductance[l]);
        }
        sum.into_iter().fold(0.0, f64::max) / cells.div_ceil(step) as f64
    }

    fn row_count(&self) -> usize {
        self.bit_line.length
    }

    /// The residual of the voltages as they are, after a pass upwards.
    pub fn judge(&mut self) -> Residual<L> {
        vectorised(Judge(self))
    }

    /// Solves all word lines and eliminates the bit lines; the residual is that of a sample of the voltages before.
    pub fn pass_down(&mut self, space: &CoarseSpace) -> Residual<L> {
        self.coarse.word.resize(space.word.count() * space.bit.count(), [0.0; L]);
        self.coarse.of_rows.resize(BLOCK * space.word.count(), [0.0; L]);
        self.coarse.corrections.resize(BLOCK * space.word.count(), [0.0; L]);
        vectorised(Down(self, space))
    }

    /// Substitutes the bit lines back.
    pub fn pass_up(&mut self, space: &CoarseSpace) {
        self.coarse.bit.resize(space.word.count() * space.bit.count(), [0.0; L]);
        vectorised(Up(self, space));
    }

    /// Prepares the correction, which the next pass downwards adds.
    pub fn correct(&mut self, space: &CoarseSpace) {
        if !space.is_empty() {
            space.correct(&mut self.coarse.word, &self.coarse.bit);
            self.coarse.pending = true;
        }
    }
}

impl<const L: usize> Coarse<L> {
    /// Projects the voltages of a row; all rows of its block are added up with the one that `completes` it.
    #[inline(always)]
    fn project(
        &mut self,
        space: &CoarseSpace,
        row: usize,
        voltages: &[Lanes<L>],
        completes: bool,
        coefficients: &mut [Lanes<L>],
    ) {
        let (width, place) = (space.word.count(), row % BLOCK);
        let target = &mut self.of_rows[place * width..(place + 1) * width];
        target.fill([0.0; L]);
        space.word.project(voltages, target);
        if completes {
            let rows = BLOCK.min(space.bit.length() - (row - place));
            space.add_rows(row - place, &self.of_rows[..rows * width], coefficients);
        }
    }
}

struct Down<'b, 'a, C, const L: usize>(&'b mut LineRelaxation<'a, C, L>, &'b CoarseSpace);

impl<C: CellLaw, const L: usize> Work for Down<'_, '_, C, L> {
    type Output = Residual<L>;

    #[inline(always)]
    fn run(self) -> Residual<L> {
        let Down(state, space) = self;
        let mut residual = Residual::NONE;
        state.rows.load.fill([0.0; L]);
        state.rows.flow.fill([0.0; L]);
        state.column_sums.fill([0.0; L]);
        let mut coefficients = std::mem::take(&mut state.coarse.word);
        let corrected = state.coarse.pending.then(|| coefficients.clone());
        let correction = corrected.as_ref().map(|coefficients| (space, &coefficients[..]));
        coefficients.fill([0.0; L]);
        let samples = if state.bit_line.is_resistive() { ROWS_PER_SAMPLE } else { 1 };
        state.fetch(correction, 0);
        for row in 0..state.row_count() {
            state.rows.bit.rotate_left(1);
            if row + 1 < state.row_count() {
                state.fetch(correction, row + 1);
            }
            if row % samples == 0 {
                state.judge_row(row, &mut residual);
            }
            state.eliminate_word(row);
            state.substitute_word(row);
            if !space.is_empty() {
                let cells = row * state.columns..(row + 1) * state.columns;
                let last = row % BLOCK == BLOCK - 1 || row + 1 == state.row_count();
                state.coarse.project(space, row, &state.word[cells], last, &mut coefficients);
            }
        }
        state.coarse.word = coefficients;
        state.coarse.pending = false;
        state.close_columns(&mut residual);
        residual
    }
}

struct Judge<'b, 'a, C, const L: usize>(&'b mut LineRelaxation<'a, C, L>);

impl<C: CellLaw, const L: usize> Work for Judge<'_, '_, C, L> {
    type Output = Residual<L>;

    #[inline(always)]
    fn run(self) -> Residual<L> {
        let Judge(state) = self;
        let mut residual = Residual::NONE;
        state.column_sums.fill([0.0; L]);
        state.fetch(None, 0);
        for row in 0..state.row_count() {
            state.rows.bit.rotate_left(1);
            if row + 1 < state.row_count() {
                state.fetch(None, row + 1);
            }
            state.judge_row(row, &mut residual);
        }
        state.close_columns(&mut residual);
        residual
    }
}

struct Up<'b, 'a, C, const L: usize>(&'b mut LineRelaxation<'a, C, L>, &'b CoarseSpace);

impl<C: CellLaw, const L: usize> Work for Up<'_, '_, C, L> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Up(state, space) = self;
        let (columns, segment) = (state.columns, state.bit_line.segment);
        state.coarse.bit.fill([0.0; L]);
        for row in (0..state.row_count()).rev() {
            let (upper, lower) = state.bit.split_at_mut((row + 1) * columns);
            let here = &mut upper[row * columns..];
            let transmission = &state.transmission[row * columns..(row + 1) * columns];
            if lower.is_empty() {
                for (voltage, factor) in here.iter_mut().zip(transmission) {
                    *voltage = map(|l| voltage[l] * factor[l]);
                }
            } else {
                for ((voltage, factor), below) in here.iter_mut().zip(transmission).zip(&*lower) {
                    *voltage = map(|l| factor[l] * voltage[l].mul_add(segment, below[l]));
                }
            }
            if !space.is_empty() {
                let mut coefficients = std::mem::take(&mut state.coarse.bit);
                state.coarse.project(space, row, here, row % BLOCK == 0, &mut coefficients);
                state.coarse.bit = coefficients;
            }
        }
    }
}

impl<C: CellLaw, const L: usize> LineRelaxation<'_, C, L> {
    /// Brings the bit-line voltages of a row into the last of the three rows, and corrects both lines.
    #[inline(always)]
    fn fetch(&mut self, correction: Option<(&CoarseSpace, &[Lanes<L>])>, row: usize) {
        let cells = row * self.columns..(row + 1) * self.columns;
        let Rows { bit: [_, _, target], correction: values, .. } = &mut self.rows;
        let Some((space, coefficients)) = correction else {
            target.copy_from_slice(&self.bit[cells]);
            return;
        };
        let (width, place) = (space.word.count(), row % BLOCK);
        if place == 0 {
            let rows = BLOCK.min(self.bit_line.length - row);
            space.rows(row, coefficients, &mut self.coarse.corrections[..rows * width]);
        }
        space.word.synthesise(&self.coarse.corrections[place * width..(place + 1) * width], values);
        let words = self.word[cells.clone()].iter_mut();
        for (((target, bit), word), value) in target.iter_mut().zip(&self.bit[cells]).zip(words).zip(&*values) {
            *target = map(|l| bit[l] + value[l]);
            *word = map(|l| word[l] + value[l]);
        }
    }

    /// Kirchhoff's law in one row, whose voltages and those of its neighbours have been fetched.
    #[inline(always)]
    fn judge_row(&mut self, row: usize, residual: &mut Residual<L>) {
        let (columns, line, bit_line) = (self.columns, self.word_line, self.bit_line);
        let (last, drive) = (columns - 1, self.word_drive[row]);
        let word = &self.word[row * columns..(row + 1) * columns];
        let [above, here, below] = &self.rows.bit;
        let (above, here, below) = (&above[..columns], &here[..columns], &below[..columns]);
        let (bit_drive, column_sums) = (&self.bit_drive[..columns], &mut self.column_sums[..columns]);
        let Residual { mut imbalance, mut largest_current, mut rounding } = *residual;
        let steps = [line.rounding(), bit_line.rounding()];
        let mut sum = [0.0; L];
        for j in 0..columns {
            let (w, e, b) = (word[j], here[j], bit_drive[j]);
            let drop: Lanes<L> = map(|l| drive[l] - b[l] + w[l] - e[l]);
            let (current, _) = self.law.branch::<L>(row * columns + j, &drop);
            raise(&mut largest_current, &current);
            raise(&mut rounding, &map::<L>(|l| (steps[0] * w[l]).abs().max((steps[1] * e[l]).abs())));
            if line.is_resistive() {
                let before = (j > 0).then(|| &word[j - 1]);
                let after = (j < last).then(|| &word[j + 1]);
                let inflow = line.inflow(before, &w, after);
                raise(&mut imbalance, &map::<L>(|l| inflow[l] - current[l]));
            } else {
                sum = map(|l| sum[l] + current[l]);
            }
            if bit_line.is_resistive() {
                let before = (row > 0).then(|| &above[j]);
                let after = (row + 1 < bit_line.length).then(|| &below[j]);
                let inflow = bit_line.inflow(before, &e, after);
                raise(&mut imbalance, &map::<L>(|l| inflow[l] + current[l]));
            } else {
                column_sums[j] = map(|l| column_sums[j][l] + current[l]);
            }
        }
        if !line.is_resistive() && !line.fixed {
            raise(&mut imbalance, &map::<L>(|l| -(line.start + line.end) * word[0][l] - sum[l]));
        }
        *residual = Residual { imbalance, largest_current, rounding };
    }

    /// Linearises a row's cells and eliminates its word line.
    #[inline(always)]
    fn eliminate_word(&mut self, row: usize) {
        let (columns, line) = (self.columns, self.word_line);
        let (last, drive) = (columns - 1, self.word_drive[row]);
        let word = &self.word[row * columns..(row + 1) * columns];
        let Rows { bit: [_, here, _], transmission, right, .. } = &mut self.rows;
        let here = &here[..columns];
        let (transmission, right) = (&mut transmission[..columns], &mut right[..columns]);
        let bit_drive = &self.bit_drive[..columns];
        let (mut load, mut flow): (Lanes<L>, Lanes<L>) = (splat(line.start), splat(0.0));
        for j in 0..columns {
            let (w, e, b) = (word[j], here[j], bit_drive[j]);
            let drop: Lanes<L> = map(|l| drive[l] - b[l] + w[l] - e[l]);
            let (current, conductance) = self.law.branch::<L>(row * columns + j, &drop);
            let t: Lanes<L> = map(|l| conductance[l] + load[l]);
            let y: Lanes<L> = map(|l| conductance[l].mul_add(w[l], flow[l] - current[l]));
            let m: Lanes<L> = map(|l| 1.0 / t[l].mul_add(line.segment, 1.0));
            load = map(|l| m[l] * t[l]);
            flow = map(|l| m[l] * y[l]);
            transmission[j] = if j == last { last_factor(&line, &t) } else { m };
            right[j] = y;
        }
    }

    /// Substitutes a word line back and eliminates the bit lines as far as this row.
    #[inline(always)]
    fn substitute_word(&mut self, row: usize) {
        let (columns, line, bit_line) = (self.columns, self.word_line, self.bit_line);
        let (last, drive) = (columns - 1, self.word_drive[row]);
        let cells = row * columns..(row + 1) * columns;
        let word = &mut self.word[cells.clone()];
        let bit = &mut self.bit[cells.clone()];
        let bit_transmission = &mut self.transmission[cells];
        let Rows { bit: [_, here, _], transmission, right, load, flow, .. } = &mut self.rows;
        let (here, transmission, right) = (&here[..columns], &transmission[..columns], &right[..columns]);
        let (load, flow) = (&mut load[..columns], &mut flow[..columns]);
        let bit_drive = &self.bit_drive[..columns];
        let bottom = row + 1 == bit_line.length;
        let mut w = [0.0; L];
        for j in (0..columns).rev() {
            let (m, y) = (transmission[j], right[j]);
            w = if j == last { map(|l| m[l] * y[l]) } else { map(|l| m[l] * y[l].mul_add(line.segment, w[l])) };
            word[j] = w;
            let (e, b) = (here[j], bit_drive[j]);
            let drop: Lanes<L> = map(|l| drive[l] - b[l] + w[l] - e[l]);
            let (current, conductance) = self.law.branch::<L>(row * columns + j, &drop);
            let t: Lanes<L> = map(|l| conductance[l] + load[j][l]);
            let y: Lanes<L> = map(|l| conductance[l].mul_add(e[l], flow[j][l] + current[l]));
            let m: Lanes<L> = map(|l| 1.0 / t[l].mul_add(bit_line.segment, 1.0));
            load[j] = map(|l| m[l] * t[l]);
            flow[j] = map(|l| m[l] * y[l]);
            bit[j] = y;
            bit_transmission[j] = if bottom { last_factor(&bit_line, &t) } else { m };
        }
    }

    /// Kirchhoff's law of bit lines that are one node each.
    #[inline(always)]
    fn close_columns(&self, residual: &mut Residual<L>) {
        let line = &self.bit_line;
        if !line.is_resistive() && !line.fixed {
            // The last row was read last, before the bit lines were eliminated.
            for (sum, voltage) in self.column_sums.iter().zip(&self.rows.bit[1]) {
                raise(&mut residual.imbalance, &map::<L>(|l| sum[l] - line.end * voltage[l]));
            }
        }
    }
}

/// Factor from y of the last node to its voltage.
#[inline(always)]
fn last_factor<const L: usize>(line: &Line, load: &Lanes<L>) -> Lanes<L> {
    if line.fixed { [0.0; L] } else { map(|l| 1.0 / (load[l] + line.end)) }
}

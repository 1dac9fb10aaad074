//! The correction of voltages that are common to both sides of the cells, for lines side by side.
//!
//! See `coarse_space` for why it is exact and what it leaves; here word lines lie by rows and bit lines in blocks of eight
//! columns, and both kinds are corrected at once. What the corrected voltages take the cells' currents for follows: a common
//! voltage c·φ·ψ changes the current out of the word lines by −λ·c·φ·ψ and that into the bit lines by μ·c·φ·ψ.

use rayon::prelude::*;

use super::super::coarse_space::CoarseSpace;
use super::super::lanes::{Lanes, map, scaled, vectorise};
use super::super::line::Line;
use super::network::{LANES, for_each};

/// Modes of a line, at most.
const MOST_MODES: usize = 32;

/// Lines' voltages, and the currents that they take the cells' for.
pub(super) struct Lines<'a> {
    /// By rows.
    pub word: &'a mut [f64],
    pub word_currents: &'a mut [f64],
    /// Blocks of eight columns, in them by rows.
    pub bit: &'a mut [f64],
    pub bit_currents: &'a mut [f64],
}

/// A coarse space and memory for its coefficients.
#[derive(Debug, Clone)]
pub(super) struct Correction {
    space: CoarseSpace,
    rows: usize,
    stride: usize,
    parallel: bool,
    /// Along the bit lines, for each block of columns: of the word lines' voltages, and of the bit lines'.
    partial: [Vec<Lanes<LANES>>; 2],
    /// For each block of columns and mode of the bit lines, along the word lines: c, λ·c and μ·c.
    synthesis: [Vec<Lanes<LANES>>; 3],
}

impl Correction {
    /// For lines between cells of about this conductance, S.
    pub fn new(lines: [&Line; 2], stride: usize, conductance: f64, parallel: bool) -> Correction {
        let counts = CoarseSpace::counts(lines, conductance).map(|count| count.min(MOST_MODES));
        let space = CoarseSpace::new(lines, counts);
        let zeros = || vec![[0.0; LANES]; stride / LANES * space.bit.count()];
        Correction {
            rows: lines[1].length,
            stride,
            parallel,
            partial: [zeros(), zeros()],
            synthesis: [zeros(), zeros(), zeros()],
            space,
        }
    }

    /// Adds the best common voltages. The currents change by what these ask of the wires.
    pub fn apply(&mut self, lines: Lines) {
        if self.space.is_empty() {
            return;
        }
        self.project(lines.word, lines.bit);
        self.find();
        self.add(lines);
    }

    /// Coefficients along the bit lines.
    fn project(&mut self, word: &[f64], bit: &[f64]) {
        let (space, rows, stride, modes) = (&self.space, self.rows, self.stride, self.space.bit.count());
        let [of_word, of_bit] = &mut self.partial;
        let blocks = of_word.par_chunks_mut(modes).zip(of_bit.par_chunks_mut(modes)).enumerate();
        let work = |(block, (of_word, of_bit)): (usize, (&mut [Lanes<LANES>], &mut [Lanes<LANES>]))| {
            vectorise(
                #[inline(always)]
                || {
                    of_word.fill([0.0; LANES]);
                    of_bit.fill([0.0; LANES]);
                    let bit = &bit[block * rows * LANES..][..rows * LANES];
                    for (row, bit) in bit.chunks_exact(LANES).enumerate() {
                        let word = &word[row * stride + block * LANES..][..LANES];
                        let (word, bit) = (map::<LANES>(|l| word[l]), map::<LANES>(|l| bit[l]));
                        for mode in 0..modes {
                            let value = space.bit.vector(mode)[row];
                            of_word[mode] = scaled(&word, value, &of_word[mode]);
                            of_bit[mode] = scaled(&bit, value, &of_bit[mode]);
                        }
                    }
                },
            );
        };
        for_each(self.parallel, blocks, work);
    }

    /// Coefficients of the correction, and its synthesis along the word lines.
    fn find(&mut self) {
        let (word, modes) = (&self.space.word, self.space.bit.count());
        let columns = word.length();
        for mode in 0..modes {
            let mu = self.space.bit.values[mode];
            for sums in &mut self.synthesis {
                (0..self.stride / LANES).for_each(|block| sums[block * modes + mode] = [0.0; LANES]);
            }
            for along in 0..word.count() {
                let (lambda, vector) = (word.values[along], word.vector(along));
                let coefficient = |of: &[Lanes<LANES>]| {
                    let place = |column: usize| of[column / LANES * modes + mode][column % LANES];
                    (0..columns).map(|column| place(column) * vector[column]).sum::<f64>()
                };
                let of = [coefficient(&self.partial[0]), coefficient(&self.partial[1])];
                let c = -(lambda * of[0] + mu * of[1]) / (lambda + mu);
                for (sums, factor) in self.synthesis.iter_mut().zip([c, lambda * c, mu * c]) {
                    for (column, value) in vector.iter().enumerate() {
                        sums[column / LANES * modes + mode][column % LANES] += factor * value;
                    }
                }
            }
        }
    }

    fn add(&self, lines: Lines) {
        let (rows, stride, space) = (self.rows, self.stride, &self.space);
        let [common, by_word, by_bit] = &self.synthesis;
        let of_words = lines.word.par_chunks_mut(stride).zip(lines.word_currents.par_chunks_mut(stride)).enumerate();
        for_each(self.parallel, of_words, |(row, (word, current)): (usize, (&mut [f64], &mut [f64]))| {
            vectorise(
                #[inline(always)]
                || {
                    let blocks = word.chunks_exact_mut(LANES).zip(current.chunks_exact_mut(LANES)).enumerate();
                    for (block, (word, current)) in blocks {
                        let (old, taken) = (map::<LANES>(|l| word[l]), map::<LANES>(|l| current[l]));
                        word.copy_from_slice(&sum(space, common, block, row, old, 1.0));
                        current.copy_from_slice(&sum(space, by_word, block, row, taken, -1.0));
                    }
                },
            );
        });
        let size = rows * LANES;
        let of_bits = lines.bit.par_chunks_mut(size).zip(lines.bit_currents.par_chunks_mut(size)).enumerate();
        for_each(self.parallel, of_bits, |(block, (bit, current)): (usize, (&mut [f64], &mut [f64]))| {
            vectorise(
                #[inline(always)]
                || {
                    let of_rows = bit.chunks_exact_mut(LANES).zip(current.chunks_exact_mut(LANES)).enumerate();
                    for (row, (bit, current)) in of_rows {
                        let (old, taken) = (map::<LANES>(|l| bit[l]), map::<LANES>(|l| current[l]));
                        bit.copy_from_slice(&sum(space, common, block, row, old, 1.0));
                        current.copy_from_slice(&sum(space, by_bit, block, row, taken, 1.0));
                    }
                },
            );
        });
    }
}

/// `start`, plus or minus (`sign`) the sum of all modes of the bit lines at a row of a block of columns.
#[inline(always)]
fn sum(
    space: &CoarseSpace,
    of: &[Lanes<LANES>],
    block: usize,
    row: usize,
    start: Lanes<LANES>,
    sign: f64,
) -> Lanes<LANES> {
    let modes = space.bit.count();
    let mut sum = start;
    for (mode, value) in of[block * modes..][..modes].iter().enumerate() {
        sum = scaled(value, sign * space.bit.vector(mode)[row], &sum);
    }
    sum
}

//! The errors that line relaxation is slow to remove, and what removes them.
//!
//! A voltage that is the same on both sides of every cell drives no current through any. Such common voltages, smooth
//! along both directions, are what solving word and bit lines in turn hardly sees where cells conduct better than the
//! wires over some length. In the eigenvectors φ (along word lines) and ψ (along bit lines) of the lines' own matrices,
//! with eigenvalues λ and μ, the best correction by c·φ(j)·ψ(i) of both lines' voltages w and e follows mode by mode
//! from the balance of the wires' currents alone, whatever the law of the cells:
//!
//! ```text
//! λ·(ŵ + c) + μ·(ê + c) = 0        ŵ, ê: coefficients of w and e,  c = −(λ·ŵ + μ·ê)/(λ + μ)
//! ```
//!
//! This is the Galerkin correction of the nonlinear equations, exact, and it minimises the array's co-content (W. Millar,
//! Phil. Mag. 42, 1951) over that space. With equal conductances g of all cells one round of relaxation and correction
//! leaves λμg/((λ+g)(μ+g)(λ+μ)) ≤ 1/8 of every mode in the space, and λ or μ beyond it leave g²/((λ+g)(μ+g)).

use std::f64::consts::PI;

use super::lanes::{Lanes, map, scaled};
use super::line::Line;

/// The smoothest eigenvectors of a line, of length 1, and their eigenvalues in S.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Modes {
    /// Mode by mode.
    pub vectors: Vec<f64>,
    pub values: Vec<f64>,
    length: usize,
}

impl Modes {
    /// The first `count` of a line; fewer if it has not so many.
    ///
    /// The eigenvectors are sin(θ·j + α) with the angle α that the start asks for; counted from the end they are
    /// sin(θ·j + β), so that mode k has θ·(n − 1) + α + β = (k + 1)·π; the left side grows with θ.
    pub fn new(line: &Line, count: usize) -> Modes {
        let length = line.length;
        if line.fixed {
            return Modes { vectors: Vec::new(), values: Vec::new(), length };
        }
        if !line.is_resistive() {
            let vectors = vec![1.0 / (length as f64).sqrt(); length];
            return Modes { vectors, values: vec![(line.start + line.end) / length as f64], length };
        }
        let conductance = line.conductance();
        let angle = |theta: f64, end: f64| theta.sin().atan2(theta.cos() - 1.0 + end / conductance);
        let mut modes = Modes { vectors: Vec::new(), values: Vec::new(), length };
        for k in 0..count.min(length) {
            let (mut low, mut high) = (0.0, PI);
            for _ in 0..60 {
                let theta = 0.5 * (low + high);
                let sum = theta * (length - 1) as f64 + angle(theta, line.start) + angle(theta, line.end);
                if sum < (k + 1) as f64 * PI { low = theta } else { high = theta }
            }
            let theta = 0.5 * (low + high);
            let start = angle(theta, line.start);
            let vector: Vec<f64> = (0..length).map(|j| (theta * j as f64 + start).sin()).collect();
            let norm = vector.iter().map(|value| value * value).sum::<f64>().sqrt();
            modes.vectors.extend(vector.iter().map(|value| value / norm));
            modes.values.push(4.0 * conductance * (0.5 * theta).sin().powi(2));
        }
        modes
    }

    /// Number of cells along the line.
    pub fn length(&self) -> usize {
        self.length
    }

    pub fn count(&self) -> usize {
        self.values.len()
    }

    pub fn vector(&self, mode: usize) -> &[f64] {
        &self.vectors[mode * self.length..(mode + 1) * self.length]
    }

    /// Adds the coefficients of a line's voltages to `coefficients`, one per mode.
    #[inline(always)]
    pub fn project<const L: usize>(&self, voltages: &[Lanes<L>], coefficients: &mut [Lanes<L>]) {
        // A stretch of the line that stays in the nearest cache for all modes.
        const STRETCH: usize = 64;
        for (first, stretch) in voltages.chunks(STRETCH).enumerate().map(|(k, stretch)| (k * STRETCH, stretch)) {
            let vector = |mode: usize| &self.vector(mode)[first..first + stretch.len()];
            let mut mode = 0;
            while mode + 4 <= coefficients.len() {
                let vectors = [vector(mode), vector(mode + 1), vector(mode + 2), vector(mode + 3)];
                let mut sums = [[0.0; L]; 4];
                let values = vectors[0].iter().zip(vectors[1]).zip(vectors[2].iter().zip(vectors[3]));
                for (voltage, ((a, b), (c, d))) in stretch.iter().zip(values) {
                    for (sum, value) in sums.iter_mut().zip([a, b, c, d]) {
                        *sum = scaled(voltage, *value, sum);
                    }
                }
                for (coefficient, sum) in coefficients[mode..].iter_mut().zip(&sums) {
                    *coefficient = map(|l| coefficient[l] + sum[l]);
                }
                mode += 4;
            }
            for (mode, coefficient) in coefficients.iter_mut().enumerate().skip(mode) {
                for (voltage, value) in stretch.iter().zip(vector(mode)) {
                    *coefficient = scaled(voltage, *value, coefficient);
                }
            }
        }
    }

    /// Replaces `voltages` by the sum of all modes with these coefficients.
    #[inline(always)]
    pub fn synthesise<const L: usize>(&self, coefficients: &[Lanes<L>], voltages: &mut [Lanes<L>]) {
        const STRETCH: usize = 4;
        for (first, stretch) in voltages.chunks_mut(STRETCH).enumerate().map(|(k, stretch)| (k * STRETCH, stretch)) {
            if let Ok(stretch) = <&mut [Lanes<L>; STRETCH]>::try_from(&mut *stretch) {
                let mut sums = [[0.0; L]; STRETCH];
                for (mode, coefficient) in coefficients.iter().enumerate() {
                    let vector = &self.vector(mode)[first..first + STRETCH];
                    for (sum, value) in sums.iter_mut().zip(vector) {
                        *sum = scaled(coefficient, *value, sum);
                    }
                }
                *stretch = sums;
            } else {
                for (j, voltage) in stretch.iter_mut().enumerate() {
                    let sum = |sum: Lanes<L>, (mode, coefficient): (usize, &Lanes<L>)| {
                        scaled(coefficient, self.vector(mode)[first + j], &sum)
                    };
                    *voltage = coefficients.iter().enumerate().fold([0.0; L], sum);
                }
            }
        }
    }
}

/// Rows whose coefficients are treated together.
pub(super) const BLOCK: usize = 16;

/// Adds rows of `sources`, each as long as `target` and times its factor, to `target`.
#[inline(always)]
fn combine<const L: usize>(target: &mut [Lanes<L>], sources: &[Lanes<L>], factors: &[f64]) {
    let width = target.len();
    let mut row = 0;
    while row + 4 <= factors.len() {
        let source = |k: usize| &sources[(row + k) * width..(row + k + 1) * width];
        let (a, b, c, d) = (source(0), source(1), source(2), source(3));
        let factors = &factors[row..row + 4];
        for (k, target) in target.iter_mut().enumerate() {
            let sum = scaled(&a[k], factors[0], &scaled(&b[k], factors[1], target));
            *target = scaled(&c[k], factors[2], &scaled(&d[k], factors[3], &sum));
        }
        row += 4;
    }
    for (row, factor) in factors.iter().enumerate().skip(row) {
        for (target, value) in target.iter_mut().zip(&sources[row * width..]) {
            *target = scaled(value, *factor, target);
        }
    }
}

/// The space spanned by products of modes of word and bit lines.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct CoarseSpace {
    pub word: Modes,
    pub bit: Modes,
}

impl CoarseSpace {
    /// The space of (at most) `word` × `bit` modes.
    pub fn new(lines: [&Line; 2], counts: [usize; 2]) -> CoarseSpace {
        CoarseSpace { word: Modes::new(lines[0], counts[0]), bit: Modes::new(lines[1], counts[1]) }
    }

    /// Modes of word lines along which cells of this conductance, S, can couple errors that relaxation is slow for.
    pub fn counts(lines: [&Line; 2], conductance: f64) -> [usize; 2] {
        lines.map(|line| {
            let waves = line.length as f64 / PI * (conductance * line.segment).sqrt();
            ((2.0 * waves).min(line.length as f64) as usize + 4).next_multiple_of(4).min(line.length)
        })
    }

    pub fn is_empty(&self) -> bool {
        self.word.count() * self.bit.count() == 0
    }

    /// Adds rows' coefficients along the word line, times those of their places in the bit lines, to all coefficients.
    ///
    /// `of_rows` holds the coefficients of up to [`BLOCK`] rows from `first` on, row by row. Rows come in blocks because
    /// all coefficients together do not stay in the nearest cache.
    #[inline(always)]
    pub fn add_rows<const L: usize>(&self, first: usize, of_rows: &[Lanes<L>], coefficients: &mut [Lanes<L>]) {
        let width = self.word.count().max(1);
        for (mode, target) in coefficients.chunks_exact_mut(width).enumerate() {
            combine(target, of_rows, &self.bit.vector(mode)[first..first + of_rows.len() / width]);
        }
    }

    /// The coefficients along the word line of up to [`BLOCK`] rows from `first` on.
    #[inline(always)]
    pub fn rows<const L: usize>(&self, first: usize, coefficients: &[Lanes<L>], of_rows: &mut [Lanes<L>]) {
        const MODES: usize = 4;
        let width = self.word.count().max(1);
        of_rows.fill([0.0; L]);
        for (group, source) in coefficients.chunks(MODES * width).enumerate() {
            for (row, target) in of_rows.chunks_exact_mut(width).enumerate() {
                let mut factors = [0.0; MODES];
                let modes = source.len() / width;
                for (mode, factor) in factors[..modes].iter_mut().enumerate() {
                    *factor = self.bit.vector(MODES * group + mode)[first + row];
                }
                combine(target, source, &factors[..modes]);
            }
        }
    }

    /// Replaces the coefficients of the word lines' voltages by those of the correction.
    pub fn correct<const L: usize>(&self, word: &mut [Lanes<L>], bit: &[Lanes<L>]) {
        let columns = self.word.count();
        for (k, (word, bit)) in word.iter_mut().zip(bit).enumerate() {
            let (a, b) = (self.word.values[k % columns], self.bit.values[k / columns]);
            *word = map(|l| -(a * word[l] + b * bit[l]) / (a + b));
        }
    }
}

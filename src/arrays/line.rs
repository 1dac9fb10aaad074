//! A word or bit line as a chain of equal resistances between cells, in voltages relative to its source.

use super::geometry::Crossbar;
use super::lanes::{Lanes, map};

/// A chain of nodes, one per cell, with ends that lead to the line's source.
///
/// In voltages relative to the source its matrix is tridiagonal without a right-hand side of its own. A segment of
/// 0 Ω makes one node of the whole line; every formula here and in the solver is exact for it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Line {
    pub length: usize,
    /// Ω from one cell to the next.
    pub segment: f64,
    /// Conductance from the first cell to the source, S; 0 for none.
    pub start: f64,
    /// The same of the last cell.
    pub end: f64,
    /// The whole line is at its source's voltage.
    pub fixed: bool,
}

impl Line {
    pub fn word(array: &Crossbar) -> Line {
        let outer = array.left_resistance(0);
        let end = array.right_resistance().filter(|_| outer > 0.0).map_or(0.0, |resistance| 1.0 / resistance);
        Line::new(array.columns, array.word_segment, inverse(outer), end, outer == 0.0)
    }

    pub fn bit(array: &Crossbar) -> Line {
        let outer = array.lower_resistance(array.rows - 1);
        Line::new(array.rows, array.bit_segment, 0.0, inverse(outer), outer == 0.0)
    }

    fn new(length: usize, segment: f64, start: f64, end: f64, fixed: bool) -> Line {
        Line { length, segment, start, end, fixed }
    }

    /// Every cell touches a node of its own.
    pub fn is_resistive(&self) -> bool {
        self.segment > 0.0
    }

    /// Current that a resistive line brings to a node, A, from its voltages: of the node before, its own, of the node
    /// after it; the source is at 0 V.
    #[inline(always)]
    pub fn inflow<const L: usize>(
        &self,
        before: Option<&Lanes<L>>,
        here: &Lanes<L>,
        after: Option<&Lanes<L>>,
    ) -> Lanes<L> {
        let conductance = self.conductance();
        let from = |neighbour: Option<&Lanes<L>>, outer: f64| match neighbour {
            Some(neighbour) => map::<L>(|l| conductance * (neighbour[l] - here[l])),
            None => map::<L>(|l| -outer * here[l]),
        };
        let (left, right) = (from(before, self.start), from(after, self.end));
        map(|l| left[l] + right[l])
    }

    /// Current per volt at a node that comes from rounding it and its neighbours, A/V.
    pub fn rounding(&self) -> f64 {
        if self.is_resistive() { 4.0 * f64::EPSILON * self.conductance() } else { 0.0 }
    }

    /// Conductance of a segment, S; infinite for an ideal line.
    pub fn conductance(&self) -> f64 {
        1.0 / self.segment
    }
}

fn inverse(resistance: f64) -> f64 {
    if resistance > 0.0 { 1.0 / resistance } else { 0.0 }
}

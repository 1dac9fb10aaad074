//! Solutions of A x = b and Aᵀ y = c with a factored A.

use std::ops::Range;

use dyn_stack::{MemBuffer, StackReq};

use super::factor::Factor;
use super::field::Field;
use super::symbolic::{Segment, SegmentKind};

/// Componentwise backward error above which a refinement step is made: some roundings more than unavoidable.
const REFINEMENT_TRIGGER: f64 = 8.0 * f64::EPSILON;

/// Room for solving; grows at the first use with a factor and is then reused without allocation.
#[derive(Default)]
pub struct Workspace<T> {
    permuted: Vec<T>,
    residual: Vec<T>,
    bound: Vec<f64>,
    memory: Option<(StackReq, MemBuffer)>,
}

/// What [`Factor::solve_refined`] found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Refinement {
    /// Largest |b − A x|ᵢ / (|A| |x| + |b|)ᵢ before refinement: the relative change of matrix and right-hand side
    /// entries that makes x exact (W. Oettli, W. Prager, Numer. Math. 6, 1964). NaN if x is not finite.
    pub backward_error: f64,
    /// Whether a step of refinement was made.
    pub refined: bool,
}

impl<T: Field> Workspace<T> {
    /// An empty workspace.
    pub fn new() -> Self {
        Workspace { permuted: Vec::new(), residual: Vec::new(), bound: Vec::new(), memory: None }
    }

    /// Scratch space of at least the required size for Cholesky solves.
    fn memory(memory: &mut Option<(StackReq, MemBuffer)>, required: StackReq) -> &mut MemBuffer {
        let enough = memory.as_ref().is_some_and(|(size, _)| {
            size.size_bytes() >= required.size_bytes() && size.align_bytes() >= required.align_bytes()
        });
        if !enough {
            *memory = Some((required, MemBuffer::new(required)));
        }
        &mut memory.as_mut().expect("was just filled").1
    }
}

impl<T: Field> Factor<T> {
    /// Solves A x = b in place: `right` holds b by equation on entry and x by unknown on return; length n.
    ///
    /// # Panics
    /// If the length is wrong.
    pub fn solve(&self, right: &mut [T], work: &mut Workspace<T>) {
        let n = self.n();
        assert_eq!(right.len(), n, "one right-hand side entry per equation");
        work.permuted.resize(n, T::ZERO);
        for (&value, &position) in right.iter().zip(&self.row_position) {
            work.permuted[position as usize] = value;
        }
        for (index, segment) in self.structure.segments.iter().enumerate().rev() {
            match (&segment.kind, self.solve_cholesky(index, segment, work)) {
                (_, true) => self.subtract_outer(segment.positions(), &mut work.permuted),
                (SegmentKind::Singletons, _) => self.solve_upper(segment.positions(), &mut work.permuted),
                (SegmentKind::Block(_), _) => {
                    self.solve_lower(segment.positions(), &mut work.permuted);
                    self.solve_upper(segment.positions(), &mut work.permuted);
                }
            }
        }
        for (&value, &unknown) in work.permuted.iter().zip(&self.structure.column_order) {
            right[unknown as usize] = value;
        }
    }

    /// Solves Aᵀ y = c in place: `right` holds c by unknown on entry and y by equation on return; length n.
    ///
    /// The transpose is not conjugated.
    ///
    /// # Panics
    /// If the length is wrong.
    pub fn solve_transposed(&self, right: &mut [T], work: &mut Workspace<T>) {
        let n = self.n();
        assert_eq!(right.len(), n, "one right-hand side entry per unknown");
        work.permuted.resize(n, T::ZERO);
        for (value, &unknown) in work.permuted.iter_mut().zip(&self.structure.column_order) {
            *value = right[unknown as usize];
        }
        for (index, segment) in self.structure.segments.iter().enumerate() {
            self.solve_upper_transposed(segment, self.cholesky[index].is_none(), &mut work.permuted);
            if !self.solve_cholesky(index, segment, work) && matches!(segment.kind, SegmentKind::Block(_)) {
                self.solve_lower_transposed(segment.positions(), &mut work.permuted);
            }
        }
        for (value, &position) in right.iter_mut().zip(&self.row_position) {
            *value = work.permuted[position as usize];
        }
    }

    /// Solves A x = b in place like [`Factor::solve`], followed by one step of iterative refinement if the
    /// componentwise backward error asks for it. `values` are those last factored.
    ///
    /// # Panics
    /// If a length is wrong.
    pub fn solve_refined(&self, values: &[T], right: &mut [T], work: &mut Workspace<T>) -> Refinement {
        let mut residual = std::mem::take(&mut work.residual);
        residual.clear();
        residual.extend_from_slice(right);

        self.solve(right, work);
        let backward_error = self.residual(values, right, &mut residual, &mut work.bound);
        let refined = backward_error > REFINEMENT_TRIGGER && backward_error.is_finite();
        if refined {
            self.solve(&mut residual, work);
            for (solution, &correction) in right.iter_mut().zip(&residual) {
                *solution += correction;
            }
        }
        work.residual = residual;
        Refinement { backward_error, refined }
    }

    /// residual ← residual − A x; returns its largest component relative to |A| |x| + |residual before|.
    fn residual(&self, values: &[T], x: &[T], residual: &mut [T], bound: &mut Vec<f64>) -> f64 {
        let pattern = &self.structure.pattern;
        assert_eq!(values.len(), pattern.nnz(), "one value per slot");
        bound.clear();
        bound.extend(residual.iter().map(|value| value.magnitude()));
        for (column, &unknown) in x.iter().enumerate() {
            let slots = pattern.column(column);
            for (&row, &value) in pattern.rows[slots.clone()].iter().zip(&values[slots]) {
                let product = value * unknown;
                residual[row as usize] -= product;
                bound[row as usize] += product.magnitude();
            }
        }
        let mut largest = 0.0;
        for (value, &bound) in residual.iter().zip(&*bound) {
            let magnitude = value.magnitude();
            if magnitude.is_nan() || bound.is_nan() {
                return f64::NAN;
            }
            // Multiplied out, so that 0 / 0 does not count.
            if magnitude > largest * bound {
                largest = magnitude / bound;
            }
        }
        largest
    }

    /// Solves a Cholesky block in both directions at once; false if the segment is not one.
    fn solve_cholesky(&self, index: usize, segment: &Segment, work: &mut Workspace<T>) -> bool {
        let (SegmentKind::Block(Some(plan)), Some(factor)) = (&segment.kind, &self.cholesky[index]) else {
            return false;
        };
        let Some(right) = T::as_real_mut(&mut work.permuted) else { return false };
        let memory = Workspace::<T>::memory(&mut work.memory, plan.solve_scratch());
        plan.solve(factor, &mut right[segment.positions()], memory);
        true
    }

    fn solve_lower(&self, positions: Range<usize>, x: &mut [T]) {
        let triangles = &self.triangles;
        let lower = triangles.parts().lower;
        for k in positions {
            let pivot = x[k];
            if pivot == T::ZERO {
                continue;
            }
            let range = triangles.lower_starts[k] as usize..triangles.lower_starts[k + 1] as usize;
            for (&row, &value) in triangles.lower_rows[range.clone()].iter().zip(&lower[range]) {
                x[row as usize] -= value * pivot;
            }
        }
    }

    /// Divides by the pivots and subtracts the solved unknowns everywhere above, including earlier blocks.
    fn solve_upper(&self, positions: Range<usize>, x: &mut [T]) {
        let triangles = &self.triangles;
        let parts = triangles.parts();
        for k in positions.rev() {
            let solution = x[k] * parts.inverse_pivots[k];
            x[k] = solution;
            if solution == T::ZERO {
                continue;
            }
            let range = triangles.upper_starts[k] as usize..triangles.upper_starts[k + 1] as usize;
            for (&row, &value) in triangles.upper_rows[range.clone()].iter().zip(&parts.upper[range]) {
                x[row as usize] -= value * solution;
            }
        }
    }

    /// Subtracts solved unknowns from the rows of earlier blocks.
    fn subtract_outer(&self, positions: Range<usize>, x: &mut [T]) {
        let triangles = &self.triangles;
        let upper = triangles.parts().upper;
        for k in positions {
            let solution = x[k];
            let range = triangles.upper_starts[k] as usize..triangles.upper_inner[k] as usize;
            for (&row, &value) in triangles.upper_rows[range.clone()].iter().zip(&upper[range]) {
                x[row as usize] -= value * solution;
            }
        }
    }

    /// Subtracts earlier blocks and, if `divide`, solves with the transposed U of the block itself.
    fn solve_upper_transposed(&self, segment: &Segment, divide: bool, x: &mut [T]) {
        let triangles = &self.triangles;
        let parts = triangles.parts();
        for k in segment.positions() {
            let range = triangles.upper_starts[k] as usize..triangles.upper_starts[k + 1] as usize;
            let mut sum = x[k];
            for (&row, &value) in triangles.upper_rows[range.clone()].iter().zip(&parts.upper[range]) {
                sum -= value * x[row as usize];
            }
            x[k] = if divide { sum * parts.inverse_pivots[k] } else { sum };
        }
    }

    fn solve_lower_transposed(&self, positions: Range<usize>, x: &mut [T]) {
        let triangles = &self.triangles;
        let lower = triangles.parts().lower;
        for k in positions.rev() {
            let range = triangles.lower_starts[k] as usize..triangles.lower_starts[k + 1] as usize;
            let mut sum = x[k];
            for (&row, &value) in triangles.lower_rows[range.clone()].iter().zip(&lower[range]) {
                sum -= value * x[row as usize];
            }
            x[k] = sum;
        }
    }
}

//! Refactorisation of small matrices as a straight list of operations.
//!
//! For a handful of unknowns the loops over short columns cost more than the arithmetic. Since pivots and patterns
//! are fixed, every operation can be written down once as indices into the array that holds L, U and the pivots.

use super::field::Field;
use super::symbolic::{SegmentKind, Structure};
use super::triangles::Triangles;

/// Programs with more updates than this are not compiled: the general loops read less memory and use supernodes.
/// Measured break-even between 2,000 and 10,000.
const LONGEST_PROGRAM: usize = 4_000;

/// One column: which operations complete it.
#[derive(Clone, Copy, Debug)]
struct Column {
    updates_end: u32,
    lower_end: u32,
}

/// target ← values[slot].
#[derive(Clone, Copy, Debug)]
struct Load {
    target: u32,
    slot: u32,
    row: u32,
}

/// target ← target − multiplier · factor.
#[derive(Clone, Copy, Debug)]
struct Update {
    target: u32,
    multiplier: u32,
    factor: u32,
}

/// All operations that turn the matrix values into L, U and reciprocal pivots.
#[derive(Clone, Debug)]
pub(super) struct Program {
    n: usize,
    slot_count: usize,
    value_count: usize,
    pivot_start: usize,
    /// Entries of the factors that are not entries of the matrix.
    fills: Vec<u32>,
    loads: Vec<Load>,
    updates: Vec<Update>,
    columns: Vec<Column>,
    /// Row position of each entry of L.
    lower_rows: Vec<u32>,
}

impl Program {
    /// Lists the operations, or gives up if there are too many or a block is meant for Cholesky.
    pub fn compile<T: Field>(
        structure: &Structure,
        entry_positions: &[u32],
        triangles: &Triangles<T>,
    ) -> Option<Program> {
        let n = structure.pattern.n;
        let planned = structure.segments.iter().any(|segment| matches!(segment.kind, SegmentKind::Block(Some(_))));
        if planned || n > LONGEST_PROGRAM || structure.entry_slots.len() > LONGEST_PROGRAM {
            return None;
        }
        let mut program = Program {
            n,
            slot_count: structure.entry_slots.len(),
            value_count: triangles.values.len(),
            pivot_start: triangles.pivot_start(),
            fills: Vec::new(),
            loads: Vec::with_capacity(structure.entry_slots.len()),
            updates: Vec::new(),
            columns: Vec::with_capacity(n),
            lower_rows: triangles.lower_rows.clone(),
        };
        // Where the entries of the current column are stored, by row position.
        let mut place = vec![0u32; n];
        let mut loaded = vec![false; triangles.values.len()];
        for k in 0..n {
            program.place_column(triangles, k, &mut place);
            let entries = structure.entry_starts[k] as usize..structure.entry_starts[k + 1] as usize;
            for (&row, &slot) in entry_positions[entries.clone()].iter().zip(&structure.entry_slots[entries]) {
                let target = place[row as usize];
                loaded[target as usize] = true;
                program.loads.push(Load { target, slot, row });
            }
            program.list_updates(triangles, k, &place);
            if program.updates.len() > LONGEST_PROGRAM {
                return None;
            }
            let updates_end = program.updates.len() as u32;
            program.columns.push(Column { updates_end, lower_end: triangles.lower_starts[k + 1] });
        }
        program.fills = (0..triangles.values.len() as u32).filter(|&index| !loaded[index as usize]).collect();
        Some(program)
    }

    fn place_column<T>(&self, triangles: &Triangles<T>, k: usize, place: &mut [u32]) {
        let lower_count = triangles.lower_rows.len();
        for index in triangles.lower_starts[k] as usize..triangles.lower_starts[k + 1] as usize {
            place[triangles.lower_rows[index] as usize] = index as u32;
        }
        for index in triangles.upper_starts[k] as usize..triangles.upper_starts[k + 1] as usize {
            place[triangles.upper_rows[index] as usize] = (lower_count + index) as u32;
        }
        place[k] = (self.pivot_start + k) as u32;
    }

    fn list_updates<T>(&mut self, triangles: &Triangles<T>, k: usize, place: &[u32]) {
        for index in triangles.upper_inner[k] as usize..triangles.upper_starts[k + 1] as usize {
            let pivot = triangles.upper_rows[index] as usize;
            let factor = (triangles.lower_rows.len() + index) as u32;
            for multiplier in triangles.lower_starts[pivot]..triangles.lower_starts[pivot + 1] {
                let target = place[triangles.lower_rows[multiplier as usize] as usize];
                self.updates.push(Update { target, multiplier, factor });
            }
        }
    }

    /// Refactors; false if a pivot vanishes, a multiplier exceeds its limit or anything is not finite.
    ///
    /// Arguments as for [`super::refactor::Refactorization`]; `row_largest` is computed here.
    pub fn run<T: Field>(
        &self,
        triangles: &mut Triangles<T>,
        values: &[T],
        row_largest: &mut [f64],
        absolute: f64,
        growth_limit: f64,
    ) -> bool {
        let factors = &mut triangles.values[..];
        assert!(values.len() == self.slot_count && factors.len() == self.value_count && row_largest.len() == self.n);
        self.load(factors, values, row_largest);
        let mut healthy = row_largest.iter().fold(true, |finite, &largest| finite & (largest < f64::INFINITY));
        let (mut update, mut lower) = (0, 0);
        for (k, column) in self.columns.iter().enumerate() {
            for operation in &self.updates[update..column.updates_end as usize] {
                let product = factors[operation.multiplier as usize] * factors[operation.factor as usize];
                factors[operation.target as usize] -= product;
            }
            update = column.updates_end as usize;

            let pivot = factors[self.pivot_start + k];
            let magnitude = pivot.magnitude();
            healthy &= (magnitude > absolute) & (f64::MIN_POSITIVE..f64::INFINITY).contains(&magnitude);
            let inverse = pivot.reciprocal();
            factors[self.pivot_start + k] = inverse;

            let range = lower..column.lower_end as usize;
            let pivot_row_largest = row_largest[k];
            for (target, &row) in factors[range.clone()].iter_mut().zip(&self.lower_rows[range]) {
                let multiplier = *target * inverse;
                *target = multiplier;
                healthy &= multiplier.magnitude() * pivot_row_largest <= growth_limit * row_largest[row as usize];
            }
            lower = column.lower_end as usize;
        }
        healthy
    }

    fn load<T: Field>(&self, factors: &mut [T], values: &[T], row_largest: &mut [f64]) {
        row_largest.fill(0.0);
        for &fill in &self.fills {
            factors[fill as usize] = T::ZERO;
        }
        for load in &self.loads {
            let value = values[load.slot as usize];
            factors[load.target as usize] = value;
            let largest = &mut row_largest[load.row as usize];
            // Ordered like the numbers, with infinity and NaN on top; see `row_maxima`.
            *largest = f64::from_bits(largest.to_bits().max(value.magnitude().to_bits()));
        }
    }
}

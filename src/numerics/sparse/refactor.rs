//! Factorisation with the pivots and patterns of an earlier one.

use std::ops::Range;

use super::field::Field;
use super::symbolic::Structure;
use super::triangles::Triangles;

/// What a refactorisation reads besides the values, and the scratch space it needs.
pub(super) struct Refactorization<'a, T> {
    pub structure: &'a Structure,
    /// Final row position of each entry of the structure.
    pub entry_positions: &'a [u32],
    /// Largest magnitude in the row at each position, of the current values.
    pub row_largest: &'a [f64],
    /// Dense column, zero between calls.
    pub column: &'a mut [T],
    pub values: &'a [T],
    /// Pivots must be larger than this.
    pub absolute: f64,
    /// Multipliers, relative to their rows' largest entries, must not exceed this.
    pub growth_limit: f64,
}

/// Largest magnitude of every row. NaN and infinity are kept.
pub(super) fn row_maxima<T: Field>(rows: &[u32], values: &[T], largest: &mut [f64]) {
    largest.fill(0.0);
    for (&row, value) in rows.iter().zip(values) {
        // The bits of non-negative numbers are ordered like the numbers, with infinity and then NaN on top.
        let target = &mut largest[row as usize];
        *target = f64::from_bits(target.to_bits().max(value.magnitude().to_bits()));
    }
}

impl<T: Field> Refactorization<'_, T> {
    /// Entries in rows of earlier blocks, for columns whose own block is factored elsewhere.
    pub fn outer(&mut self, positions: Range<usize>, triangles: &mut Triangles<T>) {
        let (_, rest) = triangles.values.split_at_mut(triangles.lower_rows.len());
        for position in positions {
            self.store_outer(position, triangles.upper_starts[position] as usize, rest);
        }
    }

    /// 1 × 1 blocks; false if a pivot vanishes or is not finite.
    pub fn singletons(&mut self, positions: Range<usize>, triangles: &mut Triangles<T>) -> bool {
        let (_, rest) = triangles.values.split_at_mut(triangles.lower_rows.len());
        let (upper, inverse_pivots) = rest.split_at_mut(triangles.upper_rows.len());
        let mut healthy = true;
        for position in positions {
            self.store_outer(position, triangles.upper_starts[position] as usize, upper);
            let entry = self.structure.entry_inner[position] as usize;
            let pivot = self.values[self.structure.entry_slots[entry] as usize];
            healthy &= self.acceptable(pivot);
            inverse_pivots[position] = pivot.reciprocal();
        }
        healthy
    }

    /// One block; false if a pivot vanishes or has become too small for its column.
    pub fn block(&mut self, positions: Range<usize>, triangles: &mut Triangles<T>) -> bool {
        let (lower, rest) = triangles.values.split_at_mut(triangles.lower_rows.len());
        let (upper, inverse_pivots) = rest.split_at_mut(triangles.upper_rows.len());
        let below = Below { starts: &triangles.lower_starts, rows: &triangles.lower_rows };
        let mut healthy = true;
        for position in positions {
            self.store_outer(position, triangles.upper_starts[position] as usize, upper);
            for entry in self.structure.inner_entries(position) {
                self.column[self.entry_positions[entry] as usize] =
                    self.values[self.structure.entry_slots[entry] as usize];
            }

            let inner = triangles.upper_inner[position] as usize..triangles.upper_starts[position + 1] as usize;
            self.eliminate(
                &triangles.upper_rows[inner.clone()],
                &mut upper[inner],
                &triangles.supernodes,
                &below,
                lower,
            );

            let pivot = std::mem::replace(&mut self.column[position], T::ZERO);
            healthy &= self.acceptable(pivot);
            let inverse = pivot.reciprocal();
            inverse_pivots[position] = inverse;
            let range = below.column(position);
            healthy &= self.store_lower(position, inverse, &below.rows[range.clone()], &mut lower[range]);
        }
        healthy
    }

    fn acceptable(&self, pivot: T) -> bool {
        let magnitude = pivot.magnitude();
        (magnitude > self.absolute) & (f64::MIN_POSITIVE..f64::INFINITY).contains(&magnitude)
    }

    #[inline]
    fn store_outer(&self, position: usize, start: usize, upper: &mut [T]) {
        let slots = &self.structure.entry_slots[self.structure.outer_entries(position)];
        for (target, &slot) in upper[start..].iter_mut().zip(slots) {
            *target = self.values[slot as usize];
        }
    }

    /// Subtracts the earlier columns of the block; `rows` and `upper` are the column of U, rows ascending.
    #[inline]
    fn eliminate(&mut self, rows: &[u32], upper: &mut [T], supernodes: &[u32], below: &Below, lower: &[T]) {
        let mut index = 0;
        while index < rows.len() {
            let first = rows[index] as usize;
            let consecutive = |width: usize| {
                rows.get(index + width - 1).is_some_and(|&row| {
                    row as usize == first + width - 1 && supernodes[row as usize] == supernodes[first]
                })
            };
            index += if !consecutive(2) {
                subtract_columns::<T, 1>(first, &mut upper[index..], self.column, below, lower)
            } else if consecutive(4) {
                subtract_columns::<T, 4>(first, &mut upper[index..], self.column, below, lower)
            } else {
                subtract_columns::<T, 2>(first, &mut upper[index..], self.column, below, lower)
            };
        }
    }

    /// Divides by the pivot; false if a multiplier is too large relative to its row and the pivot's.
    #[inline]
    fn store_lower(&mut self, position: usize, inverse: T, rows: &[u32], lower: &mut [T]) -> bool {
        let pivot_row_largest = self.row_largest[position];
        let mut healthy = true;
        for (&row, target) in rows.iter().zip(lower) {
            let multiplier = std::mem::replace(&mut self.column[row as usize], T::ZERO) * inverse;
            *target = multiplier;
            let limit = self.growth_limit * self.row_largest[row as usize];
            healthy &= multiplier.magnitude() * pivot_row_largest <= limit;
        }
        healthy
    }
}

/// Pattern of L.
struct Below<'a> {
    starts: &'a [u32],
    rows: &'a [u32],
}

impl Below<'_> {
    fn column(&self, position: usize) -> Range<usize> {
        self.starts[position] as usize..self.starts[position + 1] as usize
    }
}

/// Subtracts `WIDTH` consecutive columns of one supernode at once, so that the dense column is read and written
/// once for all of them. Stores the finished entries of U and returns `WIDTH`.
#[inline(always)]
fn subtract_columns<T: Field, const WIDTH: usize>(
    first: usize,
    upper: &mut [T],
    column: &mut [T],
    below: &Below,
    lower: &[T],
) -> usize {
    // The triangle inside the supernode: column first + i of L starts with rows first + i + 1, first + i + 2, …
    let mut factors = [T::ZERO; WIDTH];
    for i in 0..WIDTH {
        let mut factor = std::mem::replace(&mut column[first + i], T::ZERO);
        for j in 0..i {
            factor -= lower[below.starts[first + j] as usize + (i - j - 1)] * factors[j];
        }
        factors[i] = factor;
        upper[i] = factor;
    }
    let range = below.column(first + WIDTH - 1);
    let rows = &below.rows[range.clone()];
    let columns: [&[T]; WIDTH] = std::array::from_fn(|i| {
        let start = below.starts[first + i] as usize + (WIDTH - 1 - i);
        &lower[start..start + rows.len()]
    });
    let (Some(&lowest), Some(&highest)) = (rows.first(), rows.last()) else { return WIDTH };
    if (highest - lowest) as usize + 1 == rows.len() {
        // No gaps: plain vector arithmetic.
        let target = &mut column[lowest as usize..=highest as usize];
        for (k, target) in target.iter_mut().enumerate() {
            let mut value = *target;
            for i in 0..WIDTH {
                value -= columns[i][k] * factors[i];
            }
            *target = value;
        }
        return WIDTH;
    }
    for (k, &row) in rows.iter().enumerate() {
        let target = &mut column[row as usize];
        let mut value = *target;
        for i in 0..WIDTH {
            value -= columns[i][k] * factors[i];
        }
        *target = value;
    }
    WIDTH
}

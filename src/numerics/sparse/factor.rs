//! The numerical factorisation as the simulator sees it.

use std::sync::Arc;

use super::cholesky::CholeskyFactor;
use super::elimination::{Elimination, PivotOptions};
use super::field::Field;
use super::program::Program;
use super::refactor::{Refactorization, row_maxima};
use super::symbolic::{Segment, SegmentKind, Structure, Symbolic};
use super::triangles::Triangles;

/// With kept pivots, multipliers may exceed what the pivot threshold allows a fresh factorisation by 1 / this.
const REFACTOR_SLACK: f64 = 1e-2;

/// Upper bound of the growth limit, for thresholds near zero.
const LARGEST_GROWTH: f64 = 1e12;

/// The values admit no factorisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Singular {
    /// The unknown (column) for which no pivot was left, or that has an entry which is not finite.
    pub unknown: usize,
    /// The equation (row) matched with it; the one with the bad entry for [`SingularCause::NotFinite`].
    pub equation: usize,
    /// What is wrong with it.
    pub cause: SingularCause,
}

/// Why a matrix could not be factored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SingularCause {
    /// All candidates for the pivot are zero, or not above [`PivotOptions::absolute`].
    NoPivot,
    /// An entry is infinite or not a number.
    NotFinite,
}

impl std::fmt::Display for Singular {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Singular { unknown, equation, .. } = self;
        match self.cause {
            SingularCause::NoPivot => {
                write!(formatter, "singular matrix: no pivot for unknown {unknown} (equation {equation})")
            }
            SingularCause::NotFinite => {
                write!(formatter, "equation {equation} has an entry for unknown {unknown} that is not finite")
            }
        }
    }
}

impl std::error::Error for Singular {}

/// Whether the pivots of an earlier factorisation still suit the values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "an unhealthy factor gives wrong solutions"]
pub enum Refactored {
    /// Multipliers stayed within bounds: as good as new.
    Healthy,
    /// A pivot vanished, became relatively too small or is not finite: factor afresh before solving.
    Unhealthy,
}

/// What [`Factor::update`] did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Kept the pivots.
    Refactored,
    /// Chose new pivots.
    Factored,
}

/// The smallest pivot, relative to the largest entry in its row: a hint at an ill-determined unknown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SmallestPivot {
    /// The unknown eliminated by this pivot.
    pub unknown: usize,
    /// Its magnitude in matrix units.
    pub magnitude: f64,
    /// Its magnitude over the largest entry of the pivot's row.
    pub relative: f64,
}

/// LU factors of a matrix with a known pattern; symmetric positive definite blocks by Cholesky.
///
/// All computations are sequential and depend on nothing but the arguments.
pub struct Factor<T> {
    pub(super) structure: Arc<Structure>,
    options: PivotOptions,
    pub(super) triangles: Triangles<T>,
    /// One for each segment that is factored by Cholesky.
    pub(super) cholesky: Vec<Option<CholeskyFactor>>,
    /// Final position of each row of the matrix.
    pub(super) row_position: Vec<u32>,
    /// Final row position of each entry of the structure.
    entry_positions: Vec<u32>,
    /// Largest magnitude in each row of the matrix.
    row_largest: Vec<f64>,
    /// The same by final position.
    position_largest: Vec<f64>,
    /// Dense column, zero between calls.
    column: Vec<T>,
    /// The refactorisation of small matrices, as a list of operations.
    program: Option<Program>,
    factorizations: u64,
    refactorizations: u64,
}

impl<T: Field> Factor<T> {
    /// Factors a matrix. `values` has one number per slot of the pattern that was analysed.
    ///
    /// # Errors
    /// [`Singular`], naming the unknown.
    ///
    /// # Panics
    /// If the number of values is wrong.
    pub fn new(symbolic: &Symbolic, values: &[T], options: &PivotOptions) -> Result<Factor<T>, Singular> {
        Self::compute(Arc::clone(&symbolic.structure), values, *options)
    }

    fn compute(structure: Arc<Structure>, values: &[T], options: PivotOptions) -> Result<Factor<T>, Singular> {
        assert_eq!(values.len(), structure.pattern.nnz(), "one value per slot");
        let n = structure.pattern.n;
        check_finite(&structure, values)?;
        let mut row_largest = vec![0.0; n];
        row_maxima(&structure.pattern.rows, values, &mut row_largest);
        let weight = |&row: &u32| match row_largest[row as usize] {
            0.0 => 1.0,
            largest => 1.0 / largest,
        };
        let weights: Vec<f64> = structure.row_order.iter().map(weight).collect();

        let mut elimination = Elimination::new(&structure, values, options, &weights);
        let mut cholesky = Vec::with_capacity(structure.segments.len());
        for segment in &structure.segments {
            let factor = factor_segment(segment, values, &mut elimination)
                .map_err(|position| singular_at(&structure, position, SingularCause::NoPivot))?;
            cholesky.push(factor);
        }
        let position_of = std::mem::take(&mut elimination.row_position);
        let triangles = Triangles::new(elimination);

        let entry_positions: Vec<u32> = structure.entry_rows.iter().map(|&row| position_of[row as usize]).collect();
        let mut row_position = vec![0u32; n];
        let mut position_largest = vec![0.0; n];
        for (label, &row) in structure.row_order.iter().enumerate() {
            row_position[row as usize] = position_of[label];
            position_largest[position_of[label] as usize] = row_largest[row as usize];
        }
        let program = Program::compile(&structure, &entry_positions, &triangles);
        Ok(Factor {
            structure,
            options,
            triangles,
            cholesky,
            row_position,
            entry_positions,
            row_largest,
            position_largest,
            column: vec![T::ZERO; n],
            program,
            factorizations: 1,
            refactorizations: 0,
        })
    }

    /// Factors new values with the pivots of the last factorisation. Does not allocate.
    ///
    /// The result is unhealthy if a multiplier, taken relative to the largest entries of its row and the pivot's,
    /// exceeds a hundred times what the pivot threshold allows, or if a pivot vanishes or anything is not finite.
    /// An unhealthy factor must not be used; see [`Factor::update`].
    ///
    /// # Panics
    /// If the number of values is wrong.
    pub fn refactor(&mut self, values: &[T]) -> Refactored {
        assert_eq!(values.len(), self.structure.pattern.nnz(), "one value per slot");
        self.refactorizations += 1;
        let growth_limit = (1.0 / (self.options.relative_threshold * REFACTOR_SLACK)).min(LARGEST_GROWTH);
        let healthy = match &self.program {
            Some(program) => program.run(
                &mut self.triangles,
                values,
                &mut self.position_largest,
                self.options.absolute,
                growth_limit,
            ),
            None => self.refactor_segments(values, growth_limit),
        };
        if healthy { Refactored::Healthy } else { Refactored::Unhealthy }
    }

    fn refactor_segments(&mut self, values: &[T], growth_limit: f64) -> bool {
        let structure = &*self.structure;
        // In the order of the matrix, then permuted: fewer cache misses than in elimination order.
        row_maxima(&structure.pattern.rows, values, &mut self.row_largest);
        let mut healthy = true;
        for (&position, &largest) in self.row_position.iter().zip(&self.row_largest) {
            self.position_largest[position as usize] = largest;
            healthy &= largest < f64::INFINITY;
        }
        let mut run = Refactorization {
            structure,
            entry_positions: &self.entry_positions,
            row_largest: &self.position_largest,
            column: &mut self.column,
            values,
            absolute: self.options.absolute,
            growth_limit,
        };
        for (segment, cholesky) in structure.segments.iter().zip(&mut self.cholesky) {
            healthy &= match (&segment.kind, cholesky, T::as_real(values)) {
                (SegmentKind::Singletons, _, _) => run.singletons(segment.positions(), &mut self.triangles),
                (SegmentKind::Block(Some(plan)), Some(factor), Some(real)) => {
                    run.outer(segment.positions(), &mut self.triangles);
                    plan.factor(real, factor)
                }
                (SegmentKind::Block(_), _, _) => run.block(segment.positions(), &mut self.triangles),
            };
        }
        healthy
    }

    /// Refactors, and factors afresh if the pivots do not suit the new values.
    ///
    /// # Errors
    /// [`Singular`]; the factor must then not be used before a later update succeeds.
    ///
    /// # Panics
    /// If the number of values is wrong.
    pub fn update(&mut self, values: &[T]) -> Result<Kind, Singular> {
        if self.refactor(values) == Refactored::Healthy {
            return Ok(Kind::Refactored);
        }
        let fresh = Self::compute(Arc::clone(&self.structure), values, self.options)?;
        let (factorizations, refactorizations) = (self.factorizations, self.refactorizations);
        *self = Factor { factorizations: factorizations + 1, refactorizations, ..fresh };
        Ok(Kind::Factored)
    }

    /// Number of unknowns.
    pub fn n(&self) -> usize {
        self.structure.pattern.n
    }

    /// How often pivots were chosen.
    pub fn factorizations(&self) -> u64 {
        self.factorizations
    }

    /// How often kept pivots were tried, successfully or not.
    pub fn refactorizations(&self) -> u64 {
        self.refactorizations
    }

    /// Numbers stored in the factors: L, U with its diagonal, and Cholesky factors.
    pub fn nnz(&self) -> usize {
        let dense: usize = self.cholesky_blocks().map(|(segment, plan, _)| plan.factor_length() - segment.len()).sum();
        self.triangles.values.len() + dense
    }

    /// Number of blocks factored by Cholesky.
    pub fn cholesky_block_count(&self) -> usize {
        self.cholesky.iter().flatten().count()
    }

    /// The pivot that is smallest relative to its row; None for an empty matrix.
    pub fn smallest_pivot(&self) -> Option<SmallestPivot> {
        let inverse_pivots = self.triangles.parts().inverse_pivots;
        let mut smallest: Option<SmallestPivot> = None;
        let mut consider = |position: usize, magnitude: f64| {
            let relative = magnitude / self.position_largest[position];
            if smallest.is_none_or(|known| relative < known.relative) {
                let unknown = self.structure.column_order[position] as usize;
                smallest = Some(SmallestPivot { unknown, magnitude, relative });
            }
        };
        for (segment, cholesky) in self.structure.segments.iter().zip(&self.cholesky) {
            match (&segment.kind, cholesky) {
                (SegmentKind::Block(Some(plan)), Some(factor)) => {
                    plan.pivots(factor).for_each(|(local, pivot)| consider(segment.start + local, pivot));
                }
                _ => {
                    segment.positions().for_each(|k| consider(k, inverse_pivots[k].reciprocal().magnitude()));
                }
            }
        }
        smallest
    }

    fn cholesky_blocks(
        &self,
    ) -> impl Iterator<Item = (std::ops::Range<usize>, &super::cholesky::CholeskyPlan, &CholeskyFactor)> {
        self.structure.segments.iter().zip(&self.cholesky).filter_map(|(segment, factor)| match &segment.kind {
            SegmentKind::Block(Some(plan)) => Some((segment.positions(), &**plan, factor.as_ref()?)),
            _ => None,
        })
    }
}

/// Factors one segment by the method that suits it; on failure returns the position without pivot.
fn factor_segment<T: Field>(
    segment: &Segment,
    values: &[T],
    elimination: &mut Elimination<'_, T>,
) -> Result<Option<CholeskyFactor>, usize> {
    match (&segment.kind, T::as_real(values)) {
        (SegmentKind::Singletons, _) => elimination.singletons(segment.positions())?,
        (SegmentKind::Block(Some(plan)), Some(real)) => {
            let mut factor = plan.allocate();
            if plan.factor(real, &mut factor) {
                elimination.skip(segment.positions());
                return Ok(Some(factor));
            }
            elimination.block(segment.positions())?;
        }
        (SegmentKind::Block(_), _) => elimination.block(segment.positions())?,
    }
    Ok(None)
}

fn singular_at(structure: &Structure, position: usize, cause: SingularCause) -> Singular {
    Singular {
        unknown: structure.column_order[position] as usize,
        equation: structure.row_order[position] as usize,
        cause,
    }
}

fn check_finite<T: Field>(structure: &Structure, values: &[T]) -> Result<(), Singular> {
    let Some(slot) = values.iter().position(|value| !value.magnitude().is_finite()) else { return Ok(()) };
    let pattern = &structure.pattern;
    let unknown = pattern.column_starts.partition_point(|&start| start as usize <= slot) - 1;
    let equation = pattern.rows[slot] as usize;
    Err(Singular { unknown, equation, cause: SingularCause::NotFinite })
}

//! Sparse matrices of circuits: patterns, and LU factors that are made once and refreshed millions of times.
//!
//! [`Pattern`] says where entries are, [`Symbolic`] is the analysis done once per topology, [`Factor`] holds the
//! numbers:
//!
//! ```
//! use ferrospice::numerics::sparse::{Factor, Pattern, PivotOptions, Symbolic, Workspace};
//! let (pattern, slots) = Pattern::from_entries(2, &[(0, 0), (0, 1), (1, 0), (0, 0)]);
//! let mut values = vec![0.0; pattern.nnz()];
//! for (slot, stamp) in slots.iter().zip([1e-3, 1.0, 1.0, 1e-3]) {
//!     values[*slot as usize] += stamp;
//! }
//! let symbolic = Symbolic::analyze(&pattern, Some(&values))?;
//! let mut factor = Factor::new(&symbolic, &values, &PivotOptions::default())?;
//! let mut x = [0.0, 5.0]; // 5 V source across 500 Ω
//! let mut work = Workspace::new();
//! factor.solve(&mut x, &mut work);
//! assert_eq!(x, [5.0, -0.01]);
//! values[0] = 4e-3;
//! factor.update(&values)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod block_triangular;
mod cholesky;
mod elimination;
mod factor;
mod field;
mod ordering;
mod pattern;
mod program;
mod refactor;
mod solve;
mod symbolic;
mod transversal;
mod triangles;

pub use block_triangular::irreducible_blocks;
pub use elimination::PivotOptions;
pub use factor::{Factor, Kind, Refactored, Singular, SingularCause, SmallestPivot};
pub use field::Field;
pub use pattern::Pattern;
pub use solve::{Refinement, Workspace};
pub use symbolic::Symbolic;
pub use transversal::StructurallySingular;

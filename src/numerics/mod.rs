//! Scalars with derivatives, sparse matrices, integration formulas, Newton's method, rows of values, filters.

pub mod bessel;
pub mod chebyshev;
pub mod curve;
pub mod dual;
pub mod integrator;
pub mod joint_diagonal;
pub mod newton;
pub mod npy;
pub mod pencil;
pub mod power_series;
pub mod random;
pub mod scalar;
pub mod spacing;
pub mod sparse;
pub mod swing;
pub mod tangent;
pub mod tape;

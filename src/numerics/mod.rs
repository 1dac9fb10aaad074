//! Scalars with derivatives, sparse matrices, integration formulas, Newton's method.

pub mod bessel;
pub mod dual;
pub mod integrator;
pub mod newton;
pub mod npy;
pub mod pencil;
pub mod random;
pub mod scalar;
pub mod sparse;
pub mod tape;

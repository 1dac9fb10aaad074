//! Scalars with derivatives, sparse matrices, integration formulas.

pub mod sparse;

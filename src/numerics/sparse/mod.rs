//! Sparse matrices of circuits.

//! Arrays of cells with wire resistance between driven word lines and sensed bit lines.
//!
//! [`Crossbar`] describes the array, and two exact solvers of its linear equations share that description:
//! [`PortReduction`] eliminates every node once and leaves the transfer matrix from inputs to sensed currents, so that
//! each further input costs one product; [`NestedDissection`] gives all node voltages for given inputs.
//! [`conservation`] judges such voltages by Kirchhoff's current law and by power.
//!
//! ```
//! use ferrospice::arrays::{Crossbar, NestedDissection, PortReduction};
//! let array = Crossbar { word_segment: 1.0, bit_segment: 1.0, ..Crossbar::ideal(2, 2) };
//! let conductances = [1e-3, 2e-3, 3e-3, 4e-3];
//! let reduction = PortReduction::new(&array, &conductances)?;
//! let currents = reduction.currents(&[0.2, 0.1])?;
//! let voltages = NestedDissection::new(&array)?.factor(&conductances)?.voltages(&[0.2, 0.1])?;
//! assert!((voltages.bit[2] / 1.0 - currents[0]).abs() < 1e-15);
//! # Ok::<(), ferrospice::diagnostic::Diagnostic>(())
//! ```

pub mod cells;
mod coarse_space;
pub mod conservation;
mod drive;
mod elementary;
mod geometry;
mod lanes;
pub mod laws;
mod line;
mod line_relaxation;
mod nested_dissection;
mod port_reduction;
mod rounds;
mod solver;
mod tile;
pub mod transient;

pub use drive::Drive;
pub use geometry::{Cell, Crossbar, Driving};
pub use nested_dissection::{LinearCells, NestedDissection, NodeVoltages};
pub use port_reduction::PortReduction;
pub use solver::{ArraySolver, Method, Observer, Options, Sensed, Solution, Statistics};

//! Arrays of cells with wire resistance between driven word lines and sensed bit lines.
//!
//! [`Crossbar`] describes the array, a [`cells::CellLaw`] its cells ([`laws`] has the usual ones), a [`Drive`] the voltages
//! that its lines are held at, and [`ArraySolver`] finds sensed currents and node voltages by the method that suits them:
//!
//! | method | cells | what it does |
//! |---|---|---|
//! | [`PortReduction`] | linear | eliminates every node once; the transfer matrix then makes each input one product |
//! | [`NestedDissection`] | linear | sparse Cholesky factor; all node voltages of given inputs |
//! | relaxation (`line_relaxation`) | any | solves word and bit lines in turn, 8 inputs in vector lanes, with Newton's method inside |
//!
//! Relaxation alone is slow where wires take much of the voltage; an exact correction of voltages common to both sides of
//! the cells (`coarse_space`) makes every round leave a small part of the error, whatever wires and cells are: some ten
//! rounds to 1e-9. A narrow array of merged columns gives the first guess (`merged_start`), and where rounds do not converge, as
//! with very steep cells, Newton's method with a factor of the whole array takes over (`newton`).
//! [`conservation`] judges node voltages of any origin by Kirchhoff's current law and by power.
//!
//! ```
//! use ferrospice::arrays::{Crossbar, NestedDissection, PortReduction};
//! let array = Crossbar { word_segment: 1.0, bit_segment: 1.0, ..Crossbar::ideal(2, 2) };
//! let conductances = [1e-3, 2e-3, 3e-3, 4e-3];
//! let reduction = PortReduction::new(&array, &conductances)?;
//! let currents = reduction.currents(&[0.2, 0.1])?;
//! let voltages = NestedDissection::new(&array)?.factor(&conductances)?.voltages(&[0.2, 0.1])?;
//! assert!((voltages.bit[2] / 1.0 - currents[0]).abs() < 1e-15);
//!
//! use ferrospice::arrays::{ArraySolver, Drive, Options, laws::SquareLaw};
//! let cells = SquareLaw { conductances: conductances.to_vec(), slope: 5.0 };
//! let solver = ArraySolver::new(&array, &cells, Options::default())?;
//! let sensed = solver.currents(&[Drive::inputs(&[0.2, 0.1])])?;
//! assert!(sensed.currents[(0, 0)] > currents[0] && sensed.statistics.largest_relative_imbalance <= 1e-9);
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
mod merged_start;
mod nested_dissection;
mod newton;
mod port_reduction;
mod rounds;
mod solver;
mod tile;
pub mod transient;

pub use drive::Drive;
pub use geometry::{Cell, Crossbar, Driving, Node};
pub use nested_dissection::{LinearCells, NestedDissection, NodeVoltages, elimination_order, wires};
pub use port_reduction::PortReduction;
pub use solver::{ArraySolver, Method, Observer, Options, Sensed, Solution, Statistics};

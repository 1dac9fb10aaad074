//! Vectors that the commands of a script compute with: the plots of its analyses, and what it adds to them.
//!
//! Names, operators, functions and printed tables are ngspice's.

mod arithmetic;
mod evaluate;
pub mod functions;
mod named_vector;
mod series_functions;
pub mod spectrum;
mod store;
pub mod table;

pub use evaluate::{Definition, Evaluator, OPERATION_LIMIT, VectorValue};
pub use named_vector::{NamedVector, VectorPlot, axis_name, plot_of};
pub use series_functions::interpolated;
pub use store::VectorStore;

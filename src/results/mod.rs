//! Results: vectors of simulated values, the files that hold them, and what is computed from them.

pub mod csv_file;
pub mod needed;
pub mod plot;
pub mod raw_reader;
pub mod raw_writer;
pub mod recorder;
pub mod selection;
pub mod sink;

pub use plot::{Column, Data, Header, Plot};
pub use recorder::Recorder;
pub use sink::Sink;

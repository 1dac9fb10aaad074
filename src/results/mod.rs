//! Results: vectors of simulated values, the files that hold them, and what is computed from them.

pub mod across;
pub mod array_card;
pub mod array_snapshot;
pub mod card_text;
pub mod cards;
pub mod check;
pub mod csv_file;
pub mod figure;
pub mod figure_card;
pub mod figure_drawing;
pub mod fit;
pub mod fourier;
pub mod load;
pub mod measure;
pub mod needed;
pub mod number_text;
pub mod plot;
pub mod plot_selector;
pub mod print_file;
pub mod print_table;
pub mod raw_reader;
pub mod raw_writer;
pub mod recorder;
pub mod reduction;
pub mod reduction_call;
pub mod samples;
pub mod scope;
pub mod selection;
pub mod series;
pub mod sink;
pub mod target_card;
pub mod value;
pub mod vectors;

pub use plot::{Column, Data, Header, Plot};
pub use recorder::Recorder;
pub use sink::Sink;

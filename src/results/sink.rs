//! Where the points of plots go: memory, raw files, CSV files.

use std::io;

use super::plot::{Header, Plot};

/// Takes plots point by point.
pub trait Sink {
    fn begin(&mut self, header: &Header) -> io::Result<()>;

    /// One value per column, or for complex plots real and imaginary parts in turn.
    fn row(&mut self, row: &[f64]) -> io::Result<()>;

    fn end(&mut self) -> io::Result<()>;

    /// Called before the plot ends if not all of its points have come.
    fn mark_incomplete(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Keeps plots in memory.
#[derive(Debug, Default)]
pub struct Memory {
    pub plots: Vec<Plot>,
    /// Of each plot the last point alone.
    pub last_only: bool,
}

impl Sink for Memory {
    fn begin(&mut self, header: &Header) -> io::Result<()> {
        self.plots.push(Plot::empty(header.clone()));
        Ok(())
    }

    fn row(&mut self, row: &[f64]) -> io::Result<()> {
        if let Some(plot) = self.plots.last_mut() {
            if self.last_only {
                plot.clear();
            }
            plot.push(row);
        }
        Ok(())
    }

    fn end(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Sends a complete plot to a sink.
pub fn replay(plot: &Plot, sink: &mut dyn Sink) -> io::Result<()> {
    sink.begin(&plot.header)?;
    for index in 0..plot.len() {
        sink.row(&plot.row(index))?;
    }
    sink.end()
}

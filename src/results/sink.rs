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
    last_only: bool,
    /// The text of all cards that plots are kept for: of plots with many vectors those that it does not name are left out.
    named_in: Option<String>,
    /// Columns that are kept; empty for all.
    kept: Vec<usize>,
    part: Vec<f64>,
}

/// Plots with fewer vectors than this are kept whole, whatever is asked of them.
const MANY: usize = 256;

impl Memory {
    /// With `last_only` of each plot the last point alone; with `named_in`, the text of cards, of plots with many vectors those alone that
    /// it names.
    pub fn new(last_only: bool, named_in: Option<String>) -> Self {
        Memory { last_only, named_in, ..Memory::default() }
    }

    /// Whether cards name the vector `name`, by what stands in its parentheses. States are kept for later decks, and quantities of devices
    /// and cells are there only where they are asked for.
    fn is_named(text: &str, name: &str) -> bool {
        let inner = name.split_once('(').map_or(name, |(_, inner)| inner.trim_end_matches(')'));
        name.starts_with("x(") || name.contains('[') || inner.split(',').any(|part| text.contains(part))
    }

    fn choose(&mut self, header: &Header) -> Header {
        self.kept.clear();
        let Some(text) = self.named_in.as_deref().filter(|_| header.has_axis && header.columns.len() >= MANY) else {
            return header.clone();
        };
        let columns = header.columns.iter().enumerate();
        let kept = columns.filter(|(index, column)| *index == 0 || Self::is_named(text, &column.name));
        self.kept = kept.map(|(index, _)| index).collect();
        Header { columns: self.kept.iter().map(|&index| header.columns[index].clone()).collect(), ..header.clone() }
    }
}

impl Sink for Memory {
    fn begin(&mut self, header: &Header) -> io::Result<()> {
        let header = self.choose(header);
        self.plots.push(Plot::empty(header));
        Ok(())
    }

    fn row(&mut self, row: &[f64]) -> io::Result<()> {
        let Some(plot) = self.plots.last_mut() else { return Ok(()) };
        if self.last_only {
            plot.clear();
        }
        if self.kept.is_empty() {
            plot.push(row);
            return Ok(());
        }
        let width = if plot.header.complex { 2 } else { 1 };
        self.part.clear();
        self.part.extend(self.kept.iter().flat_map(|index| &row[width * index..width * (index + 1)]));
        plot.push(&self.part);
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

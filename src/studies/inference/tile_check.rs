//! Tiles of the mapped layers as flat netlists: the circuit engine, which knows nothing of arrays, must find the same currents.

use std::fmt::Write;
use std::path::Path;

use faer::Mat;

use super::card::{CardLaw, ReadCells};
use super::report::TileCheck;
use super::stages::Stages;
use super::wires::{Part, Wiring};
use crate::arrays::laws::OneByOne;
use crate::arrays::{ArraySolver, Crossbar, Drive, Driving, Options, PortReduction};
use crate::circuit::Overrides;
use crate::diagnostic::Diagnostic;
use crate::netlist::Deck;
use crate::studies::deck_run::{Keep, run_deck};

/// Rows and columns of a tile.
const SIZE: usize = 16;

/// A part of a layer as an array of its own, with the voltages of one image.
struct Tile<'a> {
    array: Crossbar,
    /// By rows.
    conductances: Vec<f64>,
    voltages: Vec<f64>,
    device: Option<&'a ReadCells>,
}

/// Compares `tiles` tiles of each layer, spread over it, at the first image that is kept.
///
/// # Errors
/// A tile cannot be solved.
pub fn check(stages: &Stages<'_>, tiles: usize) -> Result<TileCheck, Diagnostic> {
    let mut found = TileCheck { tiles: 0, worst_current: 0.0 };
    for (number, layer) in stages.layers.iter().enumerate() {
        let written = layer.final_written();
        let inputs = stages.setup.reference.inputs[number].as_ref();
        for part in chosen(&layer.wiring, tiles) {
            let share = |row: usize| (inputs[(row, 0)] / layer.full_scale).clamp(0.0, 1.0);
            let tile = Tile {
                array: layer.wiring.crossbar(&part),
                conductances: layer.wiring.cells_of(&part, &written.conductances),
                voltages: part.rows.clone().map(|row| share(row) * stages.study.input.read_voltage).collect(),
                device: stages.device().map(|device| &**device),
            };
            found.tiles += 1;
            found.worst_current = found.worst_current.max(tile.deviation()?);
        }
    }
    Ok(found)
}

/// Tiles along the diagonal of a layer.
fn chosen(wiring: &Wiring, tiles: usize) -> Vec<Part> {
    let (rows, columns) = (SIZE.min(wiring.rows), SIZE.min(wiring.columns));
    let place = |index: usize, whole: usize, size: usize| (whole - size) * (2 * index + 1) / (2 * tiles);
    let part = |index: usize| {
        let (row, column) = (place(index, wiring.rows, rows), place(index, wiring.columns, columns));
        Part { rows: row..row + rows, columns: column..column + columns }
    };
    (0..tiles).map(part).collect()
}

impl Tile<'_> {
    /// Largest difference of a sensed current, in fractions of the largest.
    fn deviation(&self) -> Result<f64, Diagnostic> {
        let solved = self.solved()?;
        let flat = self.flat()?;
        let largest = flat.iter().fold(0.0_f64, |largest, current| largest.max(current.abs()));
        let distances = flat.iter().enumerate().map(|(column, current)| (current - solved[(column, 0)]).abs());
        let distance = distances.fold(0.0, f64::max);
        Ok(if largest > 0.0 { distance / largest } else { distance })
    }

    /// Sensed currents by the array solvers, A.
    fn solved(&self) -> Result<Mat<f64>, Diagnostic> {
        let drives = [Drive::inputs(&self.voltages)];
        let options = Options { relative: 1e-12, ..Options::default() };
        match self.device {
            None => {
                let reduction = PortReduction::new(&self.array, &self.conductances)?;
                let currents = reduction.currents(&self.voltages)?;
                Ok(Mat::from_fn(currents.len(), 1, |column, _| currents[column]))
            }
            Some(device) => match device.law(&self.conductances)? {
                CardLaw::Power(law) => Ok(ArraySolver::new(&self.array, &law, options)?.currents(&drives)?.currents),
                CardLaw::Mixed(law) => {
                    Ok(ArraySolver::new(&self.array, &OneByOne(&law), options)?.currents(&drives)?.currents)
                }
                CardLaw::Other(law) => {
                    Ok(ArraySolver::new(&self.array, &OneByOne(&law), options)?.currents(&drives)?.currents)
                }
            },
        }
    }

    /// Sensed currents by the circuit engine, A.
    fn flat(&self) -> Result<Vec<f64>, Diagnostic> {
        let failed = |report: crate::diagnostic::Report| {
            let error = report.into_first_error("a tile cannot be simulated");
            error.hint("in the flat netlist of a tile of 16×16 cells")
        };
        let deck = Deck::from_text("tile", &self.netlist()?, Path::new(".")).map_err(failed)?;
        let run = run_deck(&deck, &Overrides::default(), &mut [], Keep::Plots, &|_| true).map_err(failed)?;
        let plot = run.runs.first().and_then(|run| run.plots.first());
        let current = |column: usize| {
            let plot = plot?;
            plot.real(plot.column(&format!("i(vs{column})"))?).first().copied()
        };
        let currents: Option<Vec<f64>> = (0..self.array.columns).map(current).collect();
        currents.ok_or_else(|| Diagnostic::error("the netlist of a tile gave no currents"))
    }

    fn netlist(&self) -> Result<String, Diagnostic> {
        let mut text = String::from("tile\n.options reltol=1e-9 abstol=1e-16 vntol=1e-12\n.op\n");
        for (row, voltage) in self.voltages.iter().enumerate() {
            let _ = writeln!(text, "v{row} i{row} 0 {voltage:e}");
            let resistance = self.array.word_segment + self.array.driver;
            // Without resistance the other end is the same node.
            if self.array.driving == Driving::BothEnds && resistance > 0.0 {
                let _ = writeln!(text, "re{row} w{row}_{} i{row} {resistance:e}", self.array.columns - 1);
            }
            for column in 0..self.array.columns {
                self.add_cell(&mut text, row, column)?;
            }
        }
        (0..self.array.columns).for_each(|column| {
            let _ = writeln!(text, "vs{column} s{column} 0 0");
        });
        if let Some(device) = self.device {
            let _ = writeln!(text, "{}", device.inclusion().0);
        }
        Ok(text + ".end\n")
    }

    fn add_cell(&self, text: &mut String, row: usize, column: usize) -> Result<(), Diagnostic> {
        let array = &self.array;
        let left = if column == 0 { format!("i{row}") } else { format!("w{row}_{}", column - 1) };
        let is_last = row + 1 == array.rows;
        let below = if is_last { format!("s{column}") } else { format!("b{}_{column}", row + 1) };
        let word = array.word_segment + if column == 0 { array.driver } else { 0.0 };
        let bit = array.bit_segment + if is_last { array.sense } else { 0.0 };
        let (word_node, bit_node) = (format!("w{row}_{column}"), format!("b{row}_{column}"));
        let _ = writeln!(text, "{}", wire(&format!("w{row}_{column}"), &left, &word_node, word));
        let _ = writeln!(text, "{}", wire(&format!("b{row}_{column}"), &bit_node, &below, bit));
        let conductance = self.conductances[row * array.columns + column];
        let _ = match self.device {
            None => writeln!(text, "gc{row}_{column} {word_node} {bit_node} {word_node} {bit_node} {conductance:e}"),
            Some(device) => {
                let (model, state) = (device.inclusion().1, device.published(conductance)?);
                writeln!(text, "nc{row}_{column} {word_node} {bit_node} {model} x0={state:e}")
            }
        };
        Ok(())
    }
}

/// A resistor, or a source of 0 V where there is no resistance.
fn wire(name: &str, from: &str, to: &str, resistance: f64) -> String {
    if resistance > 0.0 { format!("r{name} {from} {to} {resistance:e}") } else { format!("v{name} {from} {to} 0") }
}

//! Tiles of an array against the circuit engine, which sees each as a flat netlist of resistors and memristors.

use std::fmt::Write;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::device::CellCard;
use super::read_check::{held_currents, states_of};
use crate::arrays::{Crossbar, Driving};
use crate::circuit::Overrides;
use crate::diagnostic::{Diagnostic, Report};
use crate::netlist::Deck;
use crate::studies::deck_run::{Keep, run_deck};

/// A tile with its cells' conductances (S at the card's read voltage, by rows) and word-line voltages (V).
#[derive(Debug, Clone, PartialEq)]
pub struct CheckedTile {
    pub array: Crossbar,
    pub conductances: Vec<f64>,
    pub inputs: Vec<f64>,
}

/// How well both agree.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EngineCheck {
    pub tiles: usize,
    /// Largest difference of a bit-line current, in fractions of the largest current.
    pub worst_current: f64,
}

/// Compares bit-line currents of tiles of the card's first model. `cards` is the text of a netlist with that model, or that
/// includes it; `voltage` is where conductances are stated, V.
///
/// # Errors
/// Conductances that the cell cannot have, sizes that do not fit, what the engine finds wrong.
pub fn engine_check(cards: &str, card: &CellCard, tiles: &[CheckedTile], voltage: f64) -> Result<EngineCheck, Report> {
    let (mut worst, mut largest) = (0.0f64, 0.0f64);
    let Some(model) = card.models.first() else {
        return Err(Report::message(Diagnostic::error("tiles need a model")));
    };
    for tile in tiles {
        tile.array.validate_conductances(&tile.conductances).map_err(Report::message)?;
        let cells = card.cells(tile.array.cells()).map_err(Report::message)?;
        let states = states_of(&cells, &tile.conductances, voltage).map_err(Report::message)?;
        let held = held_currents(&tile.array, &cells, &states, std::slice::from_ref(&tile.inputs));
        let ours = held.map_err(Report::message)?.remove(0);
        let published: Vec<f64> =
            states.iter().enumerate().map(|(cell, state)| cells.published(cell, 0, &[*state])).collect();
        let engine = by_engine(&netlist(cards, model, tile, &published), tile.array.columns)?;
        for (ours, engine) in ours.iter().zip(&engine) {
            worst = worst.max((ours - engine).abs());
            largest = largest.max(engine.abs());
        }
    }
    Ok(EngineCheck { tiles: tiles.len(), worst_current: if largest > 0.0 { worst / largest } else { 0.0 } })
}

/// Currents into the ideal senses of a netlist's operating point, A.
fn by_engine(text: &str, columns: usize) -> Result<Vec<f64>, Report> {
    let deck = Deck::from_text("tile.cir", text, Path::new("."))?;
    let run = run_deck(&deck, &Overrides::default(), &mut [], Keep::Plots, &|_| true)?;
    let plot = run.runs.first().and_then(|run| run.plots.last());
    let current = |column: usize| {
        let plot = plot?;
        plot.real(plot.column(&format!("i(vs{column})"))?).last().copied()
    };
    let missing = || Report::message(Diagnostic::error("the engine gives no current of a tile"));
    (0..columns).map(|column| current(column).ok_or_else(missing)).collect()
}

/// The tile as a flat netlist.
fn netlist(cards: &str, model: &str, tile: &CheckedTile, states: &[f64]) -> String {
    let Crossbar { rows, columns, word_segment, bit_segment, driver, sense, driving } = tile.array;
    let mut wires = Wires { text: format!("a tile\n{cards}\n.options reltol=1e-6\n"), count: 0 };
    for (row, input) in tile.inputs.iter().enumerate() {
        wires.line(&format!("vin{row} in{row} 0 {input:e}"));
        wires.add(&format!("in{row}"), &format!("u{row}_0"), word_segment + driver);
        for column in 1..columns {
            wires.add(&format!("u{row}_{}", column - 1), &format!("u{row}_{column}"), word_segment);
        }
        if driving == Driving::BothEnds && word_segment + driver > 0.0 {
            wires.add(&format!("u{row}_{}", columns - 1), &format!("in{row}"), word_segment + driver);
        }
    }
    for column in 0..columns {
        for row in 0..rows {
            let state = states[row * columns + column];
            wires.line(&format!("n{row}_{column} u{row}_{column} b{row}_{column} {model} x0={state:e}"));
            let below = if row + 1 == rows { format!("s{column}") } else { format!("b{}_{column}", row + 1) };
            let resistance = bit_segment + if row + 1 == rows { sense } else { 0.0 };
            wires.add(&format!("b{row}_{column}"), &below, resistance);
        }
        wires.line(&format!("vs{column} s{column} 0 0"));
    }
    wires.line(".op\n.end");
    wires.text
}

/// A netlist that grows.
struct Wires {
    text: String,
    count: usize,
}

impl Wires {
    fn line(&mut self, line: &str) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.text, "{line}");
    }

    /// A wire; of 0 Ω it is a source of 0 V.
    fn add(&mut self, a: &str, b: &str, resistance: f64) {
        self.count += 1;
        let (letter, number) = (if resistance > 0.0 { 'r' } else { 'v' }, self.count);
        self.line(&format!("{letter}wire{number} {a} {b} {resistance:e}"));
    }
}

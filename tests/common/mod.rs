//! What several tests need: run a deck given as text, read vectors off its plots.
#![allow(dead_code)] // not every test uses all of it

pub mod images;
pub mod references;
pub mod studies;

use std::path::Path;
use std::sync::Arc;

use ferrospice::circuit::{Circuit, Overrides, elaborate};
use ferrospice::mna::System;
use ferrospice::netlist::Deck;
use ferrospice::results::plot::Plot;
use ferrospice::studies::deck_run::{DeckRun, Keep, run_deck};

/// The deck `text`, to which a title line and `.end` are added.
pub fn deck(text: &str) -> Deck {
    Deck::from_text("test.cir", &format!("test\n{text}\n.end\n"), Path::new(".")).unwrap()
}

/// Runs a deck; panics with the rendered report on an error.
pub fn run(text: &str) -> DeckRun {
    let result = run_deck(&deck(text), &Overrides::default(), &mut [], Keep::Plots, &|_| true);
    result.unwrap_or_else(|report| panic!("{}", report.render(false)))
}

/// The rendered report of a deck that cannot be run.
pub fn failure(text: &str) -> String {
    match run_deck(&deck(text), &Overrides::default(), &mut [], Keep::Plots, &|_| true) {
        Ok(_) => panic!("this deck should not run:\n{text}"),
        Err(report) => report.render(false),
    }
}

/// The last plot of a deck.
pub fn plot(text: &str) -> Plot {
    run(text).runs.remove(0).plots.pop().expect("a plot")
}

/// A real vector of a plot.
pub fn vector(plot: &Plot, name: &str) -> Vec<f64> {
    let index = plot.column(name).unwrap_or_else(|| panic!("no vector {name}"));
    plot.real(index)
}

/// Last value of a vector.
pub fn last(plot: &Plot, name: &str) -> f64 {
    *vector(plot, name).last().expect("a point")
}

/// The circuit of a deck.
pub fn circuit(text: &str) -> Arc<Circuit> {
    Arc::new(elaborate(&deck(text), &Overrides::default()).unwrap_or_else(|report| panic!("{report}")))
}

/// The system of a deck.
pub fn system(text: &str) -> System {
    let (system, diagnostics) = System::new(circuit(text));
    system.unwrap_or_else(|| panic!("{diagnostics:?}"))
}

//! A whole deck: read, elaborated, its script and its analyses run for a few points.

use std::sync::atomic::{AtomicUsize, Ordering};

use ferrospice::analysis::Progress;
use ferrospice::circuit::Overrides;
use ferrospice::diagnostic::Report;
use ferrospice::netlist::Deck;
use ferrospice::netlist::limits::Limits;
use ferrospice::studies::deck_run::{Keep, run_deck};
use ferrospice::studies::script::{Console, ScriptSettings, run_script};

/// So small that one input takes some milliseconds.
const LIMITS: Limits =
    Limits { elements: 60, instances: 60, nodes: 300, cells: 64, points: 60, runs: 4, values: 5_000, rounds: 60 };

/// Points after which analyses and scripts are stopped.
const POINTS: usize = 60;

/// Text is made, as for a reader, and forgotten.
struct Nobody;

impl Console for Nobody {
    fn text(&mut self, text: &str) {
        assert!(text.len() < 1 << 28);
    }

    fn report(&mut self, report: &Report) {
        drop(report.render(false));
    }
}

pub fn run(data: &[u8]) {
    let calls = AtomicUsize::new(0);
    let watch = |_: Progress| calls.fetch_add(1, Ordering::Relaxed) < POINTS;
    let deck = match Deck::from_untrusted("fuzz.cir", data, LIMITS) {
        Ok(deck) => deck,
        Err(report) => return drop(report.render(false)),
    };
    if !deck.script.is_empty() {
        let settings = ScriptSettings { watch: &watch, ..ScriptSettings::default() };
        run_script(&deck, settings, Vec::new(), &mut Nobody);
    }
    calls.store(0, Ordering::Relaxed);
    match run_deck(&deck, &Overrides::default(), &mut [], Keep::Plots, &watch) {
        Ok(run) => drop(run.printed("fuzz.cir")),
        Err(report) => drop(report.render(false)),
    }
}

//! Runs the command script of a deck (`.control … .endc`).
//!
//! A command sees its line after variables have been put in (`words`); expressions are ngspice's ([`crate::results::vectors`]).
//! Analyses run on a variant of the deck that has the command as its card, so a command means exactly what the card means. What
//! `alter` and its like change are the same overrides that `.step` uses.

mod alteration;
mod analyses;
mod breakpoints;
pub mod command_table;
mod commands;
mod compose;
mod constants;
mod control_flow;
mod files;
mod linearize;
mod printing;
mod session;
pub mod settings;
mod show;
mod spectrum;
mod variables;
mod words;

use std::path::PathBuf;

use crate::analysis::Progress;
use crate::circuit::Overrides;
use crate::diagnostic::Report;
use crate::netlist::{Addition, Deck, Own};
use crate::results::Sink;
use crate::studies::deck_run::StepRun;
use session::Session;

/// Where the text of a script goes.
pub trait Console {
    /// Text for the reader of the results, with its line breaks.
    fn text(&mut self, text: &str);

    /// Errors and warnings.
    fn report(&mut self, report: &Report);
}

/// What a script is run with.
pub struct ScriptSettings<'a> {
    pub overrides: Overrides,
    /// The date in headers of tables and files.
    pub date: &'a dyn Fn() -> String,
    /// Folder for files with relative names, instead of the current one.
    pub folder: Option<PathBuf>,
    /// Raw files are written in ASCII unless the script says otherwise.
    pub ascii: bool,
    /// Keep everything that is run for [`ScriptEnd::runs`].
    pub keep_runs: bool,
    /// Is told how far analyses are, and returns false to stop.
    pub watch: &'a (dyn Fn(Progress) -> bool + Sync),
}

impl Default for ScriptSettings<'_> {
    /// No date, the current folder, and nobody who stops it.
    fn default() -> Self {
        ScriptSettings {
            overrides: Overrides::default(),
            date: &String::new,
            folder: None,
            ascii: false,
            keep_runs: false,
            watch: &|_| true,
        }
    }
}

/// How a script ended.
#[derive(Debug, Default)]
pub struct ScriptEnd {
    /// The exit code of `quit`, if the script ended with it.
    pub exit_code: Option<u8>,
    /// A command had an error.
    pub failed: bool,
    pub interrupted: bool,
    /// What the script changed in the circuit.
    pub overrides: Overrides,
    /// Everything that was run, if it was to be kept.
    pub runs: Vec<StepRun>,
    additions: Vec<Addition>,
}

impl ScriptEnd {
    /// Whether the script was all of `deck`'s run: it ran analyses itself, ended with `quit`, or was interrupted.
    pub fn is_all_of(&self, deck: &Deck) -> bool {
        deck.script.runs_analyses() || self.exit_code.is_some() || self.interrupted
    }

    /// `deck` without its script and with the cards that this added (`save`, `option`), for its own analyses to be run.
    pub fn deck(&self, deck: &Deck) -> Deck {
        deck.variant(Own::Everything, &self.additions)
    }
}

/// Runs the script of `deck`. The plots of its analyses go to `sinks`.
///
/// A command that fails is reported and the script goes on, as in ngspice.
pub fn run_script(
    deck: &Deck,
    settings: ScriptSettings,
    sinks: Vec<&mut dyn Sink>,
    console: &mut dyn Console,
) -> ScriptEnd {
    let mut session = Session::new(deck, settings, sinks, console);
    if let (Err(problem), Some(line)) = (session.read_constants(), deck.script.lines().first()) {
        session.fail(line.span, &line.text, problem);
    }
    let flow = session.statements(&deck.script.statements);
    session.end(flow)
}

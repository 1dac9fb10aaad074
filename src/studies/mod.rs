//! Whole decks: their steps, their analyses, and what is computed from the results.

pub mod deck_run;
pub mod elaborated_sweep;
pub mod reproduction;
pub mod reproduction_page;
pub mod steps;

pub use deck_run::{DeckRun, StepRun, run_deck};

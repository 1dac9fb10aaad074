//! Whole decks: their steps, their analyses, and what is computed from the results.

pub mod comparison;
pub mod comparison_page;
pub mod deck_figures;
pub mod deck_files;
pub mod deck_run;
pub mod elaborated_sweep;
mod html;
pub mod inference;
pub mod programming;
pub mod reproduction;
pub mod reproduction_page;
pub mod script;
pub mod steps;

pub use deck_run::{DeckRun, StepRun, run_deck};

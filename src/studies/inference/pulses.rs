//! Cells programmed by pulses through the model of their card.

use super::card::Card;
use super::study::{Method, Study};
use super::writing::{Effort, Order, Programmed, Programmer};
use crate::diagnostic::Diagnostic;
use crate::studies::programming::{PulseMethod, PulseSettings, achieved, staircase};

/// Programs every cell by itself, from the card's initial state.
pub struct Pulses<'a> {
    card: &'a Card,
    settings: PulseSettings,
}

impl<'a> Pulses<'a> {
    /// None if the study decrees conductances, or names no card.
    pub fn new(study: &Study, card: Option<&'a Card>) -> Option<Pulses<'a>> {
        Some(Pulses { card: card?, settings: settings(study)? })
    }
}

/// The pulses of a study; none if it decrees conductances.
fn settings(study: &Study) -> Option<PulseSettings> {
    let method = match study.programming.method {
        Method::Decreed => return None,
        Method::OpenLoop => PulseMethod::OpenLoop,
        Method::WriteVerify => PulseMethod::WriteVerify,
    };
    Some(PulseSettings { method, ..study.programming.pulses.clone() })
}

/// Ends of the simulated staircase of a card, S; none if the study decrees conductances.
///
/// # Errors
/// The pulses are not possible, or cannot be simulated.
pub fn range(study: &Study, card: &Card) -> Result<Option<[f64; 2]>, Diagnostic> {
    let Some(settings) = settings(study) else { return Ok(None) };
    Ok(Some(card.with_cell_card(|cell| staircase(cell, &settings))?.range))
}

impl Programmer for Pulses<'_> {
    fn program(&self, order: &Order<'_>) -> Result<Programmed, Diagnostic> {
        let programmed = self.card.with_cell_card(|cell| achieved(cell, order.targets, &self.settings))?;
        let effort = Effort {
            failed: programmed.failed(),
            pulses: programmed.pulses.iter().map(|pulses| u64::from(*pulses)).sum(),
            most_pulses: programmed.pulses.iter().copied().max().map_or(0, u64::from),
            energy: programmed.energy,
        };
        Ok(Programmed { conductances: programmed.conductances, effort })
    }
}

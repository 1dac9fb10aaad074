//! The staircase of a card: conductance after each of many equal pulses, upwards (LTP) and then downwards (LTD).

use serde::{Deserialize, Serialize};

use super::device::{CellCard, Device, Direction};
use super::settings::PulseSettings;
use crate::diagnostic::Diagnostic;

/// A staircase that rises by less than this factor has no levels.
const LEAST_RISE: f64 = 1.001;

/// Conductances at the verify voltage, S.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Staircase {
    /// Before the first and after each of the SET pulses, from the card's initial state on.
    pub up: Vec<f64>,
    /// After the last of these and after each of the RESET pulses.
    pub down: Vec<f64>,
    /// Smallest and largest of all.
    pub range: [f64; 2],
}

/// Simulates the staircase of a card (of its first cell, if cells differ).
///
/// # Errors
/// Cards or settings that are not possible; a time point without a solution; pulses that do not raise the conductance.
pub fn staircase(card: &CellCard, settings: &PulseSettings) -> Result<Staircase, Diagnostic> {
    let cells = card.cells(1)?;
    Staircase::of(&Device::new(&cells, settings)?)
}

impl Staircase {
    pub(super) fn of(device: &Device) -> Result<Staircase, Diagnostic> {
        let mut states = device.start(0);
        let mut climb = |direction| {
            let mut levels = vec![device.conductance(0, &states)];
            for _ in 0..device.settings.staircase {
                device.apply(0, &mut states, direction, device.pulse(direction).amplitude)?;
                levels.push(device.conductance(0, &states));
            }
            Ok::<_, Diagnostic>(levels)
        };
        let (up, down) = (climb(Direction::Up)?, climb(Direction::Down)?);
        let all = up.iter().chain(&down);
        let range = all.fold([f64::INFINITY, f64::NEG_INFINITY], |[a, b], g| [a.min(*g), b.max(*g)]);
        if up.last().zip(up.first()).is_none_or(|(last, first)| last / first < LEAST_RISE) {
            return Err(Diagnostic::error(format!(
                "{} pulses of {} V do not raise the conductance of the cell",
                device.settings.staircase, device.settings.set.amplitude
            ))
            .hint("give a larger amplitude or width of `set`"));
        }
        Ok(Staircase { up, down, range })
    }
}

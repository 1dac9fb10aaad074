//! Where one pulse brings a cell: from simulated pulses on a single cell.
//!
//! Let e(A) be how long a pulse of amplitude A acts, in units in which equal pulses add up. Where kinetics are exponential in
//! voltage, e(A) = e^(A/V0), and a pulse that is to lead from b to c needs what leads from the start to c less what leads from
//! the start to b:
//!
//! ```text
//! A(b → c) = A(c) + V0·ln(1 − e^((A(b) − A(c))/V0))
//! ```
//!
//! with A(c) the amplitude of the one pulse from the start to c, which is simulated, and V0 fitted to a pulse from another state.
//! It is exact for one channel at constant voltage; where it is not, a plan learns from its cell by how much.

use super::device::{CellStates, Device, Direction};
use crate::diagnostic::Diagnostic;

/// By how much amplitudes rise, V.
const RISE: f64 = 0.005;

/// Smallest amplitude that is tried, in fractions of the staircase's.
const LEAST: f64 = 0.3;

/// Halvings of an interval in which a voltage is sought.
const HALVINGS: usize = 30;

/// What pulses of one direction do to the first cell of a card.
#[derive(Debug, Clone)]
pub(super) struct PulseMap {
    direction: Direction,
    /// Before any pulse, S.
    start: f64,
    /// Amplitude in V, and conductance after one pulse from the start in S.
    curve: Vec<(f64, f64)>,
    /// V0, V
    scale: f64,
}

impl PulseMap {
    /// For ways from the state `start` up to the conductance `to` (S).
    pub fn new(device: &Device, direction: Direction, start: CellStates, to: f64) -> Result<PulseMap, Diagnostic> {
        let first = LEAST * device.pulse(direction).amplitude;
        let mut curve = Vec::new();
        for k in 0.. {
            let amplitude = first + RISE * f64::from(k);
            let conductance = after(device, direction, start, amplitude)?.1;
            curve.push((amplitude, conductance));
            if passes(direction, conductance, to) || amplitude + RISE > device.most() {
                break;
            }
        }
        let mut map = PulseMap { direction, start: device.conductance(0, &start), curve, scale: 0.05 };
        map.fit_scale(device, start, to)?;
        Ok(map)
    }

    /// The amplitude of the one pulse that brings the cell from one conductance to another, V.
    pub fn amplitude(&self, from: f64, to: f64) -> f64 {
        let whole = self.amplitude_to(to);
        if passes(self.direction, self.start, from) {
            return whole;
        }
        let share = ((self.amplitude_to(from) - whole) / self.scale).exp();
        let least = self.curve.first().map_or(0.0, |point| point.0);
        if share < 1.0 { (whole + self.scale * (-share).ln_1p()).max(least) } else { least }
    }

    /// The amplitude of the one pulse from the start.
    fn amplitude_to(&self, to: f64) -> f64 {
        let Some(after) = self.curve.iter().position(|point| passes(self.direction, point.1, to)) else {
            return self.curve.last().map_or(0.0, |point| point.0);
        };
        let (amplitude, conductance) = self.curve[after];
        match after.checked_sub(1).map(|before| self.curve[before]) {
            Some(before) => before.0 + (to - before.1) / (conductance - before.1) * (amplitude - before.0),
            None => amplitude,
        }
    }

    /// V0 from a second pulse in the middle of the way.
    fn fit_scale(&mut self, device: &Device, start: CellStates, to: f64) -> Result<(), Diagnostic> {
        let part = |part: f64| self.start + part * (to - self.start);
        let (first, whole) = (self.amplitude_to(part(0.4)), self.amplitude_to(part(0.7)));
        let (middle, _) = after(device, self.direction, start, first)?;
        let (mut low, mut high) = (self.curve.first().map_or(0.0, |point| point.0), whole);
        for _ in 0..HALVINGS {
            let amplitude = 0.5 * (low + high);
            let reached = after(device, self.direction, middle, amplitude)?.1;
            if passes(self.direction, reached, part(0.7)) { high = amplitude } else { low = amplitude }
        }
        let second = 0.5 * (low + high);
        let excess = |scale: f64| ((whole - second) / scale).exp() - ((first - second) / scale).exp() - 1.0;
        let (mut low, mut high) = (1e-3f64, 1.0f64);
        for _ in 0..HALVINGS {
            let middle = (low * high).sqrt();
            if excess(middle) > 0.0 { low = middle } else { high = middle }
        }
        self.scale = (low * high).sqrt();
        Ok(())
    }
}

/// The first cell after one pulse: its states and conductance.
fn after(
    device: &Device,
    direction: Direction,
    mut states: CellStates,
    amplitude: f64,
) -> Result<(CellStates, f64), Diagnostic> {
    device.apply(0, &mut states, direction, amplitude)?;
    Ok((states, device.conductance(0, &states)))
}

fn passes(direction: Direction, conductance: f64, target: f64) -> bool {
    if direction == Direction::Up { conductance >= target } else { conductance <= target }
}

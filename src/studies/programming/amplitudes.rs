//! Which amplitude brings a cell where: from pulses of rising amplitude on a single cell.

use super::device::{Device, Direction};
use crate::diagnostic::Diagnostic;

/// By how much the pulses rise while the curve is simulated, V.
const RISE: f64 = 0.01;

/// Conductances that a single cell has after pulses of rising amplitude, from the end of the range where it starts.
#[derive(Debug, Clone)]
pub(super) struct Amplitudes {
    direction: Direction,
    /// Level of the amplitude and conductance after it, S.
    curve: Vec<(u32, f64)>,
}

impl Amplitudes {
    /// From the other end of the range until `to` (S) is passed or the amplitude is the largest.
    pub fn new(device: &Device, direction: Direction, start: [f64; 4], to: f64) -> Result<Amplitudes, Diagnostic> {
        let mut states = start;
        let stride = device.levels(RISE);
        let mut level = (0.3 * device.pulse(direction).amplitude / device.settings.step) as u32;
        let mut curve = vec![(level, device.conductance(0, &states))];
        while level + stride <= device.last_level() {
            level += stride;
            device.apply(0, &mut states, direction, device.amplitude(level))?;
            let conductance = device.conductance(0, &states);
            curve.push((level, conductance));
            if passes(direction, conductance, to) {
                break;
            }
        }
        Ok(Amplitudes { direction, curve })
    }

    /// Where the curve passes `target`: a level, and the change of conductance from one level to the next, S.
    pub fn at(&self, target: f64) -> (u32, f64) {
        let after = self.curve.iter().position(|point| passes(self.direction, point.1, target));
        let after = after.unwrap_or(self.curve.len() - 1).max(1);
        let [(low, before), (high, behind)] = [self.curve[after - 1], self.curve[after]];
        let slope = (behind - before) / f64::from(high - low);
        let part = if slope == 0.0 { 1.0 } else { ((target - before) / (behind - before)).clamp(0.0, 1.0) };
        (low + (part * f64::from(high - low)) as u32, slope.abs())
    }
}

fn passes(direction: Direction, conductance: f64, target: f64) -> bool {
    if direction == Direction::Up { conductance >= target } else { conductance <= target }
}

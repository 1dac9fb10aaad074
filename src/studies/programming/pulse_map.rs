//! Where one pulse brings a cell: from simulated pulses of many amplitudes on a single cell, from many conductances.

use rayon::prelude::*;

use super::device::{CellStates, Device, Direction};
use crate::diagnostic::Diagnostic;

/// By how much amplitudes rise, V.
const RISE: f64 = 0.01;

/// Parts of the range from which pulses are tried.
const STARTS: f64 = 40.0;

/// Smallest amplitude that is tried, in fractions of the staircase's.
const LEAST: f64 = 0.3;

/// What pulses of one direction do to the first cell of a card.
#[derive(Debug, Clone)]
pub(super) struct PulseMap {
    direction: Direction,
    /// In the order in which pulses of this direction pass them.
    curves: Vec<Curve>,
}

/// Conductance after one pulse, over its amplitude.
#[derive(Debug, Clone)]
struct Curve {
    /// Before it, S.
    from: f64,
    /// Amplitude in V, and conductance after it in S.
    points: Vec<(f64, f64)>,
}

impl PulseMap {
    /// For starts from the state `start` up to the conductance `to` (S).
    pub fn new(device: &Device, direction: Direction, start: CellStates, to: f64) -> Result<PulseMap, Diagnostic> {
        let first = LEAST * device.pulse(direction).amplitude;
        let amplitudes: Vec<f64> =
            (0..).map(|k| first + RISE * f64::from(k)).take_while(|a| *a <= device.most()).collect();
        let mut states = start;
        let mut starts = vec![start];
        let mut last = device.conductance(0, &states);
        let part = (to - last).abs() / STARTS;
        for &amplitude in &amplitudes {
            device.apply(0, &mut states, direction, amplitude)?;
            let conductance = device.conductance(0, &states);
            if passes(direction, conductance, to) {
                break;
            }
            if (conductance - last).abs() > part {
                starts.push(states);
                last = conductance;
            }
        }
        let curve = |start: &CellStates| Curve::new(device, direction, *start, &amplitudes, to);
        let curves = starts.par_iter().map(curve).collect::<Result<_, Diagnostic>>()?;
        Ok(PulseMap { direction, curves })
    }

    /// The amplitude of the one pulse that brings the cell from one conductance to another, V.
    pub fn amplitude(&self, from: f64, to: f64) -> f64 {
        let behind = self.curves.iter().position(|curve| passes(self.direction, curve.from, from));
        let after = behind.unwrap_or(self.curves.len());
        let Some(before) = after.checked_sub(1).map(|before| &self.curves[before]) else {
            return self.curves.first().map_or(0.0, |curve| curve.amplitude(self.direction, to));
        };
        let near = before.amplitude(self.direction, to);
        match self.curves.get(after).filter(|curve| !passes(self.direction, curve.from, to)) {
            Some(curve) => {
                let part = (from - before.from) / (curve.from - before.from);
                near + part * (curve.amplitude(self.direction, to) - near)
            }
            None => near,
        }
    }
}

impl Curve {
    fn new(
        device: &Device,
        direction: Direction,
        start: CellStates,
        amplitudes: &[f64],
        to: f64,
    ) -> Result<Curve, Diagnostic> {
        let from = device.conductance(0, &start);
        let mut points = Vec::new();
        for &amplitude in amplitudes {
            let mut states = start;
            device.apply(0, &mut states, direction, amplitude)?;
            let conductance = device.conductance(0, &states);
            points.push((amplitude, conductance));
            if passes(direction, conductance, to) {
                break;
            }
        }
        Ok(Curve { from, points })
    }

    fn amplitude(&self, direction: Direction, to: f64) -> f64 {
        let Some(after) = self.points.iter().position(|point| passes(direction, point.1, to)) else {
            return self.points.last().map_or(0.0, |point| point.0);
        };
        let (amplitude, conductance) = self.points[after];
        match after.checked_sub(1).map(|before| self.points[before]) {
            Some(before) => before.0 + (to - before.1) / (conductance - before.1) * (amplitude - before.0),
            None => amplitude,
        }
    }
}

fn passes(direction: Direction, conductance: f64, target: f64) -> bool {
    if direction == Direction::Up { conductance >= target } else { conductance <= target }
}

//! The next pulse of a cell, from what was read of it.
//!
//! The [`PulseMap`] of the card's nominal cell gives the amplitude that should bring a cell from the conductance that was read
//! to its target. Cells differ from it, and wires take a part of the voltage: so the first pulse in a direction stays below by
//! a margin, and what it did tells by how many volts this cell is off, which is added to all further ones.

use super::device::{CellStates, Device, Direction};
use super::pulse_map::PulseMap;
use super::settings::Approach;
use super::staircase::Staircase;
use crate::diagnostic::Diagnostic;

/// Part of the tolerance by which pulses stay on this side of the target: what is passed has to be undone.
const SHORT: f64 = 0.4;

/// A cell that moved by less than this part of the tolerance says nothing but that the amplitude was too small.
const UNMOVED: f64 = 0.25;

/// By how much the amplitude rises then, V.
const RISE: f64 = 0.02;

/// How far cells may be off, V.
const MOST_OFF: f64 = 1.0;

/// By how much an amplitude may exceed the one before it, V: what is learnt from a short way is not certain.
const MOST_RISE: f64 = 0.1;

/// By how much the pulses of a preset rise, V.
pub(super) const PRESET_RISE: f64 = 0.01;

/// What is known of the device before any cell is written.
pub(super) struct Knowledge {
    pub staircase: Staircase,
    pub up: PulseMap,
    down: PulseMap,
    /// How far from its target a cell may be read, S.
    pub tolerance: f64,
}

impl Knowledge {
    pub fn of(device: &Device) -> Result<Knowledge, Diagnostic> {
        let staircase = Staircase::of(device)?;
        let [least, most] = staircase.range;
        let tolerance = device.settings.tolerance * (most - least);
        let end = 0.5 * SHORT * tolerance;
        let up = PulseMap::new(device, Direction::Up, device.start(0), most - end)?;
        let preset = Preset::of(device, 0, most, &up)?;
        let down = PulseMap::new(device, Direction::Down, preset.states, least + end)?;
        Ok(Knowledge { staircase, up, down, tolerance })
    }

    /// Brings a cell to where it is written from.
    pub fn preset(&self, device: &Device, cell: usize) -> Result<Preset, Diagnostic> {
        match device.settings.approach {
            Approach::Up => Ok(Preset { states: device.start(cell), pulses: 0, energy: 0.0 }),
            Approach::Down => Preset::of(device, cell, self.staircase.range[1], &self.up),
        }
    }

    fn map(&self, direction: Direction) -> &PulseMap {
        if direction == Direction::Up { &self.up } else { &self.down }
    }
}

/// A cell that has been set to the upper end of the range or beyond.
#[derive(Debug, Clone, Copy)]
pub(super) struct Preset {
    pub states: CellStates,
    pub pulses: u32,
    /// J
    pub energy: f64,
}

impl Preset {
    /// SET pulses of rising amplitude until the cell conducts `most`, or is given up.
    fn of(device: &Device, cell: usize, most: f64, up: &PulseMap) -> Result<Preset, Diagnostic> {
        let mut preset = Preset { states: device.start(cell), pulses: 0, energy: 0.0 };
        let mut amplitude = up.amplitude(device.conductance(cell, &preset.states), most);
        while device.conductance(cell, &preset.states) < most && amplitude < device.most() {
            amplitude += PRESET_RISE;
            preset.energy += device.apply(cell, &mut preset.states, Direction::Up, amplitude)?;
            preset.pulses += 1;
        }
        Ok(preset)
    }
}

/// A pulse: its direction and its amplitude in steps.
pub(super) type Step = (Direction, u32);

/// How far a cell is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Progress {
    Pending,
    Reached,
    Failed,
}

/// The way of one cell to its target.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub target: f64,
    /// The last pulse, its amplitude in V, and what was read before it, S.
    last: Option<(Direction, f64, f64)>,
    /// By how many volts the cell is off the nominal one, upwards and downwards, once it is known.
    off: [Option<f64>; 2],
    pub pulses: u32,
    /// Pulses of earlier rounds.
    before: u32,
    pub progress: Progress,
}

impl Plan {
    pub fn new(target: f64) -> Plan {
        Plan { target, last: None, off: [None; 2], pulses: 0, before: 0, progress: Progress::Pending }
    }

    /// A new round.
    pub fn renew(&mut self) {
        (self.last, self.before, self.progress) = (None, self.pulses, Progress::Pending);
    }

    /// The pulse that follows when `read` (S) was read; none if the cell is where it shall be, or is given up.
    pub fn next(&mut self, read: f64, knowledge: &Knowledge, device: &Device) -> Option<Step> {
        let last = self.last;
        self.learn(read, knowledge);
        let error = self.target - read;
        if error.abs() <= knowledge.tolerance {
            self.progress = Progress::Reached;
            return None;
        }
        let direction = if error > 0.0 { Direction::Up } else { Direction::Down };
        let aim = self.target - SHORT * knowledge.tolerance * error.signum();
        let off = self.off[direction as usize].unwrap_or(-device.settings.margin);
        let most = last.filter(|last| last.0 == direction).map_or(f64::INFINITY, |last| last.1 + MOST_RISE);
        let amplitude = (knowledge.map(direction).amplitude(read, aim) + off).clamp(device.settings.step, most);
        if amplitude > device.most() || (self.pulses - self.before) as usize >= device.settings.pulses_max {
            self.progress = Progress::Failed;
            return None;
        }
        let level = (amplitude / device.settings.step).round() as u32;
        self.pulses += 1;
        self.last = Some((direction, device.amplitude(level), read));
        Some((direction, level))
    }

    /// What the last pulse did.
    fn learn(&mut self, read: f64, knowledge: &Knowledge) {
        let Some((direction, amplitude, before)) = self.last.take() else { return };
        let moved = if direction == Direction::Up { read - before } else { before - read };
        let off = &mut self.off[direction as usize];
        let map = knowledge.map(direction);
        let now = if moved > UNMOVED * knowledge.tolerance {
            amplitude - map.amplitude(before, read)
        } else {
            amplitude - map.amplitude(before, self.target) + RISE
        };
        *off = Some(now.clamp(-MOST_OFF, MOST_OFF));
    }
}

//! The next pulse of a cell, from what was read of it.

use super::amplitudes::Amplitudes;
use super::device::{CellStates, Device, Direction};
use super::settings::Approach;
use super::staircase::Staircase;
use crate::diagnostic::Diagnostic;

/// Part of the remaining way that a further pulse aims at: what is passed has to be undone, what is left takes another pulse.
const GAIN: f64 = 0.7;

/// What is known of the device before any cell is written.
pub(super) struct Knowledge {
    pub staircase: Staircase,
    pub up: Amplitudes,
    pub down: Amplitudes,
    /// How far from its target a cell may be read, S.
    pub tolerance: f64,
}

impl Knowledge {
    pub fn of(device: &Device) -> Result<Knowledge, Diagnostic> {
        let staircase = Staircase::of(device)?;
        let [least, most] = staircase.range;
        let up = Amplitudes::new(device, Direction::Up, device.start(0), most)?;
        let preset = Preset::of(device, 0, most, &up)?;
        let down = Amplitudes::new(device, Direction::Down, preset.states, least)?;
        Ok(Knowledge { staircase, up, down, tolerance: device.settings.tolerance * (most - least) })
    }

    /// Brings a cell to where it is written from.
    pub fn preset(&self, device: &Device, cell: usize) -> Result<Preset, Diagnostic> {
        match device.settings.approach {
            Approach::Up => Ok(Preset { states: device.start(cell), pulses: 0, energy: 0.0 }),
            Approach::Down => Preset::of(device, cell, self.staircase.range[1], &self.up),
        }
    }

    fn amplitudes(&self, direction: Direction) -> &Amplitudes {
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
    fn of(device: &Device, cell: usize, most: f64, up: &Amplitudes) -> Result<Preset, Diagnostic> {
        let mut preset = Preset { states: device.start(cell), pulses: 0, energy: 0.0 };
        let mut level = up.at(most).0;
        while device.conductance(cell, &preset.states) < most && level <= device.last_level() {
            level += device.levels(PRESET_RISE);
            preset.energy += device.apply(cell, &mut preset.states, Direction::Up, device.amplitude(level))?;
            preset.pulses += 1;
        }
        Ok(preset)
    }
}

/// By how much the pulses of a preset rise, V.
pub(super) const PRESET_RISE: f64 = 0.01;

/// A pulse: its direction and its amplitude as a level.
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
    last: Option<Step>,
    pub pulses: u32,
    /// Pulses of earlier rounds.
    before: u32,
    pub progress: Progress,
}

impl Plan {
    pub fn new(target: f64) -> Plan {
        Plan { target, last: None, pulses: 0, before: 0, progress: Progress::Pending }
    }

    /// A new round.
    pub fn renew(&mut self) {
        (self.last, self.before, self.progress) = (None, self.pulses, Progress::Pending);
    }

    /// The pulse that follows when `read` (S) was read; none if the cell is where it shall be, or is given up.
    pub fn next(&mut self, read: f64, knowledge: &Knowledge, device: &Device) -> Option<Step> {
        let error = self.target - read;
        if error.abs() <= knowledge.tolerance {
            self.progress = Progress::Reached;
            return None;
        }
        let direction = if error > 0.0 { Direction::Up } else { Direction::Down };
        let (first, slope) = knowledge.amplitudes(direction).at(self.target);
        let level = match self.last {
            Some((before, level)) if before == direction => {
                let way = if slope > 0.0 { GAIN * error.abs() / slope } else { 1.0 };
                level + way.clamp(1.0, f64::from(device.levels(MOST_RISE))) as u32
            }
            _ => first.saturating_sub(device.levels(device.settings.margin)),
        };
        if level > device.last_level() || (self.pulses - self.before) as usize >= device.settings.pulses_max {
            self.progress = Progress::Failed;
            return None;
        }
        self.pulses += 1;
        self.last = Some((direction, level));
        self.last
    }
}

/// Most from one pulse to the next, V: a cell that does not move yet shall not be overrun.
const MOST_RISE: f64 = 0.05;

//! The device that is programmed: cells of a card, which way they set, and single pulses on them.

use super::settings::{Pulse, PulseSettings};
use crate::arrays::cells::{DynamicCells, MOST_STATES};
use crate::arrays::transient::{TransientOptions, drive_cell, pulse};
use crate::circuit::Circuit;
use crate::devices::cells::DeviceCells;
use crate::diagnostic::Diagnostic;

/// Model cards that make a cell.
#[derive(Debug, Clone, Copy)]
pub struct CellCard<'a> {
    pub circuit: &'a Circuit,
    /// Memristors in parallel.
    pub models: &'a [&'a str],
    /// In series with them, Ω.
    pub series: f64,
}

impl CellCard<'_> {
    /// So many cells, each with its own spread.
    ///
    /// # Errors
    /// What is wrong with the cards.
    pub fn cells(&self, count: usize) -> Result<DeviceCells, Diagnostic> {
        DeviceCells::of_models(self.circuit, self.models, None, self.series, count).map_err(|errors| {
            let first = errors.into_iter().find(Diagnostic::is_error);
            first.unwrap_or_else(|| Diagnostic::error("the cards of the cells cannot be read"))
        })
    }

    /// Whether cells of these cards differ from each other.
    pub(super) fn varies(&self) -> bool {
        let spread = ["sigma_v", "sigma_g", "sigma_c2c", "sigmav", "sigmag", "sigmac2c"];
        let models = self.circuit.models.iter();
        let used = models.filter(|model| self.models.iter().any(|name| model.name.eq_ignore_ascii_case(name)));
        used.flat_map(|model| &model.parameters).any(|parameter| spread.contains(&&*parameter.name))
    }
}

/// Which way a pulse moves the conductance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Direction {
    Up,
    Down,
}

/// States of a cell; only those that it has count.
pub(super) type CellStates = [f64; MOST_STATES];

/// Cells and the pulses for them.
pub(super) struct Device<'a> {
    pub cells: &'a DeviceCells,
    pub settings: &'a PulseSettings,
    /// +1 if positive voltage sets.
    polarity: f64,
}

impl<'a> Device<'a> {
    /// # Errors
    /// Settings that are not possible; rates that differ from pulse to pulse, which cells of arrays do not have.
    pub fn new(cells: &'a DeviceCells, settings: &'a PulseSettings) -> Result<Device<'a>, Diagnostic> {
        settings.validate()?;
        if cells.is_pulsed() {
            return Err(Diagnostic::error("rates of these cells differ from pulse to pulse")
                .hint("set `sigma_c2c=0` on the card: programming knows device-to-device spread alone"));
        }
        let mut device = Device { cells, settings, polarity: 1.0 };
        let start = cells.start(0);
        let rise = |voltage: f64| {
            let point = cells.linearise(0, voltage, &start[..cells.states()]);
            (0..cells.states()).map(|k| point.current_by_state[k] * point.rate[k]).sum::<f64>() / voltage
        };
        if rise(-settings.set.amplitude) > rise(settings.set.amplitude) {
            device.polarity = -1.0;
        }
        Ok(device)
    }

    /// The staircase's pulse of this direction.
    pub fn pulse(&self, direction: Direction) -> Pulse {
        match direction {
            Direction::Up => self.settings.set,
            Direction::Down => self.settings.reset,
        }
    }

    /// The sign of the voltage of this direction.
    pub fn sign(&self, direction: Direction) -> f64 {
        if direction == Direction::Up { self.polarity } else { -self.polarity }
    }

    /// The amplitude of so many steps, V.
    pub fn amplitude(&self, level: u32) -> f64 {
        f64::from(level) * self.settings.step
    }

    /// The largest amplitude, V.
    pub fn most(&self) -> f64 {
        self.settings.most_amplitude
    }

    pub fn options(&self) -> TransientOptions {
        TransientOptions { reltol: self.settings.reltol, latency: self.settings.latency, ..TransientOptions::default() }
    }

    pub fn start(&self, cell: usize) -> CellStates {
        self.cells.start(cell)
    }

    /// Conductance at the verify voltage, S.
    pub fn conductance(&self, cell: usize, states: &CellStates) -> f64 {
        let voltage = self.settings.verify_voltage;
        self.cells.current(cell, voltage, &states[..self.cells.states()]) / voltage
    }

    /// One pulse on a cell of its own; returns its energy, J.
    pub fn apply(
        &self,
        cell: usize,
        states: &mut CellStates,
        direction: Direction,
        amplitude: f64,
    ) -> Result<f64, Diagnostic> {
        let width = self.pulse(direction).width;
        let ramps = pulse(self.sign(direction) * amplitude, self.settings.edge, width);
        drive_cell(self.cells, cell, &mut states[..self.cells.states()], &ramps, &self.options())
    }

    /// Energy of one read of a cell of its own, J.
    pub fn energy_of_read(&self, conductance: f64) -> f64 {
        conductance * self.settings.verify_voltage.powi(2) * (self.settings.verify_width + self.settings.edge)
    }
}

//! From wanted conductances to those that the cells get.

use super::mapping::Range;
use super::random::{Draws, Purpose};
use super::study::{Drift, Programming};
use crate::diagnostic::Diagnostic;

/// Programs cells by pulses through their devices' model.
pub trait Programmer: Sync {
    /// Conductances that the cells of a layer have after it was programmed.
    ///
    /// # Errors
    /// The pulses cannot be simulated.
    fn program(&self, order: &Order<'_>) -> Result<Programmed, Diagnostic>;
}

/// What a layer's cells shall be programmed to.
#[derive(Debug, Clone, Copy)]
pub struct Order<'a> {
    /// From 0.
    pub layer: usize,
    pub rows: usize,
    pub columns: usize,
    /// Wanted conductances in S, by rows.
    pub targets: &'a [f64],
    pub range: Range,
    pub seed: u64,
}

/// What programming achieved.
#[derive(Debug, Clone)]
pub struct Programmed {
    /// In S, by rows.
    pub conductances: Vec<f64>,
    pub effort: Effort,
}

/// What programming took.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Effort {
    /// Cells that did not come within the tolerance.
    pub failed: usize,
    pub pulses: u64,
    /// Most pulses for one cell.
    pub most_pulses: u64,
    /// Of all pulses, J.
    pub energy: f64,
}

/// The cells of a layer as they are when they are read.
#[derive(Debug, Clone)]
pub struct Written {
    /// In S, by rows.
    pub conductances: Vec<f64>,
    /// Shares of conductances that errors took below and above the range (and clipping brought back).
    pub clipped_low: f64,
    pub clipped_high: f64,
    /// Share of cells stuck.
    pub stuck: f64,
    pub effort: Effort,
}

impl Programming {
    /// Whether the cells get anything but what is wanted.
    pub fn is_active(&self) -> bool {
        *self != Programming { signed_noise: self.signed_noise, ..Programming::default() }
    }
}

/// Writes a layer: pulses (or decree), then δG and write noise, then clipping to the range, drift, and stuck cells.
///
/// # Errors
/// What the programmer says.
pub fn write(
    programming: &Programming,
    programmer: Option<&dyn Programmer>,
    order: &Order<'_>,
) -> Result<Written, Diagnostic> {
    let programmed = programmer.map(|programmer| programmer.program(order)).transpose()?;
    let (mut conductances, effort) = match programmed {
        Some(programmed) => (programmed.conductances, programmed.effort),
        None => (order.targets.to_vec(), Effort::default()),
    };
    add_noise(programming, order, &mut conductances);
    let count = conductances.len() as f64;
    let (clipped_low, clipped_high) =
        if programming.signed_noise { (0, 0) } else { clip(&mut conductances, order.range) };
    if let Some(drift) = &programming.drift {
        let factor = drift.factor();
        let least = order.range.least;
        conductances.iter_mut().for_each(|g| *g = least + (*g - least) * factor);
    }
    let stuck = stick(programming, order, &mut conductances);
    Ok(Written {
        conductances,
        clipped_low: clipped_low as f64 / count,
        clipped_high: clipped_high as f64 / count,
        stuck: stuck as f64 / count,
        effort,
    })
}

fn add_noise(programming: &Programming, order: &Order<'_>, conductances: &mut [f64]) {
    let draws = |purpose| Draws::new(order.seed, order.layer, purpose, 0);
    if programming.write_noise > 0.0 {
        let mut draws = draws(Purpose::WriteNoise);
        conductances.iter_mut().for_each(|g| *g *= 1.0 + programming.write_noise * draws.normal());
    }
    if programming.delta_g > 0.0 {
        let (mut draws, deviation) = (draws(Purpose::DeltaG), programming.delta_g * order.range.most);
        conductances.iter_mut().for_each(|g| *g += deviation * draws.normal());
    }
}

/// Numbers of values that were below and above the range.
fn clip(conductances: &mut [f64], range: Range) -> (usize, usize) {
    let (mut low, mut high) = (0, 0);
    for g in conductances {
        low += usize::from(*g < range.least);
        high += usize::from(*g > range.most);
        *g = g.clamp(range.least, range.most);
    }
    (low, high)
}

/// Number of cells that are stuck now.
fn stick(programming: &Programming, order: &Order<'_>, conductances: &mut [f64]) -> usize {
    let (low, high) = (programming.stuck_low, programming.stuck_high);
    if low + high == 0.0 {
        return 0;
    }
    let mut draws = Draws::new(order.seed, order.layer, Purpose::Stuck, 0);
    let mut stuck = 0;
    for g in conductances {
        // From both ends, so that more stuck cells of one kind leave those of the other where they are.
        let place = draws.uniform();
        if place < low {
            *g = order.range.least;
        } else if place >= 1.0 - high {
            *g = order.range.most;
        } else {
            continue;
        }
        stuck += 1;
    }
    stuck
}

impl Drift {
    /// By what G − G_min is multiplied.
    pub fn factor(&self) -> f64 {
        let power = if self.time > self.start { (self.time / self.start).powf(-self.exponent) } else { 1.0 };
        power * self.tau.map_or(1.0, |tau| (-self.time / tau).exp())
    }
}

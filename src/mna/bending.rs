//! What drives small-signal analyses: sources, and the bending of the equations around an operating point.

use faer::c64;

use super::System;
use crate::circuit::ElementId;
use crate::devices::device::{Environment, Tone};
use crate::devices::group::Bend;
use crate::numerics::power_series::{PowerSeries, Product};

impl System {
    /// Right-hand side of small-signal analysis: what the sources have of `tone`.
    pub fn phasors(&self, tone: Tone) -> Vec<c64> {
        let mut right = vec![c64::new(0.0, 0.0); self.len() + 1];
        self.groups.iter().for_each(|group| group.add_phasors(tone, &mut right));
        right
    }

    /// Right-hand side for `product` of the phasors in `x`, at `frequency` in hertz: −(f + jω·q) of the nonlinear devices, whose
    /// unknowns have no part of that product yet.
    pub fn bend(&self, x: &[PowerSeries], product: Product, frequency: f64) -> Vec<c64> {
        let environment = Environment { frequency: Some(frequency), ..self.environment };
        let bend = Bend { environment: &environment, x, product, frequency };
        let mut right = vec![c64::new(0.0, 0.0); self.len() + 1];
        self.groups.iter().for_each(|group| group.subtract_bend(&bend, &mut right));
        right
    }

    /// Elements whose bending is not known: [`bend`](System::bend) takes them as linear.
    pub fn straightened(&self) -> Vec<ElementId> {
        let elements = self.assembly.principal.iter().zip(0..);
        let of_group = |location: &Option<crate::devices::assembly::Location>| {
            location.is_some_and(|location| !self.groups[location.group as usize].tells_bend())
        };
        elements.filter(|(location, _)| of_group(location)).map(|(_, index)| ElementId(index)).collect()
    }
}

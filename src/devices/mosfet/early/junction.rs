//! Junctions of drain and source with the bulk, and the overlaps of the gate.
//!
//! ```text
//! i = isat·(e^(v/Vt) − 1) forward, isat/Vt·v reverse, and 2·gmin·v as in ngspice;   isat = js·area, at least 10⁻¹⁵ A;   Vt at 27 °C
//! q: cj·area of pb and mj, cjsw·perimeter of pbsw and mjsw; forward the capacitance's tangent at 0
//! overlaps: cgso·w, cgdo·w, cgbo·leff
//! ```

use super::card::Shared;
use super::technology::THERMAL;
use crate::devices::junction::{Depletion, critical_voltage};
use crate::numerics::scalar::Scalar;

/// Least saturation current, A, and potential, V.
const LEAST: f64 = 1e-15;
const LEAST_POTENTIAL: f64 = 0.1;

/// One junction.
#[derive(Debug, Clone, Copy)]
pub struct Junction {
    saturation: f64,
    pub critical: f64,
    bottom: Depletion,
    side: Depletion,
}

impl Junction {
    /// Of an area, m², and a perimeter, m.
    pub fn new(m: &Shared, area: f64, perimeter: f64) -> Self {
        let saturation = (area * m.js).max(LEAST);
        let part = |capacitance, potential: f64, grading| {
            Depletion::new(capacitance, potential.max(LEAST_POTENTIAL), grading, 0.0)
        };
        Junction {
            saturation,
            critical: critical_voltage(THERMAL, saturation),
            bottom: part(m.cj * area, m.pb, m.mj),
            side: part(m.cjsw * perimeter, m.pbsw, m.mjsw),
        }
    }

    /// Current out of the bulk.
    #[inline(always)]
    pub fn current<S: Scalar>(&self, v: S, gmin: f64) -> S {
        if v.value() <= 0.0 {
            return v * (self.saturation / THERMAL + 2.0 * gmin);
        }
        ((v * (1.0 / THERMAL)).exp_limited(300.0) - 1.0) * self.saturation + v * (2.0 * gmin)
    }

    #[inline(always)]
    pub fn charge<S: Scalar>(&self, v: S) -> S {
        self.bottom.charge(v) + self.side.charge(v)
    }

    pub fn stores(&self) -> bool {
        self.bottom.capacitance > 0.0 || self.side.capacitance > 0.0
    }
}

/// Overlaps of the gate, F.
#[derive(Debug, Clone, Copy)]
pub struct Overlaps {
    pub source: f64,
    pub drain: f64,
    pub bulk: f64,
}

impl Overlaps {
    pub fn new(m: &Shared, width: f64, length: f64) -> Self {
        Overlaps { source: m.cgso * width, drain: m.cgdo * width, bulk: m.cgbo * length }
    }
}

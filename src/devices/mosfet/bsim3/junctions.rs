//! Junctions of drain and source with the bulk.
//!
//! ```text
//! i = isat·(e^(v/(nj·Vt)) − 1) + gmin·v up to the voltage of ijth, then its tangent
//! isat = as·js(T) + ps·jsw(T), 10⁻¹⁴ A without area and perimeter;  js(T) = js·(e^(Eg/Vt at tnom − Eg/Vt)·(T/tnom)^xti)^(1/nj)
//! q: cj·as of pb and mj, cjsw·(ps − weff) of pbsw and mjsw, cjswg·weff of pbswg and mjswg; forward the capacitance's tangent at 0
//! ```
//! A perimeter below weff is all at the gate. cj·(1 + tcj·(T − tnom)), pb − tpb·(T − tnom), and likewise the others.
//! Source: BSIM3v3.3 manual, chapter 10.

use super::parameters::General;
use crate::devices::junction::{Depletion, critical_voltage};
use crate::devices::mosfet::bsim::temperatures::Temperatures;
use crate::numerics::scalar::Scalar;

/// Saturation current of a junction without area and perimeter, A.
const LEAST: f64 = 1e-14;

/// Least potential, V.
const LEAST_POTENTIAL: f64 = 0.01;

/// One junction.
#[derive(Debug, Clone, Copy)]
pub struct Junction {
    saturation: f64,
    /// nj·Vt
    scale: f64,
    pub critical: f64,
    /// Voltage from which the current is continued by its tangent.
    tangent_at: f64,
    bottom: Depletion,
    side: Depletion,
    at_gate: Depletion,
}

/// Area, m², and perimeter, m, of an end.
#[derive(Debug, Clone, Copy)]
pub struct End {
    pub area: f64,
    pub perimeter: f64,
}

impl Junction {
    pub fn new(m: &General, temperatures: &Temperatures, end: End, width: f64) -> Self {
        let thermal = temperatures.thermal();
        let (scale, delta) = (m.nj * thermal, temperatures.difference());
        let growth = temperatures.gap_difference() + m.xti * (temperatures.own / temperatures.nominal).ln();
        let growth = (growth / m.nj).exp();
        let saturation = if end.area <= 0.0 && end.perimeter <= 0.0 {
            LEAST
        } else {
            (end.area * m.js + end.perimeter * m.jsw).max(0.0) * growth
        };
        let at_gate = end.perimeter.min(width);
        let depletion = |size: f64, [own, slope]: [f64; 2], [potential, fall]: [f64; 2], grading: f64| {
            let capacitance = size * own * (1.0 + slope * delta).max(0.0);
            let potential = (potential.max(0.1) - fall * delta).max(LEAST_POTENTIAL);
            Depletion::new(capacitance, potential, grading, 0.0)
        };
        let or = |own: f64, other: f64| if own.is_nan() { other } else { own };
        let side = [m.cjsw, m.tcjsw];
        let gate = [or(m.cjswg, m.cjsw), m.tcjswg];
        let gate_potential = [or(m.pbswg, m.pbsw), m.tpbswg];
        let tangent_at =
            if m.ijth > 0.0 && saturation > 0.0 { scale * (m.ijth / saturation + 1.0).ln() } else { f64::INFINITY };
        Junction {
            saturation,
            scale,
            critical: critical_voltage(scale, saturation.max(1e-30)),
            tangent_at,
            bottom: depletion(end.area, [m.cj, m.tcj], [m.pb, m.tpb], m.mj),
            side: depletion(end.perimeter - at_gate, side, [m.pbsw, m.tpbsw], m.mjsw),
            at_gate: depletion(at_gate, gate, gate_potential, or(m.mjswg, m.mjsw)),
        }
    }

    /// Current out of the bulk.
    #[inline(always)]
    pub fn current<S: Scalar>(&self, v: S, gmin: f64) -> S {
        let leak = v * gmin;
        // Beyond this the exponential is lost in rounding.
        if v.value() < -40.0 * self.scale {
            return leak - self.saturation;
        }
        if v.value() <= self.tangent_at {
            return ((v * (1.0 / self.scale)).exp_limited(300.0) - 1.0) * self.saturation + leak;
        }
        let at = (self.tangent_at / self.scale).exp() * self.saturation;
        (v - self.tangent_at) * (at / self.scale) + (at - self.saturation) + leak
    }

    #[inline(always)]
    pub fn charge<S: Scalar>(&self, v: S) -> S {
        self.bottom.charge(v) + self.side.charge(v) + self.at_gate.charge(v)
    }

    pub fn has_charge(&self) -> bool {
        [&self.bottom, &self.side, &self.at_gate].iter().any(|part| part.capacitance > 0.0)
    }
}

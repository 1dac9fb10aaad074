//! What of the base: avalanche, tunnelling, and the inner base resistance.
//!
//! ```text
//! avalanche:  itf·g, with kavl itf·g/(½·(h + √(h² + 0.01))),  h = 1 − kavl·g,  u = vdci − vbici > 0
//!             g = favl·u·e^(−qavl/(Cjci·u)),  from u0 = qavl/cjci0 on its tangent favl·e^(−y)·(u0 + (1 + y)·(u − u0)),  y = cjci0/Cjci
//! tunnelling: −v/φ·ibets·p·e^(−abet/p) where v < 0,  p = (Cj/cj0)^(1 − 1/z),  of the perimeter or the inner junction (tunode)
//! resistance: rbi = rbi0/(½·(n + √(n² + 0.01))),  n = 1 + (Qjei + Qjci + Qf)/((1 + fdqr0)·qp0)
//!             ·ln(1 + η)/η,  η = fgeo·rbi·ibei/Vt > 0;     ·(Qjei + fqi·Qf)/(Qjei + Qf)
//! ```
//! Source: HICUM/L2 manual, chapters on the base.

use super::depletion::{Depletion, Stored};
use super::parameters::HicumModel;
use super::temperature::{LEAST_RESISTANCE, Warm};
use super::transit::positive;
use super::transport::Bias;
use crate::numerics::scalar::{Over, Scalar};

/// Smoothness of denominators that are kept above 0.
const DENOMINATOR: f64 = 0.01;

/// Crowding below which a series takes the place of the logarithm.
const SMALL: f64 = 1e-6;

/// What of the card depends on no temperature.
#[derive(Debug, Clone, Copy)]
pub struct Base {
    has_avalanche: bool,
    is_strong: bool,
    pub tunnels_at_perimeter: bool,
    has_resistance: bool,
    modulation: f64,
    geometry: f64,
    inner_charge: f64,
    /// fcrbi
    pub capacitance_part: f64,
    /// 1/tbhrec, 1/s
    pub inverse_barrier_time: f64,
}

impl Base {
    pub fn new(m: &HicumModel) -> Self {
        Base {
            has_avalanche: m.avalanche_factor > 0.0 && m.collector_capacitance > 0.0,
            is_strong: m.avalanche_strength > 0.0,
            tunnels_at_perimeter: m.tunnels_at_perimeter(),
            has_resistance: m.inner_base >= LEAST_RESISTANCE,
            modulation: 1.0 + m.base_modulation,
            geometry: m.crowding_geometry,
            inner_charge: m.inner_charge_part,
            capacitance_part: m.crowding_capacitance,
            inverse_barrier_time: if m.barrier_recombination_time > 0.0 {
                1.0 / m.barrier_recombination_time
            } else {
                0.0
            },
        }
    }

    /// Avalanche current of the forward current `forward`.
    #[inline(always)]
    pub fn avalanche<P: Scalar, S: Over<P>>(&self, warm: &Warm<P>, bc: S, collector: &Stored<S>, forward: S) -> S {
        let across = -(bc - warm.collector_depletion.junction.potential);
        if !self.has_avalanche || across.value() <= 0.0 {
            return S::zero();
        }
        let [factor, charge, strength] = warm.avalanche;
        let zero_bias = warm.collector_depletion.junction.capacitance;
        let start = charge / zero_bias;
        let multiplied = if across.value() > start.value() {
            let ratio = collector.capacitance.recip() * zero_bias;
            ((ratio + 1.0) * (across - start) + start) * (-ratio).exp() * factor
        } else {
            (-((collector.capacitance * across).recip() * charge)).exp() * across * factor
        };
        if !self.is_strong {
            return forward * multiplied;
        }
        forward * multiplied / positive(-(multiplied * strength) + 1.0, DENOMINATOR)
    }

    /// Tunnelling through the base-emitter junction, from emitter to base.
    #[inline(always)]
    pub fn tunnel<P: Scalar, S: Over<P>>(
        &self,
        warm: &Warm<P>,
        v: &Bias<S>,
        inner: &Stored<S>,
        perimeter: &Stored<S>,
    ) -> S {
        let (across, stored, junction): (S, _, &Depletion<P>) = if self.tunnels_at_perimeter {
            (v.perimeter, perimeter, &warm.perimeter_depletion)
        } else {
            (v.be, inner, &warm.emitter_depletion)
        };
        if warm.tunnel.saturation.value() == 0.0 || across.value() >= 0.0 {
            return S::zero();
        }
        let of = &junction.junction;
        let field = (stored.capacitance / of.capacitance).powf(1.0 - 1.0 / of.grading);
        -(across / of.potential) * warm.tunnel.saturation * field * (-(field.recip() * warm.tunnel.exponent)).exp()
    }

    /// 1/rbi at a bias; 0 for none.
    #[inline(always)]
    pub fn conductance<P: Scalar, S: Over<P>>(
        &self,
        warm: &Warm<P>,
        ideal: S,
        [emitter, collector]: [&Stored<S>; 2],
        stored: S,
    ) -> S {
        if !self.has_resistance {
            return S::zero();
        }
        let charge = (emitter.charge + collector.charge + stored) / warm.hole_charge * (1.0 / self.modulation) + 1.0;
        let mut conductance = positive(charge, DENOMINATOR) / warm.inner_base;
        if ideal.value() > 0.0 {
            let crowding = ideal * self.geometry / conductance / warm.thermal;
            conductance = if crowding.value() < SMALL {
                conductance * (crowding * 0.5 + 1.0)
            } else {
                conductance * crowding / crowding.ln_1p()
            };
        }
        if self.inner_charge < 1.0 && stored.value() > 0.0 {
            conductance = conductance * (emitter.charge + stored) / (emitter.charge + stored * self.inner_charge);
        }
        conductance
    }
}

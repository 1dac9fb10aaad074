//! The transfer current and the hole charge that it depends on, which depends on the current.
//!
//! ```text
//! Q0 = qp0 + hjei·Qjei + hjci·Qjci, kept above 0.05·qp0 within some of that
//! hjei with ahjei: hjei·(e^u − 1)/u,  u = ahjei·(1 − (1 − v/φ)^zei),  v that is vbiei between Vt and φ
//! τ0 = t0 + dt0h·(c − 1) + tbvl·(1/c − 1),  c = cjci0/Cjci, of the capacitance without punch-through
//! vceff = Vt·(1 + ½·(d + √(d² + 1.921812))),  d = (vciei − vces)/Vt − 1,  k = (vceff − vlim)/vpt
//! ick = vceff/rci0·(1 + (vceff/vlim)^delck)^(−1/delck)·(1 + ½·(k + √(k² + aick)))
//! i0f = c10·e^(vbiei/(mcf·Vt)),  i0r = c10·e^(vbici/Vt)
//! itf = i0f/Q·(1 + i0f/(Q·ich)),  itr = i0r/Q,  Q = Q0 + QfT(itf) + tr·itr
//! ```
//! Q is where both sides of its equation are the same, found with derivatives by all voltages.
//!
//! Source: HICUM/L2 manual, chapter on the transfer current; Schröter and Chakravorty (2010).

use super::depletion::{SMOOTHNESS, Stored};
use super::parameters::HicumModel;
use super::temperature::Warm;
use super::transit::{Conditions, Minority, Transit, positive};
use crate::numerics::dual::Dual;
use crate::numerics::scalar::{Over, Scalar};
use crate::numerics::tangent::Tangent;

/// Part of the hole charge without bias that is left at least.
const LEAST_CHARGE: f64 = 0.05;

/// Least 1 − v/φ in the weight of the base-emitter depletion charge.
const LEAST_REST: f64 = 1e-6;

/// Exponent beyond which exponentials of voltages go on as straight lines.
pub const LARGEST_EXPONENT: f64 = 80.0;

/// Steps of Newton's method for the hole charge, and where it ends, relative.
const MOST_STEPS: usize = 100;
const CLOSE: f64 = 1e-14;

/// What of the card depends on no temperature.
#[derive(Debug, Clone, Copy)]
pub struct Transfer {
    transit: Transit,
    emission: f64,
    inverse_wide_current: f64,
    reverse_transit: f64,
    collector_weight: f64,
    weight_smoothing: f64,
    has_weight_slope: bool,
    card_weight: f64,
    transit_width: f64,
    transit_jam: f64,
    inverse_reach: f64,
    critical_smoothing: f64,
    critical_exponent: f64,
}

/// What the transfer current is made from.
#[derive(Debug, Clone, Copy)]
struct Cause<S> {
    /// Q0
    charge: S,
    /// i0f
    forward: S,
    /// i0r
    reverse: S,
    conditions: Conditions<S>,
}

/// Transfer currents in A, what they store in C, and times in s.
#[derive(Debug, Clone, Copy)]
pub struct Transferred<S> {
    pub forward: S,
    pub reverse: S,
    pub minority: Minority<S>,
    /// τf
    pub time: S,
    /// τ0
    pub low_current_time: S,
    /// ick
    pub critical: S,
}

impl Transfer {
    pub fn new(m: &HicumModel) -> Self {
        Transfer {
            transit: Transit::new(m),
            emission: m.forward_emission,
            inverse_wide_current: if m.wide_current > 0.0 { 1.0 / m.wide_current } else { 0.0 },
            reverse_transit: m.reverse_transit,
            collector_weight: m.collector_depletion_weight,
            weight_smoothing: m.emitter_depletion_smoothing,
            has_weight_slope: m.emitter_depletion_slope != 0.0,
            card_weight: m.emitter_depletion_weight,
            transit_width: m.transit_width,
            transit_jam: m.transit_jam,
            inverse_reach: 1.0 / m.reach_through,
            critical_smoothing: m.critical_smoothing,
            critical_exponent: m.critical_exponent,
        }
    }

    /// Of the voltages from bi to ei and ci, with the depletion charges there. The time costs as much as all else and is 0 unless it
    /// is needed.
    #[inline(always)]
    pub fn at<P: Scalar, S: Over<P>>(
        &self,
        warm: &Warm<P>,
        [be, bc]: [S; 2],
        [emitter, collector]: [&Stored<S>; 2],
        needs_time: bool,
    ) -> Transferred<S> {
        let lift = |value: P| S::zero() + value;
        let conditions = Conditions {
            thermal: lift(warm.thermal),
            low_current: self.low_current_time(warm, bc),
            critical: self.critical_current(warm, be - bc),
            emitter_time: lift(warm.emitter_time),
            saturation_time: lift(warm.saturation_time),
            weights: warm.weights.map(lift),
        };
        let injected = |v: S, emission: f64| (v / warm.thermal * (1.0 / emission)).exp_limited(LARGEST_EXPONENT);
        let cause = Cause {
            charge: self.resting_charge(warm, be, emitter, collector),
            forward: injected(be, self.emission) * warm.transfer,
            reverse: injected(bc, 1.0) * warm.transfer,
            conditions,
        };
        let charge = self.hole_charge(&cause);
        let forward = self.forward(cause.forward, charge);
        let (minority, time) = if needs_time {
            let conditions = conditions.map(Tangent::fixed);
            let Minority { stored, weighted, base } = self.transit.minority(&conditions, Tangent::variable(forward));
            (Minority { stored: stored.value, weighted: weighted.value, base: base.value }, stored.slope)
        } else {
            (self.transit.minority(&conditions, forward), S::zero())
        };
        Transferred {
            forward,
            reverse: cause.reverse / charge,
            minority,
            time,
            low_current_time: conditions.low_current,
            critical: conditions.critical,
        }
    }

    /// itf at a hole charge.
    #[inline(always)]
    fn forward<S: Scalar>(&self, injected: S, charge: S) -> S {
        let current = injected / charge;
        if self.inverse_wide_current == 0.0 { current } else { current * (current * self.inverse_wide_current + 1.0) }
    }

    /// Q0
    #[inline(always)]
    fn resting_charge<P: Scalar, S: Over<P>>(
        &self,
        warm: &Warm<P>,
        be: S,
        emitter: &Stored<S>,
        collector: &Stored<S>,
    ) -> S {
        let depleted = emitter.charge * self.emitter_weight(warm, be) + collector.charge * self.collector_weight;
        let least = warm.hole_charge * LEAST_CHARGE;
        let above = (depleted + warm.hole_charge) / least - 1.0;
        (positive(above, SMOOTHNESS) + 1.0) * least
    }

    /// hjei
    #[inline(always)]
    fn emitter_weight<P: Scalar, S: Over<P>>(&self, warm: &Warm<P>, be: S) -> S {
        if !self.has_weight_slope {
            return S::constant(self.card_weight);
        }
        let potential = warm.emitter_depletion.junction.potential;
        let scale = warm.thermal * self.weight_smoothing;
        let below = -(positive(-(be - potential) / scale, SMOOTHNESS) * scale) + potential;
        let above = (positive(below / warm.thermal - 1.0, SMOOTHNESS) + 1.0) * warm.thermal;
        // Far above the potential the two bends do not keep this above 0.
        let rest = (-(above / potential) + 1.0).max(S::constant(LEAST_REST));
        let [weight, slope] = warm.depletion_weight;
        let exponent = (-rest.powf(warm.emitter_depletion.junction.grading) + 1.0) * slope;
        exponent.exp_m1() / exponent * weight
    }

    /// τ0
    #[inline(always)]
    fn low_current_time<P: Scalar, S: Over<P>>(&self, warm: &Warm<P>, bc: S) -> S {
        let capacitance = warm.collector_width.stored(bc).capacitance;
        if capacitance.value() <= 0.0 || self.transit_width == 0.0 && self.transit_jam == 0.0 {
            return S::zero() + warm.transit;
        }
        let ratio = capacitance / warm.collector_width.junction.capacitance;
        (ratio.recip() - 1.0) * self.transit_width + (ratio - 1.0) * self.transit_jam + warm.transit
    }

    /// ick
    #[inline(always)]
    fn critical_current<P: Scalar, S: Over<P>>(&self, warm: &Warm<P>, ce: S) -> S {
        let over = (ce - warm.saturation_voltage) / warm.thermal - 1.0;
        let effective = (positive(over, SMOOTHNESS) + 1.0) * warm.thermal;
        let drift = (effective / warm.drift_voltage).powf(self.critical_exponent) + 1.0;
        let reached = (effective - warm.drift_voltage) * self.inverse_reach;
        let rise = positive(reached, self.critical_smoothing) + 1.0;
        effective / warm.inner_collector * drift.powf(-1.0 / self.critical_exponent) * rise
    }

    /// Q less what the right side of its equation is.
    #[inline(always)]
    fn difference<S: Scalar>(&self, of: &Cause<S>, charge: S) -> S {
        let weighted = self.transit.minority(&of.conditions, self.forward(of.forward, charge)).weighted;
        charge - of.charge - weighted - of.reverse / charge * self.reverse_transit
    }

    /// Q
    #[inline(always)]
    fn hole_charge<S: Scalar>(&self, of: &Cause<S>) -> S {
        let plain = Cause {
            charge: of.charge.value(),
            forward: of.forward.value(),
            reverse: of.reverse.value(),
            conditions: of.conditions.map(S::value),
        };
        let (charge, slope) = self.solve(&plain);
        S::implicit(charge, slope, |charge| self.difference(of, charge))
    }

    /// Q and the slope of the difference there. That rises with Q, from below 0 at Q0: Newton's method between bounds.
    fn solve(&self, of: &Cause<f64>) -> (f64, f64) {
        let fixed = Cause {
            charge: Dual::<1>::from(of.charge),
            forward: of.forward.into(),
            reverse: of.reverse.into(),
            conditions: of.conditions.map(Dual::from),
        };
        let half = 0.5 * of.charge;
        let low_current = of.conditions.low_current.max(0.0) * of.conditions.weights[0];
        let injected = low_current * of.forward + self.reverse_transit * of.reverse;
        let (mut low, mut high) = (of.charge.min(0.0), f64::INFINITY);
        let mut charge = half + (half * half + injected).sqrt();
        let mut slope = 1.0;
        for _ in 0..MOST_STEPS {
            let difference = self.difference(&fixed, Dual::variable(charge, 0));
            slope = difference.gradient[0];
            if difference.value < 0.0 {
                low = charge;
            } else {
                high = charge;
            }
            let wanted = charge - difference.value / slope;
            let inside = wanted > low && wanted < high;
            let next = match (inside, high.is_finite()) {
                (true, _) => wanted,
                (false, true) => 0.5 * (low + high),
                (false, false) => 2.0 * charge,
            };
            let step = (next - charge).abs();
            charge = next;
            if step <= CLOSE * charge.abs() {
                break;
            }
        }
        (charge, slope)
    }
}

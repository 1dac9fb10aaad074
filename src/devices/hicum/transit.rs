//! The minority charge of the forward transfer current.
//!
//! ```text
//! x = itf/ick,  i = 1 − 1/x,  w = (i + √(i² + ahc))/(1 + √(1 + ahc))
//! barrier:    b = ½·(n + √(n² + acbar)),  n = (itf − ick)/icbar,  ΔV = vcbar·e^(−1/b)       0 with icbar < 0.05·vlim/rci0
//! emitter:    Qe = tef0·x^gtfe·itf/(1 + gtfe)
//! base:       Qbb = (1 − fthc)·thcs·itf·(e^(ΔV/Vt) − 1),   Qbc = (1 − fthc)·Qh,  Qh = thcs·itf·w²·e^((ΔV − vcbar)/Vt)
//! collector:  Qc = fthc·Qh, or with current spreading (latb, latl) fthc·thcs·itf·g(w)·e^((ΔV − vcbar)/Vt)
//! Qf  = τ0·itf + Qbb + Qbc + Qe + Qc,            τf = dQf/d itf
//! QfT = hf0·τ0·itf + Qbb + Qbc + hfe·Qe + hfc·Qc                            what of it the hole charge sees
//! ```
//! Source: HICUM/L2 manual, chapter on minority charge, transit times and diffusion capacitances.

use super::parameters::HicumModel;
use super::spreading::Spreading;
use crate::numerics::scalar::Scalar;

/// Part of the critical current below which there are no high-current effects to be computed.
const LEAST_PART: f64 = 1e-30;

/// What of the card depends on no temperature.
#[derive(Debug, Clone, Copy)]
pub struct Transit {
    emitter_exponent: f64,
    collector_part: f64,
    smoothing: f64,
    barrier_voltage: f64,
    /// icbar, where there is a barrier.
    barrier_current: Option<f64>,
    barrier_smoothing: f64,
    spreading: Option<Spreading>,
}

/// What the charge depends on beside the current.
#[derive(Debug, Clone, Copy)]
pub struct Conditions<S> {
    pub thermal: S,
    /// τ0
    pub low_current: S,
    /// ick
    pub critical: S,
    pub emitter_time: S,
    pub saturation_time: S,
    /// hf0, hfe and hfc
    pub weights: [S; 3],
}

impl<S> Conditions<S> {
    /// The same in other numbers.
    #[inline(always)]
    pub fn map<T>(self, make: impl Fn(S) -> T) -> Conditions<T> {
        Conditions {
            thermal: make(self.thermal),
            low_current: make(self.low_current),
            critical: make(self.critical),
            emitter_time: make(self.emitter_time),
            saturation_time: make(self.saturation_time),
            weights: self.weights.map(make),
        }
    }
}

/// Charges of a current, C.
#[derive(Debug, Clone, Copy)]
pub struct Minority<S> {
    /// Qf
    pub stored: S,
    /// QfT
    pub weighted: S,
    /// Qbb + Qbc
    pub base: S,
}

impl Transit {
    pub fn new(m: &HicumModel) -> Self {
        let has_barrier = m.barrier_current > 0.0 && m.barrier_current >= 0.05 * (m.drift_voltage / m.inner_collector);
        Transit {
            emitter_exponent: m.emitter_time_exponent,
            collector_part: m.collector_part,
            smoothing: m.saturation_smoothing,
            barrier_voltage: m.barrier_voltage,
            barrier_current: has_barrier.then_some(m.barrier_current),
            barrier_smoothing: m.barrier_smoothing,
            spreading: Spreading::new(m),
        }
    }

    /// Charges of the forward current `current`.
    #[inline(always)]
    pub fn minority<S: Scalar>(&self, of: &Conditions<S>, current: S) -> Minority<S> {
        let low = of.low_current * current;
        let [low_weight, emitter_weight, collector_weight] = of.weights;
        let part = current / of.critical;
        if part.value() < LEAST_PART || part.value().is_nan() {
            return Minority { stored: low, weighted: low * low_weight, base: S::zero() };
        }
        let emitter = if of.emitter_time.value() > 0.0 {
            of.emitter_time * part.powf(self.emitter_exponent) * current * (1.0 / (1.0 + self.emitter_exponent))
        } else {
            S::zero()
        };
        if of.saturation_time.value() <= 0.0 {
            let weighted = low * low_weight + emitter * emitter_weight;
            return Minority { stored: low + emitter, weighted, base: S::zero() };
        }
        let barrier = self.barrier(of.critical, current);
        let full = of.saturation_time * current;
        let width = self.width(part);
        let lowered = full * ((barrier - self.barrier_voltage) / of.thermal).exp();
        let saturated = lowered * width * width;
        let by_barrier = full * ((barrier / of.thermal).exp() - 1.0);
        let base = (by_barrier + saturated) * (1.0 - self.collector_part);
        let [collector, weighted_collector] = match &self.spreading {
            None => [saturated * self.collector_part; 2],
            Some(spreading) => spreading.of(width).map(|part| lowered * part * self.collector_part),
        };
        Minority {
            stored: low + base + emitter + collector,
            weighted: low * low_weight + base + emitter * emitter_weight + weighted_collector * collector_weight,
            base,
        }
    }

    /// ΔV
    #[inline(always)]
    fn barrier<S: Scalar>(&self, critical: S, current: S) -> S {
        let Some(barrier_current) = self.barrier_current else { return S::zero() };
        let above = (current - critical) * (1.0 / barrier_current);
        (-positive(above, self.barrier_smoothing).recip().min(S::constant(600.0))).exp() * self.barrier_voltage
    }

    /// w
    #[inline(always)]
    fn width<S: Scalar>(&self, part: S) -> S {
        positive(-part.recip() + 1.0, self.smoothing) * (2.0 / (1.0 + (1.0 + self.smoothing).sqrt()))
    }
}

/// ½·(x + √(x² + a)), without cancellation where x is far below 0.
#[inline(always)]
pub fn positive<S: Scalar>(x: S, smoothing: f64) -> S {
    let root = (x * x + smoothing).sqrt();
    if x.value() < 0.0 { (root - x).recip() * (0.5 * smoothing) } else { (x + root) * 0.5 }
}

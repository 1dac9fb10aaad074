//! Depletion charge and capacitance of the transistor's junctions.
//!
//! ```text
//! the capacitance stops growing at a·c, at Vf = φ·(1 − a^(−1/z)), within some Vt:
//!     e = (Vf − v)/Vt,  u = Vf − Vt·½·(e + √(e² + 1.921812)),  u′ its slope
//!     q = c·φ·(1 − (1 − u/φ)^(1 − z))/(1 − z) + a·c·(v − u),   C = c·(1 − u/φ)^(−z)·u′ + a·c·(1 − u′)
//! with vpt < 100 V the collector is depleted throughout below −(vpt − φ), where the exponent is z/4:
//!     u = Vf − Vt·ln(1 + e^e),  d = 0.1·p + 4·Vt,  p = vpt − φ
//!     w = −p + d·(ln(1 + e^((p + u)/d)) − e^(−(p + Vf)/d)),  w′ its slope by u,  cp = c·(vpt/φ)^(−3z/4)
//!     q = φ·(c·s(w, z) + cp·s(u, z/4) − cp·s(w, z/4)) + a·c·(v − u),  s(x, z) = (1 − (1 − x/φ)^(1 − z))/(1 − z)
//!     C = c·(1 − w/φ)^(−z)·u′·w′ + cp·(1 − u/φ)^(−z/4)·(1 − w′) + a·c·(1 − u′)
//! ```
//! The last C, which the avalanche and the inner base see, is not quite the slope of its q.
//!
//! Source: HICUM/L2 manual, chapter on depletion charges; Schröter and Chakravorty, Compact Hierarchical Bipolar Transistor Modeling
//! With HICUM (2010).

use crate::numerics::scalar::{Over, Scalar};

/// Punch-through voltages from here on are none, V.
const NO_REACH: f64 = 100.0;

/// Smoothness of bends within Vt, here and elsewhere in the model.
pub const SMOOTHNESS: f64 = 1.921_812;

/// A junction at a temperature.
#[derive(Debug, Clone, Copy)]
pub struct Junction<P> {
    /// Zero-bias capacitance, F.
    pub capacitance: P,
    pub potential: P,
    pub grading: f64,
    /// Largest capacitance over that at zero bias.
    pub peak: P,
    /// Punch-through voltage, V.
    pub reach: f64,
}

/// The same with what follows from it.
#[derive(Debug, Clone, Copy)]
pub struct Depletion<P> {
    pub junction: Junction<P>,
    inverse_potential: P,
    thermal: P,
    /// Vf
    knee: P,
    reached: Option<Reached<P>>,
}

#[derive(Debug, Clone, Copy)]
struct Reached<P> {
    /// p
    offset: P,
    /// 1/d and d
    inverse_width: P,
    width: P,
    /// e^(−(p + Vf)/d)
    at_knee: P,
    /// cp
    capacitance: P,
}

/// Charge in C and capacitance in F.
#[derive(Debug, Clone, Copy)]
pub struct Stored<S> {
    pub charge: S,
    pub capacitance: S,
}

impl<P: Scalar> Depletion<P> {
    pub fn new(junction: Junction<P>, thermal: P) -> Self {
        let Junction { capacitance, potential, grading, peak, reach } = junction;
        let knee = potential * (-(-(peak.ln() / grading)).exp() + 1.0);
        let reached = (reach < NO_REACH).then(|| {
            let offset = -potential + reach;
            let width = offset * 0.1 + thermal * 4.0;
            Reached {
                offset,
                inverse_width: width.recip(),
                width,
                at_knee: (-((offset + knee) / width)).exp(),
                capacitance: capacitance * (potential.recip() * reach).powf(-0.75 * grading),
            }
        });
        Depletion { junction, inverse_potential: potential.recip(), thermal, knee, reached }
    }

    /// Charge and capacitance at `v`.
    #[inline(always)]
    pub fn stored<S: Over<P>>(&self, v: S) -> Stored<S> {
        if self.junction.capacitance.value() <= 0.0 {
            return Stored { charge: S::zero(), capacitance: S::zero() };
        }
        match &self.reached {
            None => self.smooth(v),
            Some(reached) => self.punched(v, reached),
        }
    }

    /// ln(1 − u/φ)
    #[inline(always)]
    fn rest<S: Over<P>>(&self, u: S) -> S {
        (-(u * self.inverse_potential) + 1.0).ln()
    }

    #[inline(always)]
    fn smooth<S: Over<P>>(&self, v: S) -> Stored<S> {
        let Junction { capacitance, potential, grading, peak, .. } = self.junction;
        let left = 1.0 - grading;
        let e = -(v - self.knee) / self.thermal;
        let root = (e * e + SMOOTHNESS).sqrt();
        let half = (e + root) * 0.5;
        let below = -(half * self.thermal) + self.knee;
        let slope = half / root;
        let rest = self.rest(below);
        let stays = (-slope + 1.0) * peak;
        Stored {
            charge: (-(rest * left).exp() + 1.0) * potential * (1.0 / left) * capacitance
                + (v - below) * peak * capacitance,
            capacitance: ((rest * -grading).exp() * slope + stays) * capacitance,
        }
    }

    #[inline(always)]
    fn punched<S: Over<P>>(&self, v: S, reached: &Reached<P>) -> Stored<S> {
        let Junction { capacitance, potential, grading, peak, .. } = self.junction;
        let weak = 0.25 * grading;
        let e = -(v - self.knee) / self.thermal;
        let inner = -(e.softplus() * self.thermal) + self.knee;
        let slope = e.logistic();
        let over = (inner + reached.offset) * reached.inverse_width;
        let outer = (over.softplus() - reached.at_knee) * reached.width - reached.offset;
        let outer_slope = over.logistic();
        let (rest_inner, rest_outer) = (self.rest(inner), self.rest(outer));
        let filled = |rest: S, grading: f64| (-(rest * (1.0 - grading)).exp() + 1.0) * (1.0 / (1.0 - grading));
        let far = (filled(rest_inner, weak) - filled(rest_outer, weak)) * reached.capacitance;
        let near = filled(rest_outer, grading) * capacitance;
        let stays = (-slope + 1.0) * peak;
        Stored {
            charge: (near + far) * potential + (v - inner) * peak * capacitance,
            capacitance: ((rest_outer * -grading).exp() * slope * outer_slope + stays) * capacitance
                + (rest_inner * -weak).exp() * (-outer_slope + 1.0) * reached.capacitance,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numerics::dual::Dual;

    fn depletion(reach: f64) -> Depletion<f64> {
        Depletion::new(Junction { capacitance: 2.0, potential: 0.8, grading: 0.4, peak: 2.4, reach }, 0.0259)
    }

    #[test]
    fn capacitances_are_slopes_of_charges_and_have_their_limits() {
        for v in [-5.0, -1.0, -0.1, 0.3, 0.6, 0.9] {
            let found = depletion(100.0).stored(Dual::<1>::variable(v, 0));
            let slope = found.charge.gradient[0];
            assert!((found.capacitance.value / slope - 1.0).abs() < 1e-12, "{v}: {found:?}");
        }
        let forward = depletion(100.0).stored(Dual::<1>::variable(3.0, 0)).charge.gradient[0];
        assert!((forward / 4.8 - 1.0).abs() < 1e-3, "{forward}");
        // Punched through, the exponent is a quarter.
        let at = |v: f64| depletion(1.8).stored(Dual::<1>::variable(v, 0)).charge.gradient[0];
        let expected = ((1.0 + 40.0 / 0.8) / (1.0 + 20.0f64 / 0.8)).powf(-0.1);
        assert!((at(-40.0) / at(-20.0) / expected - 1.0).abs() < 1e-6);
    }
}

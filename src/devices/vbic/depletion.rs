//! Depletion charge of the transistor's junctions for a zero-bias capacitance of 1 F.
//!
//! ```text
//! q = φ·(1 − (1 − v/φ)^(1 − m))/(1 − m)                                       its tangent beyond fc·φ where the smoothing a ≤ 0
//! with a > 0 the capacitance stops growing at fc·φ, within a width of 2a:
//!     u(v) = ½·(v − fcφ − √((v − fcφ)² + 4a²)) + fcφ
//!     q = −φ·(1 − u/φ)^(1 − m)/(1 − m) + (1 − fc)^(−m)·(v − u),  less its value at 0
//! with vrt > 0 the base's collector side is depleted throughout below −vrt, where the capacitance stays, with art as a width of that:
//!     n(v) = 2x/(√((x − 1)² + 4a²) + √((x + 1)² + 4art²)),  x = (2v + vrt − fcφ)/(vrt + fcφ)
//!     u = ½·(n·(vrt + fcφ) − vrt + fcφ),  s = ½·(n + 1)
//!     q = φ·(1 − (1 − u/φ)^(1 − m))/(1 − m) + (v − u + u(0))·((1 − s)·(1 + vrt/φ)^(−m) + s·(1 − fc)^(−m)),  less the first term at 0
//! ```
//! Source: McAndrew et al., IEEE J. Solid-State Circuits 31, 1476 (1996), and version 1.3 for vrt.

use crate::numerics::scalar::{Over, Scalar};

/// The junction as its card has it.
#[derive(Debug, Clone, Copy)]
pub struct Junction {
    pub grading: f64,
    /// fc
    pub forward: f64,
    /// a, V
    pub smoothing: f64,
    /// vrt, V; 0 for none.
    pub reach: f64,
    /// art
    pub reach_smoothing: f64,
}

/// The same with its potential at a temperature; numbers that follow from temperature are `P`.
#[derive(Debug, Clone, Copy)]
pub struct Depletion<P> {
    junction: Junction,
    potential: P,
    /// fc·φ
    knee: P,
    shape: Shape<P>,
}

#[derive(Debug, Clone, Copy)]
enum Shape<P> {
    /// With a tangent beyond the knee: charge there.
    Tangent { charge: P },
    /// The charge that makes that of 0 V zero.
    Smooth { charge: P },
    /// u(0), the same, and the capacitance below −vrt.
    Reached { start: P, charge: P, least: P },
}

impl<P: Scalar> Depletion<P> {
    pub fn new(junction: Junction, potential: P) -> Self {
        let Junction { grading, forward, smoothing, reach, .. } = junction;
        let knee = potential * forward;
        let mut made = Depletion { junction, potential, knee, shape: Shape::Tangent { charge: P::zero() } };
        let zero = P::zero();
        made.shape = if smoothing <= 0.0 {
            Shape::Tangent { charge: made.ideal(knee) }
        } else if reach > 0.0 && junction.reach_smoothing > 0.0 {
            let start = made.between(zero).0;
            let least = (potential.recip() * reach + 1.0).powf(-grading);
            Shape::Reached { start, charge: made.ideal(start), least }
        } else {
            let start = made.below(zero);
            Shape::Smooth { charge: made.ideal(start) - start * (1.0 - forward).powf(-grading) }
        };
        made
    }

    /// φ·(1 − (1 − v/φ)^(1 − m))/(1 − m)
    #[inline(always)]
    fn ideal<S: Over<P>>(&self, v: S) -> S {
        let left = 1.0 - self.junction.grading;
        (-(-(v / self.potential) + 1.0).powf(left) + 1.0) * self.potential * (1.0 / left)
    }

    /// u(v) that stops at the knee.
    #[inline(always)]
    fn below<S: Over<P>>(&self, v: S) -> S {
        let over = v - self.knee;
        let width = self.junction.smoothing;
        (over - (over * over + 4.0 * width * width).sqrt()) * 0.5 + self.knee
    }

    /// u(v) that stops at the knee and at −vrt too, and s.
    #[inline(always)]
    fn between<S: Over<P>>(&self, v: S) -> (S, S) {
        let Junction { smoothing, reach, reach_smoothing, .. } = self.junction;
        let range = self.knee + reach;
        let x = (v * 2.0 - self.knee + reach) / range;
        let root = |at: S, width: f64| (at * at + 4.0 * width * width).sqrt();
        let inside = x * 2.0 / (root(x - 1.0, smoothing) + root(x + 1.0, reach_smoothing));
        ((inside * range + self.knee - reach) * 0.5, (inside + 1.0) * 0.5)
    }

    /// Charge at `v`.
    #[inline(always)]
    pub fn charge<S: Over<P>>(&self, v: S) -> S {
        let Junction { grading, forward, reach, .. } = self.junction;
        match self.shape {
            Shape::Tangent { charge } => {
                let past = v - self.knee;
                if past.value() > 0.0 {
                    let rest = 1.0 - forward;
                    let bend = past / self.potential * (0.5 * grading) + rest;
                    return past * bend * rest.powf(-1.0 - grading) + charge;
                }
                if reach > 0.0 && v.value() < -reach {
                    let left = 1.0 - grading;
                    let edge = (self.potential.recip() * reach + 1.0).powf(left);
                    let line = -((v + reach) / (self.potential + reach) * left) + 1.0;
                    return (-(line * edge) + 1.0) * self.potential * (1.0 / left);
                }
                self.ideal(v)
            }
            Shape::Smooth { charge } => {
                let at = self.below(v);
                self.ideal(at) + (v - at) * (1.0 - forward).powf(-grading) - charge
            }
            Shape::Reached { start, charge, least } => {
                let (at, part) = self.between(v);
                let most = (1.0 - forward).powf(-grading);
                let slope = (-part + 1.0) * least + part * most;
                self.ideal(at) + (v - at + start) * slope - charge
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numerics::dual::Dual;

    const TANGENT: Junction =
        Junction { grading: 0.4, forward: 0.9, smoothing: -0.5, reach: 0.0, reach_smoothing: 1e-3 };

    fn capacitance(junction: Junction, v: f64) -> f64 {
        Depletion::new(junction, 0.8).charge(Dual::<1>::variable(v, 0)).gradient[0]
    }

    #[test]
    fn a_junction_has_its_capacitance_and_no_charge_without_bias() {
        let smooth = Junction { smoothing: 1e-3, ..TANGENT };
        for junction in [TANGENT, smooth, Junction { reach: 5.0, ..TANGENT }, Junction { reach: 5.0, ..smooth }] {
            let charge = Depletion::new(junction, 0.8).charge(0.0);
            let found = capacitance(junction, 0.0);
            assert!(charge.abs() < 1e-15 && (found - 1.0).abs() < 1e-4, "{junction:?}: {charge:e} {found}");
        }
    }

    #[test]
    fn capacitances_have_their_limits() {
        let most = 0.1f64.powf(-0.4);
        let smooth = Junction { smoothing: 0.01, ..TANGENT };
        assert!((capacitance(smooth, 3.0) / most - 1.0).abs() < 1e-3);
        let reverse = (1.0f64 + 20.0 / 0.8).powf(-0.4);
        assert!((capacitance(smooth, -20.0) / reverse - 1.0).abs() < 1e-3);
        // Beyond the voltage at which all is depleted nothing falls any more.
        let least = (1.0f64 + 5.0 / 0.8).powf(-0.4);
        for smoothing in [-0.5, 0.01] {
            let reached = Junction { reach: 5.0, smoothing, reach_smoothing: 0.01, ..TANGENT };
            assert!((capacitance(reached, -20.0) / least - 1.0).abs() < 1e-3, "{smoothing}");
        }
    }
}

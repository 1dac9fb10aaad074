//! Charges of BSIM1's channel, with vth0 = vfb + φ + k1·√(φ − vbs), v = vgs − vth0, Q = cox·weff·leff:
//!
//! ```text
//! accumulation, vgb < vfb:  qg = Q·(vgb − vfb) = −qb
//! depletion, vgs < vth0:    qg = Q·k1²/2·(√(1 + 4·(vgb − vfb)/k1²) − 1) = −qb
//! vds < v/a:  qg = Q·(vgs − vfb − φ − vds/2 + vds·x/12),   x = a·vds/(v − a·vds/2)
//!             qb = −Q·(k1·√(φ − vbs) − (1 − a)·vds·(1/2 − x/12))
//!             qd = −Q·(v/2 − 3/4·a·vds + a·vds·x/8), or with xpart = 0
//!             qd = −Q·((v − a·vds)/2 + a·vds·(v²/6 − a·vds·v/8 + (a·vds)²/40)/(v − a·vds/2)²)
//! beyond:     qg = Q·(vgs − vfb − φ − v/(3·a)),   qb = −Q·(k1·√(φ − vbs) + (a − 1)·v/(3·a))
//!             qd = 0, or with xpart = 0  −4/15·Q·v
//! ```
//! In ngspice 39 xpart = 0 on a card counts as 1; only a card without it has 40/60.
//!
//! With the bulk forward these have its voltage as 0. ngspice 39 has that in vth0 alone and vgb with vbs, so that its charge jumps where
//! the channel forms.

use super::super::channel::Charges;
use super::channel::Bsim1Channel;
use crate::numerics::scalar::Scalar;

/// Least v − a·vds/2, V.
const LEAST: f64 = 1e-8;

impl Bsim1Channel {
    #[inline(always)]
    pub(super) fn stored<S: Scalar>(&self, vds: S, vgs: S, vbs: S) -> Charges<S> {
        let bulk = if vbs.value() <= 0.0 { vbs } else { S::zero() };
        let past_flat_band = vgs - bulk - self.p.vfb;
        if past_flat_band.value() < 0.0 {
            return Charges::without_channel(past_flat_band * self.oxide);
        }
        let [threshold, factor] = self.ideal(bulk);
        let over = vgs - threshold;
        if over.value() < 0.0 {
            let square = self.p.k1 * self.p.k1;
            // Nothing is below flat band and above threshold without body effect, but for rounding.
            let root = (past_flat_band * (4.0 / square.max(1e-12)) + 1.0).sqrt();
            return Charges::without_channel((root - 1.0) * (0.5 * square * self.oxide));
        }
        let gate = vgs - (self.p.vfb + self.p.phi);
        let body = threshold - (self.p.vfb + self.p.phi);
        if vds.value() >= (over / factor).value() {
            return self.saturated(gate, body, over, factor);
        }
        let across = factor * vds;
        let middle = (over - across * 0.5).max(S::constant(LEAST));
        let x = if middle.value() > LEAST { across / middle } else { S::constant(2.0) };
        let drain = if self.all_to_source {
            over * 0.5 - across * 0.75 + across * x * 0.125
        } else {
            let cubic = over * over * (1.0 / 6.0) - across * over * 0.125 + across * across * 0.025;
            let part = if middle.value() > LEAST { cubic / (middle * middle) } else { S::constant(4.0 / 15.0) };
            (over - across) * 0.5 + across * part
        };
        let half = x * (-1.0 / 12.0) + 0.5;
        Charges {
            gate: (gate - vds * half) * self.oxide,
            bulk: ((vds - across) * half - body) * self.oxide,
            drain: drain * -self.oxide,
        }
    }

    fn saturated<S: Scalar>(&self, gate: S, body: S, over: S, factor: S) -> Charges<S> {
        let third = over / (factor * 3.0);
        Charges {
            gate: (gate - third) * self.oxide,
            bulk: (third - over * (1.0 / 3.0) - body) * self.oxide,
            drain: if self.all_to_source { S::zero() } else { over * (-4.0 / 15.0 * self.oxide) },
        }
    }
}

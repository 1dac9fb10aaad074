//! Charges of BSIM2's channel, with v = vgs − vth, w = v·(1 − vds/vdsat), Q = cox·weff·leff, b = vgs − vbs − vfb, qc = Q/3·(b − v):
//!
//! ```text
//! accumulation, b < 0:  qg = Q·b = −qb
//! depletion, v < 0:     qg = Q·b·(1 − t·(1 − t/3)) = −qb,   t = b/(b − v)
//! vds < vdsat:  qg = 2/3·Q·(v + w − v·w/(v + w)) + qc,   qb = −qc
//!               qd = −Q/3·(0.8·v + 0.2·w + w·(w/(v + w)) + 0.2·(w − v)·v·w/(v + w)²)
//! beyond:       w = 0:  qg = 2/3·Q·v + qc,   qd = −0.4·2/3·Q·v
//! ```
//! With the bulk forward its voltage counts as φ − s₂.

use super::super::channel::Charges;
use super::channel::Bsim2Channel;
use crate::numerics::scalar::Scalar;

impl Bsim2Channel {
    #[inline(always)]
    pub(super) fn stored<S: Scalar>(&self, [vds, vgs, vbs]: [S; 3]) -> Charges<S> {
        let body = self.body(vds, vbs);
        let over = vgs - body.threshold;
        let past_flat_band = vgs - body.bulk - self.p.vfb;
        if past_flat_band.value() <= 0.0 {
            return Charges::without_channel(past_flat_band * self.oxide);
        }
        let whole = past_flat_band - over;
        if over.value() <= 0.0 {
            let part = past_flat_band / whole;
            let left = S::constant(1.0) - part * (S::constant(1.0) - part * (1.0 / 3.0));
            return Charges::without_channel(past_flat_band * left * self.oxide);
        }
        let third = self.oxide / 3.0;
        let saturation = self.pinch(over, &body, vbs).saturation;
        let depletion = whole * third;
        if vds.value() >= saturation.value() {
            let gate = over * (2.0 * third);
            return Charges { gate: gate + depletion, bulk: -depletion, drain: gate * -0.4 };
        }
        let far = over * (S::constant(1.0) - vds / saturation);
        let sum = over + far;
        let [near_part, far_part] = [over / sum, far / sum];
        let gate = (sum - far * near_part) * (2.0 * third) + depletion;
        let bend = (far - over) * near_part * far_part * 0.2;
        let drain = (over * 0.8 + far * 0.2 + far * far_part + bend) * -third;
        Charges { gate, bulk: -depletion, drain }
    }
}

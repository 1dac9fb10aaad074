//! The resistance of a lightly doped drain or source, outside of the channel.
//!
//! ```text
//! r(v) = least + ½·own·(t + √(t² + 0.01)),  t = 1/(1 + prwg·u) − prwb·vbs,  u = ½·(v + √(v² + 1e-4)),  v = vgs − flat band
//! ```
//! in series with that of the diffusion. Source: BSIM4.6.4 manual, chapter 5.

use crate::devices::device::{Contribution, Device, Environment};
use crate::devices::noise::NoiseSource;
use crate::numerics::scalar::Scalar;

/// Drain or source resistance; unknowns: outer end, inner end, gate, bulk.
pub struct EndResistance {
    pub name: &'static str,
    /// Conductance of the diffusion, S.
    pub diffusion: f64,
    /// Resistance without bias and its least value, of all fingers, Ω.
    pub own: [f64; 2],
    pub prwg: f64,
    pub prwb: f64,
    pub flat_band: f64,
    pub polarity: f64,
    pub multiplier: f64,
    pub temperature: f64,
}

impl EndResistance {
    /// S, of voltages as of an n-channel.
    #[inline(always)]
    fn conductance<S: Scalar>(&self, gate: S, bulk: S) -> S {
        let past = gate - self.flat_band;
        let on = (past + (past * past + 1e-4).sqrt()) * 0.5;
        let part = (on * self.prwg + 1.0).recip() - bulk * self.prwb;
        let resistance = (part + (part * part + 0.01).sqrt()) * (0.5 * self.own[0]) + self.own[1];
        (resistance * self.diffusion + 1.0).recip() * (self.diffusion * self.multiplier)
    }
}

impl Device<4> for EndResistance {
    const BENDS_OVER: Option<f64> = Some(0.1);
    const NOISY: bool = true;

    #[inline]
    fn equations<S: Scalar>(
        &self,
        &[outer, end, gate, bulk]: &[S; 4],
        _environment: &Environment,
    ) -> Contribution<S, 4> {
        let none = S::zero();
        let conductance = self.conductance((gate - end) * self.polarity, (bulk - end) * self.polarity);
        let current = (outer - end) * conductance;
        Contribution::resistive([current, -current, none, none])
    }

    fn stores(&self) -> [bool; 4] {
        [false; 4]
    }

    fn noise(&self, x: &[f64; 4], _environment: &Environment, visit: &mut dyn FnMut(NoiseSource)) {
        let [_, end, gate, bulk] = *x;
        let conductance = self.conductance((gate - end) * self.polarity, (bulk - end) * self.polarity);
        visit(NoiseSource::thermal(self.name, [0, 1], conductance, self.temperature));
    }
}

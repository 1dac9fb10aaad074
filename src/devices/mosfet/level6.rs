//! Level 6: the n-th power law of Sakurai and Newton.
//!
//! ```text
//! von = vbi + γ·√(φ − vbs) − γ1·vbs − σ·vds
//! vdsat = kv·(vgs − von)^nv,   idsat = kc·w/(l − 2·ld)·(vgs − von)^nc
//! vds ≥ vdsat:  id = idsat·(1 + λ·vds),   λ = λ0 − λ1·vbs
//! else:         id = idsat·(1 + λ·vds)·(2 − vds/vdsat)·vds/vdsat
//! ```
//! Source: Sakurai and Newton, IEEE Trans. Electron Devices 38, 887 (1991); ngspice-39 manual, section 11.2.

use super::card::Context;
use super::channel::{Channel, Conduction};
use super::level1::BodyEffect;
use crate::numerics::scalar::Scalar;

/// The channel of Sakurai and Newton.
#[derive(Clone)]
pub struct PowerLaw {
    body: BodyEffect,
    linear_body: f64,
    feedback: f64,
    /// kc·w/leff, A/V^nc.
    current: f64,
    current_exponent: f64,
    saturation: f64,
    saturation_exponent: f64,
    modulation: f64,
    modulation_bulk: f64,
}

impl Channel for PowerLaw {
    const LEVEL: u8 = 6;

    fn new(context: &Context) -> Self {
        let m = context.model;
        let modulation = if m.is_given("lambda0") { m.modulation0 } else { m.modulation };
        PowerLaw {
            body: BodyEffect::new(context),
            linear_body: m.linear_body,
            feedback: m.sigma,
            current: context.power_current * context.width / context.length * context.multiplier,
            current_exponent: m.power_exponent,
            saturation: m.saturation_factor,
            saturation_exponent: m.saturation_exponent,
            modulation,
            modulation_bulk: m.modulation1,
        }
    }

    #[inline(always)]
    fn conduct<S: Scalar>(&self, vds: S, vgs: S, vbs: S) -> Conduction<S> {
        let turn_on = self.body.threshold(vbs) - vbs * self.linear_body - vds * self.feedback;
        let over = vgs - turn_on;
        if over.value() <= 0.0 {
            return Conduction::none(turn_on);
        }
        let logarithm = over.ln();
        let saturation = (logarithm * self.saturation_exponent).exp() * self.saturation;
        let modulation = vds * (vbs * -self.modulation_bulk + self.modulation) + 1.0;
        let mut current = (logarithm * self.current_exponent).exp() * self.current * modulation;
        if vds.value() < saturation.value() {
            let part = vds / saturation;
            current = current * part * (-part + 2.0);
        }
        Conduction { current, turn_on, saturation }
    }
}

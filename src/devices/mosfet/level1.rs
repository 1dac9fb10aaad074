//! Level 1: Shichman and Hodges.
//!
//! ```text
//! von = vbi + γ·√(φ − vbs)            (vbs > 0: √φ − vbs/(2·√φ) in place of the root, at least 0)
//! vgs ≤ von:          id = 0
//! vgs − von ≤ vds:    id = β/2·(vgs − von)²·(1 + λ·vds)
//! else:               id = β·vds·(vgs − von − vds/2)·(1 + λ·vds)
//! ```
//! β = kp·w/(l − 2·ld). Source: Shichman and Hodges, IEEE JSSC 3, 285 (1968).

use super::card::Context;
use super::channel::{Channel, Conduction};
use crate::numerics::scalar::Scalar;

/// The channel of Shichman and Hodges.
#[derive(Clone)]
pub struct ShichmanHodges {
    beta: f64,
    body: BodyEffect,
    modulation: f64,
}

/// Threshold against bulk bias, as levels 1 and 6 have it.
#[derive(Clone)]
pub struct BodyEffect {
    built_in: f64,
    coefficient: f64,
    surface_potential: f64,
    /// √φ
    root: f64,
}

impl BodyEffect {
    pub fn new(context: &Context) -> Self {
        BodyEffect {
            built_in: context.built_in,
            coefficient: context.body_effect,
            surface_potential: context.surface_potential,
            root: context.surface_potential.sqrt(),
        }
    }

    /// Threshold at the bulk bias `vb` of the channel's source end.
    #[inline(always)]
    pub fn threshold<S: Scalar>(&self, vb: S) -> S {
        if self.coefficient == 0.0 {
            return S::constant(self.built_in);
        }
        let root = if vb.value() <= 0.0 {
            (vb * -1.0 + self.surface_potential).sqrt()
        } else {
            (vb * (-0.5 / self.root) + self.root).max(S::zero())
        };
        root * self.coefficient + self.built_in
    }
}

impl Channel for ShichmanHodges {
    const LEVEL: u8 = 1;
    const SQUARE_LAW: bool = true;

    fn new(context: &Context) -> Self {
        ShichmanHodges { beta: context.beta, body: BodyEffect::new(context), modulation: context.model.modulation }
    }

    #[inline(always)]
    fn conduct<S: Scalar>(&self, vds: S, vgs: S, vbs: S) -> Conduction<S> {
        let turn_on = self.body.threshold(vbs);
        let over = vgs - turn_on;
        if over.value() <= 0.0 {
            return Conduction::none(turn_on);
        }
        let beta = (vds * self.modulation + 1.0) * self.beta;
        let current =
            if over.value() <= vds.value() { beta * over * over * 0.5 } else { beta * vds * (over - vds * 0.5) };
        Conduction { current, turn_on, saturation: over }
    }

    fn turn_on(&self, _vds: f64, vbs: f64) -> f64 {
        self.body.threshold(vbs)
    }
}

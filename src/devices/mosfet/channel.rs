//! What distinguishes one level of MOSFET from another: the current of the channel.

use super::card::Context;
use crate::numerics::scalar::Scalar;

/// The channel at a bias, as of an n-channel with vds ≥ 0.
#[derive(Debug, Clone, Copy)]
pub struct Conduction<S> {
    /// From drain to source, A.
    pub current: S,
    /// Gate-source voltage at which the channel turns on, V.
    pub turn_on: S,
    /// Drain-source voltage at which it saturates, V.
    pub saturation: S,
}

impl<S: Scalar> Conduction<S> {
    /// No current below `turn_on`.
    pub fn none(turn_on: S) -> Self {
        Conduction { current: S::zero(), turn_on, saturation: S::zero() }
    }
}

/// A level's channel.
pub trait Channel: Clone + Send + Sync + 'static {
    /// Number of the level on model cards.
    const LEVEL: u8;

    /// The saturation voltage is the overdrive itself.
    const SQUARE_LAW: bool = false;

    /// Levels 2 and 3 fill in the process: an oxide of 0.1 µm without `tox`, `cj` from `nsub`, `mjsw` 0.33.
    fn has_process() -> bool {
        matches!(Self::LEVEL, 2 | 3)
    }

    /// From the cards, at the transistor's temperature.
    fn new(context: &Context) -> Self;

    /// Current and voltages for vds ≥ 0.
    fn conduct<S: Scalar>(&self, vds: S, vgs: S, vbs: S) -> Conduction<S>;

    /// The turn-on voltage alone.
    fn turn_on(&self, vds: f64, vbs: f64) -> f64 {
        self.conduct(vds, 0.0f64, vbs).turn_on
    }
}

//! What distinguishes BSIM1 from BSIM2: current and charges of the channel.

use crate::numerics::scalar::Scalar;

/// The channel at a bias, as of an n-channel with vds ≥ 0.
#[derive(Debug, Clone, Copy)]
pub struct Conduction<S> {
    /// From drain to source, A.
    pub current: S,
    /// Threshold voltage, V.
    pub threshold: S,
    /// Drain-source voltage at which the current saturates, V.
    pub saturation: S,
}

/// Charges of the channel, C; the source has the rest.
#[derive(Debug, Clone, Copy)]
pub struct Charges<S> {
    pub gate: S,
    pub bulk: S,
    pub drain: S,
}

impl<S: Scalar> Charges<S> {
    /// No carriers below the gate: what it has the bulk mirrors.
    pub fn without_channel(gate: S) -> Self {
        Charges { gate, bulk: -gate, drain: S::zero() }
    }

    pub fn source(&self) -> S {
        -(self.gate + self.bulk + self.drain)
    }
}

/// The channel of one level.
pub trait Channel: Send + Sync + 'static {
    /// The current turns within less than a microvolt at vds = 0.
    const TURNS_SHARPLY: bool = false;

    /// Current and voltages at vds, vgs, vbs with vds ≥ 0.
    fn conduct<S: Scalar>(&self, voltages: [S; 3]) -> Conduction<S>;

    /// Charges there.
    fn charges<S: Scalar>(&self, voltages: [S; 3]) -> Charges<S>;

    /// Threshold voltage at vds and vbs.
    fn threshold(&self, vds: f64, vbs: f64) -> f64;

    /// Whether the channel stores anything.
    fn stores(&self) -> bool {
        true
    }
}

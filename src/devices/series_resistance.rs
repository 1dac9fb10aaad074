//! The resistance between a device's terminal and an internal node.

use super::device::{Contribution, Device, Environment};
use crate::numerics::scalar::Scalar;

/// A constant conductance, S.
pub struct SeriesResistance {
    pub conductance: f64,
}

impl Device<2> for SeriesResistance {
    const LINEAR: bool = true;

    fn equations<S: Scalar>(&self, &[outer, inner]: &[S; 2], _environment: &Environment) -> Contribution<S, 2> {
        Contribution::branch((outer - inner) * self.conductance, S::zero())
    }
}

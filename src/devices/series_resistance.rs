//! The resistance between a device's terminal and an internal node.

use super::device::{Contribution, Device, Environment};
use super::noise::NoiseSource;
use crate::numerics::scalar::Scalar;

/// A constant conductance with its thermal noise.
pub struct SeriesResistance {
    /// S
    pub conductance: f64,
    /// Name of its thermal noise.
    pub name: &'static str,
    /// K
    pub temperature: f64,
}

impl Device<2> for SeriesResistance {
    const LINEAR: bool = true;
    const NOISY: bool = true;

    fn equations<S: Scalar>(&self, &[outer, inner]: &[S; 2], _environment: &Environment) -> Contribution<S, 2> {
        Contribution::branch((outer - inner) * self.conductance, S::zero())
    }

    fn noise(&self, _x: &[f64; 2], _environment: &Environment, visit: &mut dyn FnMut(NoiseSource)) {
        visit(NoiseSource::thermal(self.name, [0, 1], self.conductance, self.temperature));
    }
}

//! The thermal node of a device that does not heat itself.

use super::device::{Contribution, Device, Environment};
use crate::numerics::scalar::Scalar;

/// The thermal node of a transistor without thermal resistance, which nothing warms: as good as open, W/K.
pub struct Unheated;

impl Device<1> for Unheated {
    const LINEAR: bool = true;

    fn equations<T: Scalar>(&self, &[rise]: &[T; 1], _environment: &Environment) -> Contribution<T, 1> {
        Contribution::resistive([rise * 1e-12])
    }
}

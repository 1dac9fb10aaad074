//! The source at an output port of a block.
//!
//! ```text
//! v(p) − v(n) − y = 0     voltage
//! i + m·y = 0             current (i flows from p through the block to n): a positive y drives a current out of p
//! ```

use crate::numerics::scalar::Scalar;

/// Voltage or current source of a value y that the block computes.
#[derive(Debug, Clone, Copy)]
pub struct OutputSource {
    pub is_current: bool,
    /// Factor on currents (`m=`).
    pub multiplier: f64,
}

impl OutputSource {
    /// f of the rows of p, n and the branch current.
    pub fn equations<S: Scalar>(&self, [p, n, current]: [S; 3], value: f64) -> [S; 3] {
        let row = if self.is_current { current + self.multiplier * value } else { p - n - value };
        [current, -current, row]
    }
}

//! Multiplier: the product of its inputs.
//!
//! ```text
//! A1 [a b] out S1
//! .model S1 mult(in_offset=[0 0] in_gain=[1 1] out_gain=1 out_offset=0)
//! out = out_gain·Πk in_gain[k]·(in[k] + in_offset[k]) + out_offset
//! ```
//! Source: ngspice-39 manual, section 8.2.3.

use super::calculation::Calculation;
use super::summer::combine;
use crate::devices::construct::Construction;

/// Its parameters are those of the summer.
pub fn construct(c: Construction) {
    combine(c, 1.0, Calculation::product);
}

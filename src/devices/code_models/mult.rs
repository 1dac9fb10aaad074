//! Multiplier: the product of its inputs.
//!
//! ```text
//! A1 [a b] out S1
//! .model S1 mult(in_offset=[0 0] in_gain=[1 1] out_gain=1 out_offset=0)
//! out = out_gain·Πk in_gain[k]·(in[k] + in_offset[k]) + out_offset
//! ```
//! Source: ngspice-39 manual, section 8.2.3.

use super::CONNECTIONS;
use super::calculation::Calculation;
use super::summer::{self, combine};
use crate::devices::construct::Construction;
use crate::devices::page::{ModelTable, Page};
use crate::head_of_file;

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[head_of_file!("mult.rs"), CONNECTIONS],
    models: &[ModelTable { title: "mult", numbers: summer::Parameters::TABLE, others: summer::VECTORS }],
    ngspice: &["mult"],
    ..Page::new("mult", "Multiplier", "A1 [in …] out MODEL")
};

/// Its parameters are those of the summer.
pub fn construct(c: Construction) {
    combine(c, 1.0, Calculation::product);
}

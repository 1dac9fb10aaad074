//! Summer: a weighted sum of its inputs.
//!
//! ```text
//! A1 [a b] out S1
//! .model S1 summer(in_offset=[0 0] in_gain=[1 1] out_gain=1 out_offset=0)
//! out = out_gain·Σk in_gain[k]·(in[k] + in_offset[k]) + out_offset
//! ```
//! Source: ngspice-39 manual, section 8.2.2.

use super::CONNECTIONS;
use super::calculation::Calculation;
use super::card::Card;
use super::connections::{drive, inputs, output, ports};
use crate::devices::behavioural::Slot;
use crate::devices::construct::Construction;
use crate::devices::page::{ModelTable, Page};
use crate::devices::parameters::{NamedParameter, Unknowns};
use crate::head_of_file;
use crate::parameters;

parameters! {
    /// Model card, beside the vectors `in_offset` and `in_gain`.
    pub struct Parameters {
        out_gain: ["out_gain"], "", 1.0, "Factor on the sum or product";
        out_offset: ["out_offset"], "", 0.0, "Added to the output";
    }
}

/// Vectors of the model card.
pub const VECTORS: &[NamedParameter] = &[
    NamedParameter::new(&["in_offset"], "", "0", "Added to the inputs, one number for each"),
    NamedParameter::new(&["in_gain"], "", "1", "Factors on the inputs, one for each"),
];

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[head_of_file!("summer.rs"), CONNECTIONS],
    models: &[ModelTable { title: "summer", numbers: Parameters::TABLE, others: VECTORS }],
    ngspice: &["summer"],
    ..Page::new("summer", "Summer", "A1 [in …] out MODEL")
};

pub fn construct(c: Construction) {
    combine(c, 0.0, Calculation::sum);
}

/// What joins any number of inputs, beginning with `start`.
pub(super) fn combine(mut c: Construction, start: f64, join: fn(&mut Calculation, Slot, Slot) -> Slot) {
    let Some(card) = Card::of(&mut c, VECTORS) else { return };
    let parameters = Parameters::read(&card.numbers, Unknowns::Warn, &card.owner, c.diagnostics);
    let mut y = Calculation::default();
    let Ok([from, to]) = ports(&mut c, ["in", "out"], "A1 [a b] out S1") else { return };
    let (Ok(x), Ok(to)) = (inputs(&mut c, from, "in", &mut y), output(&mut c, to, "out")) else { return };
    let Some(offsets) = card.vector_of(&mut c, "in_offset", x.len(), 0.0) else { return };
    let Some(gains) = card.vector_of(&mut c, "in_gain", x.len(), 1.0) else { return };
    let mut total = y.constant(start);
    for (x, (offset, gain)) in x.into_iter().zip(offsets.into_iter().zip(gains)) {
        let term = y.scaled(x, offset, gain);
        total = join(&mut y, total, term);
    }
    let amplified = y.scaled(total, 0.0, parameters.out_gain);
    let value = y.scaled(amplified, parameters.out_offset, 1.0);
    drive(&mut c, to, y.finish(value));
}

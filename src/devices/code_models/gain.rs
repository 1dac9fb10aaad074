//! Gain: a source proportional to its input.
//!
//! ```text
//! A1 in out G1
//! .model G1 gain(in_offset=0 gain=1 out_offset=0)
//! out = gain·(in + in_offset) + out_offset
//! ```
//! Source: ngspice-39 manual, section 8.2.1.

use super::CONNECTIONS;
use super::calculation::Calculation;
use super::card::Card;
use super::connections::{drive, input, output, ports};
use crate::devices::construct::Construction;
use crate::devices::page::{ModelTable, Page};
use crate::devices::parameters::Unknowns;
use crate::head_of_file;
use crate::parameters;

parameters! {
    /// Gain model card.
    pub struct Parameters {
        in_offset: ["in_offset"], "", 0.0, "Added to the input";
        gain: ["gain"], "", 1.0, "Factor";
        out_offset: ["out_offset"], "", 0.0, "Added to the output";
    }
}

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[head_of_file!("gain.rs"), CONNECTIONS],
    models: &[ModelTable { title: "gain", numbers: Parameters::TABLE, others: &[] }],
    ngspice: &["gain"],
    ..Page::new("gain", "Gain", "A1 in out MODEL")
};

pub fn construct(mut c: Construction) {
    let Some(card) = Card::of(&mut c, &[]) else { return };
    let parameters = Parameters::read(&card.numbers, Unknowns::Warn, &card.owner, c.diagnostics);
    let mut y = Calculation::default();
    let Ok([from, to]) = ports(&mut c, ["in", "out"], "A1 in out G1") else { return };
    let (Ok(x), Ok(to)) = (input(&mut c, from, "in", &mut y), output(&mut c, to, "out")) else { return };
    let amplified = y.scaled(x, parameters.in_offset, parameters.gain);
    let value = y.scaled(amplified, parameters.out_offset, 1.0);
    drive(&mut c, to, y.finish(value));
}

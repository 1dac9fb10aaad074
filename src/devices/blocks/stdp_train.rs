//! Train generator for spike-timing-dependent plasticity: every rising edge of the input starts a train of pulses.
//!
//! ```text
//! A1 in out T1
//! .model T1 stdp_train(amplitudes=[.5 .65 .8 .95 -1 -.88 -.76 -.66] width=4u period=8u start=0 rise=0.2u mode=restart)
//! ```
//! Pulse k has the k-th of `amplitudes`, in volts (or amperes), from `start` + k·`period` on, for `width` seconds after the edge; each of its
//! edges begins at its time and lasts `rise`. A new input edge restarts the train, or with `mode=add` adds another one.
//! The study centres the train on the −1.8 → +0.5 V edge of the kernel, 30 µs after the spike, and begins it 30 µs before
//! that edge: at the spike (`start=0`).
//! Source: W. He et al., Sci. Rep. 4, 4755 (2014), figure 4a; the amplitudes are not in the paper.

use super::card::BlockCard;
use super::kernel;
use super::playback::Overlap;
use super::shape::Shape;
use crate::devices::construct::Construction;
use crate::devices::page::{ModelTable, Page};
use crate::devices::parameters::{NamedParameter, Unknowns};
use crate::head_of_file;
use crate::parameters;
use crate::reference::Status;

parameters! {
    /// STDP train model card, beside `amplitudes` and `mode`.
    pub struct Parameters {
        threshold: ["threshold"], "V", 0.5, "Input at whose rising edge the train starts";
        hysteresis: ["hysteresis"], "V", 0.0, "How far the input must fall below the threshold before the next edge";
        width: ["width"], "s", 4e-6, "Width of a pulse at half amplitude";
        period: ["period"], "s", 8e-6, "From pulse to pulse";
        start: ["start"], "s", 0.0, "From the input's edge to the first pulse";
        rise: ["rise"], "s", 2e-7, "Duration of the pulses' edges";
        gain: ["gain"], "", 1.0, "Factor on all amplitudes";
    }
}

const AMPLITUDES: [f64; 8] = [0.5, 0.65, 0.8, 0.95, -1.0, -0.88, -0.76, -0.66];

/// Lists and words of the model card.
const OTHERS: &[NamedParameter] = &[
    NamedParameter::new(&["amplitudes"], "V or A", "[.5 .65 .8 .95 -1 -.88 -.76 -.66]", "Of one pulse after the other"),
    NamedParameter::new(&["mode"], "", "restart", "`add`: every edge adds another one; `restart`: an edge begins anew"),
];

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[head_of_file!("stdp_train.rs")],
    models: &[ModelTable { title: "stdp_train", numbers: Parameters::TABLE, others: OTHERS }],
    quantities: super::kernel::PAGE.quantities,
    status: Status::OnlyHere,
    ..Page::new("stdp_train", "Pulse train after a spike", "A1 in out MODEL")
};

pub fn construct(mut c: Construction) {
    let Some(card) = BlockCard::of(&mut c, OTHERS) else { return };
    let p = Parameters::read(&card.numbers, Unknowns::Reject, &card.owner, c.diagnostics);
    let valid = card.demand(
        &mut c,
        &[
            ("rise", p.rise > 0.0, "must be positive"),
            ("width", p.width >= p.rise, "must not be shorter than `rise`"),
            ("period", p.period >= p.width + p.rise, "must not be shorter than `width` and `rise` together"),
            ("start", p.start >= 0.0, "must not be negative"),
            ("hysteresis", p.hysteresis >= 0.0, "must not be negative"),
        ],
    );
    let Some(overlap) = card.overlap(&mut c, Overlap::Restart) else { return };
    let Some(amplitudes) = card.list(&mut c, "amplitudes", Some(&AMPLITUDES)).filter(|_| valid) else { return };
    let pulses = amplitudes.iter().enumerate().flat_map(|(index, &amplitude)| {
        let start = p.start + index as f64 * p.period;
        [(start, amplitude), (start + p.width, 0.0)]
    });
    match Shape::of_steps(&pulses.collect::<Vec<_>>(), p.rise) {
        Ok(shape) => {
            kernel::place(c, shape, overlap, (p.threshold, p.hysteresis), (p.rise, p.gain), "A1 in out T1");
        }
        Err(reason) => c.error(card.error("amplitudes", &format!("cannot be played: {reason}"))),
    }
}

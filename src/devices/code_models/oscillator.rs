//! What the controlled oscillators share.
//!
//! ```text
//! dφ/dt = f(control),   φ = 0 at time 0, in periods
//! ```
//! f goes through the points of `cntl_array` and `freq_array` by straight lines, which go on beyond the ends; it is never below 0. The phase is a state
//! of its own, so that it has no jump where the frequency does. At the operating point and in small-signal analysis the output is that of φ = 0.

use super::calculation::Calculation;
use super::card::Card;
use super::connections::{Output, Reported, input, output, ports, value_unknown};
use super::pwl;
use crate::devices::assembly::{Unknown, UnknownName};
use crate::devices::behavioural::Behavioural;
use crate::devices::construct::Construction;
use crate::devices::device::Environment;
use crate::devices::parameters::NamedParameter;

/// Vectors of the model cards.
pub const VECTORS: &[NamedParameter] = &[
    NamedParameter::new(&["cntl_array"], "", "", "Inputs of the points, rising"),
    NamedParameter::new(&["freq_array"], "Hz", "", "Frequencies of the points"),
];

/// What the text of the pages says of them.
pub const TEXT: &str = crate::head_of_file!("oscillator.rs");

/// An oscillator without its waveform.
pub struct Oscillator {
    /// Hz
    pub frequency: Unknown,
    /// Periods
    pub phase: Unknown,
    pub to: Output,
}

/// Reads the ports and makes the phase.
pub fn place(c: &mut Construction, card: &Card, example: &str) -> Result<Oscillator, Reported> {
    let [controls, frequencies] = pwl::points(c, card, ["cntl_array", "freq_array"]).ok_or(Reported)?;
    let [from, to] = ports(c, ["cntl_in", "out"], example)?;
    let mut f = Calculation::default();
    let control = input(c, from, "cntl_in", &mut f)?;
    let to = output(c, to, "out")?;
    let sharp = pwl::Parameters { domain: 0.0, limit: 0.0, ..pwl::Parameters::defaults() };
    let line = pwl::curve(&mut f, control, [&controls, &frequencies], &sharp);
    let none = f.constant(0.0);
    let frequency = f.larger(line, none);
    let frequency = value_unknown(c, "frequency", f.finish(frequency));
    let phase = c.assembly.held_state(UnknownName::Internal(c.id, "phase".into()), 0.0);
    let mut rate = Calculation::default();
    let value = rate.unknown(frequency);
    c.assembly.add_behavioural(None, Behavioural::integral(rate.finish(value), phase));
    Ok(Oscillator { frequency, phase, to })
}

/// Whether oscillators move.
pub fn runs(environment: &Environment) -> bool {
    environment.time.is_some() && environment.frequency.is_none()
}

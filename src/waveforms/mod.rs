//! Waveforms of independent sources, one file each.
//!
//! A waveform is a function of time that knows its corners. To add one, write its file and add one line to `WAVEFORMS`.

pub mod arguments;
mod exponential;
mod modulated;
mod noise;
mod pattern;
mod polygon;
mod pulse;
mod random;
mod sine;
mod spike_train;
mod spikes;

use crate::circuit::Circuit;
use crate::circuit::element::{CallValue, Parameter};
use crate::diagnostic::{Diagnostic, Span};
use crate::head_of_file;
use crate::reference::{NamedParameter, Status};
use arguments::Arguments;

/// A function of time.
pub trait Waveform: Send + Sync {
    /// Value at `time` seconds, in the source's unit.
    fn value(&self, time: f64) -> f64;

    /// First corner later than `time`, in seconds; a transient analysis puts a time point there.
    fn breakpoint(&self, time: f64) -> Option<f64>;

    /// The source's DC value is added, as it is to noise.
    fn adds_to_dc(&self) -> bool {
        false
    }
}

/// What a waveform's constructor may look at besides its arguments.
pub struct WaveformContext<'a> {
    pub circuit: &'a Circuit,
    /// Of the waveform on the card.
    pub span: Span,
    /// Flat name of the source, which random waveforms depend on.
    pub name: &'a str,
}

impl WaveformContext<'_> {
    /// Output step and stop time of the first `.tran` card: defaults of some arguments.
    pub fn transient(&self) -> (f64, f64) {
        use crate::circuit::Analysis;
        let transient = self.circuit.analyses.iter().find_map(|card| match &card.analysis {
            Analysis::Transient(transient) => Some((transient.step, transient.stop)),
            _ => None,
        });
        transient.unwrap_or((1e-9, 1.0))
    }

    /// The latest stop time of all `.tran` cards.
    pub fn end(&self) -> f64 {
        use crate::circuit::Analysis;
        let stops = self.circuit.analyses.iter().filter_map(|card| match &card.analysis {
            Analysis::Transient(transient) => Some(transient.stop),
            _ => None,
        });
        stops.fold(0.0, f64::max)
    }
}

type Constructor = fn(&mut Arguments) -> Result<Box<dyn Waveform>, Diagnostic>;

/// A waveform by name.
pub struct WaveformInfo {
    /// Names on the card; the first is the one to write.
    pub names: &'static [&'static str],
    construct: Constructor,
    /// Arguments in their order, and those that have a name.
    pub arguments: &'static [NamedParameter],
    /// What the waveform is: the comment of its file.
    pub text: &'static str,
    pub status: Status,
}

const fn waveform(
    names: &'static [&'static str],
    construct: Constructor,
    arguments: &'static [NamedParameter],
    text: &'static str,
    status: Status,
) -> WaveformInfo {
    WaveformInfo { names, construct, arguments, text, status }
}

/// Every waveform.
pub const WAVEFORMS: &[WaveformInfo] = &[
    waveform(&["pulse"], pulse::construct, pulse::ARGUMENTS, head_of_file!("pulse.rs"), Status::Same),
    waveform(&["sin", "sine"], sine::construct, sine::ARGUMENTS, head_of_file!("sine.rs"), Status::Same),
    waveform(&["exp"], exponential::construct, exponential::ARGUMENTS, head_of_file!("exponential.rs"), Status::Same),
    waveform(
        &["pwl"],
        polygon::construct,
        polygon::ARGUMENTS,
        head_of_file!("polygon.rs"),
        Status::Differs("a file may stand in place of the points"),
    ),
    waveform(
        &["pl"],
        polygon::construct_values_first,
        polygon::ARGUMENTS,
        head_of_file!("polygon.rs"),
        Status::OnlyHere,
    ),
    waveform(
        &["sffm"],
        modulated::construct_frequency,
        modulated::FREQUENCY_ARGUMENTS,
        head_of_file!("modulated.rs"),
        Status::Same,
    ),
    waveform(
        &["am"],
        modulated::construct_amplitude,
        modulated::AMPLITUDE_ARGUMENTS,
        head_of_file!("modulated.rs"),
        Status::Same,
    ),
    waveform(&["pat"], pattern::construct, pattern::ARGUMENTS, head_of_file!("pattern.rs"), Status::OnlyHere),
    waveform(&["spikes"], spikes::construct, spikes::ARGUMENTS, head_of_file!("spikes.rs"), Status::OnlyHere),
    waveform(
        &["trnoise"],
        noise::construct,
        noise::ARGUMENTS,
        head_of_file!("noise.rs"),
        Status::Differs("the numbers depend on `.options seed=` and the source's name alone"),
    ),
    waveform(
        &["trrandom"],
        random::construct,
        random::ARGUMENTS,
        head_of_file!("random.rs"),
        Status::Differs("the numbers depend on `.options seed=` and the source's name alone"),
    ),
];

/// Makes the waveform `call`; `parameters` are the `key=value` pairs of the source's card.
pub fn construct(
    call: &CallValue,
    parameters: &[Parameter],
    context: &WaveformContext,
) -> Result<Box<dyn Waveform>, Diagnostic> {
    match WAVEFORMS.iter().find(|waveform| waveform.names.contains(&&*call.function)) {
        Some(waveform) => (waveform.construct)(&mut Arguments::new(call, parameters, context, waveform.arguments)),
        None => Err(Diagnostic::error(format!("unknown waveform `{}`", call.function))
            .at(context.span)
            .nearest(&call.function, WAVEFORMS.iter().flat_map(|waveform| waveform.names.iter().copied()))),
    }
}

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

/// Name and constructor of every waveform.
const WAVEFORMS: &[(&str, Constructor)] = &[
    ("pulse", pulse::construct),
    ("sin", sine::construct),
    ("sine", sine::construct),
    ("exp", exponential::construct),
    ("pwl", polygon::construct),
    ("sffm", modulated::construct_frequency),
    ("am", modulated::construct_amplitude),
    ("pat", pattern::construct),
    ("spikes", spikes::construct),
    ("trnoise", noise::construct),
    ("trrandom", random::construct),
];

/// Makes the waveform `call`; `parameters` are the `key=value` pairs of the source's card.
pub fn construct(
    call: &CallValue,
    parameters: &[Parameter],
    context: &WaveformContext,
) -> Result<Box<dyn Waveform>, Diagnostic> {
    match WAVEFORMS.iter().find(|(name, _)| *name == &*call.function) {
        Some((_, construct)) => construct(&mut Arguments::new(call, parameters, context)),
        None => Err(Diagnostic::error(format!("unknown waveform `{}`", call.function))
            .at(context.span)
            .nearest(&call.function, WAVEFORMS.iter().map(|(name, _)| *name))),
    }
}

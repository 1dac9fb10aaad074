//! `SFFM(vo va fc mdi fs phasec phases)`: one sine modulates the frequency of another; and
//! `AM(va vo mf fc td)`: one sine modulates the amplitude of another.
//!
//! ```text
//! SFFM  vo + va·sin(2π·fc·t + phasec + mdi·sin(2π·fs·t + phases))
//! AM    va·(vo + sin(2π·mf·(t−td)))·sin(2π·fc·(t−td)), 0 before td
//! ```
//! Phases in degrees; frequencies default to 1/tstop. A phase of AM has no effect, as in ngspice-39. Source: ngspice-39 manual, sections 4.1.5 and 4.1.6.

use std::f64::consts::TAU;

use super::Waveform;
use super::arguments::Arguments;
use crate::diagnostic::Diagnostic;

/// Frequency modulation.
struct FrequencyModulated {
    offset: f64,
    amplitude: f64,
    carrier: f64,
    index: f64,
    signal: f64,
    carrier_phase: f64,
    signal_phase: f64,
}

/// Amplitude modulation.
struct AmplitudeModulated {
    amplitude: f64,
    offset: f64,
    modulating: f64,
    carrier: f64,
    delay: f64,
}

/// A frequency, 1/tstop where none (or zero) is given.
fn frequency(arguments: &Arguments, index: usize) -> Result<f64, Diagnostic> {
    let (_, stop) = arguments.context.transient();
    Ok(arguments.number(index)?.filter(|&frequency| frequency != 0.0).unwrap_or(1.0 / stop))
}

pub fn construct_frequency(arguments: &mut Arguments) -> Result<Box<dyn Waveform>, Diagnostic> {
    Ok(Box::new(FrequencyModulated {
        offset: arguments.required(0, "an offset")?,
        amplitude: arguments.required(1, "an amplitude")?,
        carrier: frequency(arguments, 2)?,
        index: arguments.number_or(3, 0.0)?,
        signal: frequency(arguments, 4)?,
        carrier_phase: arguments.number_or(5, 0.0)?.to_radians(),
        signal_phase: arguments.number_or(6, 0.0)?.to_radians(),
    }))
}

pub fn construct_amplitude(arguments: &mut Arguments) -> Result<Box<dyn Waveform>, Diagnostic> {
    Ok(Box::new(AmplitudeModulated {
        amplitude: arguments.required(0, "an amplitude")?,
        offset: arguments.required(1, "an offset")?,
        modulating: frequency(arguments, 2)?,
        carrier: frequency(arguments, 3)?,
        delay: arguments.number_or(4, 0.0)?,
    }))
}

impl Waveform for FrequencyModulated {
    fn value(&self, time: f64) -> f64 {
        let deviation = self.index * (TAU * self.signal * time + self.signal_phase).sin();
        self.offset + self.amplitude * (TAU * self.carrier * time + self.carrier_phase + deviation).sin()
    }

    fn breakpoint(&self, _time: f64) -> Option<f64> {
        None
    }
}

impl Waveform for AmplitudeModulated {
    fn value(&self, time: f64) -> f64 {
        let since = time - self.delay;
        if since <= 0.0 {
            return 0.0;
        }
        let envelope = self.offset + (TAU * self.modulating * since).sin();
        self.amplitude * envelope * (TAU * self.carrier * since).sin()
    }

    fn breakpoint(&self, time: f64) -> Option<f64> {
        (self.delay > time * (1.0 + 4.0 * f64::EPSILON)).then_some(self.delay)
    }
}

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
use crate::reference::NamedParameter;

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
fn frequency(arguments: &Arguments, name: &str) -> Result<f64, Diagnostic> {
    let (_, stop) = arguments.context.transient();
    Ok(arguments.number(name)?.filter(|&frequency| frequency != 0.0).unwrap_or(1.0 / stop))
}

/// In their order.
pub const FREQUENCY_ARGUMENTS: &[NamedParameter] = &[
    NamedParameter::new(&["vo"], "V or A", "", "Offset"),
    NamedParameter::new(&["va"], "V or A", "", "Amplitude"),
    NamedParameter::new(&["fc"], "Hz", "1/stop time", "Frequency of the carrier"),
    NamedParameter::new(&["mdi"], "", "0", "Modulation index"),
    NamedParameter::new(&["fs"], "Hz", "1/stop time", "Frequency of the signal"),
    NamedParameter::new(&["phasec"], "°", "0", "Phase of the carrier"),
    NamedParameter::new(&["phases"], "°", "0", "Phase of the signal"),
];

pub fn construct_frequency(arguments: &mut Arguments) -> Result<Box<dyn Waveform>, Diagnostic> {
    Ok(Box::new(FrequencyModulated {
        offset: arguments.required("vo", "an offset")?,
        amplitude: arguments.required("va", "an amplitude")?,
        carrier: frequency(arguments, "fc")?,
        index: arguments.number_or("mdi", 0.0)?,
        signal: frequency(arguments, "fs")?,
        carrier_phase: arguments.number_or("phasec", 0.0)?.to_radians(),
        signal_phase: arguments.number_or("phases", 0.0)?.to_radians(),
    }))
}

/// In their order.
pub const AMPLITUDE_ARGUMENTS: &[NamedParameter] = &[
    NamedParameter::new(&["va"], "V or A", "", "Amplitude"),
    NamedParameter::new(&["vo"], "", "", "Offset of the modulation"),
    NamedParameter::new(&["mf"], "Hz", "1/stop time", "Frequency of the modulation"),
    NamedParameter::new(&["fc"], "Hz", "1/stop time", "Frequency of the carrier"),
    NamedParameter::new(&["td"], "s", "0", "Delay"),
];

pub fn construct_amplitude(arguments: &mut Arguments) -> Result<Box<dyn Waveform>, Diagnostic> {
    Ok(Box::new(AmplitudeModulated {
        amplitude: arguments.required("va", "an amplitude")?,
        offset: arguments.required("vo", "an offset")?,
        modulating: frequency(arguments, "mf")?,
        carrier: frequency(arguments, "fc")?,
        delay: arguments.number_or("td", 0.0)?,
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

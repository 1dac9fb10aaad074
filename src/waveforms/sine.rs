//! `SIN(vo va freq td theta phase)`: a damped sine.
//!
//! vo + va·sin(phase) before `td`, then vo + va·e^(−(t−td)·theta)·sin(2π·freq·(t−td) + phase); phase in degrees.
//! Source: ngspice-39 manual, section 4.1.2.

use std::f64::consts::TAU;

use super::Waveform;
use super::arguments::Arguments;
use crate::diagnostic::Diagnostic;
use crate::reference::NamedParameter;

/// A damped sine.
struct Sine {
    offset: f64,
    amplitude: f64,
    frequency: f64,
    delay: f64,
    damping: f64,
    phase: f64,
}

/// In their order.
pub const ARGUMENTS: &[NamedParameter] = &[
    NamedParameter::new(&["vo"], "V or A", "", "Offset"),
    NamedParameter::new(&["va"], "V or A", "", "Amplitude"),
    NamedParameter::new(&["freq"], "Hz", "1/stop time", "Frequency"),
    NamedParameter::new(&["td"], "s", "0", "Delay"),
    NamedParameter::new(&["theta"], "1/s", "0", "Damping"),
    NamedParameter::new(&["phase"], "°", "0", "Phase"),
];

pub fn construct(arguments: &mut Arguments) -> Result<Box<dyn Waveform>, Diagnostic> {
    let (_, stop) = arguments.context.transient();
    Ok(Box::new(Sine {
        offset: arguments.required("vo", "an offset")?,
        amplitude: arguments.required("va", "an amplitude")?,
        frequency: arguments.number("freq")?.filter(|&f| f != 0.0).unwrap_or(1.0 / stop),
        delay: arguments.number_or("td", 0.0)?,
        damping: arguments.number_or("theta", 0.0)?,
        phase: arguments.number_or("phase", 0.0)?.to_radians(),
    }))
}

impl Waveform for Sine {
    fn value(&self, time: f64) -> f64 {
        let since = time - self.delay;
        if since <= 0.0 {
            return self.offset + self.amplitude * self.phase.sin();
        }
        let angle = TAU * self.frequency * since + self.phase;
        let damping = if self.damping == 0.0 { 1.0 } else { (-since * self.damping).exp() };
        self.offset + self.amplitude * damping * angle.sin()
    }

    fn breakpoint(&self, time: f64) -> Option<f64> {
        (self.delay > time * (1.0 + 4.0 * f64::EPSILON)).then_some(self.delay)
    }
}

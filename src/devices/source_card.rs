//! What stands on the card of an independent source: `[dc] value [ac magnitude [phase]] [waveform(…)]`.

use std::sync::Arc;

use faer::c64;

use super::adjustable::{Adjustable, Principal};
use super::construct::Construction;
use super::device::{Environment, QuantityInfo, Tone};
use super::parameters::NamedParameter;
use crate::circuit::element::{Spanned, Value};
use crate::diagnostic::Diagnostic;
use crate::waveforms::{self, Waveform, WaveformContext};

/// Quantities that independent sources show.
pub const QUANTITIES: &[QuantityInfo] = &[
    QuantityInfo { name: "i", unit: "A", description: "Current" },
    QuantityInfo { name: "p", unit: "W", description: "Power taken from the circuit" },
    QuantityInfo { name: "dc", unit: "V or A", description: "Source value" },
];

/// Parameters of V and I cards, beside those of waveforms.
pub const CARD: &[NamedParameter] = &[
    NamedParameter::new(
        &["dc"],
        "V or A",
        "the waveform at time 0",
        "Value in DC analyses, if it is not the first value",
    ),
    NamedParameter::new(
        &["ac"],
        "V or A",
        "0",
        "Magnitude in small-signal analyses, and behind a comma the phase in degrees; both also behind `ac` among the values",
    ),
    NamedParameter::new(&["distof1"], "V or A", "0", "Magnitude and phase of the first tone in `.disto`, as of `ac`"),
    NamedParameter::new(&["distof2"], "V or A", "0", "Magnitude and phase of the second tone in `.disto`, as of `ac`"),
    NamedParameter::new(
        &["portnum", "port"],
        "",
        "none",
        "Number of the port that a V is, with z0 in series; also behind `portnum` among the values",
    ),
    NamedParameter::new(&["z0"], "Ω", "50", "Resistance of the port"),
    NamedParameter::new(&["rser"], "Ω", "0", "Resistance in series (LTspice)"),
    NamedParameter::new(&["rpar"], "Ω", "none", "Resistance across both terminals (LTspice)"),
    NamedParameter::new(&["cpar"], "F", "0", "Capacitance across both terminals (LTspice)"),
];

/// Numbers of V cards.
pub const NUMBERS: Adjustable = Adjustable { principal: Principal::Source, element: &[], model: &[] };

/// Value of an independent source in DC, small-signal and transient analyses.
#[derive(Clone)]
pub struct Excitation {
    /// DC value; without one the waveform's at time zero counts.
    dc: f64,
    /// In the order of the tones.
    phasors: [Option<c64>; 3],
    waveform: Option<Arc<dyn Waveform>>,
    /// Resistance in series, Ω, of a source that is a port.
    pub port: Option<f64>,
}

impl Excitation {
    /// What the card says; `None` after an error.
    pub fn of(c: &mut Construction) -> Option<Self> {
        c.read_once(Self::read)
    }

    fn read(c: &mut Construction) -> Option<Self> {
        let mut dc = None;
        let mut phasors = [None; 3];
        let mut waveform = None;
        let values = &c.element.values;
        let mut index = 0;
        while let Some(Spanned { item, span }) = values.get(index) {
            index += 1;
            match item {
                Value::Number(number) => dc = Some(*number),
                Value::Word(word) if &**word == "dc" => {
                    dc = number_at(values, &mut index).or(Some(0.0));
                }
                Value::Word(word) if Tone::called(word).is_some() => {
                    let magnitude = number_at(values, &mut index).unwrap_or(1.0);
                    let phase = number_at(values, &mut index).unwrap_or(0.0).to_radians();
                    let phasor = c64::new(magnitude * phase.cos(), magnitude * phase.sin());
                    if let Some(tone) = Tone::called(word) {
                        phasors[tone as usize] = Some(phasor);
                    }
                }
                // See `Element::port`.
                Value::Word(word) if matches!(&**word, "portnum" | "z0") => {
                    number_at(values, &mut index);
                }
                // LTspice: a current that is a load, which is for the user to connect as one.
                Value::Word(word) if &**word == "load" => {
                    let warning = Diagnostic::warning("`load` is ignored: the current flows whatever the voltage is");
                    c.error(warning.at(*span));
                }
                Value::Call(call) => {
                    let context = WaveformContext { circuit: c.circuit, span: *span, name: &c.element.name };
                    match waveforms::construct(call, &c.element.parameters, &context) {
                        Ok(found) => waveform = Some(Arc::from(found)),
                        Err(diagnostic) => {
                            c.error(diagnostic);
                            return None;
                        }
                    }
                }
                _ => {
                    let message =
                        format!("`{}` is not understood on the card of a source", c.circuit.sources.text(*span));
                    c.error(
                        Diagnostic::error(message)
                            .at(*span)
                            .hint("a source is `V1 a b [dc] value [ac magnitude phase] [waveform(…)]`"),
                    );
                    return None;
                }
            }
        }
        dc = c.parameter("dc").or(dc);
        for (name, tone) in [("ac", Tone::Ac), ("distof1", Tone::First), ("distof2", Tone::Second)] {
            if let Some([magnitude, degrees]) = c.list(name) {
                let phase = degrees.to_radians();
                phasors[tone as usize] = Some(c64::new(magnitude * phase.cos(), magnitude * phase.sin()));
            }
        }
        let dc = dc.unwrap_or_else(|| waveform.as_deref().map_or(0.0, at_start));
        let port = c.element.port().map(|[_, impedance]| impedance);
        Some(Excitation { dc, phasors, waveform, port })
    }

    /// Value in V or A.
    #[inline]
    pub fn value(&self, environment: &Environment) -> f64 {
        let value = match (&self.waveform, environment.time) {
            (Some(waveform), Some(time)) if waveform.adds_to_dc() => self.dc + waveform.value(time),
            (Some(waveform), Some(time)) => waveform.value(time),
            _ => self.dc,
        };
        value * environment.source_scale
    }

    pub fn depends_on_time(&self) -> bool {
        self.waveform.is_some()
    }

    pub fn breakpoint(&self, time: f64) -> Option<f64> {
        self.waveform.as_ref()?.breakpoint(time)
    }

    pub fn phasor(&self, tone: Tone) -> Option<c64> {
        self.phasors[tone as usize]
    }

    pub fn set_dc(&mut self, value: f64) {
        self.dc = value;
    }
}

/// What a waveform without a DC value beside it has in DC.
fn at_start(waveform: &dyn Waveform) -> f64 {
    if waveform.adds_to_dc() { 0.0 } else { waveform.value(0.0) }
}

/// The number at `index`, stepping over it.
fn number_at(values: &[Spanned<Value>], index: &mut usize) -> Option<f64> {
    match values.get(*index)?.item {
        Value::Number(number) => {
            *index += 1;
            Some(number)
        }
        _ => None,
    }
}

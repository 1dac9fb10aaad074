//! `PULSE(v1 v2 td tr tf pw per np)`: a train of trapezoids.
//!
//! v1 before `td`, then every `per` seconds: rise to v2 in `tr`, stay for `pw`, fall to v1 in `tf`. `np` pulses, 0 for ever.
//! Times that are zero or missing get SPICE's defaults: `tr` and `tf` the output step, `pw` and `per` the stop time. A period that
//! is shorter than the pulse cuts it off: the next begins from v1, to which the voltage jumps within a moment. Source: ngspice-39 manual, section 4.1.1.

use super::Waveform;
use super::arguments::Arguments;
use crate::diagnostic::Diagnostic;
use crate::reference::NamedParameter;

/// A train of trapezoids.
struct Pulse {
    low: f64,
    high: f64,
    delay: f64,
    rise: f64,
    fall: f64,
    width: f64,
    period: f64,
    /// Number of pulses; infinite for ever.
    count: f64,
}

/// In their order.
pub const ARGUMENTS: &[NamedParameter] = &[
    NamedParameter::new(&["v1"], "V or A", "", "Initial value"),
    NamedParameter::new(&["v2"], "V or A", "v1", "Pulsed value"),
    NamedParameter::new(&["td"], "s", "0", "Delay"),
    NamedParameter::new(&["tr"], "s", "output step", "Rise time"),
    NamedParameter::new(&["tf"], "s", "output step", "Fall time"),
    NamedParameter::new(&["pw"], "s", "stop time", "Width"),
    NamedParameter::new(&["per"], "s", "stop time", "Period"),
    NamedParameter::new(&["np"], "", "0", "Number of pulses; 0 for ever"),
];

pub fn construct(arguments: &mut Arguments) -> Result<Box<dyn Waveform>, Diagnostic> {
    let (step, stop) = arguments.context.transient();
    let positive = |value: Option<f64>, default: f64| value.filter(|&v| v > 0.0).unwrap_or(default);
    let low = arguments.required("v1", "an initial value")?;
    let high = arguments.number_or("v2", low)?;
    let delay = arguments.number_or("td", 0.0)?;
    let rise = positive(arguments.number("tr")?, step);
    let fall = positive(arguments.number("tf")?, step);
    let width = positive(arguments.number("pw")?, stop);
    let period = positive(arguments.number("per")?, stop);
    // A part of a pulse is one.
    let count = positive(arguments.number("np")?, f64::INFINITY).ceil();
    Ok(Box::new(Pulse { low, high, delay, rise, fall, width, period, count }))
}

impl Pulse {
    /// Number of the period that contains `time`, and the time since its start.
    fn phase(&self, time: f64) -> (f64, f64) {
        let since = time - self.delay;
        let index = (since / self.period).floor().clamp(0.0, self.count - 1.0);
        (index, since - index * self.period)
    }

    /// How long the jump from a pulse that is cut off to the next takes; 0 if none is cut off. A jump without a duration would
    /// count for the whole of the time step that ends there.
    fn moment(&self) -> f64 {
        let is_cut = self.period < self.rise + self.width + self.fall;
        if is_cut { (1e-3 * self.rise).min(1e-6 * self.period) } else { 0.0 }
    }

    /// The value this long after the beginning of a period.
    fn shape(&self, phase: f64) -> f64 {
        if phase <= 0.0 || phase >= self.rise + self.width + self.fall {
            self.low
        } else if phase < self.rise {
            self.low + (self.high - self.low) * phase / self.rise
        } else if phase <= self.rise + self.width {
            self.high
        } else {
            self.high + (self.low - self.high) * (phase - self.rise - self.width) / self.fall
        }
    }
}

impl Waveform for Pulse {
    fn value(&self, time: f64) -> f64 {
        let (index, phase) = self.phase(time);
        let moment = self.moment();
        if index > 0.0 && phase < moment {
            let (before, after) = (self.shape(self.period), self.shape(moment));
            return before + (after - before) * (phase / moment).max(0.0);
        }
        self.shape(phase)
    }

    fn breakpoint(&self, time: f64) -> Option<f64> {
        let (index, _) = self.phase(time);
        let start = self.delay + index * self.period;
        let moment = self.moment();
        let after_cut = if index > 0.0 { moment } else { 0.0 };
        let corners = [0.0, after_cut, self.rise, self.rise + self.width, self.rise + self.width + self.fall];
        // A corner that equals `time` up to rounding has been reached.
        let reached =
            time + 1e-12 * self.period.min(self.rise + self.width + self.fall) + time.abs() * 4.0 * f64::EPSILON;
        let end = if index + 1.0 < self.count { start + self.period } else { f64::INFINITY };
        let here = corners.iter().map(|corner| start + corner).find(|&corner| corner > reached && corner < end);
        let next = if moment > 0.0 { moment } else { self.rise };
        here.or(Some(if end > reached { end } else { end + next })).filter(|t| t.is_finite())
    }
}

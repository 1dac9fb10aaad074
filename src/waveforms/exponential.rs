//! `EXP(v1 v2 td1 tau1 td2 tau2)`: an exponential rise followed by an exponential fall.
//!
//! v1 before td1; then v1 + (v2 − v1)·(1 − e^(−(t−td1)/tau1)); after td2 with (v1 − v2)·(1 − e^(−(t−td2)/tau2)) added.
//! Defaults, also in place of zeros: td1 = tstep, tau1 = tstep, td2 = td1 + tstep, tau2 = tstep. Source: ngspice-39 manual, section 4.1.3.

use super::Waveform;
use super::arguments::Arguments;
use crate::diagnostic::Diagnostic;
use crate::reference::NamedParameter;

/// A rise and a fall.
struct Exponential {
    low: f64,
    high: f64,
    rise_delay: f64,
    rise_time: f64,
    fall_delay: f64,
    fall_time: f64,
}

/// In their order.
pub const ARGUMENTS: &[NamedParameter] = &[
    NamedParameter::new(&["v1"], "V or A", "", "Initial value"),
    NamedParameter::new(&["v2"], "V or A", "", "Value that it rises to"),
    NamedParameter::new(&["td1"], "s", "output step", "Delay of the rise"),
    NamedParameter::new(&["tau1"], "s", "output step", "Time constant of the rise"),
    NamedParameter::new(&["td2"], "s", "td1 + output step", "Delay of the fall"),
    NamedParameter::new(&["tau2"], "s", "output step", "Time constant of the fall"),
];

pub fn construct(arguments: &mut Arguments) -> Result<Box<dyn Waveform>, Diagnostic> {
    let (step, _) = arguments.context.transient();
    let given = |name: &str| Ok::<_, Diagnostic>(arguments.number(name)?.filter(|&value| value != 0.0));
    let rise_delay = given("td1")?.unwrap_or(step);
    Ok(Box::new(Exponential {
        low: arguments.required("v1", "an initial value")?,
        high: arguments.required("v2", "a second value")?,
        rise_delay,
        rise_time: given("tau1")?.unwrap_or(step),
        fall_delay: given("td2")?.unwrap_or(rise_delay + step),
        fall_time: given("tau2")?.unwrap_or(step),
    }))
}

impl Waveform for Exponential {
    fn value(&self, time: f64) -> f64 {
        let part = |delay: f64, constant: f64| if time <= delay { 0.0 } else { -(-(time - delay) / constant).exp_m1() };
        let swing = self.high - self.low;
        let rise = part(self.rise_delay, self.rise_time);
        let fall = part(self.fall_delay, self.fall_time);
        self.low + swing * (rise - fall)
    }

    fn breakpoint(&self, time: f64) -> Option<f64> {
        let reached = time * (1.0 + 4.0 * f64::EPSILON);
        [self.rise_delay, self.fall_delay].into_iter().filter(|&corner| corner > reached).reduce(f64::min)
    }
}

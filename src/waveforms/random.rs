//! `TRRANDOM(type ts td p1 p2)`: a random value every `ts` from `td` on, held in between; 0 before.
//!
//! ```text
//! type 1   uniform between p2 − p1 and p2 + p1          type 2   normal, standard deviation p1, mean p2
//! type 3   exponential with mean p1, plus p2            type 4   Poisson with mean p1, plus p2
//! ```
//! The source's DC value is added. Values change within a thousandth of `ts`. They depend on `.options seed=` and the source's
//! name alone. Source: ngspice-39 manual, section 4.1.8.

use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Exp1, Poisson, StandardNormal, StandardUniform};

use super::Waveform;
use super::arguments::Arguments;
use crate::diagnostic::Diagnostic;
use crate::numerics::random::generator;
use crate::reference::NamedParameter;

/// Held random values.
struct Random {
    step: f64,
    delay: f64,
    values: Vec<f64>,
}

/// Part of `step` in which a value changes.
const EDGE: f64 = 1e-3;

/// In their order.
pub const ARGUMENTS: &[NamedParameter] = &[
    NamedParameter::new(
        &["type"],
        "",
        "",
        "1 uniform in p2 ± p1, 2 normal of deviation p1 and mean p2, 3 exponential of mean p1, plus p2, 4 Poisson of mean p1, plus p2",
    ),
    NamedParameter::new(&["ts"], "s", "", "Time from value to value"),
    NamedParameter::new(&["td"], "s", "0", "Delay"),
    NamedParameter::new(&["p1"], "V or A", "1", "See the type"),
    NamedParameter::new(&["p2"], "V or A", "0", "See the type"),
];

pub fn construct(arguments: &mut Arguments) -> Result<Box<dyn Waveform>, Diagnostic> {
    let kind = arguments.required("type", "a type from 1 to 4")?;
    let (step, delay) = (arguments.required("ts", "a time step")?, arguments.number_or("td", 0.0)?);
    let (first, second) = (arguments.number_or("p1", 1.0)?, arguments.number_or("p2", 0.0)?);
    let end = arguments.context.end();
    let most = arguments.most_values();
    if step.is_nan() || step <= 0.0 {
        return Err(arguments.error("the time step must be greater than 0", arguments.span("ts")));
    }
    let count = ((end - delay) / step).max(0.0).ceil() + 1.0;
    if count > most {
        let message = format!("this is too short: more than {most:e} values would be drawn until {end:e} s");
        return Err(arguments.error(message, arguments.span("ts")));
    }
    let poisson = if kind == 4.0 { Poisson::new(first).ok() } else { None };
    let draw = |random: &mut ChaCha8Rng| -> Option<f64> {
        let value: f64 = match (kind, &poisson) {
            (1.0, _) => {
                let uniform: f64 = StandardUniform.sample(random);
                first * (2.0 * uniform - 1.0)
            }
            (2.0, _) => first * Distribution::<f64>::sample(&StandardNormal, random),
            (3.0, _) => first * Distribution::<f64>::sample(&Exp1, random),
            (4.0, Some(poisson)) => poisson.sample(random),
            _ => return None,
        };
        Some(value + second)
    };
    let mut random = generator(arguments.context.circuit.options.seed, arguments.context.name);
    let values: Option<Vec<f64>> = (0..count as usize).map(|_| draw(&mut random)).collect();
    let values = values.ok_or_else(|| match kind {
        4.0 => arguments.error("the mean of a Poisson distribution must be greater than 0", arguments.span("p1")),
        _ => {
            let error = arguments.error("there is no such type of random values", arguments.span("type"));
            error.hint("1 uniform, 2 normal, 3 exponential, 4 Poisson")
        }
    })?;
    Ok(Box::new(Random { step, delay, values }))
}

impl Random {
    fn held(&self, index: f64) -> f64 {
        if index < 0.0 { 0.0 } else { self.values[(index as usize).min(self.values.len() - 1)] }
    }
}

impl Waveform for Random {
    fn value(&self, time: f64) -> f64 {
        let place = (time - self.delay) / self.step;
        let index = place.floor();
        let part = ((place - index) / EDGE).min(1.0);
        let before = self.held(index - 1.0);
        before + (self.held(index) - before) * part
    }

    fn breakpoint(&self, time: f64) -> Option<f64> {
        let reached = time + 1e-7 * self.step + time.abs() * 4.0 * f64::EPSILON;
        let index = ((reached - self.delay) / self.step).floor().max(-1.0);
        let corners = [index + EDGE, index + 1.0].map(|place| self.delay + place * self.step);
        let last = self.delay + (self.values.len() as f64 + 1.0) * self.step;
        corners.into_iter().find(|&corner| corner > reached && corner >= self.delay && corner < last)
    }

    fn adds_to_dc(&self) -> bool {
        true
    }
}

//! `SPIKES(rate=10k count=45 start=30u width=1u amplitude=1 base=0 rise=0.1u …)`: a train of spikes.
//!
//! A spike is a trapezoid from `base` to `amplitude` with edges of `rise` seconds (default: a tenth of `width`). The 50 % point
//! of its rising edge is exactly at the spike's time, that of its falling edge `width` (default 1 µs) later.
//!
//! | which times | parameters |
//! |---|---|
//! | regular train | `rate` in Hz, `count` (default: to the end of `.tran`), `start` in s; `jitter`: standard deviation of each spike's displacement in periods, clipped at three of them; `seed` |
//! | Poisson train | the same with `poisson=1 dead=…`: mean rate `rate`, no two spikes nearer than `dead` seconds |
//! | list, file | `times=[1u 5u …]`, `file="spikes.txt"` (one time per line, `#` comments; relative to the deck's folder) |
//! | all | `drop=20`, `drop=[20 21]` leaves spikes out, counted from 0; `insert=20.5` adds one midway between spikes 20 and 21 |

use super::Waveform;
use super::arguments::Arguments;
use super::spike_train::{self, Extent, MOST_SPIKES, Source};
use crate::circuit::element::{Parameter, Value};
use crate::diagnostic::{Diagnostic, Span};
use crate::reference::{NamedParameter, has};

/// By name alone.
pub const ARGUMENTS: &[NamedParameter] = &[
    NamedParameter::new(&["rate"], "Hz", "", "Spikes per second"),
    NamedParameter::new(&["count"], "", "to the end of `.tran`", "Number of spikes"),
    NamedParameter::new(&["start"], "s", "0", "Time of the first spike"),
    NamedParameter::new(&["width"], "s", "1e-6", "Width at half amplitude"),
    NamedParameter::new(&["amplitude"], "V or A", "1", "Value of a spike"),
    NamedParameter::new(&["base"], "V or A", "0", "Value between spikes"),
    NamedParameter::new(&["rise"], "s", "width/10", "Duration of the edges"),
    NamedParameter::new(&["jitter"], "", "0", "Standard deviation of the times in periods, clipped at three"),
    NamedParameter::new(&["seed"], "", "1", "Seed of jitter and Poisson trains"),
    NamedParameter::new(&["poisson"], "", "0", "1: a Poisson train of mean rate `rate`"),
    NamedParameter::new(&["dead"], "s", "0", "Least distance of the spikes of a Poisson train"),
    NamedParameter::new(&["drop"], "", "", "Spikes to leave out, counted from 0: a number or a list"),
    NamedParameter::new(&["insert"], "", "", "Spikes to put in: 20.5 is midway between spikes 20 and 21"),
    NamedParameter::new(&["times"], "s", "", "List of times, in place of `rate`"),
    NamedParameter::new(&["file"], "", "", "File with one time per line, in place of `rate`"),
];

/// Trapezoids at given times.
struct Spikes {
    /// Of the 50 % points of the rising edges, ascending.
    times: Vec<f64>,
    width: f64,
    rise: f64,
    base: f64,
    amplitude: f64,
}

pub fn construct(arguments: &mut Arguments) -> Result<Box<dyn Waveform>, Diagnostic> {
    if let Some(argument) = arguments.call.arguments.first() {
        let error = arguments.error("`spikes` takes only `key=value`", argument.span);
        return Err(error.hint("for example: spikes(rate=10k count=45 start=30u)"));
    }
    if let Some(other) = arguments.call.parameters.iter().find(|parameter| !has(ARGUMENTS, &parameter.name)) {
        let error = arguments.error(format!("unknown parameter `{}` of `spikes`", other.name), other.span);
        return Err(error.nearest(&other.name, ARGUMENTS.iter().map(|argument| argument.names[0])));
    }
    let width = number(arguments, "width", 1e-6, |width| width > 0.0, "must be positive")?;
    let spikes = Spikes {
        width,
        rise: number(
            arguments,
            "rise",
            0.1 * width,
            |rise| rise > 0.0 && rise <= width,
            "must lie above 0 and not above the width",
        )?,
        base: number(arguments, "base", 0.0, f64::is_finite, "must be finite")?,
        amplitude: number(arguments, "amplitude", 1.0, f64::is_finite, "must be finite")?,
        times: times(arguments)?,
    };
    let gap = spikes.width + spikes.rise;
    if let Some(pair) = spikes.times.windows(2).find(|pair| pair[1] - pair[0] < gap * (1.0 - 1e-9)) {
        let message =
            format!("spikes at {:.6e} s and {:.6e} s are closer than width and edges, {gap:.3e} s", pair[0], pair[1]);
        let error = arguments.error(message, arguments.context.span);
        return Err(error.hint("lower `width`, `rise` or `jitter`, or give a Poisson train a `dead` time"));
    }
    Ok(Box::new(spikes))
}

/// The parameter `name` of the waveform itself.
fn given<'a>(arguments: &Arguments<'a>, name: &str) -> Option<&'a Parameter> {
    arguments.call.parameters.iter().rev().find(|parameter| &*parameter.name == name)
}

fn number(
    arguments: &Arguments,
    name: &str,
    default: f64,
    valid: impl Fn(f64) -> bool,
    demand: &str,
) -> Result<f64, Diagnostic> {
    let Some(parameter) = given(arguments, name) else { return Ok(default) };
    match parameter.value {
        Value::Number(value) if valid(value) => Ok(value),
        Value::Number(_) => Err(arguments.error(format!("`{name}` {demand}"), parameter.span)),
        _ => Err(arguments.error(format!("`{name}` must be a number"), parameter.span)),
    }
}

/// Numbers of `name=3` or `name=[3 4]`.
fn list(arguments: &Arguments, name: &str) -> Result<Vec<f64>, Diagnostic> {
    let Some(parameter) = given(arguments, name) else { return Ok(Vec::new()) };
    let number = |value: &Value, span: Span| match value {
        Value::Number(number) => Ok(*number),
        _ => Err(arguments.error(format!("`{name}` must be a number or a list of numbers"), span)),
    };
    match &parameter.value {
        Value::List(items) => items.iter().map(|item| number(&item.item, item.span)).collect(),
        value => Ok(vec![number(value, parameter.span)?]),
    }
}

/// How many spikes a train may have.
fn most_spikes(arguments: &Arguments) -> f64 {
    MOST_SPIKES.min(arguments.most_values())
}

fn times(arguments: &Arguments) -> Result<Vec<f64>, Diagnostic> {
    let whole = |value: f64| value >= 0.0 && value.fract() == 0.0;
    let most = most_spikes(arguments);
    let few = |count: f64| whole(count) && count <= most;
    let count = number(arguments, "count", 0.0, few, &format!("must be a whole number from 0 to {most:e}"))?;
    let extent = Extent {
        start: number(arguments, "start", 0.0, |start| start >= 0.0, "must not be negative")?,
        stop: arguments.context.transient().1,
        count: given(arguments, "count").map(|_| count as usize),
        most: most as usize,
        seed: number(arguments, "seed", 1.0, |seed| whole(seed) && seed < 9e15, "must be a whole number from 0 on")?
            as u64,
    };
    let source = source(arguments, &extent)?;
    let times = spike_train::times(source, &extent);
    let (drop, insert) = (list(arguments, "drop")?, list(arguments, "insert")?);
    spike_train::change(&times, &drop, &insert).map_err(|reason| {
        let names = if reason.starts_with("`drop`") { "drop" } else { "insert" };
        arguments.error(reason, given(arguments, names).map_or(arguments.context.span, |parameter| parameter.span))
    })
}

fn source(arguments: &Arguments, extent: &Extent) -> Result<Source, Diagnostic> {
    let sources = ["rate", "times", "file"].map(|name| given(arguments, name));
    match sources {
        [Some(rate), None, None] => generated(arguments, extent, rate),
        [None, Some(times), None] => {
            only_generated(arguments)?;
            let list = list(arguments, "times")?;
            match list.windows(2).find(|pair| pair[1].is_nan() || pair[1] <= pair[0]) {
                Some(pair) => {
                    let message = format!("`times` must increase, {:e} comes after {:e}", pair[1], pair[0]);
                    Err(arguments.error(message, times.span))
                }
                None if list.first().is_some_and(|&first| first < 0.0) => {
                    Err(arguments.error("`times` must not be negative", times.span))
                }
                None => Ok(Source::Listed(list)),
            }
        }
        [None, None, Some(file)] => {
            only_generated(arguments)?;
            let Value::Word(name) = &file.value else {
                return Err(arguments.error("`file` needs a name in quotes", file.span));
            };
            spike_train::read(arguments.sources(), &arguments.path(name), file.span).map(Source::Listed)
        }
        [None, None, None] => {
            let error = arguments.error("`spikes` needs `rate`, `times` or `file`", arguments.context.span);
            Err(error.hint("for example: spikes(rate=10k count=45) or spikes(times=[1u 50u])"))
        }
        _ => Err(arguments.error("`spikes` takes one of `rate`, `times` and `file`", arguments.context.span)),
    }
}

/// Parameters of generated trains have no meaning for given times.
fn only_generated(arguments: &Arguments) -> Result<(), Diagnostic> {
    let found = ["count", "start", "jitter", "seed", "poisson", "dead"].iter().find_map(|name| given(arguments, name));
    match found {
        Some(parameter) => {
            Err(arguments.error(format!("`{}` needs a `rate`: the times are given", parameter.name), parameter.span))
        }
        None => Ok(()),
    }
}

fn generated(arguments: &Arguments, extent: &Extent, given_rate: &Parameter) -> Result<Source, Diagnostic> {
    let rate = number(arguments, "rate", 0.0, |rate| rate > 0.0, "must be positive")?;
    if extent.count.is_none() && (extent.stop - extent.start) * rate > most_spikes(arguments) {
        let message = format!("this train has {:.1e} spikes", (extent.stop - extent.start) * rate);
        return Err(arguments.error(message, given_rate.span).hint("limit it with `count=`"));
    }
    let jitter = number(arguments, "jitter", 0.0, |jitter| jitter >= 0.0, "must not be negative")?;
    let dead = number(arguments, "dead", 0.0, |dead| dead >= 0.0, "must not be negative")?;
    let poisson = number(arguments, "poisson", 0.0, |flag| flag == 0.0 || flag == 1.0, "must be 0 or 1")? == 1.0;
    match (poisson, given(arguments, "jitter"), given(arguments, "dead")) {
        (true, Some(other), _) => Err(arguments.error("a Poisson train has no `jitter`", other.span)),
        (false, _, Some(other)) => {
            Err(arguments.error("`dead` is for Poisson trains", other.span).hint("add `poisson=1`"))
        }
        (true, None, _) if dead * rate >= 1.0 => {
            let message = format!("a dead time of {dead:e} s leaves no room for {rate:e} spikes per second");
            Err(arguments.error(message, given_rate.span))
        }
        (true, None, _) => Ok(Source::Poisson { rate, dead }),
        (false, ..) => Ok(Source::Regular { rate, jitter }),
    }
}

impl Spikes {
    /// Corners of a spike, counted from its time.
    fn corners(&self) -> [f64; 4] {
        let half = 0.5 * self.rise;
        [-half, half, self.width - half, self.width + half]
    }
}

impl Waveform for Spikes {
    fn value(&self, time: f64) -> f64 {
        let [begin, ..] = self.corners();
        let started = self.times.partition_point(|&spike| spike + begin <= time);
        let Some(&spike) = started.checked_sub(1).and_then(|index| self.times.get(index)) else { return self.base };
        let since = time - spike;
        let rising = (since / self.rise + 0.5).clamp(0.0, 1.0);
        let falling = ((since - self.width) / self.rise + 0.5).clamp(0.0, 1.0);
        self.base + (self.amplitude - self.base) * (rising - falling)
    }

    fn breakpoint(&self, time: f64) -> Option<f64> {
        let corners = self.corners();
        // A corner that equals `time` up to rounding has been reached.
        let reached = time + 1e-9 * self.rise + time.abs() * 4.0 * f64::EPSILON;
        let over = self.times.partition_point(|&spike| spike + corners[3] <= reached);
        let spike = *self.times.get(over)?;
        corners.iter().map(|corner| spike + corner).find(|&corner| corner > reached)
    }
}

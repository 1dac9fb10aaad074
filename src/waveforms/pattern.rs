//! `PAT(vhi vlo td tr tf tsample data [r])`: a pattern of bits.
//!
//! `data` is `b` and the bits, each of which lasts `tsample`. From bit to bit the value goes along a straight line of duration `tr` or
//! `tf`, whose middle is at the sample's boundary. The first bit holds before `td`, and the last one after the pattern, which
//! is repeated `r` times (0; −1 for ever). Source: Xyce Reference Guide, independent sources.

use super::Waveform;
use super::arguments::Arguments;
use crate::circuit::element::Value;
use crate::diagnostic::Diagnostic;
use crate::reference::NamedParameter;

struct Pattern {
    bits: Vec<bool>,
    high: f64,
    low: f64,
    delay: f64,
    rise: f64,
    fall: f64,
    sample: f64,
    /// Samples in all, with repetitions; infinite for ever.
    count: f64,
}

/// In their order.
pub const ARGUMENTS: &[NamedParameter] = &[
    NamedParameter::new(&["vhi"], "V or A", "", "Value of a 1"),
    NamedParameter::new(&["vlo"], "V or A", "", "Value of a 0"),
    NamedParameter::new(&["td"], "s", "", "Delay"),
    NamedParameter::new(&["tr"], "s", "", "Rise time"),
    NamedParameter::new(&["tf"], "s", "", "Fall time"),
    NamedParameter::new(&["tsample"], "s", "", "Duration of a bit"),
    NamedParameter::new(&["data"], "", "", "`b` and the bits"),
    NamedParameter::new(&["r"], "", "0", "Repetitions; −1 for ever"),
];

pub fn construct(arguments: &mut Arguments) -> Result<Box<dyn Waveform>, Diagnostic> {
    let names = ["the high value", "the low value", "a delay", "a rise time", "a fall time", "a sample time"];
    let mut numbers = [0.0; 6];
    for (argument, (number, what)) in ARGUMENTS.iter().zip(numbers.iter_mut().zip(names)) {
        *number = arguments.required(argument.names[0], what)?;
    }
    let [high, low, delay, rise, fall, sample] = numbers;
    for (name, value) in [("tr", rise), ("tf", fall), ("tsample", sample)] {
        if value <= 0.0 {
            return Err(arguments.error("this must be positive", arguments.span(name)));
        }
    }
    let bits = bits(arguments)?;
    let repeats = match arguments.named_number("r") {
        Some(repeats) => repeats,
        None => arguments.number_or("r", 0.0)?,
    };
    let rounds = if repeats == -1.0 { f64::INFINITY } else { repeats.max(0.0).round() + 1.0 };
    let count = rounds * bits.len() as f64;
    Ok(Box::new(Pattern { bits, high, low, delay, rise, fall, sample, count }))
}

fn bits(arguments: &Arguments) -> Result<Vec<bool>, Diagnostic> {
    let wrong = || {
        arguments.error("bits are expected, as in `b0101`", arguments.span("data")).hint("pat(1 0 0 1n 1n 5n b0101)")
    };
    let Some(Value::Word(word)) = arguments.argument("data").map(|argument| &argument.item) else {
        return Err(wrong());
    };
    let digits = word.strip_prefix('b').filter(|digits| !digits.is_empty()).ok_or_else(wrong)?;
    digits.chars().map(|digit| digit.to_digit(2).map(|digit| digit == 1)).collect::<Option<_>>().ok_or_else(wrong)
}

impl Pattern {
    fn level(&self, bit: bool) -> f64 {
        if bit { self.high } else { self.low }
    }

    /// The bit of sample number `sample`; outside of the pattern its first or last one.
    fn bit(&self, sample: f64) -> bool {
        let within = sample.clamp(0.0, self.count - 1.0);
        self.bits[(within % self.bits.len() as f64) as usize]
    }

    /// Half the duration of the edge before sample number `sample`, if there is one.
    fn half_edge(&self, sample: f64) -> Option<f64> {
        let after = self.bit(sample);
        let changes = sample > 0.0 && sample < self.count && self.bit(sample - 1.0) != after;
        changes.then_some(0.5 * if after { self.rise } else { self.fall })
    }
}

impl Waveform for Pattern {
    fn value(&self, time: f64) -> f64 {
        let since = (time - self.delay) / self.sample;
        let boundary = since.round();
        let distance = (since - boundary) * self.sample;
        match self.half_edge(boundary) {
            Some(half) if distance.abs() < half => {
                let (before, after) = (self.level(self.bit(boundary - 1.0)), self.level(self.bit(boundary)));
                before + (after - before) * (0.5 + 0.5 * distance / half)
            }
            _ => self.level(self.bit(since.floor())),
        }
    }

    fn breakpoint(&self, time: f64) -> Option<f64> {
        // A corner that equals `time` up to rounding has been reached.
        let reached = time + 1e-9 * self.rise.min(self.fall) + time.abs() * 4.0 * f64::EPSILON;
        let first = ((time - self.delay) / self.sample).floor().max(0.0);
        // Among as many boundaries as there are bits the pattern changes, if it does at all.
        let boundaries = (0..=self.bits.len() + 1).map(|step| first + step as f64);
        let corners = boundaries.filter_map(|boundary| Some((boundary, self.half_edge(boundary)?)));
        let times = corners.flat_map(|(boundary, half)| {
            let middle = self.delay + boundary * self.sample;
            [middle - half, middle + half]
        });
        times.filter(|&corner| corner > reached).reduce(f64::min)
    }
}

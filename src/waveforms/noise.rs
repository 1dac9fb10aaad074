//! `TRNOISE(na nt nalpha namp rtsam rtscapt rtsemt)`: noise over time.
//!
//! ```text
//! white   a normal value of standard deviation na every nt, straight lines between: S(f) = 2·na²·nt·sinc⁴(f·nt)
//! 1/f^α   x = namp·h ∗ w,  w normal,  h_0 = 1,  h_k = h_{k−1}·(α/2 + k − 1)/k,  beginning at 0 (α = nalpha, between 0 and 2)
//! telegraph   0 for an exponential time of mean rtscapt, then rtsam for one of mean rtsemt, and so on
//! ```
//! The value at time zero is 0, and the source's DC value is added. The numbers depend on `.options seed=` and the source's name alone.
//! Edges of the telegraph noise last a thousandth of the shorter mean time. Sources: ngspice-39 manual, section 4.1.7; Kasdin, Proc.
//! IEEE 83, 802 (1995).

use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Exp1, StandardNormal};
use realfft::RealFftPlanner;

use super::Waveform;
use super::arguments::Arguments;
use crate::diagnostic::Diagnostic;
use crate::numerics::random::generator;
use crate::reference::NamedParameter;

/// White and 1/f noise by samples, and a telegraph.
struct Noise {
    /// Distance of the samples, s.
    step: f64,
    samples: Vec<f64>,
    telegraph: Option<Telegraph>,
}

/// A signal between 0 and `amplitude`.
struct Telegraph {
    amplitude: f64,
    /// When it changes, ascending; first it rises.
    changes: Vec<f64>,
    /// How long an edge lasts, s.
    edge: f64,
}

/// In their order.
pub const ARGUMENTS: &[NamedParameter] = &[
    NamedParameter::new(&["na"], "V or A", "0", "Standard deviation of the white noise"),
    NamedParameter::new(&["nt"], "s", "0", "Distance of the samples; 0: no white noise and no 1/f noise"),
    NamedParameter::new(&["nalpha"], "", "0", "Exponent of the 1/f noise, 0 … 2"),
    NamedParameter::new(&["namp"], "V or A", "0", "Amplitude of the 1/f noise"),
    NamedParameter::new(&["rtsam"], "V or A", "0", "Amplitude of the telegraph noise"),
    NamedParameter::new(&["rtscapt"], "s", "", "Mean time at 0"),
    NamedParameter::new(&["rtsemt"], "s", "", "Mean time at `rtsam`"),
];

pub fn construct(arguments: &mut Arguments) -> Result<Box<dyn Waveform>, Diagnostic> {
    let white = arguments.number_or("na", 0.0)?;
    let step = arguments.number_or("nt", 0.0)?;
    let (exponent, coloured) = (arguments.number_or("nalpha", 0.0)?, arguments.number_or("namp", 0.0)?);
    let amplitude = arguments.number_or("rtsam", 0.0)?;
    let end = arguments.context.end();
    let most = arguments.most_values();
    let count = if step > 0.0 { (end / step).ceil() + 2.0 } else { 0.0 };
    let too_many = |name: &str| {
        let message = format!("this is too short: more than {most:e} values would be drawn until {end:e} s");
        arguments.error(message, arguments.span(name))
    };
    if step < 0.0 {
        return Err(arguments.error("the time step must not be negative", arguments.span("nt")));
    }
    if count > most {
        return Err(too_many("nt"));
    }
    if coloured != 0.0 && !(0.0..=2.0).contains(&exponent) {
        return Err(arguments.error("the exponent must lie between 0 and 2", arguments.span("nalpha")));
    }
    let seed = arguments.context.circuit.options.seed;
    let mut random = generator(seed, arguments.context.name);
    let samples = samples(&mut random, count as usize, white, coloured, exponent);
    let telegraph = if amplitude == 0.0 {
        None
    } else {
        let times =
            [arguments.required("rtscapt", "a capture time")?, arguments.required("rtsemt", "an emission time")?];
        if let Some(index) = times.iter().position(|time| time.is_nan() || *time <= 0.0) {
            return Err(
                arguments.error("this time must be greater than 0", arguments.span(["rtscapt", "rtsemt"][index]))
            );
        }
        let shorter = times[0].min(times[1]);
        if 2.0 * end / (times[0] + times[1]) > most {
            return Err(too_many(if times[0] < times[1] { "rtscapt" } else { "rtsemt" }));
        }
        let changes = changes(&mut generator(seed, &format!("{}#telegraph", arguments.context.name)), times, end);
        Some(Telegraph { amplitude, changes, edge: 1e-3 * shorter })
    };
    Ok(Box::new(Noise { step, samples, telegraph }))
}

fn samples(random: &mut ChaCha8Rng, count: usize, white: f64, coloured: f64, exponent: f64) -> Vec<f64> {
    let mut normal = || -> f64 { StandardNormal.sample(&mut *random) };
    let mut samples: Vec<f64> = (0..count).map(|index| if index == 0 { 0.0 } else { white * normal() }).collect();
    if coloured != 0.0 && count > 0 {
        let drive: Vec<f64> = (0..count).map(|_| coloured * normal()).collect();
        let coloured = filtered(&drive, exponent);
        samples.iter_mut().zip(&coloured).for_each(|(sample, value)| *sample += value - coloured[0]);
    }
    samples
}

/// The drive through a filter whose power falls as 1/f^exponent, by fast convolution.
fn filtered(drive: &[f64], exponent: f64) -> Vec<f64> {
    let count = drive.len();
    // Twice the length, so that the end does not come around to the beginning.
    let length = (2 * count).next_power_of_two();
    let mut response = vec![0.0; length];
    response[0] = 1.0;
    for k in 1..count {
        response[k] = response[k - 1] * (exponent / 2.0 + (k - 1) as f64) / k as f64;
    }
    let mut padded = drive.to_vec();
    padded.resize(length, 0.0);
    let mut planner = RealFftPlanner::<f64>::new();
    let (forward, backward) = (planner.plan_fft_forward(length), planner.plan_fft_inverse(length));
    let (mut a, mut b) = (forward.make_output_vec(), forward.make_output_vec());
    let done = forward.process(&mut response, &mut a).and_then(|()| forward.process(&mut padded, &mut b));
    a.iter_mut().zip(&b).for_each(|(a, b)| *a *= *b);
    if let (Some(first), Some(last)) = (a.first().map(|value| value.re), a.last().map(|value| value.re)) {
        // Both are real up to rounding, which the inverse transform does not take.
        let end = a.len() - 1;
        a[0].re = first;
        a[0].im = 0.0;
        a[end].re = last;
        a[end].im = 0.0;
    }
    let done = done.and_then(|()| backward.process(&mut a, &mut padded));
    // Lengths are those that the plans were made for.
    debug_assert!(done.is_ok());
    padded[..count].iter().map(|value| value / length as f64).collect()
}

/// Times at which the telegraph changes, until `end`.
fn changes(random: &mut ChaCha8Rng, means: [f64; 2], end: f64) -> Vec<f64> {
    let (mut changes, mut time) = (Vec::new(), 0.0);
    while time <= end {
        let exponential: f64 = Exp1.sample(random);
        time += means[changes.len() % 2] * exponential;
        changes.push(time);
    }
    changes
}

impl Telegraph {
    fn value(&self, time: f64) -> f64 {
        let done = self.changes.partition_point(|&change| change <= time);
        let Some(last) = done.checked_sub(1) else { return 0.0 };
        let (before, after) = if done % 2 == 1 { (0.0, self.amplitude) } else { (self.amplitude, 0.0) };
        let part = ((time - self.changes[last]) / self.edge_after(last)).min(1.0);
        before + (after - before) * part
    }

    /// How long the edge of change `index` lasts: two changes may be closer than an edge is long.
    fn edge_after(&self, index: usize) -> f64 {
        self.changes.get(index + 1).map_or(self.edge, |next| self.edge.min(next - self.changes[index]))
    }

    fn corner(&self, reached: f64) -> Option<f64> {
        let done = self.changes.partition_point(|&change| change <= reached);
        let end = done.checked_sub(1).map(|last| self.changes[last] + self.edge_after(last));
        end.filter(|&end| end > reached).or_else(|| self.changes.get(done).copied())
    }
}

impl Waveform for Noise {
    fn value(&self, time: f64) -> f64 {
        let telegraph = self.telegraph.as_ref().map_or(0.0, |telegraph| telegraph.value(time));
        let Some(&last) = self.samples.last() else { return telegraph };
        let place = (time / self.step).max(0.0);
        let index = place.floor() as usize;
        let sample = match (self.samples.get(index), self.samples.get(index + 1)) {
            (Some(&before), Some(&after)) => before + (after - before) * (place - index as f64),
            _ => last,
        };
        sample + telegraph
    }

    fn breakpoint(&self, time: f64) -> Option<f64> {
        let reached = time + 1e-9 * self.step + time.abs() * 4.0 * f64::EPSILON;
        let index = (reached / self.step).floor() + 1.0;
        let sample = (!self.samples.is_empty() && index < self.samples.len() as f64).then_some(index * self.step);
        let corner =
            self.telegraph.as_ref().and_then(|telegraph| telegraph.corner(time + time.abs() * 4.0 * f64::EPSILON));
        sample.into_iter().chain(corner).reduce(f64::min)
    }

    fn adds_to_dc(&self) -> bool {
        true
    }
}

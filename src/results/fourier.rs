//! `.four`: harmonics of the last period of a transient, as ngspice computes them.
//!
//! ```text
//! a_k = 2/n·Σ y_i·cos(2πk·i/n),  b_k = 2/n·Σ y_i·sin(2πk·i/n)      over n equally spaced points of the period
//! amplitude √(a² + b²), phase atan2(a, b);  THD = √(Σ_{k≥2} amplitude²)/amplitude_1
//! ```
//! The values between the points of the analysis are those of polynomials of degree `polydegree`; with 0 the sums become integrals over
//! the points of the analysis. Sources: ngspice-39 manual, sections 15.6.5 and 17.5.30; LTspice's help on `.four`.

use std::f64::consts::PI;
use std::fmt::Write as _;

use super::card_text::{CardText, Operand};
use super::plot::Plot;
use super::plot_selector::{AnalysisName, choose};
use super::reduction::value_at;
use super::scope::Scope;
use super::series;
use crate::circuit::Circuit;
use crate::circuit::options::FourierSettings;
use crate::diagnostic::Diagnostic;
use crate::netlist::DotCard;

/// A `.four` card.
#[derive(Debug, Clone)]
pub struct FourierCard {
    pub frequency: Operand,
    /// Number of harmonics and of periods, where LTspice's cards have them.
    pub harmonics: Option<usize>,
    pub periods: Option<i64>,
    pub vectors: Vec<Operand>,
}

/// Harmonics of one vector.
#[derive(Debug, Clone, PartialEq)]
pub struct Spectrum {
    pub vector: String,
    /// Hz.
    pub fundamental: f64,
    /// Amplitude and phase (degrees, of a sine) per harmonic, the mean first.
    pub harmonics: Vec<(f64, f64)>,
    pub settings: FourierSettings,
}

/// Reads a `.four` card: `frequency [harmonics [periods]] vector …`.
pub fn parse(card: &DotCard) -> Result<FourierCard, Diagnostic> {
    let mut text = CardText::new(card);
    let example = "for example: .four 1k v(out)";
    let frequency = text.expression().map_err(|error| error.hint(example))?;
    let mut counts = [None; 2];
    for count in &mut counts {
        *count = text.peek().parse::<i64>().ok();
        if count.is_some() {
            text.word();
        }
    }
    let mut vectors = Vec::new();
    while !text.is_at_end() {
        vectors.push(text.expression()?);
        text.accept(",");
    }
    if vectors.is_empty() {
        return Err(text.unexpected("a vector").hint(example));
    }
    let harmonics = counts[0].map(|count| count.clamp(1, 100_000) as usize);
    Ok(FourierCard { frequency, harmonics, periods: counts[1], vectors })
}

/// The spectra that `card` asks for, from the last transient of `plots`.
pub fn evaluate(card: &FourierCard, circuit: &Circuit, plots: &[Plot]) -> Result<Vec<Spectrum>, Diagnostic> {
    let mut settings = circuit.options.fourier;
    // LTspice counts from 1.
    settings.harmonics = card.harmonics.map_or(settings.harmonics, |count| count + 1);
    let curves = |plot| {
        let scope = Scope::new(plot, circuit, &[]);
        let fundamental = series::number(&card.frequency.expression, &scope, card.frequency.span)?;
        let spectra = card.vectors.iter().map(|vector| {
            let (x, y) = series::curve(&vector.expression, &scope, vector.span)?;
            let periods = match (card.periods, x.first(), x.last()) {
                (Some(-1), Some(first), Some(last)) => ((last - first) * fundamental * (1.0 + 1e-9)).floor(),
                (Some(count), ..) => count as f64,
                (None, ..) => 1.0,
            };
            let harmonics = over_periods(&x, &y, fundamental, periods, settings)
                .map_err(|reason| Diagnostic::error(reason).at(card.frequency.span))?;
            Ok(Spectrum { vector: vector.text.clone(), fundamental, harmonics, settings })
        });
        spectra.collect()
    };
    choose(plots, Some(AnalysisName::Transient), curves).map(|(_, spectra)| spectra)
}

/// Amplitudes and phases over the last period of `y`.
pub fn harmonics(x: &[f64], y: &[f64], fundamental: f64, settings: FourierSettings) -> Result<Vec<(f64, f64)>, String> {
    over_periods(x, y, fundamental, 1.0, settings)
}

fn over_periods(
    x: &[f64],
    y: &[f64],
    fundamental: f64,
    periods: f64,
    settings: FourierSettings,
) -> Result<Vec<(f64, f64)>, String> {
    let length = periods / fundamental;
    let (Some(&first), Some(&last)) = (x.first(), x.last()) else { return Err("there are no points".into()) };
    if !(fundamental.is_finite() && fundamental > 0.0) {
        return Err(format!("{fundamental:e} Hz is no fundamental frequency"));
    }
    if periods < 1.0 || last - first < length * (1.0 - 1e-9) {
        return Err(format!("the transient is shorter than one period of {fundamental:e} Hz"));
    }
    let start = last - length;
    let count = settings.grid * periods as usize;
    // Times from the start of the period in periods, values, and weights of the mean.
    let points: Vec<(f64, f64, f64)> = if settings.degree == 0 {
        own_points(x, y, start)
    } else {
        let at = |index: usize| {
            let part = index as f64 / count as f64;
            (part, interpolated(x, y, (start + length * part).max(first), settings.degree), 1.0 / count as f64)
        };
        (0..count).map(at).collect()
    };
    let mean = points.iter().map(|(_, value, weight)| value * weight).sum::<f64>();
    let mut result = vec![(mean, 0.0)];
    for harmonic in 1..settings.harmonics {
        let part = |f: fn(f64) -> f64| -> f64 {
            let term = |&(time, value, weight): &(f64, f64, f64)| {
                2.0 * weight * value * f(2.0 * PI * harmonic as f64 * periods * time)
            };
            points.iter().map(term).sum()
        };
        // Angles count from the start of the period, as in ngspice.
        let (sine, cosine) = (part(f64::sin), part(f64::cos));
        result.push((sine.hypot(cosine), cosine.atan2(sine).to_degrees()));
    }
    Ok(result)
}

/// The points of the analysis from `start` on, each with half of the intervals beside it.
fn own_points(x: &[f64], y: &[f64], start: f64) -> Vec<(f64, f64, f64)> {
    let inside = x.partition_point(|&x| x <= start);
    let begin = (start, value_at(x, y, start).unwrap_or(y[0]));
    let points: Vec<(f64, f64)> =
        [begin].into_iter().chain(x[inside..].iter().copied().zip(y[inside..].iter().copied())).collect();
    let length = points[points.len() - 1].0 - start;
    let weight = |index: usize| {
        let (before, after) = (index.saturating_sub(1), (index + 1).min(points.len() - 1));
        0.5 * (points[after].0 - points[before].0) / length
    };
    points.iter().enumerate().map(|(index, &(at, value))| ((at - start) / length, value, weight(index))).collect()
}

/// y at `at` of the polynomial of `degree` through the points around it (Neville's scheme).
fn interpolated(x: &[f64], y: &[f64], at: f64, degree: usize) -> f64 {
    let next = x.partition_point(|&x| x < at).clamp(1, x.len() - 1);
    let width = (degree + 1).min(x.len());
    let begin = (next - 1).saturating_sub(degree.saturating_sub(1) / 2).min(x.len() - width);
    let (x, mut values) = (&x[begin..begin + width], y[begin..begin + width].to_vec());
    for level in 1..width {
        for index in 0..width - level {
            let (left, right) = (x[index], x[index + level]);
            if right > left {
                values[index] = ((right - at) * values[index] + (at - left) * values[index + 1]) / (right - left);
            }
        }
    }
    values[0]
}

/// Total harmonic distortion of amplitudes and phases, %.
pub fn distortion(harmonics: &[(f64, f64)]) -> f64 {
    let fundamental = harmonics.get(1).map_or(f64::NAN, |harmonic| harmonic.0);
    let sum: f64 = harmonics.iter().skip(2).map(|(amplitude, _)| (amplitude / fundamental).powi(2)).sum();
    100.0 * sum.sqrt()
}

impl Spectrum {
    /// The table that ngspice prints.
    pub fn table(&self) -> String {
        let mut text = format!(
            "Fourier analysis for {}:\n  No. Harmonics: {}, THD: {} %, Gridsize: {}, Interpolation Degree: {}\n\n",
            self.vector,
            self.settings.harmonics,
            general(distortion(&self.harmonics)),
            self.settings.grid,
            self.settings.degree
        );
        text.push_str("Harmonic Frequency   Magnitude   Phase       Norm. Mag   Norm. Phase\n");
        text.push_str("-------- ---------   ---------   -----       ---------   -----------\n");
        let base = self.harmonics.get(1).copied().unwrap_or((f64::NAN, 0.0));
        for (number, (amplitude, phase)) in self.harmonics.iter().enumerate() {
            let frequency = general(self.fundamental * number as f64);
            let (relative, shift) = if number == 0 { (0.0, 0.0) } else { (amplitude / base.0, phase - base.1) };
            let (amplitude, phase) = (general(*amplitude), general5(*phase));
            let (relative, shift) = (general(relative), general5(shift));
            let _ =
                writeln!(text, " {number:<7} {frequency:<11} {amplitude:<11} {phase:<11} {relative:<11} {shift:<11}");
        }
        text
    }
}

/// As C's `%g`.
fn general(value: f64) -> String {
    significant(value, 6)
}

fn general5(value: f64) -> String {
    significant(value, 5)
}

/// `digits` significant digits without trailing zeros; very large and small values with an exponent.
pub fn significant(value: f64, digits: usize) -> String {
    if value == 0.0 || !value.is_finite() {
        return format!("{value}");
    }
    let rounded = format!("{value:.*e}", digits.saturating_sub(1));
    let exponent: i32 = rounded.split_once('e').and_then(|(_, exponent)| exponent.parse().ok()).unwrap_or(0);
    let trim = |text: &str| {
        if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_string() } else { text.to_string() }
    };
    if exponent < -5 || exponent >= digits as i32 {
        let text = super::print_table::scientific(value, digits.saturating_sub(1));
        return match text.split_once('e') {
            Some((mantissa, exponent)) => format!("{}e{exponent}", trim(mantissa)),
            None => text,
        };
    }
    trim(&format!("{value:.*}", (digits as i32 - 1 - exponent).max(0) as usize))
}

//! `.four`: harmonics of the last period of a transient, as ngspice computes them.

use std::f64::consts::PI;
use std::fmt::Write as _;

use super::card_text::{CardText, Operand};
use super::plot::Plot;
use super::plot_selector::{AnalysisName, choose};
use super::reduction::value_at;
use super::scope::Scope;
use super::series;
use crate::circuit::Circuit;
use crate::diagnostic::Diagnostic;
use crate::netlist::DotCard;

/// Harmonics, the mean (number 0) included.
const HARMONICS: usize = 10;
/// Points of the last period.
const GRID: usize = 200;

/// A `.four` card.
#[derive(Debug, Clone)]
pub struct FourierCard {
    pub frequency: Operand,
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
}

/// Reads a `.four` card.
pub fn parse(card: &DotCard) -> Result<FourierCard, Diagnostic> {
    let mut text = CardText::new(card);
    let example = "for example: .four 1k v(out)";
    let frequency = text.expression().map_err(|error| error.hint(example))?;
    let mut vectors = Vec::new();
    while !text.is_at_end() {
        vectors.push(text.expression()?);
        text.accept(",");
    }
    if vectors.is_empty() {
        return Err(text.unexpected("a vector").hint(example));
    }
    Ok(FourierCard { frequency, vectors })
}

/// The spectra that `card` asks for, from the last transient of `plots`.
pub fn evaluate(card: &FourierCard, circuit: &Circuit, plots: &[Plot]) -> Result<Vec<Spectrum>, Diagnostic> {
    let curves = |plot| {
        let scope = Scope::new(plot, circuit, &[]);
        let fundamental = series::number(&card.frequency.expression, &scope, card.frequency.span)?;
        let spectra = card.vectors.iter().map(|vector| {
            let (x, y) = series::curve(&vector.expression, &scope, vector.span)?;
            let harmonics =
                harmonics(&x, &y, fundamental).map_err(|reason| Diagnostic::error(reason).at(card.frequency.span))?;
            Ok(Spectrum { vector: vector.text.clone(), fundamental, harmonics })
        });
        spectra.collect()
    };
    choose(plots, Some(AnalysisName::Transient), curves).map(|(_, spectra)| spectra)
}

/// Amplitudes and phases over the last period of `y`.
fn harmonics(x: &[f64], y: &[f64], fundamental: f64) -> Result<Vec<(f64, f64)>, String> {
    let period = 1.0 / fundamental;
    let (Some(&first), Some(&last)) = (x.first(), x.last()) else { return Err("there are no points".into()) };
    if !(fundamental.is_finite() && fundamental > 0.0) {
        return Err(format!("{fundamental:e} Hz is no fundamental frequency"));
    }
    if last - first < period * (1.0 - 1e-9) {
        return Err(format!("the transient is shorter than one period of {fundamental:e} Hz"));
    }
    let start = last - period;
    let grid: Vec<f64> = (0..GRID).map(|index| start + period * index as f64 / GRID as f64).collect();
    let values: Vec<f64> = grid.iter().map(|&at| value_at(x, y, at.max(first)).unwrap_or(f64::NAN)).collect();
    let mut result = vec![(values.iter().sum::<f64>() / GRID as f64, 0.0)];
    for harmonic in 1..HARMONICS {
        let angle = |index: usize| 2.0 * PI * (harmonic * index) as f64 / GRID as f64;
        let part = |f: fn(f64) -> f64| -> f64 {
            values.iter().enumerate().map(|(index, value)| value * f(angle(index))).sum::<f64>() * 2.0 / GRID as f64
        };
        // Angles count from the start of the period, as in ngspice.
        let (sine, cosine) = (part(f64::sin), part(f64::cos));
        result.push((sine.hypot(cosine), cosine.atan2(sine).to_degrees()));
    }
    Ok(result)
}

impl Spectrum {
    /// Total harmonic distortion, %.
    pub fn distortion(&self) -> f64 {
        let fundamental = self.harmonics.get(1).map_or(f64::NAN, |harmonic| harmonic.0);
        let sum: f64 = self.harmonics.iter().skip(2).map(|(amplitude, _)| (amplitude / fundamental).powi(2)).sum();
        100.0 * sum.sqrt()
    }

    /// The table that ngspice prints.
    pub fn table(&self) -> String {
        let mut text = format!(
            "Fourier analysis for {}:\n  No. Harmonics: {HARMONICS}, THD: {} %, Gridsize: {GRID}, Interpolation Degree: 1\n\n",
            self.vector,
            general(self.distortion())
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

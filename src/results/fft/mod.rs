//! `.fft`: the discrete Fourier transform of a part of a transient, as HSPICE and Xyce have it.
//!
//! ```text
//! y_i at start + i·(stop − start)/np,  w_i the window,  X_k = 1/np·Σ w_i·y_i·e^(−2πj·ik/np), twice that for k > 0
//! THD  √(Σ harmonics²)/|X_f0|                        SNDR |X_f0|/√(Σ all others²), without the mean
//! SNR  |X_f0|/√(Σ what is no harmonic²)              ENOB (SNDR − 1.76 dB)/6.02 dB
//! SFDR |X_f0|/largest other within fmin … fmax
//! ```
//! f0 is `freq`, the multiple of 1/(stop − start) next to it, or the first. Harmonics beyond `fmax` count as noise.
//! Sources: HSPICE User Guide: Simulation and Analysis, "Spectrum analysis"; Xyce Reference Guide, section on `.FFT`.

mod card;
mod metrics;
pub mod window;

pub use card::{FftCard, parse};
pub use metrics::{Band, Metric};
pub use window::Window;

use std::fmt::Write as _;

use faer::c64;
use realfft::RealFftPlanner;

use super::plot::Plot;
use super::plot_selector::{AnalysisName, choose};
use super::reduction::resample;
use super::scope::Scope;
use super::series;
use crate::circuit::Circuit;
use crate::diagnostic::Diagnostic;

/// The transform of one vector.
#[derive(Debug, Clone, PartialEq)]
pub struct Transform {
    /// As on the card.
    pub vector: String,
    pub window: Window,
    pub start: f64,
    pub stop: f64,
    /// Mean, then amplitude and phase (of a cosine from `start` on) at 1, 2, … times the resolution.
    pub bins: Vec<c64>,
    /// Number of the bin that counts as the first harmonic.
    pub fundamental: usize,
    /// What the card says about the bins that count.
    pub band: Band,
    /// Amplitudes are shown relative to the largest.
    pub normalised: bool,
}

/// The transforms that `card` asks for, from the last transient of `plots`.
///
/// # Errors
/// There is no transient, no such vector, or the interval does not lie within the transient.
pub fn evaluate(card: &FftCard, circuit: &Circuit, plots: &[Plot]) -> Result<Vec<Transform>, Diagnostic> {
    let of_plot = |plot| {
        let scope = Scope::new(plot, circuit, &[]);
        let number = |operand: &Option<super::card_text::Operand>| {
            let value = |operand: &super::card_text::Operand| series::number(&operand.expression, &scope, operand.span);
            operand.as_ref().map(value).transpose()
        };
        let (start, stop, shape) = (number(&card.start)?, number(&card.stop)?, number(&card.shape)?);
        let frequency = number(&card.frequency)?;
        let band = Band { least: number(&card.least)?, most: number(&card.most)?, ..Band::default() };
        let one = |vector: &super::card_text::Operand| {
            let (x, y) = series::curve(&vector.expression, &scope, vector.span)?;
            let settings = card::Settings { start, stop, shape: shape.unwrap_or(3.0), ..card.settings(circuit) };
            let made = transform(&x, &y, &settings).map_err(|reason| Diagnostic::error(reason).at(vector.span))?;
            let resolution = 1.0 / (made.stop - made.start);
            let nearest = frequency.map_or(1.0, |frequency| (frequency / resolution).round());
            let fundamental = nearest.clamp(1.0, (made.bins.len() - 1) as f64) as usize;
            Ok(Transform {
                vector: vector.text.clone(),
                fundamental,
                band,
                normalised: card.normalised.unwrap_or(!circuit.options.periodic_windows),
                ..made
            })
        };
        card.vectors.iter().map(one).collect()
    };
    choose(plots, Some(AnalysisName::Transient), of_plot).map(|(_, transforms)| transforms)
}

fn transform(x: &[f64], y: &[f64], settings: &card::Settings) -> Result<Transform, String> {
    let (Some(&first), Some(&last)) = (x.first(), x.last()) else { return Err("there are no points".into()) };
    let (start, stop) = (settings.start.unwrap_or(first).max(first), settings.stop.unwrap_or(last).min(last));
    if start.is_nan() || stop.is_nan() || start >= stop {
        return Err(format!("the interval from {start:e} to {stop:e} is empty"));
    }
    let count = settings.points;
    let times: Vec<f64> = (0..count).map(|index| start + (stop - start) * index as f64 / count as f64).collect();
    let mut samples = resample(x, y, &times);
    let weights = settings.window.weights(count, settings.shape, settings.periodic);
    samples.iter_mut().zip(weights).for_each(|(sample, weight)| *sample *= weight);
    let plan = RealFftPlanner::<f64>::new().plan_fft_forward(count);
    let mut spectrum = plan.make_output_vec();
    plan.process(&mut samples, &mut spectrum).map_err(|error| error.to_string())?;
    let scaled = |(index, value): (usize, &realfft::num_complex::Complex<f64>)| {
        let factor = if index == 0 { 1.0 } else { 2.0 } / count as f64;
        c64::new(value.re * factor, value.im * factor)
    };
    let bins = spectrum.iter().enumerate().map(scaled).collect();
    let (window, band) = (settings.window, Band::default());
    Ok(Transform { vector: String::new(), window, start, stop, bins, fundamental: 1, band, normalised: false })
}

/// The least amplitude in dB.
const FLOOR: f64 = -200.0;

fn decibels(ratio: f64) -> f64 {
    if ratio > 0.0 { (20.0 * ratio.log10()).max(FLOOR) } else { FLOOR }
}

impl Transform {
    /// Distance of the bins, Hz.
    pub fn resolution(&self) -> f64 {
        1.0 / (self.stop - self.start)
    }

    pub fn amplitude(&self, bin: usize) -> f64 {
        self.bins.get(bin).map_or(0.0, |value| value.re.hypot(value.im))
    }

    /// The bin next to `frequency` in hertz; `None` outside of the spectrum.
    pub fn bin(&self, frequency: f64) -> Option<usize> {
        let bin = (frequency / self.resolution()).round();
        (0.0..self.bins.len() as f64).contains(&bin).then_some(bin as usize)
    }

    /// A table of metrics and of the largest bins, in the layout of Xyce.
    pub fn table(&self) -> String {
        let resolution = self.resolution();
        let (least, most) = self.limits(&self.band);
        let mut text = format!("FFT analysis for {}:\n  Window: {}, ", self.vector, self.window.title());
        let _ = writeln!(text, "Start Time: {:.6e}, Stop Time: {:.6e}", self.start, self.stop);
        let at = |bin: usize| bin as f64 * resolution;
        let _ = writeln!(
            text,
            "  First Harmonic: {:.6e}, Start Freq: {:.6e}, Stop Freq: {:.6e}\n",
            at(self.fundamental),
            at(least),
            at(most)
        );
        let metric = |metric| self.metric(metric, &self.band);
        let distortion = metric(Metric::Distortion);
        let _ = writeln!(text, "      THD = {distortion:.6e} dB ( {:.6e} )", 10f64.powf(distortion / 20.0));
        let _ = writeln!(text, "     SNDR = {:.6e} dB", metric(Metric::NoiseAndDistortion));
        let _ = writeln!(text, "     ENOB = {:.6e} bit", metric(Metric::Bits));
        let _ = writeln!(text, "      SNR = {:.6e} dB", metric(Metric::Noise));
        let _ = write!(text, "     SFDR = {:.6e} dB", metric(Metric::FreeRange));
        match self.largest_spur(&self.band) {
            Some(bin) => _ = writeln!(text, " at frequency {:.6e}\n", at(bin)),
            None => text.push_str("\n\n"),
        }
        let largest = (0..self.bins.len()).map(|bin| self.amplitude(bin)).fold(0.0, f64::max);
        let scale = if self.normalised && largest > 0.0 { largest } else { 1.0 };
        let _ =
            writeln!(text, "{:>12} {:>14} {:>14} {:>14} {:>10}", "Frequency", "Magnitude", "dB", "Phase", "Harmonic");
        for (bin, value) in self.bins.iter().enumerate() {
            let amplitude = self.amplitude(bin) / scale;
            let phase = if amplitude > 0.0 { value.im.atan2(value.re).to_degrees() } else { 0.0 };
            let harmonic =
                if bin.is_multiple_of(self.fundamental) { (bin / self.fundamental).to_string() } else { "-".into() };
            let db = decibels(amplitude);
            let _ = writeln!(text, "{:>12.5e} {amplitude:>14.6e} {db:>14.5} {phase:>14.5} {harmonic:>10}", at(bin));
        }
        text
    }
}

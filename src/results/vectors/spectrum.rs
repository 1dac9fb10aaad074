//! Spectra of vectors over time, as ngspice's commands `fft` and `spec` have them.
//!
//! ```text
//! fft:   X_k = 2/N·Σ w_i·y_i·e^(−2πj·ik/N)             N the next power of two, filled with zeros; frequency k·n/(N·T)
//! spec:  X(f) = 2/(n − 1)·Σ_{i>0} w_i·y_i·e^(+2πj·f·t_i)
//! u = (t − t_last)/T                                    T the span of the n times
//! none 1            triangle 2 − |2 + 4u|               gaussian 0.83·order·exp(−½·(order·(2t/t_last − 1))²)
//! hanning 1 − cos 2πu                                   hamming 1 − 0.92/1.08·cos 2πu
//! blackman 1 − 0.5/0.42·cos 2πu + 0.08/0.42·cos 4πu
//! flattop 1 − 1.93·cos 2πu + 1.29·cos 4πu − 0.388·cos 6πu + 0.032·cos 8πu
//! ```
//! Source: ngspice-39 manual, sections 17.5.27 and 17.5.79; scales, signs and the filling with zeros are what ngspice 39 (Debian)
//! is measured to do.

use std::f64::consts::TAU;

use faer::c64;
use realfft::RealFftPlanner;

/// A window of unit mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpectrumWindow {
    None,
    Triangle,
    Hanning,
    Hamming,
    Blackman,
    FlatTop,
    Gaussian,
}

/// Names as `set specwindow=name` has them, the usual one first.
pub const SPECTRUM_WINDOWS: &[(&[&str], SpectrumWindow)] = &[
    (&["none", "rectangular"], SpectrumWindow::None),
    (&["triangle", "bartlet", "bartlett"], SpectrumWindow::Triangle),
    (&["hanning", "hann", "cosine"], SpectrumWindow::Hanning),
    (&["hamming"], SpectrumWindow::Hamming),
    (&["blackman"], SpectrumWindow::Blackman),
    (&["flattop"], SpectrumWindow::FlatTop),
    (&["gaussian"], SpectrumWindow::Gaussian),
];

impl SpectrumWindow {
    pub fn named(word: &str) -> Option<Self> {
        SPECTRUM_WINDOWS.iter().find(|(names, _)| names.contains(&word)).map(|(_, window)| *window)
    }

    /// Weights at `times`, which end at the last and span all of them; `order` is that of the Gaussian.
    pub fn weights(self, times: &[f64], order: f64) -> Vec<f64> {
        let (Some(&first), Some(&last)) = (times.first(), times.last()) else { return Vec::new() };
        times.iter().map(|&time| self.weight((time - last) / (last - first), time / last, order)).collect()
    }

    fn weight(self, u: f64, part: f64, order: f64) -> f64 {
        let cosines = |coefficients: &[f64]| -> f64 {
            let term = |(order, c): (usize, &f64)| c * (TAU * (order + 1) as f64 * u).cos();
            1.0 + coefficients.iter().enumerate().map(term).sum::<f64>()
        };
        match self {
            SpectrumWindow::None => 1.0,
            SpectrumWindow::Triangle => 2.0 - (2.0 + 4.0 * u).abs(),
            SpectrumWindow::Hanning => cosines(&[-1.0]),
            SpectrumWindow::Hamming => cosines(&[-0.92 / 1.08]),
            SpectrumWindow::Blackman => cosines(&[-0.5 / 0.42, 0.08 / 0.42]),
            SpectrumWindow::FlatTop => cosines(&[-1.93, 1.29, -0.388, 0.032]),
            SpectrumWindow::Gaussian => 0.83 * order * (-0.5 * (order * (2.0 * part - 1.0)).powi(2)).exp(),
        }
    }
}

/// Frequencies in hertz, and the transform of each of `vectors`, whose values are at equally spaced `times` and are multiplied
/// by `weights`.
///
/// # Errors
/// There are less than two times.
pub fn transforms(times: &[f64], vectors: &[Vec<f64>], weights: &[f64]) -> Result<(Vec<f64>, Vec<Vec<c64>>), String> {
    let [first, .., last] = times else { return Err("there are less than two points".into()) };
    let filled = times.len().next_power_of_two();
    let resolution = times.len() as f64 / (filled as f64 * (last - first));
    let frequencies = (0..=filled / 2).map(|bin| bin as f64 * resolution).collect();
    let plan = RealFftPlanner::<f64>::new().plan_fft_forward(filled);
    let transform = |values: &Vec<f64>| {
        let mut samples: Vec<f64> = values.iter().zip(weights).map(|(value, weight)| value * weight).collect();
        samples.resize(filled, 0.0);
        let mut spectrum = plan.make_output_vec();
        plan.process(&mut samples, &mut spectrum).map_err(|error| error.to_string())?;
        let scale = 2.0 / filled as f64;
        Ok(spectrum.iter().map(|value| c64::new(value.re * scale, value.im * scale)).collect())
    };
    let transformed = vectors.iter().map(transform).collect::<Result<_, String>>()?;
    Ok((frequencies, transformed))
}

/// The component of `values` at `frequency` in hertz.
pub fn component(times: &[f64], values: &[f64], weights: &[f64], frequency: f64) -> c64 {
    let scale = 2.0 / (times.len() as f64 - 1.0);
    let terms = times.iter().zip(values).zip(weights).skip(1);
    let (re, im) = terms.fold((0.0, 0.0), |(re, im), ((time, value), weight)| {
        let (sine, cosine) = (TAU * frequency * time).sin_cos();
        (re + value * weight * cosine, im + value * weight * sine)
    });
    c64::new(scale * re, scale * im)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_have_unit_mean() {
        let times: Vec<f64> = (0..=4000).map(|index| f64::from(index) * 1e-3).collect();
        for &(names, window) in SPECTRUM_WINDOWS {
            let weights = window.weights(&times, 2.0);
            let mean = weights.iter().take(4000).sum::<f64>() / 4000.0;
            // The Gaussian is cut off at two standard deviations.
            let off = if window == SpectrumWindow::Gaussian { 8e-3 } else { 1e-9 };
            assert!((mean - 1.0).abs() < off, "{names:?}: {mean}");
        }
    }

    #[test]
    fn a_sine_has_its_amplitude_at_its_frequency() {
        let times: Vec<f64> = (0..1024).map(|index| f64::from(index) / 1024.0).collect();
        let values: Vec<f64> = times.iter().map(|time| 0.5 + 3.0 * (TAU * 16.0 * time).sin()).collect();
        let weights = SpectrumWindow::None.weights(&times, 2.0);
        let (frequencies, spectra) = transforms(&times, &[values], &weights).unwrap();
        assert_eq!(frequencies.len(), 513);
        assert!((spectra[0][16].im + 3.0).abs() < 1e-12 && spectra[0][16].re.abs() < 1e-12);
        assert!((spectra[0][0].re - 1.0).abs() < 1e-12, "the mean counts twice");
    }
}

//! Windows of discrete Fourier transforms.
//!
//! ```text
//! rect 1                                  bart 1 − |2u − 1|
//! hann ½ − ½·cos 2πu                      hamm 0.54 − 0.46·cos 2πu
//! black 0.42323 − 0.49755·cos 2πu + 0.07922·cos 4πu                            (67 dB)
//! harris 0.35875 − 0.48829·cos 2πu + 0.14128·cos 4πu − 0.01168·cos 6πu        (92 dB)
//! gauss exp(−½·(alfa·(2u − 1))²)          kaiser I0(π·alfa·√(1 − (2u − 1)²))/I0(π·alfa)
//! ```
//! u runs from 0 at the first point to 1 at the last one (`fft_mode=0`), or to 1 one point later (`fft_mode=1`, periodic windows).
//! Source: Harris, Proc. IEEE 66, 51 (1978); HSPICE User Guide: Simulation and Analysis, "Spectrum analysis".

use std::f64::consts::TAU;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    Rectangular,
    Bartlett,
    Hann,
    Hamming,
    Blackman,
    BlackmanHarris,
    Gaussian,
    KaiserBessel,
}

/// Names on cards, the usual one first; the name in tables; and the weight at u of 0 … 1.
pub const WINDOWS: &[(&[&str], Window, &str, &str)] = &[
    (&["rect", "rectangular"], Window::Rectangular, "RECT", "None: 1"),
    (&["bart", "bartlett"], Window::Bartlett, "BART", "1 − |2u − 1|"),
    (&["hann", "hanning"], Window::Hann, "HANN", "½ − ½·cos 2πu"),
    (&["hamm", "hamming"], Window::Hamming, "HAMM", "0.54 − 0.46·cos 2πu"),
    (&["black", "blackman"], Window::Blackman, "BLACK", "0.42323 − 0.49755·cos 2πu + 0.07922·cos 4πu"),
    (&["harris"], Window::BlackmanHarris, "HARRIS", "0.35875 − 0.48829·cos 2πu + 0.14128·cos 4πu − 0.01168·cos 6πu"),
    (&["gauss"], Window::Gaussian, "GAUSS", "exp(−½·(alfa·(2u − 1))²)"),
    (&["kaiser"], Window::KaiserBessel, "KAISER", "I0(π·alfa·√(1 − (2u − 1)²))/I0(π·alfa)"),
];

impl Window {
    pub fn named(word: &str) -> Option<Self> {
        WINDOWS.iter().find(|(names, ..)| names.contains(&word)).map(|(_, window, ..)| *window)
    }

    pub fn title(self) -> &'static str {
        WINDOWS.iter().find(|(_, window, ..)| *window == self).map_or("", |(_, _, title, _)| title)
    }

    /// Weights of `count` points.
    pub fn weights(self, count: usize, shape: f64, periodic: bool) -> Vec<f64> {
        let last = if periodic { count } else { count.saturating_sub(1).max(1) } as f64;
        (0..count).map(|index| self.weight(index as f64 / last, shape)).collect()
    }

    fn weight(self, u: f64, shape: f64) -> f64 {
        let cosines = |coefficients: &[f64]| -> f64 {
            coefficients.iter().enumerate().map(|(order, c)| c * (TAU * order as f64 * u).cos()).sum()
        };
        let centred = 2.0 * u - 1.0;
        match self {
            Window::Rectangular => 1.0,
            Window::Bartlett => 1.0 - centred.abs(),
            Window::Hann => cosines(&[0.5, -0.5]),
            Window::Hamming => cosines(&[0.54, -0.46]),
            Window::Blackman => cosines(&[0.42323, -0.49755, 0.07922]),
            Window::BlackmanHarris => cosines(&[0.35875, -0.48829, 0.14128, -0.01168]),
            Window::Gaussian => (-0.5 * (shape * centred).powi(2)).exp(),
            Window::KaiserBessel => {
                let beta = std::f64::consts::PI * shape;
                bessel(beta * (1.0 - centred * centred).max(0.0).sqrt()) / bessel(beta)
            }
        }
    }
}

/// The modified Bessel function I0, by its power series.
fn bessel(x: f64) -> f64 {
    let (mut sum, mut term, mut order) = (1.0, 1.0, 0.0);
    while term > sum * f64::EPSILON {
        order += 1.0;
        term *= (0.5 * x / order).powi(2);
        sum += term;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bessel_function_of_order_zero() {
        // Abramowitz and Stegun, table 9.8.
        assert!((bessel(1.0) - 1.266_065_877_752_008).abs() < 1e-14);
        assert!((bessel(5.0) - 27.239_871_823_604_44).abs() < 1e-12);
    }

    #[test]
    fn windows_are_symmetric_and_at_most_one() {
        for &(_, window, ..) in WINDOWS {
            let weights = window.weights(17, 3.0, false);
            for (index, weight) in weights.iter().enumerate() {
                assert!((weight - weights[16 - index]).abs() < 1e-12, "{window:?}");
            }
            assert!(weights.iter().all(|&weight| weight <= 1.0 + 1e-12));
            assert!((weights[8] - 1.0).abs() < 1e-4, "{window:?}: {}", weights[8]);
        }
    }
}

//! Noise of devices: current sources between two of their unknowns, with a white part and one that falls with frequency.
//!
//! ```text
//! S(f) = white + flicker/f^exponent      in A²/Hz, one-sided
//! thermal: white = 4·k·T·G               shot: white = 2·q·|I|
//! flicker: kf·|I|^af at 1 Hz
//! ```
//! Sources: Johnson, Phys. Rev. 32, 97 (1928); Schottky, Ann. Phys. 362, 541 (1918); ngspice-39 manual, chapters on the devices.

use super::constants::{CHARGE, K_OVER_Q};

/// One noise current of a device at an operating point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NoiseSource {
    /// As ngspice names it: `thermal`, `id`, `1overf`, `rb`, …; empty if the device has this one only.
    pub name: &'static str,
    /// Local indices of the two unknowns between which the current flows.
    pub between: [usize; 2],
    /// Spectral density that is the same at all frequencies, A²/Hz.
    pub white: f64,
    /// Spectral density at 1 Hz of what falls with frequency, A²/Hz.
    pub flicker: f64,
    /// Power of the frequency with which it falls.
    pub exponent: f64,
}

impl NoiseSource {
    /// Thermal noise of a conductance in S at a temperature in K.
    pub fn thermal(name: &'static str, between: [usize; 2], conductance: f64, temperature: f64) -> Self {
        let white = 4.0 * K_OVER_Q * CHARGE * temperature * conductance.abs();
        NoiseSource { name, between, white, flicker: 0.0, exponent: 1.0 }
    }

    /// Shot noise of a current in A.
    pub fn shot(name: &'static str, between: [usize; 2], current: f64) -> Self {
        NoiseSource { name, between, white: 2.0 * CHARGE * current.abs(), flicker: 0.0, exponent: 1.0 }
    }

    /// Noise of spectral density `flicker`/f in A²/Hz.
    pub fn flicker(between: [usize; 2], flicker: f64) -> Self {
        NoiseSource { name: "1overf", between, white: 0.0, flicker, exponent: 1.0 }
    }

    /// Spectral density in A²/Hz at `frequency` in hertz.
    pub fn density(&self, frequency: f64) -> f64 {
        self.white + if self.flicker == 0.0 { 0.0 } else { self.flicker / frequency.powf(self.exponent) }
    }
}

/// kf·|I|^af, with which the flicker noise of most devices begins; 0 without a coefficient or a current.
pub fn flicker_of_current(coefficient: f64, current: f64, exponent: f64) -> f64 {
    if coefficient == 0.0 || current == 0.0 { 0.0 } else { coefficient * current.abs().powf(exponent) }
}

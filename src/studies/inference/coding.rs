//! From activations to what the word lines get.

use faer::{Mat, MatRef};

use super::study::{Coding, Input};

/// How the activations of one layer are coded.
#[derive(Debug, Clone, PartialEq)]
pub struct Coder {
    pub coding: Coding,
    /// Largest word-line voltage, V.
    pub read_voltage: f64,
    /// Activation at the largest voltage.
    pub full_scale: f64,
    bits: u32,
}

impl Coder {
    pub fn new(input: &Input, full_scale: f64) -> Coder {
        Coder { coding: input.coding, read_voltage: input.read_voltage, full_scale, bits: input.bits }
    }

    /// The same for voltages proportional to activations.
    pub fn plain(input: &Input, full_scale: f64) -> Coder {
        Coder { coding: Coding::Amplitude, ..Coder::new(input, full_scale) }
    }

    /// Activations in fractions of the full scale, from 0 to 1, and how many were beyond.
    pub fn shares(&self, activations: MatRef<'_, f64>) -> (Mat<f64>, usize) {
        let mut beyond = 0;
        let shares = Mat::from_fn(activations.nrows(), activations.ncols(), |row, column| {
            let share = activations[(row, column)] / self.full_scale;
            beyond += usize::from(share > 1.0);
            self.rounded(share.clamp(0.0, 1.0))
        });
        (shares, beyond)
    }

    /// Largest code of an activation.
    pub fn largest_code(&self) -> u32 {
        (1 << self.bits) - 1
    }

    /// Reads of an inference, with their weights: bit-serial coding has one for each bit.
    pub fn reads(&self) -> u32 {
        if self.coding == Coding::BitSerial { self.bits } else { 1 }
    }

    fn rounded(&self, share: f64) -> f64 {
        if self.coding != Coding::BitSerial {
            return share;
        }
        let largest = f64::from(self.largest_code());
        (share * largest).round() / largest
    }

    /// The bits of a rounded share, lowest first.
    pub fn bits_of(&self, share: f64) -> impl Iterator<Item = bool> {
        let code = (share * f64::from(self.largest_code())).round() as u32;
        (0..self.bits).map(move |bit| code >> bit & 1 == 1)
    }
}

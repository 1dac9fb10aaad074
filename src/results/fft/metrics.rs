//! What a spectrum says about the purity of its first harmonic.

use super::{FLOOR, Transform, decibels};

/// A number about a spectrum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Metric {
    /// THD, dB
    Distortion,
    /// SNDR, dB
    NoiseAndDistortion,
    /// SNR, dB
    Noise,
    /// ENOB
    Bits,
    /// SFDR, dB
    FreeRange,
}

/// The bins that count.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Band {
    /// Hz
    pub least: Option<f64>,
    pub most: Option<f64>,
    /// The last harmonic.
    pub harmonics: Option<usize>,
    /// Bins to either side of the first harmonic that belong to it.
    pub width: usize,
}

impl Transform {
    /// First and last bin of `band`: from the first harmonic to the last bin, or from the resolution where the band ends below the
    /// first harmonic.
    pub(super) fn limits(&self, band: &Band) -> (usize, usize) {
        let bin = |frequency: f64| (frequency / self.resolution()).round().clamp(1.0, self.last() as f64) as usize;
        let most = band.most.filter(|&most| most > 0.0).map_or(self.last(), bin);
        let usual = if most < self.fundamental { 1 } else { self.fundamental };
        let least = band.least.map_or(usual, bin);
        if least > most { (usual, self.last()) } else { (least, most) }
    }

    fn last(&self) -> usize {
        self.bins.len() - 1
    }

    fn is_fundamental(&self, bin: usize, band: &Band) -> bool {
        bin.abs_diff(self.fundamental) <= band.width
    }

    /// √Σ amplitude² of the bins that `counts`.
    fn together(&self, counts: impl Fn(usize) -> bool) -> f64 {
        let bins = (1..self.bins.len()).filter(|&bin| counts(bin));
        bins.map(|bin| self.amplitude(bin).powi(2)).sum::<f64>().sqrt()
    }

    fn harmonic_limit(&self, band: &Band) -> usize {
        let most = match (band.harmonics, band.most) {
            (Some(count), _) if count > 0 => count * self.fundamental,
            (_, Some(most)) if most > 0.0 => self.limits(band).1,
            _ => self.last(),
        };
        most.min(self.last())
    }

    /// The value of `metric` over `band`.
    pub fn metric(&self, metric: Metric, band: &Band) -> f64 {
        let fundamental = self.together(|bin| self.is_fundamental(bin, band));
        let limit = self.harmonic_limit(band);
        let is_harmonic = |bin: usize| bin.is_multiple_of(self.fundamental) && bin <= limit;
        // What is rounding beside the first harmonic is nothing.
        let ratio = |part: f64| {
            let floor = 10f64.powf(FLOOR / 20.0);
            if part <= floor * fundamental { floor } else { part / fundamental }
        };
        match metric {
            Metric::Distortion => decibels(ratio(
                self.together(|bin| bin > self.fundamental && is_harmonic(bin) && !self.is_fundamental(bin, band)),
            )),
            Metric::NoiseAndDistortion => -decibels(ratio(self.together(|bin| !self.is_fundamental(bin, band)))),
            Metric::Noise => {
                -decibels(ratio(self.together(|bin| !is_harmonic(bin) && !self.is_fundamental(bin, band))))
            }
            Metric::Bits => (self.metric(Metric::NoiseAndDistortion, band) - 1.76) / 6.02,
            Metric::FreeRange => {
                let spur = self.largest_spur(band).map_or(0.0, |bin| self.amplitude(bin));
                let line = self.amplitude(self.fundamental);
                if spur <= 10f64.powf(FLOOR / 20.0) * line { -FLOOR } else { -decibels(spur / line) }
            }
        }
    }

    /// The largest bin of the band that is not the first harmonic.
    pub(super) fn largest_spur(&self, band: &Band) -> Option<usize> {
        let (least, most) = self.limits(band);
        let bins = (least..=most).filter(|&bin| !self.is_fundamental(bin, band));
        bins.max_by(|&a, &b| self.amplitude(a).total_cmp(&self.amplitude(b)))
    }
}

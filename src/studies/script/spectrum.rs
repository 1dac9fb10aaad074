//! `fft`, `psd`, `spec` and `fourier`: spectra of vectors of a transient analysis.

use faer::c64;

use super::commands::Call;
use super::session::{Outcome, Session};
use crate::circuit::options::FourierSettings;
use crate::results::fourier::{self, Spectrum};
use crate::results::plot::VectorKind;
use crate::results::print_table::scientific;
use crate::results::value::Samples;
use crate::results::vectors::spectrum::{SPECTRUM_WINDOWS, SpectrumWindow, component, transforms};
use crate::results::vectors::table::short;
use crate::results::vectors::{NamedVector, VectorPlot, VectorValue};

impl Session<'_, '_, '_> {
    /// `fft vector …`: a new plot over frequency.
    pub fn transform(&mut self, call: &Call) -> Outcome {
        let times = self.times()?;
        let values = self.over_times(&call.text, times.len())?;
        let weights = self.spectrum_weights(&times)?;
        if !is_equidistant(&times) {
            let message = "the times are not equally spaced: the spectrum is right after `linearize` only";
            self.warn(call.line.span, message.into());
        }
        let reals: Vec<Vec<f64>> = values.iter().map(VectorValue::real).collect();
        let (frequencies, spectra) = transforms(&times, &reals, &weights)?;
        let (span, count, bins) = (times[times.len() - 1] - times[0], times.len(), frequencies.len());
        let zeros = 2 * (bins - 1) - count;
        let text = format!("FFT: Time span: {} s, input length: {count}, zero padding: {zeros}\n", short(span));
        self.say(&format!("{text}FFT: Frequency resolution: {} Hz, output length: {bins}\n\n", short(1.0 / span)));
        let vectors = spectra.into_iter().map(Samples::Complex).collect();
        self.add_spectrum("Spectrum", frequencies, &values, vectors, VectorKind::Other);
        Ok(())
    }

    /// `psd points vector …`: power densities, each the mean over as many frequencies.
    pub fn power_density(&mut self, call: &Call) -> Outcome {
        let (first, rest) = call.text.trim().split_once(char::is_whitespace).unwrap_or((&call.text, ""));
        let width =
            self.value(first)?.first().filter(|width| *width >= 1.0).ok_or("expected a number from 1")? as usize;
        let times = self.times()?;
        let values = self.over_times(rest, times.len())?;
        let weights = self.spectrum_weights(&times)?;
        let reals: Vec<Vec<f64>> = values.iter().map(VectorValue::real).collect();
        let (frequencies, spectra) = transforms(&times, &reals, &weights)?;
        let (bins, span) = (frequencies.len(), times[times.len() - 1] - times[0]);
        let zeros = 2 * (bins - 1) - times.len();
        self.say(&format!("PSD: Time span: {} s, input length: {}, zero padding: {zeros}\n", short(span), times.len()));
        self.say(&format!("PSD: Frequency resolution: {} Hz, output length: {bins}\n", short(1.0 / span)));
        let mut vectors = Vec::new();
        for spectrum in spectra {
            let mut powers: Vec<f64> = spectrum.iter().map(|value| 0.5 * value.norm_sqr()).collect();
            powers[0] *= 0.5;
            powers[bins - 1] *= 0.5;
            let total: f64 = powers.iter().sum();
            let nyquist = scientific(frequencies[bins - 1], 3);
            let power = scientific(total, 6);
            self.say(&format!("Total noise power up to Nyquist frequency {nyquist} Hz: {power} V^2 (or A^2), \n"));
            self.say(&format!("Noise voltage or current: {} V (or A)\n", scientific(total.sqrt(), 6)));
            // The width of a bin as ngspice has it.
            let per_hertz = bins as f64 / ((bins - 1) as f64 * frequencies[1]);
            let densities = smoothed(&powers, width);
            vectors.push(Samples::Complex(densities.iter().map(|power| c64::new(power * per_hertz, 0.0)).collect()));
        }
        self.add_spectrum("PSD", frequencies, &values, vectors, VectorKind::Other);
        Ok(())
    }

    /// `spec first last step vector …`: components at frequencies of one's choice.
    pub fn spectrum_at(&mut self, call: &Call) -> Outcome {
        let words = call.words();
        let numbers: Vec<f64> =
            words.iter().take(3).filter_map(|word| crate::netlist::number::parse_number(word)).collect();
        let [first, last, step] = numbers[..] else { return Err("expected `spec first last step vector …`".into()) };
        let count = (last - first) / step;
        if !(step > 0.0 && first >= 0.0 && count >= 0.0 && count < self.deck.limits.values as f64) {
            return Err(format!("from {first:e} to {last:e} Hz there are no steps of {step:e} Hz").into());
        }
        let times = self.times()?;
        let most = 0.5 * times.len() as f64 / (times[times.len() - 1] - times[0]);
        if last > most {
            return Err(format!("the distance of the times limits frequencies to {most:e} Hz").into());
        }
        let text = words[3..].join(" ");
        let values = self.over_times(&text, times.len())?;
        let weights = self.spectrum_weights(&times)?;
        let frequencies: Vec<f64> = (0..=(count + 1e-9) as usize).map(|index| first + index as f64 * step).collect();
        let at = |value: &VectorValue| {
            let real = value.real();
            Samples::Complex(frequencies.iter().map(|&at| component(&times, &real, &weights, at)).collect())
        };
        let vectors = values.iter().map(at).collect();
        let kind = values.first().map_or(VectorKind::Other, |value| value.kind);
        self.add_spectrum("Spectrum", frequencies.clone(), &values, vectors, kind);
        Ok(())
    }

    /// `fourier fundamental vector …`: the table of `.four`, and a vector of frequencies, amplitudes and phases for each.
    pub fn fourier(&mut self, call: &Call) -> Outcome {
        let (first, rest) = call.text.trim().split_once(char::is_whitespace).unwrap_or((&call.text, ""));
        let fundamental = self.value(first)?.first().ok_or("expected a frequency")?;
        let times = self.times()?;
        let values = self.over_times(rest, times.len())?;
        let number = |name: &str, default: usize| {
            self.variables.number(name).map_or(default, |value| value.clamp(0.0, 1e5) as usize)
        };
        let usual = FourierSettings::default();
        let settings = FourierSettings {
            harmonics: number("nfreqs", usual.harmonics).max(2),
            grid: number("fourgridsize", usual.grid).max(2),
            degree: number("polydegree", usual.degree),
        };
        self.fouriers += 1;
        for (index, value) in values.iter().enumerate() {
            let harmonics = fourier::harmonics(&times, &value.real(), fundamental, settings)?;
            let spectrum = Spectrum { vector: value.name.clone(), fundamental, harmonics, settings };
            self.say(&format!("{}\n", spectrum.table()));
            let frequencies = (0..spectrum.harmonics.len()).map(|number| fundamental * number as f64);
            let amplitudes = spectrum.harmonics.iter().map(|harmonic| harmonic.0);
            let phases = spectrum.harmonics.iter().map(|harmonic| harmonic.1);
            let samples = Samples::Real(frequencies.chain(amplitudes).chain(phases).collect());
            let name = format!("fourier{}{}", self.fouriers, index + 1);
            self.store.current_mut().set(NamedVector { name, kind: VectorKind::Other, samples, hidden: false });
        }
        Ok(())
    }

    /// The scale of the current plot, which must be times.
    fn times(&self) -> Outcome<Vec<f64>> {
        let scale = self.store.current().scale_vector().filter(|scale| scale.kind == VectorKind::Time);
        match scale.map(|scale| &scale.samples) {
            Some(Samples::Real(times)) if times.len() > 1 => Ok(times.clone()),
            _ => Err("the current plot is not one of a transient analysis".into()),
        }
    }

    /// The vectors that `text` names, which have a value at each of `count` times.
    fn over_times(&self, text: &str, count: usize) -> Outcome<Vec<VectorValue>> {
        let mut problems = Vec::new();
        let mut values = self.values(text, &mut problems)?;
        if let Some(problem) = problems.into_iter().next() {
            return Err(problem.into());
        }
        values.retain(|value| value.kind != VectorKind::Time && value.len() == count);
        if values.is_empty() {
            return Err("expected vectors with a value at every time".into());
        }
        Ok(values)
    }

    /// Weights of the window of `set specwindow` (Hann's) and `set specwindoworder` (2).
    fn spectrum_weights(&self, times: &[f64]) -> Outcome<Vec<f64>> {
        let name = self.variables.text("specwindow").unwrap_or("hanning").to_lowercase();
        let Some(window) = SpectrumWindow::named(&name) else {
            let names: Vec<&str> = SPECTRUM_WINDOWS.iter().map(|(names, _)| names[0]).collect();
            return Err(format!("there is no window `{name}`: {}", names.join(", ")).into());
        };
        let order = self.variables.number("specwindoworder").unwrap_or(2.0).max(2.0);
        Ok(window.weights(times, order))
    }

    fn add_spectrum(
        &mut self,
        name: &str,
        frequencies: Vec<f64>,
        of: &[VectorValue],
        values: Vec<Samples>,
        kind: VectorKind,
    ) {
        let vector = |name: &str, kind: VectorKind, samples: Samples| NamedVector {
            name: name.to_string(),
            kind,
            samples,
            hidden: false,
        };
        let mut vectors = vec![vector("frequency", VectorKind::Frequency, Samples::Real(frequencies))];
        vectors.extend(of.iter().zip(values).map(|(value, samples)| vector(&value.name, kind, samples)));
        let (title, date) = (self.store.current().title.clone(), (self.settings.date)());
        let type_name = self.store.next_type_name("sp");
        self.store.add(VectorPlot { type_name, title, name: name.into(), date, vectors, scale: Some(0) });
    }
}

/// Means over `width` values around each; over fewer at the ends, as in ngspice.
fn smoothed(values: &[f64], width: usize) -> Vec<f64> {
    let (count, half) = (values.len(), width / 2);
    let around = |index: usize| match index {
        _ if width < 2 => index..index + 1,
        _ if index < half => 0..(index + half).min(count),
        _ if index + width - half <= count => index - half..index - half + width,
        _ => index + 1 - half..count,
    };
    let mean = |range: std::ops::Range<usize>| values[range.clone()].iter().sum::<f64>() / range.len() as f64;
    (0..count).map(|index| mean(around(index))).collect()
}

/// Whether all steps are alike to a thousandth.
fn is_equidistant(times: &[f64]) -> bool {
    let step = (times[times.len() - 1] - times[0]) / (times.len() - 1) as f64;
    times.windows(2).all(|pair| (pair[1] - pair[0] - step).abs() <= 1e-3 * step)
}

//! `.wave`: curves of a transient analysis as a sound file (LTspice).
//!
//! ```text
//! .wave "out.wav" BITS RATE V(left) [V(right) …]
//! ```
//! One channel for each curve, `RATE` samples of `BITS` bits a second from the first time point on, found between the time points by
//! straight lines. ±1 (V or A) is the largest sample; what is beyond is cut off.

use std::io::Cursor;

use hound::{SampleFormat, WavSpec, WavWriter};

use super::card_text::{CardText, Operand};
use super::plot::Plot;
use super::plot_selector::{AnalysisName, is_wanted};
use super::reduction::resample;
use super::scope::Scope;
use super::series;
use super::value::Samples;
use crate::circuit::Circuit;
use crate::circuit::constant;
use crate::diagnostic::{Diagnostic, Span};
use crate::netlist::DotCard;

/// A `.wave` card.
#[derive(Debug, Clone)]
pub struct WaveCard {
    pub file: String,
    bits: u16,
    /// Hz
    rate: u32,
    channels: Vec<Operand>,
    span: Span,
}

const EXAMPLE: &str = "for example: .wave \"out.wav\" 16 44100 v(left) v(right)";

/// Reads a `.wave` card.
///
/// # Errors
/// The card is malformed.
pub fn parse(card: &DotCard, circuit: &Circuit) -> Result<WaveCard, Diagnostic> {
    let mut text = CardText::new(card);
    let (_, place) = text.file_name().map_err(|error| error.hint(EXAMPLE))?;
    let file = circuit.sources.text(place).trim_matches('"').to_string();
    let [bits, rate] = [
        number(&mut text, "the bits of a sample: 8, 16, 24 or 32", &|bits| [8.0, 16.0, 24.0, 32.0].contains(&bits))?,
        number(&mut text, "the samples of a second", &|rate| (1.0..=f64::from(u32::MAX)).contains(&rate))?,
    ];
    let mut channels = Vec::new();
    while !text.is_at_end() {
        channels.push(text.expression()?);
        text.accept(",");
    }
    if channels.is_empty() {
        return Err(text.unexpected("a curve for each channel").hint(EXAMPLE));
    }
    Ok(WaveCard { file, bits: bits as u16, rate: rate as u32, channels, span: card.span })
}

fn number(text: &mut CardText, what: &str, allowed: &dyn Fn(f64) -> bool) -> Result<f64, Diagnostic> {
    let here = text.here();
    let no_probes = |_: &str, _: &[&str], span: Span| Err(Diagnostic::error("expected a number").at(span));
    let found = text.expression().and_then(|operand| constant::evaluate(&operand.expression, &|_| None, &no_probes));
    let wrong = || Diagnostic::error(format!("expected {what}")).at(here).hint(EXAMPLE);
    found.ok().filter(|value| allowed(*value)).ok_or_else(wrong)
}

impl WaveCard {
    /// The file's bytes, of at most `most` samples.
    ///
    /// # Errors
    /// There is no transient analysis or no such curve, or there would be more samples.
    pub fn contents(&self, circuit: &Circuit, plots: &[Plot], most: usize) -> Result<Vec<u8>, Diagnostic> {
        let plot = plots.iter().find(|plot| is_wanted(plot, Some(AnalysisName::Transient)) && plot.header.has_axis);
        let plot = plot.ok_or_else(|| Diagnostic::error("a sound is made of a transient analysis").at(self.span))?;
        let time = plot.axis();
        let (Some(&first), Some(&last)) = (time.first(), time.last()) else { return Ok(Vec::new()) };
        let count = ((last - first) * f64::from(self.rate) * (1.0 + 1e-12) + 1e-9).floor() + 1.0;
        if count * self.channels.len() as f64 > most as f64 {
            return Err(Diagnostic::error(format!("the sound would have more than {most} samples")).at(self.span));
        }
        let positions: Vec<f64> =
            (0..count as usize).map(|index| last.min(first + index as f64 / f64::from(self.rate))).collect();
        let scope = Scope::new(Some(plot), circuit, &[]);
        let mut channels = Vec::new();
        for operand in &self.channels {
            let value = series::evaluate(&operand.expression, &scope, operand.span)?;
            let Samples::Real(values) = value.samples else { continue };
            let values = if values.len() == 1 { vec![values[0]; time.len()] } else { values };
            channels.push(resample(&time, &values, &positions));
        }
        let unwritten = |error: hound::Error| Diagnostic::error(format!("no sound can be made: {error}")).at(self.span);
        self.encode(&channels).map_err(unwritten)
    }

    fn encode(&self, channels: &[Vec<f64>]) -> hound::Result<Vec<u8>> {
        let spec = WavSpec {
            channels: channels.len() as u16,
            sample_rate: self.rate,
            bits_per_sample: self.bits,
            sample_format: SampleFormat::Int,
        };
        let mut bytes = Cursor::new(Vec::new());
        let mut writer = WavWriter::new(&mut bytes, spec)?;
        let largest = 2f64.powi(i32::from(self.bits) - 1) - 1.0;
        for index in 0..channels.first().map_or(0, Vec::len) {
            for channel in channels {
                writer.write_sample((channel[index].clamp(-1.0, 1.0) * largest).round() as i32)?;
            }
        }
        writer.finalize()?;
        Ok(bytes.into_inner())
    }
}

//! The grammar of `.fft` cards.

use super::window::{WINDOWS, Window};
use crate::circuit::Circuit;
use crate::diagnostic::Diagnostic;
use crate::netlist::DotCard;
use crate::results::card_text::{CardText, Operand};

/// A `.fft` card.
#[derive(Debug, Clone)]
pub struct FftCard {
    pub vectors: Vec<Operand>,
    pub points: usize,
    pub window: Window,
    pub start: Option<Operand>,
    pub stop: Option<Operand>,
    /// `alfa` of windows that have it.
    pub shape: Option<Operand>,
    /// The first harmonic, Hz.
    pub frequency: Option<Operand>,
    pub least: Option<Operand>,
    pub most: Option<Operand>,
    /// Amplitudes are shown relative to the largest; without `format=` as is usual for the windows.
    pub normalised: Option<bool>,
}

/// How a transform is made.
#[derive(Debug, Clone, Copy)]
pub(super) struct Settings {
    pub start: Option<f64>,
    pub stop: Option<f64>,
    pub points: usize,
    pub window: Window,
    pub shape: f64,
    pub periodic: bool,
}

impl FftCard {
    pub(super) fn settings(&self, circuit: &Circuit) -> Settings {
        let periodic = circuit.options.periodic_windows;
        Settings { start: None, stop: None, points: self.points, window: self.window, shape: 3.0, periodic }
    }
}

const EXAMPLE: &str = "for example: .fft v(out) np=1024 window=hann start=1m stop=2m";

/// Most points of a transform.
const MOST: f64 = 16_777_216.0;

/// Reads a `.fft` card: vectors, then options.
///
/// # Errors
/// The card is malformed; the error points at the place.
pub fn parse(card: &DotCard) -> Result<FftCard, Diagnostic> {
    let mut text = CardText::new(card);
    let mut fft = FftCard {
        vectors: Vec::new(),
        points: 1024,
        window: Window::Rectangular,
        start: None,
        stop: None,
        shape: None,
        frequency: None,
        least: None,
        most: None,
        normalised: None,
    };
    while !text.is_at_end() {
        if !option(&mut text, &mut fft)? {
            fft.vectors.push(text.expression().map_err(|error| error.hint(EXAMPLE))?);
        }
        text.accept(",");
    }
    if fft.vectors.is_empty() {
        return Err(text.unexpected("a vector").hint(EXAMPLE));
    }
    Ok(fft)
}

fn option(text: &mut CardText, fft: &mut FftCard) -> Result<bool, Diagnostic> {
    for name in ["np", "window", "format"] {
        if text.accept_option(name) {
            word_option(text, fft, name)?;
            return Ok(true);
        }
    }
    let FftCard { start, stop, shape, frequency, least, most, .. } = fft;
    let operands: [(&[&str], &mut Option<Operand>); 6] = [
        (&["start", "from"], start),
        (&["stop", "to"], stop),
        (&["alfa", "alpha"], shape),
        (&["freq"], frequency),
        (&["fmin"], least),
        (&["fmax"], most),
    ];
    for (names, slot) in operands {
        if names.iter().any(|name| text.accept_option(name)) {
            *slot = Some(text.expression()?);
            return Ok(true);
        }
    }
    Ok(false)
}

fn word_option(text: &mut CardText, fft: &mut FftCard, name: &str) -> Result<(), Diagnostic> {
    let here = text.here();
    let word = text.peek().to_string();
    if text.word().is_none() {
        return Err(text.unexpected(&format!("a value of `{name}`")));
    }
    match name {
        "np" => {
            let points = crate::netlist::number::parse_number(&word).filter(|count| (1.0..=MOST).contains(count));
            let points = points.ok_or_else(|| {
                Diagnostic::error(format!("`{word}` is no number of points")).at(here).hint("a power of 2, from 4 on")
            })?;
            // As in HSPICE, the next power of 2.
            fft.points = (points.ceil() as usize).max(4).next_power_of_two();
        }
        "window" => {
            fft.window = Window::named(&word).ok_or_else(|| {
                let names = WINDOWS.iter().map(|(names, ..)| names[0]);
                let listed: Vec<&str> = names.clone().collect();
                let error = Diagnostic::error(format!("there is no window `{word}`")).at(here);
                error.nearest(&word, names).hint(format!("windows: {}", listed.join(", ")))
            })?;
        }
        _ => {
            fft.normalised = Some(match &*word {
                "norm" => true,
                "unorm" => false,
                _ => {
                    let error = Diagnostic::error(format!("`{word}` is no format")).at(here);
                    return Err(error.hint("norm or unorm"));
                }
            });
        }
    }
    Ok(())
}

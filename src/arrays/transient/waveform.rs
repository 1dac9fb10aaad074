//! Voltages of all lines over time: straight lines between corners that all lines share.

use super::super::geometry::Crossbar;
use crate::diagnostic::Diagnostic;

/// Voltages of the ideal sources behind drivers and senses.
#[derive(Debug, Clone, PartialEq)]
pub struct LineVoltages {
    /// One per word line, V.
    pub word: Vec<f64>,
    /// One per bit line, V.
    pub bit: Vec<f64>,
}

impl LineVoltages {
    /// All lines of `array` at 0 V.
    pub fn rest(array: &Crossbar) -> LineVoltages {
        LineVoltages { word: vec![0.0; array.rows], bit: vec![0.0; array.columns] }
    }
}

/// Piecewise-linear voltages. Corners are breakpoints of the time steps.
#[derive(Debug, Clone, PartialEq)]
pub struct Waveform {
    start: LineVoltages,
    segments: Vec<Segment>,
}

/// From one corner to the next.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Segment {
    /// s
    pub duration: f64,
    /// Voltages at its end.
    pub end: LineVoltages,
}

impl Waveform {
    pub fn new(start: LineVoltages) -> Waveform {
        Waveform { start, segments: Vec::new() }
    }

    /// A pulse from `rest` to `on` and back, each edge lasting `edge` seconds, `width` seconds between them.
    pub fn pulse(rest: LineVoltages, on: LineVoltages, edge: f64, width: f64) -> Waveform {
        Waveform::new(rest.clone()).to(edge, on.clone()).to(width, on).to(edge, rest)
    }

    /// Goes to `voltages` in straight lines within `duration` seconds.
    pub fn to(mut self, duration: f64, voltages: LineVoltages) -> Waveform {
        self.segments.push(Segment { duration, end: voltages });
        self
    }

    /// Seconds from the first to the last corner.
    pub fn duration(&self) -> f64 {
        self.segments.iter().map(|segment| segment.duration).sum()
    }

    pub(super) fn start(&self) -> &LineVoltages {
        &self.start
    }

    pub(super) fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// # Errors
    /// Numbers of voltages that do not fit the array, voltages that are not finite, durations that are not positive.
    pub(super) fn validate(&self, array: &Crossbar) -> Result<(), Diagnostic> {
        let corners = std::iter::once(&self.start).chain(self.segments.iter().map(|segment| &segment.end));
        for corner in corners {
            if corner.word.len() != array.rows || corner.bit.len() != array.columns {
                let (given, size) = ((corner.word.len(), corner.bit.len()), (array.rows, array.columns));
                return Err(Diagnostic::error(format!(
                    "a corner with {} + {} voltages for an array of {} × {}",
                    given.0, given.1, size.0, size.1
                ))
                .hint("give one voltage per word line and one per bit line"));
            }
            if let Some(voltage) = corner.word.iter().chain(&corner.bit).find(|voltage| !voltage.is_finite()) {
                return Err(Diagnostic::error(format!("a corner at {voltage} V")).hint("give finite voltages"));
            }
        }
        match self.segments.iter().find(|segment| !(segment.duration > 0.0 && segment.duration.is_finite())) {
            Some(segment) => Err(Diagnostic::error(format!("{} s between two corners", segment.duration))
                .hint("edges last a finite time")),
            None => Ok(()),
        }
    }
}

//! Edges of an input through a threshold.
//!
//! The transient analysis locates the crossing as an event; the time of the edge is then found by a straight line between
//! the two accepted points around it, so that it is exact for inputs of straight lines.

use crate::numerics::tape::Tape;

/// Watches one input.
#[derive(Debug, Clone, Copy)]
pub struct EdgeDetector {
    threshold: f64,
    /// How far below the threshold the input must fall before the next edge.
    hysteresis: f64,
    above: bool,
    /// Time and input of the last accepted point.
    last: (f64, f64),
}

/// A crossing of the threshold.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Edge {
    pub time: f64,
    pub rising: bool,
}

impl EdgeDetector {
    pub fn new(threshold: f64, hysteresis: f64) -> Self {
        EdgeDetector { threshold, hysteresis, above: false, last: (0.0, 0.0) }
    }

    /// A transient analysis starts; an input that is high from the beginning is no edge.
    pub fn begin(&mut self, input: f64) {
        self.above = input > self.threshold;
        self.last = (0.0, input);
    }

    pub fn memory(&mut self, tape: &mut Tape) {
        tape.truth(&mut self.above);
        tape.number(&mut self.last.0);
        tape.number(&mut self.last.1);
    }

    pub fn is_above(&self) -> bool {
        self.above
    }

    /// Input at which the next edge happens.
    fn level(&self) -> f64 {
        if self.above { self.threshold - self.hysteresis } else { self.threshold }
    }

    /// Positive where the input is past the next edge.
    pub fn event(&self, input: f64) -> f64 {
        if self.above { self.level() - input } else { input - self.level() }
    }

    /// The input at an accepted point; the edge, if it has been passed.
    pub fn accept(&mut self, input: f64, time: f64) -> Option<Edge> {
        let (before, start) = (self.last.1, self.last.0);
        self.last = (time, input);
        if self.event(input) <= 0.0 {
            return None;
        }
        let part = ((self.level() - before) / (input - before)).clamp(0.0, 1.0);
        self.above = !self.above;
        Some(Edge { time: start + part * (time - start), rising: self.above })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_lie_where_straight_lines_cross_the_threshold() {
        let mut detector = EdgeDetector::new(0.5, 0.2);
        detector.begin(0.0);
        assert_eq!(detector.accept(0.5, 1.0), None);
        assert_eq!(detector.accept(1.0, 2.0), Some(Edge { time: 1.0, rising: true }));
        assert!(detector.event(0.4) < 0.0 && detector.event(0.2) > 0.0);
        assert_eq!(detector.accept(0.4, 3.0), None);
        assert_eq!(detector.accept(0.2, 5.0), Some(Edge { time: 4.0, rising: false }));
        detector.begin(1.0);
        assert_eq!(detector.accept(1.0, 1.0), None);
    }
}

//! Plays a shape after every event.

use super::shape::Shape;
use crate::numerics::tape::Tape;

/// What becomes of a shape under way when the next one starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overlap {
    /// All add up.
    Add,
    /// The new one takes over, from the present value within one edge.
    Restart,
}

#[derive(Debug, Clone, Copy)]
struct Play {
    start: f64,
    /// Value of what was replaced, which fades within one edge.
    rest: f64,
}

/// A shape, and the events that it answers.
#[derive(Debug, Clone)]
pub struct Playback {
    shape: Shape,
    overlap: Overlap,
    /// Length of the edge at a restart, s.
    rise: f64,
    plays: Vec<Play>,
}

impl Playback {
    pub fn new(shape: Shape, overlap: Overlap, rise: f64) -> Self {
        Playback { shape, overlap, rise, plays: Vec::new() }
    }

    pub fn memory(&mut self, tape: &mut Tape) {
        tape.list(&mut self.plays, Play { start: 0.0, rest: 0.0 }, |tape, play| {
            tape.number(&mut play.start);
            tape.number(&mut play.rest);
        });
    }

    pub fn clear(&mut self) {
        self.plays.clear();
    }

    /// An event at `start` (which may lie ahead if shapes add).
    pub fn start(&mut self, start: f64) {
        let rest = match self.overlap {
            Overlap::Add => 0.0,
            Overlap::Restart => {
                let rest = self.value(start);
                self.plays.clear();
                rest
            }
        };
        self.plays.push(Play { start, rest });
    }

    /// Forgets events whose shapes are over at `time`.
    pub fn prune(&mut self, time: f64) {
        let duration = self.shape.duration().max(self.rise);
        self.plays.retain(|play| play.start + duration >= time);
    }

    pub fn value(&self, time: f64) -> f64 {
        let values = self.plays.iter().map(|play| {
            let since = time - play.start;
            self.shape.value(since) + play.rest * (1.0 - since / self.rise).clamp(0.0, 1.0)
        });
        values.sum()
    }

    /// First corner after `time`.
    pub fn breakpoint(&self, time: f64) -> Option<f64> {
        let corners = self.plays.iter().flat_map(|play| {
            let since = time - play.start;
            let faded = Some(self.rise).filter(|&end| play.rest != 0.0 && end > since);
            self.shape.corner(since).into_iter().chain(faded).map(|corner| play.start + corner)
        });
        corners.filter(|&corner| corner > time).reduce(f64::min)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn playback(overlap: Overlap) -> Playback {
        Playback::new(Shape::of_steps(&[(0.0, 1.0), (4.0, 0.0)], 1.0).unwrap(), overlap, 1.0)
    }

    #[test]
    fn shapes_add_or_replace_each_other() {
        let mut adding = playback(Overlap::Add);
        let mut restarting = playback(Overlap::Restart);
        for play in [&mut adding, &mut restarting] {
            play.start(10.0);
            play.start(12.0);
        }
        assert_eq!([11.5, 12.5, 13.5, 14.5, 15.5, 16.5].map(|time| adding.value(time)), [1.0, 1.5, 2.0, 1.5, 1.0, 0.5]);
        // The value is continuous where the second one takes over.
        assert_eq!([12.0, 12.5, 13.5, 15.5, 16.5].map(|time| restarting.value(time)), [1.0, 1.0, 1.0, 1.0, 0.5]);
        assert_eq!(adding.breakpoint(12.0), Some(13.0));
        assert_eq!(restarting.breakpoint(13.0), Some(16.0));
        adding.prune(15.5);
        assert_eq!([15.5, 16.5].map(|time| adding.value(time)), [1.0, 0.5]);
        assert_eq!(adding.breakpoint(17.0), None);
    }
}

//! Convolution of a line's kernels with what has happened at its ports: straight lines between accepted points, each of which is a
//! change of slope and so adds its part of the response to a ramp.

use super::kernels::Kernels;
use crate::numerics::tape::Tape;

/// What is convolved at either port: what has the admittance before it, and what has not.
pub type Signals = [f64; 4];

/// Points on a straight line, to this part of the largest values, are joined.
const STRAIGHT: f64 = 1e-8;

/// An accepted point, and the slopes from it on.
#[derive(Debug, Clone, Copy, Default)]
struct Point {
    time: f64,
    signals: Signals,
    slopes: Signals,
}

/// All accepted points since the start, before which the signals have been constant.
#[derive(Debug, Clone, Default)]
pub struct Convolution {
    points: Vec<Point>,
    largest: f64,
}

/// The three responses at a trial point: what is known, and what a unit of the signal there adds.
#[derive(Debug, Clone, Copy)]
pub struct Response {
    /// Admittance times the first signals of both ports; transmission times the second ones; product times the first ones.
    pub known: [[f64; 2]; 3],
    pub weights: [f64; 3],
}

impl Convolution {
    pub fn new(signals: Signals) -> Self {
        Convolution { points: vec![Point { time: 0.0, signals, slopes: [0.0; 4] }], largest: 0.0 }
    }

    /// The responses at `time`, after the last point; `gains` are those of the kernels to what is constant.
    pub fn response(&self, kernels: &Kernels, gains: [f64; 3], time: f64) -> Response {
        let mut known = [[0.0; 2]; 3];
        let (Some(first), Some(last)) = (self.points.first(), self.points.last()) else {
            return Response { known, weights: [0.0; 3] };
        };
        // Admittance and product belong to the first signals, the transmission to the second ones.
        let places = [[0, 2], [1, 3], [0, 2]];
        for (kernel, place) in places.iter().enumerate() {
            known[kernel] = place.map(|signal| gains[kernel] * first.signals[signal]);
        }
        let mut before = [0.0; 4];
        for point in &self.points[..self.points.len() - 1] {
            let ramps = kernels.ramps(time - point.time);
            for (kernel, place) in places.iter().enumerate() {
                for side in 0..2 {
                    let signal = place[side];
                    known[kernel][side] += (point.slopes[signal] - before[signal]) * ramps[kernel];
                }
            }
            before = point.slopes;
        }
        let step = time - last.time;
        let ramps = kernels.ramps(step);
        let weights = if step > 0.0 { ramps.map(|ramp| ramp / step) } else { [0.0; 3] };
        for (kernel, place) in places.iter().enumerate() {
            for side in 0..2 {
                let signal = place[side];
                known[kernel][side] -= before[signal] * ramps[kernel] + weights[kernel] * last.signals[signal];
            }
        }
        Response { known, weights }
    }

    /// A new accepted point.
    pub fn add(&mut self, time: f64, signals: Signals) {
        self.largest = signals.iter().fold(self.largest, |most, signal| most.max(signal.abs()));
        let count = self.points.len();
        let slopes =
            |from: &Point| -> Signals { std::array::from_fn(|k| (signals[k] - from.signals[k]) / (time - from.time)) };
        let Some(last) = self.points.last().copied().filter(|last| time > last.time) else { return };
        if count > 1 {
            let joined = slopes(&self.points[count - 2]);
            let bend =
                |k: usize| (joined[k] - self.points[count - 2].slopes[k]) * (last.time - self.points[count - 2].time);
            if (0..4).all(|k| bend(k).abs() <= STRAIGHT * self.largest) {
                self.points[count - 2].slopes = joined;
                self.points.pop();
                self.points.push(Point { time, signals, slopes: [0.0; 4] });
                return;
            }
        }
        self.points[count - 1].slopes = slopes(&last);
        self.points.push(Point { time, signals, slopes: [0.0; 4] });
    }

    pub fn memory(&mut self, tape: &mut Tape) {
        tape.number(&mut self.largest);
        tape.list(&mut self.points, Point::default(), |tape, point| {
            tape.number(&mut point.time);
            tape.numbers(&mut point.signals);
            tape.numbers(&mut point.slopes);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ramp_gives_its_response_whatever_points_it_has() {
        let kernels = Kernels::diffusive(2.0, 0.0);
        for joined in [false, true] {
            let mut past = Convolution::new([1.0, 0.0, -1.0, 3.0]);
            let mut time = 0.0;
            for step in [0.5, 0.1, 0.7] {
                time += step;
                // A tooth in one signal keeps the points apart.
                let tooth = if joined { 0.0 } else { f64::from(time == 0.6) };
                past.add(time, [1.0 + 3.0 * time, tooth, -1.0, 3.0]);
            }
            assert_eq!(past.points.len(), if joined { 2 } else { 4 });
            let found = past.response(&kernels, [1.0, 1.0, 1.0], 2.0);
            let response = found.known[0][0] + found.weights[0] * 7.0;
            assert!((response - 1.0 - 3.0 * kernels.ramps(2.0)[0]).abs() < 1e-12, "{response}");
            assert_eq!(found.known[1][1] + found.weights[1] * 3.0, 3.0);
        }
    }
}

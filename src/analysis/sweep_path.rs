//! The way of the solution along a swept value, and where it seems to lead.

use crate::mna::System;
use crate::numerics::integrator::{HISTORY, predictor};

/// Points that a guess follows from: a parabola through three.
const POINTS: usize = 3;

/// A guess must come nearer to the solution than this part of the way there, or the solution has jumped.
const MISS: f64 = 0.5;

/// The last solutions of the innermost sweep, the newest first.
#[derive(Default)]
pub struct SweepPath {
    points: Vec<(f64, Vec<f64>)>,
    /// The value that the guess is for.
    ahead: Option<f64>,
    guess: Vec<f64>,
}

impl SweepPath {
    /// Adds the solution `x` at the swept value `at`. Where it turns round or jumps, a new path begins.
    pub fn add(&mut self, at: f64, x: &[f64]) {
        let goes_on = match self.points.as_slice() {
            [] => true,
            [(last, other)] => at != *last && other.len() == x.len(),
            &[(last, ref other), (before, _), ..] => {
                (at - last) * (last - before) > 0.0 && other.len() == x.len() && !self.misses(at, x)
            }
        };
        if !goes_on {
            self.points.clear();
        }
        let oldest = if self.points.len() == POINTS { self.points.pop() } else { None };
        let mut newest = oldest.map(|(_, place)| place).unwrap_or_default();
        newest.clear();
        newest.extend_from_slice(x);
        self.points.insert(0, (at, newest));
    }

    /// The unknowns at `at` by the polynomial through the last points; `None` where there is no path yet, or it turns round.
    pub fn guess(&mut self, at: f64, system: &System) -> Option<&[f64]> {
        if !self.extrapolate(at) {
            return None;
        }
        system.keep_discrete(&self.points[0].1, &mut self.guess);
        Some(&self.guess)
    }

    /// Whether the path has missed `x` at `at`.
    fn misses(&mut self, at: f64, x: &[f64]) -> bool {
        if self.ahead != Some(at) && !self.extrapolate(at) {
            return false;
        }
        let (mut missed, mut way) = (0.0, 0.0);
        for ((x, guess), last) in x.iter().zip(&self.guess).zip(&self.points[0].1) {
            missed += (guess - x) * (guess - x);
            way += (last - x) * (last - x);
        }
        missed > MISS * MISS * way
    }

    /// Guesses the unknowns at `at`; false without a path.
    fn extrapolate(&mut self, at: f64) -> bool {
        self.ahead = None;
        let Some(weights) = self.weights(at) else { return false };
        self.ahead = Some(at);
        self.guess.clear();
        self.guess.resize(self.points[0].1.len(), 0.0);
        for ((_, x), weight) in self.points.iter().zip(weights) {
            self.guess.iter_mut().zip(x).for_each(|(guess, x)| *guess += weight * x);
        }
        true
    }

    /// Weights of the points in the polynomial through them.
    fn weights(&self, at: f64) -> Option<[f64; HISTORY]> {
        let [(last, _), (before, _), ..] = self.points.as_slice() else { return None };
        if (at - last) * (last - before) <= 0.0 {
            return None;
        }
        let mut steps = [at - last, 0.0, 0.0];
        for (step, pair) in steps[1..].iter_mut().zip(self.points.windows(2)) {
            *step = pair[0].0 - pair[1].0;
        }
        Some(predictor(self.points.len() - 1, &steps))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn along(values: &[f64], solution: impl Fn(f64) -> f64) -> SweepPath {
        let mut path = SweepPath::default();
        values.iter().for_each(|&at| path.add(at, &[solution(at)]));
        path
    }

    #[test]
    fn a_parabola_is_followed_exactly() {
        let parabola = |at: f64| 1.0 - 2.0 * at + 0.3 * at * at;
        let mut path = along(&[0.0, 0.1, 0.3, 0.4], parabola);
        assert!(path.extrapolate(0.6), "four points of one way");
        assert!((path.guess[0] - parabola(0.6)).abs() < 1e-12, "{:?}", path.guess);
    }

    #[test]
    fn a_jump_or_a_turn_begins_a_new_path() {
        let step = |at: f64| if at < 0.25 { at } else { 5.0 };
        assert!(!along(&[0.0, 0.1, 0.2, 0.3], step).extrapolate(0.4), "one point after the jump");
        let mut path = along(&[0.0, 0.1, 0.2, 0.3, 0.4], step);
        assert!(path.extrapolate(0.5), "two points after it");
        assert!((path.guess[0] - 5.0).abs() < 1e-12, "{:?}", path.guess);
        assert!(!along(&[0.0, 0.1, 0.2], |at| at).extrapolate(0.0), "the sweep begins again");
        assert!(!along(&[0.0, 0.1, 0.2, 0.0], |at| at).extrapolate(0.1));
    }
}

//! Where quantities have been lately: the size that a small change of one that swings is small against.
//!
//! A node of a logic circuit that stands at 1 mV has come from 5 V: an error of reltol times 1 mV is of no concern to anybody there. Low
//! and high follow a quantity at once outwards, and inwards by a hundredth of the way at each point, so that what was long ago is
//! forgotten.

use super::tape::Tape;

/// Part of the way from its bounds to a quantity that they come back at each point.
const BACK: f64 = 0.01;

/// Part of its swing that a quantity from within it is expected to go beyond it at the next point.
const BEYOND: f64 = 0.1;

/// Low and high of every quantity.
#[derive(Debug, Clone, Default)]
pub struct Swing {
    low: Vec<f64>,
    high: Vec<f64>,
    /// Largest magnitudes between both.
    sizes: Vec<f64>,
}

impl Swing {
    pub fn start(&mut self, at: &[f64]) {
        self.low = at.to_vec();
        self.high = at.to_vec();
        self.measure();
    }

    fn measure(&mut self) {
        self.sizes.clear();
        self.sizes.extend(self.low.iter().zip(&self.high).map(|(low, high)| high.max(-low)));
    }

    /// Nothing is known: every size is 0.
    pub fn forget(&mut self) {
        self.low.clear();
        self.high.clear();
        self.sizes.clear();
    }

    /// The next point.
    pub fn follow(&mut self, at: &[f64]) {
        for ((low, high), &at) in self.low.iter_mut().zip(&mut self.high).zip(at) {
            *low = at.min(*low + BACK * (at - *low));
            *high = at.max(*high + BACK * (at - *high));
        }
        self.measure();
    }

    /// Largest magnitude of quantity `index` lately.
    #[inline]
    pub fn size(&self, index: usize) -> f64 {
        self.sizes.get(index).copied().unwrap_or(0.0)
    }

    /// Keeps a guess of where quantity `index` goes next, from `at`, near where it has been; what is on its way out may go on.
    #[inline]
    pub fn clamp(&self, index: usize, at: f64, guess: f64) -> f64 {
        match (self.low.get(index), self.high.get(index)) {
            (Some(&low), Some(&high)) if low < at && at < high => {
                let beyond = BEYOND * (high - low);
                guess.clamp(low - beyond, high + beyond)
            }
            _ => guess,
        }
    }

    /// Writes all bounds, or reads them back.
    pub fn memory(&mut self, tape: &mut Tape) {
        tape.numbers(&mut self.low);
        tape.numbers(&mut self.high);
        self.measure();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_long_ago_is_forgotten() {
        let mut swing = Swing::default();
        assert_eq!(swing.size(0), 0.0);
        swing.start(&[0.0]);
        swing.follow(&[-5.0]);
        assert_eq!(swing.size(0), 5.0);
        (0..100).for_each(|_| swing.follow(&[0.001]));
        assert!(swing.size(0) > 1.0, "{}", swing.size(0));
        (0..2000).for_each(|_| swing.follow(&[0.001]));
        assert!((swing.size(0) - 0.001).abs() < 1e-6, "{}", swing.size(0));
    }

    #[test]
    fn only_guesses_from_within_are_kept_within_reach() {
        let mut swing = Swing::default();
        swing.start(&[0.0]);
        swing.follow(&[5.0]);
        assert_eq!(swing.clamp(0, 5.0, 9.0), 9.0, "on its way out");
        // The low end has come nearer by a hundredth: 4.95 V of swing.
        assert!((swing.clamp(0, 4.0, 9.0) - 5.495).abs() < 1e-12);
        assert!((swing.clamp(0, 1.0, -3.0) + 0.445).abs() < 1e-12);
        assert_eq!(swing.clamp(0, 1.0, 2.0), 2.0);
    }
}

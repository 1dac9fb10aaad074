//! Curves of straight lines whose corners are parabolas.
//!
//! ```text
//! ramp(x) = 0                  x ≤ −d
//!           (x + d)²/(4·d)     −d < x < d
//!           x                  x ≥ d
//! ```
//! A corner at c that changes the slope by Δ adds Δ·ramp(x − c). This is XSPICE's `cm_smooth_corner`.

use super::calculation::Calculation;
use crate::devices::behavioural::Slot;

impl Calculation {
    /// ramp(x − corner) with the half width `domain` of its parabola.
    pub fn ramp(&mut self, x: Slot, corner: f64, domain: f64) -> Slot {
        let from_corner = self.scaled(x, -corner, 1.0);
        if domain <= 0.0 {
            let zero = self.constant(0.0);
            return self.larger(from_corner, zero);
        }
        let domain = self.constant(domain);
        self.ramp_over(from_corner, domain)
    }

    /// ramp(x) with a half width of its parabola that changes.
    pub fn ramp_over(&mut self, x: Slot, domain: Slot) -> Slot {
        let (zero, quarter) = (self.constant(0.0), self.constant(0.25));
        let from_start = self.sum(x, domain);
        let square = self.product(from_start, from_start);
        let share = self.quotient(square, domain);
        let parabola = self.product(share, quarter);
        let start = self.negative(domain);
        let above = self.where_less(x, domain, parabola, x);
        self.where_less(x, start, zero, above)
    }

    /// x within `low` and `high`, with parabolas of half width `range` at both.
    pub fn limited(&mut self, x: Slot, [low, high]: [f64; 2], range: f64) -> Slot {
        if low == f64::NEG_INFINITY && high == f64::INFINITY {
            return x;
        }
        if low == f64::NEG_INFINITY {
            let excess = self.ramp(x, high, range);
            return self.difference(x, excess);
        }
        let ramp = self.ramp(x, low, range);
        let risen = self.scaled(ramp, low, 1.0);
        if high == f64::INFINITY {
            return risen;
        }
        let excess = self.ramp(x, high, range);
        self.difference(risen, excess)
    }
}

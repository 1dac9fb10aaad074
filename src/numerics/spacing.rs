//! Evenly spaced values: at equal distances, or at equal ratios.

/// How values are spaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spacing {
    Linear,
    Decade,
    Octave,
}

impl Spacing {
    /// The ratio that a number of points is meant for; `None` where it is meant for the whole row.
    fn base(self) -> Option<f64> {
        match self {
            Spacing::Linear => None,
            Spacing::Decade => Some(10.0),
            Spacing::Octave => Some(2.0),
        }
    }

    /// Whole intervals of a row from `first` to `last`, with `points` values in all (linear) or `points` intervals to each
    /// decade or octave. Not a number where a logarithmic row is impossible: between values of unlike signs, or 0.
    pub fn intervals(self, points: f64, first: f64, last: f64) -> f64 {
        match self.base() {
            None => (points - 1.0).floor(),
            Some(base) => whole((last / first).ln().abs() / base.ln() * points),
        }
    }

    /// The row, upwards or downwards. A logarithmic one ends where its last whole interval does, or, if it `fits`, at `last`,
    /// its intervals being a little longer.
    pub fn values(self, points: f64, first: f64, last: f64, fits: bool) -> Vec<f64> {
        let intervals = self.intervals(points, first, last);
        let span = (last / first).ln();
        let value = |index: usize| match self.base() {
            None => first + (last - first) * index as f64 / intervals.max(1.0),
            Some(_) if fits => first * (span * index as f64 / intervals.max(1.0)).exp(),
            Some(base) => first * base.powf(span.signum() * index as f64 / points),
        };
        (0..=intervals as usize).map(value).collect()
    }
}

/// Whole intervals in a row of this length; rounding must not lose the last one.
pub fn whole(intervals: f64) -> f64 {
    (intervals * (1.0 + 1e-12) + 1e-9).floor()
}

#[cfg(test)]
mod tests {
    use super::Spacing;

    fn is_near(found: &[f64], expected: &[f64]) -> bool {
        found.len() == expected.len() && found.iter().zip(expected).all(|(a, b)| (a - b).abs() <= 1e-12 * b.abs())
    }

    #[test]
    fn rows_go_up_and_down() {
        assert!(is_near(&Spacing::Linear.values(5.0, 1.0, 3.0, false), &[1.0, 1.5, 2.0, 2.5, 3.0]));
        assert!(is_near(&Spacing::Linear.values(1.0, 7.0, 9.0, false), &[7.0]));
        assert!(is_near(&Spacing::Decade.values(1.0, 1e3, 1.0, false), &[1e3, 1e2, 1e1, 1.0]));
        assert!(is_near(&Spacing::Octave.values(2.0, -1.0, -2.0, false), &[-1.0, -2f64.sqrt(), -2.0]));
    }

    #[test]
    fn a_row_that_fits_ends_at_its_last_value() {
        let root = 50f64.sqrt();
        assert!(is_near(&Spacing::Decade.values(1.0, 1.0, 50.0, false), &[1.0, 10.0]));
        assert!(is_near(&Spacing::Decade.values(1.0, 1.0, 50.0, true), &[1.0, 50.0]));
        assert!(is_near(&Spacing::Octave.values(0.4, 1.0, 50.0, true), &[1.0, root, 50.0]));
    }

    #[test]
    fn impossible_rows_have_no_length() {
        assert!(Spacing::Decade.intervals(1.0, -1.0, 1.0).is_nan());
        assert!(!Spacing::Decade.intervals(1.0, 0.0, 1.0).is_finite());
    }
}

//! A waveform of straight lines that begins and ends at 0, relative to the event that starts it.

/// Straight lines between points.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape {
    /// Times in s, strictly ascending, and values; the first and the last value are 0.
    points: Vec<(f64, f64)>,
}

impl Shape {
    /// From points, each no earlier than the one before. A jump (two points at one time, or a first or last value
    /// other than 0) becomes an edge that starts at its time and lasts `rise` seconds.
    ///
    /// # Errors
    /// What is wrong with the points.
    pub fn of_points(points: &[(f64, f64)], rise: f64) -> Result<Shape, String> {
        let mut shape = Shape { points: Vec::with_capacity(points.len() + 4) };
        let (mut last, mut level) = (f64::NEG_INFINITY, 0.0);
        for &(time, value) in points {
            if time < 0.0 || !time.is_finite() || !value.is_finite() {
                return Err(format!("a time of {time:e} s: times count from the event and are not negative"));
            }
            if time < last {
                return Err(format!("its times must not decrease: {time:e} comes after {last:e}"));
            }
            let jumps = time == last || (last == f64::NEG_INFINITY && value != 0.0);
            if jumps {
                shape.jump(time, level, value, rise)?;
            } else {
                shape.push(time, value, rise)?;
            }
            (last, level) = (time, value);
        }
        if level != 0.0 {
            shape.jump(last, level, 0.0, rise)?;
        }
        Ok(shape)
    }

    /// From times, ascending, at which the value steps to a new level, over `rise` seconds each.
    ///
    /// # Errors
    /// Two steps are closer than `rise`.
    pub fn of_steps(steps: &[(f64, f64)], rise: f64) -> Result<Shape, String> {
        let mut shape = Shape { points: Vec::with_capacity(2 * steps.len()) };
        let mut level = 0.0;
        for &(time, value) in steps {
            shape.jump(time, level, value, rise)?;
            level = value;
        }
        Ok(shape)
    }

    fn jump(&mut self, time: f64, from: f64, to: f64, rise: f64) -> Result<(), String> {
        self.push(time, from, rise)?;
        self.push(time + rise, to, rise)
    }

    fn push(&mut self, time: f64, value: f64, rise: f64) -> Result<(), String> {
        match self.points.last() {
            Some(&last) if last == (time, value) => return Ok(()),
            Some(&(last, _)) if time <= last * (1.0 - 1e-12) => {
                return Err(format!("an edge of `rise`={rise:e} s does not fit before the point at {time:e} s"));
            }
            // The next point where an edge ends, up to rounding.
            Some(&(last, end)) if time <= last * (1.0 + 1e-12) => {
                if end != value {
                    return Err(format!("an edge of `rise`={rise:e} s does not fit before the point at {time:e} s"));
                }
            }
            _ => self.points.push((time, value)),
        }
        Ok(())
    }

    /// Value `since` seconds after the event.
    pub fn value(&self, since: f64) -> f64 {
        let next = self.points.partition_point(|point| point.0 <= since);
        match (next.checked_sub(1), self.points.get(next)) {
            (Some(before), Some(right)) => {
                let left = self.points[before];
                left.1 + (right.1 - left.1) * (since - left.0) / (right.0 - left.0)
            }
            _ => 0.0,
        }
    }

    /// First corner more than `since` seconds after the event.
    pub fn corner(&self, since: f64) -> Option<f64> {
        let next = self.points.partition_point(|point| point.0 <= since);
        self.points.get(next).map(|point| point.0)
    }

    /// Seconds from the event to the end.
    pub fn duration(&self) -> f64 {
        self.points.last().map_or(0.0, |point| point.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jumps_become_edges_that_start_at_their_time() {
        let shape = Shape::of_points(&[(0.0, -1.0), (3.0, -1.0), (3.0, 2.0), (5.0, 2.0)], 0.5).unwrap();
        let values = [-1.0, 0.0, 0.25, 0.5, 3.0, 3.25, 3.5, 5.0, 5.25, 5.5, 9.0].map(|time| shape.value(time));
        assert_eq!(values, [0.0, 0.0, -0.5, -1.0, -1.0, 0.5, 2.0, 2.0, 1.0, 0.0, 0.0]);
        assert_eq!(shape.duration(), 5.5);
        assert_eq!((shape.corner(0.0), shape.corner(3.2), shape.corner(5.5)), (Some(0.5), Some(3.5), None));
    }

    #[test]
    fn points_with_edges_stay_as_they_are() {
        let shape = Shape::of_points(&[(0.0, 0.0), (1.0, 4.0), (2.0, 0.0)], 0.1).unwrap();
        assert_eq!((shape.value(0.5), shape.value(1.0), shape.duration()), (2.0, 4.0, 2.0));
        let steps = Shape::of_steps(&[(1.0, 1.0), (2.0, -1.0), (3.0, 0.0)], 0.5).unwrap();
        assert_eq!((steps.value(1.25), steps.value(2.25), steps.value(2.75), steps.duration()), (0.5, 0.0, -1.0, 3.5));
        for wrong in [&[(1.0, 0.0), (0.5, 1.0)][..], &[(-1.0, 0.0)], &[(0.0, 1.0), (0.05, 2.0)]] {
            assert!(Shape::of_points(wrong, 0.1).is_err(), "{wrong:?}");
        }
    }
}

//! From a series to a number: extremes, integrals, crossings. Points need not be equally spaced.

/// Relative slack for positions at the ends of an axis, for rounding.
const END_SLACK: f64 = 1e-9;

/// Index of the largest value; NaN values are never chosen.
pub fn index_of_largest(values: &[f64]) -> Option<usize> {
    index_by(values, |candidate, best| candidate > best)
}

/// Index of the smallest value; NaN values are never chosen.
pub fn index_of_smallest(values: &[f64]) -> Option<usize> {
    index_by(values, |candidate, best| candidate < best)
}

fn index_by(values: &[f64], better: impl Fn(f64, f64) -> bool) -> Option<usize> {
    let mut best: Option<usize> = None;
    for (index, &value) in values.iter().enumerate().filter(|(_, value)| !value.is_nan()) {
        if best.is_none_or(|best| better(value, values[best])) {
            best = Some(index);
        }
    }
    best
}

/// The value at the index that `find` gives; NaN if any value is, so that nothing hides it.
pub fn extreme(values: &[f64], find: impl Fn(&[f64]) -> Option<usize>) -> f64 {
    if values.iter().any(|value| value.is_nan()) {
        return f64::NAN;
    }
    find(values).map_or(f64::NAN, |index| values[index])
}

/// ∫ y dx by the trapezoidal rule.
pub fn integral(x: &[f64], y: &[f64]) -> f64 {
    let pairs = x.windows(2).zip(y.windows(2));
    pairs.map(|(x, y)| (x[1] - x[0]) * (y[0] + y[1]) / 2.0).sum()
}

/// ∫ y dx up to each point.
pub fn running_integral(x: &[f64], y: &[f64]) -> Vec<f64> {
    let mut sum = 0.0;
    let mut sums = vec![0.0; y.len().min(1)];
    for (x, y) in x.windows(2).zip(y.windows(2)) {
        sum += (x[1] - x[0]) * (y[0] + y[1]) / 2.0;
        sums.push(sum);
    }
    sums
}

/// Mean over the axis; of the points alone if the axis has no extent.
pub fn mean(x: &[f64], y: &[f64]) -> f64 {
    match (x.first(), x.last()) {
        (Some(first), Some(last)) if last != first => integral(x, y) / (last - first),
        _ if y.is_empty() => f64::NAN,
        _ => y.iter().sum::<f64>() / y.len() as f64,
    }
}

/// Root of the mean square.
pub fn root_mean_square(x: &[f64], y: &[f64]) -> f64 {
    let squares: Vec<f64> = y.iter().map(|value| value * value).collect();
    mean(x, &squares).sqrt()
}

/// Standard deviation over the axis.
pub fn standard_deviation(x: &[f64], y: &[f64]) -> f64 {
    let centre = mean(x, y);
    let squares: Vec<f64> = y.iter().map(|value| (value - centre).powi(2)).collect();
    mean(x, &squares).sqrt()
}

/// dy/dx at every point: of second order inside for any spacing, one-sided at the ends and where points coincide.
pub fn derivative(x: &[f64], y: &[f64]) -> Vec<f64> {
    let slope = |a: usize, b: usize| (y[b] - y[a]) / (x[b] - x[a]);
    let last = y.len().saturating_sub(1);
    let at = |index: usize| {
        if last == 0 {
            return f64::NAN;
        }
        let (before, after) = (index.saturating_sub(1), (index + 1).min(last));
        if index == 0 || x[index] == x[before] {
            return slope(index, after);
        }
        if index == last || x[after] == x[index] {
            return slope(before, index);
        }
        let (left, right) = (x[index] - x[before], x[after] - x[index]);
        (slope(before, index) * right + slope(index, after) * left) / (left + right)
    };
    (0..y.len()).map(at).collect()
}

/// y at `position` by linear interpolation; None outside of the axis.
pub fn value_at(x: &[f64], y: &[f64], position: f64) -> Option<f64> {
    let (first, last) = (*x.first()?, *x.last()?);
    let slack = END_SLACK * (last - first).abs();
    if (position - first).abs() <= slack {
        return y.first().copied();
    }
    if (position - last).abs() <= slack {
        return y.last().copied();
    }
    let found = x.windows(2).position(|pair| {
        (pair[0] <= position && position <= pair[1]) || (pair[1] <= position && position <= pair[0])
    })?;
    Some(between((x[found], y[found]), (x[found + 1], y[found + 1]), position))
}

/// y at each of the rising `positions`, for rising `x`; NaN outside of the axis.
pub fn resample(x: &[f64], y: &[f64], positions: &[f64]) -> Vec<f64> {
    let mut right = 1;
    let at = |&position: &f64| {
        while right + 1 < x.len() && x[right] < position {
            right += 1;
        }
        let near = right.saturating_sub(1)..(right + 1).min(x.len());
        value_at(&x[near.clone()], &y[near], position).unwrap_or(f64::NAN)
    };
    positions.iter().map(at).collect()
}

/// Value at `x` of the line through two points.
pub fn between(left: (f64, f64), right: (f64, f64), x: f64) -> f64 {
    if x == left.0 || right.0 == left.0 {
        return left.1;
    }
    left.1 + (right.1 - left.1) * ((x - left.0) / (right.0 - left.0))
}

/// A passage of a level.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Crossing {
    pub position: f64,
    pub rising: bool,
}

/// Where `y` passes 0: it counts when the curve arrives at 0 or beyond, coming from the other side, and when it rises from 0 at its
/// very beginning, as in ngspice. Staying at 0 is no passage.
pub fn crossings(x: &[f64], y: &[f64]) -> Vec<Crossing> {
    let mut found = Vec::new();
    if let [first, second, ..] = y
        && *first == 0.0
        && *second > 0.0
    {
        found.push(Crossing { position: x[0], rising: true });
    }
    // The side that the curve is on, or has arrived from at 0; none before it has left 0.
    let mut above: Option<bool> = None;
    let mut rests = false;
    for index in 0..y.len() {
        let value = y[index];
        match above {
            _ if value.is_nan() => above = None,
            None => above = (value != 0.0).then_some(value > 0.0),
            Some(was_above) => {
                let stays = if was_above { value > 0.0 } else { value < 0.0 };
                if stays || (rests && value == 0.0) {
                    rests &= value == 0.0;
                    continue;
                }
                // The line between the points, solved for 0.
                let (before, after) = (y[index - 1], value);
                let part = if after == before { 1.0 } else { before / (before - after) };
                let position = x[index - 1] + (x[index] - x[index - 1]) * part;
                found.push(Crossing { position, rising: !was_above });
                above = Some(!was_above);
                rests = value == 0.0;
            }
        }
    }
    found
}

/// The part of a curve between `from` and `to`, with points interpolated at both ends.
///
/// # Errors
/// Says why: the window is empty or reaches beyond the axis.
pub fn window(x: &[f64], y: &[f64], from: f64, to: f64) -> Result<(Vec<f64>, Vec<f64>), String> {
    if from.is_nan() || to.is_nan() || from >= to {
        return Err(format!("the window from {from:e} to {to:e} is empty"));
    }
    let (Some(&first), Some(&last)) = (x.first(), x.last()) else {
        return Err("there are no points".into());
    };
    if x.windows(2).any(|pair| pair[1] < pair[0]) {
        return Err("a window needs an axis that only increases".into());
    }
    let slack = END_SLACK * (last - first).abs();
    if from < first - slack || to > last + slack {
        return Err(format!("the window from {from:e} to {to:e} reaches beyond the points, {first:e} to {last:e}"));
    }
    let inside = |&index: &usize| x[index] > from + slack && x[index] < to - slack;
    let mut positions = vec![from];
    let mut values = vec![value_at(x, y, from).unwrap_or(f64::NAN)];
    for index in (0..x.len()).filter(inside) {
        positions.push(x[index]);
        values.push(y[index]);
    }
    positions.push(to);
    values.push(value_at(x, y, to).unwrap_or(f64::NAN));
    Ok((positions, values))
}

/// Whether each value is at least the one before it (`direction` 1) or at most (−1).
pub fn is_monotone(y: &[f64], direction: f64) -> bool {
    y.len() > 1 && y.windows(2).all(|pair| (pair[1] - pair[0]) * direction >= 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integrals_over_uneven_points() {
        let x = [0.0, 1.0, 4.0];
        let y = [0.0, 2.0, 8.0];
        assert_eq!(integral(&x, &y), 16.0);
        assert_eq!(mean(&x, &y), 4.0);
        assert_eq!(derivative(&x, &[0.0, 1.0, 16.0]), [1.0, 2.0, 5.0]);
        assert_eq!(running_integral(&x, &y), [0.0, 1.0, 16.0]);
    }

    #[test]
    fn crossings_count_as_in_ngspice() {
        let x = [0.0, 1.0, 2.0, 3.0, 4.0];
        let rising: Vec<bool> = crossings(&x, &[-1.0, 1.0, -1.0, 0.0, -1.0]).iter().map(|c| c.rising).collect();
        assert_eq!(rising, [true, false, true, false]);
        assert_eq!(crossings(&x, &[-1.0, 3.0, 3.0, 3.0, 3.0])[0].position, 0.25);
        assert!(crossings(&x, &[0.0, 0.0, 1.0, 2.0, 3.0]).is_empty());
        // A sine is at 0 when it begins; its negative crosses there no more than one that rests there.
        let positions = |y: &[f64]| crossings(&x, y).iter().map(|c| c.position).collect::<Vec<_>>();
        assert_eq!(positions(&[0.0, 1.0, 0.0, -1.0, 0.0]), [0.0, 2.0, 4.0]);
        assert_eq!(positions(&[0.0, -1.0, 0.0, 1.0, 1.0]), [2.0]);
        // It falls to 0 once, however long it rests there, and leaves it once.
        assert_eq!(positions(&[1.0, 0.0, 0.0, 0.0, 1.0]), [1.0, 3.0]);
    }

    #[test]
    fn windows_interpolate_their_ends() {
        let (x, y) = window(&[0.0, 1.0, 2.0], &[0.0, 1.0, 4.0], 0.5, 1.5).unwrap();
        assert_eq!((x, y), (vec![0.5, 1.0, 1.5], vec![0.5, 1.0, 2.5]));
        assert!(window(&[0.0, 1.0], &[0.0, 1.0], 0.5, 1.5).is_err());
        assert!(window(&[0.0, 1.0], &[0.0, 1.0], 0.5, 0.5).is_err());
    }
}

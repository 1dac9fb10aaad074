//! Curves from curves: derivatives, phases without jumps, running means.

use faer::c64;

use super::arithmetic::to_complex;
use crate::results::reduction;
use crate::results::value::Samples;

/// dy/dx at every point, of second order for any spacing.
pub fn derivative(x: &[f64], y: &Samples) -> Samples {
    match y {
        Samples::Real(values) => Samples::Real(parabolic(x, values)),
        Samples::Complex(_) => {
            let values = to_complex(y);
            let re = parabolic(x, &values.iter().map(|value| value.re).collect::<Vec<_>>());
            let im = parabolic(x, &values.iter().map(|value| value.im).collect::<Vec<_>>());
            Samples::Complex(re.into_iter().zip(im).map(|(re, im)| c64::new(re, im)).collect())
        }
    }
}

/// Slopes of the parabolas through three points each, at both ends as well.
fn parabolic(x: &[f64], y: &[f64]) -> Vec<f64> {
    let mut slopes = reduction::derivative(x, y);
    let last = slopes.len().saturating_sub(1);
    if last < 2 {
        return slopes;
    }
    for (end, next) in [(0, 1), (last, last - 1)] {
        // A parabola's slope between two points is the mean of the slopes there.
        let slope = 2.0 * (y[next] - y[end]) / (x[next] - x[end]) - slopes[next];
        if slope.is_finite() {
            slopes[end] = slope;
        }
    }
    slopes
}

/// Phases without jumps of more than half a turn.
pub fn unwrapped(mut phases: Vec<f64>, half_turn: f64) -> Vec<f64> {
    for index in 1..phases.len() {
        let turns = ((phases[index - 1] - phases[index]) / (2.0 * half_turn)).round();
        phases[index] += 2.0 * half_turn * turns;
    }
    phases
}

/// Mean of all values up to each.
pub fn running_mean(values: &[f64]) -> Vec<f64> {
    let mut sum = 0.0;
    let mean = |(index, value): (usize, &f64)| {
        sum += value;
        sum / (index + 1) as f64
    };
    values.iter().enumerate().map(mean).collect()
}

/// Distance to the value before; the first is that of the second.
pub fn differences(values: &[f64]) -> Vec<f64> {
    let steps = || values.windows(2).map(|pair| pair[1] - pair[0]);
    steps().next().into_iter().chain(steps()).collect()
}

/// The numbers of the values from the smallest to the largest.
pub fn order(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    order.into_iter().map(|index| index as f64).collect()
}

/// y at `positions` by linear interpolation; beyond the ends the value there.
pub fn interpolated(x: &[f64], y: &Samples, positions: &[f64]) -> Samples {
    let rising = |values: &[f64]| values.windows(2).all(|pair| pair[0] <= pair[1]);
    // Rising values need one look at each.
    let in_turn = rising(x) && rising(positions);
    let one = |y: &[f64]| -> Vec<f64> {
        let end = |position: f64| {
            let before = x.first().is_some_and(|first| position < *first);
            let end = if before { y.first() } else { y.last() };
            end.copied().unwrap_or(f64::NAN)
        };
        if in_turn {
            let found = reduction::resample(x, y, positions);
            let within =
                |position: f64| x.first().is_some_and(|first| position >= *first) && x.last() >= Some(&position);
            let or_end = |(value, &position): (f64, &f64)| if within(position) { value } else { end(position) };
            return found.into_iter().zip(positions).map(or_end).collect();
        }
        positions.iter().map(|&position| reduction::value_at(x, y, position).unwrap_or_else(|| end(position))).collect()
    };
    match y {
        Samples::Real(values) => Samples::Real(one(values)),
        Samples::Complex(values) => {
            let re = one(&values.iter().map(|value| value.re).collect::<Vec<_>>());
            let im = one(&values.iter().map(|value| value.im).collect::<Vec<_>>());
            Samples::Complex(re.into_iter().zip(im).map(|(re, im)| c64::new(re, im)).collect())
        }
    }
}

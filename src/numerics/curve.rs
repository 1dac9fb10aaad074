//! Smooth curves through points.
//!
//! ```text
//! akima      piecewise cubic; slope t_i = (|m_(i+1) − m_i|·m_(i−1) + |m_(i−1) − m_(i−2)|·m_i)/(sum of both weights), m_i of chords,
//!            two chords more beyond each end; where both weights are 0, the mean of m_(i−1) and m_i
//! wodicka    the same, but where both weights are 0 the corner stays: m_(i−1) on its left, m_i on its right
//! cubic      piecewise cubic with continuous second derivative, which is 0 at the ends
//! bli        the polynomial through all points (barycentric Lagrange interpolation)
//! ```
//! Beyond the ends the value is that of the last point. Sources: H. Akima, J. ACM 17 (1970) 589; G. Engeln-Müllges and F. Uhlig,
//! Numerical Algorithms with C, Springer 1996, chapter 13 (Wodicka's corners); J.-P. Berrut and L. N. Trefethen, SIAM Review 46 (2004) 501.

use std::cmp::Ordering;

/// Which curve.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CurveKind {
    Akima,
    Wodicka,
    Cubic,
    Lagrange,
}

/// A curve through points.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    points: Vec<(f64, f64)>,
    shape: Shape,
}

#[derive(Debug, Clone, PartialEq)]
enum Shape {
    /// Slopes at the left and at the right end of each interval.
    Cubics(Vec<[f64; 2]>),
    /// Weights of the points.
    Barycentric(Vec<f64>),
}

impl Curve {
    /// Through `points`, whose first numbers increase; `None` if they do not, or there are fewer than two.
    pub fn new(kind: CurveKind, points: &[(f64, f64)]) -> Option<Curve> {
        if points.len() < 2 || points.windows(2).any(|pair| pair[0].0.partial_cmp(&pair[1].0) != Some(Ordering::Less)) {
            return None;
        }
        let chords: Vec<f64> =
            points.windows(2).map(|pair| (pair[1].1 - pair[0].1) / (pair[1].0 - pair[0].0)).collect();
        let shape = match kind {
            CurveKind::Akima => Shape::Cubics(akima(&chords, false)),
            CurveKind::Wodicka => Shape::Cubics(akima(&chords, true)),
            CurveKind::Cubic => Shape::Cubics(natural(points, &chords)),
            CurveKind::Lagrange => Shape::Barycentric(weights(points)),
        };
        Some(Curve { points: points.to_vec(), shape })
    }

    /// Value and slope at `x`.
    pub fn at(&self, x: f64) -> (f64, f64) {
        let [first, last] = [self.points[0], self.points[self.points.len() - 1]];
        if x.is_nan() {
            return (f64::NAN, f64::NAN);
        }
        if x < first.0 || x > last.0 {
            return (if x < first.0 { first.1 } else { last.1 }, 0.0);
        }
        match &self.shape {
            Shape::Cubics(slopes) => {
                let right = self.points.partition_point(|point| point.0 <= x).clamp(1, self.points.len() - 1);
                hermite(self.points[right - 1], self.points[right], slopes[right - 1], x)
            }
            Shape::Barycentric(weights) => barycentric(&self.points, weights, x),
        }
    }
}

/// The cubic with these slopes at its ends.
fn hermite(left: (f64, f64), right: (f64, f64), [a, b]: [f64; 2], x: f64) -> (f64, f64) {
    let width = right.0 - left.0;
    let (chord, past) = ((right.1 - left.1) / width, x - left.0);
    let second = (3.0 * chord - 2.0 * a - b) / width;
    let third = (a + b - 2.0 * chord) / (width * width);
    (left.1 + past * (a + past * (second + past * third)), a + past * (2.0 * second + 3.0 * past * third))
}

/// Slopes of all intervals from those of their chords.
fn akima(chords: &[f64], keeps_corners: bool) -> Vec<[f64; 2]> {
    let (first, last) = (chords[0], chords[chords.len() - 1]);
    let [second, before_last] = [chords.get(1), chords.len().checked_sub(2).and_then(|index| chords.get(index))];
    let (second, before_last) = (second.copied().unwrap_or(first), before_last.copied().unwrap_or(last));
    let mut all = vec![3.0 * first - 2.0 * second, 2.0 * first - second];
    all.extend_from_slice(chords);
    all.extend([2.0 * last - before_last, 3.0 * last - 2.0 * before_last]);
    // At point i the chords around are all[i], …, all[i + 3]: before is all[i + 1], behind all[i + 2].
    let slope = |point: usize, on_right: bool| {
        let [a, before, behind, d] = [all[point], all[point + 1], all[point + 2], all[point + 3]];
        let (left, right) = ((d - behind).abs(), (before - a).abs());
        match left + right {
            0.0 if keeps_corners => [before, behind][usize::from(on_right)],
            0.0 => 0.5 * (before + behind),
            sum => (left * before + right * behind) / sum,
        }
    };
    (0..chords.len()).map(|interval| [slope(interval, true), slope(interval + 1, false)]).collect()
}

/// Slopes of the natural cubic spline: a tridiagonal system of second derivatives.
fn natural(points: &[(f64, f64)], chords: &[f64]) -> Vec<[f64; 2]> {
    let count = points.len();
    let width = |interval: usize| points[interval + 1].0 - points[interval].0;
    let (mut upper, mut right) = (vec![0.0; count], vec![0.0; count]);
    for i in 1..count - 1 {
        let pivot = 2.0 * (width(i - 1) + width(i)) - width(i - 1) * upper[i - 1];
        upper[i] = width(i) / pivot;
        right[i] = (6.0 * (chords[i] - chords[i - 1]) - width(i - 1) * right[i - 1]) / pivot;
    }
    let mut curvature = vec![0.0; count];
    for i in (1..count - 1).rev() {
        curvature[i] = right[i] - upper[i] * curvature[i + 1];
    }
    let slopes = |i: usize| {
        let (here, next) = (curvature[i], curvature[i + 1]);
        [chords[i] - width(i) * (2.0 * here + next) / 6.0, chords[i] + width(i) * (here + 2.0 * next) / 6.0]
    };
    (0..chords.len()).map(slopes).collect()
}

/// Barycentric weights, in units of a quarter of the interval so that they neither overflow nor vanish.
fn weights(points: &[(f64, f64)]) -> Vec<f64> {
    let unit = (points[points.len() - 1].0 - points[0].0) / 4.0;
    let weight = |i: usize| {
        let others = points.iter().enumerate().filter(|(j, _)| *j != i);
        others.map(|(_, other)| unit / (points[i].0 - other.0)).product::<f64>()
    };
    (0..points.len()).map(weight).collect()
}

fn barycentric(points: &[(f64, f64)], weights: &[f64], x: f64) -> (f64, f64) {
    let near = 1e-9 * (points[points.len() - 1].0 - points[0].0);
    if let Some(node) = points.iter().position(|point| (x - point.0).abs() <= near) {
        let (at, value) = points[node];
        let others = points.iter().zip(weights).filter(|(point, _)| point.0 != at);
        let slope: f64 = others.map(|(point, w)| w / weights[node] * (point.1 - value) / (at - point.0)).sum();
        return (value + slope * (x - at), slope);
    }
    let sum = |term: &dyn Fn(&(f64, f64)) -> f64| {
        points.iter().zip(weights).map(|(point, weight)| weight / (x - point.0) * term(point)).sum::<f64>()
    };
    let whole = sum(&|_| 1.0);
    let value = sum(&|point| point.1) / whole;
    (value, sum(&|point| (value - point.1) / (x - point.0)) / whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KINDS: [CurveKind; 4] = [CurveKind::Akima, CurveKind::Wodicka, CurveKind::Cubic, CurveKind::Lagrange];

    fn close(a: f64, b: f64, tolerance: f64) {
        assert!((a - b).abs() <= tolerance, "{a} is not {b}");
    }

    #[test]
    fn all_go_through_their_points_with_the_slope_of_their_values() {
        let points = [(0.0, 0.0), (1.0, 2.0), (2.5, 1.0), (3.0, 1.5), (5.0, -1.0), (6.0, 0.0)];
        for kind in KINDS {
            let curve = Curve::new(kind, &points).unwrap();
            points.iter().for_each(|point| close(curve.at(point.0).0, point.1, 1e-12));
            for x in [0.3, 1.7, 2.6, 3.9, 5.5] {
                let slope = (curve.at(x + 1e-6).0 - curve.at(x - 1e-6).0) / 2e-6;
                close(curve.at(x).1, slope, 1e-7);
            }
            assert_eq!((curve.at(-1.0), curve.at(9.0)), ((0.0, 0.0), (0.0, 0.0)));
        }
    }

    #[test]
    fn straight_lines_stay_straight_and_polynomials_are_found() {
        let line: Vec<(f64, f64)> = (0..5).map(|i| (f64::from(i * i), 3.0 * f64::from(i * i) - 1.0)).collect();
        for kind in KINDS {
            close(Curve::new(kind, &line).unwrap().at(7.3).0, 3.0 * 7.3 - 1.0, 1e-11);
        }
        let cube: Vec<(f64, f64)> = (0..5).map(|i| (f64::from(i), f64::from(i).powi(3))).collect();
        let curve = Curve::new(CurveKind::Lagrange, &cube).unwrap();
        close(curve.at(2.5).0, 2.5f64.powi(3), 1e-11);
        close(curve.at(2.5).1, 3.0 * 2.5f64.powi(2), 1e-10);
    }

    #[test]
    fn corners_stay_with_wodicka_alone() {
        let points = [(0.0, 0.0), (1.0, 0.0), (2.0, 0.0), (3.0, 1.0), (4.0, 2.0), (5.0, 3.0)];
        let at = |kind, x| Curve::new(kind, &points).unwrap().at(x).0;
        close(at(CurveKind::Wodicka, 1.5), 0.0, 1e-12);
        close(at(CurveKind::Wodicka, 2.5), 0.5, 1e-12);
        // Slopes 0 and 1/2 at the ends of the interval before the corner.
        close(at(CurveKind::Akima, 1.5), -0.0625, 1e-12);
    }

    #[test]
    fn a_natural_spline_has_no_curvature_at_its_ends() {
        let points = [(0.0, 0.0), (1.0, 1.0), (2.0, 0.0)];
        let curve = Curve::new(CurveKind::Cubic, &points).unwrap();
        // y = 1.5·x − 0.5·x³ in the first half.
        close(curve.at(0.5).0, 0.75 - 0.0625, 1e-12);
        close(curve.at(1.0).1, 0.0, 1e-12);
        assert!(Curve::new(CurveKind::Cubic, &points[..1]).is_none());
        assert!(Curve::new(CurveKind::Cubic, &[(1.0, 0.0), (1.0, 1.0)]).is_none());
    }
}

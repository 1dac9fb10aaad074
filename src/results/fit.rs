//! Least-squares fits of lines and exponentials.

/// The line y = intercept + slope·x nearest to the points; None with fewer than two different x.
pub fn line(x: &[f64], y: &[f64]) -> Option<(f64, f64)> {
    let count = x.len().min(y.len()) as f64;
    let (mean_x, mean_y) = (x.iter().sum::<f64>() / count, y.iter().sum::<f64>() / count);
    let spread: f64 = x.iter().map(|x| (x - mean_x).powi(2)).sum();
    let product: f64 = x.iter().zip(y).map(|(x, y)| (x - mean_x) * (y - mean_y)).sum();
    let slope = product / spread;
    slope.is_finite().then_some((slope, mean_y - slope * mean_x))
}

/// Coefficient of determination: 1 − Σ(y − model)² / Σ(y − mean)².
pub fn determination(y: &[f64], model: &[f64]) -> f64 {
    let mean = y.iter().sum::<f64>() / y.len() as f64;
    let total: f64 = y.iter().map(|y| (y - mean).powi(2)).sum();
    1.0 - squared_error(y, model) / total
}

fn squared_error(y: &[f64], model: &[f64]) -> f64 {
    y.iter().zip(model).map(|(y, model)| (y - model).powi(2)).sum()
}

/// A fit of y = a + b·exp(−x/τ); τ is negative where y runs away from a along x.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Exponential {
    pub a: f64,
    pub b: f64,
    pub tau: f64,
    /// Coefficient of determination.
    pub r2: f64,
}

/// Fits a + b·exp(−x/τ): the better of a decay and a growth along x.
pub fn exponential(x: &[f64], y: &[f64]) -> Option<Exponential> {
    let mirrored: Vec<f64> = x.iter().map(|x| -x).collect();
    let growth = decay(&mirrored, y).map(|fit| Exponential { tau: -fit.tau, ..fit });
    [decay(x, y), growth].into_iter().flatten().max_by(|a, b| a.r2.total_cmp(&b.r2))
}

/// Fits a + b·exp(−x/τ) with τ > 0: a and b linearly for each τ, τ by bisection of a scan over its logarithm.
fn decay(x: &[f64], y: &[f64]) -> Option<Exponential> {
    let least = x.iter().copied().fold(f64::INFINITY, f64::min);
    let extent = x.iter().copied().fold(f64::NEG_INFINITY, f64::max) - least;
    if x.len() < 4 || !extent.is_finite() || extent <= 0.0 || y.iter().any(|y| !y.is_finite()) {
        return None;
    }
    let error = |logarithm: f64| exponential_for(x, y, least, logarithm.exp()).map_or(f64::INFINITY, |fit| -fit.r2);
    const SCAN: usize = 160;
    let (low, high) = ((extent * 1e-5).ln(), (extent * 1e3).ln());
    let step = (high - low) / SCAN as f64;
    let best = (0..=SCAN).map(|index| low + step * index as f64).min_by(|a, b| error(*a).total_cmp(&error(*b)))?;
    let (mut left, mut right) = (best - step, best + step);
    const GOLDEN: f64 = 0.618_033_988_749_895;
    for _ in 0..80 {
        let (a, b) = (right - GOLDEN * (right - left), left + GOLDEN * (right - left));
        if error(a) < error(b) {
            right = b;
        } else {
            left = a;
        }
    }
    exponential_for(x, y, least, ((left + right) / 2.0).exp()).filter(|fit| fit.r2.is_finite())
}

fn exponential_for(x: &[f64], y: &[f64], origin: f64, tau: f64) -> Option<Exponential> {
    let decay: Vec<f64> = x.iter().map(|x| (-(x - origin) / tau).exp()).collect();
    let (slope, intercept) = line(&decay, y)?;
    let model: Vec<f64> = decay.iter().map(|decay| intercept + slope * decay).collect();
    Some(Exponential { a: intercept, b: slope * (origin / tau).exp(), tau, r2: determination(y, &model) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_an_exponential() {
        let x: Vec<f64> = (0..50).map(|index| 1e-3 * f64::from(index)).collect();
        let y: Vec<f64> = x.iter().map(|x| 2.0 - 3.0 * (-x / 7e-3).exp()).collect();
        let fit = exponential(&x, &y).unwrap();
        assert!((fit.tau / 7e-3 - 1.0).abs() < 1e-6 && fit.r2 > 1.0 - 1e-10);
        assert!((fit.a - 2.0).abs() < 1e-6 && (fit.b + 3.0).abs() < 1e-6);
        assert_eq!(exponential(&x, &vec![1.0; 50]), None);
        let y: Vec<f64> = x.iter().map(|x| 2.0 - 3.0 * (x / 7e-3).exp()).collect();
        let fit = exponential(&x, &y).unwrap();
        assert!((fit.tau / -7e-3 - 1.0).abs() < 1e-6 && (fit.b + 3.0).abs() < 1e-5, "{fit:?}");
    }

    #[test]
    fn finds_a_line() {
        assert_eq!(line(&[0.0, 1.0, 2.0], &[1.0, 3.0, 5.0]), Some((2.0, 1.0)));
        assert_eq!(line(&[1.0, 1.0], &[1.0, 3.0]), None);
        assert_eq!(determination(&[1.0, 2.0, 3.0], &[1.0, 2.0, 3.0]), 1.0);
    }
}

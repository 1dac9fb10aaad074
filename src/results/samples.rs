//! Statistics of samples: unlike those of curves, every value counts the same.

/// Mean.
pub fn mean(y: &[f64]) -> f64 {
    y.iter().sum::<f64>() / y.len() as f64
}

/// Standard deviation with n − 1.
pub fn standard_deviation(y: &[f64]) -> f64 {
    let centre = mean(y);
    (y.iter().map(|value| (value - centre).powi(2)).sum::<f64>() / (y.len() as f64 - 1.0)).sqrt()
}

/// Probability under normality of an Anderson–Darling statistic at least as large, mean and variance being estimated from the
/// sample; NaN below 8 values.
///
/// Source: D'Agostino & Stephens, Goodness-of-fit techniques (1986), table 4.9.
pub fn normality(y: &[f64]) -> f64 {
    if y.len() < 8 || y.iter().any(|value| !value.is_finite()) {
        return f64::NAN;
    }
    let (centre, spread) = (mean(y), standard_deviation(y));
    let mut sorted: Vec<f64> = y.iter().map(|value| (value - centre) / spread).collect();
    sorted.sort_by(f64::total_cmp);
    let below = |z: f64| 0.5 * libm::erfc(-z / std::f64::consts::SQRT_2);
    let n = sorted.len() as f64;
    let term = |(index, &z): (usize, &f64)| {
        let mirrored = sorted[sorted.len() - 1 - index];
        (2.0 * index as f64 + 1.0) * (below(z).ln() + below(-mirrored).ln())
    };
    let statistic = -n - sorted.iter().enumerate().map(term).sum::<f64>() / n;
    let a = statistic * (1.0 + 0.75 / n + 2.25 / (n * n));
    if a >= 0.6 {
        (1.2937 - 5.709 * a + 0.0186 * a * a).exp()
    } else if a >= 0.34 {
        (0.9177 - 4.279 * a - 1.38 * a * a).exp()
    } else if a >= 0.2 {
        1.0 - (-8.318 + 42.796 * a - 59.938 * a * a).exp()
    } else {
        1.0 - (-13.436 + 101.14 * a - 223.73 * a * a).exp()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normal_quantiles_are_normal_and_others_are_not() {
        // Quantiles of the logistic distribution are near the normal ones; those of the exponential are far.
        let part = |index: i32| (f64::from(index) + 0.5) / 100.0;
        let logistic: Vec<f64> = (0..100).map(|index| (part(index) / (1.0 - part(index))).ln()).collect();
        let exponential: Vec<f64> = (0..100).map(|index| -(1.0 - part(index)).ln()).collect();
        assert!(normality(&logistic) > 0.2);
        assert!(normality(&exponential) < 1e-6);
        assert!(normality(&[1.0; 7]).is_nan());
    }

    #[test]
    fn deviation_of_a_small_sample() {
        assert_eq!(standard_deviation(&[1.0, 2.0, 3.0]), 1.0);
    }
}

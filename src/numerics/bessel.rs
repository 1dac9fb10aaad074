//! Modified Bessel functions of the first kind, scaled so that they do not overflow.
//!
//! Below 20 by their power series, whose terms are all positive, above by their asymptotic expansion. Relative error about 1e-15.
//! Source: Abramowitz and Stegun, 9.6.10 and 9.7.1.

/// Where the expansions take turns.
const TURN: f64 = 20.0;

/// e^(−x)·I₀(x) for x ≥ 0.
pub fn scaled_i0(x: f64) -> f64 {
    if x > TURN { asymptotic(x, 0.0) } else { series(x, 0.0) * (-x).exp() }
}

/// e^(−x)·I₁(x) for x ≥ 0.
pub fn scaled_i1(x: f64) -> f64 {
    x * scaled_i1_over(x)
}

/// e^(−x)·I₁(x)/x for x ≥ 0; ½ at 0.
pub fn scaled_i1_over(x: f64) -> f64 {
    if x > TURN { asymptotic(x, 1.0) / x } else { 0.5 * series(x, 1.0) * (-x).exp() }
}

/// Σ (x²/4)^k/(k!·(k + order)!)
fn series(x: f64, order: f64) -> f64 {
    let quarter = 0.25 * x * x;
    let (mut term, mut sum, mut k) = (1.0, 1.0, 0.0);
    while term > 1e-17 * sum {
        k += 1.0;
        term *= quarter / (k * (k + order));
        sum += term;
    }
    sum
}

/// (1 − (μ − 1)/(8x) + (μ − 1)(μ − 9)/(2!·(8x)²) − …)/√(2πx), μ = 4·order².
fn asymptotic(x: f64, order: f64) -> f64 {
    let mu = 4.0 * order * order;
    let (mut term, mut sum, mut k) = (1.0, 1.0, 0.0);
    while f64::abs(term) > 1e-17 && k < TURN {
        k += 1.0;
        let odd = 2.0 * k - 1.0;
        term *= -(mu - odd * odd) / (k * 8.0 * x);
        sum += term;
    }
    sum / (std::f64::consts::TAU * x).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// ∫ e^(x·(cos θ − 1))·cos(order·θ) dθ/π over half a turn: exact to rounding by the trapezoidal rule.
    fn by_quadrature(x: f64, order: f64) -> f64 {
        let count = 400;
        let at = |k: i32| {
            let angle = std::f64::consts::PI * f64::from(k) / f64::from(count);
            (x * (angle.cos() - 1.0)).exp() * (order * angle).cos()
        };
        ((1..count).map(at).sum::<f64>() + 0.5 * (at(0) + at(count))) / f64::from(count)
    }

    #[test]
    fn both_are_their_integrals() {
        for x in [0.0, 0.1, 1.0, 7.0, 19.9, 20.1, 60.0, 900.0] {
            let (i0, i1) = (by_quadrature(x, 0.0), by_quadrature(x, 1.0));
            assert!((scaled_i0(x) - i0).abs() < 1e-13 * i0, "{x}");
            assert!((scaled_i1(x) - i1).abs() < 1e-13 * i0, "{x}");
        }
        assert_eq!(scaled_i1_over(0.0), 0.5);
    }
}

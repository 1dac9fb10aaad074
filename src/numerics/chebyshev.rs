//! Chebyshev filters of type I: equal ripples in the pass band.
//!
//! ```text
//! ε = √(10^(Ap/10) − 1)    n ≥ acosh(√(10^(As/10) − 1)/ε)/acosh(selectivity)
//! p_k = −sinh a·sin θ_k + j·cosh a·cos θ_k,   a = asinh(1/ε)/n,   θ_k = (2k − 1)·π/(2n)
//! |H| = 1/√(1 + ε²·T_n²(Ω)),   in the pass band between 1 and 10^(−Ap/20)
//! ```
//! Ap is the ripple, As the attenuation in the stop band, dB. The low pass of edge 1 becomes the others by s → s/ωp (low), ωp/s (high),
//! (s² + ω0²)/(B·s) (band pass) and B·s/(s² + ω0²) (band reject), with ω0² = ω1·ω2 and B = ω2 − ω1 of the pass band's edges.
//! Source: L. Weinberg, Network Analysis and Synthesis, McGraw-Hill 1962, chapter 11.

use std::f64::consts::{PI, TAU};

/// Largest degree of a filter.
const MOST_POLES: usize = 30;

/// What a filter lets through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Band {
    Low,
    High,
    Pass,
    Reject,
}

impl Band {
    /// `lp`, `hp`, `bp` or `br`.
    pub fn named(name: &str) -> Option<Band> {
        Some(match name {
            "lp" => Band::Low,
            "hp" => Band::High,
            "bp" => Band::Pass,
            "br" => Band::Reject,
            _ => return None,
        })
    }

    /// Edges of pass and stop bands together.
    pub fn edges(self) -> usize {
        if matches!(self, Band::Low | Band::High) { 2 } else { 4 }
    }
}

/// A quotient of polynomials in s; coefficients from the constant on.
pub type Quotient = [Vec<f64>; 2];

fn product(a: &[f64], b: &[f64]) -> Vec<f64> {
    let mut result = vec![0.0; a.len() + b.len() - 1];
    for (i, x) in a.iter().enumerate() {
        b.iter().enumerate().for_each(|(j, y)| result[i + j] += x * y);
    }
    result
}

fn power(base: &[f64], exponent: usize) -> Vec<f64> {
    (0..exponent).fold(vec![1.0], |power, _| product(&power, base))
}

/// Σ c_j·above^j·below^(n − j): the polynomial `c` of above/below, times below^n.
fn substituted(c: &[f64], above: &[f64], below: &[f64]) -> Vec<f64> {
    let degree = c.len() - 1;
    let mut sum = Vec::new();
    for (index, factor) in c.iter().enumerate() {
        let term = product(&power(above, index), &power(below, degree - index));
        sum.resize(term.len().max(sum.len()), 0.0);
        sum.iter_mut().zip(&term).for_each(|(to, value)| *to += factor * value);
    }
    sum
}

/// The denominator of the low pass of `order` with edge 1, its constant being 1, and the gain at s = 0.
fn low_pass(order: usize, ripple: f64) -> (Vec<f64>, f64) {
    let a = (1.0 / ripple).asinh() / order as f64;
    let mut denominator = vec![1.0];
    for k in 1..=order.div_ceil(2) {
        let angle = (2 * k - 1) as f64 * PI / (2 * order) as f64;
        let (re, im) = (-a.sinh() * angle.sin(), a.cosh() * angle.cos());
        let is_real = 2 * k - 1 == order;
        let square = re * re + im * im;
        let factor = if is_real { vec![1.0, -1.0 / re] } else { vec![1.0, -2.0 * re / square, 1.0 / square] };
        denominator = product(&denominator, &factor);
    }
    let gain = if order % 2 == 1 { 1.0 } else { 1.0 / (1.0 + ripple * ripple).sqrt() };
    (denominator, gain)
}

/// The filter of least order for these edges (Hz, in any order), ripple and attenuation (dB).
///
/// # Errors
/// The numbers describe no filter, or one of too high a degree.
pub fn filter(band: Band, edges: &[f64], ripple: f64, attenuation: f64) -> Result<Quotient, String> {
    let mut f = edges.to_vec();
    f.sort_by(f64::total_cmp);
    let distinct = f.len() == band.edges() && f[0] > 0.0 && f.windows(2).all(|pair| pair[0] < pair[1]);
    if !(distinct && f.iter().all(|edge| edge.is_finite())) {
        return Err(format!("expected {} different frequencies above 0", band.edges()));
    }
    if !(0.0 < ripple && ripple < attenuation) {
        return Err("expected a ripple above 0 dB, and an attenuation above the ripple".into());
    }
    // Frequencies are in units of `unit`, so that no power of them overflows.
    let (unit, above, below, selectivity) = match band {
        Band::Low => (f[0], vec![0.0, 1.0], vec![1.0], f[1] / f[0]),
        Band::High => (f[1], vec![1.0], vec![0.0, 1.0], f[1] / f[0]),
        Band::Pass => {
            let (unit, width) = ((f[1] * f[2]).sqrt(), f[2] - f[1]);
            let at = |stop: f64| ((stop * stop - unit * unit) / (stop * width)).abs();
            (unit, vec![1.0, 0.0, 1.0], vec![0.0, width / unit], at(f[0]).min(at(f[3])))
        }
        Band::Reject => {
            let (unit, width) = ((f[0] * f[3]).sqrt(), f[3] - f[0]);
            let at = |stop: f64| (stop * width / (stop * stop - unit * unit)).abs();
            (unit, vec![0.0, width / unit], vec![1.0, 0.0, 1.0], at(f[1]).min(at(f[2])))
        }
    };
    let size = |decibels: f64| (10f64.powf(decibels / 10.0) - 1.0).sqrt();
    let ratio = (size(attenuation) / size(ripple)).acosh();
    let order = (ratio / selectivity.acosh() - 1e-9).ceil().max(1.0);
    let poles = order * band.edges() as f64 / 2.0;
    if poles.is_nan() || poles > MOST_POLES as f64 {
        return Err(format!("the filter would have {poles:.0} poles, and at most {MOST_POLES} are possible"));
    }
    let (denominator, gain) = low_pass(order as usize, size(ripple));
    let in_hertz = |polynomial: Vec<f64>| {
        let scaled = polynomial.iter().enumerate().map(|(power, c)| c / (TAU * unit).powi(power as i32));
        scaled.collect::<Vec<f64>>()
    };
    let numerator: Vec<f64> = power(&below, order as usize).iter().map(|c| gain * c).collect();
    Ok([in_hertz(numerator), in_hertz(substituted(&denominator, &above, &below))])
}

#[cfg(test)]
mod tests {
    use super::*;
    use faer::c64;

    /// |H| in dB.
    fn level([numerator, denominator]: &Quotient, frequency: f64) -> f64 {
        let s = c64::new(0.0, TAU * frequency);
        let at =
            |polynomial: &[f64]| polynomial.iter().rev().fold(c64::new(0.0, 0.0), |sum, c| sum * s + c64::new(*c, 0.0));
        20.0 * (at(numerator) / at(denominator)).norm().log10()
    }

    #[test]
    fn every_band_keeps_to_its_ripple_and_attenuation() {
        let edges = [800.0, 1200.0, 2000.0, 3000.0];
        let cases = [
            (Band::Low, &edges[..2], [1.0, 800.0], [1200.0, 1e5]),
            (Band::High, &edges[..2], [1200.0, 1e5], [1.0, 800.0]),
            (Band::Pass, &edges[..], [1200.0, 2000.0], [3000.0, 1e5]),
            (Band::Reject, &edges[..], [10.0, 800.0], [1200.0, 2000.0]),
        ];
        for (band, edges, pass, stop) in cases {
            let found = filter(band, edges, 0.1, 50.0).unwrap();
            let levels = |range: [f64; 2]| {
                let at = |part: f64| level(&found, range[0] * (range[1] / range[0]).powf(part));
                (0..=400).map(|index| at(f64::from(index) / 400.0)).collect::<Vec<f64>>()
            };
            let passed = levels(pass);
            assert!(passed.iter().all(|level| (-0.1 - 1e-6..=1e-6).contains(level)), "{band:?}: {passed:?}");
            // Both ends of the ripple are reached.
            assert!(
                passed.iter().any(|level| *level > -1e-3) && passed.iter().any(|level| *level < -0.099),
                "{band:?}"
            );
            assert!(levels(stop).iter().all(|level| *level <= -50.0 + 1e-6), "{band:?}");
        }
    }

    #[test]
    fn the_order_is_the_least_one() {
        // acosh(√(10^5 − 1)/√(10^0.01 − 1))/acosh(1.5) = 8.6
        let [numerator, denominator] = filter(Band::Low, &[800.0, 1200.0], 0.1, 50.0).unwrap();
        assert_eq!((numerator.len(), denominator.len()), (1, 10));
        assert!(filter(Band::Low, &[800.0, 801.0], 0.1, 90.0).unwrap_err().contains("poles"));
        assert!(filter(Band::Pass, &[800.0, 1200.0], 0.1, 50.0).is_err());
        assert!(filter(Band::Low, &[800.0, 1200.0], 50.0, 0.1).is_err());
    }
}

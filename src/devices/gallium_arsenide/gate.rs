//! Current from the gate to one end of the channel.
//!
//! ```text
//! levels 2 to 4:  I·(e^(v/(n·Vt)) − 1) + G·v·e^(−del·v/Vt),  I = ½·W·L·astar·T²·e^(−phib/kT),  G = W·L·ggr·e^(xchi·(T − Tnom))
//! level 6:        I = ½·W·L·js,  G = ½·W·L·ggr
//! level 5:        G = ½·W·L·ggr, and two diodes and a resistance in series:
//!                 v = m1·Vt·ln(1 + i/i1) + m2·Vt·ln(1 + i/i2) + r·i,  i1, i2 = ½·W·L·js1, ½·W·L·js2
//!     solved by one step of Newton's method from i = ia·ib/(ia + ib), where ia is the current of r with a diode of (m1 + m2)·Vt and
//!     i2·(i1/i2)^(m1/(m1 + m2)), ib that of r with the first diode alone
//! ```
//! Source: Fjeldly, Moon and Shur, IEEE Trans. Electron Devices 38, 1976 (1991), for level 5.

use crate::numerics::scalar::Scalar;

/// Where exponentials go on as tangents.
const STEEPEST: f64 = 300.0;

/// A junction of the gate, of one transistor.
#[derive(Debug, Clone)]
pub struct GateDiode {
    pub forward: Forward,
    /// G, S
    pub conductance: f64,
    /// del/Vt, 1/V
    pub growth: f64,
}

#[derive(Debug, Clone)]
pub enum Forward {
    /// I, and n·Vt.
    Exponential {
        saturation: f64,
        scale: f64,
    },
    Series(Series),
}

/// Two diodes and a resistance in series.
#[derive(Debug, Clone)]
pub struct Series {
    /// i1, i2, A
    pub saturations: [f64; 2],
    /// m1·Vt, m2·Vt, V
    pub scales: [f64; 2],
    /// Ω
    pub resistance: f64,
}

impl GateDiode {
    #[inline(always)]
    pub fn current<S: Scalar>(&self, v: S) -> S {
        let forward = match &self.forward {
            Forward::Exponential { saturation, scale } => {
                ((v * (1.0 / scale)).exp_limited(STEEPEST) - 1.0) * *saturation
            }
            Forward::Series(series) => series.current(v),
        };
        if self.conductance == 0.0 {
            return forward;
        }
        forward + v * (v * -self.growth).exp_limited(STEEPEST) * self.conductance
    }

    /// Saturation current and scale of the exponential that runs away.
    pub fn steepest(&self) -> (f64, f64) {
        match &self.forward {
            Forward::Exponential { saturation, scale } => (*saturation, *scale),
            Forward::Series(series) => (series.saturations[0], series.scales[0]),
        }
    }
}

impl Series {
    fn current<S: Scalar>(&self, v: S) -> S {
        let ([first, second], [scale, other]) = (self.saturations, self.scales);
        if v.value() <= -10.0 * scale {
            return S::from(-first);
        }
        let both = scale + other;
        let joined = second * (first / second).powf(scale / both);
        let (a, b) = (self.with_diode(v, joined, both), self.with_diode(v, first, scale));
        let product = a * b;
        let start = if product.value() != 0.0 { product / (a + b) } else { (a + b) * 0.5 };
        let drop = (start * (1.0 / first)).ln_1p() * scale + (start * (1.0 / second)).ln_1p() * other;
        let slope = (start + first).recip() * scale + (start + second).recip() * other + self.resistance;
        (start + (v - drop - start * self.resistance) / slope).max(S::from(-first))
    }

    /// Current through the resistance and one diode.
    fn with_diode<S: Scalar>(&self, v: S, saturation: f64, scale: f64) -> S {
        if self.resistance <= 0.0 {
            return ((v * (1.0 / scale)).exp_limited(STEEPEST) - 1.0) * saturation;
        }
        let r = self.resistance;
        let argument = (v + r * saturation) * (1.0 / scale) + (saturation * r / scale).ln();
        omega(argument) * (scale / r) - saturation
    }
}

/// w of w + ln w = u (the function of Wright and Lambert).
fn omega<S: Scalar>(u: S) -> S {
    let w = omega_at(u.value());
    let part = 1.0 / (1.0 + w);
    let second = w * part * part * part;
    u.function(w, w * part, || [second, second * (1.0 - 2.0 * w) * part * part])
}

fn omega_at(u: f64) -> f64 {
    if u < -30.0 {
        return u.exp();
    }
    // In terms of ln w below 1, where w loses its digits in the sum, else of w.
    if u < 1.0 {
        let mut logarithm = u - u.exp().min(1.0) * 0.5;
        for _ in 0..20 {
            let w = logarithm.exp();
            let step = (w + logarithm - u) / (w + 1.0);
            logarithm -= step;
            if step.abs() < 1e-15 {
                break;
            }
        }
        return logarithm.exp();
    }
    let mut w = if u > 2.0 { u - u.ln() } else { 1.0 };
    for _ in 0..20 {
        let step = (w + w.ln() - u) * w / (w + 1.0);
        w -= step;
        if step.abs() < 1e-15 * w {
            break;
        }
    }
    w
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numerics::dual::Dual;

    #[test]
    fn omega_solves_its_equation() {
        for u in [-50.0, -29.0, -3.0, -0.5, 0.5, 0.999, 1.0, 1.7, 3.0, 40.0, 700.0] {
            let w = omega_at(u);
            assert!((w + w.ln() - u).abs() < 1e-13 * u.abs().max(1.0), "{u}: {w}");
        }
    }

    #[test]
    fn diodes_in_series_share_their_voltage() {
        let series = Series { saturations: [1e-11, 1e-5], scales: [0.034, 0.178], resistance: 90.0 };
        let drop = |i: f64| 0.034 * (i / 1e-11).ln_1p() + 0.178 * (i / 1e-5).ln_1p() + 90.0 * i;
        assert!(series.current(Dual::<1>::variable(0.0, 0)).value.abs() < 1e-30);
        assert!(
            (series.current(Dual::<1>::variable(0.0, 0)).gradient[0] * (0.034 / 1e-11 + 0.178 / 1e-5 + 90.0) - 1.0)
                .abs()
                < 1e-9
        );
        for i in [-0.5e-11, 1e-11, 1e-9, 1e-8] {
            let found = series.current(drop(i));
            assert!((found / i - 1.0).abs() < 2e-3, "{i}: {found}");
        }
        // Far up the resistance is what counts.
        assert!((series.current(Dual::<1>::variable(50.0, 0)).gradient[0] * 90.0 - 1.0).abs() < 0.02);
    }
}

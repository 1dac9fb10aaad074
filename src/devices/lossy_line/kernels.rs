//! What a lossy line does to a ramp: its admittance and its two transmissions, as functions of time.
//!
//! ```text
//! with inductance (z = √(l/c), α = r/(2l), T = len·√(lc), x = α·√(t² − T²)):
//!   z·Y:      1/√(s(s + 2α)) for a step, so e^(−αt)·I₀(αt), and t·e^(−αt)·(I₀(αt) + I₁(αt)) for a ramp
//!   e^(−γ):   impulse e^(−αT)·δ(t − T) + α²·T·e^(−αt)·I₁(x)/x
//!   z·Y·e^(−γ): step e^(−αt)·I₀(x),  both from T on
//! without (z = r·len, τ = r·c·len²), where z·i1 = A·v1 − B·v2 has currents as smooth as they are; of a ramp:
//!   A = γ·coth γ:  t + Σ 2·τ/(nπ)²·(1 − e^(−(nπ)²t/τ)),  n = 1, 2, …
//!   B = γ/sinh γ:  the same with (−1)^n
//!   early: A = G(0) + 2·G(2) + 2·G(4) + …,  B = 2·G(1) + 2·G(3) + …,
//!          G(a) = 2·√(τt/π)·e^(−a²τ/(4t)) − a·τ·erfc(½·a·√(τ/t))
//! ```
//! What is not in closed form is integrated once into tables. The parts that are waves (δ) are left out here.

use std::f64::consts::PI;

use crate::numerics::bessel::{scaled_i0, scaled_i1_over};

/// Responses to a ramp of slope 1, without their waves.
pub enum Kernels {
    Damped(Box<Tables>),
    /// τ in seconds.
    Diffusive(f64),
}

/// The integrals of a line with inductance.
pub struct Tables {
    delay: f64,
    admittance: Ramp,
    transmission: Ramp,
    product: Ramp,
}

impl Kernels {
    /// Of a line with delay and damping α in 1/s.
    pub fn damped(delay: f64, damping: f64) -> Self {
        let wave = (-damping * delay).exp();
        let admittance = Ramp::of_step(1.0 / damping, 1.0 / damping, |t| scaled_i0(damping * t) - 1.0);
        let (short, long) = (delay.min(1.0 / damping), delay.max(1.0 / damping));
        // t − √(t² − T²) without cancellation, and x; `past` is t − T.
        let parts = |past: f64| {
            let (time, root) = (past + delay, (past * (past + 2.0 * delay)).sqrt());
            ((-damping * delay * delay / (time + root)).exp(), damping * root)
        };
        let product = |past: f64| {
            let (decay, x) = parts(past);
            decay * scaled_i0(x) - wave
        };
        let impulse = |past: f64| {
            let (decay, x) = parts(past);
            damping * damping * delay * decay * scaled_i1_over(x)
        };
        Kernels::Damped(Box::new(Tables {
            delay,
            admittance,
            transmission: Ramp::of_impulse(short, long, impulse),
            product: Ramp::of_step(short, long, product),
        }))
    }

    /// Admittance, transmission, and their product, `time` after a ramp began; of a diffusive line A, nothing, and B.
    pub fn ramps(&self, time: f64) -> [f64; 3] {
        if time <= 0.0 {
            return [0.0; 3];
        }
        match self {
            Kernels::Damped(tables) => {
                let past = time - tables.delay;
                [tables.admittance.at(time), tables.transmission.at(past), tables.product.at(past)]
            }
            &Kernels::Diffusive(tau) => {
                let [near, far] = diffusion(tau, time);
                [near, 0.0, far]
            }
        }
    }
}

/// Terms of either series that count where they take turns.
const TERMS: i32 = 6;

/// A and B at `time` above 0.
fn diffusion(tau: f64, time: f64) -> [f64; 2] {
    let (mut near, mut far) = (0.0, 0.0);
    if time > 0.25 * tau {
        for n in 1..=TERMS {
            let rate = (f64::from(n) * PI).powi(2);
            let part = -2.0 * tau / rate * (-rate * time / tau).exp();
            near += part;
            far += if n % 2 == 0 { part } else { -part };
        }
        // The sums of 2/(nπ)², and with alternating signs.
        return [near + time + tau / 3.0, far + time - tau / 6.0];
    }
    let root = 2.0 * (tau * time / PI).sqrt();
    for n in 1..=2 * TERMS {
        let a = f64::from(n);
        let part = root * (-a * a * tau / (4.0 * time)).exp() - a * tau * libm::erfc(0.5 * a * (tau / time).sqrt());
        *(if n % 2 == 0 { &mut near } else { &mut far }) += 2.0 * part;
    }
    [near + root, far]
}

/// A function with its slope at points in a geometric progression, cubic between them.
struct Ramp {
    first: f64,
    /// Time, value, slope.
    points: Vec<[f64; 3]>,
}

/// Ratio of neighbouring points.
const RATIO: f64 = 1.03;

/// First and last point as parts of the shortest and the longest time of the line.
const RANGE: [f64; 2] = [1e-4, 1e6];

/// Nodes and weights of Gauss and Legendre on 0…1.
const GAUSS: [[f64; 2]; 5] = [
    [0.046_910_077_030_668, 0.118_463_442_528_094_54],
    [0.230_765_344_947_158_46, 0.239_314_335_249_683_24],
    [0.5, 0.284_444_444_444_444_44],
    [0.769_234_655_052_841_5, 0.239_314_335_249_683_24],
    [0.953_089_922_969_332, 0.118_463_442_528_094_54],
];

impl Ramp {
    /// Integral of a step response.
    fn of_step(short: f64, long: f64, step: impl Fn(f64) -> f64) -> Self {
        let next = |[time, value, _]: [f64; 3], end: f64| {
            let width = end - time;
            let area: f64 = GAUSS.iter().map(|&[at, weight]| weight * step(time + at * width)).sum();
            [end, value + width * area, step(end)]
        };
        Self::new(short, long, [0.0, 0.0, step(0.0)], next)
    }

    /// Twice the integral of an impulse response.
    fn of_impulse(short: f64, long: f64, impulse: impl Fn(f64) -> f64) -> Self {
        let next = |[time, value, slope]: [f64; 3], end: f64| {
            let width = end - time;
            let (mut area, mut moment) = (0.0, 0.0);
            for [at, weight] in GAUSS {
                let part = weight * impulse(time + at * width);
                area += part;
                moment += (1.0 - at) * part;
            }
            [end, value + width * (slope + width * moment), slope + width * area]
        };
        Self::new(short, long, [0.0; 3], next)
    }

    fn new(short: f64, long: f64, start: [f64; 3], next: impl Fn([f64; 3], f64) -> [f64; 3]) -> Self {
        let (first, last) = (RANGE[0] * short, RANGE[1] * long);
        let mut points = vec![start, next(start, first)];
        let (mut point, mut end) = (points[1], first);
        while end < last {
            end *= RATIO;
            point = next(point, end);
            points.push(point);
        }
        Ramp { first, points }
    }

    fn at(&self, time: f64) -> f64 {
        if time <= 0.0 {
            return 0.0;
        }
        let mut index = if time < self.first { 0 } else { 1 + ((time / self.first).ln() / RATIO.ln()) as usize };
        let last = self.points.len() - 1;
        if index >= last {
            let [end, value, slope] = self.points[last];
            return value + slope * (time - end);
        }
        // Rounding may have put it one too far.
        index -= usize::from(index > 0 && time < self.points[index][0]);
        let ([t0, v0, s0], [t1, v1, s1]) = (self.points[index], self.points[index + 1]);
        let width = t1 - t0;
        let (u, straight) = ((time - t0) / width, v1 - v0);
        let (below, above) = (s0 * width - straight, s1 * width - straight);
        v0 + u * (straight + (1.0 - u) * ((1.0 - u) * below - u * above))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numerics::bessel::scaled_i1;

    #[test]
    fn the_admittance_has_a_closed_form() {
        let (delay, damping) = (2.0, 0.7);
        let kernels = Kernels::damped(delay, damping);
        for time in [1e-6, 1e-3, 0.3, 1.0, 5.0, 77.0, 3000.0] {
            let x = damping * time;
            let expected = time * (scaled_i0(x) + scaled_i1(x)) - time;
            let found = kernels.ramps(time)[0];
            assert!((found - expected).abs() < 1e-8 * time, "{time}: {found} instead of {expected}");
        }
    }

    /// ∫ e^(−st)·response dt against what the line is at s: transforms of what is a wave, and of the ramp.
    #[test]
    fn ramps_are_those_of_the_line() {
        let transform = |kernels: &Kernels, s: f64| {
            let (count, end) = (50_000, 60.0 / s);
            let step = end / f64::from(count);
            let mut sums = [0.0; 3];
            for k in 0..count {
                let time = step * (f64::from(k) + 0.5);
                let ramps = kernels.ramps(time);
                sums.iter_mut().zip(ramps).for_each(|(sum, ramp)| *sum += (-s * time).exp() * ramp * step);
            }
            sums
        };
        for (delay, damping, s) in [(1.0, 0.3, 0.5), (1.0, 4.0, 0.8), (0.2, 1.0, 3.0f64)] {
            let kernels = Kernels::damped(delay, damping);
            let (admittance, root) = ((s / (s + 2.0 * damping)).sqrt(), (s * (s + 2.0 * damping)).sqrt());
            let wave = (-delay * (s + damping)).exp();
            let transmission = (-delay * root).exp();
            let expected = [admittance - 1.0, transmission - wave, admittance * transmission - wave];
            for (found, expected) in transform(&kernels, s).into_iter().zip(expected) {
                assert!((found - expected / (s * s)).abs() < 1e-6 / (s * s), "{found} {}", expected / (s * s));
            }
        }
        let (tau, s) = (1.3f64, 0.9f64);
        let root = (s * tau).sqrt();
        let expected = [root / root.tanh(), 0.0, root / root.sinh()];
        for (found, expected) in transform(&Kernels::Diffusive(tau), s).into_iter().zip(expected) {
            assert!((found - expected / (s * s)).abs() < 1e-5 / (s * s), "{found} {}", expected / (s * s));
        }
    }
}

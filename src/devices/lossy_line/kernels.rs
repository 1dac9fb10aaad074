//! What a lossy line does to a ramp: its admittance and its two transmissions, as functions of time.
//!
//! ```text
//! with inductance (z = √(l/c), α = r/(2l), β = g/(2c), T = len·√(lc), μ = α + β, ν = |α − β|, x = ν·√(t² − T²)):
//!   z·Y:      impulse δ(t) + ν·e^(−μt)·(I₁(νt) − I₀(νt));   of α < β this is Z/z
//!   e^(−γ):   impulse e^(−μT)·δ(t − T) + ν²·T·e^(−μt)·I₁(x)/x
//!   z·Y·e^(−γ): impulse e^(−μT)·δ(t − T) + e^(−μt)·(ν²·t·I₁(x)/x − ν·I₀(x)),   both from T on
//! without (z = r·len, τ = r·c·len²), where z·i1 = A·v1 − B·v2 has currents as smooth as they are; of a ramp:
//!   A = γ·coth γ:  t + Σ 2·τ/(nπ)²·(1 − e^(−(nπ)²t/τ)),  n = 1, 2, …
//!   B = γ/sinh γ:  the same with (−1)^n
//!   early: A = G(0) + 2·G(2) + 2·G(4) + …,  B = 2·G(1) + 2·G(3) + …,
//!          G(a) = 2·√(τt/π)·e^(−a²τ/(4t)) − a·τ·erfc(½·a·√(τ/t))
//!   with leakage (b = g/c) the impulse responses are e^(−bt) times those without; what this takes away is integrated
//! ```
//! What is not in closed form is integrated once into tables. The parts that are waves (δ) are left out here.

use std::f64::consts::PI;

use crate::numerics::bessel::{scaled_i0, scaled_i1, scaled_i1_over};

/// Responses to a ramp of slope 1, without their waves.
pub enum Kernels {
    Damped(Box<Tables>),
    /// τ in seconds, and what a leakage adds to A and B.
    Diffusive(f64, Option<Box<[Ramp; 2]>>),
}

/// The integrals of a line with inductance.
pub struct Tables {
    delay: f64,
    admittance: Ramp,
    transmission: Ramp,
    product: Ramp,
}

impl Kernels {
    /// Of a line with delay in s; `dampings` are r/(2l) and g/(2c) in 1/s.
    pub fn damped(delay: f64, dampings: [f64; 2]) -> Self {
        let [mean, bend] = [dampings[0] + dampings[1], (dampings[0] - dampings[1]).abs()];
        // The rate at which all of it ends.
        let decay = mean - bend;
        let short = delay.min(1.0 / mean);
        let range = [EARLIEST * short, (LATEST * delay.max(1.0 / bend)).min(ENDED * delay.max(1.0 / decay))];
        let admittance = |t: f64| bend * (-decay * t).exp() * (scaled_i1(bend * t) - scaled_i0(bend * t));
        // t and x, and what is left of e^(x − μt); `past` is t − T.
        let parts = |past: f64| {
            let (time, root) = (past + delay, (past * (past + 2.0 * delay)).sqrt());
            (time, bend * root, (-decay * time - bend * delay * delay / (time + root)).exp())
        };
        let transmission = |past: f64| {
            let (_, x, left) = parts(past);
            bend * bend * delay * left * scaled_i1_over(x)
        };
        let product = |past: f64| {
            let (time, x, left) = parts(past);
            left * bend * (bend * time * scaled_i1_over(x) - scaled_i0(x))
        };
        Kernels::Damped(Box::new(Tables {
            delay,
            admittance: Ramp::of_impulse(range, None, admittance),
            transmission: Ramp::of_impulse(range, None, transmission),
            product: Ramp::of_impulse(range, None, product),
        }))
    }

    /// Of a line without inductance: τ = r·c·len² in s and g/c in 1/s.
    pub fn diffusive(tau: f64, leakage: f64) -> Self {
        if leakage == 0.0 {
            return Kernels::Diffusive(tau, None);
        }
        let short = tau.min(1.0 / leakage);
        let range = [1e-2 * EARLIEST * short, 10.0 * tau];
        let lost = |side: usize| move |t: f64| (-leakage * t).exp_m1() * diffusion_impulse(tau, t)[side];
        // Early it is ½·b·√(τ/π)/√t at the near end.
        let (first, root) = (range[0], leakage * (tau * range[0] / PI).sqrt());
        let near = Ramp::of_impulse(range, Some([first, 2.0 / 3.0 * root * first, root]), lost(0));
        Kernels::Diffusive(tau, Some(Box::new([near, Ramp::of_impulse(range, None, lost(1))])))
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
            Kernels::Diffusive(tau, lost) => {
                let [near, far] = diffusion(*tau, time);
                let [lost_near, lost_far] =
                    lost.as_ref().map_or([0.0; 2], |lost| lost.each_ref().map(|side| side.at(time)));
                [near + lost_near, 0.0, far + lost_far]
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

/// The impulse responses of A and B at `time` above 0.
fn diffusion_impulse(tau: f64, time: f64) -> [f64; 2] {
    let (mut near, mut far) = (0.0, 0.0);
    if time > 0.25 * tau {
        for n in 1..=TERMS {
            let rate = (f64::from(n) * PI).powi(2);
            let part = -2.0 * rate / tau * (-rate * time / tau).exp();
            near += part;
            far += if n % 2 == 0 { part } else { -part };
        }
        return [near, far];
    }
    let scale = (tau / PI).sqrt() / (2.0 * time * time.sqrt());
    for n in 1..=2 * TERMS {
        let a = f64::from(n).powi(2) * tau / (2.0 * time);
        *(if n % 2 == 0 { &mut near } else { &mut far }) += 2.0 * scale * (a - 1.0) * (-0.5 * a).exp();
    }
    [near - scale, far]
}

/// A function with its slope at points in a geometric progression, cubic between them.
pub struct Ramp {
    first: f64,
    /// Time, value, slope.
    points: Vec<[f64; 3]>,
}

/// Ratio of neighbouring points.
const RATIO: f64 = 1.03;

/// The first point as a part of the shortest time of the line; the last one as a multiple of the longest, and of the longest in
/// which responses end exponentially.
const EARLIEST: f64 = 1e-4;
const LATEST: f64 = 1e6;
const ENDED: f64 = 100.0;

/// Nodes and weights of Gauss and Legendre on 0…1.
const GAUSS: [[f64; 2]; 5] = [
    [0.046_910_077_030_668, 0.118_463_442_528_094_54],
    [0.230_765_344_947_158_46, 0.239_314_335_249_683_24],
    [0.5, 0.284_444_444_444_444_44],
    [0.769_234_655_052_841_5, 0.239_314_335_249_683_24],
    [0.953_089_922_969_332, 0.118_463_442_528_094_54],
];

impl Ramp {
    /// Twice the integral of an impulse response over a range of times; `early` is the first point where the integral up to it is
    /// not that of a smooth function.
    fn of_impulse(range: [f64; 2], early: Option<[f64; 3]>, impulse: impl Fn(f64) -> f64) -> Self {
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
        let [first, last] = range;
        let mut point = early.unwrap_or_else(|| next([0.0; 3], first));
        let (mut points, mut end) = (vec![[0.0; 3], point], first);
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

    #[test]
    fn the_admittance_has_a_closed_form() {
        let (delay, damping) = (2.0, 0.7);
        let kernels = Kernels::damped(delay, [damping, 0.0]);
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
        for (delay, dampings, s) in [
            (1.0, [0.3, 0.0], 0.5),
            (1.0, [4.0, 0.0], 0.8),
            (0.2, [1.0, 0.0], 3.0),
            (1.0, [0.3, 0.1], 0.5),
            (1.0, [2.0, 1.9], 0.5),
            (0.5, [0.1, 3.0], 0.7),
            (1.0, [0.4, 0.4], 0.5f64),
        ] {
            let kernels = Kernels::damped(delay, dampings);
            let [low, high] =
                [dampings[0].min(dampings[1]), dampings[0].max(dampings[1])].map(|damping| s + 2.0 * damping);
            let (admittance, root) = ((low / high).sqrt(), (low * high).sqrt());
            let wave = (-delay * (s + dampings[0] + dampings[1])).exp();
            let transmission = (-delay * root).exp();
            let expected = [admittance - 1.0, transmission - wave, admittance * transmission - wave];
            for (found, expected) in transform(&kernels, s).into_iter().zip(expected) {
                assert!((found - expected / (s * s)).abs() < 1e-6 / (s * s), "{found} {}", expected / (s * s));
            }
        }
        for (tau, leakage, s) in [(1.3f64, 0.0, 0.9f64), (1.3, 0.5, 0.9), (0.2, 20.0, 3.0), (5.0, 4.0, 0.7)] {
            let root = ((s + leakage) * tau).sqrt();
            let expected = [root / root.tanh(), 0.0, root / root.sinh()];
            for (found, expected) in transform(&Kernels::diffusive(tau, leakage), s).into_iter().zip(expected) {
                assert!(
                    (found - expected / (s * s)).abs() < 1e-5 * root.max(1.0) / (s * s),
                    "{found} {}",
                    expected / (s * s)
                );
            }
        }
    }
}

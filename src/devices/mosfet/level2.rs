//! Level 2: Grove and Frohman's analytical model.
//!
//! ```text
//! γs = γ·(1 − (xj/2·leff)·(√(1 + 2·ws/xj) + √(1 + 2·wd/xj) − 2)),  ws = xd·√(φ − vbs), wd = xd·√(φ − vbs + vds)
//! η = 1 + delta·π·εsi/(4·cox·w),   vbin = vbi + (η − 1)·(φ − vbs),   von = vbin + γs·√(φ − vbs)
//! id = β·μ/(1 − λ·vds)·((vgs − vbin − η·vdsx/2)·vdsx − ⅔·γs·((φ − vbs + vdsx)^1.5 − (φ − vbs)^1.5)),   vdsx = min(vds, vdsat)
//! vdsat: where the channel's charge ends, g = γs/η:
//!        vdsat = (vgs − vbin)/η + g²/2·(1 − √(1 + 4/g²·((vgs − vbin)/η + φ − vbs)))
//!        with vmax where the carriers reach it: vmax·leff/μ·Q(vdsat) = ∫Q dv from 0 to vdsat (Baum)
//! μ = (ucrit·εsi/(cox·(vgs − von)))^uexp, at most 1
//! λ·vds = xd/leff·√((vds − vdsat)/4 + √(1 + ((vds − vdsat)/4)²)), with vmax xd/(√neff·leff)·(√(xv² + vds − vdsat) − xv), xv = vmax·xd/(2·μ·√neff)
//! ```
//! Without γ, ngspice 39 finds Baum's root at some gate voltages only, and has no velocity saturation at the others.
//! With nfs, below von + n·Vt the current falls by e^((vgs − von)/(n·Vt)).
//!
//! Sources: Frohman-Bentchkowsky and Grove, IEEE Trans. ED 16, 108 (1969); Baum and Beneking, IEEE Trans. ED 17, 481 (1970);
//! Vladimirescu and Liu, UCB/ERL M80/7 (1980); Antognetti and Massobrio, chapter 4.

use super::card::{Context, SILICON_PERMITTIVITY};
use super::channel::{Channel, Conduction};
use crate::devices::constants::CHARGE;
use crate::numerics::scalar::Scalar;

/// Grove and Frohman's channel.
#[derive(Clone)]
pub struct GroveFrohman {
    beta: f64,
    built_in: f64,
    body_effect: f64,
    surface_potential: f64,
    root: f64,
    length: f64,
    /// η − 1
    narrow: f64,
    /// xj, m.
    junction_depth: f64,
    /// xd, m/√V; 0 without doping.
    depletion: f64,
    /// Mobility, m²/Vs.
    mobility: f64,
    /// Overdrive at which it begins to fall, V, and the exponent.
    critical: f64,
    critical_exponent: f64,
    /// vmax, m/s.
    velocity: f64,
    effective_charge: f64,
    modulation: f64,
    /// Least channel length before punch-through, m.
    punch_through: f64,
    /// q·nfs/cox
    fast_states: f64,
    thermal: f64,
}

/// What does not depend on the gate.
struct Bulk<S> {
    /// φ − vbs, and √ of it and of φ − vbs + vds
    potential: S,
    root: S,
    /// γs
    gamma: S,
    vbin: S,
    turn_on: S,
    /// n·Vt; 0 without weak inversion.
    slope: S,
}

impl GroveFrohman {
    /// √(φ + v), for negative bias a hyperbola with the same slope at 0.
    #[inline(always)]
    fn root_at<S: Scalar>(&self, v: S) -> S {
        if v.value() >= 0.0 {
            (v + self.surface_potential).sqrt()
        } else {
            (v * (-0.5 / self.surface_potential) + 1.0).recip() * self.root
        }
    }

    /// γs from the roots at source and drain.
    #[inline(always)]
    fn body<S: Scalar>(&self, source: S, drain: S) -> S {
        if self.junction_depth <= 0.0 {
            return S::constant(self.body_effect);
        }
        let width = 2.0 * self.depletion / self.junction_depth;
        let sum = (source * width + 1.0).sqrt() + (drain * width + 1.0).sqrt() - 2.0;
        (sum * (-0.5 * self.junction_depth / self.length) + 1.0) * self.body_effect
    }

    #[inline(always)]
    fn bulk<S: Scalar>(&self, vds: S, vbs: S) -> Bulk<S> {
        let potential = vbs * -1.0 + self.surface_potential;
        let (root, at_drain) = (self.root_at(-vbs), self.root_at(vds - vbs));
        let vbin = potential * self.narrow + self.built_in;
        let gamma = self.body(root, at_drain);
        let mut turn_on = vbin + gamma * root;
        let mut slope = S::zero();
        if self.fast_states > 0.0 {
            slope =
                (self.depletion_slope(root, at_drain, gamma) + (1.0 + self.fast_states + self.narrow)) * self.thermal;
            turn_on += slope;
        }
        Bulk { potential, root, gamma, vbin, turn_on, slope }
    }

    /// −∂(γs·√(φ − vbs))/∂vbs, the depletion layer's share in n.
    #[inline(always)]
    fn depletion_slope<S: Scalar>(&self, root: S, at_drain: S, gamma: S) -> S {
        let slope = |root: S| root.recip() * -0.5;
        let mut of_gamma = S::zero();
        if self.junction_depth > 0.0 {
            let width = 2.0 * self.depletion / self.junction_depth;
            let end = |root: S| slope(root) / (root * width + 1.0).sqrt();
            of_gamma = (end(root) + end(at_drain)) * (-0.5 * self.body_effect * self.depletion / self.length);
        }
        -(gamma * slope(root) + of_gamma * root)
    }

    /// Saturation voltage without velocity saturation, `over` being (vgs − vbin)/η and `g` γs/η.
    #[inline(always)]
    fn pinch_off<S: Scalar>(over: S, g: S, potential: S) -> S {
        if g.value() <= 0.0 {
            return over.max(S::zero());
        }
        let argument = over + potential;
        if argument.value() <= 0.0 {
            return S::zero();
        }
        let square = g * g;
        let root = (argument * 4.0 / square + 1.0).sqrt();
        (over + square * (root * -1.0 + 1.0) * 0.5).max(S::zero())
    }

    /// Saturation voltage at which carriers reach vmax: the root of Baum's quartic in y = √(vdsat + φ − vbs), between source
    /// and pinch-off.
    fn scattered<S: Scalar>(&self, pinch_off: S, over: S, g: S, bulk: &Bulk<S>, ueff: S) -> S {
        let (v1, v2, root) = (over + bulk.potential, bulk.potential, bulk.root);
        let xv = ueff.recip() * (self.velocity * self.length);
        let cubed = root * root * root;
        let a = g * (4.0 / 3.0);
        let b = (v1 + xv) * -2.0;
        let c = g * xv * -2.0;
        let d = v1 * (v2 + xv) * 2.0 - v2 * v2 - g * cubed * (4.0 / 3.0);
        let (mut low, mut high) = (v2.value().max(0.0).sqrt(), (pinch_off + v2).value().max(0.0).sqrt());
        let polynomial = |y: f64| (((y + a.value()) * y + b.value()) * y + c.value()) * y + d.value();
        let slope = |y: f64| ((4.0 * y + 3.0 * a.value()) * y + 2.0 * b.value()) * y + c.value();
        let falling = polynomial(low) > polynomial(high);
        let mut y = high;
        for _ in 0..60 {
            let value = polynomial(y);
            if (value > 0.0) == falling {
                low = y
            } else {
                high = y
            }
            let newton = y - value / slope(y);
            let next = if newton > low && newton < high { newton } else { 0.5 * (low + high) };
            let done = (next - y).abs() <= 1e-15 * y.abs();
            y = next;
            if done {
                break;
            }
        }
        // One step of Newton's method over the scalar gives the derivatives.
        let residual = (((a + y) * y + b) * y + c) * y + d;
        let y = residual * (-1.0 / slope(y)) + y;
        (y * y - v2).max(S::zero())
    }

    /// λ·vds
    #[inline(always)]
    fn shortening<S: Scalar>(&self, vds: S, vdsat: S, ueff: S) -> S {
        if self.modulation > 0.0 || self.depletion == 0.0 {
            return vds * self.modulation;
        }
        if self.velocity > 0.0 {
            let width = self.depletion / self.effective_charge.sqrt();
            let xv = ueff.recip() * (0.5 * self.velocity * width);
            let past = (vds - vdsat).max(S::zero());
            return ((xv * xv + past).sqrt() - xv) * (width / self.length);
        }
        let quarter = (vds - vdsat) * 0.25;
        (quarter + (quarter * quarter + 1.0).sqrt()).sqrt() * (self.depletion / self.length)
    }

    /// leff after shortening, as part of leff.
    #[inline(always)]
    fn remaining<S: Scalar>(&self, shortening: S) -> S {
        let remaining = shortening * -1.0 + 1.0;
        let least = self.punch_through / self.length;
        if remaining.value() >= least {
            return remaining;
        }
        // ngspice: the channel never becomes shorter than nothing.
        ((shortening - (1.0 - least)) * (1.0 / least) + 1.0).recip() * least
    }
}

impl Channel for GroveFrohman {
    const LEVEL: u8 = 2;

    fn new(context: &Context) -> Self {
        let m = context.model;
        let doped = m.is_given("nsub");
        GroveFrohman {
            beta: context.beta,
            built_in: context.built_in,
            body_effect: context.body_effect,
            surface_potential: context.surface_potential,
            root: context.surface_potential.sqrt(),
            length: context.length,
            narrow: m.delta * 0.25 * std::f64::consts::PI * SILICON_PERMITTIVITY / (context.oxide * context.width),
            junction_depth: m.junction_depth,
            depletion: context.depletion,
            mobility: context.mobility,
            critical: m.critical_field * 100.0 * SILICON_PERMITTIVITY / context.oxide,
            critical_exponent: m.critical_exponent,
            velocity: m.velocity,
            effective_charge: m.effective_charge,
            modulation: m.modulation,
            punch_through: if doped { context.depletion * context.bulk_potential.sqrt() } else { 0.25e-6 },
            fast_states: CHARGE * m.fast_states * 1e4 / context.oxide,
            thermal: context.thermal,
        }
    }

    #[inline(always)]
    fn conduct<S: Scalar>(&self, vds: S, vgs: S, vbs: S) -> Conduction<S> {
        let bulk = self.bulk(vds, vbs);
        let weak = self.fast_states > 0.0;
        let below = vgs.value() <= bulk.turn_on.value();
        if below && !weak {
            return Conduction::none(bulk.turn_on);
        }
        let gate = if below { bulk.turn_on } else { vgs };
        let past = vgs - bulk.turn_on;
        let falls = self.critical_exponent > 0.0 && past.value() > self.critical;
        let factor =
            if falls { (past * (1.0 / self.critical)).powf(-self.critical_exponent) } else { S::constant(1.0) };
        let ueff = factor * self.mobility;
        let eta = 1.0 + self.narrow;
        let (over, g) = ((gate - bulk.vbin) * (1.0 / eta), bulk.gamma * (1.0 / eta));
        let mut saturation = Self::pinch_off(over, g, bulk.potential);
        if self.velocity > 0.0 {
            saturation = self.scattered(saturation, over, g, &bulk, ueff);
        }
        let end = vds.min(saturation);
        let at_end = self.root_at(end - vbs);
        let cube = |root: S| root * root * root;
        let body = bulk.gamma * (cube(at_end) - cube(bulk.root)) * (2.0 / 3.0);
        let remaining = self.remaining(self.shortening(vds, saturation, ueff));
        let mut current = ((gate - bulk.vbin - end * (0.5 * eta)) * end - body) * factor / remaining * self.beta;
        if below {
            current = current * ((vgs - bulk.turn_on) / bulk.slope).exp();
        }
        Conduction { current, turn_on: bulk.turn_on, saturation }
    }
}

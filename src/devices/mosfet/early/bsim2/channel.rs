//! The channel of BSIM2.
//!
//! ```text
//! vth = vfb + φ + k1·s − k2·s₂ − (eta0 + etab·vbs)·vds,   s = √(φ − vbs), s₂ = φ − vbs
//!       with the bulk forward s = φ^1.5/(φ + vbs/2), s₂ = φ²/(φ + vbs)
//! a   = 1 + g·k1/(2·s),   g = 1 − 1/(1.744 + 0.8364·s₂),   vgst = vgs − vth
//! vge = vgst from vghigh on; up to vglow √(2·a·(1 − e^(−vds/Vt)))·Vt·e^(vgst/(2·n·Vt) + vof/2); between them the cubic that joins
//!       these with their slopes;   n = n0 + nb/s + nd·vds,   vof = vof0 + vofb·vbs + vofd·vds
//! uv  = 1 + ua·vge + ub·vge², at least 0.2;   ua = ua0 + uab·vbs, ub = ub0 + ubb·vbs, u1 = u10 + u1b·vbs
//! vc  = u1·vge/(a·uv),   k = (1 + vc + √(1 + 2·vc))/2,   vdsat = vge/(a·√k)
//! β   = β0 + β1·tanh(β2·vds/vdsat) + β3·vds − β4·vds²,   β1 = βs − β0 − β3·vdd + β4·vdd²
//! id  = β·(vge − a·vds/2)·vds/(uv + u1·vds·(1 − u1d·(vds/vdsat − 1)²)) up to vdsat, β·vge²/(2·a·k·uv) beyond
//!       up to vglow β·Vt²·e^(vgst/(n·Vt) + vof)·(1 − e^(−vds/Vt))
//!       beyond vdsat times 1 + ai·e^(−bi/(vds − vdsat)),   ai = ai0 + aib·vbs, bi = bi0 + bib·vbs
//! ```
//! β0, βs, β3 and β4 are mu0, mus0, mu30 and mu40 times cox·weff/leff, each with its dependences on bulk and gate, and β2 is mu20 with its
//! own. Vt is that of the parameter `temp`: as in ngspice, nothing depends on the temperature of the circuit.
//!
//! `vbb` counts with either sign. In ngspice 39 one above 0, its own default among them, has every vbs count as 2·vbb.

use super::super::channel::{Channel, Charges, Conduction};
use super::super::technology::Process;
use super::parameters::{Binned, General};
use crate::numerics::scalar::Scalar;

/// Boltzmann constant over charge, V/K, and 0 °C as the model has them.
const K_OVER_Q: f64 = 8.625e-5;
const ZERO_CELSIUS: f64 = 273.0;

/// Bound of exponents.
const EXPONENT: f64 = 30.0;

/// Least 1 − e^(−vds/Vt) and vdsat.
const LEAST: f64 = 1e-18;

/// The channel, its parameters at its geometry.
#[derive(Debug, Clone)]
pub struct Bsim2Channel {
    pub(super) p: Binned,
    /// β0 and its dependence on the bulk.
    beta_zero: [f64; 2],
    /// βs likewise.
    beta_supply: [f64; 2],
    /// β3 and β4 and their dependences on bulk and gate.
    beta_linear: [f64; 3],
    beta_square: [f64; 3],
    supply: f64,
    /// Largest vds and vgs and least vbs that count.
    bounds: [f64; 3],
    thermal: f64,
    /// cox·weff·leff, F.
    pub(super) oxide: f64,
    stores: bool,
}

/// What follows from the bulk's voltage, and the threshold.
pub(super) struct Body<S> {
    /// s
    root: S,
    /// φ − s₂: the bulk's voltage as the charge below the gate has it.
    pub(super) bulk: S,
    /// a
    factor: S,
    pub(super) threshold: S,
}

/// Saturation at an overdrive.
pub(super) struct Pinch<S> {
    /// uv
    scattering: S,
    /// k
    k: S,
    pub(super) saturation: S,
}

impl Bsim2Channel {
    pub fn new(process: &Process, general: &General, mut p: Binned) -> Self {
        let (shape, reverse) = (process.shape(), -general.vbb.abs());
        p.mus0 = p.mus0.max(1.01 * general.mu0);
        // The mobility at vdd is never below that at vds = 0.
        let rest = p.mus0 - general.mu0 - p.mu0b * reverse;
        if -p.musb * reverse > rest && reverse < 0.0 {
            p.musb = -rest / reverse;
        }
        p.n0 = p.n0.max(0.0);
        let scaled = |mobilities: [f64; 3]| mobilities.map(|mobility| mobility * shape);
        Bsim2Channel {
            beta_zero: [general.mu0, p.mu0b].map(|mobility| mobility * shape),
            beta_supply: [p.mus0, p.musb].map(|mobility| mobility * shape),
            beta_linear: scaled([p.mu30, p.mu3b, p.mu3g]),
            beta_square: scaled([p.mu40, p.mu4b, p.mu4g]),
            supply: general.vdd,
            bounds: [2.0 * general.vdd, 2.0 * general.vgg, 2.0 * reverse],
            thermal: K_OVER_Q * (general.temp + ZERO_CELSIUS),
            oxide: process.gate_oxide(),
            stores: general.xpart <= 1.0,
            p,
        }
    }

    /// vds, vgs, vbs as they count.
    #[inline(always)]
    pub(super) fn bounded<S: Scalar>(&self, [vds, vgs, vbs]: [S; 3]) -> [S; 3] {
        let [most_drain, most_gate, least_bulk] = self.bounds.map(S::constant);
        [vds.min(most_drain), vgs.min(most_gate), vbs.max(least_bulk)]
    }

    #[inline(always)]
    pub(super) fn body<S: Scalar>(&self, vds: S, vbs: S) -> Body<S> {
        let p = &self.p;
        let (root, potential, bulk) = if vbs.value() <= 0.0 {
            let potential = S::constant(p.phi) - vbs;
            (potential.sqrt(), potential, vbs)
        } else {
            let potential = (vbs + p.phi).recip() * (p.phi * p.phi);
            ((vbs * 0.5 + p.phi).recip() * (p.phi * p.phi.sqrt()), potential, S::constant(p.phi) - potential)
        };
        let g = S::constant(1.0) - (potential * 0.8364 + 1.744).recip();
        let threshold = root * p.k1 - potential * p.k2 - (vbs * p.etab + p.eta0) * vds + (p.vfb + p.phi);
        Body { root, bulk, factor: g / root * (0.5 * p.k1) + 1.0, threshold }
    }

    /// vge at an overdrive below vghigh.
    #[inline(always)]
    fn effective<S: Scalar>(&self, over: S, body: &Body<S>, [vds, vbs]: [S; 2]) -> S {
        let Weak { factor, gain, scale } = self.weak(body, [vds, vbs]);
        let at = |over: S| factor * ((over * scale).max(S::constant(-EXPONENT)) + gain).exp();
        let [low, high] = [self.p.vglow, self.p.vghigh];
        if over.value() <= low {
            return at(over);
        }
        // The cubic in Hermite's form, over the part of the way from vglow to vghigh.
        let from = at(S::constant(low));
        let slope = from * scale * (high - low);
        let part = (over - low) * (1.0 / (high - low));
        let (square, back) = (part * part, S::constant(1.0) - part);
        let rise = square * (S::constant(3.0) - part * 2.0);
        from + (S::constant(high) - from) * rise + slope * part * back * back - square * back * (high - low)
    }

    /// Factors of weak inversion.
    #[inline(always)]
    fn weak<S: Scalar>(&self, body: &Body<S>, [vds, vbs]: [S; 2]) -> Weak<S> {
        let p = &self.p;
        let slope = S::constant(p.nb) / body.root + vds * p.nd + p.n0;
        let offset = vbs * p.vofb + vds * p.vofd + p.vof0;
        let root = (body.factor * self.fall(vds).max(S::constant(LEAST)) * 2.0).sqrt();
        Weak { factor: root * self.thermal, gain: offset * 0.5, scale: (slope * self.thermal).recip() * 0.5 }
    }

    /// 1 − e^(−vds/Vt)
    #[inline(always)]
    fn fall<S: Scalar>(&self, vds: S) -> S {
        -(vds * (-1.0 / self.thermal)).max(S::constant(-EXPONENT)).exp_m1()
    }

    #[inline(always)]
    pub(super) fn pinch<S: Scalar>(&self, over: S, body: &Body<S>, vbs: S) -> Pinch<S> {
        let p = &self.p;
        let square = vbs * p.ubb + p.ub0;
        let scattering = ((square * over + (vbs * p.uab + p.ua0)) * over + 1.0).max(S::constant(0.2));
        let critical = (vbs * p.u1b + p.u10) * over / (body.factor * scattering);
        let k = ((critical * 2.0 + 1.0).sqrt() + critical + 1.0) * 0.5;
        Pinch { scattering, k, saturation: over / (body.factor * k.sqrt()) }
    }

    /// β
    #[inline(always)]
    fn gain<S: Scalar>(&self, saturation: S, [vds, vgs, vbs]: [S; 3]) -> S {
        let p = &self.p;
        let of = |[own, bulk, gate]: [f64; 3]| vbs * bulk + vgs * gate + own;
        let [zero, at_supply] = [self.beta_zero, self.beta_supply].map(|[own, bulk]| vbs * bulk + own);
        let [linear, square] = [self.beta_linear, self.beta_square].map(of);
        let bend = (vds * of([p.mu20, p.mu2b, p.mu2g]) / saturation).min(S::constant(EXPONENT));
        let supply = self.supply;
        let difference = at_supply - zero - (linear - square * supply) * supply;
        zero + difference * bend.tanh() + vds * (linear - square * vds)
    }

    /// Factor of impact ionisation.
    #[inline(always)]
    fn ionised<S: Scalar>(&self, past: S, vbs: S) -> S {
        let p = &self.p;
        if p.ai0 == 0.0 || past.value() <= 0.0 {
            return S::constant(1.0);
        }
        let voltage = vbs * p.bib + p.bi0;
        let most = voltage.value() >= EXPONENT * past.value();
        let exponent = if most { S::constant(EXPONENT) } else { voltage / past };
        (-exponent).exp() * (vbs * p.aib + p.ai0) + 1.0
    }
}

/// In weak inversion vge = factor·e^(vgst·scale + gain).
struct Weak<S> {
    factor: S,
    gain: S,
    scale: S,
}

impl Channel for Bsim2Channel {
    #[inline(always)]
    fn conduct<S: Scalar>(&self, voltages: [S; 3]) -> Conduction<S> {
        let p = &self.p;
        let [vds, vgs, vbs] = self.bounded(voltages);
        let body = self.body(vds, vbs);
        let threshold = body.threshold;
        let over = vgs - threshold;
        let strong = over.value() >= p.vghigh || p.n0 == 0.0;
        let effective = if strong { over } else { self.effective(over, &body, [vds, vbs]) };
        if effective.value() <= 0.0 {
            return Conduction { current: S::zero(), threshold, saturation: S::zero() };
        }
        let Pinch { scattering, k, saturation } = self.pinch(effective, &body, vbs);
        let saturation = saturation.max(S::constant(LEAST));
        let gain = self.gain(saturation, [vds, vgs, vbs]);
        let current = if over.value() <= p.vglow {
            let Weak { gain: offset, scale, .. } = self.weak(&body, [vds, vbs]);
            let exponent = ((over * scale).max(S::constant(-EXPONENT)) + offset) * 2.0;
            gain * exponent.exp() * self.fall(vds) * (self.thermal * self.thermal)
        } else if vds.value() <= saturation.value() {
            let short = vds / saturation - 1.0;
            let drag = (vbs * p.u1b + p.u10) * (S::constant(1.0) - short * short * p.u1d);
            let whole = (scattering + drag * vds).max(S::constant(0.5));
            gain * (effective - body.factor * vds * 0.5) * vds / whole
        } else {
            gain * effective * effective * 0.5 / (body.factor * k * scattering)
        };
        let current = (current * self.ionised(vds - saturation, vbs)).max(S::zero());
        Conduction { current, threshold, saturation }
    }

    #[inline(always)]
    fn charges<S: Scalar>(&self, voltages: [S; 3]) -> Charges<S> {
        self.stored(self.bounded(voltages))
    }

    fn threshold(&self, vds: f64, vbs: f64) -> f64 {
        self.body(vds, vbs).threshold
    }

    fn stores(&self) -> bool {
        self.stores
    }
}

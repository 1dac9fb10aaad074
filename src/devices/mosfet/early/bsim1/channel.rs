//! The channel of BSIM1.
//!
//! ```text
//! vth  = vfb + φ + k1·√(φ − vbs) − k2·(φ − vbs) − η·vds,   η = eta + x2e·vbs + x3e·(vds − vdd) from 0 to 1
//! β0   : the parabola in vds through muz + x2mz·vbs at 0 and mus + x2ms·vbs at vdd, with the slope x3ms there; beyond vdd that tangent
//! β    = β0·cox·weff/leff/(1 + ugs·vgst),   vgst = vgs − vth,   ugs = u0 + x2u0·vbs
//! uds  = (u1 + x2u1·vbs + x3u1·(vds − vdd))/leff in µm;   ugs and uds are no less than 0
//! a    = 1 + g·k1/(2·√(φ − vbs)),   g = 1 − 1/(1.744 + 0.8364·(φ − vbs))
//! vc   = uds·vgst/a,   k = (1 + vc + √(1 + 2·vc))/2,   vdsat = vgst/(a·√k)
//! id   = β·(vgst − a·vds/2)·vds/(1 + uds·vds) up to vdsat, β·vgst²/(2·a·k) beyond
//!      + iexp·ilim/(iexp + ilim),   ilim = 4.5·β(muz)·Vt²
//! iexp = 6.04965·β(muz)·Vt²·e^(vgst/(n·Vt))·(1 − e^(−vds/Vt)),   n = n0 + nb·vbs + nd·vds ≥ ½; without with n0 of 200 or more
//! ```
//! With the bulk forward φ − vbs stays φ. Vt is that of 27 °C: as in ngspice, nothing depends on the temperature, `temp` included.

use super::super::channel::{Channel, Charges, Conduction};
use super::super::technology::{Process, THERMAL};
use super::parameters::{Binned, General};
use crate::numerics::scalar::Scalar;

/// e^1.8, and the part of β·Vt² that diffusion is limited to.
const DIFFUSION: f64 = 6.04965;
const LIMIT: f64 = 4.5;

/// `n0` from which there is no diffusion.
const NO_DIFFUSION: f64 = 200.0;

/// How far diffusion would go beyond its limit, at most.
const MOST_OVER_LIMIT: f64 = 1e5;

/// The channel, its parameters at its geometry.
#[derive(Debug, Clone)]
pub struct Bsim1Channel {
    pub(super) p: Binned,
    /// cox·weff/leff·mobility: zero field, and its dependence on the bulk, A/V² and A/V³.
    beta_zero: [f64; 2],
    /// The same at vdd, with the slope in vds.
    beta_supply: [f64; 3],
    supply: f64,
    /// leff, µm.
    length: f64,
    /// cox·weff·leff, F.
    pub(super) oxide: f64,
    /// Drain has no part of the charge in saturation, or 40 %.
    pub(super) all_to_source: bool,
}

/// φ − vbs, its root, and the body factors that follow.
struct Body<S> {
    potential: S,
    root: S,
    /// a
    factor: S,
}

impl Bsim1Channel {
    pub fn new(process: &Process, general: &General, mut p: Binned) -> Self {
        p.phi = p.phi.max(0.1);
        p.k1 = p.k1.max(0.0);
        p.k2 = p.k2.max(0.0);
        let shape = process.shape();
        Bsim1Channel {
            p,
            beta_zero: [general.muz, p.x2mz].map(|mobility| mobility * shape),
            beta_supply: [p.mus, p.x2ms, p.x3ms.max(0.0)].map(|mobility| mobility * shape),
            supply: general.vdd,
            length: process.length * 1e6,
            oxide: process.gate_oxide(),
            all_to_source: general.xpart != 0.0,
        }
    }

    /// Without the effect of the drain.
    fn body<S: Scalar>(&self, vbs: S) -> Body<S> {
        let phi = S::constant(self.p.phi);
        let potential = if vbs.value() <= 0.0 { phi - vbs } else { phi };
        let root = potential.sqrt();
        let g = S::constant(1.0) - (potential * 0.8364 + 1.744).recip();
        Body { potential, root, factor: g * (0.5 * self.p.k1) / root + 1.0 }
    }

    /// Threshold of the charges: without the effects of the drain and of doping that is not uniform; and a.
    pub(super) fn ideal<S: Scalar>(&self, vbs: S) -> [S; 2] {
        let body = self.body(vbs);
        [body.root * self.p.k1 + (self.p.vfb + self.p.phi), body.factor]
    }

    fn threshold_of<S: Scalar>(&self, body: &Body<S>, vds: S, vbs: S) -> S {
        let p = &self.p;
        let eta = (vbs * p.x2e + (vds - self.supply) * p.x3e + p.eta).max(S::zero()).min(S::constant(1.0));
        body.root * p.k1 - body.potential * p.k2 - eta * vds + (p.vfb + p.phi)
    }

    /// β0
    fn gain<S: Scalar>(&self, vds: S, vbs: S) -> S {
        let ([zero, zero_bulk], [own, bulk, slope], supply) = (self.beta_zero, self.beta_supply, self.supply);
        let at_supply = vbs * bulk + own;
        if vds.value() >= supply {
            return (vds - supply) * slope + at_supply;
        }
        let at_zero = vbs * zero_bulk + zero;
        let square = (at_zero - at_supply + slope * supply) * (1.0 / (supply * supply));
        let linear = (at_supply - at_zero) * (2.0 / supply) - slope;
        (square * vds + linear) * vds + at_zero
    }

    /// Current of strong inversion and vdsat.
    fn drift<S: Scalar>(&self, over: S, factor: S, [vds, vbs]: [S; 2]) -> [S; 2] {
        let p = &self.p;
        let none = S::zero();
        let by_gate = (vbs * p.x2u0 + p.u0).max(none);
        let by_drain = (vbs * p.x2u1 + (vds - self.supply) * p.x3u1 + p.u1).max(none) * (1.0 / self.length);
        let gain = self.gain(vds, vbs) / (by_gate * over + 1.0);
        let critical = by_drain * over / factor;
        let k = ((critical * 2.0 + 1.0).sqrt() + critical + 1.0) * 0.5;
        let saturation = over / (factor * k.sqrt());
        let current = if vds.value() < saturation.value() {
            gain * (over - factor * vds * 0.5) * vds / (by_drain * vds + 1.0)
        } else {
            gain * over * over * 0.5 / (factor * k)
        };
        [current, saturation]
    }

    /// Current of diffusion.
    fn diffusion<S: Scalar>(&self, over: S, [vds, vbs]: [S; 2]) -> S {
        let (p, beta) = (&self.p, self.beta_zero[0]);
        if p.n0 >= NO_DIFFUSION || beta <= 0.0 {
            return S::zero();
        }
        let slope = (vbs * p.nb + vds * p.nd + p.n0).max(S::constant(0.5));
        let [whole, limit] = [DIFFUSION, LIMIT].map(|factor| factor * beta * THERMAL * THERMAL);
        let most = S::constant((MOST_OVER_LIMIT * LIMIT / DIFFUSION).ln());
        let wanted = (over / (slope * THERMAL)).min(most).exp() * whole;
        let wanted = -wanted * (vds * (-1.0 / THERMAL)).exp_m1();
        wanted * limit / (wanted + limit)
    }
}

impl Channel for Bsim1Channel {
    const TURNS_SHARPLY: bool = true;

    #[inline(always)]
    fn conduct<S: Scalar>(&self, [vds, vgs, vbs]: [S; 3]) -> Conduction<S> {
        let body = self.body(vbs);
        let threshold = self.threshold_of(&body, vds, vbs);
        let over = vgs - threshold;
        let [drift, saturation] =
            if over.value() < 0.0 { [S::zero(); 2] } else { self.drift(over, body.factor, [vds, vbs]) };
        let current = (drift + self.diffusion(over, [vds, vbs])).max(S::zero());
        Conduction { current, threshold, saturation }
    }

    #[inline(always)]
    fn charges<S: Scalar>(&self, [vds, vgs, vbs]: [S; 3]) -> Charges<S> {
        self.stored(vds, vgs, vbs)
    }

    fn threshold(&self, vds: f64, vbs: f64) -> f64 {
        self.threshold_of(&self.body(vbs), vds, vbs)
    }
}

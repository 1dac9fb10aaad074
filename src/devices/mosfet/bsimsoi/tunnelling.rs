//! Currents through the gate's oxide, of one finger; voltages as of an n-channel, at vds ≥ 0.
//!
//! ```text
//! igbmod 1, to the body, with J(V; α, β, B, v0) = e^(−B·toxqm·(α − β·V)/(1 − V/v0)), S = (leff·w/nseg + agbcpd/nf)·(toxref/toxqm)^ntox/toxqm²:
//!   vgse ≥ vbs: 3.7622e-7·S·(vgse − vbs)·vevb·ln(1 + e^((V − ebg)/vevb))·J(V; alphagb1, betagb1, 3.1051e10, vgb1),  V = Voxdep
//!   otherwise   4.9758e-7·S·(vgse − vbs)·vecb·ln(1 + e^((vfb − vgse + vbs)/vecb))·J(V; alphagb2, betagb2, 2.357e10, vgb2),  V = Voxacc
//!   V at most voxh, joined over deltavox
//! igcmod 1, with J(V; a, b, c) = e^(−B·toxqm·(a − b·V)·(1 + c·V)):
//!   channel: A·S·vgse·nigc·Vt·ln(1 + e^((vgse − vth0)/(nigc·Vt)))·J(Voxdep; aigc, bigc, cigc)
//!            shares of source (e^−x − 1 + x + 1e-4)/(x² + 2e-4) and drain (1 − (1 + x)·e^−x + 1e-4)/(x² + 2e-4),  x = pigcd·vds
//!   ends:    A·(weff/nseg + psbcp)·dlcig·(toxref/(toxqm·poxedge))^ntox/(toxqm·poxedge)²·vgs·u·J(u; aigsd, bigsd, cigsd),
//!            u = √((vgs − vfbsd)² + 1e-4)
//! contact, of a gate of the other kind over agbcp2: A'·agbcp2·vgp·u·J(u; aigbcp2, bigbcp2, cigbcp2),  u = ½·(√(t² + 1e-4) − t − 0.01),
//!            t = vgp − vfb − 1.12 below 0
//! Voxacc = vfb − vfbe,  Voxdep = vgse − vbs − vfb − b²,  b = ½·k1ox·(√(1 + 4·d/k1ox²) − 1),  d = vgse − vgst − vfbe − vbseff
//! vfb = vth0 − φ − k1'·√φ
//! ```
//! A and B are 4.97232e-7 and 7.45669e11, p-channel 3.42537e-7 and 1.16645e12; of the contact the other way round.
//! Source: BSIMSOI4.4 manual, chapter 4.

use super::channel::Conduction;
use super::film::{Film, Process};
use super::limits::{EXPONENT, LEAST, bounded_exp, continued_exp};
use super::warm::Warm;
use crate::devices::device::{Contribution, Device, Environment};
use crate::numerics::scalar::{Over, Scalar};

/// Electrons, and holes.
const ELECTRONS: [f64; 2] = [4.972_32e-7, 7.456_69e11];
const HOLES: [f64; 2] = [3.425_37e-7, 1.166_45e12];

/// Smoothness of the flat-band voltage, V.
const JOIN: f64 = 0.02;

/// The difference of gates of both kinds, V.
pub const OPPOSITE: f64 = 1.12;

/// Currents out of the gate, A.
#[derive(Debug, Clone, Copy)]
pub struct GateCurrents<S> {
    pub body: S,
    /// By way of the channel to the end that acts as source and to the other.
    pub near: S,
    pub far: S,
}

/// e^(−barrier·(a − b·v)·(1 + c·v))
#[inline(always)]
fn passes<S: Scalar>(v: S, barrier: f64, [a, b, c]: [f64; 3]) -> S {
    bounded_exp((v * (v * (-b * c) + (a * c - b)) + a) * -barrier)
}

/// A voltage over the oxide, below `most`.
#[inline(always)]
fn bounded<S: Scalar>(v: S, most: f64, join: f64) -> S {
    let rest = v * -1.0 + (most - join);
    (rest + (rest * rest + 4.0 * join * most).sqrt()) * -0.5 + most
}

impl Process {
    fn barrier(&self) -> [f64; 2] {
        if self.polarity > 0.0 { ELECTRONS } else { HOLES }
    }

    /// Current to the body by one of its two ways: at a voltage over the oxide, with that of its carriers.
    #[inline(always)]
    fn to_body<S: Scalar>(&self, v: S, carriers: S, scale: f64, way: [f64; 4]) -> S {
        let [barrier, alpha, beta, knee] = way;
        let rest = if knee == 0.0 { S::constant(1.0) } else { (v * (-1.0 / knee) + 1.0).max(S::constant(0.01)) };
        let exponent = (v * -beta + alpha) * (-barrier * self.current_thickness) / rest;
        (continued_exp(carriers * (1.0 / scale)) + 1.0).ln() * scale * continued_exp(exponent)
    }

    /// Of the gate's voltage against a source at vds, with the channel at that bias.
    #[inline(always)]
    pub fn gate_currents<P: Scalar, S: Over<P>>(
        &self,
        warm: &Warm<P>,
        at: &Conduction<S>,
        gate: S,
        vds: S,
    ) -> GateCurrents<S> {
        let (m, p, none) = (&self.m, &self.p, S::zero());
        if m.igbmod == 0.0 && m.igcmod == 0.0 {
            return GateCurrents { body: none, near: none, far: none };
        }
        let vgb = gate - at.body.voltage;
        let flat_band = none - warm.potential - warm.root * self.k1 + self.threshold;
        let past = flat_band - vgb - JOIN;
        let effective = flat_band - (past + (past * past + flat_band.abs() * (4.0 * JOIN)).sqrt()) * 0.5;
        let accumulated = (flat_band - effective).max(none);
        let bending = gate - at.overdrive - effective - at.body.effective;
        let k1 = self.k1_oxide;
        let depleted = if k1 == 0.0 {
            none
        } else {
            let part = if bending.value() < 0.0 {
                bending * (1.0 / k1)
            } else {
                ((bending * (4.0 / (k1 * k1)) + 1.0).sqrt() - 1.0) * (0.5 * k1)
            };
            vgb - part * part - flat_band
        };
        let area = self.geometry.length * self.geometry.width / self.layout.segments
            + self.layout.current_area / self.layout.fingers;
        let mut body = none;
        if m.igbmod != 0.0 && self.film != Film::FullyDepleted {
            let wide = at.width * (self.geometry.length / self.layout.segments)
                + self.layout.current_area / self.layout.fingers;
            let size = vgb * wide * self.oxide_ratio;
            let over = |v: S| bounded(v, m.voxh, m.deltavox);
            body = if vgb.value() >= 0.0 {
                let v = over(depleted);
                size * 3.7622e-7 * self.to_body(v, v - m.ebg, m.vevb, [3.1051e10, p.alphagb1, p.betagb1, m.vgb1])
            } else {
                let v = over(accumulated);
                size * 4.9758e-7 * self.to_body(v, flat_band - vgb, m.vecb, [2.357e10, p.alphagb2, p.betagb2, m.vgb2])
            };
        }
        let [near, far] =
            if m.igcmod == 0.0 { [none; 2] } else { self.through_channel(warm, gate, depleted, vds, area) };
        GateCurrents { body, near, far }
    }

    #[inline(always)]
    fn through_channel<P: Scalar, S: Over<P>>(
        &self,
        warm: &Warm<P>,
        gate: S,
        depleted: S,
        vds: S,
        area: f64,
    ) -> [S; 2] {
        let p = &self.p;
        let [strength, barrier] = self.barrier();
        let scale = warm.thermal * p.nigc;
        let over = (gate - self.threshold) / scale;
        let carriers = if over.value() > EXPONENT { gate - self.threshold } else { bounded_exp(over).ln_1p() * scale };
        let passes = passes(depleted, barrier * self.current_thickness, [p.aigc, p.bigc, p.cigc]);
        let current = gate * carriers * passes * (strength * area * self.oxide_ratio);
        let along = vds * -p.pigcd;
        let e = bounded_exp(along);
        let square = along * along + 2e-4;
        let near = (e - along + (1e-4 - 1.0)) / square;
        let far = (along * e - e + (1.0 + 1e-4)) / square;
        [current * near, current * far]
    }

    /// Out of the gate into drain and source through the overlaps, for voltages of the gate against them.
    #[inline(always)]
    pub fn end_gate_currents<S: Scalar>(&self, voltages: [S; 2]) -> [S; 2] {
        if self.m.igcmod == 0.0 {
            return [S::zero(); 2];
        }
        let p = &self.p;
        let [strength, barrier] = self.barrier();
        let barrier = barrier * self.current_thickness * p.poxedge;
        let density = strength * self.geometry.current_overlap * self.end_oxide_ratio;
        let current = |v: S, width: f64| {
            let past = v - self.end_flat_band;
            let over = (past * past + 1e-4).sqrt();
            v * over * passes(over, barrier, [p.aigsd, p.bigsd, p.cigsd]) * (density * width)
        };
        let ends = self.geometry.ends;
        [current(voltages[0], ends[0]), current(voltages[1], ends[1])]
    }
}

/// Current of the gate over the body's contact; unknowns: gate and body contact.
pub struct ContactTunnelling {
    polarity: f64,
    /// Area with its constants and multiplier, A/V².
    strength: f64,
    barrier: f64,
    coefficients: [f64; 3],
    /// vfb + 1.12, V
    flat_band: f64,
}

impl ContactTunnelling {
    /// None without such a gate.
    pub fn new(process: &Process, warm: &Warm<f64>, multiplier: f64) -> Option<Self> {
        let area = process.layout.opposite_area;
        if process.m.igbmod == 0.0 || area <= 0.0 {
            return None;
        }
        let p = &process.p;
        let [strength, barrier] = if process.polarity > 0.0 { HOLES } else { ELECTRONS };
        Some(ContactTunnelling {
            polarity: process.polarity,
            strength: strength * area * process.oxide_ratio * multiplier,
            barrier: barrier * process.current_thickness,
            coefficients: [p.aigbcp2, p.bigbcp2, p.cigbcp2],
            flat_band: process.threshold - warm.potential - process.k1 * warm.root + OPPOSITE,
        })
    }
}

impl Device<2> for ContactTunnelling {
    const BENDS_OVER: Option<f64> = Some(0.05);

    fn equations<S: Scalar>(&self, &[gate, contact]: &[S; 2], _environment: &Environment) -> Contribution<S, 2> {
        let v = (gate - contact) * self.polarity;
        let past = v - self.flat_band;
        if past.value() >= 0.0 {
            return Contribution::branch(S::zero(), S::zero());
        }
        let over = ((past * past + 1e-4).sqrt() - past - 1e-2) * 0.5;
        let passes = passes(over, self.barrier, self.coefficients).max(S::constant(LEAST));
        Contribution::branch(v * over * passes * (self.strength * self.polarity), S::zero())
    }

    fn stores(&self) -> [bool; 2] {
        [false; 2]
    }
}

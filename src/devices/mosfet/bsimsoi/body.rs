//! The body's potential, and the threshold at it; voltages as of an n-channel with vds ≥ 0.
//!
//! A film between partly and fully depleted (soimod 1) has a body that the gate and the back gate keep from falling below vbs0; a fully
//! depleted one (soimod 2) has vbs = vbs0 + 0.02 V and no body node.
//!
//! ```text
//! fdmod 0: vbs0t(φ) = φ − ½·qsi/csi + vbsa + dvbd0·(e^(−½·x) + 2·e^−x)·(vbi − φ),  x = dvbd1·leff/litl
//!          vbs0(φ) = vbs0t/(1 + cbox/csi) + (k1b − k2b·(e^(−½·y) + 2·e^−y))/(1 + csi/cbox)·(ves − vfbb),  y = dk2b·leff/litl
//! fdmod 1: vbs0t(φ) = (csi·(φ − ½·qsi/csi + vbsa) + cdsbs·dvbd0·(e^(−½·x) + 2·e^−x)·(vds + vsce))/(csi + cbox + cdsbs)
//!          vbs0(φ) = vbs0t + cbox/(csi + cbox + cdsbs)·(ves − vfbb)
//! φon = φ + Vt·ln(1 + g·(g + 2·k1'·√φ)/(moinfd·k1ox·Vt²)),  g = nofffd·Vt·ln(1 + e^((vgse − vthfd − vofffd)/(nofffd·Vt)))
//! vbs0 of φon − cox/(cox + 1/(1/csi + 1/cbox))·nofffd·Vt·ln(1 + e^((vthfd − vgse − vofffd)/(nofffd·Vt)))
//! vthfd the threshold with vbs0(φ) less ½·csi/qsi·d² for the body, d = vbs0t − vbs0 where positive, below φ − 0.02
//! vbsitf = vbs0 + 0.02 or vbs, whichever is more;  vbsmos = vbsitf − ½·csi/qsi·d²,  d = vbs0t − vbsitf where positive
//! vbsh = vbsmos between −5 V and 1.5 V,  vbseff = vbsh below 0.95·φ
//! ```
//! The threshold, with θ(x) = e^(−x/2) + 2·e^−x, lt = √(ε_si·Xdep·tox/ε_ox)·(1 + dvt2·vbseff), ltw with dvt2w, Xdep = Xdep0·√((φ − vbseff)/φ):
//!
//! ```text
//! vth = vth0 + (k1ox·√φs − k1'·√φ)·√(1 + lpeb/leff) − k2ox·vbseff + (k3 + k3b·vbseff)·tox·φ/(weff + w0)
//!     − (dvt0·θ(dvt1·leff/lt) + dvt0w·θ(dvt1w·weff·leff/ltw))·(vbi − φ) + k1ox·(√(1 + lpe0/leff) − 1)·√φ
//!     + (kt1 + kt1l/leff + kt2·vbseff)·(T/Tnom − 1) − (eta0 + etab·vbseff)·θ(dsub·leff/lt0)·vds
//!     − n·Vt·ln(leff/(leff + dvtp0·(1 + e^(−dvtp1·vds)))) − dvtp2/leff^dvtp3·tanh(dvtp4·vds)
//! √φs = √(φ − vbseff) − 2.2361/√φ·(vbsh − vbseff)
//! n = 1 + (nfactor·ε_si/Xdep + (cdsc + cdscb·vbseff + cdscd·vds)·θ(dvt1·leff/lt) + cit)/cox
//! ```
//! Source: BSIMSOI4.4 manual, chapters 2 and 3.

use super::film::{Film, Process};
use super::limits::{bounded_exp, positive_part, softened};
use super::warm::{Warm, weak};
use crate::devices::mosfet::bsim::limits::{kept_small, one_plus};
use crate::devices::mosfet::bsim::temperatures::SILICON;
use crate::numerics::scalar::{Over, Scalar};

/// How far above vbs0 the body is at least, V.
const OFFSET: f64 = 0.02;

/// The body at a bias.
#[derive(Debug, Clone, Copy)]
pub struct Body<S> {
    /// vbs, of a fully depleted film that of the gates.
    pub voltage: S,
    /// vbsh and vbseff
    pub high: S,
    pub effective: S,
}

/// The threshold at a body's potential.
#[derive(Debug, Clone, Copy)]
pub struct Threshold<S> {
    pub voltage: S,
    pub ideality: S,
    /// √(φ − vbseff) and Xdep, m.
    pub root: S,
    pub depletion: S,
}

/// e^(−½·x) + 2·e^−x
fn decay(x: f64) -> f64 {
    (-0.5 * x).exp() + 2.0 * (-x).exp()
}

/// The terminals' voltages at vds ≥ 0: vds, vgse, vbs, ves.
#[derive(Debug, Clone, Copy)]
pub struct Voltages<S> {
    pub drain: S,
    pub gate: S,
    pub body: S,
    pub back: S,
}

impl Process {
    /// vbs0t and vbs0 of a surface potential.
    #[inline(always)]
    fn lowest_body<P: Scalar, S: Over<P>>(&self, warm: &Warm<P>, potential: S, vds: S, ves: S) -> [S; 2] {
        let (m, csi, cbox) = (&self.m, self.silicon, self.buried);
        let lengths = self.geometry.length / self.characteristic;
        let short = if m.dvbd0 == 0.0 { 0.0 } else { m.dvbd0 * decay(m.dvbd1 * lengths) };
        let own = potential + (m.vbsa - 0.5 * self.film_charge / csi);
        let back = ves - warm.back_flat_band;
        if m.fdmod == 0.0 {
            let built = (warm.built_in - warm.potential) * short;
            let top = own + built;
            let k2b = if m.k2b == 0.0 { 0.0 } else { m.k2b * decay(m.dk2b * lengths) };
            return [top, top * (1.0 / (1.0 + cbox / csi)) + back * ((m.k1b - k2b) / (1.0 + csi / cbox))];
        }
        let whole = 1.0 / (csi + cbox + m.cdsbs);
        let top = own * (csi * whole) + (vds + m.vsce) * (m.cdsbs * whole * short);
        [top, top + back * (cbox * whole)]
    }

    /// vbs less what the film's own charge takes below vbs0t.
    #[inline(always)]
    fn in_film<S: Scalar>(&self, body: S, top: S) -> S {
        let below = positive_part(top - body - 0.005, 2.5e-5);
        body - below * below * (0.5 * self.silicon / self.film_charge)
    }

    /// φ with the gate in a depleted film: φon − … of the file's head.
    #[inline(always)]
    fn gated_potential<P: Scalar, S: Over<P>>(&self, warm: &Warm<P>, v: &Voltages<S>) -> S {
        let none = S::zero();
        let [top, lowest] = self.lowest_body(warm, none + warm.potential, v.drain, v.back);
        let limit = none + warm.potential - 0.02;
        let below = limit - self.in_film(lowest, top);
        let body = limit - positive_part(below - 0.005, 4.0 * 0.005);
        let threshold = self.threshold_at(warm, body, none, v.drain).voltage;
        let scale = warm.thermal * self.m.nofffd;
        let part = |over: S| softened((over - self.m.vofffd) / scale) * scale;
        let (on, off) = (part(v.gate - threshold), part(threshold - v.gate));
        let unit = (warm.thermal * warm.thermal * (self.m.moinfd * self.k1_oxide)).recip();
        let risen = (on * (on + warm.root * (2.0 * self.k1)) * unit).ln_1p() * warm.thermal + warm.potential;
        let (csi, cbox) = (self.silicon, self.buried);
        risen - off * (self.oxide / (self.oxide + 1.0 / (1.0 / csi + 1.0 / cbox)))
    }

    /// The body's potential.
    #[inline(always)]
    pub fn body<P: Scalar, S: Over<P>>(&self, warm: &Warm<P>, v: &Voltages<S>) -> Body<S> {
        let none = S::zero();
        let (voltage, in_film) = if self.film == Film::PartlyDepleted {
            (v.body, v.body)
        } else {
            let potential = self.gated_potential(warm, v);
            let [top, lowest] = self.lowest_body(warm, potential, v.drain, v.back);
            let least = lowest + OFFSET;
            let depleted = self.film == Film::FullyDepleted;
            let interface = if depleted { least } else { least + positive_part(v.body - least - 0.01, 1e-4) };
            (if depleted { least } else { v.body }, self.in_film(interface, top))
        };
        let above = positive_part(in_film + (5.0 - 0.001), 0.02) - 5.0;
        let high = -positive_part(-above + (1.5 - 0.002), 0.008 * 1.5) + 1.5;
        let most = none + warm.potential * 0.95;
        let past = most - high - 0.002;
        let effective = most - (past + (past * past + most * 0.008).sqrt()) * 0.5;
        Body { voltage, high, effective }
    }

    /// The threshold with vbseff = `body`, and vbsh by `beyond` above it.
    #[inline(always)]
    pub fn threshold_at<P: Scalar, S: Over<P>>(&self, warm: &Warm<P>, body: S, beyond: S, vds: S) -> Threshold<S> {
        let (p, length, width) = (&self.p, self.geometry.length, self.geometry.width);
        let root = (-body + warm.potential).sqrt();
        let depletion = root * (warm.depletion / warm.root);
        let spread = depletion.sqrt() * self.short_scale;
        let theta = weak((spread * one_plus(body * p.dvt2)).recip() * (-0.5 * p.dvt1 * length));
        let mut short = theta * p.dvt0;
        if p.dvt0w != 0.0 {
            let argument = (spread * one_plus(body * p.dvt2w)).recip() * (-0.5 * p.dvt1w * width * length);
            short += weak(argument) * p.dvt0w;
        }
        let coupling = body * p.cdscb + vds * p.cdscd + p.cdsc;
        let rest = depletion.recip() * (p.nfactor * SILICON) + coupling * theta + p.cit;
        let ideality = one_plus(rest * (1.0 / self.oxide));
        let lateral = (1.0 + p.lpeb / length).sqrt();
        let non_uniform = (1.0 + p.lpe0 / length).sqrt() - 1.0;
        let constant = warm.potential * (p.k3 * self.m.tox / (width + p.w0))
            + warm.root * (self.k1_oxide * non_uniform - self.k1 * lateral)
            + warm.excess * (p.kt1 + p.kt1l / length)
            + self.threshold;
        let linear = warm.potential * (p.k3b * self.m.tox / (width + p.w0)) + warm.excess * p.kt2 - self.k2_oxide;
        let extended = root - beyond * (warm.root.recip() * 2.2361);
        let lowering = kept_small(body * p.etab + self.eta0) * warm.lowering;
        let mut voltage = extended * (self.k1_oxide * lateral) + body * linear + constant
            - short * (warm.built_in - warm.potential)
            - lowering * vds;
        if p.dvtp0 > 0.0 {
            let longer = (bounded_exp(vds * -p.dvtp1) + 1.0) * (p.dvtp0 / length) + 1.0;
            voltage += ideality * longer.ln() * warm.thermal;
        }
        if self.second_pocket != 0.0 {
            voltage -= (vds * p.dvtp4).tanh() * self.second_pocket;
        }
        Threshold { voltage, ideality, root, depletion }
    }
}

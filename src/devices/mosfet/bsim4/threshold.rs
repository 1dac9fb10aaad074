//! Threshold, and everything else that follows from the bulk's voltage alone.
//!
//! ```text
//! vbseff = vbc + ½·(t + √(t² − 0.004·vbc)),  t = vbs − vbc − 1 mV           (vbc: the bulk's voltage of k2, at most vbm)
//!          then h − ½·(t + √(t² + 0.004·h)),  t = h − vbseff − 1 mV, h = 0.95·φ
//! φs = φ − vbseff,  xdep = xdep0·√(φs/φ)
//! lt = √(ε/εox·toxe·xdep)·(1 + dvt2·vbseff),  θ(x) = ½/(cosh x − 1)
//! vth = vth0 + (k1'·√φs − k1·√φ)·√(1 + lpeb/leff) − k2'·vbseff + k1'·(√(1 + lpe0/leff) − 1)·√φ + (k3 + k3b·vbseff)·toxe·φ/(weff + w0)
//!     − dvt0·θ(dvt1·leff/lt)·(vbi − φ) − dvt0w·θ(dvt1w·weff·leff/ltw)·(vbi − φ)
//!     + (kt1 + kt1l/leff + kt2·vbseff)·(T/tnom − 1) − (eta0 + etab·vbseff)·θ(dsub·leff/lt0)·vds
//!     − n·Vt·ln(leff/(leff + dvtp0·(1 + e^(−dvtp1·vds)))) − (dvtp5 + dvtp2/leff^dvtp3)·tanh(dvtp4·vds)
//! n = 1 + (nfactor·ε/xdep + (cdsc + cdscb·vbseff + cdscd·vds)·θ(dvt1·leff/lt) + cit)/cox
//! ```
//! k1' and k2' are k1 and k2 times toxe/toxm. Where a factor would come near 0 it is continued by a hyperbola.
//! Source: BSIM4.6.4 manual, chapters 2 and 3; BSIM4.7 manual for dvtp2 to dvtp5.

use super::derived::Process;
use crate::devices::mosfet::bsim::body_bias::{BodyBias, of_bulk};
use crate::devices::mosfet::bsim::limits::{
    EXPONENT, LEAST, MOST, bounded_exp, continued_exp, kept_small, one_over_one_plus, one_plus,
};
use crate::numerics::scalar::Scalar;

/// What depends on the bulk's voltage, before it is known.
#[derive(Debug, Clone, Copy)]
pub struct Body {
    lowest: f64,
    /// 0.95·φ
    highest: f64,
    pub potential: f64,
    pub root: f64,
    /// xdep0/√φ
    depletion: f64,
    dvt2: f64,
    dvt2w: f64,
    /// Arguments of the short and the narrow channel, times their scale.
    short: f64,
    narrow: f64,
    /// dvt0 and dvt0w times vbi − φ, V.
    short_shift: f64,
    narrow_shift: f64,
    /// Threshold without the body effect, V.
    threshold: f64,
    /// Its part that is linear in vbseff.
    linear: f64,
    /// k1'·√(1 + lpeb/leff)
    effect: f64,
    eta0: f64,
    etab: f64,
    lowering: f64,
    /// Capacitances over that of the oxide: nfactor·ε, cdsc, cdscb, cdscd, cit.
    under: f64,
    coupling: f64,
    coupling_bulk: f64,
    coupling_drain: f64,
    interface: f64,
    length: f64,
    a0: f64,
    ags: f64,
    junction_depth: f64,
    /// b0/(weff + b1)
    narrow_charge: f64,
    /// k2' − k3b·toxe·φ/(weff + w0)
    bulk_charge: f64,
    keta: f64,
    pdiblcb: f64,
    /// Of pockets: dvtp0, dvtp1, the thermal voltage with them.
    pocket: f64,
    pocket_fall: f64,
    pocket_thermal: f64,
    /// The second shift, V, and 2·dvtp4; 0 without.
    second_pocket: f64,
    second_pocket_slope: f64,
}

/// ½/(cosh x − 1)
#[inline(always)]
fn decay<S: Scalar>(argument: S) -> S {
    if argument.value() >= EXPONENT {
        return S::constant(1.0 / (MOST - 2.0));
    }
    let e = argument.exp();
    let less = e - 1.0;
    e / (less * less + e * (2.0 * LEAST))
}

impl Body {
    pub fn new(process: &Process, tempmod: f64) -> Self {
        let (p, geometry) = (&process.parameters, &process.geometry);
        let oxide = process.materials.oxide;
        let excess = process.temperatures.excess();
        let root = process.potential.sqrt();
        let (scale, built) = (process.materials.short_scale(), process.built_in - process.potential);
        let narrowness = process.narrowness();
        let lateral = (1.0 + p.lpeb / geometry.length).sqrt();
        let at_rest = p.vth0 - p.k1 * root * lateral + p.k3 * narrowness;
        let second = if p.dvtp4 == 0.0 { 0.0 } else { p.dvtp5 + p.dvtp2 / geometry.length.powf(p.dvtp3) };
        Body {
            lowest: process.lowest_bulk,
            highest: 0.95 * process.potential,
            potential: process.potential,
            root,
            depletion: process.depletion / root,
            dvt2: p.dvt2,
            dvt2w: p.dvt2w,
            short: p.dvt1 * geometry.length / scale,
            narrow: p.dvt1w * geometry.width * geometry.length / scale,
            short_shift: p.dvt0 * built,
            narrow_shift: p.dvt0w * built,
            threshold: at_rest + process.non_uniform() + process.warming(),
            linear: p.k3b * narrowness - process.k2_oxide + p.kt2 * excess,
            effect: process.k1_oxide * lateral,
            eta0: p.eta0,
            etab: p.etab,
            lowering: process.lowering,
            under: p.nfactor * process.materials.substrate / oxide,
            coupling: p.cdsc / oxide,
            coupling_bulk: p.cdscb / oxide,
            coupling_drain: p.cdscd / oxide,
            interface: p.cit / oxide,
            length: geometry.length,
            a0: p.a0,
            ags: p.ags,
            junction_depth: p.xj,
            narrow_charge: p.b0 / (geometry.width + p.b1),
            bulk_charge: process.k2_oxide - p.k3b * narrowness,
            keta: p.keta,
            pdiblcb: p.pdiblcb,
            pocket: p.dvtp0.max(0.0),
            pocket_fall: -p.dvtp1,
            pocket_thermal: if tempmod < 2.0 {
                process.temperatures.thermal()
            } else {
                process.temperatures.nominal_thermal()
            },
            second_pocket: second,
            second_pocket_slope: 2.0 * p.dvtp4,
        }
    }

    /// vbseff
    #[inline(always)]
    fn bulk<S: Scalar>(&self, vbs: S) -> S {
        let past = vbs - (self.lowest + 0.001);
        let root = (past * past - 0.004 * self.lowest).sqrt();
        let held = if past.value() >= 0.0 {
            (past + root) * 0.5 + self.lowest
        } else {
            ((root - past).recip() * -0.002 + 1.0) * self.lowest
        };
        let below = held * -1.0 + (self.highest - 0.001);
        (below + (below * below + 0.004 * self.highest).sqrt()) * -0.5 + self.highest
    }

    #[inline(always)]
    pub fn at<S: Scalar>(&self, vbs: S) -> BodyBias<S> {
        let bulk = self.bulk(vbs);
        let root = (bulk * -1.0 + self.potential).sqrt();
        let depletion = root * self.depletion;
        let spread = depletion.sqrt();
        let theta = decay((spread * one_plus(bulk * self.dvt2)).recip() * self.short);
        let mut threshold = root * self.effect + bulk * self.linear - theta * self.short_shift + self.threshold;
        if self.narrow_shift != 0.0 {
            let theta = decay((spread * one_plus(bulk * self.dvt2w)).recip() * self.narrow);
            threshold -= theta * self.narrow_shift;
        }
        let lowering = kept_small(bulk * self.etab + self.eta0);
        let coupling = (bulk * self.coupling_bulk + self.coupling) * theta;
        let depth = (depletion * self.junction_depth).sqrt();
        let part = (depth * 2.0 + self.length).recip() * self.length;
        let effect = root.recip() * (0.5 * self.effect) + self.bulk_charge;
        BodyBias {
            bulk,
            rise: root - self.root,
            threshold,
            lowering: lowering * self.lowering,
            ideality: depletion.recip() * self.under + coupling + self.interface,
            ideality_slope: theta * self.coupling_drain,
            bulk_charge: effect * (part * self.a0 + self.narrow_charge) + 1.0,
            bulk_charge_slope: effect * part * part * part * (-self.ags * self.a0),
            bulk_charge_factor: one_over_one_plus(bulk * self.keta),
            output_factor: one_over_one_plus(bulk * self.pdiblcb),
        }
    }

    /// The same, with derivatives by the bulk's voltage alone where they are made.
    #[inline(always)]
    pub fn inner<S: Scalar>(&self, vbs: S) -> BodyBias<S> {
        of_bulk(vbs, |vbs| self.at(vbs))
    }

    /// vth and n at vds ≥ 0.
    #[inline(always)]
    pub fn threshold<S: Scalar>(&self, body: &BodyBias<S>, vds: S) -> [S; 2] {
        let ideality = body.ideality_at(vds);
        let mut threshold = body.threshold - body.lowering * vds;
        if self.pocket > 0.0 {
            let [at] = S::inner(&[vds]);
            let longer = (bounded_exp(at * self.pocket_fall) + 1.0) * (self.pocket / self.length) + 1.0;
            threshold += ideality * S::outer(&[vds], longer.ln() * self.pocket_thermal);
        }
        if self.second_pocket != 0.0 {
            let e = continued_exp(vds * self.second_pocket_slope);
            threshold -= (e - 1.0) / (e + 1.0) * self.second_pocket;
        }
        [threshold, ideality]
    }

    /// vth at a bias with vds ≥ 0.
    pub fn threshold_at(&self, vds: f64, vbs: f64) -> f64 {
        self.threshold(&self.at(vbs), vds)[0]
    }
}

//! Threshold, and everything else that follows from the bulk's voltage alone.
//!
//! ```text
//! vbseff = vbc + ½·(t + √(t² − 0.004·vbc)),  t = vbs − vbc − 1 mV             (vbc: the bulk's voltage of k2, at most vbm)
//! φs = φ − vbseff,  xdep = xdep0·√(φs/φ)                                       (vbseff > 0: √φs = φ·√φ/(φ + ½·vbseff))
//! lt = √(ε/εox·tox·xdep)·(1 + dvt2·vbseff),  θ(x) = e^(−x/2) + 2·e^(−x)
//! vth = vth0 + k1'·√φs − k1·√φ − k2'·vbseff + k1'·(√(1 + nlx/leff) − 1)·√φ + (k3 + k3b·vbseff)·tox·φ/(weff + w0)
//!     − dvt0·θ(dvt1·leff/lt)·(vbi − φ) − dvt0w·θ(dvt1w·weff·leff/ltw)·(vbi − φ)
//!     + (kt1 + kt1l/leff + kt2·vbseff)·(T/tnom − 1) − (eta0 + etab·vbseff)·θ(dsub·leff/lt0)·vds
//! n = 1 + (nfactor·ε/xdep + (cdsc + cdscb·vbseff + cdscd·vds)·θ(dvt1·leff/lt) + cit)/cox
//! ```
//! k1' and k2' are k1 and k2 times tox/toxm. Where a factor would come near 0 it is continued by a hyperbola.
//! Source: BSIM3v3.3 manual, chapter 2 and appendix B.

use super::derived::Process;
use crate::devices::mosfet::bsim::body_bias::{BodyBias, of_bulk};
use crate::devices::mosfet::bsim::limits::{kept_small, one_over_one_plus, one_plus};
use crate::devices::mosfet::bsim::temperatures::SILICON;
use crate::numerics::scalar::Scalar;

/// What depends on the bulk's voltage, before it is known.
#[derive(Debug, Clone, Copy)]
pub struct Body {
    lowest: f64,
    pub potential: f64,
    root: f64,
    /// xdep0/√φ
    depletion: f64,
    dvt2: f64,
    dvt2w: f64,
    /// Exponents of the short and the narrow channel, times their scale.
    short: f64,
    narrow: f64,
    /// dvt0 and dvt0w times vbi − φ, V.
    short_shift: f64,
    narrow_shift: f64,
    /// Threshold without the body effect, V.
    threshold: f64,
    /// Its part that is linear in vbseff.
    linear: f64,
    k1_oxide: f64,
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
    keta: f64,
    pdiblcb: f64,
}

/// e + 2·e² for e to the power of −34 or more.
#[inline(always)]
fn decay<S: Scalar>(argument: S) -> S {
    if argument.value() <= -34.0 {
        return S::constant(1.713_908_431e-15);
    }
    let e = argument.exp();
    e * (e * 2.0 + 1.0)
}

impl Body {
    pub fn new(process: &Process) -> Self {
        let (p, geometry) = (&process.parameters, &process.geometry);
        let excess = process.temperatures.excess();
        let root = process.potential.sqrt();
        let (scale, built) = (process.short_scale(), process.built_in - process.potential);
        let narrowness = process.narrowness();
        Body {
            lowest: process.lowest_bulk,
            potential: process.potential,
            root,
            depletion: process.depletion / root,
            dvt2: p.dvt2,
            dvt2w: p.dvt2w,
            short: -0.5 * p.dvt1 * geometry.length / scale,
            narrow: -0.5 * p.dvt1w * geometry.width * geometry.length / scale,
            short_shift: p.dvt0 * built,
            narrow_shift: p.dvt0w * built,
            threshold: process.threshold - p.k1 * root + p.k3 * narrowness + process.non_uniform() + process.warming(),
            linear: p.k3b * narrowness - process.k2_oxide + p.kt2 * excess,
            k1_oxide: process.k1_oxide,
            eta0: p.eta0,
            etab: p.etab,
            lowering: process.lowering,
            under: p.nfactor * SILICON / process.oxide,
            coupling: p.cdsc / process.oxide,
            coupling_bulk: p.cdscb / process.oxide,
            coupling_drain: p.cdscd / process.oxide,
            interface: p.cit / process.oxide,
            length: geometry.length,
            a0: p.a0,
            ags: p.ags,
            junction_depth: p.xj,
            narrow_charge: p.b0 / (geometry.width + p.b1),
            keta: p.keta,
            pdiblcb: p.pdiblcb,
        }
    }

    /// vbseff
    #[inline(always)]
    fn bulk<S: Scalar>(&self, vbs: S) -> S {
        let past = vbs - (self.lowest + 0.001);
        let bulk = (past + (past * past - 0.004 * self.lowest).sqrt()) * 0.5 + self.lowest;
        if bulk.value() < vbs.value() { vbs } else { bulk }
    }

    /// √φs
    #[inline(always)]
    fn root<S: Scalar>(&self, bulk: S) -> S {
        if bulk.value() > 0.0 {
            (bulk * 0.5 + self.potential).recip() * (self.potential * self.root)
        } else {
            (bulk * -1.0 + self.potential).sqrt()
        }
    }

    #[inline(always)]
    pub fn at<S: Scalar>(&self, vbs: S) -> BodyBias<S> {
        let bulk = self.bulk(vbs);
        let root = self.root(bulk);
        let depletion = root * self.depletion;
        let spread = depletion.sqrt();
        let theta = decay((spread * one_plus(bulk * self.dvt2)).recip() * self.short);
        let mut threshold = root * self.k1_oxide + bulk * self.linear - theta * self.short_shift + self.threshold;
        if self.narrow_shift != 0.0 {
            let theta = decay((spread * one_plus(bulk * self.dvt2w)).recip() * self.narrow);
            threshold -= theta * self.narrow_shift;
        }
        let lowering = kept_small(bulk * self.etab + self.eta0);
        let coupling = (bulk * self.coupling_bulk + self.coupling) * theta;
        let depth = (depletion * self.junction_depth).sqrt();
        let part = (depth * 2.0 + self.length).recip() * self.length;
        let effect = root.recip() * (0.5 * self.k1_oxide);
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

    /// vth at a bias with vds ≥ 0.
    pub fn threshold(&self, vds: f64, vbs: f64) -> f64 {
        let body = self.at(vbs);
        body.threshold - body.lowering * vds
    }
}

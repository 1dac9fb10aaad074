//! What makes the current grow with the drain's voltage beyond saturation.
//!
//! ```text
//! f      = 1/(1 + fprout·√leff/ve),  p = 1 + pvag·vgst/(esat·leff)
//! cclm   = f·p·(1 + rds·i0)·(leff + vdsat/esat)/(pclm·litl),  va = vasat + cclm·(vds − vdse);  before version 4.6 with esat without overshoot
//! vadibl = (ve − ve·a·vdsat/(ve + a·vdsat))/(θrout·(1 + pdiblcb·vbseff))·p
//! vadits = f/pdits·(1 + (1 + pditsl·leff)·e^(pditsd·vds))
//! vascbe = leff·e^(pscbe1·litl/(vds − vdse))/pscbe2
//! ```
//! Source: BSIM4.6.4 manual, chapter 5.

use super::derived::Process;
use crate::devices::mosfet::bsim::body_bias::BodyBias;
use crate::devices::mosfet::bsim::limits::{EXPONENT, LEAST, MOST, one_plus_gate};
use crate::numerics::scalar::Scalar;

/// The parameters of the output resistance.
#[derive(Debug, Clone, Copy)]
pub struct Output {
    length: f64,
    /// fprout·√leff, V; 0 without.
    pockets: f64,
    pvag: f64,
    /// pclm·litl, m; 0 without.
    modulation: f64,
    /// cclm has the esat of the overshoot.
    overshot: bool,
    /// θrout; 0 without.
    lowering: f64,
    /// pdits; 0 without.
    pdits: f64,
    pditsd: f64,
    /// 1 + pditsl·leff
    pditsl: f64,
    /// pscbe1·litl, V, and pscbe2/leff, 1/V; the latter 0 without.
    scbe: f64,
    pscbe2: f64,
}

/// What the output resistance depends on.
pub struct OutputBias<S> {
    pub a: S,
    /// esat·leff with and without overshoot, V.
    pub field: S,
    pub plain_field: S,
    pub overdrive: S,
    /// ve
    pub over: S,
    /// vds − vdse, V.
    pub beyond: S,
    pub saturation: S,
    /// vasat
    pub early: S,
    pub vds: S,
    /// 1 + rds·i0
    pub loaded: S,
}

impl Output {
    pub fn new(process: &Process) -> Self {
        let (p, length) = (&process.parameters, process.geometry.length);
        let has_body_effect = p.pscbe2 > 0.0 && p.pscbe1 >= 0.0;
        Output {
            length,
            pockets: p.fprout.max(0.0) * length.sqrt(),
            pvag: p.pvag,
            modulation: if p.pclm > LEAST { p.pclm * process.characteristic } else { 0.0 },
            overshot: process.version >= 4.6,
            lowering: if process.output_lowering > LEAST { process.output_lowering } else { 0.0 },
            pdits: if p.pdits > LEAST { p.pdits } else { 0.0 },
            pditsd: p.pditsd,
            pditsl: 1.0 + p.pditsl * length,
            scbe: p.pscbe1 * process.characteristic,
            pscbe2: if has_body_effect { p.pscbe2 / length } else { 0.0 },
        }
    }

    /// ia/i0
    #[inline(always)]
    pub fn growth<S: Scalar>(&self, bias: &OutputBias<S>, body: &BodyBias<S>) -> S {
        let &OutputBias { a, field, plain_field, overdrive, over, beyond, saturation, early, vds, loaded } = bias;
        let pockets = if self.pockets > 0.0 { over / (over + self.pockets) } else { S::constant(1.0) };
        let gate = if self.pvag == 0.0 { S::constant(1.0) } else { one_plus_gate(overdrive / field * self.pvag) };
        let mut growth = S::constant(1.0);
        if self.lowering > 0.0 {
            let whole = a * saturation;
            let early = over * over / (over + whole) * body.output_factor * gate;
            growth = beyond * self.lowering / early + 1.0;
        }
        if self.pdits > 0.0 {
            let exponent = vds * self.pditsd;
            let e = if exponent.value() > EXPONENT { S::constant(MOST) } else { exponent.exp() };
            growth = growth * (beyond * self.pdits / ((e * self.pditsl + 1.0) * pockets) + 1.0);
        }
        if self.modulation > 0.0 && beyond.value() > 1e-10 {
            let field = if self.overshot { field } else { plain_field };
            let normal = pockets * gate * loaded * (saturation / field + 1.0) * (self.length / self.modulation);
            growth = growth * ((normal * beyond / early).ln_1p() / normal + 1.0);
        }
        growth
    }

    /// id/(ia·vdse)
    #[inline(always)]
    pub fn body_effect<S: Scalar>(&self, beyond: S) -> S {
        if self.pscbe2 == 0.0 {
            return beyond * (1.0 / MOST) + 1.0;
        }
        if beyond.value() > self.scbe / EXPONENT {
            beyond * (beyond.recip() * -self.scbe).exp() * self.pscbe2 + 1.0
        } else {
            beyond * (self.pscbe2 / MOST) + 1.0
        }
    }
}

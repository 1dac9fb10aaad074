//! What the card's numbers are at the transistor's temperature T; r = T/Tnom − 1, Δ = T − Tnom.
//!
//! ```text
//! φ = 2·Vt·ln(nch/ni),  vbi = Vt·ln(1e20·nch/ni²),  vfbb = ∓Vt·ln(nch/nsub), of the other kind ∓Vt·ln(−nch·nsub/ni²)
//! Xdep0 = √(2·ε_si·φ/(q·nch)),  cdep0 = √(q·ε_si·nch/(2·φ))
//! u0·(T/Tnom)^ute,  vsat − at·r,  ua + ua1·r,  ub + ub1·r,  uc + uc1·r,  ucs·(T/Tnom)^ucste,  ud·(T/Tnom)^ud1,  rdsw + prt·r
//! saturation currents ·e^(x·Eg300/Vt·r/n),  x and n of each;  istun·e^(xtun·r)
//! pbswg − tpbswg·Δ,  cjswg·(1 + tcjswg·Δ)
//! ```
//! Source: BSIMSOI4.4 manual, chapter on temperature dependence.

use super::film::Process;
use super::geometry::or;
use super::limits::{EXPONENT, LEAST, continued_exp};
use crate::devices::mosfet::bsim::temperatures::{CHARGE, SILICON};
use crate::numerics::scalar::Scalar;

/// Boltzmann constant over charge as the model has it, V/K, and the band gap at 300 K, eV.
pub const K_OVER_Q: f64 = 8.617_087e-5;
const GAP: f64 = 1.115;

/// A transistor's numbers at one temperature.
#[derive(Debug, Clone, Copy)]
pub struct Warm<P> {
    /// K
    pub temperature: P,
    /// Vt, V, and T/Tnom − 1.
    pub thermal: P,
    pub excess: P,
    /// φ, √φ, vbi and vfbb.
    pub potential: P,
    pub root: P,
    pub built_in: P,
    pub back_flat_band: P,
    /// Xdep0, m, and cdep0, F/m².
    pub depletion: P,
    pub depletion_capacitance: P,
    /// θ of the drain's effect on threshold and output resistance.
    pub lowering: P,
    pub output_lowering: P,
    pub mobility: P,
    pub vsat: P,
    pub ua: P,
    pub ub: P,
    pub uc: P,
    pub ucs: P,
    pub ud: P,
    /// rds0, Ω
    pub resistance: P,
    /// Flat-band voltage of the charges without bias.
    pub flat_band: P,
    /// Drain and source.
    pub ends: [WarmEnd<P>; 2],
}

/// Junctions of an end at one temperature: densities in A/m², potential and capacitance per width.
#[derive(Debug, Clone, Copy)]
pub struct WarmEnd<P> {
    pub diffusion: P,
    pub recombination: P,
    pub bipolar: P,
    pub tunnelling: P,
    pub injection: P,
    pub potential: P,
    pub capacitance: P,
}

/// What follows from the doping alone.
#[derive(Debug, Clone, Copy)]
pub struct WarmBody<P> {
    pub potential: P,
    pub root: P,
    pub built_in: P,
    pub back_flat_band: P,
    pub depletion: P,
    pub depletion_capacitance: P,
}

/// e^x·(1 + 2·e^x)
#[inline(always)]
pub fn weak<S: Scalar>(x: S) -> S {
    if x.value() > -EXPONENT {
        let e = x.exp();
        e * (e * 2.0 + 1.0)
    } else {
        S::constant(LEAST)
    }
}

/// A power, 1 without exponent.
fn power<P: Scalar>(of: P, exponent: f64) -> P {
    if exponent == 0.0 { P::constant(1.0) } else { of.powf(exponent) }
}

impl<P: Scalar> WarmBody<P> {
    /// ni, 1/cm³
    pub fn intrinsic(temperature: P) -> P {
        let gap = temperature * temperature / (temperature + 1108.0) * -7.02e-4 + 1.16;
        let ratio = temperature * (1.0 / 300.15);
        ratio * ratio.sqrt() * (gap / (temperature * K_OVER_Q) * -0.5 + 21.556_598_1).exp() * 1.45e10
    }

    pub fn at(process: &Process, temperature: P) -> Self {
        let (nch, nsub) = (process.p.nch, process.p.nsub);
        let thermal = temperature * K_OVER_Q;
        let intrinsic = Self::intrinsic(temperature);
        let of_substrate = if nsub > 0.0 {
            P::constant((nch / nsub).ln())
        } else {
            (intrinsic * intrinsic).recip().ln() + (-nch * nsub).ln()
        };
        let potential = thermal * (intrinsic.recip() * nch).ln() * 2.0;
        let root = potential.sqrt();
        WarmBody {
            potential,
            root,
            built_in: thermal * ((intrinsic * intrinsic).recip() * (1e20 * nch)).ln(),
            back_flat_band: thermal * of_substrate * -process.polarity,
            depletion: root * (2.0 * SILICON / (CHARGE * nch * 1e6)).sqrt(),
            depletion_capacitance: root.recip() * (CHARGE * SILICON * nch * 1e6 / 2.0).sqrt(),
        }
    }
}

impl Process {
    /// Everything at `temperature`, K.
    pub fn at_temperature<P: Scalar>(&self, temperature: P) -> Warm<P> {
        let (p, nominal) = (&self.p, self.temperatures.nominal);
        let body = WarmBody::at(self, temperature);
        let ratio = temperature * (1.0 / nominal);
        let excess = ratio - 1.0;
        let scale = (body.depletion.sqrt() * self.short_scale).recip() * (-0.5 * self.geometry.length);
        let [mobility, vsat] = self.stressed(ratio);
        let resistance = (excess * p.prt + p.rdsw) * (1.0 / (self.geometry.width * 1e6).powf(p.wr));
        // Less than 1 mΩ is none where the temperature is the card's.
        let is_none = self.m.rdsmod == 1.0 || (!self.is_heated && resistance.value() < 1e-3);
        Warm {
            temperature,
            thermal: temperature * K_OVER_Q,
            excess,
            potential: body.potential,
            root: body.root,
            built_in: body.built_in,
            back_flat_band: body.back_flat_band,
            depletion: body.depletion,
            depletion_capacitance: body.depletion_capacitance,
            lowering: weak(scale * p.dsub),
            output_lowering: weak(scale * p.drout) * p.pdiblc1 + p.pdiblc2,
            mobility,
            vsat,
            ua: excess * p.ua1 + p.ua,
            ub: excess * p.ub1 + p.ub,
            uc: excess * p.uc1 + p.uc,
            ucs: power(ratio, p.ucste) * p.ucs,
            ud: power(ratio, p.ud1) * p.ud,
            resistance: if is_none { P::zero() } else { resistance },
            flat_band: self.flat_band_at(&body, excess),
            ends: [true, false].map(|drain| self.end_at(drain, temperature, excess)),
        }
    }

    /// Mobility and saturation velocity with stress.
    fn stressed<P: Scalar>(&self, ratio: P) -> [P; 2] {
        let (stress, excess) = (&self.stress, ratio - 1.0);
        let factor = (excess * self.m.tku0 + 1.0) * stress.factor + 1e-9;
        let [own, reference] =
            [stress.inverse, stress.reference].map(|inverse| factor.recip() * (self.m.ku0 * inverse));
        [
            power(ratio, self.p.ute) * self.mobility * (own + 1.0) / (reference + 1.0),
            (excess * -self.p.at + self.p.vsat) * (own * stress.kvsat + 1.0) / (reference * stress.kvsat + 1.0),
        ]
    }

    /// vfbzb
    fn flat_band_at<P: Scalar>(&self, body: &WarmBody<P>, excess: P) -> P {
        let (p, length) = (&self.p, self.geometry.length);
        // The model's two ways to find it differ in these.
        let (threshold, k1, thickness) = if self.is_heated {
            (self.threshold, self.k1, self.m.tox)
        } else {
            let shift = self.polarity * self.layout.threshold_shift;
            (self.plain_threshold + shift, p.k1, self.charge_thickness)
        };
        let narrow = body.potential * (p.k3 * thickness / (self.geometry.width + p.w0));
        let lateral = (1.0 + p.lpe0 / length).sqrt() - 1.0;
        let warming = body.root * (self.k1_oxide * lateral) + excess * (p.kt1 + p.kt1l / length);
        let shift = self.shift_at_rest(body.depletion) * (body.built_in - body.potential);
        narrow + warming - shift - body.potential - body.root * k1 + (threshold + p.delvt)
    }

    fn end_at<P: Scalar>(&self, drain: bool, temperature: P, excess: P) -> WarmEnd<P> {
        let (m, p) = (&self.m, &self.p);
        let over = excess / (temperature * K_OVER_Q) * GAP;
        let grown = |density: f64, exponent: f64| {
            if density == 0.0 { P::zero() } else { continued_exp(over * exponent) * density }
        };
        let warmer = temperature - self.temperatures.nominal;
        let of = |source: f64, own: f64| if drain { own } else { source };
        let ndiode = of(p.ndiode, p.ndioded);
        let tcjswg = of(m.tcjswg, or(m.tcjswgd, m.tcjswg));
        WarmEnd {
            diffusion: grown(of(p.isdif, p.iddif), of(p.xdif, p.xdifd) / ndiode),
            recombination: grown(of(p.isrec, p.idrec), of(p.xrec, p.xrecd) / of(p.nrecf0, p.nrecf0d)),
            bipolar: grown(of(p.isbjt, p.idbjt), p.xbjt / ndiode),
            tunnelling: continued_exp(excess * of(p.xtun, p.xtund)) * of(p.istun, p.idtun),
            injection: grown(of(p.ahli, p.ahlid), p.xbjt / ndiode),
            potential: warmer * -of(m.tpbswg, or(m.tpbswgd, m.tpbswg)) + of(m.pbswg, or(m.pbswgd, m.pbswg)).max(0.1),
            capacitance: (warmer * tcjswg + 1.0) * of(m.cjswg, or(m.cjswgd, m.cjswg)),
        }
    }
}

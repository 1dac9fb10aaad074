//! Current of the channel and of the bulk beneath it.
//!
//! ```text
//! vgse   = vgs less the voltage over the gate's own depletion layer (ngate between 1e18 and 1e25)
//! vgst   = 2·n·Vt·ln(1 + e^((vgse − vth)/(2·n·Vt)))/(1 + 2·n·cox/cdep0·e^(−(vgse − vth − 2·voff)/(2·n·Vt)))
//! w      = weff − 2·(dwg·vgst + dwb·(√φs − √φ)),  rds = rds0·(1 + prwg·vgst + prwb·(√φs − √φ))
//! a      = (1 + k1'/(2·√φs)·(a0·r·(1 − ags·vgst·r²) + b0/(weff + b1)))/(1 + keta·vbseff),  r = leff/(leff + 2·√(xj·xdep))
//! µ      = u0/(1 + (ua + uc·vbseff)·e + ub·e²),  e = (vgst + 2·vth)/tox              (mobmod 1)
//!          the same with e = vgst/tox (2), u0/(1 + (ua·e + ub·e²)·(1 + uc·vbseff)) (3)
//! esat   = 2·vsat/µ,  λ = a1·vgst + a2 (at most 1),  ve = vgst + 2·Vt
//! vdsat  = (−b − √(b² − 4·a·c))/(2·a) of the current with rds and λ, esat·leff·ve/(a·esat·leff + ve) without
//! vdse   = vdsat − ½·(t + √(t² + 4·delta·vdsat)),  t = vdsat − vds − delta
//! vasat  = (esat·leff + vdsat + 2·rds·vsat·cox·w·vgst·(1 − a·vdsat/(2·ve)))/(2/λ − 1 + rds·vsat·cox·w·a)
//! vaclm  = leff·(a + vgst/(esat·leff))/(pclm·a·litl)·(vds − vdse)
//! vadiblc = (ve − ve·a·vdsat/(ve + a·vdsat))/(θrout·(1 + pdiblcb·vbseff))
//! va     = vasat + (1 + pvag·vgst/(esat·leff))/(1/vaclm + 1/vadiblc)
//! vascbe = leff·e^(pscbe1·litl/(vds − vdse))/pscbe2
//! g      = µ·cox·w/leff·vgst·(1 − a·vdse/(2·ve))/(1 + vdse/(esat·leff))
//! ia     = g·vdse/(1 + rds·g)·(1 + (vds − vdse)/va),  id = ia·(1 + (vds − vdse)/vascbe)
//! isub   = (alpha0 + alpha1·leff)/leff·(vds − vdse)·e^(−beta0/(vds − vdse))·ia            (from drain to bulk)
//! ```
//! for vds ≥ 0; source and drain change places for vds < 0. Source: BSIM3v3.3 manual, chapters 2 and 3 and appendix B.

use super::derived::Process;
use super::threshold::Body;
use crate::devices::mosfet::bsim::body_bias::BodyBias;
use crate::devices::mosfet::bsim::limits::{
    EXPONENT, LEAST, MOST, depleted_gate, fallen, kept_positive, kept_wide, one_plus_gate,
};
use crate::devices::mosfet::bsim::saturation::{NonSaturation, effective_drain};
use crate::devices::mosfet::bsim::temperatures::{CHARGE, SILICON};
use crate::numerics::scalar::Scalar;

/// Equations of the mobility.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Mobility {
    One,
    Two,
    Three,
}

/// The channel's parameters, voltages as of an n-channel.
#[derive(Debug, Clone, Copy)]
pub struct Channel {
    pub body: Body,
    pub thermal: f64,
    /// vfb + φ, from where the gate depletes, V; infinite without.
    depletes: f64,
    /// q·ε·ngate/cox², V.
    gate_doping: f64,
    voff: f64,
    /// Vt·cdep0/cox, V.
    weak: f64,
    length: f64,
    width: f64,
    dwg: f64,
    dwb: f64,
    resistance: f64,
    prwg: f64,
    prwb: f64,
    mobility: Mobility,
    /// 1/tox, 1/m.
    inverse_oxide: f64,
    ua: f64,
    ub: f64,
    uc: f64,
    u0: f64,
    vsat: f64,
    oxide: f64,
    non_saturation: NonSaturation,
    delta: f64,
    /// pclm·litl, m; 0 without.
    modulation: f64,
    /// θrout; 0 without.
    output_lowering: f64,
    pvag: f64,
    /// pscbe1·litl, V, and pscbe2; 0 without.
    scbe: f64,
    pscbe2: f64,
    /// (alpha0 + alpha1·leff)/leff, 1/V; 0 without.
    ionisation: f64,
    beta0: f64,
}

/// The channel at a bias.
#[derive(Debug, Clone, Copy)]
pub struct Conduction<S> {
    /// From drain to source, A.
    pub current: S,
    /// From drain to bulk, A.
    pub substrate: S,
    pub threshold: S,
    /// vgse, V.
    pub gate: S,
    /// n
    pub ideality: S,
    /// vgst, V.
    pub overdrive: S,
    /// a, and a without the factor of keta.
    pub bulk_charge: S,
    pub plain_bulk_charge: S,
    /// µ, m²/Vs.
    pub mobility: S,
    /// vdsat and vdse, V.
    pub saturation: S,
    pub effective: S,
    /// rds, Ω.
    pub resistance: S,
}

impl Channel {
    pub fn new(process: &Process, mobmod: f64) -> Self {
        let (p, geometry) = (&process.parameters, &process.geometry);
        let oxide = process.oxide;
        let has_depletion = p.ngate > 1e18 && p.ngate < 1e25;
        let ionisation = p.alpha0 + p.alpha1 * geometry.length;
        let thermal = process.temperatures.thermal();
        Channel {
            body: Body::new(process),
            thermal,
            depletes: if has_depletion { process.flat_band + process.potential } else { f64::INFINITY },
            gate_doping: 1e6 * CHARGE * SILICON * p.ngate / (oxide * oxide),
            voff: p.voff,
            weak: thermal * process.depletion_capacitance / oxide,
            length: geometry.length,
            width: geometry.width,
            dwg: p.dwg,
            dwb: p.dwb,
            resistance: process.resistance,
            prwg: p.prwg,
            prwb: p.prwb,
            mobility: match mobmod {
                2.0 => Mobility::Two,
                3.0 => Mobility::Three,
                _ => Mobility::One,
            },
            inverse_oxide: 1.0 / process.oxide_thickness,
            ua: p.ua,
            ub: p.ub,
            uc: p.uc,
            u0: p.u0,
            vsat: p.vsat,
            oxide,
            non_saturation: NonSaturation { a1: p.a1, a2: p.a2 },
            delta: p.delta,
            modulation: p.pclm.max(0.0) * process.characteristic,
            output_lowering: process.output_lowering.max(0.0),
            pvag: p.pvag,
            scbe: p.pscbe1 * process.characteristic,
            pscbe2: p.pscbe2.max(0.0),
            ionisation: if ionisation > 0.0 && p.beta0 > 0.0 { ionisation / geometry.length } else { 0.0 },
            beta0: p.beta0,
        }
    }

    /// vgse
    #[inline(always)]
    fn gate<S: Scalar>(&self, vgs: S) -> S {
        depleted_gate(vgs, self.depletes, self.gate_doping)
    }

    /// vgst
    #[inline(always)]
    fn overdrive<S: Scalar>(&self, past: S, ideality: S) -> S {
        let scale = ideality * (2.0 * self.thermal);
        let strong = past / scale;
        if strong.value() > EXPONENT {
            return past;
        }
        let weak = (past * -1.0 + 2.0 * self.voff) / scale;
        if weak.value() > EXPONENT {
            return ((past - self.voff) / (ideality * self.thermal)).exp() * self.weak;
        }
        let softened = scale * strong.exp().ln_1p();
        softened / (scale * weak.exp() * (1.0 / self.weak) + 1.0)
    }

    /// w
    #[inline(always)]
    fn width<S: Scalar>(&self, overdrive: S, rise: S) -> S {
        kept_wide((overdrive * self.dwg + rise * self.dwb) * -2.0 + self.width)
    }

    /// rds
    #[inline(always)]
    fn resistance<S: Scalar>(&self, overdrive: S, rise: S) -> S {
        let growth = overdrive * self.prwg + rise * self.prwb;
        if growth.value() >= -0.9 {
            (growth + 1.0) * self.resistance
        } else {
            (growth + 0.8) / (growth * 20.0 + 17.0) * self.resistance
        }
    }

    /// µ
    #[inline(always)]
    fn mobility<S: Scalar>(&self, overdrive: S, threshold: S, bulk: S) -> S {
        let field = match self.mobility {
            Mobility::Two => overdrive * self.inverse_oxide,
            _ => (overdrive + threshold * 2.0) * self.inverse_oxide,
        };
        let fall = match self.mobility {
            Mobility::Three => field * (field * self.ub + self.ua) * (bulk * self.uc + 1.0),
            _ => field * (bulk * self.uc + field * self.ub + self.ua),
        };
        fallen(self.u0, fall)
    }

    /// 1/va without vasat, or what it is where nothing lowers the output resistance.
    #[inline(always)]
    fn early<S: Scalar>(&self, bias: &OutputBias<S>, body: &BodyBias<S>) -> S {
        let &OutputBias { a, field, overdrive, over, beyond, saturation } = bias;
        let normal = overdrive / field;
        let modulation = if self.modulation > 0.0 && beyond.value() > 1e-10 {
            (a + normal) / a * beyond * (self.length / self.modulation)
        } else {
            S::constant(MOST)
        };
        let lowering = if self.output_lowering > 0.0 {
            let whole = a * saturation;
            over * over / (over + whole) * (1.0 / self.output_lowering) * body.output_factor
        } else {
            S::constant(MOST)
        };
        let both = modulation * lowering / (modulation + lowering);
        if self.pvag == 0.0 {
            return both;
        }
        let gate = normal * self.pvag;
        both * one_plus_gate(gate)
    }

    /// The channel for vds ≥ 0.
    #[inline(always)]
    pub fn conduct<S: Scalar>(&self, body: &BodyBias<S>, vds: S, vgs: S) -> Conduction<S> {
        let threshold = body.threshold - body.lowering * vds;
        let ideality = body.ideality_at(vds);
        let gate = self.gate(vgs);
        let overdrive = self.overdrive(gate - threshold, ideality);
        let width = self.width(overdrive, body.rise);
        let resistance = self.resistance(overdrive, body.rise);
        let plain = kept_positive(body.bulk_charge + body.bulk_charge_slope * overdrive);
        let a = plain * body.bulk_charge_factor;
        let mobility = self.mobility(overdrive, threshold, body.bulk);
        let field = mobility.recip() * (2.0 * self.vsat * self.length);
        let over = overdrive + 2.0 * self.thermal;
        let drop = width * resistance * (self.vsat * self.oxide);
        let saturation = self.non_saturation.voltage(a, field, drop, overdrive, over);
        let early = self.non_saturation.early(a, field, drop, overdrive, over, saturation);
        let effective = effective_drain(vds, saturation, self.delta);
        let beyond = vds - effective;
        let output = OutputBias { a, field, overdrive, over, beyond, saturation };
        let early = early + self.early(&output, body);
        let slope = mobility * width * (self.oxide / self.length) * overdrive;
        let conductance = slope * (a * effective / over * -0.5 + 1.0) / (effective / field + 1.0);
        let linear = conductance * effective / (conductance * resistance + 1.0);
        let modulated = linear * (beyond / early + 1.0);
        Conduction {
            current: self.with_body_effect(modulated, beyond),
            substrate: self.substrate(modulated, beyond),
            threshold,
            gate,
            ideality,
            overdrive,
            bulk_charge: a,
            plain_bulk_charge: plain,
            mobility,
            saturation,
            effective,
            resistance,
        }
    }

    /// id
    #[inline(always)]
    fn with_body_effect<S: Scalar>(&self, current: S, beyond: S) -> S {
        if self.pscbe2 == 0.0 {
            return current * (beyond * (1.0 / MOST) + 1.0);
        }
        let growth = if beyond.value() > self.scbe / EXPONENT {
            beyond * (beyond.recip() * -self.scbe).exp() * (self.pscbe2 / self.length)
        } else {
            beyond * (self.pscbe2 / self.length / MOST)
        };
        current * (growth + 1.0)
    }

    /// isub
    #[inline(always)]
    fn substrate<S: Scalar>(&self, current: S, beyond: S) -> S {
        if self.ionisation == 0.0 {
            return S::zero();
        }
        let part = if beyond.value() > self.beta0 / EXPONENT {
            beyond * (beyond.recip() * -self.beta0).exp()
        } else {
            beyond * LEAST
        };
        part * current * self.ionisation
    }
}

/// What the output resistance depends on.
struct OutputBias<S> {
    a: S,
    /// esat·leff, V.
    field: S,
    overdrive: S,
    /// ve
    over: S,
    /// vds − vdse, V.
    beyond: S,
    saturation: S,
}

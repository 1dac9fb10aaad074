//! The channel's current, of one finger, at vds ≥ 0.
//!
//! ```text
//! vgse: vgs less the voltage over the gate's own depletion layer, as BSIM4's
//! vgst = n·Vt·ln(1 + e^(m·v/(n·Vt)))/(m + n·cox/cdep0·e^((voff − (1 − m)·v)/(n·Vt))),  v = vgse − vth,  m = ½ + atan(minv)/π
//! a0' = 1 + t·(a0·s + b0/(weff + b1)),  a = a0' − t·ags·a0·s³·vgst,  s = leff/(leff + 2·√(xj·Xdep))
//! t = ½·k1ox·√(1 + lpeb/leff)/√(φ + ketas − vbsh/(1 + keta·vbsh))
//! µ = u0/(1 + f);  mobmod 1: f = e·(ua + uc·vbseff) + ub·e²,  e = (vgst + 2·vth)/tox
//!   2: e = vgst/tox;   3: (e·ua + ub·e²)·(1 + uc·vbseff) with 1's e
//!   4: (ua + uc·vbseff)·((vgst + vtfbphi1)/(6·tox) in MV/cm)^eu + ud/(1 + vgst/vgst0)^ucs
//! w = weff − (2 − nbc)·(dwg·vgst + dwb·(√(φ − vbseff) − √φ)),  rds = rds0·(1 + prwg·vgst + prwb·(√(φ − vbseff) − √φ))
//! vdsat, vdse, vasat as BSIM3's with ve = vgst + 2·Vt
//! i0 = µ·cox·w/leff·vgst·(1 − ½·a·vdse/ve)/(1 + vdse/(esat·leff)),  id = i0·vdse/(1 + rds·i0)·(1 + (vds − vdse)/va)/nseg
//! va = vasat + (1 + pvag·vgst/(esat·leff))/(1/vaclm + 1/vadibl + 1/vadits)
//! vaclm = leff·(a + vgst/(esat·leff))/(pclm·a·litl)·(vds − vdse),  vadibl = (ve − ve·a·vdsat/(ve + a·vdsat))/(θrout·(1 + pdiblcb·vbseff))
//! vadits = (1 + (1 + pditsl·leff)·e^(pditsd·vds))/pdits/(1 + fprout·√leff/ve)
//! ```
//! Source: BSIMSOI4.4 manual, chapters 3 and 4.

use super::body::{Body, Threshold, Voltages};
use super::film::Process;
use super::limits::{EXPONENT, LEAST, bounded_exp};
use super::warm::Warm;
use crate::devices::mosfet::bsim::limits::{depleted_gate, kept_wide, one_over_one_plus, one_plus_gate};
use crate::devices::mosfet::bsim::saturation::{NonSaturation, effective_drain};
use crate::devices::mosfet::bsim::temperatures::{CHARGE, SILICON};
use crate::numerics::scalar::{Over, Scalar};

/// The channel at a bias.
#[derive(Debug, Clone, Copy)]
pub struct Conduction<S> {
    pub body: Body<S>,
    pub threshold: Threshold<S>,
    /// vgse − vth and vgst
    pub past: S,
    pub overdrive: S,
    /// ve
    pub over: S,
    /// a0' and a
    pub bulk_charge_at_rest: S,
    pub bulk_charge: S,
    pub mobility: S,
    /// w, m.
    pub width: S,
    pub resistance: S,
    pub saturation: S,
    /// vdse
    pub effective: S,
    /// id, A, and id/vdse, S.
    pub current: S,
    pub per_volt: S,
}

/// What the overdrive of current or charges has.
#[derive(Debug, Clone, Copy)]
pub struct Overdrive {
    pub shape: f64,
    pub offset: f64,
}

impl Overdrive {
    /// vgst of v, n·Vt and n·cox/cdep0.
    #[inline(always)]
    pub fn at<S: Scalar>(&self, past: S, scale: S, below: S) -> S {
        let strong = past * self.shape / scale;
        if strong.value() > EXPONENT {
            return past;
        }
        let weak = (past * (self.shape - 1.0) + self.offset) / scale;
        if weak.value() > EXPONENT {
            return scale / below * bounded_exp((past - self.offset) / scale);
        }
        scale * bounded_exp(strong).ln_1p() / (below * weak.exp() + self.shape)
    }
}

/// a kept above 0: itself down to 0.01.
#[inline(always)]
fn kept_charge<S: Scalar>(a: S) -> S {
    if a.value() < 0.01 { (a * -1.0 + 0.02) / (a * -200.0 + 3.0) } else { a }
}

impl Process {
    /// vgse
    #[inline(always)]
    pub fn gate<P: Scalar, S: Over<P>>(&self, warm: &Warm<P>, vgs: S) -> S {
        if self.p.ngate <= 1e18 || self.p.ngate >= 1e25 {
            return vgs;
        }
        let doping = 1e6 * CHARGE * SILICON * self.p.ngate / (self.oxide * self.oxide);
        depleted_gate(vgs, warm.potential + self.flat_band, doping)
    }

    /// a0' and the fall of a with vgst.
    #[inline(always)]
    fn bulk_charge<P: Scalar, S: Over<P>>(&self, warm: &Warm<P>, body: &Body<S>, depletion: S) -> [S; 2] {
        let (p, length) = (&self.p, self.geometry.length);
        if p.a0 == 0.0 {
            return [S::constant(1.0), S::zero()];
        }
        let potential = warm.potential + p.ketas;
        let part = body.high * one_over_one_plus(body.high * p.keta) / potential;
        let rise = if part.value() < 0.96 {
            (part * -1.0 + 1.0).sqrt().recip()
        } else {
            (part * -6.355_932_203_4 + 6.016_949_152_5) / (part * -1.059_322_033_9 + 1.0)
        };
        let lateral = (1.0 + p.lpeb / length).sqrt();
        let effect = rise * (potential.sqrt().recip() * (0.5 * self.k1_oxide * lateral));
        let share = ((depletion * p.xj).sqrt() * 2.0 + length).recip() * length;
        let narrow = p.b0 / (self.geometry.width + p.b1);
        let fall = share * share * share * (p.ags * p.a0);
        [effect * (share * p.a0 + narrow) + 1.0, effect * fall]
    }

    #[inline(always)]
    fn mobility<P: Scalar, S: Over<P>>(&self, warm: &Warm<P>, overdrive: S, threshold: S, body: S) -> S {
        let (m, p) = (&self.m, &self.p);
        let field = |over: S| over * (1.0 / m.tox);
        let none = S::zero();
        let linear = body * warm.uc + warm.ua;
        let fall = match m.mobmod {
            1.0 => {
                let field = field(overdrive + threshold * 2.0);
                field * (linear + field * warm.ub)
            }
            2.0 => {
                let field = field(overdrive);
                field * (linear + field * warm.ub)
            }
            3.0 => {
                let field = field(overdrive + threshold * 2.0);
                field * (field * warm.ub + warm.ua) * (body * warm.uc + 1.0)
            }
            _ => {
                let field = (overdrive + self.phonon_offset) * (1e-8 / (6.0 * m.tox));
                let screened = (overdrive * (1.0 / self.coulomb_scale) + 1.0).ln() * (none + warm.ucs);
                linear * field.powf(p.eu) + (-screened).exp() * (none + warm.ud)
            }
        };
        let whole = if fall.value() >= -0.8 { fall + 1.0 } else { (fall + 0.6) / (fall * 10.0 + 7.0) };
        whole.recip() * (none + warm.mobility)
    }

    /// 1/va
    #[inline(always)]
    fn inverse_early<P: Scalar, S: Over<P>>(
        &self,
        warm: &Warm<P>,
        at: &Conduction<S>,
        early: S,
        field: S,
        vds: S,
    ) -> S {
        let (p, length) = (&self.p, self.geometry.length);
        let (a, over, beyond) = (at.bulk_charge, at.over, vds - at.effective);
        let mut sum = S::zero();
        if p.pclm > 0.0 && beyond.value() > 1e-10 {
            let normal = length / (p.pclm * self.characteristic);
            sum += a / ((a + at.overdrive / field) * beyond * normal);
        }
        if warm.output_lowering.value() > 0.0 {
            let whole = a * at.saturation;
            let factor = one_over_one_plus(at.body.effective * p.pdiblcb);
            sum += (over - over * whole / (over + whole)).recip() * warm.output_lowering / factor;
        }
        if p.pdits > LEAST {
            let growth = bounded_exp(vds * p.pditsd) * (1.0 + self.m.pditsl * length) + 1.0;
            let pockets = over.recip() * (p.fprout.max(0.0) * length.sqrt()) + 1.0;
            sum += growth.recip() * pockets * p.pdits;
        }
        let gate = one_plus_gate(at.overdrive / field * p.pvag);
        sum / (sum * early + gate)
    }

    #[inline(always)]
    pub fn conduct<P: Scalar, S: Over<P>>(&self, warm: &Warm<P>, v: &Voltages<S>) -> Conduction<S> {
        let (p, length, none) = (&self.p, self.geometry.length, S::zero());
        let body = self.body(warm, v);
        let threshold = self.threshold_at(warm, body.effective, body.high - body.effective, v.drain);
        let past = v.gate - threshold.voltage;
        let below = threshold.ideality * (warm.depletion_capacitance.recip() * self.oxide);
        let of_current = Overdrive { shape: self.shape, offset: p.voff };
        let overdrive = of_current.at(past, threshold.ideality * warm.thermal, below);
        let over = overdrive + warm.thermal * 2.0;
        let rise = threshold.root - warm.root;
        let sides = 2.0 - self.layout.isolations;
        let width = kept_wide((overdrive * p.dwg + rise * p.dwb) * -sides + self.geometry.width);
        let resistance = one_plus_gate(overdrive * p.prwg + rise * p.prwb) * warm.resistance;
        let [at_rest, fall] = self.bulk_charge(warm, &body, threshold.depletion);
        let (bulk_charge, at_rest) = (kept_charge(at_rest - fall * overdrive), kept_charge(at_rest));
        let mobility = self.mobility(warm, overdrive, threshold.voltage, body.effective);
        let field = mobility.recip() * (none + warm.vsat * (2.0 * length));
        let drop = width * resistance * (none + warm.vsat * self.oxide);
        let rule = NonSaturation { a1: p.a1, a2: p.a2 };
        let saturation = rule.voltage(bulk_charge, field, drop, overdrive, over);
        let effective = effective_drain(v.drain, saturation, p.delta);
        let early = rule.early(bulk_charge, field, drop, overdrive, over, saturation);
        let gain = mobility * width * (self.oxide / length);
        let carried = overdrive * (bulk_charge * effective / over * -0.5 + 1.0);
        let plain = gain * carried / (effective / field + 1.0);
        let per_volt = plain / (plain * resistance + 1.0);
        let mut at = Conduction {
            body,
            threshold,
            past,
            overdrive,
            over,
            bulk_charge_at_rest: at_rest,
            bulk_charge,
            mobility,
            width,
            resistance,
            saturation,
            effective,
            current: none,
            per_volt,
        };
        let growth = self.inverse_early(warm, &at, early, field, v.drain) * (v.drain - effective) + 1.0;
        at.per_volt = per_volt * growth * (1.0 / self.layout.segments);
        at.current = at.per_volt * effective;
        at
    }
}

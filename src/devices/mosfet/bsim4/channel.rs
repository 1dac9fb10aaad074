//! Current of the channel and of the bulk beneath it.
//!
//! ```text
//! vgse   = vgs less the voltage over the gate's own depletion layer (ngate between 1e18 and 1e25)
//! vgst   = n·Vt·ln(1 + e^(m·(vgse − vth)/(n·Vt)))/(m + n·cox/cdep0·e^(((voff + voffl/leff) − (1 − m)·(vgse − vth))/(n·Vt)))
//! m      = ½ + atan(minv)/π
//! w      = weff − 2·(dwg·vgst + dwb·(√φs − √φ))
//! rds    = rdswmin + ½·rdsw·(t + √(t² + 0.01)),  t = 1/(1 + prwg·vgst) + prwb·(√φs − √φ);  0 with rdsmod=1
//! k      = k1'·√(1 + lpeb/leff)/(2·√φs) + k2' − k3b·toxe·φ/(weff + w0),  r = leff/(leff + 2·√(xj·xdep))
//! a      = (1 + k·(a0·r·(1 − ags·vgst·r²) + b0/(weff + b1)))/(1 + keta·vbseff)
//! esat   = 2·vsat/µ,  λ = a1·vgst + a2 (at most 1),  ve = vgst + 2·Vt
//! vdsat  = (−b − √(b² − 4·a·c))/(2·a) of the current with rds and λ, esat·leff·ve/(a·esat·leff + ve) without
//! vdse   = vdsat − ½·(t + √(t² + 4·delta·vdsat)),  t = vdsat − vds − delta
//! esat·(1 + lambda/(leff·µ)·(s² − 1)/(s² + 1)),  s = 1 + (vds − vdse)/(esat·litl)               from here on
//! x      = ados·1.9 nm/(1 + ((vgst + 4·(vth0 − vfb − φ))/(2·toxp))^(0.7·bdos)) (V over 10⁻⁸ m),  coxeff = coxp·ε/(ε + coxp·x)
//! g      = µ·coxeff·w/leff·vgst·(1 − a·vdse/(2·ve))/(1 + vdse/(esat·leff))
//! i0     = g/(1 + rds·g)
//! ia     = i0·(1 + (vds − vdse)/vadibl)·(1 + (vds − vdse)/vadits)·(1 + ln(va/vasat)/cclm)
//! id     = ia·(1 + (vds − vdse)/vascbe)·vdse                                      (va's in `output.rs`)
//! vtl:     id/(1 + (id/(w·coxeff·vgst·vtl·t))⁶)^(1/6),  t = (1 − r)/(1 + r),  r = leff/(xn·leff + lc)
//! isub   = (alpha0 + alpha1·leff)/leff·(vds − vdse)·e^(−beta0/(vds − vdse))·ia·vdse            (from drain to bulk)
//! ```
//! for vds ≥ 0; source and drain change places for vds < 0. Source: BSIM4.6.4 manual, chapters 3 to 6.

use super::derived::Process;
use super::general_parameters::General;
use super::mobility::Mobility;
use super::output::{Output, OutputBias};
use super::threshold::Body;
use crate::devices::mosfet::bsim::body_bias::BodyBias;
use crate::devices::mosfet::bsim::limits::{EXPONENT, LEAST, MOST, depleted_gate, kept_positive, kept_wide, softened};
use crate::devices::mosfet::bsim::saturation::{NonSaturation, effective_drain};
use crate::numerics::scalar::Scalar;

/// The channel's parameters, voltages as of an n-channel.
#[derive(Debug, Clone, Copy)]
pub struct Channel {
    pub body: Body,
    pub thermal: f64,
    /// vfb + φ, from where the gate depletes, V; infinite without.
    depletes: f64,
    /// q·ε·ngate/cox², V.
    gate_doping: f64,
    overdrive: Overdrive,
    pub length: f64,
    width: f64,
    dwg: f64,
    dwb: f64,
    /// rdsw and rdswmin, Ω.
    resistance: [f64; 2],
    prwg: f64,
    prwb: f64,
    pub mobility: Mobility,
    pub vsat: f64,
    oxide: f64,
    pub layer: InvertedLayer,
    non_saturation: NonSaturation,
    delta: f64,
    /// lambda and litl; 0 without.
    overshoot: f64,
    characteristic: f64,
    output: Output,
    /// vtl·t, m/s; 0 without.
    source_velocity: f64,
    /// (alpha0 + alpha1·leff)/leff, 1/V; 0 without.
    ionisation: f64,
    beta0: f64,
}

/// What vgst depends on.
#[derive(Debug, Clone, Copy)]
pub struct Overdrive {
    pub thermal: f64,
    /// m
    pub shape: f64,
    /// V
    pub offset: f64,
    /// cox/cdep0
    pub ratio: f64,
}

impl Overdrive {
    /// vgst
    #[inline(always)]
    pub fn at<S: Scalar>(&self, past: S, ideality: S) -> S {
        let scale = ideality * self.thermal;
        let softened = softened(past * self.shape, scale);
        let weak = (past * (self.shape - 1.0) + self.offset) / scale;
        let part = if weak.value() < -EXPONENT {
            ideality * (self.ratio * LEAST)
        } else if weak.value() > EXPONENT {
            ideality * (self.ratio * MOST)
        } else {
            ideality * weak.exp() * self.ratio
        };
        softened / (part + self.shape)
    }
}

/// The depth of the inverted layer's charge.
#[derive(Debug, Clone, Copy)]
pub struct InvertedLayer {
    /// V
    offset: f64,
    /// 1/(2·toxp) in V over 10⁻⁸ m, 1/V.
    scale: f64,
    /// ados·1.9 nm
    depth: f64,
    exponent: f64,
    substrate: f64,
    oxide: f64,
}

impl InvertedLayer {
    pub fn new(process: &Process, m: &General) -> Self {
        let materials = &process.materials;
        InvertedLayer {
            offset: process.layer_offset,
            scale: 0.5e-8 / materials.physical_thickness,
            depth: m.ados * 1.9e-9,
            exponent: 0.7 * m.bdos,
            substrate: materials.substrate,
            oxide: materials.physical_oxide,
        }
    }

    /// m
    #[inline(always)]
    pub fn depth<S: Scalar>(&self, overdrive: S) -> S {
        (((overdrive + self.offset) * self.scale).powf(self.exponent) + 1.0).recip() * self.depth
    }

    /// coxeff, F/m²
    #[inline(always)]
    pub fn capacitance<S: Scalar>(&self, overdrive: S) -> S {
        (self.depth(overdrive) * self.oxide + self.substrate).recip() * (self.substrate * self.oxide)
    }
}

/// The channel at a bias, vds ≥ 0.
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
    /// The current over vdse, and µ·coxeff·w/leff: what gives the gate its resistance, S and A/V².
    pub per_volt: S,
    pub gain: S,
}

impl Channel {
    pub fn new(process: &Process, m: &General) -> Self {
        let (p, geometry) = (&process.parameters, &process.geometry);
        let oxide = process.materials.oxide;
        let has_depletion = p.ngate > 1e18 && p.ngate < 1e25 && process.materials.gate > 0.0;
        let ionisation = p.alpha0 + p.alpha1 * geometry.length;
        let thermal = process.temperatures.thermal();
        let reflected = geometry.length / (p.xn * geometry.length + m.lc.max(0.0));
        Channel {
            body: Body::new(process, m.tempmod),
            thermal,
            depletes: if has_depletion { process.flat_band + process.potential } else { f64::INFINITY },
            gate_doping: process.materials.gate_doping(p.ngate),
            overdrive: Overdrive {
                thermal,
                shape: process.shape,
                offset: process.offset,
                ratio: oxide / process.depletion_capacitance,
            },
            length: geometry.length,
            width: geometry.width,
            dwg: p.dwg,
            dwb: p.dwb,
            resistance: if m.rdsmod == 1.0 { [0.0; 2] } else { process.resistance },
            prwg: p.prwg,
            prwb: p.prwb,
            mobility: Mobility::new(process, m),
            vsat: p.vsat,
            oxide,
            layer: InvertedLayer::new(process, m),
            non_saturation: NonSaturation { a1: p.a1, a2: p.a2 },
            delta: p.delta,
            overshoot: if p.lambda > 0.0 { p.lambda } else { 0.0 },
            characteristic: process.characteristic,
            output: Output::new(process),
            source_velocity: if p.vtl > 0.0 { p.vtl * (1.0 - reflected) / (1.0 + reflected) } else { 0.0 },
            ionisation: if ionisation > 0.0 && p.beta0 > 0.0 { ionisation / geometry.length } else { 0.0 },
            beta0: p.beta0,
        }
    }

    /// vgse of a gate against either end.
    #[inline(always)]
    pub fn gate<S: Scalar>(&self, vgs: S) -> S {
        depleted_gate(vgs, self.depletes, self.gate_doping)
    }

    /// rds
    #[inline(always)]
    fn resistance<S: Scalar>(&self, overdrive: S, rise: S) -> S {
        let [own, least] = self.resistance;
        if own == 0.0 {
            return S::constant(least);
        }
        let part = (overdrive * self.prwg + 1.0).recip() + rise * self.prwb;
        (part + (part * part + 0.01).sqrt()) * (0.5 * own) + least
    }

    /// esat·leff with the overshoot of the velocity.
    #[inline(always)]
    fn overshot<S: Scalar>(&self, field: S, mobility: S, beyond: S) -> S {
        if self.overshoot == 0.0 {
            return field;
        }
        let past = beyond / field * (self.length / self.characteristic) + 1.0;
        let share = (past * past + 1.0).recip() * -2.0 + 1.0;
        field * (share * (self.overshoot / self.length) / mobility + 1.0)
    }

    /// The channel for vds ≥ 0, `gate` being vgse.
    #[inline(always)]
    pub fn conduct<S: Scalar>(&self, body: &BodyBias<S>, vds: S, gate: S) -> Conduction<S> {
        let [threshold, ideality] = self.body.threshold(body, vds);
        let overdrive = self.overdrive.at(gate - threshold, ideality);
        let width = kept_wide((overdrive * self.dwg + body.rise * self.dwb) * -2.0 + self.width);
        let resistance = self.resistance(overdrive, body.rise);
        let plain = kept_positive(body.bulk_charge + body.bulk_charge_slope * overdrive);
        let a = plain * body.bulk_charge_factor;
        let mobility = self.mobility.at(overdrive, threshold, body.bulk);
        let plain_field = mobility.recip() * (2.0 * self.vsat * self.length);
        let over = overdrive + 2.0 * self.thermal;
        let drop = width * resistance * (self.vsat * self.oxide);
        let saturation = self.non_saturation.voltage(a, plain_field, drop, overdrive, over);
        let effective = effective_drain(vds, saturation, self.delta);
        let beyond = vds - effective;
        let field = self.overshot(plain_field, mobility, beyond);
        let early = self.non_saturation.early(a, field, drop, overdrive, over, saturation);
        let sheet = self.layer.capacitance(overdrive) * width;
        let gain = sheet * mobility * (1.0 / self.length);
        let conductance = gain * overdrive * (a * effective / over * -0.5 + 1.0) / (effective / field + 1.0);
        let loaded = conductance * resistance + 1.0;
        let linear = conductance / loaded;
        let output = OutputBias {
            a,
            field,
            plain_field,
            overdrive,
            over,
            beyond,
            saturation,
            early,
            vds,
            loaded: linear * resistance + 1.0,
        };
        let modulated = linear * self.output.growth(&output, body);
        let per_volt = modulated * self.output.body_effect(beyond);
        let current = self.limited(per_volt * effective, sheet * overdrive);
        Conduction {
            current,
            substrate: self.substrate(modulated * effective, beyond),
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
            per_volt,
            gain,
        }
    }

    /// The current that the source's velocity allows, with the charge per length there.
    #[inline(always)]
    fn limited<S: Scalar>(&self, current: S, charge: S) -> S {
        if self.source_velocity == 0.0 {
            return current;
        }
        let ratio = current / charge * (1.0 / self.source_velocity);
        if ratio.value() <= 0.0 {
            return current;
        }
        current * (ratio.powi(6) + 1.0).powf(-1.0 / 6.0)
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

//! Charges of the channel and of the gate's overlaps.
//!
//! With C = cox·wcv·lcv, a the bulk charge at vgst = 0 times 1 + (clc/lcv)^cle, and vfb the flat-band voltage of zero bias:
//!
//! ```text
//! vgc  = noff·n·Vt·ln(1 + e^((vgse − vth − voffcv)/(noff·n·Vt)));  with cvchargemod=1 as vgst, with voffcv + voffcvl/leff and minvcv
//! vdse = vdc − ½·(t + √(t² + 0.08·vdc)),  t = vdc − vds − 0.02,  vdc = vgc/a
//! vfbe = vfb − ½·(t + √(t² + 0.08·|vfb|)),  t = vfb − vgse + vbseff − 0.02
//! accumulation: Qa = C·(vfbe − vfb)
//! depletion:    Qd = C·k1'·(√(k1'²/4 + vgse − vfbe − vbseff − vgc) − k1'/2)
//! inversion:    Qg = C·(vgc − ½·vdse + a·vdse²/(12·u)),  Qb = C·(1 − a)·(½·vdse − a·vdse²/(12·u)),  u = vgc − ½·a·vdse
//! source:       50/50 half of what channel and bulk need; 40/60 and 0/100 as Ward's integrals along the channel
//! ```
//! That is `capmod=1`. 0 is a long channel with vfbcv, without weak inversion. 2 has the depth of the charge in series with the oxide, in
//! accumulation and depletion ldeb·e^(acde·(vgse − vbseff − vfb)/toxp) and in inversion that of the current, and a surface potential that
//! rises with the gate, in place of vgc
//!
//! ```text
//! ½·(t + √(t² + 0.004·vgc)),  t = vgc − Vt·ln(1 + vgc·(vgc + 2·k1'·√φ)/(moin·k1'²·Vt)) − 1 mV
//! ```
//! Overlaps, the second without depletion for capmod 0:
//!
//! ```text
//! Q = (cgdo + cf)·wcv·v + cgdl·wcv·(v − t − ½·ckappad·(√(1 − 4·t/ckappad) − 1)),  t = ½·(v + 0.02 − √((v + 0.02)² + 0.08))
//! ```
//! Source: BSIM4.6.4 manual, chapter 7; Ward, Stanford G201-11 (1981).

use super::channel::{Conduction, InvertedLayer, Overdrive};
use super::derived::Process;
use super::general_parameters::General;
use super::geometry::or;
use super::tunnelling::OxideVoltages;
use crate::devices::mosfet::bsim::body_bias::BodyBias;
use crate::devices::mosfet::bsim::charges::{ChannelCharges, Depletes, Layers, Overlap, Partition, kept_on};
use crate::devices::mosfet::bsim::limits::softened;
use crate::numerics::scalar::Scalar;

/// The charges' parameters, voltages as of an n-channel, of one finger.
#[derive(Debug, Clone, Copy)]
pub struct Charges {
    capmod: u8,
    layers: Layers,
    layer: InvertedLayer,
    /// √φ
    root: f64,
    noff: f64,
    voffcv: f64,
    /// vgc of cvchargemod=1.
    overdrive: Option<Overdrive>,
    /// 1 + (clc/lcv)^cle
    short: f64,
    /// vfbcv
    long_flat_band: f64,
    /// None where the channel has no charge (xpart below 0).
    has_channel: bool,
    pub overlaps: Overlaps,
}

/// Overlaps of the gate.
#[derive(Debug, Clone, Copy)]
pub struct Overlaps {
    pub drain: Overlap,
    pub source: Overlap,
    /// F
    pub bulk: f64,
}

impl Overlaps {
    fn new(process: &Process, m: &General) -> Self {
        let (p, geometry, materials) = (&process.parameters, &process.geometry, &process.materials);
        let (length, width) = (geometry.charge_length, geometry.charge_width);
        let by_default = |lightly_doped: f64| {
            if m.dlc > 0.0 { m.dlc * materials.oxide - lightly_doped } else { 0.6 * p.xj * materials.oxide }
        };
        let fringe = or(
            p.cf,
            2.0 * materials.oxide_permittivity / std::f64::consts::PI * (1.0 + 0.4e-6 / materials.thickness).ln(),
        );
        let overlap = |given: f64, lightly_doped: f64, kappa: f64| Overlap {
            depletes: if m.capmod == 0.0 { Depletes::Never } else { Depletes::Smoothly },
            constant: (or(given, by_default(lightly_doped)) + fringe) * width,
            lightly_doped: lightly_doped * width,
            kappa,
        };
        let bulk = or(m.cgbo, 2.0 * or(m.dwc, m.wint) * materials.oxide);
        Overlaps {
            drain: overlap(m.cgdo, p.cgdl, p.ckappad),
            source: overlap(m.cgso, p.cgsl, p.ckappas),
            bulk: bulk * length,
        }
    }

    /// Of gate towards drain, source and bulk.
    #[inline(always)]
    pub fn charges<S: Scalar>(&self, vgd: S, vgs: S, vgb: S) -> [S; 3] {
        [self.drain.charge(vgd), self.source.charge(vgs), vgb * self.bulk]
    }
}

impl Charges {
    pub fn new(process: &Process, m: &General) -> Self {
        let (p, geometry, materials) = (&process.parameters, &process.geometry, &process.materials);
        let (length, width) = (geometry.charge_length, geometry.charge_width);
        let thermal = process.temperatures.thermal();
        let layers = Layers {
            partition: Partition::new(m.xpart),
            oxide: materials.oxide * width * length,
            area: width * length,
            oxide_density: materials.physical_oxide,
            silicon: materials.substrate,
            k1: process.k1_oxide,
            potential: process.potential,
            thermal,
            flat_band: if m.capmod == 0.0 { p.vfbcv } else { process.rest_flat_band },
            debye: process.debye,
            least_thickness: 1e-3 * materials.physical_thickness,
            exponent: p.acde * 1e-8 / materials.physical_thickness,
            moin: p.moin,
        };
        let overdrive = Overdrive {
            thermal,
            shape: process.charge_shape,
            offset: process.charge_offset,
            ratio: materials.oxide / process.depletion_capacitance,
        };
        Charges {
            capmod: if m.capmod == 0.0 {
                0
            } else if m.capmod == 1.0 {
                1
            } else {
                2
            },
            layers,
            layer: InvertedLayer::new(process, m),
            root: process.potential.sqrt(),
            noff: p.noff,
            voffcv: p.voffcv,
            overdrive: (m.cvchargemod == 1.0).then_some(overdrive),
            short: 1.0 + (p.clc / length).powf(p.cle),
            long_flat_band: process.rest_flat_band,
            has_channel: m.xpart >= 0.0,
            overlaps: Overlaps::new(process, m),
        }
    }

    /// vfbe at the gate's voltage against the bulk.
    #[inline(always)]
    pub fn flat_band<S: Scalar>(&self, vgb: S) -> S {
        self.layers.accumulation(vgb, S::constant(self.long_flat_band))
    }

    /// Voltages over the oxide, as the gate's current has them.
    #[inline(always)]
    pub fn over_oxide<S: Scalar>(&self, vgb: S, flat_band: S, overdrive: S) -> OxideVoltages<S> {
        let accumulated = (flat_band * -1.0 + self.long_flat_band).max(S::zero());
        let bending = vgb - flat_band - overdrive;
        let depleted =
            if bending.value() < 0.0 && self.layers.k1 != 0.0 { -bending } else { self.layers.depletion(bending) };
        OxideVoltages { flat_band: self.long_flat_band, accumulated, inverted: depleted + overdrive }
    }

    /// Charges of the channel at a bias with vds ≥ 0.
    #[inline(always)]
    pub fn at<S: Scalar>(
        &self,
        body: &BodyBias<S>,
        at: &Conduction<S>,
        flat_band: S,
        [vds, vbs]: [S; 2],
    ) -> ChannelCharges<S> {
        if !self.has_channel {
            let none = S::zero();
            return ChannelCharges { gate: none, bulk: none, source: none, inversion: none };
        }
        let a = body.bulk_charge_at_rest() * self.short;
        if self.capmod == 0 {
            let bulk = if body.bulk.value() < 0.0 { vbs } else { body.bulk };
            return self.layers.long_channel(a, body.rise + self.root, at.gate, vds, bulk);
        }
        let vgb = at.gate - body.bulk;
        let gate_on = match &self.overdrive {
            Some(overdrive) => overdrive.at(at.gate - at.threshold, at.ideality),
            None => softened(at.gate - at.threshold - self.voffcv, at.ideality * (self.layers.thermal * self.noff)),
        };
        if self.capmod == 1 {
            return self.layers.smooth(a, [vgb, S::constant(self.layers.flat_band)], gate_on, vds);
        }
        let on = kept_on(gate_on - self.layers.rise(gate_on, self.root), gate_on);
        self.layers.thick(a, [vgb, flat_band], [gate_on, on], vds, self.layer.depth(gate_on))
    }

    /// Charge of the inversion layer as noise has it: of the current's overdrive, of the bulk charge at vgst = 0, at vds ≥ 0.
    pub fn inverted(&self, overdrive: f64, bulk_charge: f64, vds: f64) -> f64 {
        let a = bulk_charge * self.short;
        let d = a * self.layers.effective(overdrive / a, vds);
        let u = overdrive - 0.5 * d + 1e-20;
        self.layer.capacitance(overdrive) * self.layers.area * (overdrive - 0.5 * d + d * d / (12.0 * u))
    }
}

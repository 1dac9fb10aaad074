//! Charges of the channel and of the gate's overlaps.
//!
//! With C = cox·wcv·lcv, a the bulk charge at vgst = 0 times 1 + (clc/lcv)^cle, vbe the bulk's voltage (above 0 bent to φ·vbseff/(φ + vbseff)), and vfb
//! the flat-band voltage of zero bias:
//!
//! ```text
//! vgc  = noff·n·Vt·ln(1 + e^((vgse − vth − voffcv)/(noff·n·Vt)))
//! vdse = vdc − ½·(t + √(t² + 0.08·vdc)),  t = vdc − vds − 0.02,  vdc = vgc/a
//! vfbe = vfb − ½·(t + √(t² + 0.08·|vfb|)),  t = vfb − vgse + vbe − 0.02
//! accumulation: Qa = C·(vfbe − vfb)
//! depletion:    Qd = C·k1'·(√(k1'²/4 + vgse − vfbe − vbe − vgc) − k1'/2)
//! inversion:    Qg = C·(vgc − ½·vdse + a·vdse²/(12·u)),  Qb = C·(1 − a)·(½·vdse − a·vdse²/(12·u)),  u = vgc − ½·a·vdse
//! source:       50/50 half of what channel and bulk need; 40/60 and 0/100 as Ward's integrals along the channel
//! ```
//! That is `capmod=2`. 1 has the regions with their corners in place of vdse and vfbe. 0 is a long channel with vfbcv, without weak
//! inversion. 3 has the thickness of the charge in series with the oxide, in accumulation and depletion ldeb·e^(acde·(vgse − vbe − vfb)/tox)
//! and in inversion 1.9 nm/(1 + ((vgc + 4·(vth − vfb − φ))/(2·tox))^0.7) (V over 10⁻⁸ m), and a surface potential that rises with the
//! gate, in place of vgc
//!
//! ```text
//! ½·(t + √(t² + 0.004·vgc)),  t = vgc − Vt·ln(1 + vgc·(vgc + 2·k1'·√φ)/(moin·k1'²·Vt)) − 1 mV
//! ```
//! With `version` below 3.3 that is t + 1 mV; below 3.2, vfb is vth − φ − k1·√φs in 1 and 2.
//! ngspice 39's capacitances for capmod 3 are not quite the derivatives of its charges: in the linear region they miss up to some
//! percent. Overlaps:
//!
//! ```text
//! Q = (cgdo + cf)·wcv·v + cgdl·wcv·(v − t − ½·ckappa·(√(1 − 4·t/ckappa) − 1)),  t = ½·(v + 0.02 − √((v + 0.02)² + 0.08))
//! ```
//! with t = min(v, 0) for capmod 1, without cgdl for 0. Source: BSIM3v3.3 manual, chapter 4 and appendix B; Ward, Stanford G201-11 (1981).

use super::channel::{Channel, Conduction};
use super::derived::Process;
use super::parameters::Bsim3Model;
use crate::devices::mosfet::bsim::body_bias::BodyBias;
use crate::devices::mosfet::bsim::charges::{ChannelCharges, Depletes, Layers, Overlap, Partition, kept_on};
use crate::devices::mosfet::bsim::limits::softened;
use crate::devices::mosfet::bsim::temperatures::SILICON;
use crate::numerics::scalar::Scalar;

/// Which equations.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Model {
    Zero,
    One,
    Two,
    Three,
}

/// The charges' parameters, voltages as of an n-channel.
#[derive(Debug, Clone, Copy)]
pub struct Charges {
    model: Model,
    layers: Layers,
    /// √φ
    root: f64,
    noff: f64,
    voffcv: f64,
    /// 1 + (clc/lcv)^cle
    short: f64,
    oxide_thickness: f64,
    /// The flat-band voltage of capmod 1 and 2 is that of the bias: before version 3.2.
    flat_band_follows: bool,
    /// The surface potential's rise leaves the weakly inverted channel its charge: since version 3.3.
    kept_on: bool,
    pub drain: Overlap,
    pub source: Overlap,
    /// F
    pub bulk: f64,
}

impl Charges {
    pub fn new(process: &Process, m: &Bsim3Model) -> Self {
        let general = &m.general;
        let (p, geometry) = (&process.parameters, &process.geometry);
        let (length, width) = (geometry.charge_length, geometry.charge_width);
        let model = match general.capmod {
            0.0 => Model::Zero,
            1.0 => Model::One,
            2.0 => Model::Two,
            _ => Model::Three,
        };
        let by_default = |lightly_doped: f64| {
            if general.dlc > 0.0 { general.dlc * process.oxide - lightly_doped } else { 0.6 * p.xj * process.oxide }
        };
        let overlap = |given: f64, lightly_doped: f64| {
            let constant = if given.is_nan() { by_default(lightly_doped).max(0.0) } else { given };
            let (constant, lightly_doped) = ((constant + p.cf) * width, lightly_doped * width);
            let depletes = match model {
                Model::Zero => Depletes::Never,
                Model::One => Depletes::AtZero,
                _ => Depletes::Smoothly,
            };
            Overlap { depletes, constant, lightly_doped, kappa: p.ckappa }
        };
        let layers = Layers {
            partition: Partition::new(general.xpart),
            oxide: process.oxide * width * length,
            area: width * length,
            oxide_density: process.oxide,
            silicon: SILICON,
            k1: process.k1_oxide,
            potential: process.potential,
            thermal: process.temperatures.thermal(),
            flat_band: if model == Model::Zero { p.vfbcv } else { process.charge_flat_band },
            debye: process.debye,
            least_thickness: 1e-3 * process.oxide_thickness,
            exponent: p.acde * 1e-8 / process.oxide_thickness,
            moin: p.moin,
        };
        let reduction = if general.dwc.is_nan() { general.wint } else { general.dwc };
        let bulk = if general.cgbo.is_nan() { 2.0 * reduction * process.oxide } else { general.cgbo };
        Charges {
            model,
            layers,
            root: process.potential.sqrt(),
            noff: p.noff,
            voffcv: p.voffcv,
            short: 1.0 + (p.clc / length).powf(p.cle),
            oxide_thickness: process.oxide_thickness,
            flat_band_follows: m.version < 3.2,
            kept_on: m.version >= 3.3,
            drain: overlap(general.cgdo, p.cgdl),
            source: overlap(general.cgso, p.cgsl),
            bulk: bulk * length,
        }
    }

    /// Charges of the channel at a bias with vds ≥ 0.
    #[inline(always)]
    pub fn at<S: Scalar>(
        &self,
        channel: &Channel,
        body: &BodyBias<S>,
        at: &Conduction<S>,
        [vds, vbs]: [S; 2],
    ) -> ChannelCharges<S> {
        let a = body.bulk_charge_at_rest() * self.short;
        let potential = channel.body.potential;
        let root = body.rise + self.root;
        // φ − φs for a bulk biased forward: φs is not the square of what stands for its root.
        let forward = body.bulk / (body.bulk + potential) * potential;
        let reverse = body.bulk.value() < 0.0;
        if self.model == Model::Zero {
            let bulk = if reverse { vbs } else { forward };
            return self.layers.long_channel(a, root, at.gate, vds, bulk);
        }
        let bulk = if reverse { body.bulk } else { forward };
        let on = self.overdrive(at);
        let flat_band = if self.flat_band_follows {
            at.threshold - root * self.layers.k1 - self.layers.potential
        } else {
            S::constant(self.layers.flat_band)
        };
        match self.model {
            Model::One => self.regional(a, [at.gate - bulk, flat_band], on, vds),
            Model::Two => self.layers.smooth(a, [at.gate - bulk, flat_band], on, vds),
            _ => self.thick(a, at, at.gate - bulk, on, vds),
        }
    }

    /// vgc
    #[inline(always)]
    fn overdrive<S: Scalar>(&self, at: &Conduction<S>) -> S {
        let past = at.gate - at.threshold - self.voffcv;
        let scale = at.ideality * (self.layers.thermal * self.noff);
        softened(past, scale)
    }

    /// capmod 1
    #[inline(always)]
    fn regional<S: Scalar>(&self, a: S, [vgb, flat_band]: [S; 2], on: S, vds: S) -> ChannelCharges<S> {
        let layers = &self.layers;
        let bending = vgb - flat_band - on;
        let depleted = if bending.value() <= 0.0 { bending } else { layers.depletion(bending) };
        let saturation = on / a;
        let (gate, bulk, source);
        if saturation.value() < vds.value() {
            gate = on - saturation * (1.0 / 3.0);
            bulk = (saturation - on) * (1.0 / 3.0);
            source = on
                * match layers.partition {
                    Partition::Source => 2.0 / 3.0,
                    Partition::Ward => 0.4,
                    Partition::Equal => 1.0 / 3.0,
                };
        } else {
            let d = a * vds;
            let u = on - d * 0.5 + 1e-20;
            let further = d * vds / (u * 12.0);
            gate = on - vds * 0.5 + further;
            bulk = (a * -1.0 + 1.0) * (vds * 0.5 - further);
            source = if layers.partition == Partition::Equal {
                (gate + bulk) * 0.5
            } else {
                layers.partition.of_source(on, d, u)
            };
        }
        layers.scaled(gate + depleted, bulk - depleted, source, gate + bulk)
    }

    /// capmod 3
    #[inline(always)]
    fn thick<S: Scalar>(&self, a: S, at: &Conduction<S>, vgb: S, gate_on: S, vds: S) -> ChannelCharges<S> {
        let layers = &self.layers;
        let mut on = gate_on - layers.rise(gate_on, self.root);
        if self.kept_on {
            on = kept_on(on, gate_on);
        }
        let above = (at.threshold - (layers.flat_band + layers.potential)) * 4.0;
        let field = if above.value() >= 0.0 { gate_on + above } else { gate_on + 1e-20 };
        let spread = (field * (0.5e-8 / self.oxide_thickness)).powf(0.7);
        let thickness = (spread + 1.0).recip() * 1.9e-9;
        let flat_band = layers.accumulation(vgb, S::constant(layers.flat_band));
        layers.thick(a, [vgb, flat_band], [gate_on, on], vds, thickness)
    }
}

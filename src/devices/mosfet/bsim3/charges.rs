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

use super::channel::{Channel, Conduction, EXPONENT, LEAST, MOST};
use super::derived::{Process, SILICON};
use super::parameters::Bsim3Model;
use super::threshold::BodyBias;
use crate::numerics::scalar::Scalar;

/// Smoothness of the joins, V.
const JOIN: f64 = 0.02;

/// Which equations.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Model {
    Zero,
    One,
    Two,
    Three,
}

/// How drain and source share the channel's charge in saturation.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Partition {
    /// Drain 40 %, source 60 %.
    Ward,
    Equal,
    /// All of the source.
    Source,
}

/// The charges' parameters, voltages as of an n-channel.
#[derive(Debug, Clone, Copy)]
pub struct Charges {
    model: Model,
    partition: Partition,
    /// C, F.
    oxide: f64,
    /// F/m²
    oxide_density: f64,
    k1: f64,
    potential: f64,
    root: f64,
    thermal: f64,
    flat_band: f64,
    noff: f64,
    voffcv: f64,
    /// 1 + (clc/lcv)^cle
    short: f64,
    debye: f64,
    oxide_thickness: f64,
    /// acde/tox in 10⁸/m, 1/V.
    exponent: f64,
    moin: f64,
    /// The flat-band voltage of capmod 1 and 2 is that of the bias: before version 3.2.
    flat_band_follows: bool,
    /// The surface potential's rise leaves the weakly inverted channel its charge: since version 3.3.
    kept_on: bool,
    pub drain: Overlap,
    pub source: Overlap,
    /// F
    pub bulk: f64,
}

/// Overlap of the gate and one end.
#[derive(Debug, Clone, Copy)]
pub struct Overlap {
    model: Model,
    /// F
    constant: f64,
    /// F
    lightly_doped: f64,
    kappa: f64,
}

/// Charges of the channel alone, C.
#[derive(Debug, Clone, Copy)]
pub struct ChannelCharges<S> {
    pub gate: S,
    pub bulk: S,
    pub source: S,
    /// Of the inversion layer, as noise has it.
    pub inversion: S,
}

impl<S: Scalar> ChannelCharges<S> {
    pub fn drain(&self) -> S {
        -(self.gate + self.bulk + self.source)
    }
}

impl Overlap {
    #[inline(always)]
    pub fn charge<S: Scalar>(&self, v: S) -> S {
        let charge = v * self.constant;
        if self.lightly_doped == 0.0 || self.model == Model::Zero {
            return charge;
        }
        let depleting = if self.model == Model::One {
            v.min(S::zero())
        } else {
            let past = v + JOIN;
            (past - (past * past + 4.0 * JOIN).sqrt()) * 0.5
        };
        let root = (depleting * (-4.0 / self.kappa) + 1.0).sqrt();
        charge + (v - depleting - (root - 1.0) * (0.5 * self.kappa)) * self.lightly_doped
    }
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
            Overlap { model, constant, lightly_doped, kappa: p.ckappa }
        };
        let reduction = if general.dwc.is_nan() { general.wint } else { general.dwc };
        let bulk = if general.cgbo.is_nan() { 2.0 * reduction * process.oxide } else { general.cgbo };
        Charges {
            model,
            partition: match general.xpart {
                share if share < 0.5 => Partition::Ward,
                0.5 => Partition::Equal,
                _ => Partition::Source,
            },
            oxide: process.oxide * width * length,
            oxide_density: process.oxide,
            k1: process.k1_oxide,
            potential: process.potential,
            root: process.potential.sqrt(),
            thermal: process.temperatures.thermal(),
            flat_band: if model == Model::Zero { p.vfbcv } else { process.charge_flat_band },
            noff: p.noff,
            voffcv: p.voffcv,
            short: 1.0 + (p.clc / length).powf(p.cle),
            debye: process.debye,
            oxide_thickness: process.oxide_thickness,
            exponent: p.acde * 1e-8 / process.oxide_thickness,
            moin: p.moin,
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
            return self.long_channel(a, root, at.gate, vds, bulk);
        }
        let bulk = if reverse { body.bulk } else { forward };
        let on = self.overdrive(at);
        let flat_band = if self.flat_band_follows {
            at.threshold - root * self.k1 - self.potential
        } else {
            S::constant(self.flat_band)
        };
        match self.model {
            Model::One => self.regional(a, [at.gate - bulk, flat_band], on, vds),
            Model::Two => self.smooth(a, [at.gate - bulk, flat_band], on, vds),
            _ => self.thick(a, at, at.gate - bulk, on, vds),
        }
    }

    /// vgc
    #[inline(always)]
    fn overdrive<S: Scalar>(&self, at: &Conduction<S>) -> S {
        let past = at.gate - at.threshold - self.voffcv;
        let scale = at.ideality * (self.thermal * self.noff);
        let ratio = past / scale;
        if ratio.value() > EXPONENT {
            past
        } else if ratio.value() < -EXPONENT {
            scale * LEAST.ln_1p()
        } else {
            scale * ratio.exp().ln_1p()
        }
    }

    /// vfbe for the gate's voltage against the bulk.
    #[inline(always)]
    fn accumulation<S: Scalar>(&self, vgb: S, flat_band: S) -> S {
        let past = flat_band - vgb - JOIN;
        let root = (past * past + flat_band.abs() * (4.0 * JOIN)).sqrt();
        flat_band - (past + root) * 0.5
    }

    /// √(k1²/4 + bending) − k1/2 times k1: the depletion charge over C.
    #[inline(always)]
    fn depletion<S: Scalar>(&self, bending: S) -> S {
        let half = 0.5 * self.k1;
        if self.k1 == 0.0 {
            S::zero()
        } else if bending.value() < 0.0 {
            bending
        } else {
            ((bending + half * half).sqrt() - half) * self.k1
        }
    }

    /// vdse
    #[inline(always)]
    fn effective<S: Scalar>(&self, saturation: S, vds: S) -> S {
        let rest = saturation - vds - JOIN;
        let root = (rest * rest + saturation * (4.0 * JOIN)).sqrt();
        let effective = saturation - (rest + root) * 0.5;
        if vds.value() == 0.0 { effective - effective.value() } else { effective }
    }

    /// Charge of the source over −C where the channel is inverted, at an overdrive `on`, with d = a·vdse and u = on − d/2.
    #[inline(always)]
    fn of_source<S: Scalar>(&self, on: S, d: S, u: S) -> S {
        match self.partition {
            Partition::Source => on * 0.5 + d * 0.25 - d * d / (u * 24.0),
            _ => {
                let cubic = on * (d * d * (2.0 / 3.0) + on * (on - d * (4.0 / 3.0))) - d * d * d * (2.0 / 15.0);
                cubic / (u * u * 2.0)
            }
        }
    }

    /// capmod 1
    #[inline(always)]
    fn regional<S: Scalar>(&self, a: S, [vgb, flat_band]: [S; 2], on: S, vds: S) -> ChannelCharges<S> {
        let bending = vgb - flat_band - on;
        let depleted = if bending.value() <= 0.0 { bending } else { self.depletion(bending) };
        let saturation = on / a;
        let (gate, bulk, source);
        if saturation.value() < vds.value() {
            gate = on - saturation * (1.0 / 3.0);
            bulk = (saturation - on) * (1.0 / 3.0);
            source = on
                * match self.partition {
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
            source = if self.partition == Partition::Equal { (gate + bulk) * 0.5 } else { self.of_source(on, d, u) };
        }
        self.scaled(gate + depleted, bulk - depleted, source, gate + bulk, self.oxide)
    }

    /// capmod 2
    #[inline(always)]
    fn smooth<S: Scalar>(&self, a: S, [vgb, flat_band]: [S; 2], on: S, vds: S) -> ChannelCharges<S> {
        let accumulated = self.accumulation(vgb, flat_band);
        let mirrored = accumulated - flat_band + self.depletion(vgb - accumulated - on);
        let effective = self.effective(on / a, vds);
        let d = a * effective;
        let u = on - d * 0.5 + 1e-20;
        let further = d * effective / (u * 12.0);
        let gate = on - effective * 0.5 + further;
        let bulk = (a * -1.0 + 1.0) * (effective * 0.5 - further);
        let source = if self.partition == Partition::Equal { (gate + bulk) * 0.5 } else { self.of_source(on, d, u) };
        self.scaled(gate + mirrored, bulk - mirrored, source, gate + bulk, self.oxide)
    }

    #[inline(always)]
    fn scaled<S: Scalar>(&self, gate: S, bulk: S, source: S, inversion: S, oxide: f64) -> ChannelCharges<S> {
        ChannelCharges { gate: gate * oxide, bulk: bulk * oxide, source: source * -oxide, inversion: inversion * oxide }
    }

    /// Oxide capacitance in series with a layer of this thickness, F.
    #[inline(always)]
    fn in_series<S: Scalar>(&self, thickness: S) -> S {
        let layer = thickness.recip() * SILICON;
        layer / (layer + self.oxide_density) * self.oxide
    }

    /// Thickness of the charge in accumulation and depletion, m.
    #[inline(always)]
    fn thickness<S: Scalar>(&self, vgb: S) -> S {
        let argument = (vgb - self.flat_band) * self.exponent;
        let thickness = if argument.value() <= -EXPONENT {
            S::constant(self.debye * LEAST)
        } else if argument.value() >= EXPONENT {
            S::constant(self.debye * MOST)
        } else {
            argument.exp() * self.debye
        };
        let least = 1e-3 * self.oxide_thickness;
        let rest = thickness * -1.0 + (self.debye - least);
        (rest + (rest * rest + 4.0 * least * self.debye).sqrt()) * -0.5 + self.debye
    }

    /// Rise of the surface potential with the gate, V.
    #[inline(always)]
    fn rise<S: Scalar>(&self, on: S) -> S {
        let (scale, offset) = if self.k1 <= 0.0 {
            (0.25 * self.moin * self.thermal, 0.5 * self.root)
        } else {
            (self.moin * self.thermal * self.k1 * self.k1, self.k1 * self.root)
        };
        ((on + 2.0 * offset) * on * (1.0 / scale)).ln_1p() * self.thermal
    }

    /// capmod 3
    #[inline(always)]
    fn thick<S: Scalar>(&self, a: S, at: &Conduction<S>, vgb: S, gate_on: S, vds: S) -> ChannelCharges<S> {
        let flat_band = self.accumulation(vgb, S::constant(self.flat_band));
        let depleted = self.in_series(self.thickness(vgb));
        let mirrored = depleted * (flat_band - self.flat_band + self.depletion(vgb - flat_band - gate_on));
        let mut on = gate_on - self.rise(gate_on);
        if self.kept_on {
            let risen = on - 0.001;
            on = (risen + (risen * risen + gate_on * 0.004).sqrt()) * 0.5;
        }
        let above = (at.threshold - (self.flat_band + self.potential)) * 4.0;
        let field = if above.value() >= 0.0 { gate_on + above } else { gate_on + 1e-20 };
        let spread = (field * (0.5e-8 / self.oxide_thickness)).powf(0.7);
        let oxide = self.in_series((spread + 1.0).recip() * 1.9e-9);
        let effective = self.effective(on / a, vds);
        let d = a * effective;
        let u = on - d * 0.5 + 1e-20;
        let further = d / (u * 12.0);
        let channel = oxide * (on - d * (further * -1.0 + 0.5));
        let bulk = oxide * (a * -1.0 + 1.0) * (effective * 0.5 - further * effective);
        let source =
            if self.partition == Partition::Equal { channel * -0.5 } else { oxide * self.of_source(on, d, u) * -1.0 };
        ChannelCharges { gate: channel + mirrored - bulk, bulk: bulk - mirrored, source, inversion: channel }
    }

    /// capmod 0
    #[inline(always)]
    fn long_channel<S: Scalar>(&self, a: S, root: S, gate: S, vds: S, bulk: S) -> ChannelCharges<S> {
        let on = gate - (root * self.k1 + (self.flat_band + self.potential));
        let bending = gate - bulk - self.flat_band;
        let none = S::zero();
        if bending.value() <= 0.0 {
            return self.scaled(bending, -bending, none, none, self.oxide);
        }
        if on.value() <= 0.0 {
            let depleted = self.depletion(bending);
            return self.scaled(depleted, -depleted, none, none, self.oxide);
        }
        let saturation = on / a;
        let above = gate - (self.flat_band + self.potential);
        if saturation.value() <= vds.value() {
            let gate = above - saturation * (1.0 / 3.0);
            let channel = on * (2.0 / 3.0);
            let share = match self.partition {
                Partition::Source => 1.0,
                Partition::Ward => 0.6,
                Partition::Equal => 0.5,
            };
            return self.scaled(gate, channel - gate, channel * share, channel, self.oxide);
        }
        let twice = saturation * 2.0 - vds;
        let part = vds / (twice * 3.0);
        let further = part * vds;
        let gate = above - (vds - further) * 0.5;
        // Of the channel's charge, over −C·a/4.
        let whole = (twice + further) * 2.0;
        let of_drain = match self.partition {
            Partition::Source => twice + further * 3.0 - vds * 2.0,
            Partition::Equal => twice + further,
            Partition::Ward => {
                let square = saturation * saturation * 8.0 - saturation * vds * 6.0 + vds * vds * 1.2;
                twice - vds + part / twice * square
            }
        };
        let (whole, source) = (whole * a * 0.25, (whole - of_drain) * a * 0.25);
        self.scaled(gate, whole - gate, source, whole, self.oxide)
    }
}

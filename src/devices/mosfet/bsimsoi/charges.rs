//! Charges of all fingers, voltages as of an n-channel; of the channel at vds ≥ 0.
//!
//! With C = cox·(wcv/nseg·nf·lcv + agbcp), Cb that of the body's length times fbody, a = a0'·(1 + (clc/leff)^cle), N = noff·n·Vt:
//!
//! ```text
//! vgc  = N·ln(1 + e^((v − delvt)/N)),  v = vgse − vth;   vgstcvmod 0: with 2·noff·m·v;   2: as vgst with minvcv and voffcv
//! vdse = vdc − ½·(t + √(t² + 0.08·vdc)),  t = vdc − vds − 0.02,  vdc = vgc/a
//! vfbe = vfb − ½·(t + √(t² + 4·j·|vfb|)),  t = vfb − vgse + vbseff − j
//! capmod 2: vfb = vth − φ − k1'·√(φ − vbseff) + delvt, j = 0.08 V
//!   accumulation Qa = Cb·(vfbe − vfb),  depletion Qd = Cb·k1ox·(√(k1ox²/4 + vgse − vfbe − vbseff − vgc) − k1ox/2)
//!   inversion    Qi = C·(vgc − ½·a·vdse + (a·vdse)²/(12·u)),  Qb = Cb·(1 − a)·(½·vdse − a·vdse²/(12·u)),  u = vgc − ½·a·vdse
//!   gate Qi + Qa + Qd, body Qb − Qa − Qd − Qe, source Ward's of xpart
//! capmod 3: vfb without bias, j = 0.02 V, the depth of the charge in series with the oxide, and in place of vgc in the inversion
//!   vgc − Vt·ln(1 + vgc·(vgc + 2·k1ox·√φ)/(moin·k1ox²·Vt));   gate Qi + Qa + Qd − Qb
//!   depth: ldeb·e^(acde·(vgse − vbseff − vfb)/tox) and 1.9 nm/(1 + ((vgc + t)/(2·tox in 1e-8 m))^0.7), t the positive part of 4·(vth − vfb − φ)
//! back gate: Qe = kb1·fbody·cbox·(wcv/nseg·nf·lbg + aebcp)·(ves − vfbb − vbs)
//! body contact of a gate of the other kind: the same once more with agbcp2, v lower and vfb higher by 1.12 V, and vgs in place of vgse
//! ends:      cjswg·w·tsi/100 nm of depletion (above 0.9·pbswg on its tangent), and tt times the base current of diffusion
//! overlaps:  (cgdo + cf)·w·v + cgdl·w·(v − t − ½·ckappa·(√(1 − 4·t/ckappa) − 1)),  t = ½·(v + 0.02 − √((v + 0.02)² + 0.08));  cgeo·lcv·vge
//! ```
//! A fully depleted film has the inversion's charge alone. Source: BSIMSOI4.4 manual, chapter 5; Ward, Stanford G201-11 (1981).

use super::body::Voltages;
use super::channel::{Conduction, Overdrive};
use super::film::{Film, Process};
use super::geometry::or;
use super::limits::{bounded_exp, softened};
use super::tunnelling::OPPOSITE;
use super::warm::Warm;
use crate::devices::mosfet::bsim::charges::{Depletes, Overlap, Partition, effective_drain};
use crate::devices::mosfet::bsim::temperatures::{OXIDE, SILICON};
use crate::numerics::scalar::{Over, Scalar};

/// Charges of gate, body, source and back gate, C; the drain has the rest.
#[derive(Debug, Clone, Copy)]
pub struct Charges<S> {
    pub gate: S,
    pub body: S,
    pub source: S,
    pub back: S,
    /// Of the inversion layer, as noise has it.
    pub inversion: S,
}

/// A gate over the body: the transistor's own, or that of the other kind over the contact.
#[derive(Debug, Clone, Copy)]
struct Gate<S> {
    /// C/cox and Cb/cox, m².
    area: f64,
    body_area: f64,
    voltage: S,
    /// vgc
    overdrive: S,
    /// Its work function's, V.
    shift: f64,
    /// Factor in the smoothness of its flat-band voltage.
    spread: f64,
}

/// Charges under a gate: of the inverted layer, of the body and of the source with that, and what gate and body mirror.
struct Under<S> {
    channel: S,
    body: S,
    source: S,
    mirrored: S,
}

/// vfbe
#[inline(always)]
fn accumulation<S: Scalar>(vgb: S, flat_band: S, join: f64, spread: f64) -> S {
    let past = flat_band - vgb - join;
    flat_band - (past + (past * past + flat_band.abs() * (4.0 * join * spread)).sqrt()) * 0.5
}

impl Process {
    /// Lengths and widths of all fingers' channel, m², with those of the body's charge and of the back gate's.
    fn areas(&self) -> [f64; 3] {
        let (geometry, layout) = (&self.geometry, &self.layout);
        let width = geometry.charge_width / layout.segments * layout.fingers;
        [
            width * geometry.charge_length + layout.contact_area,
            (width * geometry.body_length + layout.contact_area) * self.m.fbody,
            (width * geometry.back_length + layout.back_area) * self.m.fbody * self.p.kb1,
        ]
    }

    /// vgc of a voltage past the threshold.
    #[inline(always)]
    fn charge_overdrive<P: Scalar, S: Over<P>>(&self, warm: &Warm<P>, at: &Conduction<S>, past: S) -> S {
        let p = &self.p;
        let ideality = at.threshold.ideality * p.noff;
        let scale = ideality * warm.thermal;
        if self.m.vgstcvmod == 2.0 {
            let rule = Overdrive { shape: self.charge_shape, offset: p.voffcv };
            return rule.at(past - p.delvt, scale, ideality * (warm.depletion_capacitance.recip() * self.oxide));
        }
        let factor = if self.m.vgstcvmod == 0.0 { 2.0 * self.shape * p.noff } else { 1.0 };
        softened((past * factor - p.delvt) / scale) * scale
    }

    fn partition(&self) -> Partition {
        Partition::new(self.m.xpart)
    }

    /// √(k1²/4 + bending) − k1/2 times k1.
    #[inline(always)]
    fn depletion_charge<S: Scalar>(&self, bending: S) -> S {
        let half = 0.5 * self.k1_oxide;
        if half == 0.0 {
            S::zero()
        } else if bending.value() < 0.0 {
            bending
        } else {
            ((bending + half * half).sqrt() - half) * (2.0 * half)
        }
    }

    /// Inversion with an overdrive `on`, over capacitances: of channel, body and source.
    #[inline(always)]
    fn inverted<S: Scalar>(&self, a: S, on: S, vds: S) -> [S; 3] {
        let effective = effective_drain(on / a, vds);
        let d = a * effective;
        let u = on - d * 0.5 + 1e-20;
        let further = d / (u * 12.0);
        let channel = on - d * (further * -1.0 + 0.5);
        let body = (a * -1.0 + 1.0) * effective * (further * -1.0 + 0.5);
        let source = match self.partition() {
            Partition::Equal => channel * -0.5,
            partition => -partition.of_source(on, d, u),
        };
        [channel, body, source]
    }

    /// capmod 2
    #[inline(always)]
    fn smooth<P: Scalar, S: Over<P>>(&self, warm: &Warm<P>, at: &Conduction<S>, gate: &Gate<S>, vds: S) -> Under<S> {
        let a = at.bulk_charge_at_rest * self.short_charge;
        let [channel, body, source] = self.inverted(a, gate.overdrive, vds);
        let channel = channel * (self.oxide * gate.area);
        let source = source * (self.oxide * gate.area);
        if self.film == Film::FullyDepleted {
            return Under { channel, body: S::zero(), source, mirrored: S::zero() };
        }
        let body = body * (self.oxide * gate.body_area);
        let source = if self.partition() == Partition::Equal { (channel + body) * -0.5 } else { source };
        let root = at.threshold.root * self.k1;
        let flat_band = at.threshold.voltage - warm.potential - root + (self.p.delvt + gate.shift);
        let vgb = gate.voltage - at.body.effective;
        let effective = accumulation(vgb, flat_band, 0.08, gate.spread);
        let depleted = self.depletion_charge(vgb - effective - gate.overdrive);
        Under { channel, body, source, mirrored: (effective - flat_band + depleted) * (self.oxide * gate.body_area) }
    }

    /// Capacitance of an oxide in series with a layer, F/m².
    #[inline(always)]
    fn in_series<S: Scalar>(&self, thickness: S) -> S {
        let (layer, oxide) = (thickness.recip() * SILICON, OXIDE / self.charge_thickness);
        layer / (layer + oxide) * oxide
    }

    /// Thickness of the charge in accumulation and depletion, m.
    #[inline(always)]
    fn depleted_thickness<S: Scalar>(&self, past: S) -> S {
        let exponent = past * (self.thickness_exponent * 1e-8 / self.charge_thickness);
        let (debye, link) = (self.debye, 1e-3 * self.charge_thickness);
        let rest = bounded_exp(exponent) * -debye + (debye - link);
        let thickness = (rest + (rest * rest + 4.0 * link * debye).sqrt()) * -0.5 + debye;
        if thickness.value() < 1e-15 { S::constant(1e-15) } else { thickness }
    }

    /// capmod 3
    #[inline(always)]
    fn thick<P: Scalar, S: Over<P>>(&self, warm: &Warm<P>, at: &Conduction<S>, gate: &Gate<S>, vds: S) -> Under<S> {
        let (none, on) = (S::zero(), gate.overdrive);
        let a = at.bulk_charge_at_rest * self.short_charge;
        let has_body = self.film != Film::FullyDepleted;
        let flat_band = if has_body { none + warm.flat_band + gate.shift } else { none };
        let mut mirrored = none;
        if has_body {
            let vgb = gate.voltage - at.body.effective;
            let effective = accumulation(vgb, flat_band, 0.02, gate.spread);
            let depleted = self.depletion_charge(vgb - effective - on);
            mirrored = self.in_series(self.depleted_thickness(vgb - flat_band)) * (effective - flat_band + depleted);
        }
        let k1 = self.k1_oxide;
        let (unit, offset) =
            if k1 <= 0.0 { (0.25 * self.p.moin, 0.5 * self.root) } else { (self.p.moin * k1 * k1, k1 * self.root) };
        let rise = ((on + 2.0 * offset) * on / (warm.thermal * unit)).ln_1p() * warm.thermal;
        let past = (at.threshold.voltage + gate.shift - flat_band - warm.potential) * 4.0;
        let above = (past + (past * past + 1e-4).sqrt()) * 0.5;
        let field = (on + above) * (0.5e-8 / self.charge_thickness);
        let capacitance = self.in_series((field.powf(0.7) + 1.0).recip() * 1.9e-9);
        let [channel, body, source] = self.inverted(a, on - rise, vds);
        let scaled = |charge: S, area: f64| capacitance * charge * area;
        Under {
            channel: scaled(channel, gate.area),
            body: if has_body { scaled(body, gate.body_area) } else { none },
            source: scaled(source, gate.area),
            mirrored: mirrored * gate.body_area,
        }
    }

    /// Of the channel at vds ≥ 0, `bare` being vgs without the gate's depletion.
    #[inline(always)]
    pub fn charges<P: Scalar, S: Over<P>>(
        &self,
        warm: &Warm<P>,
        at: &Conduction<S>,
        v: &Voltages<S>,
        bare: S,
    ) -> Charges<S> {
        let none = S::zero();
        let mut all = Charges { gate: none, body: none, source: none, back: none, inversion: none };
        if self.m.xpart < 0.0 || !(self.m.capmod == 2.0 || self.m.capmod == 3.0) {
            return all;
        }
        let [area, body_area, back_area] = self.areas();
        let overdrive = self.charge_overdrive(warm, at, at.past);
        let own = Gate { area, body_area, voltage: v.gate, overdrive, shift: 0.0, spread: 1.0 };
        self.add(warm, at, &own, v.drain, &mut all);
        if self.layout.opposite_area > 0.0 && self.film != Film::FullyDepleted {
            let area = self.layout.opposite_area;
            let overdrive = self.charge_overdrive(warm, at, at.past - OPPOSITE);
            let body_area = area * self.m.fbody;
            let contact = Gate { area, body_area, voltage: bare, overdrive, shift: OPPOSITE, spread: 25.0 };
            self.add(warm, at, &contact, v.drain, &mut all);
        }
        if self.film != Film::FullyDepleted {
            all.back = (v.back - at.body.voltage - warm.back_flat_band) * (self.buried * back_area);
            all.body -= all.back;
        }
        all
    }

    #[inline(always)]
    fn add<P: Scalar, S: Over<P>>(
        &self,
        warm: &Warm<P>,
        at: &Conduction<S>,
        gate: &Gate<S>,
        vds: S,
        all: &mut Charges<S>,
    ) {
        let is_thick = self.m.capmod == 3.0;
        let under = if is_thick { self.thick(warm, at, gate, vds) } else { self.smooth(warm, at, gate, vds) };
        all.gate += under.channel + under.mirrored;
        if is_thick {
            all.gate -= under.body;
        }
        all.body += under.body - under.mirrored;
        all.source += under.source;
        all.inversion += under.channel;
    }

    /// Of an end's junction with the body at v, where `stored` is the current whose charge it stores.
    #[inline(always)]
    pub fn end_charge<P: Scalar, S: Over<P>>(&self, warm: &Warm<P>, drain: bool, v: S, stored: S) -> S {
        let (index, fingers) = (usize::from(!drain), self.layout.fingers);
        let (of, none) = (&warm.ends[index], S::zero());
        let grading = if drain { or(self.m.mjswgd, self.m.mjswg) } else { self.m.mjswg };
        let most = none + of.potential * 0.9;
        let above = v.value() > most.value();
        let rest = (if above { most } else { v }) * -1.0 / of.potential + 1.0;
        let slope = rest.powf(-grading);
        let mut charge = (rest * slope * -1.0 + 1.0) * of.potential * (1.0 / (1.0 - grading));
        if above {
            charge += slope * (v - most);
        }
        let size = self.geometry.charge_ends[index] * self.m.tsi / 1e-7;
        (charge * of.capacitance * size + stored * self.m.tt) * fingers
    }
}

/// Overlaps of the gate with drain and source, F and V, and with the back gate, F.
#[derive(Debug, Clone, Copy)]
pub struct Overlaps {
    ends: [Overlap; 2],
    back: f64,
}

impl Overlaps {
    pub fn new(process: &Process) -> Self {
        let (m, p, geometry) = (&process.m, &process.p, &process.geometry);
        let fringe = or(m.cf, 2.0 * OXIDE / std::f64::consts::PI * (1.0 + 0.4e-6 / m.tox).ln());
        let overlap = |given: f64, lightly_doped: f64, width: f64| {
            let by_default =
                if m.dlc > 0.0 { m.dlc * process.oxide - lightly_doped } else { 0.6 * p.xj * process.oxide };
            let width = width * process.layout.fingers;
            Overlap {
                depletes: Depletes::Smoothly,
                constant: (or(given, by_default).max(0.0) + fringe) * width,
                lightly_doped: lightly_doped * width,
                kappa: p.ckappa,
            }
        };
        let [of_drain, of_source] = geometry.charge_ends;
        Overlaps {
            ends: [overlap(m.cgdo, p.cgdl, of_drain), overlap(m.cgso, p.cgsl, of_source)],
            back: m.cgeo.max(0.0) * geometry.charge_length * process.layout.fingers,
        }
    }

    /// Of the gate towards drain, source and back gate.
    #[inline(always)]
    pub fn charges<S: Scalar>(&self, [vgd, vgs, vge]: [S; 3]) -> [S; 3] {
        [self.ends[0].charge(vgd), self.ends[1].charge(vgs), vge * self.back]
    }
}

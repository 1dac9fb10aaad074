//! M, level 1: the MOSFET of Shichman and Hodges.
//!
//! ```text
//! von = vbi + γ·√(φ − vbs)            (vbs > 0: √φ − vbs/(2·√φ) in place of the root, at least 0)
//! vgs ≤ von:          id = 0
//! vgs − von ≤ vds:    id = β/2·(vgs − von)²·(1 + λ·vds)
//! else:               id = β·vds·(vgs − von − vds/2)·(1 + λ·vds)
//! ```
//! for vds ≥ 0; source and drain change places for vds < 0. β = kp·w/(l − 2·ld).
//!
//! The gate has Meyer's capacitances in a form that conserves charge: with the overdrives a and b of source and drain end (each
//! joined to 0 by a short parabola below threshold),
//!
//! ```text
//! channel:  Qg = ⅔·Cox·(a² + a·b + b²)/(a + b),   ∂Qg/∂vgs and ∂Qg/∂vgd are Meyer's Cgs and Cgd
//!           Qs = −⅔·Cox·a·(a + b/2)/(a + b),      Qd = −⅔·Cox·b·(b + a/2)/(a + b)
//! depletion: Qg = −Qb with dQg/dvgb = Cgb = Cox below flat band, and falling linearly to 0 over φ up to the threshold
//! ```
//! In saturation all channel charge comes from the source, as in Meyer's model; between that and vds = 0 the shares of
//! drain and source differ from his, whose capacitances belong to no charge: a drain pulled down from saturation to vds = 0 gives
//! up ½·Cox·a here and ⅓·Cox·a there, so ring oscillators are slower by some percent. Cgb follows vgb alone, not the bias of the
//! source. Meyer lets Cgs fade over φ/2 below threshold, where here Cgb alone is left.
//!
//! Sources: Shichman and Hodges, IEEE JSSC 3, 285 (1968); Meyer, RCA Review 32, 42 (1971); `MOS1load` of SPICE3; ngspice-39
//! manual, chapter 11. Drain and source resistances are separate resistors to internal nodes.

use super::construct::Construction;
use super::device::{Contribution, Device, Environment, QuantityInfo};
use super::field_effect::{limit_drain, limit_gate};
use super::junction::{Depletion, limit_junction};
use super::mosfet1_card::{KNOWN, read};
use super::parameters::Unknowns;
use super::series_resistance::SeriesResistance;
use crate::circuit::element::Value;
use crate::diagnostic::Diagnostic;
use crate::numerics::scalar::Scalar;

/// Width of the join at threshold, as part of φ: long enough for Newton's method to see it.
const RAMP: f64 = 0.05;

/// Levels of MOSFET models that there are.
const LEVELS: &[f64] = &[1.0];

/// The intrinsic transistor; unknowns: inner drain, gate, inner source, bulk. Parameters are at its temperature, geometry and
/// multiplier included, voltages as of an n-channel.
#[derive(Clone)]
pub struct Mosfet1 {
    /// 1 for n-channel, −1 for p-channel.
    pub polarity: f64,
    /// A/V²
    pub beta: f64,
    /// Threshold without body effect, V.
    pub built_in: f64,
    /// Threshold at zero bulk bias, V.
    pub threshold: f64,
    pub body_effect: f64,
    pub surface_potential: f64,
    /// √φ
    pub root: f64,
    pub modulation: f64,
    pub thermal: f64,
    pub drain_saturation: f64,
    pub source_saturation: f64,
    pub drain_critical: f64,
    pub source_critical: f64,
    pub drain_bottom: Depletion,
    pub source_bottom: Depletion,
    pub drain_side: Depletion,
    pub source_side: Depletion,
    /// Gate oxide capacitance, F.
    pub oxide: f64,
    pub overlap_source: f64,
    pub overlap_drain: f64,
    pub overlap_bulk: f64,
    pub off: bool,
    /// vds, vgs, vbs of `ic=`.
    pub initial: Option<[f64; 3]>,
}

pub fn construct(mut c: Construction) {
    let Some(card) = c.model() else { return };
    if let Some(parameter) = card.parameter("level") {
        let known = matches!(parameter.value, Value::Number(level) if LEVELS.contains(&level));
        if !known {
            let message = format!("model `{}` has a level that there is no MOSFET for", card.name);
            return c.error(Diagnostic::error(message).at(parameter.span).hint("levels: 1 (Shichman and Hodges)"));
        }
    }
    c.check_parameters(KNOWN, Unknowns::Warn);
    if c.element.nodes.len() != 4 {
        let message = format!("`{}` needs 4 nodes: drain, gate, source and bulk", c.element.name);
        return c.error(Diagnostic::error(message).at(c.element.span));
    }
    let Some((transistor, series)) = read(&mut c) else { return };
    let [drain, gate, source, bulk] = c.terminals();
    let mut inner = |outer, name, conductance: f64| {
        if !conductance.is_finite() {
            return outer;
        }
        let inner = c.assembly.internal_node(c.id, name);
        c.assembly.add_auxiliary(SeriesResistance { conductance }, [outer, inner]);
        inner
    };
    let (drain, source) = (inner(drain, "drain", series.drain), inner(source, "source", series.source));
    c.assembly.add(c.id, transistor, [drain, gate, source, bulk]);
}

/// Charges of the channel.
struct ChannelCharge<S> {
    gate: S,
    source: S,
    drain: S,
}

impl Mosfet1 {
    /// Threshold at the bulk bias `vb` of the channel's source end.
    #[inline(always)]
    fn turn_on<S: Scalar>(&self, vb: S) -> S {
        if self.body_effect == 0.0 {
            return S::constant(self.built_in);
        }
        let root = if vb.value() <= 0.0 {
            (vb * -1.0 + self.surface_potential).sqrt()
        } else {
            (vb * (-0.5 / self.root) + self.root).max(S::zero())
        };
        root * self.body_effect + self.built_in
    }

    /// Drain current for vds ≥ 0 at the overdrive `a` of the source end.
    #[inline(always)]
    fn channel<S: Scalar>(&self, a: S, vds: S) -> S {
        if a.value() <= 0.0 {
            return S::zero();
        }
        let beta = (vds * self.modulation + 1.0) * self.beta;
        if a.value() <= vds.value() { beta * a * a * 0.5 } else { beta * vds * (a - vds * 0.5) }
    }

    /// Current of a bulk junction.
    #[inline(always)]
    fn junction<S: Scalar>(&self, v: S, saturation: f64, gmin: f64) -> S {
        let leak = v * gmin;
        // Beyond this the exponential is lost in rounding.
        if v.value() < -40.0 * self.thermal {
            return leak - saturation;
        }
        ((v * (1.0 / self.thermal)).exp_limited(300.0) - 1.0) * saturation + leak
    }

    /// Overdrive, joined to 0 below threshold by a parabola.
    #[inline(always)]
    fn joined<S: Scalar>(&self, overdrive: S) -> S {
        let ramp = RAMP * self.surface_potential;
        if overdrive.value() >= 0.0 {
            overdrive + 0.5 * ramp
        } else if overdrive.value() <= -ramp {
            S::zero()
        } else {
            let past = overdrive + ramp;
            past * past * (0.5 / ramp)
        }
    }

    #[inline(always)]
    fn channel_charge<S: Scalar>(&self, source: S, drain: S) -> ChannelCharge<S> {
        let (a, b) = (self.joined(source), self.joined(drain));
        let sum = a + b;
        if sum.value() <= 0.0 {
            return ChannelCharge { gate: S::zero(), source: S::zero(), drain: S::zero() };
        }
        let scale = sum.recip() * (-2.0 / 3.0 * self.oxide);
        let source = a * (a + b * 0.5) * scale;
        let drain = b * (b + a * 0.5) * scale;
        ChannelCharge { gate: -(source + drain), source, drain }
    }

    /// Gate charge that the bulk mirrors, at the gate-bulk voltage past the threshold.
    #[inline(always)]
    fn depletion_charge<S: Scalar>(&self, past: S) -> S {
        let potential = self.surface_potential;
        if past.value() >= 0.0 {
            S::zero()
        } else if past.value() > -potential {
            past * past * (-0.5 / potential * self.oxide)
        } else {
            (past + 0.5 * potential) * self.oxide
        }
    }

    /// Voltages relative to the source as of an n-channel: vds, vgs, vbs.
    fn voltages(&self, x: &[f64; 4]) -> [f64; 3] {
        [x[0], x[1], x[3]].map(|voltage| self.polarity * (voltage - x[2]))
    }

    /// Current into the inner drain without bulk junctions, as of an n-channel, and the overdrives of source and drain end.
    #[inline(always)]
    fn drain_current<S: Scalar>(&self, vds: S, vgs: S, vbs: S) -> (S, S, S) {
        let forward = vds.value() >= 0.0;
        let von = self.turn_on(if forward { vbs } else { vbs - vds });
        let source = vgs - von;
        let drain = source - vds;
        let current = if forward { self.channel(source, vds) } else { -self.channel(drain, -vds) };
        (current, source, drain)
    }
}

impl Device<4> for Mosfet1 {
    const LIMITED: bool = true;
    const QUANTITIES: &'static [QuantityInfo] = &[
        QuantityInfo { name: "id", unit: "A", description: "Drain current" },
        QuantityInfo { name: "gm", unit: "S", description: "Transconductance" },
        QuantityInfo { name: "gds", unit: "S", description: "Drain-source conductance" },
        QuantityInfo { name: "gmbs", unit: "S", description: "Bulk-source transconductance" },
        QuantityInfo { name: "vgs", unit: "V", description: "Gate-source voltage" },
        QuantityInfo { name: "vds", unit: "V", description: "Drain-source voltage" },
        QuantityInfo { name: "vbs", unit: "V", description: "Bulk-source voltage" },
        QuantityInfo { name: "von", unit: "V", description: "Threshold voltage" },
        QuantityInfo { name: "vdsat", unit: "V", description: "Saturation drain voltage" },
    ];

    #[inline]
    fn equations<S: Scalar>(&self, &[d, g, s, b]: &[S; 4], environment: &Environment) -> Contribution<S, 4> {
        let p = self.polarity;
        let (vds, vgs, vbs) = ((d - s) * p, (g - s) * p, (b - s) * p);
        let vbd = vbs - vds;
        let gmin = environment.gmin;
        let (channel, source, drain) = self.drain_current(vds, vgs, vbs);
        let to_source = self.junction(vbs, self.source_saturation, gmin);
        let to_drain = self.junction(vbd, self.drain_saturation, gmin);
        let f = [channel - to_drain, S::zero(), -(channel + to_source), to_source + to_drain];

        let charge_source = self.source_bottom.charge(vbs) + self.source_side.charge(vbs);
        let charge_drain = self.drain_bottom.charge(vbd) + self.drain_side.charge(vbd);
        let overlap_source = vgs * self.overlap_source;
        let overlap_drain = (vgs - vds) * self.overlap_drain;
        let vgb = vgs - vbs;
        let mut bulk = vgb * self.overlap_bulk;
        let mut q = [-charge_drain - overlap_drain, overlap_source + overlap_drain, -charge_source - overlap_source];
        if self.oxide > 0.0 {
            let mirrored = self.channel_charge(source, drain);
            bulk += self.depletion_charge(vgb - self.threshold);
            q = [q[0] + mirrored.drain, q[1] + mirrored.gate, q[2] + mirrored.source];
        }
        let q = [q[0], q[1] + bulk, q[2], charge_source + charge_drain - bulk];
        Contribution { f: f.map(|value| value * p), q: q.map(|value| value * p) }
    }

    fn limit(&self, x: &[f64; 4], previous: &[f64; 4]) -> [f64; 4] {
        let wanted = self.voltages(x);
        let before = self.voltages(previous);
        let [mut vds, mut vgs, mut vbs] = wanted;
        let forward = before[0] >= 0.0;
        let von = self.turn_on(if forward { before[2] } else { before[2] - before[0] });
        if forward {
            let vgd = vgs - vds;
            vgs = limit_gate(vgs, before[1], von);
            vds = if vgs == wanted[1] { limit_drain(vds, before[0]) } else { limit_drain(vgs - vgd, before[0]) };
        } else {
            let (vgd, vgd_before) = (vgs - vds, before[1] - before[0]);
            let limited = limit_gate(vgd, vgd_before, von);
            vds = if limited == vgd { vds } else { vgs - limited };
            vds = -limit_drain(-vds, -before[0]);
            vgs = if limited == vgd && vds == wanted[0] { vgs } else { limited + vds };
        }
        if vds >= 0.0 {
            vbs = limit_junction(vbs, before[2], self.thermal, self.source_critical);
        } else {
            let (vbd, vbd_before) = (vbs - vds, before[2] - before[0]);
            let limited = limit_junction(vbd, vbd_before, self.thermal, self.drain_critical);
            vbs = if limited == vbd { vbs } else { limited + vds };
        }
        if [vds, vgs, vbs] == wanted {
            return *x;
        }
        let at = |voltage: f64| x[2] + self.polarity * voltage;
        [at(vds), at(vgs), x[2], at(vbs)]
    }

    fn start(&self) -> [f64; 4] {
        if self.off {
            return [0.0; 4];
        }
        [0.0, self.polarity * self.threshold, 0.0, -self.polarity]
    }

    fn stores(&self) -> [bool; 4] {
        let junctions = |bottom: &Depletion, side: &Depletion| bottom.capacitance > 0.0 || side.capacitance > 0.0;
        let drain = junctions(&self.drain_bottom, &self.drain_side);
        let source = junctions(&self.source_bottom, &self.source_side);
        let channel = self.oxide > 0.0;
        [
            drain || channel || self.overlap_drain > 0.0,
            channel || self.overlap_drain > 0.0 || self.overlap_source > 0.0 || self.overlap_bulk > 0.0,
            source || channel || self.overlap_source > 0.0,
            drain || source || channel || self.overlap_bulk > 0.0,
        ]
    }

    fn initial(&self, x: &mut [f64; 4]) {
        if let Some([vds, vgs, vbs]) = self.initial {
            (x[0], x[1], x[3]) = (x[2] + vds, x[2] + vgs, x[2] + vbs);
        }
    }

    fn has_initial(&self) -> bool {
        self.initial.is_some()
    }

    fn quantity(&self, index: usize, x: &[f64; 4], _environment: &Environment) -> f64 {
        use crate::numerics::dual::Dual;
        let [vds, vgs, vbs] = self.voltages(x);
        let variables: [Dual<3>; 3] = Dual::variables(&[vds, vgs, vbs]);
        let (current, source, drain) = self.drain_current(variables[0], variables[1], variables[2]);
        let overdrive = if vds >= 0.0 { source.value } else { drain.value };
        let p = self.polarity;
        [
            p * current.value,
            current.gradient[1],
            current.gradient[0],
            current.gradient[2],
            p * vgs,
            p * vds,
            p * vbs,
            p * (vgs - source.value),
            p * overdrive.max(0.0),
        ][index]
    }
}

//! M: MOS transistors.
//!
//! A level is a [`Channel`]: its current, and the voltages at which it turns on and saturates. Everything else is the same for all of
//! them: bulk junctions, overlap capacitances, the charge of the gate, noise, limiting.
//!
//! The gate has Meyer's capacitances (see below). With `xqc` up to 0.5 (SPICE2, PSpice) or `capop=4` (HSPICE) on the model card, and in
//! the cells of arrays, it has them in a form that conserves charge: with the overdrives a and b of source and drain end
//! (a = vgs − von, b = a·(1 − vds/vdsat), each joined to 0 by a short parabola below threshold),
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
//! Noise: thermal 4kT·⅔·gm; kf·|id|^af/(f·w·leff·cox²). With `nlev` on the card HSPICE's equations instead: 0 kf·|id|^af/(f·leff²·cox),
//! 1 kf·|id|^af/(f·w·leff·cox), 2 and 3 kf·gm²/(f^af·w·leff·cox); 3 also thermal 4kT·⅔·β·(vgs − von)·(1 + α + α²)/(1 + α)·gdsnoi,
//! α = 1 − vds/vdsat and 0 in saturation.
//!
//! The conductances are the derivatives of the currents. ngspice 39's are not everywhere, though its currents are these: its gm and gmbs
//! of levels 2 and 3 miss up to some percent with `vmax`, `theta` or `nfs`, its gmbs of all levels with a bulk biased forward.
//!
//! Level 9 of ngspice is the same as its level 3, but for its noise, where transistors in parallel (`m`) count wrongly.
//!
//! Sources: Meyer, RCA Review 32, 42 (1971); Vladimirescu and Liu, UCB/ERL M80/7 (1980); ngspice-39 manual, chapter 11. Drain and
//! source resistances are separate resistors to internal nodes.

mod bsim;
pub mod bsim3;
pub mod bsim4;
pub mod bsimsoi;
mod card;
mod channel;
pub mod early;
mod level1;
mod level2;
mod level3;
mod level6;
mod meyer;

pub use card::{NUMBERS, PAGE, read};
pub use channel::Channel;
pub use level1::ShichmanHodges;

use channel::Conduction;
pub use meyer::Meyer;
use meyer::{Oxide, Place};

use super::construct::Construction;
use super::device::{Contribution, Device, Environment, Lead, Moment, Occurrence, QuantityInfo};
use super::field_effect::BulkLimits;
use super::junction::Depletion;
use super::noise::{NoiseSource, flicker_of_current};
use super::parameters::Unknowns;
use super::series_resistance::{SeriesResistance, behind};
use crate::diagnostic::Diagnostic;
use crate::netlist::dialect::Dialect;
use crate::numerics::dual::Dual;
use crate::numerics::scalar::Scalar;
use crate::numerics::tape::Tape;

/// Width of the join at threshold, as part of φ: long enough for Newton's method to see it.
const RAMP: f64 = 0.05;

/// Levels of the models here, and of BSIM, in the language of a deck.
fn levels(dialect: Dialect) -> Vec<(f64, &'static str)> {
    let mut levels = vec![
        (1.0, "Shichman and Hodges"),
        (2.0, "Grove and Frohman"),
        (3.0, "semi-empirical"),
        (6.0, "Sakurai and Newton"),
    ];
    let of_dialect: &[(f64, &str)] = match dialect {
        Dialect::Ngspice => &[
            (9.0, "semi-empirical"),
            (4.0, "BSIM1"),
            (5.0, "BSIM2"),
            (8.0, "BSIM3"),
            (49.0, "BSIM3"),
            (14.0, "BSIM4"),
            (54.0, "BSIM4"),
            (10.0, "BSIMSOI"),
            (58.0, "BSIMSOI"),
        ],
        Dialect::LtSpice => &[
            (4.0, "BSIM1"),
            (5.0, "BSIM2"),
            (7.0, "BSIM3"),
            (8.0, "BSIM3"),
            (49.0, "BSIM3"),
            (14.0, "BSIM4"),
            (54.0, "BSIM4"),
        ],
        Dialect::Pspice => &[(4.0, "BSIM1"), (7.0, "BSIM3"), (54.0, "BSIM4")],
        Dialect::Hspice => {
            &[(13.0, "BSIM1"), (39.0, "BSIM2"), (49.0, "BSIM3"), (53.0, "BSIM3"), (54.0, "BSIM4"), (70.0, "BSIMSOI")]
        }
        Dialect::Xyce => &[(9.0, "BSIM3"), (14.0, "BSIM4"), (54.0, "BSIM4")],
    };
    levels.extend(of_dialect);
    levels
}

/// The intrinsic transistor; unknowns: inner drain, gate, inner source, bulk. Parameters are at its temperature, geometry and
/// multiplier included, voltages as of an n-channel.
#[derive(Clone)]
pub struct Mosfet<C> {
    pub channel: C,
    /// 1 for n-channel, −1 for p-channel.
    pub polarity: f64,
    /// Threshold at zero bulk bias, V.
    pub threshold: f64,
    pub surface_potential: f64,
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
    /// Meyer's capacitances; without them the gate's charge is a function of the voltages.
    pub meyer: Option<Meyer>,
    pub noise: Noise,
    pub off: bool,
    /// vds, vgs, vbs of `ic=`.
    pub initial: Option<[f64; 3]>,
}

/// Noise of the channel.
#[derive(Debug, Clone)]
pub struct Noise {
    /// K
    pub temperature: f64,
    /// Flicker noise of unit current or, with `of_conductance`, transconductance.
    pub flicker: f64,
    pub exponent: f64,
    /// Equations of `nlev` 2 and 3.
    pub of_conductance: bool,
    /// β·gdsnoi of `nlev` 3.
    pub overdrive: Option<f64>,
}

/// The level-1 transistor, which cells of arrays have too.
pub type Mosfet1 = Mosfet<ShichmanHodges>;

pub fn construct(mut c: Construction) {
    let Some(card) = c.model() else { return };
    if !c.check_level(card, "MOSFET", &levels(c.circuit.dialect)) {
        return;
    }
    c.check_parameters(card::CARD, Unknowns::Warn);
    if c.element.nodes.len() != 4 {
        let message = format!("`{}` needs 4 nodes: drain, gate, source and bulk", c.element.name);
        return c.error(Diagnostic::error(message).at(c.element.span));
    }
    match card.parameter("level").and_then(|level| level.value.number()) {
        Some(2.0) => construct_level::<level2::GroveFrohman>(&mut c),
        // ngspice's level 9 is a copy of its level 3.
        Some(3.0 | 9.0) => construct_level::<level3::SemiEmpirical>(&mut c),
        Some(6.0) => construct_level::<level6::PowerLaw>(&mut c),
        _ => construct_level::<ShichmanHodges>(&mut c),
    }
}

fn construct_level<C: Channel>(c: &mut Construction) {
    let Some((transistor, series)) = c.make_alike(read::<C>) else { return };
    let [drain, gate, source, bulk] = c.terminals();
    let temperature = transistor.noise.temperature;
    let part = |name, conductance| SeriesResistance { conductance, name, temperature };
    let drain = behind(c, drain, "drain", part("rd", series.drain));
    let source = behind(c, source, "source", part("rs", series.source));
    c.assembly.add(c.id, transistor, [drain, gate, source, bulk]);
}

/// Charges of the channel.
struct ChannelCharge<S> {
    gate: S,
    source: S,
    drain: S,
}

/// What flows and is stored in the transistor, as of an n-channel.
struct Intrinsic<S> {
    /// From drain to source without bulk junctions.
    channel: S,
    /// Out of the bulk.
    to_source: S,
    to_drain: S,
    /// Of drain, gate and source; the bulk has the rest.
    charges: [S; 3],
}

/// The channel at a bias of either sign.
struct Bias<S> {
    /// Into the inner drain without bulk junctions, as of an n-channel.
    current: S,
    /// Overdrives of source and drain end.
    source: S,
    drain: S,
    /// As the channel has it, for its present direction.
    conduction: Conduction<S>,
}

impl<S: Scalar> Bias<S> {
    /// What Meyer's capacitances follow from at this vds.
    #[inline(always)]
    fn place(&self, vds: S) -> Place<S> {
        Place { source: self.source, drain: self.drain, across: vds, saturation: self.conduction.saturation }
    }
}

impl<C: Channel> Mosfet<C> {
    /// Current of a bulk junction.
    #[inline(always)]
    fn junction<S: Scalar>(&self, v: S, saturation: f64, gmin: f64) -> S {
        let leak = v * gmin;
        // The source of most transistors is at the bulk.
        if v.value() == 0.0 {
            return v * (saturation / self.thermal) + leak;
        }
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

    /// Currents and charges at vds, vgs, vbs, as of an n-channel.
    #[inline(always)]
    fn intrinsic<S: Scalar>(&self, [vds, vgs, vbs]: [S; 3], gmin: f64) -> Intrinsic<S> {
        let vbd = vbs - vds;
        let bias = self.bias(vds, vgs, vbs);
        let to_source = self.junction(vbs, self.source_saturation, gmin);
        let to_drain = self.junction(vbd, self.drain_saturation, gmin);
        let charge_source = self.source_bottom.charge(vbs) + self.source_side.charge(vbs);
        let charge_drain = self.drain_bottom.charge(vbd) + self.drain_side.charge(vbd);
        let overlap_source = vgs * self.overlap_source;
        let overlap_drain = (vgs - vds) * self.overlap_drain;
        let vgb = vgs - vbs;
        let mut gate = overlap_source + overlap_drain + vgb * self.overlap_bulk;
        let (mut at_drain, mut at_source) = (-charge_drain - overlap_drain, -charge_source - overlap_source);
        if self.oxide > 0.0
            && let Some(meyer) = &self.meyer
        {
            let [source, drain, bulk] = meyer.charges([vgs, vgs - vds, vgb], &bias.place(vds), &self.oxide_of());
            gate += source + drain + bulk;
            at_source -= source;
            at_drain -= drain;
        } else if self.oxide > 0.0 {
            let mirrored = self.channel_charge(bias.source, bias.drain);
            gate += mirrored.gate + self.depletion_charge(vgb - self.threshold);
            at_drain += mirrored.drain;
            at_source += mirrored.source;
        }
        Intrinsic { channel: bias.current, to_source, to_drain, charges: [at_drain, gate, at_source] }
    }

    /// The gate.
    fn oxide_of(&self) -> Oxide {
        Oxide { capacitance: self.oxide, potential: self.surface_potential }
    }

    /// Voltages of the gate against source, drain and bulk, and what Meyer's capacitances follow from there.
    fn gate_state(&self, x: &[f64; 4]) -> ([f64; 3], Place<f64>) {
        let [vds, vgs, vbs] = self.voltages(x);
        ([vgs, vgs - vds, vgs - vbs], self.bias(vds, vgs, vbs).place(vds))
    }

    /// Charges of the gate against source, drain and bulk without the overlaps, C.
    fn stored_at_gate(&self, x: &[f64; 4]) -> [f64; 3] {
        let (voltages, place) = self.gate_state(x);
        self.meyer.as_ref().map_or([0.0; 3], |meyer| meyer.charges(voltages, &place, &self.oxide_of()))
    }

    /// Voltages relative to the source as of an n-channel: vds, vgs, vbs.
    fn voltages(&self, x: &[f64; 4]) -> [f64; 3] {
        [x[0], x[1], x[3]].map(|voltage| self.polarity * (voltage - x[2]))
    }

    #[inline(always)]
    fn bias<S: Scalar>(&self, vds: S, vgs: S, vbs: S) -> Bias<S> {
        let forward = vds.value() >= 0.0;
        let conduction = if forward {
            self.channel.conduct(vds, vgs, vbs)
        } else {
            self.channel.conduct(-vds, vgs - vds, vbs - vds)
        };
        let Conduction { current, turn_on, saturation } = conduction;
        let (gate, across) = if forward { (vgs, vds) } else { (vgs - vds, -vds) };
        let near = gate - turn_on;
        let far = if C::SQUARE_LAW || near.value() <= 0.0 || saturation.value() <= 0.0 {
            near - across
        } else {
            near - across * near / saturation
        };
        if forward {
            Bias { current, source: near, drain: far, conduction }
        } else {
            Bias { current: -current, source: far, drain: near, conduction }
        }
    }
}

/// What a transistor shows.
const QUANTITIES: &[QuantityInfo] = &[
    QuantityInfo::new("id", "A", "Drain current, as of an n-channel"),
    QuantityInfo::new("gm", "S", "Transconductance"),
    QuantityInfo::new("gds", "S", "Drain-source conductance"),
    QuantityInfo::new("gmbs", "S", "Bulk-source transconductance"),
    QuantityInfo::new("vgs", "V", "Gate-source voltage, as of an n-channel"),
    QuantityInfo::new("vds", "V", "Drain-source voltage, as of an n-channel"),
    QuantityInfo::new("vbs", "V", "Bulk-source voltage, as of an n-channel"),
    QuantityInfo::new("von", "V", "Threshold voltage"),
    QuantityInfo::new("vdsat", "V", "Saturation drain voltage"),
    QuantityInfo::new("cgs", "F", "Meyer's capacitance of gate and source, and their overlap"),
    QuantityInfo::new("cgd", "F", "The same of gate and drain"),
    QuantityInfo::new("cgb", "F", "The same of gate and bulk"),
    QuantityInfo::new("is", "A", "Source current, as of an n-channel"),
    QuantityInfo::new("ig", "A", "Gate current: none in DC"),
    QuantityInfo::new("ib", "A", "Bulk current, as of an n-channel"),
    QuantityInfo::new("ibs", "A", "Current of the bulk-source junction, as of an n-channel"),
    QuantityInfo::new("ibd", "A", "Current of the bulk-drain junction, as of an n-channel"),
    QuantityInfo::new("vbd", "V", "Bulk-drain voltage, as of an n-channel"),
    QuantityInfo::new("gmb", "S", "Bulk-source transconductance"),
    QuantityInfo::new("gbs", "S", "Conductance of the bulk-source junction"),
    QuantityInfo::new("gbd", "S", "Conductance of the bulk-drain junction"),
    QuantityInfo::new("cbs", "F", "Capacitance of the bulk-source junction"),
    QuantityInfo::new("cbd", "F", "Capacitance of the bulk-drain junction"),
    QuantityInfo::new("p", "W", "Power of channel and bulk junctions"),
    QuantityInfo::new("cd", "A", "Drain current, as of an n-channel"),
    QuantityInfo::new("qgs", "C", "Charge of cgs"),
    QuantityInfo::new("qgd", "C", "Charge of cgd"),
    QuantityInfo::new("qgb", "C", "Charge of cgb"),
    QuantityInfo::new("qbs", "C", "Charge of cbs"),
    QuantityInfo::new("qbd", "C", "Charge of cbd"),
];

impl<C: Channel> Device<4> for Mosfet<C> {
    const LIMITED: bool = true;
    const BENDS_OVER: Option<f64> = Some(0.1);
    const REFERENCE: Option<usize> = Some(2);
    const NOISY: bool = true;
    const MEMORY: bool = true;
    const EVENTS: bool = false;
    const LEADS: &'static [Lead] = &[("id", &[0]), ("ig", &[1]), ("is", &[2]), ("ib", &[3])];
    const QUANTITIES: &'static [QuantityInfo] = QUANTITIES;

    #[inline]
    fn equations<S: Scalar>(&self, &[d, g, s, b]: &[S; 4], environment: &Environment) -> Contribution<S, 4> {
        let [vds, vgs, vbs] = [d - s, g - s, b - s].map(|voltage| voltage * self.polarity);
        let inner = self.intrinsic([vds, vgs, vbs], environment.gmin);
        let [drain, gate, source] = inner.charges;
        // One by one: a closure for all of them would be called, not inlined, and its arguments go through memory.
        let channel = inner.channel * self.polarity;
        let to_source = inner.to_source * self.polarity;
        let to_drain = inner.to_drain * self.polarity;
        let drain = drain * self.polarity;
        let gate = gate * self.polarity;
        let source = source * self.polarity;
        Contribution {
            f: [channel - to_drain, S::zero(), -(channel + to_source), to_source + to_drain],
            q: [drain, gate, source, -(drain + gate + source)],
        }
    }

    fn limit(&self, x: &[f64; 4], previous: &[f64; 4], environment: &Environment) -> [f64; 4] {
        let limits = BulkLimits { thermal: self.thermal, critical: [self.source_critical, self.drain_critical] };
        let turn_on = environment.time.is_none().then_some(|vds, vbs| self.channel.turn_on(vds, vbs));
        limits.place(x, previous, self.polarity, turn_on)
    }

    fn is_off(&self) -> bool {
        self.off
    }

    fn start(&self) -> [f64; 4] {
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

    fn forget(&mut self) {
        self.meyer.iter_mut().for_each(Meyer::forget);
    }

    fn begin(&mut self, x: &[f64; 4], _from_initial: bool) {
        let ((voltages, place), oxide) = (self.gate_state(x), self.oxide_of());
        self.forget();
        self.meyer.iter_mut().for_each(|meyer| meyer.follow(voltages, place, &oxide));
    }

    fn accept(&mut self, x: &mut [f64; 4], _moment: &Moment) -> Occurrence {
        let [vds, vgs, vbs] = self.voltages(x);
        if self.meyer.as_ref().is_some_and(|meyer| self.oxide > 0.0 && meyer.is_far(&[vgs, vgs - vds, vgs - vbs])) {
            let ((voltages, place), oxide) = (self.gate_state(x), self.oxide_of());
            self.meyer.iter_mut().for_each(|meyer| meyer.follow(voltages, place, &oxide));
        }
        Occurrence::Nothing
    }

    fn memory(&mut self, tape: &mut Tape) {
        self.meyer.iter_mut().for_each(|meyer| meyer.memory(tape));
    }

    fn noise(&self, x: &[f64; 4], _environment: &Environment, visit: &mut dyn FnMut(NoiseSource)) {
        let [vds, vgs, vbs] = self.voltages(x);
        let bias = self.bias(Dual::from(vds), Dual::<1>::variable(vgs, 0), Dual::from(vbs));
        let (conductance, noise) = (bias.current.gradient[0], &self.noise);
        let mut of_channel = conductance;
        if let Some(beta) = noise.overdrive {
            let over = bias.source.value.max(bias.drain.value).max(0.0);
            let alpha = (1.0 - vds.abs() / bias.conduction.saturation.value.max(1e-12)).max(0.0);
            of_channel = beta * over * (1.0 + alpha + alpha * alpha) / (1.0 + alpha);
        }
        visit(NoiseSource::thermal("id", [0, 2], 2.0 / 3.0 * of_channel, noise.temperature));
        let flicker = if noise.of_conductance {
            let flicker = noise.flicker * conductance * conductance;
            NoiseSource { exponent: noise.exponent, ..NoiseSource::flicker([0, 2], flicker) }
        } else {
            NoiseSource::flicker([0, 2], flicker_of_current(noise.flicker, bias.current.value, noise.exponent))
        };
        visit(flicker);
    }

    fn quantity(&self, index: usize, x: &[f64; 4], environment: &Environment) -> f64 {
        let [vds, vgs, vbs] = self.voltages(x);
        let [d, g, b]: [Dual<3>; 3] = Dual::variables(&[vds, vgs, vbs]);
        let bias = self.bias(d, g, b);
        let gate = bias.place(d).capacitances(&self.oxide_of());
        let Conduction { turn_on, saturation, .. } = bias.conduction;
        let current = bias.current;
        let [at_source, at_drain] = [vbs, vbs - vds].map(|voltage| Dual::<1>::variable(voltage, 0));
        let to_source = self.junction(at_source, self.source_saturation, environment.gmin);
        let to_drain = self.junction(at_drain, self.drain_saturation, environment.gmin);
        let of_source = self.source_bottom.charge(at_source) + self.source_side.charge(at_source);
        let of_drain = self.drain_bottom.charge(at_drain) + self.drain_side.charge(at_drain);
        let (into_drain, into_bulk) = (current.value - to_drain.value, to_source.value + to_drain.value);
        let overlaps = [self.overlap_source, self.overlap_drain, self.overlap_bulk];
        let stored = self.stored_at_gate(x);
        let across = [vgs, vgs - vds, vgs - vbs];
        let stored: [f64; 3] = std::array::from_fn(|k| stored[k] + overlaps[k] * across[k]);
        [
            into_drain,
            current.gradient[1],
            current.gradient[0],
            current.gradient[2],
            vgs,
            vds,
            vbs,
            self.polarity * turn_on.value,
            self.polarity * saturation.value.max(0.0),
            gate[0].value + overlaps[0],
            gate[1].value + overlaps[1],
            gate[2].value + overlaps[2],
            -(into_drain + into_bulk),
            0.0,
            into_bulk,
            to_source.value,
            to_drain.value,
            vbs - vds,
            current.gradient[2],
            to_source.gradient[0],
            to_drain.gradient[0],
            of_source.gradient[0],
            of_drain.gradient[0],
            into_drain * vds + into_bulk * vbs,
            into_drain,
            stored[0],
            stored[1],
            stored[2],
            of_source.value,
            of_drain.value,
        ][index]
    }
}

//! Z of level 2 to 6: field-effect transistors of compound semiconductors by Ytterdal, Lee, Shur and Fjeldly.
//!
//! Levels 2, 3 and 4 are metal-semiconductor transistors (MESFET) with a uniformly doped channel, a thin doped layer, and a channel at
//! a heterojunction (MESA1 to 3); 5 and 6 are heterostructure transistors (HFET1, HFET2). All are of 1 µm by 20 µm unless `l` and `w` say otherwise.
//!
//! The gate's junctions lie between gate and inner source or drain, its capacitances behind `ri` and `rf` in addition. Its charges
//! follow, as in ngspice, from the path that the voltages take (see the MOS transistor).
//!
//! Output conductances do not depend on frequency here: lambdahf and flo of levels 2 to 4 and kappa and fgds of level 5 are without
//! effect. Where ngspice 39 differs otherwise: with vds < 0 it computes levels 5 and 6 with vgs in place of vgd, and small signals of
//! all levels with other derivatives; level 4 has no conductance at all over frequency; that of the gate in reverse (ggr) has the
//! wrong sign there; and p-channels are taken for n-channels.
//!
//! Noise: thermal 4kT·⅔·gm of the channel, and of the resistances; ngspice 39 has none for these levels.
//!
//! Sources: Fjeldly, Ytterdal and Shur, Introduction to Device Modeling and Circuit Simulation (1998), chapters 3 and 4; ngspice 39, from
//! whose currents and capacitances the details are taken.

mod channel;
mod gate;
mod hfet;
mod layers;
mod mesa;

pub use hfet::{FIRST_NUMBERS, FIRST_PAGE, SECOND_NUMBERS, SECOND_PAGE, construct_first, construct_second};
pub use mesa::{NUMBERS, PAGE, construct};

use super::adjustable::{ElementNumber, TEMPERATURE, number};
use super::construct::Construction;
use super::device::{Contribution, Device, Environment, Lead, Moment, Occurrence, QuantityInfo};
use super::field_effect::{ChargePath, GateJunction};
use super::junction::critical_voltage;
use super::noise::NoiseSource;
use super::parameters::NamedParameter;
use super::series_resistance::{SeriesResistance, behind};
use crate::circuit::{Circuit, Model};
use crate::diagnostic::Diagnostic;
use crate::numerics::dual::Dual;
use crate::numerics::scalar::Scalar;
use crate::numerics::tape::Tape;
use channel::{Channel, Conduction};
use gate::GateDiode;

/// Length and width of transistors that give none, m.
const SIZE: [f64; 2] = [1e-6, 20e-6];

/// Numbers of Z cards with a model of these levels.
const ELEMENT: &[ElementNumber] = &[number("l", SIZE[0]), number("w", SIZE[1]), number("m", 1.0), TEMPERATURE];

/// Parameters of a Z card.
const CARD: &[NamedParameter] = &[
    NamedParameter::new(&["l"], "m", "1e-6", "Length of the channel"),
    NamedParameter::new(&["w"], "m", "20e-6", "Width of the channel"),
    NamedParameter::new(&["ts"], "°C", "temp", "Temperature of the source"),
    NamedParameter::new(&["td"], "°C", "temp", "Temperature of the drain"),
    NamedParameter::new(&["ic"], "V, V", "", "vds and vgs at the start of `.tran … uic`"),
    NamedParameter::new(&["off"], "", "", "The operating point is first sought with the transistor off"),
];

/// Noise of all levels.
const NOISE: &[(&str, &str)] =
    &[("rd", "4kT/rd"), ("rs", "4kT/rs"), ("rg", "4kT/rg"), ("ri", "4kT/ri"), ("rf", "4kT/rf"), ("id", "4kT·⅔·gm")];

/// One of `multiplier` transistors; unknowns: inner drain, inner gate, inner source, and the ends of the gate's capacitances at source and
/// drain. Voltages as of an n-channel.
struct Transistor {
    polarity: f64,
    multiplier: f64,
    channel: Channel,
    source: GateDiode,
    drain: GateDiode,
    /// cds, F, of the whole.
    across: f64,
    charges: ChargePath<2>,
    /// K, of the thermal noise.
    temperature: f64,
    off: bool,
    initial: Option<[f64; 2]>,
}

/// Resistances at the temperature of the card, Ω.
#[derive(Default)]
struct Resistances {
    drain: f64,
    source: f64,
    gate: f64,
    at_source: f64,
    at_drain: f64,
}

/// Whether a model of Z cards has this level.
fn has_level(model: &Model, levels: &[f64]) -> bool {
    let level = model.parameter("level").and_then(|level| level.value.number());
    level.is_some_and(|level| levels.contains(&level))
}

/// Whether it is one of MESA.
pub fn is_mesa(_circuit: &Circuit, model: &Model) -> bool {
    has_level(model, &[2.0, 3.0, 4.0])
}

/// Whether it is one of HFET1.
pub fn is_first(_circuit: &Circuit, model: &Model) -> bool {
    has_level(model, &[5.0])
}

/// Whether it is one of HFET2.
pub fn is_second(_circuit: &Circuit, model: &Model) -> bool {
    has_level(model, &[6.0])
}

/// Length and width of the channel, m; none after an error.
fn size(c: &mut Construction) -> Option<[f64; 2]> {
    let size = ["l", "w"].map(|name| c.parameter(name));
    let size = [size[0].unwrap_or(SIZE[0]), size[1].unwrap_or(SIZE[1])];
    if size.iter().all(|&size| size > 0.0) {
        return Some(size);
    }
    let message = format!("length and width of `{}` must be positive", c.element.name);
    c.error(Diagnostic::error(message).at(c.element.span));
    None
}

fn polarity(card: &Model) -> f64 {
    if matches!(&*card.kind, "pmf" | "phfet") { -1.0 } else { 1.0 }
}

/// A temperature in °C that stands on the card, else this one in K.
fn kelvin_or(card: &Model, name: &str, value: f64, default: f64) -> f64 {
    if card.parameter(name).is_some() { super::junction::kelvin(value) } else { default }
}

/// Adds the transistor with its resistances.
fn add(mut c: Construction, transistor: Transistor, resistances: &Resistances) {
    let [drain, gate, source] = c.terminals();
    let (multiplier, temperature) = (transistor.multiplier, transistor.temperature);
    let part = |name, resistance| SeriesResistance::new(name, resistance, multiplier, temperature);
    let drain = behind(&mut c, drain, "drain", part("rd", resistances.drain));
    let gate = behind(&mut c, gate, "gate", part("rg", resistances.gate));
    let source = behind(&mut c, source, "source", part("rs", resistances.source));
    let at_source = behind(&mut c, source, "source2", part("ri", resistances.at_source));
    let at_drain = behind(&mut c, drain, "drain2", part("rf", resistances.at_drain));
    c.assembly.add(c.id, transistor, [drain, gate, source, at_source, at_drain]);
}

impl Transistor {
    /// vgs, vds and the voltage of the source.
    fn voltages<S: Scalar>(&self, x: &[S; 5]) -> [S; 3] {
        let [d, g, s, ..] = *x;
        [(g - s) * self.polarity, (d - s) * self.polarity, s * self.polarity]
    }

    #[inline(always)]
    fn conduct<S: Scalar>(&self, [vgs, vds, source]: [S; 3]) -> Conduction<S> {
        self.channel.at(vgs, vds, source)
    }

    #[inline(always)]
    fn gate_currents<S: Scalar>(&self, vgs: S, vgd: S, gmin: f64) -> [S; 2] {
        [self.source.current(vgs) + vgs * gmin, self.drain.current(vgd) + vgd * gmin]
    }

    /// Voltages from the gate to the ends of its capacitances.
    fn ends<S: Scalar>(&self, x: &[S; 5]) -> [S; 2] {
        [(x[1] - x[3]) * self.polarity, (x[1] - x[4]) * self.polarity]
    }

    fn capacitances(&self, x: &[f64; 5]) -> [f64; 2] {
        let found = self.conduct(self.voltages(x));
        [found.source, found.drain]
    }

    fn limits(&self) -> GateJunction {
        let (saturation, scale) = self.source.steepest();
        let critical = critical_voltage(scale, saturation.max(1e-30));
        GateJunction { scale, critical, threshold: self.channel.turn_on.threshold }
    }
}

impl Device<5> for Transistor {
    const LIMITED: bool = true;
    const NOISY: bool = true;
    const MEMORY: bool = true;
    const EVENTS: bool = false;
    const LEADS: &'static [Lead] = &[("id", &[0, 4]), ("ig", &[1]), ("is", &[2, 3])];
    const QUANTITIES: &'static [QuantityInfo] = QUANTITIES;

    #[inline]
    fn equations<S: Scalar>(&self, x: &[S; 5], environment: &Environment) -> Contribution<S, 5> {
        // Three voltages are all that matters: derivatives by three cost less than by five.
        let voltages = self.voltages(x);
        let inner = S::inner(&voltages);
        let [vgs, vds, _] = inner;
        let found = self.conduct(inner);
        let gates = self.gate_currents(vgs, vgs - vds, environment.gmin);
        let signed = self.polarity * self.multiplier;
        let up = |value| S::outer(&voltages, value) * signed;
        let (current, [to_source, to_drain]) = (up(found.current), gates.map(up));
        let scale = signed * self.polarity;
        let [source, drain] = [found.source, found.drain].map(|value| S::outer(&voltages, value) * scale);
        let [at_source, at_drain] =
            self.charges.charges(self.ends(x), [source, drain], || None).map(|q| q * self.polarity);
        let across = (x[0] - x[2]) * self.across;
        Contribution {
            f: [current - to_drain, to_source + to_drain, -(current + to_source), S::zero(), S::zero()],
            q: [across, at_source + at_drain, -across, -at_source, -at_drain],
        }
    }

    fn limit(&self, x: &[f64; 5], previous: &[f64; 5], _environment: &Environment) -> [f64; 5] {
        let ([vgs, vds, _], [before_gs, before_ds, _]) = (self.voltages(x), self.voltages(previous));
        let outer = [x[0], x[1], x[2]];
        let [d, g, s] = self.limits().limit(&outer, self.polarity, [vgs, vds], [before_gs, before_ds]);
        [d, g, s, x[3], x[4]]
    }

    fn is_off(&self) -> bool {
        self.off
    }

    fn start(&self) -> [f64; 5] {
        [0.0, -self.polarity, 0.0, 0.0, 0.0]
    }

    fn stores(&self) -> [bool; 5] {
        let between = self.across > 0.0;
        [between, true, between, true, true]
    }

    fn initial(&self, x: &mut [f64; 5]) {
        if let Some([vds, vgs]) = self.initial {
            (x[0], x[1]) = (x[2] + vds, x[2] + vgs);
            (x[3], x[4]) = (x[2], x[0]);
        }
    }

    fn has_initial(&self) -> bool {
        self.initial.is_some()
    }

    fn forget(&mut self) {
        self.charges.forget();
    }

    fn begin(&mut self, x: &[f64; 5], _from_initial: bool) {
        let capacitances = self.capacitances(x).map(|value| value * self.multiplier);
        self.charges.begin(self.ends(x), |_| capacitances);
    }

    fn accept(&mut self, x: &mut [f64; 5], _moment: &Moment) -> Occurrence {
        let ends = self.ends(x);
        if self.charges.is_far(&ends) {
            let capacitances = self.capacitances(x).map(|value| value * self.multiplier);
            self.charges.follow(ends, capacitances, || None);
        }
        Occurrence::Nothing
    }

    fn memory(&mut self, tape: &mut Tape) {
        self.charges.memory(tape);
    }

    fn noise(&self, x: &[f64; 5], _environment: &Environment, visit: &mut dyn FnMut(NoiseSource)) {
        let [vgs, vds, source] = self.voltages(x);
        let found = self.conduct([Dual::<1>::variable(vgs, 0), vds.into(), source.into()]);
        let conductance = 2.0 / 3.0 * found.current.gradient[0] * self.multiplier;
        visit(NoiseSource::thermal("id", [0, 2], conductance, self.temperature));
    }

    fn quantity(&self, index: usize, x: &[f64; 5], environment: &Environment) -> f64 {
        let voltages: [Dual<3>; 3] = Dual::variables(&self.voltages(x));
        let [vgs, vds, _] = voltages;
        let found = self.conduct(voltages);
        let [gs, gd] = self.gate_currents(vgs, vgs - vds, environment.gmin);
        let (drain, gate) = (found.current.value - gd.value, gs.value + gd.value);
        let m = self.multiplier;
        [
            vgs.value,
            vgs.value - vds.value,
            m * gate,
            m * drain,
            m * gd.value,
            -m * (drain + gate),
            m * found.current.gradient[0],
            m * found.current.gradient[1],
            m * gs.gradient[0],
            m * gd.gradient[0],
            m * found.source.value,
            m * found.drain.value,
            m * ((drain * vds.value).abs() + (gate * vgs.value).abs()),
        ][index]
    }
}

/// As of an n-channel.
const QUANTITIES: &[QuantityInfo] = &[
    QuantityInfo::new("vgs", "V", "Gate-source voltage"),
    QuantityInfo::new("vgd", "V", "Gate-drain voltage"),
    QuantityInfo::new("cg", "A", "Gate current"),
    QuantityInfo::new("cd", "A", "Drain current"),
    QuantityInfo::new("cgd", "A", "Gate-drain current"),
    QuantityInfo::new("cs", "A", "Source current"),
    QuantityInfo::new("gm", "S", "Transconductance"),
    QuantityInfo::new("gds", "S", "Drain-source conductance"),
    QuantityInfo::new("ggs", "S", "Gate-source conductance"),
    QuantityInfo::new("ggd", "S", "Gate-drain conductance"),
    QuantityInfo::new("capgs", "F", "Gate-source capacitance"),
    QuantityInfo::new("capgd", "F", "Gate-drain capacitance"),
    QuantityInfo::new("p", "W", "Power"),
];

//! Z: the gallium arsenide metal-semiconductor field-effect transistor of Statz et al.
//!
//! ```text
//! vgst = vgs − vto
//! vgst ≤ 0:   id = 0
//! else:       id = β·(1 + λ·vds)·vgst²/(1 + b·vgst)·(1 − (1 − α·vds/3)³),  the last factor 1 for vds ≥ 3/α
//! ```
//! for vds ≥ 0; source and drain change places for vds < 0. Gate junctions have the current of D (is, n = 1) to both ends. RD and RS are
//! separate resistors. Capacitances of the gate:
//!
//! ```text
//! ve1, ve2 = ½·(vgs + vgd ± √((vgs − vgd)² + α⁻²))       larger and smaller of the two voltages, smoothly
//! vn = ½·(ve1 + vto + √((ve1 − vto)² + 0.2²)), at most 0.5 V
//! C = cgs/√(1 − vn/pb)·½·(1 + (ve1 − vto)/√((ve1 − vto)² + 0.2²))
//! Cgs = C·k⁺ + cgd·k⁻,  Cgd = C·k⁻ + cgd·k⁺,  k± = ½·(1 ± (vgs − vgd)/√((vgs − vgd)² + α⁻²))
//! ```
//! They are derivatives of one charge of the gate; which part of it source and drain give follows, as in ngspice, from the path that
//! the voltages take (see the MOS transistor). As in ngspice, nothing but the noise depends on the temperature, and the limit of 0.5 V
//! stands for `fc`. ngspice takes the first value of the card for nothing, where its manual and this program have the area.
//!
//! Noise: thermal 4kT·⅔·gm, kf·|id|^af/f.
//!
//! Sources: Statz, Newman, Smith, Pucel and Haus, IEEE Trans. Electron Devices 34, 160 (1987); ngspice-39 manual, chapter 10.

use super::adjustable::{Adjustable, Principal, TEMPERATURE, number};
use super::constants::{REFERENCE_TEMPERATURE, thermal_voltage};
use super::construct::Construction;
use super::device::{Contribution, Device, Environment, Lead, Moment, Occurrence, QuantityInfo};
use super::field_effect::{ChargePath, GateJunction};
use super::junction::{critical_voltage, exponential, kelvin, saturation_or_none};
use super::noise::{NoiseSource, flicker_of_current};
use super::page::{ModelTable, Page};
use super::parameters::{NamedParameter, Unknowns};
use super::series_resistance::{SeriesResistance, behind};
use crate::head_of_file;
use crate::numerics::dual::Dual;
use crate::numerics::scalar::Scalar;
use crate::numerics::tape::Tape;
use crate::parameters;
use crate::reference::Status;

parameters! {
    /// NMF and PMF model cards.
    pub struct MesfetModel {
        #[allow(dead_code)]
        level: ["level"], "", 1.0, "Model level";
        threshold: ["vt0", "vto"], "V", -2.0, "Pinch-off voltage";
        transconductance: ["beta"], "A/V²", 2.5e-3, "Transconductance parameter";
        tail: ["b"], "1/V", 0.3, "Doping tail parameter";
        steepness: ["alpha"], "1/V", 2.0, "Saturation voltage parameter";
        modulation: ["lambda"], "1/V", 0.0, "Channel-length modulation";
        drain_resistance: ["rd"], "Ω", 0.0, "Drain resistance";
        source_resistance: ["rs"], "Ω", 0.0, "Source resistance";
        source_capacitance: ["cgs"], "F", 0.0, "Zero-bias gate-source capacitance";
        drain_capacitance: ["cgd"], "F", 0.0, "Zero-bias gate-drain capacitance";
        potential: ["pb"], "V", 1.0, "Gate junction potential";
        saturation: ["is"], "A", 1e-14, "Gate junction saturation current";
        #[expect(dead_code)]
        forward_bias: ["fc"], "", 0.5, "Forward-bias coefficient";
        flicker: ["kf"], "", 0.0, "Flicker noise coefficient";
        flicker_exponent: ["af"], "", 1.0, "Flicker noise exponent";
    }
}

/// Numbers of Z cards.
pub const NUMBERS: Adjustable = Adjustable {
    principal: Principal::None,
    element: &[number("area", 1.0), number("m", 1.0), TEMPERATURE],
    model: MesfetModel::TABLE,
};

/// Parameters of a Z card.
const CARD: &[NamedParameter] = &[
    NamedParameter::new(&["area"], "", "1", "Factor on currents, capacitances and conductances, or the first value"),
    NamedParameter::new(&["ic"], "V, V", "", "vds and vgs at the start of `.tran … uic`"),
    NamedParameter::new(&["off"], "", "", "The operating point is first sought with the transistor off"),
];

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[head_of_file!("mesfet.rs")],
    element: CARD,
    models: &[ModelTable::numbers("nmf, pmf", MesfetModel::TABLE)],
    quantities: <Mesfet as Device<3>>::QUANTITIES,
    noise: &[("rd", "4kT/rd"), ("rs", "4kT/rs"), ("id", "4kT·⅔·gm"), ("1overf", "kf·|id|^af/f")],
    status: Status::Differs("the area may be the first value"),
    ngspice: &["MES"],
    otherwise: &["icvds", "icvgs", "off"],
    ..Page::new("mesfet", "MESFET", "Z1 drain gate source MODEL [area] [off] [ic=vds,vgs]")
};

/// Largest voltage at which the depletion capacitance grows, V.
const LARGEST: f64 = 0.5;

/// The same as part of the junction's potential, for smaller ones.
const LARGEST_PART: f64 = 0.95;

/// Width of the threshold in the capacitances, V.
const WIDTH: f64 = 0.2;

/// The gate's capacitances at a pair of voltages.
#[derive(Debug, Clone, Copy)]
struct Gate {
    /// Zero-bias capacitances, F.
    source: f64,
    drain: f64,
    potential: f64,
    threshold: f64,
    /// 1/α, V
    width: f64,
}

/// The intrinsic transistor; unknowns: inner drain, gate, inner source. Area and multiplier are included, voltages are as of an
/// n-channel.
struct Mesfet {
    polarity: f64,
    beta: f64,
    threshold: f64,
    tail: f64,
    steepness: f64,
    modulation: f64,
    saturation: f64,
    thermal: f64,
    critical: f64,
    gate: Gate,
    charges: ChargePath<2>,
    multiplier: f64,
    /// K, of the thermal noise.
    temperature: f64,
    flicker: f64,
    flicker_exponent: f64,
    off: bool,
    initial: Option<[f64; 2]>,
}

/// Levels of Z cards; those after the first are made elsewhere.
const LEVELS: &[(f64, &str)] =
    &[(1.0, "Statz et al."), (2.0, "MESA1"), (3.0, "MESA2"), (4.0, "MESA3"), (5.0, "HFET1"), (6.0, "HFET2")];

pub fn construct(mut c: Construction) {
    let Some(card) = c.model() else { return };
    if !c.check_level(card, "MESFET", LEVELS) {
        return;
    }
    c.check_parameters(CARD, Unknowns::Warn);
    let mut model = MesfetModel::of(card, c.diagnostics);
    model.saturation = saturation_or_none(model.saturation);
    let are_positive =
        c.check_positive(card, &[("is", model.saturation), ("pb", model.potential), ("alpha", model.steepness)]);
    let Some(area) = c.area().filter(|_| are_positive) else { return };
    let polarity = if &*card.kind == "pmf" { -1.0 } else { 1.0 };
    let size = area * c.multiplier();
    let transistor = Mesfet::new(&c, &model, polarity, size);
    let [drain, gate, source] = c.terminals();
    let part = |name, resistance| SeriesResistance::new(name, resistance, size, transistor.temperature);
    let drain = behind(&mut c, drain, "drain", part("rd", model.drain_resistance));
    let source = behind(&mut c, source, "source", part("rs", model.source_resistance));
    c.assembly.add(c.id, transistor, [drain, gate, source]);
}

impl Gate {
    /// Cgs and Cgd.
    #[inline(always)]
    fn capacitances<S: Scalar>(&self, vgs: S, vgd: S) -> [S; 2] {
        let across = vgs - vgd;
        let root = (across * across + self.width * self.width).sqrt();
        let over = (vgs + vgd + root) * 0.5 - self.threshold;
        let joined = (over * over + WIDTH * WIDTH).sqrt();
        let depleting = (over + joined) * 0.5 + self.threshold;
        let depleting = depleting.min(S::constant(LARGEST.min(LARGEST_PART * self.potential)));
        let turned_on = (over / joined + 1.0) * 0.5;
        let whole = turned_on / (depleting * (-1.0 / self.potential) + 1.0).sqrt() * self.source;
        let near = (across / root + 1.0) * 0.5;
        let far = near * -1.0 + 1.0;
        [whole * near + far * self.drain, whole * far + near * self.drain]
    }
}

impl Mesfet {
    fn new(c: &Construction, m: &MesfetModel, polarity: f64, size: f64) -> Self {
        let (thermal, saturation) = (thermal_voltage(REFERENCE_TEMPERATURE), m.saturation * size);
        let multiplier = c.multiplier();
        Mesfet {
            polarity,
            beta: m.transconductance * size,
            threshold: m.threshold,
            tail: m.tail,
            steepness: m.steepness,
            modulation: m.modulation,
            saturation,
            thermal,
            critical: critical_voltage(thermal, saturation),
            gate: Gate {
                source: m.source_capacitance * size,
                drain: m.drain_capacitance * size,
                potential: m.potential,
                threshold: m.threshold,
                width: 1.0 / m.steepness,
            },
            charges: ChargePath::default(),
            multiplier,
            temperature: kelvin(c.temperature()),
            flicker: m.flicker * multiplier.powf(1.0 - m.flicker_exponent),
            flicker_exponent: m.flicker_exponent,
            off: c.word("off"),
            initial: c.list("ic"),
        }
    }

    /// Drain current for vds ≥ 0.
    #[inline(always)]
    fn channel<S: Scalar>(&self, vgs: S, vds: S) -> S {
        let over = vgs - self.threshold;
        if over.value() <= 0.0 {
            return S::zero();
        }
        let saturated = (vds * self.modulation + 1.0) * over * over / (over * self.tail + 1.0) * self.beta;
        let rest = vds * (-self.steepness / 3.0) + 1.0;
        if rest.value() <= 0.0 { saturated } else { saturated * (rest * rest * rest * -1.0 + 1.0) }
    }

    /// Current from drain to source without the gate's junctions.
    #[inline(always)]
    fn drain_current<S: Scalar>(&self, vgs: S, vds: S) -> S {
        if vds.value() >= 0.0 { self.channel(vgs, vds) } else { -self.channel(vgs - vds, -vds) }
    }

    #[inline(always)]
    fn gate_current<S: Scalar>(&self, v: S, gmin: f64) -> S {
        exponential(v, self.saturation, self.thermal) + v * (gmin * self.multiplier)
    }

    /// vgs and vds as of an n-channel.
    fn voltages<S: Scalar>(&self, &[d, g, s]: &[S; 3]) -> [S; 2] {
        [(g - s) * self.polarity, (d - s) * self.polarity]
    }

    fn has_capacitance(&self) -> bool {
        self.gate.source > 0.0 || self.gate.drain > 0.0
    }
}

impl Device<3> for Mesfet {
    const LIMITED: bool = true;
    const BENDS_OVER: Option<f64> = Some(0.02);
    const NOISY: bool = true;
    const MEMORY: bool = true;
    const EVENTS: bool = false;
    const LEADS: &'static [Lead] = &[("id", &[0]), ("ig", &[1]), ("is", &[2])];
    const QUANTITIES: &'static [QuantityInfo] = &[
        QuantityInfo::new("vgs", "V", "Gate-source voltage, as of an n-channel"),
        QuantityInfo::new("vgd", "V", "Gate-drain voltage, as of an n-channel"),
        QuantityInfo::new("cg", "A", "Gate current, as of an n-channel"),
        QuantityInfo::new("cd", "A", "Drain current, as of an n-channel"),
        QuantityInfo::new("cgd", "A", "Gate-drain current, as of an n-channel"),
        QuantityInfo::new("is", "A", "Source current, as of an n-channel"),
        QuantityInfo::new("gm", "S", "Transconductance"),
        QuantityInfo::new("gds", "S", "Drain-source conductance"),
        QuantityInfo::new("ggs", "S", "Gate-source conductance"),
        QuantityInfo::new("ggd", "S", "Gate-drain conductance"),
        QuantityInfo::new("p", "W", "Power"),
    ];

    #[inline]
    fn equations<S: Scalar>(&self, x: &[S; 3], environment: &Environment) -> Contribution<S, 3> {
        let p = self.polarity;
        let [vgs, vds] = self.voltages(x);
        let channel = self.drain_current(vgs, vds);
        let (gs, gd) = (self.gate_current(vgs, environment.gmin), self.gate_current(vgs - vds, environment.gmin));
        let mut q = [S::zero(); 3];
        if self.has_capacitance() {
            let vgd = vgs - vds;
            let [source, drain] = self.charges.charges_of([vgs, vgd], |[vgs, vgd]| self.gate.capacitances(vgs, vgd));
            q = [-drain, source + drain, -source];
        }
        let f = [channel - gd, gs + gd, -(channel + gs)];
        Contribution { f: f.map(|value| value * p), q: q.map(|value| value * p) }
    }

    fn limit(&self, x: &[f64; 3], previous: &[f64; 3], _environment: &Environment) -> [f64; 3] {
        let limits = GateJunction { scale: self.thermal, critical: self.critical, threshold: self.threshold };
        limits.limit(x, self.polarity, self.voltages(x), self.voltages(previous))
    }

    fn is_off(&self) -> bool {
        self.off
    }

    fn start(&self) -> [f64; 3] {
        [0.0, -self.polarity, 0.0]
    }

    fn stores(&self) -> [bool; 3] {
        [self.has_capacitance(); 3]
    }

    fn initial(&self, x: &mut [f64; 3]) {
        if let Some([vds, vgs]) = self.initial {
            (x[0], x[1]) = (x[2] + vds, x[2] + vgs);
        }
    }

    fn has_initial(&self) -> bool {
        self.initial.is_some()
    }

    fn forget(&mut self) {
        self.charges.forget();
    }

    fn begin(&mut self, x: &[f64; 3], _from_initial: bool) {
        let [vgs, vds] = self.voltages(x);
        let vgd = vgs - vds;
        self.charges.begin([vgs, vgd], |[vgs, vgd]| self.gate.capacitances(vgs, vgd));
    }

    fn accept(&mut self, x: &mut [f64; 3], _moment: &Moment) -> Occurrence {
        let [vgs, vds] = self.voltages(x);
        if self.has_capacitance() {
            let vgd = vgs - vds;
            self.charges.keep_up([vgs, vgd], |[vgs, vgd]| self.gate.capacitances(vgs, vgd));
        }
        Occurrence::Nothing
    }

    fn memory(&mut self, tape: &mut Tape) {
        self.charges.memory(tape);
    }

    fn noise(&self, x: &[f64; 3], _environment: &Environment, visit: &mut dyn FnMut(NoiseSource)) {
        let [vgs, vds] = self.voltages(x);
        let current = self.drain_current(Dual::<1>::variable(vgs, 0), Dual::from(vds));
        visit(NoiseSource::thermal("id", [0, 2], 2.0 / 3.0 * current.gradient[0], self.temperature));
        visit(NoiseSource::flicker([0, 2], flicker_of_current(self.flicker, current.value, self.flicker_exponent)));
    }

    fn quantity(&self, index: usize, x: &[f64; 3], environment: &Environment) -> f64 {
        let [vgs, vds] = self.voltages(x);
        let [g, d]: [Dual<2>; 2] = Dual::variables(&[vgs, vds]);
        let channel = self.drain_current(g, d);
        let gs = self.gate_current(Dual::<1>::variable(vgs, 0), environment.gmin);
        let gd = self.gate_current(Dual::<1>::variable(vgs - vds, 0), environment.gmin);
        let (drain, gate) = (channel.value - gd.value, gs.value + gd.value);
        [
            vgs,
            vgs - vds,
            gate,
            drain,
            gd.value,
            -(drain + gate),
            channel.gradient[0],
            channel.gradient[1],
            gs.gradient[0],
            gd.gradient[0],
            (drain * vds).abs() + (gate * vgs).abs(),
        ][index]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GATE: Gate = Gate { source: 3e-12, drain: 0.4e-12, potential: 0.9, threshold: -1.3, width: 0.4 };

    /// The gate's charge of Statz et al., below the largest voltage.
    fn charge(vgs: f64, vgd: f64) -> f64 {
        let root = (vgs - vgd).hypot(GATE.width);
        let (larger, smaller) = (0.5 * (vgs + vgd + root), 0.5 * (vgs + vgd - root));
        let depleting = 0.5 * (larger + GATE.threshold + (larger - GATE.threshold).hypot(WIDTH));
        2.0 * GATE.source * GATE.potential * (1.0 - (1.0 - depleting / GATE.potential).sqrt()) + GATE.drain * smaller
    }

    #[test]
    fn capacitances_are_derivatives_of_one_charge() {
        for (vgs, vgd) in [(-0.5, -3.0), (-3.0, -0.2), (-1.3, -1.2), (0.1, 0.2), (-2.0, -2.5)] {
            let [source, drain] = GATE.capacitances(vgs, vgd);
            let step = 1e-5;
            let by_source = (charge(vgs + step, vgd) - charge(vgs - step, vgd)) / (2.0 * step);
            let by_drain = (charge(vgs, vgd + step) - charge(vgs, vgd - step)) / (2.0 * step);
            assert!((source - by_source).abs() < 1e-7 * GATE.source, "{source:e} {by_source:e}");
            assert!((drain - by_drain).abs() < 1e-7 * GATE.source, "{drain:e} {by_drain:e}");
        }
    }

    #[test]
    fn capacitances_have_limits() {
        let close = |found: [f64; 2], expected: [f64; 2]| {
            assert!(
                found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 0.01 * GATE.source),
                "{found:?} {expected:?}"
            );
        };
        // Off: what is left joins gate and the far end; beyond 0.5 V nothing grows.
        close(GATE.capacitances(-5.0, -9.0), [0.0, GATE.drain]);
        close(GATE.capacitances(0.0, -4.0), [GATE.source, GATE.drain]);
        close(GATE.capacitances(-4.0, 0.0), [GATE.drain, GATE.source]);
        let most = GATE.source / (1.0 - LARGEST / GATE.potential).sqrt();
        close(GATE.capacitances(2.0, -4.0), [most, GATE.drain]);
        close(GATE.capacitances(4.0, -4.0), [most, GATE.drain]);
    }
}

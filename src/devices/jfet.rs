//! J: the junction field-effect transistor of Shichman and Hodges, with the doping tail of Sydney University.
//!
//! ```text
//! vgst = vgs − vto,  F = (1 − b)/(pb − vto)
//! vgst ≤ 0:    id = 0
//! vgst < vds:  id = β·(1 + λ·vds)·vgst²·(b + F·vgst)
//! else:        id = β·(1 + λ·vds)·vds·(vds·(F·vds − b) + vgst·(2·b + 3·F·(vgst − vds)))
//! ```
//! for vds ≥ 0; source and drain change places for vds < 0. With b = 1 these are the equations of Shichman and Hodges. Gate
//! junctions have the current of D (is, n) and depletion charges of grading 1/2. RD and RS are separate resistors.
//!
//! Noise: thermal 4kT·⅔·gm, or with nlev=3 4kT·⅔·β·vgst·(1 + α + α²)/(1 + α)·gdsnoi, α = 1 − vds/vgst in the linear region and 0 in
//! saturation; kf·|id|^af/f.
//!
//! Sources: Shichman and Hodges, IEEE JSSC 3, 285 (1968); ngspice-39 manual, chapter 9; Antognetti and Massobrio, chapter 3.

use super::adjustable::{Adjustable, Principal, TEMPERATURE, number};
use super::construct::Construction;
use super::device::{Contribution, Device, Environment, Lead, QuantityInfo};
use super::field_effect::GateJunction;
use super::junction::{Depletion, critical_voltage, exponential, kelvin, saturation_or_none};
use super::noise::{NoiseSource, flicker_of_current};
use super::page::{ModelTable, Page};
use super::parameters::{NamedParameter, Unknowns};
use super::parker_skellern::{self, ParkerSkellernModel};
use super::series_resistance::{SeriesResistance, behind};
use crate::head_of_file;
use crate::netlist::dialect::Dialect;
use crate::numerics::dual::Dual;
use crate::numerics::scalar::Scalar;
use crate::parameters;

parameters! {
    /// NJF and PJF model cards.
    pub struct JfetModel {
        #[allow(dead_code)]
        level: ["level"], "", 1.0, "Model level";
        threshold: ["vt0", "vto"], "V", -2.0, "Pinch-off voltage";
        transconductance: ["beta"], "A/V²", 1e-4, "Transconductance parameter";
        modulation: ["lambda"], "1/V", 0.0, "Channel-length modulation";
        drain_resistance: ["rd"], "Ω", 0.0, "Drain resistance";
        source_resistance: ["rs"], "Ω", 0.0, "Source resistance";
        source_capacitance: ["cgs"], "F", 0.0, "Zero-bias gate-source capacitance";
        drain_capacitance: ["cgd"], "F", 0.0, "Zero-bias gate-drain capacitance";
        potential: ["pb"], "V", 1.0, "Gate junction potential";
        saturation: ["is"], "A", 1e-14, "Gate junction saturation current";
        emission: ["n"], "", 1.0, "Gate junction emission coefficient";
        forward_bias: ["fc"], "", 0.5, "Where depletion charge becomes quadratic, as part of pb";
        tail: ["b"], "", 1.0, "Doping tail parameter";
        tnom: ["tnom", "tref"], "°C", f64::NAN, "Temperature of the parameters";
        threshold_tc: ["tcv"], "V/K", 0.0, "Temperature coefficient of vto, downwards";
        threshold_tc1: ["vtotc"], "V/K", 0.0, "Temperature coefficient of vto, upwards";
        exponent: ["bex"], "", 0.0, "Temperature exponent of beta";
        percent: ["betatce"], "%/K", 0.0, "Temperature coefficient of beta";
        gap: ["eg"], "eV", 1.11, "Energy gap";
        saturation_exponent: ["xti"], "", 0.0, "Temperature exponent of is";
        flicker: ["kf"], "", 0.0, "Flicker noise coefficient";
        flicker_exponent: ["af"], "", 1.0, "Flicker noise exponent";
        noise_level: ["nlev"], "", 2.0, "Equation of the channel noise";
        noise_factor: ["gdsnoi"], "", 1.0, "Factor on the channel noise (nlev=3)";
    }
}

/// Numbers of J cards.
pub const NUMBERS: Adjustable = Adjustable {
    principal: Principal::None,
    element: &[number("area", 1.0), number("m", 1.0), TEMPERATURE],
    model: JfetModel::TABLE,
};

/// Parameters of a J card.
pub(super) const CARD: &[NamedParameter] = &[
    NamedParameter::new(&["area"], "", "1", "Factor on currents, capacitances and conductances, or the first value"),
    NamedParameter::new(&["ic"], "V, V", "", "vds and vgs at the start of `.tran … uic`"),
    NamedParameter::new(&["off"], "", "", "The operating point is first sought with the transistor off"),
];

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[head_of_file!("jfet.rs"), head_of_file!("parker_skellern.rs")],
    element: CARD,
    models: &[
        ModelTable::numbers("njf, pjf", JfetModel::TABLE),
        ModelTable::numbers("njf, pjf with level=2", ParkerSkellernModel::TABLE),
    ],
    quantities: <Jfet as Device<3>>::QUANTITIES,
    noise: &[("rd", "4kT/rd"), ("rs", "4kT/rs"), ("id", "4kT·⅔·gm"), ("1overf", "kf·|id|^af/f")],
    ngspice: &["JFET", "JFET2"],
    otherwise: &["ic-vds", "ic-vgs"],
    ..Page::new("jfet", "Junction field-effect transistor", "J1 drain gate source MODEL [area] [off] [ic=vds,vgs]")
};

/// The intrinsic transistor; unknowns: inner drain, gate, inner source. Parameters are at its temperature, area and multiplier
/// included, voltages as of an n-channel.
pub struct Jfet {
    polarity: f64,
    beta: f64,
    threshold: f64,
    modulation: f64,
    tail: f64,
    /// (1 − b)/(pb − vto)
    cubic: f64,
    saturation: f64,
    /// n·Vt
    scale: f64,
    critical: f64,
    source: Depletion,
    drain: Depletion,
    multiplier: f64,
    /// K, of the thermal noise.
    temperature: f64,
    flicker: f64,
    flicker_exponent: f64,
    /// `gdsnoi` with nlev=3.
    noise_factor: Option<f64>,
    off: bool,
    initial: Option<[f64; 2]>,
}

pub fn construct(mut c: Construction) {
    let Some(card) = c.model() else { return };
    // Xyce's level 2 is the one with the doping tail, which level 1 has here.
    let is_xyce = c.circuit.dialect == Dialect::Xyce;
    let second = if is_xyce { "with the doping tail" } else { "Parker and Skellern" };
    if !c.check_level(card, "junction field-effect transistor", &[(1.0, "Shichman and Hodges"), (2.0, second)]) {
        return;
    }
    if !is_xyce && card.parameter("level").and_then(|level| level.value.number()) == Some(2.0) {
        return parker_skellern::construct(c);
    }
    c.check_parameters(CARD, Unknowns::Warn);
    let mut model = JfetModel::of(card, c.diagnostics);
    model.saturation = saturation_or_none(model.saturation);
    let are_positive =
        c.check_positive(card, &[("is", model.saturation), ("n", model.emission), ("pb", model.potential)]);
    let Some(area) = c.area().filter(|_| are_positive) else { return };
    let polarity = if &*card.kind == "pjf" { -1.0 } else { 1.0 };
    let size = area * c.multiplier();
    let transistor = Jfet::new(&c, &model, polarity, size);
    let [drain, gate, source] = c.terminals();
    let part = |name, resistance| SeriesResistance::new(name, resistance, size, transistor.temperature);
    let drain = behind(&mut c, drain, "drain", part("rd", model.drain_resistance));
    let source = behind(&mut c, source, "source", part("rs", model.source_resistance));
    c.assembly.add(c.id, transistor, [drain, gate, source]);
}

impl Jfet {
    fn new(c: &Construction, m: &JfetModel, polarity: f64, size: f64) -> Self {
        let temperature = kelvin(c.temperature());
        let nominal = kelvin(if m.tnom.is_nan() { c.circuit.options.tnom } else { m.tnom });
        let (delta, ratio) = (temperature - nominal, temperature / nominal);
        let thermal = super::constants::thermal_voltage(temperature);
        let junction = |capacitance: f64| {
            let given = Depletion::new(capacitance * size, m.potential, 0.5, m.forward_bias.min(0.95));
            given.at_temperature(temperature, nominal)
        };
        let (source, drain) = (junction(m.source_capacitance), junction(m.drain_capacitance));
        // Of two coefficients the one counts that ngspice takes.
        let warmer = if m.is_given("vtotc") { m.threshold_tc1 } else { -m.threshold_tc };
        let threshold = m.threshold + warmer * delta;
        let gain = if m.is_given("betatce") { 1.01f64.powf(m.percent * delta) } else { ratio.powf(m.exponent) };
        let saturation = m.saturation * ((ratio - 1.0) * m.gap / thermal).exp() * ratio.powf(m.saturation_exponent);
        let saturation = saturation * size;
        let multiplier = c.multiplier();
        Jfet {
            polarity,
            beta: m.transconductance * gain * size,
            threshold,
            modulation: m.modulation,
            tail: m.tail,
            cubic: (1.0 - m.tail) / (m.potential - m.threshold),
            saturation,
            scale: m.emission * thermal,
            critical: critical_voltage(m.emission * thermal, saturation),
            source,
            drain,
            multiplier,
            temperature,
            flicker: m.flicker * multiplier.powf(1.0 - m.flicker_exponent),
            flicker_exponent: m.flicker_exponent,
            noise_factor: (m.noise_level == 3.0).then_some(m.noise_factor),
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
        let beta = (vds * self.modulation + 1.0) * self.beta;
        if over.value() < vds.value() {
            beta * over * over * (over * self.cubic + self.tail)
        } else {
            let part = (over - vds) * (3.0 * self.cubic) + 2.0 * self.tail;
            beta * vds * (vds * (vds * self.cubic - self.tail) + over * part)
        }
    }

    /// Current from drain to source without the gate's junctions.
    #[inline(always)]
    fn drain_current<S: Scalar>(&self, vgs: S, vds: S) -> S {
        if vds.value() >= 0.0 { self.channel(vgs, vds) } else { -self.channel(vgs - vds, -vds) }
    }

    #[inline(always)]
    fn gate_current<S: Scalar>(&self, v: S, gmin: f64) -> S {
        exponential(v, self.saturation, self.scale) + v * (gmin * self.multiplier)
    }

    /// vgs and vds as of an n-channel.
    fn voltages<S: Scalar>(&self, &[d, g, s]: &[S; 3]) -> [S; 2] {
        [(g - s) * self.polarity, (d - s) * self.polarity]
    }

    /// Conductance of the channel's thermal noise.
    fn noise_conductance(&self, vgs: f64, vds: f64) -> f64 {
        let Some(factor) = self.noise_factor else {
            let current = self.drain_current(Dual::<1>::variable(vgs, 0), Dual::from(vds));
            return 2.0 / 3.0 * current.gradient[0];
        };
        let over = if vds >= 0.0 { vgs } else { vgs - vds } - self.threshold;
        if over <= 0.0 {
            return 0.0;
        }
        let alpha = (1.0 - vds.abs() / over).max(0.0);
        2.0 / 3.0 * self.beta * over * (1.0 + alpha + alpha * alpha) / (1.0 + alpha) * factor
    }
}

impl Device<3> for Jfet {
    const LIMITED: bool = true;
    const BENDS_OVER: Option<f64> = Some(0.02);
    const NOISY: bool = true;
    const LEADS: &'static [Lead] = &[("id", &[0]), ("ig", &[1]), ("is", &[2])];
    const QUANTITIES: &'static [QuantityInfo] = &[
        QuantityInfo::new("vgs", "V", "Gate-source voltage, as of an n-channel"),
        QuantityInfo::new("vgd", "V", "Gate-drain voltage, as of an n-channel"),
        QuantityInfo::new("ig", "A", "Gate current, as of an n-channel"),
        QuantityInfo::new("id", "A", "Drain current, as of an n-channel"),
        QuantityInfo::new("is", "A", "Source current, as of an n-channel"),
        QuantityInfo::new("igd", "A", "Gate-drain current, as of an n-channel"),
        QuantityInfo::new("gm", "S", "Transconductance"),
        QuantityInfo::new("gds", "S", "Drain-source conductance"),
        QuantityInfo::new("ggs", "S", "Gate-source conductance"),
        QuantityInfo::new("ggd", "S", "Gate-drain conductance"),
        QuantityInfo::new("qgs", "C", "Gate-source charge"),
        QuantityInfo::new("qgd", "C", "Gate-drain charge"),
        QuantityInfo::new("p", "W", "Power"),
    ];

    #[inline]
    fn equations<S: Scalar>(&self, x: &[S; 3], environment: &Environment) -> Contribution<S, 3> {
        let p = self.polarity;
        let [vgs, vds] = self.voltages(x);
        let vgd = vgs - vds;
        let channel = self.drain_current(vgs, vds);
        let (gs, gd) = (self.gate_current(vgs, environment.gmin), self.gate_current(vgd, environment.gmin));
        let (source, drain) = (self.source.charge(vgs), self.drain.charge(vgd));
        let f = [channel - gd, gs + gd, -(channel + gs)];
        let q = [-drain, source + drain, -source];
        Contribution { f: f.map(|value| value * p), q: q.map(|value| value * p) }
    }

    fn limit(&self, x: &[f64; 3], previous: &[f64; 3], _environment: &Environment) -> [f64; 3] {
        let limits = GateJunction { scale: self.scale, critical: self.critical, threshold: self.threshold };
        limits.limit(x, self.polarity, self.voltages(x), self.voltages(previous))
    }

    fn is_off(&self) -> bool {
        self.off
    }

    fn start(&self) -> [f64; 3] {
        [0.0, -self.polarity, 0.0]
    }

    fn stores(&self) -> [bool; 3] {
        let (drain, source) = (self.drain.capacitance > 0.0, self.source.capacitance > 0.0);
        [drain, drain || source, source]
    }

    fn initial(&self, x: &mut [f64; 3]) {
        if let Some([vds, vgs]) = self.initial {
            (x[0], x[1]) = (x[2] + vds, x[2] + vgs);
        }
    }

    fn has_initial(&self) -> bool {
        self.initial.is_some()
    }

    fn noise(&self, x: &[f64; 3], _environment: &Environment, visit: &mut dyn FnMut(NoiseSource)) {
        let [vgs, vds] = self.voltages(x);
        visit(NoiseSource::thermal("id", [0, 2], self.noise_conductance(vgs, vds), self.temperature));
        let current = self.drain_current(vgs, vds);
        visit(NoiseSource::flicker([0, 2], flicker_of_current(self.flicker, current, self.flicker_exponent)));
    }

    fn quantity(&self, index: usize, x: &[f64; 3], environment: &Environment) -> f64 {
        let [vgs, vds] = self.voltages(x);
        let [g, d]: [Dual<2>; 2] = Dual::variables(&[vgs, vds]);
        let channel = self.drain_current(g, d);
        let gs = self.gate_current(Dual::<1>::variable(vgs, 0), environment.gmin);
        let gd = self.gate_current(Dual::<1>::variable(vgs - vds, 0), environment.gmin);
        let (id, ig) = (channel.value - gd.value, gs.value + gd.value);
        [
            vgs,
            vgs - vds,
            ig,
            id,
            -(id + ig),
            gd.value,
            channel.gradient[0],
            channel.gradient[1],
            gs.gradient[0],
            gd.gradient[0],
            self.source.charge(vgs),
            self.drain.charge(vgs - vds),
            (id * vds).abs() + (ig * vgs).abs(),
        ][index]
    }
}

//! Cards of the bipolar transistor, and what follows from them at its temperature.
//!
//! Source: ngspice-39 manual, chapter 8; Antognetti and Massobrio, chapter 2, for the temperature.

use super::Bipolar;
use super::delayed::Delayed;
use crate::circuit::Model;
use crate::devices::adjustable::{self, Adjustable, ElementNumber, Principal, TEMPERATURE, number};
use crate::devices::assembly::{GROUND_UNKNOWN, Unknown, UnknownKind};
use crate::devices::constants::thermal_voltage;
use crate::devices::construct::Construction;
use crate::devices::junction::{Depletion, critical_voltage, kelvin, saturation_or_none};
use crate::devices::page::{ModelTable, Page};
use crate::devices::parameters::{NamedParameter, Unknowns};
use crate::devices::series_resistance::{SeriesResistance, behind, silence};
use crate::diagnostic::Diagnostic;
use crate::head_of_file;
use crate::netlist::dialect::Dialect;
use crate::parameters;
use crate::reference::Status;

parameters! {
    /// NPN and PNP model cards.
    pub struct BipolarModel {
        #[allow(dead_code)]
        level: ["level"], "", 1.0, "Model level";
        saturation: ["is"], "A", 1e-16, "Transport saturation current";
        forward_gain: ["bf"], "", 100.0, "Ideal forward gain";
        forward_emission: ["nf"], "", 1.0, "Forward emission coefficient";
        forward_early: ["vaf", "va"], "V", f64::INFINITY, "Forward Early voltage";
        forward_knee: ["ikf", "ik"], "A", f64::INFINITY, "Corner of the forward gain at high currents";
        emitter_leak: ["ise", "c2"], "A", 0.0, "Base-emitter leakage saturation current";
        emitter_leak_emission: ["ne"], "", 1.5, "Base-emitter leakage emission coefficient";
        reverse_gain: ["br"], "", 1.0, "Ideal reverse gain";
        reverse_emission: ["nr"], "", 1.0, "Reverse emission coefficient";
        reverse_early: ["var", "vb"], "V", f64::INFINITY, "Reverse Early voltage";
        reverse_knee: ["ikr"], "A", f64::INFINITY, "Corner of the reverse gain at high currents";
        collector_leak: ["isc", "c4"], "A", 0.0, "Base-collector leakage saturation current";
        collector_leak_emission: ["nc"], "", 2.0, "Base-collector leakage emission coefficient";
        base_resistance: ["rb"], "Ω", 0.0, "Base resistance without bias";
        base_current: ["irb"], "A", 0.0, "Base current at which the base resistance is halfway to rbm";
        base_least: ["rbm"], "Ω", f64::NAN, "Least base resistance (default: rb)";
        emitter_resistance: ["re"], "Ω", 0.0, "Emitter resistance";
        collector_resistance: ["rc"], "Ω", 0.0, "Collector resistance";
        emitter_capacitance: ["cje"], "F", 0.0, "Zero-bias base-emitter capacitance";
        emitter_potential: ["vje", "pe"], "V", 0.75, "Base-emitter potential";
        emitter_grading: ["mje", "me"], "", 0.33, "Base-emitter grading coefficient";
        transit: ["tf"], "s", 0.0, "Forward transit time";
        transit_bias: ["xtf"], "", 0.0, "Bias dependence of tf";
        transit_voltage: ["vtf"], "V", f64::INFINITY, "Dependence of tf on vbc";
        transit_current: ["itf"], "A", 0.0, "Dependence of tf on ic";
        excess_phase: ["ptf"], "°", 0.0, "Excess phase at 1/(2π·tf)";
        collector_capacitance: ["cjc"], "F", 0.0, "Zero-bias base-collector capacitance";
        collector_potential: ["vjc", "pc"], "V", 0.75, "Base-collector potential";
        collector_grading: ["mjc", "mc"], "", 0.33, "Base-collector grading coefficient";
        inner_part: ["xcjc"], "", 1.0, "Part of cjc at the inner base";
        reverse_transit: ["tr"], "s", 0.0, "Reverse transit time";
        substrate_capacitance: ["cjs", "csub", "ccs"], "F", 0.0, "Zero-bias substrate capacitance";
        substrate_potential: ["vjs", "ps"], "V", 0.75, "Substrate junction potential";
        substrate_grading: ["mjs", "ms"], "", 0.0, "Substrate junction grading coefficient";
        substrate_saturation: ["iss"], "A", 0.0, "Substrate saturation current";
        substrate_emission: ["ns"], "", 1.0, "Substrate emission coefficient";
        substrate: ["subs"], "", f64::NAN, "Substrate junction: 1 to the collector (vertical), −1 to the base (lateral); the default of ngspice's pnp is −1, of all others 1";
        gain_exponent: ["xtb"], "", 0.0, "Temperature exponent of the gains";
        gap: ["eg"], "eV", 1.11, "Energy gap";
        saturation_exponent: ["xti"], "", 3.0, "Temperature exponent of is";
        flicker: ["kf"], "", 0.0, "Flicker noise coefficient";
        flicker_exponent: ["af"], "", 1.0, "Flicker noise exponent";
        forward_bias: ["fc"], "", 0.5, "Where depletion charge becomes quadratic, as part of the potential";
        knee_exponent: ["nkf", "nk"], "", 0.5, "Exponent of the high-injection gain, at most 1";
        tnom: ["tnom", "tref"], "°C", f64::NAN, "Temperature of the parameters";
        temperature_level: ["tlev"], "", 0.0, "Temperature equations of the currents: 0, 1 or 3";
        temperature_level_charge: ["tlevc"], "", 0.0, "Temperature equations of the capacitances";
        tbf1: ["tbf1"], "1/K", 0.0, "bf, first order";
        tbf2: ["tbf2"], "1/K²", 0.0, "bf, second order";
        tbr1: ["tbr1"], "1/K", 0.0, "br, first order";
        tbr2: ["tbr2"], "1/K²", 0.0, "br, second order";
        tikf1: ["tikf1"], "1/K", 0.0, "ikf, first order";
        tikf2: ["tikf2"], "1/K²", 0.0, "ikf, second order";
        tikr1: ["tikr1"], "1/K", 0.0, "ikr, first order";
        tikr2: ["tikr2"], "1/K²", 0.0, "ikr, second order";
        tirb1: ["tirb1"], "1/K", 0.0, "irb, first order";
        tirb2: ["tirb2"], "1/K²", 0.0, "irb, second order";
        tnc1: ["tnc1"], "1/K", 0.0, "nc, first order";
        tnc2: ["tnc2"], "1/K²", 0.0, "nc, second order";
        tne1: ["tne1"], "1/K", 0.0, "ne, first order";
        tne2: ["tne2"], "1/K²", 0.0, "ne, second order";
        tnf1: ["tnf1"], "1/K", 0.0, "nf, first order";
        tnf2: ["tnf2"], "1/K²", 0.0, "nf, second order";
        tnr1: ["tnr1"], "1/K", 0.0, "nr, first order";
        tnr2: ["tnr2"], "1/K²", 0.0, "nr, second order";
        trb1: ["trb1", "trb"], "1/K", 0.0, "rb, first order";
        trb2: ["trb2"], "1/K²", 0.0, "rb, second order";
        trc1: ["trc1", "trc"], "1/K", 0.0, "rc, first order";
        trc2: ["trc2"], "1/K²", 0.0, "rc, second order";
        tre1: ["tre1", "tre"], "1/K", 0.0, "re, first order";
        tre2: ["tre2"], "1/K²", 0.0, "re, second order";
        trm1: ["trm1", "trm"], "1/K", 0.0, "rbm, first order";
        trm2: ["trm2"], "1/K²", 0.0, "rbm, second order";
        tvaf1: ["tvaf1"], "1/K", 0.0, "vaf, first order";
        tvaf2: ["tvaf2"], "1/K²", 0.0, "vaf, second order";
        tvar1: ["tvar1"], "1/K", 0.0, "var, first order";
        tvar2: ["tvar2"], "1/K²", 0.0, "var, second order";
        cte: ["cte"], "1/K", 0.0, "cje (tlevc=1)";
        ctc: ["ctc"], "1/K", 0.0, "cjc (tlevc=1)";
        cts: ["cts"], "1/K", 0.0, "cjs (tlevc=1)";
        tvje: ["tvje"], "V/K", 0.0, "vje (tlevc=1)";
        tvjc: ["tvjc"], "V/K", 0.0, "vjc (tlevc=1)";
        tvjs: ["tvjs"], "V/K", 0.0, "vjs (tlevc=1)";
        titf1: ["titf1"], "1/K", 0.0, "itf, first order";
        titf2: ["titf2"], "1/K²", 0.0, "itf, second order";
        ttf1: ["ttf1"], "1/K", 0.0, "tf, first order";
        ttf2: ["ttf2"], "1/K²", 0.0, "tf, second order";
        ttr1: ["ttr1"], "1/K", 0.0, "tr, first order";
        ttr2: ["ttr2"], "1/K²", 0.0, "tr, second order";
        tmje1: ["tmje1"], "1/K", 0.0, "mje, first order";
        tmje2: ["tmje2"], "1/K²", 0.0, "mje, second order";
        tmjc1: ["tmjc1"], "1/K", 0.0, "mjc, first order";
        tmjc2: ["tmjc2"], "1/K²", 0.0, "mjc, second order";
        tmjs1: ["tmjs1"], "1/K", 0.0, "mjs, first order";
        tmjs2: ["tmjs2"], "1/K²", 0.0, "mjs, second order";
        tns1: ["tns1"], "1/K", 0.0, "ns, first order";
        tns2: ["tns2"], "1/K²", 0.0, "ns, second order";
        tis1: ["tis1"], "1/K", 0.0, "is, first order";
        tis2: ["tis2"], "1/K²", 0.0, "is, second order";
        tise1: ["tise1"], "1/K", 0.0, "ise, first order";
        tise2: ["tise2"], "1/K²", 0.0, "ise, second order";
        tisc1: ["tisc1"], "1/K", 0.0, "isc, first order";
        tisc2: ["tisc2"], "1/K²", 0.0, "isc, second order";
        tiss1: ["tiss1"], "1/K", 0.0, "iss, first order";
        tiss2: ["tiss2"], "1/K²", 0.0, "iss, second order";
        #[expect(dead_code)]
        maximum_vbe: ["vbe_max"], "V", f64::INFINITY, "Largest vbe";
        #[expect(dead_code)]
        maximum_vbc: ["vbc_max"], "V", f64::INFINITY, "Largest vbc";
        #[expect(dead_code)]
        maximum_vce: ["vce_max"], "V", f64::INFINITY, "Largest vce";
        #[expect(dead_code)]
        maximum_power: ["pd_max"], "W", f64::INFINITY, "Largest power";
        #[expect(dead_code)]
        maximum_collector: ["ic_max"], "A", f64::INFINITY, "Largest ic";
        #[expect(dead_code)]
        maximum_base: ["ib_max"], "A", f64::INFINITY, "Largest ib";
    }
}

/// What base and collector have without an area of their own.
const fn as_emitter(name: &'static str) -> ElementNumber {
    ElementNumber { name, default: adjustable::Default::Area, dynamic: false }
}

/// Numbers of Q cards.
pub const NUMBERS: Adjustable = Adjustable {
    principal: Principal::None,
    element: &[number("area", 1.0), as_emitter("areab"), as_emitter("areac"), number("m", 1.0), TEMPERATURE],
    model: BipolarModel::TABLE,
};

/// Parameters of a Q card.
const CARD: &[NamedParameter] = &[
    NamedParameter::new(
        &["area"],
        "",
        "1",
        "Area of the emitter: factor on currents, conductances and capacitances; or the first value",
    ),
    NamedParameter::new(&["areab"], "", "area", "Area of the base"),
    NamedParameter::new(&["areac"], "", "area", "Area of the collector"),
    NamedParameter::new(&["ic"], "V, V", "", "vbe and vce at the start of `.tran … uic`"),
    NamedParameter::new(&["off"], "", "", "The operating point is first sought with the transistor off"),
];

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[head_of_file!("mod.rs")],
    element: CARD,
    models: &[ModelTable::numbers("npn, pnp", BipolarModel::TABLE)],
    quantities: super::QUANTITIES,
    noise: &[
        ("rc", "4kT/rc"),
        ("rb", "4kT/rb, at the bias"),
        ("re", "4kT/re"),
        ("ic", "2q·|ic|"),
        ("ib", "2q·|ib|"),
        ("1overf", "kf·|ib|^af/f"),
    ],
    status: Status::Differs(
        "the reverse current has the same area as the forward one, so saturated transistors of other areas than 1 differ",
    ),
    ngspice: &["BJT"],
    otherwise: &["icvbe", "icvce"],
    ..Page::new(
        "bipolar",
        "Bipolar transistor",
        "Q1 collector base emitter [substrate] MODEL [area] [off] [ic=vbe,vce] [parameter=…]",
    )
};

/// Areas of emitter, base and collector.
struct Areas {
    emitter: f64,
    base: f64,
    collector: f64,
}

/// What a card makes: the transistor, its excess phase as a delay in s, and the conductances of collector and emitter in S.
#[derive(Clone)]
struct Made {
    transistor: Bipolar,
    delay: f64,
    collector: f64,
    emitter: f64,
}

pub fn construct(mut c: Construction) {
    let Some(card) = c.model() else { return };
    let [vbic, hicum] = if c.circuit.dialect == Dialect::Xyce { [10.0, 234.0] } else { [4.0, 8.0] };
    // Those of other devices do not come here; they are named where none is found.
    let levels = [(1.0, "Gummel and Poon"), (vbic, "VBIC"), (hicum, "HICUM/L2")];
    if !c.check_level(card, "bipolar transistor", &levels) {
        return;
    }
    c.check_parameters(CARD, Unknowns::Warn);
    let Some(Made { transistor, delay, collector, emitter }) = c.make_alike(|c| make(c, card)) else { return };
    let temperature = transistor.temperature;
    let nodes: [Unknown; 3] = c.terminals();
    let substrate = if c.element.nodes.len() > 3 { c.terminal(3) } else { GROUND_UNKNOWN };
    let mut series = |terminal, node, name, conductance: f64| {
        behind(&mut c, terminal, node, SeriesResistance { conductance, name, temperature })
    };
    let collector = series(nodes[0], "collector", "rc", collector);
    let emitter = series(nodes[2], "emitter", "re", emitter);
    let inner = if transistor.has_base_resistance() {
        c.assembly.internal_node(c.id, "base")
    } else {
        silence(&mut c, "rb");
        nodes[1]
    };
    let unknowns = [collector, inner, emitter, nodes[1], substrate];
    if delay > 0.0 {
        let [a, b, c_, d, e] = unknowns;
        let [now, late, slope] =
            ["forward", "late", "slope"].map(|name| c.assembly.auxiliary(c.id, name, UnknownKind::Current));
        return c.assembly.add(c.id, Delayed { transistor, delay }, [a, b, c_, d, e, now, late, slope]);
    }
    c.assembly.add(c.id, transistor, unknowns);
}

fn make(c: &mut Construction, card: &Model) -> Option<Made> {
    let mut model = BipolarModel::of(card, c.diagnostics);
    model.saturation = saturation_or_none(model.saturation);
    if model.substrate.is_nan() {
        let lateral = &*card.kind == "lpnp" || &*card.kind == "pnp" && c.circuit.dialect == Dialect::Ngspice;
        model.substrate = if lateral { -1.0 } else { 1.0 };
    }
    let areas = check(c, card, &model)?;
    let delta = c.temperature() - if model.tnom.is_nan() { c.circuit.options.tnom } else { model.tnom };
    let polarity = if matches!(&*card.kind, "pnp" | "lpnp") { -1.0 } else { 1.0 };
    let mut transistor = transistor(c, &model, &areas, polarity, delta);
    let size = areas.emitter * c.multiplier();
    let conductance = |resistance: f64, first: f64, second: f64| {
        SeriesResistance::new("", resistance * quadratic(delta, first, second), size, transistor.temperature)
            .conductance
    };
    let collector = conductance(model.collector_resistance, model.trc1, model.trc2);
    let emitter = conductance(model.emitter_resistance, model.tre1, model.tre2);
    transistor.series = [collector, emitter].map(f64::recip);
    let delay = model.excess_phase.to_radians() * transistor.transit;
    Some(Made { transistor, delay, collector, emitter })
}

fn check(c: &mut Construction, card: &Model, m: &BipolarModel) -> Option<Areas> {
    let before = c.diagnostics.len();
    let positive = [
        ("is", m.saturation),
        ("bf", m.forward_gain),
        ("br", m.reverse_gain),
        ("nf", m.forward_emission),
        ("nr", m.reverse_emission),
        ("vje", m.emitter_potential),
        ("vjc", m.collector_potential),
        ("vjs", m.substrate_potential),
    ];
    c.check_positive(card, &positive);
    let emitter = c.parameter("area").or_else(|| c.number(0)).unwrap_or(1.0);
    let areas = Areas {
        emitter,
        base: c.parameter("areab").unwrap_or(emitter),
        collector: c.parameter("areac").unwrap_or(emitter),
    };
    for (name, area) in [("area", areas.emitter), ("areab", areas.base), ("areac", areas.collector)] {
        if area.is_nan() || area <= 0.0 {
            let span = c.element.parameter(name).map_or(c.element.span, |parameter| parameter.span);
            c.error(Diagnostic::error(format!("`{name}` of `{}` must be positive", c.element.name)).at(span));
        }
    }
    (c.diagnostics.len() == before).then_some(areas)
}

/// 1 + first·ΔT + second·ΔT²
fn quadratic(delta: f64, first: f64, second: f64) -> f64 {
    1.0 + first * delta + second * delta * delta
}

fn transistor(c: &Construction, m: &BipolarModel, areas: &Areas, polarity: f64, delta: f64) -> Bipolar {
    let (temperature, multiplier) = (kelvin(c.temperature()), c.multiplier());
    let nominal = temperature - delta;
    let thermal = thermal_voltage(temperature);
    let of = |first: f64, second: f64| quadratic(delta, first, second);
    let level = m.temperature_level;
    let growth = m.gap / thermal * delta / nominal + m.saturation_exponent * (temperature / nominal).ln();
    let growth = if level == 3.0 { 0.0 } else { growth };
    let gain = match level {
        1.0 => 1.0 + m.gain_exponent * delta,
        3.0 => 1.0,
        _ => (temperature / nominal).powf(m.gain_exponent),
    };
    // A gain's own coefficients take the place of xtb.
    let gain_or = |first: f64, second: f64| if (first, second) == (0.0, 0.0) { gain } else { of(first, second) };
    // A saturation current with its coefficients of first and second order, which count with `tlev=3` only.
    let warmed = |current: f64, first, second| if level == 3.0 { current.powf(of(first, second)) } else { current };
    let area = areas.emitter * multiplier;
    // Of base and collector junction, which lie the other way round in lateral transistors.
    let lateral = m.substrate < 0.0;
    let (inner, outer) = if lateral { (areas.collector, areas.base) } else { (areas.base, areas.collector) };
    let (inner, outer) = (inner * multiplier, outer * multiplier);
    let depletions = depletions(m, temperature, nominal, [area, inner, outer]);
    // The growth of a leakage is that of its emission coefficient at the nominal temperature.
    let leak = |saturation: f64, emission: f64, warm: f64, size: f64| {
        (saturation * (growth / emission).exp() / gain * size, emission * warm * thermal)
    };
    let saturation = warmed(m.saturation, m.tis1, m.tis2) * growth.exp() * area;
    let substrate_saturation = warmed(m.substrate_saturation, m.tiss1, m.tiss2) * growth.exp() * area;
    let least = if m.base_least.is_nan() || m.base_least == 0.0 { m.base_resistance } else { m.base_least };
    let least = least * of(m.trm1, m.trm2) / area;
    let base = m.base_resistance * of(m.trb1, m.trb2) / area;
    Bipolar {
        polarity,
        series: [0.0; 2],
        saturation,
        forward_scale: m.forward_emission * of(m.tnf1, m.tnf2) * thermal,
        reverse_scale: m.reverse_emission * of(m.tnr1, m.tnr2) * thermal,
        forward_gain: m.forward_gain * gain_or(m.tbf1, m.tbf2),
        reverse_gain: m.reverse_gain * gain_or(m.tbr1, m.tbr2),
        inverse_forward_early: inverse(m.forward_early) / of(m.tvaf1, m.tvaf2),
        inverse_reverse_early: inverse(m.reverse_early) / of(m.tvar1, m.tvar2),
        inverse_forward_knee: inverse(m.forward_knee) / of(m.tikf1, m.tikf2) / area,
        inverse_reverse_knee: inverse(m.reverse_knee) / of(m.tikr1, m.tikr2) / area,
        knee_exponent: m.knee_exponent.min(1.0),
        emitter_leak: leak(warmed(m.emitter_leak, m.tise1, m.tise2), m.emitter_leak_emission, of(m.tne1, m.tne2), area),
        collector_leak: leak(
            warmed(m.collector_leak, m.tisc1, m.tisc2),
            m.collector_leak_emission,
            of(m.tnc1, m.tnc2),
            inner,
        ),
        base_least: if base == 0.0 { 0.0 } else { least },
        base_variable: if base == 0.0 { 0.0 } else { base - least },
        base_current: m.base_current * of(m.tirb1, m.tirb2) * area,
        transit: m.transit * of(m.ttf1, m.ttf2),
        transit_bias: m.transit_bias,
        transit_voltage: inverse(m.transit_voltage) / 1.44,
        transit_current: m.transit_current * of(m.titf1, m.titf2) * area,
        reverse_transit: m.reverse_transit * of(m.ttr1, m.ttr2),
        emitter: depletions[0],
        collector: part(depletions[1], m.inner_part),
        outer: part(depletions[1], 1.0 - m.inner_part),
        substrate: depletions[2],
        substrate_leak: (substrate_saturation, m.substrate_emission * of(m.tns1, m.tns2) * thermal),
        lateral,
        thermal,
        critical: critical_voltage(thermal, saturation / multiplier),
        substrate_critical: if substrate_saturation > 0.0 {
            critical_voltage(thermal, substrate_saturation)
        } else {
            f64::INFINITY
        },
        multiplier,
        temperature,
        flicker: m.flicker,
        flicker_exponent: m.flicker_exponent,
        off: c.word("off"),
        initial: c.list("ic"),
    }
}

/// 1/value; 0 and infinity both mean that there is no such effect.
fn inverse(value: f64) -> f64 {
    if value == 0.0 { 0.0 } else { 1.0 / value }
}

fn part(of: Depletion, part: f64) -> Depletion {
    of.with(of.capacitance * part, of.potential)
}

/// Depletion charges of emitter, collector and substrate junction of these sizes.
fn depletions(m: &BipolarModel, temperature: f64, nominal: f64, sizes: [f64; 3]) -> [Depletion; 3] {
    let delta = temperature - nominal;
    let tangent = m.forward_bias.min(0.9999);
    let gradings = [
        m.emitter_grading * quadratic(delta, m.tmje1, m.tmje2),
        m.collector_grading * quadratic(delta, m.tmjc1, m.tmjc2),
        m.substrate_grading * quadratic(delta, m.tmjs1, m.tmjs2),
    ];
    let capacitances = [m.emitter_capacitance, m.collector_capacitance, m.substrate_capacitance];
    let potentials = [m.emitter_potential, m.collector_potential, m.substrate_potential];
    let (of_capacitance, of_potential) = ([m.cte, m.ctc, m.cts], [m.tvje, m.tvjc, m.tvjs]);
    std::array::from_fn(|k| {
        let tangent_at = if k == 2 { 0.0 } else { tangent };
        let given = Depletion::new(capacitances[k] * sizes[k], potentials[k], gradings[k], tangent_at);
        if m.temperature_level_charge == 1.0 {
            let capacitance = given.capacitance * (1.0 + of_capacitance[k] * delta);
            given.with(capacitance, given.potential - of_potential[k] * delta)
        } else {
            given.at_temperature(temperature, nominal)
        }
    })
}

//! M with a model of kind VDMOS: the vertical power MOSFET, as LTspice and ngspice have it.
//!
//! ```text
//! vgst = ks·ln(1 + e^((vgs − vth − subshift)/ks)),  vd = mtriode·vds
//! β    = kp·(1 + λ·vds)/(1 + θ·vgs)
//! vgst ≤ vd:   id = β/2·vgst²
//! else:        id = β·vd·(vgst − vd/2)
//! vgd ≥ 0:     Cgd = s·tanh(a·vgd) + cgdmax − s,  s = (cgdmax − cgdmin)/(1 + π/2)
//! vgd < 0:     Cgd = s·atan(a·vgd) + cgdmax − s
//! Cgs = cgs
//! ```
//! For vds < 0 drain and source change places in vgst and vd, and β stays as it is. Between the outer source and the outer drain there
//! are the body diode, with RB and the equations of D, and RDS. RD and RS are resistors to inner nodes, RG one at the gate. With rq
//! and vq (and rd) the drain resistance grows with the outer voltage, RD + rq·vds/(vds + |vq|) for vds > 0 (quasi-saturation).
//! Its slope counts in small signals too, where ngspice leaves it out.
//! There is no bulk: a fourth and fifth node are left alone. Self-heating is not there. In ngspice 39 it counts the surroundings' temperature
//! twice: the node of the junction is at 27 °C and the heat's, and the transistor 27 K warmer than that.
//!
//! Temperature, Δ = T − tnom, r = T/tnom: vth = vto − tcvth·Δ, kp·r^mu, rq·r^texp1, rd·r^texp0 if texp0 is given; ks and the
//! resistances otherwise by 1 + c1·Δ + c2·Δ². Vto of a p-channel transistor has its own sign: −3 is an enhancement type.
//!
//! The capacitances are derivatives of charges of one voltage each, so charge is conserved: ∫Cgd is s/a·ln cosh(a·vgd) above 0 and
//! s·(vgd·atan(a·vgd) − ln(1 + (a·vgd)²)/(2a)) below. ngspice does not multiply Cgs by m.
//!
//! Noise: thermal 4kT·⅔·gm and of the resistances; kf·|id|^af/(f·cox²) with cox of 0.1 µm of oxide, as in ngspice.
//!
//! Sources: ngspice-39 manual, section 11.3 (power MOSFET model); LTspice's help on M.

use std::f64::consts::{FRAC_PI_2, LN_2};

use super::adjustable::{Adjustable, Principal, TEMPERATURE, number};
use super::assembly::{GROUND_UNKNOWN, Unknown};
use super::construct::Construction;
use super::device::{Contribution, Device, Environment, Lead, QuantityInfo};
use super::diode::{Diode, DiodeModel};
use super::field_effect::limit_channel;
use super::junction::{kelvin, saturation_or_none};
use super::noise::{NoiseSource, flicker_of_current};
use super::page::{ModelTable, Page};
use super::parameters::{NamedParameter, Unknowns};
use super::series_resistance::{SeriesResistance, behind};
use crate::circuit::Model;
use crate::circuit::element::{Parameter, Value};
use crate::diagnostic::Diagnostic;
use crate::head_of_file;
use crate::numerics::dual::Dual;
use crate::numerics::scalar::Scalar;
use crate::parameters;
use crate::reference::Status;

parameters! {
    /// VDMOS model cards.
    pub struct VdmosModel {
        #[allow(dead_code, reason = "the default")]
        n_channel: ["nchan", "vdmosn"], "", 0.0, "The transistor is an n-channel one, as without it";
        p_channel: ["pchan", "vdmosp"], "", 0.0, "The transistor is a p-channel one";
        threshold: ["vto", "vth0", "vt0"], "V", 0.0, "Threshold voltage";
        transconductance: ["kp"], "A/V²", 1.0, "Transconductance parameter";
        #[expect(dead_code)]
        surface_potential: ["phi"], "V", 0.6, "Surface potential";
        modulation: ["lambda"], "1/V", 0.0, "Channel-length modulation";
        mobility: ["theta"], "1/V", 0.0, "Effect of the gate on mobility";
        triode: ["mtriode"], "", 1.0, "Factor on vds, for the triode region";
        slope: ["ksubthres"], "V", 0.1, "Slope of weak inversion: vgs for a factor of e of vgst";
        shift: ["subshift"], "V", 0.0, "Shift of weak inversion along vgs";
        drain_resistance: ["rd"], "Ω", 0.0, "Drain resistance";
        source_resistance: ["rs"], "Ω", 0.0, "Source resistance";
        gate_resistance: ["rg"], "Ω", 0.0, "Gate resistance";
        shunt: ["rds"], "Ω", f64::INFINITY, "Drain-source shunt resistance";
        quasi_resistance: ["rq"], "Ω", 0.0, "Largest resistance of quasi-saturation";
        quasi_voltage: ["vq"], "V", 0.0, "Drain-source voltage at which half of it is there";
        source_capacitance: ["cgs"], "F", 0.0, "Gate-source capacitance";
        least_capacitance: ["cgdmin"], "F", 0.0, "Least gate-drain capacitance";
        most_capacitance: ["cgdmax"], "F", 0.0, "Largest gate-drain capacitance";
        steepness: ["a"], "1/V", 1.0, "How fast the gate-drain capacitance changes";
        saturation: ["is"], "A", 1e-14, "Body diode saturation current";
        emission: ["n"], "", 1.0, "Body diode emission coefficient";
        body_resistance: ["rb"], "Ω", 0.0, "Body diode series resistance";
        transit: ["tt"], "s", 0.0, "Body diode transit time";
        capacitance: ["cjo"], "F", 0.0, "Body diode zero-bias capacitance";
        potential: ["vj"], "V", 0.8, "Body diode junction potential";
        grading: ["m"], "", 0.5, "Body diode grading coefficient";
        forward_bias: ["fc"], "", 0.5, "Where the body diode's depletion charge becomes quadratic, as part of vj";
        breakdown: ["bv"], "V", f64::INFINITY, "Breakdown voltage";
        breakdown_current: ["ibv"], "A", 1e-10, "Current at the breakdown voltage";
        breakdown_emission: ["nbv"], "", 1.0, "Emission coefficient of the breakdown";
        gap: ["eg"], "eV", 1.11, "Activation energy of the body diode";
        saturation_exponent: ["xti"], "", 3.0, "Temperature exponent of is";
        tnom: ["tnom"], "°C", f64::NAN, "Temperature of the parameters";
        threshold_tc: ["tcvth", "vtotc"], "V/K", 0.0, "Temperature coefficient of vto, downwards";
        gain_exponent: ["mu", "bex"], "", -1.5, "Temperature exponent of kp";
        drain_exponent: ["texp0"], "", 1.5, "Temperature exponent of rd, if given";
        quasi_exponent: ["texp1"], "", 0.3, "Temperature exponent of rq";
        drain_tc1: ["trd1"], "1/K", 0.0, "First-order temperature coefficient of rd";
        drain_tc2: ["trd2"], "1/K²", 0.0, "Second-order temperature coefficient of rd";
        gate_tc1: ["trg1"], "1/K", 0.0, "First-order temperature coefficient of rg";
        gate_tc2: ["trg2"], "1/K²", 0.0, "Second-order temperature coefficient of rg";
        source_tc1: ["trs1"], "1/K", 0.0, "First-order temperature coefficient of rs";
        source_tc2: ["trs2"], "1/K²", 0.0, "Second-order temperature coefficient of rs";
        body_tc1: ["trb1"], "1/K", 0.0, "First-order temperature coefficient of rb";
        body_tc2: ["trb2"], "1/K²", 0.0, "Second-order temperature coefficient of rb";
        slope_tc1: ["tksubthres1"], "1/K", 0.0, "First-order temperature coefficient of ksubthres";
        slope_tc2: ["tksubthres2"], "1/K²", 0.0, "Second-order temperature coefficient of ksubthres";
        flicker: ["kf"], "", 0.0, "Flicker noise coefficient";
        flicker_exponent: ["af"], "", 1.0, "Flicker noise exponent";
    }
}

/// Parameters of the model's card that are without effect: limits, self-heating, and what the maker says of the transistor.
const INFORMATION: &[NamedParameter] = &[
    NamedParameter::ignored(&["mfg"], "Manufacturer (LTspice)"),
    NamedParameter::ignored(&["vds"], "Rated voltage (LTspice)"),
    NamedParameter::ignored(&["ron"], "Resistance when on (LTspice)"),
    NamedParameter::ignored(&["qg"], "Gate charge when on (LTspice)"),
    NamedParameter::ignored(&["rthjc"], "Thermal resistance of junction and case"),
    NamedParameter::ignored(&["rthca"], "Thermal resistance of case and surroundings"),
    NamedParameter::ignored(&["rth_ext"], "Thermal resistance of a heat sink"),
    NamedParameter::ignored(&["cthj"], "Thermal capacitance"),
    NamedParameter::ignored(&["derating"], "Derating of the largest power"),
    NamedParameter::ignored(&["vgs_max", "vgsr_max"], "Largest gate-source voltage"),
    NamedParameter::ignored(&["vgd_max", "vgdr_max"], "Largest gate-drain voltage"),
    NamedParameter::ignored(&["vds_max"], "Largest drain-source voltage"),
    NamedParameter::ignored(&["id_max", "idr_max"], "Largest current"),
    NamedParameter::ignored(&["pd_max"], "Largest power"),
    NamedParameter::ignored(&["te_max"], "Largest temperature"),
];

/// Numbers of M cards with such a model.
pub const NUMBERS: Adjustable =
    Adjustable { principal: Principal::None, element: &[number("m", 1.0), TEMPERATURE], model: VdmosModel::TABLE };

/// Parameters of an M card with such a model.
const CARD: &[NamedParameter] = &[
    NamedParameter::new(&["ic"], "V, V", "", "vds and vgs at the start of `.tran … uic`"),
    NamedParameter::new(&["off"], "", "", "The operating point is first sought with the transistor off"),
    NamedParameter::ignored(&["l"], "Length"),
    NamedParameter::ignored(&["w"], "Width"),
];

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[head_of_file!("vdmos.rs")],
    element: CARD,
    models: &[ModelTable { title: "vdmos", numbers: VdmosModel::TABLE, others: INFORMATION }],
    quantities: <Vdmos as Device<5>>::QUANTITIES,
    noise: &[
        ("rd", "4kT/rd"),
        ("rs", "4kT/rs"),
        ("rg", "4kT/rg"),
        ("rb", "4kT/rb"),
        ("rds", "4kT/rds"),
        ("id", "4kT·⅔·gm"),
        ("1overf", "kf·|id|^af/(f·cox²)"),
    ],
    status: Status::Differs("no self-heating; charge is conserved; Cgs is multiplied by `m`"),
    ngspice: &["VDMOS"],
    differences: &[
        ("qgd", "the charge of which cgd is the derivative; in ngspice cgd·vgd"),
        ("qgs", "with the capacitance of `m` transistors"),
    ],
    otherwise: &["icvds", "icvgs", "vdmosn", "vdmosp", "vdmos"],
    ..Page::new("vdmos", "Power MOSFET (VDMOS)", "M1 drain gate source MODEL [off] [ic=vds,vgs] [parameter=…]")
};

/// F/m² of 0.1 µm of oxide, which the flicker noise is divided by.
const NOISE_OXIDE: f64 = 3.9 * 8.854_214_871e-12 / 1e-7;

/// Conductance from a node that a VDMOS does not have to ground, S.
const PATH: f64 = 1e-12;

/// Least value of 1 + θ·vgs: far below the source the gate would turn the current around.
const LEAST_MOBILITY: f64 = 0.01;

/// The transistor without its resistances; unknowns: inner drain, gate and source, outer drain, inner end of the body diode. Parameters
/// are at its temperature, voltages as of an n-channel.
pub struct Vdmos {
    polarity: f64,
    /// kp, multiplier included, A/V².
    gain: f64,
    threshold: f64,
    modulation: f64,
    mobility: f64,
    triode: f64,
    slope: f64,
    shift: f64,
    /// F
    source_capacitance: f64,
    drain_capacitance: DrainCapacitance,
    body: Diode,
    /// K, of the thermal noise.
    temperature: f64,
    flicker: f64,
    flicker_exponent: f64,
    off: bool,
    initial: Option<[f64; 2]>,
}

/// The gate-drain capacitance s·tanh(a·v) + c, or s·atan(a·v) + c for v < 0.
#[derive(Debug, Clone, Copy)]
struct DrainCapacitance {
    scale: f64,
    constant: f64,
    steepness: f64,
}

/// The drain resistance with quasi-saturation; unknowns: outer and inner drain, outer source.
struct QuasiSaturation {
    polarity: f64,
    /// Ω
    resistance: f64,
    added: f64,
    /// V
    half: f64,
    multiplier: f64,
    /// K
    temperature: f64,
}

pub fn construct(mut c: Construction) {
    let Some(card) = c.model() else { return };
    if c.refuses_self_heating(card, "rthjc") {
        return;
    }
    c.check_parameters(CARD, Unknowns::Warn);
    let owner = format!("model `{}`", card.name);
    let numbers: Vec<Parameter> = card
        .parameters
        .iter()
        .filter(|parameter| !super::parameters::has(INFORMATION, &parameter.name))
        .cloned()
        .collect();
    let mut model = VdmosModel::read(&numbers, Unknowns::Warn, &owner, c.diagnostics);
    model.saturation = saturation_or_none(model.saturation);
    if !check(&mut c, card, &model) {
        return;
    }
    leave_others(&mut c);
    let transistor = Vdmos::new(&c, card, &model);
    let Series { drain, gate, source, body } = resistances(&mut c, &model, transistor.polarity);
    let outer_drain = c.terminal(0);
    c.assembly.add(c.id, transistor, [drain, gate, source, outer_drain, body]);
}

fn check(c: &mut Construction, card: &Model, m: &VdmosModel) -> bool {
    let positive = [
        ("kp", m.transconductance),
        ("ksubthres", m.slope),
        ("mtriode", m.triode),
        ("is", m.saturation),
        ("n", m.emission),
        ("vj", m.potential),
        ("nbv", m.breakdown_emission),
    ];
    c.check_positive(card, &positive)
}

/// A fourth node is a bulk, which such a transistor does not have, or with a fifth one a thermal node: as in ngspice, what else is
/// there has no current from here, but a path to ground.
fn leave_others(c: &mut Construction) {
    let Some(others) = c.element.nodes.get(3..).filter(|others| !others.is_empty()) else { return };
    if others.iter().any(|&node| node != c.element.nodes[2] && node.0 != 0) {
        let message =
            format!("`{}` has more nodes than drain, gate and source: they are not connected", c.element.name);
        let hint = "a VDMOS has its bulk at the source, and no thermal nodes here";
        c.diagnostics.push(Diagnostic::warning(message).at(c.element.span).hint(hint));
    }
    for index in 3..c.element.nodes.len() {
        let path = SeriesResistance { conductance: PATH, name: "", temperature: kelvin(c.temperature()) };
        let node = c.terminal(index);
        c.assembly.add_auxiliary(c.id, path, [node, GROUND_UNKNOWN]);
    }
}

/// Inner nodes; the terminals where there is no resistance.
struct Series {
    drain: Unknown,
    gate: Unknown,
    source: Unknown,
    body: Unknown,
}

fn resistances(c: &mut Construction, m: &VdmosModel, polarity: f64) -> Series {
    let [outer_drain, outer_gate, outer_source] = c.terminals();
    let (temperature, multiplier) = (kelvin(c.temperature()), c.multiplier());
    let nominal = nominal(c, m);
    let (delta, ratio) = (temperature - nominal, temperature / nominal);
    let warm = |tc1: f64, tc2: f64| 1.0 + tc1 * delta + tc2 * delta * delta;
    let growth = if m.is_given("texp0") { ratio.powf(m.drain_exponent) } else { warm(m.drain_tc1, m.drain_tc2) };
    let resistance = m.drain_resistance * growth;
    let mut series = |terminal, node, name, resistance: f64| {
        behind(c, terminal, node, SeriesResistance::new(name, resistance, multiplier, temperature))
    };
    let gate = series(outer_gate, "gate", "rg", m.gate_resistance * warm(m.gate_tc1, m.gate_tc2));
    let source = series(outer_source, "source", "rs", m.source_resistance * warm(m.source_tc1, m.source_tc2));
    let body = series(outer_source, "body", "rb", m.body_resistance * warm(m.body_tc1, m.body_tc2));
    let has_quasi = resistance > 0.0 && m.is_given("vq") && m.quasi_resistance > 0.0;
    let drain = if has_quasi { outer_drain } else { series(outer_drain, "drain", "rd", resistance) };
    if m.shunt.is_finite() && m.shunt > 0.0 {
        let part = SeriesResistance { conductance: multiplier / m.shunt, name: "rds", temperature };
        c.assembly.add_auxiliary(c.id, part, [outer_drain, outer_source]);
    }
    if !has_quasi {
        return Series { drain, gate, source, body };
    }
    let added = m.quasi_resistance * ratio.powf(m.quasi_exponent);
    let part = QuasiSaturation { polarity, resistance, added, half: m.quasi_voltage.abs(), multiplier, temperature };
    let drain = c.assembly.internal_node(c.id, "drain");
    c.assembly.add_auxiliary(c.id, part, [outer_drain, drain, outer_source]);
    Series { drain, gate, source, body }
}

/// K
fn nominal(c: &Construction, m: &VdmosModel) -> f64 {
    kelvin(if m.tnom.is_nan() { c.circuit.options.tnom } else { m.tnom })
}

/// The body diode's card.
fn diode_model(m: &VdmosModel) -> DiodeModel {
    DiodeModel {
        saturation: m.saturation,
        emission: m.emission,
        transit: m.transit,
        capacitance: m.capacitance,
        potential: m.potential,
        grading: m.grading,
        forward_bias: m.forward_bias,
        gap: m.gap,
        saturation_exponent: m.saturation_exponent,
        breakdown: m.breakdown,
        breakdown_current: m.breakdown_current,
        breakdown_emission: m.breakdown_emission,
        recombination_emission: 1.0,
        tnom: m.tnom,
        ..DiodeModel::defaults()
    }
}

impl Vdmos {
    fn new(c: &Construction, card: &Model, m: &VdmosModel) -> Self {
        let (temperature, nominal, multiplier) = (kelvin(c.temperature()), nominal(c, m), c.multiplier());
        let delta = temperature - nominal;
        let polarity = if &*card.kind == "vdmosp" || m.p_channel != 0.0 { -1.0 } else { 1.0 };
        let scale = (m.most_capacitance - m.least_capacitance) / (1.0 + FRAC_PI_2);
        Vdmos {
            polarity,
            gain: m.transconductance * (temperature / nominal).powf(m.gain_exponent) * multiplier,
            threshold: polarity * m.threshold - m.threshold_tc * delta,
            modulation: m.modulation,
            mobility: m.mobility,
            triode: m.triode,
            slope: m.slope * (1.0 + m.slope_tc1 * delta + m.slope_tc2 * delta * delta),
            shift: m.shift,
            source_capacitance: m.source_capacitance * multiplier,
            drain_capacitance: DrainCapacitance {
                scale: scale * multiplier,
                constant: (m.most_capacitance - scale) * multiplier,
                steepness: m.steepness,
            },
            body: Diode::new(c, &diode_model(m), 1.0, 0.0),
            temperature,
            flicker: m.flicker * multiplier.powf(1.0 - m.flicker_exponent) / (NOISE_OXIDE * NOISE_OXIDE),
            flicker_exponent: m.flicker_exponent,
            off: c.word("off"),
            initial: c
                .element
                .parameter("ic")
                .filter(|ic| !matches!(ic.value, Value::Word(_)))
                .and_then(|_| c.list("ic")),
        }
    }

    /// Current from the inner drain to the inner source.
    #[inline(always)]
    fn channel<S: Scalar>(&self, vds: S, vgs: S) -> S {
        let forward = vds.value() >= 0.0;
        let (gate, across) = if forward { (vgs, vds) } else { (vgs - vds, -vds) };
        let over = ((gate - (self.threshold + self.shift)) * (1.0 / self.slope)).softplus() * self.slope;
        let across = across * self.triode;
        let mobility = (vgs * self.mobility + 1.0).max(S::constant(LEAST_MOBILITY));
        let beta = (vds * self.modulation + 1.0) / mobility * self.gain;
        let part = if over.value() <= across.value() { over * over * 0.5 } else { across * (over - across * 0.5) };
        if forward { beta * part } else { -(beta * part) }
    }

    /// vds, vgs, and the voltage of the body diode, as of an n-channel.
    #[inline(always)]
    fn voltages<S: Scalar>(&self, &[d, g, s, outer, body]: &[S; 5]) -> [S; 3] {
        [d - s, g - s, body - outer].map(|voltage| voltage * self.polarity)
    }
}

impl DrainCapacitance {
    fn capacitance(&self, v: f64) -> f64 {
        let argument = self.steepness * v;
        self.constant + self.scale * if v >= 0.0 { argument.tanh() } else { argument.atan() }
    }

    /// ∫ of the capacitance from 0 to `v`.
    fn charge<S: Scalar>(&self, v: S) -> S {
        let (at, steepness) = (v.value(), self.steepness);
        let argument = (steepness * at).abs();
        let bent = if steepness == 0.0 {
            0.0
        } else if at >= 0.0 {
            // ln cosh without overflow
            (argument + (-2.0 * argument).exp().ln_1p() - LN_2) / steepness
        } else {
            (argument * argument.atan() - 0.5 * (argument * argument).ln_1p()) / steepness
        };
        v.function(self.constant * at + self.scale * bent, self.capacitance(at), || self.bend(at))
    }

    /// Slope and curvature of the capacitance.
    fn bend(&self, v: f64) -> [f64; 2] {
        let argument = self.steepness * v;
        let tanh = argument.tanh();
        let [slope, curvature] = if v >= 0.0 {
            [1.0 - tanh * tanh, -2.0 * tanh * (1.0 - tanh * tanh)]
        } else {
            let slope = 1.0 / (1.0 + argument * argument);
            [slope, -2.0 * argument * slope * slope]
        };
        [self.scale * self.steepness * slope, self.scale * self.steepness.powi(2) * curvature]
    }
}

impl Device<5> for Vdmos {
    const LIMITED: bool = true;
    const BENDS_OVER: Option<f64> = Some(0.02);
    const NOISY: bool = true;
    const LEADS: &'static [Lead] = &[("id", &[0, 3]), ("ig", &[1]), ("is", &[2, 4])];
    const QUANTITIES: &'static [QuantityInfo] = &[
        QuantityInfo::new("id", "A", "Current of the channel, as of an n-channel"),
        QuantityInfo::new("is", "A", "The same out of the source"),
        QuantityInfo::new("idio", "A", "Current of the body diode, as of an n-channel"),
        QuantityInfo::new("vgs", "V", "Inner gate-source voltage, as of an n-channel"),
        QuantityInfo::new("vds", "V", "Inner drain-source voltage, as of an n-channel"),
        QuantityInfo::new("von", "V", "Threshold voltage"),
        QuantityInfo::new("gm", "S", "Transconductance"),
        QuantityInfo::new("gds", "S", "Drain-source conductance"),
        QuantityInfo::new("cgs", "F", "Gate-source capacitance"),
        QuantityInfo::new("cgd", "F", "Gate-drain capacitance"),
        QuantityInfo::new("cds", "F", "Capacitance of the body diode"),
        QuantityInfo::new("qgs", "C", "Gate-source charge"),
        QuantityInfo::new("qgd", "C", "Gate-drain charge"),
        QuantityInfo::new("p", "W", "Power of channel and body diode"),
    ];

    #[inline]
    fn equations<S: Scalar>(&self, x: &[S; 5], environment: &Environment) -> Contribution<S, 5> {
        let voltages = self.voltages(x);
        let [vds, vgs, body] = S::inner(&voltages);
        let (through, stored) = self.body.branch(body, environment.gmin);
        let inner = [
            self.channel(vds, vgs),
            through,
            vgs * self.source_capacitance,
            self.drain_capacitance.charge(vgs - vds),
            stored,
        ];
        let [channel, through, source, drain, stored] = inner.map(|of| S::outer(&voltages, of) * self.polarity);
        Contribution {
            f: [channel, S::zero(), -channel, -through, through],
            q: [-drain, source + drain, -source, -stored, stored],
        }
    }

    fn limit(&self, x: &[f64; 5], previous: &[f64; 5], environment: &Environment) -> [f64; 5] {
        let (wanted, before) = (self.voltages(x), self.voltages(previous));
        let [body, _] = self.body.limit(&[wanted[2], 0.0], &[before[2], 0.0], environment);
        let mut limited = *x;
        // Over time a step starts near its end: only exponentials need limits.
        if environment.time.is_none() {
            let [vds, vgs] = limit_channel([wanted[0], wanted[1]], [before[0], before[1]], self.threshold);
            if [vds, vgs] != wanted[..2] {
                (limited[0], limited[1]) = (x[2] + self.polarity * vds, x[2] + self.polarity * vgs);
            }
        }
        if body != wanted[2] {
            limited[4] = x[3] + self.polarity * body;
        }
        limited
    }

    fn is_off(&self) -> bool {
        self.off
    }

    fn start(&self) -> [f64; 5] {
        [0.0, self.polarity * self.threshold, 0.0, 0.0, 0.0]
    }

    fn stores(&self) -> [bool; 5] {
        let drain = self.drain_capacitance.scale != 0.0 || self.drain_capacitance.constant != 0.0;
        let source = self.source_capacitance != 0.0;
        let [body, _] = self.body.stores();
        [drain, drain || source, source, body, body]
    }

    fn initial(&self, x: &mut [f64; 5]) {
        if let Some([vds, vgs]) = self.initial {
            (x[0], x[1]) = (x[2] + vds, x[2] + vgs);
        }
    }

    fn has_initial(&self) -> bool {
        self.initial.is_some()
    }

    fn noise(&self, x: &[f64; 5], _environment: &Environment, visit: &mut dyn FnMut(NoiseSource)) {
        let [vds, vgs, _] = self.voltages(x);
        let current = self.channel(Dual::from(vds), Dual::<1>::variable(vgs, 0));
        visit(NoiseSource::thermal("id", [0, 2], 2.0 / 3.0 * current.gradient[0], self.temperature));
        visit(NoiseSource::flicker([0, 2], flicker_of_current(self.flicker, current.value, self.flicker_exponent)));
    }

    fn quantity(&self, index: usize, x: &[f64; 5], environment: &Environment) -> f64 {
        let [vds, vgs, across] = self.voltages(x);
        let [d, g]: [Dual<2>; 2] = Dual::variables(&[vds, vgs]);
        let channel = self.channel(d, g);
        let (through, stored) = self.body.branch(Dual::<1>::variable(across, 0), environment.gmin);
        [
            channel.value,
            -channel.value,
            through.value,
            vgs,
            vds,
            self.polarity * self.threshold,
            channel.gradient[1],
            channel.gradient[0],
            self.source_capacitance,
            self.drain_capacitance.capacitance(vgs - vds),
            stored.gradient[0],
            vgs * self.source_capacitance,
            self.drain_capacitance.charge(vgs - vds),
            channel.value * vds + through.value * across,
        ][index]
    }
}

impl QuasiSaturation {
    #[inline(always)]
    fn conductance<S: Scalar>(&self, drain: S, source: S) -> S {
        let vds = (drain - source) * self.polarity;
        if vds.value() <= 0.0 {
            return S::constant(self.multiplier / self.resistance);
        }
        (vds / (vds + self.half) * self.added + self.resistance).recip() * self.multiplier
    }
}

impl Device<3> for QuasiSaturation {
    const NOISY: bool = true;

    fn equations<S: Scalar>(&self, &[outer, inner, source]: &[S; 3], _environment: &Environment) -> Contribution<S, 3> {
        let current = (outer - inner) * self.conductance(outer, source);
        Contribution::resistive([current, -current, S::zero()])
    }

    fn stores(&self) -> [bool; 3] {
        [false; 3]
    }

    fn noise(&self, x: &[f64; 3], _environment: &Environment, visit: &mut dyn FnMut(NoiseSource)) {
        visit(NoiseSource::thermal("rd", [0, 1], self.conductance(x[0], x[2]), self.temperature));
    }
}

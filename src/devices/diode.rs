//! D: junction diode.
//!
//! ```text
//! v ≥ −3·N·Vt:   i = Is·(e^(v/(N·Vt)) − 1) + gmin·v
//! below:         i = −Is·(1 + (3·N·Vt/(e·v))³) + gmin·v
//! v < −BV:       i = −(Is + sidewall's)·e^(−(BV+v)/(NBV·Vt)) + gmin·v
//! high injection: i/(1 + √(i/IK)); sidewall, tunnelling, recombination likewise added
//! q = TT·i + depletion charges of bottom and sidewall
//! ```
//! The recombination current flows in reverse as well, where ngspice 39 has none below −3·N·Vt; and `m` devices have m times the
//! conductance of one in small-signal analyses too, where it has m² times that.
//!
//! Noise: shot noise 2q·|i| and kf·|i|^af/f. A series resistance is a separate resistor to an internal node. Sources: Nagel, SPICE2 (UCB/ERL M520); ngspice-39 manual,
//! chapter 7, and its temperature equations.

use super::adjustable::{Adjustable, Principal, TEMPERATURE, given, number};
use super::constants::thermal_voltage;
use super::construct::Construction;
use super::device::{Contribution, Device, Environment, QuantityInfo};
use super::idealised_diode;
use super::junction::{Depletion, critical_voltage, exponential, kelvin, limit_junction, saturation_or_none};
use super::noise::{NoiseSource, flicker_of_current};
use super::page::{ModelTable, Page};
use super::parameters::{NamedParameter, Unknowns};
use super::series_resistance::{SeriesResistance, behind};
use crate::diagnostic::Diagnostic;
use crate::head_of_file;
use crate::netlist::dialect::Dialect;
use crate::numerics::scalar::Scalar;
use crate::parameters;

parameters! {
    /// D model card.
    pub struct DiodeModel {
        level: ["level"], "", 1.0, "Model level: 1 or 3, of geometry";
        saturation: ["is", "js"], "A", 1e-14, "Saturation current";
        sidewall_saturation: ["jsw"], "A", 0.0, "Sidewall saturation current";
        resistance: ["rs"], "Ω", 0.0, "Series resistance";
        emission: ["n"], "", 1.0, "Emission coefficient";
        sidewall_emission: ["ns"], "", f64::NAN, "Sidewall emission coefficient (default: the sidewall's current follows n)";
        transit: ["tt"], "s", 0.0, "Transit time";
        capacitance: ["cjo", "cj0", "cj"], "F", 0.0, "Zero-bias junction capacitance";
        potential: ["vj", "pb"], "V", 1.0, "Junction potential";
        grading: ["m", "mj"], "", 0.5, "Grading coefficient";
        sidewall_capacitance: ["cjp", "cjsw"], "F", 0.0, "Zero-bias sidewall capacitance";
        sidewall_potential: ["php", "vjsw"], "V", 1.0, "Sidewall junction potential";
        sidewall_grading: ["mjsw"], "", 0.33, "Sidewall grading coefficient";
        forward_bias: ["fc"], "", 0.5, "Where depletion charge becomes quadratic, as part of vj";
        sidewall_forward_bias: ["fcs"], "", 0.5, "The same for the sidewall";
        gap: ["eg"], "eV", 1.11, "Activation energy";
        saturation_exponent: ["xti"], "", 3.0, "Temperature exponent of the saturation current";
        breakdown: ["bv"], "V", f64::INFINITY, "Reverse breakdown voltage";
        breakdown_current: ["ibv"], "A", 1e-3, "Current at the breakdown voltage, whatever the area; with `level=3` per area";
        breakdown_emission: ["nbv"], "", f64::NAN, "Emission coefficient of the breakdown (default: n)";
        breakdown_coefficient: ["tcv"], "V/K", 0.0, "Temperature coefficient of the breakdown voltage, downwards; of `tlev` 1 and 2 in 1/K";
        knee: ["ikf", "ik"], "A", f64::INFINITY, "Forward knee current";
        reverse_knee: ["ikr"], "A", f64::INFINITY, "Reverse knee current";
        recombination: ["isr"], "A", 0.0, "Recombination saturation current";
        recombination_emission: ["nr"], "", f64::NAN, "Emission coefficient of the recombination current (default: 1, in other dialects than ngspice's 2)";
        tunnelling: ["jtun"], "A", 0.0, "Tunnelling saturation current";
        tunnelling_sidewall: ["jtunsw"], "A", 0.0, "Sidewall tunnelling saturation current";
        tunnelling_emission: ["ntun"], "", 30.0, "Emission coefficient of the tunnelling current";
        tunnelling_exponent: ["xtitun"], "", 3.0, "Temperature exponent of the tunnelling current";
        tunnelling_gap: ["keg"], "", 1.0, "Band gap factor of the tunnelling current";
        resistance_tc1: ["trs", "trs1"], "1/K", 0.0, "First-order temperature coefficient of rs";
        resistance_tc2: ["trs2"], "1/K²", 0.0, "Second-order temperature coefficient of rs";
        transit_tc1: ["ttt1"], "1/K", 0.0, "First-order temperature coefficient of tt";
        transit_tc2: ["ttt2"], "1/K²", 0.0, "Second-order temperature coefficient of tt";
        grading_tc1: ["tm1"], "1/K", 0.0, "First-order temperature coefficient of m";
        grading_tc2: ["tm2"], "1/K²", 0.0, "Second-order temperature coefficient of m";
        capacitance_tc: ["cta", "ctc"], "1/K", 0.0, "Temperature coefficient of cjo (tlevc=1)";
        potential_tc: ["tpb", "tvj"], "V/K", 0.0, "Temperature coefficient of vj (tlevc=1)";
        sidewall_capacitance_tc: ["ctp"], "1/K", 0.0, "Temperature coefficient of cjp (tlevc=1)";
        sidewall_potential_tc: ["tphp"], "V/K", 0.0, "Temperature coefficient of php (tlevc=1)";
        temperature_level: ["tlev"], "", 0.0, "Temperature equations of the currents";
        temperature_level_charge: ["tlevc"], "", 0.0, "Temperature equations of the capacitances";
        area: ["area"], "", 1.0, "Default area factor";
        perimeter: ["pj"], "", 0.0, "Default perimeter factor";
        tnom: ["tnom", "tref"], "°C", f64::NAN, "Temperature of the parameters";
        flicker: ["kf"], "", 0.0, "Flicker noise coefficient";
        flicker_exponent: ["af"], "", 1.0, "Flicker noise exponent";
        #[expect(dead_code)]
        maximum_forward: ["fv_max"], "V", f64::INFINITY, "Largest forward voltage";
        #[expect(dead_code)]
        maximum_reverse: ["bv_max"], "V", f64::INFINITY, "Largest reverse voltage";
        #[expect(dead_code)]
        thermal_resistance: ["rth0"], "K/W", 0.0, "Thermal resistance of self-heating, which is not there";
        #[expect(dead_code)]
        thermal_capacitance: ["cth0"], "J/K", 0.0, "Thermal capacitance";
        #[expect(dead_code)]
        maximum_current: ["id_max"], "A", f64::INFINITY, "Largest current";
    }
}

/// Numbers of D cards.
pub const NUMBERS: Adjustable = Adjustable {
    principal: Principal::None,
    element: &[TEMPERATURE, number("area", 1.0), given("pj"), number("m", 1.0)],
    model: DiodeModel::TABLE,
};

/// Parameters of a D card.
const CARD: &[NamedParameter] = &[
    NamedParameter::new(&["area"], "", "of the model, 1", "Factor on currents and capacitances, or the first value"),
    NamedParameter::new(&["pj"], "", "of the model, 0", "Factor on the sidewall"),
    NamedParameter::new(&["ic"], "V", "", "Voltage at the start of `.tran … uic`"),
    NamedParameter::new(&["off"], "", "", "The operating point is first sought with the diode off"),
    NamedParameter::new(&["w"], "m", "", "Width; with `level=3` and `l`, area = w·l and pj = 2·(w + l)"),
    NamedParameter::new(&["l"], "m", "", "Length"),
    NamedParameter::ignored(&["lm"], "Length of metal"),
    NamedParameter::ignored(&["lp"], "Length of polysilicon"),
    NamedParameter::ignored(&["wm"], "Width of metal"),
    NamedParameter::ignored(&["wp"], "Width of polysilicon"),
    NamedParameter::ignored(&["thermal"], "Self-heating, where the model has no `rth0`; with it an error"),
];

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[head_of_file!("diode.rs"), head_of_file!("idealised_diode.rs")],
    element: CARD,
    models: &[ModelTable::numbers("d", DiodeModel::TABLE), idealised_diode::TABLE],
    quantities: <Diode as Device<2>>::QUANTITIES,
    noise: &[("rs", "4kT/rs"), ("id", "2q·|i|"), ("1overf", "kf·|i|^af/f")],
    ngspice: &["Diode"],
    ..Page::new("diode", "Junction diode", "D1 anode cathode MODEL [area] [off] [ic=v] [parameter=…]")
};

/// An exponential junction current Is·(e^(v/(n·Vt)) − 1); `None` if there is none.
type Exponential = Option<(f64, f64)>;

/// The intrinsic diode, parameters at its temperature, area and multiplier included.
pub struct Diode {
    saturation: f64,
    /// N·Vt
    scale: f64,
    sidewall: Exponential,
    tunnelling: Exponential,
    recombination: Exponential,
    /// Breakdown voltage matched to `ibv`, which is that of the bottom alone, and NBV·Vt.
    breakdown: Option<(f64, f64)>,
    knee: f64,
    reverse_knee: f64,
    transit: f64,
    bottom: Depletion,
    side: Depletion,
    critical: f64,
    multiplier: f64,
    flicker: f64,
    flicker_exponent: f64,
    initial: Option<f64>,
    off: bool,
    /// Of the shot noise; empty: all noise counts to the element alone.
    pub noise_name: &'static str,
}

pub fn construct(mut c: Construction) {
    let Some(card) = c.model() else { return };
    if idealised_diode::is_meant(card) {
        return idealised_diode::construct(c);
    }
    if c.refuses_self_heating(card, "rth0") {
        return;
    }
    c.check_parameters(CARD, Unknowns::Warn);
    let owner = format!("model `{}`", card.name);
    let mut model = DiodeModel::of(card, c.diagnostics);
    model.saturation = saturation_or_none(model.saturation);
    if model.recombination_emission.is_nan() {
        model.recombination_emission = if c.circuit.dialect == Dialect::Ngspice { 1.0 } else { 2.0 };
    }
    let before = c.diagnostics.len();
    for (value, name) in [(model.saturation, "is"), (model.emission, "n"), (model.potential, "vj")] {
        if value <= 0.0 {
            let message = format!("`{name}` of {owner} must be positive");
            c.error(Diagnostic::error(message).at(card.parameter(name).map_or(card.span, |p| p.span)));
        }
    }
    if c.diagnostics.len() > before {
        return;
    }
    let (anode, cathode) = (c.terminal(0), c.terminal(1));
    let [area, perimeter] = sizes(&c, &model);
    if area < 0.0 {
        let place = c.element.parameter("area").map(|p| p.span).or_else(|| c.value(0).map(|value| value.span));
        let message = format!("the area of `{}` must not be negative", c.element.name);
        return c.error(Diagnostic::error(message).at(place.unwrap_or(c.element.span)));
    }
    let delta = c.temperature() - if model.tnom.is_nan() { c.circuit.options.tnom } else { model.tnom };
    let resistance = model.resistance * (1.0 + model.resistance_tc1 * delta + model.resistance_tc2 * delta * delta);
    let series = SeriesResistance::new("rs", resistance, area * c.multiplier(), kelvin(c.temperature()));
    let inner = behind(&mut c, anode, "internal", series);
    let diode = Diode::new(&c, &model, area, perimeter);
    c.assembly.add(c.id, diode, [inner, cathode]);
}

/// A knee current of 0, or of next to nothing, is none.
fn knee(current: f64) -> f64 {
    const LEAST: f64 = 1e-29;
    if current > LEAST { current } else { f64::INFINITY }
}

/// Area and perimeter. Those of level 3 are sizes, which `.options scale` is a factor on.
fn sizes(c: &Construction, model: &DiodeModel) -> [f64; 2] {
    let area = c.parameter("area").or_else(|| c.number(0)).unwrap_or(model.area);
    let perimeter = c.parameter("pj").unwrap_or(model.perimeter);
    if model.level != 3.0 {
        return [area, perimeter];
    }
    let scale = c.circuit.options.scale;
    match (c.parameter("w"), c.parameter("l")) {
        (Some(width), Some(length)) => [width * length * scale * scale, 2.0 * (width + length) * scale],
        _ => [area * scale * scale, perimeter * scale],
    }
}

impl Diode {
    /// The diode of a card with this area and perimeter, at the temperature of the element.
    pub fn new(c: &Construction, model: &DiodeModel, area: f64, perimeter: f64) -> Self {
        let temperature = kelvin(c.temperature());
        let nominal = kelvin(if model.tnom.is_nan() { c.circuit.options.tnom } else { model.tnom });
        let (thermal, delta) = (thermal_voltage(temperature), temperature - nominal);
        let saturation_factor = |gap: f64, exponent: f64, emission: f64| {
            let argument = gap / thermal_voltage(nominal) - gap / thermal + exponent * (temperature / nominal).ln();
            (argument / emission).exp()
        };
        let of_temperature = saturation_factor(model.gap, model.saturation_exponent, model.emission);
        let saturation = model.saturation * area * of_temperature;
        let with_scale = |current: f64, emission: f64| (current > 0.0).then_some((current, emission * thermal));
        let tunnelling =
            saturation_factor(model.tunnelling_gap * model.gap, model.tunnelling_exponent, model.tunnelling_emission);
        let grading = model.grading * (1.0 + model.grading_tc1 * delta + model.grading_tc2 * delta * delta);
        let depletion = |capacitance: f64, potential: f64, grading: f64, tangent_at: f64, [tc, tv]: [f64; 2]| {
            let part = Depletion::new(capacitance, potential, grading, tangent_at.min(0.95));
            if model.temperature_level_charge == 1.0 {
                part.with(capacitance * (1.0 + tc * delta), potential - tv * delta)
            } else {
                part.at_temperature(temperature, nominal)
            }
        };
        let breakdown_scale =
            thermal * if model.breakdown_emission.is_nan() { model.emission } else { model.breakdown_emission };
        let lost = model.breakdown_coefficient * delta;
        let wanted =
            if model.temperature_level == 0.0 { model.breakdown - lost } else { model.breakdown * (1.0 - lost) };
        let breakdown = wanted.is_finite().then(|| {
            let current = model.breakdown_current * if model.level == 3.0 { area } else { 1.0 };
            (matched_breakdown(wanted, current, saturation, breakdown_scale), breakdown_scale)
        });
        let own_emission = Some(model.sidewall_emission).filter(|emission| emission.is_finite());
        let recombination =
            model.recombination * area * of_temperature.powf(model.emission / model.recombination_emission);
        Diode {
            saturation,
            scale: model.emission * thermal,
            sidewall: with_scale(
                model.sidewall_saturation
                    * perimeter
                    * saturation_factor(model.gap, model.saturation_exponent, own_emission.unwrap_or(1.0)),
                own_emission.unwrap_or(model.emission),
            ),
            tunnelling: with_scale(
                (model.tunnelling * area + model.tunnelling_sidewall * perimeter) * tunnelling,
                model.tunnelling_emission,
            ),
            recombination: with_scale(recombination, model.recombination_emission),
            breakdown,
            knee: knee(model.knee) * area,
            reverse_knee: knee(model.reverse_knee) * area,
            transit: model.transit * (1.0 + model.transit_tc1 * delta + model.transit_tc2 * delta * delta),
            bottom: depletion(
                model.capacitance * area,
                model.potential,
                grading,
                model.forward_bias,
                [model.capacitance_tc, model.potential_tc],
            ),
            side: depletion(
                model.sidewall_capacitance * perimeter,
                model.sidewall_potential,
                model.sidewall_grading,
                model.sidewall_forward_bias,
                [model.sidewall_capacitance_tc, model.sidewall_potential_tc],
            ),
            critical: critical_voltage(model.emission * thermal, saturation),
            multiplier: c.multiplier(),
            flicker: model.flicker,
            flicker_exponent: model.flicker_exponent,
            initial: c.parameter("ic"),
            off: c.word("off"),
            noise_name: "id",
        }
    }

    /// Current and charge of the whole diode at `v`.
    #[inline(always)]
    pub fn branch<S: Scalar>(&self, v: S, gmin: f64) -> (S, S) {
        let current = self.current(v);
        let charge = current * self.transit + self.bottom.charge(v) + self.side.charge(v);
        ((current + v * gmin) * self.multiplier, charge * self.multiplier)
    }

    /// Current without gmin and multiplier.
    fn current<S: Scalar>(&self, v: S) -> S {
        let mut current = exponential(v, self.saturation, self.scale);
        if let Some((saturation, scale)) = self.sidewall {
            current += exponential(v, saturation, scale);
        }
        if let Some((matched, scale)) = self.breakdown
            && v.value() < -matched
        {
            // The breakdown current continues the saturation current.
            let saturation = self.saturation + self.sidewall.map_or(0.0, |(saturation, _)| saturation);
            current = (v * -1.0 - matched).chain_exp(scale) * -saturation;
        }
        if let Some((saturation, scale)) = self.tunnelling {
            current += ((v * (-1.0 / scale)).exp_limited(80.0) - 1.0) * -saturation;
        }
        if let Some((saturation, scale)) = self.recombination {
            let depth = (v * (-1.0 / self.bottom.potential) + 1.0).powi(2) + 0.005;
            let generation = depth.powf(self.bottom.grading / 2.0);
            current += ((v * (1.0 / scale)).exp_limited(80.0) - 1.0) * generation * saturation;
        }
        // ngspice: i/(1 + √(i/IK))
        if current.value() > 1e-18 && self.knee.is_finite() {
            current = current / ((current * (1.0 / self.knee)).sqrt() + 1.0);
        } else if current.value() < -1e-18 && self.reverse_knee.is_finite() {
            current = current / ((current * (-1.0 / self.reverse_knee)).sqrt() + 1.0);
        }
        current
    }
}

/// The voltage at which the breakdown exponential starts, so that `ibv` flows at `bv` (ngspice's iteration).
fn matched_breakdown(voltage: f64, current: f64, saturation: f64, scale: f64) -> f64 {
    if current < saturation * voltage / scale {
        return voltage;
    }
    let mut matched = voltage - scale * (1.0 + current / saturation).ln();
    for _ in 0..25 {
        matched = voltage - scale * (current / saturation + 1.0 - matched / scale).ln();
        let found = saturation * (((voltage - matched) / scale).exp() - 1.0 + matched / scale);
        if (found - current).abs() <= 1e-3 * current {
            break;
        }
    }
    matched
}

impl Device<2> for Diode {
    const LIMITED: bool = true;
    const BENDS_OVER: Option<f64> = Some(0.02);
    const NOISY: bool = true;
    const QUANTITIES: &'static [QuantityInfo] = &[
        QuantityInfo { name: "vd", unit: "V", description: "Junction voltage" },
        QuantityInfo { name: "id", unit: "A", description: "Junction current" },
        QuantityInfo { name: "gd", unit: "S", description: "Junction conductance" },
        QuantityInfo { name: "qd", unit: "C", description: "Junction charge" },
        QuantityInfo { name: "charge", unit: "C", description: "Junction charge" },
        QuantityInfo { name: "c", unit: "A", description: "Junction current" },
        QuantityInfo { name: "cd", unit: "F", description: "Junction capacitance" },
    ];

    fn equations<S: Scalar>(&self, &[anode, cathode]: &[S; 2], environment: &Environment) -> Contribution<S, 2> {
        let (current, charge) = self.branch(anode - cathode, environment.gmin);
        Contribution::branch(current, charge)
    }

    fn stores(&self) -> [bool; 2] {
        [self.transit > 0.0 || self.bottom.capacitance > 0.0 || self.side.capacitance > 0.0; 2]
    }

    fn limit(&self, x: &[f64; 2], previous: &[f64; 2], _environment: &Environment) -> [f64; 2] {
        let (wanted, before) = (x[0] - x[1], previous[0] - previous[1]);
        let limited = match self.breakdown {
            // Beyond breakdown the same exponential runs the other way.
            Some((matched, scale)) if wanted < (-matched + 10.0 * scale).min(0.0) => {
                let unlimited = -(wanted + matched);
                let mirrored = limit_junction(unlimited, -(before + matched), scale, self.critical);
                // Mirrored twice, the voltage itself would be rounded and so pass for a limited one.
                if mirrored == unlimited { wanted } else { -(mirrored + matched) }
            }
            _ => limit_junction(wanted, before, self.scale, self.critical),
        };
        if limited == wanted { *x } else { [x[1] + limited, x[1]] }
    }

    fn is_off(&self) -> bool {
        self.off
    }

    fn start(&self) -> [f64; 2] {
        [self.critical, 0.0]
    }

    fn initial(&self, x: &mut [f64; 2]) {
        if let Some(voltage) = self.initial {
            x[0] = x[1] + voltage;
        }
    }

    fn has_initial(&self) -> bool {
        self.initial.is_some()
    }

    fn noise(&self, x: &[f64; 2], environment: &Environment, visit: &mut dyn FnMut(NoiseSource)) {
        let v = x[0] - x[1];
        let single = self.current(v) + v * environment.gmin;
        visit(NoiseSource::shot(self.noise_name, [0, 1], single * self.multiplier));
        let flicker = flicker_of_current(self.flicker, single, self.flicker_exponent) * self.multiplier;
        if !self.noise_name.is_empty() {
            visit(NoiseSource::flicker([0, 1], flicker));
        }
    }

    fn quantity(&self, index: usize, x: &[f64; 2], environment: &Environment) -> f64 {
        use crate::numerics::dual::Dual;
        let Contribution { f, q } = self.equations(&Dual::variables(x), environment);
        let (voltage, current, charge) = (x[0] - x[1], f[0].value, q[0].value);
        let (conductance, capacitance) = (f[0].gradient[0], q[0].gradient[0]);
        [voltage, current, conductance, charge, charge, current, capacitance][index]
    }
}

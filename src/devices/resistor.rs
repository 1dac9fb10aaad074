//! R: linear resistor.
//!
//! ```text
//! i = v/R,   R = R0·scale·(1 + tc1·ΔT + tc2·ΔT²), or with tce R0·scale·1.01^(tce·ΔT),  ΔT = T − tnom
//! R0 = the card's value (PSpice: times r of the model), or rsh·(l − 2·short)/(w − 2·narrow) of the model
//! ```
//! Noise: 4kT/R with the resistance of DC, and kf·|i|^af/(f^ef·l^lf·w^wf) of the effective size where `l` is given; `noisy=0` (or
//! `noise=0`) for none.
//!
//! One of less than 0.1 mΩ has its current as an unknown, 0 = v − R·i: of node voltages of some volts, rounded to 16 digits, g·v would be
//! known to no better than nanoamperes.
//!
//! Source: ngspice-39 manual, section 3.2.4 (semiconductor resistor). A resistance below 1 pΩ counts as 1 pΩ.

use super::adjustable::{Adjustable, ElementNumber, Principal, given, number};
use super::assembly::UnknownKind;
use super::construct::{Construction, factor_of_model};
use super::device::{Contribution, Device, Environment, QuantityInfo};
use super::junction::kelvin;
use super::noise::{NoiseSource, flicker_of_current};
use super::page::{ModelTable, Page};
use super::parameters::{NamedParameter, Unknowns};
use super::thermal_resistor;
use crate::circuit::element::Value;
use crate::diagnostic::Diagnostic;
use crate::head_of_file;
use crate::numerics::scalar::Scalar;
use crate::parameters;

/// Least resistance, Ω; ngspice takes 1 mΩ for exactly zero.
const LEAST: f64 = 1e-3;

/// Where its current is an unknown, Ω.
const SMALL: f64 = 1e-4;

/// What still less counts as, Ω: it would leave no pivot.
const LEAST_SMALL: f64 = 1e-12;

/// A linear resistor.
pub struct Resistor {
    conductance: f64,
    /// For small-signal analysis (`ac=`).
    ac_conductance: f64,
    /// 1/(scale·temperature factor·m): turns a new resistance into a conductance.
    factor: f64,
    noise: Option<Noise>,
}

/// What the noise of a resistor needs beside its conductance.
struct Noise {
    /// K
    temperature: f64,
    /// Flicker noise at 1 A and 1 Hz, and the exponents of current and frequency.
    flicker: f64,
    current_exponent: f64,
    frequency_exponent: f64,
}

parameters! {
    /// R model card.
    pub struct ResistorModel {
        resistance: ["r", "res"], "Ω", f64::NAN, "Resistance";
        sheet: ["rsh"], "Ω/□", 0.0, "Sheet resistance";
        narrow: ["narrow", "dw"], "m", 0.0, "Narrowing due to side etching";
        short: ["short", "dlr"], "m", 0.0, "Shortening due to side etching";
        width: ["defw", "w"], "m", 1e-5, "Default width";
        length: ["defl", "l"], "m", 1e-5, "Default length";
        tc1: ["tc1", "tc1r"], "1/K", 0.0, "First-order temperature coefficient";
        tc2: ["tc2", "tc2r"], "1/K²", 0.0, "Second-order temperature coefficient";
        exponential: ["tce"], "%/K", f64::NAN, "Exponential temperature coefficient, in place of the others";
        tnom: ["tnom", "t_measured"], "°C", f64::NAN, "Temperature of the parameters";
        flicker: ["kf"], "", 0.0, "Flicker noise coefficient";
        flicker_exponent: ["af"], "", 0.0, "Flicker noise exponent of the current";
        flicker_frequency: ["ef"], "", 1.0, "Flicker noise exponent of the frequency";
        flicker_length: ["lf"], "", 1.0, "Flicker noise exponent of the length";
        flicker_width: ["wf"], "", 1.0, "Flicker noise exponent of the width";
    }
}

/// Numbers of R cards.
pub const NUMBERS: Adjustable = Adjustable {
    principal: Principal::Value { names: &["r", "resistance"], dynamic: false },
    element: &[
        ElementNumber { dynamic: true, ..given("ac") },
        given("temp"),
        given("l"),
        given("w"),
        number("m", 1.0),
        given("tc1"),
        given("tc2"),
        number("scale", 1.0),
    ],
    model: ResistorModel::TABLE,
};

/// Parameters of an R card.
const CARD: &[NamedParameter] = &[
    NamedParameter::new(&["r", "resistance"], "Ω", "", "Resistance, or an expression, if it is not the first value"),
    NamedParameter::new(&["ac"], "Ω", "the value", "Resistance in small-signal analyses"),
    NamedParameter::new(&["tc"], "1/K, 1/K²", "0", "Both temperature coefficients, `tc=tc1,tc2`"),
    NamedParameter::new(&["tc1"], "1/K", "0", "First-order temperature coefficient"),
    NamedParameter::new(&["tc2"], "1/K²", "0", "Second-order temperature coefficient"),
    NamedParameter::new(&["tce"], "%/K", "none", "Exponential temperature coefficient, in place of the others"),
    NamedParameter::new(&["scale"], "", "1", "Factor on the resistance"),
    NamedParameter::new(&["w"], "m", "defw", "Width"),
    NamedParameter::new(&["l"], "m", "defl", "Length"),
    NamedParameter::new(&["noisy", "noise"], "", "1", "0: no noise"),
    thermal_resistor::CARD[0],
    thermal_resistor::CARD[1],
    thermal_resistor::CARD[2],
    thermal_resistor::CARD[3],
    thermal_resistor::CARD[4],
    thermal_resistor::CARD[5],
    thermal_resistor::CARD[6],
    NamedParameter::ignored(&["tol"], "Tolerance (LTspice)"),
    NamedParameter::ignored(&["pwr"], "Rated power (LTspice)"),
    NamedParameter::ignored(&["mfg", "pn"], "Manufacturer and type (LTspice)"),
];

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[head_of_file!("resistor.rs"), head_of_file!("thermal_resistor.rs")],
    element: CARD,
    models: &[ModelTable::numbers("r", ResistorModel::TABLE), thermal_resistor::TABLE],
    quantities: <Resistor as Device<2>>::QUANTITIES,
    noise: &[("thermal", "4kT/R"), ("1overf", "kf·|i|^af/(f^ef·l^lf·w^wf)")],
    ngspice: &["Resistor"],
    ..Page::new(
        "resistor",
        "Resistor",
        "R1 n+ n- VALUE [parameter=…]\nR1 n+ n- MODEL [l=…] [w=…]\nR1 n+ n- {EXPRESSION}",
    )
};

pub fn construct(mut c: Construction) {
    c.check_parameters(CARD, Unknowns::Warn);
    if super::behavioural::construct_resistor(&mut c) {
        return;
    }
    if let Some(card) = c.element.model.map(|id| c.circuit.model(id)).filter(|card| thermal_resistor::is_thermal(card))
    {
        let written = written(&c);
        return thermal_resistor::construct(c, card, written);
    }
    let model = c.element.model.map(|id| {
        let model = c.circuit.model(id);
        ResistorModel::of(model, c.diagnostics)
    });
    let written = written(&c);
    let resistance = resistance(&mut c, model.as_ref());
    if resistance == 0.0 {
        let message = format!("`{}` has a resistance of 0: 1 mΩ is taken", c.element.name);
        let span = c.value(0).map_or(c.element.span, |value| value.span);
        c.diagnostics.push(Diagnostic::warning(message).at(span));
    }
    let tnom = model.map(|m| m.tnom).filter(|t| t.is_finite()).unwrap_or(c.circuit.options.tnom);
    let delta = c.temperature() - tnom;
    let coefficient = |own: &str, index: usize, of_model: f64| {
        c.parameter(own).or_else(|| list_number(&c, "tc", index)).unwrap_or(of_model)
    };
    let tc1 = coefficient("tc1", 0, model.map_or(0.0, |m| m.tc1));
    let tc2 = coefficient("tc2", 1, model.map_or(0.0, |m| m.tc2));
    let exponential = c.parameter("tce").or(model.map(|m| m.exponential).filter(|tce| tce.is_finite()));
    let of_temperature = match exponential {
        Some(tce) => 1.01f64.powf(tce * delta),
        None => 1.0 + tc1 * delta + tc2 * delta * delta,
    };
    let of_model = factor_of_model(c.circuit, written, model.as_ref().map(|m| m.resistance));
    let factor = c.parameter("scale").unwrap_or(1.0) * of_model * of_temperature / c.multiplier();
    let conductance = |r: f64| {
        let total = if r == 0.0 { LEAST } else { r } * factor;
        1.0 / total.abs().max(LEAST_SMALL).copysign(total)
    };
    let ac_conductance = conductance(c.parameter("ac").unwrap_or(resistance));
    let noise = noise(&c, model.as_ref());
    let device = Resistor { conductance: conductance(resistance), ac_conductance, factor, noise };
    let [p, n] = c.terminals();
    if device.conductance.recip().abs() >= SMALL {
        return c.assembly.add(c.id, device, [p, n]);
    }
    let current = c.assembly.auxiliary(c.id, "current", UnknownKind::Current);
    c.assembly.add(c.id, SmallResistor(device), [p, n, current]);
}

fn noise(c: &Construction, model: Option<&ResistorModel>) -> Option<Noise> {
    if [c.parameter("noisy"), c.parameter("noise")].contains(&Some(0.0)) {
        return None;
    }
    let mut noise = Noise {
        temperature: kelvin(c.temperature()),
        flicker: 0.0,
        current_exponent: model.map_or(0.0, |m| m.flicker_exponent),
        frequency_exponent: model.map_or(1.0, |m| m.flicker_frequency),
    };
    if let Some(m) = model {
        let length = c.parameter("l").map_or(0.0, |l| l - 2.0 * m.short);
        let width = c.parameter("w").unwrap_or(m.width) - 2.0 * m.narrow;
        let sized = length > 0.0 && width > 0.0;
        let area = if sized { length.powf(m.flicker_length) * width.powf(m.flicker_width) } else { 1.0 };
        noise.flicker = m.flicker / area * c.multiplier().powf(1.0 - m.flicker_exponent);
    }
    Some(noise)
}

/// Element `index` of a list parameter such as `tc=1m,2u` (a single number is a list of one).
fn list_number(c: &Construction, name: &str, index: usize) -> Option<f64> {
    match &c.element.parameter(name)?.value {
        Value::Number(number) if index == 0 => Some(*number),
        Value::List(items) => match items.get(index)?.item {
            Value::Number(number) => Some(number),
            _ => None,
        },
        _ => None,
    }
}

/// The resistance on the card.
fn written(c: &Construction) -> Option<f64> {
    c.number(0).or_else(|| c.parameter("r")).or_else(|| c.parameter("resistance"))
}

fn resistance(c: &mut Construction, model: Option<&ResistorModel>) -> f64 {
    let value = written(c).or_else(|| {
        let model = model?;
        if model.sheet > 0.0 && (c.parameter("l").is_some() || c.parameter("w").is_some() || !model.is_given("r")) {
            let length = c.parameter("l").unwrap_or(model.length) - 2.0 * model.short;
            let width = c.parameter("w").unwrap_or(model.width) - 2.0 * model.narrow;
            return Some(model.sheet * length / width);
        }
        Some(model.resistance).filter(|r| r.is_finite())
    });
    value.unwrap_or_else(|| {
        let message = format!("`{}` has no resistance: 1 mΩ is taken", c.element.name);
        c.error(Diagnostic::warning(message).at(c.element.span).hint("write a value: `R1 a b 1k`"));
        LEAST
    })
}

impl Device<2> for Resistor {
    const LINEAR: bool = true;
    const NOISY: bool = true;
    const QUANTITIES: &'static [QuantityInfo] = &[
        QuantityInfo { name: "i", unit: "A", description: "Current" },
        QuantityInfo { name: "p", unit: "W", description: "Power" },
        QuantityInfo { name: "r", unit: "Ω", description: "Resistance" },
        QuantityInfo { name: "resistance", unit: "Ω", description: "Resistance without temperature, `m` and `scale`" },
    ];

    fn equations<S: Scalar>(&self, &[p, n]: &[S; 2], environment: &Environment) -> Contribution<S, 2> {
        let g = if environment.frequency.is_some() { self.ac_conductance } else { self.conductance };
        Contribution::branch((p - n) * g, S::zero())
    }

    fn noise(&self, &[p, n]: &[f64; 2], _environment: &Environment, visit: &mut dyn FnMut(NoiseSource)) {
        let Some(noise) = &self.noise else { return };
        visit(NoiseSource::thermal("thermal", [0, 1], self.conductance, noise.temperature));
        let current = (p - n) * self.conductance;
        let flicker = flicker_of_current(noise.flicker, current, noise.current_exponent);
        visit(NoiseSource { exponent: noise.frequency_exponent, ..NoiseSource::flicker([0, 1], flicker) });
    }

    fn quantity(&self, index: usize, &[p, n]: &[f64; 2], _environment: &Environment) -> f64 {
        let v = p - n;
        let resistance = 1.0 / self.conductance;
        [v * self.conductance, v * v * self.conductance, resistance, resistance / self.factor][index]
    }

    fn set_principal(&mut self, value: f64) -> bool {
        self.conductance = 1.0 / (if value == 0.0 { LEAST } else { value } * self.factor);
        self.ac_conductance = self.conductance;
        true
    }
}

/// A resistor of almost nothing; unknowns: both ends and its current.
struct SmallResistor(Resistor);

impl Device<3> for SmallResistor {
    const LINEAR: bool = true;
    const NOISY: bool = true;
    const QUANTITIES: &'static [QuantityInfo] = <Resistor as Device<2>>::QUANTITIES;

    fn equations<S: Scalar>(&self, &[p, n, current]: &[S; 3], environment: &Environment) -> Contribution<S, 3> {
        let g = if environment.frequency.is_some() { self.0.ac_conductance } else { self.0.conductance };
        Contribution::resistive([current, -current, p - n - current * (1.0 / g)])
    }

    fn noise(&self, &[p, n, _]: &[f64; 3], environment: &Environment, visit: &mut dyn FnMut(NoiseSource)) {
        self.0.noise(&[p, n], environment, visit);
    }

    fn quantity(&self, index: usize, &[p, n, current]: &[f64; 3], environment: &Environment) -> f64 {
        match index {
            0 => current,
            1 => current * current / self.0.conductance,
            _ => self.0.quantity(index, &[p, n], environment),
        }
    }

    fn set_principal(&mut self, value: f64) -> bool {
        self.0.set_principal(value)
    }
}

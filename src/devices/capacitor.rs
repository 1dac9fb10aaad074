//! C: linear capacitor.
//!
//! ```text
//! i = d/dt (C·v),   C = C0·scale·m·(1 + tc1·ΔT + tc2·ΔT²),  ΔT = T − tnom
//! C0 = the card's value (PSpice: times c of the model), or cj·(l − short)·(w − narrow) + 2·cjsw·(l − short + w − narrow) of the model
//! ```
//! Source: ngspice-39 manual, sections 3.2.6 and 3.2.7 (semiconductor capacitor).

use super::adjustable::{Adjustable, ElementNumber, Principal, given, number};
use super::construct::{Construction, factor_of_model};
use super::device::{Contribution, Device, Environment, QuantityInfo};
use super::page::{ModelTable, Page};
use super::parameters::{NamedParameter, Unknowns};
use super::parasitics;
use crate::diagnostic::Diagnostic;
use crate::head_of_file;
use crate::numerics::scalar::Scalar;
use crate::parameters;

/// A linear capacitor.
pub struct Capacitor {
    capacitance: f64,
    initial: Option<f64>,
}

parameters! {
    /// C model card.
    pub struct CapacitorModel {
        capacitance: ["cap", "c"], "F", f64::NAN, "Capacitance";
        area: ["cj", "cox"], "F/m²", 0.0, "Junction bottom capacitance";
        side: ["cjsw"], "F/m", 0.0, "Junction sidewall capacitance";
        width: ["defw"], "m", 1e-5, "Default width";
        length: ["defl"], "m", 0.0, "Default length";
        narrow: ["narrow"], "m", 0.0, "Narrowing due to side etching";
        short: ["short"], "m", 0.0, "Shortening due to side etching";
        tc1: ["tc1"], "1/K", 0.0, "First-order temperature coefficient";
        tc2: ["tc2"], "1/K²", 0.0, "Second-order temperature coefficient";
        tnom: ["tnom"], "°C", f64::NAN, "Temperature of the parameters";
        permittivity: ["di"], "", 0.0, "Relative dielectric constant";
        thickness: ["thick"], "m", 0.0, "Insulator thickness";
    }
}

/// Vacuum permittivity, F/m.
const EPSILON: f64 = 8.854_187_812_8e-12;

/// A number of C cards, whose effect is on charges.
const fn of_charge(number: ElementNumber) -> ElementNumber {
    ElementNumber { dynamic: true, ..number }
}

/// Numbers of C cards.
pub const NUMBERS: Adjustable = Adjustable {
    principal: Principal::Value { names: &["c", "capacitance", "cap"], dynamic: true },
    element: &[
        of_charge(given("temp")),
        of_charge(given("w")),
        of_charge(given("l")),
        of_charge(number("m", 1.0)),
        of_charge(given("tc1")),
        of_charge(given("tc2")),
        of_charge(number("scale", 1.0)),
    ],
    model: CapacitorModel::TABLE,
};

/// Parameters of a C card.
const CARD: &[NamedParameter] = &[
    NamedParameter::new(
        &["c", "capacitance", "cap"],
        "F",
        "",
        "Capacitance, or an expression, if it is not the first value",
    ),
    NamedParameter::new(
        &["q"],
        "C",
        "",
        "Charge as an expression, in place of a capacitance; `x` is the voltage across it (LTspice)",
    ),
    NamedParameter::new(&["ic"], "V", "", "Voltage at the start of `.tran … uic`"),
    NamedParameter::new(&["tc1"], "1/K", "0", "First-order temperature coefficient"),
    NamedParameter::new(&["tc2"], "1/K²", "0", "Second-order temperature coefficient"),
    NamedParameter::new(&["scale"], "", "1", "Factor on the capacitance"),
    NamedParameter::new(&["w"], "m", "defw", "Width"),
    NamedParameter::new(&["l"], "m", "defl", "Length"),
    NamedParameter::new(&["rser"], "Ω", "0", "Resistance in series (LTspice)"),
    NamedParameter::new(&["lser"], "H", "0", "Inductance in series (LTspice)"),
    NamedParameter::new(&["rlshunt"], "Ω", "none", "Resistance across `lser` (LTspice)"),
    NamedParameter::new(&["rpar"], "Ω", "none", "Resistance across both terminals (LTspice)"),
    NamedParameter::new(&["cpar"], "F", "0", "Capacitance across both terminals (LTspice)"),
    NamedParameter::ignored(&["v", "irms"], "Rated voltage and current (LTspice)"),
    NamedParameter::ignored(&["mfg", "pn", "type"], "Manufacturer and type (LTspice)"),
];

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[head_of_file!("capacitor.rs"), head_of_file!("parasitics.rs")],
    element: CARD,
    models: &[ModelTable::numbers("c", CapacitorModel::TABLE)],
    quantities: <Capacitor as Device<2>>::QUANTITIES,
    noise: &[("rser", "4kT/rser"), ("rpar", "4kT/rpar")],
    ngspice: &["Capacitor"],
    ..Page::new(
        "capacitor",
        "Capacitor",
        "C1 n+ n- VALUE [ic=v] [parameter=…]\nC1 n+ n- MODEL [l=…] [w=…]\nC1 n+ n- {EXPRESSION}\nC1 n+ n- q={EXPRESSION}",
    )
};

pub fn construct(mut c: Construction) {
    c.check_parameters(CARD, Unknowns::Warn);
    if super::behavioural::construct_capacitor(&mut c) {
        return;
    }
    let model = c.element.model.map(|id| {
        let model = c.circuit.model(id);
        CapacitorModel::of(model, c.diagnostics)
    });
    let written =
        c.number(0).or_else(|| c.parameter("c")).or_else(|| c.parameter("capacitance")).or_else(|| c.parameter("cap"));
    let Some(value) = written.or_else(|| model.as_ref().and_then(|model| from_geometry(&c, model))) else {
        let message = format!("`{}` has no capacitance", c.element.name);
        return c.error(Diagnostic::error(message).at(c.element.span).hint("write a value: `C1 a b 1u`"));
    };
    let tnom = model.map(|m| m.tnom).filter(|t| t.is_finite()).unwrap_or(c.circuit.options.tnom);
    let delta = c.temperature() - tnom;
    let tc1 = c.parameter("tc1").unwrap_or(model.map_or(0.0, |m| m.tc1));
    let tc2 = c.parameter("tc2").unwrap_or(model.map_or(0.0, |m| m.tc2));
    let of_model = factor_of_model(c.circuit, written, model.as_ref().map(|m| m.capacitance));
    let scale =
        c.parameter("scale").unwrap_or(1.0) * of_model * (1.0 + tc1 * delta + tc2 * delta * delta) * c.multiplier();
    let device = Capacitor { capacitance: value * scale, initial: c.parameter("ic") };
    let inner = parasitics::place(&mut c);
    let outer = c.terminal(1);
    c.assembly.add(c.id, device, [inner, outer]);
}

impl Capacitor {
    /// Without an initial voltage.
    pub fn new(capacitance: f64) -> Self {
        Capacitor { capacitance, initial: None }
    }
}

fn from_geometry(c: &Construction, model: &CapacitorModel) -> Option<f64> {
    let Some(length) = c.parameter("l").or((model.length > 0.0).then_some(model.length)) else {
        return Some(model.capacitance).filter(|value| value.is_finite());
    };
    let width = c.parameter("w").unwrap_or(model.width) - model.narrow;
    let length = length - model.short;
    let area = if model.area == 0.0 && model.thickness > 0.0 {
        EPSILON * if model.permittivity > 0.0 { model.permittivity } else { 3.9 } / model.thickness
    } else {
        model.area
    };
    Some(area * length * width + 2.0 * model.side * (length + width))
}

impl Device<2> for Capacitor {
    const LINEAR: bool = true;
    const QUANTITIES: &'static [QuantityInfo] = &[
        QuantityInfo { name: "q", unit: "C", description: "Charge" },
        QuantityInfo { name: "c", unit: "F", description: "Capacitance" },
        QuantityInfo { name: "capacitance", unit: "F", description: "Capacitance" },
    ];

    fn equations<S: Scalar>(&self, &[p, n]: &[S; 2], _environment: &Environment) -> Contribution<S, 2> {
        Contribution::branch(S::zero(), (p - n) * self.capacitance)
    }

    fn initial(&self, x: &mut [f64; 2]) {
        if let Some(voltage) = self.initial {
            x[0] = x[1] + voltage;
        }
    }

    fn has_initial(&self) -> bool {
        self.initial.is_some()
    }

    fn quantity(&self, index: usize, &[p, n]: &[f64; 2], _environment: &Environment) -> f64 {
        [(p - n) * self.capacitance, self.capacitance, self.capacitance][index]
    }
}

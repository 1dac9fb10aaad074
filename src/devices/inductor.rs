//! L: linear inductor, and K: coupling between inductors.
//!
//! ```text
//! v − d/dt (L·i) − Σ d/dt (M·i_other) = 0,   M = k·√(L1·L2),   L = L0·scale/m·(1 + tc1·ΔT + tc2·ΔT²)
//! ```
//! In PSpice L0 is the card's value times l of the model. Source: ngspice-39 manual, sections 3.2.9 to 3.2.11.

use super::adjustable::{Adjustable, ElementNumber, Principal, given, number};
use super::construct::{Construction, factor_of_model};
use super::device::{Contribution, Device, Environment, QuantityInfo};
use super::page::{ModelTable, Page};
use super::parameters::{NamedParameter, Unknowns};
use super::{chan_core, magnetic_core, parasitics};
use crate::circuit::element::Value;
use crate::circuit::{Circuit, Element};
use crate::diagnostic::Diagnostic;
use crate::head_of_file;
use crate::numerics::scalar::Scalar;
use crate::parameters;

/// A linear inductor; unknowns: terminals and branch current.
pub struct Inductor {
    inductance: f64,
    initial: Option<f64>,
}

/// A pair of coupled inductors; unknowns: their branch currents.
pub struct Coupling {
    mutual: f64,
}

parameters! {
    /// L model card.
    pub struct InductorModel {
        inductance: ["ind", "l"], "H", f64::NAN, "Inductance";
        section: ["csect"], "m²", 0.0, "Cross section of the core";
        diameter: ["dia"], "m", 0.0, "Diameter";
        length: ["length"], "m", 0.0, "Length";
        turns: ["nt"], "", 0.0, "Number of turns";
        permeability: ["mu"], "", 1.0, "Relative permeability";
        tc1: ["tc1"], "1/K", 0.0, "First-order temperature coefficient";
        tc2: ["tc2"], "1/K²", 0.0, "Second-order temperature coefficient";
        tnom: ["tnom"], "°C", f64::NAN, "Temperature of the parameters";
    }
}

/// Vacuum permeability, H/m.
const MU: f64 = 1.256_637_062_12e-6;

/// A number of L cards, whose effect is on fluxes.
const fn of_flux(number: ElementNumber) -> ElementNumber {
    ElementNumber { dynamic: true, ..number }
}

/// Numbers of L cards.
pub const NUMBERS: Adjustable = Adjustable {
    principal: Principal::Value { names: &["l", "inductance"], dynamic: true },
    element: &[
        of_flux(given("temp")),
        of_flux(number("m", 1.0)),
        of_flux(given("tc1")),
        of_flux(given("tc2")),
        of_flux(number("scale", 1.0)),
        of_flux(given("nt")),
    ],
    model: InductorModel::TABLE,
};

/// Numbers of K cards.
pub const COUPLING_NUMBERS: Adjustable =
    Adjustable { principal: Principal::Value { names: &["k"], dynamic: true }, element: &[], model: &[] };

/// Parameters of an L card.
const CARD: &[NamedParameter] = &[
    NamedParameter::new(&["l", "inductance"], "H", "", "Inductance, or an expression, if it is not the first value"),
    NamedParameter::new(
        &["flux"],
        "Wb",
        "",
        "Flux as an expression in the current `x`, in place of an inductance (LTspice)",
    ),
    NamedParameter::new(&["ic"], "A", "", "Current at the start of `.tran … uic`"),
    NamedParameter::new(&["tc1"], "1/K", "0", "First-order temperature coefficient"),
    NamedParameter::new(&["tc2"], "1/K²", "0", "Second-order temperature coefficient"),
    NamedParameter::new(&["scale"], "", "1", "Factor on the inductance"),
    NamedParameter::new(&["nt"], "", "of the model", "Number of turns"),
    NamedParameter::new(&["rser"], "Ω", "0", "Resistance in series (LTspice)"),
    NamedParameter::new(&["rpar"], "Ω", "none", "Resistance across both terminals (LTspice)"),
    NamedParameter::new(&["cpar"], "F", "0", "Capacitance across both terminals (LTspice)"),
    chan_core::CARD[0],
    chan_core::CARD[1],
    chan_core::CARD[2],
    chan_core::CARD[3],
    chan_core::CARD[4],
    chan_core::CARD[5],
    chan_core::CARD[6],
    NamedParameter::ignored(&["ipk"], "Rated current (LTspice)"),
    NamedParameter::ignored(&["mfg", "pn"], "Manufacturer and type (LTspice)"),
];

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[head_of_file!("inductor.rs"), head_of_file!("chan_core.rs"), head_of_file!("parasitics.rs")],
    element: CARD,
    models: &[ModelTable::numbers("l", InductorModel::TABLE)],
    quantities: <Inductor as Device<3>>::QUANTITIES,
    noise: &[("rser", "4kT/rser"), ("rpar", "4kT/rpar")],
    ngspice: &["Inductor"],
    ..Page::new(
        "inductor",
        "Inductor",
        "L1 n+ n- VALUE [ic=i] [parameter=…]\nL1 n+ n- MODEL [nt=…]\nL1 n+ n- {EXPRESSION}",
    )
};

/// Parameters of a K card.
const COUPLING_CARD: &[NamedParameter] =
    &[NamedParameter::new(&["k"], "", "", "Coupling coefficient, if it is not the last value")];

/// The manual's page of K.
pub const COUPLING_PAGE: Page = Page {
    texts: &[head_of_file!("inductor.rs"), head_of_file!("magnetic_core.rs")],
    element: COUPLING_CARD,
    models: &[magnetic_core::TABLE],
    quantities: magnetic_core::QUANTITIES,
    ngspice: &["mutual"],
    otherwise: &["inductor1", "inductor2"],
    ..Page::new("coupling", "Coupled inductors", "K1 L1 L2 [L3 …] COEFFICIENT\nK1 L1 [L2 …] COEFFICIENT CORE")
};

pub fn construct(mut c: Construction) {
    c.check_parameters(CARD, Unknowns::Warn);
    // Its K makes it.
    if magnetic_core::is_winding(c.circuit, c.id) {
        return;
    }
    if chan_core::is_on_card(c.element) {
        return chan_core::construct(&mut c);
    }
    if super::behavioural::construct_inductor(&mut c) {
        return;
    }
    let Some(inductance) = inductance(c.circuit, c.element, c.diagnostics) else { return };
    let inner = parasitics::place(&mut c);
    let branch = c.assembly.branch(c.id);
    let unknowns = [inner, c.terminal(1), branch];
    c.assembly.add(c.id, Inductor { inductance, initial: c.parameter("ic") }, unknowns);
}

impl Inductor {
    /// Without an initial current.
    pub fn new(inductance: f64) -> Self {
        Inductor { inductance, initial: None }
    }
}

/// K: every pair of the named inductors is coupled.
pub fn construct_coupling(c: Construction) {
    if c.element.model.is_some() {
        let coefficient = c.number(0).or_else(|| c.parameter("k")).unwrap_or(1.0);
        return magnetic_core::construct(c, coefficient);
    }
    let Some(coefficient) = c.number(0).or_else(|| c.parameter("k")) else {
        let message = format!("`{}` has no coupling coefficient", c.element.name);
        return c.diagnostics.push(Diagnostic::error(message).at(c.element.span));
    };
    if let Some(Value::Word(core)) = c.value(1).map(|value| &value.item) {
        let message = format!("there is no model `{core}` of a core for `{}`", c.element.name);
        let hint = "write `.model NAME core ms=1e6 a=1000 c=0.2 k=500 area=1 path=5`; the inductors then have numbers of turns";
        return c.diagnostics.push(Diagnostic::error(message).at(c.element.span).hint(hint));
    }
    let inductors = &c.element.controls;
    let others = inductors.iter().map(|&id| c.circuit.element(id)).find(|element| element.letter != b'l');
    if let Some(other) = others {
        let message = format!("`{}` couples inductors, `{}` is none", c.element.name, other.name);
        return c.diagnostics.push(Diagnostic::error(message).at(c.element.span));
    }
    if let Some(core) = inductors.iter().map(|&id| c.circuit.element(id)).find(|element| chan_core::is_on_card(element))
    {
        let message = format!("`{}` is on a core of its own and cannot be coupled", core.name);
        let hint = "K with a model of kind `core` has windings on one core";
        return c.diagnostics.push(Diagnostic::error(message).at(core.span).hint(hint));
    }
    if inductors.len() == 1 {
        // As the coupling of a winding to its own core in PSpice.
        let message = format!("`{}` names one inductor and couples nothing", c.element.name);
        return c.diagnostics.push(Diagnostic::warning(message).at(c.element.span));
    }
    let twice = inductors.iter().enumerate().any(|(index, id)| inductors[..index].contains(id));
    if inductors.len() < 2 || twice {
        let message = format!("`{}` needs two different inductors", c.element.name);
        return c.diagnostics.push(Diagnostic::error(message).at(c.element.span).hint("write `K1 L1 L2 0.99`"));
    }
    if !(-1.0..=1.0).contains(&coefficient) {
        let message = format!("the coupling coefficient of `{}` must lie between −1 and 1", c.element.name);
        let span = c.value(0).map_or(c.element.span, |value| value.span);
        return c.diagnostics.push(Diagnostic::error(message).at(span));
    }
    for (index, &first) in inductors.iter().enumerate() {
        for &second in &inductors[index + 1..] {
            // Errors of the inductors themselves are reported where they are constructed.
            let value = |id| inductance(c.circuit, c.circuit.element(id), &mut Vec::new());
            let (Some(l1), Some(l2)) = (value(first), value(second)) else { continue };
            let unknowns = [c.assembly.branch(first), c.assembly.branch(second)];
            c.assembly.add(c.id, Coupling { mutual: coefficient * (l1 * l2).sqrt() }, unknowns);
        }
    }
}

/// Inductance of an L card in H.
fn inductance(circuit: &Circuit, element: &Element, diagnostics: &mut Vec<Diagnostic>) -> Option<f64> {
    let number = |name: &str| match element.parameter(name)?.value {
        Value::Number(number) => Some(number),
        _ => None,
    };
    let model = element.model.map(|id| {
        let model = circuit.model(id);
        InductorModel::of(model, diagnostics)
    });
    let first = element.values.first().and_then(|value| match value.item {
        Value::Number(number) => Some(number),
        _ => None,
    });
    let written = first.or_else(|| number("l")).or_else(|| number("inductance"));
    let Some(value) = written.or_else(|| model.as_ref().and_then(|model| from_geometry(model, number("nt")))) else {
        let message = format!("`{}` has no inductance", element.name);
        diagnostics.push(Diagnostic::error(message).at(element.span).hint("write a value: `L1 a b 1m`"));
        return None;
    };
    let tnom = model.map(|m| m.tnom).filter(|t| t.is_finite()).unwrap_or(circuit.options.tnom);
    let temperature = number("temp").unwrap_or_else(|| circuit.options.temp + number("dtemp").unwrap_or(0.0));
    let delta = temperature - tnom;
    let tc1 = number("tc1").unwrap_or(model.map_or(0.0, |m| m.tc1));
    let tc2 = number("tc2").unwrap_or(model.map_or(0.0, |m| m.tc2));
    let multiplier = element.multiplier * number("m").unwrap_or(1.0);
    let of_model = factor_of_model(circuit, written, model.map(|m| m.inductance));
    Some(value * of_model * number("scale").unwrap_or(1.0) / multiplier * (1.0 + tc1 * delta + tc2 * delta * delta))
}

fn from_geometry(model: &InductorModel, turns: Option<f64>) -> Option<f64> {
    if model.inductance.is_finite() {
        return Some(model.inductance);
    }
    let turns = turns.unwrap_or(model.turns);
    let section = if model.section > 0.0 { model.section } else { std::f64::consts::PI * model.diameter.powi(2) / 4.0 };
    (model.length > 0.0).then(|| MU * model.permeability * turns * turns * section / model.length)
}

impl Device<3> for Inductor {
    const LINEAR: bool = true;
    const QUANTITIES: &'static [QuantityInfo] = &[
        QuantityInfo { name: "i", unit: "A", description: "Current" },
        QuantityInfo { name: "flux", unit: "Wb", description: "Flux" },
        QuantityInfo { name: "inductance", unit: "H", description: "Inductance" },
        QuantityInfo { name: "current", unit: "A", description: "Current" },
    ];

    fn equations<S: Scalar>(&self, &[p, n, current]: &[S; 3], _environment: &Environment) -> Contribution<S, 3> {
        let flux = current * -self.inductance;
        Contribution { f: [current, -current, p - n], q: [S::zero(), S::zero(), flux] }
    }

    fn initial(&self, x: &mut [f64; 3]) {
        if let Some(current) = self.initial {
            x[2] = current;
        }
    }

    fn has_initial(&self) -> bool {
        self.initial.is_some()
    }

    fn quantity(&self, index: usize, x: &[f64; 3], _environment: &Environment) -> f64 {
        [x[2], x[2] * self.inductance, self.inductance, x[2]][index]
    }
}

impl Device<2> for Coupling {
    const LINEAR: bool = true;

    fn equations<S: Scalar>(&self, &[i1, i2]: &[S; 2], _environment: &Environment) -> Contribution<S, 2> {
        Contribution { f: [S::zero(); 2], q: [i2 * -self.mutual, i1 * -self.mutual] }
    }
}

//! S and W: switches controlled by a voltage or a current.
//!
//! ```text
//! i = g·(v(p) − v(n)),   g = 1/ron when on, 1/roff when off
//! off → on when the control rises above vt + vh,   on → off when it falls below vt − vh      (vh ≥ 0)
//! vh < 0:  ln g = (ln gon + ln goff)/2 + (ln gon − ln goff)·(3·u/4 − u³/4),  u = (control − vt)/|vh| within −1…1
//! ```
//! With vh ≥ 0 the position is a discrete unknown, whose changes are located in time. With vh < 0 the switch is a smooth
//! conductance, as it is with `von` and `voff` (PSpice's and Xyce's cards: VSWITCH, ISWITCH, SWITCH), which are vt ± |vh|. A card
//! with `control={…}` (Xyce) has an expression in place of the controlling nodes. Sources: ngspice-39 manual, section 3.3.17; LTspice's help on switches for negative vh (a cubic in the logarithm
//! of the conductance, as in PSpice).

use super::adjustable::{Adjustable, Principal};
use super::assembly::{GROUND_UNKNOWN, Unknown};
use super::construct::Construction;
use super::device::{Contribution, Device, Environment, QuantityInfo};
use super::junction::kelvin;
use super::noise::NoiseSource;
use super::page::{ModelTable, Page};
use super::parameters::{NamedParameter, Unknowns};
use crate::circuit::element::Value;
use crate::diagnostic::Diagnostic;
use crate::head_of_file;
use crate::numerics::scalar::Scalar;
use crate::parameters;

parameters! {
    /// SW and CSW model cards.
    pub struct SwitchModel {
        on_resistance: ["ron"], "Ω", 1.0, "Resistance when on";
        off_resistance: ["roff"], "Ω", f64::NAN, "Resistance when off (default: 1/gmin)";
        threshold: ["vt", "it"], "V or A", 0.0, "Control at the middle of the hysteresis";
        hysteresis: ["vh", "ih"], "V or A", 0.0, "Half width of the hysteresis; negative for a smooth transition";
        on_level: ["von", "ion", "on"], "V or A", f64::NAN, "Control from which on the switch is on, after a smooth transition";
        off_level: ["voff", "ioff", "off"], "V or A", f64::NAN, "Control from which on it is off";
    }
}

/// Numbers of S and W cards.
pub const NUMBERS: Adjustable = Adjustable { principal: Principal::None, element: &[], model: SwitchModel::TABLE };

/// Parameters of S and W cards.
const CARD: &[NamedParameter] = &[
    NamedParameter::new(&["on"], "", "", "Closed at the start"),
    NamedParameter::new(&["off"], "", "", "Open at the start (default)"),
    NamedParameter::new(&["control"], "V or A", "", "An expression in place of the controlling nodes (Xyce)"),
];

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[head_of_file!("switch.rs")],
    element: CARD,
    models: &[ModelTable::numbers("sw, csw, vswitch, iswitch, switch", SwitchModel::TABLE)],
    quantities: QUANTITIES,
    noise: &[("", "4kT·g")],
    ngspice: &["Switch", "CSwitch"],
    ..Page::new(
        "switch",
        "Switches",
        "S1 n+ n- control+ control- MODEL [on|off]\nW1 n+ n- VSOURCE MODEL [on|off]\nS1 n+ n- MODEL control={EXPRESSION}",
    )
};

/// What both kinds of switch have.
#[derive(Debug, Clone, Copy)]
struct Conductances {
    on: f64,
    off: f64,
    threshold: f64,
    /// Half width of the hysteresis, or of the smooth transition.
    width: f64,
    /// K, of the thermal noise.
    temperature: f64,
}

/// A switch with a position; unknowns: p, n, control (1 or 2 unknowns), position.
struct Switch {
    g: Conductances,
}

/// A switch controlled by a current; unknowns: p, n, current, position.
struct CurrentSwitch {
    g: Conductances,
}

/// A conductance that changes smoothly; unknowns: p, n, cp, cn.
struct SmoothSwitch {
    g: Conductances,
}

/// The same controlled by a current; unknowns: p, n, current.
struct SmoothCurrentSwitch {
    g: Conductances,
}

/// Reads model and card: conductances, whether the switch is smooth, and whether it starts closed.
fn read(c: &mut Construction) -> Option<(Conductances, bool, bool)> {
    let card = c.model()?;
    c.check_parameters(CARD, Unknowns::Warn);
    let owner = format!("model `{}`", card.name);
    let mut model = SwitchModel::read(&card.parameters, Unknowns::Warn, &owner, c.diagnostics);
    let levels = !(matches!(&*card.kind, "sw" | "csw") && model.on_level.is_nan() && model.off_level.is_nan());
    let default_off = if levels { 1e6 } else { 1.0 / c.circuit.options.gmin };
    let off = if model.off_resistance.is_nan() { default_off } else { model.off_resistance };
    let mut reversed = false;
    if levels {
        let usual = if &*card.kind == "iswitch" { 1e-3 } else { 1.0 };
        let on_level = if model.on_level.is_nan() { usual } else { model.on_level };
        let off_level = if model.off_level.is_nan() { 0.0 } else { model.off_level };
        model.threshold = 0.5 * (on_level + off_level);
        model.hysteresis = -0.5 * (on_level - off_level).abs();
        reversed = on_level < off_level;
    }
    for (name, value) in [("ron", model.on_resistance), ("roff", off)] {
        if value.is_nan() || value <= 0.0 {
            let span = card.parameter(name).map_or(card.span, |parameter| parameter.span);
            c.error(Diagnostic::error(format!("`{name}` of {owner} must be positive")).at(span));
            return None;
        }
    }
    let mut starts_on = false;
    for value in &c.element.values {
        match &value.item {
            Value::Word(word) if &**word == "on" => starts_on = true,
            Value::Word(word) if &**word == "off" => starts_on = false,
            _ => {
                let message = format!("`{}` has a word too many", c.element.name);
                c.error(
                    Diagnostic::error(message).at(value.span).hint("after the model stands `on`, `off` or nothing"),
                );
                return None;
            }
        }
    }
    let multiplier = c.multiplier();
    // On below the threshold rather than above it.
    let (above, below) = if reversed { (off, model.on_resistance) } else { (model.on_resistance, off) };
    let g = Conductances {
        on: multiplier / above,
        off: multiplier / below,
        threshold: model.threshold,
        width: model.hysteresis.abs(),
        temperature: kelvin(c.temperature()),
    };
    Some((g, model.hysteresis < 0.0, starts_on))
}

fn position(c: &mut Construction, starts_on: bool) -> Unknown {
    c.assembly.discrete(c.id, "on", f64::from(starts_on))
}

/// S
pub fn construct_voltage_controlled(mut c: Construction) {
    let Some((g, smooth, starts_on)) = read(&mut c) else { return };
    let Some([p, n, cp, cn]) = terminals(&mut c) else { return };
    if smooth {
        return c.assembly.add(c.id, SmoothSwitch { g }, [p, n, cp, cn]);
    }
    let position = position(&mut c, starts_on);
    c.assembly.add(c.id, Switch { g }, [p, n, cp, cn, position]);
}

/// Both ends, and the two controlling unknowns: of the card's nodes, or of its expression and ground.
fn terminals(c: &mut Construction) -> Option<[Unknown; 4]> {
    let Some(parameter) = c.element.parameter("control") else { return Some(c.terminals()) };
    let control = super::behavioural::value_unknown(c, &parameter.value, parameter.span)?;
    let [p, n] = c.terminals();
    Some([p, n, control, GROUND_UNKNOWN])
}

/// W
pub fn construct_current_controlled(mut c: Construction) {
    let Some((g, smooth, starts_on)) = read(&mut c) else { return };
    let Some(&control) = c.element.controls.first() else { return };
    let current = match c.sensed_current(control) {
        Ok(current) => current,
        Err(diagnostic) => return c.error(diagnostic.at(c.element.span)),
    };
    let [p, n] = c.terminals();
    if smooth {
        return c.assembly.add(c.id, SmoothCurrentSwitch { g }, [p, n, current]);
    }
    let position = position(&mut c, starts_on);
    c.assembly.add(c.id, CurrentSwitch { g }, [p, n, current, position]);
}

impl Conductances {
    fn at(&self, position: f64) -> f64 {
        if position > 0.5 { self.on } else { self.off }
    }

    /// How far the control is past the edge at which the position changes.
    fn past_edge(&self, control: f64, position: f64) -> f64 {
        if position > 0.5 { self.threshold - self.width - control } else { control - self.threshold - self.width }
    }

    fn smooth<S: Scalar>(&self, control: S) -> S {
        let u = (control - self.threshold) * (1.0 / self.width);
        if u.value() >= 1.0 {
            return S::constant(self.on);
        }
        if u.value() <= -1.0 {
            return S::constant(self.off);
        }
        let (on, off) = (self.on.ln(), self.off.ln());
        let cubic = u * 0.75 - u * u * u * 0.25;
        (cubic * (on - off) + 0.5 * (on + off)).exp()
    }
}

const QUANTITIES: &[QuantityInfo] = &[
    QuantityInfo { name: "g", unit: "S", description: "Conductance" },
    QuantityInfo { name: "r", unit: "Ω", description: "Resistance" },
    QuantityInfo { name: "i", unit: "A", description: "Current" },
    QuantityInfo { name: "p", unit: "W", description: "Power" },
];

fn quantity(index: usize, conductance: f64, voltage: f64) -> f64 {
    [conductance, 1.0 / conductance, conductance * voltage, conductance * voltage * voltage][index]
}

/// The position does not change between events.
fn toggled(position: f64) -> f64 {
    if position > 0.5 { 0.0 } else { 1.0 }
}

impl Device<5> for Switch {
    const NOISY: bool = true;
    const DISCRETE: Option<usize> = Some(4);
    const QUANTITIES: &'static [QuantityInfo] = QUANTITIES;

    fn equations<S: Scalar>(&self, &[p, n, _, _, on]: &[S; 5], _environment: &Environment) -> Contribution<S, 5> {
        let current = (p - n) * self.g.at(on.value());
        Contribution::resistive([current, -current, S::zero(), S::zero(), S::zero()])
    }

    fn stores(&self) -> [bool; 5] {
        [false; 5]
    }

    fn event(&self, &[_, _, cp, cn, on]: &[f64; 5]) -> f64 {
        self.g.past_edge(cp - cn, on)
    }

    fn after_event(&self, x: &[f64; 5]) -> f64 {
        toggled(x[4])
    }

    fn noise(&self, x: &[f64; 5], _environment: &Environment, visit: &mut dyn FnMut(NoiseSource)) {
        visit(NoiseSource::thermal("", [0, 1], self.g.at(x[4]), self.g.temperature));
    }

    fn quantity(&self, index: usize, x: &[f64; 5], _environment: &Environment) -> f64 {
        quantity(index, self.g.at(x[4]), x[0] - x[1])
    }
}

impl Device<4> for CurrentSwitch {
    const NOISY: bool = true;
    const DISCRETE: Option<usize> = Some(3);
    const QUANTITIES: &'static [QuantityInfo] = QUANTITIES;

    fn equations<S: Scalar>(&self, &[p, n, _, on]: &[S; 4], _environment: &Environment) -> Contribution<S, 4> {
        let current = (p - n) * self.g.at(on.value());
        Contribution::resistive([current, -current, S::zero(), S::zero()])
    }

    fn stores(&self) -> [bool; 4] {
        [false; 4]
    }

    fn event(&self, &[_, _, control, on]: &[f64; 4]) -> f64 {
        self.g.past_edge(control, on)
    }

    fn after_event(&self, x: &[f64; 4]) -> f64 {
        toggled(x[3])
    }

    fn noise(&self, x: &[f64; 4], _environment: &Environment, visit: &mut dyn FnMut(NoiseSource)) {
        visit(NoiseSource::thermal("", [0, 1], self.g.at(x[3]), self.g.temperature));
    }

    fn quantity(&self, index: usize, x: &[f64; 4], _environment: &Environment) -> f64 {
        quantity(index, self.g.at(x[3]), x[0] - x[1])
    }
}

impl Device<4> for SmoothSwitch {
    const NOISY: bool = true;
    const QUANTITIES: &'static [QuantityInfo] = QUANTITIES;

    fn equations<S: Scalar>(&self, &[p, n, cp, cn]: &[S; 4], _environment: &Environment) -> Contribution<S, 4> {
        let current = (p - n) * self.g.smooth(cp - cn);
        Contribution::resistive([current, -current, S::zero(), S::zero()])
    }

    fn stores(&self) -> [bool; 4] {
        [false; 4]
    }

    fn noise(&self, x: &[f64; 4], _environment: &Environment, visit: &mut dyn FnMut(NoiseSource)) {
        visit(NoiseSource::thermal("", [0, 1], self.g.smooth(x[2] - x[3]), self.g.temperature));
    }

    fn quantity(&self, index: usize, x: &[f64; 4], _environment: &Environment) -> f64 {
        quantity(index, self.g.smooth(x[2] - x[3]), x[0] - x[1])
    }
}

impl Device<3> for SmoothCurrentSwitch {
    const NOISY: bool = true;
    const QUANTITIES: &'static [QuantityInfo] = QUANTITIES;

    fn equations<S: Scalar>(&self, &[p, n, control]: &[S; 3], _environment: &Environment) -> Contribution<S, 3> {
        let current = (p - n) * self.g.smooth(control);
        Contribution::resistive([current, -current, S::zero()])
    }

    fn stores(&self) -> [bool; 3] {
        [false; 3]
    }

    fn noise(&self, x: &[f64; 3], _environment: &Environment, visit: &mut dyn FnMut(NoiseSource)) {
        visit(NoiseSource::thermal("", [0, 1], self.g.smooth(x[2]), self.g.temperature));
    }

    fn quantity(&self, index: usize, x: &[f64; 3], _environment: &Environment) -> f64 {
        quantity(index, self.g.smooth(x[2]), x[0] - x[1])
    }
}

//! E, F, G and H with a constant factor: linear controlled sources.
//!
//! ```text
//! E: v(p) − v(n) = gain·(v(cp) − v(cn))        F: i = gain·i(sensed)
//! G: i = m·gain·(v(cp) − v(cn))                H: v(p) − v(n) = gain·i(sensed)
//! ```
//! and on E cards HSPICE's ideal elements:
//!
//! ```text
//! opamp: v(cp) − v(cn) = 0, whatever current flows from p to n
//! transformer: v(cp) − v(cn) = k·(v(p) − v(n)), and what flows into cp is −1/k of what flows into p
//! ```
//! With `td=`, `max=` or `min=` E and G are behavioural elements, as are POLY, VALUE, TABLE and expressions; several coefficients after one
//! input are those of POLY(1). Source: ngspice-39 manual,
//! section 4.2.

use super::adjustable::{Adjustable, Principal, number};
use super::assembly::Unknown;
use super::construct::Construction;
use super::device::{Contribution, Device, Environment};
use super::page::Page;
use super::parameters::NamedParameter;
use crate::circuit::element::Value;
use crate::diagnostic::Diagnostic;
use crate::head_of_file;
use crate::numerics::scalar::Scalar;

/// Numbers of E and H cards.
pub const NUMBERS: Adjustable = Adjustable { principal: Principal::Gain, element: &[], model: &[] };

/// Numbers of F and G cards.
pub const MULTIPLIED_NUMBERS: Adjustable =
    Adjustable { principal: Principal::Gain, element: &[number("m", 1.0)], model: &[] };

/// Parameters of E, F, G and H cards.
const CARD: &[NamedParameter] = &[
    NamedParameter::new(&["gain"], "", "", "Factor, if it is not the last value"),
    NamedParameter::new(
        &["value"],
        "V or A",
        "",
        "An expression in place of nodes and gain: a voltage (E, H) or a current (F, G)",
    ),
    NamedParameter::new(&["vol"], "V", "", "An expression: a voltage, on any of these cards"),
    NamedParameter::new(&["cur"], "A", "", "An expression: a current, on any of these cards"),
    NamedParameter::new(
        &["td"],
        "s",
        "0",
        "By how much E or G comes later than its input (HSPICE's DELAY, Xyce's YDELAY, whose gain is 1)",
    ),
    NamedParameter::new(&["max"], "V or A", "∞", "Most that E or G gives (HSPICE)"),
    NamedParameter::new(&["min"], "V or A", "−∞", "Least that E or G gives (HSPICE)"),
    NamedParameter::ignored(&["ic"], "Initial value of the controlling quantity"),
];

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[head_of_file!("controlled_sources.rs")],
    element: CARD,
    ngspice: &["VCVS", "CCCS", "VCCS", "CCVS"],
    otherwise: &["control"],
    ..Page::new(
        "controlled_sources",
        "Linear controlled sources",
        "E1 n+ n- control+ control- GAIN      voltage by a voltage\nF1 n+ n- VSOURCE GAIN                current by a current\nG1 n+ n- control+ control- GAIN      current by a voltage\nE1 out+ out- OPAMP in+ in-           ideal operational amplifier\nE1 out+ out- TRANSFORMER in+ in- K   ideal transformer\nE1 out+ out- DELAY in+ in- td=TIME    delay\nH1 n+ n- VSOURCE GAIN                voltage by a current",
    )
};

/// E; unknowns: p, n, cp, cn, branch current.
struct VoltageControlledVoltage {
    gain: f64,
}

/// G; unknowns: p, n, cp, cn.
struct VoltageControlledCurrent {
    gain: f64,
}

/// F; unknowns: p, n, sensed current.
struct CurrentControlledCurrent {
    gain: f64,
}

/// H; unknowns: p, n, sensed current, own current.
struct CurrentControlledVoltage {
    gain: f64,
}

/// HSPICE's `opamp`; unknowns: p, n, cp, cn, branch current.
struct IdealAmplifier;

/// HSPICE's `transformer`; unknowns: p, n, cp, cn, branch current.
struct IdealTransformer {
    ratio: f64,
}

/// HSPICE's word for an ideal element, before the controlling nodes; false if there is none.
fn construct_ideal(c: &mut Construction) -> bool {
    let Some(Value::Word(word)) = c.value(0).map(|value| &value.item) else { return false };
    let branch = c.assembly.branch(c.id);
    let [p, n, cp, cn] = c.terminals();
    match (&**word, c.number(1).or_else(|| c.parameter("k"))) {
        ("opamp", _) => c.assembly.add(c.id, IdealAmplifier, [p, n, cp, cn, branch]),
        ("transformer", Some(ratio)) if ratio != 0.0 => {
            c.assembly.add(c.id, IdealTransformer { ratio }, [p, n, cp, cn, branch]);
        }
        ("transformer", _) => {
            let message = format!("`{}` has no turns ratio", c.element.name);
            c.error(Diagnostic::error(message).at(c.element.span).hint("write `E1 out 0 TRANSFORMER in 0 10`"));
        }
        _ => return false,
    }
    true
}

/// The gain: last positional number, or `gain=`.
fn gain(c: &mut Construction) -> Option<f64> {
    let of_delay = c.parameter("td").map(|_| c.parameter("scale").unwrap_or(1.0));
    let gain = c.number(0).or_else(|| c.parameter("gain")).or(of_delay);
    if gain.is_none() {
        let message = format!("`{}` has no gain", c.element.name);
        c.error(Diagnostic::error(message).at(c.element.span).hint("write `E1 out 0 a b 10`, or `value={…}`"));
    }
    gain
}

/// The current that an F or H card names.
fn sensed(c: &mut Construction) -> Option<Unknown> {
    let Some(&control) = c.element.controls.first() else {
        let message = format!("`{}` names no element whose current it senses", c.element.name);
        c.error(Diagnostic::error(message).at(c.element.span));
        return None;
    };
    c.sensed_current(control).map_err(|diagnostic| c.error(diagnostic.at(c.element.span))).ok()
}

/// Whether the card has the nodes whose voltage controls; without them it must say a function.
fn has_control(c: &mut Construction) -> bool {
    let found = c.element.nodes.len() == 4;
    if !found {
        let message = format!("`{}` has neither controlling nodes nor a function", c.element.name);
        let hint = "write `e1 p n cp cn gain`, or `e1 p n value={…}`";
        c.error(Diagnostic::error(message).at(c.element.span).hint(hint));
    }
    found
}

pub fn construct_e(mut c: Construction) {
    if super::behavioural::construct_controlled(&mut c) || !has_control(&mut c) {
        return;
    }
    if construct_ideal(&mut c) {
        return;
    }
    let Some(gain) = gain(&mut c) else { return };
    if super::behavioural::construct_limited(&mut c, gain) {
        return;
    }
    let [p, n, cp, cn] = c.terminals();
    let branch = c.assembly.branch(c.id);
    c.assembly.add(c.id, VoltageControlledVoltage { gain }, [p, n, cp, cn, branch]);
}

pub fn construct_g(mut c: Construction) {
    if super::behavioural::construct_controlled(&mut c) || !has_control(&mut c) {
        return;
    }
    let Some(gain) = gain(&mut c) else { return };
    if super::behavioural::construct_limited(&mut c, gain) {
        return;
    }
    let (unknowns, multiplier) = (c.terminals(), c.multiplier());
    c.assembly.add(c.id, VoltageControlledCurrent { gain: gain * multiplier }, unknowns);
}

pub fn construct_f(mut c: Construction) {
    if super::behavioural::construct_controlled(&mut c) {
        return;
    }
    let Some(gain) = gain(&mut c) else { return };
    let Some(sensed) = sensed(&mut c) else { return };
    let multiplier = c.multiplier();
    let unknowns = [c.terminal(0), c.terminal(1), sensed];
    c.assembly.add(c.id, CurrentControlledCurrent { gain: gain * multiplier }, unknowns);
}

pub fn construct_h(mut c: Construction) {
    if super::behavioural::construct_controlled(&mut c) {
        return;
    }
    let Some(gain) = gain(&mut c) else { return };
    let Some(sensed) = sensed(&mut c) else { return };
    let branch = c.assembly.branch(c.id);
    let unknowns = [c.terminal(0), c.terminal(1), sensed, branch];
    c.assembly.add(c.id, CurrentControlledVoltage { gain }, unknowns);
}

impl Device<5> for VoltageControlledVoltage {
    const LINEAR: bool = true;

    fn equations<S: Scalar>(&self, &[p, n, cp, cn, i]: &[S; 5], _environment: &Environment) -> Contribution<S, 5> {
        Contribution::resistive([i, -i, S::zero(), S::zero(), p - n - (cp - cn) * self.gain])
    }
}

impl Device<5> for IdealAmplifier {
    const LINEAR: bool = true;

    fn equations<S: Scalar>(&self, &[_, _, cp, cn, i]: &[S; 5], _environment: &Environment) -> Contribution<S, 5> {
        Contribution::resistive([i, -i, S::zero(), S::zero(), cp - cn])
    }
}

impl Device<5> for IdealTransformer {
    const LINEAR: bool = true;

    fn equations<S: Scalar>(&self, &[p, n, cp, cn, i]: &[S; 5], _environment: &Environment) -> Contribution<S, 5> {
        let other = i * (-1.0 / self.ratio);
        Contribution::resistive([i, -i, other, -other, cp - cn - (p - n) * self.ratio])
    }
}

impl Device<4> for VoltageControlledCurrent {
    const LINEAR: bool = true;

    fn equations<S: Scalar>(&self, &[_, _, cp, cn]: &[S; 4], _environment: &Environment) -> Contribution<S, 4> {
        let current = (cp - cn) * self.gain;
        Contribution::resistive([current, -current, S::zero(), S::zero()])
    }
}

impl Device<3> for CurrentControlledCurrent {
    const LINEAR: bool = true;

    fn equations<S: Scalar>(&self, &[_, _, sensed]: &[S; 3], _environment: &Environment) -> Contribution<S, 3> {
        let current = sensed * self.gain;
        Contribution::resistive([current, -current, S::zero()])
    }
}

impl Device<4> for CurrentControlledVoltage {
    const LINEAR: bool = true;

    fn equations<S: Scalar>(&self, &[p, n, sensed, i]: &[S; 4], _environment: &Environment) -> Contribution<S, 4> {
        Contribution::resistive([i, -i, S::zero(), p - n - sensed * self.gain])
    }
}

//! Parasitics inside of C, L, V and I elements, as LTspice's cards have them.
//!
//! ```text
//! p ──┬── rser ──(lser ∥ rlshunt)── element ──┬── n
//!     ├───────────── rpar ────────────────────┤
//!     └───────────── cpar ────────────────────┘
//! ```
//! What is not on the card is not there. `m=` units in parallel each have them. i(element) is the current of the element proper.
//! Source: LTspice's help on C, L and V.

use super::assembly::{Unknown, UnknownKind, UnknownName};
use super::capacitor::Capacitor;
use super::construct::Construction;
use super::inductor::Inductor;
use super::junction::kelvin;
use super::series_resistance::SeriesResistance;
use crate::circuit::element::Value;
use crate::diagnostic::Diagnostic;

/// Their names on the card.
pub const NAMES: [&str; 5] = ["rser", "lser", "rlshunt", "rpar", "cpar"];

/// Makes the parasitics of `c`'s card; the first terminal of the element proper.
pub fn place(c: &mut Construction) -> Unknown {
    let [p, n] = [c.terminal(0), c.terminal(1)];
    let [series, inductance, shunt, parallel, capacitance] = NAMES.map(|name| value(c, name));
    if let Some(resistance) = parallel {
        resistor(c, resistance, "rpar", [p, n]);
    }
    if let Some(capacitance) = capacitance {
        let capacitor = Capacitor::new(capacitance * units(c));
        c.assembly.add_auxiliary(c.id, capacitor, [p, n]);
    }
    let mut inner = p;
    if let Some(resistance) = series {
        inner = in_series(c, resistance, "rser", inner);
    }
    if let Some(inductance) = inductance {
        let next = c.assembly.internal_node(c.id, "lser");
        let branch = c.assembly.unknown(UnknownName::Internal(c.id, "lser_current".into()), UnknownKind::Current);
        let inductor = Inductor::new(inductance / units(c));
        c.assembly.add_auxiliary(c.id, inductor, [inner, next, branch]);
        if let Some(resistance) = shunt {
            resistor(c, resistance, "rlshunt", [inner, next]);
        }
        inner = next;
    }
    inner
}

/// A resistance from `from` to the node that it makes.
pub fn in_series(c: &mut Construction, resistance: f64, name: &'static str, from: Unknown) -> Unknown {
    let next = c.assembly.internal_node(c.id, name);
    resistor(c, resistance, name, [from, next]);
    next
}

/// A positive value of the card; 0 is none.
fn value(c: &mut Construction, name: &str) -> Option<f64> {
    let parameter = c.element.parameter(name)?;
    match parameter.value {
        Value::Number(number) if number >= 0.0 => Some(number).filter(|&number| number > 0.0),
        _ => {
            let message = format!("`{name}` of `{}` must be a number that is not negative", c.element.name);
            c.error(Diagnostic::error(message).at(parameter.span));
            None
        }
    }
}

/// Units in parallel; a source has none.
fn units(c: &Construction) -> f64 {
    if c.element.letter == b'v' { 1.0 } else { c.multiplier() }
}

fn resistor(c: &mut Construction, resistance: f64, name: &'static str, unknowns: [Unknown; 2]) {
    let (conductance, temperature) = (units(c) / resistance, kelvin(c.temperature()));
    c.assembly.add_auxiliary(c.id, SeriesResistance { conductance, name, temperature }, unknowns);
}

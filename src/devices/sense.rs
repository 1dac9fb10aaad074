//! Currents of elements that have no branch current: a source of 0 V before their first terminal.
//!
//! Only elements whose current an expression, an F, an H or a W card uses get one.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::assembly::Assembly;
use super::construct::has_branch;
use super::device::{Contribution, Device, Environment};
use crate::circuit::bound::Bound;
use crate::circuit::element::Value;
use crate::circuit::{Circuit, Element, ElementId};
use crate::numerics::scalar::Scalar;

/// A source of 0 V; unknowns: terminal, node behind it, current.
struct Sense;

impl Device<3> for Sense {
    const LINEAR: bool = true;

    fn equations<S: Scalar>(
        &self,
        &[outer, inner, current]: &[S; 3],
        _environment: &Environment,
    ) -> Contribution<S, 3> {
        Contribution::resistive([current, -current, outer - inner])
    }
}

/// Places sources of 0 V where they are needed.
pub fn place(circuit: &Circuit, elements: &[ElementId], assembly: &mut Assembly) {
    for &id in elements {
        let element = circuit.element(id);
        let outer = assembly.node(element.nodes[0]);
        let inner = assembly.internal_node(id, "sensed");
        let current = assembly.branch(id);
        assembly.add_auxiliary(id, Sense, [outer, inner, current]);
        assembly.sensed.insert(id, inner);
    }
}

/// Elements that need a source of 0 V, in order; quantities that expressions read go to `observed`.
pub fn sensed(circuit: &Circuit, observed: &mut FxHashSet<(ElementId, Arc<str>)>) -> Vec<ElementId> {
    let is_sensed = |id: &ElementId| {
        let element = circuit.element(*id);
        !(has_branch(element) || element.nodes.is_empty() || matches!(element.letter, b'a' | b'k' | b'x'))
    };
    let mut sensed: Vec<ElementId> = wanted(circuit, observed).into_iter().filter(is_sensed).collect();
    sensed.sort_unstable();
    sensed
}

/// Elements whose currents are used; other quantities go to `observed`.
fn wanted(circuit: &Circuit, observed: &mut FxHashSet<(ElementId, Arc<str>)>) -> FxHashSet<ElementId> {
    let mut wanted = FxHashSet::default();
    for element in &circuit.elements {
        if matches!(element.letter, b'f' | b'h' | b'w') {
            wanted.extend(element.controls.iter().copied());
        }
        walk(element, &mut |bound| match bound {
            Bound::Current(element) => {
                wanted.insert(*element);
            }
            Bound::Quantity(element, name) if &**name == "i" => {
                wanted.insert(*element);
            }
            Bound::Quantity(element, name) => {
                observed.insert((*element, name.clone()));
            }
            _ => {}
        });
    }
    wanted
}

/// Whether an expression of `element` uses an internal state of another element, which must be built before it.
pub fn uses_states(element: &Element) -> bool {
    let mut found = false;
    walk(element, &mut |bound| found |= matches!(bound, Bound::Quantity(..)));
    found
}

/// Calls `visit` on all parts of all expressions of `element`.
fn walk(element: &Element, visit: &mut impl FnMut(&Bound)) {
    let values = element.values.iter().map(|value| &value.item);
    for value in values.chain(element.parameters.iter().map(|parameter| &parameter.value)) {
        match value {
            Value::Expression(bound) => bound.walk(visit),
            Value::Call(call) => {
                for argument in &call.arguments {
                    if let Value::Expression(bound) = &argument.item {
                        bound.walk(visit);
                    }
                }
            }
            _ => {}
        }
    }
}

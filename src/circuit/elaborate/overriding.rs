//! What commands and sweeps change in a circuit.

use super::scope::{ParameterState, TOP};
use super::{Elaborator, Parameter};
use crate::circuit::element::{CallValue, Element, Spanned, Value};
use crate::diagnostic::{Diagnostic, nearest};

impl<'d> Elaborator<'d> {
    /// Top-level parameters: set before anything is evaluated.
    pub fn override_parameters(&mut self) {
        let overrides = self.overrides;
        for (name, value) in &overrides.parameters {
            if !super::instance::knows_parameter(name, &self.deck.top) {
                let names = self.deck.top.parameters.iter().map(|card| &*card.name.text);
                let error = Diagnostic::error(format!("the deck has no parameter `{name}`")).nearest(name, names);
                self.report(error);
                continue;
            }
            let top = self.scope_mut(TOP);
            top.given.retain(|(given, _)| *given != &**name);
            top.given.push((name, *value));
            top.states.insert(name, ParameterState::Value(*value));
        }
    }

    /// Models of this name, local ones too.
    pub fn override_models(&mut self) {
        let overrides = self.overrides;
        for (model, name, value) in &overrides.models {
            let mut found = false;
            let parameter = self.shared_name(name);
            for candidate in &mut self.circuit.models {
                let local = candidate.name.rsplit_once(':').map(|(_, local)| local);
                if candidate.name == *model || local == Some(model) {
                    let span = candidate.span;
                    candidate.parameters.push(Parameter {
                        name: parameter.clone(),
                        value: Value::Number(*value),
                        span,
                    });
                    found = true;
                }
            }
            if !found {
                let names = self.circuit.models.iter().map(|model| &*model.name);
                let error = Diagnostic::error(format!("the circuit has no model `{model}`")).nearest(model, names);
                self.report(error);
            }
        }
    }

    pub fn override_elements(&mut self) {
        let overrides = self.overrides;
        for (element, name, value) in &overrides.elements {
            let Some(id) = self.find_element(TOP, element) else {
                let near =
                    nearest(element, self.circuit.elements.iter().map(|element| &*element.name)).map(str::to_owned);
                let error = Diagnostic::error(format!("the circuit has no element `{element}`"));
                self.report(error.nearest(element, near.as_deref()));
                continue;
            };
            let name = self.shared_name(name);
            let element = &mut self.circuit.elements[id.0 as usize];
            if name.is_empty() {
                set_principal_value(element, *value);
            } else {
                let span = element.span;
                let parameter = Parameter { name, value: Value::Number(*value), span };
                element.parameters = element.parameters.iter().cloned().chain([parameter]).collect();
            }
        }
    }
}

impl<'d> Elaborator<'d> {
    /// Waveforms of sources, in the place of those on their cards.
    pub fn override_waveforms(&mut self) {
        let overrides = self.overrides;
        for (source, waveform, values) in &overrides.waveforms {
            let found = self.find_element(TOP, source);
            let found = found.filter(|id| matches!(self.circuit.element(*id).letter, b'v' | b'i'));
            let Some(id) = found else {
                let sources = self.circuit.elements.iter().filter(|element| matches!(element.letter, b'v' | b'i'));
                let near = nearest(source, sources.map(|element| &*element.name)).map(str::to_owned);
                let error = Diagnostic::error(format!("the circuit has no source `{source}`"));
                self.report(error.nearest(source, near.as_deref()));
                continue;
            };
            let function = self.shared_name(waveform);
            let element = &mut self.circuit.elements[id.0 as usize];
            let span = element.span;
            let arguments = values.iter().map(|&value| Spanned { item: Value::Number(value), span }).collect();
            let call = Value::Call(Box::new(CallValue { function, arguments, parameters: Vec::new() }));
            let others = element.values.iter().filter(|value| !matches!(value.item, Value::Call(_))).cloned();
            element.values = others.chain([Spanned { item: call, span }]).collect();
        }
    }
}

/// Replaces the value that the element is named for: of a source its DC value.
fn set_principal_value(element: &mut Element, value: f64) {
    let letter = [element.letter];
    let letter = std::str::from_utf8(&letter).unwrap_or("");
    if let Some(parameter) =
        element.parameters.iter_mut().rev().find(|parameter| &*parameter.name == letter || &*parameter.name == "dc")
    {
        parameter.value = Value::Number(value);
        return;
    }
    let is_dc = |item: &Value| matches!(item, Value::Word(word) if &**word == "dc");
    let place = match element.values.iter().position(|value| is_dc(&value.item)) {
        Some(dc) => Some(dc + 1),
        None => Some(0),
    };
    let number = Spanned { item: Value::Number(value), span: element.span };
    let slot = place.and_then(|place| element.values.get_mut(place));
    match slot {
        Some(slot) if matches!(slot.item, Value::Number(_) | Value::Expression(_)) => slot.item = number.item,
        _ => element.values = [number].into_iter().chain(element.values.iter().cloned()).collect(),
    }
}

//! The numbers of element and model cards that an analysis can vary, one at a time, under the names that ngspice has for them.
//!
//! ```text
//! r1         what the card of r1 is for: its resistance, the DC value of a source, a gain
//! m1_w       the parameter w of the element
//! q1:bf      the parameter bf of the model of q1, varied for q1 alone
//! ```
//! A device lists its numbers in an [`Adjustable`]; of one that does not, the numbers that stand on its cards are known.

use super::parameters::ParameterInfo;
use super::registry;
use crate::circuit::element::{Parameter, Spanned, Value};
use crate::circuit::{Circuit, Element, ElementId, Model};

/// The numbers of a kind of device.
#[derive(Debug, Clone, Copy)]
pub struct Adjustable {
    pub principal: Principal,
    pub element: &'static [ElementNumber],
    /// The table of the model's card.
    pub model: &'static [ParameterInfo],
}

/// What the card of an element is for.
#[derive(Debug, Clone, Copy)]
pub enum Principal {
    None,
    /// The first number on the card, or one of these parameters; `dynamic`: without effect in DC.
    Value {
        names: &'static [&'static str],
        dynamic: bool,
    },
    /// The gain of a controlled source: the same, shown as `e1_gain`.
    Gain,
    /// `dc`, `acmag` and `acphase` of an independent source.
    Source,
}

/// A number on an element's card.
#[derive(Debug, Clone, Copy)]
pub struct ElementNumber {
    pub name: &'static str,
    pub default: Default,
    /// Without effect in DC.
    pub dynamic: bool,
}

/// The value of a number that does not stand on the card.
#[derive(Debug, Clone, Copy)]
pub enum Default {
    Number(f64),
    /// The temperature of the element, °C.
    Temperature,
    /// The `area` of the element.
    Area,
    /// Only what stands on the card counts.
    Absent,
}

/// A number that stands on the card or not.
pub const fn number(name: &'static str, default: f64) -> ElementNumber {
    ElementNumber { name, default: Default::Number(default), dynamic: false }
}

/// A number that counts if it stands on the card.
pub const fn given(name: &'static str) -> ElementNumber {
    ElementNumber { name, default: Default::Absent, dynamic: false }
}

/// `temp`
pub const TEMPERATURE: ElementNumber = ElementNumber { name: "temp", default: Default::Temperature, dynamic: false };

/// Of devices without a list.
pub const UNLISTED: Adjustable = Adjustable { principal: Principal::None, element: &[], model: &[] };

/// Where a number stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    Principal,
    /// Magnitude of a source's small signal.
    Magnitude,
    /// Its phase in degrees.
    Phase,
    Element(String),
    Model(String),
}

/// A number of an element's cards.
#[derive(Debug, Clone, PartialEq)]
pub struct CardNumber {
    /// As ngspice names it, with the element's name.
    pub name: String,
    pub place: Place,
    pub value: f64,
    /// Without effect in DC.
    pub dynamic: bool,
    /// The value is the default of the card.
    pub is_default: bool,
}

/// Numbers that choose between equations.
const SELECTORS: &[&str] = &["level", "tlev", "tlevc", "nlev", "subs", "tpg"];

/// Names of a gain on a card.
const GAIN: &[&str] = &["gain"];

/// Values below count as absent, as in ngspice, except for what a card is for.
const LEAST: f64 = 1e-30;

/// The numbers of the cards of `id` that are not 0, in ngspice's order: model, then element.
pub fn numbers(circuit: &Circuit, id: ElementId) -> Vec<CardNumber> {
    let listing = Listing { circuit, element: circuit.element(id) };
    let table = registry::adjustable(circuit, id);
    let mut found = Vec::new();
    if let Some(model) = listing.element.model.map(|id| circuit.model(id)) {
        listing.model_numbers(table, model, &mut found);
    }
    listing.principal(table.principal, &mut found);
    if matches!(table.principal, Principal::None) && table.element.is_empty() {
        listing.on_card(&mut found);
    }
    for number in table.element {
        listing.element_number(number, &mut found);
    }
    found
}

struct Listing<'a> {
    circuit: &'a Circuit,
    element: &'a Element,
}

impl Listing<'_> {
    fn model_numbers(&self, table: &Adjustable, model: &Model, found: &mut Vec<CardNumber>) {
        let level = model.parameter("level").and_then(|level| level.value.number()).unwrap_or(1.0);
        let mut add = |name: &str, value: f64, unit: &str, is_default: bool| {
            if !value.is_finite() || value.abs() < LEAST || SELECTORS.contains(&name) {
                return;
            }
            // What has no effect in DC has a unit of charge or flux per voltage or current, or of time.
            let dynamic = unit == "s" || unit == "H" || unit == "F" || unit.starts_with("F/");
            let place = Place::Model(name.to_string());
            found.push(CardNumber { name: format!("{}:{name}", self.element.name), place, value, dynamic, is_default });
        };
        for info in table.model.iter().filter(|info| is_of_level(info, level)) {
            let on_card = info.names.iter().find_map(|name| model.parameter(name));
            match on_card.map(|parameter| parameter.value.number()) {
                Some(Some(value)) => add(info.names[0], value, info.unit, false),
                Some(None) => {}
                None if info.names[0] == "tnom" => add("tnom", self.circuit.options.tnom, info.unit, true),
                None => add(info.names[0], info.default, info.unit, true),
            }
        }
        if table.model.is_empty() {
            for parameter in distinct(&model.parameters) {
                add(&parameter.name, parameter.value.number().unwrap_or(0.0), "", false);
            }
        }
    }

    fn principal(&self, principal: Principal, found: &mut Vec<CardNumber>) {
        let name = self.element.name.to_string();
        let mut add = |name: String, place: Place, value: f64, dynamic: bool| {
            found.push(CardNumber { name, place, value, dynamic, is_default: false });
        };
        match principal {
            Principal::None => {}
            Principal::Value { names, dynamic } => {
                if let Some(value) = self.principal_value(names) {
                    add(name, Place::Principal, value, dynamic);
                }
            }
            Principal::Gain => {
                if let Some(value) = self.principal_value(GAIN) {
                    add(format!("{name}_gain"), Place::Principal, value, false);
                }
            }
            Principal::Source => {
                add(name.clone(), Place::Principal, dc_value(self.element), false);
                let [magnitude, phase] = small_signal(self.element);
                if magnitude != 0.0 {
                    add(format!("{name}_acmag"), Place::Magnitude, magnitude, true);
                }
                if phase != 0.0 {
                    add(format!("{name}_acphase"), Place::Phase, phase, true);
                }
            }
        }
    }

    fn principal_value(&self, names: &[&str]) -> Option<f64> {
        let first = self.element.values.first().and_then(|value| value.item.number());
        first.or_else(|| names.iter().find_map(|name| self.element.parameter(name)?.value.number()))
    }

    fn element_number(&self, number: &ElementNumber, found: &mut Vec<CardNumber>) {
        let on_card = self.element.parameter(number.name).map(|parameter| parameter.value.number());
        let unlisted = |name: &str| self.element.parameter(name)?.value.number();
        // The area of a device may be the first number on its card.
        let area = || unlisted("area").or_else(|| self.element.values.first()?.item.number()).unwrap_or(1.0);
        let value = match (on_card, number.default) {
            (Some(value), _) => value,
            (None, Default::Area) => Some(area()),
            (None, Default::Number(_)) if number.name == "area" => Some(area()),
            (None, Default::Number(default)) => Some(default),
            (None, Default::Temperature) => Some(self.circuit.options.temp + unlisted("dtemp").unwrap_or(0.0)),
            (None, Default::Absent) => None,
        };
        if let Some(value) = value.filter(|value| value.is_finite() && value.abs() >= LEAST) {
            let shown = if number.name == "tc1" { "tc" } else { number.name };
            self.push([number.name, shown], value, number.dynamic, on_card.is_none(), found);
        }
    }

    /// The numbers that stand on the card of an element without a list.
    fn on_card(&self, found: &mut Vec<CardNumber>) {
        for parameter in distinct(&self.element.parameters) {
            if let Some(value) = parameter.value.number().filter(|value| value.abs() >= LEAST) {
                self.push([&parameter.name; 2], value, false, false, found);
            }
        }
    }

    /// A number by its name on the card and the one that ngspice shows.
    fn push(&self, [name, shown]: [&str; 2], value: f64, dynamic: bool, is_default: bool, found: &mut Vec<CardNumber>) {
        let place = Place::Element(name.to_string());
        found.push(CardNumber { name: format!("{}_{shown}", self.element.name), place, value, dynamic, is_default });
    }
}

/// The last of each name.
fn distinct(parameters: &[Parameter]) -> impl Iterator<Item = &Parameter> {
    let last = |index: usize| parameters[index + 1..].iter().all(|other| other.name != parameters[index].name);
    parameters.iter().enumerate().filter(move |(index, _)| last(*index)).map(|(_, parameter)| parameter)
}

/// Whether a parameter belongs to `level`: tables of several levels say so in brackets at the end of the description.
fn is_of_level(info: &ParameterInfo, level: f64) -> bool {
    let Some((_, named)) = info.description.split_once("(level") else { return true };
    let numbers = named.trim_start_matches('s').trim_end_matches(')');
    numbers.split(',').any(|number| number.trim().parse() == Ok(level))
}

/// The DC value of a source as it stands on the card; 0 without one.
fn dc_value(element: &Element) -> f64 {
    if let Some(value) = element.parameter("dc").and_then(|parameter| parameter.value.number()) {
        return value;
    }
    let values = &element.values;
    let number = |index: usize| values.get(index).and_then(|value| value.item.number());
    let word = |value: &Spanned<Value>| matches!(&value.item, Value::Word(word) if &**word == "dc");
    let after_word = values.iter().position(word).and_then(|index| number(index + 1));
    after_word.or_else(|| number(0)).unwrap_or(0.0)
}

/// Magnitude and phase of a source's small signal.
fn small_signal(element: &Element) -> [f64; 2] {
    let values = &element.values;
    let word = |value: &Spanned<Value>| matches!(&value.item, Value::Word(word) if &**word == "ac");
    let number = |index: usize| values.get(index).and_then(|value| value.item.number());
    if let Some(value) = element.parameter("ac").and_then(|parameter| parameter.value.number()) {
        return [value, 0.0];
    }
    let Some(index) = values.iter().position(word) else { return [0.0; 2] };
    let Some(magnitude) = number(index + 1) else { return [1.0, 0.0] };
    [magnitude, number(index + 2).unwrap_or(0.0)]
}

/// Puts `value` in the place of a number.
pub fn set(element: &mut Element, model: Option<&mut Model>, place: &Place, value: f64, table: &Adjustable) {
    let span = element.span;
    let parameter = |name: &str| Parameter { name: name.into(), value: Value::Number(value), span };
    match place {
        Place::Model(name) => {
            if let Some(model) = model {
                model.parameters.push(parameter(name));
            }
        }
        Place::Element(name) => add_parameter(element, parameter(name)),
        Place::Principal => match (table.principal, element.values.first_mut()) {
            (Principal::Source, _) => add_parameter(element, parameter("dc")),
            (_, Some(first)) if first.item.number().is_some() => first.item = Value::Number(value),
            (Principal::Value { .. } | Principal::Gain, _) => {
                let names = if let Principal::Value { names, .. } = table.principal { names } else { GAIN };
                let own = names.iter().find(|name| element.parameter(name).is_some()).or(names.first());
                if let Some(name) = own {
                    add_parameter(element, parameter(name));
                }
            }
            (Principal::None, _) => {}
        },
        Place::Magnitude => set_small_signal(element, |[_, phase]| [value, phase]),
        Place::Phase => set_small_signal(element, |[magnitude, _]| [magnitude, value]),
    }
}

fn add_parameter(element: &mut Element, parameter: Parameter) {
    element.parameters = element.parameters.iter().cloned().chain([parameter]).collect();
}

fn set_small_signal(element: &mut Element, change: impl Fn([f64; 2]) -> [f64; 2]) {
    let [magnitude, phase] = change(small_signal(element));
    let span = element.span;
    let mut values: Vec<Spanned<Value>> = Vec::new();
    let mut of_signal = false;
    for value in &element.values {
        match &value.item {
            Value::Word(word) => of_signal = &**word == "ac",
            Value::Number(_) => {}
            _ => of_signal = false,
        }
        if !of_signal {
            values.push(value.clone());
        }
    }
    let items = [Value::Word("ac".into()), Value::Number(magnitude), Value::Number(phase)];
    values.extend(items.map(|item| Spanned { item, span }));
    element.values = values.into();
    element.parameters = element.parameters.iter().filter(|parameter| &*parameter.name != "ac").cloned().collect();
}

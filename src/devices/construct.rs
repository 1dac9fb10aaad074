//! From element cards to devices: what every device's constructor is given.

use std::any::TypeId;
use std::hash::Hasher;

use rustc_hash::FxHasher;

use super::assembly::{Assembly, Unknown};
use super::parameters::{NamedParameter, Unknowns, has};
use crate::circuit::element::{Parameter, Spanned, Value};
use crate::circuit::{Circuit, Element, ElementId, Model};
use crate::diagnostic::Diagnostic;
use crate::netlist::dialect::Dialect;

/// Everything that a device's constructor may use.
pub struct Construction<'a> {
    pub circuit: &'a Circuit,
    pub id: ElementId,
    pub element: &'a Element,
    pub assembly: &'a mut Assembly,
    pub diagnostics: &'a mut Vec<Diagnostic>,
}

impl<'a> Construction<'a> {
    /// Unknown of terminal number `index`; of the first one, behind the source that senses its current if there is one.
    pub fn terminal(&self, index: usize) -> Unknown {
        if index == 0
            && let Some(&inner) = self.assembly.sensed.get(&self.id)
        {
            return inner;
        }
        self.assembly.node(self.element.nodes[index])
    }

    pub fn terminals<const N: usize>(&self) -> [Unknown; N] {
        std::array::from_fn(|index| self.terminal(index))
    }

    /// What `make` makes of card and model; of a card that is like an earlier one it is that again.
    pub fn make_alike<T: Clone + Send + Sync + 'static>(
        &mut self,
        make: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Option<T> {
        let key = (TypeId::of::<T>(), self.element.model, self.numbers_hash());
        if let Some((other, made)) = self.assembly.made.get(&key)
            && self.circuit.element(*other).is_like(self.element)
            && let Some(made) = made.downcast_ref::<T>()
        {
            return Some(made.clone());
        }
        let made = make(self)?;
        self.assembly.made.insert(key, (self.id, Box::new(made.clone())));
        Some(made)
    }

    /// What `read` makes of the card alone, whatever the temperature is; in assemblies of the same cards it is that again.
    pub fn read_once<T: Clone + Send + Sync + 'static>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Option<T> {
        let earlier = self.assembly.read.as_ref().and_then(|all| all.get(&self.id)?.downcast_ref::<T>());
        if let Some(found) = earlier {
            return Some(found.clone());
        }
        let found = read(self)?;
        if let Some(all) = &mut self.assembly.read {
            all.insert(self.id, Box::new(found.clone()));
        }
        Some(found)
    }

    /// Hash of the card's numbers.
    fn numbers_hash(&self) -> u64 {
        let mut hasher = FxHasher::default();
        let of_parameters = self.element.parameters.iter().map(|parameter| &parameter.value);
        for value in self.element.values.iter().map(|value| &value.item).chain(of_parameters) {
            hasher.write_u64(value.number().map_or(0, f64::to_bits));
        }
        hasher.finish()
    }

    pub fn error(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// An error for devices that are to heat themselves and are not simulated so: with the word `thermal`, and a thermal resistance in
    /// `card`. False without.
    pub fn refuses_self_heating(&mut self, card: &Model, resistance: &str) -> bool {
        if !self.word("thermal") || card.parameter(resistance).is_none() {
            return false;
        }
        let message = format!("`{}` asks for self-heating, which is not simulated", self.element.name);
        let hint = "leave `thermal` and the thermal nodes away, and set the junction's temperature by `temp=`";
        self.error(Diagnostic::error(message).at(self.element.span).hint(hint));
        true
    }

    /// The model, with an error if there is none on the card.
    pub fn model(&mut self) -> Option<&'a Model> {
        let circuit = self.circuit;
        match self.element.model {
            Some(id) => Some(circuit.model(id)),
            None => {
                let message = format!("`{}` names no model", self.element.name);
                self.error(Diagnostic::error(message).at(self.element.span));
                None
            }
        }
    }

    /// Unknown of the current into the first terminal of `element`.
    pub fn sensed_current(&mut self, element: ElementId) -> Result<Unknown, Diagnostic> {
        let sensed = self.circuit.element(element);
        if has_branch(sensed) || self.assembly.sensed.contains_key(&element) {
            return Ok(self.assembly.branch(element));
        }
        Err(Diagnostic::error(format!("the current of `{}` cannot be sensed", sensed.name))
            .hint("put a source of 0 V in series with it and use its current"))
    }

    /// Positional value number `index`, if it is a number.
    pub fn number(&self, index: usize) -> Option<f64> {
        match self.element.values.get(index)?.item {
            Value::Number(number) => Some(number),
            _ => None,
        }
    }

    pub fn value(&self, index: usize) -> Option<&'a Spanned<Value>> {
        self.element.values.get(index)
    }

    /// Value of the parameter `name`, if it is a number.
    pub fn parameter(&self, name: &str) -> Option<f64> {
        match self.element.parameter(name)?.value {
            Value::Number(number) => Some(number),
            _ => None,
        }
    }

    /// Whether this word stands among the values of the card (`off`).
    pub fn word(&self, name: &str) -> bool {
        let flag = self.element.parameter(name).is_some_and(|parameter| parameter.value.number() != Some(0.0));
        flag || self.element.values.iter().any(|value| matches!(&value.item, Value::Word(word) if &**word == name))
    }

    /// The numbers of a parameter such as `ic=0.6,5`, what is not written being 0; `None` without it.
    pub fn list<const N: usize>(&self, name: &str) -> Option<[f64; N]> {
        let mut found = [0.0; N];
        match &self.element.parameter(name)?.value {
            Value::List(items) => {
                let numbers = items.iter().map(|item| item.item.number().unwrap_or(0.0));
                found.iter_mut().zip(numbers).for_each(|(to, number)| *to = number);
            }
            single => found[0] = single.number().unwrap_or(0.0),
        }
        Some(found)
    }

    /// Whether the `level` of a model is one of `levels` (number and name); the first of them is the default.
    pub fn check_level(&mut self, card: &Model, what: &str, levels: &[(f64, &str)]) -> bool {
        let Some(level) = card.parameter("level") else { return true };
        if levels.iter().any(|(number, _)| level.value.number() == Some(*number)) {
            return true;
        }
        let level_name = level.value.number().map_or("a level".into(), |number| format!("level {number}"));
        let message = format!("model `{}` has {level_name}, which there is no {what} for", card.name);
        let names: Vec<String> = levels.iter().map(|(number, name)| format!("{number} ({name})")).collect();
        self.error(Diagnostic::error(message).at(level.span).hint(format!("levels: {}", names.join(", "))));
        false
    }

    /// Whether these numbers of a model card are positive, with an error for each that is not.
    pub fn check_positive(&mut self, card: &Model, numbers: &[(&str, f64)]) -> bool {
        let before = self.diagnostics.len();
        for &(name, value) in numbers {
            if value.is_nan() || value <= 0.0 {
                let span = card.parameter(name).map_or(card.span, |parameter| parameter.span);
                let message = format!("`{name}` of model `{}` must be positive", card.name);
                self.error(Diagnostic::error(message).at(span));
            }
        }
        self.diagnostics.len() == before
    }

    /// `area=` or the first value of the card, 1 without; `None` after an error.
    pub fn area(&mut self) -> Option<f64> {
        let area = self.parameter("area").or_else(|| self.number(0)).unwrap_or(1.0);
        if area > 0.0 {
            return Some(area);
        }
        let span = self.element.parameter("area").map_or(self.element.span, |parameter| parameter.span);
        let message = format!("the area of `{}` must be positive", self.element.name);
        self.error(Diagnostic::error(message).at(span));
        None
    }

    pub fn element_parameters(&self) -> &'a [Parameter] {
        &self.element.parameters
    }

    /// The element's own `m` times that of the subcircuits around it.
    pub fn multiplier(&self) -> f64 {
        self.element.multiplier * self.parameter("m").unwrap_or(1.0)
    }

    /// Element temperature in °C: `temp=`, or the circuit's plus `dtemp=`.
    pub fn temperature(&self) -> f64 {
        self.parameter("temp").unwrap_or_else(|| self.circuit.options.temp + self.parameter("dtemp").unwrap_or(0.0))
    }

    /// Reports every parameter on the card that is not in `known`.
    pub fn check_parameters(&mut self, known: &[NamedParameter], unknowns: Unknowns) {
        for parameter in self.element.parameters.iter() {
            if has(known, &parameter.name) || has(COMMON, &parameter.name) {
                continue;
            }
            let message = format!("unknown parameter `{}` of `{}`", parameter.name, self.element.name);
            let diagnostic = match unknowns {
                Unknowns::Ignore => continue,
                Unknowns::Warn => Diagnostic::warning(message + " is ignored"),
                Unknowns::Reject => Diagnostic::error(message),
            };
            let names = known.iter().chain(COMMON).flat_map(|parameter| parameter.names).copied();
            self.diagnostics.push(diagnostic.at(parameter.span).nearest(&parameter.name, names));
        }
    }
}

/// Whether `element` has a branch current of its own.
pub fn has_branch(element: &Element) -> bool {
    match element.letter {
        b'v' | b'l' | b't' | b'o' => true,
        b'e' | b'h' => element.parameter("cur").is_none(),
        b'f' | b'g' => element.parameter("vol").is_some(),
        b'b' => element.parameter("v").is_some(),
        _ => false,
    }
}

/// What a model's own value `of_model` is to the one `written` on the card: in PSpice a factor, elsewhere only the value
/// where none is written.
pub fn factor_of_model(circuit: &Circuit, written: Option<f64>, of_model: Option<f64>) -> f64 {
    let factor = written.and(of_model).filter(|factor| circuit.dialect == Dialect::Pspice && factor.is_finite());
    factor.unwrap_or(1.0)
}

/// Parameters that every element has.
pub const COMMON: &[NamedParameter] = &[
    NamedParameter::new(&["m"], "", "1", "Number of devices in parallel"),
    NamedParameter::new(&["temp"], "°C", "of the circuit", "Temperature of the element"),
    NamedParameter::new(&["dtemp"], "K", "0", "How much warmer it is than the circuit, without `temp`"),
];

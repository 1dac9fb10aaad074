//! Model cards of code models: vectors and truths beside numbers.

use crate::circuit::Model;
use crate::circuit::element::{Parameter, Value};
use crate::devices::construct::Construction;
use crate::devices::parameters::{NamedParameter, Unknowns, has};
use crate::diagnostic::Diagnostic;

/// The model card of a code model.
pub struct Card<'a> {
    pub model: &'a Model,
    /// `model `name``, for messages.
    pub owner: String,
    /// The parameters that are numbers; `true` and `false` are 1 and 0.
    pub numbers: Vec<Parameter>,
}

impl<'a> Card<'a> {
    /// The model of `c`'s card; parameters called `vectors` are lists.
    pub fn of(c: &mut Construction<'a>, vectors: &[NamedParameter]) -> Option<Self> {
        let model = c.model()?;
        c.check_parameters(&[], Unknowns::Warn);
        let own = model.parameters.iter().filter(|parameter| !has(vectors, &parameter.name));
        let numbers = own.map(truth_as_number).collect();
        Some(Card { model, owner: format!("model `{}`", model.name), numbers })
    }

    /// The error that `name` of this model `demand`s something else.
    pub fn error(&self, name: &str, demand: &str) -> Diagnostic {
        let span = self.model.parameter(name).map_or(self.model.span, |parameter| parameter.span);
        Diagnostic::error(format!("`{name}` of {} {demand}", self.owner)).at(span)
    }

    /// Reports every value that is not as it must be; true if all are.
    pub fn demand(&self, c: &mut Construction, demands: &[(&str, bool, &str)]) -> bool {
        for (name, holds, demand) in demands {
            if !holds {
                c.error(self.error(name, demand));
            }
        }
        demands.iter().all(|(_, holds, _)| *holds)
    }

    /// The numbers of `name=[…]`; empty if it is missing, None after an error.
    pub fn vector(&self, c: &mut Construction, name: &str) -> Option<Vec<f64>> {
        let Some(parameter) = self.model.parameter(name) else { return Some(Vec::new()) };
        let numbers: Option<Vec<f64>> = match &parameter.value {
            Value::List(items) => items.iter().map(|item| item.item.number()).collect(),
            value => value.number().map(|number| vec![number]),
        };
        if numbers.is_none() {
            c.error(self.error(name, "must be a list of numbers").hint(format!("write `{name}=[1 2 3]`")));
        }
        numbers
    }

    /// The text or word of `name=`.
    pub fn word(&self, name: &str) -> Option<&'a str> {
        match &self.model.parameter(name)?.value {
            Value::Word(word) => Some(word),
            _ => None,
        }
    }

    /// The numbers of `name=[…]`, one for each of `count` inputs, or `default` for all.
    pub fn vector_of(&self, c: &mut Construction, name: &str, count: usize, default: f64) -> Option<Vec<f64>> {
        let numbers = self.vector(c, name)?;
        if numbers.is_empty() {
            return Some(vec![default; count]);
        }
        if numbers.len() != count {
            let demand = format!("has {} values for {count} inputs", numbers.len());
            c.error(self.error(name, &demand));
            return None;
        }
        Some(numbers)
    }
}

fn truth_as_number(parameter: &Parameter) -> Parameter {
    let value = match &parameter.value {
        Value::Word(word) if matches!(&**word, "true" | "t" | "yes") => Value::Number(1.0),
        Value::Word(word) if matches!(&**word, "false" | "f" | "no") => Value::Number(0.0),
        other => other.clone(),
    };
    Parameter { value, ..parameter.clone() }
}

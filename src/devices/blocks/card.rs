//! Model cards of blocks: lists and words beside the numbers of the parameter table.

use super::playback::Overlap;
use crate::circuit::Model;
use crate::circuit::element::{Parameter, Value};
use crate::devices::construct::Construction;
use crate::devices::parameters::{NamedParameter, Unknowns, has};
use crate::diagnostic::{Diagnostic, Span};

/// A block's model card.
pub struct BlockCard<'a> {
    pub model: &'a Model,
    /// `model `name``, for messages.
    pub owner: String,
    /// The parameters that are numbers, for the table.
    pub numbers: Vec<Parameter>,
}

impl<'a> BlockCard<'a> {
    /// The model of `c`'s card. Parameters called `others` are lists or words and not in the table; the card itself has only
    /// what all elements have.
    pub fn of(c: &mut Construction<'a>, others: &[NamedParameter]) -> Option<Self> {
        let model = c.model()?;
        c.check_parameters(&[], Unknowns::Reject);
        let own = |parameter: &&Parameter| !has(others, &parameter.name);
        let numbers = model.parameters.iter().filter(own).cloned().collect();
        Some(BlockCard { model, owner: format!("model `{}`", model.name), numbers })
    }

    /// Where `name` stands, or the whole card.
    pub fn span(&self, name: &str) -> Span {
        self.model.parameter(name).map_or(self.model.span, |parameter| parameter.span)
    }

    /// The error that `name` of this model `demand`s something else.
    pub fn error(&self, name: &str, demand: &str) -> Diagnostic {
        Diagnostic::error(format!("`{name}` of {} {demand}", self.owner)).at(self.span(name))
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

    /// The numbers of `name=[…]`, or `default` if it is missing.
    pub fn list(&self, c: &mut Construction, name: &str, default: Option<&[f64]>) -> Option<Vec<f64>> {
        let Some(parameter) = self.model.parameter(name) else {
            if default.is_none() {
                c.error(self.error(name, "is missing").hint(format!("write `{name}=[…]`")));
            }
            return default.map(<[f64]>::to_vec);
        };
        let number = |value: &Value| match value {
            Value::Number(number) => Some(*number),
            _ => None,
        };
        let numbers: Option<Vec<f64>> = match &parameter.value {
            Value::List(items) => items.iter().map(|item| number(&item.item)).collect(),
            value => number(value).map(|number| vec![number]),
        };
        if numbers.as_ref().is_none_or(Vec::is_empty) {
            c.error(self.error(name, "must be a list of numbers").hint(format!("write `{name}=[1 2 3]`")));
        }
        numbers.filter(|numbers| !numbers.is_empty())
    }

    /// `mode=add` or `mode=restart`.
    pub fn overlap(&self, c: &mut Construction, default: Overlap) -> Option<Overlap> {
        let Some(parameter) = self.model.parameter("mode") else { return Some(default) };
        match &parameter.value {
            Value::Word(word) if &**word == "add" => Some(Overlap::Add),
            Value::Word(word) if &**word == "restart" => Some(Overlap::Restart),
            _ => {
                c.error(self.error("mode", "must be `add` or `restart`"));
                None
            }
        }
    }
}

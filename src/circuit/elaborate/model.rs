//! Models: found by name, evaluated when first used.

use std::sync::Arc;

use super::card_cursor::CardCursor;
use super::scope::{ScopeId, TOP};
use super::tail::Rules;
use super::{Elaborator, Reported};
use crate::circuit::element::{Parameter, Spanned, Value};
use crate::circuit::model::{Model, ModelId};
use crate::diagnostic::{Diagnostic, Span};
use crate::netlist::card::{ModelCard, Name};
use crate::netlist::token::TokenKind;

/// Parameters of models that name other models.
const REFERENCES: &[&str] = &["cell", "selector", "transistor"];

impl<'d> Elaborator<'d> {
    /// The model that a card in `scope` calls `name`; None if there is none.
    pub fn model(&mut self, scope: ScopeId, name: &str) -> Option<Result<ModelId, Reported>> {
        let (home, card) = self.find_model(scope, name)?;
        if self.varies_by_device(card) {
            return Some(self.new_model(home, card));
        }
        if card.constant
            && let Some(&id) = self.shared_models.get(&std::ptr::from_ref(card))
        {
            return Some(Ok(id));
        }
        if let Some(&id) = self.scope(home).models.get(&*card.name.text) {
            return Some(Ok(id));
        }
        Some(self.new_model(home, card))
    }

    fn new_model(&mut self, home: ScopeId, card: &'d ModelCard) -> Result<ModelId, Reported> {
        let mut parameters = Vec::new();
        let prefix = self.scope(home).prefix.clone();
        self.drawing.device = self.drawing.owner.clone();
        let kind = self
            .drawing_for(&prefix, &card.name.text, |this| this.collect(home, card, &mut Vec::new(), &mut parameters))?;
        let shared = card.constant && card.base.is_none() && !self.varies_by_device(card);
        let name = if prefix.is_empty() || shared {
            card.name.text.clone()
        } else {
            format!("{prefix}:{}", card.name.text).into()
        };
        let references = references(&parameters);
        let id = ModelId(self.circuit.models.len() as u32);
        self.circuit.models.push(Model {
            name,
            kind: kind.text,
            parameters,
            span: card.span,
            kind_span: kind.span,
            reading: Default::default(),
        });
        if shared {
            self.shared_models.insert(card, id);
        }
        if !self.varies_by_device(card) {
            self.scope_mut(home).models.insert(&card.name.text, id);
        }
        // What is missing, devices report.
        for name in references {
            self.model(home, &name).transpose()?;
        }
        Ok(id)
    }

    /// Adds the parameters of the base and then those of `card`; gives the kind.
    fn collect(
        &mut self,
        home: ScopeId,
        card: &'d ModelCard,
        chain: &mut Vec<&'d ModelCard>,
        parameters: &mut Vec<Parameter>,
    ) -> Result<Name, Reported> {
        if chain.iter().any(|open| std::ptr::eq(*open, card)) || chain.len() > 100 {
            let message = format!("the model `{}` is based on itself", card.name.text);
            return Err(self.report(Diagnostic::error(message).at(card.span)));
        }
        chain.push(card);
        let inherited = match &card.base {
            Some(base) => Some(self.base(home, base, chain, parameters)?),
            None => None,
        };
        self.model_parameters(home, card, parameters)?;
        match (card.kind.clone(), inherited) {
            (Some(kind), Some(inherited)) if kind.text != inherited.text => {
                let message =
                    format!("the base of `{}` is of kind `{}`, not `{}`", card.name.text, inherited.text, kind.text);
                Err(self.report(Diagnostic::error(message).at(kind.span).label(inherited.span, "its kind")))
            }
            (Some(kind), _) | (None, Some(kind)) => Ok(kind),
            (None, None) => Err(Reported),
        }
    }

    fn base(
        &mut self,
        home: ScopeId,
        base: &Name,
        chain: &mut Vec<&'d ModelCard>,
        parameters: &mut Vec<Parameter>,
    ) -> Result<Name, Reported> {
        match self.find_model(home, &base.text) {
            Some((home, card)) => self.collect(home, card, chain, parameters),
            None => Err(self.undefined_model(&base.text, base.span, home)),
        }
    }

    fn model_parameters(
        &mut self,
        home: ScopeId,
        card: &'d ModelCard,
        parameters: &mut Vec<Parameter>,
    ) -> Result<(), Reported> {
        let mut cursor = CardCursor::new(self.deck, &card.parameters);
        let rules = Rules::new(home, b'.', false);
        let mut result = Ok(());
        // Matrices of coupled lines are written as `c=1p -0.2p 1p`.
        let lists = card.kind.as_ref().is_some_and(|kind| &*kind.text == "cpl");
        // What the last parameter is without its tolerances.
        let mut nominal = None;
        loop {
            cursor.skip_separators();
            if cursor.at_end() {
                return result;
            }
            if self.tolerance(&mut cursor, card, parameters.last_mut(), nominal)? {
                continue;
            }
            let is_of_matrix =
                cursor.kind() != Some(TokenKind::Word) || cursor.peek_word().is_some_and(super::element::is_number);
            if lists
                && is_of_matrix
                && let Some(last) = parameters.last_mut()
                && let Some(value) = self.positional(rules, &mut cursor)?
            {
                append(last, value);
                continue;
            }
            if cursor.at_key() {
                match self.pair(rules, &mut cursor) {
                    Ok(parameter) => {
                        nominal = if let Value::Number(number) = parameter.value { Some(number) } else { None };
                        parameters.push(parameter);
                    }
                    Err(reported) => result = Err(reported),
                }
            } else {
                // A lone word is a flag, as in `.model m nmos level=1 nlev`.
                let start = cursor.position();
                let Some((word, span)) = cursor.positional_word() else {
                    return Err(self.report(Diagnostic::error("expected `name=value`").at(cursor.here())));
                };
                if super::element::is_number(word) {
                    return Err(self.report(Diagnostic::error("expected `name=value`").at(span)));
                }
                let name = self.shared_name(word);
                // `bf 20` is as good as `bf=20`.
                let value = match cursor.peek_word() {
                    Some(next) if super::element::is_number(next) => self.pair_value(rules, &name, &mut cursor)?.item,
                    _ => Value::Number(1.0),
                };
                parameters.push(Parameter { name, value, span: cursor.span_since(start) });
            }
        }
    }

    pub fn visible_models(&self, scope: ScopeId) -> Vec<&'d str> {
        self.visible(scope, |block, names| names.extend(block.models.iter().map(|card| &*card.name.text)))
    }

    pub fn undefined_model(&mut self, name: &str, span: Span, scope: ScopeId) -> Reported {
        if self.is_broken(name) {
            return Reported;
        }
        let names = self.visible_models(scope);
        self.report(Diagnostic::error(format!("there is no model `{name}`")).at(span).nearest(name, names))
    }

    /// Evaluates the models at the top that no element uses, for the errors in them.
    pub fn remaining_models(&mut self) {
        for block in self.scope(TOP).blocks.clone() {
            for card in &block.models {
                let name: &Arc<str> = &card.name.text;
                // Errors have been reported.
                let _ = self.model(TOP, name);
            }
        }
    }
}

/// Makes a list of a parameter with one more value.
fn append(parameter: &mut Parameter, value: Spanned<Value>) {
    let span = parameter.span;
    match &mut parameter.value {
        Value::List(items) => items.push(value),
        first => *first = Value::List(vec![Spanned { item: first.clone(), span }, value]),
    }
}

/// The models that a model's parameters may name, such as those of a crossbar's cells.
fn references(parameters: &[Parameter]) -> Vec<Arc<str>> {
    let mut names = Vec::new();
    for parameter in parameters.iter().filter(|parameter| REFERENCES.contains(&&*parameter.name)) {
        let items: Vec<&Value> = match &parameter.value {
            Value::List(items) => items.iter().map(|item| &item.item).collect(),
            value => vec![value],
        };
        names.extend(
            items.into_iter().filter_map(|value| if let Value::Word(word) = value { Some(word.clone()) } else { None }),
        );
    }
    names
}

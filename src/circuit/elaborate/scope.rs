//! Scopes: one for the deck, one for each subcircuit instance.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::{Elaborator, Reported};
use crate::circuit::element::NodeId;
use crate::circuit::model::ModelId;
use crate::diagnostic::{Diagnostic, Span};
use crate::netlist::card::{Block, FunctionCard, ModelCard, ParameterCard, Subcircuit};
use crate::netlist::dialect::Dialect;
use crate::netlist::expression::Expression;

/// Index of a scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScopeId(pub u32);

pub const TOP: ScopeId = ScopeId(0);

/// What has become of a parameter.
#[derive(Debug, Clone, Copy)]
pub enum ParameterState {
    Evaluating,
    Value(f64),
    Failed,
}

/// The names that are visible to the cards of one instance.
#[derive(Debug)]
pub struct Scope<'d> {
    /// `x1`, or `x2.x1` for `x1` within `x2`; empty at the top.
    pub prefix: Arc<str>,
    pub definition: Option<&'d Subcircuit>,
    /// The body, and the branches of its conditionals that are taken.
    pub blocks: SmallVec<[&'d Block; 1]>,
    /// The scope in which the subcircuit is defined.
    pub lexical: Option<ScopeId>,
    /// The scope of the instance card.
    pub caller: Option<ScopeId>,
    /// Nodes of the ports.
    pub ports: Box<[NodeId]>,
    /// Parameters given on the instance card.
    pub given: SmallVec<[(&'d str, f64); 2]>,
    pub states: FxHashMap<&'d str, ParameterState>,
    pub models: FxHashMap<&'d str, ModelId>,
    /// Product of the `m=` of all enclosing instances.
    pub multiplier: f64,
}

impl<'d> Scope<'d> {
    pub fn top(block: &'d Block) -> Scope<'d> {
        Scope {
            prefix: "".into(),
            definition: None,
            blocks: SmallVec::from_slice(&[block]),
            lexical: None,
            caller: None,
            ports: Box::default(),
            given: SmallVec::new(),
            states: FxHashMap::default(),
            models: FxHashMap::default(),
            multiplier: 1.0,
        }
    }

    fn parameter(&self, name: &str) -> Option<&'d ParameterCard> {
        let in_blocks = self.blocks.iter().rev().find_map(|block| block.parameter(name));
        in_blocks.or_else(|| self.definition?.parameters.iter().find(|card| *card.name.text == *name))
    }
}

impl<'d> Elaborator<'d> {
    pub fn scope(&self, id: ScopeId) -> &Scope<'d> {
        &self.scopes[id.0 as usize]
    }

    pub fn scope_mut(&mut self, id: ScopeId) -> &mut Scope<'d> {
        &mut self.scopes[id.0 as usize]
    }

    /// The first thing that `find` finds in `from`, in the scopes around its definition, or in those of its callers.
    pub fn search<T>(&self, from: ScopeId, mut find: impl FnMut(&Scope<'d>) -> Option<T>) -> Option<(ScopeId, T)> {
        let mut next = Some(from);
        while let Some(id) = next {
            if let Some(found) = find(self.scope(id)) {
                return Some((id, found));
            }
            next = self.scope(id).lexical;
        }
        let mut next = self.scope(from).caller;
        while let Some(id) = next {
            if let Some(found) = find(self.scope(id)) {
                return Some((id, found));
            }
            next = self.scope(id).caller;
        }
        None
    }

    pub fn find_model(&self, from: ScopeId, name: &str) -> Option<(ScopeId, &'d ModelCard)> {
        let found = self.search(from, |scope| scope.blocks.iter().rev().find_map(|block| block.model(name)));
        found.or_else(|| self.first_bin(from, name))
    }

    pub fn find_function(&self, from: ScopeId, name: &str) -> Option<(ScopeId, &'d FunctionCard)> {
        self.search(from, |scope| scope.blocks.iter().rev().find_map(|block| block.function(name)))
    }

    pub fn find_subcircuit(&self, from: ScopeId, name: &str) -> Option<(ScopeId, &'d Subcircuit)> {
        self.search(from, |scope| scope.blocks.iter().rev().find_map(|block| block.subcircuit(name)))
    }

    /// The names of what is visible, for hints.
    pub fn visible(&self, from: ScopeId, mut names: impl FnMut(&'d Block, &mut Vec<&'d str>)) -> Vec<&'d str> {
        let mut found = Vec::new();
        self.search(from, |scope| {
            scope.blocks.iter().for_each(|block| names(block, &mut found));
            None::<()>
        });
        found
    }

    pub fn visible_parameters(&self, from: ScopeId) -> Vec<&'d str> {
        let mut found =
            self.visible(from, |block, names| names.extend(block.parameters.iter().map(|card| &*card.name.text)));
        self.search(from, |scope| {
            let head = scope.definition.map_or(&[][..], |definition| &definition.parameters);
            found.extend(head.iter().map(|card| &*card.name.text));
            None::<()>
        });
        found
    }

    /// The card of the parameter `name`, if its value changes during an analysis.
    pub fn dynamic_parameter(&self, from: ScopeId, name: &str) -> Option<(ScopeId, &'d ParameterCard)> {
        if self.deck.dialect != Dialect::Xyce {
            return None;
        }
        let given = |scope: &Scope<'d>| scope.given.iter().any(|(given, _)| *given == name);
        let find = |scope: &Scope<'d>| if given(scope) { Some(None) } else { scope.parameter(name).map(Some) };
        let (id, card) = self.search(from, find)?;
        card.filter(|card| self.is_dynamic(id, &card.value, 0)).map(|card| (id, card))
    }

    fn is_dynamic(&self, scope: ScopeId, expression: &Expression, depth: usize) -> bool {
        const DEEPEST: usize = 50;
        let mut found = false;
        expression.walk(&mut |part| match part {
            Expression::Probe { .. } => found = true,
            Expression::Name(name, _) if matches!(&**name, "time" | "freq" | "hertz") => {
                found |= self.search(scope, |scope| scope.parameter(name)).is_none();
            }
            Expression::Name(name, _) if !found && depth < DEEPEST => {
                let next = self.search(scope, |scope| scope.parameter(name));
                found = next.is_some_and(|(id, card)| self.is_dynamic(id, &card.value, depth + 1));
            }
            _ => {}
        });
        found
    }

    /// The value of a parameter; None if there is none of this name.
    pub fn parameter(&mut self, from: ScopeId, name: &str) -> Option<Result<f64, Reported>> {
        enum Found<'d> {
            State(ParameterState),
            Card(&'d ParameterCard),
        }
        let (id, found) = self.search(from, |scope| {
            if let Some(&state) = scope.states.get(name) {
                return Some(Found::State(state));
            }
            if let Some(&(_, value)) = scope.given.iter().find(|(given, _)| *given == name) {
                return Some(Found::State(ParameterState::Value(value)));
            }
            scope.parameter(name).map(Found::Card)
        })?;
        Some(match found {
            Found::State(ParameterState::Value(value)) => Ok(value),
            Found::State(ParameterState::Failed) => Err(Reported),
            Found::State(ParameterState::Evaluating) => Err(self.cycle(name)),
            Found::Card(card) => self.evaluate_parameter(id, card),
        })
    }

    fn evaluate_parameter(&mut self, id: ScopeId, card: &'d ParameterCard) -> Result<f64, Reported> {
        self.scope_mut(id).states.insert(&card.name.text, ParameterState::Evaluating);
        self.evaluating.push((&card.name.text, card.name.span));
        let drawn = self.draws;
        let result = if self.redraws() {
            self.number(&card.value, id, card.value_span)
        } else {
            let prefix = self.scope(id).prefix.clone();
            self.drawing_for(&prefix, &card.name.text, |this| this.number(&card.value, id, card.value_span))
        };
        self.evaluating.pop();
        if self.redraws() && self.draws != drawn {
            self.scope_mut(id).states.remove(&*card.name.text);
            return result;
        }
        let state = result.map_or(ParameterState::Failed, ParameterState::Value);
        self.scope_mut(id).states.insert(&card.name.text, state);
        result
    }

    /// Evaluates all parameters of a scope, for the errors in those that nothing uses.
    pub fn evaluate_parameters(&mut self, id: ScopeId) {
        let cards = |block: &'d Block| block.parameters.iter();
        let definition = self.scope(id).definition.map_or(&[][..], |definition| &definition.parameters);
        let blocks = self.scope(id).blocks.clone();
        for card in blocks.into_iter().flat_map(cards).chain(definition) {
            if self.dynamic_parameter(id, &card.name.text).is_none() {
                // Errors have been reported.
                let _ = self.parameter(id, &card.name.text);
            }
        }
    }

    fn cycle(&mut self, name: &str) -> Reported {
        let first = self.evaluating.iter().position(|(evaluating, _)| *evaluating == name).unwrap_or(0);
        let cycle: Vec<(&str, Span)> = self.evaluating[first..].to_vec();
        let names: Vec<&str> = cycle.iter().map(|(name, _)| *name).chain([name]).collect();
        let mut error = Diagnostic::error(format!("parameters depend on each other: {}", names.join(" -> ")));
        for (_, span) in cycle.iter().take(10) {
            error = error.at(*span);
        }
        self.report(error)
    }
}

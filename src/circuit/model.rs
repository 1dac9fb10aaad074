//! A `.model` card after evaluation.

use std::sync::Arc;

use super::element::Parameter;
use crate::diagnostic::Span;

/// Index of a model in [`Circuit::models`](super::Circuit).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ModelId(pub u32);

/// A parameter set that elements share.
#[derive(Debug, Clone)]
pub struct Model {
    pub name: Arc<str>,
    /// `d`, `nmos`, `sw`, `vteam`, … in lower case; devices know which kinds there are.
    pub kind: Arc<str>,
    /// After `ako:` is resolved, the parent's first; the last of equal names wins.
    pub parameters: Vec<Parameter>,
    pub span: Span,
    /// Of the kind's name.
    pub kind_span: Span,
}

impl Model {
    /// The last `name=value` of the card.
    pub fn parameter(&self, name: &str) -> Option<&Parameter> {
        self.parameters.iter().rev().find(|parameter| &*parameter.name == name)
    }
}

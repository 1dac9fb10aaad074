//! A `.model` card after evaluation.

use std::any::Any;
use std::sync::{Arc, OnceLock};

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
    /// What devices have read from the card.
    pub reading: Reading,
}

/// Something that has been read once and serves again. A copy begins empty, since cards are copied to be changed.
#[derive(Debug, Default)]
pub struct Reading(OnceLock<Box<dyn Any + Send + Sync>>);

impl Clone for Reading {
    fn clone(&self) -> Self {
        Reading::default()
    }
}

impl Reading {
    /// What was kept, or what `read` gives, which is kept if it says so.
    pub fn get<T: Copy + Send + Sync + 'static>(&self, read: impl FnOnce() -> (T, bool)) -> T {
        if let Some(kept) = self.0.get().and_then(|kept| kept.downcast_ref::<T>()) {
            return *kept;
        }
        let (found, keep) = read();
        if keep {
            // What another has kept meanwhile is the same.
            let _ = self.0.set(Box::new(found));
        }
        found
    }
}

impl Model {
    /// The last `name=value` of the card.
    pub fn parameter(&self, name: &str) -> Option<&Parameter> {
        self.parameters.iter().rev().find(|parameter| &*parameter.name == name)
    }
}

//! The syntax tree of a deck: blocks of cards, with names still unresolved.

use std::ops::Range;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::dot_card::DotCard;
use super::expression::Expression;
use crate::diagnostic::{Diagnostic, FileId, Span};

/// A name and where it stands.
#[derive(Debug, Clone)]
pub struct Name {
    pub text: Arc<str>,
    pub span: Span,
}

/// The tokens of a card.
#[derive(Debug, Clone)]
pub struct CardTokens {
    pub file: FileId,
    pub tokens: Range<u32>,
}

/// An element card; its name is the first token.
#[derive(Debug, Clone)]
pub struct ElementCard {
    pub tokens: CardTokens,
    /// Lower case.
    pub letter: u8,
    /// An expression on it may refer to voltages, currents, time or a user's function.
    pub behavioural: bool,
}

/// One assignment of a `.param` card or of a subcircuit's head.
#[derive(Debug, Clone)]
pub struct ParameterCard {
    pub name: Name,
    pub value: Expression,
    pub value_span: Span,
}

/// `.func f(x, y) {…}`
#[derive(Debug, Clone)]
pub struct FunctionCard {
    pub name: Name,
    pub arguments: Vec<Arc<str>>,
    pub body: Expression,
}

/// `.model name kind(…)`; the tokens are those after the kind.
#[derive(Debug, Clone)]
pub struct ModelCard {
    pub name: Name,
    pub kind: Option<Name>,
    /// `ako:` base.
    pub base: Option<Name>,
    pub parameters: CardTokens,
    pub span: Span,
    /// No parameter refers to a name: all instances of a subcircuit can share it.
    pub constant: bool,
    /// Parameters have PSpice's tolerances behind them.
    pub has_tolerances: bool,
}

impl ModelCard {
    /// The model that this is a bin of: `nch` for `nch.1`.
    pub fn bin_of(&self) -> Option<&str> {
        let (base, number) = self.name.text.rsplit_once('.')?;
        (!base.is_empty() && !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())).then_some(base)
    }
}

/// `.subckt … .ends`
#[derive(Debug, Clone)]
pub struct Subcircuit {
    pub name: Name,
    /// Bus ranges expanded.
    pub ports: Vec<Arc<str>>,
    pub port_index: FxHashMap<Arc<str>, u32>,
    pub ports_span: Span,
    pub parameters: Vec<ParameterCard>,
    pub body: Block,
}

/// `.data name column … value … .enddata`; the tokens are the values, row by row.
#[derive(Debug, Clone)]
pub struct DataTable {
    pub name: Name,
    pub columns: Vec<Name>,
    pub values: CardTokens,
}

/// `.if … .elseif … .else … .endif`
#[derive(Debug, Clone)]
pub struct Conditional {
    pub branches: Vec<Branch>,
}

#[derive(Debug, Clone)]
pub struct Branch {
    /// None for `.else`.
    pub condition: Option<Expression>,
    pub span: Span,
    pub body: Block,
}

/// A dot card that elaboration reads: the keyword without its dot, and the tokens after it.
#[derive(Debug, Clone)]
pub struct Command {
    pub keyword: CommandKeyword,
    pub tokens: CardTokens,
    pub span: Span,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommandKeyword {
    OperatingPoint,
    Noise,
    TransferFunction,
    PoleZero,
    Sensitivity,
    Scattering,
    Distortion,
    MonteCarlo,
    Sampling,
    Dc,
    Ac,
    Transient,
    Step,
    InitialConditions,
    NodeSet,
    Global,
    Temperature,
    Options,
}

/// The cards between `.subckt` and `.ends`, in a branch of `.if`, or at the top.
#[derive(Debug, Clone, Default)]
pub struct Block {
    pub elements: Vec<ElementCard>,
    pub parameters: Vec<ParameterCard>,
    pub functions: Vec<FunctionCard>,
    pub models: Vec<ModelCard>,
    pub subcircuits: Vec<Subcircuit>,
    pub conditionals: Vec<Conditional>,
    pub commands: Vec<Command>,
    pub dot_cards: Vec<DotCard>,
    pub tables: Vec<DataTable>,
    pub parameter_index: FxHashMap<Arc<str>, u32>,
    pub function_index: FxHashMap<Arc<str>, u32>,
    pub model_index: FxHashMap<Arc<str>, u32>,
    /// The models that are bins of one: `nch` → `nch.1`, `nch.2`, ….
    pub bin_index: FxHashMap<Arc<str>, Vec<u32>>,
    pub subcircuit_index: FxHashMap<Arc<str>, u32>,
    /// What is wrong with cards of a subcircuit: it counts if the subcircuit is used.
    pub errors: Vec<Diagnostic>,
}

impl Block {
    pub fn parameter(&self, name: &str) -> Option<&ParameterCard> {
        self.parameter_index.get(name).map(|&index| &self.parameters[index as usize])
    }

    pub fn function(&self, name: &str) -> Option<&FunctionCard> {
        self.function_index.get(name).map(|&index| &self.functions[index as usize])
    }

    pub fn model(&self, name: &str) -> Option<&ModelCard> {
        self.model_index.get(name).map(|&index| &self.models[index as usize])
    }

    /// The bins of the model `name`, in the order of the cards.
    pub fn bins(&self, name: &str) -> impl Iterator<Item = &ModelCard> {
        let numbers = self.bin_index.get(name).map(Vec::as_slice).unwrap_or_default();
        numbers.iter().map(|&index| &self.models[index as usize])
    }

    pub fn subcircuit(&self, name: &str) -> Option<&Subcircuit> {
        self.subcircuit_index.get(name).map(|&index| &self.subcircuits[index as usize])
    }
}

//! The elaborated circuit: subcircuits expanded, parameters evaluated, names resolved.
//!
//! `netlist` gives text and cards; [`elaborate()`] turns them into a [`Circuit`], in which every element is flat, every
//! number a number, and every expression that is left (of a behavioural element) refers to nodes and elements by index.
//! Spans still point at the text that each thing came from.

pub mod analysis_card;
pub mod bound;
pub mod conduction;
pub mod constant;
mod derivative;
mod elaborate;
pub mod element;
pub mod function_value;
pub mod ignored_options;
pub mod model;
pub mod option_table;
pub mod options;
pub mod random_function;
pub mod sample;
pub mod source_function;

use std::sync::Arc;

use rustc_hash::FxHashMap;

pub use analysis_card::{Analysis, AnalysisCard, StepCard, SweepTable, SweepTarget};
pub use elaborate::elaborate;
pub use element::{Element, ElementId, GROUND, NodeId};
pub use model::{Model, ModelId};
pub use options::Options;

use crate::diagnostic::{Diagnostic, SourceMap, Span};
use crate::netlist::DotCard;
use crate::netlist::card::FunctionCard;
use crate::netlist::dialect::Dialect;
use crate::netlist::limits::Limits;

/// A flat circuit with the analyses that its deck asks for.
#[derive(Debug, Clone)]
pub struct Circuit {
    pub title: Arc<str>,
    /// The language of the deck.
    pub dialect: Dialect,
    pub sources: Arc<SourceMap>,
    /// Flat node names in lower case (`out`, `x1.n`); index 0 is `0`.
    pub nodes: Vec<Node>,
    pub elements: Vec<Element>,
    pub models: Vec<Model>,
    pub options: Options,
    /// Values of cards depend on the circuit's temperature: with another one they must be elaborated anew.
    pub depends_on_temperature: bool,
    /// How large what the elements stand for may become.
    pub limits: Limits,
    pub analyses: Vec<AnalysisCard>,
    /// `.ic`: node voltages to hold while the transient's operating point is found.
    pub initial_conditions: Vec<(NodeId, f64, Span)>,
    /// `.ic i(l1)=…`: inductors whose `ic` is held while an operating point is found.
    pub held_currents: Vec<ElementId>,
    /// `.nodeset`: first guesses.
    pub nodesets: Vec<(NodeId, f64, Span)>,
    /// `.step` cards, the first outermost.
    pub steps: Vec<StepCard>,
    /// Values of the top-level parameters.
    pub parameters: FxHashMap<Arc<str>, f64>,
    /// `.func` cards at the top, for expressions over results.
    pub functions: Vec<FunctionCard>,
    /// `.save`, `.print`, `.plot`, `.probe`, `.measure`, `.four`, `.check`: read by `results`.
    pub cards: Vec<DotCard>,
    pub warnings: Vec<Diagnostic>,
    pub element_index: FxHashMap<Arc<str>, ElementId>,
    pub node_index: FxHashMap<Arc<str>, NodeId>,
}

#[derive(Debug, Clone)]
pub struct Node {
    pub name: Arc<str>,
    /// Where the node is first named.
    pub span: Span,
}

/// What a command or a sweep changes in a deck before it is elaborated.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Overrides {
    /// Top-level parameters, by name.
    pub parameters: Vec<(Arc<str>, f64)>,
    /// Circuit temperature, °C.
    pub temperature: Option<f64>,
    /// Element name, parameter name (empty for the element's principal value), value.
    pub elements: Vec<(Arc<str>, Arc<str>, f64)>,
    /// Model name, parameter name, value.
    pub models: Vec<(Arc<str>, Arc<str>, f64)>,
    /// The run of a Monte Carlo analysis.
    pub sample: Option<sample::Sample>,
    /// Checkpoints, in place of those that the deck asks for.
    pub restart: Option<options::Restart>,
    /// Name of a source, its waveform (`pulse`, `sin`, …), the values in the parentheses.
    pub waveforms: Vec<(Arc<str>, Arc<str>, Vec<f64>)>,
}

impl Circuit {
    pub fn node_name(&self, node: NodeId) -> &str {
        &self.nodes[node.0 as usize].name
    }

    pub fn element(&self, id: ElementId) -> &Element {
        &self.elements[id.0 as usize]
    }

    pub fn model(&self, id: ModelId) -> &Model {
        &self.models[id.0 as usize]
    }
}

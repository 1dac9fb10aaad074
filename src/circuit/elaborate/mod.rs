//! Deck → circuit.
//!
//! First all instances are expanded, which gives every node and element its name; elements whose values depend on nothing
//! but parameters get these at once. Then, when all names are known, expressions and references to other elements are
//! bound, and last the analysis cards are read. Errors are collected all along.

mod analysis;
mod bind;
mod binning;
mod card_cursor;
mod command;
mod element;
mod frequency;
mod instance;
mod model;
mod node;
mod option;
mod overriding;
mod port;
mod preprocess;
mod random;
mod rational;
mod restart;
mod scope;
mod small_signal;
mod sweep;
mod table_file;
mod tail;
mod tolerance;

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::analysis_card::Analysis;
use super::element::{Element, NodeId, Parameter, Spanned, Value};
use super::model::ModelId;
use super::{Circuit, Node, Options, Overrides};
use crate::diagnostic::{Diagnostic, Report, Severity, Span};
use crate::netlist::Deck;
use crate::netlist::card::ModelCard;
use crate::netlist::dialect::Dialect;
use element::Deferred;
use scope::{Scope, TOP};

/// More errors than this are not worth reading.
const ERROR_LIMIT: usize = 1000;

/// An error has been reported already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Reported;

/// Elaborates `deck` with `overrides` applied; all errors of the deck are in the report.
pub fn elaborate(deck: &Deck, overrides: &Overrides) -> Result<Circuit, Report> {
    let mut elaborator = Elaborator::new(deck, overrides);
    elaborator.run();
    elaborator.finish()
}

/// The state of elaboration.
struct Elaborator<'d> {
    deck: &'d Deck,
    overrides: &'d Overrides,
    circuit: Circuit,
    scopes: Vec<Scope<'d>>,
    /// Elements that wait for all names to be known.
    deferred: Vec<Deferred<'d>>,
    /// Models whose values are the same in all scopes.
    shared_models: FxHashMap<*const ModelCard, ModelId>,
    globals: FxHashSet<Arc<str>>,
    /// Parameter names, so that all elements share them.
    names: FxHashMap<Box<str>, Arc<str>>,
    errors: Vec<Diagnostic>,
    /// Message and place of all errors, since each instance of a subcircuit finds the same ones.
    seen: FxHashSet<(String, Option<Span>)>,
    /// Places of all errors.
    error_places: FxHashSet<Span>,
    /// Flat names of elements that could not be elaborated.
    failed_elements: FxHashSet<String>,
    /// The parameters being evaluated, for cycles.
    evaluating: Vec<(&'d str, Span)>,
    /// Depth of recursion in expressions, and operations left for the current one.
    depth: usize,
    budget: u32,
    temperature: f64,
    /// Prefix of each instance, and where it is.
    instance_names: FxHashMap<Arc<str>, Span>,
    /// Ports of instances that cards of results name, by the instance's prefix.
    watched_ports: FxHashMap<Box<str>, Vec<Box<str>>>,
    /// Subcircuit instances so far.
    instances: usize,
    /// A limit has been reached: nothing more is expanded.
    stopped: bool,
    /// What random numbers are drawn for.
    drawing: random::Drawing,
    /// Random numbers drawn so far.
    draws: u64,
    /// Options of other simulators that the deck sets.
    unused_options: Vec<(Box<str>, Span)>,
    preprocess: preprocess::Preprocess,
    /// Scratch space.
    buffer: String,
    node_scratch: Vec<NodeId>,
    value_scratch: Vec<Spanned<Value>>,
    parameter_scratch: Vec<Parameter>,
}

impl<'d> Elaborator<'d> {
    fn new(deck: &'d Deck, overrides: &'d Overrides) -> Self {
        let ground = Node { name: "0".into(), span: Span::default() };
        let circuit = Circuit {
            title: deck.title.clone(),
            dialect: deck.dialect,
            sources: deck.sources.clone(),
            nodes: vec![ground],
            elements: Vec::with_capacity(deck.top.elements.len()),
            models: Vec::new(),
            options: Options { initial_conditions_hold: deck.dialect == Dialect::Xyce, ..Options::default() },
            depends_on_temperature: false,
            limits: deck.limits,
            analyses: Vec::new(),
            initial_conditions: Vec::new(),
            held_currents: Vec::new(),
            nodesets: Vec::new(),
            steps: Vec::new(),
            parameters: FxHashMap::default(),
            functions: Vec::new(),
            cards: Vec::new(),
            warnings: deck.warnings.clone(),
            element_index: FxHashMap::default(),
            node_index: FxHashMap::from_iter([("0".into(), NodeId(0))]),
        };
        Elaborator {
            deck,
            overrides,
            circuit,
            scopes: vec![Scope::top(&deck.top)],
            deferred: Vec::new(),
            shared_models: FxHashMap::default(),
            globals: FxHashSet::default(),
            names: FxHashMap::default(),
            errors: Vec::new(),
            seen: FxHashSet::default(),
            error_places: FxHashSet::default(),
            failed_elements: FxHashSet::default(),
            evaluating: Vec::new(),
            depth: 0,
            budget: 0,
            temperature: Options::default().temp,
            instance_names: FxHashMap::default(),
            watched_ports: instance::watched_ports(&deck.top),
            instances: 0,
            stopped: false,
            drawing: random::Drawing::default(),
            draws: 0,
            unused_options: Vec::new(),
            preprocess: preprocess::Preprocess::default(),
            buffer: String::new(),
            node_scratch: Vec::new(),
            value_scratch: Vec::new(),
            parameter_scratch: Vec::new(),
        }
    }

    fn run(&mut self) {
        self.override_parameters();
        self.open_conditionals(TOP);
        self.settings();
        self.read_preprocess();
        self.note_unused_options();
        self.evaluate_parameters(TOP);
        self.circuit.element_index.reserve(self.deck.top.elements.len());
        self.expand(TOP);
        self.name_connected();
        self.bind_deferred();
        self.add_resistors();
        self.remaining_models();
        self.commands();
        self.top_parameters();
        self.override_models();
        self.override_elements();
        self.override_waveforms();
        self.check_excitation();
    }

    /// `.ac` without a source that it drives shows nothing but zeros.
    fn check_excitation(&mut self) {
        let Some(card) = self.circuit.analyses.iter().find(|card| matches!(card.analysis, Analysis::Ac(_))) else {
            return;
        };
        let drives = |element: &Element| {
            let word = |value: &Spanned<Value>| matches!(&value.item, Value::Word(word) if &**word == "ac");
            matches!(element.letter, b'v' | b'i')
                && (element.values.iter().any(word) || element.parameter("ac").is_some())
        };
        if !self.circuit.elements.iter().any(drives) {
            let warning = Diagnostic::warning("no source has an `ac` value: all results of this analysis are 0");
            self.warn(warning.at(card.span).hint("write `ac 1` on the card of a V or I source"));
        }
    }

    /// Values of the top-level parameters, for those who print them.
    fn top_parameters(&mut self) {
        let blocks = self.scope(TOP).blocks.clone();
        for block in blocks {
            for card in &block.parameters {
                if self.dynamic_parameter(TOP, &card.name.text).is_some() {
                    continue;
                }
                if let Some(Ok(value)) = self.parameter(TOP, &card.name.text) {
                    self.circuit.parameters.insert(card.name.text.clone(), value);
                }
            }
            self.circuit.functions.extend(block.functions.iter().cloned());
            self.circuit.cards.extend(block.dot_cards.iter().cloned());
        }
    }

    fn finish(mut self) -> Result<Circuit, Report> {
        let mut diagnostics: Vec<Diagnostic> = self.deck.errors.iter().cloned().chain(self.errors).collect();
        if diagnostics.is_empty() {
            return Ok(self.circuit);
        }
        diagnostics.append(&mut self.circuit.warnings);
        diagnostics
            .sort_by_key(|diagnostic| diagnostic.labels.first().map(|label| (label.span.file, label.span.start)));
        Err(Report::new(self.deck.sources.clone(), diagnostics))
    }

    /// Keeps an error, unless it is known already.
    fn report(&mut self, diagnostic: Diagnostic) -> Reported {
        let place = diagnostic.labels.first().map(|label| label.span);
        self.error_places.extend(place);
        if self.errors.len() < ERROR_LIMIT && self.seen.insert((diagnostic.message.clone(), place)) {
            match diagnostic.severity {
                Severity::Error => self.errors.push(diagnostic),
                _ => self.circuit.warnings.push(diagnostic),
            }
            self.stopped |= self.errors.len() == ERROR_LIMIT;
        }
        Reported
    }

    /// Whether this place has an error already: each instance of a subcircuit finds it anew, and hints take time.
    fn has_error_at(&self, span: Span) -> bool {
        self.error_places.contains(&span)
    }

    fn warn(&mut self, diagnostic: Diagnostic) {
        self.report(diagnostic);
    }

    /// Whether the card that might have defined `name` has an error itself.
    fn is_broken(&self, name: &str) -> bool {
        self.deck.broken.contains(name)
    }

    /// The one copy of a parameter's name.
    fn shared_name(&mut self, name: &str) -> Arc<str> {
        if let Some(shared) = self.names.get(name) {
            return shared.clone();
        }
        let shared: Arc<str> = name.into();
        self.names.insert(name.into(), shared.clone());
        shared
    }
}

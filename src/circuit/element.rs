//! A flat element: one instance card after elaboration.

use std::sync::Arc;

use super::bound::Bound;
use super::model::ModelId;
use crate::diagnostic::Span;

/// Index of a node in [`Circuit::nodes`](super::Circuit); [`GROUND`] is node `0`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(pub u32);

/// Node `0` (also `gnd`).
pub const GROUND: NodeId = NodeId(0);

/// Index of an element in [`Circuit::elements`](super::Circuit).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ElementId(pub u32);

/// One element of the flat circuit.
#[derive(Debug, Clone)]
pub struct Element {
    /// Flat name in lower case as ngspice writes it: `r1`, or `r.x1.r1` inside the instance `x1`.
    pub name: Arc<str>,
    /// The card's letter in lower case: `r`, `c`, …
    pub letter: u8,
    pub nodes: Box<[NodeId]>,
    /// The ports of an `A` card, over the nodes of `nodes`; empty for all others.
    pub ports: Box<[Port]>,
    pub model: Option<ModelId>,
    /// The elements named on the card: the sensed source of F, H and W, the inductors of K.
    pub controls: Box<[ElementId]>,
    /// What stands on the card after nodes, controls and model, in order.
    pub values: Box<[Spanned<Value>]>,
    /// `key=value` pairs, keys in lower case; the last of equal keys wins.
    pub parameters: Box<[Parameter]>,
    /// Product of the `m=` of all enclosing subcircuit instances (the element's own `m` is among `parameters`).
    pub multiplier: f64,
    /// The whole card.
    pub span: Span,
}

#[derive(Debug, Clone)]
pub struct Parameter {
    pub name: Arc<str>,
    pub value: Value,
    /// Of `name=value`.
    pub span: Span,
}

#[derive(Debug, Clone)]
pub struct Spanned<T> {
    pub item: T,
    pub span: Span,
}

/// A value on an element or model card, after evaluation.
#[derive(Debug, Clone)]
pub enum Value {
    Number(f64),
    /// A bare or quoted word: `dc`, `ac`, `on`, `value`, a file name. Words are in lower case, quoted texts as written.
    Word(Arc<str>),
    /// Depends on voltages, currents, time or temperature: for behavioural elements.
    Expression(Arc<Bound>),
    /// `pulse(0 1 …)`, `poly(2)`, `sin(…)`: values in order and `key=value` pairs found inside the parentheses.
    Call(Box<CallValue>),
    /// `[a b c]` of an `A` card, and the pairs of `table`.
    List(Vec<Spanned<Value>>),
}

impl Value {
    /// The same number, word, or list of these; expressions and calls are no one's like.
    fn is_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Value::Number(one), Value::Number(other)) => one.to_bits() == other.to_bits(),
            (Value::Word(one), Value::Word(other)) => one == other,
            (Value::List(one), Value::List(other)) => are_like(one, other),
            _ => false,
        }
    }

    /// The number, if it is one.
    pub fn number(&self) -> Option<f64> {
        if let Value::Number(number) = self { Some(*number) } else { None }
    }
}

#[derive(Debug, Clone)]
pub struct CallValue {
    pub function: Arc<str>,
    pub arguments: Vec<Spanned<Value>>,
    pub parameters: Vec<Parameter>,
}

fn are_like(one: &[Spanned<Value>], other: &[Spanned<Value>]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(one, other)| one.item.is_like(&other.item))
}

impl Element {
    /// Whether the card of `other` says the same of its device: all but name and nodes.
    pub fn is_like(&self, other: &Self) -> bool {
        let mut parameters = self.parameters.iter().zip(&other.parameters);
        self.model == other.model
            && self.multiplier == other.multiplier
            && self.nodes.len() == other.nodes.len()
            && self.parameters.len() == other.parameters.len()
            && parameters.all(|(one, other)| one.name == other.name && one.value.is_like(&other.value))
            && are_like(&self.values, &other.values)
    }

    /// The last `name=value` of the card.
    pub fn parameter(&self, name: &str) -> Option<&Parameter> {
        self.parameters.iter().rev().find(|parameter| &*parameter.name == name)
    }

    /// Number and resistance in Ω of the port that a source is: `portnum 1 z0 50` among its values, or with `=`; `port=1 z0=50` in HSPICE and Xyce.
    pub fn port(&self) -> Option<[f64; 2]> {
        let named = |name: &str| {
            let word = |value: &Spanned<Value>| matches!(&value.item, Value::Word(word) if &**word == name);
            let among = self.values.iter().position(word).and_then(|at| self.values.get(at + 1)?.item.number());
            self.parameter(name).and_then(|parameter| parameter.value.number()).or(among)
        };
        let number =
            named("portnum").or_else(|| named("port")).filter(|&number| self.letter == b'v' && number > 0.0)?;
        Some([number, named("z0").unwrap_or(50.0)])
    }
}

/// One port of an `A` card: a single connection, or a vector of them in brackets.
#[derive(Debug, Clone, PartialEq)]
pub struct Port {
    pub vector: bool,
    pub connections: Box<[Connection]>,
}

/// One connection of a port.
#[derive(Debug, Clone, PartialEq)]
pub struct Connection {
    /// `v`, `i`, `vd`, `id`, `g`, `h`, … after `%`; none if not given.
    pub mode: Option<Arc<str>>,
    /// Written with `~`.
    pub inverted: bool,
    /// One node, two for differential modes, none for `null` and `%vnam`. All nodes of all ports are also in
    /// [`Element::nodes`], in this order.
    pub nodes: Box<[NodeId]>,
    /// The source of `%vnam`.
    pub source: Option<ElementId>,
}

//! One element on its own, with a number of its cards changed: its share of the equations of the whole system.
//!
//! Each terminal of the element (and of those that it is coupled to or senses) is a node of a small circuit, so that any number on
//! its cards goes the way from the card to the equations, with the unknowns of the whole.

use std::sync::Arc;

use faer::c64;
use rustc_hash::FxHashMap;

use super::system::{Mode, System};
use crate::circuit::element::Value;
use crate::circuit::{Circuit, Element, ElementId, ModelId, Node, NodeId};
use crate::devices::adjustable::{self, CardNumber};
use crate::devices::assembly::UnknownName;
use crate::devices::device::{Environment, Tone};
use crate::devices::registry;
use crate::diagnostic::Span;
use crate::numerics::newton::Problem;

/// An element and what its equations cannot be without: the elements that it senses, and couplings with their inductors.
pub struct Neighbourhood<'a> {
    whole: &'a System,
    members: Vec<ElementId>,
}

/// The equations of a neighbourhood, over some of the unknowns of the whole system.
pub struct ElementSystem {
    /// Boxed, since it is large and handed on.
    system: Box<System>,
    /// Unknown of the whole by unknown here, ground last.
    places: Vec<usize>,
}

/// f and q by unknown of a neighbourhood.
pub type Equations = (Vec<f64>, Vec<f64>);

impl<'a> Neighbourhood<'a> {
    /// That of `element`; `None` where it is part of an array or described by expressions.
    pub fn new(whole: &'a System, element: ElementId) -> Option<Self> {
        let circuit = &whole.circuit;
        let mut members = vec![element];
        members.extend(circuit.element(element).controls.iter().copied());
        for coupling in (0..circuit.elements.len() as u32).map(ElementId) {
            let card = circuit.element(coupling);
            if card.letter == b'k' && card.controls.contains(&element) {
                members.push(coupling);
                members.extend(card.controls.iter().copied());
            }
        }
        let mut seen = Vec::new();
        members.retain(|&member| {
            let new = !seen.contains(&member);
            seen.push(member);
            new
        });
        let known = |&member: &ElementId| {
            let card = circuit.element(member);
            card.letter != b'a' && !has_expression(card)
        };
        members.iter().all(known).then_some(Neighbourhood { whole, members })
    }

    /// The equations with `numbers` on the cards of the element; `None` if there are none with these.
    pub fn with(&self, numbers: &[(&CardNumber, f64)]) -> Option<ElementSystem> {
        let (circuit, terminals) = self.circuit(numbers);
        let (system, _) = System::new(Arc::new(circuit));
        let mut system = system?;
        system.begin_dc();
        let environment = Environment { time: None, ..self.whole.environment };
        system.set_environment(environment);
        let places = self.places(&system, &terminals)?;
        Some(ElementSystem { system: Box::new(system), places })
    }

    /// The equations at the unknowns `x` of the whole with `numbers` on the cards of the element, and their places; `system`, of
    /// the same neighbourhood, is changed to them. `None` if there are none with these.
    pub fn equations(
        &self,
        system: &mut ElementSystem,
        numbers: &[(&CardNumber, f64)],
        x: &[f64],
    ) -> Option<(Vec<usize>, Equations)> {
        let (circuit, _) = self.circuit(numbers);
        if !system.system.renew(|own| *own = circuit).ok()? {
            *system = self.with(numbers)?;
        }
        Some((system.places.clone(), system.equations(x)))
    }

    /// The small circuit, and the unknown of the whole of each of its nodes.
    fn circuit(&self, numbers: &[(&CardNumber, f64)]) -> (Circuit, Vec<usize>) {
        let whole = &self.whole.circuit;
        let mut circuit = Circuit {
            title: whole.title.clone(),
            dialect: whole.dialect,
            sources: whole.sources.clone(),
            nodes: vec![Node { name: "0".into(), span: Span::default() }],
            elements: Vec::new(),
            models: Vec::new(),
            options: whole.options.clone(),
            depends_on_temperature: whole.depends_on_temperature,
            limits: whole.limits,
            analyses: whole.analyses.clone(),
            initial_conditions: Vec::new(),
            nodesets: Vec::new(),
            held_currents: Vec::new(),
            steps: Vec::new(),
            parameters: FxHashMap::default(),
            functions: Vec::new(),
            cards: Vec::new(),
            warnings: Vec::new(),
            element_index: FxHashMap::default(),
            node_index: FxHashMap::default(),
        };
        let mut terminals = vec![self.whole.len()];
        for (index, &member) in self.members.iter().enumerate() {
            let mut element = whole.element(member).clone();
            let mut model = element.model.map(|id| whole.model(id).clone());
            if index == 0 {
                let table = registry::adjustable(whole, member);
                for (number, value) in numbers {
                    adjustable::set(&mut element, model.as_mut(), &number.place, *value, table);
                }
            }
            element.controls = element.controls.iter().filter_map(|id| self.local(*id)).collect();
            for (terminal, node) in element.nodes.iter_mut().enumerate() {
                terminals.push(self.terminal(member, terminal, *node));
                *node = NodeId(circuit.nodes.len() as u32);
                circuit.nodes.push(Node { name: format!("{index}.{terminal}").into(), span: Span::default() });
            }
            if let Some(model) = model {
                element.model = Some(ModelId(circuit.models.len() as u32));
                circuit.models.push(model);
            }
            circuit.elements.push(element);
        }
        (circuit, terminals)
    }

    fn local(&self, id: ElementId) -> Option<ElementId> {
        self.members.iter().position(|&member| member == id).map(|index| ElementId(index as u32))
    }

    /// The unknown of the whole at a terminal of `member`: behind the source that senses its current, unless that is here too.
    fn terminal(&self, member: ElementId, terminal: usize, node: NodeId) -> usize {
        let circuit = &self.whole.circuit;
        let senses = |&other: &ElementId| {
            let card = circuit.element(other);
            matches!(card.letter, b'f' | b'h' | b'w') && card.controls.contains(&member)
        };
        match self.whole.assembly.sensed.get(&member) {
            Some(&inner) if terminal == 0 && !self.members.iter().any(senses) => inner as usize,
            _ => self.whole.node_unknown(node),
        }
    }

    fn places(&self, system: &System, terminals: &[usize]) -> Option<Vec<usize>> {
        let of_whole = |id: &ElementId| self.members[id.0 as usize];
        let place = |name: &UnknownName| match name {
            UnknownName::Node(node) => Some(terminals[node.0 as usize]),
            UnknownName::Branch(element) => self.whole.branch_unknown(of_whole(element)),
            UnknownName::State(element, name) => {
                let states = &self.whole.assembly.states;
                states.get(&(of_whole(element), name.clone())).map(|&unknown| unknown as usize)
            }
            UnknownName::Internal(element, name) => self.whole.internal_unknown(of_whole(element), name),
            UnknownName::Cell(..) => None,
        };
        let mut places = system.unknowns.iter().map(|info| place(&info.name)).collect::<Option<Vec<usize>>>()?;
        places.push(self.whole.len());
        Some(places)
    }
}

fn has_expression(element: &Element) -> bool {
    let values = element.values.iter().map(|value| &value.item);
    let mut all = values.chain(element.parameters.iter().map(|parameter| &parameter.value));
    all.any(|value| matches!(value, Value::Expression(_)))
}

impl System {
    fn internal_unknown(&self, element: ElementId, part: &str) -> Option<usize> {
        let wanted =
            |name: &UnknownName| matches!(name, UnknownName::Internal(id, name) if *id == element && *name == part);
        self.unknowns.iter().position(|info| wanted(&info.name))
    }

    /// The matrix of the operating point at `x` in slot order, with a row `x − held` for each state and position.
    pub fn held_matrix(&mut self, x: &[f64]) -> Vec<f64> {
        // In the mode of DC the columns of states at rest are left out, which what depends on them needs.
        let mode = std::mem::replace(&mut self.mode, Mode::Dynamic);
        self.leading.fill(0.0);
        self.reset_limits(x, false);
        self.invalidate();
        self.linearise(x);
        self.mode = mode;
        self.invalidate();
        let mut matrix = self.matrix.clone();
        for held in &self.held {
            held.slots.iter().for_each(|&slot| matrix[slot as usize] = 0.0);
            matrix[held.diagonal] = 1.0;
        }
        matrix
    }
}

impl ElementSystem {
    /// Unknown of the whole by unknown here, ground last.
    pub fn places(&self) -> &[usize] {
        &self.places
    }

    fn local(&self, x: &[f64]) -> Vec<f64> {
        self.places.iter().map(|&place| x[place]).collect()
    }

    /// f and q at the unknowns `x` of the whole; the rows of states are x − held, as in the operating point.
    pub fn equations(&mut self, x: &[f64]) -> Equations {
        let x = self.local(x);
        self.system.evaluate(&x);
        let (mut f, q) = (self.system.f.clone(), self.system.q.clone());
        for held in &self.system.held {
            f[held.row] = x[held.row] - held.value;
        }
        (f, q)
    }

    /// Rows and columns of the whole by slot of [`small_signal`](Self::small_signal).
    pub fn entries(&self) -> Vec<[usize; 2]> {
        let pattern = self.system.pattern();
        let column = |column: usize| pattern.column(column).map(move |slot| (slot, column));
        let mut entries = vec![[0, 0]; pattern.nnz()];
        for (slot, column) in (0..self.system.len()).flat_map(column) {
            entries[slot] = [self.places[pattern.rows[slot] as usize], self.places[column]];
        }
        entries
    }

    /// G and C at `x`.
    pub fn small_signal(&mut self, x: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let x = self.local(x);
        self.system.small_signal(&x)
    }

    /// What is not G + jωC at `frequency`, by slot.
    pub fn admittances(&self, frequency: f64) -> Vec<c64> {
        let mut values = vec![c64::new(0.0, 0.0); self.system.pattern().nnz() + 1];
        self.system.add_admittances(frequency, &mut values);
        values
    }

    /// The right-hand side of small-signal analysis, by unknown here.
    pub fn phasors(&self) -> Vec<c64> {
        self.system.phasors(Tone::Ac)
    }
}

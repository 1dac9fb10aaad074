//! Names of nodes and elements → indices.

use std::sync::Arc;

use super::scope::{ScopeId, TOP};
use super::{Elaborator, Reported};
use crate::circuit::Node;
use crate::circuit::element::{ElementId, GROUND, NodeId};
use crate::diagnostic::{Diagnostic, Span, nearest};
use crate::netlist::bus_range;

/// Candidates for a hint: with more names than this it takes too long to look for the nearest.
const HINT_LIMIT: usize = 20_000;

impl<'d> Elaborator<'d> {
    /// The nodes that a word in a node list stands for.
    pub fn nodes_of_word(
        &mut self,
        scope: ScopeId,
        word: &str,
        span: Span,
        nodes: &mut Vec<NodeId>,
    ) -> Result<(), Reported> {
        if !word.ends_with(']') {
            nodes.push(self.node(scope, word, span));
            return Ok(());
        }
        let most = self.deck.limits.nodes.saturating_sub(nodes.len());
        let expanded = bus_range::expand(word, most, |name| nodes.push(self.node(scope, name, span)));
        expanded.map_err(|error| self.report(error.at(span)))
    }

    /// The node called `name` in `scope`, new if need be.
    pub fn node(&mut self, scope: ScopeId, name: &str, span: Span) -> NodeId {
        if let Some(known) = self.outer_node(scope, name) {
            return known;
        }
        let mut flat = std::mem::take(&mut self.buffer);
        self.flat_node_name(scope, name, &mut flat);
        let connected = self.preprocess.connected(&flat);
        if connected != flat {
            let connected = connected.to_string();
            self.buffer = flat;
            return if matches!(&*connected, "0" | "gnd") { GROUND } else { self.node(TOP, &connected, span) };
        }
        let id = match self.circuit.node_index.get(flat.as_str()) {
            Some(&id) => id,
            None => self.add_node(flat.as_str().into(), span),
        };
        self.buffer = flat;
        id
    }

    /// Ground or a port.
    fn outer_node(&self, scope: ScopeId, name: &str) -> Option<NodeId> {
        if matches!(name, "0" | "gnd" | "gnd!") || name == "ground" && self.preprocess.replaces_ground {
            return Some(GROUND);
        }
        let scope = self.scope(scope);
        let port = *scope.definition?.port_index.get(name)?;
        scope.ports.get(port as usize).copied()
    }

    fn flat_node_name(&self, scope: ScopeId, name: &str, flat: &mut String) {
        flat.clear();
        let prefix = &self.scope(scope).prefix;
        if !prefix.is_empty() && !self.is_global(name) {
            flat.push_str(prefix);
            flat.push('.');
        }
        flat.push_str(name);
    }

    /// Named by `.global`, or as PSpice names global nodes.
    fn is_global(&self, name: &str) -> bool {
        name.starts_with("$g_") || self.globals.contains(name)
    }

    fn add_node(&mut self, name: Arc<str>, span: Span) -> NodeId {
        let id = NodeId(self.circuit.nodes.len() as u32);
        self.circuit.nodes.push(Node { name: name.clone(), span });
        self.circuit.node_index.insert(name, id);
        id
    }

    /// The node that is called `name` in `scope`: a local node, or a flat name.
    pub fn known_node(&self, scope: ScopeId, name: &str) -> Option<NodeId> {
        if let Some(known) = self.outer_node(scope, name) {
            return Some(known);
        }
        let mut flat = String::new();
        self.flat_node_name(scope, name, &mut flat);
        let global = name.contains('.').then(|| self.circuit.node_index.get(name)).flatten();
        match self.circuit.node_index.get(flat.as_str()).or(global) {
            Some(&id) => Some(id),
            // Xyce and PSpice separate levels by colons.
            None if name.contains(':') => self.known_node(scope, &name.replace(':', ".")),
            None => None,
        }
    }

    /// The node that an expression in `scope` calls `name`.
    pub fn existing_node(&mut self, scope: ScopeId, name: &str, span: Span) -> Result<NodeId, Reported> {
        match self.known_node(scope, name) {
            Some(id) => Ok(id),
            None if self.is_broken(name) || self.has_error_at(span) => Err(Reported),
            None => Err(self.undefined_node(scope, name, span)),
        }
    }

    fn undefined_node(&mut self, scope: ScopeId, name: &str, span: Span) -> Reported {
        let prefix = self.scope(scope).prefix.clone();
        let local = |node: &'_ Node| {
            let rest =
                if prefix.is_empty() { Some(&*node.name) } else { node.name.strip_prefix(&*prefix)?.strip_prefix('.') };
            rest.map(str::to_owned)
        };
        let mut names: Vec<String> = self.circuit.nodes.iter().take(HINT_LIMIT).filter_map(local).collect();
        names.extend(
            self.scope(scope).definition.iter().flat_map(|definition| &definition.ports).map(|port| port.to_string()),
        );
        let error = Diagnostic::error(format!("there is no node `{name}`")).at(span);
        self.report(error.nearest(name, names.iter().map(String::as_str)))
    }

    /// The flat name of the element `name` in `scope`.
    pub fn flat_element_name(&self, scope: ScopeId, name: &str) -> String {
        let prefix = &self.scope(scope).prefix;
        if prefix.is_empty() {
            return name.to_owned();
        }
        let letter = name.rsplit('.').next().and_then(|last| last.chars().next()).unwrap_or('x');
        format!("{letter}.{prefix}.{name}")
    }

    /// The element that a card in `scope` calls `name`: a local element, one inside a local instance (`x1.r1`), or a flat
    /// name.
    pub fn find_element(&self, scope: ScopeId, name: &str) -> Option<ElementId> {
        let known = |name: &str| self.circuit.element_index.get(name).copied();
        if let Some(id) = known(&self.flat_element_name(scope, name)) {
            return Some(id);
        }
        if name.contains(':') {
            return self.find_element(scope, &name.replace(':', "."));
        }
        let (_, last) = name.rsplit_once('.')?;
        known(name).or_else(|| known(&format!("{}.{name}", last.chars().next()?)))
    }

    pub fn existing_element(&mut self, scope: ScopeId, name: &str, span: Span) -> Result<ElementId, Reported> {
        if let Some(id) = self.find_element(scope, name) {
            return Ok(id);
        }
        if self.has_error_at(span)
            || self.is_broken(name)
            || self.failed_elements.contains(&self.flat_element_name(scope, name))
        {
            return Err(Reported);
        }
        let prefix = self.scope(scope).prefix.clone();
        let names = self.circuit.elements.iter().take(HINT_LIMIT).filter_map(|element| {
            if prefix.is_empty() {
                Some(&*element.name)
            } else {
                element.name.get(2..)?.strip_prefix(&*prefix)?.strip_prefix('.')
            }
        });
        let error = Diagnostic::error(format!("there is no element `{name}`")).at(span);
        let error = match nearest(name, names) {
            Some(near) => error.hint(format!("did you mean `{near}`?")),
            None => error,
        };
        Err(self.report(error))
    }
}

//! Blocks of cards, conditionals and subcircuit instances.

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::card_cursor::CardCursor;
use super::scope::{Scope, ScopeId};
use super::{Elaborator, Reported};
use crate::circuit::element::NodeId;
use crate::diagnostic::{Diagnostic, Span, nearest};
use crate::netlist::card::{Block, Conditional, ElementCard, Subcircuit};
use crate::netlist::dialect::Dialect;
use crate::netlist::token::TokenKind;

/// Instances within each other.
const DEPTH_LIMIT: usize = 100;

/// Parameters on an instance card: name, value, and the place of both.
type GivenParameters<'d> = SmallVec<[(&'d str, f64, Span); 2]>;

/// An instance card, taken apart.
struct Instance<'d> {
    nodes: Vec<NodeId>,
    subcircuit: &'d str,
    subcircuit_span: Span,
    given: GivenParameters<'d>,
}

impl<'d> Elaborator<'d> {
    /// Elaborates all cards of a scope.
    pub fn expand(&mut self, scope: ScopeId) {
        let blocks = self.scope(scope).blocks.clone();
        for block in blocks {
            for card in &block.elements {
                if self.stopped {
                    return;
                }
                // Errors have been reported, and the next card may have its own.
                let _ = if card.letter == b'x' { self.instance(card, scope) } else { self.element(card, scope) };
            }
        }
    }

    /// Stops the expansion of circuits that grow without bound.
    pub fn check_size(&mut self, span: Span) -> Result<(), Reported> {
        let limits = &self.deck.limits;
        let sizes = [
            (self.circuit.elements.len(), limits.elements, "elements"),
            (self.instances, limits.instances, "subcircuit instances"),
            (self.circuit.nodes.len(), limits.nodes, "nodes"),
        ];
        let Some((_, most, what)) = sizes.into_iter().find(|(size, most, _)| size >= most) else { return Ok(()) };
        self.stopped = true;
        let error = Diagnostic::error(format!("the circuit grows beyond {most} {what}")).at(span);
        Err(self.report(error.hint("do subcircuits contain more of each other than is meant?")))
    }

    /// Adds the branches of `.if` cards that are taken to the blocks of a scope.
    pub fn open_conditionals(&mut self, scope: ScopeId) {
        let mut index = 0;
        while let Some(&block) = self.scope(scope).blocks.get(index) {
            for conditional in &block.conditionals {
                if let Some(body) = self.taken_branch(conditional, scope) {
                    self.scope_mut(scope).blocks.push(body);
                }
            }
            index += 1;
        }
    }

    fn taken_branch(&mut self, conditional: &'d Conditional, scope: ScopeId) -> Option<&'d Block> {
        for branch in &conditional.branches {
            let taken = match &branch.condition {
                Some(condition) => self.number(condition, scope, branch.span).ok()? != 0.0,
                None => true,
            };
            if taken {
                return Some(&branch.body);
            }
        }
        None
    }

    fn instance(&mut self, card: &'d ElementCard, scope: ScopeId) -> Result<(), Reported> {
        let span = self.deck.card_span(&card.tokens);
        self.check_size(span)?;
        let mut cursor = CardCursor::new(self.deck, &card.tokens);
        let Some((name, name_span)) = cursor.positional_word() else {
            return Err(self.report(Diagnostic::error("expected the name of an instance").at(span)));
        };
        let instance = self.read_instance(cursor, scope, name)?;
        let Some((home, definition)) = self.find_subcircuit(scope, instance.subcircuit) else {
            return Err(self.undefined_subcircuit(&instance, scope));
        };
        for error in definition.body.errors.iter().filter(|error| error.is_error()) {
            self.report(error.clone());
        }
        self.check_ports(name, &instance, definition, span)?;
        self.check_nesting(definition, scope, instance.subcircuit_span)?;
        let inner = self.inner_scope(name, &instance, definition, home, scope);
        self.unique_instance(&inner, name_span)?;
        self.warn_of_unknown_parameters(&instance, definition);
        let id = ScopeId(self.scopes.len() as u32);
        let waiting = self.deferred.len();
        self.scopes.push(inner);
        self.instances += 1;
        self.name_ports(id);
        if !definition.body.conditionals.is_empty() {
            self.open_conditionals(id);
        }
        self.evaluate_parameters(id);
        self.expand(id);
        self.scope_commands(id);
        if self.deferred.len() == waiting {
            // Nothing will ask for this scope again, nor for those within it.
            self.scopes.truncate(id.0 as usize);
        }
        Ok(())
    }

    fn read_instance(
        &mut self,
        mut cursor: CardCursor<'d>,
        scope: ScopeId,
        name: &str,
    ) -> Result<Instance<'d>, Reported> {
        let mut words: SmallVec<[(&'d str, Span); 8]> = SmallVec::new();
        loop {
            cursor.skip_separators();
            match cursor.positional_word() {
                Some(("params:" | "param:", _)) | None => break,
                Some(word) => words.push(word),
            }
        }
        let Some((subcircuit, subcircuit_span)) = words.pop() else {
            let error = Diagnostic::error(format!("`{name}` needs nodes and the name of a subcircuit"));
            return Err(self.report(error.at(cursor.here())));
        };
        let mut nodes = Vec::with_capacity(words.len());
        for (word, span) in words {
            self.nodes_of_word(scope, word, span, &mut nodes)?;
        }
        let given = self.given_parameters(cursor, scope)?;
        Ok(Instance { nodes, subcircuit, subcircuit_span, given })
    }

    fn given_parameters(
        &mut self,
        mut cursor: CardCursor<'d>,
        scope: ScopeId,
    ) -> Result<GivenParameters<'d>, Reported> {
        let mut given = SmallVec::new();
        loop {
            cursor.skip_separators();
            let start = cursor.position();
            let Some(key) = cursor.peek() else { return Ok(given) };
            if !cursor.at_key() {
                let message = "expected `name=value`: the nodes and the subcircuit's name come before the parameters";
                return Err(self.report(Diagnostic::error(message).at(cursor.here())));
            }
            cursor.advance();
            cursor.advance();
            let Some(TokenKind::Expression(index)) = cursor.kind() else {
                return Err(self.report(Diagnostic::error("expected a number or an expression").at(cursor.here())));
            };
            let value_span = cursor.here();
            cursor.advance();
            let value = self.number(self.deck.expression(index), scope, value_span)?;
            given.push((cursor.text(key), value, cursor.span_since(start)));
        }
    }

    fn undefined_subcircuit(&mut self, instance: &Instance<'d>, scope: ScopeId) -> Reported {
        let name = instance.subcircuit;
        if self.is_broken(name) {
            return Reported;
        }
        let names =
            self.visible(scope, |block, names| names.extend(block.subcircuits.iter().map(|card| &*card.name.text)));
        let error = Diagnostic::error(format!("there is no subcircuit `{name}`")).at(instance.subcircuit_span);
        self.report(error.nearest(name, names))
    }

    fn check_ports(
        &mut self,
        name: &str,
        instance: &Instance<'d>,
        definition: &Subcircuit,
        span: Span,
    ) -> Result<(), Reported> {
        let (given, wanted) = (instance.nodes.len(), definition.ports.len());
        if given == wanted {
            return Ok(());
        }
        let ports = |count: usize| if count == 1 { "1 port".to_owned() } else { format!("{count} ports") };
        let message = format!(
            "`{name}` connects {given} nodes, but the subcircuit `{}` has {}",
            definition.name.text,
            ports(wanted)
        );
        Err(self.report(
            Diagnostic::error(message).at(span).label(definition.name.span.to(definition.ports_span), "its ports"),
        ))
    }

    fn check_nesting(&mut self, definition: &'d Subcircuit, scope: ScopeId, span: Span) -> Result<(), Reported> {
        let mut depth = 0;
        let mut next = Some(scope);
        while let Some(id) = next {
            let scope = self.scope(id);
            if scope.definition.is_some_and(|open| std::ptr::eq(open, definition)) {
                let message = format!("the subcircuit `{}` contains itself", definition.name.text);
                return Err(
                    self.report(Diagnostic::error(message).at(span).label(definition.name.span, "defined here"))
                );
            }
            depth += 1;
            next = scope.caller;
        }
        if depth > DEPTH_LIMIT {
            let message = format!("instances are nested more than {DEPTH_LIMIT} deep");
            let error = Diagnostic::error(message).at(span);
            return Err(self.report(error.hint("do the subcircuits contain each other?")));
        }
        Ok(())
    }

    fn inner_scope(
        &self,
        name: &str,
        instance: &Instance<'d>,
        definition: &'d Subcircuit,
        home: ScopeId,
        caller: ScopeId,
    ) -> Scope<'d> {
        let outer = self.scope(caller);
        let prefix = if outer.prefix.is_empty() { name.into() } else { format!("{}.{name}", outer.prefix).into() };
        // A subcircuit with a parameter of its own called `m` uses it as it likes.
        let own_multiplier = definition.parameters.iter().any(|parameter| &*parameter.name.text == "m");
        let multiplier = instance.given.iter().rev().find(|(name, ..)| *name == "m" && !own_multiplier);
        Scope {
            prefix,
            definition: Some(definition),
            blocks: SmallVec::from_slice(&[&definition.body]),
            lexical: Some(home),
            caller: Some(caller),
            ports: instance.nodes.as_slice().into(),
            given: instance.given.iter().map(|&(name, value, _)| (name, value)).collect(),
            states: FxHashMap::default(),
            models: FxHashMap::default(),
            multiplier: outer.multiplier * multiplier.map_or(1.0, |&(_, value, _)| value),
        }
    }

    /// Gives the nodes of ports that cards name by the instance's path another name: `v(x1:in)`.
    fn name_ports(&mut self, id: ScopeId) {
        let scope = &self.scopes[id.0 as usize];
        let Some((ports, definition)) = self.watched_ports.get(&*scope.prefix).zip(scope.definition) else { return };
        for port in ports {
            let index = definition.port_index.get(&**port).map(|&index| index as usize);
            if let Some(&node) = index.and_then(|index| scope.ports.get(index)) {
                self.circuit.node_index.entry(format!("{}.{port}", scope.prefix).into()).or_insert(node);
            }
        }
    }

    fn unique_instance(&mut self, inner: &Scope<'d>, span: Span) -> Result<(), Reported> {
        match self.instance_names.get(&inner.prefix) {
            None => {
                self.instance_names.insert(inner.prefix.clone(), span);
                Ok(())
            }
            Some(&first) => {
                let error = Diagnostic::error(format!("there are two instances `{}`", inner.prefix));
                Err(self.report(error.at(span).label(first, "the first one")))
            }
        }
    }

    fn warn_of_unknown_parameters(&mut self, instance: &Instance<'d>, definition: &'d Subcircuit) {
        // LTspice's subcircuits use parameters of instances without declaring them.
        if self.deck.dialect == Dialect::LtSpice {
            return;
        }
        for &(name, _, span) in &instance.given {
            let known = definition.parameters.iter().any(|parameter| *parameter.name.text == *name)
                || knows_parameter(name, &definition.body);
            if known || name == "m" {
                continue;
            }
            let message = format!("the subcircuit `{}` has no parameter `{name}`", definition.name.text);
            let mut warning = Diagnostic::warning(message).at(span);
            if let Some(near) = nearest(name, definition.parameters.iter().map(|parameter| &*parameter.name.text)) {
                warning = warning.hint(format!("did you mean `{near}`?"));
            }
            self.warn(warning);
        }
    }
}

/// Whether the block, or a branch in it, defines the parameter.
pub fn knows_parameter(name: &str, block: &Block) -> bool {
    block.parameter(name).is_some()
        || block
            .conditionals
            .iter()
            .any(|conditional| conditional.branches.iter().any(|branch| knows_parameter(name, &branch.body)))
}

/// What may be ports of instances, by the instances' prefixes: names with `:` or `.` in them on the cards of results.
pub fn watched_ports(top: &Block) -> FxHashMap<Box<str>, Vec<Box<str>>> {
    let mut found: FxHashMap<Box<str>, Vec<Box<str>>> = FxHashMap::default();
    for card in &top.dot_cards {
        let text = card.text.to_lowercase().replace(':', ".");
        for word in text.split(|c: char| c.is_whitespace() || "(){},='\"*/".contains(c)) {
            if let Some((prefix, port)) = word.rsplit_once('.').filter(|(prefix, _)| prefix.starts_with('x')) {
                found.entry(prefix.into()).or_default().push(port.into());
            }
        }
    }
    found
}

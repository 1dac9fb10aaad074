//! Dot cards that elaboration reads: settings before expansion, analyses and conditions after it.

use super::card_cursor::CardCursor;
use super::scope::{ScopeId, TOP};
use super::{Elaborator, Reported};
use crate::circuit::analysis_card::{StepCard, SweepTarget};
use crate::circuit::element::{NodeId, Parameter, Value};
use crate::diagnostic::{Diagnostic, Span};
use crate::netlist::bus_range;
use crate::netlist::card::{Command, CommandKeyword};
use crate::netlist::number::parse_number_in;
use crate::netlist::token::TokenKind;

impl<'d> Elaborator<'d> {
    fn commands_of(&self, scope: ScopeId) -> Vec<&'d Command> {
        self.scope(scope).blocks.iter().flat_map(|block| block.commands.iter()).collect()
    }

    /// Global nodes, options and temperature.
    pub fn settings(&mut self) {
        for command in self.commands_of(TOP) {
            let mut cursor = CardCursor::new(self.deck, &command.tokens);
            // Errors have been reported, and the next card may have its own.
            let _ = match command.keyword {
                CommandKeyword::Global => self.global(&mut cursor),
                CommandKeyword::Options => self.options(&mut cursor),
                CommandKeyword::Temperature => self.temperatures(&mut cursor, command.span),
                CommandKeyword::MonteCarlo => self.early_seed(&mut cursor),
                _ => Ok(()),
            };
        }
        if let Some(temperature) = self.overrides.temperature {
            self.circuit.options.temp = temperature;
        }
        if let Some(restart) = &self.overrides.restart {
            self.circuit.options.restart = restart.clone();
        }
        self.temperature = self.circuit.options.temp;
    }

    /// Everything else.
    pub fn commands(&mut self) {
        for command in self.commands_of(TOP) {
            let _ = self.command(command, TOP);
        }
        self.check_runs();
    }

    /// Commands within a subcircuit, of which only conditions on its nodes make sense.
    pub fn scope_commands(&mut self, scope: ScopeId) {
        for command in self.commands_of(scope) {
            if matches!(command.keyword, CommandKeyword::InitialConditions | CommandKeyword::NodeSet) {
                let _ = self.command(command, scope);
            } else {
                self.warn(Diagnostic::warning("this card has no effect inside a subcircuit").at(command.span));
            }
        }
        for block in self.scope(scope).blocks.clone() {
            for card in &block.dot_cards {
                self.warn(Diagnostic::warning("this card has no effect inside a subcircuit").at(card.span));
            }
        }
    }

    fn command(&mut self, command: &'d Command, scope: ScopeId) -> Result<(), Reported> {
        let cursor = &mut CardCursor::new(self.deck, &command.tokens);
        let needs_values = matches!(
            command.keyword,
            CommandKeyword::Noise
                | CommandKeyword::TransferFunction
                | CommandKeyword::PoleZero
                | CommandKeyword::Sensitivity
                | CommandKeyword::Scattering
                | CommandKeyword::Distortion
                | CommandKeyword::MonteCarlo
        );
        self.require(!(needs_values && cursor.at_end()), "nothing stands on this card", command.span)?;
        match command.keyword {
            CommandKeyword::OperatingPoint => self.operating_point(command.span),
            CommandKeyword::Dc => self.dc(cursor, command.span)?,
            CommandKeyword::Ac => self.ac(cursor, command.span)?,
            CommandKeyword::Noise => self.noise(cursor, command.span)?,
            CommandKeyword::TransferFunction => self.transfer_function(cursor, command.span)?,
            CommandKeyword::PoleZero => self.pole_zero(cursor, command.span)?,
            CommandKeyword::Sensitivity => self.sensitivity(cursor, command.span)?,
            CommandKeyword::Scattering => self.scattering(cursor, command.span)?,
            CommandKeyword::Distortion => self.distortion(cursor, command.span)?,
            CommandKeyword::Transient => self.transient(cursor, command.span)?,
            CommandKeyword::Step => self.step(cursor, command.span)?,
            CommandKeyword::MonteCarlo => self.monte_carlo(cursor, command.span)?,
            CommandKeyword::Sampling => self.sampling(cursor, command.span)?,
            CommandKeyword::InitialConditions => {
                let conditions = self.conditions(cursor, scope)?;
                self.circuit.initial_conditions.extend(conditions);
            }
            CommandKeyword::NodeSet => {
                let conditions = match cursor.at_key() && cursor.peek_word() == Some("all") {
                    true => self.guess_everywhere(cursor, scope)?,
                    false => self.conditions(cursor, scope)?,
                };
                let nodesets = &mut self.circuit.nodesets;
                nodesets.retain(|(node, ..)| conditions.iter().all(|(other, ..)| other != node));
                nodesets.extend(conditions);
            }
            CommandKeyword::Global | CommandKeyword::Options | CommandKeyword::Temperature => {}
        }
        Ok(())
    }

    fn global(&mut self, cursor: &mut CardCursor<'d>) -> Result<(), Reported> {
        while let Some((word, span)) = {
            cursor.skip_separators();
            cursor.positional_word()
        } {
            let globals = &mut self.globals;
            let most = self.deck.limits.nodes.saturating_sub(globals.len());
            let expanded = bus_range::expand(word, most, |name| {
                globals.insert(name.into());
            });
            expanded.map_err(|error| self.report(error.at(span)))?;
        }
        self.expect_end(cursor)
    }

    /// The circuit's temperature, °C, as a value of a card.
    pub fn temperature_value(&mut self) -> f64 {
        self.circuit.depends_on_temperature = true;
        self.temperature
    }

    /// `.temp` with one temperature, or with several to step through.
    fn temperatures(&mut self, cursor: &mut CardCursor<'d>, span: Span) -> Result<(), Reported> {
        let mut values = Vec::new();
        cursor.skip_separators();
        while !cursor.at_end() {
            let here = cursor.here();
            let word = cursor.peek_word().filter(|word| !super::element::is_number(word));
            if let Some(word) = word.filter(|word| self.parameter(TOP, word).is_none()) {
                let warning = Diagnostic::warning(format!("`{word}` is no temperature: it is left out"));
                self.circuit.warnings.push(warning.at(here));
                cursor.advance();
                cursor.skip_separators();
                continue;
            }
            values.push(self.number_token(cursor, "a temperature")?);
            cursor.skip_separators();
        }
        let Some(&first) = values.first() else { return Ok(()) };
        self.circuit.options.temp = first;
        if values.len() > 1 {
            self.circuit.steps.push(StepCard { target: SweepTarget::Temperature, values: values.into(), span });
        }
        Ok(())
    }

    /// `v(a)=1 v(b)={x}`, `i(l1)=0.1` for an inductor, and `x(n1)=0.3` for the state of a memristor, which becomes its `x0`.
    fn conditions(
        &mut self,
        cursor: &mut CardCursor<'d>,
        scope: ScopeId,
    ) -> Result<Vec<(NodeId, f64, Span)>, Reported> {
        let mut conditions = Vec::new();
        while !cursor.at_end() {
            if cursor.accept(TokenKind::Comma) {
                continue;
            }
            let start = cursor.position();
            let called = |kind: &str| cursor.peek_word() == Some(kind) && cursor.kind_at(1) == Some(TokenKind::Open);
            let (of_state, of_current) = (called("x"), called("i"));
            let known = of_state || of_current || called("v");
            let in_parentheses =
                known && cursor.kind_at(2) == Some(TokenKind::Word) && cursor.kind_at(3) == Some(TokenKind::Close);
            // Xyce's `node value`.
            let is_bare = !known && cursor.kind() == Some(TokenKind::Word);
            if !(in_parentheses || is_bare) {
                return Err(self.report(Diagnostic::error("expected `v(node)=value`").at(cursor.here())));
            }
            cursor.move_to(start + if in_parentheses { 2 } else { 0 });
            let node_span = cursor.here();
            let name = cursor.peek_word().unwrap_or("");
            cursor.move_to(start + if in_parentheses { 4 } else { 1 });
            cursor.accept(TokenKind::Equals);
            let value = self.number_in(cursor, scope, "a voltage")?;
            if of_state {
                self.initial_state(name, value, node_span)?;
                continue;
            }
            if of_current {
                self.initial_current(scope, name, value, node_span)?;
                continue;
            }
            // As in ngspice, a condition on a node that is not there is no reason not to simulate.
            match self.known_node(scope, name) {
                Some(node) => conditions.push((node, value, cursor.span_since(start))),
                None => {
                    let warning = Diagnostic::warning(format!("there is no node `{name}`: this condition is ignored"));
                    self.warn(warning.at(node_span));
                }
            }
        }
        Ok(conditions)
    }

    /// `all=1`: of the nodes that no `.nodeset` has named so far.
    fn guess_everywhere(
        &mut self,
        cursor: &mut CardCursor<'d>,
        scope: ScopeId,
    ) -> Result<Vec<(NodeId, f64, Span)>, Reported> {
        let start = cursor.position();
        cursor.move_to(start + 2);
        let value = self.number_in(cursor, scope, "a voltage")?;
        self.expect_end(cursor)?;
        let span = cursor.span_since(start);
        let named = |node: &NodeId| self.circuit.nodesets.iter().any(|(other, ..)| other == node);
        let nodes = (1..self.circuit.nodes.len() as u32).map(NodeId);
        Ok(nodes.filter(|node| !named(node)).map(|node| (node, value, span)).collect())
    }

    /// LTspice's current of an inductor.
    fn initial_current(&mut self, scope: ScopeId, name: &str, value: f64, span: Span) -> Result<(), Reported> {
        let id = self.existing_element(scope, name, span)?;
        if self.circuit.element(id).letter != b'l' {
            let error = Diagnostic::error(format!("`{name}` is no inductor, whose current could be given")).at(span);
            return Err(self.report(error));
        }
        let parameter = Parameter { name: self.shared_name("ic"), value: Value::Number(value), span };
        let element = &mut self.circuit.elements[id.0 as usize];
        element.parameters = element.parameters.iter().cloned().chain([parameter]).collect();
        self.circuit.held_currents.push(id);
        Ok(())
    }

    /// Replaces the initial state of the memristor called `name`.
    fn initial_state(&mut self, name: &str, value: f64, span: Span) -> Result<(), Reported> {
        let name = name.to_lowercase();
        let found = self.circuit.element_index.get(name.as_str()).copied();
        let Some(id) = found.filter(|id| is_memristor(self.circuit.element(*id).letter)) else {
            let memristors = self.circuit.elements.iter().filter(|element| is_memristor(element.letter));
            let diagnostic = Diagnostic::error(format!("there is no memristor `{name}`")).at(span);
            let diagnostic = diagnostic.nearest(&name, memristors.map(|element| &*element.name));
            return Err(self.report(diagnostic));
        };
        let parameter = Parameter { name: self.shared_name("x0"), value: Value::Number(value), span };
        let element = &mut self.circuit.elements[id.0 as usize];
        let parameters = element.parameters.iter().cloned().chain([parameter]);
        element.parameters = parameters.collect();
        Ok(())
    }

    /// The next token as a number, in the scope of the deck.
    pub fn number_token(&mut self, cursor: &mut CardCursor<'d>, what: &str) -> Result<f64, Reported> {
        self.number_in(cursor, TOP, what)
    }

    fn number_in(&mut self, cursor: &mut CardCursor<'d>, scope: ScopeId, what: &str) -> Result<f64, Reported> {
        let span = cursor.here();
        match cursor.kind() {
            Some(TokenKind::Expression(index)) => {
                cursor.advance();
                self.number(self.deck.expression(index), scope, span)
            }
            Some(TokenKind::Word) => {
                let word = cursor.peek_word().unwrap_or("");
                cursor.advance();
                self.number_word(word, span, scope, what)
            }
            _ => Err(self.report(Diagnostic::error(format!("expected {what}")).at(span))),
        }
    }

    fn number_word(&mut self, word: &str, span: Span, scope: ScopeId, what: &str) -> Result<f64, Reported> {
        if let Some(number) = parse_number_in(word, self.deck.dialect).filter(|number| number.is_finite()) {
            return Ok(number);
        }
        if super::element::is_number(word) {
            return self.begun_number(word, span);
        }
        match self.parameter(scope, word) {
            Some(value) => value,
            None => Err(self.report(Diagnostic::error(format!("expected {what}, found `{word}`")).at(span))),
        }
    }

    pub fn expect_end(&mut self, cursor: &CardCursor<'d>) -> Result<(), Reported> {
        if cursor.at_end() {
            return Ok(());
        }
        Err(self.report(Diagnostic::error("expected the end of the card").at(cursor.here())))
    }
}

/// Letters of cards whose initial state can be given.
fn is_memristor(letter: u8) -> bool {
    matches!(letter, b'n' | b'y')
}

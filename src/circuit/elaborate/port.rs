//! The ports of `A` cards: `[a b] %vd(c d) ~e null model`.

use std::sync::Arc;

use super::card_cursor::CardCursor;
use super::element::Head;
use super::scope::ScopeId;
use super::{Elaborator, Reported};
use crate::circuit::element::{Connection, Element, NodeId, Port};
use crate::diagnostic::Diagnostic;
use crate::netlist::token::TokenKind;

/// LTspice's functions on `A` cards, which have no `.model` card.
const LTSPICE_FUNCTIONS: &[&str] = &[
    "and",
    "buf",
    "buf1",
    "counter",
    "dflop",
    "dlatch",
    "inv",
    "modulate",
    "or",
    "ota",
    "phidet",
    "samplehold",
    "schmitt",
    "schmtbuf",
    "schmtinv",
    "srflop",
    "varistor",
    "xor",
];

/// Nodes that a connection of this mode takes.
fn width(mode: Option<&str>) -> usize {
    match mode {
        Some("vd" | "id" | "gd" | "hd") => 2,
        Some("vnam") => 0,
        _ => 1,
    }
}

impl<'d> Elaborator<'d> {
    /// Reads the ports and, after them, the model.
    pub fn ports(
        &mut self,
        name: &str,
        scope: ScopeId,
        cursor: &mut CardCursor<'d>,
        nodes: &mut Vec<NodeId>,
    ) -> Result<Head, Reported> {
        let mut ports = Vec::new();
        loop {
            cursor.skip_separators();
            if cursor.at_end() || cursor.at_key() {
                let error = Diagnostic::error(format!("`{name}` needs ports and a model"));
                return Err(self.report(error.at(cursor.here())));
            }
            if is_last_word(*cursor) {
                let model = self.required_model_after_ports(name, scope, cursor)?;
                return Ok(Head { ports: ports.into(), model: Some(model), first_value: None });
            }
            ports.push(self.port(scope, cursor, nodes)?);
        }
    }

    fn required_model_after_ports(
        &mut self,
        name: &str,
        scope: ScopeId,
        cursor: &mut CardCursor<'d>,
    ) -> Result<crate::circuit::ModelId, Reported> {
        match cursor.positional_word() {
            Some((word, span)) => match self.model(scope, word) {
                Some(model) => model,
                None if LTSPICE_FUNCTIONS.contains(&word) => {
                    let message = format!("LTspice's `{word}` of `{name}` is not simulated here");
                    let hint = "write it as an expression, for example: B1 out 0 v={if(v(a) > 0.5, 1, 0)}";
                    Err(self.report(Diagnostic::error(message).at(span).hint(hint)))
                }
                None => Err(self.undefined_model(word, span, scope)),
            },
            None => Err(self.report(Diagnostic::error(format!("`{name}` needs a model")).at(cursor.here()))),
        }
    }

    fn port(&mut self, scope: ScopeId, cursor: &mut CardCursor<'d>, nodes: &mut Vec<NodeId>) -> Result<Port, Reported> {
        let mode = self.mode(cursor);
        // `%v([a b])`; what closes it is skipped as a blank.
        if cursor.kind() == Some(TokenKind::Open) && cursor.kind_at(1) == Some(TokenKind::ListOpen) {
            cursor.advance();
        }
        let open = cursor.here();
        let vector = cursor.accept(TokenKind::ListOpen);
        let mut connections = Vec::new();
        if !vector {
            self.connection(scope, mode, cursor, nodes, &mut connections)?;
            return Ok(Port { vector, connections: connections.into() });
        }
        loop {
            cursor.skip_separators();
            if cursor.accept(TokenKind::ListClose) {
                return Ok(Port { vector, connections: connections.into() });
            }
            if cursor.at_end() {
                return Err(self.report(Diagnostic::error("this `[` has no `]`").at(open)));
            }
            let own_mode = self.mode(cursor).or_else(|| mode.clone());
            self.connection(scope, own_mode, cursor, nodes, &mut connections)?;
        }
    }

    /// `%vd` and its like.
    fn mode(&mut self, cursor: &mut CardCursor<'d>) -> Option<Arc<str>> {
        let mode = cursor.peek_word()?.strip_prefix('%')?;
        cursor.advance();
        Some(self.shared_name(mode))
    }

    /// One connection, or as many as the range in it says.
    fn connection(
        &mut self,
        scope: ScopeId,
        mode: Option<Arc<str>>,
        cursor: &mut CardCursor<'d>,
        nodes: &mut Vec<NodeId>,
        connections: &mut Vec<Connection>,
    ) -> Result<(), Reported> {
        let width = width(mode.as_deref());
        let parentheses = cursor.accept(TokenKind::Open);
        let mut inverted = false;
        let mut found: Vec<NodeId> = Vec::new();
        loop {
            while cursor.accept(TokenKind::Comma) {}
            let Some((word, span)) = cursor.positional_word() else {
                return Err(self.report(Diagnostic::error("expected the name of a node").at(cursor.here())));
            };
            let bare = word.strip_prefix('~').unwrap_or(word);
            inverted |= bare.len() < word.len();
            if bare.is_empty() {
                continue;
            }
            if bare == "null" || width == 0 {
                break;
            }
            self.nodes_of_word(scope, bare, span, &mut found)?;
            if found.len() >= width {
                break;
            }
        }
        if parentheses {
            cursor.accept(TokenKind::Close);
        }
        nodes.extend(&found);
        if found.is_empty() {
            connections.push(Connection { mode, inverted, nodes: Box::default(), source: None });
            return Ok(());
        }
        for pair in found.chunks(width.max(1)) {
            connections.push(Connection { mode: mode.clone(), inverted, nodes: pair.into(), source: None });
        }
        Ok(())
    }

    /// Resolves the sources of `%vnam` ports, reading the card a second time.
    pub fn bind_port_sources(
        &mut self,
        element: &mut Element,
        scope: ScopeId,
        after: CardCursor<'d>,
    ) -> Result<(), Reported> {
        let mut cursor = after;
        cursor.move_to(0);
        let mut sources = Vec::new();
        while cursor.position() < after.position() {
            let named = cursor.peek_word() == Some("%vnam");
            cursor.advance();
            if named {
                cursor.skip_separators();
                if let Some((word, span)) = cursor.positional_word() {
                    sources.push(self.existing_element(scope, word, span)?);
                }
            }
        }
        let connections = element.ports.iter_mut().flat_map(|port| port.connections.iter_mut());
        let wanting = connections.filter(|connection| connection.mode.as_deref() == Some("vnam"));
        for (connection, source) in wanting.zip(sources) {
            connection.source = Some(source);
        }
        Ok(())
    }
}

/// Whether the next token is a word, and the last one before `key=` or the end.
fn is_last_word(mut cursor: CardCursor<'_>) -> bool {
    if cursor.positional_word().is_none_or(|(word, _)| word.starts_with('%')) {
        return false;
    }
    cursor.skip_separators();
    cursor.at_end() || cursor.at_key()
}

//! Element cards: names, nodes and models.

use std::borrow::Cow;
use std::sync::Arc;

use super::card_cursor::CardCursor;
use super::scope::ScopeId;
use super::{Elaborator, Reported};
use crate::circuit::element::{CallValue, Element, ElementId, NodeId, Port, Spanned, Value};
use crate::circuit::model::ModelId;
use crate::diagnostic::{Diagnostic, Span};
use crate::netlist::bus_range;
use crate::netlist::card::ElementCard;
use crate::netlist::dialect::Dialect;
use crate::netlist::number::parse_number_in;
use crate::netlist::token::TokenKind;

/// Controlling inputs of one `poly`.
const POLY_LIMIT: usize = 1000;

/// First word of Xyce's memristor cards: `YMEMRISTOR name n+ n- model`.
const XYCE_MEMRISTOR: &str = "ymemristor";

/// A controlled source that comes later: `YDELAY name n+ n- control+ control- td=…`.
const XYCE_DELAY: &str = "ydelay";

/// Those of Xyce's devices of letter Y that are here.
const XYCE_HERE: &[&str] = &[XYCE_MEMRISTOR, XYCE_DELAY];

/// Xyce's other devices of letter Y, which name their kind in the same way.
const XYCE_OTHERS: &[&str] = &[
    "ypde",
    "yacc",
    "ylin",
    "yneuron",
    "yneuronpop",
    "ysynapse",
    "yxygra",
    "yrom",
    "ygenext",
    "yopamp",
    "yand",
    "ynand",
    "yor",
    "ynor",
    "yxor",
    "ynxor",
    "ynot",
    "yinv",
    "ybuf",
    "yadd",
    "ydff",
    "yjkff",
    "ytff",
    "ydltch",
];

/// An element whose card is to be read on from `position` when all names are known.
pub struct Deferred<'d> {
    element: ElementId,
    card: &'d ElementCard,
    scope: ScopeId,
    position: usize,
}

/// What stands on a card before its values.
#[derive(Default)]
pub struct Head {
    pub ports: Box<[Port]>,
    pub model: Option<ModelId>,
    /// `poly(n)`, which stands before the controlling nodes.
    pub first_value: Option<Spanned<Value>>,
}

/// How the nodes of a card are found.
enum Layout {
    Nodes(usize),
    /// That many nodes, then a model.
    NodesAndModel(usize),
    /// At least and at most that many nodes, up to the first word that is a model.
    UntilModel(usize, usize),
    /// Two nodes and perhaps two controlling ones, or `poly`.
    VoltageControlled,
    Ports,
}

fn layout(letter: u8) -> Layout {
    match letter {
        b'r' | b'c' | b'l' | b'v' | b'i' | b'b' | b'f' | b'h' | b'w' => Layout::Nodes(2),
        b'k' => Layout::Nodes(0),
        b't' => Layout::Nodes(4),
        b's' | b'o' => Layout::NodesAndModel(4),
        b'j' | b'z' | b'u' => Layout::NodesAndModel(3),
        b'd' => Layout::UntilModel(2, 3),
        b'q' => Layout::UntilModel(3, 5),
        b'm' => Layout::UntilModel(4, 7),
        b'e' | b'g' => Layout::VoltageControlled,
        b'a' => Layout::Ports,
        b'n' | b'y' => Layout::UntilModel(2, usize::MAX),
        b'p' => Layout::UntilModel(4, usize::MAX),
        _ => Layout::UntilModel(1, usize::MAX),
    }
}

/// Elements that refer to others, or whose expressions may do so.
fn is_deferred(card: &ElementCard) -> bool {
    card.behavioural || matches!(card.letter, b'f' | b'h' | b'k' | b'w' | b'b' | b'a')
}

impl<'d> Elaborator<'d> {
    pub fn element(&mut self, card: &'d ElementCard, scope: ScopeId) -> Result<(), Reported> {
        let span = self.deck.card_span(&card.tokens);
        self.check_size(span)?;
        let mut cursor = CardCursor::new(self.deck, &card.tokens);
        let missing = || Diagnostic::error("expected the name of an element").at(span);
        let Some((name, _)) = cursor.positional_word() else { return Err(self.report(missing())) };
        // Xyce: the kind of device stands before the name, which is then `ymemristor!name`.
        let full = if XYCE_HERE.contains(&name) {
            let Some((own, _)) = cursor.positional_word() else { return Err(self.report(missing())) };
            Cow::Owned(format!("{name}!{own}"))
        } else {
            Cow::Borrowed(name)
        };
        let flat = self.new_element_name(&full, scope, span)?;
        let prefix = self.scope(scope).prefix.clone();
        let result = self.drawing_for(&prefix, &flat, |this| this.place(card, scope, name, flat.clone(), span, cursor));
        if result.is_err() {
            self.failed_elements.insert(flat.to_string());
        }
        result
    }

    fn place(
        &mut self,
        card: &'d ElementCard,
        scope: ScopeId,
        name: &'d str,
        flat: Arc<str>,
        span: Span,
        mut cursor: CardCursor<'d>,
    ) -> Result<(), Reported> {
        let of_xyce = card.letter == b'y' && !XYCE_HERE.contains(&name);
        if of_xyce && (self.deck.dialect == Dialect::Xyce || XYCE_OTHERS.contains(&name)) {
            let error = Diagnostic::error(format!("Xyce's `{}` is not here", name.to_ascii_uppercase())).at(span);
            return Err(self.report(error.hint("of Xyce's devices of letter Y there are YMEMRISTOR and YDELAY")));
        }
        // HSPICE's and Xyce's ports are sources behind a resistance.
        let letter = match card.letter {
            b'p' if cursor.has_key("port") => b'v',
            _ if name == XYCE_DELAY => b'e',
            letter => letter,
        };
        let mut nodes = std::mem::take(&mut self.node_scratch);
        nodes.clear();
        let known_nodes = self.circuit.nodes.len();
        let head = self.head(letter, name, scope, &mut cursor, &mut nodes);
        let nodes_of_element: Box<[NodeId]> = nodes.as_slice().into();
        self.node_scratch = nodes;
        let head = head?;
        if self.preprocess.removes(card.letter, &nodes_of_element) {
            // Nothing is at a node that this card alone has named.
            for node in self.circuit.nodes.drain(known_nodes..) {
                self.circuit.node_index.remove(&node.name);
            }
            return Ok(());
        }
        let id = ElementId(self.circuit.elements.len() as u32);
        let mut element = Element {
            name: flat,
            letter,
            nodes: nodes_of_element,
            ports: head.ports,
            model: head.model,
            controls: Box::default(),
            values: Box::default(),
            parameters: Box::default(),
            multiplier: self.scope(scope).multiplier,
            span,
        };
        if is_deferred(card) {
            element.values = head.first_value.into_iter().collect();
            self.deferred.push(Deferred { element: id, card, scope, position: cursor.position() });
        } else {
            self.value_scratch.clear();
            self.value_scratch.extend(head.first_value);
            self.tail(&mut element, scope, cursor)?;
            self.choose_bin(&mut element, scope)?;
        }
        self.circuit.element_index.insert(element.name.clone(), id);
        self.circuit.elements.push(element);
        Ok(())
    }

    /// The flat name, which must be new.
    fn new_element_name(&mut self, name: &str, scope: ScopeId, span: Span) -> Result<Arc<str>, Reported> {
        let flat: Arc<str> =
            if self.scope(scope).prefix.is_empty() { name.into() } else { self.flat_element_name(scope, name).into() };
        match self.circuit.element_index.get(&flat) {
            None => Ok(flat),
            Some(&first) => {
                let first = self.circuit.element(first).span;
                let error = Diagnostic::error(format!("there are two elements `{name}`")).at(span);
                Err(self.report(error.label(first, "the first one")))
            }
        }
    }

    /// Reads the rest of the cards that refer to other elements.
    pub fn bind_deferred(&mut self) {
        for deferred in std::mem::take(&mut self.deferred) {
            if self.stopped {
                return;
            }
            let mut cursor = CardCursor::new(self.deck, &deferred.card.tokens);
            cursor.move_to(deferred.position);
            let index = deferred.element.0 as usize;
            self.value_scratch.clear();
            self.value_scratch.extend(std::mem::take(&mut self.circuit.elements[index].values));
            let mut element = self.circuit.elements[index].clone();
            // Errors have been reported, and the next card may have its own.
            let (prefix, name) = (self.scope(deferred.scope).prefix.clone(), element.name.clone());
            let _ = self.drawing_for(&prefix, &name, |this| {
                this.controls(&mut element, deferred.scope, &mut cursor)?;
                this.tail(&mut element, deferred.scope, cursor)?;
                this.choose_bin(&mut element, deferred.scope)
            });
            self.circuit.elements[index] = element;
        }
    }

    fn head(
        &mut self,
        letter: u8,
        name: &str,
        scope: ScopeId,
        cursor: &mut CardCursor<'d>,
        nodes: &mut Vec<NodeId>,
    ) -> Result<Head, Reported> {
        let mut head = Head::default();
        // Xyce's switch with an expression in place of controlling nodes.
        let generic = letter == b's' && cursor.has_key("control");
        let layout = match letter {
            _ if generic => Layout::NodesAndModel(2),
            b'y' if name != XYCE_MEMRISTOR => Layout::UntilModel(4, usize::MAX),
            letter => layout(letter),
        };
        match layout {
            Layout::Nodes(count) => self.fixed_nodes(name, count, scope, cursor, nodes)?,
            Layout::NodesAndModel(count) => {
                self.fixed_nodes(name, count, scope, cursor, nodes)?;
                head.model = Some(self.required_model(name, scope, cursor)?);
            }
            Layout::UntilModel(least, most) => {
                head.model = Some(self.nodes_until_model(name, (least, most), scope, cursor, nodes)?);
            }
            Layout::VoltageControlled => {
                self.fixed_nodes(name, 2, scope, cursor, nodes)?;
                head.first_value = self.controlling_nodes(name, scope, cursor, nodes)?;
            }
            Layout::Ports => head = self.ports(name, scope, cursor, nodes)?,
        }
        Ok(head)
    }

    /// Reads words until there are `count` more nodes.
    fn fixed_nodes(
        &mut self,
        name: &str,
        count: usize,
        scope: ScopeId,
        cursor: &mut CardCursor<'d>,
        nodes: &mut Vec<NodeId>,
    ) -> Result<(), Reported> {
        let wanted = nodes.len() + count;
        let plural = |count: usize| if count == 1 { "1 node".to_owned() } else { format!("{count} nodes") };
        while nodes.len() < wanted {
            cursor.skip_separators();
            let Some((word, span)) = cursor.positional_word() else {
                let message = format!("`{name}` needs {}, but only {} given", plural(wanted), are(nodes.len()));
                return Err(self.report(Diagnostic::error(message).at(cursor.here())));
            };
            self.nodes_of_word(scope, word, span, nodes)?;
            if nodes.len() > wanted {
                let message = format!("`{name}` needs {}, but this range makes them {}", plural(wanted), nodes.len());
                return Err(self.report(Diagnostic::error(message).at(span)));
            }
        }
        Ok(())
    }

    fn required_model(&mut self, name: &str, scope: ScopeId, cursor: &mut CardCursor<'d>) -> Result<ModelId, Reported> {
        cursor.skip_separators();
        match cursor.positional_word() {
            Some((word, span)) => match self.model(scope, word) {
                Some(model) => model,
                None => Err(self.undefined_model(word, span, scope)),
            },
            None => Err(self.report(Diagnostic::error(format!("`{name}` needs a model")).at(cursor.here()))),
        }
    }

    /// Nodes up to the first word that is a model and has enough nodes before it.
    fn nodes_until_model(
        &mut self,
        name: &str,
        (least, most): (usize, usize),
        scope: ScopeId,
        cursor: &mut CardCursor<'d>,
        nodes: &mut Vec<NodeId>,
    ) -> Result<ModelId, Reported> {
        let start = *cursor;
        let (mut words, mut count) = (0, 0);
        // The word that must have been meant for the model if none is one.
        let mut suspect = None;
        loop {
            cursor.skip_separators();
            // Xyce's and PSpice's substrate: `q1 c b e [s] model`.
            let in_brackets = cursor.accept(TokenKind::ListOpen);
            let Some((word, span)) = cursor.positional_word() else { break };
            cursor.accept(TokenKind::ListClose);
            if in_brackets {
                (words, count) = (words + 1, count + 1);
                continue;
            }
            if count >= least || count + 1 == least && self.has_no_bulk(name, word, scope) {
                if let Some(model) = self.model_for_sizes(scope, word, *cursor) {
                    self.check_most(name, count, most, span)?;
                    self.nodes_of_words(scope, start, words, nodes)?;
                    return model;
                }
                suspect = suspect.or(parse_number_in(word, self.deck.dialect).is_none().then_some((word, span)));
            }
            words += 1;
            count += bus_range::parse(word)
                .map_or(1, |(_, first, last)| (first.abs_diff(last).min(bus_range::LIMIT) + 1) as usize);
        }
        match suspect {
            Some((word, span)) => Err(self.undefined_model(word, span, scope)),
            None => {
                let message = format!("`{name}` needs at least {least} nodes and a model");
                Err(self.report(Diagnostic::error(message).at(cursor.here())))
            }
        }
    }

    /// Whether `word`, which stands where the bulk of the transistor `name` would be, is its model, of a kind without a bulk.
    fn has_no_bulk(&mut self, name: &str, word: &str, scope: ScopeId) -> bool {
        let model = if name.starts_with('m') { self.model(scope, word) } else { None };
        matches!(model, Some(Ok(id)) if self.circuit.model(id).kind.starts_with("vdmos"))
    }

    fn check_most(&mut self, name: &str, count: usize, most: usize, span: Span) -> Result<(), Reported> {
        if count <= most {
            return Ok(());
        }
        let message = format!("`{name}` has {count} nodes, but at most {most} are possible");
        Err(self.report(Diagnostic::error(message).label(span, "the model")))
    }

    fn nodes_of_words(
        &mut self,
        scope: ScopeId,
        mut cursor: CardCursor<'d>,
        words: usize,
        nodes: &mut Vec<NodeId>,
    ) -> Result<(), Reported> {
        for _ in 0..words {
            cursor.skip_separators();
            cursor.accept(TokenKind::ListOpen);
            if let Some((word, span)) = cursor.positional_word() {
                self.nodes_of_word(scope, word, span, nodes)?;
            }
            cursor.accept(TokenKind::ListClose);
        }
        Ok(())
    }

    /// After the two nodes of E and G: two more, those of `poly`, or none for behavioural forms.
    fn controlling_nodes(
        &mut self,
        name: &str,
        scope: ScopeId,
        cursor: &mut CardCursor<'d>,
        nodes: &mut Vec<NodeId>,
    ) -> Result<Option<Spanned<Value>>, Reported> {
        cursor.skip_separators();
        skip_kind(cursor, &["vcvs", "vccs"], 3);
        skip_kind(cursor, &["delay"], 3);
        // HSPICE's ideal elements, whose word the device's constructor reads.
        let (start, kind) = (cursor.position(), cursor.peek_word().unwrap_or_default());
        skip_kind(cursor, &["opamp"], 2);
        skip_kind(cursor, &["transformer"], 3);
        // HSPICE's `pwl(1) in+ in- x1,y1 …`.
        let is_table = kind == "pwl" && cursor.kind_at(1) == Some(TokenKind::Open);
        if is_table {
            cursor.advance();
            cursor.skip_separators();
            cursor.advance();
            cursor.skip_separators();
        }
        if cursor.position() > start {
            let kind = Spanned { item: Value::Word(self.shared_name(kind)), span: cursor.span_since(start) };
            self.fixed_nodes(name, 2, scope, cursor, nodes)?;
            return Ok(Some(kind));
        }
        match cursor.peek_word() {
            Some("poly") => {
                let (poly, dimension) = self.poly(scope, cursor)?;
                self.fixed_nodes(name, 2 * dimension, scope, cursor, nodes)?;
                Ok(Some(poly))
            }
            Some("value" | "vol" | "cur" | "table" | "laplace" | "freq" | "chebyshev" | "foster" | "pole") => Ok(None),
            Some(_) if !cursor.at_key() => {
                self.fixed_nodes(name, 2, scope, cursor, nodes)?;
                Ok(None)
            }
            None if !matches!(cursor.kind(), Some(TokenKind::Expression(_))) => {
                self.fixed_nodes(name, 2, scope, cursor, nodes)?;
                Ok(None)
            }
            _ => Ok(None),
        }
    }

    /// `poly(n)`: its value and `n`.
    pub fn poly(&mut self, scope: ScopeId, cursor: &mut CardCursor<'d>) -> Result<(Spanned<Value>, usize), Reported> {
        let start = cursor.position();
        cursor.advance();
        cursor.accept(TokenKind::Open);
        let number_span = cursor.here();
        let value = match cursor.kind() {
            Some(TokenKind::Expression(index)) => self.number(self.deck.expression(index), scope, number_span)?,
            _ => cursor.peek_word().and_then(|word| parse_number_in(word, self.deck.dialect)).unwrap_or(f64::NAN),
        };
        cursor.advance();
        cursor.accept(TokenKind::Close);
        if !(value >= 1.0 && value <= POLY_LIMIT as f64 && value.fract() == 0.0) {
            let message = format!("expected the number of inputs of `poly`, from 1 to {POLY_LIMIT}");
            return Err(self.report(Diagnostic::error(message).at(number_span)));
        }
        let argument = Spanned { item: Value::Number(value), span: number_span };
        let call = CallValue { function: self.shared_name("poly"), arguments: vec![argument], parameters: Vec::new() };
        Ok((Spanned { item: Value::Call(Box::new(call)), span: cursor.span_since(start) }, value as usize))
    }

    /// The elements that F, H, W and K name, and the model of W.
    fn controls(&mut self, element: &mut Element, scope: ScopeId, cursor: &mut CardCursor<'d>) -> Result<(), Reported> {
        let mut controls = Vec::new();
        match element.letter {
            b'f' | b'h' => {
                cursor.skip_separators();
                skip_kind(cursor, &["cccs", "ccvs"], 2);
                let is_value = |word: &str| matches!(word, "value" | "vol" | "cur" | "table");
                match cursor.peek_word() {
                    Some("poly") => {
                        let (poly, dimension) = self.poly(scope, cursor)?;
                        self.value_scratch.push(poly);
                        for _ in 0..dimension {
                            controls.push(self.control(element, scope, cursor)?);
                        }
                    }
                    Some(word) if is_value(word) || cursor.at_key() => {}
                    _ => controls.push(self.control(element, scope, cursor)?),
                }
            }
            b'w' => {
                controls.push(self.control(element, scope, cursor)?);
                element.model = Some(self.required_model(&element.name, scope, cursor)?);
            }
            b'k' => loop {
                cursor.skip_separators();
                match cursor.peek_word() {
                    Some(word) if !is_number(word) && !cursor.at_key() && !self.is_coupling(scope, word) => {
                        controls.push(self.control(element, scope, cursor)?);
                    }
                    _ => break,
                }
            },
            b'a' => self.bind_port_sources(element, scope, *cursor)?,
            _ => {}
        }
        element.controls = controls.into();
        Ok(())
    }

    /// Whether a word on a K card is the parameter for the coefficient.
    fn is_coupling(&mut self, scope: ScopeId, word: &str) -> bool {
        self.find_element(scope, word).is_none() && self.parameter(scope, word).is_some()
    }

    fn control(
        &mut self,
        element: &Element,
        scope: ScopeId,
        cursor: &mut CardCursor<'d>,
    ) -> Result<ElementId, Reported> {
        cursor.skip_separators();
        let Some((word, span)) = cursor.positional_word() else {
            let error = Diagnostic::error(format!("`{}` needs the name of another element here", element.name));
            return Err(self.report(error.at(cursor.here())));
        };
        self.existing_element(scope, word, span)
    }
}

/// Skips HSPICE's word for the kind of a controlled source, which at least `count` more words follow: else it is a node.
fn skip_kind(cursor: &mut CardCursor<'_>, kinds: &[&str], count: usize) {
    let mut ahead = *cursor;
    if !ahead.positional_word().is_some_and(|(word, _)| kinds.contains(&word)) {
        return;
    }
    let behind = ahead;
    let follows = (0..count).all(|_| {
        ahead.skip_separators();
        let more = !ahead.at_end();
        ahead.advance();
        more
    });
    if follows {
        *cursor = behind;
    }
}

/// Whether `word` is meant as a number.
pub fn is_number(word: &str) -> bool {
    let digits = word.trim_start_matches(['+', '-', '.']);
    digits.starts_with(|c: char| c.is_ascii_digit()) && bus_range::parse(word).is_none()
}

fn are(count: usize) -> String {
    match count {
        0 => "none is".into(),
        1 => "1 is".into(),
        count => format!("{count} are"),
    }
}

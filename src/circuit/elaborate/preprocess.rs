//! Xyce's `.preprocess`: other names of ground, elements that are nothing but a short of themselves, resistors for nodes that hang in
//! the air; HSPICE's `.connect`.

use super::Elaborator;
use super::scope::TOP;
use crate::circuit::conduction::{Sets, conducting_terminals};
use crate::circuit::element::{Element, ElementId, GROUND, NodeId, Spanned, Value};
use crate::diagnostic::{Diagnostic, Span};
use crate::netlist::DotCard;

/// What the `.preprocess` cards of a deck ask for.
#[derive(Default)]
pub struct Preprocess {
    /// `ground` is node 0, as `gnd` and `gnd!` always are.
    pub replaces_ground: bool,
    /// Letters of elements that are left out where all of their nodes are one.
    unused: Vec<u8>,
    /// Resistance from every node with a single terminal to ground, Ω.
    one_terminal: Option<f64>,
    /// The same of nodes without a DC path to ground.
    no_path: Option<f64>,
    /// HSPICE's `.connect`: flat names of nodes, and of those that they are.
    connected: Vec<(String, String)>,
}

impl Preprocess {
    /// The node that `.connect` makes of the one with this flat name.
    pub fn connected<'a>(&'a self, name: &'a str) -> &'a str {
        self.connected.iter().find(|(from, _)| from == name).map_or(name, |(_, to)| to)
    }

    /// Whether an element between `nodes` is left out.
    pub fn removes(&self, letter: u8, nodes: &[NodeId]) -> bool {
        let terminals = if matches!(letter, b'q' | b'm') { 3 } else { 2 };
        let main = &nodes[..terminals.min(nodes.len())];
        self.unused.contains(&letter) && main.iter().all(|&node| node == main[0])
    }
}

impl Elaborator<'_> {
    /// Reads the deck's `.preprocess` and `.connect` cards.
    pub fn read_preprocess(&mut self) {
        let cards = self.scope(TOP).blocks.iter().flat_map(|block| &block.dot_cards);
        for card in cards.collect::<Vec<&DotCard>>() {
            let read = match &*card.keyword {
                "preprocess" => self.preprocess_card(card),
                "connect" => self.connect(card),
                _ => Ok(()),
            };
            if let Err(error) = read {
                self.report(error);
            }
        }
    }

    /// `.connect a b`: what is at `b` is at `a`.
    fn connect(&mut self, card: &DotCard) -> Result<(), Diagnostic> {
        let text = card.text.to_ascii_lowercase();
        let [to, from] = text.split_whitespace().collect::<Vec<&str>>()[..] else {
            return Err(Diagnostic::error("expected two nodes").at(card.span).hint(".connect node1 node2"));
        };
        // Ground keeps its name, and chains end where they end.
        let (to, from) = if matches!(from, "0" | "gnd") { (from, to) } else { (to, from) };
        let to = self.preprocess.connected(to).to_string();
        let chained = self.preprocess.connected.iter_mut().filter(|(_, end)| *end == from);
        chained.for_each(|(_, end)| end.clone_from(&to));
        self.preprocess.connected.push((from.to_string(), to));
        Ok(())
    }

    /// Both names of nodes that `.connect` joins stand for one node.
    pub fn name_connected(&mut self) {
        for (from, to) in &self.preprocess.connected {
            let node =
                if matches!(&**to, "0" | "gnd") { Some(GROUND) } else { self.circuit.node_index.get(&**to).copied() };
            if let Some(node) = node {
                self.circuit.node_index.insert(from.as_str().into(), node);
            }
        }
    }

    fn preprocess_card(&mut self, card: &DotCard) -> Result<(), Diagnostic> {
        let text = card.text.to_ascii_lowercase();
        let mut words = text.split([' ', '\t', ',', '=']).filter(|word| !word.is_empty());
        let unclear = || {
            let error = Diagnostic::error("expected `replaceground`, `removeunused` or `addresistors`").at(card.span);
            error
                .hint("`.preprocess replaceground true`, `.preprocess removeunused c,d,i,l,m,q,r,v`")
                .hint("`.preprocess addresistors oneterminal 1g`, `.preprocess addresistors nodcpath 1g`")
        };
        match words.next() {
            Some("replaceground") => self.preprocess.replaces_ground = words.next() == Some("true"),
            Some("removeunused") => {
                let letters = words.filter_map(|word| word.bytes().next());
                self.preprocess.unused.extend(letters.filter(|letter| b"cdilmqrv".contains(letter)));
            }
            Some("addresistors") => {
                let (kind, value) = (words.next(), words.next().unwrap_or_default());
                let number = crate::netlist::number::parse_number_in(value, self.deck.dialect);
                let resistance = number.filter(|&value| value > 0.0).ok_or_else(unclear)?;
                match kind {
                    Some("oneterminal") => self.preprocess.one_terminal = Some(resistance),
                    Some("nodcpath") => self.preprocess.no_path = Some(resistance),
                    _ => return Err(unclear()),
                }
            }
            _ => return Err(unclear()),
        }
        Ok(())
    }

    /// The resistors of `addresistors`. Xyce writes them to a copy of the deck; here they are part of the circuit at once.
    pub fn add_resistors(&mut self) {
        let nodes = 1..self.circuit.nodes.len() as u32;
        if let Some(resistance) = self.preprocess.one_terminal {
            let mut terminals = vec![0; self.circuit.nodes.len()];
            let ends = self.circuit.elements.iter().flat_map(|element| element.nodes.iter());
            ends.for_each(|node| terminals[node.0 as usize] += 1);
            let alone = nodes.clone().filter(|&node| terminals[node as usize] == 1);
            alone.for_each(|node| self.add_resistor("rone_terminal", NodeId(node), resistance));
        }
        if let Some(resistance) = self.preprocess.no_path {
            let mut sets = Sets::new(self.circuit.nodes.len());
            for element in &self.circuit.elements {
                for group in conducting_terminals(element, element.parameter("v").is_some()) {
                    let found: Vec<&NodeId> = group.iter().filter_map(|&index| element.nodes.get(index)).collect();
                    for pair in found.windows(2) {
                        sets.join(pair[0].0, pair[1].0);
                    }
                }
            }
            for node in nodes {
                if sets.find(node) != sets.find(0) {
                    self.add_resistor("rno_dc_path", NodeId(node), resistance);
                }
            }
        }
    }

    fn add_resistor(&mut self, name: &str, node: NodeId, resistance: f64) {
        let value = Spanned { item: Value::Number(resistance), span: Span::default() };
        let name = format!("{name}_{}", self.circuit.node_name(node));
        self.add_made_element(&name, b'r', [node, GROUND], Box::new([value]), self.circuit.nodes[node.0 as usize].span);
    }

    /// An element that no card of the deck is about.
    pub fn add_made_element(
        &mut self,
        name: &str,
        letter: u8,
        nodes: [NodeId; 2],
        values: Box<[Spanned<Value>]>,
        span: Span,
    ) -> ElementId {
        let id = ElementId(self.circuit.elements.len() as u32);
        let element = Element {
            name: name.into(),
            letter,
            nodes: Box::new(nodes),
            ports: Box::default(),
            model: None,
            controls: Box::default(),
            values,
            parameters: Box::default(),
            multiplier: 1.0,
            span,
        };
        self.circuit.element_index.insert(element.name.clone(), id);
        self.circuit.elements.push(element);
        id
    }
}

//! The ports of an array: word lines, bit lines, and of cells with transistors their gates and bulk.

use crate::circuit::element::Port;
use crate::devices::assembly::{GROUND_UNKNOWN, Unknown};
use crate::devices::construct::Construction;
use crate::diagnostic::Diagnostic;

/// Nodes at the ports.
#[derive(Debug, Clone, PartialEq)]
pub struct Ports {
    pub word: Vec<Unknown>,
    pub bit: Vec<Unknown>,
    /// One for each word line; none without transistors.
    pub gate: Vec<Unknown>,
    /// Of the transistors; ground unless given.
    pub bulk: Unknown,
}

/// The ports of `c`'s card; `gated`: cells have transistors.
pub fn read(c: &mut Construction, gated: bool) -> Option<Ports> {
    let card = if gated { "A1 [wl[0:7]] [bl[0:7]] [gl[0:7]] bulk MODEL" } else { "A1 [wl[0:7]] [bl[0:7]] MODEL" };
    match find(c, gated) {
        Ok(ports) => Some(ports),
        Err(message) => {
            c.error(Diagnostic::error(message).at(c.element.span).hint(format!("write `{card}`")));
            None
        }
    }
}

fn find(c: &Construction, gated: bool) -> Result<Ports, String> {
    let (ports, name) = (&c.element.ports, &c.element.name);
    let allowed = if gated { 3..=4 } else { 2..=2 };
    if !allowed.contains(&ports.len()) {
        let wanted = match gated {
            true => "word lines, bit lines, gate lines and perhaps the bulk",
            false => "word lines and bit lines",
        };
        return Err(format!("`{name}` has {} ports, it needs {wanted}", ports.len()));
    }
    let nodes = |index: usize, what: &str| {
        let port = &ports[index];
        let found: Option<Vec<Unknown>> = nodes(c, port);
        found.filter(|nodes| !nodes.is_empty()).ok_or_else(|| format!("the {what} of `{name}` must be plain nodes"))
    };
    let (word, bit) = (nodes(0, "word lines")?, nodes(1, "bit lines")?);
    let gate = if gated { nodes(2, "gate lines")? } else { Vec::new() };
    if gated && gate.len() != word.len() {
        let (gates, words) = (gate.len(), word.len());
        return Err(format!("`{name}` has {gates} gate lines for {words} word lines: each row has one"));
    }
    let bulk = match ports.len() {
        4 => match nodes(3, "bulk")?[..] {
            [bulk] => bulk,
            _ => return Err(format!("the bulk of `{name}` is one node")),
        },
        _ => GROUND_UNKNOWN,
    };
    Ok(Ports { word, bit, gate, bulk })
}

fn nodes(c: &Construction, port: &Port) -> Option<Vec<Unknown>> {
    let connections = port.connections.iter();
    connections
        .map(|connection| match (&*connection.nodes, connection.mode.as_deref(), connection.inverted) {
            ([node], None | Some("v"), false) => Some(c.assembly.node(*node)),
            _ => None,
        })
        .collect()
}

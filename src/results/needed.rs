//! Vectors that `.measure`, `.check` and `.print` lines need beside those that the deck saves.

use std::sync::Arc;

use crate::circuit::Circuit;
use crate::netlist::expression::unbracketed;

/// The vectors named in cards of `circuit`, as (kind, arguments): every `name(arguments)` and `@device[name]` in their text.
///
/// Names that are functions, or of nothing in the circuit, do no harm: they select nothing.
pub fn vectors(circuit: &Circuit) -> Vec<(Arc<str>, Vec<Arc<str>>)> {
    let mut found = Vec::new();
    for card in circuit.cards.iter().filter(|card| !matches!(&*card.keyword, "save" | "probe")) {
        scan(&card.text.to_lowercase(), &mut found);
    }
    for function in &circuit.functions {
        scan(&function.body.to_string(), &mut found);
    }
    if saves_bias(circuit) {
        found.extend(circuit.node_index.keys().map(|node| ("v".into(), vec![node.clone()])));
    }
    found.dedup();
    found
}

/// The text of all cards that compute something from vectors, in lower case, with names of subcircuits as vectors have them; `None` if one
/// of them asks for all vectors.
pub fn text(circuit: &Circuit) -> Option<String> {
    let cards = circuit.cards.iter().filter(|card| !matches!(&*card.keyword, "save" | "probe"));
    let mut text: String = cards.map(|card| card.text.to_lowercase() + "\n").collect();
    text.extend(circuit.functions.iter().map(|function| function.body.to_string().to_lowercase() + "\n"));
    let whole = saves_bias(circuit) || ["(*)", "(all)"].iter().any(|all| text.contains(all));
    (!whole).then(|| format!("{text}{}", plain_name(&text)))
}

/// Whether all node voltages are wanted.
fn saves_bias(circuit: &Circuit) -> bool {
    circuit.cards.iter().any(|card| &*card.keyword == "savebias")
}

/// With the levels of the hierarchy separated as in vectors' names.
pub fn plain_name(name: &str) -> String {
    name.replace(':', ".")
}

fn scan(text: &str, found: &mut Vec<(Arc<str>, Vec<Arc<str>>)>) {
    for (at, _) in text.match_indices('(') {
        let kind = text[..at].rsplit(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or_default();
        let Some(end) = text[at..].find(')') else { continue };
        let inner = &text[at + 1..at + end];
        if kind.is_empty() || inner.contains('(') || inner.len() > 200 {
            continue;
        }
        if let ("n", Some((device, quantity))) = (kind, inner.rsplit_once(':')) {
            found.push(("@".into(), vec![plain_name(device).into(), quantity.into()]));
            continue;
        }
        if let Some(quantity) = super::series::quantity_of_terminal(kind).filter(|quantity| *quantity != kind) {
            found.push(("@".into(), vec![plain_name(inner).into(), quantity.into()]));
            continue;
        }
        let (kind, inner) = match (kind, inner.strip_suffix("_branch")) {
            ("n", Some(device)) => ("i", device),
            ("n", None) => ("v", inner),
            _ => (kind, inner),
        };
        let arguments: Vec<Arc<str>> =
            inner.split(',').map(|argument| plain_name(unbracketed(argument.trim())).into()).collect();
        // `vm(out)`, `vdb(out)`, … are made of `v(out)`.
        let kind = match kind {
            "vm" | "vp" | "vdb" | "vr" | "vi" => "v",
            "im" | "ip" | "idb" | "ir" | "ii" => "i",
            kind => kind,
        };
        found.push((kind.into(), arguments));
    }
    // Xyce's `r1:r`.
    for word in text.split(|c: char| !c.is_alphanumeric() && !"_:!.".contains(c)).filter(|word| word.contains(':')) {
        if let Some((device, quantity)) = super::card_text::quantity_word(word) {
            found.push(("@".into(), vec![device.replace(':', ".").into(), quantity.into()]));
        }
    }
    for (at, _) in text.match_indices('@') {
        let rest = &text[at + 1..];
        if let Some(end) = rest.find(']')
            && let Some((device, name)) = rest[..end].split_once('[')
        {
            found.push(("@".into(), vec![device.into(), name.into()]));
        }
    }
}

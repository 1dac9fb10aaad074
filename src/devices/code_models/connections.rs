//! Connections of code models: what an input measures, and the source at an output.

use super::calculation::Calculation;
use crate::circuit::element::{Connection, Port};
use crate::devices::assembly::{GROUND_UNKNOWN, Unknown, UnknownKind, UnknownName};
use crate::devices::behavioural::{Behavioural, Part, Program, Slot};
use crate::devices::construct::Construction;
use crate::diagnostic::Diagnostic;

/// An error has been reported.
pub struct Reported;

/// The two nodes of an output, and whether it is a current.
#[derive(Debug, Clone, Copy)]
pub struct Output {
    pub p: Unknown,
    pub n: Unknown,
    pub is_current: bool,
}

const INPUTS: &[&str] = &["v", "vd", "i", "id", "vnam"];
const OUTPUTS: &[&str] = &["v", "vd", "i", "id"];
const CONDUCTANCES: &[&str] = &["g", "gd"];

/// The ports of `c`'s card, `names` in this order, which `example` shows.
pub fn ports<'a, const N: usize>(
    c: &mut Construction<'a>,
    names: [&str; N],
    example: &str,
) -> Result<[&'a Port; N], Reported> {
    let ports = &c.element.ports;
    if let Ok(found) = <[&Port; N]>::try_from(ports.iter().collect::<Vec<_>>()) {
        return Ok(found);
    }
    let (name, count) = (&c.element.name, ports.len());
    let plural = if count == 1 { "port" } else { "ports" };
    let message = format!("`{name}` has {count} {plural}, its model takes {N}: {}", names.join(", "));
    c.error(Diagnostic::error(message).at(c.element.span).hint(format!("write `{example}`")));
    Err(Reported)
}

/// The only connection of a port; None for `null` where that may be.
fn single<'a>(
    c: &mut Construction,
    port: &'a Port,
    name: &str,
    modes: &[&str],
    may_be_null: bool,
) -> Result<Option<&'a Connection>, Reported> {
    let problem = match &*port.connections {
        [connection] if !port.vector => match wrong(connection, modes) {
            None if is_null(connection) && !may_be_null => "must be connected".to_string(),
            None => return Ok(Some(connection).filter(|connection| !is_null(connection))),
            Some(problem) => problem,
        },
        _ => "takes one connection, not a list".into(),
    };
    Err(reject(c, name, &problem))
}

fn is_null(connection: &Connection) -> bool {
    connection.nodes.is_empty() && connection.source.is_none()
}

fn wrong(connection: &Connection, modes: &[&str]) -> Option<String> {
    if connection.inverted {
        return Some("cannot be inverted with `~`: it is not digital".into());
    }
    let mode = connection.mode.as_deref().unwrap_or(modes[0]);
    if modes.contains(&mode) {
        return None;
    }
    let modes: Vec<String> = modes.iter().map(|mode| format!("`%{mode}`")).collect();
    Some(format!("cannot be `%{mode}`, only {}", modes.join(", ")))
}

fn reject(c: &mut Construction, name: &str, problem: &str) -> Reported {
    let message = format!("the port `{name}` of `{}` {problem}", c.element.name);
    c.error(Diagnostic::error(message).at(c.element.span));
    Reported
}

fn nodes(c: &Construction, connection: &Connection) -> [Unknown; 2] {
    [0, 1].map(|index| connection.nodes.get(index).map_or(GROUND_UNKNOWN, |&node| c.assembly.node(node)))
}

/// What an input measures.
pub fn input(c: &mut Construction, port: &Port, name: &str, y: &mut Calculation) -> Result<Slot, Reported> {
    match single(c, port, name, INPUTS, false)? {
        Some(connection) => measured(c, connection, y),
        None => Err(Reported),
    }
}

/// What the inputs of a vector port measure.
pub fn inputs(c: &mut Construction, port: &Port, name: &str, y: &mut Calculation) -> Result<Vec<Slot>, Reported> {
    if port.connections.is_empty() {
        return Err(reject(c, name, "has no connections"));
    }
    let mut slots = Vec::new();
    for connection in &port.connections {
        if let Some(problem) = wrong(connection, INPUTS) {
            return Err(reject(c, name, &problem));
        }
        if is_null(connection) {
            return Err(reject(c, name, "must be connected"));
        }
        slots.push(measured(c, connection, y)?);
    }
    Ok(slots)
}

fn measured(c: &mut Construction, connection: &Connection, y: &mut Calculation) -> Result<Slot, Reported> {
    let [p, n] = nodes(c, connection);
    match connection.mode.as_deref() {
        Some("i" | "id") => {
            // A source of 0 V, whose current is the input.
            let current = c.assembly.unknown(UnknownName::Internal(c.id, "input".into()), UnknownKind::Current);
            let mut zero = Calculation::default();
            let nothing = zero.constant(0.0);
            c.assembly.add_behavioural(None, Behavioural::voltage(zero.finish(nothing), p, n, current));
            Ok(y.unknown(current))
        }
        Some("vnam") => {
            let source = connection.source.ok_or(Reported)?;
            let current = c.sensed_current(source).map_err(|diagnostic| {
                c.error(diagnostic.at(c.element.span));
                Reported
            })?;
            Ok(y.unknown(current))
        }
        _ => {
            let (p, n) = (y.unknown(p), y.unknown(n));
            Ok(y.difference(p, n))
        }
    }
}

/// The output port.
pub fn output(c: &mut Construction, port: &Port, name: &str) -> Result<Output, Reported> {
    let Some(connection) = single(c, port, name, OUTPUTS, false)? else { return Err(Reported) };
    let [p, n] = nodes(c, connection);
    Ok(Output { p, n, is_current: matches!(connection.mode.as_deref(), Some("i" | "id")) })
}

/// An input that may be `null`.
pub fn optional_input(
    c: &mut Construction,
    port: &Port,
    name: &str,
    y: &mut Calculation,
) -> Result<Option<Slot>, Reported> {
    match single(c, port, name, INPUTS, true)? {
        Some(connection) => measured(c, connection, y).map(Some),
        None => Ok(None),
    }
}

/// The nodes of a card whose `names` are pairs of nodes, however these are put together: `(a b) (c d)`, `%hd (a b) %hd (c d)`, `a b c d`.
pub fn pairs<const N: usize>(
    c: &mut Construction,
    names: [&str; N],
    example: &str,
) -> Result<[[Unknown; 2]; N], Reported> {
    let connections: Vec<&Connection> = c.element.ports.iter().flat_map(|port| &port.connections).collect();
    match paired(c, &connections).and_then(|pairs| <[[Unknown; 2]; N]>::try_from(pairs).ok()) {
        Some(pairs) => Ok(pairs),
        None => {
            let message = format!("`{}` must have pairs of nodes: {}", c.element.name, names.join(", "));
            c.error(Diagnostic::error(message).at(c.element.span).hint(format!("write `{example}`")));
            Err(Reported)
        }
    }
}

/// The nodes of connections, two by two; None where one is left over, or is no node.
pub fn paired(c: &Construction, connections: &[&Connection]) -> Option<Vec<[Unknown; 2]>> {
    let mut found = Vec::new();
    for connection in connections {
        if connection.inverted || connection.nodes.is_empty() {
            return None;
        }
        found.extend(connection.nodes.iter().map(|&node| c.assembly.node(node)));
    }
    let (pairs, rest) = found.as_chunks::<2>();
    rest.is_empty().then(|| pairs.to_vec())
}

/// The node of a port that is one.
pub fn node(c: &mut Construction, port: &Port, name: &str) -> Result<Unknown, Reported> {
    let connection = single(c, port, name, &["v", "g", "h", "i"], false)?.ok_or(Reported)?;
    Ok(nodes(c, connection)[0])
}

/// The two nodes of a conductance; None for `null` where that may be.
pub fn conductance(
    c: &mut Construction,
    port: &Port,
    name: &str,
    may_be_null: bool,
) -> Result<Option<[Unknown; 2]>, Reported> {
    Ok(single(c, port, name, CONDUCTANCES, may_be_null)?.map(|connection| nodes(c, connection)))
}

/// The input of a card and the two nodes of its conductance, which may stand alone: `A1 control p n S1`.
pub fn input_and_conductance<'a>(
    c: &mut Construction<'a>,
    names: [&str; 2],
    example: &str,
) -> Result<(&'a Port, [Unknown; 2]), Reported> {
    let alone = |port: &Port| match &*port.connections {
        [connection] if !port.vector && connection.mode.is_none() && !connection.inverted => {
            <[_; 1]>::try_from(&*connection.nodes).ok().map(|[node]| node)
        }
        _ => None,
    };
    if let [control, p, n] = &*c.element.ports
        && let (Some(p), Some(n)) = (alone(p), alone(n))
    {
        return Ok((control, [c.assembly.node(p), c.assembly.node(n)]));
    }
    let [control, switch] = ports(c, names, example)?;
    Ok((control, conductance(c, switch, names[1], false)?.ok_or(Reported)?))
}

/// The source at an output, whose value is that of `program`.
pub fn drive(c: &mut Construction, output: Output, program: Program) {
    let Output { p, n, is_current } = output;
    let device = if is_current {
        Behavioural::current(program, p, n, c.multiplier(), Part::Resistive)
    } else {
        Behavioural::voltage(program, p, n, c.assembly.branch(c.id))
    };
    c.assembly.add_behavioural(Some(c.id), device);
}

/// The value of `unknown` at an output.
pub fn drive_by(c: &mut Construction, output: Output, unknown: Unknown) {
    let mut y = Calculation::default();
    let value = y.unknown(unknown);
    drive(c, output, y.finish(value));
}

/// A new unknown that always is the value of `program`.
pub fn value_unknown(c: &mut Construction, name: &'static str, program: Program) -> Unknown {
    let unknown = c.assembly.internal_node(c.id, name);
    c.assembly.add_behavioural(None, Behavioural::equal(program, unknown));
    unknown
}

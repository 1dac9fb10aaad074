//! Ports of a block's card: how many, and which modes.

use crate::circuit::element::{Connection, Port};
use crate::devices::assembly::{GROUND_UNKNOWN, Unknown};
use crate::devices::construct::Construction;
use crate::diagnostic::Diagnostic;

/// What a port is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A voltage that is looked at: `%v` or `%vd`.
    VoltageInput,
    /// A voltage that is looked at, or with `%i` or `%id` a current into a virtual ground.
    AnyInput,
    /// A voltage source, or with `%i` or `%id` a current source.
    Output,
    /// A node of a conductance.
    Terminal,
}

impl Role {
    fn modes(self) -> &'static [&'static str] {
        match self {
            Role::VoltageInput => &["v", "vd"],
            Role::AnyInput | Role::Output => &["v", "vd", "i", "id"],
            Role::Terminal => &["v"],
        }
    }
}

/// A port of a kind of block.
pub struct PortSpecification {
    pub name: &'static str,
    pub role: Role,
    /// May be `null` or, at the end, missing.
    pub optional: bool,
}

impl PortSpecification {
    pub const fn new(name: &'static str, role: Role) -> Self {
        PortSpecification { name, role, optional: false }
    }

    pub const fn optional(name: &'static str, role: Role) -> Self {
        PortSpecification { name, role, optional: true }
    }
}

/// A port of a card.
#[derive(Debug, Clone, Copy)]
pub struct BlockPort {
    pub p: Unknown,
    pub n: Unknown,
    /// Mode `%i` or `%id`.
    pub is_current: bool,
    /// False for `null`.
    pub is_connected: bool,
}

const UNCONNECTED: BlockPort =
    BlockPort { p: GROUND_UNKNOWN, n: GROUND_UNKNOWN, is_current: false, is_connected: false };

/// The ports of `c`'s card by `specifications`; what is wrong is reported, with `card` as the right one.
pub fn read<const N: usize>(
    c: &mut Construction,
    specifications: &[PortSpecification; N],
    card: &str,
) -> Option<[BlockPort; N]> {
    let (ports, name) = (&c.element.ports, &c.element.name);
    let names: Vec<&str> = specifications.iter().map(|specification| specification.name).collect();
    let least = specifications.iter().rposition(|specification| !specification.optional).map_or(0, |last| last + 1);
    if !(least..=N).contains(&ports.len()) {
        let wanted = if least == N { N.to_string() } else { format!("{least} to {N}") };
        let plural = if ports.len() == 1 { "port" } else { "ports" };
        let message = format!("`{name}` has {} {plural}, its model takes {wanted}: {}", ports.len(), names.join(", "));
        c.error(Diagnostic::error(message).at(c.element.span).hint(format!("write `{card}`")));
        return None;
    }
    let mut found = [UNCONNECTED; N];
    for ((port, specification), found) in ports.iter().zip(specifications).zip(&mut found) {
        match connection(port, specification) {
            Ok(Some(connection)) => {
                let node = |index: usize| connection.nodes.get(index).map(|&node| c.assembly.node(node));
                *found = BlockPort {
                    p: node(0).unwrap_or(GROUND_UNKNOWN),
                    n: node(1).unwrap_or(GROUND_UNKNOWN),
                    is_current: matches!(connection.mode.as_deref(), Some("i" | "id")),
                    is_connected: true,
                };
            }
            Ok(None) => {}
            Err(reason) => {
                let message = format!("the port `{}` of `{name}` {reason}", specification.name);
                c.error(Diagnostic::error(message).at(c.element.span).hint(format!("write `{card}`")));
                return None;
            }
        }
    }
    Some(found)
}

fn connection<'a>(port: &'a Port, specification: &PortSpecification) -> Result<Option<&'a Connection>, String> {
    let [connection] = &*port.connections else { return Err("takes one connection, not a list".into()) };
    if port.vector {
        return Err("takes one connection, not a list".into());
    }
    if connection.inverted {
        return Err("cannot be inverted with `~`: it is not digital".into());
    }
    let mode = connection.mode.as_deref().unwrap_or("v");
    let modes = specification.role.modes();
    if !modes.contains(&mode) {
        let modes: Vec<String> = modes.iter().map(|mode| format!("`%{mode}`")).collect();
        return Err(format!("cannot be `%{mode}`, only {}", modes.join(", ")));
    }
    match (connection.nodes.is_empty(), specification.optional) {
        (true, false) => Err("must be connected".into()),
        (true, true) => Ok(None),
        _ => Ok(Some(connection)),
    }
}

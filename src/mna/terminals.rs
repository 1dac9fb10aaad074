//! Vectors that are named by the terminals of elements, as on ngspice's `.probe`.
//!
//! ```text
//! i(q1,1)  i(q1:c)          the current into a terminal
//! vd(r1)                    the voltage between both terminals of an element
//! vd(m1:1:2)  vd(m1:d:0)    … between two terminals, or a terminal and ground
//! vd(m1:1,q1:b)             … between terminals of two elements
//! ```
//! Terminals are numbers from 1 on, or letters: `c b e s` of Q, `d g s b` of M, `d g s` of J and Z.

use std::sync::Arc;

use super::system::System;
use super::vectors::Vector;
use crate::circuit::{Element, NodeId};

/// The letters of an element's terminals.
fn letters(element: &Element) -> &'static str {
    match element.letter {
        b'q' => "cbes",
        b'm' => "dgsb",
        b'j' | b'z' => "dgs",
        _ => "",
    }
}

/// The place of the terminal called `name`.
fn place(element: &Element, name: &str) -> Option<usize> {
    let number = || name.parse::<usize>().ok()?.checked_sub(1);
    letters(element).find(name).filter(|_| name.len() == 1).or_else(number)
}

impl System {
    /// The vector that `kind(arguments)` means by terminals.
    pub(super) fn vector_of_terminals(&self, kind: &str, arguments: &[Arc<str>]) -> Option<Vector> {
        match (kind, arguments) {
            ("i", [device, terminal]) => self.terminal_current(device, terminal),
            ("i", [device]) => device.rsplit_once(':').and_then(|(device, name)| self.terminal_current(device, name)),
            ("vd", [both]) => match *both.split(':').collect::<Vec<_>>() {
                [device] => Some(self.difference(self.terminal_node(device, "1")?, self.terminal_node(device, "2")?)),
                [device, a, b] => Some(self.difference(self.terminal_node(device, a)?, self.terminal_node(device, b)?)),
                _ => None,
            },
            ("vd", [a, b]) => {
                let node =
                    |text: &str| text.split_once(':').and_then(|(device, name)| self.terminal_node(device, name));
                Some(self.difference(node(a)?, node(b)?))
            }
            _ => None,
        }
    }

    fn difference(&self, a: NodeId, b: NodeId) -> Vector {
        Vector::Difference(self.node_unknown(a) as u32, self.node_unknown(b) as u32)
    }

    fn terminal_node(&self, device: &str, name: &str) -> Option<NodeId> {
        let element = self.circuit.element(self.element_called(device)?);
        if name == "0" {
            return Some(NodeId(0));
        }
        element.nodes.get(place(element, name)?).copied()
    }

    fn terminal_current(&self, device: &str, name: &str) -> Option<Vector> {
        let element = self.circuit.element(self.element_called(device)?);
        let place = place(element, name)?;
        match letters(element).get(place..=place) {
            Some(letter) => self.lead(device, &format!("i{letter}")),
            // The current of two-terminal elements is into the first.
            None if place == 0 => self.vector("i", &[device.into()]),
            None => None,
        }
    }
}

//! Which terminals of an element conduct at DC, and sets of what is connected.

use super::element::Element;

/// Sets of connected things, merged as connections are found.
pub struct Sets {
    parent: Vec<u32>,
}

impl Sets {
    /// `n` things, each of them alone.
    pub fn new(n: usize) -> Self {
        Sets { parent: (0..n as u32).collect() }
    }

    /// The set of `item`, named by one of its members.
    pub fn find(&mut self, mut item: u32) -> u32 {
        while self.parent[item as usize] != item {
            self.parent[item as usize] = self.parent[self.parent[item as usize] as usize];
            item = self.parent[item as usize];
        }
        item
    }

    /// False if they were in one set already.
    pub fn join(&mut self, a: u32, b: u32) -> bool {
        let (a, b) = (self.find(a), self.find(b));
        self.parent[a as usize] = b;
        a != b
    }
}

/// Terminals that conduct at DC: groups of node positions that are connected with each other. A B element is a voltage source
/// if it has a branch current.
pub fn conducting_terminals(element: &Element, has_branch: bool) -> Vec<Vec<usize>> {
    match element.letter {
        b'c' | b'i' | b'g' | b'f' | b'k' => Vec::new(),
        b'b' if !has_branch => Vec::new(),
        b'm' => vec![vec![0, 2, 3]],
        b't' | b'o' => vec![vec![0, 1], vec![2, 3]],
        b'v' | b'e' | b'h' | b'l' | b'b' | b's' | b'w' | b'r' | b'd' => vec![vec![0, 1]],
        b'j' => vec![vec![0, 1, 2]],
        _ => vec![(0..element.nodes.len()).collect()],
    }
}

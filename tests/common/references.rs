//! What ngspice gave, read from files.
#![allow(dead_code)] // not every test uses all of it

use std::fs;
use std::path::PathBuf;

/// The decks of a folder, by name; at least so many.
pub fn decks(folder: &str, at_least: usize) -> Vec<PathBuf> {
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let is_deck = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "cir");
    let mut decks: Vec<PathBuf> = paths.filter(is_deck).collect();
    decks.sort();
    assert!(decks.len() >= at_least, "only {} decks", decks.len());
    decks
}

/// Splits at commas outside of parentheses: vector names contain commas.
pub fn split(line: &str) -> Vec<String> {
    let (mut depth, mut names) = (0, vec![String::new()]);
    for c in line.chars() {
        depth += i32::from(c == '(') - i32::from(c == ')');
        match c {
            ',' if depth == 0 => names.push(String::new()),
            c => names.last_mut().unwrap().push(c),
        }
    }
    names
}

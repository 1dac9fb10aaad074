//! Variables of a script: flags, texts and lists. Their names are in lower case.

use std::collections::BTreeMap;

use crate::netlist::number::parse_number;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Variable {
    /// `set name`
    Flag,
    Text(String),
    List(Vec<String>),
}

impl Variable {
    /// The words that `$name` puts in.
    pub fn words(&self) -> Vec<String> {
        match self {
            Variable::Flag => vec!["TRUE".into()],
            Variable::Text(text) => vec![text.clone()],
            Variable::List(words) => words.clone(),
        }
    }
}

#[derive(Debug, Default)]
pub struct Variables {
    values: BTreeMap<String, Variable>,
}

impl Variables {
    pub fn get(&self, name: &str) -> Option<&Variable> {
        self.values.get(name)
    }

    pub fn set(&mut self, name: &str, value: Variable) {
        self.values.insert(name.to_lowercase(), value);
    }

    pub fn set_text(&mut self, name: &str, text: &str) {
        self.set(name, Variable::Text(text.into()));
    }

    pub fn unset(&mut self, name: &str) {
        match name {
            "*" => self.values.clear(),
            _ => drop(self.values.remove(&name.to_lowercase())),
        }
    }

    pub fn is_set(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    pub fn text(&self, name: &str) -> Option<&str> {
        match self.values.get(name)? {
            Variable::Text(text) => Some(text),
            _ => None,
        }
    }

    pub fn number(&self, name: &str) -> Option<f64> {
        parse_number(self.text(name)?)
    }

    /// Every variable with its value, by name.
    pub fn listed(&self) -> String {
        let line = |(name, value): (&String, &Variable)| match value {
            Variable::Flag => format!("  {name}\n"),
            Variable::Text(text) => format!("  {name}\t{text}\n"),
            Variable::List(words) => format!("  {name}\t( {} )\n", words.join(" ")),
        };
        self.values.iter().map(line).collect()
    }
}

/// The assignments of a `set` command: `a`, `b=2`, `c = "x y"`, `d = ( 1 2 3 )`.
///
/// # Errors
/// Says what is missing.
pub fn assignments(text: &str) -> Result<Vec<(String, Variable)>, String> {
    let pieces = pieces(text);
    let mut found = Vec::new();
    let mut at = 0;
    while at < pieces.len() {
        let Piece::Word(name) = &pieces[at] else { return Err("expected the name of a variable".into()) };
        at += 1;
        if pieces.get(at) != Some(&Piece::Symbol('=')) {
            found.push((name.clone(), Variable::Flag));
            continue;
        }
        match pieces.get(at + 1) {
            Some(Piece::Word(value)) => {
                found.push((name.clone(), Variable::Text(value.clone())));
                at += 2;
            }
            Some(Piece::Symbol('(')) => {
                let close = pieces[at..].iter().position(|piece| *piece == Piece::Symbol(')'));
                let Some(close) = close else { return Err("a `(` without its `)`".into()) };
                let words = pieces[at + 2..at + close].iter().filter_map(|piece| match piece {
                    Piece::Word(word) => Some(word.clone()),
                    Piece::Symbol(_) => None,
                });
                found.push((name.clone(), Variable::List(words.collect())));
                at += close + 1;
            }
            _ => return Err(format!("expected a value for `{name}`")),
        }
    }
    Ok(found)
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Word(String),
    Symbol(char),
}

fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let taken = match first {
            '=' | '(' | ')' => {
                pieces.push(Piece::Symbol(first));
                1
            }
            '"' | '\'' => {
                let end = rest[1..].find(first).unwrap_or(rest.len() - 1);
                pieces.push(Piece::Word(rest[1..=end].to_string()));
                (end + 2).min(rest.len())
            }
            _ => {
                let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '=' | '(' | ')')).unwrap_or(rest.len());
                pieces.push(Piece::Word(rest[..end].to_string()));
                end
            }
        };
        rest = rest[taken..].trim_start();
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::{Variable, assignments};

    #[test]
    fn values_are_flags_texts_and_lists() {
        let found = assignments("a b=2k c = \"x y\" d=( 1 two ) e = ( )").unwrap();
        let list = |words: &[&str]| Variable::List(words.iter().map(|word| word.to_string()).collect());
        let expected = [
            ("a", Variable::Flag),
            ("b", Variable::Text("2k".into())),
            ("c", Variable::Text("x y".into())),
            ("d", list(&["1", "two"])),
            ("e", list(&[])),
        ];
        assert_eq!(found, expected.map(|(name, value)| (name.to_string(), value)));
        assert!(assignments("a =").is_err() && assignments("a = ( 1").is_err());
    }
}

//! Command scripts: what stands between `.control` and `.endc`.
//!
//! A script is read into statements whose words are still text: variables are put in when a statement is run, so what a word
//! means is not known before. Expressions over vectors ([`VectorExpression`]) are parsed at that time too.

mod lines;
mod statement;
mod vector_expression;
mod vector_parser;

pub use lines::ScriptLine;
pub(super) use lines::script_lines;
pub(super) use statement::read;
pub use statement::{Loop, Statement};
pub use vector_expression::{VectorExpression, VectorOperator};
pub use vector_parser::parse_vector_expressions;

/// All scripts of a deck, one behind the other.
#[derive(Debug, Clone, Default)]
pub struct Script {
    pub statements: Vec<Statement>,
}

/// Commands that run an analysis.
const ANALYSES: &[&str] = &["run", "op", "dc", "ac", "tran", "noise", "tf", "pz", "sens", "disto", "sp", "pss"];

impl Script {
    pub fn is_empty(&self) -> bool {
        self.statements.is_empty()
    }

    /// Whether a command of the script runs an analysis: the deck's cards are then left to `run`.
    pub fn runs_analyses(&self) -> bool {
        self.lines().iter().any(|line| ANALYSES.contains(&line.command().as_str()))
    }

    /// The `@device[quantity]` that the script names.
    pub(super) fn quantities(&self) -> String {
        let mut found: Vec<String> = Vec::new();
        for line in self.lines() {
            for (at, _) in line.text.match_indices('@') {
                let rest = &line.text[at..];
                let end = rest.find(']').filter(|&end| rest[..end].contains('[') && !rest[..end].contains(['$', ' ']));
                found.extend(end.map(|end| rest[..=end].to_lowercase()));
            }
        }
        found.dedup();
        found.join(" ")
    }

    /// Every line with a command or condition, in order.
    pub fn lines(&self) -> Vec<&ScriptLine> {
        let mut found = Vec::new();
        self.statements.iter().for_each(|statement| statement.lines(&mut found));
        found
    }
}

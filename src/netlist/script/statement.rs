//! Statements: commands, and the blocks that repeat or choose them.

use super::lines::ScriptLine;
use crate::diagnostic::Diagnostic;

/// Blocks within each other.
const DEPTH_LIMIT: usize = 100;

/// One statement. The lines in it are the ones that begin it: `if condition`, `foreach name values`, ….
#[derive(Debug, Clone)]
pub enum Statement {
    Command(ScriptLine),
    /// `if condition … else … end`
    If {
        condition: ScriptLine,
        yes: Vec<Statement>,
        no: Vec<Statement>,
    },
    Repeated {
        kind: Loop,
        head: ScriptLine,
        body: Vec<Statement>,
    },
    /// `break [n]`: leaves so many loops.
    Break(ScriptLine),
    /// `continue [n]`: goes on with the next round of the n-th loop around.
    Continue(ScriptLine),
}

/// What keeps a loop going.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loop {
    /// `while condition`, tested before each round.
    While,
    /// `dowhile condition`, tested after each round.
    DoWhile,
    /// `repeat [count]`
    Repeat,
    /// `foreach name value …`
    Foreach,
}

impl Loop {
    fn named(word: &str) -> Option<Loop> {
        Some(match word {
            "while" => Loop::While,
            "dowhile" => Loop::DoWhile,
            "repeat" => Loop::Repeat,
            "foreach" => Loop::Foreach,
            _ => return None,
        })
    }
}

impl Statement {
    pub(super) fn lines<'s>(&'s self, found: &mut Vec<&'s ScriptLine>) {
        match self {
            Statement::Command(line) | Statement::Break(line) | Statement::Continue(line) => found.push(line),
            Statement::If { condition, yes, no } => {
                found.push(condition);
                yes.iter().chain(no).for_each(|statement| statement.lines(found));
            }
            Statement::Repeated { head, body, .. } => {
                found.push(head);
                body.iter().for_each(|statement| statement.lines(found));
            }
        }
    }
}

/// A block that has not ended.
struct Open {
    head: ScriptLine,
    kind: Option<Loop>,
    /// The statements of the branch before `else`.
    yes: Option<Vec<Statement>>,
    body: Vec<Statement>,
}

/// Sorts lines into statements.
///
/// # Errors
/// The first block that is not closed, closed without being open, or nested too deeply.
pub fn read(lines: Vec<ScriptLine>) -> Result<Vec<Statement>, Diagnostic> {
    let mut top = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    for line in lines {
        let word = line.command();
        let kind = Loop::named(&word);
        match word.as_str() {
            _ if kind.is_some() || word == "if" => {
                if open.len() == DEPTH_LIMIT {
                    let message = format!("blocks are nested more than {DEPTH_LIMIT} deep");
                    return Err(Diagnostic::error(message).at(line.span));
                }
                open.push(Open { head: line, kind, yes: None, body: Vec::new() });
            }
            "else" => match open.last_mut() {
                Some(block) if block.kind.is_none() && block.yes.is_none() => {
                    block.yes = Some(std::mem::take(&mut block.body));
                }
                _ => return Err(Diagnostic::error("`else` without `if`").at(line.span)),
            },
            "end" => {
                let Some(block) = open.pop() else {
                    return Err(Diagnostic::error("`end` without `if`, `foreach`, `while`, `dowhile` or `repeat`")
                        .at(line.span));
                };
                open.last_mut().map_or(&mut top, |outer| &mut outer.body).push(closed(block));
            }
            _ => {
                let statement = match word.as_str() {
                    "break" => Statement::Break(line),
                    "continue" => Statement::Continue(line),
                    _ => Statement::Command(line),
                };
                open.last_mut().map_or(&mut top, |outer| &mut outer.body).push(statement);
            }
        }
    }
    match open.first() {
        Some(block) => {
            let message = format!("this `{}` has no `end`", block.head.command());
            Err(Diagnostic::error(message).at(block.head.span))
        }
        None => Ok(top),
    }
}

fn closed(block: Open) -> Statement {
    match (block.kind, block.yes) {
        (Some(kind), _) => Statement::Repeated { kind, head: block.head, body: block.body },
        (None, Some(yes)) => Statement::If { condition: block.head, yes, no: block.body },
        (None, None) => Statement::If { condition: block.head, yes: block.body, no: Vec::new() },
    }
}

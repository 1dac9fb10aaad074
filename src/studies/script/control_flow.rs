//! Statements in their order: commands, choices and loops.

use super::session::{Outcome, Session};
use crate::diagnostic::{Diagnostic, Report};
use crate::netlist::script::{Loop, ScriptLine, Statement};

/// Where the script goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    Next,
    /// Behind so many loops.
    Break(usize),
    /// With the next round of this loop around.
    Continue(usize),
    /// Behind the label that the session knows.
    Jump,
    /// `quit [code]`, or an interruption.
    Quit(u8),
}

impl Session<'_, '_, '_> {
    pub fn statements(&mut self, statements: &[Statement]) -> Flow {
        let mut index = 0;
        while let Some(statement) = statements.get(index) {
            index += 1;
            let flow = self.statement(statement);
            match (flow, self.label(statements)) {
                (Flow::Jump, Some(label)) => {
                    self.jumps += 1;
                    if self.jumps >= self.deck.limits.rounds {
                        return Flow::Quit(1);
                    }
                    index = label;
                }
                (Flow::Next, _) => {}
                _ => return flow,
            }
            if self.interrupted || flow == Flow::Jump && !self.goes_on() {
                return Flow::Quit(1);
            }
        }
        Flow::Next
    }

    /// Where the label that `goto` has named stands among `statements`.
    fn label(&self, statements: &[Statement]) -> Option<usize> {
        statements.iter().position(|statement| match statement {
            Statement::Command(line) => line.command() == "label" && line.rest().trim() == self.target,
            _ => false,
        })
    }

    /// Whether nobody has asked for an end.
    fn goes_on(&mut self) -> bool {
        let goes_on = (self.settings.watch)(crate::analysis::Progress { fraction: 0.0, time: None, steps: 0 });
        self.interrupted |= !goes_on;
        goes_on
    }

    fn statement(&mut self, statement: &Statement) -> Flow {
        match statement {
            Statement::Command(line) => self.command(line),
            Statement::If { condition, yes, no } => match self.test(condition) {
                Some(true) => self.statements(yes),
                Some(false) => self.statements(no),
                None => Flow::Next,
            },
            Statement::Repeated { kind, head, body } => match kind {
                Loop::While => self.while_loop(head, body, true),
                Loop::DoWhile => self.while_loop(head, body, false),
                Loop::Repeat => self.repeat(head, body),
                Loop::Foreach => self.foreach(head, body),
            },
            Statement::Break(line) => self.levels(line).map_or(Flow::Next, Flow::Break),
            Statement::Continue(line) => self.levels(line).map_or(Flow::Next, Flow::Continue),
        }
    }

    /// The condition of `line`; None after an error.
    fn test(&mut self, line: &ScriptLine) -> Option<bool> {
        let text = self.substituted(line.rest(), line.span);
        let found = self.condition(&text);
        self.outcome(line, &text, found)
    }

    fn outcome<T>(&mut self, line: &ScriptLine, rest: &str, outcome: Outcome<T>) -> Option<T> {
        outcome.map_err(|problem| self.fail(line.span, &format!("{} {rest}", line.command()), problem)).ok()
    }

    /// The number behind `break` and `continue`.
    fn levels(&mut self, line: &ScriptLine) -> Option<usize> {
        let text = self.substituted(line.rest(), line.span);
        if text.trim().is_empty() {
            return Some(1);
        }
        let levels = text.trim().parse::<usize>().ok().filter(|&levels| levels > 0);
        self.outcome(line, &text, levels.ok_or_else(|| "expected a number from 1".into()))
    }

    /// Round number `number` of the loop at `head`, counted from 0: None to go on with the next, else where the loop's end leads.
    fn round(&mut self, head: &ScriptLine, number: usize, body: &[Statement]) -> Option<Flow> {
        let most = self.deck.limits.rounds;
        if number >= most {
            let error = Diagnostic::error(format!("this loop has gone round {most} times, and the script ends here"));
            let error = error.at(head.span).hint("leave loops by `break`, or let their condition become 0");
            self.report(&Report::new(self.deck.sources.clone(), vec![error]));
            return Some(Flow::Quit(1));
        }
        if !self.goes_on() {
            return Some(Flow::Quit(1));
        }
        match self.statements(body) {
            Flow::Next | Flow::Continue(1) => None,
            Flow::Break(1) => Some(Flow::Next),
            Flow::Break(levels) => Some(Flow::Break(levels - 1)),
            Flow::Continue(levels) => Some(Flow::Continue(levels - 1)),
            flow @ (Flow::Quit(_) | Flow::Jump) => Some(flow),
        }
    }

    fn while_loop(&mut self, head: &ScriptLine, body: &[Statement], tested_first: bool) -> Flow {
        for number in 0.. {
            let tested = tested_first || number > 0;
            if tested && self.test(head) != Some(true) {
                break;
            }
            if let Some(flow) = self.round(head, number, body) {
                return flow;
            }
        }
        Flow::Next
    }

    /// `repeat [count]`: without a count until `break` or `quit`.
    fn repeat(&mut self, head: &ScriptLine, body: &[Statement]) -> Flow {
        let text = self.substituted(head.rest(), head.span);
        let count = if text.trim().is_empty() {
            Some(f64::INFINITY)
        } else {
            let count = self.value(&text).map(|value| value.first().unwrap_or(0.0));
            self.outcome(head, &text, count)
        };
        let Some(count) = count else { return Flow::Next };
        // Of infinitely many the limit of rounds is the end.
        for number in 0..count.round() as usize {
            if let Some(flow) = self.round(head, number, body) {
                return flow;
            }
        }
        Flow::Next
    }

    /// `foreach name value …`
    fn foreach(&mut self, head: &ScriptLine, body: &[Statement]) -> Flow {
        let text = self.substituted(head.rest(), head.span);
        let words = super::words::split(&text);
        let Some((name, values)) = words.split_first() else {
            let problem: Outcome = Err("expected `foreach name value …`".into());
            self.outcome(head, &text, problem);
            return Flow::Next;
        };
        let values = values.iter().filter(|value| !matches!(value.as_str(), "(" | ")"));
        for (number, value) in values.enumerate() {
            self.variables.set_text(name, value.trim_matches(['(', ')']));
            if let Some(flow) = self.round(head, number, body) {
                return flow;
            }
        }
        Flow::Next
    }
}

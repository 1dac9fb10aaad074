//! The commands, by name.

use super::command_table::{self, Action};
use super::control_flow::Flow;
use super::session::{Outcome, Session};
use super::words::split;
use crate::netlist::script::ScriptLine;

/// A command line with its variables put in.
pub struct Call<'l> {
    pub line: &'l ScriptLine,
    /// The command, in lower case.
    pub name: String,
    /// What follows it.
    pub text: String,
}

impl Call<'_> {
    /// The arguments as words, without their quotes.
    pub fn words(&self) -> Vec<String> {
        split(&self.text)
    }
}

/// Commands whose output a `>` sends to a file.
const REDIRECTED: &[&str] = &[
    "echo", "print", "display", "listing", "setplot", "show", "showmod", "rusage", "meas", "measure", "set", "fourier",
];

impl Session<'_, '_, '_> {
    pub fn command(&mut self, line: &ScriptLine) -> Flow {
        let text = self.substituted(line.rest(), line.span);
        let call = self.without_alias(Call { line, name: line.command(), text });
        if matches!(command_table::named(&call.name).map(|info| info.action), Some(Action::Quit)) {
            return Flow::Quit(call.text.trim().parse::<u8>().unwrap_or(0));
        }
        if call.name == "goto" {
            self.target = call.text.trim().to_string();
            let is_there = |line: &&ScriptLine| line.command() == "label" && line.rest().trim() == self.target;
            if self.deck.script.lines().iter().any(is_there) {
                return Flow::Jump;
            }
            let missing = format!("there is no label `{}`", self.target);
            self.fail(line.span, &format!("goto {}", call.text), missing.into());
            return Flow::Next;
        }
        let outcome = match redirection(&call) {
            Some((call, file, appended)) => self.redirected(&call, &file, appended),
            None => self.run(&call),
        };
        if let Err(problem) = outcome {
            self.fail(line.span, &format!("{} {}", call.name, call.text), problem);
        }
        Flow::Next
    }

    fn redirected(&mut self, call: &Call, file: &str, appended: bool) -> Outcome {
        self.capture = Some(String::new());
        let outcome = self.run(call);
        let text = self.capture.take().unwrap_or_default();
        outcome?;
        self.write_text(file, &text, appended)
    }

    fn run(&mut self, call: &Call) -> Outcome {
        match command_table::named(&call.name).map(|info| info.action) {
            Some(Action::Run(run)) => return run(self, call),
            Some(Action::Nothing | Action::Quit) => {}
            Some(Action::Refused(reason)) => self.name_once(call, &format!("`{}` {reason}", call.name)),
            Some(Action::Unknown) | None => {
                self.name_once(call, &format!("the command `{}` is not supported and was skipped", call.name));
            }
        }
        Ok(())
    }

    /// Each command that is not supported is named once.
    fn name_once(&mut self, call: &Call, message: &str) {
        if self.named.insert(call.name.clone()) {
            self.warn(call.line.span, message.to_string());
        }
    }

    /// The call that `call` stands for.
    fn without_alias<'l>(&self, call: Call<'l>) -> Call<'l> {
        let Some(meaning) = self.aliases.get(&call.name) else { return call };
        let (name, text) = meaning.split_once(char::is_whitespace).unwrap_or((meaning, ""));
        Call { name: name.to_lowercase(), text: format!("{text} {}", call.text), ..call }
    }

    pub(super) fn alias(&mut self, call: &Call) -> Outcome {
        let (name, meaning) =
            call.text.trim().split_once(char::is_whitespace).ok_or("expected `alias name command`")?;
        self.aliases.insert(name.to_lowercase(), meaning.trim().to_string());
        Ok(())
    }

    pub(super) fn unalias(&mut self, call: &Call) -> Outcome {
        call.words().iter().for_each(|name| drop(self.aliases.remove(&name.to_lowercase())));
        Ok(())
    }

    pub(super) fn undefine(&mut self, call: &Call) -> Outcome {
        call.words().iter().for_each(|name| drop(self.definitions.remove(&name.to_lowercase())));
        Ok(())
    }

    pub(super) fn unset(&mut self, call: &Call) -> Outcome {
        call.words().iter().for_each(|name| self.variables.unset(name));
        Ok(())
    }

    pub(super) fn set_seed(&mut self, call: &Call) -> Outcome {
        let seed = call.text.trim().parse::<u64>().map_err(|_| "expected a whole number")?;
        self.seed_random(seed);
        Ok(())
    }

    pub(super) fn compare_texts(&mut self, call: &Call) -> Outcome {
        let words = call.words();
        let [variable, a, b] = &words[..] else { return Err("expected `strcmp variable text text`".into()) };
        let order = a.cmp(b) as i8;
        self.variables.set_text(variable, &order.to_string());
        Ok(())
    }
}

/// The call without its `> file` or `>> file`, the file, and whether the text goes to its end.
fn redirection<'l>(call: &Call<'l>) -> Option<(Call<'l>, String, bool)> {
    if !REDIRECTED.contains(&call.name.as_str()) {
        return None;
    }
    let mut quote = None;
    let at = call.text.char_indices().find_map(|(at, c)| match quote {
        Some(open) if c == open => {
            quote = None;
            None
        }
        None if c == '"' || c == '\'' => {
            quote = Some(c);
            None
        }
        None if c == '>' => Some(at),
        _ => None,
    })?;
    let (before, after) = call.text.split_at(at);
    let appended = after.starts_with(">>");
    let file = split(after.trim_start_matches(['>', '&'])).into_iter().next()?;
    // `print a >= b` and the like compare.
    if file.starts_with('=') {
        return None;
    }
    let shorter = Call { line: call.line, name: call.name.clone(), text: before.trim_end().to_string() };
    Some((shorter, file, appended))
}

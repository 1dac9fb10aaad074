//! The commands, by name.

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

/// Commands that draw: there is no screen, and `ferrospice run --plot` draws files.
const DRAWING: &[&str] = &["plot", "iplot", "gnuplot", "hardcopy", "asciiplot", "xgraph"];

/// Commands that nothing follows from here.
const IGNORED: &[&str] =
    &["version", "bug", "help", "history", "status", "unixcom", "rehash", "where", "inventory", "sysinfo", "nobreak"];

/// Commands whose output a `>` sends to a file.
const REDIRECTED: &[&str] = &["echo", "print", "display", "listing", "setplot", "rusage", "meas", "measure", "set"];

impl Session<'_, '_, '_> {
    pub fn command(&mut self, line: &ScriptLine) -> Flow {
        let text = self.substituted(line.rest(), line.span);
        let call = Call { line, name: line.command(), text };
        if matches!(call.name.as_str(), "quit" | "exit") {
            return Flow::Quit(call.text.trim().parse::<u8>().unwrap_or(0));
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
        match call.name.as_str() {
            "op" | "dc" | "ac" | "tran" | "noise" | "tf" | "pz" | "sens" => self.analysis_command(call),
            "run" => self.run_cards(call),
            "reset" => self.reset(),
            "alter" => self.alter(call),
            "altermod" => self.alter_models(call),
            "alterparam" => self.alter_parameter(call),
            "option" | "options" => self.option(call),
            "save" => self.save(call),
            "let" => self.let_vector(call),
            "unlet" => self.unlet(call),
            "define" => self.define(call),
            "undefine" => {
                call.words().iter().for_each(|name| drop(self.definitions.remove(&name.to_lowercase())));
                Ok(())
            }
            "set" => self.set(call),
            "unset" => {
                call.words().iter().for_each(|name| self.variables.unset(name));
                Ok(())
            }
            "strcmp" => self.compare_texts(call),
            "setplot" => self.set_plot(call),
            "setscale" => self.set_scale(call),
            "settype" => self.set_type(call),
            "destroy" => self.destroy(call),
            "linearize" => self.linearize(call),
            "setseed" => {
                let seed = call.text.trim().parse::<u64>().map_err(|_| "expected a whole number")?;
                self.seed_random(seed);
                Ok(())
            }
            "echo" => {
                self.echo(call);
                Ok(())
            }
            "print" => self.print(call),
            "display" => self.display(call),
            "listing" => self.listing(),
            "rusage" => {
                self.usage();
                Ok(())
            }
            "meas" | "measure" => self.measure(call),
            "write" => self.write(call),
            "wrdata" => self.write_columns(call),
            name if IGNORED.contains(&name) => Ok(()),
            name => {
                self.name_unsupported(name, call);
                Ok(())
            }
        }
    }

    /// Each command that is not supported is named once.
    fn name_unsupported(&mut self, name: &str, call: &Call) {
        if !self.named.insert(name.to_string()) {
            return;
        }
        let message = if DRAWING.contains(&name) {
            format!("`{name}` draws nothing here: `ferrospice run DECK --plot FILE.svg` draws files")
        } else if matches!(name, "shell" | "source" | "cd" | "edit") {
            format!("`{name}` is not done: a script runs no other programs and scripts")
        } else {
            format!("the command `{name}` is not supported and was skipped")
        };
        self.warn(call.line.span, message);
    }

    fn compare_texts(&mut self, call: &Call) -> Outcome {
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

//! Scripts of decks, run from the command line.

use super::{Stop, interrupt, print};
use crate::analysis::Progress;
use crate::circuit::Overrides;
use crate::diagnostic::Report;
use crate::studies::script::{Console, ScriptEnd, ScriptSettings};

/// Prints at once.
pub struct Terminal;

impl Console for Terminal {
    fn text(&mut self, text: &str) {
        print::text(text);
    }

    fn report(&mut self, report: &Report) {
        print::report(report);
    }
}

/// Collects everything for a log file.
impl Console for String {
    fn text(&mut self, text: &str) {
        self.push_str(text);
    }

    fn report(&mut self, report: &Report) {
        self.push_str(&report.render(false));
    }
}

/// Settings of a script that a command runs.
pub fn settings<'a>(overrides: &Overrides, ascii: bool) -> ScriptSettings<'a> {
    ScriptSettings {
        overrides: overrides.clone(),
        date: &super::batch::date,
        folder: None,
        ascii,
        keep_runs: false,
        watch: &|_: Progress| !interrupt::is_pending(),
    }
}

/// What the command ends with after a script that ran the analyses itself, or ended with `quit`.
pub fn stop(end: &ScriptEnd) -> Result<(), Stop> {
    match end.exit_code {
        _ if end.interrupted => Err(Stop::Interrupted),
        Some(0) => Ok(()),
        Some(code) => Err(Stop::Exit(code)),
        None if end.failed => Err(Stop::Unsuccessful),
        None => Ok(()),
    }
}

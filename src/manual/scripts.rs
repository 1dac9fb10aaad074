//! The page of command scripts.

use super::ManualPage;
use super::markdown::{Table, code, codes, section};
use crate::reference::Status;
use crate::results::vectors::functions::{ABSENT, FUNCTIONS};
use crate::studies::script::command_table::{BLOCKS, COMMANDS};
use crate::studies::script::settings::{SIMULATOR_OPTIONS, VARIABLES};

/// The page.
pub fn page() -> ManualPage {
    let text = format!(
        "Commands between `.control` and `.endc`; [how scripts run](../scripts.md) is a chapter of its own.\n\n{}{}{}{}{}",
        section("Commands", &commands()),
        section("Blocks", &blocks()),
        section("Variables with a meaning", &variables()),
        section("Functions of vectors", &functions()),
        section("Not here", &absent()),
    );
    ManualPage::new("scripts.md", "Script commands", text)
}

fn is_here(status: Status) -> bool {
    !matches!(status, Status::Absent(_))
}

fn commands() -> String {
    let mut table = Table::new(&["command", "written", "what it does", "ngspice"]);
    for command in COMMANDS.iter().filter(|command| is_here(command.status)) {
        let (syntax, meaning) = (code(command.syntax), command.meaning.to_string());
        table.row([codes(command.names), syntax, meaning, command.status.text()]);
    }
    table.finish()
}

fn blocks() -> String {
    let mut table = Table::new(&["block", "what it does"]);
    for (syntax, meaning) in BLOCKS {
        table.row([code(syntax), meaning.to_string()]);
    }
    table.finish()
}

fn variables() -> String {
    let mut table = Table::new(&["variable", "meaning"]);
    for (name, meaning) in VARIABLES {
        table.row([code(name), meaning.to_string()]);
    }
    let options = codes(SIMULATOR_OPTIONS);
    table.finish() + &format!("{options} are [options](options.md), too.")
}

fn functions() -> String {
    let mut table = Table::new(&["function", "gives", "ngspice"]);
    for (names, meaning, status) in FUNCTIONS {
        table.row([codes(names), meaning.to_string(), status.text()]);
    }
    table.finish() + "Each has one argument. Angles are in radians, or in degrees with `set units=degrees`."
}

fn absent() -> String {
    let mut table = Table::new(&["command or function", "what it is", "here"]);
    for command in COMMANDS.iter().filter(|command| !is_here(command.status)) {
        table.row([codes(command.names), command.meaning.into(), command.status.text()]);
    }
    for (name, meaning) in ABSENT {
        table.row([code(name), meaning.to_string(), Status::Absent("").text()]);
    }
    table.finish()
}

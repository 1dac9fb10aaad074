//! `ferrospice manual`: the reference chapters of the manual.

use std::path::PathBuf;

use clap::{Args, Command, CommandFactory};

use super::files::{make_folder, write};
use super::{Cli, Stop, print};
use crate::manual::{ManualPage, Table, code, pages};

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  ferrospice manual -o docs/reference")]
pub struct ManualArguments {
    /// Folder for the pages, made if it is not there. Example: -o docs/reference
    #[arg(short, long = "output", value_name = "DIR", default_value = "docs/reference")]
    output: PathBuf,
}

pub fn run(arguments: &ManualArguments) -> Result<(), Stop> {
    let pages = reference();
    for page in &pages {
        let file = arguments.output.join(&page.path);
        if let Some(folder) = file.parent() {
            make_folder(folder)?;
        }
        write(&file, page.file().as_bytes())?;
    }
    print::note(&format!("{} pages in {}", pages.len(), arguments.output.display()));
    Ok(())
}

/// All pages of the reference, that of the command line first.
pub fn reference() -> Vec<ManualPage> {
    std::iter::once(command_line()).chain(pages()).collect()
}

fn command_line() -> ManualPage {
    let mut command = Cli::command();
    command.build();
    let mut text = String::from(
        "Called with files and none of these commands, `ferrospice` takes the batch calls of ngspice and Xyce; their options are \
         listed first. Exit codes: 0; 1 if something is wrong with the input; 2 if the command line is; 130 after Ctrl-C or \
         SIGTERM.\n\n",
    );
    text.push_str(&about(&command, "ferrospice"));
    for inner in command.get_subcommands().filter(|inner| inner.get_name() != "help") {
        text.push_str(&about(inner, &format!("ferrospice {}", inner.get_name())));
    }
    ManualPage::new("command_line.md", "Command line", text)
}

fn about(command: &Command, name: &str) -> String {
    let mut text = format!("## {}\n\n", code(name));
    if let Some(about) = command.get_long_about().or(command.get_about()) {
        text.push_str(&format!("{about}.\n\n"));
    }
    let mut table = Table::new(&["option", "default", "meaning"]);
    for argument in command.get_arguments().filter(|argument| !argument.is_hide_set()) {
        if matches!(argument.get_id().as_str(), "help" | "version") {
            continue;
        }
        let defaults: Vec<String> =
            argument.get_default_values().iter().map(|value| code(&value.to_string_lossy())).collect();
        let help = argument.get_long_help().or(argument.get_help()).map(ToString::to_string).unwrap_or_default();
        let takes_value = argument.get_action().takes_values();
        let defaults = if takes_value { defaults.join(" ") } else { String::new() };
        table.row([code(&written(argument)), defaults, escaped(&help)]);
    }
    text + &table.finish()
}

/// How an argument is written: `-o, --output <DIR>`.
fn written(argument: &clap::Arg) -> String {
    let short = argument.get_short().map(|short| format!("-{short}"));
    let long = argument.get_long().map(|long| format!("--{long}"));
    let flags: Vec<String> = short.into_iter().chain(long).collect();
    let names = argument.get_value_names().unwrap_or_default().join(" ");
    match (flags.is_empty(), argument.get_action().takes_values()) {
        (true, _) => names,
        (false, true) => format!("{} {names}", flags.join(", ")),
        (false, false) => flags.join(", "),
    }
}

/// One line, in which nothing is markup.
fn escaped(text: &str) -> String {
    text.replace('\n', " ").replace('<', "\\<").replace('*', "\\*")
}

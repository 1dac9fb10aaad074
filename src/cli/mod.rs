//! The command line: the only place that prints.

mod batch;
mod check;
mod check_report;
mod compare;
mod files;
mod infer;
mod interrupt;
mod json;
pub mod manual;
mod plot;
mod print;
mod program;
mod progress;
mod reproduce;
mod run;
mod script;
mod start_up_file;
mod train;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::diagnostic::{Diagnostic, Report};
use crate::netlist::dialect::{self, Dialect};

/// A SPICE-style circuit simulator for memristor synapses and crossbars.
#[derive(Debug, Parser)]
#[command(name = "ferrospice", version, args_conflicts_with_subcommands = true, arg_required_else_help = true)]
#[command(
    after_help = "Examples:\n  ferrospice run netlists/basics/rc.cir --plot rc.svg\n  ferrospice check netlists\n  \
    ferrospice -b -r out.raw -o out.log deck.cir\n  ferrospice plot out.raw --vectors 'v(out)' -o out.png"
)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    batch: batch::BatchArguments,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run every analysis of one or more decks
    Run(run::RunArguments),
    /// Run decks that make claims about their own results (`.check`) and say which hold
    Check(check::CheckArguments),
    /// Draw vectors of a raw or CSV file
    Plot(plot::PlotArguments),
    /// Run decks and show their measures side by side
    Compare(compare::CompareArguments),
    /// Reproduce published figures: run the decks that carry .target cards and write a page that shows each
    Reproduce(reproduce::ReproduceArguments),
    /// Program a crossbar's cells by write-verify pulses through its wires, as a study says
    Program(program::ProgramArguments),
    /// Train a neural network in software and write its weights, for a crossbar to hold
    Train(train::TrainArguments),
    /// Classify images from the currents of crossbars that hold a network's weights
    Infer(infer::InferArguments),
    /// Write the reference chapters of the manual: devices, cards, options, functions, commands
    Manual(manual::ManualArguments),
}

/// Options that set parameters of a deck.
#[derive(Debug, Clone, Args)]
pub struct Settings {
    /// Set a top-level parameter, replacing the deck's value; SPICE suffixes allowed. Example: --set rload=2.2k
    #[arg(long = "set", value_name = "NAME=VALUE")]
    pub set: Vec<String>,
    /// Whose language the deck is written in, where that cannot be told from its words: ngspice, ltspice, pspice, hspice
    /// or xyce. Example: --dialect ltspice
    #[arg(long, value_name = "NAME", value_parser = dialect_named)]
    pub dialect: Option<Dialect>,
}

fn dialect_named(name: &str) -> Result<Dialect, String> {
    let names: Vec<&str> = dialect::NAMES.iter().map(|(name, _)| *name).collect();
    Dialect::named(name).ok_or_else(|| format!("the dialects are {}", names.join(", ")))
}

/// What a command ends with, unless it succeeded.
#[derive(Debug)]
pub enum Stop {
    /// Something is wrong with the input: exit code 1.
    Failed(Report),
    /// A signal came: what there was is written, exit code 130.
    Interrupted,
    /// Checks failed, all has been said: exit code 1.
    Unsuccessful,
    /// A script ended with this exit code.
    Exit(u8),
    /// The command line was misused: exit code 2.
    Misuse(String),
}

impl From<Report> for Stop {
    fn from(report: Report) -> Self {
        Stop::Failed(report)
    }
}

impl From<Diagnostic> for Stop {
    fn from(diagnostic: Diagnostic) -> Self {
        Stop::Failed(Report::message(diagnostic))
    }
}

/// Runs the program with the process's arguments.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse_from(batch::ngspice_spelling(std::env::args_os())) {
        Ok(cli) => cli,
        Err(error) => {
            let code = if error.use_stderr() { 2 } else { 0 };
            // A closed pipe is the only way for this to fail.
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    let result = match cli.command {
        Some(Command::Run(arguments)) => run::run(&arguments),
        Some(Command::Check(arguments)) => check::run(&arguments),
        Some(Command::Plot(arguments)) => plot::run(&arguments),
        Some(Command::Compare(arguments)) => compare::run(&arguments),
        Some(Command::Reproduce(arguments)) => reproduce::run(&arguments),
        Some(Command::Program(arguments)) => program::run(&arguments),
        Some(Command::Train(arguments)) => train::run(&arguments),
        Some(Command::Infer(arguments)) => infer::run(&arguments),
        Some(Command::Manual(arguments)) => manual::run(&arguments),
        None => batch::run(&cli.batch),
    };
    exit_code(match print::finish() {
        Some(error) if result.is_ok() => Err(error.into()),
        _ => result,
    })
}

fn exit_code(result: Result<(), Stop>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(Stop::Failed(report)) => {
            print::report(&report);
            ExitCode::from(1)
        }
        Err(Stop::Interrupted) => {
            print::note("interrupted: the results are incomplete");
            ExitCode::from(interrupt::EXIT_CODE)
        }
        Err(Stop::Unsuccessful) => ExitCode::from(1),
        Err(Stop::Exit(code)) => ExitCode::from(code),
        Err(Stop::Misuse(message)) => {
            print::misuse(&message);
            ExitCode::from(2)
        }
    }
}

/// Makes rayon use `threads` threads, or all cores for 0.
fn use_threads(threads: usize) {
    if threads > 0 {
        // Fails only if a pool exists already, which then is as good.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(threads).build_global();
    }
}

/// `NAME=VALUE` settings as overrides.
fn parse_settings(settings: &[String]) -> Result<Vec<(std::sync::Arc<str>, f64)>, Stop> {
    let parse = |setting: &String| {
        let (name, value) = setting.split_once('=')?;
        Some((name.trim().to_lowercase().into(), crate::netlist::number::parse_number(value.trim())?))
    };
    settings
        .iter()
        .map(|setting| {
            parse(setting)
                .ok_or_else(|| Stop::Misuse(format!("`--set {setting}`: NAME=VALUE is expected, as in --set r=2k")))
        })
        .collect()
}

/// Name of a file in `folder` (or beside nothing) made from a deck's.
fn beside(folder: Option<&PathBuf>, file: &std::path::Path) -> PathBuf {
    match folder {
        Some(folder) if file.is_relative() => folder.join(file),
        _ => file.to_path_buf(),
    }
}

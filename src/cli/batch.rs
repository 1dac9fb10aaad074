//! `ferrospice -b -r OUT.raw -o OUT.log DECK`: the batch calls of ngspice and Xyce.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;

use super::{Stop, check_report, interrupt, print, script};
use crate::circuit::{Circuit, Overrides, elaborate};
use crate::diagnostic::{Diagnostic, Report};
use crate::netlist::Deck;
use crate::netlist::dialect::Dialect;
use crate::results::cards::ResultCards;
use crate::results::output_file::reason;
use crate::results::raw_writer::{Layout, RawWriter};
use crate::results::{Sink, print_table};
use crate::studies::deck_run::{DeckRun, Keep, StepRun, run_elaborated};
use crate::studies::script::{Console, ScriptEnd, run_script as execute};

#[derive(Debug, Args)]
pub struct BatchArguments {
    /// Netlist to run as `ngspice -b` does. Example: ferrospice -b -r out.raw deck.cir
    #[arg(value_name = "DECK")]
    deck: Option<PathBuf>,
    /// Batch mode: run the deck's analyses and exit (the default here)
    #[arg(short = 'b', long = "batch")]
    batch: bool,
    /// Write all plots to a raw file, in Xyce's layout without -b or with --dialect xyce. Example: -r out.raw
    #[arg(short = 'r', long = "rawfile", value_name = "OUT.raw")]
    raw: Option<PathBuf>,
    /// Write messages and results to a log file instead of the terminal. Example: -o out.log
    #[arg(short = 'o', long = "output", value_name = "OUT.log")]
    log: Option<PathBuf>,
    /// Set a variable, as ngspice's -D. `filetype=ascii` makes the raw file ASCII. Example: -D ngbehavior=ltpsa
    #[arg(short = 'D', long = "define", value_name = "KEY=VALUE")]
    define: Vec<String>,
    /// Whose language the deck is written in: ngspice, ltspice, pspice, hspice or xyce. Example: --dialect xyce
    #[arg(long, value_name = "NAME", value_parser = super::dialect_named)]
    dialect: Option<Dialect>,
    /// Do not read `.spiceinit`, whose `set ngbehavior=…` and `set filetype=…` count as by -D
    #[arg(short = 'n', long = "no-spiceinit")]
    no_spiceinit: bool,
}

impl BatchArguments {
    /// `Xyce -r out.raw deck.cir` knows no `-b`, and its readers know no other layout.
    fn layout(&self) -> Layout {
        match self.dialect {
            Some(Dialect::Xyce) => Layout::Xyce,
            None if !self.is_as_ngspice() => Layout::Xyce,
            _ => Layout::Ngspice,
        }
    }

    fn is_as_ngspice(&self) -> bool {
        self.batch || self.no_spiceinit || self.log.is_some() || !self.define.is_empty()
    }

    /// Variables set by -D, before those of the start-up file.
    fn settings(&self) -> Vec<String> {
        let mut settings = self.define.clone();
        if self.is_as_ngspice() && !self.no_spiceinit && self.dialect.is_none() {
            settings.extend(super::start_up_file::settings());
        }
        settings
    }
}

/// ngspice knows flags that mean nothing here; they are left out, but not those of subcommands.
pub fn ngspice_spelling(arguments: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let ignored = ["-a", "--autorun", "-s", "--server", "-i", "--interactive", "-q"];
    let mut arguments: Vec<OsString> = arguments.collect();
    let begins_with_flag = arguments.get(1).is_some_and(|argument| argument.to_string_lossy().starts_with('-'));
    if begins_with_flag {
        arguments.retain(|argument| !ignored.iter().any(|other| argument == other));
    }
    arguments
}

/// The date as in the headers of raw files.
pub fn date() -> String {
    chrono::Local::now().format("%a %b %e %H:%M:%S  %Y").to_string()
}

pub fn run(arguments: &BatchArguments) -> Result<(), Stop> {
    let Some(path) = &arguments.deck else {
        return Err(Stop::Misuse("a netlist is expected: ferrospice -b -r out.raw deck.cir".into()));
    };
    interrupt::listen();
    let mut log = String::new();
    let result = simulate(arguments, path, &mut log);
    if let Err(Stop::Failed(report)) = &result {
        log.push_str(&report.render(false));
    }
    match &arguments.log {
        Some(target) => super::files::write(target, log.as_bytes())?,
        None if !matches!(result, Err(Stop::Failed(_))) => print::line(log.trim_end()),
        None => {}
    }
    // With a log file the reason of a failure stands there; the terminal hears it too.
    result
}

fn simulate(arguments: &BatchArguments, path: &Path, log: &mut String) -> Result<(), Stop> {
    let settings = arguments.settings();
    let mut behaviours = settings.iter().filter_map(|setting| setting.strip_prefix("ngbehavior="));
    let behaviour = behaviours.find_map(Dialect::of_ngbehavior);
    let deck = match behaviour {
        Some(dialect) => Deck::read_by_ngspice(path, dialect)?,
        None => Deck::read_in(path, arguments.dialect)?,
    };
    let circuit = elaborate(&deck, &Overrides::default())?;
    let _ = writeln!(log, "\nCircuit: {}\n", circuit.title);
    let ascii = circuit.options.ascii || settings.iter().any(|setting| setting.eq_ignore_ascii_case("filetype=ascii"));
    let mut raw = match &arguments.raw {
        Some(target) => {
            let writer = RawWriter::create(target, ascii, date()).map_err(|error| failed(arguments, &error))?;
            Some(writer.with_layout(arguments.layout()))
        }
        None => None,
    };
    if !deck.script.is_empty() {
        let end = run_script(arguments, &deck, ascii, raw.as_mut(), log);
        if end.is_all_of(&deck) {
            raw.map(RawWriter::finish).transpose().map_err(|error| failed(arguments, &error))?;
            return script::stop(&end);
        }
        let deck = end.deck(&deck);
        let circuit = elaborate(&deck, &end.overrides)?;
        return run_cards(arguments, path, (&deck, circuit, &end.overrides), raw, log);
    }
    run_cards(arguments, path, (&deck, circuit, &Overrides::default()), raw, log)
}

/// The script's text goes to the terminal while it runs, or to the log.
fn run_script(
    arguments: &BatchArguments,
    deck: &Deck,
    ascii: bool,
    raw: Option<&mut RawWriter>,
    log: &mut String,
) -> ScriptEnd {
    let sinks: Vec<&mut dyn Sink> = raw.into_iter().map(|writer| writer as &mut dyn Sink).collect();
    let mut terminal = script::Terminal;
    let console: &mut dyn Console = if arguments.log.is_some() {
        log
    } else {
        print::text(&std::mem::take(log));
        &mut terminal
    };
    execute(deck, script::settings(&Overrides::default(), ascii), sinks, console)
}

fn run_cards(
    arguments: &BatchArguments,
    path: &Path,
    (deck, mut circuit, overrides): (&Deck, Circuit, &Overrides),
    mut raw: Option<RawWriter>,
    log: &mut String,
) -> Result<(), Stop> {
    if arguments.layout() == Layout::Ngspice {
        // Who reads a raw file takes the plots by their order.
        circuit.analyses.reverse();
        circuit.analyses.sort_by_key(|card| card.analysis.rank_in_ngspice());
    }
    let mut sinks: Vec<&mut dyn Sink> = raw.iter_mut().map(|writer| writer as &mut dyn Sink).collect();
    // Without a raw file the results are printed.
    let keep = if arguments.raw.is_none() { Keep::Plots } else { Keep::Nothing };
    let watch = |_| !interrupt::is_pending();
    let run = run_elaborated(deck, circuit, overrides, &mut sinks, keep, &watch)?;
    raw.map(RawWriter::finish).transpose().map_err(|error| failed(arguments, &error))?;
    let own = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    for (name, contents) in run.files(&own) {
        super::files::write(Path::new(&name), &contents)?;
    }
    describe(&run, log)?;
    if run.interrupted {
        log.push_str("interrupted: the results are incomplete\n");
        return Err(Stop::Interrupted);
    }
    Ok(())
}

fn failed(arguments: &BatchArguments, error: &std::io::Error) -> Report {
    let target = arguments.raw.as_deref().unwrap_or(Path::new(""));
    Report::message(Diagnostic::error(format!("cannot write `{}`: {}", target.display(), reason(error))))
}

fn describe(run: &DeckRun, log: &mut String) -> Result<(), Report> {
    for (step, warnings) in run.runs.iter().zip(run.warnings()) {
        log.push_str(&Report::new(step.circuit.sources.clone(), warnings).render(false));
        if !step.step.label.is_empty() {
            let _ = writeln!(log, "Step {}", step.step.label);
        }
        for plot in step.plots.iter().filter(|plot| !plot.header.has_axis) {
            log.push_str(&print::operating_point(plot));
        }
        for statistics in &step.statistics {
            let _ = writeln!(log, "No. of Data Rows : {}\n{}", statistics.steps, statistics.summary());
        }
        describe_results(step, log)?;
    }
    Ok(())
}

/// Measures, spectra, checks and tables in ngspice's layout.
fn describe_results(step: &StepRun, log: &mut String) -> Result<(), Report> {
    let mut heading = None;
    for measure in &step.measures {
        let title = measure.analysis.map_or("all", |analysis| analysis.title());
        if heading != Some(title) {
            let _ = writeln!(log, "\n  Measurements for {title} Analysis\n");
            heading = Some(title);
        }
        let _ = writeln!(log, "{}", measure.line());
    }
    log.push('\n');
    for spectrum in &step.spectra {
        let _ = writeln!(log, "{}", spectrum.table());
    }
    if !step.checks.is_empty() {
        log.push_str(&check_report::of_one(&step.checks));
    }
    // The plots are there only if there is no raw file.
    let cards = ResultCards::read(&step.circuit)?;
    for card in cards.prints.iter().filter(|card| card.file.is_none()) {
        let mut missing = Vec::new();
        log.push_str(&print_table::tables(card, &step.circuit, &step.plots, &date(), &mut missing));
        let warnings = missing.into_iter().map(Diagnostic::as_warning).collect();
        log.push_str(&Report::new(step.circuit.sources.clone(), warnings).render(false));
    }
    Ok(())
}

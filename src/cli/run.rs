//! `ferrospice run`: every analysis of the decks, results to the terminal and to files.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use clap::Args;
use rayon::prelude::*;

use super::check_report;
use super::files::{make_folder, write};
use super::progress::Progress;
use super::{Settings, Stop, beside, interrupt, json, parse_settings, print, script, use_threads};
use crate::analysis;
use crate::circuit::Overrides;
use crate::circuit::options::Restart;
use crate::diagnostic::{Diagnostic, Report};
use crate::mna::journal::Attempt;
use crate::netlist::Deck;
use crate::netlist::number::parse_number;
use crate::results::Sink;
use crate::results::csv_file::CsvWriter;
use crate::results::measure::Measure;
use crate::results::output_file::reason;
use crate::results::raw_writer::RawWriter;
use crate::studies::deck_run::{DeckRun, Keep, run_deck};
use crate::studies::script::{Console, ScriptEnd, ScriptSettings, run_script};

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  ferrospice run netlists/memristors/hp_pinched_loop.cir --plot loop.svg\n  \
    ferrospice run rc.cir --set r=2k --csv rc.csv --quiet\n\n\
    Checks of the deck that fail are shown but do not change the exit code; `ferrospice check` is for that.\n\
    Commands between `.control` and `.endc` are run as ngspice runs them; if one of them is `quit N`, N is the exit code.\n\
    Exit code: 0, or 1 if a deck could not be run, or 2 if the command line is wrong, or 130 after Ctrl-C or SIGTERM: files then\n    hold what was computed by then, raw files with `(incomplete)` behind the plot's name, CSV files with a last line that begins with #.")]
pub struct RunArguments {
    /// Netlists to run, in parallel; the names of the files that are written then begin with each deck's.
    /// Example: ferrospice run rc.cir rlc.cir
    #[arg(required = true, value_name = "DECK")]
    decks: Vec<PathBuf>,
    #[command(flatten)]
    settings: Settings,
    /// Folder for output files, made if it is not there. Example: -o results
    #[arg(short, long = "output", value_name = "DIR")]
    output: Option<PathBuf>,
    /// Write a raw file in ngspice's layout. Example: --raw out.raw
    #[arg(long, value_name = "FILE")]
    raw: Option<PathBuf>,
    /// Write a CSV file; further plots go to FILE.2.csv, … Example: --csv out.csv
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    /// Draw a figure (.svg or .png) of the vectors of the deck's .plot and .print cards, or of the node voltages; further
    /// plots go to FILE.2.svg, … Example: --plot out.svg
    #[arg(long, value_name = "FILE")]
    plot: Option<PathBuf>,
    /// Write operating points, measures, checks, descriptions of the plots and solver statistics. Example: --json out.json
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Put the values of all vectors into the JSON file too. Example: --json out.json --json-vectors
    #[arg(long, requires = "json")]
    json_vectors: bool,
    /// Write the memristors' states at the end of the last analysis as `.ic` lines, for a later deck to `.include`.
    /// Example: --save-state written.inc
    #[arg(long, value_name = "FILE")]
    save_state: Option<PathBuf>,
    /// Write the state of the transient analysis to FILE: at its end, when it is interrupted, and as often as --checkpoint-every says.
    /// Example: --checkpoint long.state
    #[arg(long, value_name = "FILE")]
    checkpoint: Option<PathBuf>,
    /// Simulated seconds between two checkpoints. Example: --checkpoint long.state --checkpoint-every 10u
    #[arg(long, value_name = "TIME", requires = "checkpoint", value_parser = seconds)]
    checkpoint_every: Option<f64>,
    /// Begin the transient analysis with the state in FILE, as if it had not been interrupted. Example: --restart long.state
    #[arg(long, value_name = "FILE")]
    restart: Option<PathBuf>,
    /// Number of threads for steps and sweeps; 0 for all cores. The results do not depend on it. Example: --threads 4
    #[arg(long, value_name = "N", default_value_t = 0)]
    threads: usize,
    /// Show how each operating point was found: the methods that were tried, and every step of gmin stepping, source stepping
    /// and pseudo-transient continuation
    #[arg(short, long, conflicts_with = "quiet")]
    verbose: bool,
    /// Print results only: no progress, no summary
    #[arg(short, long)]
    quiet: bool,
}

pub fn run(arguments: &RunArguments) -> Result<(), Stop> {
    use_threads(arguments.threads);
    let parameters = parse_settings(&arguments.settings.set)?;
    let overrides = Overrides { parameters, restart: arguments.restart(), ..Overrides::default() };
    if let Some(folder) = &arguments.output {
        make_folder(folder)?;
    }
    interrupt::listen();
    let progress = Progress::new(arguments.quiet);
    let done = AtomicUsize::new(0);
    let count = arguments.decks.len() as f64;
    let one = |path: &PathBuf| {
        let before = || done.load(Ordering::Relaxed) as f64;
        let watch = |here: analysis::Progress| {
            let fraction = if count > 1.0 { before() / count } else { here.fraction };
            progress.watch(analysis::Progress { fraction, ..here })
        };
        let result = run_one(arguments, path, &overrides, &watch);
        done.fetch_add(1, Ordering::Relaxed);
        result
    };
    let results: Vec<Result<Ran, Stop>> = arguments.decks.par_iter().map(one).collect();
    drop(progress);
    let (mut failed, mut interrupted) = (false, false);
    for (path, result) in arguments.decks.iter().zip(results) {
        if arguments.decks.len() > 1 {
            print::line(&format!("{}:", path.display()));
        }
        match result {
            Ok(ran) => {
                print::text(&ran.script_text);
                match ran.script_end {
                    Some(end) if arguments.decks.len() == 1 => return end,
                    Some(end) => failed |= end.is_err(),
                    None => show(&ran.deck, &ran.run, arguments),
                }
                interrupted |= ran.run.interrupted;
            }
            Err(Stop::Failed(report)) => {
                print::report(&report);
                failed = true;
            }
            Err(stop) => return Err(stop),
        }
    }
    match (interrupted, failed) {
        (true, _) => Err(Stop::Interrupted),
        (_, true) => Err(Stop::Unsuccessful),
        _ => Ok(()),
    }
}

/// A time with SPICE's suffixes.
fn seconds(text: &str) -> Result<f64, String> {
    let seconds = parse_number(text).filter(|seconds| *seconds > 0.0);
    seconds.ok_or_else(|| format!("`{text}` is no time greater than 0"))
}

impl RunArguments {
    /// What the command line says about checkpoints.
    fn restart(&self) -> Option<Restart> {
        if self.checkpoint.is_none() && self.restart.is_none() {
            return None;
        }
        let text = |path: &PathBuf| path.to_string_lossy().into_owned();
        let file = self.checkpoint.as_ref().map(|path| text(&beside(self.output.as_ref(), path)));
        let intervals = self.checkpoint_every.map(|every| (0.0, every)).into_iter().collect();
        Some(Restart { job: None, file, intervals, from: self.restart.as_ref().map(text) })
    }
}

/// What became of one deck.
struct Ran {
    deck: Deck,
    run: DeckRun,
    /// What the script printed, where it was not printed at once.
    script_text: String,
    /// What the command ends with, where the script ran the analyses.
    script_end: Option<Result<(), Stop>>,
}

/// Runs one deck and writes its files; their names begin with the deck's where there are several decks.
fn run_one(
    arguments: &RunArguments,
    path: &Path,
    overrides: &Overrides,
    watch: &(dyn Fn(analysis::Progress) -> bool + Sync),
) -> Result<Ran, Stop> {
    let deck = Deck::read_in(path, arguments.settings.dialect)?;
    let target = |file: &Option<PathBuf>| {
        let file = file.as_ref()?;
        let own = match (arguments.decks.len(), path.file_stem(), file.file_name()) {
            (2.., Some(stem), Some(name)) => {
                file.with_file_name(format!("{}-{}", stem.to_string_lossy(), name.to_string_lossy()))
            }
            _ => file.clone(),
        };
        Some(beside(arguments.output.as_ref(), &own))
    };
    let failed = |path: &Option<PathBuf>| {
        let name = path.as_ref().map(|path| path.display().to_string()).unwrap_or_default();
        move |error: std::io::Error| Diagnostic::error(format!("cannot write `{name}`: {}", reason(&error)))
    };
    let (raw_path, csv_path) = (target(&arguments.raw), target(&arguments.csv));
    let raw = raw_path.as_ref().map(|path| RawWriter::create(path, false, super::batch::date()));
    let mut raw = raw.transpose().map_err(failed(&raw_path))?;
    let mut csv = csv_path.as_ref().map(|path| CsvWriter::new(path));
    // Waveforms may be larger than the memory.
    let keep = if arguments.plot.is_some() || arguments.json.is_some() { Keep::Plots } else { Keep::LastPoints };
    let (mut script_text, mut script_end) = (String::new(), None);
    let run = if deck.script.is_empty() {
        run_deck(&deck, overrides, &mut sinks_of(&mut raw, &mut csv), keep, watch)?
    } else {
        let end = run_script_of(arguments, &deck, overrides, keep, sinks_of(&mut raw, &mut csv), &mut script_text);
        if end.is_all_of(&deck) {
            script_end = Some(script::stop(&end));
            DeckRun { runs: end.runs, across: None, summary: None, interrupted: end.interrupted }
        } else {
            run_deck(&end.deck(&deck), &end.overrides, &mut sinks_of(&mut raw, &mut csv), keep, watch)?
        }
    };
    raw.map(RawWriter::finish).transpose().map_err(failed(&raw_path))?;
    csv.map(CsvWriter::finish).transpose().map_err(failed(&csv_path))?;
    if let Some(path) = target(&arguments.plot) {
        super::plot::write_figures(&run, &path)?;
    }
    if let Some(path) = target(&arguments.json) {
        let text = json::run_text(&run, arguments.json_vectors);
        write(&path, text.as_bytes())?;
    }
    for (index, step) in run.runs.iter().enumerate() {
        for array in &step.arrays {
            let file = super::plot::numbered(Path::new(&array.card.file), index);
            write(&beside(arguments.output.as_ref(), &file), &array.contents()?)?;
        }
    }
    let own = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    for (name, contents) in run.files(&own) {
        write(&beside(arguments.output.as_ref(), Path::new(&name)), &contents)?;
    }
    if let Some(path) = target(&arguments.save_state) {
        write(&path, states(&run).as_bytes())?;
    }
    Ok(Ran { deck, run, script_text, script_end })
}

fn sinks_of<'a>(raw: &'a mut Option<RawWriter>, csv: &'a mut Option<CsvWriter>) -> Vec<&'a mut dyn Sink> {
    let raw = raw.as_mut().map(|writer| writer as &mut dyn Sink);
    raw.into_iter().chain(csv.as_mut().map(|writer| writer as &mut dyn Sink)).collect()
}

/// The script of the only deck prints at once, those of several decks into `text`.
fn run_script_of(
    arguments: &RunArguments,
    deck: &Deck,
    overrides: &Overrides,
    keep: Keep,
    sinks: Vec<&mut dyn Sink>,
    text: &mut String,
) -> ScriptEnd {
    let (folder, keep_runs) = (arguments.output.clone(), keep == Keep::Plots || arguments.save_state.is_some());
    let settings = ScriptSettings { folder, keep_runs, ..script::settings(overrides, false) };
    let mut terminal = script::Terminal;
    let console: &mut dyn Console = if arguments.decks.len() == 1 { &mut terminal } else { text };
    run_script(deck, settings, sinks, console)
}

/// `.ic x(n1)=…` for every state at the last point of the last plot, but not for those inside arrays.
fn states(run: &DeckRun) -> String {
    let Some(plot) = run.runs.last().and_then(|step| step.plots.last()) else { return String::new() };
    let columns = plot
        .header
        .columns
        .iter()
        .enumerate()
        .filter(|(_, column)| column.name.starts_with("x(") && !column.name.contains('['));
    let last = columns.filter_map(|(index, column)| Some((&column.name, *plot.real(index).last()?)));
    last.map(|(name, value)| format!(".ic {name}={value:e}\n")).collect()
}

fn show(deck: &Deck, run: &DeckRun, arguments: &RunArguments) {
    let warnings = run.warnings();
    if let Some(summary) = &run.summary {
        print::report(&Report::new(deck.sources.clone(), warnings.first().cloned().unwrap_or_default()));
        print::line(summary.text().trim_end());
    }
    // Many runs are more than anyone reads.
    for (step, warnings) in run.runs.iter().zip(warnings).filter(|_| run.summary.is_none()) {
        print::report(&Report::new(step.circuit.sources.clone(), warnings));
        if !step.step.label.is_empty() {
            print::line(&format!("Step {}", step.step.label));
        }
        for plot in step.plots.iter().filter(|plot| !plot.header.has_axis) {
            print::line(print::operating_point(plot).trim_end());
        }
        for measure in &step.measures {
            print::line(&measure.line());
        }
        for spectrum in &step.spectra {
            print::line(&spectrum.table());
        }
        for transform in &step.transforms {
            print::line(&transform.table());
        }
        if !step.checks.is_empty() {
            print::line(check_report::of_one(&step.checks).trim_end());
        }
        if arguments.verbose {
            step.attempts.iter().flat_map(Attempt::lines).for_each(|line| print::note(&line));
        }
        if !arguments.quiet {
            for statistics in &step.statistics {
                print::note(&statistics.summary());
            }
        }
    }
    let Some(across) = &run.across else { return };
    if !(across.measures.is_empty() && across.checks.is_empty()) {
        print::line("All steps");
    }
    let warnings = across.measures.iter().filter_map(Measure::warning).collect();
    print::report(&Report::new(deck.sources.clone(), warnings));
    for measure in &across.measures {
        print::line(&measure.line());
    }
    if !across.checks.is_empty() {
        print::line(check_report::of_one(&across.checks).trim_end());
    }
}

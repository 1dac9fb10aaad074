//! `ferrospice run`: every analysis of the decks, results to the terminal and to files.

use std::path::{Path, PathBuf};

use clap::Args;

use super::progress::Progress;
use super::{Settings, Stop, beside, parse_settings, print};
use crate::circuit::Overrides;
use crate::diagnostic::{Diagnostic, Report};
use crate::netlist::Deck;
use crate::results::Sink;
use crate::results::csv_file::CsvWriter;
use crate::results::raw_writer::RawWriter;
use crate::studies::deck_run::{DeckRun, Keep, run_deck};

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  ferrospice run netlists/memristors/hp_pinched_loop.cir --plot loop.svg\n  \
    ferrospice run rc.cir --set r=2k --csv rc.csv --quiet")]
pub struct RunArguments {
    /// Netlists to run. Example: ferrospice run rc.cir rlc.cir
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
    /// Number of threads for steps and sweeps; 0 for all cores. The results do not depend on it. Example: --threads 4
    #[arg(long, value_name = "N", default_value_t = 0)]
    threads: usize,
    /// Print results only: no progress, no summary
    #[arg(short, long)]
    quiet: bool,
}

pub fn run(arguments: &RunArguments) -> Result<(), Stop> {
    if arguments.threads > 0 {
        // Fails only if a pool exists already, which then is as good.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(arguments.threads).build_global();
    }
    let overrides = Overrides { parameters: parse_settings(&arguments.settings.set)?, ..Overrides::default() };
    if let Some(folder) = &arguments.output {
        std::fs::create_dir_all(folder)
            .map_err(|error| Diagnostic::error(format!("cannot make the folder `{}`: {error}", folder.display())))?;
    }
    let mut failed = false;
    for deck in &arguments.decks {
        if arguments.decks.len() > 1 {
            print::line(&format!("{}:", deck.display()));
        }
        match run_one(arguments, deck, &overrides) {
            Ok(()) => {}
            Err(Stop::Failed(report)) => {
                print::report(&report);
                failed = true;
            }
            Err(stop) => return Err(stop),
        }
    }
    if failed { Err(Stop::Unsuccessful) } else { Ok(()) }
}

fn run_one(arguments: &RunArguments, path: &Path, overrides: &Overrides) -> Result<(), Stop> {
    let deck = Deck::read(path)?;
    let target = |file: &Option<PathBuf>| file.as_ref().map(|file| beside(arguments.output.as_ref(), file));
    let failed = |error: std::io::Error| Diagnostic::error(format!("cannot write: {error}"));
    let mut raw = match target(&arguments.raw) {
        Some(path) => Some(RawWriter::create(&path, false, super::batch::date()).map_err(failed)?),
        None => None,
    };
    let mut csv = target(&arguments.csv).map(|path| CsvWriter::new(&path));
    let progress = Progress::new(arguments.quiet);
    let mut sinks: Vec<&mut dyn Sink> = Vec::new();
    sinks.extend(raw.as_mut().map(|writer| writer as &mut dyn Sink));
    sinks.extend(csv.as_mut().map(|writer| writer as &mut dyn Sink));
    let run = run_deck(&deck, overrides, &mut sinks, Keep::Plots, &|fraction| progress.watch(fraction))?;
    drop(progress);
    raw.map(RawWriter::finish).transpose().map_err(failed)?;
    csv.map(CsvWriter::finish).transpose().map_err(failed)?;
    show(&deck, &run, arguments.quiet);
    Ok(())
}

fn show(deck: &Deck, run: &DeckRun, quiet: bool) {
    for step in &run.runs {
        let warnings = step.circuit.warnings.iter().chain(&step.warnings).cloned().collect();
        print::report(&Report::new(deck.sources.clone(), warnings));
        if !step.step.label.is_empty() {
            print::line(&format!("Step {}", step.step.label));
        }
        for plot in step.plots.iter().filter(|plot| !plot.header.has_axis) {
            print::line(print::operating_point(plot).trim_end());
        }
        if !quiet {
            for statistics in &step.statistics {
                print::note(&statistics.summary());
            }
        }
    }
}

//! `ferrospice reproduce`: published figures from simulated circuits.

use std::path::PathBuf;
use std::time::Instant;

use clap::Args;
use rayon::prelude::*;

use super::files::{make_folder, write};
use super::{Settings, Stop, parse_settings, print, use_threads};
use crate::circuit::Overrides;
use crate::diagnostic::Diagnostic;
use crate::studies::reproduction::{self, Status, Target, TargetDeck};
use crate::studies::reproduction_page;

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  ferrospice reproduce\n  ferrospice reproduce B9 B10 -o out\n  \
    ferrospice reproduce --strict --json targets.json\n\n\
    Exit code: 0, or 1 with --strict if a target misses, or if a deck or file cannot be read; 2 if the command line is wrong.")]
pub struct ReproduceArguments {
    /// Targets to simulate; all of them without any. Example: ferrospice reproduce A1 B9
    #[arg(value_name = "ID")]
    ids: Vec<String>,
    /// Folder for the page (index.html) and the figures, made if it is not there. Example: -o out
    #[arg(short, long, value_name = "DIR", default_value = "reproduction")]
    output: PathBuf,
    /// Write the results as JSON too. Example: --json targets.json
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Exit with code 1 if a target misses (the harder rows, whose ids end in +, are not counted). Example: --strict
    #[arg(long)]
    strict: bool,
    /// Folder that is searched for decks with .target cards. Example: --decks netlists
    #[arg(long, value_name = "DIR", default_value = "netlists")]
    decks: PathBuf,
    #[command(flatten)]
    settings: Settings,
    /// Number of threads; 0 for all cores. The results do not depend on it. Example: --threads 4
    #[arg(long, value_name = "N", default_value_t = 0)]
    threads: usize,
}

pub fn run(arguments: &ReproduceArguments) -> Result<(), Stop> {
    use_threads(arguments.threads);
    let start = Instant::now();
    let overrides = Overrides { parameters: parse_settings(&arguments.settings.set)?, ..Overrides::default() };
    let decks = chosen(reproduction::find(&arguments.decks)?, arguments)?;
    let plots = arguments.output.join("plots");
    make_folder(&plots)?;
    let is_wanted = |target: &Target| wants(arguments, &target.id);
    let results: Vec<Vec<Target>> = decks.par_iter().map(|deck| reproduction::run(deck, &overrides)).collect();
    let mut targets: Vec<Target> = results.into_iter().flatten().filter(is_wanted).collect();
    targets.sort_by_key(|target| reproduction::order(&target.id));
    for target in &targets {
        for (index, figure) in target.figures.iter().enumerate() {
            let name =
                if index == 0 { format!("{}.svg", target.id) } else { format!("{}.{}.svg", target.id, index + 1) };
            write(&plots.join(name), figure.as_bytes())?;
        }
    }
    let page = arguments.output.join("index.html");
    write(&page, reproduction_page::html(&targets, start.elapsed().as_secs_f64()).as_bytes())?;
    if let Some(file) = &arguments.json {
        write(file, format!("{:#}\n", serde_json::json!({ "targets": targets })).as_bytes())?;
    }
    show(&targets);
    print::line(&format!("\n{}", reproduction_page::summary(&targets)));
    print::note(&format!("{} written in {:.1} s", page.display(), start.elapsed().as_secs_f64()));
    let missed = targets.iter().any(|target| target.status == Status::Miss && !target.is_harder());
    if missed && arguments.strict { Err(Stop::Unsuccessful) } else { Ok(()) }
}

fn wants(arguments: &ReproduceArguments, id: &str) -> bool {
    arguments.ids.is_empty() || arguments.ids.iter().any(|wanted| wanted.eq_ignore_ascii_case(id))
}

/// The decks with a wanted target.
fn chosen(decks: Vec<TargetDeck>, arguments: &ReproduceArguments) -> Result<Vec<TargetDeck>, Diagnostic> {
    let mut ids: Vec<&str> = decks.iter().flat_map(|deck| deck.ids.iter().map(String::as_str)).collect();
    ids.sort_by_key(|id| reproduction::order(id));
    if let Some(pair) = ids.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(Diagnostic::error(format!("two decks have the target `{}`", pair[0])));
    }
    if ids.is_empty() {
        let message = format!("no deck below `{}` has a .target card", arguments.decks.display());
        return Err(Diagnostic::error(message).hint("name the folder with the decks: --decks netlists"));
    }
    for wanted in &arguments.ids {
        if !ids.iter().any(|id| id.eq_ignore_ascii_case(wanted)) {
            let error = Diagnostic::error(format!("there is no target `{wanted}`"));
            return Err(error.hint(format!("targets: {}", ids.join(" "))));
        }
    }
    Ok(decks.into_iter().filter(|deck| deck.ids.iter().any(|id| wants(arguments, id))).collect())
}

fn show(targets: &[Target]) {
    for target in targets {
        let status = match target.status {
            Status::Pass => "pass",
            Status::Miss => "MISS",
        };
        print::line(&format!("{:<5} {status}  {}", target.id, target.value));
    }
}

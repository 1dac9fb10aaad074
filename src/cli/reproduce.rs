//! `ferrospice reproduce`: published figures from simulated circuits.

use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Args;
use rayon::prelude::*;

use super::files::{make_folder, write};
use super::progress::Progress;
use super::{Settings, Stop, parse_settings, print, use_threads};
use crate::circuit::Overrides;
use crate::diagnostic::{Diagnostic, Report};
use crate::studies::inference::reproduction::{self as network_reproduction, TargetStudy};
use crate::studies::reproduction::{self, Status, Target, TargetDeck};
use crate::studies::reproduction_page;

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  ferrospice reproduce\n  ferrospice reproduce B9 B10 -o out\n  \
    ferrospice reproduce --strict --json targets.json\n  \
    ferrospice reproduce --network\n  ferrospice reproduce --network --decks netlists -o all\n\n\
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
    /// Folder that is searched for decks with .target cards; `netlists` without, and none with --network alone. Example: --decks netlists
    #[arg(long, value_name = "DIR")]
    decks: Option<PathBuf>,
    /// Simulate the network on devices: the studies with targets. Example: ferrospice reproduce --network C1 C3
    #[arg(long)]
    network: bool,
    /// Folder that --network searches for studies with targets. Example: --network --studies studies/paper
    #[arg(long, value_name = "DIR", default_value = "studies/paper", requires = "network")]
    studies: PathBuf,
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
    let (decks, studies) = chosen(arguments)?;
    let plots = arguments.output.join("plots");
    make_folder(&plots)?;
    let is_wanted = |target: &Target| wants(arguments, &target.id);
    let results: Vec<Vec<Target>> = decks.par_iter().map(|deck| reproduction::run(deck, &overrides)).collect();
    let results = results.into_iter().flatten().chain(of_studies(&studies));
    let mut targets: Vec<Target> = results.filter(is_wanted).collect();
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

/// The decks and studies with a wanted target.
fn chosen(arguments: &ReproduceArguments) -> Result<(Vec<TargetDeck>, Vec<TargetStudy>), Report> {
    let folder = arguments.decks.as_deref().or((!arguments.network).then_some(Path::new("netlists")));
    let mut decks = folder.map_or(Ok(Vec::new()), reproduction::find)?;
    let mut studies = if arguments.network { network_reproduction::find(&arguments.studies)? } else { Vec::new() };
    check_ids(arguments, &decks, &studies).map_err(Report::message)?;
    let is_wanted = |ids: &[String]| ids.iter().any(|id| wants(arguments, id));
    decks.retain(|deck| is_wanted(&deck.ids));
    studies.retain(|study| is_wanted(&study.ids));
    Ok((decks, studies))
}

/// Ids must be there once each, and all that are asked for.
fn check_ids(arguments: &ReproduceArguments, decks: &[TargetDeck], studies: &[TargetStudy]) -> Result<(), Diagnostic> {
    let of_decks = decks.iter().flat_map(|deck| &deck.ids);
    let mut ids: Vec<&str> = of_decks.chain(studies.iter().flat_map(|study| &study.ids)).map(String::as_str).collect();
    ids.sort_by_key(|id| reproduction::order(id));
    if let Some(pair) = ids.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(Diagnostic::error(format!("two decks or studies have the target `{}`", pair[0])));
    }
    if ids.is_empty() && arguments.network {
        let message = format!("no study below `{}` has a target", arguments.studies.display());
        return Err(Diagnostic::error(message).hint("name the folder with the studies: --studies studies/paper"));
    }
    if ids.is_empty() {
        let folder = arguments.decks.as_deref().unwrap_or(Path::new("netlists"));
        let message = format!("no deck below `{}` has a .target card", folder.display());
        return Err(Diagnostic::error(message).hint("name the folder with the decks: --decks netlists"));
    }
    for wanted in &arguments.ids {
        if !ids.iter().any(|id| id.eq_ignore_ascii_case(wanted)) {
            let error = Diagnostic::error(format!("there is no target `{wanted}`"));
            let error = error.hint(format!("targets: {}", ids.join(" ")));
            return Err(if arguments.network { error } else { error.hint("those of the network need --network") });
        }
    }
    Ok(())
}

/// Runs studies one after the other: each uses all threads by itself.
fn of_studies(studies: &[TargetStudy]) -> Vec<Target> {
    let progress = Progress::new(false);
    let total: u64 = studies.iter().map(TargetStudy::runs).sum();
    let mut done = 0;
    let mut targets = Vec::new();
    for study in studies {
        let doing = study.ids.join(", ");
        let share = |part: f64| (done as f64 + part * study.runs() as f64) / total.max(1) as f64;
        targets.extend(study.run(&|part| progress.part(share(part), &doing)));
        done += study.runs();
    }
    targets
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

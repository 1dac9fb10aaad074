//! `ferrospice check`: runs decks that make claims about their own results.

use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Args;
use quick_junit::{NonSuccessKind, Report as Junit, TestCase, TestCaseStatus, TestSuite};
use rayon::prelude::*;
use serde::Serialize;

use super::files::write;
use super::{Stop, check_report, print, use_threads};
use crate::circuit::{Overrides, elaborate};
use crate::diagnostic::{Diagnostic, Report};
use crate::netlist::Deck;
use crate::results::check::CheckResult;
use crate::studies::deck_files;
use crate::studies::deck_run::{Keep, run_elaborated};

const EXTENSIONS: [&str; 4] = ["cir", "sp", "net", "ckt"];

#[derive(Debug, Args)]
#[command(after_help = "Forms of .check:\n  \
    .check peak max(v(out)) ~ 0.632 rel=1% abs=1m      differs by at most abs + rel*|expected|\n  \
    .check low min(v(out)) in [-1m, 1m]\n  \
    .check tau t63 < 1.1m                               also <=, >, >=; t63 may be a .measure\n  \
    .check shape curve v(out) ~ {1-exp(-time/1m)} rel=0.5% from=0 to=5m\n  \
    .check same curve v(out) ~ file \"reference.csv\" column=out abs=10m\n\
    rel of a curve refers to the largest magnitude of the expected one. Name the analysis where a deck has several:\n  \
    .check tran peak max(v(out)) ~ 1 rel=1%\n\
    steps stands for all runs of a deck with .step; its vectors are the stepped quantities and the measures:\n  \
    .check steps linear r2(log10(w), dg) > 0.99\n\n\
    Examples:\n  ferrospice check netlists\n  ferrospice check rc.cir --junit checks.xml --json checks.json\n\n\
    Exit code: 0 if every check holds, 1 if one fails or a deck cannot be run, 2 if the command line is wrong.")]
pub struct CheckArguments {
    /// Decks, and folders that are searched for *.cir, *.sp, *.net and *.ckt. Example: ferrospice check netlists
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Write the results as JSON. Example: --json checks.json
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Write the results as JUnit XML, which continuous-integration services show. Example: --junit checks.xml
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Number of decks that run at a time; 0 for one per core. The results do not depend on it. Example: --threads 4
    #[arg(long, value_name = "N", default_value_t = 0)]
    threads: usize,
}

/// What became of one deck.
struct Checked {
    deck: String,
    /// Step label and result of each check, or why the deck could not be run.
    outcome: Result<Vec<(String, CheckResult)>, Report>,
    seconds: f64,
}

pub fn run(arguments: &CheckArguments) -> Result<(), Stop> {
    use_threads(arguments.threads);
    let mut decks = Vec::new();
    for path in &arguments.paths {
        decks.extend(deck_files::find(path, &EXTENSIONS)?);
    }
    let mut seen = rustc_hash::FxHashSet::default();
    decks.retain(|deck| seen.insert(deck.clone()));
    let checked: Vec<Checked> = decks.par_iter().filter_map(|deck| check_deck(deck)).collect();
    if checked.is_empty() {
        let error = Diagnostic::error("no deck with .check lines was found");
        return Err(error.hint("a check looks like this: .check peak max(v(out)) ~ 0.632 rel=1%").into());
    }
    show(&checked);
    if let Some(target) = &arguments.json {
        write(target, json(&checked).as_bytes())?;
    }
    if let Some(target) = &arguments.junit {
        let failed = |error| Diagnostic::error(format!("cannot make the JUnit report: {error}"));
        write(target, junit(&checked).to_string().map_err(failed)?.as_bytes())?;
    }
    let passed = checked
        .iter()
        .all(|deck| deck.outcome.as_ref().is_ok_and(|checks| checks.iter().all(|(_, check)| check.passed)));
    if passed { Ok(()) } else { Err(Stop::Unsuccessful) }
}

/// Runs a deck; None if it has no checks.
fn check_deck(path: &Path) -> Option<Checked> {
    let start = Instant::now();
    let outcome = run_checks(path).transpose()?;
    Some(Checked { deck: path.display().to_string(), outcome, seconds: start.elapsed().as_secs_f64() })
}

/// `.check …`, or `*.check …`, which other simulators take for a comment.
fn is_check(line: &str) -> bool {
    let line = line.trim_start();
    line.strip_prefix('*').unwrap_or(line).to_lowercase().starts_with(".check")
}

fn run_checks(path: &Path) -> Result<Option<Vec<(String, CheckResult)>>, Report> {
    let deck = Deck::read(path)?;
    // Decks without checks are not looked at further, even if they are broken.
    let mentions_checks = deck.sources.files().iter().any(|file| file.text.lines().any(is_check));
    if !mentions_checks {
        return Ok(None);
    }
    let circuit = elaborate(&deck, &Overrides::default())?;
    if !circuit.cards.iter().any(|card| &*card.keyword == "check") {
        return Ok(None);
    }
    let run = run_elaborated(&deck, circuit, &Overrides::default(), &mut [], Keep::Nothing, &|_| true)?;
    let results = run.runs.into_iter().flat_map(|step| {
        let label = step.step.label;
        step.checks.into_iter().map(move |check| (label.clone(), check))
    });
    let across = run.across.into_iter().flat_map(|across| across.checks).map(|check| ("all steps".to_string(), check));
    Ok(Some(results.chain(across).collect()))
}

fn show(checked: &[Checked]) {
    let mut rows = Vec::new();
    for deck in checked {
        match &deck.outcome {
            Ok(checks) => {
                let name =
                    |step: &str| if step.is_empty() { deck.deck.clone() } else { format!("{} ({step})", deck.deck) };
                rows.extend(checks.iter().map(|(step, check)| (name(step), check)));
            }
            Err(report) => {
                print::note(&format!("{}:", deck.deck));
                print::report(report);
            }
        }
    }
    if !rows.is_empty() {
        print::line(check_report::table(&rows).trim_end());
    }
    let failed = rows.iter().filter(|(_, check)| !check.passed).count();
    let broken = checked.iter().filter(|deck| deck.outcome.is_err()).count();
    let mut summary = format!(
        "\n{} in {}: {} passed, {failed} failed",
        counted(rows.len(), "check"),
        counted(checked.len(), "deck"),
        rows.len() - failed
    );
    if broken > 0 {
        summary.push_str(&format!("; {} could not be run", counted(broken, "deck")));
    }
    print::line(&summary);
}

fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

fn json(checked: &[Checked]) -> String {
    #[derive(Serialize)]
    struct One<'a> {
        step: &'a str,
        #[serde(flatten)]
        check: &'a CheckResult,
    }
    let deck = |deck: &Checked| match &deck.outcome {
        Ok(checks) => {
            let checks: Vec<One> = checks.iter().map(|(step, check)| One { step, check }).collect();
            serde_json::json!({"deck": deck.deck, "checks": checks})
        }
        Err(report) => serde_json::json!({"deck": deck.deck, "error": report.render(false)}),
    };
    let decks: Vec<serde_json::Value> = checked.iter().map(deck).collect();
    format!("{:#}\n", serde_json::json!({"decks": decks}))
}

fn junit(checked: &[Checked]) -> Junit {
    let mut report = Junit::new("ferrospice check");
    for deck in checked {
        let mut suite = TestSuite::new(deck.deck.as_str());
        suite.set_time(std::time::Duration::from_secs_f64(deck.seconds));
        match &deck.outcome {
            Ok(checks) => {
                for (step, check) in checks {
                    let name = if step.is_empty() { check.name.clone() } else { format!("{} ({step})", check.name) };
                    suite.add_test_case(TestCase::new(name, status(check)));
                }
            }
            Err(error) => {
                let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
                status.set_message("the deck could not be run").set_description(error.render(false));
                suite.add_test_case(TestCase::new("run", status));
            }
        }
        report.add_test_suite(suite);
    }
    report
}

fn status(check: &CheckResult) -> TestCaseStatus {
    if check.passed {
        return TestCaseStatus::success();
    }
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    let reason = check.reason.as_ref().map_or(String::new(), |reason| format!("; {reason}"));
    status.set_message(format!(
        "expected {}, simulated {}, deviation {}{reason}",
        check.expected,
        check.simulated_text(),
        check.deviation_text()
    ));
    status
}

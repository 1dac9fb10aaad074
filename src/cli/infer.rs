//! `ferrospice infer`: images classified from the currents of a network's crossbars.

use std::path::{Path, PathBuf};

use clap::Args;
use serde::{Deserialize, Serialize};

use super::files::{make_folder, write};
use super::progress::Progress;
use super::{Stop, print, use_threads};
use crate::diagnostic::{Diagnostic, Report};
use crate::studies::inference::report::{Outcome, StageName};
use crate::studies::inference::study::{self, Setting, Study};
use crate::studies::inference::{self, Store, page, tables};

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  ferrospice infer studies/fashion_mnist.toml\n  \
    ferrospice infer studies/fashion_mnist.toml -o out --limit 500\n  \
    ferrospice infer study.toml --set array.word_segment=2 --set compensation.method=iterative\n\n\
    With -o, every variant's result is written as soon as it is there, and --resume goes on where a run was ended; equal studies \
    give equal files. The last line is the accuracy with the study's own values and seed.\n\n\
    Exit code: 0; 1 if the study, or a file that it names, cannot be read or run; 2 if the command line is wrong.")]
pub struct InferArguments {
    /// The study
    #[arg(value_name = "STUDY.toml")]
    study: PathBuf,
    /// Folder for report.json, the tables, the page (index.html) and the results of single variants. Example: -o out
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// Only the first so many images, whatever the study says. Example: --limit 500
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    limit: Option<u64>,
    /// Take what an earlier run left in the folder, where nothing that decides it has changed. Example: -o out --resume
    #[arg(long, requires = "output")]
    resume: bool,
    /// Set a value of the study. Example: --set array.word_segment=2
    #[arg(long = "set", value_name = "PATH=VALUE")]
    set: Vec<String>,
    /// Show no progress and no tables, only the result. Example: -q
    #[arg(short, long)]
    quiet: bool,
    /// Number of threads; 0 for all cores; the study's without. The results do not depend on it. Example: --threads 4
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
}

pub fn run(arguments: &InferArguments) -> Result<(), Stop> {
    let settings = arguments.set.iter().map(|text| Setting::parse(text)).collect::<Result<Vec<_>, _>>();
    let settings = settings.map_err(|error| Stop::Misuse(format!("--set {error}")))?;
    let mut file = study::read(&arguments.study, &settings)?;
    use_threads(arguments.threads.unwrap_or(file.study.run.threads));
    let mut plans = file.plans()?;
    if let Some(limit) = arguments.limit {
        plans.iter_mut().map(|plan| &mut plan.study).chain([&mut file.study]).for_each(|study| shorten(study, limit));
    }
    let store = Folder::new(arguments)?;
    let progress = Progress::new(arguments.quiet);
    let report = inference::run(&file, &plans, &store, &|share, doing| progress.part(share, doing))?;
    drop(progress);
    if let Some(folder) = &arguments.output {
        write_report(folder, &report, file.text())?;
    }
    show(&report, arguments.quiet);
    Ok(())
}

/// The study with at most `limit` images.
fn shorten(study: &mut Study, limit: u64) {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let images = &mut study.data.images;
    *images = Some(images.map_or(limit, |images| images.min(limit)));
}

/// Results of single variants as files of a folder.
struct Folder {
    folder: Option<PathBuf>,
    resume: bool,
}

/// The file of one variant.
#[derive(Serialize, Deserialize)]
struct Kept {
    /// Of everything that decides the result.
    key: String,
    result: Outcome,
}

impl Folder {
    fn new(arguments: &InferArguments) -> Result<Folder, Diagnostic> {
        let folder = arguments.output.as_ref().map(|output| output.join("variants"));
        if let Some(folder) = &folder {
            make_folder(folder)?;
        }
        Ok(Folder { folder, resume: arguments.resume })
    }

    fn file(&self, key: &str) -> Option<PathBuf> {
        // The key is long; its beginning tells variants apart.
        self.folder.as_ref().map(|folder| folder.join(format!("{}.json", &key[..key.len().min(16)])))
    }
}

impl Store for Folder {
    fn load(&self, key: &str) -> Option<Outcome> {
        let text = std::fs::read(self.file(key).filter(|_| self.resume)?).ok()?;
        // What is no such file is written anew.
        let kept: Kept = serde_json::from_slice(&text).ok()?;
        (kept.key == key).then_some(kept.result)
    }

    fn save(&self, key: &str, outcome: &Outcome) -> Result<(), Diagnostic> {
        let Some(file) = self.file(key) else { return Ok(()) };
        write(&file, &json(&Kept { key: key.into(), result: outcome.clone() })?)
    }
}

fn json(value: &impl Serialize) -> Result<Vec<u8>, Diagnostic> {
    let mut text = serde_json::to_vec_pretty(value)
        .map_err(|error| Diagnostic::error(format!("cannot write the results as JSON: {error}")))?;
    text.push(b'\n');
    Ok(text)
}

fn write_report(folder: &Path, report: &inference::Report, study: &str) -> Result<(), Report> {
    let files = [
        ("report.json", json(report)),
        ("variants.csv", tables::variants(report)),
        ("confusion.csv", tables::confusion(report)),
        ("index.html", page::html(report, study).map(String::into_bytes)),
    ];
    for (name, contents) in files {
        let written = contents.and_then(|contents| write(&folder.join(name), &contents));
        written.map_err(Report::message)?;
    }
    Ok(())
}

fn show(report: &inference::Report, quiet: bool) {
    let Some(headline) = report.headline() else { return };
    let result = &headline.result;
    if !quiet {
        show_stages(result);
        show_confusion(result);
        show_sweeps(report);
    }
    if let Some(uncompensated) = &result.uncompensated {
        print::line(&format!("uncompensated {uncompensated}"));
        print::line(&format!("compensated {}", result.accuracy));
    }
    let spread = &report.points[0].accuracy;
    if let Some(deviation) = spread.deviation {
        let (mean, deviation) = (100.0 * spread.mean, 100.0 * deviation);
        print::line(&format!("mean of {} seeds {mean:.2} ± {deviation:.2} %", spread.count));
    }
    print::line(&format!("accuracy {}", result.accuracy));
}

fn show_stages(result: &Outcome) {
    for stage in result.stages.iter().filter(|stage| stage.active) {
        let errors: Vec<String> = stage.errors.iter().map(|error| format!("{:.2} %", 100.0 * error)).collect();
        let errors = if stage.name == StageName::Software {
            String::new()
        } else {
            format!("  error of each layer {}", errors.join(", "))
        };
        print::line(&format!("{:<12} {}{errors}", tables::name(stage.name), stage.accuracy));
    }
}

fn show_confusion(result: &Outcome) {
    let width = result.confusion.iter().flatten().map(|count| count.to_string().len()).max().unwrap_or(1).max(3) + 1;
    let cells =
        |cells: &mut dyn Iterator<Item = String>| cells.map(|cell| format!("{cell:>width$}")).collect::<String>();
    let classes = result.confusion.len();
    print::line(&format!("\nlabel \\ answer{}", cells(&mut (0..classes).map(|class| class.to_string()))));
    for (label, row) in result.confusion.iter().enumerate() {
        print::line(&format!("{label:>14}{}", cells(&mut row.iter().map(|count| count.to_string()))));
    }
    print::line("");
}

fn show_sweeps(report: &inference::Report) {
    for point in report.points.iter().filter(|point| point.sweep.is_some()) {
        let settings: Vec<String> =
            point.settings.iter().map(|setting| format!("{} = {}", setting.parameter, setting.text())).collect();
        let spread =
            point.accuracy.deviation.map_or_else(String::new, |deviation| format!(" ± {:.2}", 100.0 * deviation));
        print::line(&format!("{}: {:.2}{spread} %", settings.join(", "), 100.0 * point.accuracy.mean));
    }
}

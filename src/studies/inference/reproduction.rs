//! Studies with targets, run for the page of published figures.

use std::path::{Path, PathBuf};

use super::page;
use super::report::Report;
use super::run::{NoStore, run};
use super::study::{self, Plan, Quantity, StudyFile, Target};
use super::targets::judge;
use crate::diagnostic::{self, Diagnostic};
use crate::studies::deck_files;
use crate::studies::reproduction;

/// A study with targets, before it is run.
#[derive(Debug, Clone)]
pub struct TargetStudy {
    pub path: PathBuf,
    /// Ids of its targets.
    pub ids: Vec<String>,
    file: StudyFile,
    plans: Vec<Plan>,
}

/// The studies below `folder` that have targets, in the order of their names.
///
/// # Errors
/// The folder or a study in it cannot be read, or a study is malformed.
pub fn find(folder: &Path) -> Result<Vec<TargetStudy>, diagnostic::Report> {
    let hint = "name the folder with the studies: --studies studies/paper";
    let paths = deck_files::find(folder, &["toml"]).map_err(|error| diagnostic::Report::message(error.hint(hint)))?;
    let studies = paths.into_iter().map(|path| {
        let file = study::read(&path, &[])?;
        let ids = file.study.target.iter().map(|target| target.id.clone()).collect();
        Ok(TargetStudy { path, ids, plans: file.plans()?, file })
    });
    let studies = studies.collect::<Result<Vec<_>, diagnostic::Report>>()?;
    Ok(studies.into_iter().filter(|study| !study.ids.is_empty()).collect())
}

impl TargetStudy {
    /// Number of runs, over all points and seeds.
    pub fn runs(&self) -> u64 {
        self.plans.iter().map(|plan| plan.study.run.seeds).sum()
    }

    /// Runs the study and judges its targets; `watch` is told the share that is done. A study that cannot be run misses them all.
    pub fn run(&self, watch: &(dyn Fn(f64) + Sync)) -> Vec<reproduction::Target> {
        let judged = run(&self.file, &self.plans, &NoStore, &|share, _| watch(share))
            .and_then(|report| self.judged(&report).map_err(diagnostic::Report::message));
        judged.unwrap_or_else(|report| {
            let first = report.diagnostics.iter().find(|diagnostic| diagnostic.is_error());
            let reason = first.map_or_else(String::new, |diagnostic| diagnostic.message.clone());
            self.ids.iter().map(|id| reproduction::broken(id, &self.path, &reason)).collect()
        })
    }

    fn judged(&self, report: &Report) -> Result<Vec<reproduction::Target>, Diagnostic> {
        let deck = self.path.display().to_string();
        let name = self.path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let mut judged = judge(report, &deck);
        for (target, shown) in report.study.target.iter().zip(&mut judged) {
            shown.figures = self.figures(target, report)?;
            shown.plot = (!shown.figures.is_empty()).then(|| format!("plots/{}.svg", target.id));
            shown.tables = tables(target, report);
            shown.cards = vec![(name.clone(), self.file.text().to_string())];
        }
        Ok(judged)
    }

    /// The figures of a target, as SVG.
    fn figures(&self, target: &Target, report: &Report) -> Result<Vec<String>, Diagnostic> {
        if let Some(training) = &target.training {
            let of_weights = report.study.sweep.iter().position(|sweep| sweep.parameter == "network.weights");
            let curve = learning_curve(&self.file.folder.join(&training.curve))?;
            return Ok(vec![page::over_epochs(report, of_weights.unwrap_or(0), &training.epochs, &curve).to_svg()?]);
        }
        if is_of_confusion(target) {
            return Ok(Vec::new());
        }
        let figures = page::sweep_figures(report).into_iter().chain(page::over_seeds(report));
        figures.map(|figure| figure.to_svg()).collect()
    }
}

fn is_of_confusion(target: &Target) -> bool {
    target.check.iter().any(|check| check.quantity == Quantity::LeadingDiagonals)
}

fn tables(target: &Target, report: &Report) -> Vec<String> {
    let headline = report.headline().filter(|_| is_of_confusion(target));
    headline.map(|headline| page::confusion_table(report, &headline.result)).into_iter().collect()
}

/// Epochs and test accuracies in % of a table that `train --curve` wrote.
fn learning_curve(path: &Path) -> Result<Vec<(f64, f64)>, Diagnostic> {
    let failed =
        |error: &dyn std::fmt::Display| Diagnostic::error(format!("cannot read `{}`: {error}", path.display()));
    let mut reader = csv::Reader::from_path(path).map_err(|error| failed(&error))?;
    let rows = reader.deserialize::<(f64, f64, f64, f64)>();
    rows.map(|row| row.map(|(epoch, _, _, test)| (epoch, 100.0 * test)).map_err(|error| failed(&error))).collect()
}

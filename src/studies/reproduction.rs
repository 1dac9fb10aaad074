//! Published figures as targets: runs the decks that carry `.target` cards and says which targets pass.

use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde::Serialize;

use super::deck_figures;
use super::deck_files;
use super::deck_run::{DeckRun, Keep, run_deck};
use crate::circuit::Overrides;
use crate::diagnostic::{Diagnostic, Report};
use crate::netlist::Deck;
use crate::results::cards::ResultCards;
use crate::results::check::CheckResult;
use crate::results::figure::Figure;
use crate::results::measure;
use crate::results::plot::Plot;
use crate::results::scope::Scope;
use crate::results::target_card::TargetCard;

/// Whether a target's checks hold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    Pass,
    #[default]
    Miss,
}

/// A check of a target in one run, or over all runs.
#[derive(Debug, Clone, Serialize)]
pub struct TargetCheck {
    /// `w=1e-6`, `all steps`, or empty.
    pub step: String,
    #[serde(flatten)]
    pub result: CheckResult,
}

/// What became of one target.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Target {
    pub id: String,
    pub figure: String,
    pub paper: String,
    pub assumed: String,
    /// The simulated value as text, or why there is none.
    pub value: String,
    pub criterion: String,
    pub status: Status,
    pub fitted: String,
    pub remark: String,
    /// File of its first figure, relative to the page.
    pub plot: Option<String>,
    pub deck: String,
    pub checks: Vec<TargetCheck>,
    /// Figures as SVG.
    #[serde(skip)]
    pub figures: Vec<String>,
    /// Tables as HTML.
    #[serde(skip)]
    pub tables: Vec<String>,
    /// Parameter cards that the deck includes, or the study: name and text.
    #[serde(skip)]
    pub cards: Vec<(String, String)>,
}

impl Target {
    /// A row that goes beyond the published table: counted apart.
    pub fn is_harder(&self) -> bool {
        self.id.ends_with('+')
    }
}

/// A deck with targets, before it is run.
#[derive(Debug, Clone)]
pub struct TargetDeck {
    pub path: PathBuf,
    /// Ids of its targets.
    pub ids: Vec<String>,
}

/// The decks below `folder` that have targets, in the order of their names.
///
/// # Errors
/// The folder or a deck in it cannot be read, or a deck with targets is malformed.
pub fn find(folder: &Path) -> Result<Vec<TargetDeck>, Report> {
    let paths = deck_files::find(folder, &["cir"])
        .map_err(|error| Report::message(error.hint("name the folder with the decks: --decks netlists")))?;
    let decks = paths.par_iter().map(|path| read_ids(path)).collect::<Result<Vec<_>, Report>>()?;
    Ok(decks.into_iter().filter(|deck| !deck.ids.is_empty()).collect())
}

fn read_ids(path: &Path) -> Result<TargetDeck, Report> {
    let text = std::fs::read(path).unwrap_or_default();
    let mut ids = Vec::new();
    if String::from_utf8_lossy(&text).to_lowercase().contains(".target") {
        let deck = Deck::read(path)?;
        let circuit = crate::circuit::elaborate(&deck, &Overrides::default())?;
        ids = ResultCards::read(&circuit)?.targets.into_iter().map(|target| target.id).collect();
    }
    Ok(TargetDeck { path: path.to_path_buf(), ids })
}

/// Runs `deck` and judges its targets. A deck that cannot be run misses them all.
pub fn run(deck: &TargetDeck, overrides: &Overrides) -> Vec<Target> {
    match judged(&deck.path, overrides) {
        Ok(targets) => targets,
        Err(report) => {
            let first = report.diagnostics.iter().find(|diagnostic| diagnostic.is_error());
            let reason = first.map_or_else(String::new, |diagnostic| diagnostic.message.clone());
            deck.ids.iter().map(|id| broken(id, &deck.path, &reason)).collect()
        }
    }
}

/// What `path` is called: a study or a deck.
fn kind(path: &Path) -> &'static str {
    if path.extension().is_some_and(|extension| extension == "toml") { "study" } else { "deck" }
}

/// A target whose deck or study could not be run.
pub(super) fn broken(id: &str, path: &Path, reason: &str) -> Target {
    Target {
        id: id.to_string(),
        value: format!("the {} could not be run: {reason}", kind(path)),
        deck: path.display().to_string(),
        ..Target::default()
    }
}

fn judged(path: &Path, overrides: &Overrides) -> Result<Vec<Target>, Report> {
    let deck = Deck::read(path)?;
    let run = run_deck(&deck, overrides, &mut [], Keep::Plots, &|_| true)?;
    let Some(first) = run.runs.first() else { return Ok(Vec::new()) };
    let cards = ResultCards::read(&first.circuit)?;
    let drawn = deck_figures::draw(&run).and_then(|figures| figures.iter().map(Figure::to_svg).collect());
    let figures: Vec<String> = drawn.map_err(|error| Report::new(deck.sources.clone(), vec![error]))?;
    let included: Vec<(String, String)> = deck
        .sources
        .files()
        .iter()
        .skip(1)
        .map(|file| {
            let name =
                Path::new(&*file.name).file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
            (name, file.text.to_string())
        })
        .collect();
    let one = |target: &TargetCard| {
        let checks = checks_of(target, &cards, &run);
        let passed = !checks.is_empty() && checks.iter().all(|check| check.result.passed);
        Target {
            id: target.id.clone(),
            figure: target.figure.clone(),
            paper: target.paper.clone(),
            assumed: target.assumed.clone(),
            value: value_of(target, &run).unwrap_or_else(|error| format!("not found: {}", error.message)),
            criterion: target.criterion.clone(),
            status: if passed { Status::Pass } else { Status::Miss },
            fitted: target.fitted.clone(),
            remark: target.remark.clone(),
            plot: (!figures.is_empty()).then(|| format!("plots/{}.svg", target.id)),
            deck: path.display().to_string(),
            checks,
            figures: figures.clone(),
            tables: Vec::new(),
            cards: included.clone(),
        }
    };
    Ok(cards.targets.iter().map(one).collect())
}

fn checks_of(target: &TargetCard, cards: &ResultCards, run: &DeckRun) -> Vec<TargetCheck> {
    let owned = |check: &&CheckResult| target.owns(&check.name, &cards.targets);
    let each = run.runs.iter().flat_map(|run| {
        let one = |check: &CheckResult| TargetCheck { step: run.step.label.clone(), result: check.clone() };
        run.checks.iter().filter(owned).map(one)
    });
    let across = run.across.iter().flat_map(|across| &across.checks).filter(owned);
    each.chain(across.map(|check| TargetCheck { step: "all steps".into(), result: check.clone() })).collect()
}

/// The value over all runs, or over the only one.
fn value_of(target: &TargetCard, run: &DeckRun) -> Result<String, Diagnostic> {
    let Some(first) = run.runs.first() else { return Ok(String::new()) };
    if let Some(across) = run.across.as_ref().filter(|across| !across.plot.is_empty()) {
        return target.value(&Scope::new(Some(&across.plot), &first.circuit, &measure::values(&across.measures)));
    }
    let measured = measure::values(&first.measures);
    let of = |plot: Option<&Plot>| target.value(&Scope::new(plot, &first.circuit, &measured));
    let mut result = of(None);
    for plot in first.plots.iter().filter(|_| run.runs.len() == 1) {
        if result.is_err() {
            result = of(Some(plot));
        }
    }
    result
}

/// Orders ids as people do: A2 before A10, A10 before A10+.
pub fn order(id: &str) -> (String, u32, String) {
    let letters: String = id.chars().take_while(|c| !c.is_ascii_digit()).collect();
    let digits: String = id.chars().skip(letters.len()).take_while(char::is_ascii_digit).collect();
    let rest = id[letters.len() + digits.len()..].to_string();
    (letters, digits.parse().unwrap_or(0), rest)
}

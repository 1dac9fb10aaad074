//! Reading a study: errors point at the text of the file.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Deserialize;
use toml::Table;
use toml::de::{DeTable, DeValue};

use super::setting::Setting;
use super::validate::problems;
use super::{Axis, Study, Sweep};
use crate::diagnostic::{Diagnostic, FileId, Report, SourceMap, Span};

/// A study as it stands in a file, with the settings of the command line in their place.
#[derive(Debug, Clone)]
pub struct StudyFile {
    /// Files are named relative to this folder.
    pub folder: PathBuf,
    pub study: Study,
    table: Table,
    sources: Arc<SourceMap>,
}

/// One point of a sweep, or the study itself.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Number of the sweep; none for the study itself.
    pub sweep: Option<usize>,
    pub settings: Vec<Setting>,
    /// With these settings and without sweeps.
    pub study: Study,
}

/// Reads the file `path` and puts `settings` in place of what it says.
///
/// # Errors
/// The file cannot be read, is no TOML, or says what no study can say; the report underlines where.
pub fn read(path: &Path, settings: &[Setting]) -> Result<StudyFile, Report> {
    let name = path.display().to_string();
    let text = std::fs::read_to_string(path)
        .map_err(|error| Report::message(Diagnostic::error(format!("cannot read `{name}`: {error}"))))?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    parse(&name, &text, folder, settings)
}

/// The same from text; `name` is for messages.
///
/// # Errors
/// As for [`read`].
pub fn parse(name: &str, text: &str, folder: &Path, settings: &[Setting]) -> Result<StudyFile, Report> {
    let mut sources = SourceMap::default();
    sources.add(name, text);
    let sources = Arc::new(sources);
    let report = |error: Diagnostic| Report::new(sources.clone(), vec![error]);
    // Once by its text, whose places the errors then have, and once as the table that settings go into.
    toml::from_str::<Study>(text).map_err(|error| report(of_toml(&error, "")))?;
    let table: Table = toml::from_str(text).map_err(|error| report(of_toml(&error, "")))?;
    let mut file = StudyFile { folder: folder.to_path_buf(), study: Study::default(), table, sources: sources.clone() };
    let set = file.with(settings, "setting").map_err(report)?;
    file.study = set.1;
    file.table = set.0;
    let found: Vec<Diagnostic> = problems(&file.study).into_iter().map(|problem| file.point_at(problem)).collect();
    if found.is_empty() { Ok(file) } else { Err(Report::new(sources, found)) }
}

impl StudyFile {
    /// The file as it stands.
    pub fn text(&self) -> &str {
        &self.sources.file(FileId(0)).text
    }

    /// The study itself, then the points of its sweeps.
    ///
    /// # Errors
    /// A sweep names what is not there, or a value that it cannot have.
    pub fn plans(&self) -> Result<Vec<Plan>, Report> {
        let mut plans = vec![self.plan(None, Vec::new(), None)?];
        for (number, sweep) in self.study.sweep.iter().enumerate() {
            for settings in combinations(sweep) {
                plans.push(self.plan(Some(number), settings, Some(sweep))?);
            }
        }
        Ok(plans)
    }

    fn plan(&self, number: Option<usize>, settings: Vec<Setting>, sweep: Option<&Sweep>) -> Result<Plan, Report> {
        let mut all: Vec<Setting> = Vec::new();
        if let Some(sweep) = sweep {
            let fixed = sweep.set.iter().map(|(name, value)| Setting { parameter: name.clone(), value: value.clone() });
            all.extend(fixed.chain(settings.iter().cloned()));
            let same = |parameter: &String| {
                let value = settings.first().map(|setting| setting.value.clone())?;
                Some(Setting { parameter: parameter.clone(), value })
            };
            all.extend(sweep.also.iter().filter_map(same));
        }
        let report = |error| Report::new(self.sources.clone(), vec![error]);
        let (_, mut study) = self.with(&all, "sweep").map_err(report)?;
        if let Some(problem) = problems(&study).into_iter().next() {
            let values: Vec<String> = all.iter().map(|s| format!("{} = {}", s.parameter, s.text())).collect();
            let error = Diagnostic::error(format!("with {}: {}", values.join(", "), problem.message));
            return Err(report(self.at_text(error, &problem.path)));
        }
        if let Some(seeds) = sweep.and_then(|sweep| sweep.seeds) {
            study.run.seeds = seeds;
        }
        study.sweep.clear();
        Ok(Plan { sweep: number, settings, study })
    }

    /// Table and study with `settings` in their place; `what` they are, for messages.
    fn with(&self, settings: &[Setting], what: &str) -> Result<(Table, Study), Diagnostic> {
        let mut table = self.table.clone();
        for setting in settings {
            // One after the other, to tell which one is wrong.
            setting.apply(&mut table)?;
            Study::deserialize(table.clone()).map_err(|error| {
                let place = format!(" ({what} `{} = {}`)", setting.parameter, setting.text());
                self.at_text(of_toml(&error, &place), &setting.parameter)
            })?;
        }
        let study = Study::deserialize(table.clone()).map_err(|error| of_toml(&error, ""))?;
        Ok((table, study))
    }

    /// Underlines where the text speaks of `parameter` as a sweep does.
    fn at_text(&self, error: Diagnostic, parameter: &str) -> Diagnostic {
        let text = &self.sources.file(FileId(0)).text;
        match text.find(&format!("\"{parameter}\"")) {
            Some(at) if error.labels.is_empty() => error.at(Span::new(FileId(0), at, at + parameter.len() + 2)),
            _ => error,
        }
    }

    fn point_at(&self, problem: super::validate::Problem) -> Diagnostic {
        let text = &self.sources.file(FileId(0)).text;
        let mut error = Diagnostic::error(problem.message);
        error.hints = problem.hints;
        match place(text, &problem.path) {
            Some(range) => error.at(Span::new(FileId(0), range.start, range.end)),
            None => error,
        }
    }
}

/// All combinations of a sweep's values, the last parameter fastest.
fn combinations(sweep: &Sweep) -> Vec<Vec<Setting>> {
    let first = Axis { parameter: sweep.parameter.clone(), values: sweep.values.clone() };
    let mut all = vec![Vec::new()];
    for axis in std::iter::once(&first).chain(&sweep.times) {
        let longer = |before: &Vec<Setting>| -> Vec<Vec<Setting>> {
            let add = |value: &toml::Value| {
                let setting = Setting { parameter: axis.parameter.clone(), value: value.clone() };
                before.iter().cloned().chain([setting]).collect()
            };
            axis.values.iter().map(add).collect()
        };
        all = all.iter().flat_map(longer).collect();
    }
    all
}

/// An error of the TOML reader, whose unknown names get the nearest known one; `place` is added to the message.
fn of_toml(error: &toml::de::Error, place: &str) -> Diagnostic {
    let message = error.message();
    let names: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let unknown = message.starts_with("unknown field") || message.starts_with("unknown variant");
    let mut diagnostic = match names.split_first() {
        Some((wanted, known)) if unknown => {
            let kind = if message.starts_with("unknown field") { "field" } else { "word" };
            Diagnostic::error(format!("unknown {kind} `{wanted}`{place}"))
                .nearest(wanted, known.iter().copied())
                .hint(format!("known here: {}", known.join(", ")))
        }
        _ => Diagnostic::error(format!("{}{place}", message.lines().collect::<Vec<_>>().join("; "))),
    };
    if let Some(range) = error.span() {
        diagnostic = diagnostic.at(Span::new(FileId(0), range.start, range.end));
    }
    diagnostic
}

/// Where the value of the dotted `path` stands in `text`, or the innermost table that is there.
fn place(text: &str, path: &str) -> Option<Range<usize>> {
    let table = DeTable::parse(text).ok()?;
    let mut found = None;
    let mut here: &DeTable<'_> = table.get_ref();
    for name in path.split('.') {
        let Some((key, value)) = here.iter().find(|(key, _)| key.get_ref() == name) else { break };
        match value.get_ref() {
            DeValue::Table(inner) => {
                found = Some(key.span());
                here = inner;
            }
            _ => return Some(value.span()),
        }
    }
    found
}

//! Results as CSV tables.

use super::report::{Report, StageName, Variant};
use crate::diagnostic::Diagnostic;

/// A row for every variant.
///
/// # Errors
/// Memory ran out.
pub fn variants(report: &Report) -> Result<Vec<u8>, Diagnostic> {
    let mut parameters: Vec<&str> = Vec::new();
    for setting in report.points.iter().flat_map(|point| &point.settings) {
        if !parameters.contains(&setting.parameter.as_str()) {
            parameters.push(&setting.parameter);
        }
    }
    let fixed = ["sweep", "seed", "correct", "images", "accuracy", "low", "high", "uncompensated", "energy (J)"];
    let mut head: Vec<String> = fixed.map(str::to_string).to_vec();
    head.splice(1..1, parameters.iter().map(|name| name.to_string()));
    let stages: Vec<StageName> = variants_of(report).find_map(stages).unwrap_or_default();
    head.extend(stages.iter().map(|stage| format!("accuracy {}", name(*stage))));
    let mut rows = vec![head];
    for point in &report.points {
        let sweep = point.sweep.map_or_else(String::new, |sweep| (sweep + 1).to_string());
        let value = |parameter: &&str| {
            let setting = point.settings.iter().find(|setting| setting.parameter == *parameter);
            setting.map_or_else(String::new, |setting| setting.text())
        };
        let settings: Vec<String> = parameters.iter().map(value).collect();
        for variant in &point.variants {
            let mut row = vec![sweep.clone()];
            row.extend(settings.iter().cloned());
            row.extend(figures(variant));
            let accuracy = |stage: &StageName| {
                let found = variant.result.stages.iter().find(|found| found.name == *stage);
                found.map_or_else(String::new, |found| found.accuracy.accuracy.to_string())
            };
            row.extend(stages.iter().map(accuracy));
            rows.push(row);
        }
    }
    table(rows)
}

fn variants_of(report: &Report) -> impl Iterator<Item = &Variant> {
    report.points.iter().flat_map(|point| &point.variants)
}

fn stages(variant: &Variant) -> Option<Vec<StageName>> {
    let stages: Vec<StageName> = variant.result.stages.iter().map(|stage| stage.name).collect();
    (!stages.is_empty()).then_some(stages)
}

fn figures(variant: &Variant) -> Vec<String> {
    let result = &variant.result;
    let accuracy = &result.accuracy;
    let without = result.uncompensated.map_or_else(String::new, |accuracy| accuracy.accuracy.to_string());
    vec![
        variant.seed.to_string(),
        accuracy.correct.to_string(),
        accuracy.of.to_string(),
        accuracy.accuracy.to_string(),
        accuracy.low.to_string(),
        accuracy.high.to_string(),
        without,
        result.energy.to_string(),
    ]
}

/// What a stage is called.
pub fn name(stage: StageName) -> &'static str {
    match stage {
        StageName::Software => "software",
        StageName::Mapped => "mapped",
        StageName::Quantised => "quantised",
        StageName::Written => "written",
        StageName::Read => "read",
        StageName::Wires => "wires",
        StageName::Compensated => "compensated",
    }
}

/// Confusion matrix of the headline: a row for each label, a column for each answer.
///
/// # Errors
/// Memory ran out.
pub fn confusion(report: &Report) -> Result<Vec<u8>, Diagnostic> {
    let matrix = report.headline().map(|variant| &variant.result.confusion[..]).unwrap_or_default();
    let head = std::iter::once("label".to_string()).chain((0..matrix.len()).map(|class| class.to_string()));
    let rows = matrix.iter().enumerate().map(|(label, row)| {
        std::iter::once(label.to_string()).chain(row.iter().map(|count| count.to_string())).collect()
    });
    table(std::iter::once(head.collect()).chain(rows))
}

fn table(rows: impl IntoIterator<Item = Vec<String>>) -> Result<Vec<u8>, Diagnostic> {
    let failed = |error: csv::Error| Diagnostic::error(format!("cannot make the table: {error}"));
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer.write_record(&row).map_err(failed)?;
    }
    writer.into_inner().map_err(|error| Diagnostic::error(format!("cannot make the table: {error}")))
}

impl Report {
    /// The result of the study itself with its own seed.
    pub fn headline(&self) -> Option<&Variant> {
        self.points.first()?.variants.first()
    }
}

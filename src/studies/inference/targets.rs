//! Published figures judged by what a study found.

use toml::Value;

use super::report::{Point, Report};
use super::study::{Quantity, Setting, Target, TargetCheck};
use crate::diagnostic::{FileId, Span};
use crate::results::check::CheckResult;
use crate::studies::reproduction::{self, Status};

/// The study's targets with their values, without figures; `deck` names the study's file.
pub fn judge(report: &Report, deck: &str) -> Vec<reproduction::Target> {
    report.study.target.iter().map(|target| one(target, report, deck)).collect()
}

fn one(target: &Target, report: &Report, deck: &str) -> reproduction::Target {
    let checks: Vec<reproduction::TargetCheck> =
        target.check.iter().flat_map(|check| judged(check, report, target)).collect();
    let passed = !checks.is_empty() && checks.iter().all(|check| check.result.passed);
    let criteria: Vec<String> = target.check.iter().map(|check| criterion(check, target, report)).collect();
    reproduction::Target {
        id: target.id.clone(),
        figure: target.figure.clone(),
        paper: target.paper.clone(),
        assumed: target.assumed.clone(),
        value: target.check.first().map_or_else(String::new, |check| value(check, target, report)),
        criterion: criteria.join("; "),
        status: if passed { Status::Pass } else { Status::Miss },
        fitted: target.fitted.clone(),
        remark: target.remark.clone(),
        deck: deck.to_string(),
        checks,
        ..reproduction::Target::default()
    }
}

/// One result for every point that the check is about; a failed one if there is none.
fn judged(check: &TargetCheck, report: &Report, target: &Target) -> Vec<reproduction::TargetCheck> {
    let result = |simulated: Option<f64>, reason: Option<String>| CheckResult {
        name: format!("{}_{}", target.id, name(check.quantity)),
        expected: demanded(check),
        simulated,
        reference: None,
        position: None,
        deviation: simulated.map(|value| distance(check, value)),
        tolerance: None,
        passed: simulated.is_some_and(|value| distance(check, value) == 0.0),
        reason,
        span: Span::new(FileId(0), 0, 0),
    };
    let points = points(check, report);
    if points.is_empty() {
        let reason = format!("the study has no point with {}", label_of(&settings(check)));
        return vec![reproduction::TargetCheck { step: String::new(), result: result(None, Some(reason)) }];
    }
    let one = |(index, point): (usize, &&Point)| reproduction::TargetCheck {
        step: place(check, target, index, point),
        result: match quantity(check.quantity, point) {
            Some(value) => result(Some(value), None),
            None => result(None, Some("the study does not tell it".into())),
        },
    };
    points.iter().enumerate().map(one).collect()
}

/// Which point of a check: its epoch, or its settings.
fn place(check: &TargetCheck, target: &Target, index: usize, point: &Point) -> String {
    let training = target.training.as_ref().filter(|_| check.every_of.is_some());
    match training.and_then(|training| training.epochs.get(index)) {
        Some(epoch) => format!("epoch {epoch}"),
        None => label_of(&point.settings),
    }
}

/// The points that a check is about: of several with the same settings, the first.
fn points<'r>(check: &TargetCheck, report: &'r Report) -> Vec<&'r Point> {
    if let Some(sweep) = check.every_of {
        return report.points.iter().filter(|point| point.sweep == Some(sweep)).collect();
    }
    let wanted = settings(check);
    let fits = |point: &&Point| {
        wanted.iter().all(|wanted| {
            let found = point.settings.iter().find(|setting| setting.parameter == wanted.parameter);
            found.is_some_and(|setting| same(&setting.value, &wanted.value))
        })
    };
    report.points.iter().find(fits).into_iter().collect()
}

fn settings(check: &TargetCheck) -> Vec<Setting> {
    let of = |(parameter, value): (&String, &Value)| Setting { parameter: parameter.clone(), value: value.clone() };
    check.at.iter().map(of).collect()
}

/// Equal values, where 5 equals 5.0.
fn same(one: &Value, other: &Value) -> bool {
    match (number(one), number(other)) {
        (Some(one), Some(other)) => one == other,
        _ => one == other,
    }
}

/// A number as the value of a parameter.
pub(super) fn number(value: &Value) -> Option<f64> {
    value.as_float().or_else(|| value.as_integer().map(|integer| integer as f64))
}

/// `array.word_segment = 1.0, mapping.bits = 5`
pub(super) fn label_of(settings: &[Setting]) -> String {
    let texts: Vec<String> = settings.iter().map(|s| format!("{} = {}", s.parameter, s.text())).collect();
    texts.join(", ")
}

fn quantity(quantity: Quantity, point: &Point) -> Option<f64> {
    let headline = &point.variants.first()?.result;
    let software = headline.software.accuracy;
    let leads = |(row, numbers): (usize, &Vec<usize>)| {
        let rest = numbers.iter().enumerate().filter(|(column, _)| *column != row);
        numbers.get(row).is_some_and(|own| rest.clone().all(|(_, other)| own > other))
    };
    Some(match quantity {
        Quantity::AccuracyMean => 100.0 * point.accuracy.mean,
        Quantity::Accuracy => 100.0 * headline.accuracy.accuracy,
        Quantity::SoftwareAccuracy => 100.0 * software,
        Quantity::Loss => 100.0 * (software - point.accuracy.mean),
        Quantity::LeadingDiagonals => {
            headline.confusion.iter().enumerate().filter(|numbered| leads(*numbered)).count() as f64
        }
    })
}

/// Distance from what is allowed: 0 within, NaN for NaN.
fn distance(check: &TargetCheck, value: f64) -> f64 {
    if value.is_nan() {
        return f64::NAN;
    }
    let below = check.at_least.map_or(0.0, |least| least - value);
    let above = check.at_most.map_or(0.0, |most| value - most);
    below.max(above).max(0.0)
}

fn name(quantity: Quantity) -> &'static str {
    match quantity {
        Quantity::AccuracyMean => "accuracy_mean",
        Quantity::Accuracy => "accuracy",
        Quantity::SoftwareAccuracy => "software_accuracy",
        Quantity::Loss => "loss",
        Quantity::LeadingDiagonals => "leading_diagonals",
    }
}

fn demanded(check: &TargetCheck) -> String {
    match (check.at_least, check.at_most) {
        (Some(least), Some(most)) => format!("in [{least}, {most}]"),
        (Some(least), None) => format!(">= {least}"),
        (None, Some(most)) => format!("<= {most}"),
        (None, None) => String::new(),
    }
}

/// What a check demands, for a person.
fn criterion(check: &TargetCheck, target: &Target, report: &Report) -> String {
    let (what, unit) = match check.quantity {
        Quantity::AccuracyMean => ("mean accuracy", " %"),
        Quantity::Accuracy => ("accuracy", " %"),
        Quantity::SoftwareAccuracy => ("accuracy in software", " %"),
        Quantity::Loss => ("loss against software", " points"),
        Quantity::LeadingDiagonals => ("rows led by the diagonal", ""),
    };
    let limits = match (check.at_least, check.at_most) {
        (Some(least), Some(most)) if least == most => format!("{least}{unit}"),
        (Some(least), Some(most)) => format!("{least} … {most}{unit}"),
        (Some(least), None) => format!("at least {least}{unit}"),
        (None, Some(most)) => format!("at most {most}{unit}"),
        (None, None) => String::new(),
    };
    let place = match check.every_of {
        Some(_) if target.training.is_some() => " at every epoch".into(),
        Some(sweep) => {
            let title = report.study.sweep.get(sweep).map_or("", |sweep| sweep.parameter.as_str());
            format!(" at every {title}")
        }
        None => String::new(),
    };
    format!("{what} {limits}{place}")
}

/// The value of a check's (worst) point, for a person.
fn value(check: &TargetCheck, target: &Target, report: &Report) -> String {
    let of = |point: &&Point| quantity(check.quantity, point).unwrap_or(f64::NAN);
    let strain = |point: &&Point| match (check.at_least, check.at_most) {
        (Some(least), Some(most)) => (of(point) - (least + most) / 2.0).abs(),
        (Some(least), None) => least - of(point),
        (None, most) => of(point) - most.unwrap_or(0.0),
    };
    let points = points(check, report);
    let Some((index, point)) = points.iter().enumerate().max_by(|a, b| strain(a.1).total_cmp(&strain(b.1))) else {
        return "not found".into();
    };
    match check.quantity {
        Quantity::AccuracyMean => spread(point),
        Quantity::Accuracy | Quantity::SoftwareAccuracy => format!("{:.2} %", of(point)),
        Quantity::Loss if points.len() > 1 => {
            format!("loss of {:.2} points at most, at {}", of(point), place(check, target, index, point))
        }
        Quantity::Loss => format!("loss of {:.2} points", of(point)),
        Quantity::LeadingDiagonals => format!("{} of {} rows", of(point), confusion_rows(point)),
    }
}

fn confusion_rows(point: &Point) -> usize {
    point.variants.first().map_or(0, |variant| variant.result.confusion.len())
}

/// `88.02 ± 0.17 % (20 seeds); seed 0: 88.11 %; software 89.70 %`
fn spread(point: &Point) -> String {
    let percent = |share: f64| format!("{:.2}", 100.0 * share);
    let deviation = point.accuracy.deviation.map_or_else(String::new, |deviation| format!(" ± {}", percent(deviation)));
    let mean = format!("{}{deviation} %", percent(point.accuracy.mean));
    let Some(first) = point.variants.first() else { return mean };
    let software = 100.0 * first.result.software.accuracy;
    let seed = percent(first.result.accuracy.accuracy);
    let seeds = match point.accuracy.count {
        1 => "1 seed".to_string(),
        count => format!("{count} seeds"),
    };
    format!("{mean} ({seeds}); seed {}: {seed} %; software {software:.2} %", first.seed)
}

//! Accuracy against what a study varies.

use std::fmt::Write;

use super::super::report::{Point, Report};
use super::super::study::{Setting, Sweep};
use super::super::targets::number;
use super::figure;
use super::text::percent;
use crate::diagnostic::Diagnostic;
use crate::results::figure::{Figure, Panel, Series, Style};
use crate::studies::html::{self, escaped};

/// Ratio of the ends of a range from which on its axis is logarithmic.
const WIDE: f64 = 30.0;

pub fn write(body: &mut String, report: &Report) -> Result<(), Diagnostic> {
    if report.study.sweep.is_empty() {
        return Ok(());
    }
    body.push_str("<h2>Variations</h2>");
    for (index, sweep) in report.study.sweep.iter().enumerate() {
        let _ = write!(body, "<h3>{}</h3>", escaped(&title(sweep)));
        let points = of_sweep(report, index);
        if let Some(drawn) = sweep_figure(sweep, &points) {
            figure(body, &drawn, "Mean over the seeds; bars: sample standard deviation")?;
        }
        body.push_str(&table(&points));
    }
    Ok(())
}

/// The figures of all sweeps over numbers.
pub fn figures(report: &Report) -> Vec<Figure> {
    let sweeps = report.study.sweep.iter().enumerate();
    sweeps.filter_map(|(index, sweep)| sweep_figure(sweep, &of_sweep(report, index))).collect()
}

fn of_sweep(report: &Report, index: usize) -> Vec<&Point> {
    report.points.iter().filter(|point| point.sweep == Some(index)).collect()
}

fn title(sweep: &Sweep) -> String {
    if sweep.title.is_empty() { format!("Accuracy against {}", sweep.parameter) } else { sweep.title.clone() }
}

fn sweep_figure(sweep: &Sweep, points: &[&Point]) -> Option<Figure> {
    // The axis is the first parameter with at least two numbers.
    let parameters: Vec<&String> =
        std::iter::once(&sweep.parameter).chain(sweep.times.iter().map(|axis| &axis.parameter)).collect();
    let place = |point: &Point, parameter: &str| {
        let setting = point.settings.iter().find(|setting| setting.parameter == parameter)?;
        position(setting, point)
    };
    let axis = parameters.into_iter().find(|parameter| {
        let mut places: Vec<f64> = points.iter().filter_map(|point| place(point, parameter)).collect();
        let all = places.len() == points.len();
        places.dedup();
        all && places.len() > 1
    })?;
    let curves = curves(points, axis, &|point| place(point, axis));
    let places = || points.iter().filter_map(|point| place(point, axis));
    let (least, most) = (places().fold(f64::INFINITY, f64::min), places().fold(0.0, f64::max));
    let (x_label, x_unit) = label(axis);
    let panel = Panel {
        x_label: x_label.into(),
        x_unit: x_unit.into(),
        y_label: "accuracy (%)".into(),
        log_x: least > 0.0 && most / least >= WIDE,
        series: curves,
        ..Panel::default()
    };
    Some(Figure { title: title(sweep), panels: vec![panel] })
}

/// Where a point lies on the axis of a parameter: a number, or the rows of a tile.
fn position(setting: &Setting, point: &Point) -> Option<f64> {
    if setting.parameter == "array.tile" {
        let layers = point.variants.first()?.result.layers.iter();
        return match setting.value.as_array() {
            Some(size) => number(size.first()?),
            None => layers.map(|layer| layer.array_rows as f64).reduce(f64::max),
        };
    }
    number(&setting.value)
}

/// A curve for every combination of the other parameters, and the uncompensated one beside it where there is one.
fn curves(points: &[&Point], axis: &str, place: &dyn Fn(&Point) -> Option<f64>) -> Vec<Series> {
    let mut families: Vec<(String, Vec<&Point>)> = Vec::new();
    for point in points {
        let others: Vec<Setting> = point.settings.iter().filter(|setting| setting.parameter != axis).cloned().collect();
        let name = short(&others);
        match families.iter_mut().find(|family| family.0 == name) {
            Some(family) => family.1.push(point),
            None => families.push((name, vec![point])),
        }
    }
    let mut series = Vec::new();
    for (index, (name, mut members)) in families.into_iter().enumerate() {
        members.sort_by(|a, b| place(a).unwrap_or(0.0).total_cmp(&place(b).unwrap_or(0.0)));
        let x: Vec<f64> = members.iter().filter_map(|point| place(point)).collect();
        let mean: Vec<f64> = members.iter().map(|point| 100.0 * point.accuracy.mean).collect();
        let compensated = members.iter().any(|point| uncompensated(point).is_some());
        let label = match (name.as_str(), compensated) {
            ("", true) => "compensated".into(),
            ("", false) => String::new(),
            (name, _) => name.to_string(),
        };
        let bars = members.iter().map(|point| 100.0 * point.accuracy.deviation.unwrap_or(0.0)).collect::<Vec<_>>();
        series.extend(with_bars(label, x.clone(), mean, &bars, index));
        if compensated {
            let y = members.iter().map(|point| 100.0 * uncompensated(point).unwrap_or(f64::NAN)).collect();
            let label = if name.is_empty() { "uncompensated".into() } else { format!("{name}, uncompensated") };
            series.push(Series { label, x, y, style: Style::Dashed, colour: Some(index) });
        }
    }
    series
}

/// Settings by the last parts of their names: `bits = 5, coding = bit_serial`.
fn short(settings: &[Setting]) -> String {
    let text = |setting: &Setting| {
        let name = setting.parameter.rsplit('.').next().unwrap_or_default();
        format!("{name} = {}", setting.text())
    };
    settings.iter().map(text).collect::<Vec<_>>().join(", ")
}

/// Mean accuracy over the seeds before compensation.
fn uncompensated(point: &Point) -> Option<f64> {
    let all: Option<Vec<f64>> =
        point.variants.iter().map(|variant| Some(variant.result.uncompensated?.accuracy)).collect();
    all.filter(|all| !all.is_empty()).map(|all| all.iter().sum::<f64>() / all.len() as f64)
}

/// A line through dots, with a bar of ± the deviation at each.
fn with_bars(label: String, x: Vec<f64>, y: Vec<f64>, deviations: &[f64], colour: usize) -> Vec<Series> {
    let (mut along, mut across) = (Vec::new(), Vec::new());
    for ((at, value), deviation) in x.iter().zip(&y).zip(deviations) {
        if *deviation > 0.0 {
            along.extend([*at, *at, f64::NAN]);
            across.extend([value - deviation, value + deviation, f64::NAN]);
        }
    }
    let part =
        |label: String, x: Vec<f64>, y: Vec<f64>, style: Style| Series { label, x, y, style, colour: Some(colour) };
    vec![
        part(label, x.clone(), y.clone(), Style::Line),
        part(String::new(), x, y, Style::Points),
        part(String::new(), along, across, Style::Line),
    ]
}

/// The label of a parameter's axis, and its unit.
fn label(parameter: &str) -> (&str, &str) {
    match parameter {
        "array.word_segment" => ("wire resistance per segment", "Ω"),
        "array.bit_segment" => ("bit-line resistance per segment", "Ω"),
        "array.driver" => ("driver resistance", "Ω"),
        "readout.sense" => ("sense resistance", "Ω"),
        "array.tile" => ("rows of a tile", ""),
        "mapping.bits" => ("bits", ""),
        "mapping.levels" => ("levels", ""),
        "mapping.clip_sigma" => ("largest weight (standard deviations)", ""),
        "programming.delta_g" => ("σ/G_m", ""),
        "programming.write_noise" => ("write noise, of the conductance", ""),
        "programming.stuck_low" => ("share of cells stuck at G_min", ""),
        "programming.stuck_high" => ("share of cells stuck at G_m", ""),
        "programming.drift.time" => ("time since writing", "s"),
        "input.read_voltage" => ("read voltage", "V"),
        "input.bits" => ("bits of an activation", ""),
        "readout.adc_bits" => ("bits of the converter", ""),
        "device.g_max" => ("G_m", "S"),
        other => (other, ""),
    }
}

/// Every point of a sweep in figures.
fn table(points: &[&Point]) -> String {
    let names: Vec<&str> =
        points.first().map_or_else(Vec::new, |point| point.settings.iter().map(|s| s.parameter.as_str()).collect());
    let compensated = points.iter().any(|point| uncompensated(point).is_some());
    let mut head = names;
    head.extend(["Accuracy, mean", "Standard deviation", "Seeds"]);
    if compensated {
        head.push("Uncompensated");
    }
    let row = |point: &&Point| {
        let mut cells: Vec<String> = point.settings.iter().map(Setting::text).collect();
        let deviation = point.accuracy.deviation.map_or_else(|| "–".into(), percent);
        cells.extend([percent(point.accuracy.mean), deviation, point.accuracy.count.to_string()]);
        if compensated {
            cells.push(uncompensated(point).map_or_else(|| "–".into(), percent));
        }
        cells
    };
    html::table(&head, points.iter().map(row))
}

/// The accuracy of every seed of the study itself.
pub fn over_seeds(report: &Report) -> Option<Figure> {
    let point = report.points.first().filter(|point| point.variants.len() > 1)?;
    let x: Vec<f64> = point.variants.iter().map(|variant| variant.seed as f64).collect();
    let y: Vec<f64> = point.variants.iter().map(|variant| 100.0 * variant.result.accuracy.accuracy).collect();
    let ends = vec![*x.first()?, *x.last()?];
    let level = |label: &str, share: f64, style: Style, colour: usize| Series {
        label: label.into(),
        x: ends.clone(),
        y: vec![100.0 * share; 2],
        style,
        colour: Some(colour),
    };
    let series = vec![
        Series { label: "devices".into(), x, y, style: Style::Points, colour: Some(0) },
        level("mean of the devices", point.accuracy.mean, Style::Line, 0),
        level("software", report.network.software.accuracy, Style::Dashed, 1),
    ];
    let panel = Panel { x_label: "seed".into(), y_label: "accuracy (%)".into(), series, ..Panel::default() };
    Some(Figure { title: "Accuracy of every seed".into(), panels: vec![panel] })
}

/// Accuracy against epochs: `curve` is the saved one of the training itself (epoch, accuracy in software, %); the points of
/// sweep `index` are of the weights after `epochs`.
pub fn over_epochs(report: &Report, index: usize, epochs: &[u32], curve: &[(f64, f64)]) -> Figure {
    let points = of_sweep(report, index);
    let x: Vec<f64> = epochs.iter().map(|epoch| f64::from(*epoch)).collect();
    let software = |point: &&Point| Some(100.0 * point.variants.first()?.result.software.accuracy);
    let mean: Vec<f64> = points.iter().map(|point| 100.0 * point.accuracy.mean).collect();
    let deviations: Vec<f64> = points.iter().map(|point| 100.0 * point.accuracy.deviation.unwrap_or(0.0)).collect();
    let mut series = vec![
        Series {
            label: "software, saved while learning".into(),
            x: curve.iter().map(|point| point.0).collect(),
            y: curve.iter().map(|point| point.1).collect(),
            style: Style::Line,
            colour: Some(5),
        },
        Series {
            label: "software".into(),
            x: x.clone(),
            y: points.iter().map(|point| software(point).unwrap_or(f64::NAN)).collect(),
            style: Style::Points,
            colour: Some(0),
        },
    ];
    series.extend(with_bars("devices".into(), x, mean, &deviations, 1));
    let panel = Panel { x_label: "epoch".into(), y_label: "accuracy (%)".into(), series, ..Panel::default() };
    Figure { title: "Accuracy while the network learns".into(), panels: vec![panel] }
}

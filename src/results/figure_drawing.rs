//! From `.figure` cards and results to figures.

use super::across::Across;
use super::figure::{Figure, Panel, Series, Style};
use super::figure_card::{CurveCard, FigureCard, Fit, PanelCard};
use super::fit;
use super::measure::{self, Measure};
use super::number_text::engineering;
use super::plot::Plot;
use super::plot_selector::{AnalysisName, choose};
use super::scope::Scope;
use super::series;
use crate::circuit::Circuit;
use crate::diagnostic::Diagnostic;

/// What one run gives a figure.
#[derive(Debug, Clone, Copy)]
pub struct RunResults<'a> {
    /// `w=1e-6`; empty without steps.
    pub label: &'a str,
    pub circuit: &'a Circuit,
    pub plots: &'a [Plot],
    pub measures: &'a [Measure],
}

/// With more curves than this from one card, they are not told apart.
const MANY: usize = 12;

/// Points of a fitted curve.
const FINE: usize = 200;

/// Draws `card`.
///
/// # Errors
/// A vector is not there, or is no curve.
pub fn draw(card: &FigureCard, runs: &[RunResults], across: Option<&Across>) -> Result<Figure, Diagnostic> {
    let panels = card.panels.iter().map(|panel| draw_panel(card, panel, runs, across)).collect::<Result<_, _>>()?;
    Ok(Figure { title: card.title.clone(), panels })
}

fn draw_panel(
    card: &FigureCard,
    panel: &PanelCard,
    runs: &[RunResults],
    across: Option<&Across>,
) -> Result<Panel, Diagnostic> {
    let mut series = Vec::new();
    for (number, curve) in panel.curves.iter().enumerate() {
        let mut found = match (card.analysis, across) {
            (Some(AnalysisName::Steps), Some(across)) => over_steps(curve, runs, across)?,
            (Some(AnalysisName::Steps), None) => {
                return Err(Diagnostic::error("the deck has no .step").at(card.span));
            }
            _ => over_runs(card, curve, runs)?,
        };
        if found.len() > MANY {
            // One colour and one name for all.
            found.iter_mut().for_each(|series| {
                *series = Series { label: String::new(), colour: Some(number), ..std::mem::take(series) }
            });
            found[0].label = curve.label.clone();
        }
        for one in found {
            let fitted = curve.fit.and_then(|fit| fitted(&one, fit, panel));
            series.push(one);
            series.extend(fitted);
        }
    }
    Ok(Panel {
        x_label: panel.x_label.clone(),
        y_label: panel.y_label.clone(),
        log_x: panel.log_x,
        log_y: panel.log_y,
        series,
        ..Panel::default()
    })
}

fn over_steps(curve: &CurveCard, runs: &[RunResults], across: &Across) -> Result<Vec<Series>, Diagnostic> {
    let Some(circuit) = runs.first().map(|run| run.circuit) else { return Ok(Vec::new()) };
    let values = measure::values(&across.measures);
    let scope = Scope::new(Some(&across.plot), circuit, &values);
    let whole = points(curve, &scope)?;
    let Some(name) = &curve.by else { return Ok(vec![whole]) };
    let groups = match across.plot.column(name) {
        Some(index) if across.plot.len() == whole.x.len() => across.plot.real(index),
        _ => return Err(Diagnostic::error(format!("`{name}` is no stepped quantity")).at(curve.y.span)),
    };
    let mut distinct: Vec<f64> = Vec::new();
    groups.iter().for_each(|value| {
        if !distinct.contains(value) {
            distinct.push(*value);
        }
    });
    let one = |&value: &f64| {
        let chosen = |values: &[f64]| -> Vec<f64> {
            let pairs = values.iter().zip(&groups);
            pairs.filter(|(_, group)| **group == value).map(|(value, _)| *value).collect()
        };
        let label = format!("{} {name} = {}", curve.label, engineering(value, 4)).trim().to_string();
        Series { label, x: chosen(&whole.x), y: chosen(&whole.y), style: whole.style, colour: None }
    };
    Ok(distinct.iter().map(one).collect())
}

fn over_runs(card: &FigureCard, curve: &CurveCard, runs: &[RunResults]) -> Result<Vec<Series>, Diagnostic> {
    let one = |run: &RunResults| {
        let values = measure::values(run.measures);
        let attempt = |plot| points(curve, &Scope::new(plot, run.circuit, &values));
        let (_, mut series) = choose(run.plots, card.analysis, attempt)?;
        if !run.label.is_empty() {
            series.label = format!("{} {}", curve.label, run.label).trim().to_string();
        }
        Ok(series)
    };
    runs.iter().map(one).collect()
}

fn points(curve: &CurveCard, scope: &Scope) -> Result<Series, Diagnostic> {
    let (axis, y) = series::curve(&curve.y.expression, scope, curve.y.span)?;
    let x = match &curve.x {
        Some(operand) => series::curve(&operand.expression, scope, operand.span)?.1,
        None => axis,
    };
    if x.len() != y.len() {
        return Err(Diagnostic::error("x and y have different numbers of points").at(curve.y.span));
    }
    Ok(Series { label: curve.label.clone(), x, y, style: curve.style, colour: None })
}

/// The fitted curve; None where nothing fits.
fn fitted(series: &Series, how: Fit, panel: &PanelCard) -> Option<Series> {
    let on = |logarithmic: bool, value: f64| if logarithmic { value.abs().log10() } else { value };
    let off = |logarithmic: bool, value: f64| if logarithmic { 10f64.powf(value) } else { value };
    let pairs = series.x.iter().zip(&series.y).map(|(&x, &y)| (on(panel.log_x, x), on(panel.log_y, y)));
    let (x, y): (Vec<f64>, Vec<f64>) = pairs.filter(|(x, y)| x.is_finite() && y.is_finite()).unzip();
    let law: Box<dyn Fn(f64) -> f64> = match how {
        Fit::Line => {
            let (slope, intercept) = fit::line(&x, &y)?;
            Box::new(move |x| intercept + slope * x)
        }
        Fit::Exponential => {
            let fit = fit::exponential(&x, &y)?;
            Box::new(move |x| fit.a + fit.b * (-x / fit.tau).exp())
        }
    };
    let low = x.iter().copied().fold(f64::INFINITY, f64::min);
    let high = x.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let fine: Vec<f64> = (0..=FINE).map(|index| low + (high - low) * index as f64 / FINE as f64).collect();
    let label = if series.label.is_empty() { "fit".into() } else { format!("{}, fit", series.label) };
    Some(Series {
        label,
        y: fine.iter().map(|&x| off(panel.log_y, law(x))).collect(),
        x: fine.iter().map(|&x| off(panel.log_x, x)).collect(),
        style: Style::Dashed,
        colour: series.colour,
    })
}

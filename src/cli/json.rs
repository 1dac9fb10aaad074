//! The results of `ferrospice run` as JSON. Numbers that are not finite become null.

use serde_json::{Map, Value, json};

use crate::results::measure::Measure;
use crate::results::plot::{Data, Plot};
use crate::results::summary::{QUANTILES, Spread, Summary};
use crate::studies::deck_run::{DeckRun, StepRun};

/// Plots with more values than this are only described, unless all values are asked for.
const SMALL: usize = 2000;

/// All results of a deck; the values of large plots only if `vectors`.
pub fn run_text(run: &DeckRun, vectors: bool) -> String {
    let title = run.runs.first().map(|step| step.circuit.title.to_string());
    let steps: Vec<Value> = run.runs.iter().map(|run| step(run, vectors)).collect();
    let mut text = json!({"title": title, "interrupted": run.interrupted, "runs": steps});
    if let Some(across) = &run.across {
        text["steps"] = json!({
            "measures": across.measures.iter().map(measure).collect::<Vec<Value>>(),
            "checks": across.checks,
        });
    }
    if let Some(summary) = &run.summary {
        text["summary"] = summary_value(summary);
    }
    format!("{text:#}\n")
}

fn summary_value(summary: &Summary) -> Value {
    let measure = |measure: &Spread| {
        let (start, width, bars) = measure.histogram();
        json!({
            "name": &*measure.name,
            "failed": measure.failed,
            "mean": measure.mean(),
            "sigma": measure.sigma(),
            "quantiles": QUANTILES.map(|part| json!([part, measure.quantile(part)])),
            "histogram": {"start": start, "width": width, "counts": bars},
        })
    };
    let yields: Vec<Value> =
        summary.checks.iter().map(|check| json!({"name": &*check.name, "passed": check.passed})).collect();
    json!({
        "runs": summary.runs,
        "measures": summary.measures.iter().map(measure).collect::<Vec<Value>>(),
        "checks": yields,
        "passed": summary.passed,
    })
}

fn step(run: &StepRun, vectors: bool) -> Value {
    let values: Map<String, Value> = run.step.values.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
    let mut text = json!({
        "step": values,
        "plots": run.plots.iter().map(|plot| describe(plot, vectors)).collect::<Vec<Value>>(),
        "checks": run.checks,
        "statistics": run.statistics,
        "warnings": run.warnings.iter().map(|warning| warning.message.clone()).collect::<Vec<String>>(),
    });
    // Several measures may share a name where they belong to different analyses.
    text["measures"] = run.measures.iter().map(measure).collect();
    text
}

fn measure(measure: &Measure) -> Value {
    match &measure.outcome {
        Ok(measured) => {
            let mut text = json!({"name": &*measure.name, "value": measured.value});
            for (name, value) in &measured.details {
                text[*name] = json!(value);
            }
            text
        }
        Err(reason) => json!({"name": &*measure.name, "value": null, "failed": reason}),
    }
}

fn describe(plot: &Plot, vectors: bool) -> Value {
    let with_values = vectors || plot.len() * plot.header.columns.len() <= SMALL;
    let column = |index: usize| {
        let column = &plot.header.columns[index];
        let mut text = json!({"name": column.name, "kind": column.kind.name()});
        if with_values {
            match &plot.data {
                Data::Real(columns) => text["values"] = json!(columns[index]),
                Data::Complex(columns) => {
                    text["re"] = columns[index].iter().map(|value| value.re).collect();
                    text["im"] = columns[index].iter().map(|value| value.im).collect();
                }
            }
        }
        text
    };
    json!({
        "name": plot.header.name,
        "points": plot.len(),
        "complex": plot.header.complex,
        "vectors": (0..plot.header.columns.len()).map(column).collect::<Vec<Value>>(),
    })
}

//! Each layer: ideal W·x against the simulated currents.

use std::fmt::Write;

use super::super::report::{Histogram, Layer, NeuronReport, Outcome};
use super::figure;
use super::text::{quantity, share};
use crate::diagnostic::Diagnostic;
use crate::results::figure::{Figure, Panel, Series, Style};
use crate::results::fourier::significant;
use crate::studies::html::escaped;

pub fn write(body: &mut String, outcome: &Outcome) -> Result<(), Diagnostic> {
    body.push_str(
        "<h2>Layers</h2><p>Ideal W·x and what the currents of the simulated circuit mean, both from ideal activations of \
         the first images.</p>",
    );
    facts(body, outcome);
    for (number, layer) in outcome.layers.iter().enumerate() {
        body.push_str("<div class=\"pair\">");
        let of = format!("Layer {}", number + 1);
        figure(
            body,
            &scatter(layer, &of),
            &format!("{of}: {} of {} outputs", layer.comparison.scatter.len(), layer.comparison.count),
        )?;
        let caption = format!("{of}: all {} outputs", layer.comparison.count);
        let label = "simulated − ideal W·x";
        figure(body, &histogram(&layer.comparison.histogram, &format!("{of}: errors"), label), &caption)?;
        body.push_str("</div>");
        if layer.comparison.column_rms.len() > 20 {
            figure(body, &columns(layer, &of), &format!("{of}: rms error of each output over the images"))?;
        }
        if let Some(neuron) = &layer.neuron {
            figure(body, &transfer_curve(neuron, &of), &format!("{of}: its neurons, swept by the circuit engine"))?;
        }
    }
    Ok(())
}

fn scatter(layer: &Layer, of: &str) -> Figure {
    let points = &layer.comparison.scatter;
    let column = |index: usize| -> Vec<f64> { points.iter().map(|point| point[index]).collect() };
    let (ideal, simulated) = (column(0), column(1));
    let least = ideal.iter().copied().fold(f64::INFINITY, f64::min);
    let most = ideal.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let series = vec![
        Series { label: "outputs".into(), x: ideal, y: simulated, style: Style::Points, colour: Some(0) },
        Series {
            label: "equal".into(),
            x: vec![least, most],
            y: vec![least, most],
            style: Style::Dashed,
            colour: Some(6),
        },
    ];
    let panel = Panel { x_label: "ideal W·x".into(), y_label: "simulated W·x".into(), series, ..Panel::default() };
    Figure { title: format!("{of}: simulated against ideal"), panels: vec![panel] }
}

/// The error of each output by its place along the word lines.
fn columns(layer: &Layer, of: &str) -> Figure {
    let y = layer.comparison.column_rms.clone();
    let x = (0..y.len()).map(|output| output as f64).collect();
    let panel = Panel {
        x_label: "output, from the driven end of the word lines".into(),
        y_label: "rms error of W·x".into(),
        series: vec![Series { x, y, ..Series::default() }],
        ..Panel::default()
    };
    Figure { title: format!("{of}: error along the word lines"), panels: vec![panel] }
}

/// The neuron's curve and the ideal rectifier.
fn transfer_curve(neuron: &NeuronReport, of: &str) -> Figure {
    let (x, y): (Vec<f64>, Vec<f64>) = neuron.curve.iter().map(|point| (point[0], point[1])).unzip();
    let ideal = |current: f64| current.max(0.0) / neuron.full_current * neuron.full_voltage;
    let ends = [x.first().copied().unwrap_or(0.0), 0.0, x.last().copied().unwrap_or(0.0)];
    let series = vec![
        Series { label: "deck".into(), x, y, ..Series::default() },
        Series {
            label: "ideal".into(),
            x: ends.to_vec(),
            y: ends.map(ideal).to_vec(),
            style: Style::Dashed,
            colour: Some(6),
        },
    ];
    let panel = Panel {
        x_label: "current difference of a pair (A)".into(),
        y_label: "word-line voltage (V)".into(),
        series,
        ..Panel::default()
    };
    Figure { title: format!("{of}: neuron"), panels: vec![panel] }
}

/// A histogram as the outline of its bars.
pub fn histogram(histogram: &Histogram, title: &str, label: &str) -> Figure {
    let (mut x, mut y) = (vec![histogram.start], vec![0.0]);
    for (bin, count) in histogram.counts.iter().enumerate() {
        let left = histogram.start + bin as f64 * histogram.width;
        x.extend([left, left + histogram.width]);
        y.extend([*count as f64; 2]);
    }
    x.push(histogram.start + histogram.counts.len() as f64 * histogram.width);
    y.push(0.0);
    let series = vec![Series { label: "number".into(), x, y, ..Series::default() }];
    let panel = Panel { x_label: label.into(), y_label: "number".into(), series, ..Panel::default() };
    Figure { title: title.into(), panels: vec![panel] }
}

/// Facts as rows, layers as columns.
fn facts(body: &mut String, outcome: &Outcome) {
    type Fact = (&'static str, fn(&Layer) -> Option<String>);
    let rows: [Fact; 21] = [
        ("Inputs × outputs", |l| Some(format!("{} × {}", l.inputs, l.outputs))),
        ("Arrays", |l| Some(format!("{} of up to {} × {}", l.arrays, l.array_rows, l.array_columns))),
        ("Largest weight W_m", |l| Some(significant(l.maximum_weight, 4))),
        ("Weights clipped to ±W_m", |l| Some(share(l.clipped_weights))),
        ("Conductances", |l| Some(format!("{} … {}", quantity(l.g_min, "S"), quantity(l.g_max, "S")))),
        ("Conductances clipped at the lower / upper end", |l| {
            Some(format!("{} / {}", share(l.clipped_low), share(l.clipped_high)))
        }),
        ("Stuck cells", |l| Some(share(l.stuck))),
        ("Activation at the largest voltage; activations beyond", |l| {
            Some(format!("{}; {}", significant(l.full_scale, 4), share(l.saturated)))
        }),
        ("Largest / mean bit-line current", |l| {
            Some(format!("{} / {}", quantity(l.currents.largest, "A"), quantity(l.currents.mean, "A")))
        }),
        ("Largest difference of a pair", |l| Some(quantity(l.currents.largest_difference, "A"))),
        ("Energy of a read", |l| Some(quantity(l.energy, "J"))),
        ("Rms error of outputs, of the rms of W·x", |l| {
            Some(share(l.comparison.rms_error / l.comparison.rms_ideal)).filter(|_| l.comparison.rms_ideal > 0.0)
        }),
        ("Worst output", |l| {
            let c = &l.comparison;
            let worst = significant(c.worst_error, 4);
            Some(format!("{worst} off (output {} of image {})", c.worst_output, c.worst_image))
        }),
        ("Output with the largest rms error", |l| {
            Some(format!("{} (output {})", significant(l.comparison.worst_column_rms, 4), l.comparison.worst_column))
        }),
        ("Rms error of the circuit's weights, of W_m", |l| l.transfer.as_ref().map(|t| share(t.rms))),
        ("Worst pair of cells, of W_m", |l| {
            let t = l.transfer.as_ref()?;
            Some(format!("{} (input {}, output {})", share(t.worst), t.worst_input, t.worst_output))
        }),
        ("Error before and after each correction", |l| {
            let residuals = l.compensation.as_ref()?.residuals.iter().map(|residual| share(*residual));
            Some(residuals.collect::<Vec<_>>().join(", "))
        }),
        ("Gains of the pairs; cells at the upper end", |l| {
            let c = l.compensation.as_ref()?;
            let [least, most] = [c.least_gain, c.greatest_gain].map(|gain| significant(gain, 4));
            Some(format!("{least} … {most}; {}", share(c.at_limit)))
        }),
        ("Neuron: rms / largest error, of the read voltage", |l| {
            let n = l.neuron.as_ref()?;
            Some(format!("{} / {}", share(n.rms_error), share(n.worst_error)))
        }),
        ("Solver", |l| {
            let s = &l.solver;
            let mut text = format!("{}, {} solutions", s.method, s.solutions);
            if s.most_iterations > 0 {
                let _ = write!(
                    text,
                    "; {} iterations in the mean, {} at most",
                    significant(s.mean_iterations, 3),
                    s.most_iterations
                );
            }
            Some(text)
        }),
        ("Largest ΣI at a node, of the largest current", |l| {
            l.solver.largest_imbalance.map(|ratio| significant(ratio, 3))
        }),
    ];
    body.push_str("<table><tr><th></th>");
    (1..=outcome.layers.len()).for_each(|number| {
        let _ = write!(body, "<th>Layer {number}</th>");
    });
    body.push_str("</tr>");
    for (name, fact) in rows {
        let values: Vec<Option<String>> = outcome.layers.iter().map(fact).collect();
        if values.iter().all(Option::is_none) {
            continue;
        }
        let _ = write!(body, "<tr><th class=\"long\">{}</th>", escaped(name));
        for value in values {
            let _ = write!(body, "<td>{}</td>", escaped(&value.unwrap_or_else(|| "–".into())));
        }
        body.push_str("</tr>");
    }
    body.push_str("</table>");
}

//! What was asked, and the answer in a few numbers.

use std::fmt::Write;

use super::super::report::{Accuracy, Outcome, Point, Report};
use super::super::study::{Cells, Coding, CompensationMethod, NamedSet, Study, Tile};
use super::text::{accuracy, interval, percent, quantity};
use crate::studies::html::{self, escaped};

/// The study's title, or what it is.
pub fn title(report: &Report) -> &str {
    if report.study.title.is_empty() { "A network on crossbars" } else { &report.study.title }
}

pub fn write(body: &mut String, report: &Report) {
    let Some((point, outcome)) = report.points.first().and_then(|point| Some((point, &point.variants.first()?.result)))
    else {
        return;
    };
    let found = &outcome.accuracy;
    let _ = write!(
        body,
        "<p class=\"big\">{}</p><p>of {} images were recognised from simulated bit-line currents ({} of {}, 95 % \
         confidence interval {}). The same network in software recognises {}.</p>",
        percent(found.accuracy),
        found.of,
        found.correct,
        found.of,
        interval(found),
        percent(report.network.software.accuracy)
    );
    comparison(body, report, outcome);
    seeds(body, point);
    facts(body, report, outcome);
}

/// Software, uncompensated and compensated side by side.
fn comparison(body: &mut String, report: &Report, outcome: &Outcome) {
    let row = |name: &str, value: &Accuracy| vec![name.to_string(), accuracy(value), interval(value)];
    let mut rows = vec![row("In software", &report.network.software)];
    match &outcome.uncompensated {
        Some(uncompensated) => {
            rows.push(row("On the crossbars, uncompensated", uncompensated));
            rows.push(row("On the crossbars, compensated", &outcome.accuracy));
        }
        None => rows.push(row("On the crossbars", &outcome.accuracy)),
    }
    body.push_str(&html::table(&["", "Recognised", "95 % confidence interval (Wilson)"], rows.into_iter()));
}

fn seeds(body: &mut String, point: &Point) {
    let (Some(deviation), Some(first)) = (point.accuracy.deviation, point.variants.first()) else { return };
    let spread = &point.accuracy;
    let _ = write!(
        body,
        "<p>Over {} seeds: {:.2} ± {:.2} % (mean and sample standard deviation), from {} to {}. What follows is seed {}.</p>",
        spread.count,
        100.0 * spread.mean,
        100.0 * deviation,
        percent(spread.least),
        percent(spread.greatest),
        first.seed
    );
}

fn facts(body: &mut String, report: &Report, outcome: &Outcome) {
    let study = &report.study;
    let arrays = outcome.layers.iter().map(|layer| match layer.arrays {
        1 => format!("{} × {}", layer.array_rows, layer.array_columns),
        count => format!("{count} arrays of up to {} × {}", layer.array_rows, layer.array_columns),
    });
    let ranges = outcome.layers.first().map(|layer| (layer.g_min, layer.g_max));
    let range =
        ranges.map_or_else(String::new, |(least, most)| format!("{} … {}", quantity(least, "S"), quantity(most, "S")));
    let sizes: Vec<String> = report.network.sizes.iter().map(usize::to_string).collect();
    let rows = [
        ("Images", images(study)),
        ("Network", sizes.join("–")),
        ("Arrays (rows × columns)", arrays.collect::<Vec<_>>().join("; ")),
        ("Conductances", range),
        ("Cells", cells(study)),
        ("Wires", wires(study)),
        ("Inputs", inputs(study)),
        ("Compensation", compensation(study)),
        (
            "Energy of an inference",
            format!("{} ({} a read)", quantity(outcome.energy, "J"), quantity(study.input.read_time, "s")),
        ),
    ];
    body.push_str("<h2>What was simulated</h2><table>");
    for (name, text) in rows {
        let _ = write!(body, "<tr><th>{name}</th><td>{}</td></tr>", escaped(&text));
    }
    body.push_str("</table>");
}

fn images(study: &Study) -> String {
    let name = match (&study.data.dir, study.data.set) {
        (Some(folder), _) => folder.display().to_string(),
        (None, NamedSet::FashionMnist) => "Fashion-MNIST, test set".into(),
        (None, NamedSet::Mnist) => "MNIST, test set".into(),
    };
    study.data.images.map_or(name.clone(), |count| format!("{name}, the first {count}"))
}

fn cells(study: &Study) -> String {
    match study.array.cells {
        Cells::Linear => "linear conductances".into(),
        Cells::Device => "the card's own I–V".into(),
    }
}

fn wires(study: &Study) -> String {
    let array = &study.array;
    let resistances = [
        (array.word_segment, "a word-line segment"),
        (array.bit_segment, "a bit-line segment"),
        (array.driver, "a driver"),
        (study.readout.sense, "a sense amplifier"),
    ];
    let given: Vec<String> = resistances
        .iter()
        .filter(|(value, _)| *value > 0.0)
        .map(|(value, what)| format!("{} {what}", quantity(*value, "Ω")))
        .collect();
    let ends = if array.both_ends { "; word lines driven from both ends" } else { "" };
    let size = match array.tile {
        Tile::Word(_) => "whole layers",
        Tile::Size(_) => "tiles, whose currents are summed",
    };
    match given.as_slice() {
        [] => format!("ideal; {size}"),
        given => format!("{}; {size}{ends}", given.join(", ")),
    }
}

fn inputs(study: &Study) -> String {
    let voltage = quantity(study.input.read_voltage, "V");
    match study.input.coding {
        Coding::Amplitude => format!("amplitude up to {voltage}"),
        Coding::InverseAmplitude => format!("amplitude up to {voltage}, through the inverse of the cell's I–V"),
        Coding::BitSerial => format!("bit-serial, {} reads at {voltage}", study.input.bits),
    }
}

fn compensation(study: &Study) -> String {
    match study.compensation.method {
        CompensationMethod::None => "none".into(),
        CompensationMethod::ColumnGain => "a gain for each column pair".into(),
        CompensationMethod::Iterative => {
            format!(
                "conductances corrected {} times by the exact transfer matrix, and gains",
                study.compensation.iterations
            )
        }
    }
}

//! Which classes are taken for which.

use std::fmt::Write;

use super::super::report::{Outcome, Report};
use super::super::study::NamedSet;
use crate::studies::html::escaped;

/// Source: H. Xiao, K. Rasul, R. Vollgraf, "Fashion-MNIST", arXiv 1708.07747 (2017), table 2.
const CLOTHES: [&str; 10] =
    ["T-shirt", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"];

pub fn write(body: &mut String, report: &Report, outcome: &Outcome) {
    body.push_str(
        "<h2>Classes</h2><p>Rows are what the images show, columns what the currents say; numbers of images.</p>",
    );
    body.push_str(&table(report, outcome));
}

/// The confusion matrix, its cells coloured by their share of the row, with precision and recall.
pub fn table(report: &Report, outcome: &Outcome) -> String {
    let names = names(report, outcome.confusion.len());
    let mut text = String::from("<div class=\"wide\"><table class=\"matrix\"><tr><th></th>");
    for name in &names {
        let _ = write!(text, "<th><span>{}</span></th>", escaped(name));
    }
    text.push_str("<th><span>Recall</span></th><th><span>Precision</span></th></tr>");
    for ((row, numbers), name) in outcome.confusion.iter().enumerate().zip(&names) {
        let _ = write!(text, "<tr><th>{}</th>", escaped(name));
        let images = numbers.iter().sum::<usize>().max(1);
        for (column, count) in numbers.iter().enumerate() {
            let share = *count as f64 / images as f64;
            let _ = write!(text, "<td style=\"{}\">{count}</td>", colour(share, row == column));
        }
        let class = outcome.classes.get(row);
        for figure in [class.and_then(|class| class.recall), class.and_then(|class| class.precision)] {
            let shown = figure.map_or_else(|| "–".into(), |share| format!("{:.1} %", 100.0 * share));
            let _ = write!(text, "<td class=\"figure\">{shown}</td>");
        }
        text.push_str("</tr>");
    }
    text + "</table></div>"
}

/// Blue on the diagonal, red elsewhere; the square root shows small shares too.
fn colour(share: f64, right: bool) -> String {
    let strength = share.sqrt();
    let [red, green, blue] = if right { [0.0, 114.0, 178.0] } else { [213.0, 94.0, 0.0] };
    let mix = |full: f64| (255.0 + (full - 255.0) * strength).round();
    let ink = if strength > 0.7 { ";color:#fff" } else { "" };
    format!("background:rgb({},{},{}){ink}", mix(red), mix(green), mix(blue))
}

fn names(report: &Report, count: usize) -> Vec<String> {
    let data = &report.study.data;
    if data.dir.is_none() && data.set == NamedSet::FashionMnist && count == CLOTHES.len() {
        return CLOTHES.map(str::to_string).to_vec();
    }
    (0..count).map(|class| class.to_string()).collect()
}

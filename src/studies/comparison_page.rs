//! The page of `ferrospice compare`: one self-contained HTML file.

use super::comparison::{Cell, Compared, Difference, Table};
use super::html;
use crate::results::fourier::significant;

/// The page: the table, the differences and the figures (SVG).
pub fn html(decks: &[Compared], table: &Table, differences: &[Difference], figures: &[String]) -> String {
    let mut body = String::from("<p>All values are measured on simulated currents and voltages.</p>");
    let titles = decks.iter().map(|deck| vec![deck.name.clone(), deck.title.clone(), deck.path.display().to_string()]);
    body.push_str(&html::table(&["Deck", "Title", "File"], titles));
    let head: Vec<&str> = std::iter::once("Measure").chain(table.decks.iter().map(String::as_str)).collect();
    let rows = table.rows.iter().map(|row| {
        let cells = row.values.iter().map(|cell| match cell {
            None => "–".into(),
            Some(Cell::Failed { failed }) => format!("failed: {failed}"),
            Some(Cell::Value(value)) => significant(*value, 5),
        });
        std::iter::once(row.measure.clone()).chain(cells).collect()
    });
    body.push_str(&html::table(&head, rows));
    if !differences.is_empty() {
        let row = |difference: &Difference| {
            let numbers = [difference.maximum, difference.at, difference.rms];
            std::iter::once(difference.vector.clone()).chain(numbers.map(|number| significant(number, 5))).collect()
        };
        let head = ["Difference of", "Maximum", "At", "Root mean square"];
        body.push_str(&html::table(&head, differences.iter().map(row)));
    }
    figures.iter().for_each(|figure| body.push_str(html::figure(figure)));
    html::page("Circuits side by side", &body)
}

//! Tables of check results.

use crate::results::check::CheckResult;

const HEAD: [&str; 4] = ["check", "expected", "simulated", "deviation"];

/// The checks of one run as an aligned table.
pub fn of_one(checks: &[CheckResult]) -> String {
    let rows = checks.iter().map(|check| (String::new(), check)).collect::<Vec<_>>();
    table(&rows)
}

/// Checks with the deck (and step) that each belongs to, as an aligned table.
pub fn table(rows: &[(String, &CheckResult)]) -> String {
    let with_decks = rows.iter().any(|(deck, _)| !deck.is_empty());
    let head = std::iter::once("deck").filter(|_| with_decks).chain(HEAD).chain(["result"]);
    let mut lines: Vec<Vec<String>> = vec![head.map(String::from).collect()];
    for (deck, check) in rows {
        let deck = with_decks.then(|| deck.clone());
        let result = if check.passed { "pass" } else { "FAIL" };
        let cells = [
            check.name.clone(),
            shortened(&check.expected),
            check.simulated_text(),
            check.deviation_text(),
            result.to_string(),
        ];
        lines.push(deck.into_iter().chain(cells).collect());
    }
    let count = lines[0].len();
    let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..count).map(width).collect();
    let mut text = String::new();
    for (index, line) in lines.iter().enumerate() {
        let cells: Vec<String> = line.iter().zip(&widths).map(|(cell, &width)| format!("{cell:width$}")).collect();
        text.push_str(cells.join("  ").trim_end());
        text.push('\n');
        if let Some(reason) = index.checked_sub(1).and_then(|index| rows[index].1.reason.as_ref()) {
            text.push_str(&format!("    {reason}\n"));
        }
    }
    text
}

/// Long claims would tear the table apart.
fn shortened(text: &str) -> String {
    const MOST: usize = 60;
    if text.chars().count() <= MOST {
        return text.to_string();
    }
    text.chars().take(MOST - 1).chain(['…']).collect()
}

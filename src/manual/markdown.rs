//! Markdown: tables, code, and the comments of source files as prose.

use std::fmt::Write;

/// A table under construction.
pub struct Table {
    text: String,
    rows: usize,
}

impl Table {
    /// A table with these headings.
    pub fn new(headings: &[&str]) -> Self {
        let mut table = Table { text: String::new(), rows: 0 };
        table.line(headings.iter().map(|heading| heading.to_string()));
        table.line(headings.iter().map(|_| "---".to_string()));
        table
    }

    /// Adds a row of as many cells as there are headings.
    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows += 1;
        self.line(cells.into_iter().map(|cell| cell.replace('|', "\\|")));
    }

    fn line(&mut self, cells: impl Iterator<Item = String>) {
        let line: Vec<String> = cells.collect();
        // Writing to a string cannot fail.
        let _ = writeln!(self.text, "| {} |", line.join(" | "));
    }

    /// The table and an empty line; nothing if it has no rows.
    pub fn finish(self) -> String {
        if self.rows == 0 { String::new() } else { self.text + "\n" }
    }
}

/// `text` as code; nothing if it is empty.
pub fn code(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("`{text}`") }
}

/// All of `names` as code.
pub fn codes(names: &[&str]) -> String {
    names.iter().map(|name| code(name)).collect::<Vec<_>>().join(" ")
}

/// A section with a heading of level 2; nothing if it is empty.
pub fn section(heading: &str, text: &str) -> String {
    if text.trim().is_empty() { String::new() } else { format!("## {heading}\n\n{}\n\n", text.trim_end()) }
}

/// A block of code.
pub fn block(text: &str) -> String {
    format!("```text\n{}\n```\n\n", text.trim_end())
}

/// The comment of a source file as prose: links to items become code.
pub fn plain(comment: &str) -> String {
    let mut text = String::with_capacity(comment.len());
    let mut rest = comment;
    while let Some((before, after)) = rest.split_once("[`") {
        let Some((inside, behind)) = after.split_once("`]") else { break };
        text.push_str(before);
        text.push_str(&code(inside));
        rest = match behind.strip_prefix('(').and_then(|target| target.split_once(')')) {
            Some((_, behind)) => behind,
            None => behind,
        };
    }
    text.push_str(rest);
    text
}

/// A number as on a card: as short as it can be.
pub fn number(value: f64) -> String {
    let magnitude = value.abs();
    if value.is_nan() {
        "–".into()
    } else if value.is_infinite() {
        if value > 0.0 { "∞".into() } else { "−∞".into() }
    } else if magnitude != 0.0 && !(1e-3..1e5).contains(&magnitude) {
        format!("{value:e}")
    } else {
        format!("{value}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_to_items_are_code() {
        assert_eq!(plain("a [`B`](super::B) and [`C`], i[0]"), "a `B` and `C`, i[0]");
    }

    #[test]
    fn bars_do_not_end_cells() {
        let mut table = Table::new(&["a"]);
        table.row(["|x|".into()]);
        assert_eq!(table.finish(), "| a |\n| --- |\n| \\|x\\| |\n\n");
    }

    #[test]
    fn numbers_are_short() {
        let numbers = [1e-14, 0.5, 100.0, 16e3, 1e9, f64::INFINITY].map(number);
        assert_eq!(numbers, ["1e-14", "0.5", "100", "16000", "1e9", "∞"]);
    }
}

//! The page of dialects.

use super::ManualPage;
use super::markdown::{Table, code, section};
use crate::netlist::dialect::{Dialect, MARKS, NAMES};

/// A question about a dialect, and its answer.
type Question = (&'static str, fn(Dialect) -> bool);

/// Where the same text means different things.
const QUESTIONS: &[Question] = &[
    ("`$` behind a blank begins a comment", Dialect::has_dollar_comments),
    ("`$` between blanks begins a comment, outside of braces", Dialect::has_lone_dollar_comments),
    ("`//` behind a blank begins a comment", Dialect::has_slash_comments),
    ("`^` is a power (else the exclusive or)", Dialect::caret_is_power),
    ("`^` is a power, but the exclusive or of two comparisons", Dialect::caret_may_be_power),
    ("`2**3**2` is 64, and `(-2)**3` is 8 (else 512 and −8)", Dialect::powers_go_left),
    ("`1a` is 10⁻¹⁸ (else 1 A, as it is in ngspice's expressions too)", Dialect::has_atto),
    ("`1x` is 10⁶", Dialect::has_x_for_mega),
    ("`log` is to base 10 (else natural)", Dialect::log_is_decadic),
];

/// The page.
pub fn page() -> ManualPage {
    let names: Vec<&str> = NAMES.iter().map(|(name, _)| *name).collect();
    let mut headings = vec!["the same text"];
    headings.extend(&names);
    let mut table = Table::new(&headings);
    for (question, answer) in QUESTIONS {
        let answers = NAMES.iter().map(|(_, dialect)| if answer(*dialect) { "yes" } else { "no" }.to_string());
        table.row(std::iter::once(question.to_string()).chain(answers));
    }
    let mut marks = Table::new(&["begins a line with, or has in it", "dialect", "weight"]);
    for (mark, dialect, weight) in MARKS {
        marks.row([code(mark.trim()), dialect.name().into(), weight.to_string()]);
    }
    let text = format!(
        "What means only one thing in all of SPICE's descendants is understood in every deck. A dialect decides where the same text \
         means different things. It is told from the words of the deck, or by `--dialect NAME`.\n\n{}{}",
        table.finish(),
        section("Words that a dialect is told from", &marks.finish()),
    );
    ManualPage::new("dialects.md", "Dialects", text)
}

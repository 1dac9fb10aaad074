//! The page of dot cards.

use super::ManualPage;
use super::markdown::{Table, code, section};
use crate::netlist::keyword::{KEYWORDS, Keyword, KeywordInfo};
use crate::reference::Status;

/// The page.
pub fn page() -> ManualPage {
    let is_read = |info: &&KeywordInfo| !matches!(info.status, Status::Absent(_) | Status::Ignored);
    let mut read = Table::new(&["card", "meaning", "ngspice"]);
    for info in KEYWORDS.iter().filter(is_read) {
        read.row([code(info.syntax), info.meaning.into(), info.status.text()]);
    }
    let mut ignored = Table::new(&["card", "what it is"]);
    for info in KEYWORDS.iter().filter(|info| info.status == Status::Ignored) {
        ignored.row([code(&format!(".{}", info.name)), info.meaning.into()]);
    }
    let mut absent = Table::new(&["card", "what it is", "here"]);
    for info in KEYWORDS.iter().filter(|info| matches!(info.keyword, Keyword::Unsupported | Keyword::AbsentAnalysis)) {
        absent.row([code(&format!(".{}", info.name)), info.meaning.into(), info.status.text()]);
    }
    let text = format!(
        "Cards that begin with a dot. A line that begins with `+` continues the one before. What `.measure` measures has \
         [its own page](measures.md), as have [options](options.md).\n\n{}{}{}",
        read.finish(),
        section("Accepted and ignored", &ignored.finish()),
        section("Skipped with a warning", &absent.finish()),
    );
    ManualPage::new("cards.md", "Dot cards", text)
}

//! `.alter`: the deck once more, with other cards (HSPICE).
//!
//! The cards between one `.alter` and the next are read behind all those before them, as if they stood at the end of the deck:
//! each block changes what the blocks before it have left. What they define takes the place of what has the same name (elements,
//! models, parameters, functions, subcircuits, tables), and so do analyses of the same kind, `.temp`, and measures of the same name.
//! `.del lib` takes away a section that a card before it has read.

use std::path::PathBuf;
use std::sync::Arc;

use super::Deck;
use super::card::{CommandKeyword, ElementCard};
use super::dot_card::DotCard;
use super::keyword::{self, Keyword};
use super::line::CardText;
use super::reader::{Card, Reader};
use crate::diagnostic::{Diagnostic, FileId, Span};

/// One `.alter` of a deck.
#[derive(Debug, Clone)]
pub struct Alteration {
    /// What stands behind `.alter`; may be empty.
    pub title: Arc<str>,
    pub span: Span,
}

/// What a reader knows of alterations.
#[derive(Default)]
pub(super) struct Alterations {
    pub found: Vec<Alteration>,
    /// How many of them are read.
    pub applied: usize,
    deletions: Vec<Deletion>,
}

/// A `.del lib` that is to be read.
struct Deletion {
    /// Where it begins in the deck's own file.
    start: usize,
    file: String,
    section: String,
    /// It has taken something away.
    used: bool,
}

impl Alterations {
    /// Whether the cards that are read now alter those before.
    pub fn are_read(&self) -> bool {
        self.applied > 0 && !self.found.is_empty()
    }
}

impl Deck {
    /// The deck's `.alter` blocks.
    pub fn alterations(&self) -> &[Alteration] {
        &self.alterations
    }

    /// The deck with the cards of its first `count` alterations, read from its own text and the files that it includes.
    pub fn altered(&self, count: usize) -> Deck {
        let mut reader = Reader::new(self.dialect, self.read_by_ngspice);
        if self.sources.may_touch_files().is_err() {
            reader.sources.seal();
        }
        reader.limits = self.limits;
        reader.alterations.applied = count;
        let file = self.sources.file(FileId(0));
        reader.know_top_file(&PathBuf::from(&file.name));
        reader.run(&file.name, &file.text, &self.folder)
    }
}

impl Reader {
    /// `.alter [title]`: its cards are read, or left out up to the next one.
    pub(super) fn alter(
        &mut self,
        card: Card<'_>,
        rest: Card<'_>,
        text: &CardText,
        index: &mut usize,
        end: usize,
    ) -> Result<(), Diagnostic> {
        if self.chain.len() > 1 || !self.blocks.is_at_top() {
            let error = Diagnostic::error("`.alter` within a subcircuit, a condition or another file").at(card.span());
            return Err(error.hint("write it behind all cards of the deck's own file"));
        }
        if self.alterations.found.len() + 1 >= self.limits.runs {
            let message = format!("there are more than {} runs", self.limits.runs);
            return Err(Diagnostic::error(message).at(card.span()));
        }
        let title = self.sources.text(rest.span()).trim().trim_matches(['\'', '"']).into();
        self.alterations.found.push(Alteration { title, span: card.span() });
        if self.alterations.found.len() > self.alterations.applied {
            let ends = |at: &usize| matches!(first_word(text, *at), Some(".alter" | ".end"));
            *index = (*index..end).find(ends).unwrap_or(end);
        } else {
            self.blocks.alter();
        }
        Ok(())
    }

    /// Alterations are not for scripts.
    pub(super) fn warn_of_script(&mut self) {
        if let (false, Some(first)) = (self.script.is_empty(), self.alterations.found.first()) {
            let warning = Diagnostic::warning("a deck with a script is not run again for `.alter`").at(first.span);
            self.warnings.push(warning.hint("`alter` in the script changes elements"));
        }
    }

    /// Finds the `.del lib` cards of the alterations that are to be read.
    pub(super) fn find_deletions(&mut self, file: FileId) {
        let text = self.texts[file.0 as usize].clone();
        let mut alterations = 0;
        for (index, place) in text.cards.iter().enumerate() {
            match first_word(&text, index) {
                Some(".alter") => alterations += 1,
                Some(".del") if (1..=self.alterations.applied).contains(&alterations) => {
                    let start = place.start as usize;
                    let card =
                        Card { file, text: &text.text[start..place.end as usize], start, dialect: self.language() };
                    if let Ok((file, section)) = self.deletion(card) {
                        self.alterations.deletions.push(Deletion { start, file, section, used: false });
                    }
                }
                _ => {}
            }
        }
    }

    /// File and section of `.del lib file section`.
    fn deletion(&self, card: Card<'_>) -> Result<(String, String), Diagnostic> {
        let wrong = || Diagnostic::error("expected `.del lib \"file\" SECTION`").at(card.span());
        let mut cursor = card.keyword().1.cursor();
        let mut word = || cursor.path().map(|(span, _)| self.sources.text(span).to_owned());
        let (library, file) = (word().ok_or_else(wrong)?, word().ok_or_else(wrong)?);
        if !library.eq_ignore_ascii_case("lib") {
            return Err(wrong());
        }
        Ok((file, word().unwrap_or_default().to_ascii_lowercase()))
    }

    /// `.del lib "file" SECTION`, whose work is done when the library's own card is read.
    pub(super) fn delete(&mut self, card: Card<'_>) -> Result<(), Diagnostic> {
        if !self.alterations.are_read() {
            return Err(Diagnostic::warning("`.del` counts behind `.alter` alone").at(card.span()));
        }
        let (file, section) = self.deletion(card)?;
        if self.alterations.deletions.iter().any(|deletion| deletion.start == card.start && deletion.used) {
            return Ok(());
        }
        Err(Diagnostic::error(format!("no card before this one reads `{file} {section}`")).at(card.span()))
    }

    /// Whether a `.del lib` behind the card at `place` takes this section away.
    pub(super) fn is_deleted(&mut self, place: Span, path: Span, section: Option<Span>) -> bool {
        let file = self.sources.text(path).to_owned();
        let section = section.map(|span| self.sources.text(span).to_ascii_lowercase()).unwrap_or_default();
        let before = |start: usize| place.file != FileId(0) || (place.start as usize) < start;
        let mut all = self.alterations.deletions.iter_mut();
        let found = all.find(|other| other.file == file && other.section == section && before(other.start));
        found.map(|deletion| deletion.used = true).is_some()
    }

    /// Takes away what `card` replaces: an element of the same name.
    pub(super) fn replace_element(&mut self, card: &ElementCard) -> bool {
        if !self.alterations.are_read() || !self.blocks.is_at_top() {
            return false;
        }
        let name = |card: &ElementCard, table: &super::token::TokenTable| {
            let token = table.tokens[card.tokens.tokens.start as usize];
            self.texts[card.tokens.file.0 as usize].text[token.start as usize..token.end as usize].to_owned()
        };
        let wanted = name(card, &self.table);
        let position = self.blocks.top().elements.iter().position(|other| name(other, &self.table) == wanted);
        let Some(position) = position else { return false };
        self.blocks.current().elements[position] = card.clone();
        true
    }

    /// Takes away the analyses of the same kind that an alteration has not made itself.
    pub(super) fn replace_command(&mut self, keyword: CommandKeyword, span: Span) {
        use CommandKeyword as K;
        let adds = matches!(keyword, K::InitialConditions | K::NodeSet | K::Global | K::Options);
        if adds || !self.alterations.are_read() || !self.blocks.is_at_top() {
            return;
        }
        let begin = self.alterations.found.last().map_or(span, |alteration| alteration.span);
        let is_own = |other: Span| other.file != FileId(0) || other.start > begin.start;
        self.blocks.current().commands.retain(|command| command.keyword != keyword || is_own(command.span));
    }

    /// Takes away the measure of the same name.
    pub(super) fn replace_dot_card(&mut self, card: &DotCard) {
        if &*card.keyword != "measure" || !self.alterations.are_read() || !self.blocks.is_at_top() {
            return;
        }
        let head = |text: &str| text.split_whitespace().take(2).map(str::to_owned).collect::<Vec<String>>();
        let wanted = head(&card.text);
        self.blocks.current().dot_cards.retain(|other| other.keyword != card.keyword || head(&other.text) != wanted);
    }
}

/// The first word of a card.
fn first_word(text: &CardText, index: usize) -> Option<&str> {
    let place = &text.cards[index];
    let word = text.text[place.start as usize..place.end as usize].split_whitespace().next()?;
    match keyword::meaning(word.strip_prefix('.')?) {
        Some(Keyword::Alter) => Some(".alter"),
        Some(Keyword::End) => Some(".end"),
        _ => Some(word),
    }
}

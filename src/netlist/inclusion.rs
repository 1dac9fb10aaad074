//! `.include` and `.lib`.

use std::ops::Range;
use std::path::{Path, PathBuf};

use super::dialect::Dialect;
use super::line::CardText;
use super::reader::{Card, Reader};
use super::source_text;
use crate::diagnostic::{Diagnostic, FileId, Span};

/// Files within files.
const DEPTH_LIMIT: usize = 64;
/// Inclusions in all, so that files that include others twice cannot go on for ever.
const INCLUSION_LIMIT: usize = 10_000;

impl Reader {
    /// `.include file`
    pub(super) fn include(&mut self, card: Card<'_>, rest: Card<'_>) -> Result<(), Diagnostic> {
        let Some((path, _)) = rest.cursor().path() else {
            return Err(Diagnostic::error("expected the name of a file").at(card.span()));
        };
        let file = self.open(path)?;
        let count = self.texts[file.0 as usize].cards.len();
        self.enter(file, None, 0..count, path)
    }

    /// `.lib file section` reads a section; `.lib section` begins one, which is skipped here.
    pub(super) fn library(
        &mut self,
        card: Card<'_>,
        rest: Card<'_>,
        text: &CardText,
        index: &mut usize,
        end: usize,
    ) -> Result<(), Diagnostic> {
        let mut cursor = rest.cursor();
        let Some((path, quoted)) = cursor.path() else {
            let missing = match self.dialect {
                Dialect::Pspice => Diagnostic::warning("PSpice's own library is not read"),
                _ => Diagnostic::error("expected the name of a file or section"),
            };
            return Err(missing.at(card.span()));
        };
        let section = cursor.path().map(|(section, _)| section);
        if self.is_deleted(card.span(), path, section) {
            return Ok(());
        }
        if let Some(section) = section {
            return self.section(path, section);
        }
        if let Some(close) = end_of_section(text, *index..end) {
            *index = close + 1;
            return Ok(());
        }
        if quoted || self.sources.text(path).contains(['.', '/', '\\']) {
            return self.include(card, rest);
        }
        *index = end;
        Err(Diagnostic::error("this `.lib` section has no `.endl`").at(card.span()))
    }

    fn section(&mut self, path: Span, section: Span) -> Result<(), Diagnostic> {
        let name = self.sources.text(section).to_ascii_lowercase();
        let file = self.open(path)?;
        let text = self.texts[file.0 as usize].clone();
        let mut names = Vec::new();
        let mut index = 0;
        while index < text.cards.len() {
            let this = index;
            index += 1;
            let Some(found) = section_name(&text, this) else { continue };
            let close = end_of_section(&text, index..text.cards.len());
            if found == name {
                let Some(close) = close else {
                    let range = &text.cards[this];
                    let span = Span { file, start: range.start, end: range.end };
                    return Err(Diagnostic::error("this `.lib` section has no `.endl`").at(span));
                };
                return self.enter(file, Some(name), index..close, section);
            }
            names.push(found);
            index = close.map_or(index, |close| close + 1);
        }
        let file_name = &self.sources.file(file).name;
        let error = Diagnostic::error(format!("there is no section `{name}` in `{file_name}`")).at(section);
        Err(error.nearest(&name, names))
    }

    /// Reads some cards of another file.
    fn enter(
        &mut self,
        file: FileId,
        section: Option<String>,
        cards: Range<usize>,
        from: Span,
    ) -> Result<(), Diagnostic> {
        let place = (file, section);
        if self.chain.contains(&place) || (place.1.is_none() && self.chain.iter().any(|(open, _)| *open == file)) {
            let name = &self.sources.file(file).name;
            return Err(Diagnostic::error(format!("`{name}` includes itself")).at(from));
        }
        self.inclusions += 1;
        if self.chain.len() >= DEPTH_LIMIT || self.inclusions > INCLUSION_LIMIT {
            let message = format!("more than {DEPTH_LIMIT} files within each other, or {INCLUSION_LIMIT} in all");
            return Err(Diagnostic::error(message).at(from).hint("do the files include each other?"));
        }
        self.chain.push(place);
        self.cards(file, cards);
        self.chain.pop();
        // An `.end` ends only the file that it is in.
        self.ended = false;
        Ok(())
    }

    /// The file that is meant by the path at `span`: looked for beside the file that names it, then beside the deck.
    fn open(&mut self, span: Span) -> Result<FileId, Diagnostic> {
        let written = self.sources.text(span).to_owned();
        let refused = |error| Diagnostic::error(format!("cannot read `{written}`: {error}")).at(span);
        self.sources.may_touch_files().map_err(refused)?;
        let beside = self.folders[span.file.0 as usize].join(&written);
        let beside_deck = self.folders[0].join(&written);
        let path = if !beside.exists() && beside_deck.exists() { beside_deck } else { beside };
        let canonical = path.canonicalize().unwrap_or_else(|_| path.clone());
        if let Some(&file) = self.known_files.get(&canonical) {
            return Ok(file);
        }
        if !path.exists() && is_of_ltspice(&written) {
            let warning = Diagnostic::warning(format!("LTspice's own library `{written}` is not read")).at(span);
            return Err(warning.hint("copy what is needed of it beside the deck"));
        }
        if !path.exists() && self.dialect == Dialect::Pspice && written.eq_ignore_ascii_case("nom.lib") {
            return Err(Diagnostic::warning("PSpice's own library is not read").at(span));
        }
        let text = source_text::read_named(&self.sources, &path).map_err(|error| error.at(span))?;
        let folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
        let file = self.add_file(&path.display().to_string(), text.into(), folder, 0);
        self.known_files.insert(canonical, file);
        Ok(file)
    }

    /// Makes the top file known, so that including it again is recognised.
    pub(super) fn know_top_file(&mut self, path: &Path) {
        let canonical = path.canonicalize().unwrap_or_else(|_| PathBuf::from(path));
        self.known_files.insert(canonical, FileId(0));
    }
}

/// Whether a library comes with LTspice, which writes its name into every deck that it draws.
fn is_of_ltspice(written: &str) -> bool {
    let file = written.rsplit(['/', '\\']).next().unwrap_or("");
    file.starts_with("standard.") || file.starts_with("universalopamp") || matches!(file, "ltc.lib" | "opamp.sub")
}

fn words(text: &CardText, index: usize) -> impl Iterator<Item = &str> {
    let range = &text.cards[index];
    text.text[range.start as usize..range.end as usize].split_whitespace()
}

/// The name of the section that the card begins.
fn section_name(text: &CardText, index: usize) -> Option<&str> {
    let mut words = words(text, index);
    let name = (words.next() == Some(".lib")).then(|| words.next()).flatten()?;
    words.next().is_none().then_some(name.trim_matches(['"', '\'']))
}

/// The `.endl` of the section whose cards begin at the start of `range`; none if another section begins before.
fn end_of_section(text: &CardText, range: Range<usize>) -> Option<usize> {
    for index in range {
        if words(text, index).next() == Some(".endl") {
            return Some(index);
        }
        if section_name(text, index).is_some() {
            return None;
        }
    }
    None
}

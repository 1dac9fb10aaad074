//! Netlist text → cards.
//!
//! [`Deck::read`] reads the files, joins continuation lines, cuts cards into tokens, parses expressions and sorts the cards
//! into blocks (the deck, its subcircuits and conditionals). Names are resolved later, in elaboration, since what a word
//! means depends on parameters and on what is in scope. A deck is read once and can be elaborated any number of times.

mod alteration;
mod block_stack;
pub(crate) mod bus_range;
pub(crate) mod card;
mod data_table;
mod deck_variant;
pub(crate) mod definition;
pub mod dialect;
mod dot_card;
pub mod expression;
mod expression_parser;
pub mod function;
mod inclusion;
pub mod keyword;
pub mod limits;
mod line;
pub mod number;
mod reader;
pub mod script;
mod source_text;
mod stepped_parameter;
pub(crate) mod token;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustc_hash::FxHashSet;

pub use alteration::Alteration;
pub use deck_variant::{Addition, Own};
pub use dot_card::DotCard;

use crate::diagnostic::{Diagnostic, FileId, Report, SourceMap, Span};
use card::{Block, CardTokens};
use dialect::Dialect;
use limits::Limits;
use line::CardText;
use reader::Reader;
use script::Script;
use token::{Token, TokenTable};

/// A deck as parsed: every file it includes, every card with its span.
#[derive(Debug, Clone, Default)]
pub struct Deck {
    pub sources: Arc<SourceMap>,
    pub title: Arc<str>,
    pub dialect: Dialect,
    /// See [`Deck::read_by_ngspice`].
    pub(crate) read_by_ngspice: bool,
    /// How large its circuit and its analyses may become.
    pub limits: Limits,
    /// Errors of cards that could not be read; [`elaborate`](crate::circuit::elaborate()) reports them with its own.
    pub(crate) errors: Vec<Diagnostic>,
    pub(crate) warnings: Vec<Diagnostic>,
    /// Errors about analyses that are not here, for a deck that has no other.
    pub(crate) absent_analyses: Vec<Diagnostic>,
    /// What stands between `.control` and `.endc`.
    pub script: Script,
    /// Words of the cards that could not be read.
    pub(crate) broken: FxHashSet<String>,
    pub(crate) top: Block,
    texts: Vec<Arc<CardText>>,
    table: TokenTable,
    /// The folder of the deck's own file.
    folder: PathBuf,
    alterations: Vec<Alteration>,
}

impl Deck {
    /// Reads `path` and everything that it includes. Errors of single cards do not show here but in elaboration, so that
    /// they come out together with the errors found there.
    pub fn read(path: &Path) -> Result<Deck, Report> {
        Deck::read_in(path, None)
    }

    /// As [`Deck::read`], in a dialect that is given rather than found from the deck's words.
    pub fn read_in(path: &Path, dialect: Option<Dialect>) -> Result<Deck, Report> {
        Deck::read_as(path, |text| Reader::new(dialect.unwrap_or_else(|| Dialect::of_text(text)), false))
    }

    /// As [`Deck::read_in`], as ngspice reads `dialect` when its `ngbehavior` asks for it: operators, powers and random functions are those
    /// of ngspice.
    pub fn read_by_ngspice(path: &Path, dialect: Dialect) -> Result<Deck, Report> {
        Deck::read_as(path, |_| Reader::new(dialect, true))
    }

    fn read_as(path: &Path, reader: impl FnOnce(&str) -> Reader) -> Result<Deck, Report> {
        let text = source_text::read(path).map_err(Report::message)?;
        let folder = path.parent().unwrap_or(Path::new(""));
        let mut reader = reader(&text);
        reader.know_top_file(path);
        Ok(reader.run(&path.display().to_string(), &text, folder))
    }

    /// Parses `text`; relative includes are looked up in `folder`. For errors see [`Deck::read`].
    pub fn from_text(name: &str, text: &str, folder: &Path) -> Result<Deck, Report> {
        if u32::try_from(text.len()).is_err() {
            return Err(Report::message(Diagnostic::error(format!("`{name}` is larger than 4 GiB"))));
        }
        Ok(Reader::new(Dialect::of_text(text), false).run(name, text, folder))
    }

    /// Parses a file's `bytes` from someone who is not trusted: nothing is read or written on its behalf, whatever its cards and
    /// commands say, and it grows no further than `limits`. For errors see [`Deck::read`].
    pub fn from_untrusted(name: &str, bytes: &[u8], limits: Limits) -> Result<Deck, Report> {
        let unreadable = |problem| Report::message(Diagnostic::error(format!("cannot read `{name}`: {problem}")));
        let text = source_text::decode(bytes).map_err(unreadable)?;
        let mut reader = Reader::new(Dialect::of_text(&text), false);
        reader.sources.seal();
        reader.limits = limits;
        Ok(reader.run(name, &text, Path::new("")))
    }

    /// Warnings of reading alone.
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.warnings
    }

    pub(crate) fn tokens(&self, card: &CardTokens) -> &[Token] {
        &self.table.tokens[card.tokens.start as usize..card.tokens.end as usize]
    }

    pub(crate) fn expression(&self, index: u32) -> &expression::Expression {
        &self.table.expressions[index as usize]
    }

    /// The text of a token: in lower case outside of quotes.
    pub(crate) fn token_text(&self, file: FileId, token: Token) -> &str {
        &self.texts[file.0 as usize].text[token.start as usize..token.end as usize]
    }

    /// The whole card that `tokens` belong to, from the first to the last of them.
    pub(crate) fn card_span(&self, card: &CardTokens) -> Span {
        match self.tokens(card) {
            [first, .., last] => Span { file: card.file, start: first.start, end: last.end },
            [only] => Span { file: card.file, start: only.start, end: only.end },
            [] => Span { file: card.file, start: 0, end: 0 },
        }
    }
}

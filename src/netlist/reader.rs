//! Reads a deck: its files, and the cards in them, into blocks.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::Deck;
use super::alteration::Alterations;
use super::block_stack::BlockStack;
use super::card::{CardTokens, Command, CommandKeyword, ElementCard, ModelCard, Name};
use super::definition::TextCursor;
use super::dialect::Dialect;
use super::dot_card::DotCard;
use super::expression::Expression;
use super::function::Function;
use super::keyword::{self, Keyword};
use super::limits::Limits;
use super::line::{CardText, split_cards};
use super::number::parse_number_in;
use super::script::{self, Script};
use super::token::{Token, TokenKind, TokenTable, Unbraced};
use crate::diagnostic::{Diagnostic, FileId, Severity, SourceMap, Span};

/// A card under the reader's eye.
#[derive(Clone, Copy)]
pub(super) struct Card<'t> {
    pub file: FileId,
    pub text: &'t str,
    /// Where `text` begins in the file.
    pub start: usize,
    pub dialect: Dialect,
}

impl<'t> Card<'t> {
    pub fn span(&self) -> Span {
        Span::new(self.file, self.start, self.start + self.text.len())
    }

    /// The first word of a dot card without its dot, and the rest.
    pub fn keyword(&self) -> (&'t str, Card<'t>) {
        let text = &self.text[1..];
        let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
        let rest = text[end..].trim_start();
        let start = self.start + self.text.len() - rest.len();
        (&text[..end], Card { text: rest, start, ..*self })
    }

    pub fn cursor(&self) -> TextCursor<'t> {
        TextCursor::new(self.text, self.file, self.start, self.dialect)
    }
}

/// The state of reading.
#[derive(Default)]
pub(super) struct Reader {
    pub sources: SourceMap,
    /// Of each file of `sources`.
    pub texts: Vec<Arc<CardText>>,
    pub table: TokenTable,
    pub blocks: BlockStack,
    pub errors: Vec<Diagnostic>,
    pub warnings: Vec<Diagnostic>,
    pub absent_analyses: Vec<Diagnostic>,
    pub script: Script,
    /// Words on cards that have errors: that these are undefined is not worth a second error.
    pub broken: FxHashSet<String>,
    pub title: Arc<str>,
    pub dialect: Dialect,
    pub by_ngspice: bool,
    pub limits: Limits,
    /// Canonical path → file.
    pub known_files: FxHashMap<PathBuf, FileId>,
    /// The files (and library sections) being read, outermost first.
    pub chain: Vec<(FileId, Option<String>)>,
    /// Folder of each file.
    pub folders: Vec<PathBuf>,
    pub inclusions: usize,
    pub alterations: Alterations,
    pub ended: bool,
}

/// More errors than this are not worth reading.
const ERROR_LIMIT: usize = 1000;

/// What a line may begin with to be left out: the rest of a list whose continuation was forgotten, mostly.
const STRAY: &str = "=[]?()&%\"!:,";

/// Keys of R, C, L, B, E and G cards whose values are expressions, braced or not.
const EXPRESSION_KEYS: Unbraced =
    Unbraced::Keys(&["v", "i", "r", "c", "l", "q", "flux", "value", "vol", "cur", "laplace", "control"]);

impl Reader {
    /// A reader of `dialect`, as ngspice understands it with `by_ngspice`.
    pub fn new(dialect: Dialect, by_ngspice: bool) -> Self {
        let mut reader = Reader { dialect, by_ngspice, ..Reader::default() };
        reader.table.dialect = reader.language();
        reader
    }

    /// The dialect of expressions: ngspice has its own operators in decks of others too.
    pub(super) fn language(&self) -> Dialect {
        if self.by_ngspice { Dialect::Ngspice } else { self.dialect }
    }

    /// Reads the top file.
    pub fn run(mut self, name: &str, text: &str, folder: &Path) -> Deck {
        let title_end = text.find('\n').unwrap_or(text.len());
        self.title = text[..title_end].trim().into();
        let file = self.add_file(name, text.into(), folder.to_path_buf(), title_end);
        self.chain.push((file, None));
        let count = self.texts[file.0 as usize].cards.len();
        if self.alterations.applied > 0 {
            self.find_deletions(file);
        }
        self.cards(file, 0..count);
        self.finish()
    }

    pub(super) fn finish(mut self) -> Deck {
        let (mut top, errors) = std::mem::take(&mut self.blocks).finish();
        self.define_stepped(&mut top);
        self.errors.extend(errors);
        self.warn_of_script();
        Deck {
            sources: Arc::new(self.sources),
            title: self.title,
            dialect: self.dialect,
            read_by_ngspice: self.by_ngspice,
            limits: self.limits,
            texts: self.texts,
            table: self.table,
            top,
            script: self.script,
            errors: self.errors,
            warnings: self.warnings,
            absent_analyses: self.absent_analyses,
            broken: self.broken,
            folder: self.folders.into_iter().next().unwrap_or_default(),
            alterations: self.alterations.found,
        }
    }

    pub(super) fn add_file(&mut self, name: &str, text: Arc<str>, folder: PathBuf, start: usize) -> FileId {
        let file = self.sources.add(name, text.clone());
        let mut cards = split_cards(&text, file, start, self.dialect);
        self.errors.append(&mut cards.errors);
        self.texts.push(Arc::new(cards));
        self.folders.push(folder);
        file
    }

    /// Reads the cards with these indices.
    pub(super) fn cards(&mut self, file: FileId, range: std::ops::Range<usize>) {
        let text = self.texts[file.0 as usize].clone();
        let mut index = range.start;
        while index < range.end && !self.ended {
            let place = &text.cards[index];
            let place = place.start as usize..place.end as usize;
            let card = Card { file, text: &text.text[place.clone()], start: place.start, dialect: self.language() };
            index += 1;
            let result = match card.text.as_bytes()[0] {
                b'.' => self.dot_card(card, &text, &mut index, range.end),
                _ => self.element(card),
            };
            match result {
                Err(warning) if warning.severity == Severity::Warning => self.warnings.push(warning),
                Err(error) => self.broken_card(card, error),
                Ok(()) => {}
            }
        }
    }

    /// Remembers the error and the names that the card would have defined.
    fn broken_card(&mut self, card: Card<'_>, error: Diagnostic) {
        // Libraries have subcircuits that no other simulator reads, either: they matter when they are used.
        let is_own = ["", ".model", ".param", ".func"].iter().any(|word| *word == card_word(card.text));
        match self.blocks.subcircuit().filter(|_| is_own) {
            Some(definition) => {
                if definition.body.errors.is_empty() {
                    self.warnings.push(error.clone().as_warning());
                }
                if definition.body.errors.len() < ERROR_LIMIT {
                    definition.body.errors.push(error);
                }
            }
            None if self.errors.len() < ERROR_LIMIT => self.errors.push(error),
            None => {}
        }
        let words = card.text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty());
        self.broken.extend(words.take(1000).map(String::from));
    }

    fn element(&mut self, card: Card<'_>) -> Result<(), Diagnostic> {
        let letter = card.text.as_bytes()[0];
        if !letter.is_ascii_alphabetic() {
            let first = card.text.chars().next().unwrap_or(' ');
            let span = Span::new(card.file, card.start, card.start + first.len_utf8());
            if STRAY.contains(first) {
                return Err(Diagnostic::warning(format!("a card cannot begin with `{first}`: it is left out")).at(span));
            }
            return Err(Diagnostic::error(format!("a card cannot begin with `{first}`")).at(span));
        }
        if let Some(rest) = card.text.strip_prefix("include")
            && rest.trim_start().starts_with(['"', '\''])
        {
            let warning = Diagnostic::warning("`include` without its dot was skipped").at(card.span());
            return Err(warning);
        }
        let unbraced = match letter {
            b'x' => Unbraced::All,
            b'r' | b'c' | b'l' | b'b' | b'e' | b'g' | b's' => EXPRESSION_KEYS,
            _ => Unbraced::Calculations,
        };
        let expressions = self.table.expressions.len();
        let tokens = self.tokens(card, unbraced)?;
        let behavioural = self.table.expressions[expressions..].iter().any(is_behavioural);
        let card = ElementCard { tokens, letter, behavioural };
        if !self.replace_element(&card) {
            self.blocks.current().elements.push(card);
        }
        Ok(())
    }

    pub(super) fn tokens(&mut self, card: Card<'_>, unbraced: Unbraced) -> Result<CardTokens, Diagnostic> {
        let first = self.table.tokens.len() as u32;
        self.table.add(card.text, card.file, card.start, unbraced)?;
        Ok(CardTokens { file: card.file, tokens: first..self.table.tokens.len() as u32 })
    }

    fn dot_card(&mut self, card: Card<'_>, text: &CardText, index: &mut usize, end: usize) -> Result<(), Diagnostic> {
        let (keyword, rest) = card.keyword();
        if keyword.is_empty() {
            self.warnings
                .push(Diagnostic::warning("no card's name stands behind this dot: it is skipped").at(card.span()));
            return Ok(());
        }
        let Some(meaning) = keyword::meaning(keyword) else {
            let span = Span::new(card.file, card.start, card.start + 1 + keyword.len());
            let names = keyword::KEYWORDS.iter().map(|info| info.name);
            let error = Diagnostic::error(format!("unknown card `.{keyword}`")).at(span);
            return Err(match crate::diagnostic::nearest(keyword, names) {
                Some(name) => error.hint(format!("did you mean `.{name}`?")),
                None => error,
            });
        };
        match meaning {
            Keyword::Parameter => self.parameters(rest),
            Keyword::Function => self.blocks.add_function(rest.cursor().function()?),
            Keyword::Subcircuit => {
                self.blocks.open_subcircuit(rest.cursor().subcircuit(self.limits.nodes), card.span())?;
                let error = self.blocks.subcircuit().and_then(|definition| definition.body.errors.first().cloned());
                self.warnings.extend(error.map(Diagnostic::as_warning));
                Ok(())
            }
            Keyword::Ends => self.blocks.close_subcircuit(rest.text, card.span()),
            Keyword::Model => self.model(rest, card.span()),
            Keyword::Include => self.include(card, rest),
            Keyword::Library => self.library(card, rest, text, index, end),
            Keyword::EndLibrary => Err(Diagnostic::error("`.endl` without a `.lib` section").at(card.span())),
            Keyword::If => self.blocks.open_conditional(rest.cursor().condition(), card.span()),
            Keyword::ElseIf => self.blocks.next_branch(Some(rest.cursor().condition()?), card.span()),
            Keyword::Else => self.blocks.next_branch(None, card.span()),
            Keyword::EndIf => self.blocks.close_conditional(card.span()),
            Keyword::Control => self.control(card, text, index, end),
            Keyword::Data => self.data(rest, text, index, end),
            Keyword::Alter => self.alter(card, rest, text, index, end),
            Keyword::Delete => self.delete(card),
            Keyword::EndData => Err(Diagnostic::error("`.enddata` without `.data`").at(card.span())),
            Keyword::EndControl => Err(Diagnostic::error("`.endc` without `.control`").at(card.span())),
            Keyword::End => {
                self.end();
                Ok(())
            }
            Keyword::Title => {
                self.title = self.sources.text(rest.span()).trim().into();
                Ok(())
            }
            Keyword::Command(keyword) => self.command(keyword, rest, card.span()),
            Keyword::Kept(keyword) => {
                let (text, offset) = (rest.text.into(), rest.start);
                let kept = DotCard { keyword: keyword.into(), text, span: card.span(), offset };
                self.replace_dot_card(&kept);
                self.blocks.current().dot_cards.push(kept);
                Ok(())
            }
            Keyword::Unsupported | Keyword::AbsentAnalysis => {
                if meaning == Keyword::AbsentAnalysis {
                    let error = format!("`.{keyword}` is not simulated, and the deck asks for no other analysis");
                    self.absent_analyses.push(Diagnostic::error(error).at(card.span()));
                }
                let message = format!("`.{keyword}` is not supported and was skipped");
                self.warnings.push(Diagnostic::warning(message).at(card.span()));
                Ok(())
            }
            Keyword::Ignored => Ok(()),
        }
    }

    fn parameters(&mut self, rest: Card<'_>) -> Result<(), Diagnostic> {
        let (parameters, functions) = rest.cursor().assignments()?;
        // What is defined twice leaves the rest of the card as it is.
        let mut result = Ok(());
        for parameter in parameters {
            result = result.and(self.blocks.add_parameter(parameter));
        }
        for function in functions {
            result = result.and(self.blocks.add_function(function));
        }
        result
    }

    fn command(&mut self, keyword: CommandKeyword, rest: Card<'_>, span: Span) -> Result<(), Diagnostic> {
        let unbraced = match keyword {
            CommandKeyword::Options => Unbraced::None,
            _ => Unbraced::Calculations,
        };
        let tokens = self.tokens(rest, unbraced)?;
        self.replace_command(keyword, span);
        self.blocks.current().commands.push(Command { keyword, tokens, span });
        Ok(())
    }

    /// `.end` ends the deck, but an included file only itself.
    fn end(&mut self) {
        self.ended = true;
    }

    fn model(&mut self, rest: Card<'_>, span: Span) -> Result<(), Diagnostic> {
        let tokens = self.tokens(rest, Unbraced::Calculations)?;
        let all = &self.table.tokens[tokens.tokens.start as usize..];
        let name = |token: &Token| {
            let range = token.start as usize - rest.start..token.end as usize - rest.start;
            let span = Span::new(rest.file, token.start as usize, token.end as usize);
            Name { text: rest.text[range].into(), span }
        };
        let words: Vec<Name> = all.iter().take_while(|token| token.kind == TokenKind::Word).take(4).map(name).collect();
        let Some(model) = words.first().cloned() else {
            return Err(Diagnostic::error("expected the name of the model").at(rest.span()));
        };
        let (base, used) = match words.get(1) {
            Some(word) if &*word.text == "ako:" => (words.get(2).cloned(), 3),
            Some(word) if word.text.starts_with("ako:") => (Some(after_colon(word)), 2),
            _ => (None, 1),
        };
        // A word followed by `=` is a parameter already.
        let follows = |index: usize| all.get(index).map(|token| token.kind);
        let kind = words.get(used).filter(|_| follows(used + 1) != Some(TokenKind::Equals)).cloned();
        if kind.is_none() && base.is_none() {
            return Err(Diagnostic::error(format!("expected the kind of the model `{}`", model.text)).at(span));
        }
        let first = tokens.tokens.start + used as u32 + u32::from(kind.is_some());
        let parameters = CardTokens { file: rest.file, tokens: first..tokens.tokens.end };
        let constant = self.is_constant(rest, &parameters);
        let has_tolerances = self.has_tolerances(rest, &parameters);
        self.blocks.add_model(ModelCard { name: model, kind, base, parameters, span, constant, has_tolerances })
    }

    fn is_constant(&self, card: Card<'_>, parameters: &CardTokens) -> bool {
        let tokens = &self.table.tokens[parameters.tokens.start as usize..parameters.tokens.end as usize];
        tokens.windows(2).all(|pair| {
            let [before, token] = [pair[0], pair[1]];
            let word = || &card.text[token.start as usize - card.start..token.end as usize - card.start];
            match token.kind {
                TokenKind::Expression(_) => false,
                TokenKind::Word if before.kind == TokenKind::Equals => parse_number_in(word(), card.dialect).is_some(),
                _ => true,
            }
        })
    }

    fn has_tolerances(&self, card: Card<'_>, parameters: &CardTokens) -> bool {
        let tokens = &self.table.tokens[parameters.tokens.start as usize..parameters.tokens.end as usize];
        let word = |token: &Token| &card.text[token.start as usize - card.start..token.end as usize - card.start];
        let is_tolerance = |word: &str| matches!(word.split('/').next(), Some("dev" | "lot"));
        tokens.iter().any(|token| token.kind == TokenKind::Word && is_tolerance(word(token)))
    }

    /// Reads the script up to `.endc`.
    fn control(&mut self, card: Card<'_>, text: &CardText, index: &mut usize, end: usize) -> Result<(), Diagnostic> {
        let starts_with = |place: &std::ops::Range<u32>, word: &str| {
            let line = &text.text[place.start as usize..place.end as usize];
            line.split_whitespace().next() == Some(word)
        };
        let first = |word: &str| (*index..end).find(|&at| starts_with(&text.cards[at], word));
        let found = first(".endc");
        // Without its end a script goes on to the end of the deck.
        let close = found.or_else(|| first(".end")).unwrap_or(end);
        *index = found.map_or(close, |at| at + 1);
        // Commands keep their capitals, so they are read from the file's own text.
        let source = &self.sources.file(card.file).text;
        let begin = source[card.start..].find('\n').map_or(source.len(), |length| card.start + length + 1);
        let finish = text.cards.get(close).map_or(source.len(), |place| place.start as usize);
        let inside = begin..finish.max(begin);
        let lines = script::script_lines(&source[inside.clone()], card.file, inside.start);
        self.script.statements.extend(script::read(lines)?);
        if found.is_none() {
            let warning = Diagnostic::warning("`.control` without `.endc`: its commands go on to the end of the deck");
            return Err(warning.at(card.span()));
        }
        Ok(())
    }
}

/// The word of a dot card, with its dot; nothing for an element.
fn card_word(text: &str) -> &str {
    text.split_whitespace().next().filter(|word| word.starts_with('.')).unwrap_or("")
}

fn after_colon(word: &Name) -> Name {
    let text = &word.text["ako:".len()..];
    Name { text: text.into(), span: Span { start: word.span.end - text.len() as u32, ..word.span } }
}

/// Whether the value may depend on the solution: elaboration must then know all nodes and elements.
fn is_behavioural(expression: &Expression) -> bool {
    let mut found = false;
    expression.walk(&mut |part| {
        found |= match part {
            Expression::Probe { .. } => true,
            Expression::Name(name, _) => matches!(&**name, "time" | "temper" | "hertz" | "freq"),
            Expression::Call { function, .. } => Function::named(function).is_none(),
            _ => false,
        }
    });
    found
}

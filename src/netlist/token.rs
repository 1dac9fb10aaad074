//! Cards → tokens.
//!
//! What a word means (a node, a model, a number) depends on the element and on the models in scope, so it is decided in
//! elaboration; the tokens are found once, when the deck is read, and so are all expressions within them.

use nom::bytes::complete::take_while;
use nom::{IResult, Parser as _};

use super::dialect::Dialect;
use super::expression::{self, Expression};
use super::number::parse_number_in;
use crate::diagnostic::{Diagnostic, FileId, Span};

/// A piece of a card; `start..end` is in the file's text, delimiters included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    pub kind: TokenKind,
    pub start: u32,
    pub end: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    Word,
    /// `"text"`
    Text,
    /// `{…}`, `'…'`, or an unbraced expression after `=`: index into the deck's expressions.
    Expression(u32),
    Equals,
    Comma,
    Open,
    Close,
    ListOpen,
    ListClose,
}

/// Which `key=` values are expressions even without braces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unbraced {
    /// Those that look like a calculation.
    Calculations,
    /// The values of these keys, and calculations.
    Keys(&'static [&'static str]),
    /// All.
    All,
    /// None: every value is a word.
    None,
}

/// Cuts cards into tokens and collects them for all cards of a deck.
#[derive(Debug, Clone, Default)]
pub struct TokenTable {
    pub tokens: Vec<Token>,
    pub expressions: Vec<Expression>,
    pub dialect: Dialect,
}

fn is_word_byte(byte: u8) -> bool {
    !matches!(byte, b' ' | b',' | b'=' | b'(' | b')' | b'{' | b'}' | b'\'' | b'"' | b'[' | b']') && byte >= b' '
}

/// The bytes of a word: `wl[0:127]` is one word, but a `[` in front or after `%v` begins a list.
fn word(input: &[u8]) -> IResult<&[u8], ()> {
    let (mut rest, head) = take_while(is_word_byte).parse(input)?;
    if head.first() == Some(&b'%') {
        return Ok((rest, ()));
    }
    while rest.first() == Some(&b'[') {
        let (after, _) = take_while(|byte| is_word_byte(byte) || byte == b'[').parse(rest)?;
        let Some((b']', after)) = after.split_first() else { break };
        rest = take_while(is_word_byte).parse(after)?.0;
    }
    Ok((rest, ()))
}

impl TokenTable {
    /// Appends the tokens of the card `text`, which begins at byte `start` of `file`; none if there is an error.
    pub fn add(&mut self, text: &str, file: FileId, start: usize, unbraced: Unbraced) -> Result<(), Diagnostic> {
        let before = (self.tokens.len(), self.expressions.len());
        let result = Lexer { table: self, text, file, start, at: 0, unbraced }.run();
        if result.is_err() {
            self.tokens.truncate(before.0);
            self.expressions.truncate(before.1);
        }
        result
    }
}

struct Lexer<'t> {
    table: &'t mut TokenTable,
    text: &'t str,
    file: FileId,
    start: usize,
    at: usize,
    unbraced: Unbraced,
}

impl Lexer<'_> {
    fn run(&mut self) -> Result<(), Diagnostic> {
        let text = self.text;
        let first = self.table.tokens.len();
        while let Some(&byte) = text.as_bytes().get(self.at) {
            match byte {
                b'=' => {
                    self.push(TokenKind::Equals, 1);
                    self.value_after_equals(first)?;
                }
                b',' => self.push(TokenKind::Comma, 1),
                b'(' => self.push(TokenKind::Open, 1),
                b')' => self.push(TokenKind::Close, 1),
                b'[' => self.push(TokenKind::ListOpen, 1),
                b']' => self.push(TokenKind::ListClose, 1),
                b'"' => self.quoted_text()?,
                b'\'' => self.quoted_expression()?,
                b'{' => self.braced_expression()?,
                b'}' => return Err(self.error("a `}` without its `{`", self.at, self.at + 1)),
                _ if byte <= b' ' => self.at += 1,
                _ => self.word(),
            }
        }
        Ok(())
    }

    fn push(&mut self, kind: TokenKind, length: usize) {
        let start = (self.start + self.at) as u32;
        self.table.tokens.push(Token { kind, start, end: start + length as u32 });
        self.at += length;
    }

    fn error(&self, message: &str, start: usize, end: usize) -> Diagnostic {
        Diagnostic::error(message).at(Span::new(self.file, self.start + start, self.start + end))
    }

    fn word_length(&self) -> usize {
        let input = &self.text.as_bytes()[self.at..];
        word(input).map_or(1, |(rest, ())| (input.len() - rest.len()).max(1))
    }

    fn word(&mut self) {
        let length = self.word_length();
        let word = &self.text[self.at..self.at + length];
        let takes_expression =
            matches!(word, "table" | "laplace" | "chebyshev") && matches!(self.unbraced, Unbraced::Keys(_));
        self.push(TokenKind::Word, length);
        // `table v(1,0) = …`: the expression may stand there without braces.
        let rest = self.text[self.at..].trim_start();
        if takes_expression
            && rest.starts_with(|c: char| c.is_alphabetic())
            && let Ok((parsed, length)) =
                expression::parse_prefix(rest, self.file, self.start + self.text.len() - rest.len(), self.table.dialect)
        {
            self.at = self.text.len() - rest.len();
            self.push_expression(parsed, length);
        }
    }

    fn quoted_text(&mut self) -> Result<(), Diagnostic> {
        match self.text[self.at + 1..].find('"') {
            Some(length) => {
                self.push(TokenKind::Text, length + 2);
                Ok(())
            }
            None => Err(self.error("this text has no closing quote", self.at, self.at + 1)),
        }
    }

    fn quoted_expression(&mut self) -> Result<(), Diagnostic> {
        match self.text[self.at + 1..].find('\'') {
            Some(length) => self.delimited_expression(length),
            None => Err(self.error("this expression has no closing quote", self.at, self.at + 1)),
        }
    }

    fn braced_expression(&mut self) -> Result<(), Diagnostic> {
        let mut depth = 0usize;
        for (length, byte) in self.text.as_bytes()[self.at + 1..].iter().enumerate() {
            match byte {
                b'{' => depth += 1,
                b'}' if depth == 0 => return self.delimited_expression(length),
                b'}' => depth -= 1,
                _ => {}
            }
        }
        Err(self.error("this `{` has no `}`", self.at, self.at + 1))
    }

    /// An expression of `length` bytes between delimiters of one byte.
    fn delimited_expression(&mut self, length: usize) -> Result<(), Diagnostic> {
        let mut inside = self.at + 1..self.at + 1 + length;
        // `{"a/2"}` is as good as `{a/2}`.
        let text = &self.text[inside.clone()];
        if let Some(inner) = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'))
            && !inner.contains('"')
        {
            inside = inside.start + 1..inside.end - 1;
        }
        let text = &self.text[inside.clone()];
        let parsed = expression::parse(text, self.file, self.start + inside.start, self.table.dialect)?;
        self.push_expression(parsed, length + 2);
        Ok(())
    }

    fn push_expression(&mut self, parsed: Expression, length: usize) {
        let index = self.table.expressions.len() as u32;
        self.table.expressions.push(parsed);
        self.push(TokenKind::Expression(index), length);
    }

    /// Looks whether an unbraced expression stands after `=`.
    fn value_after_equals(&mut self, first: usize) -> Result<(), Diagnostic> {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start().len();
        let text = &self.text[self.at..];
        let Some(next) = text.chars().next().filter(|next| !"'\",=)[".contains(*next)) else { return Ok(()) };
        let required = match self.unbraced {
            Unbraced::None => return Ok(()),
            Unbraced::All => true,
            Unbraced::Keys(keys) => keys.contains(&self.key(first)),
            Unbraced::Calculations => false,
        };
        if required {
            let (parsed, length) = expression::parse_prefix(text, self.file, self.start + self.at, self.table.dialect)?;
            self.push_expression(parsed, length);
            return Ok(());
        }
        let word = &text[..self.word_length()];
        let called = text[word.len()..].starts_with('(') && next.is_alphabetic();
        let calculation =
            called || (word.contains(['*', '/', '+', '-']) && parse_number_in(word, self.table.dialect).is_none());
        if next != '{' && calculation && !self.key(first).ends_with("file") {
            // Something else that merely looks like a calculation stays a word.
            if let Ok((parsed, length)) =
                expression::parse_prefix(text, self.file, self.start + self.at, self.table.dialect)
            {
                self.push_expression(parsed, length);
            }
        }
        Ok(())
    }

    /// The word before the `=` just read.
    fn key(&self, first: usize) -> &str {
        match self.table.tokens[first..] {
            [.., token, _] => &self.text[token.start as usize - self.start..token.end as usize - self.start],
            _ => "",
        }
    }
}

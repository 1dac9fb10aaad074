//! A place among the tokens of a card.

use crate::diagnostic::{FileId, Span};
use crate::netlist::Deck;
use crate::netlist::card::CardTokens;
use crate::netlist::token::{Token, TokenKind};

#[derive(Debug, Clone, Copy)]
pub struct CardCursor<'d> {
    deck: &'d Deck,
    file: FileId,
    tokens: &'d [Token],
    at: usize,
}

impl<'d> CardCursor<'d> {
    pub fn new(deck: &'d Deck, card: &CardTokens) -> Self {
        CardCursor { deck, file: card.file, tokens: deck.tokens(card), at: 0 }
    }

    pub fn position(&self) -> usize {
        self.at
    }

    pub fn move_to(&mut self, position: usize) {
        self.at = position;
    }

    pub fn peek(&self) -> Option<Token> {
        self.tokens.get(self.at).copied()
    }

    pub fn kind(&self) -> Option<TokenKind> {
        self.kind_at(0)
    }

    /// The kind of the token `ahead` tokens further on.
    pub fn kind_at(&self, ahead: usize) -> Option<TokenKind> {
        self.tokens.get(self.at + ahead).map(|token| token.kind)
    }

    pub fn advance(&mut self) {
        self.at += 1;
    }

    pub fn text(&self, token: Token) -> &'d str {
        self.deck.token_text(self.file, token)
    }

    pub fn span(&self, token: Token) -> Span {
        Span { file: self.file, start: token.start, end: token.end }
    }

    /// Of the next token, or of the end of the card.
    pub fn here(&self) -> Span {
        match (self.peek(), self.tokens.last()) {
            (Some(token), _) => self.span(token),
            (None, Some(last)) => Span { file: self.file, start: last.end, end: last.end },
            (None, None) => Span { file: self.file, start: 0, end: 0 },
        }
    }

    /// From the token at `start` to the one before this.
    pub fn span_since(&self, start: usize) -> Span {
        match (self.tokens.get(start), self.tokens.get(self.at.wrapping_sub(1))) {
            (Some(first), Some(last)) => Span { file: self.file, start: first.start, end: last.end.max(first.end) },
            _ => self.here(),
        }
    }

    /// Skips what SPICE takes for blanks.
    pub fn skip_separators(&mut self) {
        while matches!(self.kind(), Some(TokenKind::Comma | TokenKind::Open | TokenKind::Close)) {
            self.at += 1;
        }
    }

    pub fn accept(&mut self, kind: TokenKind) -> bool {
        let found = self.kind() == Some(kind);
        self.at += usize::from(found);
        found
    }

    /// Whether `key=` comes next.
    pub fn at_key(&self) -> bool {
        self.kind() == Some(TokenKind::Word) && self.kind_at(1) == Some(TokenKind::Equals)
    }

    /// Whether `key=` comes anywhere on the rest of the card.
    pub fn has_key(&self, key: &str) -> bool {
        let mut rest = *self;
        while !rest.at_end() {
            if rest.at_key() && rest.peek_word() == Some(key) {
                return true;
            }
            rest.advance();
        }
        false
    }

    /// The next token if it is a word that is not a `key=`.
    pub fn positional_word(&mut self) -> Option<(&'d str, Span)> {
        let token = self.peek().filter(|token| token.kind == TokenKind::Word)?;
        if self.at_key() {
            return None;
        }
        self.at += 1;
        Some((self.text(token), self.span(token)))
    }

    /// The next word without moving on.
    pub fn peek_word(&self) -> Option<&'d str> {
        self.peek().filter(|token| token.kind == TokenKind::Word).map(|token| self.text(token))
    }

    pub fn at_end(&self) -> bool {
        self.at >= self.tokens.len()
    }
}

//! Physical lines → logical cards.
//!
//! A file's text is copied once, and in the copy everything that is not part of a card is blanked out: comments, carriage
//! returns, and the line breaks and `+` of continuation lines. The copy is in lower case outside of double quotes and has
//! exactly the length of the original, so an offset into a card is an offset into the file.

use std::ops::Range;

use super::dialect::Dialect;
use crate::diagnostic::{Diagnostic, FileId, Span};

/// The text of one file, ready to be cut into tokens.
#[derive(Debug)]
pub struct CardText {
    /// Same length as the source: comments blanked, continuation lines joined, lower case outside of double quotes.
    pub text: String,
    /// Each logical card, without blanks around it.
    pub cards: Vec<Range<u32>>,
    pub errors: Vec<Diagnostic>,
}

/// Whether what follows a `*` is a card that other simulators would not know, and so take for a comment.
fn is_starred_card(rest: &[u8]) -> bool {
    let text = String::from_utf8_lossy(&rest[..rest.len().min(32)]).to_ascii_lowercase();
    let mut words = text.split_ascii_whitespace();
    match words.next() {
        Some(".array" | ".check" | ".target" | ".figure") => true,
        Some(".measure" | ".meas") => words.next() == Some("steps"),
        _ => false,
    }
}

/// Finds the cards of `source` from byte `start` on.
pub fn split_cards(source: &str, file: FileId, start: usize, dialect: Dialect) -> CardText {
    // Files from DOS end with a control character.
    let bytes = source.bytes().map(|byte| if byte == 0x1a { b' ' } else { byte }).collect();
    let mut splitter = Splitter { bytes, file, dialect, cards: Vec::new(), errors: Vec::new(), check: false };
    splitter.bytes[..start].iter_mut().for_each(|byte| *byte = b' ');
    let mut line_start = start;
    while line_start < splitter.bytes.len() {
        let rest = &splitter.bytes[line_start..];
        let line_end = line_start + rest.iter().position(|&byte| byte == b'\n').unwrap_or(rest.len());
        splitter.line(line_start, line_end);
        line_start = line_end + 1;
    }
    // Only whole comments and ASCII characters were replaced, by ASCII characters, so this is still UTF-8.
    let text = String::from_utf8(splitter.bytes).unwrap_or_default();
    CardText { text, cards: splitter.cards, errors: splitter.errors }
}

struct Splitter {
    bytes: Vec<u8>,
    file: FileId,
    dialect: Dialect,
    cards: Vec<Range<u32>>,
    errors: Vec<Diagnostic>,
    /// The last card is a `*.check` or the like, which `*+` lines continue.
    check: bool,
}

impl Splitter {
    fn line(&mut self, start: usize, end: usize) {
        let Some(first) = self.first_visible(start, end) else { return };
        match self.bytes[first] {
            b'*' => self.starred(first, end),
            b'+' => self.continuation(first, end),
            _ => {
                self.check = false;
                self.card(first, end);
            }
        }
    }

    fn first_visible(&self, start: usize, end: usize) -> Option<usize> {
        (start..end).find(|&at| !self.bytes[at].is_ascii_whitespace())
    }

    /// A comment, unless it is a `*.check` or the like, or continues one.
    fn starred(&mut self, first: usize, end: usize) {
        let next = self.first_visible(first + 1, end);
        let rest = next.map_or(&[][..], |next| &self.bytes[next..end]);
        if is_starred_card(rest) {
            self.bytes[first] = b' ';
            self.check = true;
            self.card(next.unwrap_or(first), end);
        } else if self.check && rest.first() == Some(&b'+') {
            self.bytes[first] = b' ';
            self.continuation(next.unwrap_or(first), end);
        } else {
            self.blank(first, end);
        }
    }

    fn continuation(&mut self, plus: usize, end: usize) {
        let Some(last) = self.cards.pop() else {
            let span = Span::new(self.file, plus, plus + 1);
            self.errors.push(Diagnostic::error("a continuation line without a card before it").at(span));
            self.blank(plus, end);
            return;
        };
        // Whatever lies between is blank or a comment that has been blanked already.
        self.blank(last.end as usize, plus + 1);
        let end = self.clean(plus + 1, end);
        let end = if end > plus { end.max(last.end as usize) } else { last.end as usize };
        self.cards.push(last.start..end as u32);
    }

    fn card(&mut self, first: usize, end: usize) {
        let end = self.clean(first, end);
        if end > first {
            self.cards.push(first as u32..end as u32);
        }
    }

    /// Blanks comments, lowers case, and gives the end of the visible text.
    fn clean(&mut self, start: usize, end: usize) -> usize {
        let (mut quoted, mut braces) = (false, 0i32);
        for at in start..end {
            let byte = self.bytes[at];
            if byte == b'"' {
                quoted = !quoted;
            } else if !quoted {
                braces += i32::from(byte == b'{') - i32::from(byte == b'}');
                if self.starts_comment(start, at, end) && !(byte == b'$' && self.inside(braces)) {
                    self.blank(at, end);
                    break;
                }
                self.bytes[at] = if byte.is_ascii_whitespace() { b' ' } else { byte.to_ascii_lowercase() };
            }
        }
        let visible = self.bytes[start..end].iter().rposition(|byte| !byte.is_ascii_whitespace());
        visible.map_or(start, |last| start + last + 1)
    }

    /// Whether a `$` below that many braces of its line belongs to an expression.
    fn inside(&self, braces: i32) -> bool {
        braces > 0 && self.dialect.has_lone_dollar_comments()
    }

    fn starts_comment(&self, start: usize, at: usize, end: usize) -> bool {
        let token_start = at == start || self.bytes[at - 1].is_ascii_whitespace();
        let next = self.bytes[at..end].get(1).copied();
        match self.bytes[at] {
            b';' => true,
            b'$' if self.dialect.has_dollar_comments() => {
                token_start || next.is_none_or(|next| next.is_ascii_whitespace())
            }
            b'$' if self.dialect.has_lone_dollar_comments() => {
                token_start && next.is_none_or(|next| next.is_ascii_whitespace())
            }
            b'/' if self.dialect.has_slash_comments() => token_start && next == Some(b'/'),
            _ => false,
        }
    }

    fn blank(&mut self, start: usize, end: usize) {
        self.bytes[start..end].iter_mut().for_each(|byte| *byte = b' ');
    }
}

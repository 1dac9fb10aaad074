//! `.data name column … value … .enddata`: rows of values that analyses go through.

use super::card::{DataTable, Name};
use super::line::CardText;
use super::number::parse_number_in;
use super::reader::{Card, Reader};
use super::token::{TokenKind, Unbraced};
use crate::diagnostic::{Diagnostic, Span};

impl Reader {
    /// Reads from `.data` to `.enddata`, whose rows may be cards of their own or continuation lines.
    pub(super) fn data(
        &mut self,
        rest: Card<'_>,
        text: &CardText,
        index: &mut usize,
        end: usize,
    ) -> Result<(), Diagnostic> {
        let mut tokens = self.tokens(rest, Unbraced::None)?;
        let mut closed = false;
        while *index < end && !closed {
            let place = text.cards[*index].start as usize..text.cards[*index].end as usize;
            let card = Card { text: &text.text[place.clone()], start: place.start, ..rest };
            *index += 1;
            closed = card.text.starts_with(".enddata");
            if !closed {
                tokens.tokens.end = self.tokens(card, Unbraced::None)?.tokens.end;
            }
        }
        if !closed {
            return Err(Diagnostic::error("`.data` without `.enddata`").at(rest.span()));
        }
        let word = |token: &super::token::Token| {
            let name = text.text[token.start as usize..token.end as usize].into();
            Name { text: name, span: Span { file: rest.file, start: token.start, end: token.end } }
        };
        let all = &self.table.tokens[tokens.tokens.start as usize..tokens.tokens.end as usize];
        let is_value = |token: &super::token::Token| {
            token.kind != TokenKind::Word
                || parse_number_in(&text.text[token.start as usize..token.end as usize], rest.dialect).is_some()
        };
        let count = all.iter().position(is_value).unwrap_or(all.len());
        let mut names = all[..count].iter().map(word);
        let Some(name) = names.next() else {
            return Err(Diagnostic::error("expected the name of the table").at(rest.span()));
        };
        let columns: Vec<Name> = names.collect();
        let values = all.len() - count;
        if columns.is_empty() || values == 0 || !values.is_multiple_of(columns.len()) {
            let message = format!("{values} values do not fill rows of {} columns", columns.len());
            return Err(Diagnostic::error(message).at(name.span).hint(".data name column … value … .enddata"));
        }
        tokens.tokens.start += count as u32;
        let alters = self.alterations.are_read();
        let tables = &mut self.blocks.current().tables;
        tables.retain(|table| !alters || table.name.text != name.text);
        tables.push(DataTable { name, columns, values: tokens });
        Ok(())
    }
}

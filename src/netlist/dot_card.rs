//! Dot cards whose meaning is for a later stage.

use std::ops::Range;
use std::sync::Arc;

use crate::diagnostic::Span;

/// A dot card whose meaning is for a later stage: the keyword without its dot, and what follows it in lower case outside
/// of double quotes. Continuation lines are joined by as many blanks as the line break and the `+` (and comments) took,
/// so that offsets into the text are offsets into the file.
#[derive(Debug, Clone)]
pub struct DotCard {
    /// `save`, `print`, `plot`, `probe`, `measure`, `four`, `check`, …, or `script` for what the commands of a script name.
    pub keyword: Arc<str>,
    pub text: Arc<str>,
    /// The card.
    pub span: Span,
    /// Where `text` begins in the file `span.file`.
    pub offset: usize,
}

impl DotCard {
    /// The source of `text[range]`.
    pub fn span_of(&self, range: Range<usize>) -> Span {
        Span::new(self.span.file, self.offset + range.start, self.offset + range.end)
    }

    /// The source of `part`, which must be a slice of `text`.
    pub fn span_of_part(&self, part: &str) -> Span {
        let start = (part.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize).min(self.text.len());
        self.span_of(start..(start + part.len()).min(self.text.len()))
    }
}

//! A deck with other analyses and further cards: what the commands of a script ask for.

use std::sync::Arc;

use super::Deck;
use super::block_stack::BlockStack;
use super::card::CommandKeyword;
use super::dot_card::DotCard;
use super::reader::Reader;
use crate::diagnostic::{FileId, SourceMap, Span};

/// A card that a script adds to a deck.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addition {
    /// `.tran 1u 1m`
    pub card: String,
    /// The line of the script that it comes from.
    pub span: Span,
}

/// Which of the deck's own cards remain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Own {
    /// All.
    Everything,
    /// Neither analyses and steps nor cards about results, but for `.save` and `.probe`, and `.measure` of this analysis.
    CircuitAnd(&'static str),
}

impl Deck {
    /// This deck with `additions`; messages about these point at the lines of the script.
    pub fn variant(&self, own: Own, additions: &[Addition]) -> Deck {
        let mut top = self.top.clone();
        if let Own::CircuitAnd(analysis) = own {
            top.commands.retain(|command| !is_analysis(command.keyword));
            top.dot_cards.retain(|card| match &*card.keyword {
                "save" | "probe" => true,
                "measure" => card.text.split_whitespace().next() == Some(analysis),
                _ => false,
            });
        }
        let (quantities, span) = (self.script.quantities(), self.script.lines().first().map(|line| line.span));
        if let (false, Some(span)) = (quantities.is_empty(), span) {
            // What commands print must be recorded.
            let (keyword, text) = ("script".into(), quantities.into());
            top.dot_cards.push(DotCard { keyword, text, span, offset: span.start as usize });
        }
        let mut reader = Reader::new(self.dialect, self.read_by_ngspice);
        reader.sources = (*self.sources).clone();
        reader.limits = self.limits;
        reader.texts = self.texts.clone();
        reader.table = self.table.clone();
        reader.folders = vec![Default::default(); reader.texts.len()];
        reader.blocks = BlockStack::with_top(top);
        reader.errors = self.errors.clone();
        reader.warnings = self.warnings.clone();
        reader.broken = self.broken.clone();
        reader.title = self.title.clone();
        for addition in additions {
            let (name, text, start) = placed(&self.sources, addition.span, &addition.card);
            let file = reader.add_file(&name, text.into(), Default::default(), start);
            let count = reader.texts[file.0 as usize].cards.len();
            reader.ended = false;
            reader.cards(file, 0..count);
        }
        reader.finish()
    }

    /// The deck's texts with one more, `text`, which messages show in the place of the line at `span`: the file, and where
    /// `text` begins in it.
    pub fn with_text(&self, span: Span, text: &str) -> (Arc<SourceMap>, FileId, usize) {
        let mut sources = (*self.sources).clone();
        let (name, padded, start) = placed(&self.sources, span, text);
        let file = sources.add(name, padded);
        (Arc::new(sources), file, start)
    }
}

/// A file of the same name with `text` in the same line: name, contents, and where `text` begins.
fn placed(sources: &SourceMap, span: Span, text: &str) -> (String, String, usize) {
    let file = sources.file(span.file);
    let before = &file.text.as_bytes()[..(span.start as usize).min(file.text.len())];
    let lines = before.iter().filter(|&&byte| byte == b'\n').count();
    (file.name.clone(), format!("{}{text}\n", "\n".repeat(lines)), lines)
}

fn is_analysis(keyword: CommandKeyword) -> bool {
    use CommandKeyword as K;
    match keyword {
        K::OperatingPoint
        | K::Noise
        | K::TransferFunction
        | K::PoleZero
        | K::Sensitivity
        | K::Scattering
        | K::Distortion => true,
        K::MonteCarlo | K::Sampling | K::Dc | K::Ac | K::Transient | K::Step => true,
        K::InitialConditions | K::NodeSet | K::Global | K::Temperature | K::Options => false,
    }
}

//! The blocks that are open while cards are read: the deck, subcircuits within it, conditionals within those.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::card::{Block, Branch, Conditional, FunctionCard, ModelCard, Name, ParameterCard, Subcircuit};
use super::definition::SubcircuitHead;
use super::expression::Expression;
use crate::diagnostic::{Diagnostic, Severity, Span};

/// Definitions and conditionals within each other.
const DEPTH_LIMIT: usize = 100;

enum Frame {
    Subcircuit(Box<Subcircuit>, Span),
    Conditional(Conditional, Span),
    /// A subcircuit whose head has an error or that is nested too deeply: its cards are dropped.
    Dropped(Box<Block>, Opened, Span),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Opened {
    Subcircuit,
    Conditional,
}

#[derive(Default)]
pub struct BlockStack {
    top: Block,
    frames: Vec<Frame>,
    /// What is defined at the top takes the place of what has its name.
    alters: bool,
}

impl BlockStack {
    /// Goes on with a deck whose cards are in `top`.
    pub fn with_top(top: Block) -> Self {
        BlockStack { top, frames: Vec::new(), alters: false }
    }

    /// From now on what is defined at the top takes the place of what has its name.
    pub fn alter(&mut self) {
        self.alters = true;
    }

    /// Whether no subcircuit and no conditional is open.
    pub fn is_at_top(&self) -> bool {
        self.frames.is_empty()
    }

    pub fn top(&self) -> &Block {
        &self.top
    }

    /// Which of two definitions of a name counts in the current block, if not `otherwise`.
    fn counts(&self, otherwise: Counts) -> Counts {
        if self.alters && self.is_at_top() { Counts::New } else { otherwise }
    }

    /// The block to which cards are added now.
    pub fn current(&mut self) -> &mut Block {
        match self.frames.last_mut() {
            None => &mut self.top,
            Some(Frame::Subcircuit(subcircuit, _)) => &mut subcircuit.body,
            Some(Frame::Dropped(block, ..)) => block,
            Some(Frame::Conditional(conditional, _)) => match conditional.branches.last_mut() {
                Some(branch) => &mut branch.body,
                None => &mut self.top,
            },
        }
    }

    /// The subcircuit whose cards are read now.
    pub fn subcircuit(&mut self) -> Option<&mut Subcircuit> {
        self.frames.iter_mut().rev().find_map(|frame| match frame {
            Frame::Subcircuit(subcircuit, _) => Some(&mut **subcircuit),
            Frame::Conditional(..) | Frame::Dropped(..) => None,
        })
    }

    pub fn add_parameter(&mut self, parameter: ParameterCard) -> Result<(), Diagnostic> {
        let last = self.counts(Counts::Last("parameter"));
        let block = self.current();
        define(&mut block.parameter_index, &mut block.parameters, parameter, last, |card| &card.name)
    }

    pub fn add_function(&mut self, function: FunctionCard) -> Result<(), Diagnostic> {
        let last = self.counts(Counts::Last("function"));
        let block = self.current();
        define(&mut block.function_index, &mut block.functions, function, last, |card| &card.name)
    }

    pub fn add_model(&mut self, model: ModelCard) -> Result<(), Diagnostic> {
        let first = self.counts(Counts::First("model"));
        let block = self.current();
        let (count, bin_of) = (block.models.len(), model.bin_of().map(Arc::from));
        define(&mut block.model_index, &mut block.models, model, first, |card| &card.name)?;
        if let Some(name) = bin_of.filter(|_| block.models.len() > count) {
            block.bin_index.entry(name).or_default().push(block.models.len() as u32 - 1);
        }
        Ok(())
    }

    fn too_deep(&self, span: Span) -> Result<(), Diagnostic> {
        if self.frames.len() < DEPTH_LIMIT {
            return Ok(());
        }
        Err(Diagnostic::error(format!("definitions are nested more than {DEPTH_LIMIT} deep")).at(span))
    }

    fn drop_frame<T>(&mut self, result: Result<T, Diagnostic>, opened: Opened, span: Span) -> Result<T, Diagnostic> {
        if result.is_err() {
            self.frames.push(Frame::Dropped(Box::default(), opened, span));
        }
        result
    }

    /// `.subckt`; if its head has an error, its body is read for more errors but dropped.
    pub fn open_subcircuit(&mut self, head: Result<SubcircuitHead, Diagnostic>, span: Span) -> Result<(), Diagnostic> {
        let checked = self.too_deep(span).and(head).and_then(subcircuit);
        let subcircuit = self.drop_frame(checked, Opened::Subcircuit, span)?;
        self.frames.push(Frame::Subcircuit(Box::new(subcircuit), span));
        Ok(())
    }

    /// `.ends [name]`
    pub fn close_subcircuit(&mut self, name: &str, span: Span) -> Result<(), Diagnostic> {
        match self.frames.pop() {
            Some(Frame::Subcircuit(subcircuit, opened)) => {
                let mismatch = !name.is_empty() && *name != *subcircuit.name.text;
                let message = format!("`.ends {name}` closes the subcircuit `{}`", subcircuit.name.text);
                let first = self.counts(Counts::First("subcircuit"));
                let block = self.current();
                let index = &mut block.subcircuit_index;
                define(index, &mut block.subcircuits, *subcircuit, first, |card| &card.name)?;
                if mismatch { Err(Diagnostic::warning(message).at(span).label(opened, "opened here")) } else { Ok(()) }
            }
            Some(Frame::Dropped(_, Opened::Subcircuit, _)) => Ok(()),
            Some(Frame::Conditional(_, opened) | Frame::Dropped(_, Opened::Conditional, opened)) => {
                let error = Diagnostic::error("this `.if` has no `.endif`").at(opened);
                let closed = self.close_subcircuit(name, span);
                Err(if closed.is_ok() { error.label(span, "the subcircuit ends here") } else { error })
            }
            None => Err(Diagnostic::error("`.ends` without `.subckt`").at(span)),
        }
    }

    /// `.if`
    pub fn open_conditional(
        &mut self,
        condition: Result<Expression, Diagnostic>,
        span: Span,
    ) -> Result<(), Diagnostic> {
        let checked = self.too_deep(span).and(condition);
        let condition = self.drop_frame(checked, Opened::Conditional, span)?;
        let branch = Branch { condition: Some(condition), span, body: Block::default() };
        self.frames.push(Frame::Conditional(Conditional { branches: vec![branch] }, span));
        Ok(())
    }

    /// `.elseif`, or `.else` if there is no condition.
    pub fn next_branch(&mut self, condition: Option<Expression>, span: Span) -> Result<(), Diagnostic> {
        let card = if condition.is_some() { ".elseif" } else { ".else" };
        match self.frames.last_mut() {
            Some(Frame::Conditional(conditional, _)) => {
                let last = conditional.branches.last().filter(|branch| branch.condition.is_none());
                if let Some(last) = last {
                    return Err(Diagnostic::error(format!("`{card}` after `.else`")).at(span).label(last.span, ""));
                }
                conditional.branches.push(Branch { condition, span, body: Block::default() });
                Ok(())
            }
            Some(Frame::Dropped(block, Opened::Conditional, _)) => {
                **block = Block::default();
                Ok(())
            }
            _ => Err(Diagnostic::error(format!("`{card}` without `.if`")).at(span)),
        }
    }

    /// `.endif`
    pub fn close_conditional(&mut self, span: Span) -> Result<(), Diagnostic> {
        match self.frames.pop() {
            Some(Frame::Conditional(conditional, _)) => {
                self.current().conditionals.push(conditional);
                Ok(())
            }
            Some(Frame::Dropped(_, Opened::Conditional, _)) => Ok(()),
            other => {
                self.frames.extend(other);
                Err(Diagnostic::error("`.endif` without `.if`").at(span))
            }
        }
    }

    /// The top block, and errors for whatever has not been closed.
    pub fn finish(mut self) -> (Block, Vec<Diagnostic>) {
        let mut errors = Vec::new();
        while let Some(frame) = self.frames.pop() {
            match frame {
                Frame::Subcircuit(subcircuit, span) => {
                    let message = format!("the subcircuit `{}` has no `.ends`", subcircuit.name.text);
                    errors.push(Diagnostic::error(message).at(span));
                    let block = self.current();
                    let index = &mut block.subcircuit_index;
                    let first = Counts::First("subcircuit");
                    // There is an error already.
                    let _ = define(index, &mut block.subcircuits, *subcircuit, first, |card| &card.name);
                }
                Frame::Dropped(_, Opened::Subcircuit, span) => {
                    errors.push(Diagnostic::error("this `.subckt` has no `.ends`").at(span));
                }
                Frame::Conditional(_, span) | Frame::Dropped(_, Opened::Conditional, span) => {
                    errors.push(Diagnostic::error("this `.if` has no `.endif`").at(span));
                }
            }
        }
        (self.top, errors)
    }
}

fn subcircuit(head: SubcircuitHead) -> Result<Subcircuit, Diagnostic> {
    let mut port_index = FxHashMap::default();
    let mut body = Block::default();
    for (index, port) in head.ports.iter().enumerate() {
        // `?` is what some schematic editors call every pin that is not connected.
        if port_index.contains_key(port) && &**port != "?" {
            let warning = Diagnostic::warning(format!("the port `{port}` is named twice: its first place counts"));
            body.errors.push(warning.at(head.ports_span));
        }
        port_index.entry(port.clone()).or_insert(index as u32);
    }
    let mut names = FxHashMap::default();
    let mut parameters = Vec::new();
    for parameter in head.parameters {
        define(&mut names, &mut parameters, parameter, Counts::Last("parameter"), |card| &card.name)
            .map_err(|warning| Diagnostic { severity: Severity::Error, ..warning })?;
    }
    let (name, ports, ports_span) = (head.name, head.ports, head.ports_span);
    Ok(Subcircuit { name, ports, port_index, ports_span, parameters, body })
}

/// Which of several definitions of one name counts, and what they define. As ngspice has it.
#[derive(Clone, Copy)]
enum Counts {
    First(&'static str),
    Last(&'static str),
    /// The new one, which is meant to take the place of the old one.
    New,
}

/// Adds `card` under its name.
///
/// # Errors
/// A warning, if there was a card of this name before.
fn define<T>(
    index: &mut FxHashMap<Arc<str>, u32>,
    cards: &mut Vec<T>,
    card: T,
    counts: Counts,
    name: impl Fn(&T) -> &Name,
) -> Result<(), Diagnostic> {
    let new = name(&card);
    if let Some(&old) = index.get(&new.text) {
        let place = &mut cards[old as usize];
        let (what, which) = match counts {
            Counts::First(what) => (what, "first"),
            Counts::Last(what) => (what, "last"),
            Counts::New => {
                *place = card;
                return Ok(());
            }
        };
        let warning =
            Diagnostic::warning(format!("the {what} `{}` is defined twice: the {which} one counts", new.text));
        let warning = warning.at(new.span).label(name(place).span, "first defined here");
        if matches!(counts, Counts::Last(_)) {
            *place = card;
        }
        return Err(warning);
    }
    index.insert(new.text.clone(), cards.len() as u32);
    cards.push(card);
    Ok(())
}

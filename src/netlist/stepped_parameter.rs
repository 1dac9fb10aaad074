//! Parameters that nothing but `.step param` defines, as LTspice's decks have them.

use std::sync::Arc;

use super::card::{Block, Command, CommandKeyword, Name, ParameterCard};
use super::dialect::Dialect;
use super::expression::Expression;
use super::number::parse_number_in;
use super::reader::Reader;
use super::token::{Token, TokenKind};
use crate::diagnostic::Span;

impl Reader {
    /// Gives every parameter that is stepped through and defined nowhere the first value of its `.step`, if something depends on
    /// it: else its name may be a slip of the pen. LTspice's decks step through nothing at all to draw again and again.
    pub(super) fn define_stepped(&self, top: &mut Block) {
        let steps = top.commands.iter().filter(|command| command.keyword == CommandKeyword::Step);
        let found: Vec<ParameterCard> = steps.filter_map(|command| self.stepped(command)).collect();
        for card in found {
            let wanted = self.dialect == Dialect::LtSpice || self.is_used(top, &card.name.text);
            if wanted && !is_defined(top, &card.name.text) {
                top.parameter_index.insert(card.name.text.clone(), top.parameters.len() as u32);
                top.parameters.push(card);
            }
        }
    }

    /// Whether an expression on a card, or that of a parameter of the deck, refers to `name`.
    fn is_used(&self, top: &Block, name: &str) -> bool {
        let mut found = false;
        let parameters = top.parameters.iter().map(|card| &card.value);
        for expression in self.table.expressions.iter().chain(parameters) {
            expression.walk(&mut |part| found |= matches!(part, Expression::Name(other, _) if **other == *name));
        }
        found
    }

    /// The parameter of `.step [lin|oct|dec] param NAME [list] value …`.
    fn stepped(&self, command: &Command) -> Option<ParameterCard> {
        let tokens = &self.table.tokens[command.tokens.tokens.start as usize..command.tokens.tokens.end as usize];
        let file = command.tokens.file;
        let text = |token: &Token| &self.texts[file.0 as usize].text[token.start as usize..token.end as usize];
        let span = |token: &Token| Span { file, start: token.start, end: token.end };
        let mut rest = tokens.iter().skip_while(|token| text(token) != "param").skip(1);
        let name = rest.next().filter(|token| token.kind == TokenKind::Word)?;
        let value = rest.find(|token| !matches!(text(token), "list" | "lin" | "oct" | "dec" | "=" | ","))?;
        let first = match value.kind {
            TokenKind::Expression(index) => self.table.expressions[index as usize].clone(),
            _ => Expression::Number(parse_number_in(text(value), self.dialect)?),
        };
        let name = Name { text: Arc::from(text(name)), span: span(name) };
        Some(ParameterCard { name, value: first, value_span: span(value) })
    }
}

/// Whether the block, or a branch of its conditionals, has the parameter.
fn is_defined(block: &Block, name: &str) -> bool {
    let mut bodies = block.conditionals.iter().flat_map(|conditional| &conditional.branches);
    block.parameter_index.contains_key(name) || bodies.any(|branch| is_defined(&branch.body, name))
}

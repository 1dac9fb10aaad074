//! Sources that answer by frequency: `laplace`, `chebyshev`, `freq`.

use std::sync::Arc;

use super::card_cursor::CardCursor;
use super::tail::Rules;
use super::{Elaborator, Reported};
use crate::circuit::bound::{BinaryOperator, Bound};
use crate::circuit::element::{Element, GROUND, Spanned, Value};
use crate::diagnostic::{Diagnostic, Span};
use crate::netlist::token::TokenKind;
use crate::numerics::chebyshev::{self, Band};

impl<'d> Elaborator<'d> {
    /// `laplace {input} = {H(s)}`, or LTspice's `laplace = H(s)` of the voltage between the controlling nodes.
    pub(super) fn laplace(
        &mut self,
        rules: Rules,
        element: &Element,
        cursor: &mut CardCursor<'d>,
    ) -> Result<Spanned<Value>, Reported> {
        let start = cursor.position();
        cursor.advance();
        let input = self.input(rules, element, cursor)?;
        cursor.accept(TokenKind::Equals);
        let Some(TokenKind::Expression(index)) = cursor.kind() else {
            let error = Diagnostic::error("expected the transfer function").at(cursor.here());
            return Err(self.report(error.hint("write `laplace {v(in)} = {1/(1 + s*1m)}`")));
        };
        let span = cursor.here();
        cursor.advance();
        let found = self.rational(self.deck.expression(index), rules.scope, span)?;
        let call = self.transfer(input, found.numerator, found.denominator, span);
        Ok(Spanned { item: call, span: cursor.span_since(start) })
    }

    /// The input: an expression, or before `=` the voltage between the controlling nodes.
    fn input(
        &mut self,
        rules: Rules,
        element: &Element,
        cursor: &mut CardCursor<'d>,
    ) -> Result<Spanned<Value>, Reported> {
        let span = cursor.here();
        if cursor.kind() == Some(TokenKind::Equals) {
            let [cp, cn] = [element.nodes.get(2), element.nodes.get(3)].map(|node| node.map_or(GROUND, |node| *node));
            let difference =
                Bound::Binary(BinaryOperator::Subtract, Box::new(Bound::Node(cp)), Box::new(Bound::Node(cn)));
            return Ok(Spanned { item: Value::Expression(Arc::new(difference)), span });
        }
        match self.positional(rules, cursor)? {
            Some(found) => Ok(found),
            None => Err(self.report(Diagnostic::error("expected the input of the transfer function").at(span))),
        }
    }

    /// A `laplace` source as a value: input, and coefficients of numerator and denominator.
    fn transfer(&mut self, input: Spanned<Value>, numerator: Vec<f64>, denominator: Vec<f64>, span: Span) -> Value {
        let list = |coefficients: Vec<f64>| {
            let items = coefficients.into_iter().map(|number| Spanned { item: Value::Number(number), span });
            Spanned { item: Value::List(items.collect()), span }
        };
        let mut call = self.empty_call("laplace");
        call.arguments = vec![input, list(numerator), list(denominator)];
        Value::Call(Box::new(call))
    }

    /// PSpice's `chebyshev {input} = lp|hp|bp|br frequencies ripple attenuation`: a transfer function.
    pub(super) fn chebyshev(
        &mut self,
        rules: Rules,
        element: &Element,
        cursor: &mut CardCursor<'d>,
    ) -> Result<Spanned<Value>, Reported> {
        let start = cursor.position();
        cursor.advance();
        let input = self.input(rules, element, cursor)?;
        cursor.accept(TokenKind::Equals);
        cursor.skip_separators();
        let example = "write `chebyshev {v(in)} = lp 800 1.2k 0.1dB 50dB`";
        let Some(band) = cursor.peek_word().and_then(Band::named) else {
            let error = Diagnostic::error("expected `lp`, `hp`, `bp` or `br`").at(cursor.here());
            return Err(self.report(error.hint(example)));
        };
        cursor.advance();
        let first = cursor.position();
        let mut numbers = Vec::new();
        while !cursor.at_end() && !cursor.at_key() {
            if let Some(value) = self.positional(rules, cursor)? {
                numbers.push(value.item.number().unwrap_or(f64::NAN));
            }
        }
        let span = cursor.span_since(first);
        if numbers.len() != band.edges() + 2 {
            let message = format!("expected {} frequencies, the ripple and the attenuation", band.edges());
            return Err(self.report(Diagnostic::error(message).at(span).hint(example)));
        }
        let (edges, levels) = numbers.split_at(band.edges());
        let (ripple, attenuation) = (levels[0].min(levels[1]), levels[0].max(levels[1]));
        match chebyshev::filter(band, edges, ripple, attenuation) {
            Ok([numerator, denominator]) => {
                let item = self.transfer(input, numerator, denominator, span);
                Ok(Spanned { item, span: cursor.span_since(start) })
            }
            Err(message) => Err(self.report(Diagnostic::error(message).at(span))),
        }
    }

    /// `freq {input} = [words] (f, gain, angle) … [delay=…]`: the input, then words and numbers in order.
    pub(super) fn frequency_table(
        &mut self,
        rules: Rules,
        element: &Element,
        cursor: &mut CardCursor<'d>,
    ) -> Result<Spanned<Value>, Reported> {
        let start = cursor.position();
        let rules = self.deeper(rules, cursor.here())?;
        cursor.advance();
        let input = self.input(rules, element, cursor)?;
        let mut call = self.empty_call("freq");
        call.arguments.push(input);
        while !cursor.at_end() {
            let word = cursor.peek_word().unwrap_or_default();
            if matches!(word, "db" | "mag" | "deg" | "rad" | "r_i") {
                // What stands in parentheses behind it is no argument of the word.
                call.arguments.push(Spanned { item: Value::Word(self.shared_name(word)), span: cursor.here() });
                cursor.advance();
            } else if cursor.at_key() {
                call.parameters.push(self.pair(rules, cursor)?);
            } else {
                call.arguments.extend(self.positional(rules, cursor)?);
            }
        }
        Ok(Spanned { item: Value::Call(Box::new(call)), span: cursor.span_since(start) })
    }
}

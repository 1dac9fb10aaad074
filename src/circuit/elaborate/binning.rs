//! Model bins: the cards `nch.1`, `nch.2`, … are one model `nch`, for transistors of different sizes.
//!
//! A transistor takes the first of them with lmin ≤ l ≤ lmax and wmin ≤ w ≤ wmax. Source: ngspice-39 manual, section 11.1.
//!
//! Process kits have some dozens of bins with hundreds of parameters in every subcircuit, so the limits alone are evaluated until one fits.

use super::card_cursor::CardCursor;
use super::scope::ScopeId;
use super::tail::Rules;
use super::{Elaborator, Reported};
use crate::circuit::Model;
use crate::circuit::element::{Element, Value};
use crate::circuit::model::ModelId;
use crate::diagnostic::Diagnostic;
use crate::netlist::card::ModelCard;
use crate::netlist::number::parse_number_in;
use crate::netlist::token::TokenKind;

/// The limits of a bin, in the order in which they are compared: least and greatest length, least and greatest width.
const LIMITS: [&str; 4] = ["lmin", "lmax", "wmin", "wmax"];

/// Relative slack of sizes, for rounding.
const SLACK: f64 = 1e-9;

impl<'d> Elaborator<'d> {
    /// The first bin of the model `name`.
    pub fn first_bin(&self, from: ScopeId, name: &str) -> Option<(ScopeId, &'d ModelCard)> {
        self.search(from, |scope| scope.blocks.iter().find_map(|block| block.bins(name).next()))
    }

    /// The bins of the model that `name` is a bin of.
    fn fellows(&self, from: ScopeId, name: &str) -> Vec<&'d ModelCard> {
        let Some((base, _)) = name.rsplit_once('.') else { return Vec::new() };
        let found = self.search(from, |scope| {
            let bins: Vec<&'d ModelCard> = scope.blocks.iter().flat_map(|block| block.bins(base)).collect();
            (!bins.is_empty()).then_some(bins)
        });
        found.map(|(_, bins)| bins).unwrap_or_default()
    }

    /// The model that a card in `scope` calls `word`; of bins the one for the sizes that follow on the card, if one is for them.
    pub fn model_for_sizes(
        &mut self,
        scope: ScopeId,
        word: &str,
        rest: CardCursor<'d>,
    ) -> Option<Result<ModelId, Reported>> {
        let (home, first) = self.find_model(scope, word)?;
        if *first.name.text == *word {
            return self.model(scope, word);
        }
        let count = self.drawing.count;
        let sizes = self.sizes_on_card(scope, rest);
        self.drawing.count = count;
        let bins: Vec<&'d ModelCard> = self.scope(home).blocks.iter().flat_map(|block| block.bins(word)).collect();
        let [length, width] = match sizes {
            Ok(sizes) => sizes,
            Err(reported) => return Some(Err(reported)),
        };
        for bin in bins {
            let limits = match self.limits(home, bin) {
                Ok(limits) => limits,
                Err(reported) => return Some(Err(reported)),
            };
            if within(length, limits[0], limits[1]) && within(width, limits[2], limits[3]) {
                return self.model(scope, &bin.name.text);
            }
        }
        // None is: an error, when the whole card is known.
        self.model(scope, word)
    }

    /// l and w in m, as the rest of a transistor's card has them.
    fn sizes_on_card(&mut self, scope: ScopeId, mut cursor: CardCursor<'d>) -> Result<[f64; 2], Reported> {
        let rules = Rules::new(scope, b'm', false);
        let scale = self.circuit.options.scale;
        let [mut length, mut width, mut fingers] = [self.circuit.options.defl, self.circuit.options.defw, 1.0];
        while !cursor.at_end() {
            let key = cursor.peek_word().filter(|_| cursor.at_key()).unwrap_or("");
            if !matches!(key, "l" | "w" | "nf") {
                cursor.advance();
                continue;
            }
            match (key, self.pair(rules, &mut cursor)?.value) {
                ("l", Value::Number(number)) => length = number * scale,
                ("w", Value::Number(number)) => width = number * scale,
                (_, Value::Number(number)) if number > 0.0 => fingers = number,
                _ => {}
            }
        }
        Ok([length, width / if self.circuit.options.bins_by_finger { fingers } else { 1.0 }])
    }

    /// The [`LIMITS`] of a bin.
    fn limits(&mut self, home: ScopeId, bin: &'d ModelCard) -> Result<[Option<f64>; 4], Reported> {
        let mut limits = [None; 4];
        let mut cursor = CardCursor::new(self.deck, &bin.parameters);
        while !cursor.at_end() && limits.contains(&None) {
            let key = cursor.peek_word().filter(|_| cursor.at_key()).unwrap_or("");
            let Some(index) = LIMITS.iter().position(|name| *name == key) else {
                cursor.advance();
                continue;
            };
            cursor.advance();
            cursor.advance();
            let span = cursor.here();
            limits[index] = match cursor.kind() {
                Some(TokenKind::Expression(index)) => Some(self.number(self.deck.expression(index), home, span)?),
                _ => match cursor.peek_word() {
                    Some(word) => match parse_number_in(word, self.deck.dialect) {
                        None => self.parameter(home, word).transpose()?,
                        number => number,
                    },
                    None => None,
                },
            };
        }
        Ok(limits)
    }

    /// Takes the bin for the size of `element`, which has the first one of its model until now.
    pub fn choose_bin(&mut self, element: &mut Element, scope: ScopeId) -> Result<(), Reported> {
        let Some(first) = element.model.filter(|_| element.letter == b'm') else { return Ok(()) };
        let model = self.circuit.model(first);
        let local = model.name.rsplit_once(':').map_or(&*model.name, |(_, local)| local).to_string();
        let [length, width] = self.size(element);
        if fits(model, length, width) {
            return Ok(());
        }
        let bins = self.fellows(scope, &local);
        let Some(name) = bins.first().and_then(|card| card.bin_of()) else { return Ok(()) };
        for bin in &bins {
            let Some(found) = self.model(scope, &bin.name.text) else { continue };
            let id: ModelId = found?;
            if fits(self.circuit.model(id), length, width) {
                element.model = Some(id);
                return Ok(());
            }
        }
        let message = format!("no bin of the model `{name}` is for l={length} m and w={width} m");
        Err(self
            .report(Diagnostic::error(message).at(element.span).label(self.circuit.model(first).span, "the first bin")))
    }

    /// l and w in m; the width is that of one finger, unless the deck says otherwise.
    fn size(&self, element: &Element) -> [f64; 2] {
        let number = |name: &str| element.parameter(name).and_then(|parameter| parameter.value.number());
        let options = &self.circuit.options;
        let fingers = number("nf").filter(|&fingers| fingers > 0.0 && options.bins_by_finger).unwrap_or(1.0);
        [number("l").unwrap_or(options.defl), number("w").unwrap_or(options.defw) / fingers]
    }
}

fn fits(model: &Model, length: f64, width: f64) -> bool {
    let [shortest, longest, narrowest, widest] =
        LIMITS.map(|name| model.parameter(name).and_then(|parameter| parameter.value.number()));
    within(length, shortest, longest) && within(width, narrowest, widest)
}

fn within(value: f64, low: Option<f64>, high: Option<f64>) -> bool {
    low.is_none_or(|low| value >= low * (1.0 - SLACK)) && high.is_none_or(|high| value <= high * (1.0 + SLACK))
}

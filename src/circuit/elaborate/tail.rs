//! What stands on a card after nodes and model: values, words, calls and `key=value` pairs.

use super::card_cursor::CardCursor;
use super::element::is_number;
use super::scope::ScopeId;
use super::{Elaborator, Reported};
use crate::circuit::bound::{BinaryOperator, Bound};
use crate::circuit::element::{CallValue, Element, ElementId, NodeId, Parameter, Spanned, Value};
use crate::diagnostic::{Diagnostic, Span};
use crate::netlist::expression::Expression;
use crate::netlist::number::{parse_begun_number, parse_number_in};
use crate::netlist::token::{Token, TokenKind};

/// Calls and lists within each other.
const NESTING_LIMIT: usize = 32;

/// How the values of a card are read.
#[derive(Clone, Copy)]
pub struct Rules {
    pub scope: ScopeId,
    /// The letter of the element; `.` for models.
    pub letter: u8,
    /// Expressions may contain voltages, currents and time.
    pub behavioural: bool,
    nesting: usize,
    /// What `x` is in LTspice's `q=` and `flux=`.
    variable: Option<Variable>,
}

/// The quantity that a charge or a flux is a function of.
#[derive(Clone, Copy)]
enum Variable {
    Voltage(NodeId, NodeId),
    Current(ElementId),
}

impl Rules {
    pub fn new(scope: ScopeId, letter: u8, behavioural: bool) -> Self {
        Rules { scope, letter, behavioural, nesting: 0, variable: None }
    }

    fn is_source(self) -> bool {
        matches!(self.letter, b'v' | b'i')
    }

    /// Where the gain of E, F, G and H stands.
    fn is_gain(self) -> bool {
        self.nesting == 0 && matches!(self.letter, b'e' | b'f' | b'g' | b'h')
    }

    /// Elements with a value and perhaps a model.
    fn has_optional_model(self) -> bool {
        matches!(self.letter, b'r' | b'c' | b'l' | b'k')
    }
}

/// Source functions, which may have their arguments in parentheses or not.
fn is_waveform(word: &str) -> bool {
    matches!(
        word,
        "pulse"
            | "sin"
            | "sine"
            | "exp"
            | "pwl"
            | "pl"
            | "sffm"
            | "am"
            | "spikes"
            | "trnoise"
            | "trrandom"
            | "pat"
            | "external"
    )
}

/// Words that may have `=` behind them and are no keys all the same.
fn is_function_word(word: Option<&str>, letter: u8) -> bool {
    word == Some("laplace") || matches!(word, Some("freq" | "chebyshev" | "table")) && matches!(letter, b'e' | b'g')
}

/// `key=value` pairs that belong to a waveform written without parentheses.
fn is_waveform_key(key: &str) -> bool {
    matches!(key, "r" | "td" | "file" | "repeat" | "scale" | "delay" | "time_scale_factor" | "value_scale_factor")
}

impl<'d> Elaborator<'d> {
    /// Reads the rest of a card into the element. The value scratch holds what is before.
    pub fn tail(&mut self, element: &mut Element, scope: ScopeId, mut cursor: CardCursor<'d>) -> Result<(), Reported> {
        let mut values = std::mem::take(&mut self.value_scratch);
        let mut parameters = std::mem::take(&mut self.parameter_scratch);
        parameters.clear();
        let next = ElementId(self.circuit.elements.len() as u32);
        let id = self.circuit.element_index.get(&element.name).copied().unwrap_or(next);
        let variable = match (element.letter, &*element.nodes) {
            (b'c', &[p, n]) => Some(Variable::Voltage(p, n)),
            (b'l', _) => Some(Variable::Current(id)),
            _ => None,
        };
        let rules = Rules { variable, ..Rules::new(scope, element.letter, true) };
        let result = self.tail_items(element, rules, &mut cursor, &mut values, &mut parameters);
        self.scale_sizes(element.letter, &mut parameters);
        self.add_poly(element, &mut values);
        element.values = values.drain(..).collect();
        element.parameters = parameters.drain(..).collect();
        self.value_scratch = values;
        self.parameter_scratch = parameters;
        result
    }

    /// Several coefficients on a card with one input are those of `poly(1)`, which SPICE2 lets out.
    fn add_poly(&mut self, element: &Element, values: &mut Vec<Spanned<Value>>) {
        let has_one_input = match element.letter {
            b'e' | b'g' => element.nodes.len() == 4,
            b'f' | b'h' => element.controls.len() == 1,
            _ => false,
        };
        let are_numbers = values.iter().all(|value| matches!(value.item, Value::Number(_)));
        if has_one_input && are_numbers && values.len() > 1 {
            let span = values[0].span;
            let argument = Spanned { item: Value::Number(1.0), span };
            let function = self.shared_name("poly");
            let call = CallValue { function, arguments: vec![argument], parameters: Vec::new() };
            values.insert(0, Spanned { item: Value::Call(Box::new(call)), span });
        }
    }

    /// What `.options scale` does to the sizes on a card.
    fn scale_sizes(&self, letter: u8, parameters: &mut [Parameter]) {
        let scale = self.circuit.options.scale;
        if scale == 1.0 || !matches!(letter, b'm' | b'r' | b'c') {
            return;
        }
        for parameter in parameters {
            let power = match &*parameter.name {
                "w" | "l" | "pd" | "ps" => 1,
                "sa" | "sb" | "sd" | "sc" if letter == b'm' => 1,
                "ad" | "as" => 2,
                _ => continue,
            };
            if let Value::Number(number) = &mut parameter.value {
                *number *= scale.powi(power);
            }
        }
    }

    fn tail_items(
        &mut self,
        element: &mut Element,
        rules: Rules,
        cursor: &mut CardCursor<'d>,
        values: &mut Vec<Spanned<Value>>,
        parameters: &mut Vec<Parameter>,
    ) -> Result<(), Reported> {
        while let Some(token) = cursor.peek() {
            if cursor.at_key() && !is_function_word(cursor.peek_word(), rules.letter) {
                parameters.push(self.pair(rules, cursor)?);
                continue;
            }
            let word = if token.kind == TokenKind::Word { cursor.text(token) } else { "" };
            if rules.letter == b'r' && word == "noiseless" {
                let name = self.shared_name("noisy");
                parameters.push(Parameter { name, value: Value::Number(0.0), span: cursor.span(token) });
                cursor.advance();
                continue;
            }
            let behavioural = matches!(rules.letter, b'e' | b'g' | b'f' | b'h');
            if behavioural && matches!(word, "value" | "vol" | "cur") {
                parameters.push(self.behavioural_pair(rules, cursor)?);
            } else if behavioural && word == "table" {
                values.push(self.table(rules, cursor)?);
            } else if word == "laplace" && (behavioural || rules.letter == b'b') {
                values.push(self.laplace(rules, element, cursor)?);
            } else if behavioural && word == "chebyshev" {
                values.push(self.chebyshev(rules, element, cursor)?);
            } else if behavioural && word == "freq" {
                values.push(self.frequency_table(rules, element, cursor)?);
            } else if rules.has_optional_model() && element.model.is_none() && self.is_model_word(rules.scope, word) {
                element.model = self.model(rules.scope, word).transpose()?;
                cursor.advance();
            } else if let Some(value) = self.positional(rules, cursor)? {
                values.push(value);
            }
        }
        Ok(())
    }

    fn is_model_word(&self, scope: ScopeId, word: &str) -> bool {
        word.starts_with(|c: char| c.is_alphabetic() || c == '_') && self.find_model(scope, word).is_some()
    }

    /// One value, or None for what SPICE takes for a blank.
    pub fn positional(
        &mut self,
        rules: Rules,
        cursor: &mut CardCursor<'d>,
    ) -> Result<Option<Spanned<Value>>, Reported> {
        let Some(token) = cursor.peek() else { return Ok(None) };
        let start = cursor.position();
        let span = cursor.span(token);
        let item = match token.kind {
            TokenKind::Comma | TokenKind::Open | TokenKind::Close | TokenKind::Equals => {
                cursor.advance();
                return Ok(None);
            }
            TokenKind::ListOpen => self.list(rules, cursor)?,
            TokenKind::ListClose => {
                return Err(self.report(Diagnostic::error("a `]` without its `[`").at(span)));
            }
            TokenKind::Word => self.word_or_call(rules, cursor)?,
            TokenKind::Text | TokenKind::Expression(_) => {
                cursor.advance();
                self.simple(rules, token, cursor)?
            }
        };
        Ok(Some(Spanned { item, span: cursor.span_since(start) }))
    }

    fn word_or_call(&mut self, rules: Rules, cursor: &mut CardCursor<'d>) -> Result<Value, Reported> {
        let Some(token) = cursor.peek() else { return Err(Reported) };
        let word = cursor.text(token);
        let keyword = matches!(word, "dc" | "ac" | "forever" | "endrepeat");
        cursor.advance();
        if cursor.kind() == Some(TokenKind::Open) && !keyword && !is_number(word) {
            return self.call(rules, word, cursor);
        }
        if rules.is_source() && is_waveform(word) {
            return self.bare_waveform(rules, word, cursor);
        }
        self.simple(rules, token, cursor)
    }

    /// A single token as a value.
    fn simple(&mut self, rules: Rules, token: Token, cursor: &CardCursor<'d>) -> Result<Value, Reported> {
        let span = cursor.span(token);
        let text = cursor.text(token);
        match token.kind {
            TokenKind::Expression(index) => {
                let expression = self.deck.expression(index);
                if !rules.behavioural {
                    return self.number(expression, rules.scope, span).map(Value::Number);
                }
                match self.behavioural_value(expression, rules.scope, span)? {
                    // The gain of a linear controlled source may depend on the temperature.
                    Value::Expression(bound) if rules.is_gain() && bound.depends_on_temperature_alone() => {
                        self.number(expression, rules.scope, span).map(Value::Number)
                    }
                    value => Ok(value),
                }
            }
            TokenKind::Text => Ok(Value::Word(text.trim_matches('"').into())),
            _ => self.word_value(rules, text, span),
        }
    }

    fn word_value(&mut self, rules: Rules, word: &'d str, span: Span) -> Result<Value, Reported> {
        if let Some(number) = parse_number_in(word, self.deck.dialect) {
            if number.is_finite() {
                return Ok(Value::Number(number));
            }
            return Err(self.report(Diagnostic::error(format!("the number `{word}` is too large")).at(span)));
        }
        if is_number(word) {
            return self.begun_number(word, span).map(Value::Number);
        }
        if rules.is_source() && matches!(word, "dc" | "ac") {
            return Ok(Value::Word(self.shared_name(word)));
        }
        if let Some(value) = self.parameter(rules.scope, word) {
            return value.map(Value::Number);
        }
        if rules.has_optional_model() && rules.nesting == 0 {
            return Err(self.undefined_value(word, span, rules.scope));
        }
        Ok(Value::Word(self.shared_name(word)))
    }

    /// The number that `word` begins with, with a warning: others read as far as they understand, and libraries rely on it.
    pub fn begun_number(&mut self, word: &str, span: Span) -> Result<f64, Reported> {
        match parse_begun_number(word, self.deck.dialect).filter(|(number, _)| number.is_finite()) {
            Some((number, rest)) => {
                let message = format!("`{word}` is read as {number:?}: `{rest}` is no unit");
                self.warn(Diagnostic::warning(message).at(span));
                Ok(number)
            }
            None => Err(self.report(Diagnostic::error(format!("`{word}` is not a number")).at(span))),
        }
    }

    /// On R, C and L a word must be a model or parameter.
    fn undefined_value(&mut self, word: &str, span: Span, scope: ScopeId) -> Reported {
        if self.is_broken(word) {
            return Reported;
        }
        let mut names = self.visible_parameters(scope);
        names.extend(self.visible_models(scope));
        let error = Diagnostic::error(format!("`{word}` is not a number, a parameter or a model")).at(span);
        self.report(error.nearest(word, names))
    }

    pub(super) fn deeper(&mut self, rules: Rules, span: Span) -> Result<Rules, Reported> {
        if rules.nesting < NESTING_LIMIT {
            return Ok(Rules { nesting: rules.nesting + 1, ..rules });
        }
        Err(self.report(Diagnostic::error("values are nested too deeply").at(span)))
    }

    /// `function(…)` with the cursor at the parenthesis.
    fn call(&mut self, rules: Rules, function: &'d str, cursor: &mut CardCursor<'d>) -> Result<Value, Reported> {
        let open = cursor.here();
        let rules = self.deeper(rules, open)?;
        cursor.advance();
        let mut call = self.empty_call(function);
        loop {
            if cursor.accept(TokenKind::Close) {
                return Ok(Value::Call(Box::new(call)));
            }
            if cursor.at_end() {
                return Err(self.report(Diagnostic::error("this `(` has no `)`").at(open)));
            }
            if cursor.at_key() {
                call.parameters.push(self.pair(rules, cursor)?);
            } else if let Some(value) = self.positional(rules, cursor)? {
                call.arguments.push(value);
            }
        }
    }

    pub(super) fn empty_call(&mut self, function: &str) -> CallValue {
        CallValue { function: self.shared_name(function), arguments: Vec::new(), parameters: Vec::new() }
    }

    /// `sin 0 1 1k`: arguments up to the next keyword.
    fn bare_waveform(
        &mut self,
        rules: Rules,
        function: &'d str,
        cursor: &mut CardCursor<'d>,
    ) -> Result<Value, Reported> {
        let rules = self.deeper(rules, cursor.here())?;
        let mut call = self.empty_call(function);
        while !cursor.at_end() {
            let word = cursor.peek_word().unwrap_or("");
            if cursor.at_key() {
                if !is_waveform_key(word) {
                    break;
                }
                call.parameters.push(self.pair(rules, cursor)?);
            } else if matches!(word, "dc" | "ac" | "distof1" | "distof2" | "portnum") || is_waveform(word) {
                break;
            } else if let Some(value) = self.positional(rules, cursor)? {
                call.arguments.push(value);
            }
        }
        Ok(Value::Call(Box::new(call)))
    }

    /// `[a b c]` with the cursor at the bracket.
    fn list(&mut self, rules: Rules, cursor: &mut CardCursor<'d>) -> Result<Value, Reported> {
        let open = cursor.here();
        let rules = self.deeper(rules, open)?;
        cursor.advance();
        let mut items = Vec::new();
        loop {
            if cursor.accept(TokenKind::ListClose) {
                return Ok(Value::List(items));
            }
            if cursor.at_end() {
                return Err(self.report(Diagnostic::error("this `[` has no `]`").at(open)));
            }
            items.extend(self.positional(rules, cursor)?);
        }
    }

    /// `key=value`, or `key=value,value,…` outside of calls.
    pub fn pair(&mut self, rules: Rules, cursor: &mut CardCursor<'d>) -> Result<Parameter, Reported> {
        let start = cursor.position();
        let Some(key) = cursor.peek() else { return Err(Reported) };
        let name = self.shared_name(cursor.text(key));
        cursor.advance();
        cursor.advance();
        let mut value = self.pair_value(rules, &name, cursor)?;
        if rules.nesting == 0 && cursor.kind() == Some(TokenKind::Comma) && !is_key_after_comma(*cursor) {
            let mut items = vec![value];
            while cursor.kind() == Some(TokenKind::Comma) && !is_key_after_comma(*cursor) {
                cursor.advance();
                items.push(self.pair_value(rules, &name, cursor)?);
            }
            value = Spanned { item: Value::List(items), span: cursor.span_since(start) };
        }
        Ok(Parameter { name, value: value.item, span: cursor.span_since(start) })
    }

    pub fn pair_value(
        &mut self,
        rules: Rules,
        name: &str,
        cursor: &mut CardCursor<'d>,
    ) -> Result<Spanned<Value>, Reported> {
        let missing = |cursor: &CardCursor<'d>| Diagnostic::error(format!("`{name}=` needs a value")).at(cursor.here());
        let Some(token) = cursor.peek() else { return Err(self.report(missing(cursor))) };
        let span = cursor.span(token);
        // A word is as good as any here, whatever the element.
        let inner = Rules { nesting: rules.nesting.max(1), ..rules };
        if let (TokenKind::Expression(index), Some(variable), "q" | "flux") = (token.kind, rules.variable, name) {
            cursor.advance();
            let x = match variable {
                Variable::Voltage(p, n) => {
                    let [p, n] = [p, n].map(|node| Box::new(Bound::Node(node)));
                    Bound::Binary(BinaryOperator::Subtract, p, n)
                }
                Variable::Current(element) => Bound::Current(element),
            };
            let item = self.value_of_variable(self.deck.expression(index), rules.scope, span, x)?;
            return Ok(Spanned { item, span });
        }
        let item = match token.kind {
            TokenKind::ListOpen => self.list(inner, cursor)?,
            TokenKind::Word if name == "version" && cursor.text(token).matches('.').count() > 1 => {
                cursor.advance();
                Value::Word(self.shared_name(cursor.text(token)))
            }
            TokenKind::Word | TokenKind::Text | TokenKind::Expression(_) => {
                cursor.advance();
                self.simple(inner, token, cursor)?
            }
            _ => return Err(self.report(missing(cursor))),
        };
        Ok(Spanned { item, span })
    }

    /// `value {…}` of E and G, where the `=` may be missing.
    fn behavioural_pair(&mut self, rules: Rules, cursor: &mut CardCursor<'d>) -> Result<Parameter, Reported> {
        let start = cursor.position();
        let name = self.shared_name(cursor.peek_word().unwrap_or(""));
        cursor.advance();
        let value = self.pair_value(rules, &name, cursor)?;
        Ok(Parameter { name, value: value.item, span: cursor.span_since(start) })
    }

    /// `table {expression} = (x,y) …`, to the end of the card.
    fn table(&mut self, rules: Rules, cursor: &mut CardCursor<'d>) -> Result<Spanned<Value>, Reported> {
        let start = cursor.position();
        let rules = self.deeper(rules, cursor.here())?;
        cursor.advance();
        cursor.accept(TokenKind::Equals);
        let mut call = self.empty_call("table");
        call.arguments.extend(self.positional(rules, cursor)?);
        while matches!(cursor.kind(), Some(TokenKind::Equals | TokenKind::Open)) {
            cursor.advance();
        }
        if let Some(TokenKind::Expression(index)) = cursor.kind()
            && let Expression::Call { function, arguments, .. } = self.deck.expression(index)
            && let ("tablefile", [Expression::Text(name, span)]) = (&**function, &arguments[..])
        {
            cursor.advance();
            let numbers = self.table_file(name, *span)?.into_iter();
            call.arguments.extend(numbers.map(|number| Spanned { item: Value::Number(number), span: *span }));
        }
        while !cursor.at_end() && !cursor.at_key() {
            call.arguments.extend(self.positional(rules, cursor)?);
        }
        Ok(Spanned { item: Value::Call(Box::new(call)), span: cursor.span_since(start) })
    }
}

fn is_key_after_comma(mut cursor: CardCursor<'_>) -> bool {
    cursor.advance();
    cursor.at_end() || cursor.at_key()
}

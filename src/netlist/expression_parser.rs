//! The grammar of expressions, by precedence climbing.
//!
//! From loose to tight: `? :`, `||`, `^` where it is the exclusive or, `&&`, `== !=`, `< <= > >=`, `+ -`, `* / %`, unary `- + ! ~`, `**` and
//! `^` where it is a power (right to left).

use std::sync::Arc;

use nom::branch::alt;
use nom::bytes::complete::{tag, take_while, take_while1};
use nom::character::complete::{char, multispace0, satisfy};
use nom::combinator::{recognize, value};
use nom::sequence::{delimited, pair};
use nom::{IResult, Parser as _};

use super::dialect::Dialect;
use super::expression::{BinaryOperator, Expression, UnaryOperator};
use super::function::Function;
use super::number::unsigned_number_of_expression;
use crate::diagnostic::{Diagnostic, FileId, Span};

/// Parentheses, calls, prefixes and `? :` within each other.
const NESTING_LIMIT: usize = 100;
/// Height of the tree that an expression gives: all later stages descend it recursively.
const HEIGHT_LIMIT: usize = 1000;

const UNARY_PRECEDENCE: u8 = 8;
const POWER_PRECEDENCE: u8 = 9;

type Parsed<T> = Result<T, Diagnostic>;

/// A parser over one expression's text.
pub struct Parser<'t> {
    text: &'t str,
    rest: &'t str,
    file: FileId,
    offset: usize,
    nesting: usize,
    dialect: Dialect,
}

/// A subtree and its height.
struct Tree {
    expression: Expression,
    height: usize,
}

impl Tree {
    fn leaf(expression: Expression) -> Tree {
        Tree { expression, height: 1 }
    }
}

/// What `^` is, and how tight. Where it may be either, it is as tight as a power, and the operands decide.
fn caret(dialect: Dialect) -> (BinaryOperator, u8) {
    match (dialect.caret_is_power(), dialect.caret_may_be_power()) {
        (true, _) => (BinaryOperator::Power, POWER_PRECEDENCE),
        (_, true) => (BinaryOperator::ExclusiveOr, POWER_PRECEDENCE),
        _ => (BinaryOperator::ExclusiveOr, 2),
    }
}

fn operator(input: &str, dialect: Dialect) -> IResult<&str, (BinaryOperator, u8)> {
    use BinaryOperator::*;
    alt((
        value((Power, POWER_PRECEDENCE), tag("**")),
        value(caret(dialect), tag("^")),
        value((Or, 1), alt((tag("||"), tag("|")))),
        value((And, 3), alt((tag("&&"), tag("&")))),
        value((Equal, 4), tag("==")),
        value((NotEqual, 4), alt((tag("!="), tag("<>")))),
        value((LessEqual, 5), tag("<=")),
        value((GreaterEqual, 5), tag(">=")),
        value((Less, 5), tag("<")),
        value((Greater, 5), tag(">")),
        value((Add, 6), tag("+")),
        value((Subtract, 6), tag("-")),
        value((Multiply, 7), tag("*")),
        value((Divide, 7), tag("/")),
        value((Remainder, 7), tag("%")),
    ))
    .parse(input)
}

fn name(input: &str) -> IResult<&str, &str> {
    recognize(pair(satisfy(|c| c.is_alphabetic() || c == '_'), take_while(is_name_character))).parse(input)
}

/// The name in PSpice's `[name]`; others as they are.
pub fn unbracketed(name: &str) -> &str {
    name.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')).unwrap_or(name)
}

/// `:r1:temp` behind a name.
fn further_path(input: &str) -> IResult<&str, &str> {
    recognize(pair(char(':'), take_while1(is_path_character))).parse(input)
}

fn is_path_character(c: char) -> bool {
    is_name_character(c) || c == ':'
}

fn is_name_character(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '.' | '#')
}

/// `@device[name]`
fn device_quantity(input: &str) -> IResult<&str, (&str, &str)> {
    let device = take_while1(|c: char| !c.is_whitespace() && !"[](){}".contains(c));
    let quantity = take_while1(|c: char| !c.is_whitespace() && !"[](){}".contains(c));
    let (input, _) = char('@')(input)?;
    (device, delimited(char('['), quantity, char(']'))).parse(input)
}

/// Functions whose arguments are names of nodes or elements.
fn is_probe(function: &str) -> bool {
    matches!(
        function,
        "v" | "i"
            | "x"
            | "g"
            | "p"
            | "n"
            | "vm"
            | "vp"
            | "vr"
            | "vi"
            | "vdb"
            | "vph"
            | "vg"
            | "im"
            | "ip"
            | "ir"
            | "ii"
            | "idb"
            | "iph"
            | "ig"
            | "dno"
            | "dni"
    )
}

/// The name of a device within subcircuits: `x1:q1`, `ymemristor!mr1`.
fn is_path(text: &str) -> bool {
    let starts = text.starts_with(char::is_alphabetic);
    starts && text.contains([':', '!']) && text.chars().all(|c| is_name_character(c) || matches!(c, ':' | '!'))
}

impl<'t> Parser<'t> {
    pub fn new(text: &'t str, file: FileId, offset: usize, dialect: Dialect) -> Self {
        Parser { text, rest: text, file, offset, nesting: 0, dialect }
    }

    pub fn expression(&mut self) -> Parsed<Expression> {
        Ok(self.conditional()?.expression)
    }

    /// Bytes used up so far, without blanks after the expression.
    pub fn consumed(&self) -> usize {
        self.text[..self.position()].trim_end().len()
    }

    /// Everything must have been used up.
    pub fn finish(&mut self) -> Parsed<()> {
        self.skip_blanks();
        if self.rest.is_empty() { Ok(()) } else { Err(self.unexpected("an operator")) }
    }

    fn position(&self) -> usize {
        self.text.len() - self.rest.len()
    }

    fn span_from(&self, start: usize) -> Span {
        Span::new(self.file, self.offset + start, self.offset + self.position())
    }

    fn skip_blanks(&mut self) {
        if let Ok((rest, _)) = multispace0::<&str, nom::error::Error<&str>>(self.rest) {
            self.rest = rest;
        }
    }

    /// Runs a nom parser after blanks; moves on if it succeeds.
    fn accept<T>(&mut self, mut parser: impl FnMut(&'t str) -> IResult<&'t str, T>) -> Option<T> {
        self.skip_blanks();
        let (rest, item) = parser(self.rest).ok()?;
        self.rest = rest;
        Some(item)
    }

    fn accept_symbol(&mut self, symbol: char) -> bool {
        self.accept(char(symbol)).is_some()
    }

    fn expect_symbol(&mut self, symbol: char) -> Parsed<()> {
        if self.accept_symbol(symbol) { Ok(()) } else { Err(self.unexpected(&format!("`{symbol}`"))) }
    }

    fn unexpected(&mut self, wanted: &str) -> Diagnostic {
        self.skip_blanks();
        let start = self.position();
        let (message, length) = match self.rest.chars().next() {
            Some(found) => (format!("expected {wanted}, found `{found}`"), found.len_utf8()),
            None => (format!("expected {wanted}, found the end of the expression"), 0),
        };
        Diagnostic::error(message).at(Span::new(self.file, self.offset + start, self.offset + start + length))
    }

    fn too_deep(&self) -> Diagnostic {
        let at = self.offset + self.position();
        Diagnostic::error("the expression is nested too deeply").at(Span::new(self.file, at, at)).hint(format!(
            "at most {NESTING_LIMIT} nested parentheses and {HEIGHT_LIMIT} chained operators are possible"
        ))
    }

    fn join(&self, left: usize, right: usize) -> Parsed<usize> {
        let height = left.max(right) + 1;
        if height > HEIGHT_LIMIT { Err(self.too_deep()) } else { Ok(height) }
    }

    /// Runs `inner` one level of nesting deeper.
    fn nested<T>(&mut self, inner: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.nesting == NESTING_LIMIT {
            return Err(self.too_deep());
        }
        self.nesting += 1;
        let result = inner(self);
        self.nesting -= 1;
        result
    }

    fn conditional(&mut self) -> Parsed<Tree> {
        let condition = self.binary(0)?;
        if !self.accept_symbol('?') {
            return Ok(condition);
        }
        self.nested(|parser| {
            let yes = parser.conditional()?;
            parser.expect_symbol(':')?;
            let no = parser.conditional()?;
            let height = parser.join(condition.height, yes.height.max(no.height))?;
            let parts = [condition.expression, yes.expression, no.expression];
            Ok(Tree { expression: Expression::Conditional(Box::new(parts)), height })
        })
    }

    fn binary(&mut self, least: u8) -> Parsed<Tree> {
        let mut left = self.unary()?;
        let dialect = self.dialect;
        loop {
            let before = self.rest;
            let Some((operator, precedence)) =
                self.accept(|input| operator(input, dialect)).filter(|(_, precedence)| *precedence >= least)
            else {
                self.rest = before;
                return Ok(left);
            };
            let right = if precedence == POWER_PRECEDENCE && !dialect.powers_go_left() {
                self.nested(|parser| parser.binary(precedence))?
            } else {
                self.binary(precedence + 1)?
            };
            let of_truths = left.expression.is_truth() && right.expression.is_truth();
            let operator = match operator {
                BinaryOperator::ExclusiveOr if precedence == POWER_PRECEDENCE && !of_truths => BinaryOperator::Power,
                operator => operator,
            };
            let height = self.join(left.height, right.height)?;
            let expression = Expression::Binary(operator, Box::new(left.expression), Box::new(right.expression));
            left = Tree { expression, height };
        }
    }

    fn unary(&mut self) -> Parsed<Tree> {
        if self.accept_symbol('+') {
            return self.nested(|parser| parser.binary(UNARY_PRECEDENCE));
        }
        let operator = if self.accept_symbol('-') {
            UnaryOperator::Negate
        } else if self.accept_symbol('!') || self.accept_symbol('~') {
            UnaryOperator::Not
        } else {
            return self.primary();
        };
        let operand = self.nested(|parser| parser.binary(UNARY_PRECEDENCE))?;
        let height = self.join(operand.height, 0)?;
        Ok(Tree { expression: Expression::Unary(operator, Box::new(operand.expression)), height })
    }

    fn primary(&mut self) -> Parsed<Tree> {
        self.skip_blanks();
        let (start, dialect) = (self.position(), self.dialect);
        if let Some(number) = self.accept(|input| unsigned_number_of_expression(input, dialect)) {
            return Ok(Tree::leaf(Expression::Number(number)));
        }
        if let Some(name) = self.accept(name) {
            return self.named(name, start);
        }
        if let Some((device, quantity)) = self.accept(device_quantity) {
            let arguments = vec![lower(device), lower(quantity)];
            let span = self.span_from(start);
            return Ok(Tree::leaf(Expression::Probe { kind: "@".into(), arguments, span }));
        }
        if let Some(text) = self.accept(|input| delimited(char('"'), take_while(|c| c != '"'), char('"')).parse(input))
        {
            return Ok(Tree::leaf(Expression::Text(text.into(), self.span_from(start))));
        }
        if let Some(close) = self.accept(|input| alt((value(')', char('(')), value('}', char('{')))).parse(input)) {
            let inner = self.nested(Self::conditional)?;
            self.expect_symbol(close)?;
            return Ok(inner);
        }
        Err(self.unexpected("a value"))
    }

    /// What a name begins: a call, a probe, or just itself.
    fn named(&mut self, name: &'t str, start: usize) -> Parsed<Tree> {
        let name_span = self.span_from(start);
        // `r1:temp` is the quantity of a device; not where the colon may belong to a question mark.
        if self.rest.starts_with(':')
            && !self.text.contains('?')
            && let Ok((rest, further)) = further_path(self.rest)
            && let Some((device, quantity)) = self.text[start..self.position() + further.len()].rsplit_once(':')
        {
            self.rest = rest;
            let arguments = vec![device.to_lowercase().replace(':', ".").into(), lower(quantity)];
            return Ok(Tree::leaf(Expression::Probe { kind: "@".into(), arguments, span: self.span_from(start) }));
        }
        let function = lower(name);
        self.skip_blanks();
        if self.rest.starts_with('{') && Function::named(&function).is_some_and(Function::is_of_points) {
            return self.table(function, start);
        }
        if !self.accept_symbol('(') {
            return Ok(Tree::leaf(Expression::Name(function, name_span)));
        }
        // Xyce's `n(m1:gm)` is `@m1[gm]`.
        if &*function == "n"
            && let Some((inside, rest)) = self.rest.split_once(')')
            && let Some((device, quantity)) = inside.trim().rsplit_once(':')
        {
            self.rest = rest;
            let arguments = vec![device.to_lowercase().replace(':', ".").into(), lower(quantity)];
            return Ok(Tree::leaf(Expression::Probe { kind: "@".into(), arguments, span: self.span_from(start) }));
        }
        if is_probe(&function)
            && let Some(arguments) = self.probe_arguments(matches!(&*function, "v" | "i"))
        {
            return Ok(Tree::leaf(Expression::Probe { kind: function, arguments, span: self.span_from(start) }));
        }
        // `ib(x1:q1)`: a device within subcircuits.
        if let Some((inside, rest)) = self.rest.split_once(')')
            && is_path(inside.trim())
        {
            self.rest = rest;
            let arguments = vec![lower(inside.trim())];
            return Ok(Tree::leaf(Expression::Probe { kind: function, arguments, span: self.span_from(start) }));
        }
        let (arguments, height) = self.arguments()?;
        Ok(Tree { expression: Expression::Call { function, arguments, span: self.span_from(start) }, height })
    }

    /// Names of nodes and elements up to the closing parenthesis; None (and nothing used up) if these are expressions.
    ///
    /// Nodes may have signs in their names (`v(in+)`), but `g(x+1)` is rather a call of the user's function `g`.
    fn probe_arguments(&mut self, signs: bool) -> Option<Vec<Arc<str>>> {
        let (inside, rest) = self.rest.split_once(')')?;
        // PSpice's `v([node])`.
        let names: Vec<&str> = inside.split(',').map(|name| unbracketed(name.trim())).collect();
        let forbidden = if signs { "(){}'\"=*" } else { "(){}'\"=*+-/^%<>&|?" };
        // `!` may stand within a name: Xyce's `ymemristor!mr1`.
        let plain = |name: &&str| {
            !name.is_empty()
                && !name.starts_with('!')
                && !name.contains(|c: char| c.is_whitespace() || forbidden.contains(c))
        };
        if names.len() > 2 || !names.iter().all(plain) {
            return None;
        }
        self.rest = rest;
        Some(names.into_iter().map(lower).collect())
    }

    /// `{x} = (x0, y0) (x1, y1) …` behind `table`: PSpice's and Xyce's form of `table(x, x0, y0, x1, y1, …)`.
    fn table(&mut self, function: Arc<str>, start: usize) -> Parsed<Tree> {
        self.expect_symbol('{')?;
        let argument = self.nested(Self::conditional)?;
        self.expect_symbol('}')?;
        self.accept_symbol('=');
        let mut height = self.join(argument.height, 0)?;
        let mut arguments = vec![argument.expression];
        self.skip_blanks();
        let has_parentheses = self.rest.starts_with('(');
        loop {
            let before = self.rest;
            self.accept_symbol(',');
            let numbers = if has_parentheses && self.accept_symbol('(') {
                let first = self.nested(Self::conditional)?;
                self.accept_symbol(',');
                let second = self.nested(Self::conditional)?;
                self.expect_symbol(')')?;
                [first, second]
            } else if !has_parentheses
                && self.rest.trim_start().starts_with(|c: char| c.is_ascii_digit() || ".-+".contains(c))
            {
                let first = self.unary()?;
                self.accept_symbol(',');
                [first, self.unary()?]
            } else {
                self.rest = before;
                break;
            };
            for number in numbers {
                height = self.join(height - 1, number.height)?;
                arguments.push(number.expression);
            }
        }
        Ok(Tree { expression: Expression::Call { function, arguments, span: self.span_from(start) }, height })
    }

    fn arguments(&mut self) -> Parsed<(Vec<Expression>, usize)> {
        let mut arguments = Vec::new();
        let mut height = 1;
        if self.accept_symbol(')') {
            return Ok((arguments, height));
        }
        loop {
            let argument = self.nested(Self::conditional)?;
            height = self.join(height - 1, argument.height)?;
            arguments.push(argument.expression);
            if self.accept_symbol(')') {
                return Ok((arguments, height));
            }
            if !self.accept_symbol(',') {
                return Err(self.unexpected("`,` or `)`"));
            }
        }
    }
}

fn lower(name: &str) -> Arc<str> {
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) { name.to_ascii_lowercase().into() } else { name.into() }
}

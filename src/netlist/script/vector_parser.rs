//! Text → expressions over vectors, with ngspice's operators and their precedence.
//!
//! From the weakest: `? :`, `|`, `&`, comparisons, `~`, `,`, `+ -`, `* / %`, unary `-`, `^`, `[ ]`. The words `or`, `and`, `not`, `eq`,
//! `ne`, `gt`, `ge`, `lt`, `le` and `mod` stand for operators (`>` and `<` on a command line redirect its output).

use super::vector_expression::{VectorExpression, VectorOperator};
use crate::netlist::dialect::Dialect;
use crate::netlist::number;

/// Expressions within each other.
const DEPTH_LIMIT: usize = 200;
/// Operators of one expression: the height of its tree, which later stages descend recursively.
const OPERATOR_LIMIT: usize = 1000;

/// Binary operators by precedence, the weakest first; each with its spellings. Longer spellings stand before their beginnings.
const LEVELS: &[&[(&str, VectorOperator)]] = &[
    &[("||", VectorOperator::Or), ("|", VectorOperator::Or), ("or", VectorOperator::Or)],
    &[("&&", VectorOperator::And), ("&", VectorOperator::And), ("and", VectorOperator::And)],
    &[
        ("<>", VectorOperator::NotEqual),
        ("!=", VectorOperator::NotEqual),
        ("ne", VectorOperator::NotEqual),
        ("<=", VectorOperator::LessEqual),
        ("=<", VectorOperator::LessEqual),
        ("le", VectorOperator::LessEqual),
        (">=", VectorOperator::GreaterEqual),
        ("=>", VectorOperator::GreaterEqual),
        ("ge", VectorOperator::GreaterEqual),
        ("==", VectorOperator::Equal),
        ("=", VectorOperator::Equal),
        ("eq", VectorOperator::Equal),
        ("<", VectorOperator::Less),
        ("lt", VectorOperator::Less),
        (">", VectorOperator::Greater),
        ("gt", VectorOperator::Greater),
    ],
];

/// Functions whose argument is a node or a device, not an expression; `vm(a)` and the like are functions of `v(a)`.
const PROBES: &[&str] = &["v", "i"];
const PARTS: &[(&str, &str)] = &[("m", "mag"), ("p", "ph"), ("db", "db"), ("r", "real"), ("i", "imag")];

/// Reads all expressions of `text`, which stand beside each other, perhaps with commas between, with the text of each.
///
/// # Errors
/// What was expected, and the place in `text`.
pub fn parse_vector_expressions(text: &str) -> Result<Vec<(VectorExpression, String)>, (String, usize)> {
    // ngspice's commands lose their braces before they are read, without becoming parentheses: `2*{1+2}` is 4.
    let text = &text.replace(['{', '}'], " ");
    let lower = text.to_lowercase();
    let mut parser = Parser { text: &lower, at: 0, depth: 0, operators: 0 };
    let mut found = Vec::new();
    parser.skip_blanks();
    while parser.at < lower.len() {
        let start = parser.at;
        parser.operators = 0;
        let expression = parser.conditional(false)?;
        let source = text.get(start..parser.at).unwrap_or(&lower[start..parser.at]);
        found.push((expression, source.trim().to_string()));
        parser.accept(",");
        parser.skip_blanks();
    }
    Ok(found)
}

type Parsed = Result<VectorExpression, (String, usize)>;

struct Parser<'t> {
    text: &'t str,
    at: usize,
    depth: usize,
    operators: usize,
}

impl Parser<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn skip_blanks(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    fn expected<T>(&self, what: &str) -> Result<T, (String, usize)> {
        Err((format!("expected {what}"), self.at))
    }

    fn accept(&mut self, symbol: &str) -> bool {
        self.skip_blanks();
        let word = symbol.starts_with(|c: char| c.is_ascii_alphabetic());
        let Some(after) = self.rest().strip_prefix(symbol) else { return false };
        if word && after.starts_with(is_name_character) {
            return false;
        }
        self.at += symbol.len();
        true
    }

    /// Counts one more operator.
    fn grow(&mut self) -> Result<(), (String, usize)> {
        self.operators += 1;
        if self.operators > OPERATOR_LIMIT {
            return Err((format!("the expression has more than {OPERATOR_LIMIT} operators"), self.at));
        }
        Ok(())
    }

    fn binary(&mut self, operator: VectorOperator, left: VectorExpression, right: Parsed) -> Parsed {
        self.grow()?;
        Ok(VectorExpression::Binary(operator, Box::new(left), Box::new(right?)))
    }

    /// One level deeper.
    fn descend(&mut self) -> Result<(), (String, usize)> {
        if self.depth == DEPTH_LIMIT {
            return Err((format!("the expression is nested more than {DEPTH_LIMIT} deep"), self.at));
        }
        self.depth += 1;
        Ok(())
    }

    /// With `commas`, `a, b` is a complex number; else a comma ends the expression.
    fn conditional(&mut self, commas: bool) -> Parsed {
        self.descend()?;
        let condition = self.level(0, commas)?;
        let result = if self.accept("?") {
            let yes = self.conditional(commas)?;
            if !self.accept(":") {
                return self.expected("`:`");
            }
            let no = self.conditional(commas)?;
            VectorExpression::Conditional(Box::new([condition, yes, no]))
        } else {
            condition
        };
        self.depth -= 1;
        Ok(result)
    }

    fn level(&mut self, level: usize, commas: bool) -> Parsed {
        let Some(operators) = LEVELS.get(level) else { return self.negation(commas) };
        let mut left = self.level(level + 1, commas)?;
        while let Some((_, operator)) = operators.iter().find(|(symbol, _)| self.accept(symbol)) {
            let right = self.level(level + 1, commas);
            left = self.binary(*operator, left, right)?;
        }
        Ok(left)
    }

    fn negation(&mut self, commas: bool) -> Parsed {
        let is_not = self.accept("~") || self.accept("not") || (!self.rest().starts_with("!=") && self.accept("!"));
        if is_not {
            self.descend()?;
            let operand = self.negation(commas)?;
            self.depth -= 1;
            return Ok(VectorExpression::Not(Box::new(operand)));
        }
        let left = self.sum()?;
        if commas && self.accept(",") {
            self.descend()?;
            let right = self.negation(commas);
            self.depth -= 1;
            return self.binary(VectorOperator::Comma, left, right);
        }
        Ok(left)
    }

    fn sum(&mut self) -> Parsed {
        let mut left = self.product()?;
        loop {
            if self.accept("+") {
                let right = self.product();
                left = self.binary(VectorOperator::Add, left, right)?;
            } else if self.accept("-") {
                let right = self.product();
                left = self.binary(VectorOperator::Subtract, left, right)?;
            } else {
                return Ok(left);
            }
        }
    }

    fn product(&mut self) -> Parsed {
        let mut left = self.unary()?;
        loop {
            let operator = if self.rest().trim_start().starts_with("**") {
                return Ok(left);
            } else if self.accept("*") {
                VectorOperator::Multiply
            } else if self.accept("/") {
                VectorOperator::Divide
            } else if self.accept("%") || self.accept("mod") {
                VectorOperator::Remainder
            } else {
                return Ok(left);
            };
            let right = self.unary();
            left = self.binary(operator, left, right)?;
        }
    }

    fn unary(&mut self) -> Parsed {
        while self.accept("+") {}
        if self.accept("-") {
            self.descend()?;
            let operand = self.unary()?;
            self.depth -= 1;
            return Ok(VectorExpression::Negate(Box::new(operand)));
        }
        let base = self.indexed()?;
        if self.accept("^") || self.accept("**") {
            self.descend()?;
            let exponent = self.unary();
            self.depth -= 1;
            return self.binary(VectorOperator::Power, base, exponent);
        }
        Ok(base)
    }

    fn indexed(&mut self) -> Parsed {
        let mut base = self.primary()?;
        while self.accept("[") {
            let range = self.accept("[");
            let inner = self.conditional(true)?;
            if !self.accept("]") || (range && !self.accept("]")) {
                return self.expected("`]`");
            }
            self.grow()?;
            base = match range {
                true => VectorExpression::Range(Box::new(base), Box::new(inner)),
                false => VectorExpression::Index(Box::new(base), Box::new(inner)),
            };
        }
        Ok(base)
    }

    fn primary(&mut self) -> Parsed {
        self.skip_blanks();
        if self.accept("(") {
            let inner = self.conditional(true)?;
            if !self.accept(")") {
                return self.expected("`)`");
            }
            return Ok(inner);
        }
        let rest = self.rest();
        if let Some(inner) = rest.strip_prefix('"')
            && let Some(end) = inner.find('"')
        {
            let name = VectorExpression::Name(inner[..end].into());
            self.at += end + 2;
            return Ok(name);
        }
        if rest.starts_with('@') {
            return self.quantity();
        }
        if rest.starts_with(|c: char| c.is_ascii_digit() || c == '.')
            && let Ok((after, value)) = number::unsigned_number(rest, Dialect::Ngspice)
            && !after.starts_with(|c: char| is_name_character(c) && c != '.')
        {
            self.at += rest.len() - after.len();
            return Ok(VectorExpression::Number(value));
        }
        let end = rest.find(|c: char| !is_name_character(c)).unwrap_or(rest.len());
        if end == 0 {
            return self.expected("an expression");
        }
        let name = rest[..end].to_string();
        self.at += end;
        // A blank before the parenthesis makes it another expression.
        if self.rest().starts_with('(') { self.call(name) } else { Ok(VectorExpression::Name(name.into())) }
    }

    /// `@device[quantity]`
    fn quantity(&mut self) -> Parsed {
        let rest = self.rest();
        let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '[' | ',' | ')')).unwrap_or(rest.len());
        let end = match rest[end..].strip_prefix('[').and_then(|inner| inner.find(']')) {
            Some(close) => end + close + 2,
            None => end,
        };
        let name = VectorExpression::Name(rest[..end].into());
        self.at += end;
        Ok(name)
    }

    fn call(&mut self, function: String) -> Parsed {
        let start = self.at;
        let (plot, probe) = function.rsplit_once('.').map_or(("", function.as_str()), |(plot, probe)| (plot, probe));
        let (kind, rest) = probe.split_at_checked(1).unwrap_or((probe, ""));
        let part = PARTS.iter().find(|(part, _)| rest == *part);
        // `im` is the imaginary part.
        let is_probe = probe != "im" && PROBES.contains(&kind) && (rest.is_empty() || part.is_some());
        if is_probe {
            let Some(close) = self.rest().find(')') else { return self.expected("`)`") };
            let nodes: String = self.rest()[1..close].chars().filter(|c| !c.is_whitespace()).collect();
            self.at += close + 1;
            return Ok(probed(plot, probe, &nodes, part.map(|(_, function)| *function)));
        }
        self.accept("(");
        let mut arguments = Vec::new();
        while !self.accept(")") {
            if !arguments.is_empty() && !self.accept(",") {
                return self.expected("`,` or `)`");
            }
            arguments.push(self.conditional(false)?);
        }
        let inside: String = self.text[start..self.at].chars().filter(|c| !c.is_whitespace()).collect();
        let text = format!("{function}{inside}").into();
        Ok(VectorExpression::Call { function: function.into(), arguments, text })
    }
}

/// `v(a)`, `v(a,b)` as the difference, `vdb(a)` as a function of `v(a)`.
fn probed(plot: &str, probe: &str, nodes: &str, part: Option<&str>) -> VectorExpression {
    let prefix = if plot.is_empty() { String::new() } else { format!("{plot}.") };
    let kind = &probe[..1];
    let name = |node: &str| VectorExpression::Name(format!("{prefix}{kind}({node})").into());
    let value = match nodes.split_once(',') {
        Some((a, b)) if kind == "v" => {
            VectorExpression::Binary(VectorOperator::Subtract, Box::new(name(a)), Box::new(name(b)))
        }
        _ => name(nodes),
    };
    match part {
        Some(function) => {
            let text = format!("{function}({kind}({nodes}))").into();
            VectorExpression::Call { function: function.into(), arguments: vec![value], text }
        }
        None => value,
    }
}

fn is_name_character(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '#' | '.' | '$' | '@' | '\\')
}

#[cfg(test)]
mod tests {
    use super::super::vector_expression::{VectorExpression as E, VectorOperator as O};
    use super::parse_vector_expressions;

    fn one(text: &str) -> E {
        parse_vector_expressions(text).unwrap().remove(0).0
    }

    #[test]
    fn precedence_is_that_of_ngspice() {
        let n = |value: f64| Box::new(E::Number(value));
        assert_eq!(one("-2^2"), E::Negate(Box::new(E::Binary(O::Power, n(2.0), n(2.0)))));
        assert_eq!(one("2--3"), E::Binary(O::Subtract, n(2.0), Box::new(E::Negate(n(3.0)))));
        assert_eq!(one("(1, 2+3)"), E::Binary(O::Comma, n(1.0), Box::new(E::Binary(O::Add, n(2.0), n(3.0)))));
        let comparison = E::Binary(O::Greater, n(1e3), n(2.0));
        assert_eq!(one("1k gt 2 & 1"), E::Binary(O::And, Box::new(comparison), n(1.0)));
    }

    #[test]
    fn expressions_stand_beside_each_other() {
        let found = parse_vector_expressions("V(a) v(a,b) db(v(out))[3] tran1.v(x1.b) @m1[gm] v1#branch").unwrap();
        let texts: Vec<&str> = found.iter().map(|(_, text)| text.as_str()).collect();
        assert_eq!(texts, ["V(a)", "v(a,b)", "db(v(out))[3]", "tran1.v(x1.b)", "@m1[gm]", "v1#branch"]);
        assert_eq!(found[0].0, E::Name("v(a)".into()));
        assert_eq!(found[3].0, E::Name("tran1.v(x1.b)".into()));
        assert!(parse_vector_expressions("v(a").is_err());
        assert!(parse_vector_expressions("1 +").is_err());
    }
}

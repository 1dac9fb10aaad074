//! Expressions as written: in `.param`, braces, behavioural sources, `.measure` and `.check` lines.
//!
//! The tree keeps names as text and a span in every leaf and call, so that whoever resolves the names can point at them.

use std::fmt;
use std::sync::Arc;

use super::dialect::Dialect;
use super::expression_parser::Parser;
pub use super::expression_parser::unbracketed;
use crate::diagnostic::{Diagnostic, FileId, Span};

/// An expression as written. Names are lower case.
#[derive(Debug, Clone, PartialEq)]
pub enum Expression {
    Number(f64),
    /// A parameter, `time`, `temper`, or a vector, as the context has it.
    Name(Arc<str>, Span),
    /// A quoted text argument, as in `table_file("x.csv")`.
    Text(Arc<str>, Span),
    /// `v(a)`, `v(a,b)`, `i(v1)`, `x(nmem)`, `g(nmem)`, `@dev[name]` (kind `"@"`, arguments device and name), and in
    /// results `vm(out)`, `vdb(out)`, …
    Probe {
        kind: Arc<str>,
        arguments: Vec<Arc<str>>,
        span: Span,
    },
    Call {
        function: Arc<str>,
        arguments: Vec<Expression>,
        span: Span,
    },
    Unary(UnaryOperator, Box<Expression>),
    Binary(BinaryOperator, Box<Expression>, Box<Expression>),
    /// `condition ? yes : no`
    Conditional(Box<[Expression; 3]>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnaryOperator {
    Negate,
    Not,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BinaryOperator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Power,
    /// The power of the magnitude of the base, as ngspice has it.
    MagnitudePower,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Equal,
    NotEqual,
    And,
    /// Of two truths.
    ExclusiveOr,
    Or,
}

/// Parses the whole of `text`, which begins at byte `offset` of `file`. Names come out in lower case.
pub fn parse(text: &str, file: FileId, offset: usize, dialect: Dialect) -> Result<Expression, Diagnostic> {
    let mut parser = Parser::new(text, file, offset, dialect);
    let expression = parser.expression()?;
    parser.finish()?;
    Ok(expression)
}

/// Parses the longest expression at the beginning of `text` and gives the number of bytes that it takes.
pub fn parse_prefix(
    text: &str,
    file: FileId,
    offset: usize,
    dialect: Dialect,
) -> Result<(Expression, usize), Diagnostic> {
    let mut parser = Parser::new(text, file, offset, dialect);
    let expression = parser.expression()?;
    Ok((expression, parser.consumed()))
}

impl Expression {
    /// Whether it is a comparison, or made of comparisons: 0 or 1.
    pub fn is_truth(&self) -> bool {
        use BinaryOperator::{Add, Divide, MagnitudePower, Multiply, Power, Remainder, Subtract};
        match self {
            Expression::Unary(operator, _) => *operator == UnaryOperator::Not,
            Expression::Binary(operator, ..) => {
                !matches!(operator, Add | Divide | MagnitudePower | Multiply | Power | Remainder | Subtract)
            }
            _ => false,
        }
    }

    /// Calls `visit` on this node and on all below it.
    pub fn walk(&self, visit: &mut impl FnMut(&Expression)) {
        visit(self);
        match self {
            Expression::Unary(_, operand) => operand.walk(visit),
            Expression::Binary(_, left, right) => {
                left.walk(visit);
                right.walk(visit);
            }
            Expression::Conditional(parts) => parts.iter().for_each(|part| part.walk(visit)),
            Expression::Call { arguments, .. } => arguments.iter().for_each(|argument| argument.walk(visit)),
            Expression::Number(_) | Expression::Name(..) | Expression::Text(..) | Expression::Probe { .. } => {}
        }
    }
}

impl BinaryOperator {
    /// As written in expressions.
    pub fn symbol(self) -> &'static str {
        match self {
            BinaryOperator::Add => "+",
            BinaryOperator::Subtract => "-",
            BinaryOperator::Multiply => "*",
            BinaryOperator::Divide => "/",
            BinaryOperator::Remainder => "%",
            BinaryOperator::Power | BinaryOperator::MagnitudePower => "**",
            BinaryOperator::Less => "<",
            BinaryOperator::LessEqual => "<=",
            BinaryOperator::Greater => ">",
            BinaryOperator::GreaterEqual => ">=",
            BinaryOperator::Equal => "==",
            BinaryOperator::NotEqual => "!=",
            BinaryOperator::And => "&&",
            BinaryOperator::ExclusiveOr => "^",
            BinaryOperator::Or => "||",
        }
    }

    /// The value for numbers: comparisons and logic give 0 or 1, and everything but 0 counts as true.
    pub fn value(self, left: f64, right: f64) -> f64 {
        let truth = |truth: bool| if truth { 1.0 } else { 0.0 };
        match self {
            BinaryOperator::Add => left + right,
            BinaryOperator::Subtract => left - right,
            BinaryOperator::Multiply => left * right,
            BinaryOperator::Divide => left / right,
            BinaryOperator::Remainder => left % right,
            BinaryOperator::Power => left.powf(right),
            BinaryOperator::MagnitudePower => left.abs().powf(right),
            BinaryOperator::Less => truth(left < right),
            BinaryOperator::LessEqual => truth(left <= right),
            BinaryOperator::Greater => truth(left > right),
            BinaryOperator::GreaterEqual => truth(left >= right),
            BinaryOperator::Equal => truth(left == right),
            BinaryOperator::NotEqual => truth(left != right),
            BinaryOperator::And => truth(left != 0.0 && right != 0.0),
            BinaryOperator::ExclusiveOr => truth((left != 0.0) != (right != 0.0)),
            BinaryOperator::Or => truth(left != 0.0 || right != 0.0),
        }
    }
}

impl UnaryOperator {
    /// The value for a number.
    pub fn value(self, operand: f64) -> f64 {
        match self {
            UnaryOperator::Negate => -operand,
            UnaryOperator::Not => f64::from(operand == 0.0),
        }
    }
}

/// Text that parses to the same expression; every operation is in parentheses.
impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Expression::Number(number) => write!(f, "{number:?}"),
            Expression::Name(name, _) => f.write_str(name),
            Expression::Text(text, _) => write!(f, "\"{text}\""),
            Expression::Probe { kind, arguments, .. } if &**kind == "@" => {
                write!(f, "@{}[{}]", arguments[0], arguments[1])
            }
            Expression::Probe { kind, arguments, .. } => {
                write!(f, "{kind}(")?;
                separated(f, arguments)
            }
            Expression::Call { function, arguments, .. } => {
                write!(f, "{function}(")?;
                separated(f, arguments)
            }
            Expression::Unary(UnaryOperator::Negate, operand) => write!(f, "(-{operand})"),
            Expression::Unary(UnaryOperator::Not, operand) => write!(f, "(!{operand})"),
            Expression::Binary(operator, left, right) => write!(f, "({left} {} {right})", operator.symbol()),
            Expression::Conditional(parts) => write!(f, "({} ? {} : {})", parts[0], parts[1], parts[2]),
        }
    }
}

fn separated(f: &mut fmt::Formatter<'_>, items: &[impl fmt::Display]) -> fmt::Result {
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            f.write_str(", ")?;
        }
        write!(f, "{item}")?;
    }
    f.write_str(")")
}

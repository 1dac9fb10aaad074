//! Expressions as written: in `.param`, braces, behavioural sources, `.measure` and `.check` lines.
//!
//! The tree keeps names as text and a span in every leaf and call, so that whoever resolves the names can point at them.

use std::sync::Arc;

use crate::diagnostic::Span;

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
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Equal,
    NotEqual,
    And,
    Or,
}

//! Expressions over vectors, as scripts have them: `db(v(out))[3]`, `tran1.v(a) - v(a)`, `length(time) gt 10`.

use std::sync::Arc;

/// An expression as written, in lower case.
#[derive(Debug, Clone, PartialEq)]
pub enum VectorExpression {
    Number(f64),
    /// `out`, `v(out)`, `v1#branch`, `@m1[gm]`, `tran1.v(out)`, `all`
    Name(Arc<str>),
    /// `mag(x)`, a function that the script defines, or a name such as `x(n1)`: `text` is the call as written, without blanks.
    Call {
        function: Arc<str>,
        arguments: Vec<VectorExpression>,
        text: Arc<str>,
    },
    Negate(Box<VectorExpression>),
    Not(Box<VectorExpression>),
    Binary(VectorOperator, Box<VectorExpression>, Box<VectorExpression>),
    /// `x[i]`, or `x[low, high]`: elements by number, from 0.
    Index(Box<VectorExpression>, Box<VectorExpression>),
    /// `x[[low, high]]`: elements where the scale lies within.
    Range(Box<VectorExpression>, Box<VectorExpression>),
    /// `condition ? yes : no`
    Conditional(Box<[VectorExpression; 3]>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VectorOperator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Power,
    /// `re, im`
    Comma,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    And,
    Or,
}

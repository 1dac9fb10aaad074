//! The random functions of expressions.

use crate::reference::Status;

/// A random function.
pub struct RandomFunction {
    pub name: &'static str,
    /// Least and largest number of arguments.
    pub arity: (usize, usize),
    pub arguments: &'static str,
    pub meaning: &'static str,
    pub status: Status,
}

const fn function(
    name: &'static str,
    arity: (usize, usize),
    arguments: &'static str,
    meaning: &'static str,
    status: Status,
) -> RandomFunction {
    RandomFunction { name, arity, arguments, meaning, status }
}

/// All random functions.
pub const FUNCTIONS: &[RandomFunction] = &[
    function("agauss", (2, 4), "x, d [, k]", "Normal around x, of deviation d/k (k: 1)", Status::Same),
    function("gauss", (1, 4), "x, r [, k]", "Normal around x, of deviation x·r/k (k: 1)", Status::Same),
    function("aunif", (2, 3), "x, d", "Uniform in x ± d", Status::Same),
    function("unif", (2, 3), "x, r", "Uniform in x·(1 ± r)", Status::Same),
    function("limit", (2, 2), "x, d", "x + d or x − d; with three arguments no random function", Status::Same),
    function("mc", (2, 2), "x, r", "Uniform in x·(1 ± r) (LTspice)", Status::OnlyHere),
    function("flat", (1, 1), "d", "Uniform in ± d (LTspice)", Status::OnlyHere),
    function(
        "rand",
        (0, 1),
        "[n]",
        "Uniform in 0 … 1 (Xyce); with an argument a number of 0 … 1 that belongs to its whole part (LTspice)",
        Status::OnlyHere,
    ),
    function(
        "random",
        (1, 1),
        "x",
        "As `rand(x)`, and smooth from one whole number to the next (LTspice)",
        Status::OnlyHere,
    ),
];

/// The function called `name`.
pub fn named(name: &str) -> Option<&'static RandomFunction> {
    FUNCTIONS.iter().find(|function| function.name == name)
}

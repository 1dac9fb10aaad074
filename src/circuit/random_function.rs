//! The random functions of expressions: draws, and functions of a place that look random.
//!
//! ```text
//! u(n)        a number of 0 … 1 that belongs to the seed and the whole number n,  p = x − ⌊x⌋
//! rand(x)   = u(⌊x⌋)
//! random(x) = u(⌊x⌋) + s(p)·(u(⌊x⌋ + 1) − u(⌊x⌋)),          s = 3p² − 2p³: the slope goes on
//! white(x)  = the same − 0.5 with numbers of its own,       s = 10p³ − 15p⁴ + 6p⁵: the bend goes on too
//! ```
//! Source: LTspice's help on behavioural sources, which does not say how it goes between whole numbers.

use super::sample::uniform;
use crate::netlist::function::Function;
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
    function("rand", (0, 0), "", "Uniform in 0 … 1 (Xyce); with an argument no draw", Status::OnlyHere),
];

/// The function called `name`.
pub fn named(name: &str) -> Option<&'static RandomFunction> {
    FUNCTIONS.iter().find(|function| function.name == name)
}

/// The value and the slope of a random function of a place.
pub fn of_place(function: Function, x: f64, seed: f64) -> (f64, f64) {
    if !x.is_finite() {
        return (f64::NAN, 0.0);
    }
    let kind = if function == Function::White { "white" } else { "rand" };
    let at = |place: f64| uniform(seed.max(0.0) as u64, None, &format!("{kind}({place})"));
    let (place, p) = (x.floor(), x - x.floor());
    let before = at(place);
    let (share, slope, shift) = match function {
        Function::Random => (p * p * (3.0 - 2.0 * p), 6.0 * p * (1.0 - p), 0.0),
        Function::White => (p * p * p * (10.0 + p * (6.0 * p - 15.0)), 30.0 * p * p * (1.0 - p) * (1.0 - p), 0.5),
        _ => return (before, 0.0),
    };
    let rise = at(place + 1.0) - before;
    (before + share * rise - shift, slope * rise)
}

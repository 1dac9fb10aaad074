//! The built-in functions of expressions, by name.

use crate::reference::Status;

macro_rules! functions {
    ($($variant:ident $name:literal $arity:tt $arguments:literal, $status:expr, $meaning:literal;)*) => {
        /// A built-in function of expressions.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Function { $(#[doc = concat!("`", $name, "(", $arguments, ")`: ", $meaning)] $variant,)* }

        impl Function {
            /// All built-in functions.
            pub const ALL: &[Function] = &[$(Function::$variant,)*];

            /// The name in expressions.
            pub fn name(self) -> &'static str {
                match self { $(Function::$variant => $name,)* }
            }

            /// Least and largest number of arguments.
            pub fn arity(self) -> (usize, usize) {
                match self { $(Function::$variant => $arity,)* }
            }

            /// Its arguments, for the manual.
            pub fn arguments(self) -> &'static str {
                match self { $(Function::$variant => $arguments,)* }
            }

            /// What it gives.
            pub fn meaning(self) -> &'static str {
                match self { $(Function::$variant => $meaning,)* }
            }

            /// How it stands against ngspice.
            pub fn status(self) -> Status {
                match self { $(Function::$variant => $status,)* }
            }

            /// The function called `name` (lower case).
            pub fn named(name: &str) -> Option<Function> {
                match name { $($name => Some(Function::$variant),)* _ => alias(name) }
            }
        }
    };
}

functions! {
    Abs "abs" (1, 1) "x", Status::Same, "Magnitude";
    Absdelay "absdelay" (2, 3) "x, t [, longest t]", Status::OnlyHere, "x of t seconds before; what it was at the start for the first t seconds (LTspice)";
    Acos "acos" (1, 1) "x", Status::Same, "Arc cosine, rad";
    Acosh "acosh" (1, 1) "x", Status::Same, "Inverse hyperbolic cosine";
    Akima "akima" (5, 4096) "x, x0, y0, x1, y1, …", Status::OnlyHere, "Akima's curve through the points, constant beyond the ends (Xyce)";
    Asin "asin" (1, 1) "x", Status::Same, "Arc sine, rad";
    Asinh "asinh" (1, 1) "x", Status::Same, "Inverse hyperbolic sine";
    Atan "atan" (1, 1) "x", Status::Same, "Arc tangent, rad";
    Atan2 "atan2" (2, 2) "y, x", Status::OnlyHere, "Angle of the point (x, y), rad";
    Atanh "atanh" (1, 1) "x", Status::Same, "Inverse hyperbolic tangent";
    Bli "bli" (5, 4096) "x, x0, y0, x1, y1, …", Status::OnlyHere, "The polynomial through the points, constant beyond the ends (Xyce)";
    Buf "buf" (1, 1) "x", Status::OnlyHere, "1 if x > 0.5, else 0 (LTspice)";
    Ceil "ceil" (1, 1) "x", Status::Same, "Next whole number upwards";
    Cos "cos" (1, 1) "x", Status::Same, "Cosine of radians";
    Cosh "cosh" (1, 1) "x", Status::Same, "Hyperbolic cosine";
    Cubic "cubic" (5, 4096) "x, x0, y0, x1, y1, …", Status::OnlyHere, "The natural cubic spline through the points, constant beyond the ends (Xyce)";
    Ddt "ddt" (1, 2) "x", Status::Same, "Derivative over time";
    Ddx "ddx" (2, 2) "f, x", Status::OnlyHere, "Partial derivative of f by x: a voltage, a current, `time` or a parameter (Xyce)";
    Dnlim "dnlim" (3, 3) "x, y, z", Status::OnlyHere, "max(x, y), with a bend of width z: y + z·e^((x − y)/z − 1) below y + z (LTspice)";
    Erf "erf" (1, 1) "x", Status::OnlyHere, "Error function";
    Erfc "erfc" (1, 1) "x", Status::OnlyHere, "Complement of the error function";
    Exp "exp" (1, 1) "x", Status::Differs("ngspice's behavioural sources stop at 1e99"), "e^x";
    Floor "floor" (1, 1) "x", Status::Same, "Next whole number downwards";
    Hypot "hypot" (2, 2) "x, y", Status::OnlyHere, "√(x² + y²)";
    If "if" (3, 3) "c, x, y", Status::OnlyHere, "x if c is not 0, else y";
    Idt "idt" (1, 3) "x [, initial [, reset]]", Status::OnlyHere, "Integral over time; put back to its initial value when `reset` rises above 0.5, and held there while it is";
    Int "int" (1, 1) "x", Status::Differs("in ngspice in parameters alone"), "Whole part, towards 0";
    Inv "inv" (1, 1) "x", Status::OnlyHere, "1 if x ≤ 0.5, else 0 (LTspice)";
    Limit "limit" (3, 3) "x, a, b", Status::Differs("with three arguments ngspice too gives x ± a at random"), "x kept between a and b; with two arguments a random number";
    Ln "ln" (1, 1) "x", Status::Same, "Natural logarithm";
    Log10 "log10" (1, 1) "x", Status::Same, "Logarithm to base 10";
    Max "max" (1, 255) "x, …", Status::Differs("any number of arguments everywhere; two in ngspice's behavioural sources"), "Largest";
    Min "min" (1, 255) "x, …", Status::Differs("any number of arguments everywhere; two in ngspice's behavioural sources"), "Smallest";
    Nint "nint" (1, 1) "x", Status::Same, "Nearest whole number, halves to even";
    Pow "pow" (2, 2) "x, y", Status::Same, "x^y; |x|^y in behavioural sources of ngspice's dialect";
    Pwl "pwl" (3, 4096) "x, x0, y0, x1, y1, …", Status::Differs("constant beyond the ends, where ngspice goes on along the last line; the numbers may be expressions"), "Straight lines through the points, constant beyond the ends";
    Pwr "pwr" (2, 2) "x, y", Status::Same, "|x|^y; with the sign of x in behavioural sources of ngspice's dialect";
    Pwrs "pwrs" (2, 2) "x, y", Status::OnlyHere, "|x|^y with the sign of x (PSpice)";
    Rand "rand" (1, 1) "x", Status::OnlyHere, "A random number of 0 … 1 that belongs to the whole part of x and to `.options seed=` (LTspice)";
    Random "random" (1, 1) "x", Status::OnlyHere, "As `rand`, but smooth from one whole number to the next (LTspice)";
    Round "round" (1, 1) "x", Status::OnlyHere, "Nearest whole number, halves away from 0 (LTspice)";
    Sgn "sgn" (1, 1) "x", Status::Same, "−1, 0 or 1";
    Sign "sign" (2, 2) "x, y", Status::OnlyHere, "|x| with the sign of y (PSpice)";
    Sin "sin" (1, 1) "x", Status::Same, "Sine of radians";
    Sinh "sinh" (1, 1) "x", Status::Same, "Hyperbolic sine";
    Sqr "sqr" (1, 1) "x", Status::Differs("in ngspice in parameters alone"), "x²";
    Sqrt "sqrt" (1, 1) "x", Status::Same, "Square root";
    Stp "stp" (1, 1) "x", Status::OnlyHere, "1 if x > 0, 0.5 at 0, else 0 (PSpice)";
    Table "table" (3, 4096) "x, x0, y0, x1, y1, …", Status::OnlyHere, "Straight lines through the points, constant beyond the ends (LTspice, Xyce); also `table {x} = (x0,y0) (x1,y1) …` (PSpice, Xyce), and so all functions of points";
    Tan "tan" (1, 1) "x", Status::Same, "Tangent of radians";
    Tanh "tanh" (1, 1) "x", Status::Same, "Hyperbolic tangent";
    Trunc "trunc" (1, 1) "x", Status::OnlyHere, "Whole part, towards 0";
    U "u" (1, 1) "x", Status::Differs("in ngspice in behavioural sources alone"), "1 if x > 0, 0.5 at 0, else 0";
    U2 "u2" (1, 1) "x", Status::Differs("in ngspice in behavioural sources alone"), "x kept between 0 and 1";
    Uplim "uplim" (3, 3) "x, y, z", Status::OnlyHere, "min(x, y), with a bend of width z: y − z·e^((y − x)/z − 1) above y − z (LTspice)";
    Uramp "uramp" (1, 1) "x", Status::Differs("in ngspice in behavioural sources alone"), "x if x > 0, else 0";
    White "white" (1, 1) "x", Status::OnlyHere, "As `random`, but of −0.5 … 0.5 and smoother (LTspice)";
    Wodicka "wodicka" (5, 4096) "x, x0, y0, x1, y1, …", Status::OnlyHere, "As `akima`, but corners between straight parts stay (Xyce)";
}

impl Function {
    /// A random function of a place; its second argument is the seed, which nobody writes.
    pub fn is_of_place(self) -> bool {
        matches!(self, Function::Rand | Function::Random | Function::White)
    }

    /// A curve through points that are its further arguments.
    pub fn is_of_points(self) -> bool {
        use Function::{Akima, Bli, Cubic, Pwl, Table, Wodicka};
        matches!(self, Akima | Bli | Cubic | Pwl | Table | Wodicka)
    }
}

/// Other names, whose function they are, and how they stand against ngspice.
pub const ALIASES: &[(&str, Function, Status)] = &[
    ("arccos", Function::Acos, Status::OnlyHere),
    ("arcsin", Function::Asin, Status::OnlyHere),
    ("arctan", Function::Atan, Status::Differs("in ngspice in parameters alone")),
    ("delay", Function::Absdelay, Status::OnlyHere),
    ("fasttable", Function::Table, Status::OnlyHere),
    ("sdt", Function::Idt, Status::OnlyHere),
    ("spline", Function::Akima, Status::OnlyHere),
    ("m", Function::Abs, Status::OnlyHere),
    ("log", Function::Ln, Status::Differs("to base 10 in Xyce's decks")),
    ("ternary_fcn", Function::If, Status::Same),
];

/// Functions of ngspice that are not here, their meaning, and what to write instead.
pub const ABSENT: &[(&str, &str, &str)] =
    &[("eq0, ne0, gt0, lt0, ge0, le0", "Comparison with 0", "`x == 0`, `x != 0`, …")];

fn alias(name: &str) -> Option<Function> {
    ALIASES.iter().find(|(alias, ..)| *alias == name).map(|(_, function, _)| *function)
}

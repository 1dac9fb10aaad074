//! The built-in functions of expressions, by name.

macro_rules! functions {
    ($($variant:ident $name:literal $arity:expr;)*) => {
        /// A built-in function of expressions.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Function { $(#[doc = concat!("`", $name, "`")] $variant,)* }

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

            /// The function called `name` (lower case).
            pub fn named(name: &str) -> Option<Function> {
                match name { $($name => Some(Function::$variant),)* _ => alias(name) }
            }
        }
    };
}

functions! {
    Abs "abs" (1, 1);
    Acos "acos" (1, 1);
    Acosh "acosh" (1, 1);
    Asin "asin" (1, 1);
    Asinh "asinh" (1, 1);
    Atan "atan" (1, 1);
    Atan2 "atan2" (2, 2);
    Atanh "atanh" (1, 1);
    Buf "buf" (1, 1);
    Ceil "ceil" (1, 1);
    Cos "cos" (1, 1);
    Cosh "cosh" (1, 1);
    Ddt "ddt" (1, 2);
    Erf "erf" (1, 1);
    Erfc "erfc" (1, 1);
    Exp "exp" (1, 1);
    Floor "floor" (1, 1);
    Hypot "hypot" (2, 2);
    If "if" (3, 3);
    Idt "idt" (1, 3);
    Int "int" (1, 1);
    Inv "inv" (1, 1);
    Limit "limit" (3, 3);
    Ln "ln" (1, 1);
    Log10 "log10" (1, 1);
    Max "max" (1, 255);
    Min "min" (1, 255);
    Nint "nint" (1, 1);
    Pow "pow" (2, 2);
    Pwl "pwl" (3, 4096);
    Pwr "pwr" (2, 2);
    Pwrs "pwrs" (2, 2);
    Round "round" (1, 1);
    Sgn "sgn" (1, 1);
    Sign "sign" (2, 2);
    Sin "sin" (1, 1);
    Sinh "sinh" (1, 1);
    Sqr "sqr" (1, 1);
    Sqrt "sqrt" (1, 1);
    Stp "stp" (1, 1);
    Table "table" (3, 4096);
    Tan "tan" (1, 1);
    Tanh "tanh" (1, 1);
    Trunc "trunc" (1, 1);
    U "u" (1, 1);
    U2 "u2" (1, 1);
    Uramp "uramp" (1, 1);
}

fn alias(name: &str) -> Option<Function> {
    Some(match name {
        "arccos" => Function::Acos,
        "arcsin" => Function::Asin,
        "arctan" => Function::Atan,
        "sdt" => Function::Idt,
        "log" => Function::Ln,
        "ternary_fcn" => Function::If,
        _ => return None,
    })
}

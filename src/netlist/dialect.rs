//! Whose language a deck is written in.
//!
//! What means only one thing in all of SPICE's descendants is understood in every deck, whoever's it is. A dialect decides
//! where the same text has different meanings: where comments begin, what `^` is, the scale suffix `x`.

/// A dialect of SPICE's language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Dialect {
    #[default]
    Ngspice,
    LtSpice,
    Pspice,
    Hspice,
    Xyce,
}

/// Names on the command line.
pub const NAMES: &[(&str, Dialect)] = &[
    ("ngspice", Dialect::Ngspice),
    ("ltspice", Dialect::LtSpice),
    ("pspice", Dialect::Pspice),
    ("hspice", Dialect::Hspice),
    ("xyce", Dialect::Xyce),
];

/// Words that decks of one dialect use and others hardly do, with their weight. A word that begins with a dot begins a
/// line; of one that ends in a blank the blank counts.
pub const MARKS: &[(&str, Dialect, u32)] = &[
    (".control", Dialect::Ngspice, 3),
    (".backanno", Dialect::LtSpice, 5),
    (".lib c:\\program files\\lt", Dialect::LtSpice, 5),
    ("ltspice", Dialect::LtSpice, 2),
    (" rser=", Dialect::LtSpice, 2),
    (".stmlib", Dialect::Pspice, 3),
    (".autoconverge", Dialect::Pspice, 3),
    ("$g_", Dialect::Pspice, 2),
    ("cadence", Dialect::Pspice, 1),
    ("orcad", Dialect::Pspice, 2),
    ("pspice", Dialect::Pspice, 2),
    (" dev=", Dialect::Pspice, 2),
    (" lot=", Dialect::Pspice, 2),
    (".tran/op", Dialect::Pspice, 3),
    (".probe/csdf", Dialect::Pspice, 3),
    (".option post", Dialect::Hspice, 3),
    (".options post", Dialect::Hspice, 3),
    (".alter", Dialect::Hspice, 2),
    (".del lib", Dialect::Hspice, 3),
    (".macro", Dialect::Hspice, 1),
    ("hspice", Dialect::Hspice, 2),
    ("sweep monte", Dialect::Hspice, 3),
    (".global_param", Dialect::Xyce, 5),
    (".preprocess", Dialect::Xyce, 5),
    (".sampling", Dialect::Xyce, 5),
    (".options timeint", Dialect::Xyce, 5),
    (".options nonlin", Dialect::Xyce, 5),
    (".options linsol", Dialect::Xyce, 5),
    (".options device", Dialect::Xyce, 5),
    (".options output", Dialect::Xyce, 5),
    ("ymemristor ", Dialect::Xyce, 5),
    (".print tran format=", Dialect::Xyce, 5),
    (".print dc format=", Dialect::Xyce, 5),
    (".print ac format=", Dialect::Xyce, 5),
    ("xyce", Dialect::Xyce, 2),
];

/// Less than this is no reason to think of another simulator than ngspice.
const LEAST_WEIGHT: u32 = 2;

impl Dialect {
    /// The dialect called `name` on the command line.
    pub fn named(name: &str) -> Option<Dialect> {
        NAMES.iter().find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, dialect)| *dialect)
    }

    /// The dialect that ngspice's `ngbehavior` asks for: `lt`, `ps`, `hs`, also with `a` behind, or several together,
    /// of which the first decides.
    pub fn of_ngbehavior(value: &str) -> Option<Dialect> {
        let value = value.to_ascii_lowercase();
        match value.get(..2).unwrap_or(&value) {
            "lt" => Some(Dialect::LtSpice),
            "ps" => Some(Dialect::Pspice),
            "hs" => Some(Dialect::Hspice),
            "al" | "a" | "s3" | "ki" | "eg" | "va" | "mc" => Some(Dialect::Ngspice),
            _ => None,
        }
    }

    /// The dialect that the words of `text` suggest.
    pub fn of_text(text: &str) -> Dialect {
        let mut weights = [0u32; NAMES.len()];
        for line in text.lines() {
            let line = line.trim_start().to_ascii_lowercase();
            let joined = if line.contains("  ") { Some(squeezed(&line)) } else { None };
            let line = joined.as_deref().unwrap_or(&line);
            for (mark, dialect, weight) in MARKS {
                let found = if mark.starts_with('.') { line.starts_with(mark) } else { line.contains(mark) };
                if found {
                    weights[*dialect as usize] += weight;
                }
            }
        }
        let best = NAMES.iter().map(|(_, dialect)| *dialect).rev().max_by_key(|dialect| weights[*dialect as usize]);
        best.filter(|dialect| weights[*dialect as usize] >= LEAST_WEIGHT).unwrap_or_default()
    }

    /// Whether `$` behind a blank begins a comment; elsewhere it is a letter, as in PSpice's global nodes `$G_VDD`.
    pub fn has_dollar_comments(self) -> bool {
        matches!(self, Dialect::Ngspice | Dialect::Hspice)
    }

    /// Whether `$` between blanks begins a comment outside of expressions, as in Xyce since version 7.
    pub fn has_lone_dollar_comments(self) -> bool {
        self == Dialect::Xyce
    }

    /// Whether `//` behind a blank begins a comment.
    pub fn has_slash_comments(self) -> bool {
        self == Dialect::Ngspice
    }

    /// Whether `^` is a power; elsewhere it is the exclusive or of two truths.
    pub fn caret_is_power(self) -> bool {
        matches!(self, Dialect::Ngspice | Dialect::Hspice)
    }

    /// Whether `^` is a power unless both sides are comparisons: PSpice's models have it for either.
    pub fn caret_may_be_power(self) -> bool {
        self == Dialect::Pspice
    }

    /// Whether `2**3**2` is (2³)², and what is raised to a power is the magnitude of the base; elsewhere powers go from right to
    /// left, and a negative base has its sign.
    pub fn powers_go_left(self) -> bool {
        self == Dialect::Ngspice
    }

    /// Whether `1a` is 10⁻¹⁸; elsewhere it is one ampere.
    pub fn has_atto(self) -> bool {
        matches!(self, Dialect::Ngspice | Dialect::Hspice)
    }

    /// The same in expressions: there ngspice has amperes too.
    pub fn has_atto_in_expressions(self) -> bool {
        self == Dialect::Hspice
    }

    /// Whether `1x` is 10⁶.
    pub fn has_x_for_mega(self) -> bool {
        matches!(self, Dialect::Hspice | Dialect::Xyce)
    }

    /// Whether `log` is the logarithm to base 10; elsewhere it is the natural one.
    pub fn log_is_decadic(self) -> bool {
        self == Dialect::Xyce
    }

    /// As on the command line.
    pub fn name(self) -> &'static str {
        NAMES[self as usize].0
    }
}

/// With single blanks.
fn squeezed(line: &str) -> String {
    line.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::{Dialect, NAMES};

    #[test]
    fn names_are_in_the_order_of_the_dialects() {
        assert!(NAMES.iter().all(|(name, dialect)| dialect.name() == *name));
    }

    #[test]
    fn decks_tell_whose_they_are() {
        let cases = [
            ("title\nr1 a 0 1k\n.op\n", Dialect::Ngspice),
            ("* C:\\x\\y.asc\nC1 a 0 1u Rser=1\n.backanno\n.end\n", Dialect::LtSpice),
            ("t\nV1 $G_VDD 0 5\n.probe\n", Dialect::Pspice),
            ("t\n.option  post=2\n.param w='2*l'\n", Dialect::Hspice),
            ("t\n.GLOBAL_PARAM r=1\n.print tran v(1)\n", Dialect::Xyce),
            ("t\n.control\nrun\n.endc\n* from xyce\n", Dialect::Ngspice),
        ];
        for (text, dialect) in cases {
            assert_eq!(Dialect::of_text(text), dialect, "{text}");
        }
        assert_eq!(Dialect::of_ngbehavior("ltpsa"), Some(Dialect::LtSpice));
        assert_eq!(Dialect::of_ngbehavior("psa"), Some(Dialect::Pspice));
        assert_eq!(Dialect::of_ngbehavior("hsa"), Some(Dialect::Hspice));
        assert_eq!(Dialect::of_ngbehavior("all"), Some(Dialect::Ngspice));
        assert_eq!(Dialect::of_ngbehavior("zz"), None);
    }
}

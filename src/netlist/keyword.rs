//! The dot cards that there are.

use super::card::CommandKeyword;

/// What a dot card's keyword means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keyword {
    Parameter,
    Function,
    Subcircuit,
    Ends,
    Model,
    Include,
    Library,
    EndLibrary,
    If,
    ElseIf,
    Else,
    EndIf,
    Control,
    EndControl,
    End,
    Title,
    /// Read in elaboration.
    Command(CommandKeyword),
    /// Kept as text under this name.
    Kept(&'static str),
    /// Known to SPICE, and to be added here one day.
    Unsupported,
    /// Of no consequence here.
    Ignored,
}

/// Every keyword, without its dot.
pub const KEYWORDS: &[(&str, Keyword)] = &[
    ("ac", Keyword::Command(CommandKeyword::Ac)),
    ("array", Keyword::Kept("array")),
    ("backanno", Keyword::Ignored),
    ("check", Keyword::Kept("check")),
    ("control", Keyword::Control),
    ("csparam", Keyword::Unsupported),
    ("dc", Keyword::Command(CommandKeyword::Dc)),
    ("disto", Keyword::Unsupported),
    ("else", Keyword::Else),
    ("elseif", Keyword::ElseIf),
    ("end", Keyword::End),
    ("endc", Keyword::EndControl),
    ("endif", Keyword::EndIf),
    ("endl", Keyword::EndLibrary),
    ("ends", Keyword::Ends),
    ("fft", Keyword::Unsupported),
    ("figure", Keyword::Kept("figure")),
    ("four", Keyword::Kept("four")),
    ("fourier", Keyword::Kept("four")),
    ("func", Keyword::Function),
    ("global", Keyword::Command(CommandKeyword::Global)),
    ("ic", Keyword::Command(CommandKeyword::InitialConditions)),
    ("if", Keyword::If),
    ("inc", Keyword::Include),
    ("incl", Keyword::Include),
    ("include", Keyword::Include),
    ("lib", Keyword::Library),
    ("meas", Keyword::Kept("measure")),
    ("measure", Keyword::Kept("measure")),
    ("model", Keyword::Model),
    ("nodeset", Keyword::Command(CommandKeyword::NodeSet)),
    ("noise", Keyword::Unsupported),
    ("op", Keyword::Command(CommandKeyword::OperatingPoint)),
    ("opt", Keyword::Command(CommandKeyword::Options)),
    ("option", Keyword::Command(CommandKeyword::Options)),
    ("options", Keyword::Command(CommandKeyword::Options)),
    ("param", Keyword::Parameter),
    ("params", Keyword::Parameter),
    ("plot", Keyword::Kept("plot")),
    ("print", Keyword::Kept("print")),
    ("probe", Keyword::Kept("probe")),
    ("prot", Keyword::Ignored),
    ("pss", Keyword::Unsupported),
    ("pz", Keyword::Unsupported),
    ("save", Keyword::Kept("save")),
    ("sens", Keyword::Unsupported),
    ("sp", Keyword::Unsupported),
    ("step", Keyword::Command(CommandKeyword::Step)),
    ("subckt", Keyword::Subcircuit),
    ("target", Keyword::Kept("target")),
    ("temp", Keyword::Command(CommandKeyword::Temperature)),
    ("tf", Keyword::Unsupported),
    ("title", Keyword::Title),
    ("tran", Keyword::Command(CommandKeyword::Transient)),
    ("unprot", Keyword::Ignored),
    ("width", Keyword::Ignored),
];

/// The meaning of `keyword`, in lower case.
pub fn meaning(keyword: &str) -> Option<Keyword> {
    KEYWORDS.iter().find(|(name, _)| *name == keyword).map(|(_, meaning)| *meaning)
}

//! What the entries of the reference manual share: how a thing stands against ngspice, and the text at the head of a file.

/// How something compares with what ngspice 39 has under the same name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// The same name and the same meaning.
    Same,
    /// It is there, and differs as the sentence says.
    Differs(&'static str),
    /// ngspice does not have it.
    OnlyHere,
    /// Read without an error, and without effect.
    Ignored,
    /// ngspice has it (or the simulator that its meaning names), and it is not here; the sentence says what to do instead.
    Absent(&'static str),
}

impl Status {
    /// For a cell of a table.
    pub fn text(self) -> String {
        match self {
            Status::Same => "same".into(),
            Status::Differs(how) => format!("differs: {how}"),
            Status::OnlyHere => "only here".into(),
            Status::Ignored => "accepted, ignored".into(),
            Status::Absent("") => "not there".into(),
            Status::Absent(instead) => format!("not there: {instead}"),
        }
    }
}

/// A parameter that is read by its name: of an element's card, a word or list of a model's, an argument of a waveform.
#[derive(Debug, Clone, Copy)]
pub struct NamedParameter {
    /// Names on the card; the first is the one to write.
    pub names: &'static [&'static str],
    pub unit: &'static str,
    /// As on the card; empty if there is none.
    pub default: &'static str,
    pub description: &'static str,
    /// Read, and nothing follows from it.
    pub without_effect: bool,
}

impl NamedParameter {
    /// A parameter with these names, unit, default and meaning.
    pub const fn new(
        names: &'static [&'static str],
        unit: &'static str,
        default: &'static str,
        description: &'static str,
    ) -> Self {
        NamedParameter { names, unit, default, description, without_effect: false }
    }

    /// A parameter that is accepted and without effect.
    pub const fn ignored(names: &'static [&'static str], description: &'static str) -> Self {
        NamedParameter { names, unit: "", default: "", description, without_effect: true }
    }

    /// Whether `name` is one of its names.
    pub fn is_called(&self, name: &str) -> bool {
        self.names.contains(&name)
    }
}

/// Whether `table` has a parameter called `name`.
pub fn has(table: &[NamedParameter], name: &str) -> bool {
    table.iter().any(|parameter| parameter.is_called(name))
}

/// The comment at the head of a source file, as text.
///
/// The file is cut at compile time, so that the program carries the comment alone.
#[macro_export]
macro_rules! head_of_file {
    ($file:literal) => {{
        const SOURCE: &str = include_str!($file);
        const LENGTH: usize = $crate::reference::copy_head(SOURCE, &mut []);
        const HEAD: [u8; LENGTH] = {
            let mut head = [0; LENGTH];
            $crate::reference::copy_head(SOURCE, &mut head);
            head
        };
        match std::str::from_utf8(&HEAD) {
            Ok(text) => text,
            Err(_) => "",
        }
    }};
}

/// Copies the `//!` lines that `source` begins with, without their marks, into `head` as far as it reaches; their length in bytes.
pub const fn copy_head(source: &str, head: &mut [u8]) -> usize {
    let source = source.as_bytes();
    let (mut at, mut length) = (0, 0);
    while at + 2 < source.len() && source[at] == b'/' && source[at + 1] == b'/' && source[at + 2] == b'!' {
        at += 3;
        if at < source.len() && source[at] == b' ' {
            at += 1;
        }
        while at < source.len() && source[at] != b'\n' {
            length = put(head, length, source[at]);
            at += 1;
        }
        length = put(head, length, b'\n');
        at += 1;
    }
    length
}

const fn put(head: &mut [u8], at: usize, byte: u8) -> usize {
    if at < head.len() {
        head[at] = byte;
    }
    at + 1
}

#[cfg(test)]
mod tests {
    #[test]
    fn heads_have_no_marks() {
        let head = crate::head_of_file!("reference.rs");
        assert!(head.starts_with("What the entries of the reference manual share"), "{head}");
        assert!(head.ends_with("head of a file.\n"), "{head}");
    }
}

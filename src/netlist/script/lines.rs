//! The lines of a script: comments gone, continuation lines joined, capitals kept.

use crate::diagnostic::{FileId, Span};

/// One line of a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScriptLine {
    pub text: String,
    /// The line in the file, without the blanks around it.
    pub span: Span,
}

impl ScriptLine {
    /// The first word, in lower case.
    pub fn command(&self) -> String {
        self.text.split_whitespace().next().unwrap_or_default().to_ascii_lowercase()
    }

    /// What follows the first word.
    pub fn rest(&self) -> &str {
        self.text.trim_start().split_once(char::is_whitespace).map_or("", |(_, rest)| rest.trim_start())
    }
}

/// The lines of `text`, which begins at byte `start` of `file`.
pub fn script_lines(text: &str, file: FileId, start: usize) -> Vec<ScriptLine> {
    let mut lines: Vec<ScriptLine> = Vec::new();
    let mut offset = start;
    for physical in text.split_inclusive('\n') {
        let begin = offset + physical.len() - physical.trim_start().len();
        let visible = without_comment(physical.trim());
        offset += physical.len();
        if visible.is_empty() {
            continue;
        }
        let span = Span::new(file, begin, begin + visible.len());
        match (visible.strip_prefix('+'), lines.last_mut()) {
            (Some(more), Some(last)) => {
                last.text.push(' ');
                last.text.push_str(more.trim());
                last.span = last.span.to(span);
            }
            _ => lines.push(ScriptLine { text: visible.to_string(), span }),
        }
    }
    lines
}

/// A comment is a line that begins with `*` or `#`, and what follows `;`, `$` with a blank, or `//` behind a blank.
fn without_comment(line: &str) -> &str {
    if line.starts_with(['*', '#']) {
        return "";
    }
    let mut quoted = false;
    let bytes = line.as_bytes();
    for (at, &byte) in bytes.iter().enumerate() {
        let next = bytes.get(at + 1).copied();
        let after_blank = at == 0 || bytes[at - 1].is_ascii_whitespace();
        let begins = match byte {
            b'"' => {
                quoted = !quoted;
                false
            }
            b';' => true,
            b'$' => next.is_none_or(|next| next.is_ascii_whitespace()),
            b'/' => after_blank && next == Some(b'/'),
            _ => false,
        };
        if begins && !quoted {
            return line[..at].trim_end();
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::script_lines;
    use crate::diagnostic::FileId;

    #[test]
    fn comments_go_and_continuations_join() {
        let text = "  op ; operating point\n* all of it\nprint v(1)\n+ v(2)  $ two\n\necho \"a;b\" // c\n";
        let lines = script_lines(text, FileId(0), 100);
        let texts: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
        assert_eq!(texts, ["op", "print v(1) v(2)", "echo \"a;b\""]);
        assert_eq!((lines[0].span.start, lines[0].span.end), (102, 104));
        assert_eq!(lines[1].rest(), "v(1) v(2)");
    }
}

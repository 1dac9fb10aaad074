//! Errors and warnings that point at the text that caused them.
//!
//! Every stage from the parser to the analyses reports through [`Diagnostic`]; only the command line renders them
//! ([`Report::render`]) and prints them.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use codespan_reporting::diagnostic as codespan;
use codespan_reporting::files::SimpleFiles;
use codespan_reporting::term;

/// A file of a [`SourceMap`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct FileId(pub u32);

/// A range of bytes, `start..end`, in one source file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Span {
    pub file: FileId,
    pub start: u32,
    pub end: u32,
}

impl Span {
    pub fn new(file: FileId, start: usize, end: usize) -> Self {
        Span { file, start: start as u32, end: end as u32 }
    }

    /// The smallest span that covers both; `self` where they lie in different files.
    pub fn to(self, other: Span) -> Span {
        if self.file != other.file {
            return self;
        }
        Span { file: self.file, start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// One file (or piece of text given on the command line) that netlist text came from.
#[derive(Debug, Clone)]
pub struct SourceFile {
    pub name: String,
    pub text: Arc<str>,
}

/// All source text of a deck; spans index into it.
#[derive(Debug, Clone, Default)]
pub struct SourceMap {
    files: Vec<SourceFile>,
    sealed: bool,
}

impl SourceMap {
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<Arc<str>>) -> FileId {
        self.files.push(SourceFile { name: name.into(), text: text.into() });
        FileId(self.files.len() as u32 - 1)
    }

    pub fn file(&self, id: FileId) -> &SourceFile {
        &self.files[id.0 as usize]
    }

    pub fn files(&self) -> &[SourceFile] {
        &self.files
    }

    /// From now on nothing that the deck names is read or written: for text from those who are not trusted.
    pub fn seal(&mut self) {
        self.sealed = true;
    }

    /// Refuses if the deck may name no files; to be asked before any file that a deck names is touched.
    ///
    /// # Errors
    /// The sources are [sealed](SourceMap::seal).
    pub fn may_touch_files(&self) -> io::Result<()> {
        if self.sealed { Err(io::Error::other("this deck may name no files")) } else { Ok(()) }
    }

    /// The path that `name` means in the file `from`: relative to that file's folder.
    pub fn beside(&self, from: FileId, name: impl AsRef<Path>) -> PathBuf {
        Path::new(&self.file(from).name).parent().unwrap_or(Path::new("")).join(name)
    }

    /// The bytes of a file that the deck names.
    ///
    /// # Errors
    /// The file cannot be read, or the deck may name none.
    pub fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.may_touch_files()?;
        std::fs::read(path)
    }

    /// The text of a file that the deck names.
    ///
    /// # Errors
    /// The file cannot be read, is no UTF-8, or the deck may name none.
    pub fn read_text(&self, path: &Path) -> io::Result<String> {
        self.may_touch_files()?;
        std::fs::read_to_string(path)
    }

    /// The text under `span`.
    pub fn text(&self, span: Span) -> &str {
        &self.file(span.file).text[span.start as usize..span.end as usize]
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    Note,
    Warning,
    Error,
}

/// A piece of text to underline, with a remark beside it (may be empty).
#[derive(Debug, Clone)]
pub struct Label {
    pub span: Span,
    pub text: String,
}

/// One error, warning or note.
#[derive(Debug, Clone)]
pub struct Diagnostic {
    pub severity: Severity,
    pub message: String,
    /// The first is the place of the error, the others are related places.
    pub labels: Vec<Label>,
    pub hints: Vec<String>,
}

impl Diagnostic {
    pub fn new(severity: Severity, message: impl Into<String>) -> Self {
        Diagnostic { severity, message: message.into(), labels: Vec::new(), hints: Vec::new() }
    }

    pub fn error(message: impl Into<String>) -> Self {
        Self::new(Severity::Error, message)
    }

    pub fn warning(message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, message)
    }

    pub fn note(message: impl Into<String>) -> Self {
        Self::new(Severity::Note, message)
    }

    /// The same as a warning.
    pub fn as_warning(self) -> Self {
        Diagnostic { severity: Severity::Warning, ..self }
    }

    /// Underline `span`.
    pub fn at(self, span: Span) -> Self {
        self.label(span, "")
    }

    /// Underline `span` and say something beside it.
    pub fn label(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// What the user can do about it.
    pub fn hint(mut self, text: impl Into<String>) -> Self {
        self.hints.push(text.into());
        self
    }

    /// Hint at the candidate nearest to `wanted`, if any is near.
    pub fn nearest<'a>(self, wanted: &str, candidates: impl IntoIterator<Item = &'a str>) -> Self {
        match nearest(wanted, candidates) {
            Some(name) => self.hint(format!("did you mean `{name}`?")),
            None => self,
        }
    }

    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// The candidate nearest to `wanted` by edit distance, if it is near enough to be a slip of the pen.
pub fn nearest<'a>(wanted: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = wanted.chars().count();
    // One letter is near to every other.
    let limit = (length / 3).clamp(usize::from(length > 1), 3);
    candidates
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(wanted, name), name))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// Diagnostics together with the text that they point at: the error type of everything that reads a deck.
#[derive(Debug, Clone, Default)]
pub struct Report {
    pub sources: Arc<SourceMap>,
    pub diagnostics: Vec<Diagnostic>,
}

impl Report {
    pub fn new(sources: Arc<SourceMap>, diagnostics: Vec<Diagnostic>) -> Self {
        Report { sources, diagnostics }
    }

    /// A report without source text, for errors of files and options.
    pub fn message(diagnostic: Diagnostic) -> Self {
        Report { sources: Arc::default(), diagnostics: vec![diagnostic] }
    }

    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }

    /// The first error without its places, for one who does not see the text; `otherwise` if there is none.
    pub fn into_first_error(self, otherwise: &str) -> Diagnostic {
        let first = self.diagnostics.into_iter().find(Diagnostic::is_error);
        let error = first.unwrap_or_else(|| Diagnostic::error(otherwise));
        Diagnostic { labels: Vec::new(), ..error }
    }

    /// Text for a person, with the offending lines underlined; ANSI colours if `colour`.
    pub fn render(&self, colour: bool) -> String {
        let mut files = SimpleFiles::new();
        for file in self.sources.files() {
            files.add(file.name.as_str(), &*file.text);
        }
        let config = term::Config { chars: term::Chars::ascii(), ..term::Config::default() };
        let mut out = String::new();
        for diagnostic in &self.diagnostics {
            let diagnostic = to_codespan(diagnostic);
            // Spans come from the parser, so the only failure is a formatting one; the message must survive it.
            let rendered = if colour {
                let mut buffer = term::termcolor::Ansi::new(Vec::new());
                term::emit_to_write_style(&mut buffer, &config, &files, &diagnostic)
                    .map(|()| String::from_utf8_lossy(&buffer.into_inner()).into_owned())
            } else {
                term::emit_into_string(&config, &files, &diagnostic)
            };
            match rendered {
                Ok(text) => out.push_str(&text),
                Err(_) => out.push_str(&format!("error: {}\n", diagnostic.message)),
            }
        }
        out
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

impl std::error::Error for Report {}

fn to_codespan(diagnostic: &Diagnostic) -> codespan::Diagnostic<usize> {
    let severity = match diagnostic.severity {
        Severity::Error => codespan::Severity::Error,
        Severity::Warning => codespan::Severity::Warning,
        Severity::Note => codespan::Severity::Note,
    };
    let label = |(index, label): (usize, &Label)| {
        let style = if index == 0 { codespan::LabelStyle::Primary } else { codespan::LabelStyle::Secondary };
        let range = label.span.start as usize..label.span.end as usize;
        codespan::Label::new(style, label.span.file.0 as usize, range).with_message(&label.text)
    };
    codespan::Diagnostic::new(severity)
        .with_message(&diagnostic.message)
        .with_labels(diagnostic.labels.iter().enumerate().map(label).collect())
        .with_notes(diagnostic.hints.iter().map(|hint| format!("hint: {hint}")).collect())
}

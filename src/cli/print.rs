//! What a person reads on standard output and error.

use std::io::{ErrorKind, IsTerminal, Write};
use std::sync::OnceLock;

use crate::diagnostic::{Diagnostic, Report};
use crate::mna::vectors::VectorKind;
use crate::results::plot::{Data, Plot};

/// Prints errors and warnings, in colour on a terminal.
pub fn report(report: &Report) {
    let colour = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let _ = std::io::stderr().write_all(report.render(colour).as_bytes());
}

/// Says how the command line should have been.
pub fn misuse(message: &str) {
    let _ = writeln!(std::io::stderr(), "error: {message}\n\nFor more information, try '--help'.");
}

/// Why standard output took no more, if that is so.
static LOST: OnceLock<String> = OnceLock::new();

/// A closed pipe is no error: its reader has seen enough. A full disk is one.
fn note_loss(result: std::io::Result<()>) {
    if let Err(error) = result
        && error.kind() != ErrorKind::BrokenPipe
    {
        LOST.get_or_init(|| error.to_string());
    }
}

/// Prints to standard output.
pub fn line(text: &str) {
    note_loss(writeln!(std::io::stdout(), "{text}"));
}

/// Prints to standard output as it is, at once.
pub fn text(text: &str) {
    let mut out = std::io::stdout();
    note_loss(out.write_all(text.as_bytes()).and_then(|()| out.flush()));
}

/// Everything has been printed: the error if some of it was lost.
pub fn finish() -> Option<Diagnostic> {
    note_loss(std::io::stdout().flush());
    LOST.get().map(|reason| Diagnostic::error(format!("cannot write to standard output: {reason}")))
}

/// Prints to standard error.
pub fn note(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// The values of an operating point, or of another plot with a single point, as a table.
pub fn operating_point(plot: &Plot) -> String {
    let width = plot.header.columns.iter().map(|column| column.name.chars().count()).max().unwrap_or(0).max(4);
    let mut text = match plot.header.name.as_str() {
        "Operating Point" => String::from("Operating point\n"),
        name => format!("{name}\n"),
    };
    for (index, column) in plot.header.columns.iter().enumerate() {
        let value = match &plot.data {
            Data::Complex(columns) => columns[index].first().map_or("nan".into(), |value| complex(*value)),
            Data::Real(columns) => with_unit(columns[index].first().copied().unwrap_or(f64::NAN), column.kind),
        };
        text.push_str(&format!("  {:width$}  {value}\n", column.name));
    }
    text
}

fn complex(value: faer::c64) -> String {
    match value.im {
        0.0 => format!("{:.6e}", value.re),
        part => format!("{:.6e} {} {:.6e}j", value.re, if part < 0.0 { '-' } else { '+' }, part.abs()),
    }
}

/// A value with SI prefix and unit.
pub fn with_unit(value: f64, kind: VectorKind) -> String {
    let unit = kind.unit();
    let within = (1e-18..1e18).contains(&value.abs());
    if !within || unit.is_empty() {
        return format!("{value:.6e} {unit}").trim_end().to_string();
    }
    const PREFIXES: [&str; 11] = ["f", "p", "n", "µ", "m", "", "k", "M", "G", "T", "P"];
    let exponent = ((value.abs().log10() / 3.0).floor() as i32).clamp(-5, 5);
    let scaled = value / 10f64.powi(3 * exponent);
    format!("{scaled:.6} {}{unit}", PREFIXES[(exponent + 5) as usize])
}

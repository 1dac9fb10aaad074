//! `.print … format=… file=…`: tables in files, in the formats of Xyce.

use std::fmt::Write as _;

use super::card_text::CardText;
use super::plot::{Data, Plot};
use super::plot_selector::is_wanted;
use super::print_table::{PrintCard, columns_of, scientific};
use super::value::{Samples, Value, sample};
use crate::circuit::Circuit;
use crate::diagnostic::Diagnostic;
use crate::netlist::dialect::Dialect;
use crate::netlist::number::parse_number_in;

/// How a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Columns with a number in front of each row.
    Standard,
    /// The same without the number.
    NoIndex,
    CommaSeparated,
    /// As standard, with two empty lines between steps.
    Gnuplot,
    /// As standard, with one empty line between steps.
    Splot,
    Tecplot,
    /// PSpice's CSDF.
    Probe,
    /// An ASCII raw file.
    Raw,
}

const FORMATS: &[(&str, Format, &str)] = &[
    ("std", Format::Standard, "prn"),
    ("noindex", Format::NoIndex, "prn"),
    ("csv", Format::CommaSeparated, "csv"),
    ("gnuplot", Format::Gnuplot, "prn"),
    ("splot", Format::Splot, "prn"),
    ("tecplot", Format::Tecplot, "dat"),
    ("probe", Format::Probe, "csd"),
    ("raw", Format::Raw, "raw"),
];

/// What a `.print` card says about a file.
#[derive(Debug, Clone, PartialEq)]
pub struct PrintFile {
    pub format: Format,
    /// Without one the file is called as the deck is, with the format's ending.
    pub name: Option<String>,
    /// Between columns; blanks without one.
    delimiter: Option<&'static str>,
    /// Digits after the point.
    precision: usize,
    /// Smaller magnitudes are written as 0.
    filter: f64,
    /// On the values of the time axis.
    time_factor: f64,
}

impl Default for PrintFile {
    fn default() -> Self {
        PrintFile { format: Format::Standard, name: None, delimiter: None, precision: 8, filter: 0.0, time_factor: 1.0 }
    }
}

/// Options of the card that matter to nobody but the terminal of Xyce.
const IGNORED: &[&str] = &["width", "timefactor", "outputsamplestats", "outputallsamples"];

/// Takes `key=value` options into `found`; false if there is no such option here.
pub fn options(text: &mut CardText<'_>, found: &mut Option<PrintFile>) -> Result<bool, Diagnostic> {
    let mut any = false;
    loop {
        if text.accept_option("format") {
            let span = text.here();
            let (word, _) = text.file_name()?;
            let names = FORMATS.iter().map(|(name, ..)| *name);
            let Some((_, format, _)) = FORMATS.iter().find(|(name, ..)| *name == word) else {
                let error = Diagnostic::error(format!("there is no format `{word}`")).at(span);
                return Err(error.hint(format!("formats: {}", names.collect::<Vec<_>>().join(", "))));
            };
            found.get_or_insert_default().format = *format;
        } else if text.accept_option("file") {
            found.get_or_insert_default().name = Some(text.file_name()?.0);
        } else if text.accept_option("delimiter") {
            let delimiter = match text.file_name()?.0.as_str() {
                "tab" => Some("\t"),
                "comma" => Some(","),
                _ => None,
            };
            found.get_or_insert_default().delimiter = delimiter;
        } else if text.accept_option("precision") {
            let digits = text.file_name()?.0.parse().unwrap_or(8);
            found.get_or_insert_default().precision = std::cmp::min(digits, 17);
        } else if text.accept_option("filter") {
            found.get_or_insert_default().filter = positive(text)?;
        } else if text.accept_option("timescalefactor") {
            found.get_or_insert_default().time_factor = positive(text)?;
        } else if IGNORED.iter().any(|name| text.accept_option(name)) {
            text.file_name()?;
            found.get_or_insert_default();
        } else {
            return Ok(any);
        }
        any = true;
    }
}

fn positive(text: &mut CardText<'_>) -> Result<f64, Diagnostic> {
    let (word, span) = text.file_name()?;
    let number = parse_number_in(word.trim_matches(['{', '}']), Dialect::Xyce).filter(|number| *number > 0.0);
    number.ok_or_else(|| Diagnostic::error("expected a positive number").at(span))
}

/// What one run adds to a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    title: String,
    /// Values of the `.step` as text.
    step: String,
    analysis: String,
    names: Vec<String>,
    /// The axis is among the columns, unless the card names the swept quantities itself.
    columns: Vec<Vec<f64>>,
}

/// The tables of what the card names, of every plot that it is about; those of a transient analysis at the times that
/// `.options output` asks for, if it does.
///
/// What is not there is left out, with an error in `missing`.
pub fn tables(card: &PrintCard, circuit: &Circuit, plots: &[Plot], missing: &mut Vec<Diagnostic>) -> Vec<Table> {
    let wanted = plots.iter().filter(|plot| is_wanted(plot, card.analysis) && plot.header.has_axis);
    let file = card.file.clone().unwrap_or_default();
    let mut of_plot = |plot: &Plot| {
        let mut table = table(plot, columns_of(card, circuit, plot, missing));
        if let Some((axis, columns)) = table.columns.split_first_mut() {
            let is_time = table.names[0] == "TIME";
            let wanted = if is_time { circuit.options.print_times.between(axis) } else { None };
            if let Some(times) = wanted {
                columns.iter_mut().for_each(|column| *column = at_times(axis, column, &times));
                *axis = times;
            }
            if is_time {
                axis.iter_mut().for_each(|time| *time *= file.time_factor);
            }
        }
        let columns = table.columns.iter_mut().zip(&table.names);
        for (column, _) in columns.filter(|(_, name)| !matches!(name.as_str(), "TIME" | "FREQ")) {
            column.iter_mut().filter(|value| value.abs() < file.filter).for_each(|value| *value = 0.0);
        }
        table
    };
    wanted.map(&mut of_plot).collect()
}

/// Straight lines between the points, at `times`.
fn at_times(axis: &[f64], values: &[f64], times: &[f64]) -> Vec<f64> {
    let at = |&time: &f64| {
        let next = axis.partition_point(|&point| point < time);
        match (next.checked_sub(1), axis.get(next)) {
            (Some(before), Some(&right)) if right > time => {
                let part = (time - axis[before]) / (right - axis[before]);
                values[before] + part * (values[next] - values[before])
            }
            _ => values[next.min(values.len() - 1)],
        }
    };
    times.iter().map(at).collect()
}

fn table(plot: &Plot, values: Vec<(String, Value)>) -> Table {
    let count = plot.len();
    let (mut names, mut columns) = (Vec::new(), Vec::new());
    let axis = plot.header.columns.first().map(|column| column.name.as_str()).unwrap_or_default();
    let shown = match axis {
        "time" => Some("TIME"),
        "frequency" => Some("FREQ"),
        _ => None,
    };
    if let Some(name) = shown {
        names.push(name.to_string());
        columns.push(plot.axis());
    }
    for (name, value) in values {
        let name = name.to_uppercase();
        let real = |part: &dyn Fn(usize) -> f64| (0..count).map(part).collect::<Vec<f64>>();
        match &value.samples {
            Samples::Real(values) => {
                names.push(name);
                columns.push(real(&|index| sample(values, index).unwrap_or(f64::NAN)));
            }
            Samples::Complex(values) => {
                names.extend([format!("Re({name})"), format!("Im({name})")]);
                columns.push(real(&|index| sample(values, index).map_or(f64::NAN, |value| value.re)));
                columns.push(real(&|index| sample(values, index).map_or(f64::NAN, |value| value.im)));
            }
        }
    }
    let header = &plot.header;
    Table { title: header.title.clone(), step: header.step.clone(), analysis: header.name.clone(), names, columns }
}

/// The file's name beside the deck called `deck`.
pub fn file_name(file: &PrintFile, deck: &str, tables: &[Table]) -> String {
    if let Some(name) = &file.name {
        return name.clone();
    }
    let domain = match tables.first() {
        Some(table) if table.analysis.starts_with("Noise") => ".NOISE",
        Some(table) if table.names.first().is_some_and(|name| name == "FREQ") => ".FD",
        _ => "",
    };
    let ending = FORMATS.iter().find(|(_, format, _)| *format == file.format).map_or("prn", |(.., ending)| ending);
    format!("{deck}{domain}.{ending}")
}

/// The file's contents, from the tables of all runs.
pub fn contents(file: &PrintFile, tables: &[Table]) -> String {
    match file.format {
        Format::CommaSeparated => separated(file, tables, false, file.delimiter.unwrap_or(",")),
        Format::NoIndex => separated(file, tables, false, file.delimiter.unwrap_or("  ")),
        Format::Standard | Format::Gnuplot | Format::Splot => {
            separated(file, tables, true, file.delimiter.unwrap_or("  "))
        }
        Format::Tecplot => tecplot(file, tables),
        Format::Probe => probe(tables),
        Format::Raw => raw(tables),
    }
}

fn rows(table: &Table) -> impl Iterator<Item = Vec<f64>> {
    let count = table.columns.first().map_or(0, Vec::len);
    (0..count).map(|row| table.columns.iter().map(|column| column[row]).collect())
}

fn separated(file: &PrintFile, tables: &[Table], numbered: bool, delimiter: &str) -> String {
    let mut text = String::new();
    for (number, table) in tables.iter().enumerate() {
        match (number, file.format) {
            (0, _) => {
                let head = if numbered { format!("Index{delimiter}") } else { String::new() };
                let _ = writeln!(text, "{head}{}", table.names.join(delimiter));
            }
            (_, Format::Gnuplot) => text.push_str("\n\n"),
            (_, Format::Splot) => text.push('\n'),
            _ => {}
        }
        for (index, row) in rows(table).enumerate() {
            let values: Vec<String> = row.iter().map(|&value| scientific(value, file.precision)).collect();
            let head = if numbered { format!("{index}{delimiter}") } else { String::new() };
            let _ = writeln!(text, "{head}{}", values.join(delimiter));
        }
    }
    if matches!(file.format, Format::Standard | Format::NoIndex | Format::Gnuplot | Format::Splot) {
        // Readers of these files look for this line.
        text.push_str("End of Xyce(TM) Simulation\n");
    }
    text
}

fn tecplot(file: &PrintFile, tables: &[Table]) -> String {
    let mut text = String::new();
    for (number, table) in tables.iter().enumerate() {
        if number == 0 {
            let names: Vec<String> = table.names.iter().map(|name| format!("\" {name}\"")).collect();
            let _ = writeln!(text, " TITLE = \"{}\",\n\tVARIABLES = {}", table.title, names.join("\n\t"));
        }
        let step = if table.step.is_empty() { &table.analysis } else { &table.step };
        let _ = writeln!(text, "ZONE F=POINT T=\"{step}\"");
        for row in rows(table) {
            let values: Vec<String> = row.iter().map(|&value| scientific(value, file.precision)).collect();
            let _ = writeln!(text, "{}", values.join("  "));
        }
    }
    text.push_str("End of Xyce(TM) Simulation\n");
    text
}

fn probe(tables: &[Table]) -> String {
    let mut text = String::new();
    for table in tables {
        let (axis, names) = match table.names.split_first() {
            Some((axis, names)) if matches!(axis.as_str(), "TIME" | "FREQ") => (axis.as_str(), names),
            _ => ("SWEEP", table.names.as_slice()),
        };
        let first = table.names.len() - names.len();
        let values = table.columns.first().map_or(&[][..], |column| column);
        let (begin, end) = (values.first().copied().unwrap_or(0.0), values.last().copied().unwrap_or(0.0));
        let _ = writeln!(
            text,
            "#H\nSOURCE='ferrospice' VERSION='{}'\nTITLE='* {}'\nSUBTITLE='{}'\nSERIALNO='0'\nANALYSIS='{}'\n\
             COMPLEXVALUES='NO' XBEGIN='{}' XEND='{}' SWEEPVAR='{}' NODES='{}'\n#N",
            env!("CARGO_PKG_VERSION"),
            table.title,
            table.step,
            table.analysis,
            scientific(begin, 8),
            scientific(end, 8),
            axis,
            names.len()
        );
        let quoted: Vec<String> = names.iter().map(|name| format!("'{name}'")).collect();
        let _ = writeln!(text, "{}", quoted.join(" "));
        for (index, row) in rows(table).enumerate() {
            let position = if first == 1 { row[0] } else { index as f64 };
            let values = row[first..].iter().enumerate();
            let values: Vec<String> =
                values.map(|(column, &value)| format!("{}:{}", scientific(value, 8), column + 1)).collect();
            let _ = writeln!(text, "#C {} {}\n{}", scientific(position, 8), names.len(), values.join("   "));
        }
        text.push_str("#;\n");
    }
    text
}

fn raw(tables: &[Table]) -> String {
    let mut text = String::new();
    for table in tables {
        let count = table.columns.first().map_or(0, Vec::len);
        let _ = writeln!(
            text,
            "Title: {}\nPlotname: {}\nFlags: real\nNo. Variables: {}\nNo. Points: {count}\nVariables:",
            table.title,
            table.analysis,
            table.names.len()
        );
        for (index, name) in table.names.iter().enumerate() {
            let kind = super::plot::kind_of_name(name).name();
            let _ = writeln!(text, "\t{index}\t{name}\t{kind}");
        }
        text.push_str("Values:\n");
        for (index, row) in rows(table).enumerate() {
            let values: Vec<String> = row.iter().map(|&value| scientific(value, 15)).collect();
            let _ = writeln!(text, "{index}\t{}", values.join("\n\t"));
        }
    }
    text
}

/// Columns of every vector of one kind: `v(*)`, `i(*)`.
pub fn all_of(plot: &Plot, kind: &str) -> Vec<(String, Value)> {
    let columns = plot.header.columns.iter().enumerate().skip(1);
    let wanted = columns.filter(|(_, column)| column.name.split_once('(').is_some_and(|(found, _)| found == kind));
    let axis: std::sync::Arc<[f64]> = plot.axis().into();
    wanted
        .map(|(index, column)| {
            let samples = match &plot.data {
                Data::Real(columns) => Samples::Real(columns[index].clone()),
                Data::Complex(columns) => Samples::Complex(columns[index].clone()),
            };
            (column.name.clone(), Value { axis: Some(axis.clone()), samples })
        })
        .collect()
}

//! `ferrospice compare`: decks side by side.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use clap::Args;

use super::files::{make_folder, write};
use super::{Settings, Stop, parse_settings, print, use_threads};
use crate::circuit::Overrides;
use crate::diagnostic::Diagnostic;
use crate::results::card_text::Operand;
use crate::results::figure::Figure;
use crate::results::figure::of_vectors::parse;
use crate::results::fourier::significant;
use crate::results::number_text::engineering;
use crate::studies::comparison::{self, Cell, Compared, Difference, Table};
use crate::studies::comparison_page;

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  ferrospice compare netlists/synapses/*.cir\n  \
    ferrospice compare a.cir b.cir --overlay 'v(out)' --difference 'v(out)' -o out\n  \
    ferrospice compare *.cir --csv table.csv --json table.json\n\n\
    A deck without .step shows its measures; one with .step those of its `.measure steps` cards.\n\n\
    Exit code: 0; 1 if a deck cannot be run or a vector is missing; 2 if the command line is wrong.")]
pub struct CompareArguments {
    /// Decks to compare; the first column is the first deck. Example: ferrospice compare 1r.cir 1t1r.cir
    #[arg(required = true, value_name = "DECK")]
    decks: Vec<PathBuf>,
    /// Folder for the page (index.html) and figures, made if it is not there. Example: -o out
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// Write the table and differences as JSON. Example: --json table.json
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Write the table as CSV. Example: --csv table.csv
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    /// Draw a vector of all decks over each other (needs -o); may be repeated. Example: --overlay 'v(out)'
    #[arg(long, value_name = "VECTOR", requires = "output")]
    overlay: Vec<String>,
    /// Subtract a vector of the first of two decks from that of the second, on a common grid; may be repeated.
    /// Example: --difference 'i(v1)'
    #[arg(long, value_name = "VECTOR")]
    difference: Vec<String>,
    #[command(flatten)]
    settings: Settings,
    /// Number of threads; 0 for all cores. The results do not depend on it. Example: --threads 4
    #[arg(long, value_name = "N", default_value_t = 0)]
    threads: usize,
}

pub fn run(arguments: &CompareArguments) -> Result<(), Stop> {
    use_threads(arguments.threads);
    if !arguments.difference.is_empty() && arguments.decks.len() != 2 {
        return Err(Stop::Misuse(format!("--difference needs two decks, not {}", arguments.decks.len())));
    }
    let vectors = |texts: &[String]| texts.iter().map(|text| parse(text)).collect::<Result<Vec<Operand>, _>>();
    let (overlays, subtracted) = (vectors(&arguments.overlay)?, vectors(&arguments.difference)?);
    let overrides = Overrides { parameters: parse_settings(&arguments.settings.set)?, ..Overrides::default() };
    let decks = comparison::run(&arguments.decks, arguments.settings.dialect, &overrides)?;
    let table = comparison::table(&decks);
    let subtract = |vector: &Operand| comparison::difference(&decks[0], &decks[1], vector);
    let differences = subtracted.iter().map(subtract).collect::<Result<Vec<Difference>, _>>()?;
    print::line(text(&table).trim_end());
    for (deck, measure) in decks.iter().flat_map(|deck| deck.measures.iter().map(move |measure| (deck, measure))) {
        if let Err(reason) = measure.value() {
            print::note(&format!("{}: the measure `{}` failed: {reason}", deck.name, measure.name));
        }
    }
    for difference in &differences {
        let Difference { vector, maximum, at, rms, over, .. } = difference;
        let numbers = [maximum, at, rms].map(|number| engineering(*number, 4));
        let [maximum, at, rms] = numbers;
        print::line(format!("difference of {vector}: at most {maximum} at {at} {over}, rms {rms}").trim_end());
    }
    if table.rows.is_empty() {
        print::note("the decks have no measures: add `.measure` cards, for decks with .step `.measure steps` cards");
    }
    if let Some(folder) = &arguments.output {
        write_page(folder, &decks, &table, &overlays, &differences)?;
    }
    if let Some(file) = &arguments.csv {
        write(file, csv(&table)?.as_bytes())?;
    }
    if let Some(file) = &arguments.json {
        let text = serde_json::json!({ "decks": table.decks, "measures": table.rows, "differences": differences });
        write(file, format!("{text:#}\n").as_bytes())?;
    }
    Ok(())
}

fn write_page(
    folder: &Path,
    decks: &[Compared],
    table: &Table,
    overlays: &[Operand],
    differences: &[Difference],
) -> Result<(), Stop> {
    make_folder(folder)?;
    let drawn = comparison::figures(decks)?;
    let mut figures = drawn.iter().map(Figure::to_svg).collect::<Result<Vec<String>, _>>()?;
    for vector in overlays {
        figures.push(comparison::overlay(decks, vector)?.to_svg()?);
    }
    for difference in differences {
        figures.push(comparison::difference_figure(difference, decks).to_svg()?);
    }
    for (index, figure) in figures.iter().enumerate() {
        write(&folder.join(format!("figure-{}.svg", index + 1)), figure.as_bytes())?;
    }
    let page = comparison_page::html(decks, table, differences, &figures);
    Ok(write(&folder.join("index.html"), page.as_bytes())?)
}

/// The table with a column for each deck.
fn text(table: &Table) -> String {
    let head = std::iter::once("measure".to_string()).chain(table.decks.iter().cloned());
    let mut lines: Vec<Vec<String>> = vec![head.collect()];
    for row in &table.rows {
        let cells = row.values.iter().map(|cell| match cell {
            None => "-".into(),
            Some(Cell::Failed { .. }) => "failed".into(),
            // Ratios and percentages read better without a suffix.
            Some(Cell::Value(value)) if (1e-3..1e4).contains(&value.abs()) => significant(*value, 5),
            Some(Cell::Value(value)) => engineering(*value, 5),
        });
        lines.push(std::iter::once(row.measure.clone()).chain(cells).collect());
    }
    let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..=table.decks.len()).map(width).collect();
    let mut text = String::new();
    for line in &lines {
        let _ = write!(text, "{:<width$}", line[0], width = widths[0]);
        for (cell, width) in line.iter().zip(&widths).skip(1) {
            let _ = write!(text, "  {cell:>width$}");
        }
        text.push('\n');
    }
    text
}

fn csv(table: &Table) -> Result<String, Diagnostic> {
    let failed = |error: csv::Error| Diagnostic::error(format!("cannot make the table: {error}"));
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(std::iter::once("measure").chain(table.decks.iter().map(String::as_str))).map_err(failed)?;
    for row in &table.rows {
        let cells = row.values.iter().map(|cell| match cell {
            None => String::new(),
            Some(Cell::Failed { .. }) => "failed".into(),
            Some(Cell::Value(value)) => format!("{value:e}"),
        });
        writer.write_record(std::iter::once(row.measure.clone()).chain(cells)).map_err(failed)?;
    }
    let bytes = writer.into_inner().map_err(|error| Diagnostic::error(format!("cannot make the table: {error}")))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

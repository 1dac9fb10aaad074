//! `.print` and `.plot` cards: the vectors they name, and tables of them as `ngspice -b` prints.

use std::fmt::Write;

use super::card_text::{CardText, Operand};
use super::plot::Plot;
use super::plot_selector::{AnalysisName, is_wanted};
use super::print_file::{self, PrintFile};
use super::scope::Scope;
use super::series;
use super::value::{Samples, Value, sample};
use super::vectors::axis_name;
use crate::circuit::Circuit;
use crate::diagnostic::Diagnostic;
use crate::netlist::DotCard;

/// A `.print` or `.plot` card.
#[derive(Debug, Clone)]
pub struct PrintCard {
    pub is_plot: bool,
    pub analysis: Option<AnalysisName>,
    pub vectors: Vec<Operand>,
    /// The file that the card asks for.
    pub file: Option<PrintFile>,
    /// Kinds of `v(*)` and `i(*)` with the number of vectors before each.
    pub wildcards: Vec<(usize, String)>,
    /// `v(a) vs v(b)`: what the other vectors are drawn over.
    pub versus: Option<Operand>,
}

/// Analyses of Xyce's `.print` that there are no tables of.
const OF_OTHERS: &[&str] =
    &["ac_ic", "es", "hb", "hb_fd", "hb_ic", "hb_startup", "hb_td", "homotopy", "pce", "sens", "tranadjoint"];

/// Reads a `.print` or `.plot` card.
pub fn parse(card: &DotCard) -> Result<PrintCard, Diagnostic> {
    let mut text = CardText::new(card);
    let analysis = AnalysisName::named(text.peek());
    if analysis.is_some() {
        text.word();
    }
    if let (None, Some(name)) = (analysis, OF_OTHERS.iter().find(|name| text.peek().eq_ignore_ascii_case(name))) {
        let error =
            Diagnostic::error(format!("`.print {name}` is left out: there is no such table here")).at(card.span);
        return Err(if *name == "sens" { error.hint("the sensitivities are a plot of their own") } else { error });
    }
    let mut file = None;
    print_file::options(&mut text, &mut file)?;
    let (mut vectors, mut versus, mut wildcards) = (Vec::new(), None, Vec::new());
    while !text.is_at_end() {
        if text.accept_word("vs") {
            versus = Some(text.expression()?);
        } else if let Some(kind) = wildcard(text.rest()) {
            text.accept(kind);
            text.accept("(*)");
            wildcards.push((vectors.len(), kind.to_string()));
        } else if print_file::options(&mut text, &mut file)? {
        } else if matches!(text.peek(), "xlog" | "ylog" | "loglog" | "xlimit" | "ylimit" | "title") {
            break;
        } else {
            vectors.push(text.expression()?);
            // Limits of SPICE2's `.plot v(a) (0,5)`.
            let rest = text.rest();
            if rest.starts_with('(') {
                text.expression().ok();
                if text.rest().starts_with('(') {
                    break;
                }
            }
            text.accept(",");
        }
    }
    let is_plot = &*card.keyword == "plot";
    Ok(PrintCard { is_plot, analysis, vectors, file, wildcards, versus })
}

/// The kind of a `v(*)` at the beginning of `text`.
fn wildcard(text: &str) -> Option<&str> {
    let (kind, _) = text.split_once("(*)")?;
    kind.chars().all(char::is_alphabetic).then_some(kind)
}

/// Names and values of what the card names in `plot`.
///
/// What is not there is left out, with an error in `missing`.
pub fn columns_of(
    card: &PrintCard,
    circuit: &Circuit,
    plot: &Plot,
    missing: &mut Vec<Diagnostic>,
) -> Vec<(String, Value)> {
    let scope = Scope::new(Some(plot), circuit, &[]);
    // `all` stands for every saved vector.
    if card.vectors.iter().any(|operand| operand.text == "all") {
        let names = plot.header.columns.iter().skip(1).map(|column| column.name.clone());
        return names.filter_map(|name| scope.column(&name).map(|value| (name, value))).collect();
    }
    let mut columns = Vec::new();
    let of_kind = |place: usize| card.wildcards.iter().filter(move |(at, _)| *at == place);
    for (place, operand) in card.vectors.iter().enumerate() {
        of_kind(place).for_each(|(_, kind)| columns.extend(print_file::all_of(plot, kind)));
        match series::evaluate(&operand.expression, &scope, operand.span) {
            Ok(value) => columns.push((operand.text.replace(char::is_whitespace, ""), value)),
            Err(error) => missing.push(error),
        }
    }
    of_kind(card.vectors.len()).for_each(|(_, kind)| columns.extend(print_file::all_of(plot, kind)));
    columns
}

/// Tables of what the card names, of every plot that it is about.
///
/// What is not there is left out, with an error in `missing` if the card names the analysis.
pub fn tables(
    card: &PrintCard,
    circuit: &Circuit,
    plots: &[Plot],
    date: &str,
    missing: &mut Vec<Diagnostic>,
) -> String {
    let mut text = String::new();
    for plot in plots.iter().filter(|plot| is_wanted(plot, card.analysis) && plot.header.has_axis) {
        let mut absent = Vec::new();
        let columns = columns_of(card, circuit, plot, &mut absent);
        if card.analysis.is_some() {
            missing.append(&mut absent);
        }
        if !columns.is_empty() {
            text.push_str(&table(plot, &columns, date));
        }
    }
    text
}

fn table(plot: &Plot, columns: &[(String, Value)], date: &str) -> String {
    let rule = "-".repeat(80);
    let axis = plot.header.columns.first().map(|column| axis_name(&column.name)).unwrap_or_default();
    let width = |value: &Value| if value.is_complex() { 32 } else { 16 };
    let mut head = format!("Index   {axis:<16}");
    columns.iter().for_each(|(name, value)| head.push_str(&format!("{name:<width$}", width = width(value))));
    let indent = " ".repeat(38);
    let mut text =
        format!("\n{indent}{}\n{indent}{}  {date}\n{rule}\n{head}\n{rule}\n", plot.header.title, plot.header.name);
    for (index, position) in plot.axis().iter().enumerate() {
        text.push_str(&format!("{index}\t{}\t", scientific(*position, 6)));
        for (_, value) in columns {
            match &value.samples {
                Samples::Real(values) => {
                    text.push_str(&scientific(sample(values, index).unwrap_or(f64::NAN), 6));
                }
                Samples::Complex(values) => {
                    let value = sample(values, index).unwrap_or(faer::c64::new(f64::NAN, f64::NAN));
                    text.push_str(&format!("{},\t{}", scientific(value.re, 6), scientific(value.im, 6)));
                }
            }
            text.push('\t');
        }
        text.push('\n');
    }
    text
}

/// A number with `digits` digits after the point and an exponent of at least two digits, as C's `%e` writes it.
pub fn scientific(value: f64, digits: usize) -> String {
    let mut text = String::new();
    push_scientific(&mut text, value, digits);
    text
}

/// Appends what [`scientific`] gives: files have millions of numbers.
pub fn push_scientific(text: &mut String, value: f64, digits: usize) {
    let start = text.len();
    // Writing into a text cannot fail.
    let _ = write!(text, "{value:.digits$e}");
    let Some(mut at) = text[start..].find('e').map(|at| start + at + 1) else { return };
    if !text[at..].starts_with('-') {
        text.insert(at, '+');
    }
    at += 1;
    if text.len() == at + 1 {
        text.insert(at, '0');
    }
}

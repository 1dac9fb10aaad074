//! `.print` and `.plot` cards: the vectors they name, and tables of them as `ngspice -b` prints.

use super::card_text::{CardText, Operand};
use super::plot::Plot;
use super::plot_selector::{AnalysisName, is_wanted};
use super::scope::Scope;
use super::series;
use super::value::{Samples, Value, sample};
use crate::circuit::Circuit;
use crate::diagnostic::Diagnostic;
use crate::netlist::DotCard;

/// A `.print` or `.plot` card.
#[derive(Debug, Clone)]
pub struct PrintCard {
    pub is_plot: bool,
    pub analysis: Option<AnalysisName>,
    pub vectors: Vec<Operand>,
    /// `v(a) vs v(b)`: what the other vectors are drawn over.
    pub versus: Option<Operand>,
}

/// Reads a `.print` or `.plot` card.
pub fn parse(card: &DotCard) -> Result<PrintCard, Diagnostic> {
    let mut text = CardText::new(card);
    let analysis = AnalysisName::named(text.peek());
    if analysis.is_some() {
        text.word();
    }
    let (mut vectors, mut versus) = (Vec::new(), None);
    while !text.is_at_end() {
        if text.accept_word("vs") {
            versus = Some(text.expression()?);
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
    Ok(PrintCard { is_plot, analysis, vectors, versus })
}

/// Tables of what the card names, of every plot that it is about.
pub fn tables(card: &PrintCard, circuit: &Circuit, plots: &[Plot], date: &str) -> Result<String, Diagnostic> {
    let mut text = String::new();
    for plot in plots.iter().filter(|plot| is_wanted(plot, card.analysis) && plot.header.has_axis) {
        let scope = Scope::new(Some(plot), circuit, &[]);
        let value = |operand: &Operand| {
            let value = series::evaluate(&operand.expression, &scope, operand.span)?;
            Ok((operand.text.replace(char::is_whitespace, ""), value))
        };
        // `all` stands for every saved vector.
        let columns = if card.vectors.iter().any(|operand| operand.text == "all") {
            let names = plot.header.columns.iter().skip(1).map(|column| column.name.clone());
            Ok(names.filter_map(|name| scope.column(&name).map(|value| (name, value))).collect())
        } else {
            card.vectors.iter().map(value).collect::<Result<Vec<(String, Value)>, Diagnostic>>()
        };
        match columns {
            Ok(columns) => text.push_str(&table(plot, &columns, date)),
            Err(error) if card.analysis.is_some() => return Err(error),
            Err(_) => {}
        }
    }
    Ok(text)
}

fn table(plot: &Plot, columns: &[(String, Value)], date: &str) -> String {
    let rule = "-".repeat(80);
    let axis = plot.header.columns.first().map(|column| column.name.as_str()).unwrap_or_default();
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
    let text = format!("{value:.digits$e}");
    match text.split_once('e') {
        Some((mantissa, exponent)) => {
            let (sign, exponent) = exponent.strip_prefix('-').map_or(('+', exponent), |rest| ('-', rest));
            format!("{mantissa}e{sign}{exponent:0>2}")
        }
        None => text,
    }
}

//! Vectors as text, in the layout of ngspice's `print`, `echo` and `display`.

use super::evaluate::VectorValue;
use super::named_vector::{NamedVector, VectorPlot};
use crate::results::print_table::scientific;
use crate::results::raw_name::type_in_ngspice;
use crate::results::value::Samples;

/// Columns of a line, lines of a page, digits behind the point.
#[derive(Debug, Clone, Copy)]
pub struct PageLayout {
    pub width: usize,
    pub height: usize,
    pub digits: usize,
    /// Without page breaks.
    pub no_break: bool,
    /// Without the column of the scale.
    pub no_scale: bool,
}

/// A number as `print` writes it: a minus sign takes the place of the last digit.
pub fn printed(value: f64, digits: usize) -> String {
    scientific(value, if value < 0.0 { digits - 1 } else { digits })
}

/// A number as `echo` writes it, C's `%G`.
pub fn short(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return format!("{value}").to_uppercase();
    }
    let text = format!("{value:.5e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let trim = |text: &str| {
        if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_string() } else { text.to_string() }
    };
    if (-4..6).contains(&exponent) {
        return trim(&format!("{value:.*}", (5 - exponent) as usize));
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{}E{sign}{:02}", trim(mantissa), exponent.abs())
}

/// `name = value`, one line per vector.
pub fn lines(values: &[VectorValue], digits: usize) -> String {
    values.iter().map(|value| line(value, digits)).collect()
}

fn line(value: &VectorValue, digits: usize) -> String {
    let texts: Vec<String> = match &value.samples {
        Samples::Real(values) => values.iter().map(|&value| printed(value, digits)).collect(),
        Samples::Complex(values) => {
            values.iter().map(|value| format!("{},{}", printed(value.re, digits), printed(value.im, digits))).collect()
        }
    };
    if let [only] = &texts[..] {
        return format!("{} = {only}\n", value.name);
    }
    let mut text = format!("{} = (  ", value.name);
    let mut column = 10;
    for item in texts {
        text.push_str(&item);
        column = (column + item.len()).div_ceil(8) * 8 + 1;
        if column > 80 {
            text.push_str("\n\t");
            column = 9;
        } else {
            text.push('\t');
        }
    }
    text.push_str(")\n");
    text
}

/// Columns beside the scale of `plot`, as many as fit in the page's width, then further tables.
pub fn columns(values: &[VectorValue], plot: &VectorPlot, layout: PageLayout) -> String {
    let scale = plot.scale_vector().filter(|_| !layout.no_scale);
    let mut text = String::new();
    let mut rest = values;
    while !rest.is_empty() {
        let scale = scale.filter(|scale| !same(scale, &rest[0]));
        // The frequencies of small-signal analysis count as complex.
        let complex = plot.vectors.iter().any(|vector| matches!(vector.samples, Samples::Complex(_)));
        let of_scale = if complex && plot.name.starts_with("AC") { 32 } else { 16 };
        let mut column = 8 + scale.map_or(0, |_| of_scale);
        let mut count = 0;
        for value in rest {
            column += width(&value.samples);
            // At least two columns in any case.
            if column > layout.width && count + usize::from(scale.is_some()) >= 2 {
                break;
            }
            count += 1;
        }
        let (now, later) = rest.split_at(count.max(1));
        table(now, scale, plot, layout, &mut text);
        rest = later;
        if !rest.is_empty() {
            text.push_str("\x0c\n");
        }
    }
    text
}

fn same(scale: &NamedVector, value: &VectorValue) -> bool {
    scale.name == value.name
}

fn width(samples: &Samples) -> usize {
    match samples {
        Samples::Real(_) => 16,
        Samples::Complex(_) => 32,
    }
}

fn table(
    values: &[VectorValue],
    scale: Option<&NamedVector>,
    plot: &VectorPlot,
    layout: PageLayout,
    text: &mut String,
) {
    let columns: Vec<(&str, &Samples)> = scale
        .map(|scale| (scale.name.as_str(), &scale.samples))
        .into_iter()
        .chain(values.iter().map(|value| (value.name.as_str(), &value.samples)))
        .collect();
    let indent = " ".repeat(layout.width.saturating_sub(plot.title.len()) / 2);
    let rule = "-".repeat(layout.width);
    text.push_str(&format!("{indent}{}\n{indent}{}  {}\n{rule}\n", plot.title, plot.name, plot.date));
    let mut head = String::from("Index   ");
    for (name, samples) in &columns {
        let width = width(samples);
        let shown: String = name.chars().take(width - 1).collect();
        head.push_str(&format!("{shown:<width$}"));
    }
    head.push_str(&format!("\n{rule}\n"));
    text.push_str(&head);
    let count = columns.iter().map(|(_, samples)| super::named_vector::length(samples)).max().unwrap_or(0);
    let mut line = 5;
    for index in 0..count {
        if line >= layout.height && !layout.no_break {
            text.push_str("\x0c\n");
            text.push_str(&head);
            line = 2;
        }
        text.push_str(&format!("{index}\t"));
        columns.iter().for_each(|(_, samples)| cell(samples, index, layout.digits, text));
        text.push('\n');
        line += 1;
    }
}

fn cell(samples: &Samples, index: usize, digits: usize, text: &mut String) {
    match samples {
        Samples::Real(values) => match values.get(index) {
            Some(&value) => text.push_str(&format!("{}\t", printed(value, digits))),
            None => text.push_str("\t\t"),
        },
        Samples::Complex(values) => match values.get(index) {
            Some(value) => {
                text.push_str(&format!("{},\t{}\t", printed(value.re, digits), printed(value.im, digits)));
            }
            None => text.push_str("\t\t\t\t"),
        },
    }
}

/// The vectors of a plot, by name.
pub fn display(plot: &VectorPlot) -> String {
    let mut text = format!(
        "Here are the vectors currently active:\n\nTitle: {}\nName: {} ({})\nDate: {}\n\n",
        plot.title, plot.type_name, plot.name, plot.date
    );
    let mut vectors: Vec<&NamedVector> = plot.vectors.iter().filter(|vector| !vector.hidden).collect();
    vectors.sort_by(|a, b| a.name.cmp(&b.name));
    for vector in vectors {
        let flag = if matches!(vector.samples, Samples::Real(_)) { "real" } else { "complex" };
        // An operating point counts its first vector as the scale.
        let scale = plot.scale_vector().or(plot.vectors.first().filter(|_| plot.type_name != "const"));
        let is_scale = scale.is_some_and(|scale| scale.name == vector.name);
        let scale = if is_scale { " [default scale]" } else { "" };
        let kind = type_in_ngspice(&plot.name, &vector.name, vector.kind).name();
        text.push_str(&format!("    {:<20}: {kind}, {flag}, {} long{scale}\n", vector.name, vector.len()));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{printed, short};

    #[test]
    fn numbers_are_those_of_c() {
        let texts = [0.0, 3.0, 0.254095, 1e-7, 1.08400562e-7, 1e6, 123456.7, -2.5, 0.0001].map(short);
        assert_eq!(texts, ["0", "3", "0.254095", "1E-07", "1.08401E-07", "1E+06", "123457", "-2.5", "0.0001"]);
        assert_eq!([printed(1.5, 6), printed(-1.5, 6)], ["1.500000e+00", "-1.50000e+00"]);
    }
}

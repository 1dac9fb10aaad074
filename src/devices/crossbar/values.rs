//! A number for every cell: one for all, a list, a file, or random.
//!
//! ```text
//! g=10u   g=[1u 2u 3u 4u]   g="conductances.csv"   g="conductances.npy"   g="uniform(5u 95u)"   g="lognormal(20u 0.5)"
//! ```

use std::path::Path;

use super::card::CrossbarCard;
use crate::circuit::Circuit;
use crate::circuit::element::{Parameter, Value};
use crate::devices::memristors::spread::Draws;
use crate::diagnostic::{Diagnostic, SourceMap};
use crate::netlist::number::parse_number;
use crate::numerics::npy;

/// The shape of the array, its name and its seed: what random values depend on.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    pub rows: usize,
    pub columns: usize,
    pub name: &'a str,
    pub seed: f64,
}

impl Place<'_> {
    /// Flat name of a cell.
    pub fn cell_name(&self, cell: usize) -> String {
        format!("{}[{}][{}]", self.name, cell / self.columns, cell % self.columns)
    }

    /// Draws that belong to `cell` and what they are for.
    pub fn draws(&self, cell: usize, purpose: &str) -> Draws {
        Draws::of(self.seed, &format!("{}.{purpose}", self.cell_name(cell)))
    }

    fn cells(&self) -> usize {
        self.rows * self.columns
    }
}

/// The values of `parameter`, row by row.
///
/// # Errors
/// Not a number, list, file or distribution; a file that cannot be read; another shape than that of the array.
pub fn read(
    card: &CrossbarCard,
    circuit: &Circuit,
    parameter: &Parameter,
    place: &Place,
) -> Result<Vec<f64>, Diagnostic> {
    let name = &*parameter.name;
    let wrong = || {
        let example = format!("{name}=10u, {name}=[1u 2u …] row by row, {name}=\"file.csv\", {name}=\"file.npy\"");
        card.error(name, "is no value for the cells")
            .hint(format!("write {example}, {name}=\"uniform(5u 95u)\" or {name}=\"lognormal(20u 0.5)\""))
    };
    match &parameter.value {
        Value::Number(number) => Ok(vec![*number; place.cells()]),
        Value::List(_) => {
            let mut values = Vec::new();
            flatten(&parameter.value, &mut values).ok_or_else(wrong)?;
            if values.len() != place.cells() {
                let (count, rows, columns) = (values.len(), place.rows, place.columns);
                let error = card.error(name, &format!("has {count} values for an array of {rows} × {columns}"));
                return Err(error.hint("give them row by row; rows are word lines, columns are bit lines"));
            }
            Ok(values)
        }
        Value::Word(text) => match distribution(text) {
            Some(distribution) => {
                distribution.check().map_err(|message| card.error(name, message))?;
                Ok((0..place.cells()).map(|cell| distribution.draw(&place.draws(cell, "value"))).collect())
            }
            None if has_ending(text, "csv") || has_ending(text, "npy") => {
                let path = card.path(circuit, name, text);
                of_file(&circuit.sources, &path, place).map_err(|error| error.at(card.span_of(name)))
            }
            None => Err(wrong()),
        },
        _ => Err(wrong()),
    }
}

fn flatten(value: &Value, values: &mut Vec<f64>) -> Option<()> {
    match value {
        Value::Number(number) => values.push(*number),
        Value::List(items) => items.iter().try_for_each(|item| flatten(&item.item, values))?,
        _ => return None,
    }
    Some(())
}

pub fn has_ending(file: &str, ending: &str) -> bool {
    Path::new(file).extension().is_some_and(|extension| extension.eq_ignore_ascii_case(ending))
}

/// The contents of a file that a card names.
pub fn contents(sources: &SourceMap, path: &Path) -> Result<Vec<u8>, Diagnostic> {
    let failed = |error| Diagnostic::error(format!("cannot read `{}`: {error}", path.display()));
    sources.read(path).map_err(failed)
}

fn of_file(sources: &SourceMap, path: &Path, place: &Place) -> Result<Vec<f64>, Diagnostic> {
    let name = path.display().to_string();
    let bytes = contents(sources, path)?;
    let matrix = if has_ending(&name, "npy") {
        npy::read(&bytes, &name).map_err(|npy::Unreadable { message, hint }| {
            let error = Diagnostic::error(message);
            hint.map_or(error.clone(), |hint| error.hint(hint))
        })?
    } else {
        of_csv(&bytes, &name)?
    };
    if (matrix.rows, matrix.columns) != (place.rows, place.columns) {
        let (rows, columns) = (matrix.rows, matrix.columns);
        let message = format!("`{name}` is {rows} × {columns}, the array is {} × {}", place.rows, place.columns);
        return Err(Diagnostic::error(message).hint("rows are word lines, columns are bit lines"));
    }
    Ok(matrix.values)
}

/// Records of a CSV file without a header, which may have comments behind `#`.
pub fn csv_reader(bytes: &[u8]) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .comment(Some(b'#'))
        .from_reader(bytes)
}

fn of_csv(bytes: &[u8], name: &str) -> Result<npy::Matrix, Diagnostic> {
    let mut matrix = npy::Matrix { rows: 0, columns: 0, values: Vec::new() };
    for record in csv_reader(bytes).records() {
        let record = record.map_err(|error| Diagnostic::error(format!("cannot read `{name}`: {error}")))?;
        let row = matrix.rows;
        for (column, field) in record.iter().enumerate() {
            let value = field.parse().ok().or_else(|| parse_number(field)).ok_or_else(|| {
                Diagnostic::error(format!("`{field}` in row {row}, column {column} of `{name}` is no number"))
            })?;
            matrix.values.push(value);
        }
        if row > 0 && record.len() != matrix.columns {
            let (count, first) = (record.len(), matrix.columns);
            let message = format!("row {row} of `{name}` has {count} values, the first row has {first}");
            return Err(Diagnostic::error(message));
        }
        (matrix.rows, matrix.columns) = (row + 1, record.len());
    }
    Ok(matrix)
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Distribution {
    Uniform {
        low: f64,
        high: f64,
    },
    /// Median and standard deviation of the logarithm.
    LogNormal {
        median: f64,
        sigma: f64,
    },
}

fn distribution(text: &str) -> Option<Distribution> {
    let (name, arguments) = text.trim().strip_suffix(')')?.split_once('(')?;
    let numbers = arguments.split([' ', ',']).filter(|word| !word.is_empty()).map(parse_number);
    let numbers: Vec<f64> = numbers.collect::<Option<_>>()?;
    match (name.trim().to_lowercase().as_str(), &numbers[..]) {
        ("uniform", &[low, high]) => Some(Distribution::Uniform { low, high }),
        ("lognormal", &[median, sigma]) => Some(Distribution::LogNormal { median, sigma }),
        _ => None,
    }
}

impl Distribution {
    fn check(self) -> Result<(), &'static str> {
        match self {
            Distribution::Uniform { low, high } if low > high => Err("has its lower bound above its upper one"),
            Distribution::LogNormal { median, sigma } if !(median > 0.0 && sigma >= 0.0) => {
                Err("needs a positive median and a deviation that is not negative")
            }
            _ => Ok(()),
        }
    }

    fn draw(self, draws: &Draws) -> f64 {
        match self {
            Distribution::Uniform { low, high } => low + (high - low) * draws.uniform(0),
            Distribution::LogNormal { median, sigma } => median * (sigma * draws.normal(0)).exp(),
        }
    }
}

//! Cells that are stuck: drawn at a rate, or listed in a file of `row,column,low|high|open|conductance`.

use super::card::{CrossbarCard, Parameters};
use super::values::{Place, contents, csv_reader};
use crate::circuit::Circuit;
use crate::diagnostic::Diagnostic;
use crate::netlist::number::parse_number;

/// What a cell is stuck at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Fault {
    Low,
    High,
    /// Conductance, S; 0 for an open cell.
    At(f64),
}

/// The cells that are stuck: those drawn first, then those listed, of which the last counts.
///
/// # Errors
/// The list cannot be read, or names a cell that there is not.
pub fn read(
    card: &CrossbarCard,
    circuit: &Circuit,
    p: &Parameters,
    place: &Place,
) -> Result<Vec<(usize, Fault)>, Diagnostic> {
    let mut faults = Vec::new();
    if p.stuck_low + p.stuck_high > 0.0 {
        for cell in 0..place.rows * place.columns {
            let draw = place.draws(cell, "fault").uniform(0);
            if draw < p.stuck_low {
                faults.push((cell, Fault::Low));
            } else if draw < p.stuck_low + p.stuck_high {
                faults.push((cell, Fault::High));
            }
        }
    }
    if let Some(file) = card.word("faults")? {
        let path = card.path(circuit, "faults", file);
        let listed =
            contents(&circuit.sources, &path).and_then(|bytes| of_csv(&bytes, &path.display().to_string(), place));
        faults.extend(listed.map_err(|error| error.at(card.span_of("faults")))?);
    }
    Ok(faults)
}

fn of_csv(bytes: &[u8], name: &str, place: &Place) -> Result<Vec<(usize, Fault)>, Diagnostic> {
    let mut faults = Vec::new();
    for (index, record) in csv_reader(bytes).records().enumerate() {
        let record = record.map_err(|error| Diagnostic::error(format!("cannot read `{name}`: {error}")))?;
        if index == 0 && record.get(0) == Some("row") {
            continue;
        }
        let line = record.iter().collect::<Vec<_>>().join(",");
        let fault = fault(&record).ok_or_else(|| {
            let error = Diagnostic::error(format!("`{line}` in `{name}` is no fault"));
            error.hint("write `row,column,low`, `high`, `open` or a conductance in S; rows and columns count from 0")
        })?;
        let (row, column, fault) = fault;
        if row >= place.rows || column >= place.columns {
            let (rows, columns) = (place.rows, place.columns);
            let message = format!("`{name}` names row {row}, column {column} of an array of {rows} × {columns}");
            return Err(Diagnostic::error(message).hint("rows and columns count from 0"));
        }
        faults.push((row * place.columns + column, fault));
    }
    Ok(faults)
}

fn fault(record: &csv::StringRecord) -> Option<(usize, usize, Fault)> {
    if record.len() != 3 {
        return None;
    }
    let fault = match record.get(2)? {
        "low" => Fault::Low,
        "high" => Fault::High,
        "open" => Fault::At(0.0),
        value => Fault::At(parse_number(value).filter(|value| value.is_finite() && *value >= 0.0)?),
    };
    Some((record.get(0)?.parse().ok()?, record.get(1)?.parse().ok()?, fault))
}

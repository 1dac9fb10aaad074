//! Reads raw files (binary or ASCII, any number of plots).

use std::path::Path;

use super::plot::{Column, Header, Plot, VectorKind};
use super::raw_name::from_ngspice;
use crate::diagnostic::Diagnostic;

/// Reads all plots of `path`.
///
/// # Errors
/// The file cannot be read, is no raw file, or is cut short.
pub fn read(path: &Path) -> Result<Vec<Plot>, Diagnostic> {
    let bytes =
        std::fs::read(path).map_err(|error| Diagnostic::error(format!("cannot read `{}`: {error}", path.display())))?;
    parse(&bytes).map_err(|message| Diagnostic::error(format!("`{}` is no valid raw file: {message}", path.display())))
}

/// Parses the contents of a raw file.
///
/// # Errors
/// Says what is wrong.
pub fn parse(bytes: &[u8]) -> Result<Vec<Plot>, String> {
    let mut cursor = Cursor { bytes, position: 0 };
    let mut plots = Vec::new();
    while let Some(plot) = read_plot(&mut cursor)? {
        plots.push(plot);
    }
    if plots.is_empty() { Err("it holds no plot".into()) } else { Ok(plots) }
}

struct Cursor<'a> {
    bytes: &'a [u8],
    position: usize,
}

impl<'a> Cursor<'a> {
    fn line(&mut self) -> Option<String> {
        let rest = self.bytes.get(self.position..).filter(|rest| !rest.is_empty())?;
        let end = rest.iter().position(|&byte| byte == b'\n').unwrap_or(rest.len());
        self.position += end + 1;
        Some(String::from_utf8_lossy(&rest[..end]).trim_end_matches('\r').to_string())
    }

    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let taken = self.bytes.get(self.position..self.position.checked_add(count)?)?;
        self.position += count;
        Some(taken)
    }
}

fn read_plot(cursor: &mut Cursor) -> Result<Option<Plot>, String> {
    let mut header = Header {
        title: String::new(),
        name: String::new(),
        step: String::new(),
        complex: false,
        has_axis: true,
        columns: Vec::new(),
    };
    let (mut variables, mut points, mut seen) = (0usize, 0usize, false);
    while let Some(line) = cursor.line() {
        if line.trim().is_empty() {
            continue;
        }
        let (key, value) = line.split_once(':').ok_or_else(|| format!("`{}` is no header line", shorten(&line)))?;
        let value = value.trim();
        seen = true;
        match key.trim().to_ascii_lowercase().as_str() {
            "title" => header.title = value.into(),
            "plotname" => header.name = value.into(),
            "flags" => header.complex = value.to_ascii_lowercase().contains("complex"),
            "no. variables" => variables = count(value)?,
            "no. points" => points = count(value)?,
            "variables" => header.columns = read_columns(cursor, variables, value)?,
            "binary" => {
                header.has_axis = !header.name.starts_with("Operating Point") && !header.columns.is_empty();
                return read_binary(cursor, header, points).map(Some);
            }
            "values" => {
                header.has_axis = !header.name.starts_with("Operating Point") && !header.columns.is_empty();
                return read_ascii(cursor, header, points).map(Some);
            }
            _ => {}
        }
    }
    if seen { Err("it ends within a header".into()) } else { Ok(None) }
}

fn shorten(line: &str) -> String {
    line.chars().take(40).collect()
}

fn count(value: &str) -> Result<usize, String> {
    value.split_whitespace().next().and_then(|word| word.parse().ok()).ok_or_else(|| format!("`{value}` is no count"))
}

fn read_columns(cursor: &mut Cursor, variables: usize, first: &str) -> Result<Vec<Column>, String> {
    let mut columns = Vec::new();
    let mut pending = (!first.is_empty()).then(|| first.to_string());
    while columns.len() < variables {
        let line = pending.take().or_else(|| cursor.line()).ok_or("it ends within the list of variables")?;
        let mut words = line.split_whitespace().skip(1);
        let name = from_ngspice(words.next().ok_or("a variable has no name")?).to_string();
        let kind = match words.next().unwrap_or_default() {
            "voltage" => VectorKind::Voltage,
            "current" | "device_current" => VectorKind::Current,
            "time" => VectorKind::Time,
            "frequency" => VectorKind::Frequency,
            "voltage-density" => VectorKind::VoltageDensity,
            "current-density" => VectorKind::CurrentDensity,
            "admittance" => VectorKind::Admittance,
            "capacitance" => VectorKind::Capacitance,
            "charge" => VectorKind::Charge,
            "power" => VectorKind::Power,
            _ => VectorKind::Other,
        };
        columns.push(Column { name, kind });
    }
    Ok(columns)
}

fn read_binary(cursor: &mut Cursor, header: Header, points: usize) -> Result<Plot, String> {
    let width = header.columns.len() * if header.complex { 2 } else { 1 };
    let size = width.checked_mul(8).and_then(|row| row.checked_mul(points)).ok_or("its size overflows")?;
    let bytes = cursor.take(size).ok_or("it is cut short")?;
    let mut plot = Plot::empty(header);
    let mut row = vec![0.0; width];
    for chunk in bytes.chunks_exact((width * 8).max(1)) {
        for (value, bytes) in row.iter_mut().zip(chunk.chunks_exact(8)) {
            *value = f64::from_le_bytes(bytes.try_into().unwrap_or_default());
        }
        plot.push(&row);
    }
    Ok(plot)
}

fn read_ascii(cursor: &mut Cursor, header: Header, points: usize) -> Result<Plot, String> {
    let (columns, complex) = (header.columns.len(), header.complex);
    let mut plot = Plot::empty(header);
    let mut words: std::collections::VecDeque<String> = std::collections::VecDeque::new();
    for _ in 0..points {
        let mut row = Vec::with_capacity(columns * 2);
        for index in 0..=columns {
            while words.is_empty() {
                let line = cursor.line().ok_or("it is cut short")?;
                // Without a line end the last digits may be missing.
                if cursor.position > cursor.bytes.len() {
                    return Err("it is cut short".into());
                }
                words.extend(line.split_whitespace().map(String::from));
            }
            let word = words.pop_front().unwrap_or_default();
            if index == 0 {
                continue; // the point's number
            }
            let number = |text: &str| text.parse::<f64>().map_err(|_| format!("`{text}` is no number"));
            match word.split_once(',') {
                Some((re, im)) if complex => row.extend([number(re)?, number(im)?]),
                Some((re, _)) => row.push(number(re)?),
                None if complex => row.extend([number(&word)?, 0.0]),
                None => row.push(number(&word)?),
            }
        }
        plot.push(&row);
    }
    Ok(plot)
}

//! A plot: the vectors of one analysis.

use faer::c64;

pub use crate::mna::vectors::VectorKind;

/// The physical type that a vector's name suggests.
pub fn kind_of_name(name: &str) -> VectorKind {
    let name = name.to_ascii_lowercase();
    match name.as_str() {
        "time" => VectorKind::Time,
        "frequency" | "freq" | "hertz" => VectorKind::Frequency,
        name if name.starts_with("v(") => VectorKind::Voltage,
        name if name.starts_with("i(") || name.ends_with("[i]") || name.ends_with("#branch") => VectorKind::Current,
        _ => VectorKind::Other,
    }
}

/// Name and physical type of a vector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// As in raw files: `time`, `v(out)`, `i(v1)`.
    pub name: String,
    pub kind: VectorKind,
}

/// What is known of a plot before its first point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    pub title: String,
    /// `Transient Analysis`, `AC Analysis`, …
    pub name: String,
    /// Values of the `.step` that the plot belongs to, as text; empty without steps.
    pub step: String,
    pub complex: bool,
    /// The first column is the axis, except for an operating point.
    pub has_axis: bool,
    pub columns: Vec<Column>,
}

/// Values by column; all columns have the same length.
#[derive(Debug, Clone, PartialEq)]
pub enum Data {
    Real(Vec<Vec<f64>>),
    Complex(Vec<Vec<c64>>),
}

/// A complete plot in memory.
#[derive(Debug, Clone, PartialEq)]
pub struct Plot {
    pub header: Header,
    pub data: Data,
}

impl Plot {
    pub fn empty(header: Header) -> Self {
        let columns = header.columns.len();
        let data = if header.complex {
            Data::Complex(vec![Vec::new(); columns])
        } else {
            Data::Real(vec![Vec::new(); columns])
        };
        Plot { header, data }
    }

    /// Number of points.
    pub fn len(&self) -> usize {
        match &self.data {
            Data::Real(columns) => columns.first().map_or(0, Vec::len),
            Data::Complex(columns) => columns.first().map_or(0, Vec::len),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Appends a point: one value per column, or for complex plots real and imaginary parts in turn.
    pub fn push(&mut self, row: &[f64]) {
        match &mut self.data {
            Data::Real(columns) => columns.iter_mut().zip(row).for_each(|(column, &value)| column.push(value)),
            Data::Complex(columns) => {
                let values = row.chunks_exact(2).map(|pair| c64::new(pair[0], pair[1]));
                columns.iter_mut().zip(values).for_each(|(column, value)| column.push(value));
            }
        }
    }

    /// Forgets all points but the last.
    pub fn keep_last(&mut self) {
        fn trim<T>(columns: &mut [Vec<T>]) {
            for column in columns {
                column.drain(..column.len().saturating_sub(1));
                column.shrink_to_fit();
            }
        }
        match &mut self.data {
            Data::Real(columns) => trim(columns),
            Data::Complex(columns) => trim(columns),
        }
    }

    /// Forgets all points.
    pub fn clear(&mut self) {
        match &mut self.data {
            Data::Real(columns) => columns.iter_mut().for_each(Vec::clear),
            Data::Complex(columns) => columns.iter_mut().for_each(Vec::clear),
        }
    }

    /// Index of the column called `name` (case does not matter).
    pub fn column(&self, name: &str) -> Option<usize> {
        self.header.columns.iter().position(|column| column.name.eq_ignore_ascii_case(name))
    }

    /// Real values of column `index`; the real parts of a complex one.
    pub fn real(&self, index: usize) -> Vec<f64> {
        match &self.data {
            Data::Real(columns) => columns[index].clone(),
            Data::Complex(columns) => columns[index].iter().map(|value| value.re).collect(),
        }
    }

    /// The values of the axis; empty for an operating point.
    pub fn axis(&self) -> Vec<f64> {
        if self.header.has_axis { self.real(0) } else { Vec::new() }
    }

    /// All values of point `index`, real and imaginary parts in turn for a complex plot.
    pub fn row(&self, index: usize) -> Vec<f64> {
        match &self.data {
            Data::Real(columns) => columns.iter().map(|column| column[index]).collect(),
            Data::Complex(columns) => columns.iter().flat_map(|column| [column[index].re, column[index].im]).collect(),
        }
    }
}

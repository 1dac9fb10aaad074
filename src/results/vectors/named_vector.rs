//! A vector with its name, and the plot that it belongs to.

use faer::c64;

use crate::results::plot::{Column, Data, Header, Plot, VectorKind};
use crate::results::value::Samples;

/// A named vector. Names are those of ngspice's commands: `out` for v(out), `v1#branch` for i(v1).
#[derive(Debug, Clone, PartialEq)]
pub struct NamedVector {
    pub name: String,
    pub kind: VectorKind,
    pub samples: Samples,
    /// Recorded for the script alone: `all` does not include it.
    pub hidden: bool,
}

/// The vectors of one analysis and those that commands added.
#[derive(Debug, Clone, PartialEq)]
pub struct VectorPlot {
    /// `tran1`, `ac2`, …, `const`
    pub type_name: String,
    pub title: String,
    /// `Transient Analysis`
    pub name: String,
    pub date: String,
    pub vectors: Vec<NamedVector>,
    /// Index of the vector that the others are functions of.
    pub scale: Option<usize>,
}

impl NamedVector {
    pub fn len(&self) -> usize {
        length(&self.samples)
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Number of values.
pub fn length(samples: &Samples) -> usize {
    match samples {
        Samples::Real(values) => values.len(),
        Samples::Complex(values) => values.len(),
    }
}

impl VectorPlot {
    /// The vectors of `plot`; those that `is_hidden` are not part of `all`.
    pub fn of_plot(plot: &Plot, type_name: String, date: String, is_hidden: impl Fn(&str) -> bool) -> VectorPlot {
        let header = &plot.header;
        let vector = |(index, column): (usize, &Column)| {
            let is_axis = header.has_axis && index == 0;
            let name = if is_axis { axis_name(&column.name) } else { command_name(&column.name) };
            let samples = match &plot.data {
                Data::Real(columns) => Samples::Real(columns[index].clone()),
                Data::Complex(columns) if is_axis => {
                    Samples::Real(columns[index].iter().map(|value| value.re).collect())
                }
                Data::Complex(columns) => Samples::Complex(columns[index].clone()),
            };
            NamedVector { name, kind: column.kind, samples, hidden: !is_axis && is_hidden(&column.name) }
        };
        VectorPlot {
            type_name,
            title: header.title.clone(),
            name: header.name.clone(),
            date,
            vectors: header.columns.iter().enumerate().map(vector).collect(),
            scale: header.has_axis.then_some(0),
        }
    }

    /// The vector called `name`, as `out`, `v(out)`, `v1#branch` or `i(v1)`.
    pub fn find(&self, name: &str) -> Option<&NamedVector> {
        self.position(name).map(|index| &self.vectors[index])
    }

    pub fn position(&self, name: &str) -> Option<usize> {
        let find = |name: &str| self.vectors.iter().position(|vector| vector.name.eq_ignore_ascii_case(name));
        find(name).or_else(|| find(&command_name(name)))
    }

    /// Adds or replaces a vector.
    pub fn set(&mut self, vector: NamedVector) {
        match self.vectors.iter().position(|other| other.name == vector.name) {
            Some(index) => self.vectors[index] = vector,
            None => self.vectors.push(vector),
        }
    }

    /// Removes a vector; the scale stays.
    pub fn remove(&mut self, name: &str) -> bool {
        let Some(index) = self.position(name).filter(|&index| self.scale != Some(index)) else { return false };
        self.vectors.remove(index);
        self.scale = self.scale.map(|scale| if scale > index { scale - 1 } else { scale });
        true
    }

    pub fn scale_vector(&self) -> Option<&NamedVector> {
        self.scale.and_then(|index| self.vectors.get(index))
    }

    /// As a plot of results: all vectors as long as the scale, or single values repeated.
    pub fn to_plot(&self) -> Plot {
        let scale = self.scale_vector();
        let others = self.vectors.iter().enumerate().filter(|(index, _)| Some(*index) != self.scale);
        let count = scale.map_or(1, NamedVector::len);
        let usable = others.map(|(_, vector)| vector).filter(|vector| vector.len() == count || vector.len() == 1);
        let vectors: Vec<&NamedVector> = scale.into_iter().chain(usable).collect();
        plot_of(&self.title, &self.name, scale.is_some(), &vectors)
    }
}

/// A plot of `vectors`, the axis first if there is one; shorter vectors end with their last value repeated.
pub fn plot_of(title: &str, name: &str, has_axis: bool, vectors: &[&NamedVector]) -> Plot {
    let complex = vectors.iter().any(|vector| matches!(vector.samples, Samples::Complex(_)));
    let count = vectors.iter().map(|vector| vector.len()).max().unwrap_or(0);
    let column = |(index, vector): (usize, &&NamedVector)| {
        let name = if has_axis && index == 0 { axis_file_name(vector) } else { file_name_of(vector) };
        Column { name, kind: vector.kind }
    };
    let header = Header {
        title: title.to_string(),
        name: name.to_string(),
        step: String::new(),
        complex,
        has_axis,
        columns: vectors.iter().enumerate().map(column).collect(),
    };
    let at = |vector: &NamedVector, index: usize| match &vector.samples {
        Samples::Real(values) => c64::new(values.get(index).or(values.last()).copied().unwrap_or(0.0), 0.0),
        Samples::Complex(values) => values.get(index).or(values.last()).copied().unwrap_or(c64::new(0.0, 0.0)),
    };
    let values = |vector: &&NamedVector| (0..count).map(|index| at(vector, index)).collect::<Vec<c64>>();
    let columns: Vec<Vec<c64>> = vectors.iter().map(values).collect();
    let data = match complex {
        true => Data::Complex(columns),
        false => Data::Real(columns.iter().map(|column| column.iter().map(|value| value.re).collect()).collect()),
    };
    Plot { header, data }
}

/// `v(out)` → `out`, `i(v1)` → `v1#branch`.
pub fn command_name(name: &str) -> String {
    let inner = |kind: &str| name.strip_prefix(kind)?.strip_suffix(')').filter(|inner| !inner.contains(','));
    match (inner("v("), inner("i(")) {
        (Some(node), _) => node.to_string(),
        (_, Some(device)) => format!("{device}#branch"),
        _ => name.to_string(),
    }
}

/// `v(v-sweep)` → `v-sweep`.
pub fn axis_name(name: &str) -> String {
    let bare = name.strip_prefix("v(").or(name.strip_prefix("i(")).and_then(|rest| rest.strip_suffix(')'));
    bare.unwrap_or(name).to_string()
}

fn axis_file_name(vector: &NamedVector) -> String {
    match vector.kind {
        VectorKind::Current if !vector.name.contains('#') => format!("i({})", vector.name),
        _ => file_name_of(vector),
    }
}

/// The name in raw files: `out` → `v(out)`, `v1#branch` → `i(v1)`.
pub fn file_name_of(vector: &NamedVector) -> String {
    let name = &vector.name;
    let is_plain = !name.contains(['(', '@', '+', '*', '/', '[', '^', ' ']);
    match name.strip_suffix("#branch") {
        Some(device) if is_plain => format!("i({device})"),
        None if vector.kind == VectorKind::Voltage && is_plain => format!("v({name})"),
        _ => name.clone(),
    }
}

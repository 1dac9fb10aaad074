//! Values of expressions over results: numbers and series, real or complex.

use std::sync::Arc;

use faer::c64;

/// A number, or one per point of an axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Value {
    /// The points of a series; None for a plain number.
    pub axis: Option<Arc<[f64]>>,
    /// One for a plain number, else as many as the axis has points.
    pub samples: Samples,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Samples {
    Real(Vec<f64>),
    Complex(Vec<c64>),
}

impl Value {
    /// A plain real number.
    pub fn number(value: f64) -> Self {
        Value { axis: None, samples: Samples::Real(vec![value]) }
    }

    pub fn real_series(axis: Arc<[f64]>, values: Vec<f64>) -> Self {
        Value { axis: Some(axis), samples: Samples::Real(values) }
    }

    pub fn is_complex(&self) -> bool {
        matches!(self.samples, Samples::Complex(_))
    }

    pub fn len(&self) -> usize {
        match &self.samples {
            Samples::Real(values) => values.len(),
            Samples::Complex(values) => values.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number, if this is a plain real one.
    pub fn as_number(&self) -> Option<f64> {
        match (&self.axis, &self.samples) {
            (None, Samples::Real(values)) => values.first().copied(),
            _ => None,
        }
    }

    /// Real parts.
    pub fn real(&self) -> Vec<f64> {
        match &self.samples {
            Samples::Real(values) => values.clone(),
            Samples::Complex(values) => values.iter().map(|value| value.re).collect(),
        }
    }

    pub fn complex(&self) -> Vec<c64> {
        match &self.samples {
            Samples::Real(values) => values.iter().map(|&value| c64::new(value, 0.0)).collect(),
            Samples::Complex(values) => values.clone(),
        }
    }

    /// A real value made from each complex one.
    pub fn to_real(&self, part: impl Fn(c64) -> f64) -> Value {
        let samples = self.complex().into_iter().map(part).collect();
        Value { axis: self.axis.clone(), samples: Samples::Real(samples) }
    }

    pub fn map_complex(&self, function: impl Fn(c64) -> c64) -> Value {
        let samples = self.complex().into_iter().map(function).collect();
        Value { axis: self.axis.clone(), samples: Samples::Complex(samples) }
    }
}

/// The axis that values share, and its number of points; plain numbers go with everything.
///
/// None if two of the values have different axes.
pub fn common_axis(values: &[&Value]) -> Option<(Option<Arc<[f64]>>, usize)> {
    let mut common: Option<&Arc<[f64]>> = None;
    for axis in values.iter().filter_map(|value| value.axis.as_ref()) {
        match common {
            Some(other) if !Arc::ptr_eq(other, axis) && other != axis => return None,
            _ => common = Some(axis),
        }
    }
    Some((common.cloned(), common.map_or(1, |axis| axis.len())))
}

/// Sample `index` of values that may be a single number.
pub fn sample<T: Copy>(values: &[T], index: usize) -> Option<T> {
    if values.len() == 1 { values.first().copied() } else { values.get(index).copied() }
}

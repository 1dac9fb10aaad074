//! The cells' own I–V while they are read, states held.

use std::sync::Arc;

use super::mapping::Range;

/// Current through a cell of a device.
pub trait Conduction: Send + Sync {
    /// Current in A and its derivative in S, at a voltage in V, of a cell that has `conductance` in S at the card's read voltage.
    fn current(&self, conductance: f64, voltage: f64) -> (f64, f64);
}

/// Cells of a device, between the ends of their range.
#[derive(Clone)]
pub struct DeviceCells {
    pub conduction: Arc<dyn Conduction>,
    pub range: Range,
    /// Whether current at any voltage is a straight line over conductance; then a layer is a matrix.
    pub is_affine: bool,
}

/// Largest deviation from a straight line in fractions of the current that rounding explains.
const STRAIGHT: f64 = 1e-12;

impl DeviceCells {
    /// `read_voltage` is the largest voltage of the study, V.
    pub fn new(conduction: Arc<dyn Conduction>, range: Range, read_voltage: f64) -> DeviceCells {
        let mut cells = DeviceCells { conduction, range, is_affine: true };
        let places = (1..16).flat_map(|place| (1..8).map(move |part| (f64::from(place) / 15.0, f64::from(part) / 8.0)));
        cells.is_affine = places.into_iter().all(|(voltage, part)| {
            let (voltage, conductance) = (voltage * read_voltage, range.least + part * range.width());
            let line = cells.current(range.least, voltage) + part * range.width() * cells.response(voltage);
            (cells.current(conductance, voltage) - line).abs() <= STRAIGHT * cells.current(range.most, voltage).abs()
        });
        cells
    }

    /// Current, A.
    pub fn current(&self, conductance: f64, voltage: f64) -> f64 {
        self.conduction.current(conductance, voltage).0
    }

    /// Current per conductance, V: what a linear cell would need as voltage.
    pub fn response(&self, voltage: f64) -> f64 {
        (self.current(self.range.most, voltage) - self.current(self.range.least, voltage)) / self.range.width()
    }

    /// The voltage from 0 to `most` with this response.
    pub fn voltage(&self, response: f64, most: f64) -> f64 {
        let (mut low, mut high) = (0.0, most);
        if response >= self.response(most) {
            return most;
        }
        // Bisection to the last bit but a few: a response may be flat at 0, where Newton's method would leave the range.
        for _ in 0..52 {
            let middle = 0.5 * (low + high);
            if self.response(middle) < response {
                low = middle;
            } else {
                high = middle;
            }
        }
        0.5 * (low + high)
    }
}

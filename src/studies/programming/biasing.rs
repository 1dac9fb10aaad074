//! Voltages of all lines for a pulse on cells of one row.

use super::settings::Scheme;
use crate::arrays::Crossbar;
use crate::arrays::transient::LineVoltages;

/// A pulse on some columns of a row, each with its own amplitude.
#[derive(Debug, Clone)]
pub(super) struct Selection<'a> {
    pub row: usize,
    /// +1 or −1: the sign of the voltage across the cells.
    pub sign: f64,
    /// Of every column in V; none for columns that are not selected.
    pub amplitudes: &'a [Option<f64>],
}

impl Selection<'_> {
    /// Selected cells get their amplitude (less the IR drop), the others of the row and of the columns at most 1/2 or 1/3 of the
    /// largest one.
    pub fn voltages(&self, array: &Crossbar, scheme: Scheme) -> LineVoltages {
        let most = self.amplitudes.iter().flatten().fold(0.0f64, |a, b| a.max(*b));
        let (selected, word_rest, bit_rest) = match scheme {
            Scheme::Half => (0.5 * most, 0.0, 0.0),
            // Measured from the middle, so that lines are at ±V/2 and ±V/6.
            Scheme::Third => (0.5 * most, -most / 6.0, most / 6.0),
        };
        let mut voltages = LineVoltages::rest(array);
        voltages.word.fill(self.sign * word_rest);
        voltages.word[self.row] = self.sign * selected;
        for (bit, amplitude) in voltages.bit.iter_mut().zip(self.amplitudes) {
            *bit = self.sign * amplitude.map_or(bit_rest, |amplitude| selected - amplitude);
        }
        voltages
    }
}

/// The same amplitude for all cells of a row, and 0 V across all others but for the IR drop.
pub(super) fn whole_row(array: &Crossbar, row: usize, voltage: f64) -> LineVoltages {
    let mut voltages = LineVoltages::rest(array);
    voltages.word[row] = voltage;
    voltages
}

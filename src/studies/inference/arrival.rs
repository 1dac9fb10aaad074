//! How much of a cell's conductance arrives at the ports of its array.
//!
//! The exact derivative of the current j by the cell (i, j) at input i is u·w, where u is the voltage of the cell's word-line node
//! at 1 V of input i, and w that of its bit-line node at 1 V of sense j, less what the other lines take part in. Each line
//! is taken alone here, its cells as loads to lines at 0 V: a ladder, solved from its far end.

use super::wires::{Part, Wiring};
use crate::arrays::{Crossbar, Driving};

/// u·w for every cell, by rows, in the arrays of `wiring`; conductances in S, by rows.
pub fn arrival(wiring: &Wiring, conductances: &[f64]) -> Vec<f64> {
    let mut shares = vec![1.0; conductances.len()];
    for part in wiring.parts() {
        let cells = wiring.cells_of(&part, conductances);
        of_array(&wiring.crossbar(&part), &cells, |row, column, share| {
            let Part { rows, columns } = &part;
            shares[(rows.start + row) * wiring.columns + columns.start + column] *= share;
        });
    }
    shares
}

/// Calls `multiply` with u and with w of every cell.
fn of_array(array: &Crossbar, cells: &[f64], mut multiply: impl FnMut(usize, usize, f64)) {
    for row in 0..array.rows {
        let loads = &cells[row * array.columns..][..array.columns];
        word_line(array, loads).into_iter().enumerate().for_each(|(column, share)| multiply(row, column, share));
    }
    for column in 0..array.columns {
        // The sense is below the last row.
        let loads: Vec<f64> = (0..array.rows).rev().map(|row| cells[row * array.columns + column]).collect();
        let shares = ladder(&loads, array.bit_segment + array.sense, array.bit_segment, None);
        shares.into_iter().rev().enumerate().for_each(|(row, share)| multiply(row, column, share));
    }
}

fn word_line(array: &Crossbar, loads: &[f64]) -> Vec<f64> {
    let (end, segment) = (array.word_segment + array.driver, array.word_segment);
    match array.driving {
        Driving::LeftEnd => ladder(loads, end, segment, None),
        Driving::BothEnds if end == 0.0 => vec![1.0; loads.len()],
        Driving::BothEnds => {
            let reversed: Vec<f64> = loads.iter().rev().copied().collect();
            let from_right = ladder(&reversed, end, segment, Some(end));
            let from_left = ladder(loads, end, segment, Some(end));
            from_left.iter().zip(from_right.iter().rev()).map(|(left, right)| left + right).collect()
        }
    }
}

/// Voltages along a line of loads (S) to 0 V that 1 V drives through `first` Ω; `segment` Ω lie between loads, and after the
/// last one the line may end at 0 V through `beyond` Ω.
fn ladder(loads: &[f64], first: f64, segment: f64, beyond: Option<f64>) -> Vec<f64> {
    // What each node sees in itself and away from the source.
    let mut admittances = loads.to_vec();
    let mut behind = beyond.map_or(0.0, |resistance| 1.0 / resistance);
    for (position, admittance) in admittances.iter_mut().enumerate().rev() {
        *admittance += behind;
        behind = if position > 0 { *admittance / (1.0 + segment * *admittance) } else { 0.0 };
    }
    let mut voltage = 1.0;
    let along = admittances.iter().enumerate().map(|(position, admittance)| {
        let resistance = if position == 0 { first } else { segment };
        voltage /= 1.0 + resistance * admittance;
        voltage
    });
    along.collect()
}

#[cfg(test)]
mod tests {
    use super::ladder;

    /// Against the closed form of a line without loads that ends at 0 V, and of one load.
    #[test]
    fn a_ladder_divides_voltages() {
        let voltages = ladder(&[0.0; 3], 2.0, 1.0, Some(4.0));
        for (voltage, expected) in voltages.iter().zip([6.0 / 8.0, 5.0 / 8.0, 4.0 / 8.0]) {
            assert!((voltage - expected).abs() < 1e-15);
        }
        assert!((ladder(&[0.5], 2.0, 1.0, None)[0] - 0.5).abs() < 1e-15);
        assert_eq!(ladder(&[0.5, 0.25], 0.0, 0.0, None), [1.0, 1.0]);
    }
}

//! Kirchhoff's laws, checked by separate code: every device's contributions added up again.

use super::system::System;

/// Residual of one row at a solution, recomputed from the devices.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RowBalance {
    /// Σ of all contributions.
    pub sum: f64,
    /// Σ of their magnitudes.
    pub magnitude: f64,
}

impl System {
    /// Σf in every row at `x`, device by device, without the matrix and without dynamic parts: the balance of a DC solution.
    pub fn balance(&self, x: &[f64]) -> Vec<RowBalance> {
        let mut rows = vec![RowBalance { sum: 0.0, magnitude: 0.0 }; self.len() + 1];
        for group in &self.groups {
            for device in 0..group.len() {
                let (f, _) = group.contributions(device, x, &self.environment);
                for (&row, value) in group.unknowns(device).iter().zip(f) {
                    rows[row as usize].sum += value;
                    rows[row as usize].magnitude += value.abs();
                }
            }
        }
        rows.truncate(self.len());
        rows
    }
}

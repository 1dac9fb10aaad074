//! Voltages that the ends of an array's lines are held at.

use super::geometry::Crossbar;
use crate::diagnostic::Diagnostic;

/// Voltages of the ideal sources behind drivers and senses.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Drive<'a> {
    /// One per word line, V.
    pub word: &'a [f64],
    /// One per bit line, V; empty if all are at 0 V.
    pub bit: &'a [f64],
}

impl<'a> Drive<'a> {
    /// Inputs on the word lines, virtual ground at the bit lines.
    pub fn inputs(word: &'a [f64]) -> Drive<'a> {
        Drive { word, bit: &[] }
    }

    /// # Errors
    /// The wrong number of voltages, or one that is not finite.
    pub fn validate(&self, array: &Crossbar) -> Result<(), Diagnostic> {
        array.validate_inputs(self.word)?;
        if !self.bit.is_empty() && self.bit.len() != array.columns {
            let (given, columns) = (self.bit.len(), array.columns);
            return Err(Diagnostic::error(format!("{given} bit-line voltages for an array of {columns} columns"))
                .hint("give one voltage per column, or none for 0 V"));
        }
        match self.bit.iter().position(|voltage| !voltage.is_finite()) {
            Some(column) => {
                let voltage = self.bit[column];
                Err(Diagnostic::error(format!("the bit line of column {column} is held at {voltage} V"))
                    .hint("give a finite value"))
            }
            None => Ok(()),
        }
    }

    /// Voltage that the bit line of `column` is held at.
    pub fn bit_voltage(&self, column: usize) -> f64 {
        self.bit.get(column).copied().unwrap_or(0.0)
    }
}

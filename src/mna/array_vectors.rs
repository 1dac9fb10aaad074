//! What can be read off the cells of an array by name: `v(axbar.wl[3][5])`, `i(axbar[3][5])`, `@axbar[i_3_5]`.

use super::statistics::Statistics;
use super::system::System;
use super::vectors::Vector;
use crate::circuit::ElementId;
use crate::devices::array_view::{ArrayView, Line};
use crate::devices::assembly::Location;

impl System {
    fn array(&self, element: ElementId) -> Option<(Location, &dyn ArrayView)> {
        let location = self.assembly.principal[element.0 as usize]?;
        Some((location, self.groups[location.group as usize].array()?))
    }

    /// Rows and columns of `element`, if it is an array.
    pub fn array_shape(&self, element: ElementId) -> Option<[usize; 2]> {
        Some(self.array(element)?.1.shape())
    }

    /// Counts and times so far, with those of the arrays' own solvers.
    pub fn statistics(&self) -> Statistics {
        let mut statistics = self.statistics;
        for arrays in self.groups.iter().filter_map(|group| group.array_statistics()) {
            statistics.array_solutions += arrays.solutions;
            statistics.array_rounds += arrays.rounds;
        }
        statistics
    }

    /// Number of the cell in `row` and `column` of `element`.
    fn cell(&self, element: ElementId, row: &str, column: &str) -> Option<usize> {
        let [rows, columns] = self.array_shape(element)?;
        let (row, column): (usize, usize) = (row.parse().ok()?, column.parse().ok()?);
        (row < rows && column < columns).then_some(row * columns + column)
    }

    /// Element and cell of `axbar[3][5]`.
    pub(super) fn cell_named(&self, name: &str) -> Option<(ElementId, usize)> {
        let (before, row, column) = indices(name)?;
        let element = *self.circuit.element_index.get(before)?;
        Some((element, self.cell(element, row, column)?))
    }

    /// Unknown of the node called `axbar.wl[3][5]`, if the array has one.
    pub(super) fn array_node(&self, name: &str) -> Option<u32> {
        match self.array_voltage(name)? {
            Vector::Unknown(node) => Some(node),
            _ => None,
        }
    }

    /// The voltage of the node called `axbar.wl[3][5]`.
    pub(super) fn array_voltage(&self, name: &str) -> Option<Vector> {
        let (before, row, column) = indices(name)?;
        let (element, line) = before.rsplit_once('.')?;
        let line = Line::ALL.into_iter().find(|candidate| candidate.name() == line)?;
        let element = *self.circuit.element_index.get(element)?;
        let cell = self.cell(element, row, column)?;
        self.cell_quantity(element, cell, line.name())
    }

    /// Quantity and cell of `i_3_5`.
    pub(super) fn cell_of_quantity<'n>(&self, element: ElementId, name: &'n str) -> Option<(&'n str, usize)> {
        let mut parts = name.rsplitn(3, '_');
        let (column, row, quantity) = (parts.next()?, parts.next()?, parts.next()?);
        Some((quantity, self.cell(element, row, column)?))
    }

    /// The quantity `name` of one cell of `element`: what devices show, or the voltage at a line.
    pub fn cell_quantity(&self, element: ElementId, cell: usize, name: &str) -> Option<Vector> {
        let (location, view) = self.array(element)?;
        let node = |line: Line| view.line_node(line, cell);
        if let Some(node) = Line::ALL.into_iter().find(|line| line.name() == name).and_then(node) {
            return Some(Vector::Unknown(node));
        }
        if let ("v", Some(word), Some(inner)) = (name, node(Line::Word), node(Line::Inner)) {
            return Some(Vector::Difference(word, inner));
        }
        let index = self.groups[location.group as usize].quantity_index(name)?;
        Some(Vector::Quantity(Location { device: cell as u32, ..location }, index as u32))
    }
}

/// `a[3][5]` as `a`, `3` and `5`.
fn indices(name: &str) -> Option<(&str, &str, &str)> {
    let (rest, column) = name.strip_suffix(']')?.rsplit_once('[')?;
    let (before, row) = rest.strip_suffix(']')?.rsplit_once('[')?;
    Some((before, row, column))
}

/// `@axbar[i_3_5]` as it is called in results, `i(axbar[3][5])`; none for other names.
pub fn cell_name(device: &str, quantity: &str) -> Option<String> {
    let mut parts = quantity.rsplitn(3, '_');
    let (column, row, quantity) = (parts.next()?, parts.next()?, parts.next()?);
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(column) || !digits(row) {
        return None;
    }
    Some(match Line::ALL.into_iter().find(|line| line.name() == quantity) {
        Some(line) => format!("v({device}.{}[{row}][{column}])", line.name()),
        None => format!("{quantity}({device}[{row}][{column}])"),
    })
}

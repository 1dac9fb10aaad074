//! What an array of devices shows by row and column.

/// Nodes at a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    Word,
    Bit,
    /// Between the cell and its transistor; where there is none, at the bit line.
    Inner,
}

impl Line {
    pub const ALL: [Line; 3] = [Line::Word, Line::Bit, Line::Inner];

    /// As in `v(axbar.wl[3][5])`.
    pub fn name(self) -> &'static str {
        match self {
            Line::Word => "wl",
            Line::Bit => "bl",
            Line::Inner => "inner",
        }
    }
}

/// A group whose devices are the cells of an array, numbered row by row.
pub trait ArrayView {
    /// Rows and columns.
    fn shape(&self) -> [usize; 2];

    /// Unknown of the node where `cell` meets `line`; none if the array keeps its nodes to itself and shows their voltages as
    /// quantities called [`Line::name`].
    fn line_node(&self, line: Line, cell: usize) -> Option<u32>;
}

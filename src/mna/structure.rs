//! The structure of a system: its pattern, its constant entries, the rows that can be held.

use crate::devices::assembly::{UnknownInfo, UnknownKind};
use crate::devices::group::Group;
use crate::numerics::sparse::Pattern;

/// A constant entry of G or C.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    pub row: u32,
    pub column: u32,
    pub slot: u32,
    pub value: f64,
}

/// A row that can be replaced by x − value = 0, with its matrix slots.
pub struct HeldRow {
    pub row: usize,
    pub diagonal: usize,
    pub slots: Vec<u32>,
    pub value: f64,
    pub discrete: bool,
}

/// Pattern of all groups and the whole diagonal; tells the groups their slots. Second part: slots of the diagonal.
pub fn build_pattern(n: usize, groups: &mut [Box<dyn Group>]) -> (Pattern, Vec<u32>) {
    let mut entries: Vec<(u32, u32)> = (0..n as u32).map(|index| (index, index)).collect();
    for group in groups.iter() {
        group.entries(&mut |row, column| entries.push((row, column)));
    }
    let ground = n as u32;
    let inside: Vec<(u32, u32)> =
        entries.iter().copied().filter(|&(row, column)| row != ground && column != ground).collect();
    let (pattern, slots) = Pattern::from_entries(n, &inside);
    // Entries of ground go to a slot behind the last.
    let trash = pattern.nnz() as u32;
    let mut slots = slots.into_iter();
    let mut all = entries
        .iter()
        .map(|&(row, column)| if row == ground || column == ground { trash } else { slots.next().unwrap_or(trash) });
    let diagonal: Vec<u32> = all.by_ref().take(n).collect();
    for group in groups {
        group.assign(&mut all);
    }
    (pattern, diagonal)
}

/// The entries that are not zero.
pub fn entries(pattern: &Pattern, values: &[f64]) -> Vec<Entry> {
    let mut entries = Vec::new();
    for column in 0..pattern.n {
        for slot in pattern.column(column) {
            if values[slot] != 0.0 {
                let row = pattern.rows[slot];
                entries.push(Entry { row, column: column as u32, slot: slot as u32, value: values[slot] });
            }
        }
    }
    entries
}

/// The rows that can be held, with their slots.
pub fn held_rows(held: &[(u32, f64)], unknowns: &[UnknownInfo], pattern: &Pattern, diagonal: &[u32]) -> Vec<HeldRow> {
    let mut rows: Vec<HeldRow> = held
        .iter()
        .map(|&(row, value)| HeldRow {
            row: row as usize,
            diagonal: diagonal[row as usize] as usize,
            slots: Vec::new(),
            value,
            discrete: unknowns[row as usize].kind == UnknownKind::Discrete,
        })
        .collect();
    if rows.is_empty() {
        return rows;
    }
    let mut index_of = vec![u32::MAX; unknowns.len()];
    for (index, held) in rows.iter().enumerate() {
        index_of[held.row] = index as u32;
    }
    for (slot, &row) in pattern.rows.iter().enumerate() {
        if let Some(held) = rows.get_mut(index_of[row as usize] as usize) {
            held.slots.push(slot as u32);
        }
    }
    rows
}

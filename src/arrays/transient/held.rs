//! Currents of cells whose states are held: by one formula for all of them, or each by its own linearisation.

use rayon::prelude::*;

use super::super::cells::{DynamicCells, PowerTerm};
use super::super::geometry::Crossbar;
use super::super::lanes::vectorise;

/// What the current of a held cell is computed from.
#[derive(Debug, Clone)]
pub(super) enum HeldCurrents {
    /// All cells conduct by the same power laws, with conductances of their own.
    PowerLaws { shapes: [Shape; 2], conductances: [Vec<f64>; 2] },
    /// Anything else: the last evaluation of each cell stands while its voltage moves by less than a bypass voltage.
    Linearised { points: Vec<HeldPoint>, bypass: f64 },
}

/// v·(1 + (v/corner)⁴)^power
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Shape {
    inverse_corner: f64,
    power: f64,
}

/// A cell's last evaluation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct HeldPoint {
    drop: f64,
    current: f64,
    conductance: f64,
}

/// No evaluation yet: no voltage is near it.
const NEVER: HeldPoint = HeldPoint { drop: f64::INFINITY, current: 0.0, conductance: 0.0 };

impl HeldCurrents {
    /// `states` are those of all cells, one after the other; rows of cells are `stride` apart in all arrays.
    pub fn new(
        cells: &impl DynamicCells,
        array: &Crossbar,
        stride: usize,
        states: &[f64],
        bypass: f64,
    ) -> HeldCurrents {
        let held = HeldCurrents::Linearised { points: vec![NEVER; array.rows * stride], bypass };
        let count = cells.states();
        let Some(first) = cells.power_terms(0, &states[..count]) else { return held };
        let shapes = first.map(Shape::of);
        let mut conductances = [vec![0.0; array.rows * stride], vec![0.0; array.rows * stride]];
        for cell in 0..array.cells() {
            let place = cell / array.columns * stride + cell % array.columns;
            match cells.power_terms(cell, &states[cell * count..][..count]) {
                Some(terms) if terms.map(Shape::of) == shapes => set(shapes, &mut conductances, place, terms),
                _ => return held,
            }
        }
        HeldCurrents::PowerLaws { shapes, conductances }
    }

    /// The states of a cell have changed.
    pub fn update(&mut self, cells: &impl DynamicCells, cell: usize, place: usize, states: &[f64]) {
        match self {
            HeldCurrents::PowerLaws { shapes, conductances } => {
                if let Some(terms) = cells.power_terms(cell, states) {
                    set(*shapes, conductances, place, terms);
                }
            }
            HeldCurrents::Linearised { points, .. } => points[place] = NEVER,
        }
    }

    /// Currents and their derivatives at these drops.
    pub fn evaluate(
        &mut self,
        of: (&impl DynamicCells, &[f64]),
        (columns, stride): (usize, usize),
        drops: &[f64],
        currents: &mut [f64],
        conductances: &mut [f64],
    ) {
        let outputs = currents.par_chunks_mut(stride).zip(conductances.par_chunks_mut(stride));
        let rows = drops.par_chunks(stride).zip(outputs);
        let half = rows.len().div_ceil(if drops.len() >= 4096 { 2 } else { 1 }).max(1);
        match self {
            HeldCurrents::PowerLaws { shapes, conductances: [on, off] } => {
                let merged = shapes[0] == shapes[1];
                let terms = on.par_chunks(stride).zip(off.par_chunks(stride));
                rows.zip(terms).with_min_len(half).for_each(|((drops, (currents, slopes)), (on, off))| {
                    vectorise(
                        #[inline(always)]
                        || {
                            shapes[0].write(drops, on, currents, slopes);
                            if !merged {
                                shapes[1].add(drops, off, currents, slopes);
                            }
                        },
                    );
                });
            }
            HeldCurrents::Linearised { points, bypass } => {
                let rows = rows.zip(points.par_chunks_mut(stride)).enumerate().with_min_len(half);
                rows.for_each(|(row, ((drops, (currents, slopes)), points))| {
                    for column in 0..columns {
                        let point = &mut points[column];
                        let drop = drops[column];
                        if (drop - point.drop).abs() > *bypass || drop == 0.0 {
                            *point = evaluate(of, row * columns + column, drop);
                        }
                        currents[column] = point.current + point.conductance * (drop - point.drop);
                        slopes[column] = point.conductance;
                    }
                });
            }
        }
    }
}

fn evaluate((cells, states): (&impl DynamicCells, &[f64]), cell: usize, drop: f64) -> HeldPoint {
    let count = cells.states();
    let (current, conductance) = cells.branch(cell, drop, &states[cell * count..][..count]);
    HeldPoint { drop, current, conductance }
}

fn set(shapes: [Shape; 2], conductances: &mut [Vec<f64>; 2], place: usize, terms: [PowerTerm; 2]) {
    let [on, off] = terms.map(|term| term.conductance);
    if shapes[0] == shapes[1] {
        conductances[0][place] = on + off;
    } else {
        conductances[0][place] = on;
        conductances[1][place] = off;
    }
}

impl Shape {
    fn of(term: PowerTerm) -> Shape {
        Shape { inverse_corner: 1.0 / term.corner, power: term.power }
    }

    /// z^(power − 1) for z = 1 + (v/corner)⁴, and (v/corner)⁴.
    #[inline(always)]
    fn lower(&self, drop: f64) -> (f64, f64) {
        let part = drop * self.inverse_corner;
        let square = part * part;
        let fourth = square * square;
        let base = 1.0 + fourth;
        // The exponent 2 of trap-free space-charge-limited current needs no logarithm.
        let lower = if self.power == 0.25 { base.sqrt().sqrt() / base } else { base.powf(self.power - 1.0) };
        (lower, fourth)
    }

    #[inline(always)]
    fn write(&self, drops: &[f64], conductances: &[f64], currents: &mut [f64], slopes: &mut [f64]) {
        let rise = 4.0 * self.power;
        for (((&drop, &g), current), slope) in drops.iter().zip(conductances).zip(currents).zip(slopes) {
            let (lower, fourth) = self.lower(drop);
            *current = g * drop * (1.0 + fourth) * lower;
            *slope = g * lower * (1.0 + fourth + rise * fourth);
        }
    }

    #[inline(always)]
    fn add(&self, drops: &[f64], conductances: &[f64], currents: &mut [f64], slopes: &mut [f64]) {
        let rise = 4.0 * self.power;
        for (((&drop, &g), current), slope) in drops.iter().zip(conductances).zip(currents).zip(slopes) {
            let (lower, fourth) = self.lower(drop);
            *current += g * drop * (1.0 + fourth) * lower;
            *slope += g * lower * (1.0 + fourth + rise * fourth);
        }
    }
}

//! The cells of an array as devices over unknowns: they show their quantities, and memristors their currents and rates.

use std::any::Any;
use std::sync::Arc;

use super::cells::ArrayCells;
use super::description::Description;
use crate::arrays::cells::{DynamicCells, Linearised, MOST_STATES};
use crate::devices::array_view::{ArrayView, Line};
use crate::devices::assembly::GROUND_UNKNOWN;
use crate::devices::device::{Environment, QuantityInfo};
use crate::devices::group::{ConstantStamp, Group, Stamp};

/// What every cell shows; states are published ones, of memristors in their order and of the selector last.
const QUANTITIES: &[QuantityInfo] = &[
    QuantityInfo::new("x", "", "State"),
    QuantityInfo::new("g", "S", "Conductance"),
    QuantityInfo::new("i", "A", "Current"),
    QuantityInfo::new("v", "V", "Voltage"),
    QuantityInfo::new("p", "W", "Power"),
    QuantityInfo::new("r", "Ω", "Resistance"),
    QuantityInfo::new("s", "", "State as the solver has it"),
    QuantityInfo::new("x1", "", "First state"),
    QuantityInfo::new("x2", "", "Second state"),
    QuantityInfo::new("x3", "", "Third state"),
    QuantityInfo::new("x4", "", "Fourth state"),
];

/// The cells of one array. Unknowns of each: the node at the word line, the node on the other side, the states.
pub struct Cells {
    description: Arc<Description>,
    /// Of one cell after the other.
    unknowns: Vec<u32>,
    /// Nodes at the bit lines, where a transistor lies between them and the cells; else empty.
    bit_nodes: Vec<u32>,
    slots: Vec<u32>,
}

/// A memristor cell at a point.
struct CellPoint {
    linearised: Linearised,
    states: [f64; MOST_STATES],
}

impl Cells {
    pub fn new(description: Arc<Description>, unknowns: Vec<u32>, bit_nodes: Vec<u32>) -> Self {
        Cells { description, unknowns, bit_nodes, slots: Vec::new() }
    }

    fn cells(&self) -> &ArrayCells {
        &self.description.cells
    }

    /// Unknowns of one cell.
    fn width(&self) -> usize {
        2 + self.cells().states()
    }

    fn drop(&self, unknowns: &[u32], x: &[f64]) -> f64 {
        x[unknowns[0] as usize] - x[unknowns[1] as usize]
    }

    /// States of a cell at `x`.
    fn states(&self, unknowns: &[u32], x: &[f64]) -> [f64; MOST_STATES] {
        let mut states = [0.0; MOST_STATES];
        states.iter_mut().zip(&unknowns[2..]).for_each(|(state, &unknown)| *state = x[unknown as usize]);
        states
    }

    /// A memristor cell at `x`; none if cells are linear.
    fn point(&self, cell: usize, x: &[f64]) -> Option<CellPoint> {
        let unknowns = self.unknowns(cell);
        let states = self.states(unknowns, x);
        let count = self.cells().states();
        let linearised = self.cells().memristors()?.linearise(cell, self.drop(unknowns, x), &states[..count]);
        Some(CellPoint { linearised, states })
    }

    /// Adds f and q of a memristor cell.
    fn add(&self, cell: usize, point: &CellPoint, f: &mut [f64], q: &mut [f64], magnitude: &mut [f64]) {
        let CellPoint { linearised, states } = point;
        let unknowns = self.unknowns(cell);
        let current = self.description.multiplier * linearised.current;
        for (&end, sign) in unknowns.iter().take(2).zip([1.0, -1.0]) {
            f[end as usize] += sign * current;
            magnitude[end as usize] += current.abs();
        }
        for (k, &row) in unknowns.iter().skip(2).enumerate() {
            f[row as usize] -= linearised.rate[k];
            magnitude[row as usize] += linearised.rate[k].abs();
            q[row as usize] += states[k];
        }
    }

    fn stamp_matrix(&self, cell: usize, at: &Linearised, stamp: &mut Stamp) {
        let (width, m) = (self.width(), self.description.multiplier);
        let slots = &self.slots[cell * width * width..][..width * width];
        let mut add =
            |row: usize, column: usize, value: f64| stamp.matrix[slots[row * width + column] as usize] += value;
        let conductance = m * at.conductance;
        [(0, 0, conductance), (0, 1, -conductance), (1, 0, -conductance), (1, 1, conductance)]
            .into_iter()
            .for_each(|(row, column, value)| add(row, column, value));
        for k in 0..width - 2 {
            add(0, 2 + k, m * at.current_by_state[k]);
            add(1, 2 + k, -m * at.current_by_state[k]);
            add(2 + k, 0, -at.rate_by_voltage[k]);
            add(2 + k, 1, at.rate_by_voltage[k]);
            for l in 0..width - 2 {
                add(2 + k, 2 + l, -at.rate_by_state[k][l]);
            }
            let row = self.unknowns(cell)[2 + k] as usize;
            add(2 + k, 2 + k, stamp.leading[row]);
        }
    }
}

impl ArrayView for Cells {
    fn shape(&self) -> [usize; 2] {
        [self.description.geometry.rows, self.description.geometry.columns]
    }

    fn line_node(&self, line: Line, cell: usize) -> Option<u32> {
        Some(match line {
            Line::Word => self.unknowns(cell)[0],
            Line::Bit => self.bit_nodes.get(cell).copied().unwrap_or(self.unknowns(cell)[1]),
            Line::Inner => self.unknowns(cell)[1],
        })
    }
}

impl Group for Cells {
    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }

    fn array(&self) -> Option<&dyn ArrayView> {
        Some(self)
    }

    fn set_ground(&mut self, ground: u32) {
        let all = self.unknowns.iter_mut().chain(&mut self.bit_nodes);
        all.filter(|unknown| **unknown == GROUND_UNKNOWN).for_each(|unknown| *unknown = ground);
    }

    fn len(&self) -> usize {
        self.unknowns.len() / self.width()
    }

    fn is_linear(&self) -> bool {
        self.cells().memristors().is_none()
    }

    fn unknowns(&self, index: usize) -> &[u32] {
        let width = self.width();
        &self.unknowns[index * width..][..width]
    }

    fn entries(&self, visit: &mut dyn FnMut(u32, u32)) {
        for unknowns in self.unknowns.chunks_exact(self.width()) {
            for &row in unknowns {
                unknowns.iter().for_each(|&column| visit(row, column));
            }
        }
    }

    fn assign(&mut self, slots: &mut dyn Iterator<Item = u32>) {
        let count = self.unknowns.len() * self.width();
        self.slots = slots.take(count).collect();
    }

    fn stamp_constant(&self, _environment: &Environment, stamp: &mut ConstantStamp) {
        let ArrayCells::Linear(conductances) = self.cells() else { return };
        for (slots, conductance) in self.slots.chunks_exact(4).zip(conductances) {
            for (&slot, sign) in slots.iter().zip([1.0, -1.0, -1.0, 1.0]) {
                stamp.conductance[slot as usize] += sign * self.description.multiplier * conductance;
            }
        }
    }

    fn stamp(&mut self, _environment: &Environment, stamp: &mut Stamp) -> bool {
        for cell in 0..self.len() {
            let Some(point) = self.point(cell, stamp.x) else { break };
            self.add(cell, &point, stamp.f, stamp.q, stamp.magnitude);
            self.stamp_matrix(cell, &point.linearised, stamp);
        }
        false
    }

    fn evaluate(&self, _environment: &Environment, x: &[f64], f: &mut [f64], q: &mut [f64], magnitude: &mut [f64]) {
        for cell in 0..self.len() {
            let Some(point) = self.point(cell, x) else { break };
            self.add(cell, &point, f, q, magnitude);
        }
    }

    fn dynamic_rows(&self, visit: &mut dyn FnMut(u32)) {
        for unknowns in self.unknowns.chunks_exact(self.width()) {
            unknowns[2..].iter().for_each(|&row| visit(row));
        }
    }

    fn add_initial_charge(&self, _x: &[f64], _environment: &Environment, q: &mut [f64]) {
        let Some(cells) = self.cells().memristors() else { return };
        for (cell, unknowns) in self.unknowns.chunks_exact(self.width()).enumerate() {
            let start = cells.start(cell);
            unknowns[2..].iter().zip(start).for_each(|(&row, state)| q[row as usize] += state);
        }
    }

    fn has_initial(&self) -> bool {
        !self.is_linear()
    }

    fn quantity_index(&self, name: &str) -> Option<usize> {
        let index = QUANTITIES.iter().position(|quantity| quantity.name == name)?;
        let states = self.cells().states();
        let exists = match name {
            "x" | "s" => states > 0,
            _ => name.strip_prefix('x').and_then(|part| part.parse().ok()).is_none_or(|part: usize| part <= states),
        };
        exists.then_some(index)
    }

    fn quantities(&self) -> &'static [QuantityInfo] {
        QUANTITIES
    }

    fn quantity(&self, device: usize, quantity: usize, x: &[f64], _environment: &Environment) -> f64 {
        let unknowns = self.unknowns(device);
        let drop = self.drop(unknowns, x);
        let states = self.states(unknowns, x);
        let states = &states[..self.cells().states()];
        let published = |part: usize| self.cells().memristors().map(|cells| cells.published(device, part, states));
        let conductance = || self.description.multiplier * self.cells().conductance(device, states);
        let current = || self.description.multiplier * self.cells().current(device, drop, states);
        match QUANTITIES[quantity].name {
            "x" => published(0).unwrap_or(f64::NAN),
            "g" => conductance(),
            "i" => current(),
            "v" => drop,
            "p" => drop * current(),
            "r" => 1.0 / conductance(),
            "s" => states.first().copied().unwrap_or(f64::NAN),
            _ => published(quantity - 7).unwrap_or(f64::NAN),
        }
    }

    fn terminal(&self, device: usize, _lead: usize, x: &[f64], environment: &Environment) -> (f64, f64) {
        (self.contributions(device, x, environment).0[0], 0.0)
    }

    fn contributions(&self, device: usize, x: &[f64], _environment: &Environment) -> (Vec<f64>, Vec<f64>) {
        let Some(CellPoint { linearised, states }) = self.point(device, x) else {
            let current =
                self.description.multiplier * self.cells().current(device, self.drop(self.unknowns(device), x), &[]);
            return (vec![current, -current], vec![0.0; 2]);
        };
        let (current, count) = (self.description.multiplier * linearised.current, self.cells().states());
        let rates = linearised.rate[..count].iter().map(|rate| -rate);
        let f = [current, -current].into_iter().chain(rates).collect();
        let q = [0.0; 2].into_iter().chain(states[..count].iter().copied()).collect();
        (f, q)
    }
}

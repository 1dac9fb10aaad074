//! The array as one device between its ports: the nodes inside are found by the solvers of arrays, not by the circuit's.
//!
//! Linear cells reduce to the exact conductance matrix of the ports. Other cells are relaxed for the voltages of the ports at every
//! evaluation. The states of memristors stay unknowns of the circuit, whose history and truncation error choose the step as
//! for every other state; at a trial point the relaxation finds them together with the voltages, so that Newton's method has only
//! to take them over:
//!
//! ```text
//! row of a state:  leading·s + known = r,   with r = leading·s* + known at the solution s* inside
//! ```
//! Where a source fixes the voltage of a port its current does not act back, and no derivative is needed. Otherwise the ports'
//! Jacobian is the exact conductance matrix of the linearised cells; it is kept while it serves.

use std::any::Any;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use faer::Mat;
use rayon::prelude::*;

use super::cells::ArrayCells;
use super::description::Description;
use super::interior::Interior;
use crate::arrays::PortReduction;
use crate::arrays::cells::DynamicCells;
use crate::devices::array_view::{ArrayView, Line};
use crate::devices::assembly::GROUND_UNKNOWN;
use crate::devices::device::{Environment, QuantityInfo};
use crate::devices::group::{ArrayStatistics, ConstantStamp, Group, Stamp};

/// After so many evaluations without an end the Jacobian of the ports is computed anew.
const KEPT: usize = 6;

/// What every cell shows; the first three are voltages of its nodes.
pub const QUANTITIES: &[QuantityInfo] = &[
    QuantityInfo { name: "wl", unit: "V", description: "Voltage of the word line at the cell" },
    QuantityInfo { name: "bl", unit: "V", description: "Voltage of the bit line at the cell" },
    QuantityInfo { name: "inner", unit: "V", description: "Voltage between cell and transistor" },
    QuantityInfo { name: "v", unit: "V", description: "Voltage of the cell" },
    QuantityInfo { name: "i", unit: "A", description: "Current of the cell" },
    QuantityInfo { name: "g", unit: "S", description: "Conductance of the cell at `vread`" },
    QuantityInfo { name: "p", unit: "W", description: "Power of the cell" },
    QuantityInfo { name: "r", unit: "Ω", description: "Resistance of the cell at `vread`" },
    QuantityInfo { name: "x", unit: "", description: "State of the first memristor, as published" },
    QuantityInfo { name: "s", unit: "", description: "State of the first memristor, as unknown" },
    QuantityInfo { name: "x2", unit: "", description: "State of the second memristor, or of the selector" },
    QuantityInfo { name: "x3", unit: "", description: "State of the third" },
    QuantityInfo { name: "x4", unit: "", description: "State of the fourth" },
];

/// An array between its ports.
pub struct Solved {
    description: Arc<Description>,
    /// Word lines, then bit lines.
    ports: Vec<u32>,
    /// Of each cell one after the other.
    states: Vec<u32>,
    /// All ports are at the voltages of sources.
    fixed: bool,
    /// Conductances between the ports, S, if the cells are linear and reduced.
    reduced: Option<Mat<f64>>,
    /// Of the ports' square of entries, by rows (none if they are fixed), then of the states' diagonal.
    slots: Vec<u32>,
    /// Derivatives of the ports' currents, S.
    jacobian: Option<Mat<f64>>,
    /// Evaluations since the start of the iteration, or since the Jacobian was computed.
    evaluations: usize,
    interior: Mutex<Interior>,
}

impl Solved {
    /// An array whose cells have the unknowns `states`; `reduced` are the conductances between its ports if they are known.
    pub fn new(description: Arc<Description>, states: Vec<u32>, fixed: bool, reduced: Option<Mat<f64>>) -> Self {
        let ports = description.ports.word.iter().chain(&description.ports.bit).copied().collect();
        let interior = Mutex::default();
        Solved {
            description,
            ports,
            states,
            fixed,
            reduced,
            slots: Vec::new(),
            jacobian: None,
            evaluations: 0,
            interior,
        }
    }

    fn interior(&self) -> MutexGuard<'_, Interior> {
        self.interior.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn voltages(&self, x: &[f64]) -> Vec<f64> {
        self.ports.iter().map(|&port| x[port as usize]).collect()
    }

    fn states(&self, x: &[f64]) -> Vec<f64> {
        self.states.iter().map(|&state| x[state as usize]).collect()
    }

    /// Finds the inside at `x` with the states held; false if it cannot be found.
    fn hold(&self, interior: &mut Interior, x: &[f64]) -> bool {
        interior.hold(&self.description, &self.voltages(x), &self.states(x)).is_ok()
    }

    /// Whether rows and columns of ports have entries.
    fn has_port_entries(&self) -> bool {
        self.reduced.is_some() || !self.fixed
    }

    fn port_slots(&self) -> &[u32] {
        let count = if self.has_port_entries() { self.ports.len() * self.ports.len() } else { 0 };
        &self.slots[..count]
    }

    /// Adds the currents into the ports.
    fn add_currents(&self, currents: &[f64], f: &mut [f64], magnitude: &mut [f64]) {
        for (&port, current) in self.ports.iter().zip(currents) {
            let current = self.description.multiplier * current;
            f[port as usize] += current;
            magnitude[port as usize] += current.abs();
        }
    }

    /// Rates of all states at `x` and these drops, 1/s.
    fn rates(&self, interior: &Interior, x: &[f64]) -> Vec<f64> {
        let (ArrayCells::Memristors(cells), Some(voltages)) = (&*self.description.cells, &interior.voltages) else {
            return Vec::new();
        };
        let count = cells.states();
        let of_cell = |cell: usize| {
            let states: Vec<f64> = self.states[cell * count..][..count].iter().map(|&s| x[s as usize]).collect();
            cells.linearise(cell, voltages.word[cell] - voltages.bit[cell], &states).rate.into_iter().take(count)
        };
        (0..cells.len()).into_par_iter().flat_map_iter(of_cell).collect()
    }

    /// Derivatives of the ports' currents by the cells' present conductances.
    fn refresh(&mut self) -> bool {
        let interior = self.interior();
        let reduction = PortReduction::new(&self.description.geometry, &interior.conductances);
        drop(interior);
        self.jacobian = reduction.ok().map(|reduction| reduction.port_matrix());
        self.evaluations = 0;
        self.jacobian.is_some()
    }

    /// Voltages and states at a trial point; false if they cannot be found.
    fn solve(&self, stamp: &Stamp) -> bool {
        let ports = self.voltages(stamp.x);
        let states = self.states(stamp.x);
        let leading = self.states.first().map_or(0.0, |&row| stamp.leading[row as usize]);
        let mut interior = self.interior();
        if leading == 0.0 {
            return interior.hold(&self.description, &ports, &states).is_ok();
        }
        let known = self.states.iter().map(|&row| stamp.history[row as usize]).collect();
        interior.carry(&self.description, &ports, &states, (leading, known)).is_ok()
    }
}

impl ArrayView for Solved {
    fn shape(&self) -> [usize; 2] {
        [self.description.geometry.rows, self.description.geometry.columns]
    }

    fn line_node(&self, _line: Line, _cell: usize) -> Option<u32> {
        None
    }
}

impl Group for Solved {
    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }

    fn array(&self) -> Option<&dyn ArrayView> {
        Some(self)
    }

    fn array_statistics(&self) -> Option<ArrayStatistics> {
        let interior = self.interior();
        Some(ArrayStatistics { solutions: interior.solutions, rounds: interior.rounds })
    }

    fn set_ground(&mut self, ground: u32) {
        self.ports.iter_mut().filter(|port| **port == GROUND_UNKNOWN).for_each(|port| *port = ground);
    }

    fn len(&self) -> usize {
        self.description.geometry.cells()
    }

    fn is_linear(&self) -> bool {
        self.reduced.is_some()
    }

    /// All ports belong to the first cell, so that sums over devices count them once.
    fn unknowns(&self, index: usize) -> &[u32] {
        if index == 0 { &self.ports } else { &[] }
    }

    fn entries(&self, visit: &mut dyn FnMut(u32, u32)) {
        if self.has_port_entries() {
            for &row in &self.ports {
                self.ports.iter().for_each(|&column| visit(row, column));
            }
        }
        self.states.iter().for_each(|&state| visit(state, state));
    }

    fn assign(&mut self, slots: &mut dyn Iterator<Item = u32>) {
        let ports = if self.has_port_entries() { self.ports.len() * self.ports.len() } else { 0 };
        self.slots = slots.take(ports + self.states.len()).collect();
    }

    fn stamp_constant(&self, _environment: &Environment, stamp: &mut ConstantStamp) {
        let Some(matrix) = &self.reduced else { return };
        let count = self.ports.len();
        for (place, &slot) in self.port_slots().iter().enumerate() {
            stamp.conductance[slot as usize] += self.description.multiplier * matrix[(place / count, place % count)];
        }
    }

    fn stamp(&mut self, _environment: &Environment, stamp: &mut Stamp) -> bool {
        let found = self.solve(stamp);
        self.evaluations += 1;
        if !self.fixed && found && (self.jacobian.is_none() || self.evaluations > KEPT) && !self.refresh() {
            return true;
        }
        let interior = self.interior();
        if !found {
            // Not finite: the step is shortened.
            self.ports.iter().for_each(|&port| stamp.f[port as usize] = f64::NAN);
            return true;
        }
        self.add_currents(&interior.currents, stamp.f, stamp.magnitude);
        if let Some(jacobian) = self.jacobian.as_ref().filter(|_| !self.fixed) {
            let count = self.ports.len();
            for (place, &slot) in self.port_slots().iter().enumerate() {
                stamp.matrix[slot as usize] += self.description.multiplier * jacobian[(place / count, place % count)];
            }
        }
        let slots = &self.slots[self.port_slots().len()..];
        for ((&row, &slot), &solved) in self.states.iter().zip(slots).zip(&interior.states) {
            let row = row as usize;
            let leading = stamp.leading[row];
            let rate = leading * solved + stamp.history[row];
            stamp.f[row] -= rate;
            stamp.magnitude[row] += rate.abs();
            stamp.q[row] += stamp.x[row];
            stamp.matrix[slot as usize] += leading;
        }
        false
    }

    fn evaluate(&self, _environment: &Environment, x: &[f64], f: &mut [f64], q: &mut [f64], magnitude: &mut [f64]) {
        let mut interior = self.interior();
        if !self.hold(&mut interior, x) {
            self.ports.iter().for_each(|&port| f[port as usize] = f64::NAN);
            return;
        }
        self.add_currents(&interior.currents, f, magnitude);
        for (&row, rate) in self.states.iter().zip(self.rates(&interior, x)) {
            let row = row as usize;
            f[row] -= rate;
            magnitude[row] += rate.abs();
            q[row] += x[row];
        }
    }

    fn dynamic_rows(&self, visit: &mut dyn FnMut(u32)) {
        self.states.iter().for_each(|&row| visit(row));
    }

    fn reset_limits(&mut self, _x: &[f64], _at_start: bool) {
        self.evaluations = 0;
    }

    fn add_initial_charge(&self, _x: &[f64], _environment: &Environment, q: &mut [f64]) {
        let Some(cells) = self.description.cells.memristors() else { return };
        let starts = (0..cells.len()).flat_map(|cell| cells.start(cell).into_iter().take(cells.states()));
        self.states.iter().zip(starts).for_each(|(&row, start)| q[row as usize] += start);
    }

    fn has_initial(&self) -> bool {
        !self.states.is_empty()
    }

    fn quantity_index(&self, name: &str) -> Option<usize> {
        let name = if name == "x1" { "x" } else { name };
        let index = QUANTITIES.iter().position(|quantity| quantity.name == name)?;
        let least = match name {
            "x" | "s" => 1,
            "x2" | "x3" | "x4" => index - 8,
            _ => 0,
        };
        (self.description.cells.states() >= least).then_some(index)
    }

    fn quantities(&self) -> &'static [QuantityInfo] {
        QUANTITIES
    }

    fn quantity(&self, device: usize, quantity: usize, x: &[f64], _environment: &Environment) -> f64 {
        let (cells, multiplier) = (&self.description.cells, self.description.multiplier);
        let all = self.states(x);
        let count = cells.states();
        let states = &all[device * count..][..count];
        let published = |part: usize| cells.memristors().map_or(f64::NAN, |of| of.published(device, part, states));
        match QUANTITIES[quantity].name {
            "g" => return multiplier * cells.conductance(device, states),
            "r" => return 1.0 / (multiplier * cells.conductance(device, states)),
            "s" => return states.first().copied().unwrap_or(f64::NAN),
            "x" => return published(0),
            "x2" | "x3" | "x4" => return published(quantity - 9),
            _ => (),
        }
        let mut interior = self.interior();
        if !self.hold(&mut interior, x) {
            return f64::NAN;
        }
        let Some(voltages) = &interior.voltages else { return f64::NAN };
        let (word, bit) = (voltages.word[device], voltages.bit[device]);
        let current = || multiplier * cells.current(device, word - bit, states);
        match QUANTITIES[quantity].name {
            "wl" => word,
            "bl" | "inner" => bit,
            "v" => word - bit,
            "i" => current(),
            _ => (word - bit) * current(),
        }
    }

    fn terminal(&self, device: usize, _lead: usize, x: &[f64], environment: &Environment) -> (f64, f64) {
        (self.quantity(device, 4, x, environment), 0.0)
    }

    fn contributions(&self, device: usize, x: &[f64], _environment: &Environment) -> (Vec<f64>, Vec<f64>) {
        let mut interior = self.interior();
        if device > 0 || !self.hold(&mut interior, x) {
            return (Vec::new(), Vec::new());
        }
        let f = interior.currents.iter().map(|current| self.description.multiplier * current).collect();
        (f, vec![0.0; self.ports.len()])
    }
}

//! The linear part of an array: wires, linear cells, and capacitances to ground, all with constant stamps.

use std::any::Any;

use crate::devices::assembly::GROUND_UNKNOWN;
use crate::devices::device::{Environment, QuantityInfo};
use crate::devices::group::{ConstantStamp, Group, Stamp};

/// Branches of one array.
#[derive(Default)]
pub struct Wires {
    ends: Vec<[u32; 2]>,
    values: Vec<Admittance>,
    slots: Vec<[u32; 4]>,
}

/// What a branch is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Admittance {
    /// S
    pub conductance: f64,
    /// F
    pub capacitance: f64,
}

impl Wires {
    pub fn add_conductance(&mut self, ends: [u32; 2], conductance: f64) {
        self.ends.push(ends);
        self.values.push(Admittance { conductance, capacitance: 0.0 });
    }

    /// A capacitance from `node` to ground.
    pub fn add_capacitance(&mut self, node: u32, capacitance: f64) {
        self.ends.push([node, GROUND_UNKNOWN]);
        self.values.push(Admittance { conductance: 0.0, capacitance });
    }

    fn drop(&self, branch: usize, x: &[f64]) -> f64 {
        let [a, b] = self.ends[branch];
        x[a as usize] - x[b as usize]
    }
}

impl Group for Wires {
    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }

    fn set_ground(&mut self, ground: u32) {
        self.ends.iter_mut().flatten().filter(|end| **end == GROUND_UNKNOWN).for_each(|end| *end = ground);
    }

    fn len(&self) -> usize {
        self.ends.len()
    }

    fn is_linear(&self) -> bool {
        true
    }

    fn unknowns(&self, index: usize) -> &[u32] {
        &self.ends[index]
    }

    fn entries(&self, visit: &mut dyn FnMut(u32, u32)) {
        for &[a, b] in &self.ends {
            [(a, a), (a, b), (b, a), (b, b)].into_iter().for_each(|(row, column)| visit(row, column));
        }
    }

    fn assign(&mut self, slots: &mut dyn Iterator<Item = u32>) {
        let mut next = || slots.next().unwrap_or(u32::MAX);
        self.slots = (0..self.ends.len()).map(|_| std::array::from_fn(|_| next())).collect();
    }

    fn stamp_constant(&self, _environment: &Environment, stamp: &mut ConstantStamp) {
        for (slots, value) in self.slots.iter().zip(&self.values) {
            for (&slot, sign) in slots.iter().zip([1.0, -1.0, -1.0, 1.0]) {
                stamp.conductance[slot as usize] += sign * value.conductance;
                stamp.capacitance[slot as usize] += sign * value.capacitance;
            }
        }
    }

    fn stamp(&mut self, _environment: &Environment, _stamp: &mut Stamp) -> bool {
        false
    }

    fn evaluate(&self, environment: &Environment, x: &[f64], f: &mut [f64], q: &mut [f64], magnitude: &mut [f64]) {
        for (branch, &ends) in self.ends.iter().enumerate() {
            let (current, charge) = self.terminal(branch, 0, x, environment);
            for (end, sign) in ends.into_iter().zip([1.0, -1.0]) {
                f[end as usize] += sign * current;
                q[end as usize] += sign * charge;
                magnitude[end as usize] += current.abs();
            }
        }
    }

    fn dynamic_rows(&self, visit: &mut dyn FnMut(u32)) {
        let charged = self.ends.iter().zip(&self.values).filter(|(_, value)| value.capacitance != 0.0);
        charged.flat_map(|(ends, _)| ends).for_each(|&row| visit(row));
    }

    fn add_initial_charge(&self, x: &[f64], _environment: &Environment, q: &mut [f64]) {
        for (branch, &[a, b]) in self.ends.iter().enumerate() {
            let charge = self.values[branch].capacitance * self.drop(branch, x);
            q[a as usize] += charge;
            q[b as usize] -= charge;
        }
    }

    fn has_initial(&self) -> bool {
        false
    }

    fn quantity_index(&self, _name: &str) -> Option<usize> {
        None
    }

    fn quantities(&self) -> &'static [QuantityInfo] {
        &[]
    }

    fn quantity(&self, _device: usize, _quantity: usize, _x: &[f64], _environment: &Environment) -> f64 {
        f64::NAN
    }

    fn terminal(&self, device: usize, _lead: usize, x: &[f64], _environment: &Environment) -> (f64, f64) {
        let Admittance { conductance, capacitance } = self.values[device];
        let drop = self.drop(device, x);
        (conductance * drop, capacitance * drop)
    }

    fn contributions(&self, device: usize, x: &[f64], environment: &Environment) -> (Vec<f64>, Vec<f64>) {
        let (current, charge) = self.terminal(device, 0, x, environment);
        (vec![current, -current], vec![charge, -charge])
    }
}

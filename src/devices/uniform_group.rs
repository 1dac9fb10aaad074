//! All devices of one type together: evaluated in a tight loop, without a virtual call per instance.

use std::any::Any;
use std::f64::consts::TAU;

use faer::c64;

use super::assembly::GROUND_UNKNOWN;
use super::bypass::{self, Linearisations, continued, moved};
use super::device::{Contribution, Device, Environment, Moment, Occurrence, QuantityInfo, Tone};
use super::group::{Bend, ConstantStamp, Group, NoiseVisitor, SmallSignalPoint, Stamp};
use super::parallel_evaluation::Request;
use crate::numerics::dual::Dual;
use crate::numerics::tape::Tape;

/// The rows that a lead's current is the sum of.
fn lead_rows<D: Device<N>, const N: usize>(lead: usize) -> &'static [usize] {
    lead.checked_sub(1).and_then(|index| D::LEADS.get(index)).map_or(&[0], |(_, rows)| rows)
}

/// The unknowns at `place`, to be differentiated by: not by one that all others are taken against, whose slopes follow from theirs.
#[inline(always)]
pub(super) fn variables<D: Device<N>, const N: usize>(place: &[f64; N]) -> [Dual<N>; N] {
    let mut variables = Dual::variables(place);
    if let Some(reference) = D::REFERENCE {
        variables[reference] = Dual::from(place[reference]);
    }
    variables
}

/// The devices of type `D`, with `N` unknowns each.
pub struct Devices<D, const N: usize> {
    pub(super) devices: Vec<D>,
    pub(super) unknowns: Vec<[u32; N]>,
    slots: Vec<[[u32; N]; N]>,
    pub(super) previous: Vec<[f64; N]>,
    /// The next linearisation is at `previous`, wherever the unknowns are.
    starting: bool,
    /// Devices that are off are linearised at their start, wherever the unknowns are.
    holds_off: bool,
    pub(super) linearisations: Linearisations<N>,
    /// So many threads evaluate the devices.
    pub(super) threads: usize,
}

impl<D: Device<N>, const N: usize> Default for Devices<D, N> {
    fn default() -> Self {
        Devices {
            devices: Vec::new(),
            unknowns: Vec::new(),
            slots: Vec::new(),
            previous: Vec::new(),
            starting: false,
            holds_off: false,
            linearisations: Linearisations::default(),
            threads: 1,
        }
    }
}

impl<D: Device<N>, const N: usize> Devices<D, N> {
    /// Adds a device and returns its index.
    pub fn push(&mut self, device: D, unknowns: [u32; N]) -> u32 {
        self.devices.push(device);
        self.unknowns.push(unknowns);
        self.devices.len() as u32 - 1
    }

    /// Where device `index` starts.
    fn start(&self, index: usize) -> [f64; N] {
        let device = &self.devices[index];
        if device.is_off() { [0.0; N] } else { device.start() }
    }

    #[inline(always)]
    fn local(&self, index: usize, x: &[f64]) -> [f64; N] {
        // A closure for `map` is called where N is large, and its arguments go through memory.
        let mut values = [0.0; N];
        for (value, &unknown) in values.iter_mut().zip(&self.unknowns[index]) {
            *value = x[unknown as usize];
        }
        values
    }

    /// Adds the values of f and q of device `index` and its Jacobians.
    #[inline(always)]
    fn add(&self, index: usize, (f, q): ([f64; N], [f64; N]), jacobians: &Contribution<Dual<N>, N>, stamp: &mut Stamp) {
        let (unknowns, slots) = (&self.unknowns[index], &self.slots[index]);
        // Of one length, so that a row is checked once.
        let rows = stamp.leading.len();
        let (sum, charge) = (&mut stamp.f[..rows], &mut stamp.q[..rows]);
        let (magnitude, stored) = (&mut stamp.magnitude[..rows], &mut stamp.stored[..rows]);
        for i in 0..N {
            let row = unknowns[i] as usize;
            if row + 1 == rows {
                // Nobody asks for ground's.
                continue;
            }
            let leading = stamp.leading[row];
            sum[row] += f[i];
            magnitude[row] += f[i].abs();
            charge[row] += q[i];
            stored[row] += q[i].abs();
            let (conductances, capacitances) = (&jacobians.f[i].gradient, &jacobians.q[i].gradient);
            let mut slopes: [f64; N] = std::array::from_fn(|j| conductances[j] + leading * capacitances[j]);
            if let Some(reference) = D::REFERENCE {
                slopes[reference] = -slopes.iter().sum::<f64>();
            }
            for (slot, slope) in slots[i].iter().zip(slopes) {
                stamp.matrix[*slot as usize] += slope;
            }
        }
    }

    /// Whether devices may be continued from their last evaluations in `environment`.
    pub(super) fn may_continue(&self, environment: &Environment) -> bool {
        D::BENDS_OVER.is_some() && self.linearisations.holds_in(environment)
    }

    /// f and q of device `index` at `x`, continued from its last evaluation if it may be and that is near enough.
    #[inline(always)]
    pub(super) fn values(
        &self,
        index: usize,
        environment: &Environment,
        x: &[f64],
        may_continue: bool,
    ) -> Contribution<f64, N> {
        let local = self.local(index, x);
        match if may_continue { self.linearisations.near(index, &local) } else { None } {
            Some((place, kept)) => {
                let moved = moved::<D, N>(place, &local);
                Contribution { f: continued(&kept.f, &moved), q: continued(&kept.q, &moved) }
            }
            None => self.devices[index].equations(&local, environment),
        }
    }

    /// Whether device `index` of `other` has its constant Jacobians where this group's one has.
    fn has_entries_of(&self, other: &Self, index: usize) -> bool {
        let environment = Environment { frequency: Some(0.0), ..Environment::dc(0.0) };
        let (g, c) = other.jacobians(index, &environment);
        let has = |(i, j): (usize, usize)| (g[i][j] != 0.0 || c[i][j] != 0.0) == (self.slots[index][i][j] != u32::MAX);
        (0..N).all(|i| (0..N).all(|j| has((i, j))))
    }

    /// Constant Jacobians of device `index`.
    fn jacobians(&self, index: usize, environment: &Environment) -> ([[f64; N]; N], [[f64; N]; N]) {
        let contribution = self.devices[index].equations(&Dual::variables(&[0.0; N]), environment);
        (contribution.f.map(|row: Dual<N>| row.gradient), contribution.q.map(|row| row.gradient))
    }
}

impl<D: Device<N>, const N: usize> Group for Devices<D, N> {
    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }

    fn set_ground(&mut self, ground: u32) {
        for unknown in self.unknowns.iter_mut().flatten() {
            if *unknown == GROUND_UNKNOWN {
                *unknown = ground;
            }
        }
    }

    fn len(&self) -> usize {
        self.devices.len()
    }

    fn set_threads(&mut self, threads: usize) {
        self.threads = threads;
    }

    fn is_linear(&self) -> bool {
        D::LINEAR
    }

    fn unknowns(&self, index: usize) -> &[u32] {
        &self.unknowns[index]
    }

    fn renew(&mut self, other: &mut dyn Group) -> bool {
        let Some(other) = other.as_any_mut().downcast_mut::<Self>() else { return false };
        if self.unknowns != other.unknowns
            || D::LINEAR && !(0..self.len()).all(|index| self.has_entries_of(other, index))
        {
            return false;
        }
        std::mem::swap(&mut self.devices, &mut other.devices);
        self.linearisations = Linearisations::default();
        true
    }

    fn clear(&mut self) -> bool {
        self.devices.clear();
        self.unknowns.clear();
        true
    }

    fn entries(&self, visit: &mut dyn FnMut(u32, u32)) {
        let environment = Environment { frequency: Some(0.0), ..Environment::dc(0.0) };
        for (index, unknowns) in self.unknowns.iter().enumerate() {
            let jacobians = D::LINEAR.then(|| self.jacobians(index, &environment));
            for (i, &row) in unknowns.iter().enumerate() {
                for (j, &column) in unknowns.iter().enumerate() {
                    // Constant Jacobians show their zeros; a nonlinear device's are taken as full.
                    if jacobians.as_ref().is_none_or(|(g, c)| g[i][j] != 0.0 || c[i][j] != 0.0) {
                        visit(row, column);
                    }
                }
            }
        }
    }

    fn assign(&mut self, slots: &mut dyn Iterator<Item = u32>) {
        let environment = Environment { frequency: Some(0.0), ..Environment::dc(0.0) };
        self.slots.clear();
        self.slots.reserve_exact(self.devices.len());
        for index in 0..self.devices.len() {
            let jacobians = D::LINEAR.then(|| self.jacobians(index, &environment));
            let mut own = [[u32::MAX; N]; N];
            for (i, row) in own.iter_mut().enumerate() {
                for (j, slot) in row.iter_mut().enumerate() {
                    if jacobians.as_ref().is_none_or(|(g, c)| g[i][j] != 0.0 || c[i][j] != 0.0) {
                        *slot = slots.next().unwrap_or(u32::MAX);
                    }
                }
            }
            self.slots.push(own);
        }
        self.previous = if D::LIMITED { (0..self.len()).map(|index| self.start(index)).collect() } else { Vec::new() };
    }

    fn stamp_constant(&self, environment: &Environment, stamp: &mut ConstantStamp) {
        for (index, slots) in self.slots.iter().enumerate() {
            let (conductance, capacitance) = self.jacobians(index, environment);
            for i in 0..N {
                for j in 0..N {
                    if slots[i][j] != u32::MAX {
                        stamp.conductance[slots[i][j] as usize] += conductance[i][j];
                        stamp.capacitance[slots[i][j] as usize] += capacitance[i][j];
                    }
                }
            }
        }
    }

    fn add_excitation(&self, environment: &Environment, f: &mut [f64]) {
        for (device, unknowns) in self.devices.iter().zip(&self.unknowns) {
            let contribution = device.equations(&[0.0; N], environment);
            for (&row, value) in unknowns.iter().zip(contribution.f) {
                f[row as usize] += value;
            }
        }
    }

    fn stamp(&mut self, environment: &Environment, stamp: &mut Stamp) -> bool {
        let mut limited = false;
        let reach = D::BENDS_OVER.map_or(0.0, |scale| bypass::reach(scale, stamp.bypass, self.devices.len()));
        self.linearisations.prepare(self.devices.len(), environment, reach);
        let starting = std::mem::take(&mut self.starting);
        if !self.holds_off
            && let Some(limited) = self.linearise_all(&Request { environment, x: stamp.x, reach, starting })
        {
            for index in 0..self.devices.len() {
                let (place, kept) = self.linearisations.last(index);
                let moved = moved::<D, N>(place, &self.local(index, stamp.x));
                self.add(index, (continued(&kept.f, &moved), continued(&kept.q, &moved)), kept, stamp);
            }
            return limited;
        }
        for index in 0..self.devices.len() {
            let x = self.local(index, stamp.x);
            if D::BENDS_OVER.is_some()
                && let Some((place, kept)) = self.linearisations.near(index, &x)
            {
                let moved = moved::<D, N>(place, &x);
                let values = (continued(&kept.f, &moved), continued(&kept.q, &moved));
                self.add(index, values, kept, stamp);
                if D::LIMITED {
                    self.previous[index] = x;
                }
                continue;
            }
            let device = &self.devices[index];
            let mut place = x;
            let held = self.holds_off && device.is_off();
            if D::LIMITED {
                place = match (held, starting) {
                    (true, _) => [0.0; N],
                    (false, true) => self.previous[index],
                    (false, false) => device.limit(&x, &self.previous[index], environment),
                };
                self.previous[index] = place;
            }
            let contribution = device.equations(&variables::<D, N>(&place), environment);
            let mut values = (contribution.f.map(|row| row.value), contribution.q.map(|row| row.value));
            if D::LIMITED && place != x {
                limited |= !held;
                let moved = moved::<D, N>(&place, &x);
                values = (continued(&contribution.f, &moved), continued(&contribution.q, &moved));
            }
            self.add(index, values, &contribution, stamp);
            if D::BENDS_OVER.is_some() {
                self.linearisations.keep(index, &place, &contribution);
            }
        }
        limited
    }

    fn evaluate(&self, environment: &Environment, x: &[f64], f: &mut [f64], q: &mut [f64], magnitude: &mut [f64]) {
        let may_continue = self.may_continue(environment);
        let all = self.evaluate_all(environment, x);
        for index in 0..self.devices.len() {
            let contribution =
                all.as_ref().map_or_else(|| self.values(index, environment, x, may_continue), |all| all[index]);
            for (i, &row) in self.unknowns[index].iter().enumerate() {
                f[row as usize] += contribution.f[i];
                magnitude[row as usize] += contribution.f[i].abs();
                q[row as usize] += contribution.q[i];
            }
        }
    }

    fn dynamic_rows(&self, visit: &mut dyn FnMut(u32)) {
        for (device, unknowns) in self.devices.iter().zip(&self.unknowns) {
            for (&row, stores) in unknowns.iter().zip(device.stores()) {
                if stores {
                    visit(row);
                }
            }
        }
    }

    fn reset_limits(&mut self, x: &[f64], at_start: bool) {
        if D::LIMITED {
            self.starting = at_start;
            for index in 0..self.devices.len() {
                self.previous[index] = if at_start { self.start(index) } else { self.local(index, x) };
            }
        }
    }

    fn hold_off(&mut self, hold: bool) -> bool {
        self.holds_off = hold && D::LIMITED && self.devices.iter().any(D::is_off);
        self.holds_off
    }

    fn add_initial_charge(&self, x: &[f64], environment: &Environment, q: &mut [f64]) {
        for (index, device) in self.devices.iter().enumerate() {
            let mut local = self.local(index, x);
            device.initial(&mut local);
            let contribution = device.equations(&local, environment);
            for (&row, value) in self.unknowns[index].iter().zip(contribution.q) {
                q[row as usize] += value;
            }
        }
    }

    fn has_initial(&self) -> bool {
        self.devices.iter().any(D::has_initial)
    }

    fn guess(&self, environment: &Environment, x: &mut [f64]) {
        for (index, device) in self.devices.iter().enumerate() {
            let before = self.local(index, x);
            let mut local = before;
            device.guess(&mut local, environment);
            let (changed, ground) = (self.unknowns[index].iter().zip(local).zip(before), x.len() - 1);
            let changed = changed.filter(|((unknown, new), old)| new != old && **unknown as usize != ground);
            changed.for_each(|((&unknown, new), _)| x[unknown as usize] = new);
        }
    }

    fn breakpoint(&self, time: f64) -> Option<f64> {
        self.devices.iter().filter_map(|device| device.breakpoint(time)).reduce(f64::min)
    }

    fn depends_on_time(&self) -> bool {
        self.devices.iter().any(D::depends_on_time)
    }

    fn add_phasors(&self, tone: Tone, rhs: &mut [c64]) {
        for (device, unknowns) in self.devices.iter().zip(&self.unknowns) {
            if let Some(phasor) = device.phasor(tone) {
                for (&row, value) in unknowns.iter().zip(phasor) {
                    rhs[row as usize] -= value;
                }
            }
        }
    }

    fn has_events(&self) -> bool {
        D::EVENTS && !self.devices.is_empty()
    }

    fn remembers(&self) -> bool {
        D::MEMORY && !self.devices.is_empty()
    }

    fn events(&self, x: &[f64], visit: &mut dyn FnMut(Option<u32>, f64, f64)) {
        if !self.has_events() {
            return;
        }
        for (index, device) in self.devices.iter().enumerate() {
            let local = self.local(index, x);
            let discrete = D::DISCRETE.map(|discrete| self.unknowns[index][discrete]);
            visit(discrete, device.event(&local), device.after_event(&local));
        }
    }

    fn forget(&mut self) {
        self.devices.iter_mut().for_each(D::forget);
    }

    fn begin(&mut self, x: &[f64], from_initial: bool) {
        for index in 0..self.devices.len() {
            let local = self.local(index, x);
            self.devices[index].begin(&local, from_initial);
        }
    }

    fn accept(&mut self, x: &mut [f64], moment: &Moment) -> Occurrence {
        let mut most = Occurrence::Nothing;
        if !D::MEMORY {
            return most;
        }
        for index in 0..self.devices.len() {
            let mut local = self.local(index, x);
            let occurrence = self.devices[index].accept(&mut local, moment);
            if occurrence == Occurrence::Jump {
                for (&unknown, value) in self.unknowns[index].iter().zip(local) {
                    x[unknown as usize] = value;
                }
            }
            most = most.max(occurrence);
        }
        most
    }

    fn memory(&mut self, tape: &mut Tape) {
        self.devices.iter_mut().for_each(|device| device.memory(tape));
    }

    fn longest_step(&self) -> Option<f64> {
        self.devices.iter().filter_map(D::longest_step).reduce(f64::min)
    }

    fn add_admittances(&self, frequency: f64, matrix: &mut [c64]) {
        for (device, slots) in self.devices.iter().zip(&self.slots) {
            let Some(admittance) = device.admittance(frequency) else { continue };
            for (slot, value) in slots.iter().flatten().zip(admittance.iter().flatten()) {
                // The last slots belong to ground.
                if let Some(entry) = matrix.get_mut(*slot as usize) {
                    *entry += value;
                }
            }
        }
    }

    fn noise(&self, x: &[f64], environment: &Environment, visit: NoiseVisitor) {
        if !D::NOISY {
            return;
        }
        for (index, (device, unknowns)) in self.devices.iter().zip(&self.unknowns).enumerate() {
            device.noise(&self.local(index, x), environment, &mut |source| {
                visit(index, source.between.map(|local| unknowns[local]), source);
            });
        }
    }

    fn quantity_index(&self, name: &str) -> Option<usize> {
        D::QUANTITIES.iter().position(|quantity| quantity.name == name)
    }

    fn quantities(&self) -> &'static [QuantityInfo] {
        D::QUANTITIES
    }

    fn quantity(&self, device: usize, quantity: usize, x: &[f64], environment: &Environment) -> f64 {
        self.devices[device].quantity(quantity, &self.local(device, x), environment)
    }

    fn lead_index(&self, name: &str) -> Option<usize> {
        D::LEADS.iter().position(|(lead, _)| *lead == name).map(|index| index + 1)
    }

    fn terminal(&self, device: usize, lead: usize, x: &[f64], environment: &Environment) -> (f64, f64) {
        let contribution = self.devices[device].equations(&self.local(device, x), environment);
        let sum = |values: &[f64; N]| lead_rows::<D, N>(lead).iter().map(|&row| values[row]).sum();
        (sum(&contribution.f), sum(&contribution.q))
    }

    fn has_small_signal_terminals(&self) -> bool {
        true
    }

    fn tells_bend(&self) -> bool {
        true
    }

    fn subtract_bend(&self, bend: &Bend, right: &mut [c64]) {
        if D::LINEAR {
            return;
        }
        for (device, unknowns) in self.devices.iter().zip(&self.unknowns) {
            let contribution = device.equations(&unknowns.map(|unknown| bend.x[unknown as usize]), bend.environment);
            for (&row, (f, q)) in unknowns.iter().zip(contribution.f.iter().zip(&contribution.q)) {
                let omega = c64::new(0.0, TAU * bend.frequency);
                right[row as usize] -= f.coefficient(bend.product) + omega * q.coefficient(bend.product);
            }
        }
    }

    fn small_signal_terminal(&self, device: usize, lead: usize, point: &SmallSignalPoint) -> c64 {
        let SmallSignalPoint { environment, at, phasors, frequency } = *point;
        let own = &self.devices[device];
        let contribution = own.equations(&Dual::variables(&self.local(device, at)), environment);
        let (further, driven) = (own.admittance(frequency), own.phasor(Tone::Ac));
        let omega = TAU * frequency;
        let mut current = c64::new(0.0, 0.0);
        for &row in lead_rows::<D, N>(lead) {
            current += driven.map_or(c64::new(0.0, 0.0), |driven| driven[row]);
            for (column, &unknown) in self.unknowns[device].iter().enumerate() {
                let (g, c) = (contribution.f[row].gradient[column], contribution.q[row].gradient[column]);
                let further = further.map_or(c64::new(0.0, 0.0), |matrix| matrix[row][column]);
                current += (c64::new(g, omega * c) + further) * phasors[unknown as usize];
            }
        }
        current
    }

    fn set_principal(&mut self, device: usize, value: f64) -> bool {
        self.devices[device].set_principal(value)
    }

    fn contributions(&self, device: usize, x: &[f64], environment: &Environment) -> (Vec<f64>, Vec<f64>) {
        let contribution = self.devices[device].equations(&self.local(device, x), environment);
        (contribution.f.to_vec(), contribution.q.to_vec())
    }
}

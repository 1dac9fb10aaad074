//! The group of all behavioural devices.
//!
//! Every device computes one value u from a program and adds factor·u to rows of f or q; beside that it has constant terms.
//!
//! ```text
//! current source     f[p] += m·u, f[n] −= m·u
//! voltage source     f[p] += i, f[n] −= i, f[i] += v(p) − v(n) − u
//! charge             q[p] += m·u, q[n] −= m·u
//! value              f[w] += w, f[w] −= u
//! ddt                f[w] += w, q[w] −= u
//! idt                q[y] += y, f[y] −= u
//! ```

use std::any::Any;
use std::f64::consts::TAU;
use std::sync::{Mutex, PoisonError};

use faer::c64;

use super::corners::{Lattice, corners, lattices};
use super::expansion::expand;
use super::program::{Moment, Program, Workspace};
use crate::devices::assembly::{GROUND_UNKNOWN, Unknown};
use crate::devices::device::{Environment, QuantityInfo};
use crate::devices::group::{Bend, ConstantStamp, Group, SmallSignalPoint, Stamp};

/// Part of the equation that a term belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// f
    Resistive,
    /// q
    Dynamic,
}

/// factor·u in a row.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    pub row: Unknown,
    pub factor: f64,
    pub part: Part,
}

/// factor·x[column] in a row.
#[derive(Debug, Clone, Copy)]
pub struct Term {
    pub row: Unknown,
    pub column: Unknown,
    pub factor: f64,
    pub part: Part,
}

/// A behavioural device.
#[derive(Debug, Clone)]
pub struct Behavioural {
    pub program: Program,
    pub targets: Vec<Target>,
    pub terms: Vec<Term>,
    /// An independent source, which source stepping scales.
    pub scaled: bool,
    /// Initial value of what `program` computes, where a card gives one (`ic=`).
    pub initial: Option<f64>,
}

impl Behavioural {
    /// A current u·`multiplier` from `p` to `n`.
    pub fn current(program: Program, p: Unknown, n: Unknown, multiplier: f64, part: Part) -> Self {
        let target = |row, factor| Target { row, factor, part };
        let targets = vec![target(p, multiplier), target(n, -multiplier)];
        Behavioural { program, targets, terms: Vec::new(), scaled: false, initial: None }
    }

    /// A voltage u between `p` and `n`, with its branch current.
    pub fn voltage(program: Program, p: Unknown, n: Unknown, branch: Unknown) -> Self {
        let term = |row, column, factor| Term { row, column, factor, part: Part::Resistive };
        let terms = vec![term(branch, p, 1.0), term(branch, n, -1.0), term(p, branch, 1.0), term(n, branch, -1.0)];
        let targets = vec![Target { row: branch, factor: -1.0, part: Part::Resistive }];
        Behavioural { program, targets, terms, scaled: false, initial: None }
    }

    /// w = u
    pub fn equal(program: Program, w: Unknown) -> Self {
        let terms = vec![Term { row: w, column: w, factor: 1.0, part: Part::Resistive }];
        let targets = vec![Target { row: w, factor: -1.0, part: Part::Resistive }];
        Behavioural { program, targets, terms, scaled: false, initial: None }
    }

    /// w = du/dt
    pub fn derivative(program: Program, w: Unknown) -> Self {
        let terms = vec![Term { row: w, column: w, factor: 1.0, part: Part::Resistive }];
        let targets = vec![Target { row: w, factor: -1.0, part: Part::Dynamic }];
        Behavioural { program, targets, terms, scaled: false, initial: None }
    }

    /// dy/dt = u
    pub fn integral(program: Program, y: Unknown) -> Self {
        let terms = vec![Term { row: y, column: y, factor: 1.0, part: Part::Dynamic }];
        let targets = vec![Target { row: y, factor: -1.0, part: Part::Resistive }];
        Behavioural { program, targets, terms, scaled: false, initial: None }
    }

    /// The nodes between which a source has its voltage.
    fn ends(&self) -> Option<(u32, u32)> {
        match self.terms.as_slice() {
            [p, n, _, _] => Some((p.column, n.column)),
            _ => None,
        }
    }

    /// The row of the current into the first terminal: a voltage source's third term's, a current source's first target's.
    fn current_row(&self) -> Option<u32> {
        self.terms.get(2).map(|term| term.row).or(self.targets.first().map(|target| target.row))
    }

    fn scale(&self, environment: &Environment) -> f64 {
        if self.scaled { environment.source_scale } else { 1.0 }
    }

    fn value(&self, environment: &Environment, x: &[f64], workspace: &mut Workspace) -> f64 {
        self.program.value(x, moment(environment), workspace) * self.scale(environment)
    }
}

fn moment(environment: &Environment) -> Moment {
    Moment { time: environment.time.unwrap_or(0.0), frequency: environment.frequency.unwrap_or(0.0) }
}

/// What a factor in f or q is to phasors at `frequency` in hertz.
fn weight(factor: f64, part: Part, frequency: f64) -> c64 {
    match part {
        Part::Resistive => c64::new(factor, 0.0),
        Part::Dynamic => c64::new(0.0, factor * TAU * frequency),
    }
}

/// All behavioural devices.
#[derive(Default)]
pub struct BehaviouralGroup {
    devices: Vec<Behavioural>,
    /// Unknowns of each device: rows, then inputs.
    unknowns: Vec<Vec<u32>>,
    /// Matrix slots in the order of [`Group::entries`].
    slots: Vec<u32>,
    /// Corners in time of all devices, ascending.
    corners: Vec<f64>,
    /// Corners without end.
    lattices: Vec<Lattice>,
    /// Evaluation without derivatives has no exclusive access, but needs storage too.
    workspace: Mutex<Workspace>,
}

impl BehaviouralGroup {
    /// Adds a device and returns its index.
    pub fn push(&mut self, device: Behavioural) -> u32 {
        self.workspace.get_mut().unwrap_or_else(PoisonError::into_inner).fit(&device.program);
        self.corners.extend(corners(&device.program));
        self.lattices.extend(lattices(&device.program));
        self.corners.sort_by(f64::total_cmp);
        self.corners.dedup();
        let rows = device.targets.iter().map(|target| target.row).chain(device.terms.iter().map(|term| term.row));
        let mut unknowns: Vec<u32> = rows.collect();
        unknowns.extend(&device.program.inputs);
        let mut seen = rustc_hash::FxHashSet::default();
        unknowns.retain(|&unknown| seen.insert(unknown));
        self.unknowns.push(unknowns);
        self.devices.push(device);
        self.devices.len() as u32 - 1
    }

    /// Calls `visit` with row, part and value of everything that device `index` adds at `x`.
    fn contribute(&self, index: usize, environment: &Environment, x: &[f64], visit: &mut dyn FnMut(u32, Part, f64)) {
        let device = &self.devices[index];
        let mut workspace = self.workspace.lock().unwrap_or_else(PoisonError::into_inner);
        let value = device.value(environment, x, &mut workspace);
        for target in &device.targets {
            visit(target.row, target.part, target.factor * value);
        }
        for term in &device.terms {
            visit(term.row, term.part, term.factor * x[term.column as usize]);
        }
    }

    /// Sums of f and q of one device in row `row`.
    fn in_row(&self, index: usize, row: u32, x: &[f64], environment: &Environment) -> (f64, f64) {
        let (mut f, mut q) = (0.0, 0.0);
        self.contribute(index, environment, x, &mut |of, part, value| {
            if of == row {
                *(if part == Part::Resistive { &mut f } else { &mut q }) += value;
            }
        });
        (f, q)
    }
}

/// What every behavioural device shows.
pub const QUANTITIES: &[QuantityInfo] = &[
    QuantityInfo { name: "i", unit: "A", description: "Current into the first terminal, without stored charge" },
    QuantityInfo { name: "value", unit: "", description: "Value of the expression" },
];

impl Group for BehaviouralGroup {
    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }

    fn set_ground(&mut self, ground: u32) {
        let fix = |unknown: &mut u32| {
            if *unknown == GROUND_UNKNOWN {
                *unknown = ground;
            }
        };
        for device in &mut self.devices {
            device.targets.iter_mut().for_each(|target| fix(&mut target.row));
            device.program.inputs.iter_mut().for_each(fix);
            for term in &mut device.terms {
                fix(&mut term.row);
                fix(&mut term.column);
            }
        }
        self.unknowns.iter_mut().flatten().for_each(fix);
    }

    fn len(&self) -> usize {
        self.devices.len()
    }

    fn is_linear(&self) -> bool {
        false
    }

    fn unknowns(&self, index: usize) -> &[u32] {
        &self.unknowns[index]
    }

    fn entries(&self, visit: &mut dyn FnMut(u32, u32)) {
        for device in &self.devices {
            for target in &device.targets {
                device.program.inputs.iter().for_each(|&input| visit(target.row, input));
            }
            device.terms.iter().for_each(|term| visit(term.row, term.column));
        }
    }

    fn assign(&mut self, slots: &mut dyn Iterator<Item = u32>) {
        let mut count = 0;
        self.entries(&mut |_, _| count += 1);
        self.slots = slots.take(count).collect();
    }

    fn stamp_constant(&self, _environment: &Environment, _stamp: &mut ConstantStamp) {}

    fn stamp(&mut self, environment: &Environment, stamp: &mut Stamp) -> bool {
        let workspace = self.workspace.get_mut().unwrap_or_else(PoisonError::into_inner);
        let mut slots = self.slots.iter();
        for device in &self.devices {
            let value = device.value(environment, stamp.x, workspace);
            device.program.differentiate(workspace);
            let scale = device.scale(environment);
            for target in &device.targets {
                let row = target.row as usize;
                let contribution = target.factor * value;
                let weight = match target.part {
                    Part::Resistive => {
                        stamp.f[row] += contribution;
                        stamp.magnitude[row] += contribution.abs();
                        target.factor * scale
                    }
                    Part::Dynamic => {
                        stamp.q[row] += contribution;
                        target.factor * scale * stamp.leading[row]
                    }
                };
                for (slope, slot) in workspace.gradient[..device.program.inputs.len()].iter().zip(&mut slots) {
                    stamp.matrix[*slot as usize] += weight * slope;
                }
            }
            for (term, slot) in device.terms.iter().zip(&mut slots) {
                let row = term.row as usize;
                let contribution = term.factor * stamp.x[term.column as usize];
                match term.part {
                    Part::Resistive => {
                        stamp.f[row] += contribution;
                        stamp.magnitude[row] += contribution.abs();
                        stamp.matrix[*slot as usize] += term.factor;
                    }
                    Part::Dynamic => {
                        stamp.q[row] += contribution;
                        stamp.matrix[*slot as usize] += term.factor * stamp.leading[row];
                    }
                }
            }
        }
        false
    }

    fn evaluate(&self, environment: &Environment, x: &[f64], f: &mut [f64], q: &mut [f64], magnitude: &mut [f64]) {
        for index in 0..self.devices.len() {
            self.contribute(index, environment, x, &mut |row, part, value| match part {
                Part::Resistive => {
                    f[row as usize] += value;
                    magnitude[row as usize] += value.abs();
                }
                Part::Dynamic => q[row as usize] += value,
            });
        }
    }

    fn dynamic_rows(&self, visit: &mut dyn FnMut(u32)) {
        for device in &self.devices {
            let targets = device.targets.iter().filter(|target| target.part == Part::Dynamic);
            targets.for_each(|target| visit(target.row));
            device.terms.iter().filter(|term| term.part == Part::Dynamic).for_each(|term| visit(term.row));
        }
    }

    fn guess(&self, environment: &Environment, x: &mut [f64]) {
        let mut workspace = self.workspace.lock().unwrap_or_else(PoisonError::into_inner);
        for device in &self.devices {
            let Some((p, n)) = device.ends() else { continue };
            let value = device.value(environment, x, &mut workspace);
            if !value.is_finite() {
                continue;
            }
            if p as usize + 1 < x.len() {
                x[p as usize] = x[n as usize] + value;
            } else {
                x[n as usize] = -value;
            }
        }
    }

    fn add_initial_charge(&self, x: &[f64], environment: &Environment, q: &mut [f64]) {
        for (index, device) in self.devices.iter().enumerate() {
            if let Some(initial) = device.initial {
                for target in device.targets.iter().filter(|target| target.part == Part::Dynamic) {
                    q[target.row as usize] += target.factor * initial;
                }
                continue;
            }
            self.contribute(index, environment, x, &mut |row, part, value| {
                if part == Part::Dynamic {
                    q[row as usize] += value;
                }
            });
        }
    }

    fn has_initial(&self) -> bool {
        self.devices.iter().any(|device| device.initial.is_some())
    }

    fn breakpoint(&self, time: f64) -> Option<f64> {
        // A corner that equals `time` up to rounding has been reached.
        let reached = time * (1.0 + 4.0 * f64::EPSILON);
        let listed = self.corners.get(self.corners.partition_point(|&corner| corner <= reached)).copied();
        let endless = self.lattices.iter().map(|lattice| lattice.after(time));
        endless.chain(listed).reduce(f64::min)
    }

    fn quantity_index(&self, name: &str) -> Option<usize> {
        QUANTITIES.iter().position(|quantity| quantity.name == name)
    }

    fn quantities(&self) -> &'static [QuantityInfo] {
        QUANTITIES
    }

    fn quantity(&self, device: usize, quantity: usize, x: &[f64], environment: &Environment) -> f64 {
        if quantity == 0 {
            return self.terminal(device, 0, x, environment).0;
        }
        let mut workspace = self.workspace.lock().unwrap_or_else(PoisonError::into_inner);
        self.devices[device].value(environment, x, &mut workspace)
    }

    fn terminal(&self, device: usize, _lead: usize, x: &[f64], environment: &Environment) -> (f64, f64) {
        self.devices[device].current_row().map_or((0.0, 0.0), |row| self.in_row(device, row, x, environment))
    }

    fn has_small_signal_terminals(&self) -> bool {
        true
    }

    fn tells_bend(&self) -> bool {
        true
    }

    fn subtract_bend(&self, bend: &Bend, right: &mut [c64]) {
        let at: Vec<f64> = bend.x.iter().map(|x| x.value).collect();
        let moment = Moment { frequency: bend.frequency, ..moment(bend.environment) };
        let mut workspace = self.workspace.lock().unwrap_or_else(PoisonError::into_inner);
        for device in &self.devices {
            device.program.value(&at, moment, &mut workspace);
            let value = expand(&device.program, bend.x, moment, &workspace).coefficient(bend.product);
            for target in &device.targets {
                right[target.row as usize] -= weight(target.factor, target.part, bend.frequency) * value;
            }
        }
    }

    fn small_signal_terminal(&self, device: usize, _lead: usize, point: &SmallSignalPoint) -> c64 {
        let SmallSignalPoint { environment, at, phasors, frequency } = *point;
        let behavioural = &self.devices[device];
        let Some(row) = behavioural.current_row() else { return c64::new(0.0, 0.0) };
        let weight = |factor: f64, part: Part| weight(factor, part, frequency);
        let mut workspace = self.workspace.lock().unwrap_or_else(PoisonError::into_inner);
        let program = &behavioural.program;
        program.value(at, Moment { frequency, ..moment(environment) }, &mut workspace);
        program.differentiate(&mut workspace);
        let slopes = program.inputs.iter().zip(&workspace.gradient);
        let value: c64 = slopes.map(|(&input, &slope)| phasors[input as usize] * slope).sum();
        let targets = behavioural.targets.iter().filter(|target| target.row == row);
        let of_targets: c64 = targets.map(|target| weight(target.factor, target.part) * value).sum();
        let terms = behavioural.terms.iter().filter(|term| term.row == row);
        of_targets + terms.map(|term| weight(term.factor, term.part) * phasors[term.column as usize]).sum::<c64>()
    }

    fn contributions(&self, device: usize, x: &[f64], environment: &Environment) -> (Vec<f64>, Vec<f64>) {
        let rows = self.unknowns[device].iter();
        rows.map(|&row| self.in_row(device, row, x, environment)).unzip()
    }
}

//! The system f(x, t) + d/dt q(x) = 0 of a circuit, and its linearisation for every analysis.
//!
//! Constant Jacobians are kept apart: the residual is
//!
//! ```text
//! r(x) = G·x + e(t) + f_nonlinear(x, t) + leading∘(C·x + q_nonlinear(x)) + history
//! J(x) = G + leading∘C + ∂f_nonlinear + leading∘∂q_nonlinear
//! ```
//!
//! with the leading coefficient of the integration formula per row (0 in DC) and the formula's known part in `history`. A linear
//! circuit with an unchanged step thus needs neither device evaluations nor a factorisation.
//!
//! All vectors have one entry more than there are unknowns: it belongs to ground and stays 0 in `x`.

use std::sync::{Arc, OnceLock};
use std::time::Instant;

use super::journal::Journal;
use super::pull::Pull;
use super::statistics::Statistics;
use super::structure::{ConstantMatrix, HeldRow, build_pattern, held_rows};
use crate::circuit::{Circuit, ElementId};
use crate::devices::assembly::{Assembly, UnknownInfo, UnknownKind};
use crate::devices::device::Environment;
use crate::devices::group::{ConstantStamp, Group};
use crate::devices::registry;
use crate::diagnostic::Diagnostic;
use crate::numerics::newton::{Problem, Singular};
use crate::numerics::sparse::{Factor, Kind, Pattern, PivotOptions, Symbolic, Workspace};
use crate::numerics::swing::Swing;

/// Which rows are replaced by x − held = 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// States and discrete unknowns are held.
    Dc,
    /// Only discrete unknowns are held.
    Dynamic,
}

/// The system of one circuit.
pub struct System {
    pub circuit: Arc<Circuit>,
    pub unknowns: Vec<UnknownInfo>,
    pub environment: Environment,
    pub statistics: Statistics,
    pub journal: Journal,
    pub(super) groups: Vec<Box<dyn Group>>,
    pub(super) assembly: Assembly,
    /// Storage for devices that are made anew.
    pub(super) spare: Assembly,
    pub(super) linear: bool,
    pub(super) n: usize,
    pub(super) pattern: Pattern,
    pub(super) conductance: Vec<f64>,
    pub(super) constant_conductance: ConstantMatrix,
    pub(super) constant_capacitance: ConstantMatrix,
    pub(super) diagonal: Vec<u32>,
    pub(super) held: Vec<HeldRow>,
    /// Per unknown: natural scale of a state, NaN otherwise.
    pub(super) state_scale: Vec<f64>,
    /// Found when they are asked for: sweeps of the temperature never do.
    pub(super) dynamic_rows: OnceLock<Vec<u32>>,
    pub(super) state_rows: Vec<u32>,
    pub(super) mode: Mode,
    pub(super) pulls: Vec<Pull>,
    /// Branch currents of inductors that have a tiny resistance.
    pub(super) resisted: Vec<usize>,
    /// Voltages of nodes without a DC path, which a tiny conductance ties to ground.
    pub(super) tied: Vec<usize>,
    /// Conductance from every node to ground (gmin stepping, `rshunt`).
    pub(super) shunt: f64,
    /// Voltages that the shunt pulls to; empty for ground.
    pub(super) anchor: Vec<f64>,
    pub(super) constant_excitation: Vec<f64>,
    pub(super) excitation: Vec<f64>,
    pub(super) leading: Vec<f64>,
    pub(super) history: Vec<f64>,
    pub(super) base: Vec<f64>,
    pub(super) base_is_current: bool,
    pub(super) factor_is_current: bool,
    pub(super) matrix: Vec<f64>,
    pub f: Vec<f64>,
    pub q: Vec<f64>,
    pub(super) magnitude: Vec<f64>,
    /// Σ|q| of every row at the last linearisation.
    pub(super) stored: Vec<f64>,
    pub(super) right: Vec<f64>,
    pub(super) symbolic: Option<Arc<Symbolic>>,
    pub(super) factor: Option<Factor<f64>>,
    pub(super) workspace: Workspace<f64>,
    pub(super) pivot_options: PivotOptions,
    /// Where the unknowns have been lately over time, which their updates are judged against.
    pub(super) swing: Swing,
    /// Which unknowns are currents.
    pub(super) is_current: Vec<bool>,
    /// Absolute tolerance of every unknown's update.
    pub(super) step_floor: Vec<f64>,
    /// Absolute tolerance of every row's residual (of a state: to be multiplied by 1 + its leading coefficient).
    pub(super) residual_floor: Vec<f64>,
    /// Σ|C| of the constant capacitances of every row: times the largest unknown and the machine's precision, the rounding
    /// of a charge.
    pub(super) capacitance_sums: Vec<f64>,
}

impl System {
    /// Builds the system of `circuit`; all errors of all elements are in the second part.
    pub fn new(circuit: Arc<Circuit>) -> (Option<System>, Vec<Diagnostic>) {
        let (mut assembly, diagnostics) = registry::assemble(&circuit);
        if diagnostics.iter().any(Diagnostic::is_error) {
            return (None, diagnostics);
        }
        let n = assembly.unknowns.len();
        let unknowns = std::mem::take(&mut assembly.unknowns);
        let mut groups = std::mem::take(&mut assembly.groups);
        let held: Vec<(u32, f64)> = std::mem::take(&mut assembly.held);
        groups.iter_mut().for_each(|group| group.set_threads(circuit.options.threads));
        let (pattern, diagonal) = build_pattern(&unknowns, &mut groups);
        let options = &circuit.options;
        let pivot_options = PivotOptions { relative_threshold: options.pivrel, absolute: options.pivtol.min(1e-18) };
        let (step_floor, residual_floor) =
            unknowns.iter().map(|info| tolerances(info.kind, options)).unzip::<f64, f64, Vec<_>, Vec<_>>();
        let state_scale = unknowns.iter().map(|info| match info.kind {
            UnknownKind::State { scale } => scale,
            _ => f64::NAN,
        });
        let mut system = System {
            environment: Environment::dc(options.gmin),
            statistics: Statistics { unknowns: n, matrix_entries: pattern.nnz(), ..Statistics::default() },
            journal: Journal::default(),
            linear: groups.iter().all(|group| group.is_linear()),
            n,
            conductance: vec![0.0; pattern.nnz() + 1],
            constant_conductance: ConstantMatrix::default(),
            constant_capacitance: ConstantMatrix::default(),
            held: held_rows(&held, &unknowns, &pattern, &diagonal),
            state_scale: state_scale.collect(),
            dynamic_rows: OnceLock::new(),
            state_rows: Vec::new(),
            mode: Mode::Dc,
            pulls: Vec::new(),
            resisted: Vec::new(),
            tied: Vec::new(),
            shunt: options.gshunt,
            anchor: Vec::new(),
            constant_excitation: vec![0.0; n + 1],
            excitation: vec![0.0; n + 1],
            leading: vec![0.0; n + 1],
            history: vec![0.0; n + 1],
            base: vec![0.0; pattern.nnz() + 1],
            base_is_current: false,
            factor_is_current: false,
            matrix: vec![0.0; pattern.nnz() + 1],
            f: vec![0.0; n + 1],
            q: vec![0.0; n + 1],
            magnitude: vec![0.0; n + 1],
            stored: vec![0.0; n + 1],
            right: vec![0.0; n + 1],
            symbolic: None,
            factor: None,
            workspace: Workspace::new(),
            pivot_options,
            swing: Swing::default(),
            is_current: unknowns.iter().map(|info| info.kind == UnknownKind::Current).collect(),
            step_floor,
            residual_floor,
            capacitance_sums: Vec::new(),
            diagonal,
            pattern,
            unknowns,
            groups,
            assembly,
            spare: Assembly::default(),
            circuit,
        };
        let is_state = |row: &u32| matches!(system.unknowns[*row as usize].kind, UnknownKind::State { .. });
        system.state_rows = (0..n as u32).filter(is_state).collect();
        system.load_constants();
        (Some(system), diagnostics)
    }

    /// Number of unknowns.
    pub fn len(&self) -> usize {
        self.n
    }

    pub fn is_empty(&self) -> bool {
        self.n == 0
    }

    /// A vector of unknowns at zero, held unknowns at their values.
    pub fn initial_unknowns(&self) -> Vec<f64> {
        let mut x = vec![0.0; self.n + 1];
        for held in &self.held {
            x[held.row] = held.value;
        }
        x
    }

    pub fn pattern(&self) -> &Pattern {
        &self.pattern
    }

    /// Rows with a dynamic part: those of constant capacitances and all rows of nonlinear devices whose q is not always zero.
    pub fn dynamic_rows(&self) -> &[u32] {
        self.dynamic_rows.get_or_init(|| {
            let mut dynamic: Vec<bool> = (0..self.n).map(|row| self.constant_capacitance.has_row(row)).collect();
            dynamic.push(false);
            for group in self.groups.iter().filter(|group| !group.is_linear()) {
                group.dynamic_rows(&mut |row| dynamic[row as usize] = true);
            }
            (0..self.n as u32).filter(|&row| dynamic[row as usize]).collect()
        })
    }

    /// Rows of internal states.
    pub fn state_rows(&self) -> &[u32] {
        &self.state_rows
    }

    /// Natural scale of the state `unknown`, `None` if it is none.
    pub fn state_scale(&self, unknown: usize) -> Option<f64> {
        Some(self.state_scale[unknown]).filter(|scale| !scale.is_nan())
    }

    pub(super) fn load_constants(&mut self) {
        let mut conductance = std::mem::take(&mut self.conductance);
        conductance.fill(0.0);
        // What the base holds is to be made anew.
        let mut capacitance = std::mem::take(&mut self.base);
        capacitance.fill(0.0);
        let mut stamp = ConstantStamp { conductance: &mut conductance, capacitance: &mut capacitance };
        for group in self.groups.iter().filter(|group| group.is_linear()) {
            group.stamp_constant(&self.environment, &mut stamp);
        }
        self.constant_conductance.set(&self.pattern, &conductance);
        if self.constant_capacitance.set(&self.pattern, &capacitance) {
            self.capacitance_sums = self.constant_capacitance.row_sums();
        }
        (self.conductance, self.base) = (conductance, capacitance);
        self.invalidate();
    }

    pub(super) fn invalidate(&mut self) {
        self.base_is_current = false;
        self.factor_is_current = false;
    }

    /// Σ|C| of the constant capacitances of every row.
    pub fn capacitance_sums(&self) -> &[f64] {
        &self.capacitance_sums
    }

    /// Σ|q| of what meets in every row, at the last linearisation: what an error of its charge is small against.
    pub fn stored(&self) -> &[f64] {
        &self.stored
    }

    /// Prepares for DC solutions: no dynamics, states held.
    pub fn begin_dc(&mut self) {
        self.mode = Mode::Dc;
        self.swing.forget();
        self.forget();
        self.leading.fill(0.0);
        self.history.fill(0.0);
        self.invalidate();
    }

    /// Prepares for time points: every row's leading coefficient and the known part of its formula.
    pub fn begin_step(&mut self, leading: f64, state_leading: f64) {
        let changed = self.mode != Mode::Dynamic || self.leading[self.n] != leading;
        let changed =
            changed || self.state_rows.first().is_some_and(|&row| self.leading[row as usize] != state_leading);
        if changed {
            self.mode = Mode::Dynamic;
            self.leading.fill(leading);
            for &row in &self.state_rows {
                self.leading[row as usize] = state_leading;
            }
            self.invalidate();
        }
    }

    /// Sets the known part of the integration formula of every dynamic row.
    pub fn set_history(&mut self, known: impl Fn(usize) -> f64) {
        self.dynamic_rows();
        for &row in self.dynamic_rows.get().into_iter().flatten() {
            self.history[row as usize] = known(row as usize);
        }
    }

    /// The same for the rows of states only.
    pub fn set_state_history(&mut self, known: impl Fn(usize) -> f64) {
        for &row in &self.state_rows {
            self.history[row as usize] = known(row as usize);
        }
    }

    /// The known part of each row's integration formula.
    pub fn history(&self) -> &[f64] {
        &self.history
    }

    pub fn leading(&self) -> &[f64] {
        &self.leading
    }

    /// Moves the sources to `environment`.
    pub fn set_environment(&mut self, environment: Environment) {
        let scale_changed = self.environment.source_scale != environment.source_scale;
        let was_dc = self.environment.time.is_none();
        self.environment = environment;
        if scale_changed || was_dc || environment.time.is_none() {
            self.constant_excitation.fill(0.0);
            for group in self.groups.iter().filter(|group| group.is_linear() && !group.depends_on_time()) {
                group.add_excitation(&environment, &mut self.constant_excitation);
            }
        }
        self.excitation.copy_from_slice(&self.constant_excitation);
        for group in self.groups.iter().filter(|group| group.is_linear() && group.depends_on_time()) {
            group.add_excitation(&environment, &mut self.excitation);
        }
    }

    /// Conductance from every node to ground, S, beside that of the options.
    pub fn set_shunt(&mut self, shunt: f64) {
        self.shunt = shunt + self.circuit.options.gshunt;
        self.anchor.clear();
        self.invalidate();
    }

    /// Conductance that ties every node to its value in `anchor` (pseudo-transient continuation).
    pub fn set_anchored_shunt(&mut self, shunt: f64, anchor: &[f64]) {
        self.set_shunt(shunt);
        self.anchor.clear();
        self.anchor.extend_from_slice(anchor);
    }

    /// Replaces the principal value of an element, for `.dc`; false if it has none.
    pub fn set_principal(&mut self, element: ElementId, value: f64) -> bool {
        let Some(location) = self.assembly.principal[element.0 as usize] else { return false };
        let group = &mut self.groups[location.group as usize];
        let done = group.set_principal(location.device as usize, value);
        // Sources only change the excitation; a resistor changes the matrix.
        if done && self.circuit.element(element).letter == b'r' {
            self.load_constants();
        }
        done
    }

    /// Tolerance at which devices may be continued from their last evaluation: only over time, where they move little by
    /// little, and never where their derivatives are what is asked for.
    pub(super) fn bypass(&self) -> f64 {
        let over_time = self.mode == Mode::Dynamic && self.environment.frequency.is_none();
        if over_time && self.circuit.options.bypass { self.circuit.options.reltol } else { 0.0 }
    }

    /// Values at which states and discrete unknowns are held.
    pub fn hold(&mut self, x: &[f64]) {
        for held in &mut self.held {
            held.value = x[held.row];
        }
    }

    /// Holds devices that are `off` at their start, or releases them; whether there are any.
    pub fn hold_off(&mut self, hold: bool) -> bool {
        self.groups.iter_mut().fold(false, |any, group| group.hold_off(hold) | any)
    }

    /// Forgets the last linearisation points of limited devices.
    pub fn reset_limits(&mut self, x: &[f64], at_start: bool) {
        for group in &mut self.groups {
            group.reset_limits(x, at_start);
        }
    }

    pub(super) fn update_base(&mut self) {
        if self.base_is_current {
            return;
        }
        self.base.copy_from_slice(&self.conductance);
        self.constant_capacitance.add_scaled(&self.leading, &mut self.base);
        if self.shunt != 0.0 {
            for (unknown, info) in self.unknowns.iter().enumerate() {
                if info.kind == UnknownKind::Voltage {
                    self.base[self.diagonal[unknown] as usize] += self.shunt;
                }
            }
        }
        self.pull_base();
        self.base_is_current = true;
        self.factor_is_current = false;
    }

    /// Adds the linear parts of f and q at `x`, after setting both to the excitation and zero.
    pub(super) fn start_residual(&mut self, x: &[f64]) {
        self.constant_conductance.multiply(&self.excitation, x, &mut self.f);
        self.constant_capacitance.multiply_into(x, &mut self.q);
        self.f[self.n] = 0.0;
        self.q[self.n] = 0.0;
        if self.shunt != 0.0 {
            for (unknown, info) in self.unknowns.iter().enumerate() {
                if info.kind == UnknownKind::Voltage {
                    let anchor = self.anchor.get(unknown).copied().unwrap_or(0.0);
                    self.f[unknown] += self.shunt * (x[unknown] - anchor);
                }
            }
        }
        self.pull_residual(x);
    }

    /// f and q at `x`, without derivatives.
    pub fn evaluate(&mut self, x: &[f64]) {
        self.start_residual(x);
        self.magnitude.copy_from_slice(&self.f);
        for group in self.groups.iter().filter(|group| !group.is_linear()) {
            group.evaluate(&self.environment, x, &mut self.f, &mut self.q, &mut self.magnitude);
        }
    }

    /// q at `x`, where Newton's method ended; it was evaluated there last unless the circuit is linear.
    pub fn evaluate_charges(&mut self, x: &[f64]) {
        if self.linear {
            self.constant_capacitance.multiply_into(x, &mut self.q);
        }
    }

    /// Discrete unknowns of `x` written over those of a guess.
    pub fn keep_discrete(&self, x: &[f64], guess: &mut [f64]) {
        for held in self.held.iter().filter(|held| held.discrete) {
            guess[held.row] = x[held.row];
        }
    }

    /// q with `ic=` values in place of the unknowns that they fix.
    pub fn initial_charge(&self, x: &[f64]) -> Vec<f64> {
        let mut charge = vec![0.0; self.n + 1];
        for group in &self.groups {
            group.add_initial_charge(x, &self.environment, &mut charge);
        }
        charge
    }

    /// Whether any device has an `ic=`.
    pub fn has_initial(&self) -> bool {
        self.groups.iter().any(|group| group.has_initial())
    }

    /// First corner of a source or device after `time`.
    pub fn breakpoint(&self, time: f64) -> Option<f64> {
        self.groups.iter().filter_map(|group| group.breakpoint(time)).reduce(f64::min)
    }

    /// Moves a discrete unknown, in `x` and in what is held.
    pub fn set_discrete(&mut self, unknown: usize, value: f64, x: &mut [f64]) {
        x[unknown] = value;
        for held in self.held.iter_mut().filter(|held| held.row == unknown) {
            held.value = value;
        }
    }

    /// Rows replaced by x − held = 0 in the present mode.
    fn apply_held(&mut self, x: &[f64], with_matrix: bool) {
        let mode = self.mode;
        for held in self.held.iter().filter(|held| held.discrete || mode == Mode::Dc) {
            self.right[held.row] = x[held.row] - held.value;
            if with_matrix {
                for &slot in &held.slots {
                    self.matrix[slot as usize] = 0.0;
                }
                self.matrix[held.diagonal] = 1.0;
            }
        }
        // A state at its value does not move: without its column an array of memristors is symmetric.
        for held in self.held.iter().filter(|held| with_matrix && !held.discrete && mode == Mode::Dc) {
            if self.right[held.row] == 0.0 {
                let column = self.pattern.column(held.row);
                column.filter(|&slot| slot != held.diagonal).for_each(|slot| self.matrix[slot] = 0.0);
            }
        }
    }

    /// right = f + leading∘q + history
    pub(super) fn assemble_residual(&mut self, x: &[f64], with_matrix: bool) {
        for row in 0..self.n {
            self.right[row] = self.f[row] + self.leading[row] * self.q[row] + self.history[row];
        }
        self.right[self.n] = 0.0;
        self.apply_held(x, with_matrix);
    }

    /// Matrix of the small-signal system at `x`: ∂f and ∂q separately, in slot order.
    pub fn small_signal(&mut self, x: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let saved = (self.leading.clone(), self.environment, self.mode);
        self.environment.frequency = Some(0.0);
        self.mode = Mode::Dynamic;
        self.load_constants();
        // The larger the factor, the less of C is lost beside G.
        const FACTOR: f64 = 1e15;
        let mut parts = [0.0, FACTOR].map(|leading| {
            self.leading.fill(leading);
            self.invalidate();
            self.reset_limits(x, false);
            self.linearise(x);
            self.matrix.clone()
        });
        let [conductance, sum] = &mut parts;
        for (sum, g) in sum.iter_mut().zip(conductance.iter()) {
            *sum = (*sum - g) / FACTOR;
        }
        (self.leading, self.environment, self.mode) = saved;
        self.load_constants();
        let [conductance, capacitance] = parts;
        (conductance, capacitance)
    }

    /// The structure for factorisations, analysed once.
    pub fn symbolic(&mut self) -> Result<Arc<Symbolic>, Singular> {
        if let Some(symbolic) = &self.symbolic {
            return Ok(symbolic.clone());
        }
        let values = &self.matrix[..self.pattern.nnz()];
        let symbolic = Symbolic::analyze_with_partial_order(&self.pattern, Some(values), &self.assembly.elimination)
            .map_err(|error| Singular { unknowns: error.columns })?;
        Ok(self.symbolic.insert(Arc::new(symbolic)).clone())
    }

    pub(super) fn factorise(&mut self) -> Result<(), Singular> {
        if self.factor_is_current {
            return Ok(());
        }
        let symbolic = self.symbolic()?;
        let values = &self.matrix[..self.pattern.nnz()];
        match &mut self.factor {
            Some(factor) => {
                let kind = factor.update(values).map_err(|error| Singular { unknowns: vec![error.unknown] })?;
                match kind {
                    Kind::Refactored => self.statistics.refactorisations += 1,
                    Kind::Factored => self.statistics.factorisations += 1,
                }
            }
            None => {
                let factor = Factor::new(&symbolic, values, &self.pivot_options)
                    .map_err(|error| Singular { unknowns: vec![error.unknown] })?;
                self.statistics.factorisations += 1;
                self.factor = Some(factor);
            }
        }
        self.factor_is_current = self.linear;
        Ok(())
    }
}

/// Absolute tolerances of an unknown and of its row.
fn tolerances(kind: UnknownKind, options: &crate::circuit::Options) -> (f64, f64) {
    match kind {
        UnknownKind::Voltage => (options.vntol, options.abstol),
        UnknownKind::Current => (options.abstol, options.vntol),
        UnknownKind::State { scale } => (1e-6 * scale, 1e-6 * scale),
        UnknownKind::Discrete => (1e-9, 1e-9),
    }
}

/// Above this number of unknowns, the time of each part of an iteration is taken.
const TIMED_UNKNOWNS: usize = 64;

impl System {
    /// Times are only taken where taking them costs nothing beside the work.
    pub(super) fn timer(&self) -> Option<Instant> {
        (self.n >= TIMED_UNKNOWNS).then(Instant::now)
    }
}

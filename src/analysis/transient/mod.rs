//! `.tran`: f(x, t) + d/dt q(x) = 0 from a DC operating point (or from `ic=` values) forward in time.
//!
//! At each new time point the integration formula replaces dq/dt, Newton's method solves for x, and the local truncation
//! error of every charge, flux and state decides whether the point stands and how long the next step is. Corners of the
//! sources are time points, and so are the moments at which switches move.

mod control;
mod history;
mod ringing;

use super::output::{Checkpoint, Output, PlotKind, Point, Progress, Unknowns};
use super::{Failure, operating_point};
use crate::circuit::analysis_card::Transient;
use crate::circuit::options::Method;
use crate::devices::device::{Environment, Moment, Occurrence};
use crate::diagnostic::Diagnostic;
use crate::mna::System;
use crate::mna::pull::Pull;
use crate::numerics::integrator::{Coefficients, Formula, TR_BDF2_GAMMA};
use crate::numerics::newton::{self, Acceptance, NewtonFailure, NewtonOptions, NewtonWorkspace};
use crate::numerics::tape::Tape;
use control::{StepControl, Verdict};
use history::History;
use ringing::RingingGuard;

/// A state that goes so far of its scale in a jump as short as can be may have run away.
const RUNNING: f64 = 1e-4;

/// How often values are handed on from source to source for a first guess: as long as a chain of them usually is.
const PROPAGATIONS: usize = 20;

/// Where a state is beyond any bound, in its scale.
const BEYOND: f64 = 10.0;

/// Runs the analysis of `card`.
pub fn run(system: &mut System, card: &Transient, output: &mut dyn Output) -> Result<(), Failure> {
    output.begin(&PlotKind::Transient, system);
    if let Some(checkpoint) = output.resume() {
        let x = system.initial_unknowns();
        system.begin(&x, false);
        let mut run = Run::new(system, card, x);
        run.times = output.times();
        run.resume(&checkpoint)?;
        if output.is_altered() {
            run.begin_afresh();
        }
        return run.run(card, output);
    }
    let x = start(system, card, output)?;
    system.begin(&x, card.use_initial_conditions);
    let mut run = Run::new(system, card, x);
    run.times = output.times();
    run.run(card, output)
}

/// Unknowns at time zero: from the operating point with `.ic` nodes held, or from initial conditions alone.
fn start(system: &mut System, card: &Transient, output: &mut dyn Output) -> Result<Vec<f64>, Failure> {
    let mut x = system.initial_unknowns();
    let pulls = operating_point::pulls(system, &system.circuit.initial_conditions.clone());
    if card.use_initial_conditions {
        for pull in &pulls {
            x[pull.unknown] = pull.value;
        }
        system.begin(&x, true);
        return initialise(system, x, card.startup);
    }
    let pulls: Vec<Pull> = pulls.into_iter().chain(system.element_pulls()).collect();
    let environment = at(0.0, card.startup, system);
    operating_point::find_in(system, &mut x, &pulls, environment, output)?;
    system.set_pulls(Vec::new());
    Ok(x)
}

/// A consistent start from initial conditions: an Euler step so short that charges, fluxes and states stay at their
/// values while all other unknowns find theirs.
fn initialise(system: &mut System, mut x: Vec<f64>, startup: f64) -> Result<Vec<f64>, Failure> {
    system.set_environment(at(0.0, startup, system));
    let charge = system.initial_charge(&x);
    let instant = 1e-18;
    system.begin_step(1.0 / instant, 1.0 / instant);
    system.set_history(|row| -charge[row] / instant);
    system.reset_limits(&x, true);
    let options = NewtonOptions {
        maximum_iterations: system.circuit.options.itl1,
        damping: false,
        acceptance: Acceptance::Prediction,
    };
    let unknowns = system.len();
    let before = x.clone();
    let mut workspace = NewtonWorkspace::default();
    // Twice: a start is exact, not within a tolerance.
    let mut solve = |system: &mut System, x: &mut [f64]| {
        (0..2).all(|_| newton::solve(system, x, unknowns, options, &mut workspace).is_ok())
    };
    if solve(system, &mut x) {
        return Ok(x);
    }
    // From zero, expressions may be far from where they make sense (1/v of a node that an `ic=` keeps from 0): sources say at once
    // what they make of what is known.
    x.copy_from_slice(&before);
    (0..PROPAGATIONS).for_each(|_| system.guess(&mut x));
    system.reset_limits(&x, true);
    if solve(system, &mut x) {
        return Ok(x);
    }
    // Where even this fails (a loop of capacitors with contradicting `ic=`), the given values are the start.
    Ok(before)
}

/// What sources and junctions are at `time`, where sources rise within `startup`.
fn at(time: f64, startup: f64, system: &System) -> Environment {
    let source_scale = if time < startup { time / startup } else { 1.0 };
    Environment { source_scale, ..Environment::at(time, system.circuit.options.gmin) }
}

/// A transient analysis under way.
struct Run<'a> {
    system: &'a mut System,
    time: f64,
    stop: f64,
    x: Vec<f64>,
    trial: Vec<f64>,
    history: History,
    control: StepControl,
    guard: RingingGuard,
    method: Method,
    newton: NewtonWorkspace,
    startup: f64,
    /// Times that are to be points, whatever happens there.
    times: Vec<f64>,
    /// The last accepted point was a corner.
    at_corner: bool,
}

/// Why a trial step does not stand.
enum Rejection {
    NoConvergence(NewtonFailure),
    Truncation,
    /// A switch moves within the step, after this part of it.
    Event(f64),
}

impl<'a> Run<'a> {
    fn new(system: &'a mut System, card: &Transient, x: Vec<f64>) -> Self {
        let options = system.circuit.options.clone();
        let control = StepControl::new(system, card, &options);
        let history = History::new(system.len(), options.maxord.max(2));
        let guard = RingingGuard::new(system.dynamic_rows().len(), options.ringing_guard);
        let mut run = Run {
            time: 0.0,
            stop: card.stop,
            trial: x.clone(),
            x,
            history,
            control,
            guard,
            method: options.method,
            newton: NewtonWorkspace::default(),
            startup: card.startup,
            times: Vec::new(),
            at_corner: true,
            system,
        };
        run.system.set_environment(at(0.0, run.startup, run.system));
        run.system.hold(&run.x);
        run.system.evaluate(&run.x);
        run.history.start(&run.x, &run.system.q);
        run.history.set_rates(run.system);
        run
    }

    fn run(mut self, card: &Transient, output: &mut dyn Output) -> Result<(), Failure> {
        if card.start <= self.time && !self.send(output, 0.0) {
            return Ok(());
        }
        if self.time == 0.0 {
            self.find_breakpoint();
            self.control.start(self.stop);
        }
        let tolerance = 1e-12 * self.stop;
        while self.time < self.stop - tolerance {
            let step = self.advance(output)?;
            self.system.statistics.steps += 1;
            if output.wants_checkpoint(self.time, false) {
                output.checkpoint(&self.checkpoint());
            }
            if self.time >= card.start - tolerance && !self.send(output, step) {
                break;
            }
            let (fraction, time) = (self.time / self.stop, Some(self.time));
            output.progress(Progress { fraction, time, steps: self.system.statistics.steps });
            if self.time < card.start && !output.goes_on() {
                break;
            }
        }
        if output.wants_checkpoint(self.time, true) {
            output.checkpoint(&self.checkpoint());
        }
        Ok(())
    }

    /// Writes everything that the next step follows from, or reads it back.
    fn memory(&mut self, tape: &mut Tape) {
        tape.number(&mut self.time);
        tape.numbers(&mut self.x);
        self.history.memory(tape);
        self.control.memory(tape);
        self.guard.memory(tape);
        tape.truth(&mut self.at_corner);
        self.system.memory(tape);
    }

    fn checkpoint(&mut self) -> Checkpoint {
        let mut tape = Tape::new();
        self.memory(&mut tape);
        Checkpoint { time: self.time, fingerprint: self.system.fingerprint(), values: tape.values().to_vec() }
    }

    /// Goes on from `checkpoint`.
    fn resume(&mut self, checkpoint: &Checkpoint) -> Result<(), Failure> {
        let mut tape = Tape::of(checkpoint.values.clone());
        let same = checkpoint.fingerprint == self.system.fingerprint();
        if same {
            self.memory(&mut tape);
        }
        if !same || !tape.is_used_up() {
            let error = Diagnostic::error("the checkpoint belongs to another circuit, or to other options");
            return Err(error
                .hint("a restart needs the circuit and the method that the checkpoint was made with")
                .into());
        }
        if self.time >= self.stop {
            let message = format!("the checkpoint is at {:e} s, and the analysis ends at {:e} s", self.time, self.stop);
            return Err(Diagnostic::error(message).hint("give `.tran` a later stop time").into());
        }
        self.go_to(self.time);
        self.find_breakpoint();
        self.heed_memories();
        self.trial.clone_from(&self.x);
        Ok(())
    }

    /// Goes on from where it stands as from a corner, with the charges of a circuit that has been changed.
    fn begin_afresh(&mut self) {
        self.system.evaluate(&self.x);
        self.history.start(&self.x, &self.system.q);
        self.history.set_rates(self.system);
        self.control.restart(self.time, self.stop);
        self.control.accepted();
        self.at_corner = true;
    }

    /// Moves sources to `time`.
    fn go_to(&mut self, time: f64) {
        self.system.set_environment(at(time, self.startup, self.system));
    }

    /// Looks up the first corner of a source or device ahead, or the end of the sources' rise.
    fn find_breakpoint(&mut self) {
        let after = self.time + self.control.smallest();
        let risen = (self.startup > after).then_some(self.startup);
        let wanted = self.times.iter().copied().filter(|&time| time > after);
        let corners = self.system.breakpoint(after).into_iter().chain(risen).chain(wanted);
        self.control.set_breakpoint(corners.reduce(f64::min));
    }

    fn send(&self, output: &mut dyn Output, step: f64) -> bool {
        let environment = self.system.environment;
        let (axis, unknowns) = (self.time, Unknowns::Real(&self.x));
        output.point(&Point { system: self.system, environment: &environment, axis, unknowns, step })
    }

    /// Takes one step that stands; returns its length.
    fn advance(&mut self, output: &mut dyn Output) -> Result<f64, Failure> {
        loop {
            let (step, lands) = self.control.propose(self.time, self.stop);
            match self.attempt(step) {
                Ok(()) => {
                    self.accept(step, lands, false);
                    if self.control.is_stuck() {
                        return Err(self.step_stays_small());
                    }
                    return Ok(step);
                }
                Err(rejection) => {
                    self.system.statistics.rejected_steps += 1;
                    match rejection {
                        Rejection::Truncation => {}
                        Rejection::Event(part) => self.control.shorten_to(part * step),
                        Rejection::NoConvergence(failure) => {
                            self.history.order = 1;
                            if !self.control.shrink(step / 8.0) {
                                return self.jump(step, &failure, output);
                            }
                        }
                    }
                }
            }
        }
    }

    /// Solves for the end of a step and judges it; the solution is in `trial`.
    fn attempt(&mut self, step: f64) -> Result<(), Rejection> {
        let time = self.time + step;
        self.history.prepare(step);
        if self.method == Method::TrBdf2 && self.history.depth() > 1 {
            self.two_stages(step)?;
        } else {
            let formula = self.formula();
            let coefficients = Coefficients::new(formula, self.history.steps());
            let state_formula = Formula::Backward { order: coefficients.order.min(self.history.depth()) };
            let state = Coefficients::new(state_formula, self.history.steps());
            self.solve(time, &coefficients, &state, true)?;
        }
        self.system.evaluate_charges(&self.trial);
        let how = (self.method, self.guard.is_damping());
        if let Verdict::Reject = self.control.judge(self.system, &mut self.history, &self.trial, how) {
            return Err(Rejection::Truncation);
        }
        match self.first_event(step) {
            Some(part) => Err(Rejection::Event(part)),
            None => Ok(()),
        }
    }

    /// Where the solution ends at a fold, the next one, over the shortest step, is where many more iterations lead to (a state that
    /// runs to its bound in no time), or a little capacitance at every node; `failure` is why there is none nearby.
    fn jump(&mut self, step: f64, failure: &NewtonFailure, output: &mut dyn Output) -> Result<f64, Failure> {
        // While the system still stands where it failed.
        let too_small = self.step_too_small(failure);
        let step = self.control.jump_length(self.time, step, self.stop);
        self.history.prepare(step);
        let euler = Coefficients::new(Formula::Backward { order: 1 }, self.history.steps());
        self.go_to(self.time + step);
        self.system.begin_step(euler.leading, euler.leading);
        self.history.write_known_part(self.system, &euler, &euler);
        self.trial.clone_from(&self.x);
        let settled = self.settles() || self.push_states(step) && self.settles();
        if !settled {
            self.trial.clone_from(&self.x);
            operating_point::relax(self.system, &mut self.trial, output).map_err(|end| match end {
                NewtonFailure::Interrupted => Failure::interruption(),
                _ => too_small,
            })?;
        }
        self.system.evaluate(&self.trial);
        self.history.find_derivative(self.system);
        self.control.count_jump();
        self.accept(step, false, true);
        Ok(step)
    }

    /// Whether as many iterations as an operating point may have lead to a solution from `trial`.
    fn settles(&mut self) -> bool {
        self.system.reset_limits(&self.x, false);
        self.iterate(self.system.circuit.options.itl1).is_ok()
    }

    /// Puts `trial` where states are that have run away over `step`: beyond their bounds. From where they were, Newton's method
    /// goes the other way, since their rates grow faster than they move. False if none runs.
    fn push_states(&mut self, step: f64) -> bool {
        self.trial.clone_from(&self.x);
        let mut pushed = false;
        for &row in self.system.state_rows() {
            let row = row as usize;
            let (rate, scale) = (self.history.derivative()[row], self.system.state_scale(row).unwrap_or(1.0));
            if rate.abs() * step > RUNNING * scale {
                self.trial[row] += (BEYOND * scale).copysign(rate);
                pushed = true;
            }
        }
        pushed
    }

    fn formula(&self) -> Formula {
        let order = self.history.order.min(self.history.depth());
        match self.method {
            Method::Gear => Formula::Backward { order },
            _ if order < 2 => Formula::Backward { order: 1 },
            _ if self.guard.is_damping() => Formula::Backward { order: 2 },
            _ => Formula::Trapezoidal,
        }
    }

    /// The trapezoidal stage to γ of the step, then the BDF2 stage to its end.
    fn two_stages(&mut self, step: f64) -> Result<(), Rejection> {
        let inner = TR_BDF2_GAMMA * step;
        let first = Coefficients::new(Formula::Trapezoidal, &[inner]);
        self.solve(self.time + inner, &first, &first, true)?;
        self.system.evaluate_charges(&self.trial);
        self.history.push_stage(&self.system.q, &first, self.system.dynamic_rows());
        let second = Coefficients::tr_bdf2_second_stage(step);
        let result = self.solve(self.time + step, &second, &second, false);
        if result.is_err() {
            self.history.pop_stage();
        }
        result
    }

    fn solve(&mut self, time: f64, main: &Coefficients, state: &Coefficients, predict: bool) -> Result<(), Rejection> {
        self.go_to(time);
        self.system.begin_step(main.leading, state.leading);
        self.history.write_known_part(self.system, main, state);
        if predict {
            self.history.predict(&self.x, &mut self.trial, self.system);
        }
        let linear = newton::Problem::is_linear(self.system);
        if !linear {
            // Against the last point, since the prediction may be far up an exponential.
            self.system.reset_limits(&self.x, false);
        }
        self.iterate(self.system.circuit.options.itl4).map_err(Rejection::NoConvergence)
    }

    /// Newton's method from `trial` on.
    fn iterate(&mut self, maximum_iterations: usize) -> Result<(), NewtonFailure> {
        let options = NewtonOptions { maximum_iterations, damping: false, acceptance: Acceptance::Prediction };
        let unknowns = self.system.len();
        newton::solve(self.system, &mut self.trial, unknowns, options, &mut self.newton).map(|_| ())
    }

    /// Part of the step after which the first switch moves, unless it is so near the end that it moves there.
    fn first_event(&self, step: f64) -> Option<f64> {
        if !self.system.has_events() || step <= self.control.smallest() * 10.0 {
            return None;
        }
        let mut before = Vec::new();
        self.system.events(&self.x, &mut |_, event, _| before.push(event));
        let (mut index, mut first) = (0, None::<f64>);
        let tolerance = self.control.event_tolerance() / step;
        self.system.events(&self.trial, &mut |_, event, _| {
            let start = before[index];
            index += 1;
            if event > 0.0 && start <= 0.0 {
                // Linear interpolation, a little past the crossing so that the event has happened there.
                let part = (start / (start - event)).clamp(0.0, 1.0) + 0.3 * tolerance;
                if part < 1.0 - tolerance && first.is_none_or(|other| part < other) {
                    first = Some(part.max(0.01));
                }
            }
        });
        first
    }

    /// Goes on from the end of a step; `jumped`: nothing before it says what comes.
    fn accept(&mut self, step: f64, lands: bool, jumped: bool) {
        self.time = self.control.land(self.time, step, lands, self.stop);
        std::mem::swap(&mut self.x, &mut self.trial);
        self.system.follow(&self.x);
        let rows = self.system.dynamic_rows();
        self.guard.observe(&self.history, rows, step, &self.system.circuit.options);
        self.history.push(&self.x, &self.system.q, step, rows);
        let mut restart = jumped || lands && self.time < self.stop;
        let mut look_ahead = lands;
        if self.system.has_events() {
            restart |= self.move_switches();
        }
        if self.system.remembers() {
            let occurrence = self.tell_of_point();
            restart |= occurrence >= Occurrence::Corner;
            look_ahead |= occurrence > Occurrence::Nothing;
        }
        if look_ahead {
            self.find_breakpoint();
        }
        if restart {
            self.history.restart();
            if !self.system.state_rows().is_empty() {
                self.system.evaluate(&self.x);
                self.history.set_rates(self.system);
            }
            self.control.restart(self.time, self.stop);
        }
        self.at_corner = restart;
        self.control.accepted();
    }

    /// Switches whose time has come; true if any moved.
    fn move_switches(&mut self) -> bool {
        let moves = self.system.moves(&self.x);
        for &(unknown, value) in &moves {
            self.system.set_discrete(unknown, value, &mut self.x);
        }
        !moves.is_empty()
    }

    /// Steps are no longer than devices' memories allow.
    fn heed_memories(&mut self) {
        if let Some(longest) = self.system.longest_step() {
            self.control.set_longest(longest);
        }
    }

    /// Devices that remember are told of the accepted point. Where one has put a state elsewhere, all charges follow.
    fn tell_of_point(&mut self) -> Occurrence {
        let moment = Moment { time: self.time, after_corner: self.at_corner };
        let occurrence = self.system.accept(&mut self.x, &moment);
        self.heed_memories();
        if occurrence == Occurrence::Jump {
            self.go_to(self.time);
            self.system.evaluate(&self.x);
            self.history.start(&self.x, &self.system.q);
        }
        occurrence
    }

    /// The truncation error stays too large at the smallest step: no progress.
    fn step_stays_small(&self) -> Failure {
        let row = self.control.worst_row();
        let diagnostic = Diagnostic::error(format!(
            "the time step stays at {:.1e} s at {:.6e} s: the truncation error in the equation of the {} does not fall",
            self.control.smallest(),
            self.time,
            self.system.describe_unknown(row)
        ));
        operating_point::point_at_failure(self.system, diagnostic, &NewtonFailure::TooManyIterations { worst: row })
            .hint("try larger `chgtol` or `reltol`, or finite rise times")
            .into()
    }

    fn step_too_small(&self, failure: &NewtonFailure) -> Failure {
        if let NewtonFailure::Singular(_) = failure {
            return operating_point::explain(self.system, failure, &[]);
        }
        let diagnostic = Diagnostic::error(format!(
            "the time step became too small at {:.6e} s (below {:.1e} s)",
            self.time,
            self.control.smallest()
        ));
        operating_point::point_at_failure(self.system, diagnostic, failure)
            .hint("try `.options method=gear`, a larger `itl4`, or `rshunt=1e12`")
            .into()
    }
}

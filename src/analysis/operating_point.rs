//! DC operating point: f(x) = 0 with states held.
//!
//! A chain of methods, each tried when the one before found no solution: Newton's method from the devices' starting
//! points, gmin stepping (a conductance from every node to ground is lowered to nothing), source stepping (all sources rise from
//! 0), and pseudo-transient continuation (every node is tied to its last value by a conductance that fades).

use super::Failure;
use super::output::{Output, PlotKind, Point, Unknowns};
use crate::devices::device::Environment;
use crate::diagnostic::Diagnostic;
use crate::mna::System;
use crate::mna::journal::{Attempt, ContinuationStep};
use crate::mna::pull::Pull;
use crate::mna::topology;
use crate::numerics::newton::{self, Acceptance, NewtonFailure, NewtonOptions, NewtonWorkspace};

/// Finds and sends the operating point.
pub fn run(system: &mut System, output: &mut dyn Output) -> Result<(), Failure> {
    output.begin(&PlotKind::OperatingPoint, system);
    let mut x = system.initial_unknowns();
    find(system, &mut x, &[], output)?;
    system.statistics.steps += 1;
    let environment = system.environment;
    output.point(&Point { system, environment: &environment, axis: 0.0, unknowns: Unknowns::Real(&x), step: 0.0 });
    Ok(())
}

/// Finds the operating point from `x` on, in place. With `held` nodes (`.ic`) these stay pulled to their values; `.nodeset`
/// values pull only until a first solution is found. `output` is asked before every solution whether to go on.
///
/// # Errors
/// There is no solution, or `output` asked for an end.
pub fn find(system: &mut System, x: &mut [f64], held: &[Pull], output: &mut dyn Output) -> Result<(), Failure> {
    let environment = Environment::dc(system.circuit.options.gmin);
    find_in(system, x, held, environment, output)
}

/// The same with the sources as in `environment`: at time zero for a transient analysis, which starts from the value of
/// each waveform there rather than from the DC value.
pub fn find_in(
    system: &mut System,
    x: &mut [f64],
    held: &[Pull],
    environment: Environment,
    output: &mut dyn Output,
) -> Result<(), Failure> {
    system.begin_dc();
    system.set_environment(environment);
    let nodesets = pulls(system, &system.circuit.nodesets.clone());
    if !nodesets.is_empty() {
        system.set_pulls(held.iter().copied().chain(nodesets).collect());
        // A guess: whether it converges does not matter.
        let _ = Chain::new(system, output).plain(x, true);
    }
    system.set_pulls(held.to_vec());
    let start_afresh = system.circuit.nodesets.is_empty();
    Chain::new(system, output).find(x, start_afresh)?;
    settle_events(system, x, output)
}

/// Pulls for `.ic` or `.nodeset` values.
pub fn pulls(system: &System, values: &[(crate::circuit::NodeId, f64, crate::diagnostic::Span)]) -> Vec<Pull> {
    let nodes = values.iter().filter(|(node, ..)| node.0 != 0);
    nodes.map(|&(node, value, _)| Pull { unknown: system.node_unknown(node), against: None, value }).collect()
}

/// One more step of Newton's method from the solution `x`: what the tolerances left of its error becomes about its square. What is
/// linearised there has this error in its slopes.
pub fn refine(system: &mut System, x: &mut [f64], output: &mut dyn Output) {
    if newton::Problem::is_linear(system) {
        return;
    }
    let start = x.to_vec();
    let options = NewtonOptions { maximum_iterations: 1, damping: false, acceptance: Acceptance::Step };
    if Chain::new(system, output).solve(x, options).is_err() {
        x.copy_from_slice(&start);
    }
}

/// Solves again from a nearby solution, as between the points of a sweep: from `guess` if there is one.
pub fn follow(
    system: &mut System,
    x: &mut [f64],
    guess: Option<&[f64]>,
    output: &mut dyn Output,
) -> Result<(), Failure> {
    let start = x.to_vec();
    let mut acceptance = Acceptance::StepAndResidual;
    if let Some(guess) = guess {
        x.copy_from_slice(guess);
        acceptance = Acceptance::Prediction;
    }
    let iterations = system.circuit.options.itl2;
    let mut chain = Chain::new(system, output);
    let close = chain.newton(x, iterations, false, acceptance);
    if close.is_err() {
        x.copy_from_slice(&start);
        chain.find(x, true)?;
    }
    settle_events(system, x, output)
}

/// Solves as the system is set up, from `x` on, by pseudo-transient continuation: where a time point has no solution near the
/// last one (a trigger without capacitances at its threshold), this finds the one that a little capacitance at every node
/// would lead to.
pub fn relax(system: &mut System, x: &mut [f64], output: &mut dyn Output) -> Result<(), NewtonFailure> {
    system.reset_limits(x, false);
    let mut chain = Chain::new(system, output);
    let result = chain.pseudo_transient(x);
    chain.system.journal.add(&chain.attempts);
    result
}

/// Switches move until none wants to.
fn settle_events(system: &mut System, x: &mut [f64], output: &mut dyn Output) -> Result<(), Failure> {
    let mut restless = None;
    for _ in 0..100 {
        let moves = system.moves(x);
        if moves.is_empty() {
            return Ok(());
        }
        restless = moves.first().map(|&(unknown, _)| unknown);
        for (unknown, value) in moves {
            system.set_discrete(unknown, value, x);
        }
        Chain::new(system, output).find(x, false)?;
    }
    let error = Diagnostic::error("the switches of the circuit find no position that agrees with their controls");
    Err(restless
        .into_iter()
        .flat_map(|unknown| system.elements_at(unknown))
        .fold(error, |error, id| error.label(system.circuit.element(id).span, "this one goes on moving"))
        .hint("give them hysteresis (`vh=`), or smooth transitions")
        .into())
}

/// The methods, and what became of each.
struct Chain<'a, 'o> {
    system: &'a mut System,
    output: &'a mut (dyn Output + 'o),
    workspace: NewtonWorkspace,
    attempts: Vec<Attempt>,
    /// Of the method under way.
    steps: Vec<ContinuationStep>,
}

impl<'a, 'o> Chain<'a, 'o> {
    fn new(system: &'a mut System, output: &'a mut (dyn Output + 'o)) -> Self {
        let workspace = NewtonWorkspace::default();
        Chain { system, output, workspace, attempts: Vec::new(), steps: Vec::new() }
    }

    /// Runs the methods, writes the attempts into the journal, and explains a failure by them.
    fn find(mut self, x: &mut [f64], start_afresh: bool) -> Result<(), Failure> {
        let result = self.run(x, start_afresh);
        self.system.journal.add(&self.attempts);
        result.map_err(|failure| explain(self.system, &failure, &self.attempts))
    }

    fn run(&mut self, x: &mut [f64], start_afresh: bool) -> Result<(), NewtonFailure> {
        let start = x.to_vec();
        let first = self.plain(x, start_afresh);
        let Err(failure) = first else { return Ok(()) };
        if matches!(failure, NewtonFailure::Singular(_)) {
            if self.resisting(x) {
                return Ok(());
            }
            if self.system.tie_floating() {
                match self.tied(x, &start, failure.clone()) {
                    // A current may depend on the voltage that it makes: see below.
                    Err(found) if found != NewtonFailure::Interrupted => x.copy_from_slice(&start),
                    result => return result,
                }
            }
        }
        if newton::Problem::is_linear(self.system) || failure == NewtonFailure::Interrupted {
            return Err(failure);
        }
        self.continued(x, &start, failure)
    }

    /// Newton's method with a tiny resistance in every inductor, for loops of voltages without a voltage around them.
    fn resisting(&mut self, x: &mut [f64]) -> bool {
        let start = x.to_vec();
        let possible = self.system.resist_loops(true);
        let found = possible && self.plain(x, true).is_ok() && !self.system.has_runaway_loop(x);
        self.system.resist_loops(false);
        if !found {
            x.copy_from_slice(&start);
        }
        found
    }

    /// All methods with a tiny conductance to ground at every node that has no DC path to it. It stays for the points to
    /// come, as of a sweep.
    fn tied(&mut self, x: &mut [f64], start: &[f64], failure: NewtonFailure) -> Result<(), NewtonFailure> {
        x.copy_from_slice(start);
        let result = self.plain(x, true).or_else(|_| self.continued(x, start, failure.clone()));
        if result == Err(NewtonFailure::Interrupted) {
            return result;
        }
        if result.is_err() || self.system.has_runaway_node(x) {
            self.system.untie();
            x.copy_from_slice(start);
            return Err(failure);
        }
        topology::warn_of_floating(self.system).into_iter().for_each(|warning| self.output.warn(warning));
        Ok(())
    }

    /// The methods that follow a parameter, one after the other; `failure` if none finds a solution.
    fn continued(&mut self, x: &mut [f64], start: &[f64], failure: NewtonFailure) -> Result<(), NewtonFailure> {
        for method in [Self::gmin_stepping, Self::source_stepping, Self::pseudo_transient, Self::own_transient] {
            x.copy_from_slice(start);
            self.system.reset_limits(x, true);
            match method(self, x) {
                Ok(()) => return Ok(()),
                Err(NewtonFailure::Interrupted) => return Err(NewtonFailure::Interrupted),
                Err(_) => {}
            }
        }
        Err(failure)
    }

    fn newton(
        &mut self,
        x: &mut [f64],
        maximum_iterations: usize,
        damping: bool,
        acceptance: Acceptance,
    ) -> Result<usize, NewtonFailure> {
        if !self.output.goes_on() {
            return Err(NewtonFailure::Interrupted);
        }
        self.solve(x, NewtonOptions { maximum_iterations, damping, acceptance })
    }

    fn damped(&mut self, x: &mut [f64], iterations: usize) -> Result<usize, NewtonFailure> {
        self.newton(x, iterations, true, Acceptance::StepAndResidual)
    }

    fn solve(&mut self, x: &mut [f64], options: NewtonOptions) -> Result<usize, NewtonFailure> {
        let unknowns = self.system.len();
        newton::solve(self.system, x, unknowns, options, &mut self.workspace)
    }

    fn record(&mut self, method: &'static str, iterations: usize, result: &Result<(), NewtonFailure>) {
        let failure = result.as_ref().err().map(|failure| describe(self.system, failure));
        let worst = result.as_ref().err().and_then(|failure| worst(self.system, failure));
        let steps = std::mem::take(&mut self.steps);
        self.attempts.push(Attempt { method, iterations, failure, worst, steps });
    }

    /// Newton's method around devices that are `off`, which stay at their start; false without such devices, or if it fails.
    fn settle_around_what_is_off(&mut self, x: &mut [f64], iterations: usize) -> bool {
        if !self.system.hold_off(true) {
            return false;
        }
        let start = x.to_vec();
        self.system.reset_limits(x, true);
        // What is held has not its own residual.
        let options = NewtonOptions { maximum_iterations: iterations, damping: false, acceptance: Acceptance::Step };
        let settled = self.solve(x, options).is_ok();
        self.system.hold_off(false);
        if !settled {
            x.copy_from_slice(&start);
        }
        settled
    }

    fn plain(&mut self, x: &mut [f64], start_afresh: bool) -> Result<(), NewtonFailure> {
        let iterations = self.system.circuit.options.itl1;
        let before = self.system.statistics.newton_iterations;
        // What was off goes on from there, not from where the unknowns are now.
        if !(start_afresh && self.settle_around_what_is_off(x, iterations)) {
            self.system.reset_limits(x, start_afresh);
        }
        let result = self.newton(x, iterations, false, Acceptance::StepAndResidual).map(|_| ());
        let used = self.system.statistics.newton_iterations - before;
        self.record("Newton", used, &result);
        result
    }

    /// Lowers a conductance from every node to ground in adaptive steps.
    fn gmin_stepping(&mut self, x: &mut [f64]) -> Result<(), NewtonFailure> {
        let before = self.system.statistics.newton_iterations;
        let target = self.system.circuit.options.gmin.max(1e-15);
        let path = Continuation {
            parameter: ("gmin", " S"),
            start: 1e-2_f64.ln(),
            end: target.ln(),
            first: -2.3,
            least: 0.01,
            shown: f64::exp,
        };
        let set = |system: &mut System, parameter: f64| system.set_shunt(parameter.exp());
        let result = self.continuation(x, path, set);
        self.system.set_shunt(0.0);
        let iterations = self.system.circuit.options.itl1;
        let result = result.and_then(|()| self.damped(x, iterations).map(|_| ()));
        self.record("gmin stepping", self.system.statistics.newton_iterations - before, &result);
        result
    }

    /// Raises all sources from zero in adaptive steps.
    fn source_stepping(&mut self, x: &mut [f64]) -> Result<(), NewtonFailure> {
        let before = self.system.statistics.newton_iterations;
        let environment = self.system.environment;
        let path = Continuation {
            parameter: ("sources ×", ""),
            start: 0.0,
            end: 1.0,
            first: 0.1,
            least: 1e-7,
            shown: |parameter| parameter,
        };
        let set = |system: &mut System, parameter: f64| {
            system.set_environment(Environment { source_scale: parameter, ..environment });
        };
        let result = self.continuation(x, path, set);
        self.system.set_environment(environment);
        self.record("source stepping", self.system.statistics.newton_iterations - before, &result);
        result
    }

    /// Follows a solution along a parameter, with steps that grow on success and shrink on failure.
    fn continuation(
        &mut self,
        x: &mut [f64],
        path: Continuation,
        set: impl Fn(&mut System, f64),
    ) -> Result<(), NewtonFailure> {
        let (first, later) = (self.system.circuit.options.itl1, self.system.circuit.options.itl2);
        self.continuation_step(x, &path, path.start, first, &set)?;
        let mut parameter = path.start;
        let mut step = path.first;
        while parameter != path.end {
            let before = x.to_vec();
            let next = parameter + step;
            let next = if (path.end - next) * step <= 0.0 { path.end } else { next };
            match self.continuation_step(x, &path, next, later, &set) {
                Ok(iterations) => {
                    parameter = next;
                    step *= if iterations <= 8 { 2.0 } else { 1.0 };
                }
                Err(NewtonFailure::Interrupted) => return Err(NewtonFailure::Interrupted),
                Err(failure) => {
                    x.copy_from_slice(&before);
                    self.system.reset_limits(&before, false);
                    step *= 0.25;
                    if step.abs() < path.least {
                        return Err(failure);
                    }
                }
            }
        }
        Ok(())
    }

    fn continuation_step(
        &mut self,
        x: &mut [f64],
        path: &Continuation,
        value: f64,
        most: usize,
        set: &impl Fn(&mut System, f64),
    ) -> Result<usize, NewtonFailure> {
        set(self.system, value);
        self.noted(x, most, path.parameter, (path.shown)(value))
    }

    /// Newton's method as a step of the method under way, with `parameter` at `value`.
    fn noted(
        &mut self,
        x: &mut [f64],
        most: usize,
        parameter: (&'static str, &'static str),
        value: f64,
    ) -> Result<usize, NewtonFailure> {
        let before = self.system.statistics.newton_iterations;
        let result = self.damped(x, most);
        let iterations = self.system.statistics.newton_iterations - before;
        self.steps.push(ContinuationStep { parameter, value, iterations, converged: result.is_ok() });
        result
    }

    /// Implicit Euler steps of growing length on a circuit with a capacitance at every node.
    fn pseudo_transient(&mut self, x: &mut [f64]) -> Result<(), NewtonFailure> {
        let before = self.system.statistics.newton_iterations;
        let iterations = self.system.circuit.options.itl1.min(30);
        let mut conductance: f64 = 1.0;
        let mut result = Err(NewtonFailure::NotFinite);
        for _ in 0..2000 {
            let start = x.to_vec();
            self.system.set_anchored_shunt(conductance, &start);
            match self.noted(x, iterations, ("conductance to the last solution", " S"), conductance) {
                Ok(count) => conductance *= if count < 6 { 0.2 } else { 0.6 },
                Err(NewtonFailure::Interrupted) => {
                    result = Err(NewtonFailure::Interrupted);
                    break;
                }
                Err(failure) => {
                    x.copy_from_slice(&start);
                    conductance *= 8.0;
                    result = Err(failure);
                }
            }
            if conductance < 1e-13 {
                self.system.set_shunt(0.0);
                result = self.damped(x, iterations).map(|_| ());
                break;
            }
            if conductance > 1e6 {
                break;
            }
        }
        self.system.set_shunt(0.0);
        self.record("pseudo-transient", self.system.statistics.newton_iterations - before, &result);
        result
    }
}

impl Chain<'_, '_> {
    /// Implicit Euler steps of growing length while the sources rise from zero: the circuit finds its way by its own charges. With
    /// states, which DC analyses hold, that would be another problem.
    fn own_transient(&mut self, x: &mut [f64]) -> Result<(), NewtonFailure> {
        if self.system.dynamic_rows().is_empty() || !self.system.state_rows().is_empty() {
            return Err(NewtonFailure::TooManyIterations { worst: 0 });
        }
        let before = self.system.statistics.newton_iterations;
        let environment = self.system.environment;
        let result = self.rise(x, environment);
        self.system.set_environment(environment);
        self.system.begin_dc();
        let iterations = self.system.circuit.options.itl1;
        let result = result.and_then(|()| self.damped(x, iterations).map(|_| ()));
        self.record("transient from zero", self.system.statistics.newton_iterations - before, &result);
        result
    }

    fn rise(&mut self, x: &mut [f64], environment: Environment) -> Result<(), NewtonFailure> {
        let iterations = self.system.circuit.options.itl1.min(30);
        let (mut time, mut step) = (0.0, FIRST_STEP);
        self.system.evaluate(x);
        let mut charge = self.system.q.clone();
        for _ in 0..MOST_STEPS {
            let start = x.to_vec();
            let source_scale = f64::min((time + step) / RISE, 1.0);
            self.system.set_environment(Environment { source_scale, ..environment });
            self.system.begin_step(1.0 / step, 1.0 / step);
            self.system.set_history(|row| -charge[row] / step);
            match self.noted(x, iterations, ("step", " s"), step) {
                Ok(count) => {
                    time += step;
                    self.system.evaluate(x);
                    charge.copy_from_slice(&self.system.q);
                    step *= if count < 6 { 2.0 } else { 1.0 };
                }
                Err(NewtonFailure::Interrupted) => return Err(NewtonFailure::Interrupted),
                Err(failure) => {
                    x.copy_from_slice(&start);
                    self.system.reset_limits(x, false);
                    step *= 0.125;
                    if step < LEAST_STEP {
                        return Err(failure);
                    }
                }
            }
            if step > LAST_STEP && time > RISE {
                return Ok(());
            }
        }
        Err(NewtonFailure::TooManyIterations { worst: 0 })
    }
}

/// s: how long the sources rise, and the lengths of steps on the way to rest.
const RISE: f64 = 1e-6;
const FIRST_STEP: f64 = 1e-9;
const LEAST_STEP: f64 = 1e-18;
const LAST_STEP: f64 = 1e4;

/// Steps after which the circuit is taken to swing for ever.
const MOST_STEPS: usize = 3000;

/// A parameter that goes from `start` to `end`, first by `first`, never by less than `least`.
struct Continuation {
    /// Name and unit.
    parameter: (&'static str, &'static str),
    start: f64,
    end: f64,
    first: f64,
    least: f64,
    /// Its value as people know it.
    shown: fn(f64) -> f64,
}

fn describe(system: &System, failure: &NewtonFailure) -> String {
    match failure {
        NewtonFailure::Singular(singular) => {
            let names: Vec<String> =
                singular.unknowns.iter().take(5).map(|&unknown| system.describe_unknown(unknown)).collect();
            format!("the matrix is singular at the {}", names.join(", the "))
        }
        NewtonFailure::TooManyIterations { worst } => {
            format!("the {} did not settle", system.describe_unknown(*worst))
        }
        NewtonFailure::NotFinite => match system.first_not_finite() {
            Some(row) => format!("a value overflowed in the equation of the {}", system.describe_unknown(row)),
            None => "a value overflowed".to_string(),
        },
        NewtonFailure::Interrupted => "it was interrupted".to_string(),
    }
}

/// The unknown that a failure that has just happened is about.
fn worst(system: &System, failure: &NewtonFailure) -> Option<usize> {
    match failure {
        NewtonFailure::Singular(singular) => singular.unknowns.first().copied(),
        NewtonFailure::TooManyIterations { worst } => Some(*worst),
        NewtonFailure::NotFinite => system.first_not_finite(),
        NewtonFailure::Interrupted => None,
    }
}

/// Points at what a failure that has just happened is about, for messages of other analyses.
pub fn point_at_failure(system: &System, diagnostic: Diagnostic, failure: &NewtonFailure) -> Diagnostic {
    let diagnostic = diagnostic.hint(describe(system, failure));
    match worst(system, failure) {
        Some(unknown) => system.point_at(diagnostic, unknown),
        None => diagnostic,
    }
}

/// The error message for a failed operating point.
pub fn explain(system: &System, failure: &NewtonFailure, attempts: &[Attempt]) -> Failure {
    if *failure == NewtonFailure::Interrupted {
        return Failure::interruption();
    }
    if let NewtonFailure::Singular(singular) = failure {
        return crate::mna::topology::explain_singular(system, &singular.unknowns).into();
    }
    // The failure is that of the first attempt.
    let first = attempts.first();
    let reason = first.and_then(|first| first.failure.clone()).unwrap_or_else(|| describe(system, failure));
    let mut diagnostic = Diagnostic::error(format!("no operating point found: {reason}"));
    if let Some(unknown) = first.map_or_else(|| worst(system, failure), |first| first.worst) {
        diagnostic = system.point_at(diagnostic, unknown);
    }
    for attempt in attempts {
        let ending = attempt.failure.as_deref().unwrap_or("found a solution");
        diagnostic = diagnostic.hint(format!("tried {} ({} iterations): {ending}", attempt.method, attempt.iterations));
    }
    diagnostic.hint("give a first guess with `.nodeset v(node)=value`").into()
}

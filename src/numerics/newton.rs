//! Newton's method over a problem that linearises itself.
//!
//! A step solves J·Δ = −r. It has converged when the update is below its tolerance for every kind of unknown, no device
//! limited itself, and the true residual at the new point is below its tolerance in every row.

/// What Newton's method needs to know of a problem.
pub trait Problem {
    /// The residual is linear in the unknowns: one step solves it.
    fn is_linear(&self) -> bool;

    /// Evaluates residual and Jacobian at `x`.
    fn linearise(&mut self, x: &[f64]) -> Linearisation;

    /// Δ with J·Δ = −r at the last linearisation.
    fn newton_step(&mut self, step: &mut [f64]) -> Result<(), Singular>;

    /// Evaluates the residual at `x` and returns its largest ratio to its tolerance. With `rounded`, as after the first step or where it was
    /// small, what its terms are rounded by is added to the tolerance; the slopes of a point far away would say nothing of it.
    fn residual_error(&mut self, x: &[f64], rounded: bool) -> f64;

    /// Largest ratio of `step` to the tolerance of its unknown, with the unknown's index; `rounded` as of
    /// [`residual_error`](Self::residual_error).
    fn step_error(&self, x: &[f64], step: &[f64], rounded: bool) -> (f64, usize);
}

/// What happened while linearising.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Linearisation {
    /// At the point itself.
    Exact,
    /// A device linearised elsewhere, because the point was too far along an exponential.
    Limited,
    /// A value is not finite.
    NotFinite,
}

/// The matrix is singular; `unknowns` are the columns without a pivot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Singular {
    pub unknowns: Vec<usize>,
}

#[derive(Debug, Clone, Copy)]
pub struct NewtonOptions {
    pub maximum_iterations: usize,
    /// Halve a step while it makes the residual much larger.
    pub damping: bool,
    pub acceptance: Acceptance,
}

/// What makes a point the solution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Acceptance {
    /// The step to it is below its tolerance, whatever the residual.
    Step,
    /// The step is below its tolerance, or the next one would be, and so is the residual.
    StepAndResidual,
    /// The same, but the first step may be of any size, since the first guess is a prediction: the residual alone judges it. From
    /// anywhere else it could not, since what flows into a floating node may be below its tolerance at any voltage.
    Prediction,
}

/// Why Newton's method stopped without a solution.
#[derive(Debug, Clone, PartialEq)]
pub enum NewtonFailure {
    Singular(Singular),
    /// Index of the unknown that moved most, relative to its tolerance, in the last iteration.
    TooManyIterations {
        worst: usize,
    },
    NotFinite,
    /// Who watches asked for an end.
    Interrupted,
}

/// Storage that lasts from one solution to the next.
#[derive(Debug, Default)]
pub struct NewtonWorkspace {
    step: Vec<f64>,
    trial: Vec<f64>,
}

/// Solves from `x` on, in place; returns the number of iterations.
///
/// `x` may be longer than the problem (a fixed zero for ground stays at the end).
pub fn solve(
    problem: &mut impl Problem,
    x: &mut [f64],
    unknowns: usize,
    options: NewtonOptions,
    workspace: &mut NewtonWorkspace,
) -> Result<usize, NewtonFailure> {
    workspace.step.resize(unknowns, 0.0);
    let mut previous_error = f64::INFINITY;
    let mut worst = 0;
    let mut last_error = if options.acceptance == Acceptance::Prediction { f64::INFINITY } else { 0.0 };
    for iteration in 1..=options.maximum_iterations {
        let linearisation = problem.linearise(x);
        if linearisation == Linearisation::NotFinite {
            return Err(NewtonFailure::NotFinite);
        }
        problem.newton_step(&mut workspace.step).map_err(NewtonFailure::Singular)?;
        let (error, index) = problem.step_error(x, &workspace.step, iteration > 1);
        worst = index;
        if !error.is_finite() {
            return Err(NewtonFailure::NotFinite);
        }
        let exact = linearisation == Linearisation::Exact;
        if options.damping && exact && error > 1.0 && !problem.is_linear() {
            previous_error = damp(problem, x, workspace, previous_error);
        } else {
            x.iter_mut().zip(&workspace.step).for_each(|(x, step)| *x = flush(*x + step));
        }
        // Newton's method converges at least linearly with this factor: what is left is below the tolerance, if the true
        // residual agrees.
        let judges = options.acceptance != Acceptance::Step;
        let settled = error <= 1.0 || judges && error * (error / last_error) <= LAST_STEP;
        last_error = error;
        if problem.is_linear() {
            // Nothing else looks at this point again; evaluated there, the problem knows which equation it is.
            if x[..unknowns].iter().all(|value| value.is_finite()) {
                return Ok(iteration);
            }
            problem.linearise(x);
            return Err(NewtonFailure::NotFinite);
        }
        if settled && exact && (!judges || problem.residual_error(x, iteration > 1 || error <= 1.0) <= 1.0) {
            return Ok(iteration);
        }
    }
    Err(NewtonFailure::TooManyIterations { worst })
}

/// Largest expected step, relative to the tolerance, that need not be taken.
const LAST_STEP: f64 = 0.5;

/// Far below any tolerance: such values count as 0, since arithmetic with denormal numbers is a hundred times slower.
const NOTHING: f64 = 1e-150;

fn flush(value: f64) -> f64 {
    if value.abs() < NOTHING { 0.0 } else { value }
}

/// Takes the step, or the half, quarter, eighth of it while the residual would grow more than tenfold; returns the error
/// of the residual there.
fn damp(problem: &mut impl Problem, x: &mut [f64], workspace: &mut NewtonWorkspace, previous_error: f64) -> f64 {
    workspace.trial.clear();
    workspace.trial.extend_from_slice(x);
    let mut factor = 1.0;
    loop {
        for (x, (start, step)) in x.iter_mut().zip(workspace.trial.iter().zip(&workspace.step)) {
            *x = start + factor * step;
        }
        let error = problem.residual_error(x, true);
        if error <= 10.0 * previous_error || factor < 0.2 {
            return error;
        }
        factor *= 0.5;
    }
}

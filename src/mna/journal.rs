//! How solutions were found: every method that was tried, and the steps of those that follow a parameter.

/// A method that was tried and how it ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Attempt {
    pub method: &'static str,
    pub iterations: usize,
    pub failure: Option<String>,
    /// The unknown that the failure is about.
    pub worst: Option<usize>,
    pub steps: Vec<ContinuationStep>,
}

/// One solution on the way of a parameter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ContinuationStep {
    /// Name and unit of the parameter.
    pub parameter: (&'static str, &'static str),
    pub value: f64,
    pub iterations: usize,
    pub converged: bool,
}

impl Attempt {
    /// Lines for a person: the method, then a line per step.
    pub fn lines(&self) -> Vec<String> {
        let ending = self.failure.as_deref().unwrap_or("found a solution");
        let steps = self.steps.iter().map(|step| {
            let (name, unit) = step.parameter;
            let ending = if step.converged { "" } else { ", no solution" };
            format!("    {name} {:.3e}{unit}: {} iterations{ending}", step.value, step.iterations)
        });
        std::iter::once(format!("{}: {ending} ({} iterations)", self.method, self.iterations)).chain(steps).collect()
    }
}

/// Attempts in the order that they were made. Of long sweeps only the first are kept.
#[derive(Debug, Default)]
pub struct Journal {
    attempts: Vec<Attempt>,
}

/// As many attempts are kept.
const KEPT: usize = 1000;

impl Journal {
    pub fn add(&mut self, attempts: &[Attempt]) {
        let room = KEPT.saturating_sub(self.attempts.len());
        self.attempts.extend(attempts.iter().take(room).cloned());
    }

    pub fn attempts(&self) -> &[Attempt] {
        &self.attempts
    }
}

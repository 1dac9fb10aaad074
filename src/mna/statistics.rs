//! What the solver did: counts and times.

use std::time::Duration;

use serde::Serialize;

/// Counts and times of one analysis, or of several added up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Statistics {
    pub unknowns: usize,
    pub matrix_entries: usize,
    /// Accepted time points (or sweep points).
    pub steps: usize,
    pub rejected_steps: usize,
    pub newton_iterations: usize,
    pub factorisations: usize,
    pub refactorisations: usize,
    /// Solutions of arrays by solvers of their own, and rounds of relaxation that they took.
    pub array_solutions: usize,
    pub array_rounds: usize,
    #[serde(serialize_with = "seconds")]
    pub evaluation_time: Duration,
    #[serde(serialize_with = "seconds")]
    pub factorisation_time: Duration,
    #[serde(serialize_with = "seconds")]
    pub solution_time: Duration,
    #[serde(serialize_with = "seconds")]
    pub total_time: Duration,
}

fn seconds<S: serde::Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(duration.as_secs_f64())
}

impl Statistics {
    /// Adds the counts and times of `other`; sizes are the larger.
    pub fn add(&mut self, other: &Statistics) {
        self.unknowns = self.unknowns.max(other.unknowns);
        self.matrix_entries = self.matrix_entries.max(other.matrix_entries);
        self.steps += other.steps;
        self.rejected_steps += other.rejected_steps;
        self.newton_iterations += other.newton_iterations;
        self.factorisations += other.factorisations;
        self.refactorisations += other.refactorisations;
        self.array_solutions += other.array_solutions;
        self.array_rounds += other.array_rounds;
        self.evaluation_time += other.evaluation_time;
        self.factorisation_time += other.factorisation_time;
        self.solution_time += other.solution_time;
        self.total_time += other.total_time;
    }

    /// One line for a person.
    pub fn summary(&self) -> String {
        let arrays = match (self.array_solutions, self.array_rounds) {
            (0, _) => String::new(),
            (solutions, rounds) => format!("{solutions} solutions of arrays by relaxation ({rounds} rounds), "),
        };
        format!(
            "{} unknowns, {} points ({} rejected), {} Newton iterations, {} factorisations + {} refactorisations, {arrays}{:.3} s",
            self.unknowns,
            self.steps,
            self.rejected_steps,
            self.newton_iterations,
            self.factorisations,
            self.refactorisations,
            self.total_time.as_secs_f64()
        )
    }
}

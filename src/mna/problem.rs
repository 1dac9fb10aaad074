//! The system as a problem for Newton's method.

use std::time::Instant;

use super::system::System;
use crate::devices::assembly::UnknownKind;
use crate::devices::group::Stamp;
use crate::numerics::newton::{Linearisation, Problem, Singular};

/// By how many roundings of the largest unknown the terms of a residual may be off.
const ROUNDINGS: f64 = 4.0;

impl System {
    /// What one conductance of 1 S may be off by at `x`, A: with hundreds of volts at milliohms, nanoamperes are rounding.
    fn rounding(&self, x: &[f64]) -> f64 {
        let voltages = self.unknowns.iter().zip(x).filter(|(info, _)| info.kind == UnknownKind::Voltage);
        ROUNDINGS * f64::EPSILON * voltages.fold(0.0, |largest: f64, (_, value)| largest.max(value.abs()))
    }
}

impl Problem for System {
    fn is_linear(&self) -> bool {
        self.linear
    }

    fn linearise(&mut self, x: &[f64]) -> Linearisation {
        let start = self.timer();
        self.update_base();
        self.start_residual(x);
        self.magnitude.copy_from_slice(&self.f);
        let mut limited = false;
        if !self.linear || !self.factor_is_current {
            self.matrix.copy_from_slice(&self.base);
        }
        let bypass = self.bypass();
        let mut stamp = Stamp {
            x,
            f: &mut self.f,
            q: &mut self.q,
            magnitude: &mut self.magnitude,
            matrix: &mut self.matrix,
            leading: &self.leading,
            history: &self.history,
            bypass,
        };
        for group in self.groups.iter_mut().filter(|group| !group.is_linear()) {
            limited |= group.stamp(&self.environment, &mut stamp);
        }
        self.assemble_residual(x, !self.factor_is_current);
        self.statistics.newton_iterations += 1;
        if let Some(start) = start {
            self.statistics.evaluation_time += start.elapsed();
        }
        match (self.right[..self.n].iter().all(|value| value.is_finite()), limited) {
            (false, _) => Linearisation::NotFinite,
            (true, true) => Linearisation::Limited,
            (true, false) => Linearisation::Exact,
        }
    }

    fn newton_step(&mut self, step: &mut [f64]) -> Result<(), Singular> {
        let start = self.timer();
        self.factorise()?;
        let middle = start.map(|start| {
            self.statistics.factorisation_time += start.elapsed();
            Instant::now()
        });
        for (target, value) in step.iter_mut().zip(&self.right) {
            *target = -value;
        }
        if let Some(factor) = &self.factor {
            factor.solve(&mut step[..self.n], &mut self.workspace);
        }
        if let Some(middle) = middle {
            self.statistics.solution_time += middle.elapsed();
        }
        Ok(())
    }

    fn residual_error(&mut self, x: &[f64]) -> f64 {
        self.evaluate(x);
        self.assemble_residual(x, false);
        self.pull_magnitude(x);
        let relative = self.circuit.options.reltol;
        let rounding = self.rounding(x);
        let mut worst: f64 = 0.0;
        for row in 0..self.n {
            let scale = self.magnitude[row].abs() + (self.leading[row] * self.q[row]).abs();
            let floor = match self.unknowns[row].kind {
                UnknownKind::State { .. } => self.residual_floor[row] * (1.0 + self.leading[row]),
                _ => self.residual_floor[row],
            };
            let sums = self.conductance_sums[row] + self.leading[row] * self.capacitance_sums[row];
            let tolerance = relative * scale + floor + rounding * sums;
            let residual = self.right[row].abs();
            if !residual.is_finite() || !tolerance.is_finite() {
                return f64::INFINITY;
            }
            if residual > worst * tolerance {
                worst = residual / tolerance;
            }
        }
        worst
    }

    fn step_error(&self, x: &[f64], step: &[f64]) -> (f64, usize) {
        let relative = self.circuit.options.reltol;
        let (rounding, leading) = (self.rounding(x), self.leading[self.n]);
        let mut worst = (0.0, 0);
        for (index, (&step, floor)) in step.iter().zip(&self.step_floor).enumerate() {
            let largest = x[index].abs().max((x[index] + step).abs());
            let [conductance, capacitance] = self.current_sums[index];
            let tolerance = relative * largest + floor + rounding * (conductance + leading * capacitance);
            if step.abs() > worst.0 * tolerance || step.is_nan() {
                worst = (step.abs() / tolerance, index);
            }
        }
        worst
    }
}

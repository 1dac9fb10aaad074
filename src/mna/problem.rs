//! The system as a problem for Newton's method.

use std::time::Instant;

use super::system::System;
use crate::devices::assembly::UnknownKind;
use crate::devices::group::Stamp;
use crate::numerics::newton::{Linearisation, Problem, Singular};

/// By how many roundings of the largest unknown the terms of a residual may be off.
const ROUNDINGS: f64 = 4.0;

impl System {
    /// What every row may be off by at `x`, since the terms that cancel in it are rounded: hundreds of volts at milliohms leave
    /// picoamperes. By the matrix of the last linearisation.
    fn rounding(&self, x: &[f64]) -> Vec<f64> {
        let mut sums = vec![0.0; self.n];
        for (&row, value) in self.pattern.rows.iter().zip(&self.matrix) {
            sums[row as usize] += value.abs();
        }
        let voltages = self.unknowns.iter().zip(x).filter(|(info, _)| info.kind == UnknownKind::Voltage);
        let largest = voltages.fold(0.0, |largest: f64, (_, value)| largest.max(value.abs()));
        sums.iter_mut().for_each(|sum| *sum *= ROUNDINGS * f64::EPSILON * largest);
        sums
    }

    /// Largest ratio of a residual to its tolerance, which `rounding` adds to where it is given.
    fn worst_residual(&self, rounding: Option<&[f64]>) -> f64 {
        let relative = self.circuit.options.reltol;
        let mut worst: f64 = 0.0;
        for row in 0..self.n {
            let scale = self.magnitude[row].abs() + (self.leading[row] * self.q[row]).abs();
            let floor = match self.unknowns[row].kind {
                UnknownKind::State { .. } => self.residual_floor[row] * (1.0 + self.leading[row]),
                _ => self.residual_floor[row],
            };
            let tolerance = relative * scale + floor + rounding.map_or(0.0, |rounding| rounding[row]);
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

    /// Largest ratio of a step to the tolerance of its unknown among those that `of` holds of, with the unknown's index.
    fn worst_step(
        &self,
        x: &[f64],
        step: &[f64],
        floor: impl Fn(usize) -> f64,
        of: impl Fn(usize) -> bool,
    ) -> (f64, usize) {
        let relative = self.circuit.options.reltol;
        let mut worst = (0.0, 0);
        for (index, &step) in step.iter().enumerate() {
            let swing = if self.state_scale[index].is_nan() { self.swing.size(index) } else { 0.0 };
            let largest = x[index].abs().max((x[index] + step).abs()).max(swing);
            let tolerance = relative * largest + floor(index);
            if (step.abs() > worst.0 * tolerance || step.is_nan()) && of(index) {
                worst = (step.abs() / tolerance, index);
            }
        }
        worst
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
        self.stored.iter_mut().zip(&self.q).for_each(|(stored, charge)| *stored = charge.abs());
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
            stored: &mut self.stored,
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

    fn residual_error(&mut self, x: &[f64], rounded: bool) -> f64 {
        self.evaluate(x);
        self.assemble_residual(x, false);
        self.pull_magnitude(x);
        let worst = self.worst_residual(None);
        if worst <= 1.0 || worst.is_infinite() || !rounded {
            worst
        } else {
            self.worst_residual(Some(&self.rounding(x)))
        }
    }

    fn step_error(&self, x: &[f64], step: &[f64]) -> (f64, usize) {
        let floor = |index: usize| self.step_floor[index];
        let worst = self.worst_step(x, step, floor, |_| true);
        let is_current = |index: usize| self.unknowns[index].kind == UnknownKind::Current;
        if worst.0 <= 1.0 || !is_current(worst.1) || self.worst_step(x, step, floor, |index| !is_current(index)).0 > 1.0
        {
            return worst;
        }
        // Only currents still move: as much as the rows that they are in are rounded?
        let rounding = self.rounding(x);
        let rounded = |index: usize| {
            let rows = self.pattern.column(index).map(|slot| rounding[self.pattern.rows[slot] as usize]);
            floor(index) + if is_current(index) { rows.fold(0.0, f64::max) } else { 0.0 }
        };
        self.worst_step(x, step, rounded, |_| true)
    }
}

//! The system as a problem for Newton's method.

use std::time::Instant;

use super::system::System;
use crate::devices::assembly::UnknownKind;
use crate::devices::group::Stamp;
use crate::numerics::newton::{Linearisation, Problem, Singular};

/// By how many roundings of their unknowns the terms of a residual may be off.
const ROUNDINGS: f64 = 4.0;

impl System {
    /// What every row may be off by at `x`, since the terms that cancel in it are rounded: hundreds of volts at milliohms leave
    /// picoamperes. By the matrix of the last linearisation.
    fn rounding(&self, x: &[f64]) -> Vec<f64> {
        let is_voltage = |index: usize| self.unknowns[index].kind == UnknownKind::Voltage;
        let voltages = x[..self.n].iter().enumerate().filter(|&(index, _)| is_voltage(index));
        let largest = voltages.fold(0.0, |largest: f64, (_, value)| largest.max(value.abs()));
        let mut sums = vec![0.0; self.n];
        for (column, value) in x[..self.n].iter().enumerate() {
            // Of voltages differences count, which are rounded as those are that they are made of.
            let size = if is_voltage(column) { largest } else { value.abs() };
            for slot in self.pattern.column(column) {
                sums[self.pattern.rows[slot] as usize] += self.matrix[slot].abs() * (ROUNDINGS * f64::EPSILON * size);
            }
        }
        sums
    }

    /// Largest ratio of a residual to its tolerance, which `rounding` adds to where it is given.
    fn worst_residual(&self, rounding: Option<&[f64]>) -> f64 {
        let (n, relative) = (self.n, self.circuit.options.reltol);
        // As long as each other, so that no index has to be checked.
        let [magnitude, leading, charge] = [&self.magnitude[..n], &self.leading[..n], &self.q[..n]];
        let [floors, scales, right] = [&self.residual_floor[..n], &self.state_scale[..n], &self.right[..n]];
        let (mut worst, mut all): (f64, f64) = (0.0, 0.0);
        for row in 0..n {
            let scale = magnitude[row].abs() + (leading[row] * charge[row]).abs();
            let of_state = if scales[row].is_nan() { 1.0 } else { 1.0 + leading[row] };
            let tolerance = relative * scale + floors[row] * of_state + rounding.map_or(0.0, |rounding| rounding[row]);
            let residual = right[row].abs();
            // What is not finite anywhere makes this so.
            all += residual + tolerance;
            if residual > worst * tolerance {
                worst = residual / tolerance;
            }
        }
        if all.is_finite() { worst } else { f64::INFINITY }
    }

    /// Makes `worst`, a ratio of a step to its tolerance with its unknown's index, that of `index` if this is larger; `added` is what
    /// the tolerance is larger by.
    #[inline(always)]
    fn widen(&self, worst: &mut (f64, usize), at: f64, step: f64, index: usize, added: f64) {
        let swing = if self.state_scale[index].is_nan() { self.swing.size(index) } else { 0.0 };
        let largest = at.abs().max((at + step).abs()).max(swing);
        let tolerance = self.circuit.options.reltol * largest + self.step_floor[index] + added;
        if step.abs() > worst.0 * tolerance || step.is_nan() {
            *worst = (step.abs() / tolerance, index);
        }
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

    fn step_error(&self, x: &[f64], step: &[f64], rounded: bool) -> (f64, usize) {
        let (mut currents, mut others) = ((0.0, 0), (0.0, 0));
        for (index, (&at, &step)) in x.iter().zip(step).enumerate() {
            let worst = if self.is_current[index] { &mut currents } else { &mut others };
            self.widen(worst, at, step, index, 0.0);
        }
        if rounded && currents.0 > 1.0 && others.0 <= 1.0 {
            // Only currents still move: as much as the rows that they are in are rounded?
            let rounding = self.rounding(x);
            currents = (0.0, 0);
            for (index, (&at, &step)) in x.iter().zip(step).enumerate().filter(|&(index, _)| self.is_current[index]) {
                let rows = self.pattern.column(index).map(|slot| rounding[self.pattern.rows[slot] as usize]);
                self.widen(&mut currents, at, step, index, rows.fold(0.0, f64::max));
            }
        }
        if others.0.is_nan() || others.0 >= currents.0 { others } else { currents }
    }
}

//! One segment of the drive, from corner to corner.

use rayon::prelude::*;

use super::condensed::ActiveCell;
use super::control::{StepControl, Verdict};
use super::held::HeldCurrents;
use super::latency::{CellMemory, Limits, Stretch};
use super::network::{Branches, NoSolution};
use super::waveform::{LineVoltages, Segment, Waveform};
use super::{ArrayTransient, DynamicCells};
use crate::diagnostic::Diagnostic;
use crate::numerics::integrator::predictor;

/// Cells that one thread takes at least.
const SHARE: usize = 32;

/// A latent cell's current follows its states in steps of this size.
const UNSEEN: f64 = 1e-11;

/// Part of the largest voltage of a drive below which a cell is at rest.
const QUIET: f64 = 0.1;

/// Voltages of the lines at a time point, relative to their sources.
type Lines = (Vec<f64>, Vec<f64>);

/// All cells: those with states under way, and those whose states are held.
struct Bank<'a, C> {
    cells: &'a C,
    held: &'a mut HeldCurrents,
    states: &'a [f64],
    active: &'a mut [ActiveCell],
    leading: f64,
    columns: usize,
    stride: usize,
}

impl<C: DynamicCells> Branches for Bank<'_, C> {
    fn evaluate(&mut self, drops: &[f64], currents: &mut [f64], conductances: &mut [f64]) -> bool {
        let count = self.cells.states();
        if self.active.len() < self.cells.len() {
            let size = (self.columns, self.stride);
            self.held.evaluate((self.cells, self.states), size, drops, currents, conductances);
        }
        let (cells, leading) = (self.cells, self.leading);
        let solve = |cell: &mut ActiveCell| cell.condense(cells, count, drops[cell.place], leading);
        let solved = self.active.par_iter_mut().with_min_len(SHARE).map(solve).reduce(|| true, |a, b| a && b);
        for cell in &*self.active {
            currents[cell.place] = cell.current;
            conductances[cell.place] = cell.conductance;
        }
        solved
    }
}

/// A segment under way.
struct Course {
    active: Vec<ActiveCell>,
    is_active: Vec<bool>,
    /// Lines at past points, the newest first.
    past: Vec<Lines>,
    /// Lines at the end of the segment with all states held.
    ahead: Lines,
    /// Drops at its start.
    drops: Vec<f64>,
    quiet: f64,
}

impl<C: DynamicCells> ArrayTransient<'_, C> {
    /// Follows all segments.
    pub(super) fn follow(&mut self, waveform: &Waveform, observe: &mut dyn FnMut(&Self)) -> Result<(), Diagnostic> {
        let options = self.options;
        let mut control = StepControl::new(options.reltol, options.state_tolerance, options.largest_step);
        let corners = waveform.segments().iter().map(|segment| &segment.end).chain([waveform.start()]);
        let quiet = QUIET * corners.map(largest_difference).fold(0.0, f64::max);
        self.settle(waveform.start())?;
        observe(self);
        let mut before = waveform.start();
        for segment in waveform.segments() {
            self.follow_segment(before, segment, quiet, &mut control, observe)?;
            before = &segment.end;
        }
        Ok(())
    }

    /// Solves the lines for these sources with all states held.
    fn settle(&mut self, drive: &LineVoltages) -> Result<(), Diagnostic> {
        self.network.drive.clone_from(drive);
        if largest_difference(drive) == 0.0 {
            self.network.word.fill(0.0);
            self.network.bit.fill(0.0);
        }
        self.solve(&mut [], 0.0).map_err(|reason| self.no_solution(reason))
    }

    fn solve(&mut self, active: &mut [ActiveCell], leading: f64) -> Result<(), NoSolution> {
        let mut bank = Bank {
            cells: self.cells,
            held: &mut self.held,
            states: &self.states,
            active,
            leading,
            columns: self.array.columns,
            stride: self.network.stride,
        };
        let sweeps = self.network.solve(&mut bank, self.options.kirchhoff)?;
        self.statistics.sweeps += sweeps as u64;
        Ok(())
    }

    fn follow_segment(
        &mut self,
        start: &LineVoltages,
        segment: &Segment,
        quiet: f64,
        control: &mut StepControl,
        observe: &mut dyn FnMut(&Self),
    ) -> Result<(), Diagnostic> {
        let power = self.network.power();
        let first = self.lines();
        let drops = self.network.drops.clone();
        self.settle(&segment.end)?;
        let ahead = self.lines();
        let mut course = Course { active: Vec::new(), is_active: Vec::new(), past: vec![first], ahead, drops, quiet };
        self.find_active(&mut course, segment.duration);
        if course.active.is_empty() {
            self.time += segment.duration;
            self.energy += 0.5 * segment.duration * (power + self.network.power());
            self.statistics.steps += 1;
            observe(self);
        } else {
            self.take_steps(&mut course, (start, power), segment, control, observe)?;
        }
        self.advance_latent(&mut course, segment.duration);
        Ok(())
    }

    fn lines(&self) -> Lines {
        (self.network.word.clone(), self.network.bit.clone())
    }

    /// Which cells take the common steps; the network is at the end of the segment, states held.
    fn find_active(&mut self, course: &mut Course, duration: f64) {
        let (count, columns, stride) = (self.cells.states(), self.array.columns, self.network.stride);
        let (cells, drops, ends) = (self.cells, &course.drops, &self.network.drops);
        let limits = Limits {
            share: self.options.latency,
            relative: self.options.reltol,
            absolute: self.options.state_tolerance,
        };
        if limits.share == 0.0 {
            course.is_active = vec![true; cells.len()];
        } else {
            let width = self.rates.cell_width();
            let memories = self.rates.values_mut().par_chunks_mut(width).zip(self.states.par_chunks(count));
            let judge = |(cell, (memory, states)): (usize, (&mut [f64], &[f64]))| {
                let place = cell / columns * stride + cell % columns;
                let stretch = Stretch { duration, drops: [drops[place], ends[place]], quiet: course.quiet };
                !CellMemory::new(cell, memory).is_latent(cells, states, &stretch, &limits)
            };
            course.is_active = memories.enumerate().with_min_len(1024).map(judge).collect();
        }
        let active = (0..cells.len()).filter(|&cell| course.is_active[cell]).map(|cell| {
            let (place, states) = (cell / columns * stride + cell % columns, &self.states[cell * count..][..count]);
            let rate = cells.linearise(cell, drops[place], states).rate;
            ActiveCell::new(cell, place, states, rate)
        });
        course.active = active.collect();
    }

    /// Takes the common steps to the end of the segment.
    fn take_steps(
        &mut self,
        course: &mut Course,
        (start, mut power): (&LineVoltages, f64),
        segment: &Segment,
        control: &mut StepControl,
        observe: &mut dyn FnMut(&Self),
    ) -> Result<(), Diagnostic> {
        let (begin, count) = (self.time, self.cells.states());
        let mut done = 0.0;
        control.restart(segment.duration);
        loop {
            let (step, lands) = control.propose(segment.duration - done);
            let part = if lands { 1.0 } else { (done + step) / segment.duration };
            self.place_drive(start, &segment.end, part);
            self.predict(course, control, step / (segment.duration - done));
            let leading = prepare(&mut course.active, count, control);
            if let Err(reason) = self.solve(&mut course.active, leading) {
                self.statistics.rejected += 1;
                if !control.shrink() {
                    return Err(self.no_solution(reason));
                }
                continue;
            }
            course.active.iter_mut().for_each(|cell| cell.find_rate(leading));
            if control.judge(&course.active, count) == Verdict::Reject {
                self.statistics.rejected += 1;
                continue;
            }
            control.accept();
            done += step;
            self.time = begin + if lands { segment.duration } else { done };
            let now = self.network.power();
            self.energy += 0.5 * step * (power + now);
            power = now;
            self.accept(course, count);
            observe(self);
            if lands {
                return Ok(());
            }
        }
    }

    fn place_drive(&mut self, start: &LineVoltages, end: &LineVoltages, part: f64) {
        let mix = |target: &mut [f64], a: &[f64], b: &[f64]| {
            for ((target, a), b) in target.iter_mut().zip(a).zip(b) {
                *target = if part == 1.0 { *b } else { a + part * (b - a) };
            }
        };
        mix(&mut self.network.drive.word, &start.word, &end.word);
        mix(&mut self.network.drive.bit, &start.bit, &end.bit);
    }

    /// First guess of the lines: a polynomial through past points, or on the way to the end of the segment; and of the states.
    fn predict(&mut self, course: &mut Course, control: &StepControl, of_rest: f64) {
        let order = control.depth().min(course.past.len()).min(3) - 1;
        let weights = predictor(order, control.steps());
        let guess = |target: &mut [f64], of: &dyn Fn(&Lines) -> &[f64]| {
            if order == 0 {
                let pairs = of(&course.past[0]).iter().zip(of(&course.ahead));
                target.iter_mut().zip(pairs).for_each(|(target, (now, end))| *target = now + of_rest * (end - now));
                return;
            }
            target.fill(0.0);
            for (past, weight) in course.past[..=order].iter().zip(weights) {
                target.iter_mut().zip(of(past)).for_each(|(target, past)| *target += weight * past);
            }
        };
        guess(&mut self.network.word, &|lines| &lines.0);
        guess(&mut self.network.bit, &|lines| &lines.1);
        course.active.iter_mut().for_each(|cell| cell.predict(control));
    }

    fn accept(&mut self, course: &mut Course, count: usize) {
        for cell in &mut course.active {
            cell.accept();
            self.states[cell.cell * count..][..count].copy_from_slice(&cell.states[..count]);
        }
        if course.past.len() < 3 {
            course.past.insert(0, self.lines());
        } else {
            course.past.rotate_right(1);
            course.past[0].0.copy_from_slice(&self.network.word);
            course.past[0].1.copy_from_slice(&self.network.bit);
        }
        self.statistics.steps += 1;
        self.statistics.active += course.active.len() as u64;
    }

    /// The latent cells follow to the end of the segment.
    fn advance_latent(&mut self, course: &mut Course, duration: f64) {
        let (count, columns, stride) = (self.cells.states(), self.array.columns, self.network.stride);
        let place = |cell: usize| cell / columns * stride + cell % columns;
        if course.active.len() < self.cells.len() {
            let (cells, ends) = (self.cells, &self.network.drops);
            let width = self.rates.cell_width();
            let memories = self.rates.values_mut().par_chunks_mut(width).zip(self.states.par_chunks_mut(count));
            memories.enumerate().with_min_len(1024).for_each(|(cell, (memory, states))| {
                if !course.is_active[cell] {
                    let drops = [course.drops[place(cell)], ends[place(cell)]];
                    let stretch = Stretch { duration, drops, quiet: course.quiet };
                    CellMemory::new(cell, memory).advance(cells, states, &stretch);
                }
            });
        }
        for cell in 0..self.cells.len() {
            let (states, seen) = (cell * count..(cell + 1) * count, &mut self.seen);
            let moved = self.states[states.clone()].iter().zip(&seen[states.clone()]);
            if moved.into_iter().any(|(now, seen)| (now - seen).abs() > UNSEEN) {
                seen[states.clone()].copy_from_slice(&self.states[states.clone()]);
                self.held.update(self.cells, cell, place(cell), &self.states[states]);
            }
        }
    }

    fn no_solution(&self, reason: NoSolution) -> Diagnostic {
        let time = self.time;
        match reason {
            NoSolution::Lines => {
                Diagnostic::error(format!("the voltages of the array's lines are not found at {time:.6e} s"))
                    .hint("the wires take nearly all of the voltage: use smaller tiles, or less wire resistance")
            }
            NoSolution::Cells => {
                Diagnostic::error(format!("the states of the array's cells are not found at {time:.6e} s"))
                    .hint("use longer edges or lower voltages")
            }
        }
    }
}

/// The formula of the step under way for every active cell; returns its leading coefficient.
pub(super) fn prepare(active: &mut [ActiveCell], count: usize, control: &StepControl) -> f64 {
    let coefficients = control.coefficients();
    let weights = &coefficients.history[..coefficients.depth];
    for cell in active {
        for k in 0..count {
            cell.known[k] = weights.iter().zip(&cell.past).map(|(weight, past)| weight * past[k]).sum();
        }
    }
    coefficients.leading
}

/// Largest voltage between two sources, V.
fn largest_difference(drive: &LineVoltages) -> f64 {
    let ends =
        |values: &[f64]| values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(*v), b.max(*v)));
    let (word, bit) = (ends(&drive.word), ends(&drive.bit));
    (word.1 - bit.0).abs().max((bit.1 - word.0).abs())
}

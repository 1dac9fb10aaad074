//! Devices that change at events, and those that remember accepted time points.

use faer::c64;

use super::system::System;
use crate::devices::device::{Moment, Occurrence};
use crate::numerics::random::hash_of;
use crate::numerics::tape::Tape;

impl System {
    pub fn has_events(&self) -> bool {
        self.groups.iter().any(|group| group.has_events())
    }

    pub fn remembers(&self) -> bool {
        self.groups.iter().any(|group| group.remembers())
    }

    /// Calls `visit` with discrete unknown (none where the event changes a memory), event function, and value after the event.
    pub fn events(&self, x: &[f64], visit: &mut dyn FnMut(Option<u32>, f64, f64)) {
        for group in self.groups.iter().filter(|group| group.has_events()) {
            group.events(x, visit);
        }
    }

    /// Discrete unknowns whose event function is positive at `x`, and the values that they move to.
    pub fn moves(&self, x: &[f64]) -> Vec<(usize, f64)> {
        let mut moves = Vec::new();
        self.events(x, &mut |unknown, event, after| {
            if let Some(unknown) = unknown.filter(|_| event > 0.0) {
                moves.push((unknown as usize, after));
            }
        });
        moves
    }

    /// Devices forget what they remember, and are at rest.
    pub fn forget(&mut self) {
        self.groups.iter_mut().for_each(|group| group.forget());
    }

    /// A transient analysis starts at `x`: memories are clean. With `from_initial` those of `ic=` values count.
    pub fn begin(&mut self, x: &[f64], from_initial: bool) {
        self.swing.start(x);
        self.groups.iter_mut().for_each(|group| group.begin(x, from_initial));
    }

    /// Takes note of an accepted point: how far unknowns swing.
    pub fn follow(&mut self, x: &[f64]) {
        self.swing.follow(x);
    }

    /// A guess of where `unknown` goes from `at`, no farther than it has swung lately.
    pub fn within_reach(&self, unknown: usize, at: f64, guess: f64) -> f64 {
        self.swing.clamp(unknown, at, guess)
    }

    /// Writes guesses over those unknowns in `x` that follow from others at once: values of sources, `ic=`.
    pub fn guess(&self, x: &mut [f64]) {
        self.groups.iter().for_each(|group| group.guess(&self.environment, x));
        x[self.len()] = 0.0;
    }

    /// Tells devices that remember of an accepted point.
    pub fn accept(&mut self, x: &mut [f64], moment: &Moment) -> Occurrence {
        let groups = self.groups.iter_mut();
        groups.map(|group| group.accept(x, moment)).max().unwrap_or(Occurrence::Nothing)
    }

    /// Writes what devices remember and where discrete unknowns are held, or reads it back.
    pub fn memory(&mut self, tape: &mut Tape) {
        self.swing.memory(tape);
        self.groups.iter_mut().for_each(|group| group.memory(tape));
        self.held.iter_mut().for_each(|held| tape.number(&mut held.value));
    }

    /// A number for the names of all unknowns: systems with the same one have the same unknowns.
    pub fn fingerprint(&self) -> u64 {
        let names = (0..self.len()).map(|unknown| hash_of(&self.unknown_name(unknown)));
        names.fold(self.len() as u64, |sum, hash| sum.rotate_left(5) ^ hash)
    }

    /// Longest time step that the devices' memories allow.
    pub fn longest_step(&self) -> Option<f64> {
        self.groups.iter().filter_map(|group| group.longest_step()).reduce(f64::min)
    }

    /// Adds what is not G + jωC to a small-signal matrix in slot order.
    pub fn add_admittances(&self, frequency: f64, matrix: &mut [c64]) {
        self.groups.iter().for_each(|group| group.add_admittances(frequency, matrix));
    }
}

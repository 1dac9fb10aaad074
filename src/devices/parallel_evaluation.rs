//! Evaluation of the devices of a large group by several threads.
//!
//! Every device is evaluated by itself into storage of its own; adding up remains in the order of the devices, so that results do
//! not depend on the number of threads.

use rayon::prelude::*;

use super::device::{Contribution, Device, Environment};
use super::uniform_group::{Devices, variables};
use crate::numerics::dual::Dual;

/// Fewer devices than this are not worth a message to another thread.
const FEWEST: usize = 128;

/// What is evaluated where.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    pub environment: &'a Environment,
    pub x: &'a [f64],
    /// How far a device may have moved from its last evaluation; 0 evaluates all.
    pub reach: f64,
    /// The first linearisation of an operating point is where devices start, wherever the unknowns are.
    pub starting: bool,
}

impl<D: Device<N>, const N: usize> Devices<D, N> {
    /// Devices for each of the threads, if there is work for several.
    fn share(&self) -> Option<usize> {
        let count = self.devices.len();
        (self.threads > 1 && count >= FEWEST).then(|| count.div_ceil(self.threads))
    }

    /// Linearises the devices and keeps the evaluations; whether one limited itself. None if one thread does better.
    pub(super) fn linearise_all(&mut self, request: &Request) -> Option<bool> {
        let share = self.share()?;
        let Request { environment, x, reach, starting } = *request;
        let count = self.devices.len();
        self.previous.resize(count, [f64::NAN; N]);
        let (places, contributions) = self.linearisations.storage(count);
        let shares =
            self.devices.chunks(share).zip(self.unknowns.chunks(share)).zip(
                self.previous.chunks_mut(share).zip(places.chunks_mut(share)).zip(contributions.chunks_mut(share)),
            );
        let limited = |((devices, unknowns), ((previous, places), contributions)): Share<D, N>| {
            let mut limited = false;
            for (index, device) in devices.iter().enumerate() {
                let x = unknowns[index].map(|unknown| x[unknown as usize]);
                let near = |(x, place): (&f64, &f64)| (x - place).abs() <= reach;
                let before = std::mem::replace(&mut previous[index], x);
                if reach > 0.0 && x.iter().zip(&places[index]).all(near) {
                    continue;
                }
                let limit = || if starting { before } else { device.limit(&x, &before, environment) };
                let place = if D::LIMITED { limit() } else { x };
                limited |= place != x;
                (previous[index], places[index]) = (place, place);
                contributions[index] = device.equations(&variables::<D, N>(&place), environment);
            }
            limited
        };
        Some(any(shares.map(|share| Box::new(move || limited(share)) as Task).collect()))
    }

    /// f and q of every device at `x`; None if one thread does better.
    pub(super) fn evaluate_all(&self, environment: &Environment, x: &[f64]) -> Option<Vec<Contribution<f64, N>>> {
        let share = self.share()?;
        let may_continue = self.may_continue(environment);
        let none = Contribution { f: [0.0; N], q: [0.0; N] };
        let mut all = vec![none; self.devices.len()];
        let values = |(part, all): (usize, &mut [Contribution<f64, N>])| {
            for (index, contribution) in all.iter_mut().enumerate() {
                *contribution = self.values(part * share + index, environment, x, may_continue);
            }
            false
        };
        any(all.chunks_mut(share).enumerate().map(|part| Box::new(move || values(part)) as Task).collect());
        Some(all)
    }
}

/// Devices and their unknowns; where they were linearised last, where they were evaluated, and what came out.
type Share<'a, D, const N: usize> =
    ((&'a [D], &'a [[u32; N]]), ((&'a mut [[f64; N]], &'a mut [[f64; N]]), &'a mut [Contribution<Dual<N>, N>]));

/// What one thread does for one share of a group.
type Task<'a> = Box<dyn FnOnce() -> bool + Send + 'a>;

/// Does all, each by some thread; whether one of them says so. The one place for all types of devices at which threads meet: of a
/// hundred it made a sixth of the program.
fn any(tasks: Vec<Task>) -> bool {
    tasks.into_par_iter().map(|task| task()).reduce(|| false, |a, b| a | b)
}

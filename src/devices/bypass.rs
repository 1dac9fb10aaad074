//! Bypass: a device whose unknowns have hardly moved since it was linearised is continued from there.
//!
//! f and q at x are taken as f(p) + J(p)·(x − p), with the place p of the last evaluation. What is left out is of second order:
//! with ψ the voltage over which the equations bend (a diode's current e^(v/ψ)), |x − p| ≤ d leaves a relative error of (d/ψ)²/2,
//! which [`reach`] keeps below a quarter of a hundredth of `reltol`. The sums of the rows of f and of q stay what they are, so that no current
//! and no charge is lost. Idle gates of a logic circuit cost a few additions then.

use super::device::{Contribution, Device, Environment};
use crate::numerics::dual::Dual;

/// Error of a continued current as part of `reltol`.
const PART: f64 = 0.0025;

/// Fewer devices than this are always evaluated: it costs next to nothing, and nothing is left out.
const FEWEST: usize = 3;

/// By how much the unknowns of a device that bends over `scale` may move, in their unit, where there are `count` of its kind.
pub fn reach(scale: f64, reltol: f64, count: usize) -> f64 {
    if count < FEWEST { 0.0 } else { scale * (2.0 * PART * reltol).sqrt() }
}

/// The last evaluation of every device of a group.
pub struct Linearisations<const N: usize> {
    places: Vec<[f64; N]>,
    contributions: Vec<Contribution<Dual<N>, N>>,
    /// What they were made in; none where there are none.
    environment: Option<Environment>,
    reach: f64,
}

impl<const N: usize> Default for Linearisations<N> {
    fn default() -> Self {
        Linearisations { places: Vec::new(), contributions: Vec::new(), environment: None, reach: 0.0 }
    }
}

impl<const N: usize> Linearisations<N> {
    /// Prepares for `count` devices in `environment`; a reach of 0 forgets everything.
    pub fn prepare(&mut self, count: usize, environment: &Environment, reach: f64) {
        if self.reach == reach && (reach == 0.0 || self.holds_in(environment)) {
            return;
        }
        self.reach = reach;
        self.environment = (reach > 0.0).then_some(Environment { time: None, ..*environment });
        self.places.clear();
        if reach > 0.0 {
            self.places.resize(count, [f64::NAN; N]);
            let nothing = Contribution { f: [Dual::from(0.0); N], q: [Dual::from(0.0); N] };
            self.contributions.resize(count, nothing);
        }
    }

    /// Whether devices may be continued in `environment`; time does not matter to those that are.
    pub fn holds_in(&self, environment: &Environment) -> bool {
        self.environment == Some(Environment { time: None, ..*environment }) && environment.time.is_some()
    }

    /// The last evaluation of device `index`, if that was near enough to `x`.
    #[inline(always)]
    pub fn near(&self, index: usize, x: &[f64; N]) -> Option<(&[f64; N], &Contribution<Dual<N>, N>)> {
        let place = self.places.get(index)?;
        let near = x.iter().zip(place).all(|(x, place)| (x - place).abs() <= self.reach);
        near.then(|| (place, &self.contributions[index]))
    }

    /// Places and evaluations of `count` devices, to be written.
    pub fn storage(&mut self, count: usize) -> (&mut [[f64; N]], &mut [Contribution<Dual<N>, N>]) {
        let nothing = Contribution { f: [Dual::from(0.0); N], q: [Dual::from(0.0); N] };
        self.places.resize(count, [f64::NAN; N]);
        self.contributions.resize(count, nothing);
        (&mut self.places, &mut self.contributions)
    }

    /// The last evaluation of device `index`, which there must be.
    pub fn last(&self, index: usize) -> (&[f64; N], &Contribution<Dual<N>, N>) {
        (&self.places[index], &self.contributions[index])
    }

    /// Keeps an evaluation.
    #[inline(always)]
    pub fn keep(&mut self, index: usize, place: &[f64; N], contribution: &Contribution<Dual<N>, N>) {
        if let Some(kept) = self.places.get_mut(index) {
            *kept = *place;
            self.contributions[index] = *contribution;
        }
    }
}

/// How far `x` is from `place`; with a reference, of what is taken against it.
#[inline(always)]
pub fn moved<D: Device<N>, const N: usize>(place: &[f64; N], x: &[f64; N]) -> [f64; N] {
    let moved: [f64; N] = std::array::from_fn(|j| x[j] - place[j]);
    match D::REFERENCE {
        Some(reference) => moved.map(|moved_by| moved_by - moved[reference]),
        None => moved,
    }
}

/// Continues linearised values to where the unknowns have `moved` from there.
#[inline(always)]
pub fn continued<const N: usize>(rows: &[Dual<N>; N], moved: &[f64; N]) -> [f64; N] {
    rows.map(|row| row.value + row.gradient.iter().zip(moved).map(|(slope, moved)| slope * moved).sum::<f64>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evaluations_are_kept_for_their_environment_and_their_reach() {
        let mut kept = Linearisations::<1>::default();
        let at = |time, gmin| Environment::at(time, gmin);
        let contribution = Contribution { f: [Dual { value: 3.0, gradient: [2.0] }], q: [Dual::from(0.0)] };
        kept.prepare(1, &at(0.0, 1e-12), 1e-3);
        kept.keep(0, &[1.0], &contribution);
        kept.prepare(1, &at(1.0, 1e-12), 1e-3);
        let (place, found) = kept.near(0, &[1.0005]).expect("within reach");
        assert!((continued(&found.f, &[1.0005 - place[0]])[0] - 3.001).abs() < 1e-12);
        assert!(kept.near(0, &[1.002]).is_none());
        kept.prepare(1, &at(1.0, 1e-9), 1e-3);
        assert!(kept.near(0, &[1.0]).is_none(), "made with another gmin");
    }

    #[test]
    fn an_exponential_is_continued_to_a_hundredth_of_the_tolerance() {
        let (scale, reltol) = (0.0259, 1e-3);
        let moved = reach(scale, reltol, FEWEST) / scale;
        let error = moved.exp() - (1.0 + moved);
        assert!(error < 0.0101 * reltol, "{error:e}");
    }
}

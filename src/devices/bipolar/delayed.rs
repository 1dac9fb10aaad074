//! The transistor with excess phase.

use faer::c64;

use super::{Bipolar, LEADS, QUANTITIES};
use crate::devices::device::{Contribution, Device, Environment, Lead, QuantityInfo};
use crate::devices::noise::NoiseSource;
use crate::numerics::scalar::Scalar;

/// A transistor whose forward current is late; unknowns: those of [`Bipolar`], then the current If/qb, the same delayed, and td
/// times the delayed one's slope, all in A.
pub struct Delayed {
    pub transistor: Bipolar,
    /// td, s.
    pub delay: f64,
}

/// The unknowns that the transistor without delay has.
fn own<T: Copy>(x: &[T; 8]) -> [T; 5] {
    std::array::from_fn(|index| x[index])
}

fn with_own<T: Copy>(of: &[T; 8], own: [T; 5]) -> [T; 8] {
    std::array::from_fn(|index| if index < 5 { own[index] } else { of[index] })
}

impl Device<8> for Delayed {
    const LIMITED: bool = true;
    const NOISY: bool = true;
    const LEADS: &'static [Lead] = LEADS;
    const QUANTITIES: &'static [QuantityInfo] = QUANTITIES;

    fn equations<S: Scalar>(&self, x: &[S; 8], environment: &Environment) -> Contribution<S, 8> {
        let [.., now, late, slope] = *x;
        let (of, forward) = self.transistor.contribution(&own(x), environment.gmin, Some(late));
        let zero = S::zero();
        let mut f = with_own(&[zero; 8], of.f);
        let mut q = with_own(&[zero; 8], of.q);
        f[5] = now - forward;
        if environment.frequency.is_some() {
            // The rest of this row is in `admittance`.
            (f[6], f[7]) = (late, slope);
        } else {
            (f[6], q[6]) = (-slope, late * self.delay);
            (f[7], q[7]) = ((slope + late - now) * 3.0, slope * self.delay);
        }
        Contribution { f, q }
    }

    fn admittance(&self, frequency: f64) -> Option<[[c64; 8]; 8]> {
        let mut part = [[c64::new(0.0, 0.0); 8]; 8];
        let (sine, cosine) = (std::f64::consts::TAU * frequency * self.delay).sin_cos();
        part[6][5] = c64::new(-cosine, sine);
        Some(part)
    }

    fn limit(&self, x: &[f64; 8], previous: &[f64; 8], environment: &Environment) -> [f64; 8] {
        with_own(x, self.transistor.limit(&own(x), &own(previous), environment))
    }

    fn is_off(&self) -> bool {
        self.transistor.is_off()
    }

    fn start(&self) -> [f64; 8] {
        with_own(&[0.0; 8], self.transistor.start())
    }

    fn stores(&self) -> [bool; 8] {
        with_own(&[false, false, false, false, false, false, true, true], self.transistor.stores())
    }

    fn initial(&self, x: &mut [f64; 8]) {
        let mut inner = own(x);
        self.transistor.initial(&mut inner);
        *x = with_own(x, inner);
    }

    fn has_initial(&self) -> bool {
        self.transistor.has_initial()
    }

    fn noise(&self, x: &[f64; 8], environment: &Environment, visit: &mut dyn FnMut(NoiseSource)) {
        self.transistor.noise(&own(x), environment, visit);
    }

    fn quantity(&self, index: usize, x: &[f64; 8], environment: &Environment) -> f64 {
        self.transistor.quantity(index, &own(x), environment)
    }
}

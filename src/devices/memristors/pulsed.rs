//! A memristor whose rates change from pulse to pulse.

use super::{Memristor, MemristorModel};
use crate::devices::device::{Contribution, Device, Environment, QuantityInfo};
use crate::devices::noise::NoiseSource;
use crate::numerics::scalar::Scalar;

/// A memristor that counts its pulses; unknowns: terminals, state, number of edges seen (odd within a pulse).
pub struct Pulsed<M> {
    pub memristor: Memristor<M>,
    /// |v| in V above which a pulse begins; it is over below half of that.
    pub gate: f64,
}

impl<M: MemristorModel> Device<4> for Pulsed<M> {
    const NOISY: bool = true;
    const DISCRETE: Option<usize> = Some(3);
    const QUANTITIES: &'static [QuantityInfo] = Memristor::<M>::QUANTITIES;

    fn equations<S: Scalar>(&self, &[p, n, s, edges]: &[S; 4], _environment: &Environment) -> Contribution<S, 4> {
        let (Memristor { model, multiplier, .. }, v) = (&self.memristor, p - n);
        let current = model.current(v, s) * *multiplier;
        let factor = model.pulse_factor((edges.value() * 0.5) as u64);
        let rate = model.pulsed_rate(v, s, factor);
        Contribution { f: [current, -current, -rate, S::zero()], q: [S::zero(), S::zero(), s, S::zero()] }
    }

    fn stores(&self) -> [bool; 4] {
        [false, false, true, false]
    }

    fn has_initial(&self) -> bool {
        true
    }

    fn initial(&self, x: &mut [f64; 4]) {
        x[2] = self.memristor.model.start();
    }

    fn event(&self, &[p, n, _, edges]: &[f64; 4]) -> f64 {
        let (size, within) = ((p - n).abs(), edges % 2.0 == 1.0);
        if within { 0.5 * self.gate - size } else { size - self.gate }
    }

    fn after_event(&self, x: &[f64; 4]) -> f64 {
        x[3] + 1.0
    }

    fn noise(&self, &[p, n, s, _]: &[f64; 4], _environment: &Environment, visit: &mut dyn FnMut(NoiseSource)) {
        visit(self.memristor.thermal_noise(p - n, s));
    }

    fn quantity(&self, index: usize, &[p, n, s, _]: &[f64; 4], environment: &Environment) -> f64 {
        self.memristor.quantity(index, &[p, n, s], environment)
    }
}

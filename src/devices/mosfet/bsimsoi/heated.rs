//! The transistor that heats itself.

use super::LEADS;
use super::quantities::QUANTITIES;
use super::transistor::{NODES, Transistor, VOLTAGES};
use crate::devices::device::{Contribution, Device, Environment, Lead, QuantityInfo};
use crate::devices::noise::NoiseSource;
use crate::numerics::scalar::Scalar;

/// Longest step of the rise of temperature between two iterations, K.
const LONGEST_STEP: f64 = 5.0;

/// A transistor with a thermal node; unknowns: those of [`Bsimsoi`](super::Bsimsoi), then how much warmer than its card says it is, K.
pub struct Heated {
    pub transistor: Transistor,
    /// 1/rth of all fingers, W/K, and cth, J/K.
    pub conductance: f64,
    pub capacitance: f64,
}

const UNKNOWNS: usize = NODES + 1;

/// What flows depend on: voltages and the rise of temperature.
const CAUSES: usize = VOLTAGES + 1;

fn nodes<T: Copy>(x: &[T; UNKNOWNS]) -> [T; NODES] {
    std::array::from_fn(|index| x[index])
}

fn with_rise<T: Copy>(of: &[T; NODES], rise: T) -> [T; UNKNOWNS] {
    std::array::from_fn(|index| if index < NODES { of[index] } else { rise })
}

impl Heated {
    /// K
    fn temperature(&self, x: &[f64; UNKNOWNS]) -> f64 {
        self.transistor.process.temperatures.own + x[NODES]
    }
}

impl Device<UNKNOWNS> for Heated {
    const LIMITED: bool = true;
    const NOISY: bool = true;
    const LEADS: &'static [Lead] = LEADS;
    const QUANTITIES: &'static [QuantityInfo] = QUANTITIES;

    fn equations<T: Scalar>(&self, x: &[T; UNKNOWNS], environment: &Environment) -> Contribution<T, UNKNOWNS> {
        let (transistor, rise) = (&self.transistor, x[NODES]);
        let [vds, vgs, vbs, ves] = transistor.voltages(&nodes(x));
        let causes: [T; CAUSES] = [vds, vgs, vbs, ves, rise];
        let [vds, vgs, vbs, ves, inner_rise] = T::inner(&causes);
        let warm = transistor.process.at_temperature(inner_rise + transistor.process.temperatures.own);
        let flows = transistor.flows(&warm, [vds, vgs, vbs, ves]).map(|value| T::outer(&causes, value));
        let (f, q) = transistor.rows(&nodes(x), &flows, environment);
        let multiplier = transistor.multiplier;
        let flow = (rise * self.conductance - flows.heat) * multiplier;
        Contribution { f: with_rise(&f, flow), q: with_rise(&q, rise * (self.capacitance * multiplier)) }
    }

    fn limit(&self, x: &[f64; UNKNOWNS], previous: &[f64; UNKNOWNS], environment: &Environment) -> [f64; UNKNOWNS] {
        let before = previous[NODES];
        let rise = x[NODES].clamp(before - LONGEST_STEP, before + LONGEST_STEP);
        with_rise(&self.transistor.limit(&nodes(x), &nodes(previous), environment), rise)
    }

    fn is_off(&self) -> bool {
        self.transistor.off
    }

    fn start(&self) -> [f64; UNKNOWNS] {
        with_rise(&self.transistor.start(), 0.0)
    }

    fn stores(&self) -> [bool; UNKNOWNS] {
        with_rise(&[true; NODES], self.capacitance > 0.0)
    }

    fn initial(&self, x: &mut [f64; UNKNOWNS]) {
        let mut of = nodes(x);
        self.transistor.set_initial(&mut of);
        *x = with_rise(&of, x[NODES]);
    }

    fn has_initial(&self) -> bool {
        self.transistor.initial.is_some()
    }

    fn noise(&self, x: &[f64; UNKNOWNS], _environment: &Environment, visit: &mut dyn FnMut(NoiseSource)) {
        let warm = self.transistor.process.at_temperature(self.temperature(x));
        self.transistor.noise(&warm, &nodes(x), visit);
    }

    fn quantity(&self, index: usize, x: &[f64; UNKNOWNS], _environment: &Environment) -> f64 {
        let warm = self.transistor.process.at_temperature(self.temperature(x));
        self.transistor.quantity(index, &warm, &nodes(x))
    }
}

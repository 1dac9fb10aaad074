//! The transistor that heats itself.

use super::parameters::HicumModel;
use super::quantities::QUANTITIES;
use super::transport::{Bias, VOLTAGES};
use super::{Common, LEADS, NODES};
use crate::devices::device::{Contribution, Device, Environment, Lead, QuantityInfo};
use crate::devices::noise::NoiseSource;
use crate::numerics::scalar::Scalar;

/// Longest step of the rise of temperature between two iterations, K.
const LONGEST_STEP: f64 = 20.0;

/// A transistor with a thermal node; unknowns: those of [`Hicum`](super::Hicum), then how much warmer than its card says it is, K.
#[derive(Debug, Clone)]
pub struct Heated {
    pub(super) common: Common,
    pub model: HicumModel,
    /// Temperature of the card and of its parameters, K.
    pub temperature: f64,
    pub nominal: f64,
    /// Of the whole, J/K.
    pub capacitance: f64,
}

/// Terminals, inner nodes, late quantities, and the rise of temperature.
pub const UNKNOWNS: usize = NODES + 1;

/// What flows depend on: voltages and the rise of temperature.
const CAUSES: usize = VOLTAGES + 1;

fn nodes<T: Copy>(x: &[T; UNKNOWNS]) -> [T; NODES] {
    std::array::from_fn(|index| x[index])
}

fn with_rise<T: Copy>(of: &[T; NODES], rise: T) -> [T; UNKNOWNS] {
    std::array::from_fn(|index| if index < NODES { of[index] } else { rise })
}

impl Device<UNKNOWNS> for Heated {
    const LIMITED: bool = true;
    const NOISY: bool = true;
    const LEADS: &'static [Lead] = LEADS;
    const QUANTITIES: &'static [QuantityInfo] = QUANTITIES;

    fn equations<T: Scalar>(&self, x: &[T; UNKNOWNS], environment: &Environment) -> Contribution<T, UNKNOWNS> {
        let (nodes, rise) = (nodes(x), x[NODES]);
        let bias = self.common.bias(&nodes);
        let causes: [T; CAUSES] = std::array::from_fn(|k| if k < VOLTAGES { bias[k] } else { rise });
        let inner = T::inner(&causes);
        let constants = &self.common.constants;
        let warm = self.model.at_temperature(inner[VOLTAGES] + self.temperature, self.nominal);
        let voltages = std::array::from_fn(|k| inner[k]);
        let flows = constants.flows(&warm, &Bias::from_list(&voltages), constants.is_delayed);
        let up = |value| T::outer(&causes, value);
        let conductances = warm.conductances.map(up);
        let (rows, heat) = self.common.rows(&nodes, &flows.map(up), &conductances, environment.gmin);
        let flow = (rise * conductances.thermal - heat) * self.common.size;
        Contribution { f: with_rise(&rows.f, flow), q: with_rise(&rows.q, rise * self.capacitance) }
    }

    fn limit(&self, x: &[f64; UNKNOWNS], previous: &[f64; UNKNOWNS], _environment: &Environment) -> [f64; UNKNOWNS] {
        let before = previous[NODES];
        let rise = x[NODES].clamp(before - LONGEST_STEP, before + LONGEST_STEP);
        with_rise(&self.common.limit(&nodes(x), &nodes(previous)), rise)
    }

    fn is_off(&self) -> bool {
        self.common.off
    }

    fn start(&self) -> [f64; UNKNOWNS] {
        with_rise(&self.common.start(), 0.0)
    }

    fn stores(&self) -> [bool; UNKNOWNS] {
        with_rise(&self.common.stores, self.capacitance > 0.0)
    }

    fn initial(&self, x: &mut [f64; UNKNOWNS]) {
        let mut of = nodes(x);
        self.common.initial(&mut of);
        *x = with_rise(&of, x[NODES]);
    }

    fn has_initial(&self) -> bool {
        self.common.initial.is_some()
    }

    fn noise(&self, x: &[f64; UNKNOWNS], environment: &Environment, visit: &mut dyn FnMut(NoiseSource)) {
        let warm = self.model.at_temperature(self.temperature + x[NODES], self.nominal);
        self.common.noise(&nodes(x), &warm, environment.gmin, visit);
    }

    fn quantity(&self, index: usize, x: &[f64; UNKNOWNS], environment: &Environment) -> f64 {
        let warm = self.model.at_temperature(self.temperature + x[NODES], self.nominal);
        self.common.quantity(index, &nodes(x), &warm, environment.gmin, x[NODES])
    }
}

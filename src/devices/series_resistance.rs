//! The resistance between a device's terminal and an internal node.

use std::borrow::Cow;

use super::assembly::Unknown;
use super::construct::Construction;
use super::device::{Contribution, Device, Environment};
use super::noise::NoiseSource;
use crate::circuit::Analysis;
use crate::circuit::analysis_card::AnalysisCard;
use crate::numerics::scalar::Scalar;

/// A constant conductance with its thermal noise.
pub struct SeriesResistance {
    /// S
    pub conductance: f64,
    /// Name of its thermal noise.
    pub name: &'static str,
    /// K
    pub temperature: f64,
}

/// The node `name` behind `part` at a terminal; the terminal itself where the conductance is infinite: without resistance.
pub fn behind(
    c: &mut Construction,
    terminal: Unknown,
    name: impl Into<Cow<'static, str>>,
    part: SeriesResistance,
) -> Unknown {
    if !part.conductance.is_finite() {
        silence(c, part.name);
        return terminal;
    }
    let inner = c.assembly.internal_node(c.id, name);
    c.assembly.add_auxiliary(c.id, part, [terminal, inner]);
    inner
}

/// The noise `name` of a resistance that is not there is listed all the same, as 0.
pub fn silence(c: &mut Construction, name: &'static str) {
    let is_asked_for = |card: &AnalysisCard| matches!(card.analysis, Analysis::Noise(_));
    if c.circuit.analyses.iter().any(is_asked_for) {
        c.assembly.silent.push((c.id, name));
    }
}

impl SeriesResistance {
    /// `size` parts of `resistance` Ω side by side, at `temperature` K; none of 0 Ω or less.
    pub fn new(name: &'static str, resistance: f64, size: f64, temperature: f64) -> Self {
        let conductance = if resistance > 0.0 { size / resistance } else { f64::INFINITY };
        SeriesResistance { conductance, name, temperature }
    }
}

impl Device<2> for SeriesResistance {
    const LINEAR: bool = true;
    const NOISY: bool = true;

    fn equations<S: Scalar>(&self, &[outer, inner]: &[S; 2], _environment: &Environment) -> Contribution<S, 2> {
        Contribution::branch((outer - inner) * self.conductance, S::zero())
    }

    fn noise(&self, _x: &[f64; 2], _environment: &Environment, visit: &mut dyn FnMut(NoiseSource)) {
        visit(NoiseSource::thermal(self.name, [0, 1], self.conductance, self.temperature));
    }
}

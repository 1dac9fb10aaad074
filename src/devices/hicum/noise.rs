//! Noise of the transistor: thermal of its resistances, shot of its junction currents, and what falls with frequency of the base
//! current and of the emitter resistance's.

use super::temperature::Warm;
use super::transport::Bias;
use super::{B, BI, BP, C, CI, Common, E, EI, NODES, S, SI};
use crate::devices::noise::{NoiseSource, flicker_of_current};

impl Common {
    /// gmin counts as a part of the junctions, as in ngspice.
    pub(super) fn noise(&self, x: &[f64; NODES], warm: &Warm<f64>, gmin: f64, visit: &mut dyn FnMut(NoiseSource)) {
        let g = &warm.conductances;
        let bias = Bias::from_list(&self.bias(x));
        let flows = self.constants.flows(warm, &bias, false);
        let least = gmin * self.multiplier / self.size;
        let mut inner = flows.ideal_be + flows.recombination + flows.barrier + bias.be * least;
        let mut perimeter = flows.ideal_perimeter + flows.perimeter_recombination + bias.perimeter * least;
        if self.constants.base.tunnels_at_perimeter {
            perimeter -= flows.tunnel;
        } else {
            inner -= flows.tunnel;
        }
        let thermal = [
            ("rcx", [C, CI], g.collector),
            ("rbx", [B, BP], g.base),
            ("rbi", [BP, BI], flows.base_conductance),
            ("re", [E, EI], g.emitter),
            ("rsu", [S, SI], self.substrate[0]),
        ];
        for (name, between, conductance) in thermal {
            if conductance > 0.0 {
                visit(NoiseSource::thermal(name, between, conductance * self.size, warm.temperature));
            }
        }
        let shot = [
            ("iavl", [CI, BI], flows.avalanche),
            ("ibci", [BI, CI], flows.ideal_bc + bias.bc * least),
            ("ibep", [BP, EI], perimeter),
            ("ijbcx", [BP, CI], flows.outer_bc + bias.outer * least),
            ("ijsc", [SI, CI], flows.substrate_diode + bias.substrate * least),
            ("it", [CI, EI], flows.forward - flows.reverse),
            ("ibei", [BI, EI], inner),
        ];
        for (name, between, current) in shot {
            visit(NoiseSource::shot(name, between, current * self.size));
        }
        let area = self.size / self.multiplier;
        let flicker = |name, between, [coefficient, exponent]: [f64; 2], current: f64| {
            let density = flicker_of_current(coefficient, current * area, exponent) * self.multiplier;
            NoiseSource { name, ..NoiseSource::flicker(between, density) }
        };
        let base = if self.flicker.is_at_perimeter { [BP, EI] } else { [BI, EI] };
        visit(flicker("1overfbe", base, self.flicker.base, inner + perimeter));
        visit(flicker("1overfre", [E, EI], self.flicker.emitter, (x[EI] - x[E]) * g.emitter));
    }
}

//! Noise of the transistor: thermal of its resistances, shot of its transport and base currents, and what falls with frequency of the
//! base currents.

use super::temperature::Warm;
use super::transport::{Bias, Flows};
use super::{B, BI, BP, BX, C, CI, CX, Common, E, EI, S, SI};
use crate::devices::noise::{NoiseSource, flicker_of_current};

impl Common {
    /// At a bias as of an npn.
    pub fn noise(&self, bias: &[f64; 6], warm: &Warm<f64>, gmin: f64, visit: &mut dyn FnMut(NoiseSource)) {
        let g = &warm.conductances;
        let bias = Bias::from_list(bias);
        let flows: Flows<f64> = self.constants.flows(warm, &bias, self.least(gmin), None);
        let epitaxial = if g.inner_collector > 0.0 { self.constants.epitaxial_conductance(warm, &bias) } else { 0.0 };
        let thermal = [
            ("rc", [C, CX], g.outer_collector),
            ("rci", [CX, CI], epitaxial),
            ("rb", [B, BX], g.outer_base),
            ("rbi", [BX, BI], g.inner_base * flows.base_charge),
            ("re", [E, EI], g.emitter),
            ("rbp", [BP, CX], g.parasitic_base * flows.parasitic_charge),
            ("rs", [S, SI], g.substrate),
        ];
        for (name, between, conductance) in thermal {
            if conductance > 0.0 {
                visit(NoiseSource::thermal(name, between, conductance * self.size, warm.temperature));
            }
        }
        visit(NoiseSource::shot("ic", [CI, EI], flows.forward * self.size));
        visit(NoiseSource::shot("ib", [BI, EI], flows.be * self.size));
        visit(NoiseSource::shot("ibep", [BX, BP], flows.bep * self.size));
        visit(NoiseSource::shot("iccp", [BX, SI], flows.parasitic * self.size));
        for (name, between, current) in [("1overfbe", [BI, EI], flows.be), ("1overfbep", [BX, BP], flows.bep)] {
            let area = self.size / self.multiplier;
            let density = flicker_of_current(self.flicker, current * area, self.flicker_exponent) * self.multiplier;
            visit(NoiseSource { name, exponent: self.flicker_frequency, ..NoiseSource::flicker(between, density) });
        }
    }
}

//! What a transistor shows.

use super::Transistor;
use super::channel::Channel;
use crate::devices::mosfet::bsim::quantities::Shown;
use crate::numerics::dual::Dual;

impl<C: Channel> Transistor<C> {
    pub(super) fn shown(&self, index: usize, voltages: [f64; 3], gmin: f64) -> f64 {
        let [vds, _, vbs] = voltages;
        let variables = Dual::<3>::variables(&voltages);
        let bias = self.bias(variables);
        let [drain, gate, _, bulk] = self.stored(variables);
        let [at_source, at_drain] = [vbs, vbs - vds].map(|voltage| Dual::<1>::variable(voltage, 0));
        let whole = self.intrinsic(voltages, gmin);
        let shown = Shown {
            current: bias.current,
            threshold: bias.conduction.threshold.value,
            saturation: bias.conduction.saturation.value,
            channel: [drain, gate, bulk],
            currents: [self.source.current(at_source, gmin), self.drain.current(at_drain, gmin)],
            charges: [self.source.charge(at_source), self.drain.charge(at_drain)],
            terminals: whole.currents,
            stored: whole.charges,
            multiplier: self.multiplier,
        };
        shown.quantity(index, voltages)
    }
}

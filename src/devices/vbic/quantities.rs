//! What a transistor shows beside its nodes.

use super::temperature::Warm;
use super::transport::{Bias, Flows};
use super::{B, BI, BX, C, Common, E, LEADS, NODES, S};
use crate::devices::device::QuantityInfo;
use crate::numerics::dual::Dual;

/// As ngspice's; currents have their signs, voltages, conductances and charges are as of an npn.
pub const QUANTITIES: &[QuantityInfo] = &[
    QuantityInfo::new("vbe", "V", "Inner base-emitter voltage"),
    QuantityInfo::new("vbc", "V", "Inner base-collector voltage"),
    QuantityInfo::new("ic", "A", "Collector current"),
    QuantityInfo::new("ib", "A", "Base current"),
    QuantityInfo::new("ie", "A", "Emitter current"),
    QuantityInfo::new("is", "A", "Current out of the substrate"),
    QuantityInfo::new("gm", "S", "Transconductance"),
    QuantityInfo::new("go", "S", "Derivative of the transport current by vbc, as in ngspice"),
    QuantityInfo::new("gpi", "S", "Input conductance"),
    QuantityInfo::new("gmu", "S", "Base-collector conductance"),
    QuantityInfo::new("gx", "S", "Conductance of the inner base"),
    QuantityInfo::new("cbe", "F", "Inner base-emitter capacitance"),
    QuantityInfo::new("cbex", "F", "Outer base-emitter capacitance"),
    QuantityInfo::new("cbc", "F", "Inner base-collector capacitance"),
    QuantityInfo::new("cbcx", "F", "Outer base-collector capacitance, of the epitaxial layer"),
    QuantityInfo::new("cbep", "F", "Base-emitter capacitance of the parasitic transistor"),
    QuantityInfo::new("cbcp", "F", "Base-collector capacitance of the parasitic transistor"),
    QuantityInfo::new("qbe", "C", "Inner base-emitter charge"),
    QuantityInfo::new("qbc", "C", "Inner base-collector charge"),
    QuantityInfo::new("qbx", "C", "Outer base-emitter charge"),
    QuantityInfo::new("p", "W", "Power"),
];

impl Common {
    pub fn quantity(&self, index: usize, x: &[f64; NODES], warm: &Warm<f64>, gmin: f64) -> f64 {
        let bias = self.bias(x);
        let variables: [Dual<6>; 6] = Dual::variables(&bias);
        let flows = self.constants.flows(warm, &Bias::from_list(&variables), self.least(gmin), None);
        let values = Flows::of(&flows, |value| value.value);
        let (rows, heat) = self.rows(x, &values, &warm.conductances);
        let into = |lead: usize| LEADS[lead].1.iter().map(|&row| rows.f[row]).sum::<f64>();
        let slope = |of: &Dual<6>, by: usize| of.gradient[by] * self.size;
        let conductance = if x[BX] == x[BI] { 0.0 } else { values.base_charge * warm.conductances.inner_base };
        [
            bias[0],
            bias[2],
            into(C),
            into(B),
            into(E),
            -into(S),
            slope(&flows.transport, 0),
            slope(&flows.transport, 2),
            slope(&flows.be, 0),
            slope(&flows.bc, 2),
            conductance * self.size,
            slope(&flows.charge_be, 0),
            slope(&flows.charge_bex, 1),
            slope(&flows.charge_bc, 2),
            slope(&flows.charge_bcx, 3),
            slope(&flows.charge_bep, 4),
            slope(&flows.charge_bcp, 5),
            values.charge_be * self.size,
            values.charge_bc * self.size,
            values.charge_bex * self.size,
            heat * self.size,
        ][index]
    }
}

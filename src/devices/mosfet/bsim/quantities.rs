//! What transistors show: of all that are in parallel, as of an n-channel.

use crate::devices::device::QuantityInfo;
use crate::numerics::dual::Dual;

pub const QUANTITIES: &[QuantityInfo] = &[
    QuantityInfo::new("id", "A", "Current of the channel into the drain, as of an n-channel"),
    QuantityInfo::new("gm", "S", "Transconductance"),
    QuantityInfo::new("gds", "S", "Drain-source conductance"),
    QuantityInfo::new("gmbs", "S", "Bulk-source transconductance"),
    QuantityInfo::new("vgs", "V", "Gate-source voltage, as of an n-channel"),
    QuantityInfo::new("vds", "V", "Drain-source voltage, as of an n-channel"),
    QuantityInfo::new("vbs", "V", "Bulk-source voltage, as of an n-channel"),
    QuantityInfo::new("vth", "V", "Threshold voltage, as of an n-channel"),
    QuantityInfo::new("vdsat", "V", "Saturation drain voltage, as of an n-channel"),
    QuantityInfo::new("qg", "C", "Charge of the gate, with overlaps"),
    QuantityInfo::new("qd", "C", "Charge of the drain, with overlap and junction"),
    QuantityInfo::new("qb", "C", "Charge of the bulk, with overlap and junctions"),
    QuantityInfo::new("cgg", "F", "∂qg/∂vg of the channel"),
    QuantityInfo::new("cgd", "F", "∂qg/∂vd of the channel"),
    QuantityInfo::new("cgs", "F", "∂qg/∂vs of the channel"),
    QuantityInfo::new("cdg", "F", "∂qd/∂vg of the channel"),
    QuantityInfo::new("cdd", "F", "∂qd/∂vd of the channel"),
    QuantityInfo::new("cds", "F", "∂qd/∂vs of the channel"),
    QuantityInfo::new("cbg", "F", "∂qb/∂vg of the channel"),
    QuantityInfo::new("cbd", "F", "∂qb/∂vd of the channel"),
    QuantityInfo::new("cbs", "F", "∂qb/∂vs of the channel"),
    QuantityInfo::new("capbd", "F", "Capacitance of the bulk-drain junction"),
    QuantityInfo::new("capbs", "F", "Capacitance of the bulk-source junction"),
    QuantityInfo::new("is", "A", "Source current, as of an n-channel"),
    QuantityInfo::new("ig", "A", "Gate current: none in DC"),
    QuantityInfo::new("ib", "A", "Bulk current, as of an n-channel"),
    QuantityInfo::new("ibs", "A", "Current of the bulk-source junction, as of an n-channel"),
    QuantityInfo::new("ibd", "A", "Current of the bulk-drain junction, as of an n-channel"),
    QuantityInfo::new("vbd", "V", "Bulk-drain voltage, as of an n-channel"),
    QuantityInfo::new("gmb", "S", "Bulk-source transconductance"),
    QuantityInfo::new("gbs", "S", "Conductance of the bulk-source junction"),
    QuantityInfo::new("gbd", "S", "Conductance of the bulk-drain junction"),
    QuantityInfo::new("von", "V", "Threshold voltage, as of an n-channel"),
    QuantityInfo::new("p", "W", "Power of channel and bulk junctions"),
];

/// What it follows from: functions of vds, vgs and vbs, of one transistor.
pub struct Shown {
    pub current: Dual<3>,
    pub threshold: f64,
    pub saturation: f64,
    /// Of drain, gate and bulk: the channel's charges.
    pub channel: [Dual<3>; 3],
    /// Currents and charges of the junctions of source and drain, as functions of their voltages.
    pub currents: [Dual<1>; 2],
    pub charges: [Dual<1>; 2],
    /// Into the drain, out of the source, out of the bulk.
    pub terminals: [f64; 3],
    /// Of drain, gate, source.
    pub stored: [f64; 3],
    pub multiplier: f64,
}

impl Shown {
    /// Quantity number `index` at vds, vgs, vbs.
    pub fn quantity(&self, index: usize, [vds, vgs, vbs]: [f64; 3]) -> f64 {
        let Shown { current, threshold, saturation, .. } = *self;
        let [to_source, to_drain] = self.currents;
        let [at_source, at_drain] = self.charges;
        let [into_drain, out_of_source, out_of_bulk] = self.terminals;
        let [drain, gate, source] = self.stored;
        let [of_drain, of_gate, of_bulk] = self.channel;
        let by_source = |charge: Dual<3>| -charge.gradient.iter().sum::<f64>();
        let all = |value: f64| value * self.multiplier;
        [
            all(current.value),
            all(current.gradient[1]),
            all(current.gradient[0]),
            all(current.gradient[2]),
            vgs,
            vds,
            vbs,
            threshold,
            saturation,
            all(gate),
            all(drain),
            all(-(drain + gate + source)),
            all(of_gate.gradient[1]),
            all(of_gate.gradient[0]),
            all(by_source(of_gate)),
            all(of_drain.gradient[1]),
            all(of_drain.gradient[0]),
            all(by_source(of_drain)),
            all(of_bulk.gradient[1]),
            all(of_bulk.gradient[0]),
            all(by_source(of_bulk)),
            all(at_drain.gradient[0]),
            all(at_source.gradient[0]),
            all(-out_of_source),
            0.0,
            all(out_of_bulk),
            all(to_source.value),
            all(to_drain.value),
            vbs - vds,
            all(current.gradient[2]),
            all(to_source.gradient[0]),
            all(to_drain.gradient[0]),
            threshold,
            all(into_drain * vds + out_of_bulk * vbs),
        ][index]
    }
}

//! What a transistor shows: of all that are in parallel, as of an n-channel.

use super::Bsim4;
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
    QuantityInfo::new("isub", "A", "Current from drain to bulk by impact ionisation"),
    QuantityInfo::new("igidl", "A", "Current from drain to bulk that the gate induces"),
    QuantityInfo::new("igisl", "A", "Current from source to bulk that the gate induces"),
    QuantityInfo::new("igs", "A", "Current from the gate through the overlap to the source"),
    QuantityInfo::new("igd", "A", "Current from the gate through the overlap to the drain"),
    QuantityInfo::new("igb", "A", "Current from the gate to the bulk"),
    QuantityInfo::new("igcs", "A", "Current from the gate by way of the channel to the source"),
    QuantityInfo::new("igcd", "A", "Current from the gate by way of the channel to the drain"),
    QuantityInfo::new("qg", "C", "Charge of the gate, with overlaps"),
    QuantityInfo::new("qd", "C", "Charge of the drain, with overlap and junction"),
    QuantityInfo::new("qs", "C", "Charge of the source, with overlap and junction"),
    QuantityInfo::new("qb", "C", "Charge of the bulk, with overlap and junctions"),
    QuantityInfo::new("cgg", "F", "∂qg/∂vg of the channel"),
    QuantityInfo::new("cgd", "F", "∂qg/∂vd of the channel"),
    QuantityInfo::new("cgs", "F", "∂qg/∂vs of the channel"),
    QuantityInfo::new("cgb", "F", "∂qg/∂vb of the channel"),
    QuantityInfo::new("cdg", "F", "∂qd/∂vg of the channel"),
    QuantityInfo::new("cdd", "F", "∂qd/∂vd of the channel"),
    QuantityInfo::new("cds", "F", "∂qd/∂vs of the channel"),
    QuantityInfo::new("cdb", "F", "∂qd/∂vb of the channel"),
    QuantityInfo::new("csg", "F", "∂qs/∂vg of the channel"),
    QuantityInfo::new("csd", "F", "∂qs/∂vd of the channel"),
    QuantityInfo::new("css", "F", "∂qs/∂vs of the channel"),
    QuantityInfo::new("csb", "F", "∂qs/∂vb of the channel"),
    QuantityInfo::new("cbg", "F", "∂qb/∂vg of the channel"),
    QuantityInfo::new("cbd", "F", "∂qb/∂vd of the channel"),
    QuantityInfo::new("cbs", "F", "∂qb/∂vs of the channel"),
    QuantityInfo::new("cbb", "F", "∂qb/∂vb of the channel"),
    QuantityInfo::new("capbd", "F", "Capacitance of the bulk-drain junction"),
    QuantityInfo::new("capbs", "F", "Capacitance of the bulk-source junction"),
    QuantityInfo::new("is", "A", "Source current, as of an n-channel"),
    QuantityInfo::new("ig", "A", "Gate current, as of an n-channel"),
    QuantityInfo::new("ib", "A", "Bulk current, as of an n-channel"),
    QuantityInfo::new("ibs", "A", "Current of the bulk-source junction, as of an n-channel"),
    QuantityInfo::new("ibd", "A", "Current of the bulk-drain junction, as of an n-channel"),
    QuantityInfo::new("vbd", "V", "Bulk-drain voltage, as of an n-channel"),
    QuantityInfo::new("gmb", "S", "Bulk-source transconductance"),
    QuantityInfo::new("gbs", "S", "Conductance of the bulk-source junction"),
    QuantityInfo::new("gbd", "S", "Conductance of the bulk-drain junction"),
    QuantityInfo::new("von", "V", "Threshold voltage, as of an n-channel"),
    QuantityInfo::new("p", "W", "Power of channel, gate and bulk junctions"),
];

/// Where the capacitances begin, and in which order charges and voltages they are of.
const CAPACITANCES: usize = 21;

impl Bsim4 {
    pub(super) fn shown(&self, index: usize, voltages: [f64; 3], gmin: f64) -> f64 {
        if (CAPACITANCES..CAPACITANCES + 16).contains(&index) {
            return self.capacitance(index - CAPACITANCES, voltages);
        }
        let [vds, vgs, vbs] = voltages;
        let bias = self.bias(Dual::<3>::variables(&voltages));
        let [junction_source, junction_drain] = [vbs, vbs - vds].map(|voltage| Dual::<1>::variable(voltage, 0));
        let to_source = self.source.current(junction_source, gmin);
        let to_drain = self.drain.current(junction_drain, gmin);
        let whole = self.intrinsic(voltages, gmin);
        let [into_drain, into_gate, into_bulk] = whole.currents;
        let [drain, gate, source] = whole.charges;
        let [current, threshold, saturation] = [bias.current, bias.conduction.threshold, bias.conduction.saturation];
        let [ionised_drain, ionised_source] = bias.ionised;
        let all = |value: f64| value * self.multiplier;
        let ends = |value: f64| value * self.multiplier / self.fingers;
        let power = into_drain * vds + into_gate * vgs + into_bulk * vbs;
        match QUANTITIES[index].name {
            "id" => all(current.value),
            "gm" => all(current.gradient[1]),
            "gds" => all(current.gradient[0]),
            "gmbs" | "gmb" => all(current.gradient[2]),
            "vgs" => vgs,
            "vds" => vds,
            "vbs" => vbs,
            "vbd" => vbs - vds,
            "vth" | "von" => threshold.value,
            "vdsat" => saturation.value,
            "isub" => all(ionised_drain.value + ionised_source.value),
            "igidl" => all(bias.leakage[0].value),
            "igisl" => all(bias.leakage[1].value),
            "igs" => all(bias.through_ends[1].value),
            "igd" => all(bias.through_ends[0].value),
            "igb" => all(bias.through_bulk.value),
            "igcs" => all(bias.through_channel[1].value),
            "igcd" => all(bias.through_channel[0].value),
            "qg" => all(gate),
            "qd" => all(drain),
            "qs" => all(source),
            "qb" => all(-(drain + gate + source)),
            "capbd" => ends(self.drain.charge(junction_drain).gradient[0]),
            "capbs" => ends(self.source.charge(junction_source).gradient[0]),
            "is" => all(-(into_drain + into_gate + into_bulk)),
            "ig" => all(into_gate),
            "ib" => all(into_bulk),
            "ibs" => ends(to_source.value),
            "ibd" => ends(to_drain.value),
            "gbs" => ends(to_source.gradient[0]),
            "gbd" => ends(to_drain.gradient[0]),
            _ => all(power),
        }
    }

    /// Number `index` of the capacitances of gate, drain, source and bulk, each by gate, drain, source and bulk.
    fn capacitance(&self, index: usize, voltages: [f64; 3]) -> f64 {
        let [drain, gate, source, bulk] = self.bias(Dual::<3>::variables(&voltages)).charges;
        let [by_drain, by_gate, by_bulk] = [gate, drain, source, bulk][index / 4].gradient;
        let by = match QUANTITIES[CAPACITANCES + index].name.as_bytes()[2] {
            b'g' => by_gate,
            b'd' => by_drain,
            b'b' => by_bulk,
            _ => -(by_drain + by_gate + by_bulk),
        };
        by * self.multiplier
    }
}

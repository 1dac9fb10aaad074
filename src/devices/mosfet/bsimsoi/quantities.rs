//! What a transistor shows: of all that are in parallel, as of an n-channel.

use super::transistor::{NODES, Transistor};
use super::warm::Warm;
use crate::devices::device::QuantityInfo;
use crate::numerics::dual::Dual;

pub const QUANTITIES: &[QuantityInfo] = &[
    QuantityInfo::new("ids", "A", "Current of the channel into the drain, as of an n-channel"),
    QuantityInfo::new("id", "A", "Current of the channel into the drain, as of an n-channel"),
    QuantityInfo::new("ic", "A", "Current of the parasitic transistor into the drain"),
    QuantityInfo::new("gm", "S", "Transconductance, with the parasitic transistor's"),
    QuantityInfo::new("gds", "S", "Drain-source conductance likewise"),
    QuantityInfo::new("gmbs", "S", "Body-source transconductance likewise"),
    QuantityInfo::new("gmids", "1/V", "gm/ids"),
    QuantityInfo::new("vgs", "V", "Gate-source voltage, as of an n-channel"),
    QuantityInfo::new("vds", "V", "Drain-source voltage, as of an n-channel"),
    QuantityInfo::new("vbs", "V", "Body-source voltage, as of an n-channel"),
    QuantityInfo::new("ves", "V", "Voltage of the back gate against the source, as of an n-channel"),
    QuantityInfo::new("vth", "V", "Threshold voltage, as of an n-channel"),
    QuantityInfo::new("vdsat", "V", "Saturation drain voltage, as of an n-channel"),
    QuantityInfo::new("ibs", "A", "Current of the body-source junction, as of an n-channel"),
    QuantityInfo::new("ibd", "A", "Current of the body-drain junction, as of an n-channel"),
    QuantityInfo::new("isub", "A", "Current into the body by impact ionisation"),
    QuantityInfo::new("igidl", "A", "Current from drain to body that the gate induces"),
    QuantityInfo::new("igisl", "A", "Current from source to body that the gate induces"),
    QuantityInfo::new("igs", "A", "Current from the gate through the overlap to the source"),
    QuantityInfo::new("igd", "A", "Current from the gate through the overlap to the drain"),
    QuantityInfo::new("igb", "A", "Current from the gate to the body"),
    QuantityInfo::new("igcs", "A", "Current from the gate by way of the channel to the source"),
    QuantityInfo::new("igcd", "A", "Current from the gate by way of the channel to the drain"),
    QuantityInfo::new("qg", "C", "Charge of the gate, with overlaps"),
    QuantityInfo::new("qd", "C", "Charge of the drain, with overlap and junction"),
    QuantityInfo::new("qs", "C", "Charge of the source, with overlap and junction"),
    QuantityInfo::new("qb", "C", "Charge of the body, with junctions"),
    QuantityInfo::new("cgg", "F", "∂qg/∂vg of the channel"),
    QuantityInfo::new("cgd", "F", "∂qg/∂vd of the channel"),
    QuantityInfo::new("cgs", "F", "∂qg/∂vs of the channel"),
    QuantityInfo::new("cdg", "F", "∂qd/∂vg of the channel"),
    QuantityInfo::new("cdd", "F", "∂qd/∂vd of the channel"),
    QuantityInfo::new("cds", "F", "∂qd/∂vs of the channel"),
    QuantityInfo::new("cbg", "F", "∂qb/∂vg of the channel"),
    QuantityInfo::new("cbd", "F", "∂qb/∂vd of the channel"),
    QuantityInfo::new("cbs", "F", "∂qb/∂vs of the channel"),
    QuantityInfo::new("capbd", "F", "Capacitance of the body-drain junction"),
    QuantityInfo::new("capbs", "F", "Capacitance of the body-source junction"),
    QuantityInfo::new("ig", "A", "Gate current, as of an n-channel"),
    QuantityInfo::new("ib", "A", "Body current, as of an n-channel"),
    QuantityInfo::new("temperature", "K", "Temperature of the transistor"),
    QuantityInfo::new("p", "W", "Power of the channel"),
];

impl Transistor {
    pub fn quantity(&self, index: usize, warm: &Warm<f64>, x: &[f64; NODES]) -> f64 {
        let name = QUANTITIES[index].name;
        let voltages = self.voltages(x);
        let [vds, vgs, vbs, ves] = voltages;
        let bias = self.bias(warm, Dual::<4>::variables(&voltages));
        let flows = self.flows(warm, voltages);
        let [_, into_gate, into_body] = flows.currents;
        let [drain, gate, back, body] = flows.charges;
        let all = |value: f64| value * self.multiplier;
        let fingers = |value: f64| all(value * self.process.layout.fingers);
        let whole = bias.current + bias.collector;
        match name {
            "ids" | "id" => fingers(bias.current.value),
            "ic" => fingers(bias.collector.value),
            "gm" => fingers(whole.gradient[1]),
            "gds" => fingers(whole.gradient[0]),
            "gmbs" => fingers(whole.gradient[2]),
            "gmids" => whole.gradient[1] / bias.current.value,
            "vgs" => vgs,
            "vds" => vds,
            "vbs" => vbs,
            "ves" => ves,
            "vth" => bias.conduction.threshold.voltage.value,
            "vdsat" => bias.conduction.saturation.value,
            "ibs" => fingers(bias.junctions[1].value),
            "ibd" => fingers(bias.junctions[0].value),
            "isub" => fingers(bias.ionised[0].value + bias.ionised[1].value),
            "igidl" => fingers(bias.leakage[0].value),
            "igisl" => fingers(bias.leakage[1].value),
            "igs" => fingers(bias.through_ends[1].value),
            "igd" => fingers(bias.through_ends[0].value),
            "igb" => fingers(bias.to_body.value),
            "igcs" => fingers(bias.through_channel[1].value),
            "igcd" => fingers(bias.through_channel[0].value),
            "qg" => all(gate),
            "qd" => all(drain),
            "qs" => all(-(drain + gate + back + body)),
            "qb" => all(body),
            "ig" => all(into_gate),
            "ib" => all(into_body),
            "capbd" => all(self.junction_capacitance(warm, true, vbs - vds)),
            "capbs" => all(self.junction_capacitance(warm, false, vbs)),
            "temperature" => warm.temperature,
            "p" => all(flows.heat),
            _ => {
                let [by_drain, by_gate, by_body, by_back] = match name.as_bytes()[1] {
                    b'g' => bias.charges.gate.gradient,
                    b'd' => bias.ends[0].gradient,
                    _ => bias.charges.body.gradient,
                };
                all(match name.as_bytes()[2] {
                    b'g' => by_gate,
                    b'd' => by_drain,
                    _ => -(by_drain + by_gate + by_body + by_back),
                })
            }
        }
    }

    /// Of the depletion layer.
    fn junction_capacitance(&self, warm: &Warm<f64>, drain: bool, v: f64) -> f64 {
        let none = Dual::<1>::from(0.0);
        self.process.end_charge(warm, drain, Dual::<1>::variable(v, 0), none).gradient[0]
    }
}

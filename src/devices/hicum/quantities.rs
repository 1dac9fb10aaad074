//! What a transistor shows beside its nodes.

use super::temperature::Warm;
use super::transport::Bias;
use super::{B, BI, BP, C, Common, E, LEADS, NODES, S};
use crate::devices::device::QuantityInfo;
use crate::numerics::dual::Dual;

/// Under ngspice's names; currents and terminal voltages have their signs, the rest is as of an npn. (ngspice 39 mixes the terminals'
/// voltages up, leaves the perimeter out of `ib` and what follows from it, and counts cbepar twice.)
pub const QUANTITIES: &[QuantityInfo] = &[
    QuantityInfo::new("tk", "K", "Temperature of the transistor"),
    QuantityInfo::new("dtsh", "K", "Rise of temperature by its own heat"),
    QuantityInfo::new("it", "A", "Transfer current"),
    QuantityInfo::new("vbe", "V", "Base-emitter voltage"),
    QuantityInfo::new("vbbp", "V", "Voltage across the outer base resistance"),
    QuantityInfo::new("vbc", "V", "Base-collector voltage"),
    QuantityInfo::new("vce", "V", "Collector-emitter voltage"),
    QuantityInfo::new("vsc", "V", "Substrate-collector voltage"),
    QuantityInfo::new("vbiei", "V", "Inner base-emitter voltage"),
    QuantityInfo::new("vbpbi", "V", "Voltage across the inner base resistance"),
    QuantityInfo::new("vbici", "V", "Inner base-collector voltage"),
    QuantityInfo::new("vciei", "V", "Inner collector-emitter voltage"),
    QuantityInfo::new("ic", "A", "Collector current"),
    QuantityInfo::new("iavl", "A", "Avalanche current"),
    QuantityInfo::new("ib", "A", "Base current"),
    QuantityInfo::new("ibei", "A", "Inner base-emitter current"),
    QuantityInfo::new("ibci", "A", "Inner base-collector current"),
    QuantityInfo::new("ie", "A", "Emitter current"),
    QuantityInfo::new("is", "A", "Substrate current"),
    QuantityInfo::new("rcx_t", "Ω", "Outer collector resistance"),
    QuantityInfo::new("re_t", "Ω", "Emitter resistance"),
    QuantityInfo::new("rbi", "Ω", "Inner base resistance"),
    QuantityInfo::new("rb", "Ω", "Inner and outer base resistance"),
    QuantityInfo::new("betadc", "", "Collector current over base current"),
    QuantityInfo::new("gmi", "S", "Inner transconductance"),
    QuantityInfo::new("gms", "S", "Transconductance of the substrate transistor"),
    QuantityInfo::new("rpii", "Ω", "Inner base-emitter resistance"),
    QuantityInfo::new("rpix", "Ω", "Base-emitter resistance of the perimeter"),
    QuantityInfo::new("rmui", "Ω", "Inner base-collector resistance"),
    QuantityInfo::new("rmux", "Ω", "Outer base-collector resistance"),
    QuantityInfo::new("roi", "Ω", "Output resistance"),
    QuantityInfo::new("cpii", "F", "Inner base-emitter capacitance"),
    QuantityInfo::new("cpix", "F", "Outer base-emitter capacitance"),
    QuantityInfo::new("cmui", "F", "Inner base-collector capacitance"),
    QuantityInfo::new("cmux", "F", "Outer base-collector capacitance"),
    QuantityInfo::new("ccs", "F", "Collector-substrate capacitance"),
    QuantityInfo::new("betaac", "", "Small-signal current gain"),
    QuantityInfo::new("crbi", "F", "Capacitance across the inner base resistance"),
    QuantityInfo::new("tf", "s", "Forward transit time"),
    QuantityInfo::new("ft", "Hz", "Transit frequency"),
    QuantityInfo::new("ick", "A", "Critical current"),
    QuantityInfo::new("p", "W", "Power"),
];

impl Common {
    pub(super) fn quantity(&self, index: usize, x: &[f64; NODES], warm: &Warm<f64>, gmin: f64, rise: f64) -> f64 {
        let bias = self.bias(x);
        let variables: [Dual<7>; 7] = Dual::variables(&bias);
        let slopes = self.constants.flows(warm, &Bias::from_list(&variables), true);
        let flows = slopes.map(|value| value.value);
        let rows = self.rows(x, &flows, &warm.conductances, gmin).0;
        let into = |lead: usize| LEADS[lead].1.iter().map(|&row| rows.f[row]).sum::<f64>();
        let [collector, base, emitter, substrate] = [C, B, E, S].map(into);
        let size = self.size;
        let slope = |of: &Dual<7>, by: usize| of.gradient[by] * size;
        let resistance = |conductance: f64| if conductance > 0.0 { 1.0 / (conductance * size) } else { 0.0 };
        let across = |from: usize, to: usize| x[from] - x[to];
        let transfer = slopes.forward - slopes.reverse;
        let gmi = slope(&transfer, 0) + gmin;
        let gpii = slope(&slopes.ideal_be, 0) + slope(&slopes.recombination, 0) + gmin;
        let gpix = slope(&slopes.ideal_perimeter, 2) + slope(&slopes.perimeter_recombination, 2) + gmin;
        let at_perimeter = self.constants.base.tunnels_at_perimeter;
        let tunnel = slope(&slopes.tunnel, if at_perimeter { 2 } else { 0 });
        let [inner_tunnel, outer_tunnel] = if at_perimeter { [0.0, tunnel] } else { [tunnel, 0.0] };
        let by_collector = |of: &Dual<7>| -(slope(of, 1) + slope(of, 3) + slope(of, 4) + slope(of, 5));
        let avalanche = by_collector(&slopes.avalanche);
        let (rcx, re) = (resistance(warm.conductances.collector), resistance(warm.conductances.emitter));
        let rbi = resistance(flows.base_conductance);
        let rb = rbi + resistance(warm.conductances.base);
        let cpii = slope(&slopes.charge_be, 0) + slope(&slopes.stored, 0);
        let parasitic: f64 = self.parasitic.iter().sum();
        let cpix = slope(&slopes.charge_perimeter, 2) + parasitic * size;
        let cmui = slope(&slopes.charge_bc, 1);
        let cmux = slope(&slopes.charge_outer, 3) + slope(&slopes.charge_outermost, 4);
        let betaac = gmi / (gpii + gpix);
        let resistances = rcx + re + (re + rb) / betaac;
        let charged = cpii + cpix + cmui + cmux + resistances * gmi * (cmui + cmux);
        let power = x[C] * collector + x[B] * base + x[E] * emitter + x[S] * substrate;
        let signed = size * self.polarity;
        [
            warm.temperature,
            rise,
            transfer.value * signed,
            across(B, E),
            across(B, BP),
            across(B, C),
            across(C, E),
            across(S, C),
            bias[0],
            across(BP, BI) * self.polarity,
            bias[1],
            bias[0] - bias[1],
            collector,
            flows.avalanche * signed,
            base,
            flows.ideal_be * signed,
            flows.ideal_bc * signed,
            emitter,
            substrate,
            rcx,
            re,
            rbi,
            rb,
            if base == 0.0 { 0.0 } else { collector / base },
            gmi,
            by_collector(&slopes.substrate_transfer) + gmin,
            1.0 / (gpii - inner_tunnel),
            1.0 / (gpix - outer_tunnel),
            1.0 / (slope(&slopes.ideal_bc, 1) + gmin + avalanche),
            1.0 / (slope(&slopes.outer_bc, 3) + gmin),
            1.0 / (by_collector(&transfer) + avalanche),
            cpii,
            cpix,
            cmui,
            cmux,
            slope(&slopes.charge_substrate, 5) + slope(&slopes.charge_terminals, 6),
            betaac,
            flows.base_capacitance * size,
            flows.time,
            gmi / (std::f64::consts::TAU * charged),
            flows.critical * size,
            power,
        ][index]
    }
}

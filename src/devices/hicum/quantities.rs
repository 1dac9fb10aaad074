//! What a transistor shows beside its nodes.

use super::temperature::Warm;
use super::transport::{Bias, Flows, VOLTAGES};
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

/// How many of them are of the operating point alone.
const AT_REST: usize = 19;

/// Derivatives of what flows by the voltages between inner nodes.
type Slopes = Flows<Dual<VOLTAGES>>;

impl Common {
    pub(super) fn quantity(&self, index: usize, x: &[f64; NODES], warm: &Warm<f64>, gmin: f64, rise: f64) -> f64 {
        let bias = self.bias(x);
        let slopes = self.constants.flows(warm, &Bias::from_list(&Dual::variables(&bias)), true);
        let flows = slopes.map(|value| value.value);
        let rows = self.rows(x, &flows, &warm.conductances, gmin).0;
        let currents: [f64; 4] = std::array::from_fn(|lead| LEADS[lead].1.iter().map(|&row| rows.f[row]).sum());
        if index < AT_REST {
            return self.at_rest(index, x, &flows, [warm.temperature, rise], currents);
        }
        self.around(index - AT_REST, x, &slopes, warm, gmin, currents)
    }

    fn at_rest(
        &self,
        index: usize,
        x: &[f64; NODES],
        flows: &Flows<f64>,
        [temperature, rise]: [f64; 2],
        [collector, base, emitter, substrate]: [f64; 4],
    ) -> f64 {
        let across = |from: usize, to: usize| x[from] - x[to];
        let [be, bc, ..] = self.bias(x);
        let signed = self.size * self.polarity;
        [
            temperature,
            rise,
            (flows.forward - flows.reverse) * signed,
            across(B, E),
            across(B, BP),
            across(B, C),
            across(C, E),
            across(S, C),
            be,
            across(BP, BI) * self.polarity,
            bc,
            be - bc,
            collector,
            flows.avalanche * signed,
            base,
            flows.ideal_be * signed,
            flows.ideal_bc * signed,
            emitter,
            substrate,
        ][index]
    }

    fn around(
        &self,
        index: usize,
        x: &[f64; NODES],
        slopes: &Slopes,
        warm: &Warm<f64>,
        gmin: f64,
        [collector, base, emitter, substrate]: [f64; 4],
    ) -> f64 {
        let size = self.size;
        let slope = |of: &Dual<VOLTAGES>, by: usize| of.gradient[by] * size;
        let by_collector = |of: &Dual<VOLTAGES>| -[1, 3, 4, 5].map(|by| slope(of, by)).iter().sum::<f64>();
        let resistance = |conductance: f64| if conductance > 0.0 { 1.0 / (conductance * size) } else { 0.0 };
        let [rcx, re] = [warm.conductances.collector, warm.conductances.emitter].map(resistance);
        let rbi = resistance(slopes.base_conductance.value);
        let rb = rbi + resistance(warm.conductances.base);
        let transfer = slopes.forward - slopes.reverse;
        let gmi = slope(&transfer, 0) + gmin;
        let gms = by_collector(&slopes.substrate_transfer) + gmin;
        let [gpii, gpix] = self.input(slopes).map(|conductance| conductance + gmin);
        let avalanche = by_collector(&slopes.avalanche);
        let [cpii, cpix, cmui, cmux, ccs] = self.capacitances(slopes);
        let betaac = gmi / (gpii + gpix);
        let charged = cpii + cpix + cmui + cmux + (rcx + re + (re + rb) / betaac) * gmi * (cmui + cmux);
        [
            rcx,
            re,
            rbi,
            rb,
            if base == 0.0 { 0.0 } else { collector / base },
            gmi,
            gms,
            1.0 / gpii,
            1.0 / gpix,
            1.0 / (slope(&slopes.ideal_bc, 1) + gmin + avalanche),
            1.0 / (slope(&slopes.outer_bc, 3) + gmin),
            1.0 / (by_collector(&transfer) + avalanche),
            cpii,
            cpix,
            cmui,
            cmux,
            ccs,
            betaac,
            slopes.base_capacitance.value * size,
            slopes.time.value,
            gmi / (std::f64::consts::TAU * charged),
            slopes.critical.value * size,
            x[C] * collector + x[B] * base + x[E] * emitter + x[S] * substrate,
        ][index]
    }

    /// Conductances of the inner base-emitter junction and of its perimeter.
    fn input(&self, slopes: &Slopes) -> [f64; 2] {
        let (mut inner, mut perimeter) =
            (slopes.ideal_be + slopes.recombination, slopes.ideal_perimeter + slopes.perimeter_recombination);
        if self.constants.base.tunnels_at_perimeter {
            perimeter -= slopes.tunnel;
        } else {
            inner -= slopes.tunnel;
        }
        [inner.gradient[0] * self.size, perimeter.gradient[2] * self.size]
    }

    /// Of base and emitter, inner and outer, of base and collector, and of the substrate.
    fn capacitances(&self, slopes: &Slopes) -> [f64; 5] {
        let parasitic: f64 = self.parasitic.iter().sum();
        let of = |charge: &Dual<VOLTAGES>, by: usize| charge.gradient[by];
        [
            of(&slopes.charge_be, 0) + of(&slopes.stored, 0),
            of(&slopes.charge_perimeter, 2) + parasitic,
            of(&slopes.charge_bc, 1),
            of(&slopes.charge_outer, 3) + of(&slopes.charge_outermost, 4),
            of(&slopes.charge_substrate, 5) + of(&slopes.charge_terminals, 6),
        ]
        .map(|capacitance| capacitance * self.size)
    }
}

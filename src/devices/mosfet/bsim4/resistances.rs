//! Resistances of drain, source and gate that depend on the bias.
//!
//! ```text
//! rdsmod 1: rs(V) = rswmin + ½·rsw·(t + √(t² + 0.01)),  t = 1/(1 + prwg·v) − prwb·vbs,  v = ½·(u + √(u² + 1e-4)),  u = vgs − vfbsd
//!           in series with that of the diffusion, or with 1 mΩ without; rd(V) likewise of vgd and vbd
//! rgatemod 1: rshg·(xgw + weffcj/(3·ngcon))/(ngcon·(L − xgl)·nf)
//!          2: in series with 1/(xrcrg1·(id/vdse + xrcrg2·Vt·µ·coxeff·w/leff))
//!          3: the two one after the other, the overlaps between them
//! ```
//! Source: BSIM4.6.4 manual, chapters 5, 8 and 9.

use super::Bsim4;
use super::channel::Channel;
use super::charges::Overlaps;
use super::derived::Process;
use super::general_parameters::General;
use crate::devices::device::{Contribution, Device, Environment};
use crate::devices::mosfet::bsim::end_resistance::EndResistance;
use crate::devices::noise::NoiseSource;
use crate::numerics::scalar::Scalar;

/// Resistance of an end with a diffusion of this conductance, S.
pub fn lightly_doped(process: &Process, drain: bool, diffusion: f64, multiplier: f64) -> EndResistance {
    let own = if drain { process.drain_resistance } else { process.source_resistance };
    EndResistance {
        name: if drain { "rd" } else { "rs" },
        diffusion,
        own: own.map(|part| part / process.geometry.fingers),
        prwg: process.parameters.prwg,
        prwb: process.parameters.prwb,
        flat_band: process.end_flat_band,
        polarity: process.polarity,
        multiplier,
        temperature: process.temperatures.own,
    }
}

/// Conductance of the gate's electrode, S.
pub fn electrode(process: &Process, m: &General) -> f64 {
    let geometry = &process.geometry;
    let path = m.xgw + geometry.junction_width / 3.0 / m.ngcon;
    let resistance = m.rshg * path / (m.ngcon * geometry.fingers * (geometry.whole[0] - m.xgl));
    if resistance > 0.0 { 1.0 / resistance } else { 1e3 }
}

/// Resistance of the gate through the channel; unknowns: outer gate, inner drain, gate, inner source, bulk.
pub struct GateResistance {
    channel: Channel,
    /// Conductance in series with it; infinite where that is elsewhere.
    electrode: f64,
    /// xrcrg1 and xrcrg2·Vt
    xrcrg: [f64; 2],
    polarity: f64,
    /// Transistors, and fingers of all of them.
    multiplier: f64,
    fingers: f64,
    temperature: f64,
}

impl GateResistance {
    pub fn new(process: &Process, transistor: &Bsim4, electrode: f64) -> Self {
        GateResistance {
            channel: transistor.channel,
            electrode,
            xrcrg: [process.parameters.xrcrg1, process.parameters.xrcrg2 * transistor.channel.thermal],
            polarity: process.polarity,
            multiplier: transistor.multiplier / process.geometry.fingers,
            fingers: process.geometry.fingers,
            temperature: process.temperatures.own,
        }
    }

    /// S, of the channel and with the electrode in series, of one transistor.
    #[inline(always)]
    fn conductances<S: Scalar>(&self, [drain, gate, source, bulk]: [S; 4]) -> [S; 2] {
        let [vds, vgs, vbs] = [drain - source, gate - source, bulk - source].map(|voltage| voltage * self.polarity);
        let of = [vds, vgs, vbs];
        let [vds, vgs, vbs] = S::inner(&of);
        let [across, gate, bulk] = if vds.value() >= 0.0 { [vds, vgs, vbs] } else { [-vds, vgs - vds, vbs - vds] };
        let at = self.channel.conduct(&self.channel.body.at(bulk), across, self.channel.gate(gate));
        let channel = (at.per_volt + at.gain * self.xrcrg[1]) * (self.xrcrg[0] * self.fingers);
        let channel = S::outer(&of, channel);
        if self.electrode.is_infinite() {
            return [channel; 2];
        }
        [channel, channel / (channel + self.electrode) * self.electrode]
    }
}

impl Device<5> for GateResistance {
    const BENDS_OVER: Option<f64> = Some(0.05);
    const NOISY: bool = true;

    #[inline]
    fn equations<S: Scalar>(&self, x: &[S; 5], _environment: &Environment) -> Contribution<S, 5> {
        let [outer, drain, gate, source, bulk] = *x;
        let [_, conductance] = self.conductances([drain, gate, source, bulk]);
        let (none, current) = (S::zero(), (outer - gate) * conductance * self.multiplier);
        Contribution::resistive([current, none, -current, none, none])
    }

    fn stores(&self) -> [bool; 5] {
        [false; 5]
    }

    fn noise(&self, x: &[f64; 5], _environment: &Environment, visit: &mut dyn FnMut(NoiseSource)) {
        if self.electrode.is_infinite() {
            return;
        }
        let [channel, _] = self.conductances([x[1], x[2], x[3], x[4]]);
        // The electrode alone is hot.
        let share = channel / (channel + self.electrode);
        let conductance = self.electrode * share * share * self.multiplier;
        visit(NoiseSource::thermal("rg", [0, 2], conductance, self.temperature));
    }
}

/// The overlaps by themselves; unknowns: inner drain, outer gate, inner source, bulk.
pub struct OverlapsApart {
    pub overlaps: Overlaps,
    pub polarity: f64,
    /// Fingers in all.
    pub multiplier: f64,
}

impl Device<4> for OverlapsApart {
    const BENDS_OVER: Option<f64> = Some(0.1);

    #[inline]
    fn equations<S: Scalar>(
        &self,
        &[drain, gate, source, bulk]: &[S; 4],
        _environment: &Environment,
    ) -> Contribution<S, 4> {
        let voltages = [gate - drain, gate - source, gate - bulk].map(|voltage| voltage * self.polarity);
        let scale = self.polarity * self.multiplier;
        let [of_drain, of_source, of_bulk] = self.overlaps.charges(voltages[0], voltages[1], voltages[2]);
        let [of_drain, of_source, of_bulk] = [of_drain, of_source, of_bulk].map(|charge| charge * scale);
        let none = S::zero();
        Contribution { f: [none; 4], q: [-of_drain, of_drain + of_source + of_bulk, -of_source, -of_bulk] }
    }
}

//! M of level 8 or 49: BSIM3v3.3 of Berkeley.
//!
//! n- and p-channel transistors have the same equations, p-channel ones with all voltages and currents reversed. Level 8 and 49 are
//! ngspice's; 53 (HSPICE), 9 of Xyce, 7 of PSpice and 8 of LTspice are the same. Drain and source have resistances of their own (rsh·nrd,
//! rsh·nrs) as separate resistors to internal nodes; that of the lightly doped ends (rdsw) is a part of the channel. `nf` fingers have a width of
//! w/nf each.
//!
//! Charges are conserved. Conductances and capacitances are the derivatives of these equations. Without delay of the channel's charge
//! (nqsmod), and without the areas that HSPICE finds from the width (acm): ad, as, pd and ps are those on the card.
//!
//! Source: Cheng, Chan, Hui, Jeng, Liu, Huang, Chen, Chen, Tu, Ko and Hu, BSIM3v3.3 MOSFET Model Users' Manual, UC Berkeley (2005).

mod channel;
mod charges;
mod construct;
mod derived;
mod geometry;
mod junctions;
mod noise;
mod parameters;
mod quantities;
mod threshold;

pub use construct::{NUMBERS, PAGE, construct, is_meant};

use channel::{Channel, Conduction};
use charges::Charges;
use junctions::Junction;
use noise::{Noise, NoiseBias};

use super::bsim::charges::ChannelCharges;
use super::bsim::quantities::QUANTITIES;
use crate::devices::device::{Contribution, Device, Environment, Lead, QuantityInfo};
use crate::devices::field_effect::BulkLimits;
use crate::devices::mosfet::bsim::flicker::FlickerBias;
use crate::devices::noise::NoiseSource;
use crate::numerics::dual::Dual;
use crate::numerics::scalar::Scalar;

/// The intrinsic transistor; unknowns: inner drain, gate, inner source, bulk. Parameters are at its temperature, voltages as of an
/// n-channel, of one of `multiplier` transistors.
pub struct Bsim3 {
    channel: Channel,
    /// None where the channel has no charge (xpart below 0).
    charges: Option<Charges>,
    drain: Junction,
    source: Junction,
    noise: Noise,
    /// 1 for n-channel, −1 for p-channel.
    polarity: f64,
    multiplier: f64,
    thermal: f64,
    off: bool,
    /// vds, vgs, vbs of `ic=`.
    initial: Option<[f64; 3]>,
}

/// The channel at a bias of either sign.
struct Bias<S> {
    /// Into the drain and out of the source without the bulk's part, as of an n-channel, A.
    current: S,
    /// Into drain and source and out of the bulk, A.
    to_bulk: [S; 2],
    /// Charges of drain, gate, source and bulk of the channel alone.
    charges: [S; 4],
    /// For its present direction.
    conduction: Conduction<S>,
    inversion: S,
}

/// What flows and is stored in the transistor, as of an n-channel.
struct Intrinsic<S> {
    /// Into the drain, out of the source, out of the bulk.
    currents: [S; 3],
    /// Of drain, gate, source.
    charges: [S; 3],
}

impl Bsim3 {
    /// vds, vgs, vbs as of an n-channel.
    fn voltages(&self, x: &[f64; 4]) -> [f64; 3] {
        [x[0], x[1], x[3]].map(|voltage| self.polarity * (voltage - x[2]))
    }

    /// The channel alone.
    #[inline(always)]
    fn bias<S: Scalar>(&self, [vds, vgs, vbs]: [S; 3]) -> Bias<S> {
        let forward = vds.value() >= 0.0;
        let [across, gate, bulk] = if forward { [vds, vgs, vbs] } else { [-vds, vgs - vds, vbs - vds] };
        let body = self.channel.body.inner(bulk);
        let conduction = self.channel.conduct(&body, across, gate);
        let none = S::zero();
        let found = match &self.charges {
            Some(charges) => charges.at(&self.channel, &body, &conduction, [across, bulk]),
            None => ChannelCharges { gate: none, bulk: none, source: none, inversion: none },
        };
        let (near, far) = (found.source, found.drain());
        let (at_source, at_drain) = if forward { (near, far) } else { (far, near) };
        let charges = [at_drain, found.gate, at_source, found.bulk];
        let (current, to_bulk) = if forward {
            (conduction.current, [conduction.substrate, none])
        } else {
            (-conduction.current, [none, conduction.substrate])
        };
        Bias { current, to_bulk, charges, conduction, inversion: found.inversion }
    }

    #[inline(always)]
    fn intrinsic<S: Scalar>(&self, voltages: [S; 3], gmin: f64) -> Intrinsic<S> {
        let [vds, vgs, vbs] = voltages;
        let vbd = vbs - vds;
        let Bias { current, to_bulk, charges: [mut at_drain, mut gate, mut at_source, _], .. } = self.bias(voltages);
        let (to_source, to_drain) = (self.source.current(vbs, gmin), self.drain.current(vbd, gmin));
        if let Some(charges) = &self.charges {
            let of_source = charges.source.charge(vgs);
            let of_drain = charges.drain.charge(vgs - vds);
            gate += of_source + of_drain + (vgs - vbs) * charges.bulk;
            at_source -= of_source;
            at_drain -= of_drain;
        }
        at_source -= self.source.charge(vbs);
        at_drain -= self.drain.charge(vbd);
        Intrinsic {
            currents: [
                current + to_bulk[0] - to_drain,
                current - to_bulk[1] + to_source,
                to_source + to_drain - to_bulk[0] - to_bulk[1],
            ],
            charges: [at_drain, gate, at_source],
        }
    }

    /// What is in terms of the three voltages, as of one n-channel transistor, in terms of the terminals.
    #[inline(always)]
    fn outward<S: Scalar>(&self, voltages: &[S; 3], of: S::Inner<3>) -> S {
        S::outer(voltages, of) * (self.polarity * self.multiplier)
    }

    fn noise_bias(&self, voltages: [f64; 3]) -> NoiseBias {
        let bias = self.bias(Dual::<3>::variables(&voltages));
        let at = &bias.conduction;
        // With vds < 0 the derivatives are those of the end that acts as the source.
        let [by_drain, by_gate, by_bulk] = bias.current.gradient;
        let conductance = if voltages[0] >= 0.0 { by_drain + by_gate + by_bulk } else { by_drain };
        NoiseBias {
            carriers: FlickerBias {
                current: bias.current.value,
                across: voltages[0].abs(),
                effective: at.effective.value,
                overdrive: at.overdrive.value,
                over: at.overdrive.value + 2.0 * self.thermal,
                bulk_charge: at.bulk_charge.value,
                plain_bulk_charge: at.plain_bulk_charge.value,
                mobility: at.mobility.value,
            },
            conductance: conductance.abs(),
            saturation: at.saturation.value,
            resistance: at.resistance.value,
            inversion: bias.inversion.value,
        }
    }
}

impl Device<4> for Bsim3 {
    const LIMITED: bool = true;
    const BENDS_OVER: Option<f64> = Some(0.05);
    const NOISY: bool = true;
    const LEADS: &'static [Lead] = &[("id", &[0]), ("ig", &[1]), ("is", &[2]), ("ib", &[3])];
    const QUANTITIES: &'static [QuantityInfo] = QUANTITIES;

    #[inline]
    fn equations<S: Scalar>(&self, &[d, g, s, b]: &[S; 4], environment: &Environment) -> Contribution<S, 4> {
        // Three voltages are all that matters: derivatives by three cost less than by four.
        let voltages = [d - s, g - s, b - s].map(|voltage| voltage * self.polarity);
        let Intrinsic { currents: [into_drain, out_of_source, out_of_bulk], charges: [drain, gate, source] } =
            self.intrinsic(S::inner(&voltages), environment.gmin);
        let into_drain = self.outward(&voltages, into_drain);
        let out_of_source = self.outward(&voltages, out_of_source);
        let out_of_bulk = self.outward(&voltages, out_of_bulk);
        let drain = self.outward(&voltages, drain);
        let gate = self.outward(&voltages, gate);
        let source = self.outward(&voltages, source);
        Contribution {
            f: [into_drain, S::zero(), -out_of_source, out_of_bulk],
            q: [drain, gate, source, -(drain + gate + source)],
        }
    }

    fn limit(&self, x: &[f64; 4], previous: &[f64; 4], environment: &Environment) -> [f64; 4] {
        let limits = BulkLimits { thermal: self.thermal, critical: [self.source.critical, self.drain.critical] };
        let turn_on = environment.time.is_none().then_some(|vds, vbs| self.channel.body.threshold(vds, vbs));
        limits.place(x, previous, self.polarity, turn_on)
    }

    fn is_off(&self) -> bool {
        self.off
    }

    fn start(&self) -> [f64; 4] {
        [0.1, self.channel.body.threshold(0.1, 0.0) + 0.1, 0.0, 0.0].map(|voltage| self.polarity * voltage)
    }

    fn stores(&self) -> [bool; 4] {
        let channel = self.charges.is_some();
        let (drain, source) = (self.drain.has_charge(), self.source.has_charge());
        [channel || drain, channel, channel || source, channel || drain || source]
    }

    fn initial(&self, x: &mut [f64; 4]) {
        if let Some([vds, vgs, vbs]) = self.initial {
            (x[0], x[1], x[3]) = (x[2] + vds, x[2] + vgs, x[2] + vbs);
        }
    }

    fn has_initial(&self) -> bool {
        self.initial.is_some()
    }

    fn noise(&self, x: &[f64; 4], _environment: &Environment, visit: &mut dyn FnMut(NoiseSource)) {
        let (at, noise) = (self.noise_bias(self.voltages(x)), &self.noise);
        let conductance = noise.thermal(&at) * self.multiplier;
        visit(NoiseSource::thermal("id", [0, 2], conductance, noise.temperature));
        let flicker = NoiseSource::flicker([0, 2], noise.flicker(&at) * self.multiplier);
        visit(NoiseSource { exponent: noise.frequency_exponent, ..flicker });
    }

    fn quantity(&self, index: usize, x: &[f64; 4], environment: &Environment) -> f64 {
        self.shown(index, self.voltages(x), environment.gmin)
    }
}

//! M of level 14 or 54: BSIM4.8 of Berkeley.
//!
//! n- and p-channel transistors have the same equations, p-channel ones with all voltages and currents reversed. Level 14 and 54 are
//! ngspice's and Xyce's; 54 of HSPICE and 14 of LTspice are the same. `nf` fingers have a width of w/nf each; areas, perimeters and
//! numbers of squares on the card are those of all fingers.
//!
//! Between terminals and transistor there are, as the model asks for them, resistances of drain and source (rsh and rgeomod, with
//! rdsmod=1 also those of the lightly doped ends), of the gate (rgatemod) and of the substrate (rbodymod).
//!
//! Charges are conserved. Conductances and capacitances are the derivatives of these equations. Without delay of the channel's charge
//! (trnqsmod, acnqsmod) and without correlated noise (tnoimod=2). Cards of earlier versions have the equations of 4.8
//! without what they do not have: before 4.8 mobmod 4 to 6, before 4.7 dvtp2 to dvtp5, tnfactor, teta0 and gidlmod, before 4.6 mobmod 3,
//! tempmod 3, mtrlmod and gate-induced leakage of its own at the source.
//!
//! Source: Xi, Dunga, Cao, Hu et al., BSIM4.6.4 MOSFET Model, UC Berkeley (2009); the same, 4.7 (2011) and 4.8 (2013).

mod channel;
mod charges;
mod construct;
mod derived;
mod diffusion;
mod general_parameters;
mod geometry;
mod junction_parameters;
mod junctions;
mod materials;
mod mobility;
mod networks;
mod noise;
mod output;
mod page;
mod parameters;
mod quantities;
mod resistances;
mod stress;
mod threshold;
mod tunnelling;

pub use construct::{construct, is_meant};
pub use page::{NUMBERS, PAGE};

use channel::{Channel, Conduction};
use charges::Charges;
use junctions::Junction;
use noise::{Noise, NoiseBias};
use quantities::QUANTITIES;
use tunnelling::{GateCurrents, Tunnelling};

use crate::devices::device::{Contribution, Device, Environment, Lead, QuantityInfo};
use crate::devices::field_effect::BulkLimits;
use crate::devices::mosfet::bsim::flicker::FlickerBias;
use crate::devices::mosfet::bsim::leakage::Leakage;
use crate::devices::noise::NoiseSource;
use crate::numerics::dual::Dual;
use crate::numerics::scalar::Scalar;

/// The intrinsic transistor; unknowns: inner drain, gate, inner source, bulk. Parameters are at its temperature, voltages as of an
/// n-channel, of one finger of one of `multiplier/fingers` transistors, junctions of all its fingers.
pub struct Bsim4 {
    channel: Channel,
    charges: Charges,
    tunnelling: Tunnelling,
    drain_leakage: Leakage,
    source_leakage: Leakage,
    drain: Junction,
    source: Junction,
    noise: Noise,
    /// 1 for n-channel, −1 for p-channel.
    polarity: f64,
    fingers: f64,
    /// Fingers in all.
    multiplier: f64,
    off: bool,
    /// The junctions have unknowns of their own, elsewhere.
    junctions_apart: bool,
    /// The overlaps have the outer gate, elsewhere.
    overlaps_apart: bool,
    /// vds, vgs, vbs of `ic=`.
    initial: Option<[f64; 3]>,
}

/// The channel at a bias of either sign, voltages as of an n-channel.
struct Bias<S> {
    /// From drain to source without the bulk's part, A.
    current: S,
    /// From drain and source into the bulk: impact ionisation, A.
    ionised: [S; 2],
    /// From drain and source into the bulk: induced by the gate, A.
    leakage: [S; 2],
    /// Out of the gate into drain and source by way of the channel, and into the bulk, A.
    through_channel: [S; 2],
    through_bulk: S,
    /// Out of the gate into drain and source through the overlaps, A.
    through_ends: [S; 2],
    /// Charges of drain, gate, source and bulk of the channel alone.
    charges: [S; 4],
    /// For its present direction.
    conduction: Conduction<S>,
}

/// What flows and is stored in a finger.
struct Intrinsic<S> {
    /// Into drain, gate, bulk.
    currents: [S; 3],
    /// Of drain, gate, source.
    charges: [S; 3],
}

impl Bsim4 {
    /// vds, vgs, vbs as of an n-channel.
    fn voltages(&self, x: &[f64; 4]) -> [f64; 3] {
        [x[0], x[1], x[3]].map(|voltage| self.polarity * (voltage - x[2]))
    }

    /// The channel and the gate's currents.
    #[inline(always)]
    fn bias<S: Scalar>(&self, [vds, vgs, vbs]: [S; 3]) -> Bias<S> {
        let forward = vds.value() >= 0.0;
        let (vgd, vbd) = (vgs - vds, vbs - vds);
        let [at_source, at_drain] = [vgs, vgd].map(|voltage| self.channel.gate(voltage));
        let [across, gate, bulk] = if forward { [vds, at_source, vbs] } else { [-vds, at_drain, vbd] };
        let body = self.channel.body.inner(bulk);
        let conduction = self.channel.conduct(&body, across, gate);
        let flat_band = self.charges.flat_band(gate - body.bulk);
        let found = self.charges.at(&body, &conduction, flat_band, [across, bulk]);
        let none = S::zero();
        let mut through = GateCurrents { source: none, drain: none, bulk: none };
        let mut through_ends = [none; 2];
        if self.tunnelling.flows() {
            let oxide = self.charges.over_oxide(gate - body.bulk, flat_band, conduction.overdrive);
            through = self.tunnelling.at(&conduction, &oxide, body.bulk);
            let [to_source, to_drain] = self.tunnelling.at_ends(vgs, vgd);
            through_ends = [to_drain, to_source];
        }
        // What is of the end that acts as source and of the other, as drain and source.
        let ordered = |near: S, far: S| if forward { [far, near] } else { [near, far] };
        let [charge_drain, charge_source] = ordered(found.source, found.drain());
        Bias {
            current: if forward { conduction.current } else { -conduction.current },
            ionised: ordered(none, conduction.substrate),
            leakage: [
                self.drain_leakage.current(vds, at_source, vbd),
                self.source_leakage.current(-vds, at_drain, vbs),
            ],
            through_channel: ordered(through.source, through.drain),
            through_bulk: through.bulk,
            through_ends,
            charges: [charge_drain, found.gate, charge_source, found.bulk],
            conduction,
        }
    }

    #[inline(always)]
    fn intrinsic<S: Scalar>(&self, voltages: [S; 3], gmin: f64) -> Intrinsic<S> {
        let [vds, vgs, vbs] = voltages;
        let bias = self.bias(voltages);
        let [mut at_drain, mut gate, mut at_source, _] = bias.charges;
        let [out_of_drain, out_of_source] = [0, 1].map(|end| bias.ionised[end] + bias.leakage[end]);
        let [to_drain, to_source] = [0, 1].map(|end| bias.through_channel[end] + bias.through_ends[end]);
        let mut into_drain = bias.current + out_of_drain - to_drain;
        let mut into_bulk = -(out_of_drain + out_of_source + bias.through_bulk);
        if !self.overlaps_apart {
            let [drain, source, bulk] = self.charges.overlaps.charges(vgs - vds, vgs, vgs - vbs);
            gate += drain + source + bulk;
            at_drain -= drain;
            at_source -= source;
        }
        if !self.junctions_apart {
            let (vbd, share) = (vbs - vds, 1.0 / self.fingers);
            let (drain, source) = (self.drain.current(vbd, gmin) * share, self.source.current(vbs, gmin) * share);
            into_drain -= drain;
            into_bulk += drain + source;
            at_drain -= self.drain.charge(vbd) * share;
            at_source -= self.source.charge(vbs) * share;
        }
        Intrinsic {
            currents: [into_drain, to_drain + to_source + bias.through_bulk, into_bulk],
            charges: [at_drain, gate, at_source],
        }
    }

    /// What is in terms of the three voltages, as of one n-channel finger, in terms of the terminals.
    #[inline(always)]
    fn outward<S: Scalar>(&self, voltages: &[S; 3], of: S::Inner<3>) -> S {
        S::outer(voltages, of) * (self.polarity * self.multiplier)
    }

    fn noise_bias(&self, voltages: [f64; 3]) -> NoiseBias {
        let bias = self.bias(Dual::<3>::variables(&voltages));
        let at = &bias.conduction;
        // With vds < 0 the derivatives are those of the end that acts as the source.
        let [by_drain, by_gate, by_bulk] = bias.current.gradient;
        let (output, gain) = if voltages[0] >= 0.0 {
            (by_drain, by_gate + by_bulk)
        } else {
            (by_drain + by_gate + by_bulk, -(by_gate + by_bulk))
        };
        let over = at.overdrive.value + 2.0 * self.channel.thermal;
        let [vds, _, vbs] = voltages;
        let [across, bulk] = if vds >= 0.0 { [vds, vbs] } else { [-vds, vbs - vds] };
        let body = self.channel.body.at(bulk);
        NoiseBias {
            carriers: FlickerBias {
                current: at.current.value,
                across: voltages[0].abs(),
                effective: at.effective.value,
                overdrive: at.overdrive.value,
                over,
                bulk_charge: at.bulk_charge.value,
                plain_bulk_charge: at.plain_bulk_charge.value,
                mobility: at.mobility.value,
            },
            output,
            gain,
            resistance: at.resistance.value,
            per_volt: at.per_volt.value,
            inversion: self.charges.inverted(at.overdrive.value, body.bulk_charge_at_rest(), across),
            widening: 1.0 + body.rise / self.channel.body.root,
        }
    }
}

impl Device<4> for Bsim4 {
    const LIMITED: bool = true;
    const BENDS_OVER: Option<f64> = Some(0.05);
    const NOISY: bool = true;
    const LEADS: &'static [Lead] = &[("id", &[0]), ("ig", &[1]), ("is", &[2]), ("ib", &[3])];
    const QUANTITIES: &'static [QuantityInfo] = QUANTITIES;

    #[inline]
    fn equations<S: Scalar>(&self, &[d, g, s, b]: &[S; 4], environment: &Environment) -> Contribution<S, 4> {
        // Three voltages are all that matters: derivatives by three cost less than by four.
        let voltages = [d - s, g - s, b - s].map(|voltage| voltage * self.polarity);
        let Intrinsic { currents: [into_drain, into_gate, into_bulk], charges: [drain, gate, source] } =
            self.intrinsic(S::inner(&voltages), environment.gmin);
        let into_drain = self.outward(&voltages, into_drain);
        let into_gate = self.outward(&voltages, into_gate);
        let into_bulk = self.outward(&voltages, into_bulk);
        let drain = self.outward(&voltages, drain);
        let gate = self.outward(&voltages, gate);
        let source = self.outward(&voltages, source);
        Contribution {
            f: [into_drain, into_gate, -(into_drain + into_gate + into_bulk), into_bulk],
            q: [drain, gate, source, -(drain + gate + source)],
        }
    }

    fn limit(&self, x: &[f64; 4], previous: &[f64; 4], environment: &Environment) -> [f64; 4] {
        let limits =
            BulkLimits { thermal: self.channel.thermal, critical: [self.source.critical, self.drain.critical] };
        let turn_on = environment.time.is_none().then_some(|vds, vbs| self.channel.body.threshold_at(vds, vbs));
        limits.place(x, previous, self.polarity, turn_on)
    }

    fn is_off(&self) -> bool {
        self.off
    }

    fn start(&self) -> [f64; 4] {
        [0.1, self.channel.body.threshold_at(0.1, 0.0) + 0.1, 0.0, 0.0].map(|voltage| self.polarity * voltage)
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
        let voltages = self.voltages(x);
        let (at, noise) = (self.noise_bias(voltages), &self.noise);
        let conductance = noise.thermal(&at) * self.multiplier;
        visit(NoiseSource::thermal("id", [0, 2], conductance, noise.temperature));
        let flicker = NoiseSource::flicker([0, 2], noise.flicker(&at) * self.multiplier);
        visit(NoiseSource { exponent: noise.frequency_exponent, ..flicker });
        if self.tunnelling.flows() {
            let bias = self.bias(voltages);
            let [to_drain, to_source] = [0, 1].map(|end| bias.through_channel[end] + bias.through_ends[end]);
            visit(NoiseSource::shot("igs", [1, 2], to_source * self.multiplier));
            visit(NoiseSource::shot("igd", [1, 0], to_drain * self.multiplier));
            visit(NoiseSource::shot("igb", [1, 3], bias.through_bulk * self.multiplier));
        }
    }

    fn quantity(&self, index: usize, x: &[f64; 4], environment: &Environment) -> f64 {
        self.shown(index, self.voltages(x), environment.gmin)
    }
}

//! BSIM1 and BSIM2: the transistor around the channel of either.
//!
//! Drain and source have resistances of rsh·nrd and rsh·nrs to internal nodes. A parameter that depends on the geometry is
//! p + lp/leff + wp/weff in µm, and HSPICE's pp/(leff·weff). `m` are in parallel. Charges are conserved.
//!
//! Noise: thermal 4kT·⅔·gm; kf·|id|^af/(f·weff·leff·cox²) with cox in F/cm². ngspice 39 has there, in place of gm and id, the numbers of
//! the places at which it stores them, so that its noise depends on how many elements there are.
//!
//! Over frequency ngspice 39 has overlaps of cgso·weff and cgdo·weff, of level 4 also cgbo·l, in transients cgso·w, cgdo·w and cgbo·leff: these
//! are in both here. With vds < 0 it there leaves out the charge of the end that acts as the source, and its conductances are no less than 0.

pub mod bsim1;
pub mod bsim2;
mod card;
mod channel;
mod construct;
mod junction;
mod quantities;
mod technology;

use super::bsim::quantities::QUANTITIES;
use crate::devices::device::{Contribution, Device, Environment, Lead, QuantityInfo};
use crate::devices::field_effect::BulkLimits;
use crate::devices::noise::{NoiseSource, flicker_of_current};
use crate::numerics::dual::Dual;
use crate::numerics::scalar::Scalar;
use channel::{Channel, Charges, Conduction};
use junction::{Junction, Overlaps};
use technology::THERMAL;

/// The intrinsic transistor; unknowns: inner drain, gate, inner source, bulk. Parameters and voltages are as of an n-channel, of one of
/// `multiplier` transistors.
pub struct Transistor<C> {
    channel: C,
    drain: Junction,
    source: Junction,
    overlaps: Overlaps,
    noise: Noise,
    /// 1 for n-channel, −1 for p-channel.
    polarity: f64,
    multiplier: f64,
    off: bool,
    /// vds, vgs, vbs of `ic=`.
    initial: Option<[f64; 3]>,
}

/// Noise of the channel.
struct Noise {
    /// K
    temperature: f64,
    /// Flicker noise of unit current.
    flicker: f64,
    exponent: f64,
}

/// The channel at a bias of either sign.
struct Bias<S> {
    /// Into the drain and out of the source, as of an n-channel, A.
    current: S,
    /// For its present direction.
    conduction: Conduction<S>,
}

/// What flows and is stored in the transistor, as of an n-channel.
struct Intrinsic<S> {
    /// Into the drain, out of the source, out of the bulk.
    currents: [S; 3],
    /// Of drain, gate, source.
    charges: [S; 3],
}

impl<C: Channel> Transistor<C> {
    /// vds, vgs, vbs as of an n-channel.
    fn voltages(&self, x: &[f64; 4]) -> [f64; 3] {
        [x[0], x[1], x[3]].map(|voltage| self.polarity * (voltage - x[2]))
    }

    #[inline(always)]
    fn bias<S: Scalar>(&self, voltages: [S; 3]) -> Bias<S> {
        let conduction = self.channel.conduct(forward(voltages));
        let current = if voltages[0].value() >= 0.0 { conduction.current } else { -conduction.current };
        Bias { current, conduction }
    }

    /// Charges of the channel: of drain, gate, source and bulk.
    #[inline(always)]
    fn stored<S: Scalar>(&self, voltages: [S; 3]) -> [S; 4] {
        if !self.channel.stores() {
            return [S::zero(); 4];
        }
        let charges = self.channel.charges(forward(voltages));
        let (far, near, Charges { gate, bulk, .. }) = (charges.drain, charges.source(), charges);
        if voltages[0].value() >= 0.0 { [far, gate, near, bulk] } else { [near, gate, far, bulk] }
    }

    #[inline(always)]
    fn intrinsic<S: Scalar>(&self, voltages: [S; 3], gmin: f64) -> Intrinsic<S> {
        let [vds, vgs, vbs] = voltages;
        let vbd = vbs - vds;
        let (to_source, to_drain) = (self.source.current(vbs, gmin), self.drain.current(vbd, gmin));
        let current = self.bias(voltages).current;
        let [at_drain, gate, at_source, _] = self.stored(voltages);
        let (of_source, of_drain) = (vgs * self.overlaps.source, (vgs - vds) * self.overlaps.drain);
        Intrinsic {
            currents: [current - to_drain, current + to_source, to_source + to_drain],
            charges: [
                at_drain - of_drain - self.drain.charge(vbd),
                gate + of_source + of_drain + (vgs - vbs) * self.overlaps.bulk,
                at_source - of_source - self.source.charge(vbs),
            ],
        }
    }
}

/// vds, vgs, vbs against the end that acts as the source.
#[inline(always)]
fn forward<S: Scalar>([vds, vgs, vbs]: [S; 3]) -> [S; 3] {
    if vds.value() >= 0.0 { [vds, vgs, vbs] } else { [-vds, vgs - vds, vbs - vds] }
}

impl<C: Channel> Device<4> for Transistor<C> {
    const LIMITED: bool = true;
    const NOISY: bool = true;
    const LEADS: &'static [Lead] = &[("id", &[0]), ("ig", &[1]), ("is", &[2]), ("ib", &[3])];
    const QUANTITIES: &'static [QuantityInfo] = QUANTITIES;

    #[inline]
    fn equations<S: Scalar>(&self, &[d, g, s, b]: &[S; 4], environment: &Environment) -> Contribution<S, 4> {
        // Three voltages are all that matters: derivatives by three cost less than by four.
        let voltages = [d - s, g - s, b - s].map(|voltage| voltage * self.polarity);
        let Intrinsic { currents, charges } = self.intrinsic(S::inner(&voltages), environment.gmin);
        let scale = self.polarity * self.multiplier;
        let [into_drain, out_of_source, out_of_bulk] = currents.map(|current| S::outer(&voltages, current) * scale);
        let [drain, gate, source] = charges.map(|charge| S::outer(&voltages, charge) * scale);
        Contribution {
            f: [into_drain, S::zero(), -out_of_source, out_of_bulk],
            q: [drain, gate, source, -(drain + gate + source)],
        }
    }

    fn limit(&self, x: &[f64; 4], previous: &[f64; 4], environment: &Environment) -> [f64; 4] {
        let limits = BulkLimits { thermal: THERMAL, critical: [self.source.critical, self.drain.critical] };
        let turn_on = environment.time.is_none().then_some(|vds, vbs| self.channel.threshold(vds, vbs));
        let mut placed = limits.place(x, previous, self.polarity, turn_on);
        let (before, across) = (previous[0] - previous[2], placed[0] - placed[2]);
        // The current of BSIM1 turns within less than a microvolt at vds = 0: from there the way to either side is found.
        if C::TURNS_SHARPLY && before * across < 0.0 {
            placed[0] = placed[2];
        }
        placed
    }

    fn is_off(&self) -> bool {
        self.off
    }

    fn start(&self) -> [f64; 4] {
        [0.0, self.polarity * self.channel.threshold(0.0, 0.0), 0.0, -self.polarity]
    }

    fn stores(&self) -> [bool; 4] {
        let Overlaps { source, drain, bulk } = self.overlaps;
        let channel = self.channel.stores();
        let (at_drain, at_source) = (self.drain.stores(), self.source.stores());
        [
            channel || at_drain || drain > 0.0,
            channel || drain > 0.0 || source > 0.0 || bulk > 0.0,
            channel || at_source || source > 0.0,
            channel || at_drain || at_source || bulk > 0.0,
        ]
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
        let [vds, vgs, vbs] = self.voltages(x);
        let bias = self.bias([Dual::from(vds), Dual::<1>::variable(vgs, 0), Dual::from(vbs)]);
        let noise = &self.noise;
        let conductance = bias.current.gradient[0].abs() * self.multiplier;
        visit(NoiseSource::thermal("id", [0, 2], 2.0 / 3.0 * conductance, noise.temperature));
        let flicker = flicker_of_current(noise.flicker, bias.current.value, noise.exponent);
        visit(NoiseSource::flicker([0, 2], flicker * self.multiplier));
    }

    fn quantity(&self, index: usize, x: &[f64; 4], environment: &Environment) -> f64 {
        self.shown(index, self.voltages(x), environment.gmin)
    }
}

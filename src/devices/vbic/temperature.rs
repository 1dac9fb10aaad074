//! What the card's numbers are at the transistor's temperature T; r = T/Tnom, Δ = T − Tnom.
//!
//! ```text
//! resistances, vo, ikf:   ·r^(their exponent)
//! saturation currents:    ·(r^x·e^(−E·(1 − r)/Vt))^(1/n)         x of xis, xii, xin, xisr; E of ea, eaie, …; n nominal
//! gamm·r^xis·e^(−ea·(1 − r)/Vt),   nf, nr·(1 + tnf·Δ),   avc2·(1 + tavc·Δ)
//! vbbe·(1 + tvbbe1·Δ + tvbbe2·Δ²),   nbbe·(1 + tnbbe·Δ)
//! potentials: ψ0 = 2·Vt/r·ln(e^(φ·r/(2·Vt)) − e^(−φ·r/(2·Vt))),  ψ = r·ψ0 − 3·Vt·ln r − E·(r − 1)
//!             φ(T) = ψ + 2·Vt·ln(½ + ½·√(1 + 4·e^(−ψ/Vt))),      capacitances ·(φ/φ(T))^m
//! ```
//! Source: McAndrew et al., IEEE J. Solid-State Circuits 31, 1476 (1996).

use super::depletion::{Depletion, Junction};
use super::parameters::VbicModel;
use crate::numerics::scalar::Scalar;

/// Boltzmann constant over elementary charge as in the model's code, V/K.
const K_OVER_Q: f64 = 1.380_662e-23 / 1.602_189e-19;

/// Saturation current in A and 1/(n·Vt) in 1/V of an exponential.
#[derive(Debug, Clone, Copy)]
pub struct Exponential<P> {
    pub saturation: P,
    pub inverse_scale: P,
}

/// An ideal and a non-ideal exponential across one junction.
pub type Pair<P> = [Exponential<P>; 2];

/// Breakdown of the base-emitter junction.
#[derive(Debug, Clone, Copy)]
pub struct Breakdown<P> {
    pub voltage: P,
    pub inverse_scale: P,
    /// e^(−vbbe/(nbbe·Vt))
    pub without_bias: P,
}

/// Conductances of the resistances, S; 0 for none.
#[derive(Debug, Clone, Copy)]
pub struct Conductances<P> {
    pub outer_collector: P,
    pub inner_collector: P,
    pub outer_base: P,
    pub inner_base: P,
    pub emitter: P,
    pub substrate: P,
    pub parasitic_base: P,
}

impl<P: Copy> Conductances<P> {
    /// The same with each made another one.
    #[inline(always)]
    pub fn map<T>(&self, make: impl Fn(P) -> T) -> Conductances<T> {
        Conductances {
            outer_collector: make(self.outer_collector),
            inner_collector: make(self.inner_collector),
            outer_base: make(self.outer_base),
            inner_base: make(self.inner_base),
            emitter: make(self.emitter),
            substrate: make(self.substrate),
            parasitic_base: make(self.parasitic_base),
        }
    }
}

/// The transistor at a temperature, for an area of 1; `P` is `f64`, or depends on an unknown where the transistor heats itself.
#[derive(Debug, Clone, Copy)]
pub struct Warm<P> {
    /// K
    pub temperature: P,
    pub thermal: P,
    pub conductances: Conductances<P>,
    pub forward: Exponential<P>,
    pub reverse: Exponential<P>,
    pub emitter: Pair<P>,
    pub breakdown: Option<Breakdown<P>>,
    pub collector: Pair<P>,
    pub outer: Pair<P>,
    pub substrate: Pair<P>,
    pub parasitic: Exponential<P>,
    pub inverse_forward_knee: P,
    pub inverse_drift_voltage: P,
    pub doping: P,
    pub avalanche_exponent: P,
    pub collector_potential: P,
    /// Zero-bias capacitances, F.
    pub emitter_capacitance: P,
    pub collector_capacitance: P,
    pub outer_capacitance: P,
    pub substrate_capacitance: P,
    pub emitter_depletion: Depletion<P>,
    pub collector_depletion: Depletion<P>,
    pub substrate_depletion: Depletion<P>,
}

/// 1/value of what is there, 0 otherwise.
pub fn inverse(value: f64) -> f64 {
    if value > 0.0 { 1.0 / value } else { 0.0 }
}

/// The temperature and what is made of it again and again.
struct Rule<P> {
    /// T/Tnom and its logarithm.
    ratio: P,
    logarithm: P,
    delta: P,
    thermal: P,
    /// kTnom/q
    nominal_thermal: f64,
}

impl<P: Scalar> Rule<P> {
    fn new(temperature: P, nominal: f64) -> Self {
        let ratio = temperature * (1.0 / nominal);
        let thermal = temperature * K_OVER_Q;
        Rule {
            ratio,
            logarithm: ratio.ln(),
            delta: temperature - nominal,
            thermal,
            nominal_thermal: K_OVER_Q * nominal,
        }
    }

    /// r^exponent
    fn power(&self, exponent: f64) -> P {
        if exponent == 0.0 { P::constant(1.0) } else { (self.logarithm * exponent).exp() }
    }

    /// (r^exponent·e^(−energy·(1 − r)/Vt))^(1/emission)
    fn growth(&self, exponent: f64, energy: f64, emission: f64) -> P {
        let activation = (self.ratio - 1.0) / self.thermal * energy;
        ((self.logarithm * exponent + activation) * (1.0 / emission)).exp()
    }

    fn linear(&self, coefficient: f64) -> P {
        self.delta * coefficient + 1.0
    }

    /// A saturation current with its emission coefficient, temperature exponent and activation energy.
    fn exponential(&self, [saturation, emission, exponent, energy]: [f64; 4]) -> Exponential<P> {
        let saturation =
            if saturation == 0.0 { P::zero() } else { self.growth(exponent, energy, emission) * saturation };
        Exponential { saturation, inverse_scale: (self.thermal * emission).recip() }
    }

    fn potential(&self, nominal: f64, energy: f64) -> P {
        let half = 0.5 * nominal / self.nominal_thermal;
        let start = 2.0 * self.nominal_thermal * (half.exp() - (-half).exp()).ln();
        let shifted = self.ratio * start - self.thermal * self.logarithm * 3.0 - (self.ratio - 1.0) * energy;
        let root = ((-(shifted / self.thermal)).exp() * 4.0 + 1.0).sqrt();
        shifted + self.thermal * ((root + 1.0) * 0.5).ln() * 2.0
    }

    /// Conductance of a resistance in Ω with its temperature exponent.
    fn conductance(&self, resistance: f64, exponent: f64) -> P {
        self.power(-exponent) * inverse(resistance)
    }
}

impl VbicModel {
    /// The card's numbers at `temperature`; it and `nominal`, that of the parameters, in K.
    pub fn at_temperature<P: Scalar>(&self, temperature: P, nominal: f64) -> Warm<P> {
        let rule = Rule::new(temperature, nominal);
        let potentials = [
            rule.potential(self.emitter_potential, self.eaie),
            rule.potential(self.collector_potential, self.eaic),
            rule.potential(self.substrate_potential, self.eais),
        ];
        let capacitance = |zero_bias: f64, potential: P, nominal: f64, grading: f64| {
            if zero_bias == 0.0 { P::zero() } else { (potential.recip() * nominal).powf(grading) * zero_bias }
        };
        let of_collector =
            |value: f64| capacitance(value, potentials[1], self.collector_potential, self.collector_grading);
        let [of_emitter, of_base, of_substrate] = self.junctions();
        let [emitter, collector, outer, substrate] = self.pairs(&rule);
        let forward = rule.linear(self.tnf);
        let scale = |emission: f64| (rule.thermal * forward * emission).recip();
        let saturation = rule.growth(self.xis, self.ea, self.forward_emission) * self.saturation;
        let reverse = rule.growth(self.xisr, self.dear, self.reverse_emission) * self.reverse_saturation;
        Warm {
            temperature,
            thermal: rule.thermal,
            conductances: self.conductances(&rule),
            forward: Exponential { saturation, inverse_scale: scale(self.forward_emission) },
            reverse: Exponential { saturation: saturation * reverse, inverse_scale: scale(self.reverse_emission) },
            emitter,
            breakdown: (self.breakdown_voltage > 0.0).then(|| self.breakdown(&rule)),
            collector,
            outer,
            substrate,
            parasitic: rule.exponential([self.parasitic_saturation, self.parasitic_emission, self.xis, self.eap]),
            inverse_forward_knee: rule.power(-self.xikf) * inverse(self.forward_knee),
            inverse_drift_voltage: rule.power(-self.xvo) * inverse(self.drift_voltage),
            doping: rule.growth(self.xis, self.ea, 1.0) * self.doping,
            avalanche_exponent: rule.linear(self.tavc) * self.avalanche_exponent,
            collector_potential: potentials[1],
            emitter_capacitance: capacitance(
                self.emitter_capacitance,
                potentials[0],
                self.emitter_potential,
                self.emitter_grading,
            ),
            collector_capacitance: of_collector(self.collector_capacitance),
            outer_capacitance: of_collector(self.outer_capacitance),
            substrate_capacitance: capacitance(
                self.substrate_capacitance,
                potentials[2],
                self.substrate_potential,
                self.substrate_grading,
            ),
            emitter_depletion: Depletion::new(of_emitter, potentials[0]),
            collector_depletion: Depletion::new(of_base, potentials[1]),
            substrate_depletion: Depletion::new(of_substrate, potentials[2]),
        }
    }

    /// Exponentials of base and emitter, base and collector, of the outer base, and of the substrate.
    fn pairs<P: Scalar>(&self, rule: &Rule<P>) -> [Pair<P>; 4] {
        let (collector_emission, leak_emission) = (self.collector_ideal_emission, self.collector_leak_emission);
        [
            [
                [self.emitter_ideal, self.emitter_ideal_emission, self.xii, self.eaie],
                [self.emitter_leak, self.emitter_leak_emission, self.xin, self.eane],
            ],
            [
                [self.collector_ideal, collector_emission, self.xii, self.eaic],
                [self.collector_leak, leak_emission, self.xin, self.eanc],
            ],
            [
                [self.outer_ideal, collector_emission, self.xii, self.eaic],
                [self.outer_leak, leak_emission, self.xin, self.eanc],
            ],
            [
                [self.substrate_ideal, self.substrate_ideal_emission, self.xii, self.eais],
                [self.substrate_leak, self.substrate_leak_emission, self.xin, self.eans],
            ],
        ]
        .map(|pair| pair.map(|numbers| rule.exponential(numbers)))
    }

    fn conductances<P: Scalar>(&self, rule: &Rule<P>) -> Conductances<P> {
        let own = |exponent: f64, common: f64| if exponent.is_nan() { common } else { exponent };
        Conductances {
            outer_collector: rule.conductance(self.outer_collector, own(self.xrcx, self.xrc)),
            inner_collector: rule.conductance(self.inner_collector, own(self.xrci, self.xrc)),
            outer_base: rule.conductance(self.outer_base, own(self.xrbx, self.xrb)),
            inner_base: rule.conductance(self.inner_base, own(self.xrbi, self.xrb)),
            emitter: rule.conductance(self.emitter_resistance, self.xre),
            substrate: rule.conductance(self.substrate_resistance, self.xrs),
            parasitic_base: rule.conductance(self.parasitic_base, self.xrbp),
        }
    }

    fn breakdown<P: Scalar>(&self, rule: &Rule<P>) -> Breakdown<P> {
        let voltage = ((rule.delta * self.tvbbe2 + self.tvbbe1) * rule.delta + 1.0) * self.breakdown_voltage;
        let inverse_scale = (rule.linear(self.tnbbe) * rule.thermal * self.breakdown_emission).recip();
        Breakdown { voltage, inverse_scale, without_bias: (-(voltage * inverse_scale)).exp() }
    }

    /// Junctions of emitter, collector and substrate.
    fn junctions(&self) -> [Junction; 3] {
        let plain = |grading, smoothing| Junction {
            grading,
            forward: self.forward_bias,
            smoothing,
            reach: 0.0,
            reach_smoothing: 0.0,
        };
        let collector = plain(self.collector_grading, self.collector_smoothing);
        [
            plain(self.emitter_grading, self.emitter_smoothing),
            Junction { reach: self.reach_through, reach_smoothing: self.reach_smoothing, ..collector },
            plain(self.substrate_grading, self.substrate_smoothing),
        ]
    }
}

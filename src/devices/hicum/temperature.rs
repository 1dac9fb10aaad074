//! What the card's numbers are at the transistor's temperature T; r = T/Tnom, Δ = T − Tnom, E(v) = e^(v/Vt·(r − 1)).
//!
//! ```text
//! mg = 3 − f1vg·q/k,  vgbe = ½·(vgb + vge),  vgbc = ½·(vgb + vgc),  vgsc = ½·(vgs + vgc)
//! c10·r^zetact·E(vgb);   rci0, rbi0, rbx, rcx, re, rth·r^(their exponent), rth·(1 + alrth·Δ) too
//! vces·(1 + alces·Δ),  t0·(1 + alt0·Δ + kt0·Δ²),  thcs·r^(zetaci − 1),  tsf·r^(zetacx − 1)
//! favl, qavl, kavl·e^(their coefficient·Δ),  ahjei·r^zetahjei,  hjei·e^(dvgbe/Vt·(r^zetavgbe − 1)),  hf0·E(dvgbe)
//! potentials: ψ0 = 2·Vtn·ln(e^(φ/(2·Vtn)) − e^(−φ/(2·Vtn))),  ψ = r·ψ0 + E·(1 − r) − mg·Vt·ln r        E of vgbe, vgbc, vgsc
//!             φ(T) = ψ + 2·Vt·ln(½·(1 + √(1 + 4·e^(−ψ/Vt)))),  capacitances ·(φ/φ(T))^z,  ajei, ajep·φ(T)/φ
//! tunnelling: ibets·c·√ε·p²,  abet/(c·p·ε^1.5)     c of its capacitance, p of its potential over that at Tnom, ε of the band gap
//! flcomp from 2.2 on:
//!     ibeis, ibeps·r^zetabet·E(vge);  ireis, ireps·r^(mg/2)·E(vgbe/2), from 2.3 on ·r^(mg/mrei)·E(vgbe/mrei) with their coefficients
//!     ibcis·r^(mg + 1 − zetaci)·E(vgc),  ibcxs·r^(mg + 1 − zetacx)·E(vgc),  itss·r^(mg − 1.5)·E(vgc),  iscs·r^(mg − 1.5)·E(vgs)
//!     qp0·(2 − (φei(T)/φei)^zei),  vlim·r^(zetaci − alvs·Tnom)
//!     tef0·r^(zetabet − zetact − ½)·E(vge − vgb), from 2.3 on constant;  from 2.3 on hfe·E(vgb − vge) and hfc·E(vgb − vgc)
//! flcomp of 0 or 2.1, with G = r³·E(vgb):
//!     saturation currents ·G^(1/m), those of base and emitter ·G^(mcf/m)·e^(−alb·Δ);  qp0·(1 + ½·zei·(1 − φei(T)/φei))
//!     vlim: a = vlim·(1 − alvs·Δ)·r^zetaci, and Vt + Vt·ln(1 + e^(a/Vt − 1));  tef0·r/k, k = ½·(y + √(y² + 0.01)), y = 1 + alb·Δ
//! ```
//! T is kept between 173.15 K and 600 K.
//!
//! Source: HICUM/L2 manual, chapter on temperature dependence.

use super::depletion::{Depletion, Junction};
use super::parameters::HicumModel;
use super::transit::positive;
use crate::numerics::scalar::Scalar;

/// Boltzmann constant over elementary charge as in the model's code, V/K.
const K_OVER_Q: f64 = 1.380_648_52e-23 / 1.602_176_620_8e-19;

/// Where the equations over temperature end, K.
const COLDEST: f64 = 173.15;
const HOTTEST: f64 = 600.0;

/// Largest capacitance of junctions with the collector over that at zero bias.
const COLLECTOR_PEAK: f64 = 2.4;

/// Resistances below this are none, Ω (and K/W).
pub const LEAST_RESISTANCE: f64 = 1e-3;

/// Saturation current in A and 1/(m·Vt) in 1/V of a junction.
#[derive(Debug, Clone, Copy)]
pub struct Exponential<P> {
    pub saturation: P,
    pub inverse_scale: P,
}

/// Conductances of constant resistances, S; 0 for none.
#[derive(Debug, Clone, Copy)]
pub struct Conductances<P> {
    pub collector: P,
    pub base: P,
    pub emitter: P,
    /// 1/rth, W/K
    pub thermal: P,
}

impl<P: Copy> Conductances<P> {
    #[inline(always)]
    pub fn map<T>(&self, make: impl Fn(P) -> T) -> Conductances<T> {
        Conductances {
            collector: make(self.collector),
            base: make(self.base),
            emitter: make(self.emitter),
            thermal: make(self.thermal),
        }
    }
}

/// Tunnelling at a temperature.
#[derive(Debug, Clone, Copy)]
pub struct Tunnel<P> {
    pub saturation: P,
    pub exponent: P,
}

/// The transistor at a temperature, for an area of 1; `P` is `f64`, or depends on an unknown where the transistor heats itself.
#[derive(Debug, Clone, Copy)]
pub struct Warm<P> {
    /// K
    pub temperature: P,
    pub thermal: P,
    pub conductances: Conductances<P>,
    pub transfer: P,
    pub hole_charge: P,
    pub emitter: Exponential<P>,
    pub recombination: Exponential<P>,
    pub perimeter: Exponential<P>,
    pub perimeter_recombination: Exponential<P>,
    pub collector: Exponential<P>,
    pub outer_collector: Exponential<P>,
    pub substrate: Exponential<P>,
    pub substrate_transfer: Exponential<P>,
    pub tunnel: Tunnel<P>,
    /// favl, qavl and kavl
    pub avalanche: [P; 3],
    pub inner_base: P,
    pub inner_collector: P,
    pub drift_voltage: P,
    pub saturation_voltage: P,
    pub transit: P,
    pub emitter_time: P,
    pub saturation_time: P,
    pub substrate_transit: P,
    /// hjei and ahjei
    pub depletion_weight: [P; 2],
    /// hf0, hfe and hfc
    pub weights: [P; 3],
    pub emitter_depletion: Depletion<P>,
    pub perimeter_depletion: Depletion<P>,
    pub collector_depletion: Depletion<P>,
    /// The same without punch-through, which the transit time follows.
    pub collector_width: Depletion<P>,
    /// For 1 F.
    pub outer_depletion: Depletion<P>,
    pub substrate_depletion: Depletion<P>,
    pub substrate_perimeter: Depletion<P>,
}

/// The temperature and what is made of it again and again.
struct Rule<P> {
    ratio: P,
    logarithm: P,
    delta: P,
    temperature: P,
    thermal: P,
    /// kTnom/q and Tnom
    nominal_thermal: f64,
    nominal: f64,
    /// mg
    exponent: f64,
}

/// A junction's numbers: zero-bias capacitance, potential, grading, peak, punch-through voltage and band gap.
type Numbers = [f64; 6];

impl<P: Scalar> Rule<P> {
    fn new(temperature: P, nominal: f64, m: &HicumModel) -> Self {
        let temperature = temperature.max(P::constant(COLDEST)).min(P::constant(HOTTEST));
        let ratio = temperature * (1.0 / nominal);
        Rule {
            ratio,
            logarithm: ratio.ln(),
            delta: temperature - nominal,
            temperature,
            thermal: temperature * K_OVER_Q,
            nominal_thermal: K_OVER_Q * nominal,
            nominal,
            exponent: 3.0 - m.f1vg / K_OVER_Q,
        }
    }

    /// r^exponent
    fn power(&self, exponent: f64) -> P {
        if exponent == 0.0 { P::constant(1.0) } else { (self.logarithm * exponent).exp() }
    }

    /// r^exponent·E(gap)
    fn growth(&self, exponent: f64, gap: f64) -> P {
        (self.logarithm * exponent + (self.ratio - 1.0) / self.thermal * gap).exp()
    }

    fn linear(&self, coefficient: f64) -> P {
        self.delta * coefficient + 1.0
    }

    fn exponential(&self, saturation: f64, emission: f64, growth: P) -> Exponential<P> {
        Exponential { saturation: growth * saturation, inverse_scale: (self.thermal * emission).recip() }
    }

    /// Conductance of a resistance in Ω with its temperature exponent.
    fn conductance(&self, resistance: f64, exponent: f64) -> P {
        if resistance < LEAST_RESISTANCE { P::zero() } else { self.power(-exponent) * (1.0 / resistance) }
    }

    fn potential(&self, nominal: f64, gap: f64) -> P {
        let half = 0.5 * nominal / self.nominal_thermal;
        let start = 2.0 * self.nominal_thermal * (half.exp() - (-half).exp()).ln();
        let shifted = self.ratio * start + (-self.ratio + 1.0) * gap - self.thermal * self.logarithm * self.exponent;
        let root = ((-(shifted / self.thermal)).exp() * 4.0 + 1.0).sqrt();
        shifted + self.thermal * ((root + 1.0) * 0.5).ln() * 2.0
    }

    /// A junction; `follows` says that its peak follows the potential.
    fn depletion(&self, [capacitance, nominal, grading, peak, reach, gap]: Numbers, follows: bool) -> Depletion<P> {
        if capacitance <= 0.0 {
            let [capacitance, potential, peak] = [0.0, nominal, peak].map(P::constant);
            return Depletion::new(Junction { capacitance, potential, grading, peak, reach }, self.thermal);
        }
        let potential = self.potential(nominal, gap);
        let peak = if follows { potential * (peak / nominal) } else { P::constant(peak) };
        let capacitance = (potential.recip() * nominal).powf(grading) * capacitance;
        Depletion::new(Junction { capacitance, potential, grading, peak, reach }, self.thermal)
    }

    /// Band gap of `gap` at this temperature over that at Tnom.
    fn gap_ratio(&self, gap: f64, m: &HicumModel) -> P {
        let nominal = gap + m.f1vg * self.nominal * self.nominal.ln() + m.f2vg * self.nominal;
        let now = self.temperature * self.temperature.ln() * m.f1vg + self.temperature * m.f2vg + gap;
        now.recip() * nominal
    }
}

/// Junction currents of a card, in the order of [`Warm`]: base-emitter, collector, substrate.
type Currents<P> = [Exponential<P>; 8];

impl HicumModel {
    /// Whether equations are those of the model's version 2.1.
    pub fn is_of_first_version(&self) -> bool {
        self.compatibility == 0.0 || self.compatibility == 2.1
    }

    /// The card's numbers at `temperature`; it and `nominal`, that of the parameters, in K.
    pub fn at_temperature<P: Scalar>(&self, temperature: P, nominal: f64) -> Warm<P> {
        let rule = Rule::new(temperature, nominal, self);
        let depletions = self.depletions(&rule);
        let [emitter_depletion, perimeter_depletion, collector_depletion, collector_width, ..] = depletions;
        let [.., outer_depletion, substrate_depletion, substrate_perimeter] = depletions;
        let currents = if self.is_of_first_version() { self.first_currents(&rule) } else { self.currents(&rule) };
        let [emitter, recombination, perimeter, perimeter_recombination, ..] = currents;
        let [.., collector, outer_collector, substrate_transfer, substrate] = currents;
        let gain = |coefficient: f64| (rule.delta * coefficient).exp();
        Warm {
            temperature: rule.temperature,
            thermal: rule.thermal,
            conductances: self.conductances(&rule),
            transfer: rule.growth(self.zetact, self.vgb) * self.transfer,
            hole_charge: self.hole_charge_at(&emitter_depletion),
            emitter,
            recombination,
            perimeter,
            perimeter_recombination,
            collector,
            outer_collector,
            substrate,
            substrate_transfer,
            tunnel: self.tunnel(&rule, &emitter_depletion, &perimeter_depletion),
            avalanche: [
                gain(self.alfav) * self.avalanche_factor,
                gain(self.alqav) * self.avalanche_charge,
                gain(self.alkav) * self.avalanche_strength,
            ],
            inner_base: rule.power(self.zetarbi) * self.inner_base,
            inner_collector: rule.power(self.zetaci) * self.inner_collector,
            drift_voltage: self.drift_voltage_at(&rule),
            saturation_voltage: rule.linear(self.alces) * self.saturation_voltage,
            transit: ((rule.delta * self.kt0 + self.alt0) * rule.delta + 1.0) * self.transit,
            emitter_time: self.emitter_time_at(&rule),
            saturation_time: rule.power(self.zetaci - 1.0) * self.saturation_time,
            substrate_transit: rule.power(self.zetacx - 1.0) * self.substrate_transit,
            depletion_weight: self.depletion_weight(&rule),
            weights: self.weights(&rule),
            emitter_depletion,
            perimeter_depletion,
            collector_depletion,
            collector_width,
            outer_depletion,
            substrate_depletion,
            substrate_perimeter,
        }
    }

    fn conductances<P: Scalar>(&self, rule: &Rule<P>) -> Conductances<P> {
        Conductances {
            collector: rule.conductance(self.outer_collector, self.zetarcx),
            base: rule.conductance(self.outer_base, self.zetarbx),
            emitter: rule.conductance(self.emitter_resistance, self.zetare),
            thermal: rule.conductance(self.thermal_resistance, self.zetarth) / rule.linear(self.alrth),
        }
    }

    /// In the order of [`Warm`].
    fn depletions<P: Scalar>(&self, rule: &Rule<P>) -> [Depletion<P>; 7] {
        let of_emitter = 0.5 * (self.vgb + self.vge);
        let of_collector = 0.5 * (self.vgb + self.vgc);
        let of_substrate = 0.5 * (self.vgs + self.vgc);
        let emitter = |[capacitance, potential, grading, peak]: [f64; 4]| {
            rule.depletion([capacitance, potential, grading, peak, f64::INFINITY, of_emitter], true)
        };
        let other = |[capacitance, potential, grading, reach]: [f64; 4], gap: f64| {
            rule.depletion([capacitance, potential, grading, COLLECTOR_PEAK, reach, gap], false)
        };
        let inner = [self.collector_capacitance, self.collector_potential, self.collector_grading];
        let [capacitance, potential, grading] = inner;
        let outer = [1.0, self.outer_collector_potential, self.outer_collector_grading, self.outer_collector_reach];
        let substrate =
            [self.substrate_capacitance, self.substrate_potential, self.substrate_grading, self.substrate_reach];
        let perimeter = [
            if self.substrate_perimeter_potential > 0.0 { self.substrate_perimeter_capacitance } else { 0.0 },
            self.substrate_perimeter_potential,
            self.substrate_perimeter_grading,
            self.substrate_perimeter_reach,
        ];
        [
            emitter([self.emitter_capacitance, self.emitter_potential, self.emitter_grading, self.emitter_peak]),
            emitter([
                self.perimeter_capacitance,
                self.perimeter_potential,
                self.perimeter_grading,
                self.perimeter_peak,
            ]),
            other([capacitance, potential, grading, self.collector_reach], of_collector),
            other([capacitance, potential, grading, f64::INFINITY], of_collector),
            other(outer, of_collector),
            other(substrate, of_substrate),
            other(perimeter, of_substrate),
        ]
    }

    /// Currents of flcomp 2.2 and later: of the inner base, its recombination, those of the perimeter, of the inner and the outer
    /// collector, of the substrate transistor and the substrate.
    fn currents<P: Scalar>(&self, rule: &Rule<P>) -> Currents<P> {
        let mean = 0.5 * (self.vgb + self.vge);
        let base = rule.growth(self.zetabet, self.vge);
        let recombination = |saturation: f64, emission: f64| {
            let part = if self.compatibility >= 2.3 { emission } else { 2.0 };
            rule.exponential(saturation, emission, rule.growth(rule.exponent / part, mean / part))
        };
        let collector = rule.growth(rule.exponent + 1.0 - self.zetaci, self.vgc);
        let outer = rule.growth(rule.exponent + 1.0 - self.zetacx, self.vgc);
        let of_substrate = |gap: f64| rule.growth(rule.exponent - 1.5, gap);
        [
            rule.exponential(self.emitter_saturation, self.emitter_emission, base),
            recombination(self.recombination_saturation, self.recombination_emission),
            rule.exponential(self.perimeter_saturation, self.perimeter_emission, base),
            recombination(self.perimeter_recombination_saturation, self.perimeter_recombination_emission),
            rule.exponential(self.collector_saturation, self.collector_emission, collector),
            rule.exponential(self.outer_collector_saturation, self.outer_collector_emission, outer),
            rule.exponential(self.substrate_transfer, self.substrate_emission, of_substrate(self.vgc)),
            rule.exponential(self.substrate_saturation, self.substrate_junction_emission, of_substrate(self.vgs)),
        ]
    }

    /// The same of flcomp 0 and 2.1.
    fn first_currents<P: Scalar>(&self, rule: &Rule<P>) -> Currents<P> {
        let growth = rule.logarithm * 3.0 + (rule.ratio - 1.0) / rule.thermal * self.vgb;
        let base = |saturation: f64, emission: f64| {
            let exponent = growth * (self.forward_emission / emission) - rule.delta * self.alb;
            rule.exponential(saturation, emission, exponent.exp())
        };
        let other =
            |saturation: f64, emission: f64| rule.exponential(saturation, emission, (growth * (1.0 / emission)).exp());
        [
            base(self.emitter_saturation, self.emitter_emission),
            base(self.recombination_saturation, self.recombination_emission),
            base(self.perimeter_saturation, self.perimeter_emission),
            base(self.perimeter_recombination_saturation, self.perimeter_recombination_emission),
            other(self.collector_saturation, self.collector_emission),
            other(self.outer_collector_saturation, self.outer_collector_emission),
            other(self.substrate_transfer, self.substrate_emission),
            other(self.substrate_saturation, self.substrate_junction_emission),
        ]
    }

    fn hole_charge_at<P: Scalar>(&self, emitter: &Depletion<P>) -> P {
        let ratio = emitter.junction.potential * (1.0 / self.emitter_potential);
        let factor = if self.is_of_first_version() {
            (-ratio + 1.0) * (0.5 * self.emitter_grading) + 1.0
        } else {
            -ratio.powf(self.emitter_grading) + 2.0
        };
        factor * self.hole_charge
    }

    fn drift_voltage_at<P: Scalar>(&self, rule: &Rule<P>) -> P {
        if !self.is_of_first_version() {
            return rule.power(self.zetaci - self.alvs * rule.nominal) * self.drift_voltage;
        }
        let drift = rule.linear(-self.alvs) * rule.power(self.zetaci) * self.drift_voltage;
        rule.thermal + rule.thermal * ((drift - rule.thermal) / rule.thermal).softplus()
    }

    fn emitter_time_at<P: Scalar>(&self, rule: &Rule<P>) -> P {
        let factor = if self.is_of_first_version() {
            rule.ratio / positive(rule.linear(self.alb), 0.01)
        } else if self.compatibility >= 2.3 {
            P::constant(1.0)
        } else {
            rule.growth(self.zetabet - self.zetact - 0.5, self.vge - self.vgb)
        };
        factor * self.emitter_time
    }

    fn depletion_weight<P: Scalar>(&self, rule: &Rule<P>) -> [P; 2] {
        let exponent = (rule.power(self.zetavgbe) - 1.0) / rule.thermal * self.dvgbe;
        [exponent.exp() * self.emitter_depletion_weight, rule.power(self.zetahjei) * self.emitter_depletion_slope]
    }

    fn weights<P: Scalar>(&self, rule: &Rule<P>) -> [P; 3] {
        let warmed = |weight: f64, gap: f64| {
            if self.compatibility >= 2.3 { rule.growth(0.0, gap) * weight } else { P::constant(weight) }
        };
        [
            rule.growth(0.0, self.dvgbe) * self.low_weight,
            warmed(self.emitter_weight, self.vgb - self.vge),
            warmed(self.collector_weight, self.vgb - self.vgc),
        ]
    }

    fn tunnel<P: Scalar>(&self, rule: &Rule<P>, inner: &Depletion<P>, perimeter: &Depletion<P>) -> Tunnel<P> {
        let (at, capacitance, potential) = if self.tunnels_at_perimeter() {
            (&perimeter.junction, self.perimeter_capacitance, self.perimeter_potential)
        } else {
            (&inner.junction, self.emitter_capacitance, self.emitter_potential)
        };
        if self.tunnel_saturation <= 0.0 || capacitance <= 0.0 {
            return Tunnel { saturation: P::zero(), exponent: P::constant(1.0) };
        }
        let gap = rule.gap_ratio(0.5 * (self.vgb + self.vge), self);
        let (capacitance, potential) = (at.capacitance * (1.0 / capacitance), at.potential * (1.0 / potential));
        Tunnel {
            saturation: capacitance * gap.sqrt() * potential * potential * self.tunnel_saturation,
            exponent: (potential * capacitance * gap.powf(1.5)).recip() * self.tunnel_exponent,
        }
    }

    /// Whether tunnelling is that of the perimeter.
    pub fn tunnels_at_perimeter(&self) -> bool {
        self.tunnel_node == 1.0
    }
}

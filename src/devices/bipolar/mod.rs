//! Q: the bipolar transistor of Gummel and Poon.
//!
//! ```text
//! If = Is·(e^(vbe/(Nf·Vt)) − 1),  Ir = Is·(e^(vbc/(Nr·Vt)) − 1)            (in reverse SPICE's cubic, as in D)
//! q1 = 1/(1 − vbc/Vaf − vbe/Var),  q2 = If/Ikf + Ir/Ikr,  qb = q1/2·(1 + (1 + 4·q2)^nkf)
//! ic = (If − Ir)/qb − Ir/Br − Isc·(e^(vbc/(Nc·Vt)) − 1)
//! ib = If/Bf + Ir/Br + Ise·(e^(vbe/(Ne·Vt)) − 1) + Isc·(e^(vbc/(Nc·Vt)) − 1)
//! qbe = Tf·If·(1 + Xtf·(If/(If + Itf))²·e^(vbc/(1.44·Vtf)))/qb + depletion,  qbc = Tr·Ir + depletion·Xcjc
//! base resistance: Rbm + (Rb − Rbm)/qb, or with Irb Rbm + 3·(Rb − Rbm)·(tan z − z)/(z·tan² z)
//! ```
//! The remaining (1 − Xcjc) of the collector's depletion charge is at the outer base. The substrate junction (`subs`: 1 vertical, to
//! the collector; −1 lateral, to the base) has Iss, Ns and Cjs. Each junction has gmin across it, which no gain
//! multiplies. RC and RE are separate resistors.
//!
//! The forward current is delayed by td = Tf·Ptf·π/180 (excess phase): by e^(−jω·td) in small-signal analysis, in time by Weil's
//! filter td²·y″/3 + td·y′ + y = If/qb. What follows from f + dq/dt = 0 where ngspice leaves terms out: the base resistance
//! changes with the bias in small-signal analysis too. If and Ir have the same `area`, so that no current flows at vbe = vbc; ngspice
//! 39 multiplies Ir by `areab` (`areac` of lateral transistors) once more, so saturated transistors of other areas than 1 differ there.
//!
//! Temperature: Is·(T/Tnom)^xti·e^(Eg·ΔT/(Vt·Tnom)) and gains·(T/Tnom)^xtb; with `tlev=1` gains·(1 + xtb·ΔT), unless tbf1, tbf2 or
//! tbr1, tbr2 are given; with `tlev=3` saturation
//! currents to the power 1 + tis1·ΔT + tis2·ΔT² alone, and so on. `tlevc` does the like for capacitances.
//!
//! Noise: thermal noise of the resistances, shot noise of ic and ib, kf·|ib|^af/f.
//!
//! Sources: Gummel and Poon, Bell Syst. Tech. J. 49, 827 (1970); Antognetti and Massobrio, Semiconductor Device Modeling with SPICE,
//! chapter 2; Weil and McNamee, IEEE Trans. CAS 25, 114 (1978); ngspice-39 manual, chapter 8.

mod card;
mod delayed;

pub use card::{NUMBERS, PAGE, construct};

use super::device::{Contribution, Device, Environment, Lead, QuantityInfo};
use super::junction::{Depletion, exponential, limit_junction};
use super::noise::{NoiseSource, flicker_of_current};
use crate::numerics::dual::Dual;
use crate::numerics::scalar::Scalar;

/// The transistor without the resistances of collector and emitter; unknowns: inner collector, inner base, inner emitter, base,
/// substrate. Parameters are at its temperature, area and multiplier included.
#[derive(Clone)]
pub struct Bipolar {
    /// 1 for npn, −1 for pnp.
    pub polarity: f64,
    /// Resistances in series with collector and emitter, Ω: devices of their own, whose power is said here.
    pub series: [f64; 2],
    pub saturation: f64,
    /// Nf·Vt and Nr·Vt, V.
    pub forward_scale: f64,
    pub reverse_scale: f64,
    pub forward_gain: f64,
    pub reverse_gain: f64,
    pub inverse_forward_early: f64,
    pub inverse_reverse_early: f64,
    pub inverse_forward_knee: f64,
    pub inverse_reverse_knee: f64,
    pub knee_exponent: f64,
    /// Saturation current and scale of the leakage of both junctions.
    pub emitter_leak: (f64, f64),
    pub collector_leak: (f64, f64),
    /// Least base resistance and what the bias takes away, Ω.
    pub base_least: f64,
    pub base_variable: f64,
    /// Base current of half that resistance, A; 0 for none.
    pub base_current: f64,
    pub transit: f64,
    pub transit_bias: f64,
    /// 1/(1.44·Vtf)
    pub transit_voltage: f64,
    pub transit_current: f64,
    pub reverse_transit: f64,
    pub emitter: Depletion,
    pub collector: Depletion,
    /// The collector's depletion charge at the outer base.
    pub outer: Depletion,
    pub substrate: Depletion,
    /// Saturation current and scale of the substrate junction.
    pub substrate_leak: (f64, f64),
    /// The substrate junction is one to the base.
    pub lateral: bool,
    pub thermal: f64,
    pub critical: f64,
    pub substrate_critical: f64,
    /// Factor on gmin: devices in parallel.
    pub multiplier: f64,
    /// K, of the thermal noise.
    pub temperature: f64,
    pub flicker: f64,
    pub flicker_exponent: f64,
    pub off: bool,
    /// vbe and vce of `ic=`.
    pub initial: Option<[f64; 2]>,
}

/// What depends on vbe and vbc, as of an npn, in terms of both.
struct Intrinsic<K> {
    /// (If − Ir)/qb and so on: current into the collector without what is delayed, if that is kept apart.
    collector: K,
    base: K,
    /// If/qb
    forward: K,
    charge_emitter: K,
    charge_collector: K,
    /// Conductance of the base, S; 0 without a resistance.
    base_conductance: K,
}

impl Bipolar {
    #[inline(always)]
    fn intrinsic<K: Scalar>(&self, [be, bc]: [K; 2], gmin: f64) -> Intrinsic<K> {
        let gmin = gmin * self.multiplier;
        let forward = exponential(be, self.saturation, self.forward_scale);
        let reverse = exponential(bc, self.saturation, self.reverse_scale);
        let leak = |v: K, (saturation, scale): (f64, f64)| {
            let least = v * gmin;
            if saturation == 0.0 { least } else { exponential(v, saturation, scale) + least }
        };
        let (emitter_leak, collector_leak) = (leak(be, self.emitter_leak), leak(bc, self.collector_leak));
        let inverse_qb = self.base_charge(be, bc, forward, reverse).recip();
        let transport = forward * inverse_qb;
        let back = reverse * (1.0 / self.reverse_gain) + collector_leak;
        let base = forward * (1.0 / self.forward_gain) + emitter_leak + back;
        let stored = if be.value() > 0.0 { transport * self.bias_factor(bc, forward) } else { forward };
        Intrinsic {
            collector: transport - reverse * inverse_qb - back,
            base,
            forward: transport,
            charge_emitter: stored * self.transit + self.emitter.charge(be),
            charge_collector: reverse * self.reverse_transit + self.collector.charge(bc),
            base_conductance: self.base_conductance(base, inverse_qb),
        }
    }

    /// qb
    #[inline(always)]
    fn base_charge<K: Scalar>(&self, be: K, bc: K, forward: K, reverse: K) -> K {
        let mut charge = K::from(1.0);
        if self.inverse_forward_early != 0.0 || self.inverse_reverse_early != 0.0 {
            charge = (bc * -self.inverse_forward_early - be * self.inverse_reverse_early + 1.0).recip();
        }
        if self.inverse_forward_knee != 0.0 || self.inverse_reverse_knee != 0.0 {
            let injected = forward * self.inverse_forward_knee + reverse * self.inverse_reverse_knee;
            let argument = (injected * 4.0 + 1.0).max(K::from(1e-30));
            charge = charge * (argument.powf(self.knee_exponent) + 1.0) * 0.5;
        }
        charge
    }

    /// 1 + Xtf·(If/(If + Itf))²·e^(vbc/(1.44·Vtf))
    #[inline(always)]
    fn bias_factor<K: Scalar>(&self, bc: K, forward: K) -> K {
        let mut factor = K::from(self.transit_bias);
        if self.transit_bias != 0.0 {
            if self.transit_voltage != 0.0 {
                factor = factor * (bc * self.transit_voltage).exp_limited(80.0);
            }
            if self.transit_current != 0.0 {
                let part = forward / (forward + self.transit_current);
                factor = factor * part * part;
            }
        }
        factor + 1.0
    }

    #[inline(always)]
    fn base_conductance<K: Scalar>(&self, base: K, inverse_qb: K) -> K {
        if self.base_least + self.base_variable == 0.0 {
            return K::zero();
        }
        if self.base_variable == 0.0 {
            return K::from(1.0 / self.base_least);
        }
        if self.base_current == 0.0 {
            return (inverse_qb * self.base_variable + self.base_least).recip();
        }
        let ratio = (base * (1.0 / self.base_current)).max(K::from(1e-9));
        let root = (ratio * 14.590_25 + 1.0).sqrt();
        let z = ratio.sqrt() * (14.590_25 / 2.4317) / (root + 1.0);
        // (tan z − z)/(z·tan² z) = c·(1 − c)/z² with c = z·cot z; by its series where the difference is lost in rounding.
        let square = z * z;
        let deficit = if z.value() < 0.3 {
            [2.0 / 93_555.0, 1.0 / 4725.0, 2.0 / 945.0, 1.0 / 45.0, 1.0 / 3.0]
                .iter()
                .fold(K::zero(), |sum: K, &coefficient| sum * square + coefficient)
        } else {
            let tangent = z.tan();
            (tangent - z) / (tangent * square)
        };
        let crowded = deficit * (-(deficit * square) + 1.0) * (3.0 * self.base_variable);
        (crowded + self.base_least).recip()
    }

    /// vbe, vbc, and the voltage of the substrate junction, as of an npn.
    fn voltages<S: Scalar>(&self, &[c, b, e, _, s]: &[S; 5]) -> [S; 3] {
        let p = self.polarity;
        let substrate = if self.lateral { (s - b) * -p } else { (s - c) * p };
        [(b - e) * p, (b - c) * p, substrate]
    }

    /// Equations with the delayed part of the collector current kept apart; gives that too.
    #[inline(always)]
    fn contribution<S: Scalar>(&self, x: &[S; 5], gmin: f64, delayed: Option<S>) -> (Contribution<S, 5>, S) {
        let p = self.polarity;
        let &[c, b, _, outer, _] = x;
        let [vbe, vbc, vs] = self.voltages(x);
        let of = [vbe, vbc];
        let inner = self.intrinsic(S::inner(&of), gmin);
        let up = |result: S::Inner<2>| S::outer(&of, result);
        let (mut collector, base, forward) = (up(inner.collector), up(inner.base), up(inner.forward));
        if let Some(delayed) = delayed {
            collector = collector + delayed - forward;
        }
        let (charge_emitter, charge_collector) = (up(inner.charge_emitter), up(inner.charge_collector));
        let charge_outer = self.outer.charge((outer - c) * p);
        let through = up(inner.base_conductance) * (outer - b) * p;
        let (leak, charge_leak) = (self.substrate_current(vs, gmin), self.substrate.charge(vs));
        let mut f = [collector, base - through, -(collector + base), through, S::zero()];
        let mut q = [
            -(charge_collector + charge_outer),
            charge_emitter + charge_collector,
            -charge_emitter,
            charge_outer,
            S::zero(),
        ];
        // Out of the substrate's junction into collector or base.
        let sign = if self.lateral { -1.0 } else { 1.0 };
        let to = usize::from(self.lateral);
        f[4] += leak * sign;
        f[to] -= leak * sign;
        q[4] += charge_leak * sign;
        q[to] -= charge_leak * sign;
        (Contribution { f: f.map(|value| value * p), q: q.map(|value| value * p) }, forward)
    }

    #[inline(always)]
    fn substrate_current<S: Scalar>(&self, v: S, gmin: f64) -> S {
        let (saturation, scale) = self.substrate_leak;
        let leak = v * (gmin * self.multiplier);
        if saturation == 0.0 { leak } else { exponential(v, saturation, scale) + leak }
    }

    /// Power of the series resistances, W; `across` is the voltage over that of the base.
    fn series_power(&self, collector: f64, base: f64, across: f64) -> f64 {
        let emitter = collector + base;
        collector * collector * self.series[0] + emitter * emitter * self.series[1] + (base * across).abs()
    }

    /// Whether the base resistance is there.
    pub fn has_base_resistance(&self) -> bool {
        self.base_least + self.base_variable > 0.0
    }
}

/// The base's current goes into its inner node or, where the base has a resistance or an outer charge, into the outer one.
const LEADS: &[Lead] = &[("ic", &[0]), ("ib", &[1, 3]), ("ie", &[2]), ("is", &[4])];

/// As ngspice's; currents have their signs, voltages and charges are as of an npn.
const QUANTITIES: &[QuantityInfo] = &[
    QuantityInfo::new("ic", "A", "Collector current"),
    QuantityInfo::new("ib", "A", "Base current"),
    QuantityInfo::new("ie", "A", "Emitter current"),
    QuantityInfo::new("is", "A", "Current out of the substrate"),
    QuantityInfo::new("vbe", "V", "Base-emitter voltage"),
    QuantityInfo::new("vbc", "V", "Base-collector voltage"),
    QuantityInfo::new("gm", "S", "Transconductance"),
    QuantityInfo::new("gpi", "S", "Input conductance"),
    QuantityInfo::new("gmu", "S", "Base-collector conductance"),
    QuantityInfo::new("gx", "S", "Conductance of the base"),
    QuantityInfo::new("go", "S", "Output conductance"),
    QuantityInfo::new("cpi", "F", "Base-emitter capacitance"),
    QuantityInfo::new("cmu", "F", "Base-collector capacitance"),
    QuantityInfo::new("cbx", "F", "Outer base-collector capacitance"),
    QuantityInfo::new("csub", "F", "Substrate capacitance"),
    QuantityInfo::new("qbe", "C", "Base-emitter charge"),
    QuantityInfo::new("qbc", "C", "Base-collector charge"),
    QuantityInfo::new("p", "W", "Power, with that of the series resistances"),
    QuantityInfo::new("qsub", "C", "Charge of the substrate"),
    QuantityInfo::new("qbx", "C", "Outer base-collector charge"),
];

impl Device<5> for Bipolar {
    const LIMITED: bool = true;
    const BENDS_OVER: Option<f64> = Some(0.02);
    const NOISY: bool = true;
    const LEADS: &'static [Lead] = LEADS;
    const QUANTITIES: &'static [QuantityInfo] = QUANTITIES;

    #[inline]
    fn equations<S: Scalar>(&self, x: &[S; 5], environment: &Environment) -> Contribution<S, 5> {
        self.contribution(x, environment.gmin, None).0
    }

    fn limit(&self, x: &[f64; 5], previous: &[f64; 5], _environment: &Environment) -> [f64; 5] {
        let wanted = self.voltages(x);
        let before = self.voltages(previous);
        let be = limit_junction(wanted[0], before[0], self.thermal, self.critical);
        let bc = limit_junction(wanted[1], before[1], self.thermal, self.critical);
        let vs = limit_junction(wanted[2], before[2], self.thermal, self.substrate_critical);
        if [be, bc, vs] == wanted {
            return *x;
        }
        let (p, b) = (self.polarity, x[1]);
        let (c, e) = (b - p * bc, b - p * be);
        [c, b, e, x[3], if self.lateral { b - p * vs } else { c + p * vs }]
    }

    fn is_off(&self) -> bool {
        self.off
    }

    fn start(&self) -> [f64; 5] {
        let base = self.polarity * self.critical;
        [base, base, 0.0, base, if self.lateral { base } else { 0.0 }]
    }

    fn stores(&self) -> [bool; 5] {
        let (be, bc) = (self.transit + self.emitter.capacitance > 0.0, self.reverse_transit > 0.0);
        let bc = bc || self.collector.capacitance > 0.0;
        let (bx, sub) = (self.outer.capacitance > 0.0, self.substrate.capacitance > 0.0);
        [bc || bx || sub && !self.lateral, be || bc || sub && self.lateral, be, bx, sub]
    }

    fn initial(&self, x: &mut [f64; 5]) {
        if let Some([be, ce]) = self.initial {
            (x[1], x[3], x[0]) = (x[2] + be, x[2] + be, x[2] + ce);
        }
    }

    fn has_initial(&self) -> bool {
        self.initial.is_some()
    }

    fn noise(&self, x: &[f64; 5], environment: &Environment, visit: &mut dyn FnMut(NoiseSource)) {
        let [vbe, vbc, _] = self.voltages(x);
        let inner = self.intrinsic([vbe, vbc], environment.gmin);
        if self.has_base_resistance() {
            visit(NoiseSource::thermal("rb", [3, 1], inner.base_conductance, self.temperature));
        }
        visit(NoiseSource::shot("ic", [0, 2], inner.collector));
        visit(NoiseSource::shot("ib", [1, 2], inner.base));
        let flicker = flicker_of_current(self.flicker, inner.base / self.multiplier, self.flicker_exponent);
        visit(NoiseSource::flicker([1, 2], flicker * self.multiplier));
    }

    fn quantity(&self, index: usize, x: &[f64; 5], environment: &Environment) -> f64 {
        let (p, [vbe, vbc, vs]) = (self.polarity, self.voltages(x));
        let i = self.intrinsic(Dual::<2>::variables(&[vbe, vbc]), environment.gmin);
        let (ic, ib) = (i.collector.value, i.base.value);
        let [leak, charge] = {
            let v: Dual<1> = Dual::variable(vs, 0);
            [self.substrate_current(v, environment.gmin), self.substrate.charge(v)]
        };
        let outer = self.outer.charge(Dual::<1>::variable(p * (x[3] - x[0]), 0));
        let sign = if self.lateral { -p } else { p };
        let gmu = i.base.gradient[1];
        let go = -i.collector.gradient[1] - gmu;
        [
            p * ic,
            p * ib,
            -p * (ic + ib),
            -sign * leak.value,
            vbe,
            vbc,
            i.collector.gradient[0] - go,
            i.base.gradient[0],
            gmu,
            i.base_conductance.value,
            go,
            i.charge_emitter.gradient[0],
            i.charge_collector.gradient[1],
            outer.gradient[0],
            charge.gradient[0],
            i.charge_emitter.value,
            i.charge_collector.value,
            (ic * (vbe - vbc)).abs() + (ib * vbe).abs() + self.series_power(ic, ib, p * (x[3] - x[1])),
            charge.value,
            outer.value,
        ][index]
    }
}

//! Currents and charges between the transistor's inner nodes, for an area of 1 and as of an npn.
//!
//! Source: McAndrew, Seitchik, Bowers, Dunn, Foisy, Getreu, McSwain, Moinian, Parker, Roulston, Schröter, van Wijnen and Wagner, IEEE J.
//! Solid-State Circuits 31, 1476 (1996), and versions 1.2 and 1.3 of that model.

use super::depletion::Depletion;
use super::parameters::VbicModel;
use super::temperature::{Breakdown, Exponential, Pair, Warm, inverse};
use crate::numerics::dual::Dual;
use crate::numerics::scalar::{Over, Scalar};

/// Voltages between inner nodes, as of an npn.
#[derive(Debug, Clone, Copy)]
pub struct Bias<S> {
    /// bi–ei
    pub be: S,
    /// bx–ei
    pub bex: S,
    /// bi–ci
    pub bc: S,
    /// bi–cx
    pub bcx: S,
    /// bx–bp
    pub bep: S,
    /// si–bp
    pub bcp: S,
}

/// Currents in A and charges in C between inner nodes.
#[derive(Debug, Clone, Copy)]
pub struct Flows<S> {
    /// If/qb, before any delay.
    pub forward: S,
    /// If/qb − Ir/qb from ci to ei.
    pub transport: S,
    pub be: S,
    pub bex: S,
    /// bi to ci, avalanche included.
    pub bc: S,
    pub bep: S,
    pub bcp: S,
    /// bx to si.
    pub parasitic: S,
    /// cx to ci.
    pub epitaxial: S,
    /// qb and that of the parasitic transistor.
    pub base_charge: S,
    pub parasitic_charge: S,
    pub charge_be: S,
    pub charge_bex: S,
    pub charge_bc: S,
    /// bi to cx.
    pub charge_bcx: S,
    pub charge_bep: S,
    pub charge_bcp: S,
}

/// What of the card depends on no temperature.
#[derive(Debug, Clone, Copy)]
pub struct Constants {
    inner_part: f64,
    inverse_forward_early: f64,
    inverse_reverse_early: f64,
    inverse_reverse_knee: f64,
    inverse_parasitic_knee: f64,
    knee_exponent: f64,
    as_gummel_poon: bool,
    avalanche: f64,
    collector_grading: f64,
    has_parasitic: bool,
    parasitic_part: f64,
    breakdown_current: f64,
    inverse_high_current: f64,
    epitaxial_charge: f64,
    transit: f64,
    transit_width: f64,
    transit_bias: f64,
    /// 1/(1.44·vtf)
    inverse_transit_voltage: f64,
    inverse_transit_current: f64,
    reverse_transit: f64,
    substrate_fixed: f64,
    emitter_capacitance: bool,
    collector_capacitance: bool,
    outer_capacitance: bool,
    substrate_capacitance: bool,
}

impl Constants {
    pub fn new(m: &VbicModel) -> Self {
        Constants {
            inner_part: m.inner_part,
            inverse_forward_early: inverse(m.forward_early),
            inverse_reverse_early: inverse(m.reverse_early),
            inverse_reverse_knee: inverse(m.reverse_knee),
            inverse_parasitic_knee: inverse(m.parasitic_knee),
            knee_exponent: m.knee_exponent,
            as_gummel_poon: m.base_charge >= 0.5,
            avalanche: m.avalanche,
            collector_grading: m.collector_grading,
            has_parasitic: m.parasitic_saturation > 0.0,
            parasitic_part: m.parasitic_part,
            breakdown_current: m.breakdown_current,
            inverse_high_current: inverse(m.high_current),
            epitaxial_charge: m.epitaxial_charge,
            transit: m.transit,
            transit_width: m.transit_width,
            transit_bias: m.transit_bias,
            inverse_transit_voltage: inverse(m.transit_voltage) / 1.44,
            inverse_transit_current: inverse(m.transit_current),
            reverse_transit: m.reverse_transit,
            substrate_fixed: m.substrate_fixed,
            emitter_capacitance: m.emitter_capacitance > 0.0,
            collector_capacitance: m.collector_capacitance > 0.0,
            outer_capacitance: m.outer_capacitance > 0.0,
            substrate_capacitance: m.substrate_capacitance > 0.0,
        }
    }

    /// Currents and charges at a bias; `late` stands for If/qb where that is delayed.
    #[inline(always)]
    pub fn flows<P: Scalar, S: Over<P>>(&self, warm: &Warm<P>, v: &Bias<S>, gmin: f64, late: Option<S>) -> Flows<S> {
        let charge = |of: &Depletion<P>, v: S, is_needed: bool| if is_needed { of.charge(v) } else { S::zero() };
        let [emitter, collector] = [&warm.emitter_depletion, &warm.collector_depletion];
        let depletion_be = charge(emitter, v.be, self.emitter_capacitance || self.inverse_reverse_early > 0.0);
        let depletion_bc = charge(collector, v.bc, self.collector_capacitance || self.inverse_forward_early > 0.0);
        let forward = exponential(v.be, &warm.forward);
        let reverse = exponential(v.bc, &warm.reverse);
        let width = self.width(depletion_be, depletion_bc);
        let base_charge = self.base_charge(warm, width, forward, reverse);
        let (transported, back) = (forward / base_charge, reverse / base_charge);
        let transport = late.unwrap_or(transported) - back;
        let [be, bex] = self.emitter_currents(warm, v, gmin);
        let ideal_bc = pair(v.bc, &warm.collector);
        let bc = ideal_bc - self.multiplied(warm, v.bc, transport - ideal_bc) + v.bc * gmin;
        let (parasitic, parasitic_forward, parasitic_charge) = self.parasitic(warm, v);
        let depletion_bex = charge(emitter, v.bex, self.emitter_capacitance && self.inner_part < 1.0);
        let depletion_bep = charge(collector, v.bep, self.outer_capacitance);
        let depletion_bcp = charge(&warm.substrate_depletion, v.bcp, self.substrate_capacitance);
        let (inner_root, outer_root) = (injection(warm, v.bc), injection(warm, v.bcx));
        let stored = transported * self.transit_time(width, v.bc, forward);
        Flows {
            forward: transported,
            transport,
            be,
            bex,
            bc,
            bep: pair(v.bep, &warm.outer) + v.bep * gmin,
            bcp: pair(v.bcp, &warm.substrate) + v.bcp * gmin,
            parasitic,
            epitaxial: self.epitaxial(warm, v.bc - v.bcx, inner_root, outer_root, gmin),
            base_charge,
            parasitic_charge,
            charge_be: depletion_be * warm.emitter_capacitance * self.inner_part + stored,
            charge_bex: depletion_bex * warm.emitter_capacitance * (1.0 - self.inner_part),
            charge_bc: depletion_bc * warm.collector_capacitance
                + reverse * self.reverse_transit
                + inner_root * self.epitaxial_charge,
            charge_bcx: outer_root * self.epitaxial_charge,
            charge_bep: depletion_bep * warm.outer_capacitance + parasitic_forward * self.reverse_transit,
            charge_bcp: depletion_bcp * warm.substrate_capacitance + v.bcp * self.substrate_fixed,
        }
    }

    /// q1
    #[inline(always)]
    fn width<S: Scalar>(&self, depletion_be: S, depletion_bc: S) -> S {
        if self.inverse_forward_early == 0.0 && self.inverse_reverse_early == 0.0 {
            return S::constant(1.0);
        }
        let above =
            depletion_be * self.inverse_reverse_early + depletion_bc * self.inverse_forward_early + (1.0 - 1e-4);
        ((above * above + 1e-8).sqrt() + above) * 0.5 + 1e-4
    }

    /// qb
    #[inline(always)]
    fn base_charge<P: Scalar, S: Over<P>>(&self, warm: &Warm<P>, width: S, forward: S, reverse: S) -> S {
        let injected = (forward * warm.inverse_forward_knee + reverse * self.inverse_reverse_knee) * 4.0;
        if self.as_gummel_poon {
            return width * ((injected + 1.0).max(S::constant(1e-30)).powf(self.knee_exponent) + 1.0) * 0.5;
        }
        let alone = width.powf(1.0 / self.knee_exponent);
        (width + (alone + injected).max(S::constant(1e-30)).powf(self.knee_exponent)) * 0.5
    }

    /// Inner and outer current of the base-emitter junction.
    #[inline(always)]
    fn emitter_currents<P: Scalar, S: Over<P>>(&self, warm: &Warm<P>, v: &Bias<S>, gmin: f64) -> [S; 2] {
        let part = |at: S, part: f64| {
            let least = at * gmin;
            if part == 0.0 {
                return least;
            }
            let mut current = pair(at, &warm.emitter);
            if let Some(Breakdown { voltage, inverse_scale, without_bias }) = warm.breakdown {
                let through = ((-at - voltage) * inverse_scale).exp_limited(300.0) - without_bias;
                current -= through * self.breakdown_current;
            }
            current * part + least
        };
        [part(v.be, self.inner_part), part(v.bex, 1.0 - self.inner_part)]
    }

    /// What the avalanche adds to the collector of a current that reaches its junction.
    #[inline(always)]
    fn multiplied<P: Scalar, S: Over<P>>(&self, warm: &Warm<P>, bc: S, current: S) -> S {
        if self.avalanche <= 0.0 {
            return S::zero();
        }
        let across = -(bc - warm.collector_potential);
        let field = ((across * across + 0.01).sqrt() + across) * 0.5;
        let exponent = field.powf(self.collector_grading - 1.0) * warm.avalanche_exponent;
        current * field * (-exponent).exp() * self.avalanche
    }

    /// Current of the parasitic transistor, its forward part, and its base charge.
    #[inline(always)]
    fn parasitic<P: Scalar, S: Over<P>>(&self, warm: &Warm<P>, v: &Bias<S>) -> (S, S, S) {
        if !self.has_parasitic {
            return (S::zero(), S::zero(), S::constant(1.0));
        }
        let outer = exponential(v.bep, &warm.parasitic);
        let forward = if self.parasitic_part == 1.0 {
            outer
        } else {
            outer * self.parasitic_part + exponential(v.bc, &warm.parasitic) * (1.0 - self.parasitic_part)
        };
        let injected = forward * (4.0 * self.inverse_parasitic_knee) + 1.0;
        let charge = (injected.max(S::constant(1e-30)).sqrt() + 1.0) * 0.5;
        ((forward - exponential(v.bcp, &warm.parasitic)) / charge, forward, charge)
    }

    /// Current through the epitaxial layer with the voltage `across`.
    #[inline(always)]
    fn epitaxial<P: Scalar, S: Over<P>>(&self, warm: &Warm<P>, across: S, inner: S, outer: S, gmin: f64) -> S {
        // The voltage `across` is that from cx to ci.
        let conductance = warm.conductances.inner_collector;
        let bend = (inner - outer - ((inner + 1.0) / (outer + 1.0)).ln()) * warm.thermal;
        let driving = across + bend;
        let ohmic = driving * conductance;
        let least = across * gmin;
        if warm.inverse_drift_voltage.value() == 0.0 {
            return ohmic + least;
        }
        let rise =
            (across * across + 0.01).sqrt() * (0.5 * self.inverse_high_current) * warm.inverse_drift_voltage + 1.0;
        let saturation = driving * warm.inverse_drift_voltage / rise;
        ohmic / (saturation * saturation + 1.0).sqrt() + least
    }

    /// Conductance of the epitaxial layer at a bias as its noise has it: injection does not follow the voltage across it.
    pub fn epitaxial_conductance(&self, warm: &Warm<f64>, v: &Bias<f64>) -> f64 {
        let across: Dual<1> = Dual::variable(v.bc - v.bcx, 0);
        let [inner, outer] = [v.bc, v.bcx].map(|v| Dual::from(injection(warm, v)));
        self.epitaxial(warm, across, inner, outer, 0.0).gradient[0]
    }

    /// tf at the bias
    #[inline(always)]
    fn transit_time<S: Scalar>(&self, width: S, bc: S, forward: S) -> S {
        let base = (width * self.transit_width + 1.0) * self.transit;
        if self.transit_bias == 0.0 || forward.value() <= 0.0 {
            return base;
        }
        let part = if self.inverse_transit_current > 0.0 {
            let ratio = forward * self.inverse_transit_current;
            let part = ratio / (ratio + 1.0);
            part * part
        } else {
            S::constant(1.0)
        };
        base * ((bc * self.inverse_transit_voltage).exp_limited(80.0) * part * self.transit_bias + 1.0)
    }
}

/// Is·(e^(v/(n·Vt)) − 1)
#[inline(always)]
fn exponential<P: Scalar, S: Over<P>>(v: S, of: &Exponential<P>) -> S {
    ((v * of.inverse_scale).exp_limited(300.0) - 1.0) * of.saturation
}

#[inline(always)]
fn pair<P: Scalar, S: Over<P>>(v: S, of: &Pair<P>) -> S {
    let mut sum = S::zero();
    for of in of.iter().filter(|of| of.saturation.value() != 0.0) {
        sum += exponential(v, of);
    }
    sum
}

/// √(1 + gamm·e^(v/Vt))
#[inline(always)]
fn injection<P: Scalar, S: Over<P>>(warm: &Warm<P>, v: S) -> S {
    if warm.doping.value() == 0.0 {
        return S::constant(1.0);
    }
    ((v / warm.thermal).exp_limited(300.0) * warm.doping + 1.0).sqrt()
}

//! Currents and charges between the transistor's inner nodes, for an area of 1 and as of an npn.
//!
//! Source: HICUM/L2 manual; Schröter and Chakravorty, Compact Hierarchical Bipolar Transistor Modeling With HICUM (2010).

use super::base;
use super::depletion::Stored;
use super::hole_charge::{LARGEST_EXPONENT, Transfer, Transferred};
use super::parameters::HicumModel;
use super::temperature::{Exponential, Warm};
use crate::numerics::scalar::{Over, Scalar};

/// Voltages between inner nodes, as of an npn.
#[derive(Debug, Clone, Copy)]
pub struct Bias<S> {
    /// bi–ei
    pub be: S,
    /// bi–ci
    pub bc: S,
    /// bp–ei
    pub perimeter: S,
    /// bp–ci
    pub outer: S,
    /// b–ci
    pub outermost: S,
    /// si–ci
    pub substrate: S,
    /// s–c
    pub terminals: S,
}

/// How many voltages these are.
pub const VOLTAGES: usize = 7;

impl<S: Copy> Bias<S> {
    pub fn from_list(&[be, bc, perimeter, outer, outermost, substrate, terminals]: &[S; VOLTAGES]) -> Self {
        Bias { be, bc, perimeter, outer, outermost, substrate, terminals }
    }
}

/// Declares a struct of numbers of one kind, and how each is made another one.
macro_rules! numbers {
    ($(#[$meta:meta])* pub struct $name:ident { $($(#[$field_meta:meta])* $field:ident,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy)]
        pub struct $name<S> { $($(#[$field_meta])* pub $field: S,)* }

        impl<S: Copy> $name<S> {
            /// The same with each made another one.
            #[inline(always)]
            pub fn map<T>(&self, make: impl Fn(S) -> T) -> $name<T> {
                $name { $($field: make(self.$field),)* }
            }
        }
    };
}

numbers! {
    /// Currents in A, charges in C and so on between inner nodes.
    pub struct Flows {
        /// itf, before any delay.
        forward,
        reverse,
        critical,
        /// ibei and irei
        ideal_be,
        recombination,
        /// Recombination at the base-collector barrier.
        barrier,
        /// ibep and irep
        ideal_perimeter,
        perimeter_recombination,
        tunnel,
        ideal_bc,
        avalanche,
        outer_bc,
        substrate_transfer,
        substrate_diode,
        /// Conductance and capacitance from bp to bi.
        base_conductance,
        base_capacitance,
        /// τf
        time,
        /// Qf
        stored,
        charge_be,
        /// With tr·itr.
        charge_bc,
        charge_perimeter,
        /// With the substrate transistor's.
        charge_outer,
        charge_outermost,
        charge_substrate,
        charge_terminals,
        /// Heat of what flows between inner nodes as flsh says, W.
        heat,
    }
}

/// Who heats the transistor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heating {
    None,
    /// Transfer and avalanche currents.
    Transfer,
    All,
}

/// What of the card depends on no temperature.
#[derive(Debug, Clone, Copy)]
pub struct Constants {
    transfer: Transfer,
    pub base: base::Base,
    /// Transfer current and charge are late.
    pub is_delayed: bool,
    pub heating: Heating,
    reverse_transit: f64,
    has_substrate_transistor: bool,
    /// Zero-bias capacitances of the outer base-collector junction at the outer base node and behind it, F.
    outer_parts: [f64; 2],
    /// Constant capacitances b–ci and bp–ci, F.
    parasitic_parts: [f64; 2],
    substrate_fixed: f64,
}

impl Constants {
    pub fn new(m: &HicumModel) -> Self {
        let whole = (1.0 - m.collector_partition) * (m.outer_collector_capacitance + m.collector_parasitic);
        let fixed = whole.min(m.collector_parasitic);
        let outermost = whole - fixed;
        let wants_delay = m.delayed != 0.0 || m.is_of_first_version();
        let has_time = m.transit > 0.0 || m.emitter_time > 0.0 || m.saturation_time > 0.0;
        let is_constant = m.substrate_perimeter_potential <= 0.0;
        Constants {
            transfer: Transfer::new(m),
            base: base::Base::new(m),
            is_delayed: wants_delay && has_time && (m.current_delay > 0.0 || m.charge_delay > 0.0),
            heating: match m.heating {
                _ if m.thermal_resistance < super::temperature::LEAST_RESISTANCE => Heating::None,
                1.0 => Heating::Transfer,
                2.0 => Heating::All,
                _ => Heating::None,
            },
            reverse_transit: m.reverse_transit,
            has_substrate_transistor: m.substrate_transfer > 0.0,
            outer_parts: [outermost, m.outer_collector_capacitance - outermost],
            parasitic_parts: [fixed, m.collector_parasitic - fixed],
            substrate_fixed: if is_constant { m.substrate_perimeter_capacitance } else { 0.0 },
        }
    }

    /// Currents and charges at a bias.
    #[inline(always)]
    pub fn flows<P: Scalar, S: Over<P>>(&self, warm: &Warm<P>, v: &Bias<S>, needs_time: bool) -> Flows<S> {
        let emitter = warm.emitter_depletion.stored(v.be);
        let collector = warm.collector_depletion.stored(v.bc);
        let perimeter = warm.perimeter_depletion.stored(v.perimeter);
        let of = self.transfer.at(warm, [v.be, v.bc], [&emitter, &collector], needs_time);
        let ideal_be = diode(v.be, &warm.emitter);
        let ideal_bc = diode(v.bc, &warm.collector);
        let avalanche = self.base.avalanche(warm, v.bc, &collector, of.forward);
        let resistance = self.base.conductance(warm, ideal_be, [&emitter, &collector], of.minority.stored);
        let (substrate_transfer, substrate_charge) = self.substrate_transistor(warm, v);
        let at_outermost = self.outer_charge(warm, v.outermost, 0);
        let mut flows = Flows {
            forward: of.forward,
            reverse: of.reverse,
            critical: of.critical,
            ideal_be,
            recombination: diode(v.be, &warm.recombination),
            barrier: of.minority.base * self.base.inverse_barrier_time,
            ideal_perimeter: diode(v.perimeter, &warm.perimeter),
            perimeter_recombination: diode(v.perimeter, &warm.perimeter_recombination),
            tunnel: self.base.tunnel(warm, v, &emitter, &perimeter),
            ideal_bc,
            avalanche,
            outer_bc: diode(v.outer, &warm.outer_collector),
            substrate_transfer,
            substrate_diode: diode(v.substrate, &warm.substrate),
            base_conductance: resistance,
            base_capacitance: self.base_capacitance(warm, &of, [&emitter, &collector]),
            time: of.time,
            stored: of.minority.stored,
            charge_be: emitter.charge,
            charge_bc: collector.charge + of.reverse * self.reverse_transit,
            charge_perimeter: perimeter.charge,
            charge_outer: self.outer_charge(warm, v.outer, 1) + substrate_charge,
            charge_outermost: at_outermost,
            charge_substrate: warm.substrate_depletion.stored(v.substrate).charge,
            charge_terminals: warm.substrate_perimeter.stored(v.terminals).charge + v.terminals * self.substrate_fixed,
            heat: S::zero(),
        };
        flows.heat = self.heat(warm, v, &flows);
        flows
    }

    /// Charge of the outer base-collector junction's part number `part`, with what is constant there.
    #[inline(always)]
    fn outer_charge<P: Scalar, S: Over<P>>(&self, warm: &Warm<P>, v: S, part: usize) -> S {
        let fixed = v * self.parasitic_parts[part];
        let capacitance = self.outer_parts[part];
        if capacitance > 0.0 { warm.outer_depletion.stored(v).charge * capacitance + fixed } else { fixed }
    }

    /// Capacitance across the inner base resistance.
    #[inline(always)]
    fn base_capacitance<P: Scalar, S: Over<P>>(
        &self,
        warm: &Warm<P>,
        of: &Transferred<S>,
        [emitter, collector]: [&Stored<S>; 2],
    ) -> S {
        if self.base.capacitance_part == 0.0 {
            return S::zero();
        }
        let diffusion = (of.low_current_time * of.forward + of.reverse * self.reverse_transit) / warm.thermal;
        (emitter.capacitance + collector.capacitance + diffusion) * self.base.capacitance_part
    }

    /// Current from bp to si, and charge from bp to ci.
    #[inline(always)]
    fn substrate_transistor<P: Scalar, S: Over<P>>(&self, warm: &Warm<P>, v: &Bias<S>) -> (S, S) {
        if !self.has_substrate_transistor {
            return (S::zero(), S::zero());
        }
        let Exponential { saturation, inverse_scale } = warm.substrate_transfer;
        let [forward, back] =
            [v.outer, v.substrate].map(|v| (v * inverse_scale).exp_limited(LARGEST_EXPONENT) * saturation);
        (forward - back, forward * warm.substrate_transit)
    }

    #[inline(always)]
    fn heat<P: Scalar, S: Over<P>>(&self, warm: &Warm<P>, v: &Bias<S>, flows: &Flows<S>) -> S {
        if self.heating == Heating::None {
            return S::zero();
        }
        let potential = warm.collector_depletion.junction.potential;
        let transfer = (v.be - v.bc) * (flows.forward - flows.reverse) - (v.bc - potential) * flows.avalanche;
        if self.heating == Heating::Transfer {
            return transfer;
        }
        transfer
            + v.be * flows.ideal_be
            + v.bc * flows.ideal_bc
            + v.perimeter * flows.ideal_perimeter
            + v.outer * flows.outer_bc
            + v.substrate * flows.substrate_diode
    }
}

/// Is·(e^(v/(m·Vt)) − 1)
#[inline(always)]
pub fn diode<P: Scalar, S: Over<P>>(v: S, of: &Exponential<P>) -> S {
    if of.saturation.value() == 0.0 {
        return S::zero();
    }
    ((v * of.inverse_scale).exp_limited(LARGEST_EXPONENT) - 1.0) * of.saturation
}

//! Q with a model of level 8: HICUM level 2, the high-current model of bipolar transistors, version 2.4.0.
//!
//! Inner nodes: ci of the collector, bp of the base's perimeter, bi of the inner base, ei of the emitter, si of the substrate, each
//! behind a resistance (with less than 1 mΩ the same as the node before). Currents of junctions are I(v) = Is·(e^(v/(m·Vt)) − 1).
//!
//! ```text
//! ci–ei  itf − itr, of the hole charge
//! bi–ei  I(ibeis, mbei) + I(ireis, mrei) + (Qbb + Qbc)/tbhrec, less tunnelling with tunode=0
//! bp–ei  I(ibeps, mbep) + I(ireps, mrep), less tunnelling with tunode=1
//! bi–ci  I(ibcis, mbci) − avalanche;    bp–ci  I(ibcxs, mbcx);    si–ci  I(iscs, msc)
//! bp–si  itss·(e^(vbpci/(msf·Vt)) − e^(vsici/(msf·Vt)))
//! b–bp  rbx;    bp–bi  rbi at the bias, and fcrbi·(Cjei + Cjci + (τ0·itf + tr·itr)/Vt)·d(vbp − vbi)/dt
//! c–ci  rcx;    e–ei  re;    s–si  rsu and csu
//! charges: bi–ei  Qf + Qjei;    bp–ei  Qjep;    bi–ci  tr·itr + Qjci
//!          bp–ci, b–ci  Qjcx and cbcpar, in two parts;    bp–ci  tsf·itss·e^(vbpci/(msf·Vt)) too
//!          b–e  (1 − fbepar)·cbepar;    bp–e  fbepar·cbepar;    si–ci  Qjs;    s–c  Qscp, with vdsp=0 cscp0·vsc
//! parts:   w = (1 − fbcpar)·(cjcx0 + cbcpar); at b are min(w, cbcpar) of cbcpar and what is left of w as a part of cjcx0
//! ```
//! With flcomp of 0 or 2.1, or flnqs=1, current and charge are late: itf gives way to x2, Qf to y, of
//!
//! ```text
//! alit·τf·dx1/dt = itf − x2,    ⅓·alit·τf·dx2/dt = x1 − x2,    alqf·τf·dy/dt = Qf − y
//! ```
//! gmin lies across bi–ei, bi–ci, bp–ei, bp–ci and si–ci. `area` and `m` multiply currents, conductances and charges.
//!
//! With flsh=1 or 2 and `rth` the transistor heats itself: the voltage of the fifth node (or of an inner one) is how many kelvin warmer
//! it is than its card says, and all that follows from temperature follows from it. flsh=1: (itf − itr)·vciei + iavl·(vdci − vbici);
//! flsh=2: that, and what the inner junctions' ideal currents and the resistances rbi, re, rcx and rbx take.
//!
//! Where ngspice 39 differs from the model: a pnp has no mirrored voltages; the hole charge is not iterated, and hf0 is 1, where the
//! minority charge is less than 1e-5 of it (a jump of the current by up to (hf0 − 1)·1e-5); with flcomp below 2.3 all is as with 0, and
//! itss is multiplied by the derivative of its factor over temperature; with latb or latl the collector's charge lacks e^(ΔV/Vt);
//! `m` is without effect on rsu, csu and the collector-substrate junction, `area` on all but the inner transistor and the
//! resistances; cth is at least 1e-12 J/K. Small-signal conductances there lack what the inner base resistance, tunnelling and the
//! hole charge that is not iterated depend on, so that they are no slopes of the currents, and capacitances with punch-through are C
//! rather than the slope of q (see below). Thermal noise is that of the circuit's temperature, whatever the transistor's.
//! Noise of base currents is that of all parts in both, though the model leaves recombination out; in both flcono is without effect.
//!
//! Xyce's level 234 is version 2.34: with kavl=0 and aick=1e-3 its equations are those of 2.4.0.
//!
//! Source: HICUM/L2 version 2.4.0, Schröter and Pawlak, TU Dresden (2017); Schröter and Chakravorty, Compact Hierarchical Bipolar
//! Transistor Modeling With HICUM (2010).

mod base;
mod card;
mod depletion;
mod heated;
mod hole_charge;
mod noise;
mod parameters;
mod quantities;
mod spreading;
mod temperature;
mod transit;
mod transport;

pub use card::{NUMBERS, PAGE, construct, is_meant};

use super::device::{Contribution, Device, Environment, Lead, QuantityInfo};
use super::junction::limit_junction;
use super::noise::NoiseSource;
use crate::numerics::scalar::{Over, Scalar};
use quantities::QUANTITIES;
use temperature::{Conductances, Warm};
use transport::{Bias, Constants, Flows, Heating, VOLTAGES};

/// Terminals, inner nodes and late quantities, in the order of the unknowns.
const C: usize = 0;
const B: usize = 1;
const E: usize = 2;
const S: usize = 3;
const CI: usize = 4;
const BP: usize = 5;
const BI: usize = 6;
const EI: usize = 7;
const SI: usize = 8;
/// x1, x2 and y, the last over a time, all in A.
const FIRST: usize = 9;
const LATE: usize = 10;
const LATE_CHARGE: usize = 11;
const NODES: usize = 12;

/// Currents into terminals. Rows of inner nodes add up to nothing where these are nodes of their own; where not, they are the
/// terminal's.
const LEADS: &[Lead] = &[("ic", &[C, CI]), ("ib", &[B, BP, BI]), ("ie", &[E, EI]), ("is", &[S, SI])];

/// What transistors have in common with those that heat themselves.
#[derive(Debug, Clone)]
struct Common {
    /// 1 for npn, −1 for pnp.
    polarity: f64,
    /// Area and multiplier.
    size: f64,
    multiplier: f64,
    constants: Constants,
    /// 1/rsu in S and csu in F.
    substrate: [f64; 2],
    /// Parasitic base-emitter capacitances at b and bp, F.
    parasitic: [f64; 2],
    /// alit and alqf
    delays: [f64; 2],
    /// The time that stands for τf in what the late charge is counted in, s.
    unit_time: f64,
    /// At the temperature of the card, V.
    thermal: f64,
    /// Where exponentials of base-emitter and base-collector voltages are limited, V.
    critical: [f64; 2],
    flicker: Flicker,
    /// Rows with a dynamic part.
    stores: [bool; NODES],
    off: bool,
    /// vbe and vce of `ic=`.
    initial: Option<[f64; 2]>,
}

/// Flicker noise of the card.
#[derive(Debug, Clone, Copy)]
struct Flicker {
    /// Coefficient and exponent of the base current.
    base: [f64; 2],
    /// The same of the emitter resistance.
    emitter: [f64; 2],
    is_at_perimeter: bool,
}

/// The transistor at one temperature; unknowns: collector, base, emitter, substrate, ci, bp, bi, ei, si, then x1, x2 and y.
#[derive(Debug, Clone)]
pub struct Hicum {
    common: Common,
    warm: Warm<f64>,
}

impl Common {
    /// Voltages between inner nodes, as of an npn.
    #[inline(always)]
    fn bias<T: Scalar>(&self, x: &[T; NODES]) -> [T; VOLTAGES] {
        let p = self.polarity;
        [x[BI] - x[EI], x[BI] - x[CI], x[BP] - x[EI], x[BP] - x[CI], x[B] - x[CI], x[SI] - x[CI], x[S] - x[C]]
            .map(|v| v * p)
    }

    /// Rows of what flows and is stored, of the whole, and the heat in W of an area of 1.
    #[inline(always)]
    fn rows<P: Scalar, T: Over<P>>(
        &self,
        x: &[T; NODES],
        flows: &Flows<T>,
        g: &Conductances<P>,
        gmin: f64,
    ) -> (Contribution<T, NODES>, T) {
        let mut f = [T::zero(); NODES];
        let mut heat = flows.heat;
        let across = |from: usize, to: usize| x[from] - x[to];
        let mut flow = |from: usize, to: usize, current: T| {
            f[from] += current * self.size;
            f[to] += -(current * self.size);
        };
        let resistances = [
            (B, BP, across(B, BP) * g.base),
            (BP, BI, across(BP, BI) * flows.base_conductance),
            (C, CI, across(C, CI) * g.collector),
            (E, EI, across(E, EI) * g.emitter),
        ];
        for (from, to, current) in resistances {
            flow(from, to, current);
            if self.constants.heating == Heating::All {
                heat += across(from, to) * current;
            }
        }
        flow(S, SI, across(S, SI) * self.substrate[0]);
        let forward = if self.constants.is_delayed { x[LATE] } else { flows.forward };
        let (tunnel, none) = (flows.tunnel, T::zero());
        let at_perimeter = self.constants.base.tunnels_at_perimeter;
        let [inner, outer] = if at_perimeter { [none, tunnel] } else { [tunnel, none] };
        for (from, to, current) in [
            (CI, EI, forward - flows.reverse),
            (BI, EI, flows.ideal_be + flows.recombination + flows.barrier - inner),
            (BP, EI, flows.ideal_perimeter + flows.perimeter_recombination - outer),
            (BI, CI, flows.ideal_bc - flows.avalanche),
            (BP, CI, flows.outer_bc),
            (BP, SI, flows.substrate_transfer),
            (SI, CI, flows.substrate_diode),
        ] {
            flow(from, to, current * self.polarity);
        }
        let least = gmin * self.multiplier / self.size;
        for (from, to) in [(BI, EI), (BI, CI), (BP, EI), (BP, CI), (SI, CI)] {
            flow(from, to, across(from, to) * least);
        }
        let mut q = self.charges(x, flows);
        self.late(x, flows, &mut f, &mut q);
        (Contribution { f, q }, heat)
    }

    #[inline(always)]
    fn charges<T: Scalar>(&self, x: &[T; NODES], flows: &Flows<T>) -> [T; NODES] {
        let mut q = [T::zero(); NODES];
        let p = self.polarity;
        let stored = if self.constants.is_delayed { x[LATE_CHARGE] * self.unit_time } else { flows.stored };
        let across = |from: usize, to: usize| x[from] - x[to];
        for (from, to, charge) in [
            (BI, EI, (flows.charge_be + stored) * p),
            (BI, CI, flows.charge_bc * p),
            (BP, EI, flows.charge_perimeter * p),
            (BP, CI, flows.charge_outer * p),
            (B, CI, flows.charge_outermost * p),
            (SI, CI, flows.charge_substrate * p),
            (S, C, flows.charge_terminals * p),
            (BP, BI, across(BP, BI) * flows.base_capacitance),
            (B, E, across(B, E) * self.parasitic[0]),
            (BP, E, across(BP, E) * self.parasitic[1]),
            (S, SI, across(S, SI) * self.substrate[1]),
        ] {
            q[from] += charge * self.size;
            q[to] += -(charge * self.size);
        }
        q
    }

    /// Rows of x1, x2 and y, which are of an area of 1 and as of an npn; each divided by τf, which no charge may be a factor of.
    #[inline(always)]
    fn late<T: Scalar>(&self, x: &[T; NODES], flows: &Flows<T>, f: &mut [T; NODES], q: &mut [T; NODES]) {
        if !self.constants.is_delayed {
            return;
        }
        let rate = flows.time.max(T::constant(1e-3 * self.unit_time)).recip() * self.unit_time;
        let [current, charge] = self.delays.map(|delay| delay * self.unit_time);
        f[FIRST] = (x[LATE] - flows.forward) * rate;
        f[LATE] = (x[LATE] - x[FIRST]) * rate;
        f[LATE_CHARGE] = (x[LATE_CHARGE] - flows.stored * (1.0 / self.unit_time)) * rate;
        q[FIRST] = x[FIRST] * current;
        q[LATE] = x[LATE] * (current / 3.0);
        q[LATE_CHARGE] = x[LATE_CHARGE] * charge;
    }

    fn limit(&self, x: &[f64; NODES], previous: &[f64; NODES]) -> [f64; NODES] {
        let (wanted, before) = (self.bias(x), self.bias(previous));
        let [of_emitter, of_collector] = self.critical;
        let critical = [of_emitter, of_collector, of_emitter, of_collector];
        let limited: [f64; 4] =
            std::array::from_fn(|k| limit_junction(wanted[k], before[k], self.thermal, critical[k]));
        let substrate = limit_junction(wanted[5], before[5], self.thermal, of_collector);
        if limited == wanted[..4] && substrate == wanted[5] {
            return *x;
        }
        let p = self.polarity;
        let [be, bc, perimeter, _] = limited;
        let mut x = *x;
        x[EI] = x[BI] - p * be;
        x[CI] = x[BI] - p * bc;
        // Between these two voltages of the perimeter there is no choice: the lower one is kept.
        x[BP] = p * (p * (x[EI] + p * perimeter)).min(p * (x[CI] + p * limited[3]));
        x[SI] = x[CI] + p * substrate;
        x
    }

    fn start(&self) -> [f64; NODES] {
        let base = self.polarity * self.critical[0];
        let mut x = [base; NODES];
        for node in [E, EI, S, SI, FIRST, LATE, LATE_CHARGE] {
            x[node] = 0.0;
        }
        x
    }

    fn initial(&self, x: &mut [f64; NODES]) {
        if let Some([be, ce]) = self.initial {
            for node in [B, BP, BI] {
                x[node] = x[E] + be;
            }
            for node in [C, CI] {
                x[node] = x[E] + ce;
            }
        }
    }
}

impl Device<NODES> for Hicum {
    const LIMITED: bool = true;
    const BENDS_OVER: Option<f64> = Some(0.02);
    const NOISY: bool = true;
    const LEADS: &'static [Lead] = LEADS;
    const QUANTITIES: &'static [QuantityInfo] = QUANTITIES;

    #[inline]
    fn equations<T: Scalar>(&self, x: &[T; NODES], environment: &Environment) -> Contribution<T, NODES> {
        // Seven voltages are all that bends: derivatives by them cost less than by all nodes.
        let bias = self.common.bias(x);
        let constants = &self.common.constants;
        let inner = constants.flows(&self.warm, &Bias::from_list(&T::inner(&bias)), constants.is_delayed);
        let flows = inner.map(|value| T::outer(&bias, value));
        self.common.rows(x, &flows, &self.warm.conductances, environment.gmin).0
    }

    fn limit(&self, x: &[f64; NODES], previous: &[f64; NODES], _environment: &Environment) -> [f64; NODES] {
        self.common.limit(x, previous)
    }

    fn is_off(&self) -> bool {
        self.common.off
    }

    fn start(&self) -> [f64; NODES] {
        self.common.start()
    }

    fn stores(&self) -> [bool; NODES] {
        self.common.stores
    }

    fn initial(&self, x: &mut [f64; NODES]) {
        self.common.initial(x);
    }

    fn has_initial(&self) -> bool {
        self.common.initial.is_some()
    }

    fn noise(&self, x: &[f64; NODES], environment: &Environment, visit: &mut dyn FnMut(NoiseSource)) {
        self.common.noise(x, &self.warm, environment.gmin, visit);
    }

    fn quantity(&self, index: usize, x: &[f64; NODES], environment: &Environment) -> f64 {
        self.common.quantity(index, x, &self.warm, environment.gmin, 0.0)
    }
}

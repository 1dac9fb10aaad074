//! Q with a model of level 4 (or 9): VBIC, the vertical bipolar intercompany model, version 1.2 with the additions of 1.3.
//!
//! Inner nodes: cx and ci of the collector, bx and bi of the base, ei of the emitter, si of the substrate, bp of the parasitic
//! transistor's base, each behind a resistance (without it the same as the node before). q(v) is a junction's depletion charge for
//! 1 F.
//!
//! ```text
//! If = is·(e^(vbei/(nf·Vt)) − 1),  Ir = is·isrr·(e^(vbci/(nr·Vt)) − 1)
//! q1 = 1 + q(vbei)/ver + q(vbci)/vef (kept above 0),  q2 = If/ikf + Ir/ikr
//! qb = ½·q1 + ½·(q1^(1/nkf) + 4·q2)^nkf,  with qbm=1 ½·q1·(1 + (1 + 4·q2)^nkf)
//! ci–ei  (If − Ir)/qb
//! bi–ei  wbe·Ibe(vbei),  bx–ei  (1 − wbe)·Ibe(vbex),  Ibe = ibei·(e^(v/(nei·Vt)) − 1) + iben·(e^(v/(nen·Vt)) − 1)
//!        − ibbe·(e^((−v − vbbe)/(nbbe·Vt)) − e^(−vbbe/(nbbe·Vt)))                            the last with vbbe > 0
//! bi–ci  Ibc − ((If − Ir)/qb − Ibc)·avc1·u·e^(−avc2·u^(mc − 1)),  Ibc as Ibe of ibci, nci, ibcn, ncn
//!        u = ½·(pc − vbci + √((pc − vbci)² + 0.01))
//! bx–bp  of ibeip, nci, ibenp, ncn;    si–bp  of ibcip, ncip, ibcnp, ncnp
//! bx–si  (Ifp − Irp)/qbp,  Ifp = isp·(wsp·e^(vbep/(nfp·Vt)) + (1 − wsp)·e^(vbci/(nfp·Vt)) − 1),  Irp = isp·(e^(vbcp/(nfp·Vt)) − 1)
//!        qbp = ½·(1 + √(1 + 4·Ifp/ikp))
//! cx–ci  Io/√(1 + (rci·Io/vo/(1 + ½·√(v² + 0.01)/(vo·hrcf)))²),  Io = (v + Vt·(Ki − Kx − ln((1 + Ki)/(1 + Kx))))/rci,  v = vcx − vci
//!        Ki = √(1 + gamm·e^(vbci/Vt)),  Kx = √(1 + gamm·e^(vbcx/Vt))
//! bx–bi  (vbx − vbi)·qb/rbi,    bp–cx  (vbp − vcx)·qbp/rbp;    rcx, rbx, re, rs are constant
//! charges: bi–ei  wbe·cje·q(vbei) + τ·If/qb,  τ = tf·(1 + qtf·q1)·(1 + xtf·e^(vbci/(1.44·vtf))·(If/(If + itf))²)
//!          bx–ei  (1 − wbe)·cje·q(vbex);    bi–ci  cjc·q(vbci) + tr·Ir + qco·Ki;    bi–cx  qco·Kx
//!          bx–bp  cjep·q(vbep) + tr·Ifp;    si–bp  cjcp·q(vbcp) + ccso·vbcp;    b–e  cbeo;    b–c  cbco
//! ```
//! Each junction has gmin across it. `area` and `m` multiply currents, conductances and charges. Resistances that stand on the card are
//! at least 0.01 Ω, as in ngspice.
//!
//! With a fifth node and `rth` the transistor heats itself: the node's voltage is how many kelvin warmer it is than its card says,
//! and all that follows from temperature follows from it. All heat counts, rth·P at rest, and over frequency too.
//!
//! Where ngspice 39 differs: of transistors at another temperature than tnom it takes kT/q of tnom in the exponentials (unless it is the
//! thermal node that is warmer); over frequency it leaves cbeo, cbco and the thermal node out; the noise of rbp lies between e and ei there, and that of the parasitic
//! transport current is left out of sums; and not all
//! of the parasitic transistor's power heats it. In both `td` is without effect.

mod card;
mod depletion;
mod heated;
mod noise;
mod parameters;
mod quantities;
mod temperature;
mod transport;

pub use card::{NUMBERS, PAGE, construct, is_meant};

use super::device::{Contribution, Device, Environment, Lead, QuantityInfo};
use super::junction::limit_junction;
use super::noise::NoiseSource;
use crate::numerics::scalar::{Over, Scalar};
use quantities::QUANTITIES;
use temperature::{Conductances, Warm};
use transport::{Bias, Constants, Flows};

/// Terminals and inner nodes, in the order of the unknowns.
const C: usize = 0;
const B: usize = 1;
const E: usize = 2;
const S: usize = 3;
const CX: usize = 4;
const CI: usize = 5;
const BX: usize = 6;
const BI: usize = 7;
const EI: usize = 8;
const BP: usize = 9;
const SI: usize = 10;
const NODES: usize = 11;

/// Currents into terminals. Rows of inner nodes add up to nothing where these are nodes of their own; where not, they are the
/// terminal's.
const LEADS: &[Lead] = &[("ic", &[C, CX, CI, BP]), ("ib", &[B, BX, BI]), ("ie", &[E, EI]), ("is", &[S, SI])];

/// What transistors have in common with those that heat themselves.
#[derive(Debug, Clone)]
pub struct Common {
    /// 1 for npn, −1 for pnp.
    polarity: f64,
    /// Area and multiplier.
    size: f64,
    multiplier: f64,
    constants: Constants,
    /// Overlap capacitances of base-emitter and base-collector, of the whole, F.
    overlaps: [f64; 2],
    /// At the temperature of the card, V.
    thermal: f64,
    critical: f64,
    flicker: f64,
    flicker_exponent: f64,
    flicker_frequency: f64,
    /// Rows with a dynamic part.
    stores: [bool; NODES],
    off: bool,
    /// vbe and vce of `ic=`.
    initial: Option<[f64; 2]>,
}

/// The transistor at one temperature; unknowns: collector, base, emitter, substrate, cx, ci, bx, bi, ei, bp, si.
#[derive(Debug, Clone)]
pub struct Vbic {
    common: Common,
    warm: Warm<f64>,
}

impl Common {
    /// Voltages between inner nodes, as of an npn.
    #[inline(always)]
    fn bias<T: Scalar>(&self, x: &[T; NODES]) -> [T; 6] {
        let p = self.polarity;
        [x[BI] - x[EI], x[BX] - x[EI], x[BI] - x[CI], x[BI] - x[CX], x[BX] - x[BP], x[SI] - x[BP]].map(|v| v * p)
    }

    /// gmin of the whole transistor as that of an area of 1.
    fn least(&self, gmin: f64) -> f64 {
        gmin * self.multiplier / self.size
    }

    /// Rows of what flows and is stored, of the whole, and the heat in W of an area of 1.
    #[inline(always)]
    fn rows<P: Scalar, T: Over<P>>(
        &self,
        x: &[T; NODES],
        flows: &Flows<T>,
        g: &Conductances<P>,
    ) -> (Contribution<T, NODES>, T) {
        let (size, signed) = (self.size, self.size * self.polarity);
        let mut f = [T::zero(); NODES];
        let mut q = [T::zero(); NODES];
        let mut heat = T::zero();
        let mut flow = |from: usize, to: usize, current: T| {
            heat += (x[from] - x[to]) * current;
            f[from] += current * size;
            f[to] += -(current * size);
        };
        let across = |from: usize, to: usize| x[from] - x[to];
        flow(C, CX, across(C, CX) * g.outer_collector);
        flow(B, BX, across(B, BX) * g.outer_base);
        flow(BX, BI, across(BX, BI) * flows.base_charge * g.inner_base);
        flow(E, EI, across(E, EI) * g.emitter);
        flow(S, SI, across(S, SI) * g.substrate);
        flow(BP, CX, across(BP, CX) * flows.parasitic_charge * g.parasitic_base);
        let p = self.polarity;
        flow(CX, CI, flows.epitaxial * p);
        flow(CI, EI, flows.transport * p);
        flow(BI, EI, flows.be * p);
        flow(BX, EI, flows.bex * p);
        flow(BI, CI, flows.bc * p);
        flow(BX, BP, flows.bep * p);
        flow(SI, BP, flows.bcp * p);
        flow(BX, SI, flows.parasitic * p);
        let mut store = |from: usize, to: usize, charge: T| {
            q[from] += charge;
            q[to] += -charge;
        };
        store(BI, EI, flows.charge_be * signed);
        store(BX, EI, flows.charge_bex * signed);
        store(BI, CI, flows.charge_bc * signed);
        store(BI, CX, flows.charge_bcx * signed);
        store(BX, BP, flows.charge_bep * signed);
        store(SI, BP, flows.charge_bcp * signed);
        store(B, E, across(B, E) * self.overlaps[0]);
        store(B, C, across(B, C) * self.overlaps[1]);
        (Contribution { f, q }, heat)
    }

    fn limit(&self, x: &[f64; NODES], previous: &[f64; NODES]) -> [f64; NODES] {
        let (wanted, before) = (self.bias(x), self.bias(previous));
        let limited: [f64; 6] =
            std::array::from_fn(|k| limit_junction(wanted[k], before[k], self.thermal, self.critical));
        if limited == wanted {
            return *x;
        }
        let p = self.polarity;
        let [be, bex, bc, bcx, bep, bcp] = limited;
        let mut x = *x;
        x[EI] = x[BI] - p * be;
        x[CI] = x[BI] - p * bc;
        x[CX] = x[BI] - p * bcx;
        x[BX] = x[EI] + p * bex;
        x[BP] = x[BX] - p * bep;
        x[SI] = x[BP] + p * bcp;
        x
    }

    fn start(&self) -> [f64; NODES] {
        let base = self.polarity * self.critical;
        let mut x = [base; NODES];
        for node in [E, EI, S, SI] {
            x[node] = 0.0;
        }
        x
    }

    fn initial(&self, x: &mut [f64; NODES]) {
        if let Some([be, ce]) = self.initial {
            for node in [B, BX, BI] {
                x[node] = x[E] + be;
            }
            for node in [C, CX, CI, BP] {
                x[node] = x[E] + ce;
            }
        }
    }
}

impl<T> Flows<T> {
    /// `from` with each value made another one.
    #[inline(always)]
    fn of<A: Copy>(from: &Flows<A>, make: impl Fn(A) -> T) -> Flows<T> {
        Flows {
            forward: make(from.forward),
            transport: make(from.transport),
            be: make(from.be),
            bex: make(from.bex),
            bc: make(from.bc),
            bep: make(from.bep),
            bcp: make(from.bcp),
            parasitic: make(from.parasitic),
            epitaxial: make(from.epitaxial),
            base_charge: make(from.base_charge),
            parasitic_charge: make(from.parasitic_charge),
            charge_be: make(from.charge_be),
            charge_bex: make(from.charge_bex),
            charge_bc: make(from.charge_bc),
            charge_bcx: make(from.charge_bcx),
            charge_bep: make(from.charge_bep),
            charge_bcp: make(from.charge_bcp),
        }
    }
}

impl<T: Copy> Bias<T> {
    fn from_list(&[be, bex, bc, bcx, bep, bcp]: &[T; 6]) -> Self {
        Bias { be, bex, bc, bcx, bep, bcp }
    }
}

impl Vbic {
    /// Flows at voltages between inner nodes, as of an npn.
    #[inline(always)]
    fn flows<T: Over<f64>>(&self, bias: &[T; 6], gmin: f64) -> Flows<T> {
        self.common.constants.flows(&self.warm, &Bias::from_list(bias), self.common.least(gmin), None)
    }
}

impl Device<NODES> for Vbic {
    const LIMITED: bool = true;
    const BENDS_OVER: Option<f64> = Some(0.02);
    const NOISY: bool = true;
    const LEADS: &'static [Lead] = LEADS;
    const QUANTITIES: &'static [QuantityInfo] = QUANTITIES;

    #[inline]
    fn equations<T: Scalar>(&self, x: &[T; NODES], environment: &Environment) -> Contribution<T, NODES> {
        // Six voltages are all that bends: derivatives by them cost less than by all nodes.
        let bias = self.common.bias(x);
        let inner = self.flows(&T::inner(&bias), environment.gmin);
        let flows = Flows::of(&inner, |value| T::outer(&bias, value));
        self.common.rows(x, &flows, &self.warm.conductances).0
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
        self.common.noise(&self.common.bias(x), &self.warm, environment.gmin, visit);
    }

    fn quantity(&self, index: usize, x: &[f64; NODES], environment: &Environment) -> f64 {
        self.common.quantity(index, x, &self.warm, environment.gmin)
    }
}

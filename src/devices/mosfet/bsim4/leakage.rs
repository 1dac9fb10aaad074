//! Leakage that the gate induces at the ends.
//!
//! ```text
//! gidlmod 0: agidl·weffcj·E·e^(−bgidl/E)·v³/(cgidl + v³),  E = (vds − vgse − egidl)/(3·toxe),  v = vdb ≥ 0
//!         1: agidl·weffcj·E·e^(−bgidl/E)·e^(kgidl/(vbd − fgidl)),  E = (vds − rgidl·vgse − egidl)/(3·toxe)
//! ```
//! from drain to bulk, and with agisl, … from source to bulk. mtrlmod=1 has vds − vgse − egidl + vfbsd and epsrsub/3.9·eot in place of
//! 3·toxe. Source: BSIM4.6.4 manual, chapter 6; BSIM4.7 manual for gidlmod.

use super::derived::Process;
use super::general_parameters::General;
use crate::devices::mosfet::bsim::limits::{EXPONENT, MOST};
use crate::numerics::scalar::Scalar;

/// Leakage of one end, voltages as of an n-channel.
#[derive(Debug, Clone, Copy)]
pub struct Leakage {
    /// agidl·weffcj/depth, S/V; 0 without.
    strength: f64,
    /// bgidl times the depth, V.
    barrier: f64,
    cgidl: f64,
    /// What is added to the voltage, V.
    offset: f64,
    /// gidlmod 1
    second: bool,
    rgidl: f64,
    kgidl: f64,
    fgidl: f64,
}

impl Leakage {
    /// Of agidl, bgidl, cgidl, egidl, rgidl, kgidl and fgidl or those of the source.
    fn new(process: &Process, m: &General, [a, b, c, e, r, k, f]: [f64; 7]) -> Self {
        let depth = process.materials.leakage_depth();
        let second = m.gidlmod != 0.0;
        let flows = a > 0.0 && b > 0.0 && if second { c >= 0.0 } else { c > 0.0 };
        Leakage {
            strength: if flows { a * process.geometry.junction_width / depth } else { 0.0 },
            barrier: b * depth,
            cgidl: c,
            offset: if process.materials.is_general { process.end_flat_band - e } else { -e },
            second,
            rgidl: if second { r } else { 1.0 },
            kgidl: k,
            fgidl: f,
        }
    }

    pub fn of_drain(process: &Process, m: &General) -> Self {
        let p = &process.parameters;
        Self::new(process, m, [p.agidl, p.bgidl, p.cgidl, p.egidl, p.rgidl, p.kgidl, p.fgidl])
    }

    pub fn of_source(process: &Process, m: &General) -> Self {
        let p = &process.parameters;
        Self::new(process, m, [p.agisl, p.bgisl, p.cgisl, p.egisl, p.rgisl, p.kgisl, p.fgisl])
    }

    /// Current into the bulk: of the end's voltage against the other end, vgse of it, and the bulk's against it.
    #[inline(always)]
    pub fn current<S: Scalar>(&self, across: S, gate: S, bulk: S) -> S {
        if self.strength == 0.0 || (!self.second && bulk.value() > 0.0) {
            return S::zero();
        }
        let field = across - gate * self.rgidl + self.offset;
        if field.value() <= 0.0 {
            return S::zero();
        }
        let exponent = field.recip() * self.barrier;
        let tunnels = if exponent.value() < 100.0 { (-exponent).exp() } else { S::constant(3.720_075_976e-44) };
        let current = field * tunnels * self.strength;
        if !self.second {
            let cube = bulk * bulk * bulk * -1.0;
            return current * cube / (cube + self.cgidl);
        }
        let from = bulk - self.fgidl;
        let exponent = if from.value() == 0.0 { S::constant(EXPONENT) } else { from.recip() * self.kgidl };
        current * if exponent.value() < EXPONENT { exponent.exp() } else { S::constant(MOST) }
    }
}

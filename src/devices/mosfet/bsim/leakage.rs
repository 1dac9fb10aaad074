//! Leakage that the gate induces at the ends.
//!
//! ```text
//! gidlmod 0: agidl·weffcj·E·e^(−bgidl/E)·v³/(cgidl + v³),  E = (vds − vgse − egidl)/(3·toxe),  v = vdb ≥ 0
//!         1: agidl·weffcj·E·e^(−bgidl/E)·e^(kgidl/(vbd − fgidl)),  E = (vds − rgidl·vgse − egidl)/(3·toxe)
//! ```
//! from drain to bulk, and with agisl, … from source to bulk. BSIM4 with mtrlmod=1 has vds − vgse − egidl + vfbsd and epsrsub/3.9·eot in
//! place of 3·toxe; BSIMSOI has 3·3.9/epsrox·tox and v³/(cgidl + v³) of 1 without cgidl. Source: BSIM4.6.4 manual, chapter 6; BSIM4.7 manual for gidlmod.

use super::limits::{EXPONENT, MOST};
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

/// What the leakage of an end follows from.
#[derive(Debug, Clone, Copy)]
pub struct LeakyEnd {
    /// agidl, bgidl, cgidl, egidl, rgidl, kgidl and fgidl or those of the source.
    pub coefficients: [f64; 7],
    /// Width of the end and over how much the gate's field spreads, m.
    pub width: f64,
    pub depth: f64,
    /// What is added to the voltage besides −egidl, V.
    pub offset: f64,
    /// gidlmod 1
    pub second: bool,
}

impl Leakage {
    pub fn new(end: &LeakyEnd) -> Self {
        let LeakyEnd { coefficients: [a, b, c, e, r, k, f], width, depth, offset, second } = *end;
        let flows = a > 0.0 && b > 0.0 && if second { c >= 0.0 } else { c > 0.0 };
        Leakage {
            strength: if flows { a * width / depth } else { 0.0 },
            barrier: b * depth,
            cgidl: c,
            offset: offset - e,
            second,
            rgidl: if second { r } else { 1.0 },
            kgidl: k,
            fgidl: f,
        }
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

//! Currents between body, source and drain, of one finger; at vds ≥ 0, near the source and far the drain.
//!
//! ```text
//! of each end, w = weff/nseg with its part at the contact, E(v) = e^(v/(ndiode·Vt)) − 1:
//!   diffusion      w·tsi·isdif·E(v)
//!   recombination  w·tsi·isrec·(e^(v/(nrecf0·0.026·(1 + ntrecf·r))) − e^(−v·vrec0/(nrecr0·0.026·(1 + ntrecr·r)·(vrec0 − v))))
//!   tunnelling     w·tsi·istun·(1 − e^(−v·vtun0/(ntun·0.026·(vtun0 − v))))
//! parasitic transistor, i = weff/nseg·tsi·isbjt·(lbjt0·(1/leff + 1/ln))^nbjt, e = ahli·E(v), α = e^(−½·(leff/ln)²):
//!   base           (1 − α)·i·E(v)/√(1 + e)
//!   collector      α·i_far·(E(vbs) − E(vbd))/b,  b = ½·(t + √(t² + 4·(e_near + e_far))) ≥ 0.1,  t = 1 + (vbs + vbd)/(vabjt + aely·leff)
//! ```
//! Source: BSIMSOI4.4 manual, chapter 4.

use super::film::Process;
use super::limits::{bounded_exp, continued_exp};
use super::warm::{Warm, WarmEnd};
use crate::numerics::scalar::{Over, Scalar};

/// Thermal voltage of recombination and tunnelling as the model has it, V.
const ROUND_THERMAL: f64 = 0.026;

/// The numbers of an end that no temperature changes.
#[derive(Debug, Clone, Copy)]
struct End {
    width: f64,
    ndiode: f64,
    nrecf0: f64,
    nrecr0: f64,
    vrec0: f64,
    ntun: f64,
    vtun0: f64,
}

/// What flows out of the body into an end, A, and the current whose charge is stored there.
#[derive(Debug, Clone, Copy)]
pub struct EndCurrents<S> {
    pub whole: S,
    pub stored: S,
    /// e^(v/(ndiode·Vt)) and e.
    exponential: S,
    injection: S,
}

/// Currents of the body.
#[derive(Debug, Clone, Copy)]
pub struct BodyCurrents<S> {
    pub near: EndCurrents<S>,
    pub far: EndCurrents<S>,
    /// From drain to source by the parasitic transistor.
    pub collector: S,
}

/// e^(−v·scale·knee/(knee − v))
#[inline(always)]
fn reverse<P: Scalar, S: Over<P>>(v: S, scale: P, knee: f64) -> S {
    if knee == 0.0 {
        return S::constant(1.0);
    }
    let rest = v * -1.0 + knee;
    if rest.value() < 1e-3 {
        return (v * scale * (-knee * 1e3)).exp();
    }
    continued_exp(v * scale * -knee / rest)
}

impl Process {
    fn end(&self, drain: bool) -> End {
        let (p, width) = (&self.p, self.geometry.ends[usize::from(!drain)]);
        if drain {
            let (ndiode, nrecf0, nrecr0) = (p.ndioded, p.nrecf0d, p.nrecr0d);
            End { width, ndiode, nrecf0, nrecr0, vrec0: p.vrec0d, ntun: p.ntund, vtun0: p.vtun0d }
        } else {
            let (ndiode, nrecf0, nrecr0) = (p.ndiode, p.nrecf0, p.nrecr0);
            End { width, ndiode, nrecf0, nrecr0, vrec0: p.vrec0, ntun: p.ntun, vtun0: p.vtun0 }
        }
    }

    /// weff/nseg·tsi, m².
    fn section(&self) -> f64 {
        self.geometry.width / self.layout.segments * self.m.tsi
    }

    #[inline(always)]
    fn end_currents<P: Scalar, S: Over<P>>(&self, warm: &Warm<P>, drain: bool, v: S) -> EndCurrents<S> {
        let (end, of) = (self.end(drain), &warm.ends[usize::from(!drain)]);
        let section = end.width * self.m.tsi;
        let exponential = continued_exp(v * (1.0 / end.ndiode) / warm.thermal);
        let forward = exponential - 1.0;
        let mut whole = forward * of.diffusion * section;
        if of.recombination.value() != 0.0 {
            let scale = |own: f64, slope: f64| (warm.excess * slope + 1.0).recip() * (1.0 / (ROUND_THERMAL * own));
            let rise = continued_exp(v * scale(end.nrecf0, self.p.ntrecf));
            let fall = reverse(v, scale(end.nrecr0, self.p.ntrecr), end.vrec0);
            whole += (rise - fall) * of.recombination * section;
        }
        let (base, stored, injection) = self.bipolar_end(of, forward);
        whole += base;
        if of.tunnelling.value() != 0.0 {
            let scale = warm.excess * 0.0 + 1.0 / (ROUND_THERMAL * end.ntun);
            whole += (reverse(v, scale, end.vtun0) * -1.0 + 1.0) * of.tunnelling * section;
        }
        EndCurrents { whole, stored, exponential, injection }
    }

    /// Base current of the parasitic transistor at an end, the current whose charge is stored, and e.
    #[inline(always)]
    fn bipolar_end<P: Scalar, S: Over<P>>(&self, of: &WarmEnd<P>, forward: S) -> (S, S, S) {
        if of.bipolar.value() == 0.0 {
            return (S::zero(), S::zero(), S::zero());
        }
        let mut injection = forward * of.injection;
        if injection.value() < 1e-5 {
            injection = S::zero();
        }
        let reduced = forward * of.bipolar / (injection + 1.0).sqrt() * self.section();
        (reduced * ((1.0 - self.transport) * self.length_ratio), reduced * self.diffusion_ratio, injection)
    }

    /// At vds ≥ 0 with voltages of the body against the end that acts as source and the other; `forward` where that is the source.
    #[inline(always)]
    pub fn body_currents<P: Scalar, S: Over<P>>(
        &self,
        warm: &Warm<P>,
        forward: bool,
        [near, far]: [S; 2],
    ) -> BodyCurrents<S> {
        let of_near = self.end_currents(warm, !forward, near);
        let of_far = self.end_currents(warm, forward, far);
        let density = warm.ends[usize::from(!forward)].bipolar;
        let mut collector = S::zero();
        if !self.layout.without_bipolar && density.value() != 0.0 {
            let early = (near + far) * (1.0 / self.early) + 1.0;
            let injected = (of_near.injection + of_far.injection) * 4.0;
            let mut base = (early + (early * early + injected).sqrt()) * 0.5;
            if base.value() < 0.1 {
                base = S::constant(0.1);
            }
            let current = (of_near.exponential - of_far.exponential) * density;
            collector = current / base * (self.transport * self.section() * self.length_ratio);
        }
        BodyCurrents { near: of_near, far: of_far, collector }
    }

    /// Ionisation's current from the far end into the body.
    #[inline(always)]
    pub fn ionised<P: Scalar, S: Over<P>>(
        &self,
        warm: &Warm<P>,
        [current, collector]: [S; 2],
        [past, overdrive]: [S; 2],
        [vds, far]: [S; 2],
    ) -> S {
        let (m, p, length) = (&self.m, &self.p, self.geometry.length);
        let mut ratio = S::zero();
        if p.alpha0 > 0.0 {
            let field = p.esatii * length;
            let of_gate = (overdrive * p.sii1 + 1.0).recip() + p.sii2;
            let step = past * of_gate / (vds * p.siid + 1.0) * (p.sii0 * field / (1.0 + field));
            let start = (warm.excess * m.tii + 1.0) * p.vdsatii0 - p.lii / length;
            let beyond = vds - step - start;
            let mut scale = beyond * (beyond * p.beta0 + p.beta1) + p.beta2;
            if scale.value() < 1e-5 {
                scale = S::constant(1e-5);
            }
            ratio = bounded_exp(beyond / scale) * p.alpha0;
            if ratio.value() > 10.0 {
                ratio = S::constant(10.0);
            }
        }
        if m.iiimod == 0.0 {
            return ratio * (current + collector * p.fbjtii);
        }
        let past = -far + (warm.excess * m.tvbci + 1.0) * p.vbci;
        let falls =
            if past.value() <= 0.0 { S::constant(1.0) } else { bounded_exp(past.powf(p.mbjtii - 1.0) * -p.abjtii) };
        ratio * current + collector * past * falls * ((p.cbjtii + p.ebjtii * length) / length)
    }
}

//! Charges of source and drain against the back gate, through the buried oxide; at the voltage v of the end against the back gate.
//!
//! Above its flat-band voltage the substrate below an end depletes, up to its threshold, from cbox to csdmin, in two parabolas that meet
//! where asd says. For a substrate of the body's kind, with areas A, w = vsdth − vsdfb, the capacitance is
//!
//! ```text
//! A·cbox below vsdfb;  A·(cbox − (cbox − csdmin)/(asd·w²)·(v − vsdfb)²) below vsdfb + asd·w
//! A·(csdmin + (cbox − csdmin)/((1 − asd)·w²)·(v − vsdth)²) below vsdth;  A·csdmin
//! φs = 2·Vt·ln(|nsub|/ni),  γ = √(2·q·ε_si·|nsub|)/cbox
//! vsdfb = ∓(Vt·ln(1e20·nsub/ni²) − 0.3), of the other kind ∓(Vt·ln(1e20/|nsub|) + 0.3),  vsdth = vsdfb ± (φs + γ·√φs)
//! csdmin = cbox·ε_si/xd/(cbox + ε_si/xd),  xd = √(2·ε_si·φs/(q·|nsub|))
//! ```
//! and mirrored for one of the other kind; beside it csdesw·ln(cfrcoeff·(1 + tsi/tbox)) per length of perimeter beyond the width.
//! Source: BSIMSOI4.4 manual, chapter 5.

use super::film::Process;
use super::warm::{K_OVER_Q, WarmBody};
use crate::devices::device::{Contribution, Device, Environment};
use crate::devices::mosfet::bsim::temperatures::{CHARGE, SILICON};
use crate::numerics::scalar::Scalar;

/// The charge of an end; unknowns: end and back gate.
pub struct BackCharge {
    /// Voltages where the first parabola begins, where they meet, and where the second ends.
    knees: [f64; 3],
    /// Capacitances before the first and after the last, F.
    capacitances: [f64; 2],
    /// Curvatures of the parabolas, F/V².
    bends: [f64; 2],
    /// F
    fringe: f64,
}

/// The substrate below an end.
struct Substrate {
    flat_band: f64,
    threshold: f64,
    least: f64,
    /// Whether the capacitance falls as the end's voltage rises.
    falls: bool,
}

impl Substrate {
    fn new(process: &Process) -> Self {
        let (m, p, polarity) = (&process.m, &process.p, process.polarity);
        let temperature = process.temperatures.own;
        let thermal = K_OVER_Q * temperature;
        let (doping, intrinsic) = (p.nsub.abs(), WarmBody::intrinsic(temperature));
        let flat_band = if p.nsub > 0.0 {
            -polarity * (thermal * (1e20 * doping / (intrinsic * intrinsic)).ln() - 0.3)
        } else {
            -polarity * (thermal * (1e20 / doping).ln() + 0.3)
        };
        let flat_band = if p.vsdfb.is_nan() { flat_band } else { p.vsdfb };
        let potential = 2.0 * thermal * (doping / intrinsic).ln();
        let effect = 5.753e-12 * doping.sqrt() / process.buried;
        let falls = (p.nsub > 0.0) == (polarity > 0.0);
        let rise = potential + effect * potential.sqrt();
        let by_default = if falls { flat_band + rise } else { flat_band - rise };
        let layer = SILICON / (2.0 * SILICON * potential / (CHARGE * doping * 1e6)).sqrt();
        let least = layer * process.buried / (layer + process.buried);
        Substrate {
            flat_band,
            threshold: if p.vsdth.is_nan() { by_default } else { p.vsdth },
            least: if m.csdmin.is_nan() { least } else { m.csdmin },
            falls,
        }
    }
}

impl BackCharge {
    /// Of drain or source; none without area and perimeter.
    pub fn new(process: &Process, drain: bool, multiplier: f64) -> Option<Self> {
        let (m, layout, index) = (&process.m, &process.layout, usize::from(!drain));
        let area = layout.areas[index] * multiplier;
        let beyond = (layout.perimeters[index] - layout.width).max(0.0) * multiplier;
        let factor = if (1.0..=2.0).contains(&m.cfrcoeff) { m.cfrcoeff } else { 1.0 };
        let fringe = m.csdesw * (factor * (1.0 + m.tsi / m.tbox)).ln() * beyond;
        if area == 0.0 && fringe == 0.0 {
            return None;
        }
        let below = Substrate::new(process);
        let (start, end) =
            if below.falls { (below.flat_band, below.threshold) } else { (below.threshold, below.flat_band) };
        let whole = process.buried * area;
        let least = if below.least == 0.0 { whole } else { below.least * area };
        let capacitances = if below.falls { [whole, least] } else { [least, whole] };
        let span = end - start;
        let change = (capacitances[0] - capacitances[1]) / (span * span);
        let meet = if m.asd > 0.0 && m.asd < 1.0 { m.asd } else { 0.3 };
        Some(BackCharge {
            knees: [start, start + meet * span, end],
            capacitances,
            bends: [change / meet, change / (1.0 - meet)],
            fringe,
        })
    }

    #[inline(always)]
    fn charge<S: Scalar>(&self, v: S) -> S {
        let ([start, middle, end], [before, after], [first, second]) = (self.knees, self.capacitances, self.bends);
        let fringe = v * self.fringe;
        let past = v - start;
        if v.value() < start {
            return past * before + fringe;
        }
        if v.value() < middle {
            return past * (past * past * (-first / 3.0) + before) + fringe;
        }
        // So that both parabolas have the same charge where they meet.
        let (to_middle, from_end) = (middle - start, middle - end);
        let at_middle = to_middle * (before - first / 3.0 * to_middle * to_middle);
        let offset = at_middle - from_end * (after + second / 3.0 * from_end * from_end);
        let rest = v - end;
        let bend = if v.value() < end { rest * rest * rest * (second / 3.0) } else { S::zero() };
        rest * after + bend + offset + fringe
    }
}

impl Device<2> for BackCharge {
    const BENDS_OVER: Option<f64> = Some(0.1);

    fn equations<S: Scalar>(&self, &[end, back]: &[S; 2], _environment: &Environment) -> Contribution<S, 2> {
        Contribution::branch(S::zero(), self.charge(end - back))
    }
}

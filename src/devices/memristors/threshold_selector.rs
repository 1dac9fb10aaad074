//! Threshold selector: a volatile switch in series with a memory cell.
//!
//! ```text
//! i = G_off^(1−x)·Ron^(−x)·(x·v + (1 − x)·V_nl·sinh(v/V_nl))
//! dx/dt = (1 − x)·S((|v| − V_on)/δ)/τ_on − x·S((V_hold − |v|)/δ)/τ_off,   S(y) = 1/(1 + e^(−y))
//! V_on  = V_th − (V_th − V_hold)·x
//! ```
//! x says how far the filament is: the conductance is exponential in the gap 1 − x that is left. Above V_th it forms within
//! τ_on; the further it is, the less voltage it needs, so that in series with a cell the selector snaps back to V_hold. Below V_hold it dissolves within τ_off; between hold and
//! threshold off stays off and on stays on. Both directions of voltage are alike. At constant voltage above V_th or below
//! V_hold x is an exponential in time. The steps have the width δ, so that rates are smooth; V_nl → ∞ makes the off current
//! ohmic.
//!
//! Source: behavioural form of diffusive (silver) and other bidirectional threshold switches as reviewed by Wang et al.,
//! Nature Reviews Materials 5, 173 (2020); threshold, hold voltage, and delay and relaxation times as measured by Midya et
//! al., Advanced Materials 29, 1604457 (2017).

use super::{Card, MemristorModel, UNKNOWNS, sinh_limited};
use crate::devices::page::{ModelTable, Page};
use crate::head_of_file;
use crate::numerics::scalar::Scalar;
use crate::parameters;

parameters! {
    /// Threshold selector.
    pub struct Parameters {
        on: ["ron"], "Ω", 1e3, "Resistance when on";
        off: ["goff"], "S", 1e-11, "Conductance when off, at small voltage";
        nonlinearity: ["vnl"], "V", 0.1, "Voltage scale of the sinh when off";
        threshold: ["vth"], "V", 0.3, "Threshold voltage";
        hold: ["vhold"], "V", 0.1, "Hold voltage, below the threshold";
        width: ["delta"], "V", 5e-3, "Width of threshold and hold";
        time_on: ["tau_on", "ton"], "s", 75e-9, "Time constant of switching on";
        time_off: ["tau_off", "toff"], "s", 250e-9, "Time constant of relaxing";
        initial: ["x0", "xinit"], "", 0.0, "Initial state, 0…1";
    }
}

/// A threshold selector; the unknown is x.
#[derive(Clone)]
pub struct ThresholdSelector {
    p: Parameters,
}

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[head_of_file!("threshold_selector.rs")],
    models: &[ModelTable { title: "threshold_selector", numbers: Parameters::TABLE, others: &[] }],
    ..super::page::<ThresholdSelector>("threshold_selector", "Threshold selector")
};

impl MemristorModel for ThresholdSelector {
    fn read(card: &mut Card) -> Option<Self> {
        let owner = card.owner().to_string();
        let parameters = card.own_parameters();
        let p = Parameters::read(&parameters, UNKNOWNS, &owner, card.diagnostics());
        for (name, value) in [
            ("ron", p.on),
            ("goff", p.off),
            ("vnl", p.nonlinearity),
            ("vth", p.threshold),
            ("vhold", p.hold),
            ("delta", p.width),
            ("tau_on", p.time_on),
            ("tau_off", p.time_off),
        ] {
            card.positive(name, value);
        }
        if p.hold >= p.threshold {
            card.error("vhold", "must be smaller than vth");
        }
        card.within("x0", p.initial, 0.0, 1.0);
        Some(ThresholdSelector { p })
    }

    fn start(&self) -> f64 {
        self.p.initial
    }

    fn published<S: Scalar>(&self, s: S) -> S {
        s.max(S::zero()).min(S::constant(1.0))
    }

    fn current<S: Scalar>(&self, v: S, s: S) -> S {
        let p = &self.p;
        let x = self.published(s);
        let off = sinh_limited(v * (1.0 / p.nonlinearity)) * p.nonlinearity;
        let conductance = (x * -(p.off * p.on).ln()).exp() * p.off;
        conductance * (x * v + (x * -1.0 + 1.0) * off)
    }

    fn rate<S: Scalar>(&self, v: S, s: S, _current: S) -> S {
        let p = &self.p;
        let size = v.abs();
        let threshold = self.published(s) * (p.hold - p.threshold) + p.threshold;
        let on = ((size - threshold) * (1.0 / p.width)).logistic() * (1.0 / p.time_on);
        let off = ((size - p.hold) * (-1.0 / p.width)).logistic() * (1.0 / p.time_off);
        on * (s * -1.0 + 1.0) - off * s
    }
}

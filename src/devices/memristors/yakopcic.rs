//! Yakopcic's generalised memristor.
//!
//! ```text
//! i = a1·x·sinh(b·v)  v ≥ 0,   a2·x·sinh(b·v)  v < 0
//! dx/dt = η·g(v)·f(x)
//! g = Ap·(e^v − e^Vp)  v > Vp,   −An·(e^(−v) − e^Vn)  v < −Vn,   0 between
//! η·v > 0:  f = e^(−αp·(x − xp))·((xp − x)/(1 − xp) + 1)  x ≥ xp,   1 below
//! η·v ≤ 0:  f = e^(αn·(x + xn − 1))·x/(1 − xn)            x ≤ 1 − xn, 1 above
//! ```
//! Source: Yakopcic et al., IEEE EDL 32, 1436 (2011) and IJCNN 2013.

use super::{Card, MemristorModel, UNKNOWNS};
use crate::devices::page::{ModelTable, Page};
use crate::head_of_file;
use crate::numerics::scalar::Scalar;
use crate::parameters;

parameters! {
    /// Yakopcic.
    pub struct Parameters {
        amplitude_positive: ["a1"], "A", 0.17, "Current amplitude for positive voltages";
        amplitude_negative: ["a2"], "A", 0.17, "Current amplitude for negative voltages";
        slope: ["b"], "1/V", 0.05, "Slope of the sinh";
        threshold_positive: ["vp"], "V", 0.65, "Positive threshold voltage";
        threshold_negative: ["vn"], "V", 0.56, "Magnitude of the negative threshold voltage";
        rate_positive: ["ap"], "1/s", 4000.0, "Rate above the positive threshold";
        rate_negative: ["an"], "1/s", 4000.0, "Rate below the negative threshold";
        knee_positive: ["xp"], "", 0.3, "State above which upward motion slows down";
        knee_negative: ["xn"], "", 0.5, "1 − state below which downward motion slows down";
        decay_positive: ["alphap"], "", 1.0, "How fast upward motion slows down";
        decay_negative: ["alphan"], "", 5.0, "How fast downward motion slows down";
        direction: ["eta"], "", 1.0, "+1: positive voltage raises x; −1: lowers it";
        initial: ["x0", "xo", "xinit"], "", 0.11, "Initial state, 0…1";
    }
}

/// A Yakopcic memristor; the unknown is x.
#[derive(Clone)]
pub struct Yakopcic {
    p: Parameters,
}

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[head_of_file!("yakopcic.rs")],
    models: &[ModelTable { title: "yakopcic", numbers: Parameters::TABLE, others: &[] }],
    ..super::page::<Yakopcic>("yakopcic", "Yakopcic: sinh conduction, thresholds in voltage")
};

impl MemristorModel for Yakopcic {
    fn read(card: &mut Card) -> Option<Self> {
        let parameters = card.own_parameters();
        let owner = card.owner().to_string();
        let p = Parameters::read(&parameters, UNKNOWNS, &owner, card.diagnostics());
        for (name, value) in [
            ("a1", p.amplitude_positive),
            ("a2", p.amplitude_negative),
            ("b", p.slope),
            ("vp", p.threshold_positive),
            ("vn", p.threshold_negative),
            ("ap", p.rate_positive),
            ("an", p.rate_negative),
        ] {
            card.positive(name, value);
        }
        card.within("x0", p.initial, 0.0, 1.0);
        card.within("xp", p.knee_positive, 0.0, 1.0 - 1e-9);
        card.within("xn", p.knee_negative, 0.0, 1.0 - 1e-9);
        Some(Yakopcic { p })
    }

    fn start(&self) -> f64 {
        self.p.initial
    }

    fn published<S: Scalar>(&self, s: S) -> S {
        s.max(S::zero()).min(S::constant(1.0))
    }

    fn current<S: Scalar>(&self, v: S, s: S) -> S {
        let amplitude = if v.value() >= 0.0 { self.p.amplitude_positive } else { self.p.amplitude_negative };
        self.published(s) * (v * self.p.slope).sinh() * amplitude
    }

    fn rate<S: Scalar>(&self, v: S, s: S, _current: S) -> S {
        let p = &self.p;
        let speed = if v.value() > p.threshold_positive {
            (v.exp_limited(60.0) - p.threshold_positive.exp()) * p.rate_positive
        } else if v.value() < -p.threshold_negative {
            ((-v).exp_limited(60.0) - p.threshold_negative.exp()) * -p.rate_negative
        } else {
            return S::zero();
        };
        let window = if p.direction * v.value() > 0.0 {
            if s.value() < p.knee_positive {
                S::constant(1.0)
            } else {
                let decay = ((s - p.knee_positive) * -p.decay_positive).exp();
                decay * ((s * -1.0 + p.knee_positive) * (1.0 / (1.0 - p.knee_positive)) + 1.0)
            }
        } else if s.value() > 1.0 - p.knee_negative {
            S::constant(1.0)
        } else {
            ((s + (p.knee_negative - 1.0)) * p.decay_negative).exp() * s * (1.0 / (1.0 - p.knee_negative))
        };
        speed * window * p.direction
    }
}

//! Pershin and Di Ventra's bipolar memristor with threshold: ngspice's code model `memristor`.
//!
//! ```text
//! i = v/R,   dR/dt = β·v + (α − β)/2·(|v + V_t| − |v − V_t|),   rmin ≤ R ≤ rmax
//! ```
//! Below V_t the slope of dR/dt is α, beyond it β; at a bound R stops. The state shown as `x` is R in ohms. Source: Pershin & Di
//! Ventra, arXiv:1204.2600 (2012); names and defaults: ngspice-39 manual, chapter on the memristor code model. Unlike there, AC
//! analysis includes the motion of R.

use super::window::Window;
use super::{Card, MemristorModel, UNKNOWNS};
use crate::devices::page::{ModelTable, Page};
use crate::head_of_file;
use crate::numerics::scalar::Scalar;
use crate::parameters;

parameters! {
    /// Memristor of A cards.
    pub struct Parameters {
        least: ["rmin"], "Ω", 10.0, "Least resistance";
        most: ["rmax"], "Ω", 10e3, "Largest resistance";
        initial: ["rinit", "x0"], "Ω", 7e3, "Initial resistance";
        slow: ["alpha"], "Ω/(V·s)", 0.0, "Rate below the threshold";
        fast: ["beta"], "Ω/(V·s)", 1.0, "Rate beyond the threshold";
        threshold: ["vt"], "V", 0.0, "Threshold voltage";
    }
}

/// A memristor with threshold; the unknown is (R − rmin)/(rmax − rmin).
#[derive(Clone)]
pub struct Pershin {
    p: Parameters,
}

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[head_of_file!("pershin.rs")],
    models: &[ModelTable { title: "pershin", numbers: Parameters::TABLE, others: &[] }],
    ..super::page::<Pershin>("pershin", "Pershin and Di Ventra: resistance that moves beyond a threshold")
};

impl MemristorModel for Pershin {
    fn read(card: &mut Card) -> Option<Self> {
        let owner = card.owner().to_string();
        let parameters = card.own_parameters();
        let p = Parameters::read(&parameters, UNKNOWNS, &owner, card.diagnostics());
        card.positive("rmin", p.least);
        if p.most.is_nan() || p.most <= p.least {
            card.error("rmax", "must be larger than rmin");
            return None;
        }
        card.within("rinit", p.initial, p.least, p.most);
        for (name, value) in [("alpha", p.slow), ("beta", p.fast), ("vt", p.threshold)] {
            if value.is_nan() || value < 0.0 {
                card.error(name, "must not be negative");
            }
        }
        Some(Pershin { p })
    }

    fn start(&self) -> f64 {
        (self.p.initial - self.p.least) / (self.p.most - self.p.least)
    }

    fn published<S: Scalar>(&self, s: S) -> S {
        Window::HARD.state(s) * (self.p.most - self.p.least) + self.p.least
    }

    fn current<S: Scalar>(&self, v: S, s: S) -> S {
        v / self.published(s)
    }

    fn rate<S: Scalar>(&self, v: S, s: S, _current: S) -> S {
        let p = &self.p;
        let within = ((v + p.threshold).abs() - (v - p.threshold).abs()) * (0.5 * (p.slow - p.fast));
        Window::HARD.rate(s, (v * p.fast + within) * (1.0 / (p.most - p.least)))
    }
}

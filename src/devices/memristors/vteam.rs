//! VTEAM: voltage threshold adaptive memristor.
//!
//! ```text
//! dx/dt = k_off·(v/v_off − 1)^α_off·window(x)   v > v_off > 0
//!         0                                     v_on ≤ v ≤ v_off
//!         k_on·(v/v_on − 1)^α_on·window(x)      v < v_on < 0
//! linear:       i = v/(Ron + (Roff − Ron)·w),  w = (x − x_on)/(x_off − x_on)
//! exponential:  i = v/(Ron·e^(λ·w)),           λ = ln(Roff/Ron)
//! ```
//! x runs from x_on (low resistance) to x_off (high resistance), in metres. Source: Kvatinsky, Ramadan, Friedman & Kolodny,
//! IEEE TCAS-II 62, 786 (2015).

use super::gap::{Gap, Threshold, check_signs};
use super::window::Window;
use super::{Card, MemristorModel, UNKNOWNS};
use crate::devices::page::{ModelTable, Page};
use crate::devices::parameters::NamedParameter;
use crate::head_of_file;
use crate::numerics::scalar::Scalar;
use crate::parameters;

parameters! {
    /// VTEAM.
    pub struct Parameters {
        on: ["ron"], "Ω", 50.0, "Resistance at x_on (lrs)";
        off: ["roff"], "Ω", 1000.0, "Resistance at x_off (hrs)";
        rate_on: ["k_on", "kon"], "m/s", -10.0, "Speed towards x_on; negative";
        rate_off: ["k_off", "koff"], "m/s", 5e-4, "Speed towards x_off; positive";
        exponent_on: ["alpha_on", "aon"], "", 3.0, "Exponent towards x_on";
        exponent_off: ["alpha_off", "aoff"], "", 1.0, "Exponent towards x_off";
        threshold_on: ["v_on", "von"], "V", -0.2, "Threshold voltage towards x_on; negative";
        threshold_off: ["v_off", "voff"], "V", 0.02, "Threshold voltage towards x_off; positive";
        bound_on: ["x_on", "xon", "w_on"], "m", 0.0, "State of low resistance";
        bound_off: ["x_off", "xoff", "d", "w_off"], "m", 3e-9, "State of high resistance";
        exponent: ["p"], "", 1.0, "Exponent of the window";
        factor: ["j"], "", 1.0, "Factor of the Prodromakis and Zha windows";
        initial: ["x0", "xinit"], "m", f64::NAN, "Initial state (default: the middle)";
    }
}

/// A VTEAM memristor; the unknown is w or its logit.
#[derive(Clone)]
pub struct Vteam {
    p: Parameters,
    gap: Gap,
    on: Threshold,
    off: Threshold,
    window: Window,
    start: f64,
}

/// Words and lists of the model card.
pub const WORDS: &[NamedParameter] =
    &[super::WINDOW, NamedParameter::new(&["iv"], "", "linear", "`linear` or `exponential`: resistance over the gap")];

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[head_of_file!("vteam.rs"), head_of_file!("window.rs"), head_of_file!("gap.rs")],
    models: &[ModelTable { title: "vteam", numbers: Parameters::TABLE, others: WORDS }],
    ..super::page::<Vteam>("vteam", "VTEAM: threshold in voltage")
};

impl MemristorModel for Vteam {
    const LIMITED: bool = true;

    fn read(card: &mut Card) -> Option<Self> {
        let numbers = card.numbers(WORDS);
        let owner = card.owner().to_string();
        let p = Parameters::read(&numbers, UNKNOWNS, &owner, card.diagnostics());
        let window = Window::read(card, "none", p.exponent, p.factor)?;
        let gap = Gap::read(card, p.on, p.off)?;
        check_signs(
            card,
            &[
                ("ron", p.on),
                ("roff", p.off),
                ("k_off", p.rate_off),
                ("alpha_on", p.exponent_on),
                ("alpha_off", p.exponent_off),
                ("v_off", p.threshold_off),
            ],
            &[("k_on", p.rate_on), ("v_on", p.threshold_on)],
        );
        if p.bound_off <= p.bound_on {
            card.error("x_off", "must be larger than x_on");
            return None;
        }
        let initial = if p.initial.is_nan() { 0.5 * (p.bound_on + p.bound_off) } else { p.initial };
        card.within("x0", initial, p.bound_on, p.bound_off);
        let start = window.start((initial - p.bound_on) / (p.bound_off - p.bound_on));
        let on = Threshold { threshold: p.threshold_on, rate: p.rate_on, exponent: p.exponent_on };
        let off = Threshold { threshold: p.threshold_off, rate: p.rate_off, exponent: p.exponent_off };
        Some(Vteam { p, gap, on, off, window, start })
    }

    fn start(&self) -> f64 {
        self.start
    }

    fn published<S: Scalar>(&self, s: S) -> S {
        self.window.state(s) * (self.p.bound_off - self.p.bound_on) + self.p.bound_on
    }

    fn current<S: Scalar>(&self, v: S, s: S) -> S {
        self.gap.current(v, self.window.state(s))
    }

    fn rate<S: Scalar>(&self, v: S, s: S, _current: S) -> S {
        let Some(speed) = self.off.speed(v).or_else(|| self.on.speed(v)) else { return S::zero() };
        self.window.rate(s, speed * (1.0 / (self.p.bound_off - self.p.bound_on)))
    }

    fn limit(&self, s: f64, previous: f64) -> f64 {
        self.window.limit(s, previous)
    }
}

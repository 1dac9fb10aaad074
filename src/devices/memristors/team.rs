//! TEAM: threshold adaptive memristor, by current; also Xyce's `memristor level=2`.
//!
//! ```text
//! dx/dt = k_off·(i/i_off − 1)^α_off·f_off(x)   i > i_off > 0
//!         0                                    i_on ≤ i ≤ i_off
//!         k_on·(i/i_on − 1)^α_on·f_on(x)       i < i_on < 0
//! linear:       v = (Ron + (Roff − Ron)·w)·i,  w = (x − x_on)/(x_off − x_on)
//! exponential:  v = Ron·e^(λ·w)·i,             λ = ln(Roff/Ron)
//! window=kvatinsky:  f_off = exp(−e^((x − a_off)/w_c)),  f_on = exp(−e^(−(x − a_on)/w_c))
//! ```
//! x runs from x_on (low resistance) to x_off (high resistance), in metres, and stops at both. Other windows: `window.rs`.
//! Source: Kvatinsky, Friedman, Kolodny & Weiser, IEEE TCAS-I 60, 211 (2013), equations 13 to 17.

use super::gap::{Gap, Threshold, check_signs};
use super::window::{Kind, NAMES, Window};
use super::{Card, MemristorModel, UNKNOWNS};
use crate::devices::page::{ModelTable, Page};
use crate::devices::parameters::NamedParameter;
use crate::head_of_file;
use crate::numerics::scalar::Scalar;
use crate::parameters;

parameters! {
    /// TEAM.
    pub struct Parameters {
        on: ["ron"], "Ω", 50.0, "Resistance at x_on (lrs)";
        off: ["roff"], "Ω", 1000.0, "Resistance at x_off (hrs)";
        rate_on: ["k_on", "kon"], "m/s", -8e-13, "Speed towards x_on; negative";
        rate_off: ["k_off", "koff"], "m/s", 8e-13, "Speed towards x_off; positive";
        exponent_on: ["alpha_on", "alphaon"], "", 3.0, "Exponent towards x_on";
        exponent_off: ["alpha_off", "alphaoff"], "", 3.0, "Exponent towards x_off";
        threshold_on: ["i_on", "ion"], "A", -8.9e-6, "Threshold current towards x_on; negative";
        threshold_off: ["i_off", "ioff"], "A", 115e-6, "Threshold current towards x_off; positive";
        bound_on: ["x_on", "xon"], "m", 0.0, "State of low resistance";
        bound_off: ["x_off", "xoff"], "m", 3e-9, "State of high resistance";
        knee_on: ["a_on", "aon"], "m", f64::NAN, "Where window=kvatinsky closes towards x_on (default: x_on)";
        knee_off: ["a_off", "aoff"], "m", f64::NAN, "Where window=kvatinsky closes towards x_off (default: x_off)";
        width: ["w_c", "wc"], "m", 107e-12, "Width of window=kvatinsky";
        exponent: ["p"], "", 1.0, "Exponent of the window";
        factor: ["j"], "", 1.0, "Factor of the Prodromakis and Zha windows";
        initial: ["x0", "xinit"], "m", f64::NAN, "Initial state (default: the middle)";
    }
}

/// A TEAM memristor; the unknown is w or its logit.
#[derive(Clone)]
pub struct Team {
    p: Parameters,
    gap: Gap,
    on: Threshold,
    off: Threshold,
    window: Window,
    /// a_on, a_off and w_c of Kvatinsky's window, in units of w.
    knees: Option<[f64; 3]>,
    start: f64,
}

/// Kind of window, and whether it is Kvatinsky's, which stands on hard bounds.
fn window_kind(card: &mut Card) -> Option<(Kind, bool)> {
    let name = card.word("window").unwrap_or_else(|| "none".into());
    if name == "kvatinsky" {
        return Some((Kind::None, true));
    }
    let kind = Kind::named(&name);
    if kind.is_none() {
        card.error("window", &format!("must be one of {}, kvatinsky", NAMES.join(", ")));
    }
    Some((kind?, false))
}

fn check(card: &mut Card, p: &Parameters) {
    check_signs(
        card,
        &[
            ("ron", p.on),
            ("roff", p.off),
            ("k_off", p.rate_off),
            ("alpha_on", p.exponent_on),
            ("alpha_off", p.exponent_off),
            ("i_off", p.threshold_off),
            ("w_c", p.width),
            ("p", p.exponent),
            ("j", p.factor),
        ],
        &[("k_on", p.rate_on), ("i_on", p.threshold_on)],
    );
}

/// Words and lists of the model card.
pub const WORDS: &[NamedParameter] =
    &[super::WINDOW, NamedParameter::new(&["iv"], "", "linear", "`linear` or `exponential`: resistance over the gap")];

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[head_of_file!("team.rs"), head_of_file!("window.rs")],
    models: &[ModelTable { title: "team", numbers: Parameters::TABLE, others: WORDS }],
    ..super::page::<Team>("team", "TEAM: threshold in current")
};

impl MemristorModel for Team {
    const LIMITED: bool = true;

    fn read(card: &mut Card) -> Option<Self> {
        let numbers = card.numbers(WORDS);
        let owner = card.owner().to_string();
        let p = Parameters::read(&numbers, UNKNOWNS, &owner, card.diagnostics());
        let (kind, kvatinsky) = window_kind(card)?;
        let gap = Gap::read(card, p.on, p.off)?;
        check(card, &p);
        let length = p.bound_off - p.bound_on;
        if length.is_nan() || length <= 0.0 {
            card.error("x_off", "must be larger than x_on");
            return None;
        }
        let initial = if p.initial.is_nan() { 0.5 * (p.bound_on + p.bound_off) } else { p.initial };
        card.within("x0", initial, p.bound_on, p.bound_off);
        let part = |x: f64, default: f64| if x.is_nan() { default } else { (x - p.bound_on) / length };
        let knees = kvatinsky.then(|| [part(p.knee_on, 0.0), part(p.knee_off, 1.0), p.width / length]);
        let window = Window { kind, exponent: p.exponent, factor: p.factor };
        let on = Threshold { threshold: p.threshold_on, rate: p.rate_on, exponent: p.exponent_on };
        let off = Threshold { threshold: p.threshold_off, rate: p.rate_off, exponent: p.exponent_off };
        Some(Team { p, gap, on, off, window, knees, start: window.start((initial - p.bound_on) / length) })
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

    fn rate<S: Scalar>(&self, _v: S, s: S, current: S) -> S {
        let opening = self.off.speed(current);
        let off = opening.is_some();
        let Some(speed) = opening.or_else(|| self.on.speed(current)) else { return S::zero() };
        // Within the bounds: beyond them the rate must fall as the state moves on, and does by itself.
        let x = self.window.state(s);
        let closing = match self.knees {
            None => S::constant(1.0),
            Some([_, knee, width]) if off => (-((x - knee) * (1.0 / width)).exp_limited(6.0)).exp(),
            Some([knee, _, width]) => (-((x - knee) * (-1.0 / width)).exp_limited(6.0)).exp(),
        };
        self.window.rate(s, speed * closing * (1.0 / (self.p.bound_off - self.p.bound_on)))
    }

    fn limit(&self, s: f64, previous: f64) -> f64 {
        self.window.limit(s, previous)
    }
}

//! Nonlinear ion drift.
//!
//! ```text
//! i = w^n·β·sinh(α·v) + χ·(e^(γ·v) − 1)
//! dw/dt = a·f(w)·v^m,   m odd,   f one of the windows of `window.rs`
//! ```
//! With Joglekar's window and p = 1, w/(1 − w) = w0/(1 − w0)·exp(4·a·∫v^m dt). The first term is tunnelling through the
//! switched layer, the second a rectifying junction. Sources: Yang et al., Nature Nanotechnology 3, 429 (2008); Lehtonen &
//! Laiho, CNNA 2010; values: Kvatinsky et al., Memristor toolbox (2011).

use super::window::Window;
use super::{Card, MemristorModel, UNKNOWNS, sinh_limited};
use crate::devices::page::{ModelTable, Page};
use crate::devices::parameters::NamedParameter;
use crate::head_of_file;
use crate::numerics::scalar::Scalar;
use crate::parameters;

parameters! {
    /// Nonlinear ion drift.
    pub struct Parameters {
        slope: ["alpha"], "1/V", 2.0, "Slope of the sinh";
        amplitude: ["beta"], "A", 9.0, "Amplitude of the sinh";
        junction: ["c", "chi"], "A", 0.01, "Amplitude of the junction";
        junction_slope: ["g", "gamma"], "1/V", 4.0, "Slope of the junction";
        power: ["n"], "", 14.0, "Exponent of the state in the current";
        voltage_power: ["q"], "", 13.0, "Exponent m of the voltage in the rate; odd";
        speed: ["a"], "1/(V^m·s)", 4.0, "Speed; positive: positive voltage raises w";
        exponent: ["p"], "", 1.0, "Exponent of the window";
        factor: ["j"], "", 1.0, "Factor of the Prodromakis and Zha windows";
        initial: ["x0", "w0", "xinit"], "", 0.1, "Initial state, 0…1";
    }
}

/// A memristor with nonlinear ion drift; the unknown is w or its logit.
#[derive(Clone)]
pub struct NonlinearIonDrift {
    p: Parameters,
    window: Window,
    start: f64,
}

/// Words and lists of the model card.
pub const WORDS: &[NamedParameter] = &[super::WINDOW];

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[head_of_file!("nonlinear_ion_drift.rs"), head_of_file!("window.rs")],
    models: &[ModelTable { title: "nonlinear_ion_drift", numbers: Parameters::TABLE, others: WORDS }],
    ..super::page::<NonlinearIonDrift>("nonlinear_ion_drift", "Nonlinear ion drift")
};

impl MemristorModel for NonlinearIonDrift {
    const LIMITED: bool = true;

    fn read(card: &mut Card) -> Option<Self> {
        let numbers = card.numbers(WORDS);
        let owner = card.owner().to_string();
        let p = Parameters::read(&numbers, UNKNOWNS, &owner, card.diagnostics());
        let window = Window::read(card, "joglekar", p.exponent, p.factor)?;
        for (name, value) in [
            ("alpha", p.slope),
            ("beta", p.amplitude),
            ("g", p.junction_slope),
            ("n", p.power),
            ("p", p.exponent),
            ("j", p.factor),
        ] {
            card.positive(name, value);
        }
        if p.junction.is_nan() || p.junction < 0.0 {
            card.error("c", "must not be negative");
        }
        if p.voltage_power % 2.0 != 1.0 || p.voltage_power > 99.0 {
            card.error("q", "must be an odd number from 1 to 99");
        }
        card.within("x0", p.initial, 0.0, 1.0);
        Some(NonlinearIonDrift { p, window, start: window.start(p.initial) })
    }

    fn start(&self) -> f64 {
        self.start
    }

    fn limit(&self, s: f64, previous: f64) -> f64 {
        self.window.limit(s, previous)
    }

    fn published<S: Scalar>(&self, s: S) -> S {
        self.window.state(s)
    }

    fn current<S: Scalar>(&self, v: S, s: S) -> S {
        let p = &self.p;
        let x = v * p.junction_slope;
        let junction = if x.value() < 80.0 { x.exp_m1() } else { x.exp_limited(80.0) };
        self.window.state(s).powf(p.power) * sinh_limited(v * p.slope) * p.amplitude + junction * p.junction
    }

    fn rate<S: Scalar>(&self, v: S, s: S, _current: S) -> S {
        self.window.rate(s, v.powi(self.p.voltage_power as i32) * self.p.speed)
    }
}

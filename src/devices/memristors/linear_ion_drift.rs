//! HP linear ion drift.
//!
//! ```text
//! M = Ron·x + Roff·(1 − x),   i = v/M,   dx/dt = η·μv·Ron/D²·i·window(x)
//! ```
//! Without window M² = M0² − 2·η·μv·Ron·(Roff − Ron)·φ/D², φ = ∫v dt. Source: Strukov et al., Nature 453, 80 (2008); windows
//! in `window.rs`.

use super::window::Window;
use super::{Card, MemristorModel, UNKNOWNS};
use crate::devices::page::{ModelTable, Page};
use crate::devices::parameters::NamedParameter;
use crate::head_of_file;
use crate::numerics::scalar::Scalar;
use crate::parameters;

parameters! {
    /// Linear ion drift.
    pub struct Parameters {
        on: ["ron"], "Ω", 100.0, "Resistance when fully doped (lrs)";
        off: ["roff"], "Ω", 16e3, "Resistance when undoped (hrs)";
        thickness: ["d"], "m", 10e-9, "Thickness of the oxide";
        mobility: ["uv", "mu", "muv"], "m²/(V·s)", 1e-14, "Mobility of the dopants";
        exponent: ["p"], "", 1.0, "Exponent of the window";
        factor: ["j"], "", 1.0, "Factor of the Prodromakis and Zha windows";
        polarity: ["eta", "pol"], "", 1.0, "+1: positive voltage lowers the resistance; −1: raises it";
        initial: ["x0", "xinit"], "", 0.1, "Initial state, 0…1";
    }
}

/// A linear ion drift memristor.
#[derive(Clone)]
pub struct LinearIonDrift {
    on: f64,
    off: f64,
    /// η·μv·Ron/D², 1/(A·s)
    factor: f64,
    window: Window,
    start: f64,
}

/// Words and lists of the model card.
pub const WORDS: &[NamedParameter] = &[super::WINDOW];

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[head_of_file!("linear_ion_drift.rs"), head_of_file!("window.rs")],
    models: &[ModelTable { title: "linear_ion_drift", numbers: Parameters::TABLE, others: WORDS }],
    ..super::page::<LinearIonDrift>("linear_ion_drift", "HP linear ion drift")
};

impl MemristorModel for LinearIonDrift {
    const LIMITED: bool = true;

    fn read(card: &mut Card) -> Option<Self> {
        let numbers = card.numbers(WORDS);
        let owner = card.owner().to_string();
        let p = Parameters::read(&numbers, UNKNOWNS, &owner, card.diagnostics());
        let window = Window::read(card, "joglekar", p.exponent, p.factor)?;
        for (name, value) in [("ron", p.on), ("roff", p.off), ("d", p.thickness), ("uv", p.mobility), ("p", p.exponent)]
        {
            card.positive(name, value);
        }
        card.within("x0", p.initial, 0.0, 1.0);
        Some(LinearIonDrift {
            on: p.on,
            off: p.off,
            factor: p.polarity * p.mobility * p.on / (p.thickness * p.thickness),
            window,
            start: window.start(p.initial),
        })
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
        v / (self.window.state(s) * (self.on - self.off) + self.off)
    }

    fn rate<S: Scalar>(&self, _v: S, s: S, current: S) -> S {
        self.window.rate(s, current * self.factor)
    }
}

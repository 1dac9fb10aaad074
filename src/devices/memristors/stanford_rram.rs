//! Stanford/ASU RRAM: a filament with a tunnelling gap g, at its own temperature T.
//!
//! ```text
//! i = I0·e^(−g/g0)·sinh(v/V0)
//! dg/dt = −Vel0·(e^((−Eag + γ·(a0/L)·v)/(k·T/q)) − e^((−Ear − γ·(a0/L)·v)/(k·T/q))),   γ = γ0 − β·(g/g1)³
//! dT/dt = v·i/Cth − (T − T0)/τ_th           thermal=dynamic
//! T = T0 + R_th·v·i,   R_th = τ_th/Cth      thermal=static
//! ```
//! A large gap is the high resistance; positive voltage closes it. g stays within gap_min…gap_max by hard bounds that let it
//! back at once; its speed r becomes r/(1 + |r|/v_max), since at a constant current a filament that opens runs away. With
//! thermal=dynamic T is a second state, held at T0 in DC analyses; static takes T at its limit for changes that are slow
//! against τ_th.
//!
//! Source: Chen & Yu, IEEE TED 62, 4022 (2015) and its Verilog-A parameter set; Guan, Yu & Wong, IEEE EDL 33, 1405 (2012).

use super::window::Window;
use super::{Card, Common, MemristorModel, UNKNOWNS, add, read_with, sinh_limited};
use crate::devices::assembly::UnknownKind;
use crate::devices::constants::K_OVER_Q;
use crate::devices::construct::Construction;
use crate::devices::device::{Contribution, Device, Environment, QuantityInfo};
use crate::devices::noise::NoiseSource;
use crate::devices::page::{ModelTable, Page};
use crate::devices::parameters::NamedParameter;
use crate::head_of_file;
use crate::numerics::dual::Dual;
use crate::numerics::scalar::Scalar;
use crate::parameters;

parameters! {
    /// Stanford/ASU RRAM.
    pub struct Parameters {
        thickness: ["l", "tox"], "m", 5e-9, "Thickness of the oxide";
        least: ["gap_min"], "m", 0.1e-9, "Least gap";
        most: ["gap_max"], "m", 1.7e-9, "Largest gap";
        initial: ["gap_ini", "x0"], "m", f64::NAN, "Initial gap (default: gap_min)";
        hop: ["a0"], "m", 0.25e-9, "Hopping distance";
        generation: ["eag"], "eV", 1.501, "Activation energy of generation";
        recombination: ["ear"], "eV", 1.5, "Activation energy of recombination";
        amplitude: ["i0"], "A", 6.14e-5, "Amplitude of the current";
        decay: ["g0"], "m", 0.27505e-9, "Decay length of the current";
        voltage: ["v0"], "V", 0.43, "Voltage scale of the current";
        velocity: ["vel0"], "m/s", 150.0, "Attempt velocity";
        enhancement: ["gamma0"], "", 16.5, "Enhancement of the field without gap";
        slope: ["beta"], "", 1.25, "Decrease of the enhancement with the gap";
        unit: ["g1"], "m", 1e-9, "Gap unit of beta";
        ambient: ["t0"], "K", f64::NAN, "Ambient temperature (default: the element's)";
        capacity: ["cth"], "J/K", 3.1825e-16, "Thermal capacity";
        time: ["tau_th"], "s", 0.23e-9, "Thermal time constant";
        fastest: ["v_max"], "m/s", 5e3, "Largest speed of the gap, that of sound";
        resistance: ["rth"], "K/W", f64::NAN, "Thermal resistance of thermal=static (default: tau_th/cth)";
    }
}

/// A filament; the unknown is (g − gap_min)/(gap_max − gap_min).
#[derive(Clone)]
pub struct StanfordRram {
    p: Parameters,
    /// T0, K
    ambient: f64,
    /// R_th, K/W
    resistance: f64,
    dynamic: bool,
    start: f64,
}

/// Words of the model card.
const WORDS: &[NamedParameter] = &[NamedParameter::new(
    &["thermal"],
    "",
    "dynamic",
    "`dynamic`: the temperature is a state; `static`: it follows the power",
)];

/// The manual's page.
pub const PAGE: Page = Page {
    quantities: <Heated as Device<4>>::QUANTITIES,
    texts: &[head_of_file!("stanford_rram.rs")],
    models: &[ModelTable { title: "stanford_rram", numbers: Parameters::TABLE, others: WORDS }],
    ..super::page::<StanfordRram>("stanford_rram", "Stanford RRAM: filament with a gap and its own temperature")
};

impl StanfordRram {
    fn gap<S: Scalar>(&self, s: S) -> S {
        Window::HARD.state(s) * (self.p.most - self.p.least) + self.p.least
    }

    /// ds/dt at temperature `t`.
    fn speed<S: Scalar>(&self, v: S, s: S, t: S) -> S {
        let p = &self.p;
        let ratio = self.gap(s) * (1.0 / p.unit);
        let field = (ratio * ratio * ratio * -p.slope + p.enhancement) * v * (p.hop / p.thickness);
        let per_volt = (t.max(S::constant(50.0)) * K_OVER_Q).recip();
        let generation = ((field - p.generation) * per_volt).exp_limited(60.0);
        let recombination = ((-field - p.recombination) * per_volt).exp_limited(60.0);
        let speed = (recombination - generation) * p.velocity;
        let limited = speed / (speed.abs() * (1.0 / p.fastest) + 1.0);
        Window::HARD.rate(s, limited * (1.0 / (p.most - p.least)))
    }

    fn check(card: &mut Card, p: &Parameters) {
        for (name, value) in [
            ("l", p.thickness),
            ("gap_min", p.least),
            ("a0", p.hop),
            ("eag", p.generation),
            ("ear", p.recombination),
            ("i0", p.amplitude),
            ("g0", p.decay),
            ("v0", p.voltage),
            ("vel0", p.velocity),
            ("gamma0", p.enhancement),
            ("g1", p.unit),
            ("cth", p.capacity),
            ("tau_th", p.time),
            ("v_max", p.fastest),
        ] {
            card.positive(name, value);
        }
        if p.slope.is_nan() || p.slope < 0.0 {
            card.error("beta", "must not be negative");
        }
        if p.enhancement - p.slope * (p.most / p.unit).powi(3) <= 0.0 {
            card.error("beta", "must leave the enhancement positive: gamma0 > beta*(gap_max/g1)^3");
        }
        for (name, value) in [("t0", p.ambient), ("rth", p.resistance)] {
            if value <= 0.0 {
                card.error(name, "must be positive");
            }
        }
    }
}

impl MemristorModel for StanfordRram {
    fn read(card: &mut Card) -> Option<Self> {
        let numbers = card.numbers(WORDS);
        let owner = card.owner().to_string();
        let p = Parameters::read(&numbers, UNKNOWNS, &owner, card.diagnostics());
        let dynamic = match card.word("thermal").as_deref() {
            None | Some("dynamic") => true,
            Some("static") => false,
            Some(_) => {
                card.error("thermal", "must be dynamic or static");
                return None;
            }
        };
        Self::check(card, &p);
        if p.most.is_nan() || p.most <= p.least {
            card.error("gap_max", "must be larger than gap_min");
            return None;
        }
        let initial = if p.initial.is_nan() { p.least } else { p.initial };
        card.within(if card.number("x0").is_some() { "x0" } else { "gap_ini" }, initial, p.least, p.most);
        Some(StanfordRram {
            p,
            ambient: if p.ambient.is_nan() { card.temperature() } else { p.ambient },
            resistance: if p.resistance.is_nan() { p.time / p.capacity } else { p.resistance },
            dynamic,
            start: (initial - p.least) / (p.most - p.least),
        })
    }

    fn start(&self) -> f64 {
        self.start
    }

    fn published<S: Scalar>(&self, s: S) -> S {
        self.gap(s)
    }

    fn current<S: Scalar>(&self, v: S, s: S) -> S {
        let p = &self.p;
        (self.gap(s) * (-1.0 / p.decay)).exp() * sinh_limited(v * (1.0 / p.voltage)) * p.amplitude
    }

    fn rate<S: Scalar>(&self, v: S, s: S, current: S) -> S {
        self.speed(v, s, v * current * self.resistance + self.ambient)
    }
}

/// Constructor of both thermal variants.
pub fn construct(mut c: Construction) {
    let Some(common) = read_with(&mut c, StanfordRram::read) else { return };
    if !common.model.dynamic {
        return add(&mut c, common);
    }
    let Common { model, multiplier, read_voltage, .. } = common;
    let gap = c.assembly.state(c.id, "s", 1.0, model.start);
    let temperature = c.assembly.state(c.id, "t", 100.0, model.ambient);
    if c.assembly.observed.contains(&(c.id, "x".into())) {
        let x = c.assembly.auxiliary(c.id, "x", UnknownKind::Current);
        c.assembly.add_auxiliary(c.id, super::Published { model: model.clone() }, [gap, x]);
    }
    let [p, n] = c.terminals();
    c.assembly.add(c.id, Heated { model, multiplier, read_voltage }, [p, n, gap, temperature]);
}

/// A filament with a thermal capacity; unknowns: terminals, gap, temperature.
pub struct Heated {
    model: StanfordRram,
    multiplier: f64,
    /// Voltage at which the conductance is shown, V.
    read_voltage: f64,
}

impl Device<4> for Heated {
    const NOISY: bool = true;
    const QUANTITIES: &'static [QuantityInfo] = &[
        QuantityInfo { name: "x", unit: "m", description: "Gap" },
        QuantityInfo { name: "g", unit: "S", description: "Conductance at the read voltage" },
        QuantityInfo { name: "i", unit: "A", description: "Current" },
        QuantityInfo { name: "v", unit: "V", description: "Voltage" },
        QuantityInfo { name: "p", unit: "W", description: "Power" },
        QuantityInfo { name: "r", unit: "Ω", description: "Resistance at the read voltage" },
        QuantityInfo { name: "t", unit: "K", description: "Temperature of the filament" },
    ];

    fn equations<S: Scalar>(&self, &[p, n, s, t]: &[S; 4], _environment: &Environment) -> Contribution<S, 4> {
        let v = p - n;
        let single = self.model.current(v, s);
        let heating = v * single * (1.0 / self.model.p.capacity);
        let warming = heating - (t - self.model.ambient) * (1.0 / self.model.p.time);
        let current = single * self.multiplier;
        let rate = self.model.speed(v, s, t);
        Contribution { f: [current, -current, -rate, -warming], q: [S::zero(), S::zero(), s, t] }
    }

    fn stores(&self) -> [bool; 4] {
        [false, false, true, true]
    }

    fn has_initial(&self) -> bool {
        true
    }

    fn initial(&self, x: &mut [f64; 4]) {
        x[2] = self.model.start;
        x[3] = self.model.ambient;
    }

    fn noise(&self, &[p, n, s, t]: &[f64; 4], _environment: &Environment, visit: &mut dyn FnMut(NoiseSource)) {
        // The filament is as hot as it is.
        let current = self.model.current(Dual::<1>::variable(p - n, 0), Dual::from(s));
        visit(NoiseSource::thermal("thermal", [0, 1], current.gradient[0] * self.multiplier, t));
    }

    fn quantity(&self, index: usize, &[p, n, s, t]: &[f64; 4], _environment: &Environment) -> f64 {
        let v = p - n;
        let current = self.model.current(v, s) * self.multiplier;
        let conductance = self.multiplier * self.model.current(self.read_voltage, s) / self.read_voltage;
        match index {
            0 => self.model.gap(s),
            1 => conductance,
            2 => current,
            3 => v,
            4 => v * current,
            5 => 1.0 / conductance,
            _ => t,
        }
    }
}

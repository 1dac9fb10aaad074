//! Log-exponential memristor: exponential kinetics in voltage, logarithmic or saturating in the state.
//!
//! ```text
//! u     = η·(v − rs·i)                                                       voltage across the active layer
//! dx/dt = Σ k_set(u)·f(x; ξ) − Σ k_reset(−u)·f(1 − x; ξ) − (x − x_eq)/τ_ret
//! k(u)  = k0·e^(u/V0)/(1 + e^(−(u − Vg)/Vw))·e^(−(Ea/kB)·(1/T − 1/Tnom))     any number of SET and of RESET channels
//! f(x; ξ) = expm1((1 − x)/ξ)/expm1(1/ξ)           small ξ > 0: logarithmic (Elovich); ξ = 0 on the card: 1 − x; ξ < 0: constant
//!                                                 rate with a stop
//! i     = x·Gon·h(u; Von, mon) + (1 − x)·Goff·h(u; Voff, moff)
//! h(v; Vt, m) = v·(1 + (v/Vt)⁴)^((m−1)/4)/(1 + (Vread/Vt)⁴)^((m−1)/4)       ohmic below Vt, v^m above (space-charge limited)
//! ```
//! x runs from 0 (hrs) to 1 (lrs). Every rate restores x from outside of these bounds, so the state is not held there; by what
//! it is outside, an error of the integration, it does not conduct. The gate Vg keeps a logarithmic law from erasing the state
//! at rest. At constant voltage one channel has the closed form
//! `x(t) = 1 + ξ·ln(z0·e^(−κt) + 1 − e^(−κt))`, `z = e^((x−1)/ξ)`, `κ = k/(ξ·expm1(1/ξ))`.
//!
//! Spread: `sigma_v` shifts the thresholds of a device (a shift δ multiplies k0 by e^(−δ/V0); SET and RESET independently),
//! `sigma_g` scales its conductances by 1 + sigma_g·N(0, 1), and `sigma_c2c` multiplies all rates by e^(sigma_c2c·N(0, 1)), drawn
//! anew for each pulse: a rise of |u| through the lowest Vg, armed again below half of it. Draws depend on `seed` and the
//! element's name alone.
//!
//! Sources: Elovich kinetics of field-driven ion motion as in He et al., Sci. Rep. 4, 4755 (2014), whose pulse statistics
//! (ΔG ∝ log width, ∝ amplitude above a threshold that falls with log width) this form gives exactly; space-charge-limited
//! conduction after Lampert, Phys. Rev. 103, 1648 (1956).

use smallvec::SmallVec;

use super::CELSIUS_TO_KELVIN;
use super::spread::Draws;
use super::{Card, MemristorModel, UNKNOWNS};
use crate::arrays::cells::PowerTerm;
use crate::devices::constants::K_OVER_Q;
use crate::devices::page::{ModelTable, Page};
use crate::devices::parameters::NamedParameter;
use crate::head_of_file;
use crate::numerics::scalar::Scalar;
use crate::parameters;

parameters! {
    /// Log-exponential model.
    pub struct Parameters {
        polarity: ["polarity", "pol"], "", 1.0, "+1: positive voltage sets; −1: negative voltage sets";
        on: ["gon"], "S", 95e-6, "Conductance at vread in the lrs (x = 1)";
        off: ["goff"], "S", 5e-6, "Conductance at vread in the hrs (x = 0)";
        corner_on: ["von"], "V", 0.004, "Corner between ohmic and power-law conduction in the lrs";
        exponent_on: ["mon"], "", 2.0, "Exponent of the power law in the lrs";
        corner_off: ["voff"], "V", 0.004, "Corner between ohmic and power-law conduction in the hrs";
        exponent_off: ["moff"], "", 2.0, "Exponent of the power law in the hrs";
        series: ["rs"], "Ω", 0.0, "Series resistance";
        retention: ["tau_ret"], "s", f64::INFINITY, "Time constant of the return to x_eq";
        rest: ["x_eq"], "", 0.0, "State at which retention ends";
        activation: ["ea"], "eV", 0.6, "Activation energy of all rates k";
        activation_retention: ["ea_ret"], "eV", 0.0, "Activation energy of 1/tau_ret";
        nominal: ["tnom"], "°C", 27.0, "Temperature of the parameters";
        spread_threshold: ["sigma_v"], "V", 0.0, "Device-to-device standard deviation of the thresholds";
        spread_conductance: ["sigma_g"], "", 0.0, "Device-to-device relative standard deviation of gon and goff";
        spread_pulse: ["sigma_c2c"], "", 0.0, "Pulse-to-pulse standard deviation of ln k";
        seed: ["seed"], "", 0.0, "Seed of the spread";
        initial: ["x0", "xinit"], "", 0.0, "Initial state, 0…1";
    }
}

/// The five lists of a group of channels on the card, and what they default to (the FeO card).
const SET: [(&str, f64); 5] =
    [("set_k0", 1.16438e-2), ("set_v0", 0.09), ("set_vg", 0.45), ("set_vw", 0.02), ("set_xi", 0.04)];
const RESET: [(&str, f64); 5] =
    [("reset_k0", 8.02055e-10), ("reset_v0", 0.058), ("reset_vg", 0.45), ("reset_vw", 0.02), ("reset_xi", 0.218)];

/// One way for the state to move.
#[derive(Debug, Clone, Copy)]
struct Channel {
    /// ln of k0 in 1/s at the device's temperature, threshold shift included.
    log_rate: f64,
    /// V0, V
    slope: f64,
    /// Vg, V
    gate: f64,
    /// Vw, V
    gate_width: f64,
    shape: Shape,
}

/// f(x; ξ)
#[derive(Debug, Clone, Copy)]
enum Shape {
    Linear,
    /// 1/ξ and 1/expm1(1/ξ).
    Logarithmic {
        inverse: f64,
        norm: f64,
    },
}

/// The law h between voltage and current.
#[derive(Debug, Clone, Copy)]
struct Conduction {
    /// Conductance at small voltage, S.
    conductance: f64,
    corner: f64,
    /// (m − 1)/4
    power: f64,
}

/// A log-exponential memristor; the unknown is x.
#[derive(Debug, Clone)]
pub struct LogExponential {
    polarity: f64,
    on: Conduction,
    off: Conduction,
    series: f64,
    set: SmallVec<[Channel; 2]>,
    reset: SmallVec<[Channel; 2]>,
    /// 1/τ_ret at the device's temperature, 1/s.
    relaxation: f64,
    rest: f64,
    start: f64,
    spread: f64,
    varies: bool,
    draws: Draws,
}

/// Words and lists of the model card.
pub const WORDS: &[NamedParameter] = &[
    NamedParameter::new(&["set_k0"], "1/s", "1.16438e-2", "SET: rates at 0 V, one for each channel"),
    NamedParameter::new(&["set_v0"], "V", "0.09", "SET: voltages in which rates rise e-fold"),
    NamedParameter::new(&["set_vg"], "V", "0.45", "SET: gate voltages"),
    NamedParameter::new(&["set_vw"], "V", "0.02", "SET: widths of the gates"),
    NamedParameter::new(&["set_xi"], "", "0.04", "SET: shape, ξ"),
    NamedParameter::new(&["reset_k0"], "1/s", "8.02055e-10", "RESET: rates at 0 V, one for each channel"),
    NamedParameter::new(&["reset_v0"], "V", "0.058", "RESET: voltages in which rates rise e-fold"),
    NamedParameter::new(&["reset_vg"], "V", "0.45", "RESET: gate voltages"),
    NamedParameter::new(&["reset_vw"], "V", "0.02", "RESET: widths of the gates"),
    NamedParameter::new(&["reset_xi"], "", "0.218", "RESET: shape, ξ"),
];

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[head_of_file!("log_exponential.rs")],
    models: &[ModelTable { title: "log_exponential", numbers: Parameters::TABLE, others: WORDS }],
    ..super::page::<LogExponential>("log_exponential", "Log-exponential kinetics")
};

impl MemristorModel for LogExponential {
    fn read(card: &mut Card) -> Option<Self> {
        let numbers = card.numbers(WORDS);
        let owner = card.owner().to_string();
        let p = Parameters::read(&numbers, UNKNOWNS, &owner, card.diagnostics());
        check(card, &p);
        let draws = Draws::of(p.seed, card.name());
        let threshold = |index: u64| p.spread_threshold * draws.normal(index);
        let temperature = card.temperature();
        let heat = |energy: f64| -energy / K_OVER_Q * (1.0 / temperature - 1.0 / (p.nominal + CELSIUS_TO_KELVIN));
        let set = channels(card, &SET, threshold(0), heat(p.activation))?;
        let reset = channels(card, &RESET, threshold(1), heat(p.activation))?;
        let scale = (1.0 + p.spread_conductance * draws.normal(2)).max(0.05);
        let read_voltage = card.read_voltage();
        Some(LogExponential {
            polarity: p.polarity,
            on: Conduction::through(p.on * scale, read_voltage, p.corner_on, p.exponent_on),
            off: Conduction::through(p.off * scale, read_voltage, p.corner_off, p.exponent_off),
            series: p.series,
            set,
            reset,
            relaxation: heat(p.activation_retention).exp() / p.retention,
            rest: p.rest,
            start: p.initial,
            spread: p.spread_pulse,
            varies: p.spread_threshold > 0.0 || p.spread_conductance > 0.0 || p.spread_pulse > 0.0,
            draws,
        })
    }

    fn start(&self) -> f64 {
        self.start
    }

    fn published<S: Scalar>(&self, s: S) -> S {
        s.max(S::zero()).min(S::constant(1.0))
    }

    fn current<S: Scalar>(&self, v: S, s: S) -> S {
        let x = self.published(s);
        x * self.on.current(v) + (S::constant(1.0) - x) * self.off.current(v)
    }

    fn rate<S: Scalar>(&self, v: S, s: S, _current: S) -> S {
        self.pulsed_rate(v, s, 1.0)
    }

    fn series_resistance(&self) -> f64 {
        self.series
    }

    fn varies(&self) -> bool {
        self.varies
    }

    fn power_terms(&self, s: f64) -> Option<[PowerTerm; 2]> {
        let x = self.published(s);
        let law = |part: &Conduction, share: f64| PowerTerm {
            conductance: share * part.conductance,
            corner: part.corner,
            power: part.power,
        };
        Some([law(&self.on, x), law(&self.off, 1.0 - x)])
    }

    fn pulse_gate(&self) -> Option<f64> {
        let gates = self.set.iter().chain(&self.reset).map(|channel| channel.gate);
        (self.spread > 0.0).then(|| gates.fold(f64::INFINITY, f64::min))
    }

    fn pulse_factor(&self, pulse: u64) -> f64 {
        // The first three draws are the device's own.
        (self.spread * self.draws.normal(3 + pulse)).exp()
    }

    fn pulsed_rate<S: Scalar>(&self, v: S, s: S, factor: f64) -> S {
        let u = v * self.polarity;
        let away = S::constant(1.0) - s;
        let mut rate = S::zero();
        for channel in &self.set {
            rate += channel.rate(u) * channel.shape.at(away);
        }
        for channel in &self.reset {
            rate -= channel.rate(-u) * channel.shape.at(s);
        }
        rate * factor - (s - self.rest) * self.relaxation
    }
}

fn check(card: &mut Card, p: &Parameters) {
    if p.polarity.abs() != 1.0 {
        card.error("polarity", "must be 1 or -1");
    }
    for (name, value) in
        [("gon", p.on), ("von", p.corner_on), ("voff", p.corner_off), ("tau_ret", p.retention), ("mon", p.exponent_on)]
    {
        card.positive(name, value);
    }
    card.positive("moff", p.exponent_off);
    if p.off >= p.on {
        card.error("goff", "must be smaller than gon");
    }
    for (name, value) in [
        ("goff", p.off),
        ("rs", p.series),
        ("ea", p.activation),
        ("ea_ret", p.activation_retention),
        ("sigma_v", p.spread_threshold),
        ("sigma_g", p.spread_conductance),
        ("sigma_c2c", p.spread_pulse),
    ] {
        card.not_negative(name, value);
    }
    card.within("x0", p.initial, 0.0, 1.0);
    card.within("x_eq", p.rest, 0.0, 1.0);
    card.within("tnom", p.nominal, -CELSIUS_TO_KELVIN + 1.0, 2000.0);
    if p.seed < 0.0 || p.seed.fract() != 0.0 {
        card.error("seed", "must be a whole number from 0");
    }
}

/// The channels of one direction: equally long lists. `shift` is added to their thresholds, `heat` to ln k0.
fn channels(card: &mut Card, names: &[(&str, f64); 5], shift: f64, heat: f64) -> Option<SmallVec<[Channel; 2]>> {
    let lists: Vec<Vec<f64>> = names.iter().map(|(name, default)| card.list(name, *default)).collect::<Option<_>>()?;
    let count = lists[0].len();
    for ((name, _), list) in names.iter().zip(&lists) {
        if list.len() != count {
            // The list that stands on a card is the one to point at.
            let at = if card.parameter(name).is_some() { name } else { names[0].0 };
            let lengths = format!("`{}` has {count} numbers, `{name}` has {}", names[0].0, list.len());
            card.error(at, &format!("does not fit the other lists of its channels: {lengths}"));
            return None;
        }
    }
    for index in [0, 1, 3] {
        for &value in &lists[index] {
            card.positive(names[index].0, value);
        }
    }
    for &value in &lists[2] {
        card.not_negative(names[2].0, value);
    }
    let channel = |index: usize| {
        let slope = lists[1][index];
        Channel {
            log_rate: lists[0][index].ln() - shift / slope + heat,
            slope,
            gate: lists[2][index],
            gate_width: lists[3][index],
            shape: Shape::of(lists[4][index]),
        }
    };
    Some((0..count).map(channel).collect())
}

impl Channel {
    /// k(u), 1/s
    fn rate<S: Scalar>(&self, u: S) -> S {
        // ln(1 + e^y) without overflow.
        let y = (u - self.gate) * (-1.0 / self.gate_width);
        let softplus = if y.value() > 0.0 { y + (-y).exp().ln_1p() } else { y.exp().ln_1p() };
        (u * (1.0 / self.slope) + self.log_rate - softplus).exp_limited(LARGEST)
    }
}

/// Logarithm of the largest rate that is taken at its word, 1/s; beyond any device, but not beyond a Newton iterate.
const LARGEST: f64 = 60.0;

impl Shape {
    fn of(xi: f64) -> Self {
        if xi == 0.0 || xi.is_infinite() {
            return Shape::Linear;
        }
        Shape::Logarithmic { inverse: 1.0 / xi, norm: 1.0 / (1.0 / xi).exp_m1() }
    }

    /// f as a function of the way that is left, 1 − x for SET and x for RESET.
    fn at<S: Scalar>(&self, left: S) -> S {
        match *self {
            Shape::Linear => left,
            Shape::Logarithmic { inverse, norm } => (left * inverse).exp_m1() * norm,
        }
    }
}

impl Conduction {
    /// The law whose conductance at `read_voltage` is `conductance`.
    fn through(conductance: f64, read_voltage: f64, corner: f64, exponent: f64) -> Self {
        let power = (exponent - 1.0) / 4.0;
        let norm = (1.0 + (read_voltage / corner).powi(4)).powf(power);
        Conduction { conductance: conductance / norm, corner, power }
    }

    fn current<S: Scalar>(&self, v: S) -> S {
        if self.conductance == 0.0 {
            return S::zero();
        }
        let part = v * (1.0 / self.corner);
        let square = part * part;
        v * (square * square + 1.0).powf(self.power) * self.conductance
    }
}

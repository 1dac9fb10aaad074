//! N: memristors. What they share: two terminals, one internal state, the card, and what they show.
//!
//! ```text
//! i = current(v, s),   ds/dt = rate(v, s, i)
//! ```
//! The state s is an unknown with its own row, d/dt(s) − rate = 0. A model chooses s so that its equations are smooth and
//! unbounded where its published state x runs into a bound; x itself is shown as `x(name)` and `@name[x]`.
//!
//! Quantities of a model with a series resistance are those of the part behind it.
//!
//! Card: `N<name> n+ n- MODEL [x0=…] [vread=…] [parameter=…]`; parameters on the element replace those of its model.
//! A kind is one file and one line of the list in `registry`.

mod gap;
pub mod level;
pub mod linear_ion_drift;
pub mod log_exponential;
pub mod mean_metastable_switch;
pub mod nonlinear_ion_drift;
pub mod pershin;
pub mod piecewise_empirical;
mod pulsed;
pub mod simmons;
pub(in crate::devices) mod spread;
pub mod stanford_rram;
pub mod team;
pub mod threshold_selector;
pub mod vteam;
mod window;
pub mod yakopcic;

use std::io;

use super::assembly::UnknownKind;
use super::constants::CELSIUS_TO_KELVIN;
use super::construct::{COMMON, Construction};
use super::device::{Contribution, Device, Environment, QuantityInfo};
use super::noise::NoiseSource;
use super::page::Page;
use super::parameters::{NamedParameter, Unknowns, has};
use super::series_resistance::SeriesResistance;
use crate::arrays::cells::PowerTerm;
use crate::circuit::Model;
use crate::circuit::element::{Parameter, Value};
use crate::diagnostic::Diagnostic;
use crate::numerics::dual::Dual;
use crate::numerics::scalar::Scalar;
use crate::reference::Status;
use pulsed::Pulsed;

/// A memristor model with one state.
pub trait MemristorModel: Clone + Send + Sync + 'static {
    /// [`limit`](Self::limit) does something.
    const LIMITED: bool = false;

    /// Reads and checks the parameters of model and element; errors go to `card`.
    fn read(card: &mut Card) -> Option<Self>;

    /// Initial state, as unknown.
    fn start(&self) -> f64;

    /// The published state x of the unknown `s`.
    fn published<S: Scalar>(&self, s: S) -> S;

    /// Current in A at voltage `v`.
    fn current<S: Scalar>(&self, v: S, s: S) -> S;

    /// ds/dt.
    fn rate<S: Scalar>(&self, v: S, s: S, current: S) -> S;

    /// The state at which to linearise instead of at `s`, which may be far beyond its bounds; `previous` is where it was last.
    fn limit(&self, s: f64, _previous: f64) -> f64 {
        s
    }

    /// Devices of one card differ from each other.
    fn varies(&self) -> bool {
        false
    }

    /// The current in state `s` as a sum of power laws, if it is one.
    fn power_terms(&self, _s: f64) -> Option<[PowerTerm; 2]> {
        None
    }

    /// Resistance in series with the part that these equations describe, Ω; 0 for none.
    fn series_resistance(&self) -> f64 {
        0.0
    }

    /// The voltage in V above which |v| is a pulse, for models whose rates differ from pulse to pulse.
    fn pulse_gate(&self) -> Option<f64> {
        None
    }

    /// Factor on the rates during pulse number `pulse`.
    fn pulse_factor(&self, _pulse: u64) -> f64 {
        1.0
    }

    /// ds/dt while all driven rates are multiplied by `factor`; asked only of models with a [`pulse_gate`](Self::pulse_gate).
    fn pulsed_rate<S: Scalar>(&self, v: S, s: S, _factor: f64) -> S {
        let current = self.current(v, s);
        self.rate(v, s, current)
    }
}

/// The card of a memristor while it is read.
pub struct Card<'a, 'b> {
    construction: &'a mut Construction<'b>,
    model: &'b Model,
    /// Flat name of the device.
    name: String,
    /// The model's parameters, then the element's; the last of equal names wins.
    parameters: Vec<Parameter>,
    owner: String,
}

/// Parameters that belong to every memristor, beside those of all elements.
pub const CARD: &[NamedParameter] =
    &[NamedParameter::new(&["vread"], "V", "0.1", "Voltage at which conductances are stated and shown")];

/// Names and numbers of windows.
pub const WINDOW: NamedParameter = NamedParameter::new(
    &["window"],
    "",
    "joglekar; none (team, vteam)",
    "Window at the bounds: `none`, `joglekar`, `biolek`, `prodromakis`, `zha`, or their numbers 0 to 4",
);

/// The manual's page of a memristor with one state.
pub const fn page<M: MemristorModel>(file: &'static str, title: &'static str) -> Page {
    Page {
        element: CARD,
        quantities: <Memristor<M> as Device<3>>::QUANTITIES,
        noise: &[("thermal", "4kT·∂i/∂v, in the present state"), ("rs", "4kT/rs, of models with a series resistance")],
        status: Status::OnlyHere,
        ..Page::new(file, title, "N1 n+ n- MODEL [x0=…] [parameter of the model=…]")
    }
}

impl<'a, 'b> Card<'a, 'b> {
    /// The card of the device called `name`, of a model that is not the element's own: of a cell of an array.
    pub fn of_cell(
        construction: &'a mut Construction<'b>,
        model: &'b Model,
        name: String,
        parameters: Vec<Parameter>,
    ) -> Self {
        let parameters = model.parameters.iter().cloned().chain(parameters).collect();
        let owner = format!("model `{}`", model.name);
        Card { construction, model, name, parameters, owner }
    }

    /// The parameters without those that every memristor has, for `read` of a parameter table.
    pub fn own_parameters(&self) -> Vec<Parameter> {
        self.parameters.iter().filter(|parameter| !is_common(&parameter.name)).cloned().collect()
    }

    pub fn owner(&self) -> &str {
        &self.owner
    }

    /// The word that a parameter is set to, in lower case.
    pub fn word(&self, name: &str) -> Option<String> {
        let parameter = self.parameters.iter().rev().find(|parameter| &*parameter.name == name)?;
        match &parameter.value {
            Value::Word(word) => Some(word.to_lowercase()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }

    /// The device's flat name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Voltage in V at which conductances are stated.
    pub fn read_voltage(&self) -> f64 {
        self.number("vread").unwrap_or(0.1)
    }

    /// The numbers of `name=[a b …]`, or of `name=a`; None after an error.
    pub fn list(&mut self, name: &str, default: f64) -> Option<Vec<f64>> {
        let numbers: Option<Vec<f64>> = match self.parameter(name).map(|parameter| &parameter.value) {
            None => Some(vec![default]),
            Some(Value::Number(number)) => Some(vec![*number]),
            Some(Value::List(items)) => items.iter().map(|item| item.item.number()).collect(),
            Some(_) => None,
        };
        let numbers = numbers.filter(|numbers| !numbers.is_empty());
        if numbers.is_none() {
            self.error(name, "must be a number or a list of numbers, as in [1 2]");
        }
        numbers
    }

    pub fn diagnostics(&mut self) -> &mut Vec<Diagnostic> {
        self.construction.diagnostics
    }

    /// An error about the parameter `name`, however its underscores are written.
    pub fn error(&mut self, name: &str, message: &str) {
        let plain = name.replace('_', "");
        let parameter = self.parameters.iter().rev().find(|parameter| parameter.name.replace('_', "") == plain);
        let span = parameter.map_or(self.model.span, |parameter| parameter.span);
        let message = format!("`{name}` of {} {message}", self.owner);
        self.construction.diagnostics.push(Diagnostic::error(message).at(span));
    }

    /// Parameters of other simulators' cards that mean nothing here are taken off.
    pub fn remove(&mut self, others: &[NamedParameter]) {
        self.parameters.retain(|parameter| !has(others, &parameter.name));
    }

    /// The last parameter called `name`.
    pub fn parameter(&self, name: &str) -> Option<&Parameter> {
        self.parameters.iter().rev().find(|parameter| &*parameter.name == name)
    }

    /// The value of the parameter `name`, if it is a number.
    pub fn number(&self, name: &str) -> Option<f64> {
        self.parameter(name)?.value.number()
    }

    /// Sets a parameter that neither model nor element gives.
    pub fn default(&mut self, name: &str, value: f64) {
        let parameter = Parameter { name: name.into(), value: Value::Number(value), span: self.model.span };
        self.parameters.insert(0, parameter);
    }

    /// Calls the parameter `from` by another name.
    pub fn rename(&mut self, from: &str, to: &str) {
        self.parameters.iter_mut().filter(|parameter| &*parameter.name == from).for_each(|p| p.name = to.into());
    }

    /// Puts `new` where the parameter `name` is `old`.
    pub fn replace_word(&mut self, name: &str, old: &str, new: &str) {
        if self.word(name).as_deref() == Some(old) {
            self.set_value(name, Value::Word(new.into()));
        }
    }

    /// Replaces the value of the parameter `name`.
    pub fn set(&mut self, name: &str, value: f64) {
        self.set_value(name, Value::Number(value));
    }

    fn set_value(&mut self, name: &str, value: Value) {
        if let Some(parameter) = self.parameters.iter_mut().rev().find(|parameter| &*parameter.name == name) {
            parameter.value = value;
        }
    }

    /// The text of `file`, as named where the parameter `name`, or else the model, stands.
    pub fn read_text(&self, name: &str, file: &str) -> io::Result<String> {
        let span = self.parameter(name).map_or(self.model.span, |parameter| parameter.span);
        let sources = &self.construction.circuit.sources;
        sources.read_text(&sources.beside(span.file, file))
    }

    /// Adds a remark about the parameter `name`.
    pub fn warn(&mut self, name: &str, message: &str) {
        let span = self.parameter(name).map_or(self.model.span, |parameter| parameter.span);
        let message = format!("`{name}` of {} {message}", self.owner);
        self.construction.diagnostics.push(Diagnostic::warning(message).at(span));
    }

    /// Temperature of the element, K.
    pub fn temperature(&self) -> f64 {
        self.construction.temperature() + CELSIUS_TO_KELVIN
    }

    /// Requires `value` to be positive.
    pub fn positive(&mut self, name: &str, value: f64) {
        if value.is_nan() || value <= 0.0 {
            self.error(name, "must be positive");
        }
    }

    /// Requires `value` not to be negative.
    pub fn not_negative(&mut self, name: &str, value: f64) {
        if value.is_nan() || value < 0.0 {
            self.error(name, "must not be negative");
        }
    }

    /// Requires `value` to lie within `low..=high`.
    pub fn within(&mut self, name: &str, value: f64, low: f64, high: f64) {
        if !(low..=high).contains(&value) {
            self.error(name, &format!("must lie between {low} and {high}"));
        }
    }

    /// Reads a table; words (windows and the like) are left out.
    pub fn numbers(&mut self, words: &[NamedParameter]) -> Vec<Parameter> {
        self.own_parameters().into_iter().filter(|parameter| !has(words, &parameter.name)).collect()
    }
}

/// Whether every memristor has the parameter `name`.
fn is_common(name: &str) -> bool {
    has(CARD, name) || has(COMMON, name)
}

/// What the constructors of all memristors read: the model, devices in parallel, and the read voltage.
pub struct Common<M> {
    pub model: M,
    pub multiplier: f64,
    /// Voltage at which the conductance is shown, V.
    pub read_voltage: f64,
    /// Temperature of the surroundings, K.
    pub temperature: f64,
}

/// Reads model and element with `read`; `None` after an error.
pub fn read_with<M>(c: &mut Construction, read: impl FnOnce(&mut Card) -> Option<M>) -> Option<Common<M>> {
    let model = c.model()?;
    if c.element.nodes.len() != 2 {
        let message = format!("a memristor has two terminals, `{}` has {}", c.element.name, c.element.nodes.len());
        c.error(Diagnostic::error(message).at(c.element.span));
        return None;
    }
    let parameters: Vec<Parameter> = model.parameters.iter().chain(c.element.parameters.iter()).cloned().collect();
    let errors = c.diagnostics.len();
    let owner = format!("memristor `{}`", c.element.name);
    let element_multiplier = c.element.multiplier;
    let name = c.element.name.to_string();
    let mut card = Card { construction: c, model, name, parameters, owner };
    let read_voltage = card.read_voltage();
    let temperature = card.temperature();
    let own_multiplier = card.number("m").unwrap_or(1.0);
    // An element's own `m` is checked for all devices alike.
    if card.construction.element.parameter("m").is_none() {
        card.positive("m", own_multiplier);
    }
    if read_voltage == 0.0 {
        card.error("vread", "must not be 0");
    }
    let read = read(&mut card);
    if c.diagnostics[errors..].iter().any(Diagnostic::is_error) {
        return None;
    }
    Some(Common { model: read?, multiplier: element_multiplier * own_multiplier, read_voltage, temperature })
}

/// Constructor of memristors of model `M`.
pub fn construct<M: MemristorModel>(mut c: Construction) {
    if let Some(common) = read_with(&mut c, M::read) {
        add(&mut c, common);
    }
}

/// Adds a memristor, its state, and the resistor in series with it if there is one.
pub fn add<M: MemristorModel>(c: &mut Construction, common: Common<M>) {
    let Common { model, multiplier, read_voltage, temperature } = common;
    let mut terminals = [c.terminal(0), c.terminal(1)];
    let resistance = model.series_resistance();
    if resistance > 0.0 {
        let inner = c.assembly.internal_node(c.id, "inner");
        let series = SeriesResistance { conductance: multiplier / resistance, name: "rs", temperature };
        c.assembly.add_auxiliary(c.id, series, [terminals[0], inner]);
        terminals[0] = inner;
    }
    let state = c.assembly.state(c.id, "s", 1.0, model.start());
    if c.assembly.observed.contains(&(c.id, "x".into())) {
        let x = c.assembly.auxiliary(c.id, "x", UnknownKind::Current);
        c.assembly.add_auxiliary(c.id, Published { model: model.clone() }, [state, x]);
    }
    let gate = model.pulse_gate();
    let memristor = Memristor { model, multiplier, read_voltage, temperature };
    match gate {
        Some(gate) => {
            let edges = c.assembly.discrete(c.id, "edges", 0.0);
            c.assembly.add(c.id, Pulsed { memristor, gate }, [terminals[0], terminals[1], state, edges]);
        }
        None => c.assembly.add(c.id, memristor, [terminals[0], terminals[1], state]),
    }
}

/// sinh, continued by a tangent beyond ±80 so that it cannot overflow.
fn sinh_limited<S: Scalar>(x: S) -> S {
    if x.value().abs() <= 80.0 {
        x.sinh()
    } else if x.value() > 0.0 {
        x.exp_limited(80.0) * 0.5
    } else {
        (-x).exp_limited(80.0) * -0.5
    }
}

/// The published state as an unknown, for expressions: x − published(s) = 0; unknowns: s, x.
struct Published<M> {
    model: M,
}

impl<M: MemristorModel> Device<2> for Published<M> {
    fn equations<S: Scalar>(&self, &[s, x]: &[S; 2], _environment: &Environment) -> Contribution<S, 2> {
        Contribution::resistive([S::zero(), x - self.model.published(s)])
    }

    fn stores(&self) -> [bool; 2] {
        [false; 2]
    }
}

/// A memristor; unknowns: terminals and state.
pub struct Memristor<M> {
    model: M,
    multiplier: f64,
    /// Voltage at which the conductance is shown, V.
    read_voltage: f64,
    /// K, of the thermal noise.
    temperature: f64,
}

impl<M: MemristorModel> Memristor<M> {
    /// Thermal noise of the small-signal conductance ∂i/∂v in the present state: what is known of any memristor's noise.
    pub fn thermal_noise(&self, v: f64, s: f64) -> NoiseSource {
        let current = self.model.current(Dual::<1>::variable(v, 0), Dual::from(s));
        NoiseSource::thermal("thermal", [0, 1], current.gradient[0] * self.multiplier, self.temperature)
    }
}

impl<M: MemristorModel> Device<3> for Memristor<M> {
    const LIMITED: bool = M::LIMITED;
    const NOISY: bool = true;
    const QUANTITIES: &'static [QuantityInfo] = &[
        QuantityInfo { name: "x", unit: "", description: "State, as published" },
        QuantityInfo { name: "g", unit: "S", description: "Conductance at the read voltage" },
        QuantityInfo { name: "i", unit: "A", description: "Current" },
        QuantityInfo { name: "v", unit: "V", description: "Voltage" },
        QuantityInfo { name: "p", unit: "W", description: "Power" },
        QuantityInfo { name: "r", unit: "Ω", description: "Resistance at the read voltage" },
        QuantityInfo { name: "rate", unit: "1/s", description: "Rate of the state unknown" },
    ];

    fn equations<S: Scalar>(&self, &[p, n, s]: &[S; 3], _environment: &Environment) -> Contribution<S, 3> {
        let v = p - n;
        let single = self.model.current(v, s);
        let rate = self.model.rate(v, s, single);
        let current = single * self.multiplier;
        Contribution { f: [current, -current, -rate], q: [S::zero(), S::zero(), s] }
    }

    fn limit(&self, &[p, n, s]: &[f64; 3], previous: &[f64; 3], _environment: &Environment) -> [f64; 3] {
        [p, n, self.model.limit(s, previous[2])]
    }

    fn start(&self) -> [f64; 3] {
        [0.0, 0.0, self.model.start()]
    }

    fn stores(&self) -> [bool; 3] {
        [false, false, true]
    }

    fn has_initial(&self) -> bool {
        true
    }

    fn initial(&self, x: &mut [f64; 3]) {
        x[2] = self.model.start();
    }

    fn noise(&self, &[p, n, s]: &[f64; 3], _environment: &Environment, visit: &mut dyn FnMut(NoiseSource)) {
        visit(self.thermal_noise(p - n, s));
    }

    fn quantity(&self, index: usize, &[p, n, s]: &[f64; 3], _environment: &Environment) -> f64 {
        let v = p - n;
        let single = self.model.current(v, s);
        let conductance = self.multiplier * self.model.current(self.read_voltage, s) / self.read_voltage;
        match index {
            0 => self.model.published(s),
            1 => conductance,
            2 => single * self.multiplier,
            3 => v,
            4 => v * single * self.multiplier,
            5 => 1.0 / conductance,
            _ => self.model.rate(v, s, single),
        }
    }
}

/// How unknown parameters of memristor cards are treated: they are ours, so a slip is an error.
pub const UNKNOWNS: Unknowns = Unknowns::Reject;

//! The card of an array while it is read: its model's parameters, then its own; the last of equal names wins.

use std::path::PathBuf;

use crate::circuit::element::{Parameter, Value};
use crate::circuit::{Circuit, Model};
use crate::devices::construct::{COMMON, Construction};
use crate::devices::parameters::{NamedParameter, has};
use crate::diagnostic::{Diagnostic, Span};
use crate::parameters;

parameters! {
    /// What is a number on a crossbar's model or card.
    pub struct Parameters {
        word_segment: ["rw"], "Ω", 0.0, "Resistance of a word line from one cell to the next";
        bit_segment: ["rb"], "Ω", 0.0, "Resistance of a bit line from one cell to the next";
        driver: ["rdriver"], "Ω", 0.0, "Resistance between the port and the first segment of a word line";
        sense: ["rsense"], "Ω", 0.0, "Resistance between the last segment and the port of a bit line";
        word_capacitance: ["cw"], "F", 0.0, "Capacitance to ground of a word line at each cell";
        bit_capacitance: ["cb"], "F", 0.0, "Capacitance to ground of a bit line at each cell";
        both_ends: ["both_ends"], "", 0.0, "1: ports of word lines are connected to both ends, after the last cell through one more segment";
        cell_series: ["cell_rs"], "Ω", 0.0, "Resistance in series with the memristors of a cell";
        read_voltage: ["vread"], "V", 0.1, "Voltage at which conductances are stated";
        seed: ["seed"], "", 1.0, "Seed of random values, spread and faults";
        spread: ["sigma_g"], "", 0.0, "Relative standard deviation of linear cells; memristors have their model's";
        stuck_low: ["stuck_low"], "", 0.0, "Share of cells stuck at low conductance";
        stuck_high: ["stuck_high"], "", 0.0, "Share of cells stuck at high conductance";
        low: ["g_low"], "S", f64::NAN, "Conductance of cells stuck low (memristors: state 0)";
        high: ["g_high"], "S", f64::NAN, "Conductance of cells stuck high (memristors: state 1)";
        range_low: ["g_min"], "S", f64::NAN, "Conductance of weight 0 (default: 0; memristors: the least that all cells can have)";
        range_high: ["g_max"], "S", f64::NAN, "Conductance of the largest weight (memristors: the largest that all cells can have)";
        weight_max: ["w_max"], "", f64::NAN, "Largest weight; the largest there is, unless given";
        width: ["w"], "m", f64::NAN, "Channel width of the transistors";
        length: ["l"], "m", f64::NAN, "Channel length of the transistors";
    }
}

/// Parameters that are not numbers, or not always.
pub const WORDS: &[NamedParameter] = &[
    NamedParameter::new(&["cell"], "", "linear", "`linear`, a memristor model, or several in parallel: `[m1 m2]`"),
    NamedParameter::new(
        &["selector"],
        "",
        "",
        "Model of kind `threshold_selector`, in series with the memristors (1S1R)",
    ),
    NamedParameter::new(
        &["transistor"],
        "",
        "",
        "NMOS or PMOS model, level 1, between a cell and its bit line (1T1R); the card gets gate lines, one for each row, and the bulk (ground if missing)",
    ),
    NamedParameter::new(
        &["solver"],
        "",
        "auto",
        "`flattened`: every node is an unknown of the circuit; `reduced`: linear cells become the conductance matrix between the ports; `relaxation`: the inside is found for each set of port voltages",
    ),
    NamedParameter::new(&["g"], "S", "", "Conductances of linear cells"),
    NamedParameter::new(&["x0"], "", "of the model", "Initial states of memristors, as published"),
    NamedParameter::new(&["g0"], "S", "", "Initial conductances of memristors at `vread`, in place of `x0`"),
    NamedParameter::new(
        &["weights"],
        "",
        "",
        "Weights in place of conductances: a row for each word line, a column for each pair of bit lines. Bit line 2j gets G = g_min + |W|·(g_max − g_min)/w_max for W > 0 and bit line 2j + 1 for W < 0, the other one g_min",
    ),
    NamedParameter::new(
        &["faults"],
        "",
        "",
        "File of stuck cells: `row,column,low` (or `high`, `open`, a conductance), one a line",
    ),
];

/// The card of an array.
pub struct CrossbarCard<'b> {
    pub model: &'b Model,
    /// The array's flat name.
    pub name: String,
    parameters: Vec<Parameter>,
    span: Span,
}

impl<'b> CrossbarCard<'b> {
    pub fn new(c: &mut Construction<'b>) -> Option<Self> {
        let model = c.model()?;
        let parameters = model.parameters.iter().chain(c.element.parameters.iter()).cloned().collect();
        Some(CrossbarCard { model, name: c.element.name.to_string(), parameters, span: c.element.span })
    }

    /// The numbers, checked; none after an error.
    pub fn numbers(&self, c: &mut Construction) -> Option<Parameters> {
        let errors = c.diagnostics.len();
        let other = |parameter: &&Parameter| !has(WORDS, &parameter.name) && !has(COMMON, &parameter.name);
        let own: Vec<Parameter> = self.parameters.iter().filter(other).cloned().collect();
        let owner = format!("crossbar `{}`", self.name);
        let p = Parameters::read(&own, crate::devices::parameters::Unknowns::Reject, &owner, c.diagnostics);
        let not_negative = [
            ("rw", p.word_segment),
            ("rb", p.bit_segment),
            ("rdriver", p.driver),
            ("rsense", p.sense),
            ("cw", p.word_capacitance),
            ("cb", p.bit_capacitance),
            ("cell_rs", p.cell_series),
            ("sigma_g", p.spread),
        ];
        for (name, value) in not_negative {
            self.demand(c, name, value >= 0.0 && value.is_finite(), "must be finite and not negative");
        }
        let share = |value: f64| (0.0..=1.0).contains(&value);
        self.demand(c, "stuck_low", share(p.stuck_low), "must lie between 0 and 1");
        self.demand(c, "stuck_high", share(p.stuck_high), "must lie between 0 and 1");
        self.demand(c, "stuck_high", p.stuck_low + p.stuck_high <= 1.0, "and `stuck_low` add up to more than 1");
        self.demand(c, "both_ends", p.both_ends == 0.0 || p.both_ends == 1.0, "must be 0 or 1");
        self.demand(c, "vread", p.read_voltage != 0.0, "must not be 0");
        self.demand(c, "seed", p.seed >= 0.0 && p.seed.fract() == 0.0, "must be a whole number from 0 on");
        self.demand(c, "w_max", self.parameter("w_max").is_none() || p.weight_max > 0.0, "must be positive");
        for (name, value) in [("g_low", p.low), ("g_high", p.high)] {
            self.demand(c, name, self.parameter(name).is_none() || value >= 0.0, "must not be negative");
        }
        (!c.diagnostics[errors..].iter().any(Diagnostic::is_error)).then_some(p)
    }

    fn demand(&self, c: &mut Construction, name: &str, holds: bool, demand: &str) {
        if !holds {
            c.error(self.error(name, demand));
        }
    }

    /// The last parameter called `name`.
    pub fn parameter(&self, name: &str) -> Option<&Parameter> {
        self.parameters.iter().rev().find(|parameter| &*parameter.name == name)
    }

    /// The later of two parameters that stand for the same.
    pub fn later(&self, names: &[&str]) -> Option<&Parameter> {
        self.parameters.iter().rev().find(|parameter| names.contains(&&*parameter.name))
    }

    /// Where `name` stands, or the whole card.
    pub fn span_of(&self, name: &str) -> Span {
        self.parameter(name).map_or(self.span, |parameter| parameter.span)
    }

    pub fn error(&self, name: &str, message: &str) -> Diagnostic {
        Diagnostic::error(format!("`{name}` of crossbar `{}` {message}", self.name)).at(self.span_of(name))
    }

    /// The word that `name` is set to.
    pub fn word(&self, name: &str) -> Result<Option<&str>, Diagnostic> {
        match self.parameter(name).map(|parameter| &parameter.value) {
            None => Ok(None),
            Some(Value::Word(word)) => Ok(Some(word)),
            Some(_) => Err(self.error(name, "must be a name")),
        }
    }

    /// The words that `name` is set to: one, or a list.
    pub fn words(&self, name: &str) -> Result<Vec<&str>, Diagnostic> {
        let Some(Value::List(items)) = self.parameter(name).map(|parameter| &parameter.value) else {
            return Ok(self.word(name)?.into_iter().collect());
        };
        let word = |value: &'_ Value| if let Value::Word(word) = value { Some(word.clone()) } else { None };
        if items.is_empty() || items.iter().any(|item| word(&item.item).is_none()) {
            return Err(self.error(name, "must be names, as in [m1 m2]"));
        }
        Ok(items
            .iter()
            .filter_map(|item| if let Value::Word(word) = &item.item { Some(&**word) } else { None })
            .collect())
    }

    /// The file that `name` refers to, seen from the file in which `name` stands.
    pub fn path(&self, circuit: &Circuit, name: &str, file: &str) -> PathBuf {
        circuit.sources.beside(self.span_of(name).file, file)
    }

    /// The model that `name` refers to by `word`: beside the array's own model, or at the top.
    pub fn find_model(&self, circuit: &'b Circuit, name: &str, word: &str) -> Result<&'b Model, Diagnostic> {
        let mut prefix = self.model.name.rsplit_once(':').map_or("", |(prefix, _)| prefix);
        let find = |name: &str| circuit.models.iter().find(|model| &*model.name == name);
        loop {
            let full = if prefix.is_empty() { word.to_string() } else { format!("{prefix}:{word}") };
            if let Some(model) = find(&full) {
                return Ok(model);
            }
            if prefix.is_empty() {
                break;
            }
            prefix = prefix.rsplit_once('.').map_or("", |(outer, _)| outer);
        }
        let known = circuit.models.iter().map(|model| &*model.name);
        Err(Diagnostic::error(format!("there is no model `{word}`")).at(self.span_of(name)).nearest(word, known))
    }
}

//! What the names in an expression stand for: vectors of a plot, parameters, measures.

use std::sync::Arc;

use faer::c64;
use rustc_hash::FxHashMap;

use super::needed::plain_name;
use super::plot::{Data, Plot};
use super::series::quantity_of_terminal;
use super::value::{Samples, Value};
use crate::circuit::Circuit;
use crate::circuit::constant::named_constant;
use crate::diagnostic::{Diagnostic, Span};
use crate::mna::cell_name;
use crate::mna::vectors::flat_name;
use crate::netlist::card::FunctionCard;
use crate::netlist::dialect::Dialect;

/// A real number from a complex one.
pub type Part = fn(c64) -> f64;

/// Where expressions are evaluated.
pub struct Scope<'a> {
    pub plot: Option<&'a Plot>,
    axis: Option<Arc<[f64]>>,
    circuit: Option<&'a Circuit>,
    parameters: Option<&'a FxHashMap<Arc<str>, f64>>,
    /// Circuit temperature, °C.
    temperature: f64,
    /// `.func` cards.
    functions: &'a [FunctionCard],
    /// Arguments of the function whose body is evaluated.
    arguments: Vec<(Arc<str>, Value)>,
    /// Functions within each other.
    depth: usize,
    /// Xyce's `onoise` and `inoise` are in V²/Hz, everybody else's in V/√Hz.
    squared_noise: bool,
    /// Results of `.measure` cards; an error says why one failed.
    pub measures: &'a [(Arc<str>, Result<f64, String>)],
}

impl<'a> Scope<'a> {
    /// The vectors of `plot` alone.
    pub fn of_plot(plot: &'a Plot) -> Self {
        Scope {
            plot: Some(plot),
            axis: axis_of(plot),
            circuit: None,
            parameters: None,
            temperature: f64::NAN,
            functions: &[],
            arguments: Vec::new(),
            depth: 0,
            squared_noise: false,
            measures: &[],
        }
    }

    /// The vectors of `plot` (if any), the parameters of `circuit`, and `measures`.
    pub fn new(plot: Option<&'a Plot>, circuit: &'a Circuit, measures: &'a [(Arc<str>, Result<f64, String>)]) -> Self {
        let temperature = circuit.options.temp;
        Scope {
            plot,
            axis: plot.and_then(axis_of),
            circuit: Some(circuit),
            parameters: Some(&circuit.parameters),
            temperature,
            functions: &circuit.functions,
            arguments: Vec::new(),
            depth: 0,
            squared_noise: circuit.dialect == Dialect::Xyce,
            measures,
        }
    }

    /// The `.func` card called `name`.
    pub fn function(&self, name: &str) -> Option<&'a FunctionCard> {
        self.functions.iter().rev().find(|function| *function.name.text == *name)
    }

    /// The scope of the body of `function`, called with `values`.
    ///
    /// # Errors
    /// The number of values is another one, or functions call each other without end.
    pub fn within(&self, function: &FunctionCard, values: Vec<Value>, span: Span) -> Result<Scope<'a>, Diagnostic> {
        const DEEPEST: usize = 64;
        let (name, wanted) = (&function.name.text, function.arguments.len());
        if values.len() != wanted {
            let message = format!("`{name}` takes {wanted} arguments, not {}", values.len());
            return Err(Diagnostic::error(message).at(span).label(function.name.span, "defined here"));
        }
        if self.depth == DEEPEST {
            return Err(Diagnostic::error(format!("`{name}` calls itself without end")).at(span));
        }
        let arguments = function.arguments.iter().cloned().zip(values).collect();
        Ok(Scope {
            plot: self.plot,
            axis: self.axis.clone(),
            circuit: self.circuit,
            parameters: self.parameters,
            temperature: self.temperature,
            functions: self.functions,
            arguments,
            depth: self.depth + 1,
            squared_noise: self.squared_noise,
            measures: self.measures,
        })
    }

    /// Values of the axis, if the plot has one.
    pub fn axis(&self) -> Option<&Arc<[f64]>> {
        self.axis.as_ref()
    }

    /// What a bare name stands for: the axis, a measure, a vector, a parameter, a node's voltage, a constant.
    pub fn name(&self, name: &str, span: Span) -> Result<Value, Diagnostic> {
        if let Some((_, value)) = self.arguments.iter().find(|(other, _)| &**other == name) {
            return Ok(value.clone());
        }
        if self.is_axis(name)
            && let Some(axis) = &self.axis
        {
            return Ok(Value::real_series(axis.clone(), axis.to_vec()));
        }
        if let Some((_, outcome)) = self.measures.iter().find(|(other, _)| &**other == name) {
            return outcome
                .as_ref()
                .map(|&value| Value::number(value))
                .map_err(|reason| Diagnostic::error(format!("the measure `{name}` failed: {reason}")).at(span));
        }
        if let Some(value) = self.noise(name) {
            return Ok(value);
        }
        let node = || match name.strip_suffix("#branch") {
            Some(source) => self.column(&format!("i({source})")),
            None => self.column(&format!("v({name})")),
        };
        let parameter = || self.parameters?.get(name).map(|&value| Value::number(value));
        let constant = || match name {
            "temper" | "temp" if !self.temperature.is_nan() => Some(Value::number(self.temperature)),
            _ => named_constant(name).map(Value::number),
        };
        let found = self.column(name).or_else(parameter).or_else(node).or_else(constant);
        found.ok_or_else(|| self.undefined(name, span))
    }

    /// `v(a)`, `vdb(out)`, `@dev[p]`, …
    pub fn probe(&self, kind: &str, arguments: &[Arc<str>], span: Span) -> Result<Value, Diagnostic> {
        let text = probe_text(kind, arguments);
        if let Some(value) = self.column(&text) {
            return Ok(value);
        }
        if arguments.iter().any(|argument| argument.contains(':')) {
            let plain: Vec<Arc<str>> = arguments.iter().map(|argument| plain_name(argument).into()).collect();
            return self.probe(kind, &plain, span);
        }
        if let ("v", [a, b]) = (kind, arguments) {
            let (a, b) = (self.node(a, span)?, self.node(b, span)?);
            return Ok(difference(&a, &b));
        }
        if let ("v", [node]) = (kind, arguments) {
            // In LTspice's noise a device's name stands for what it adds, as in `v(r1)`.
            let part = || self.part_of_noise("dno", arguments);
            return self.noise(node).or_else(part).map_or_else(|| self.node(node, span), Ok);
        }
        if let ("dno" | "dni", Some(value)) = (kind, self.part_of_noise(kind, arguments)) {
            return Ok(value);
        }
        // An element inside of subcircuits, by its path.
        if let [path] = arguments
            && let Some(flat) = flat_name(path)
            && self.column(&probe_text(kind, &[flat.as_str().into()])).is_some()
        {
            return self.probe(kind, &[flat.into()], span);
        }
        if let ("n", [name]) = (kind, arguments) {
            return match name.strip_suffix("_branch") {
                Some(device) => self.probe("i", &[device.into()], span),
                None => self.node(name, span),
            };
        }
        if let Some(quantity) = quantity_of_terminal(kind)
            && let [device] = arguments
            && let Ok(value) = self.probe("@", &[device.clone(), quantity.into()], span)
        {
            return Ok(value);
        }
        if let ("i", [device]) = (kind, arguments)
            && let Some(value) =
                self.column(&format!("@{device}[i]")).or_else(|| self.column(&format!("{device}#branch")))
        {
            return Ok(value);
        }
        if let Some((base, part)) = split_part(kind)
            && let Ok(value) = self.probe(base, arguments, span)
        {
            return Ok(value.to_real(part));
        }
        if let ("@", [device, quantity]) = (kind, arguments)
            && let Some(value) = cell_name(device, quantity).and_then(|name| self.column(&name))
        {
            return Ok(value);
        }
        if let ("@", [device, quantity]) = (kind, arguments)
            && let Some(value) = self.column(&format!("{quantity}({device})"))
        {
            return Ok(value);
        }
        if let ("@", [device, name]) = (kind, arguments)
            && let Some(number) = self.circuit.and_then(|circuit| number_of_card(circuit, device, name))
        {
            return Ok(Value::number(number));
        }
        Err(self.undefined(&text, span))
    }

    /// `onoise` and `inoise` where the plot is one of spectra of noise.
    fn noise(&self, name: &str) -> Option<Value> {
        let column = match name {
            "onoise" => "onoise_spectrum",
            "inoise" => "inoise_spectrum",
            _ => return None,
        };
        let value = self.column(column)?;
        Some(if self.squared_noise { value.to_real(|value| value.re * value.re) } else { value })
    }

    /// `dno(r1)`, `dno(q1,rb)`, `dni(…)`: what a device, or one of its sources, adds to the noise at output or input (Xyce).
    fn part_of_noise(&self, kind: &str, of: &[Arc<str>]) -> Option<Value> {
        let part = self.column(&format!("onoise_{}", of.join("_")))?.real();
        let (output, input) = (self.column("onoise_spectrum")?, self.column("inoise_spectrum")?);
        let (output, input) = (output.real(), input.real());
        let at = |index: usize| {
            let share = if kind == "dni" { part[index] * input[index] / output[index] } else { part[index] };
            if self.squared_noise { share * share } else { share }
        };
        Some(Value::real_series(self.axis.clone()?, (0..part.len()).map(at).collect()))
    }

    fn node(&self, node: &str, span: Span) -> Result<Value, Diagnostic> {
        if matches!(node, "0" | "gnd") {
            return Ok(Value::number(0.0));
        }
        let text = format!("v({node})");
        // Raw files of other programs may name nodes without the `v( )`.
        self.column(&text).or_else(|| self.column(node)).ok_or_else(|| self.undefined(&text, span))
    }

    fn is_axis(&self, name: &str) -> bool {
        let Some(first) = self.plot.and_then(|plot| plot.header.columns.first()) else { return false };
        let first = first.name.to_ascii_lowercase();
        let bare = first.strip_prefix("v(").or(first.strip_prefix("i(")).and_then(|rest| rest.strip_suffix(')'));
        first == name || bare == Some(name) || name == "sweep" || (name == "freq" && first == "frequency")
    }

    /// The vector with just this name.
    pub fn column(&self, name: &str) -> Option<Value> {
        let plot = self.plot?;
        let index = plot.column(name)?;
        let samples = match &plot.data {
            Data::Real(columns) => Samples::Real(columns[index].clone()),
            Data::Complex(columns) => Samples::Complex(columns[index].clone()),
        };
        match &self.axis {
            Some(axis) => Some(Value { axis: Some(axis.clone()), samples }),
            None => {
                let value = match samples {
                    Samples::Real(values) => Samples::Real(vec![*values.first()?]),
                    Samples::Complex(values) => Samples::Complex(vec![*values.first()?]),
                };
                Some(Value { axis: None, samples: value })
            }
        }
    }

    fn undefined(&self, name: &str, span: Span) -> Diagnostic {
        let error = Diagnostic::error(format!("there is no vector, parameter or measure `{name}`")).at(span);
        let columns = self.plot.map(|plot| plot.header.columns.as_slice()).unwrap_or_default();
        let parameters = self.parameters.into_iter().flat_map(|parameters| parameters.keys());
        let mut names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        names.extend(parameters.map(|name| &**name));
        names.extend(self.measures.iter().map(|(name, _)| &**name));
        names.sort_unstable();
        error.nearest(name, names)
    }
}

/// A number that stands on the card of `device`: `w` of a transistor, or by the card's letter its value; of what every card may have
/// also what it is without.
pub fn number_of_card(circuit: &Circuit, device: &str, name: &str) -> Option<f64> {
    let known = |name: &str| circuit.element_index.get(name).copied();
    let element = circuit.element(known(device).or_else(|| known(&flat_name(device)?))?);
    let is_value =
        name.as_bytes() == [element.letter] || matches!((element.letter, name), (b'v' | b'i', "dcv0" | "dc"));
    let value = element.values.first().filter(|_| is_value).map(|value| &value.item);
    let written = |name: &str| element.parameter(name).map(|parameter| &parameter.value);
    let number = |value: Option<&crate::circuit::element::Value>| value.and_then(|value| value.number());
    number(written(name).or(value)).or_else(|| match name {
        "m" => Some(1.0),
        "dtemp" => Some(0.0),
        "temp" => Some(circuit.options.temp + number(written("dtemp")).unwrap_or(0.0)),
        _ => None,
    })
}

fn axis_of(plot: &Plot) -> Option<Arc<[f64]>> {
    plot.header.has_axis.then(|| plot.axis().into())
}

/// A probe as written.
pub fn probe_text(kind: &str, arguments: &[Arc<str>]) -> String {
    match (kind, arguments) {
        ("@", [device, quantity]) => format!("@{device}[{quantity}]"),
        _ => format!("{kind}({})", arguments.join(",")),
    }
}

fn difference(a: &Value, b: &Value) -> Value {
    let axis = a.axis.clone().or_else(|| b.axis.clone());
    let count = a.len().max(b.len());
    let at = |value: &Value| {
        let (values, single) = (value.complex(), value.len() == 1);
        move |index: usize| if single { values[0] } else { values[index] }
    };
    if a.is_complex() || b.is_complex() {
        let (a, b) = (at(a), at(b));
        return Value { axis, samples: Samples::Complex((0..count).map(|index| a(index) - b(index)).collect()) };
    }
    let (a, b) = (at(a), at(b));
    Value { axis, samples: Samples::Real((0..count).map(|index| a(index).re - b(index).re).collect()) }
}

/// `vdb` → the probe `v` and what to make of its values. Phases are in radians.
fn split_part(kind: &str) -> Option<(&'static str, Part)> {
    let base = match kind.as_bytes().first()? {
        b'v' => "v",
        b'i' => "i",
        _ => return None,
    };
    Some((base, complex_part(&kind[1..])?))
}

/// What `m`, `p`, `db`, `r` and `i` mean after `v` or `i`, and the functions `mag`, `ph`, `db`, `re`, `im`.
pub fn complex_part(name: &str) -> Option<Part> {
    Some(match name {
        "m" | "mag" | "magnitude" => |value| value.re.hypot(value.im),
        "p" | "ph" | "phase" => |value| value.im.atan2(value.re),
        "db" => |value| 20.0 * value.re.hypot(value.im).log10(),
        "r" | "re" | "real" => |value| value.re,
        "i" | "im" | "imag" => |value| value.im,
        _ => return None,
    })
}

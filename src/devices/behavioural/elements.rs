//! The cards of behavioural elements.

use super::compiler::{Compiler, binary};
use super::group::{Behavioural, Part, QUANTITIES};
use super::polynomial::polynomial;
use super::program::Program;
use crate::circuit::bound::{BinaryOperator, Bound, Function};
use crate::circuit::element::{CallValue, Value};
use crate::devices::assembly::Unknown;
use crate::devices::construct::Construction;
use crate::devices::page::Page;
use crate::devices::parameters::{NamedParameter, Unknowns};
use crate::diagnostic::{Diagnostic, Span};
use crate::head_of_file;

/// What a source's expression is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Output {
    Current,
    Voltage,
}

/// Parameters of a B card.
const CARD: &[NamedParameter] = &[
    NamedParameter::new(&["v"], "V", "", "The voltage, an expression"),
    NamedParameter::new(&["i"], "A", "", "The current, an expression"),
    NamedParameter::new(&["tc1"], "1/K", "0", "First-order temperature coefficient"),
    NamedParameter::new(&["tc2"], "1/K²", "0", "Second-order temperature coefficient"),
    NamedParameter::new(
        &["ic"],
        "",
        "0",
        "Value at the operating point of integrals (`idt`) that have none of their own (LTspice)",
    ),
    NamedParameter::ignored(
        &["window", "nfft", "mtol"],
        "How LTspice computes the answer of `laplace=`, which is exact here",
    ),
    // How large steps may be before LTspice rejects them is for the truncation control here.
    NamedParameter::ignored(&["tripdv"], "Largest voltage step (LTspice)"),
    NamedParameter::ignored(&["tripdt"], "Largest time step (LTspice)"),
    NamedParameter::ignored(&["tc"], "Both temperature coefficients"),
];

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[
        head_of_file!("mod.rs"),
        head_of_file!("polynomial.rs"),
        head_of_file!("laplace.rs"),
        head_of_file!("frequency_table.rs"),
    ],
    element: CARD,
    quantities: QUANTITIES,
    ngspice: &["ASRC"],
    ..Page::new(
        "behavioural",
        "Behavioural sources",
        "B1 n+ n- v={EXPRESSION}\nB1 n+ n- i={EXPRESSION}\nE1 n+ n- value={EXPRESSION}\nE1 n+ n- poly(N) control+ control- … c0 c1 …\nE1 n+ n- table {EXPRESSION} = (x,y) (x,y) …\nE1 n+ n- laplace {INPUT} = {H(s)}\nE1 n+ n- chebyshev {INPUT} = lp|hp|bp|br f1 f2 [f3 f4] ripple attenuation\nE1 n+ n- freq {INPUT} = [mag] [rad] [r_i] (f,dB,degrees) … [delay=…]",
    )
};

/// B: `i=` or `v=`.
pub fn construct_b(mut c: Construction) {
    c.check_parameters(CARD, Unknowns::Warn);
    let found = parameter(&c, "v").map(|found| (Output::Voltage, found));
    let Some((output, (bound, span))) = found.or_else(|| parameter(&c, "i").map(|found| (Output::Current, found)))
    else {
        let message = format!("`{}` has neither `v=` nor `i=`", c.element.name);
        return c.error(Diagnostic::error(message).at(c.element.span).hint("write `B1 a b v={…}` or `i={…}`"));
    };
    let transfer = c.element.values.iter().find_map(|value| match &value.item {
        Value::Call(call) if &*call.function == "laplace" => Some((call, value.span)),
        _ => None,
    });
    match transfer {
        // LTspice: the expression is the input of the transfer function.
        Some((call, span)) => respond(&mut c, output, bound, call, span),
        None => source(&mut c, output, bound, span),
    }
}

/// E, F, G and H with an expression, a table or a polynomial; false if the card has none.
pub fn construct_controlled(c: &mut Construction) -> bool {
    let voltage = matches!(c.element.letter, b'e' | b'h');
    let usual = if voltage { Output::Voltage } else { Output::Current };
    for (name, output) in [("value", usual), ("vol", Output::Voltage), ("cur", Output::Current)] {
        let Some((bound, span)) = parameter(c, name) else { continue };
        source(c, output, bound, span);
        return true;
    }
    let Some(first) = c.value(0) else { return false };
    match &first.item {
        Value::Call(call) if &*call.function == "poly" => {
            if let Some(bound) = poly(c) {
                source(c, usual, bound, first.span);
            }
            true
        }
        Value::Call(call) if &*call.function == "table" => {
            if let Some(bound) = table(c, call, first.span) {
                source(c, usual, bound, first.span);
            }
            true
        }
        Value::Expression(bound) if c.element.letter == b'e' || c.element.letter == b'g' => {
            if c.element.nodes.len() > 2 {
                return false;
            }
            source(c, usual, (**bound).clone(), first.span);
            true
        }
        Value::Word(word) if &**word == "pwl" && c.element.nodes.len() == 4 => {
            let input = difference(c.element.nodes[2], c.element.nodes[3]);
            let points = c.element.values[1..].iter().filter_map(|value| bound(&value.item));
            let table = Bound::Call(Function::Table, std::iter::once(input).chain(points).collect());
            source(c, usual, table, first.span);
            true
        }
        Value::Call(call) if &*call.function == "laplace" => {
            laplace_source(c, usual, call, first.span);
            true
        }
        Value::Call(call) if &*call.function == "freq" => {
            super::frequency_table::construct(c, voltage, call, first.span);
            true
        }
        Value::Word(word) if matches!(&**word, "foster" | "pole") => {
            let message = format!("`{word}` sources are not supported");
            c.error(Diagnostic::error(message).at(first.span).hint("write `laplace {v(in)} = {H(s)}`"));
            true
        }
        _ => false,
    }
}

/// `laplace {input} = {H(s)}`: the input, and lists of the coefficients of numerator and denominator.
fn laplace_source(c: &mut Construction, output: Output, call: &CallValue, span: Span) {
    let Some(input) = call.arguments.first().and_then(|argument| bound(&argument.item)) else {
        return c.error(Diagnostic::error("a transfer function needs an input").at(span));
    };
    respond(c, output, input, call, span);
}

/// The source that answers `input` as the transfer function of `call` says.
fn respond(c: &mut Construction, output: Output, input: Bound, call: &CallValue, span: Span) {
    let coefficients = |index: usize| match call.arguments.get(index).map(|argument| &argument.item) {
        Some(Value::List(items)) => items.iter().filter_map(|item| item.item.number()).collect(),
        _ => Vec::new(),
    };
    let Some(program) = super::laplace::response(c, input, &coefficients(1), &coefficients(2), span) else { return };
    add_source(c, output, program);
}

/// The parameter `name` as an expression, with its span.
fn parameter(c: &Construction, name: &str) -> Option<(Bound, Span)> {
    let parameter = c.element.parameter(name)?;
    Some((bound(&parameter.value)?, parameter.span))
}

fn bound(value: &Value) -> Option<Bound> {
    match value {
        Value::Number(number) => Some(Bound::Number(*number)),
        Value::Expression(bound) => Some((**bound).clone()),
        _ => None,
    }
}

/// E and G with HSPICE's `td=`, `max=` or `min=`; false without them.
pub fn construct_limited(c: &mut Construction, gain: f64) -> bool {
    let (delay, most, least) = (c.parameter("td"), c.parameter("max"), c.parameter("min"));
    if delay.or(most).or(least).is_none() {
        return false;
    }
    let output = if c.element.letter == b'e' { Output::Voltage } else { Output::Current };
    let mut bound = scaled(difference(c.element.nodes[2], c.element.nodes[3]), gain);
    if let Some(delay) = delay {
        bound = Bound::Call(Function::Absdelay, vec![bound, Bound::Number(delay)]);
    }
    for (function, limit) in [(Function::Min, most), (Function::Max, least)] {
        if let Some(limit) = limit {
            bound = Bound::Call(function, vec![bound, Bound::Number(limit)]);
        }
    }
    source(c, output, bound, c.element.span);
    true
}

/// The polynomial of a POLY card: quantities are node pairs after the first two nodes, or the controls' currents.
fn poly(c: &mut Construction) -> Option<Bound> {
    let mut coefficients = Vec::new();
    for value in &c.element.values[1..] {
        match value.item {
            Value::Number(number) => coefficients.push(number),
            _ => {
                c.error(Diagnostic::error("a coefficient of a polynomial must be a number").at(value.span));
                return None;
            }
        }
    }
    let quantities: Vec<Bound> = match c.element.letter {
        b'f' | b'h' => c.element.controls.iter().map(|&element| Bound::Current(element)).collect(),
        _ => c.element.nodes[2..].chunks_exact(2).map(|pair| difference(pair[0], pair[1])).collect(),
    };
    Some(polynomial(&quantities, &coefficients))
}

fn difference(p: crate::circuit::NodeId, n: crate::circuit::NodeId) -> Bound {
    binary(BinaryOperator::Subtract, Bound::Node(p), Bound::Node(n))
}

/// `table {expression} = (x,y) (x,y) …`
fn table(c: &mut Construction, call: &CallValue, span: Span) -> Option<Bound> {
    let mut arguments = Vec::with_capacity(call.arguments.len());
    for argument in &call.arguments {
        match bound(&argument.item) {
            Some(bound) => arguments.push(bound),
            None => {
                c.error(Diagnostic::error("a table has an expression and pairs of numbers").at(argument.span));
                return None;
            }
        }
    }
    if arguments.len() < 3 {
        c.error(Diagnostic::error("a table needs an expression and at least one pair `(x, y)`").at(span));
        return None;
    }
    Some(Bound::Call(Function::Table, arguments))
}

/// 1 + tc1·ΔT + tc2·ΔT² of the card.
fn temperature_factor(c: &Construction) -> f64 {
    let delta = c.temperature() - c.circuit.options.tnom;
    1.0 + c.parameter("tc1").unwrap_or(0.0) * delta + c.parameter("tc2").unwrap_or(0.0) * delta * delta
}

fn scaled(bound: Bound, factor: f64) -> Bound {
    if factor == 1.0 { bound } else { binary(BinaryOperator::Multiply, Bound::Number(factor), bound) }
}

fn source(c: &mut Construction, output: Output, bound: Bound, span: Span) {
    let bound = scaled(bound, temperature_factor(c));
    let integrals = if c.element.letter == b'b' { c.parameter("ic").unwrap_or(0.0) } else { 0.0 };
    let Ok(program) = Compiler::new(c, span).with_integrals(integrals).compile(&bound) else { return };
    add_source(c, output, program);
}

fn add_source(c: &mut Construction, output: Output, program: Program) {
    let [p, n] = [c.terminal(0), c.terminal(1)];
    let device = match output {
        Output::Current => Behavioural::current(program, p, n, c.multiplier(), Part::Resistive),
        Output::Voltage => Behavioural::voltage(program, p, n, c.assembly.branch(c.id)),
    };
    c.assembly.add_behavioural(Some(c.id), Behavioural { scaled: true, ..device });
}

/// The expression of a passive element: its first value, or one of its parameters.
fn expression(c: &Construction, names: &[&str]) -> Option<(Bound, Span)> {
    let positional = c.value(0).map(|value| (&value.item, value.span));
    let named = names.iter().filter_map(|name| c.element.parameter(name)).map(|p| (&p.value, p.span));
    positional.into_iter().chain(named).find_map(|(value, span)| match value {
        Value::Expression(bound) => Some(((**bound).clone(), span)),
        _ => None,
    })
}

/// A new unknown that is the value of an expression; None if there is an error, which has been reported.
pub fn value_unknown(c: &mut Construction, value: &Value, span: Span) -> Option<Unknown> {
    let Some(bound) = bound(value) else {
        c.error(Diagnostic::error("expected an expression").at(span));
        return None;
    };
    let program = Compiler::new(c, span).compile(&bound).ok()?;
    let unknown = c.assembly.internal_node(c.id, "control");
    c.assembly.add_behavioural(None, Behavioural::equal(program, unknown));
    Some(unknown)
}

fn voltage(c: &Construction) -> Bound {
    difference(c.element.nodes[0], c.element.nodes[1])
}

/// R with an expression; false if it has none.
pub fn construct_resistor(c: &mut Construction) -> bool {
    let Some((resistance, span)) = expression(c, &["r", "resistance"]) else { return false };
    let resistance = scaled(resistance, temperature_factor(c) * c.parameter("scale").unwrap_or(1.0));
    let current = binary(BinaryOperator::Divide, voltage(c), resistance);
    let Ok(program) = Compiler::new(c, span).compile(&current) else { return true };
    let device = Behavioural::current(program, c.terminal(0), c.terminal(1), c.multiplier(), Part::Resistive);
    c.assembly.add_behavioural(Some(c.id), device);
    true
}

/// C with an expression of capacitance or charge; false if it has none.
pub fn construct_capacitor(c: &mut Construction) -> bool {
    let factor = temperature_factor(c) * c.parameter("scale").unwrap_or(1.0);
    let multiplier = c.multiplier();
    let [p, n] = [c.terminal(0), c.terminal(1)];
    if let Some((charge, span)) = parameter(c, "q") {
        let Ok(program) = Compiler::new(c, span).compile(&scaled(charge, factor)) else { return true };
        let device = Behavioural::current(program, p, n, multiplier, Part::Dynamic);
        c.assembly.add_behavioural(Some(c.id), device);
        return true;
    }
    let Some((capacitance, span)) = expression(c, &["c", "capacitance", "cap"]) else { return false };
    let rate = Bound::Call(Function::Ddt, vec![voltage(c)]);
    let current = binary(BinaryOperator::Multiply, scaled(capacitance, factor), rate);
    let initial = c.parameter("ic");
    let Ok(program) = Compiler::new(c, span).with_initial(initial).compile(&current) else { return true };
    c.assembly.add_behavioural(Some(c.id), Behavioural::current(program, p, n, multiplier, Part::Resistive));
    true
}

/// L with an expression; false if it has none.
pub fn construct_inductor(c: &mut Construction) -> bool {
    if let Some((flux, span)) = parameter(c, "flux") {
        let flux = scaled(flux, temperature_factor(c) * c.parameter("scale").unwrap_or(1.0) / c.multiplier());
        let branch = c.assembly.branch(c.id);
        let Ok(program) = Compiler::new(c, span).compile(&Bound::Call(Function::Ddt, vec![flux])) else { return true };
        let device = Behavioural::voltage(program, c.terminal(0), c.terminal(1), branch);
        c.assembly.add_behavioural(Some(c.id), device);
        return true;
    }
    let Some((inductance, span)) = expression(c, &["l", "inductance"]) else { return false };
    let factor = temperature_factor(c) * c.parameter("scale").unwrap_or(1.0) / c.multiplier();
    let rate = Bound::Call(Function::Ddt, vec![Bound::Current(c.id)]);
    let voltage = binary(BinaryOperator::Multiply, scaled(inductance, factor), rate);
    let initial = c.parameter("ic");
    let branch = c.assembly.branch(c.id);
    let Ok(program) = Compiler::new(c, span).with_initial(initial).compile(&voltage) else { return true };
    let device = Behavioural::voltage(program, c.terminal(0), c.terminal(1), branch);
    c.assembly.add_behavioural(Some(c.id), device);
    true
}

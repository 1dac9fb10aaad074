//! The page of expressions: functions, random functions and constants.

use super::ManualPage;
use super::markdown::{Table, code, number, section};
use crate::circuit::constant::CONSTANTS;
use crate::circuit::random_function::FUNCTIONS;
use crate::circuit::source_function::source_functions;
use crate::netlist::function::{ABSENT, ALIASES, Function};
use crate::reference::Status;
use crate::results::reduction_call::{PARTS, REDUCTIONS};

const OPERATORS: &[(&str, &str)] = &[
    ("c ? x : y", "x if c is not 0, else y"),
    ("|| |", "or"),
    ("^", "where it is no power: the exclusive or of two truths (LTspice, PSpice, Xyce)"),
    ("&& &", "and"),
    ("== != <>", "equal, not equal"),
    ("< <= > >=", "comparison"),
    ("+ -", "sum, difference"),
    ("* / %", "product, quotient, remainder"),
    ("- + ! ~", "before one operand: negative, itself, not"),
    (
        "** ^",
        "power, from right to left; of a negative base and a broken exponent |x|^y; in ngspice's dialect from left to right, and |x|^y always",
    ),
];

/// The page.
pub fn page() -> ManualPage {
    let text = format!(
        "Expressions stand in braces or quotes: `{{2*r}}`, `'2*r'`. Numbers take SPICE's suffixes (`t g meg k mil m u n p f a`). \
         Names are parameters; in behavioural elements also `time`, `temper`, `hertz` (frequency of a small-signal analysis), \
         `v(a)`, `v(a,b)`, `i(v1)`, `x(n1)` and `@device[quantity]`.\n\n{}{}{}{}{}{}",
        section("Operators, from the weakest", &operators()),
        section("Functions", &functions()),
        section("Random functions", &random()),
        section("Constants", &constants()),
        section("Functions of whole curves", &reductions()),
        section("Functions of ngspice that are not here", &absent()),
    );
    ManualPage::new("functions.md", "Expressions", text)
}

fn operators() -> String {
    let mut table = Table::new(&["operator", "meaning"]);
    for (operator, meaning) in OPERATORS {
        table.row([code(operator), meaning.to_string()]);
    }
    table.finish() + "What scripts compute with is [another language](scripts.md)."
}

fn functions() -> String {
    let mut table = Table::new(&["function", "gives", "ngspice"]);
    for function in Function::ALL {
        let call = format!("{}({})", function.name(), function.arguments());
        table.row([code(&call), function.meaning().into(), function.status().text()]);
    }
    for (name, arguments) in source_functions() {
        let call = format!("{name}({arguments})");
        table.row([
            code(&call),
            if name == "fmod" {
                "Remainder of x/y (Xyce)".into()
            } else {
                "The source's waveform of this name (Xyce)".into()
            },
            Status::OnlyHere.text(),
        ]);
    }
    for (alias, function, status) in ALIASES {
        table.row([code(alias), format!("The same as {}", code(function.name())), status.text()]);
    }
    table.finish()
}

fn random() -> String {
    let mut table = Table::new(&["function", "draws", "ngspice"]);
    for function in FUNCTIONS {
        let call = format!("{}({})", function.name, function.arguments);
        table.row([code(&call), function.meaning.into(), function.status.text()]);
    }
    table.finish()
        + "A draw depends on `.options seed=`, the run and the element, model or parameter alone. Runs are those of `.mc`, \
           `.sampling` or `sweep monte=`."
}

fn constants() -> String {
    let mut table = Table::new(&["name", "value", "unit", "meaning", "ngspice"]);
    for (name, value, unit, meaning, status) in CONSTANTS {
        table.row([code(name), number(*value), unit.to_string(), meaning.to_string(), status.text()]);
    }
    table.finish()
}

fn reductions() -> String {
    let mut table = Table::new(&["call", "gives"]);
    for info in REDUCTIONS {
        let calls: Vec<String> = info.names.iter().map(|name| code(&format!("{name}({})", info.arguments))).collect();
        table.row([calls.join(" "), info.meaning.into()]);
    }
    for (name, meaning) in PARTS {
        table.row([code(&format!("{name}(y)")), meaning.to_string()]);
    }
    "In `.measure`, `.check`, `.figure` and `.target`, where a name is a curve: y is a curve, x another one over the same axis. \
     ngspice has none of them in expressions; [measures](measures.md) are its way.\n\n"
        .to_string()
        + &table.finish()
}

fn absent() -> String {
    let mut table = Table::new(&["function", "gives", "here"]);
    for (name, meaning, instead) in ABSENT {
        table.row([code(name), meaning.to_string(), Status::Absent(instead).text()]);
    }
    table.finish()
}

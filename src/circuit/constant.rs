//! Expressions over numbers: what `.measure` and `.check` lines compute.

use super::bound::Function;
use super::function_value::function_value;
use crate::diagnostic::{Diagnostic, Span};
use crate::netlist::expression::Expression;
use crate::reference::Status;

/// Constants of nature and mathematics that expressions know by name: value, unit, meaning, and whether ngspice's expressions
/// know them.
pub const CONSTANTS: &[(&str, f64, &str, &str, Status)] = &[
    ("pi", std::f64::consts::PI, "", "π", Status::Differs("in ngspice in behavioural sources and scripts alone")),
    (
        "e",
        std::f64::consts::E,
        "",
        "Euler's number",
        Status::Differs("in ngspice in behavioural sources and scripts alone"),
    ),
    ("boltz", 1.380649e-23, "J/K", "Boltzmann's constant", Status::Differs("in ngspice a vector of scripts alone")),
    ("echarge", 1.602176634e-19, "C", "Elementary charge", Status::Differs("in ngspice a vector of scripts alone")),
    ("planck", 6.62607015e-34, "J·s", "Planck's constant", Status::Differs("in ngspice a vector of scripts alone")),
    ("kelvin", -273.15, "°C", "Absolute zero", Status::Differs("in ngspice a vector of scripts alone")),
    ("true", 1.0, "", "True", Status::OnlyHere),
    ("false", 0.0, "", "False", Status::OnlyHere),
];

/// The value of the constant called `name`.
pub fn named_constant(name: &str) -> Option<f64> {
    CONSTANTS.iter().find(|(known, ..)| *known == name).map(|(_, value, ..)| *value)
}

/// Gives the value of `v(out)`, `vdb(out)`, `@r1[i]`, …, from kind and arguments.
pub type ProbeValue<'a> = dyn Fn(&str, &[&str], Span) -> Result<f64, Diagnostic> + 'a;

/// The value of `expression`. `name` gives the values of names, `probe` those of probes.
pub fn evaluate(
    expression: &Expression,
    name: &dyn Fn(&str) -> Option<f64>,
    probe: &ProbeValue<'_>,
) -> Result<f64, Diagnostic> {
    let value = |part: &Expression| evaluate(part, name, probe);
    match expression {
        Expression::Number(number) => Ok(*number),
        Expression::Name(text, span) => name(text)
            .or_else(|| named_constant(text))
            .ok_or_else(|| Diagnostic::error(format!("`{text}` is not defined")).at(*span)),
        Expression::Text(_, span) => Err(Diagnostic::error("expected a number").at(*span)),
        Expression::Probe { kind, arguments, span } => {
            let arguments: Vec<&str> = arguments.iter().map(|argument| &**argument).collect();
            probe(kind, &arguments, *span)
        }
        Expression::Call { function, arguments, span } => {
            let function = resolve(function, arguments.len(), *span)?;
            let arguments = arguments.iter().map(value).collect::<Result<Vec<f64>, Diagnostic>>()?;
            Ok(function_value(function, &arguments))
        }
        Expression::Unary(operator, operand) => Ok(operator.value(value(operand)?)),
        Expression::Binary(operator, left, right) => Ok(operator.value(value(left)?, value(right)?)),
        Expression::Conditional(parts) => value(if value(&parts[0])? != 0.0 { &parts[1] } else { &parts[2] }),
    }
}

/// The built-in function `name`, if it takes `count` arguments.
pub fn resolve(name: &str, count: usize, span: Span) -> Result<Function, Diagnostic> {
    let Some(function) = Function::named(name) else {
        let names = Function::ALL.iter().map(|function| function.name());
        return Err(Diagnostic::error(format!("there is no function `{name}`")).at(span).nearest(name, names));
    };
    check_arity(function, count, span)?;
    Ok(function)
}

/// Whether `function` takes `count` arguments.
pub fn check_arity(function: Function, count: usize, span: Span) -> Result<(), Diagnostic> {
    let (least, most) = function.arity();
    if (least..=most).contains(&count) {
        return Ok(());
    }
    let name = function.name();
    let wanted = match (least, most) {
        (1, 1) => "1 argument".to_owned(),
        (least, most) if least == most => format!("{least} arguments"),
        (1, most) if most > 100 => "at least 1 argument".to_owned(),
        (least, most) if most > 100 => format!("at least {least} arguments"),
        (least, most) => format!("{least} to {most} arguments"),
    };
    Err(Diagnostic::error(format!("`{name}` takes {wanted}, not {count}")).at(span))
}

//! Values of expressions over a plot: elementwise functions of vectors, and reductions of vectors to numbers.

use faer::c64;

use super::reduction_call;
use super::scope::{Scope, complex_part};
use super::value::{Samples, Value, common_axis, sample};
use crate::circuit::bound::Function;
use crate::circuit::constant;
use crate::circuit::function_value::function_value;
use crate::diagnostic::{Diagnostic, Span};
use crate::netlist::expression::{BinaryOperator, Expression, UnaryOperator};

/// The value of `expression` in `scope`. `at` is the place of the whole expression, for errors without a closer one.
pub fn evaluate(expression: &Expression, scope: &Scope, at: Span) -> Result<Value, Diagnostic> {
    let value = |part: &Expression| evaluate(part, scope, at);
    match expression {
        Expression::Number(number) => Ok(Value::number(*number)),
        Expression::Name(name, span) => scope.name(name, *span),
        Expression::Text(_, span) => Err(Diagnostic::error("expected a number").at(*span)),
        Expression::Probe { kind, arguments, span } => scope.probe(kind, arguments, *span),
        Expression::Call { function, arguments, span } => {
            if let Some(value) = terminal_quantity(function, arguments, scope) {
                return Ok(value);
            }
            let values = arguments.iter().map(value).collect::<Result<Vec<Value>, Diagnostic>>()?;
            match scope.function(function) {
                Some(card) => evaluate(&card.body, &scope.within(card, values, *span)?, *span),
                None => call(function, &values, *span),
            }
        }
        Expression::Unary(operator, operand) => unary(*operator, &value(operand)?, at),
        Expression::Binary(operator, left, right) => binary(*operator, &value(left)?, &value(right)?, at),
        Expression::Conditional(parts) => {
            let parts = [value(&parts[0])?, value(&parts[1])?, value(&parts[2])?];
            elementwise(Function::If, &parts, at)
        }
    }
}

/// `id(m1)`, `ic(q1)` and the like, and `w(v1)`: what ngspice calls `@m1[ig]` and `@v1[p]`.
fn terminal_quantity(function: &str, arguments: &[Expression], scope: &Scope) -> Option<Value> {
    let [Expression::Name(device, span)] = arguments else { return None };
    quantity_of_terminal(function).filter(|_| scope.function(function).is_none())?;
    scope.probe(function, std::slice::from_ref(device), *span).ok()
}

/// The quantity of a device that a function of it means.
pub fn quantity_of_terminal(function: &str) -> Option<&str> {
    match function {
        // Into the first terminal; `@m1[id]` is that of an n-channel.
        "id" | "ic" => Some("i"),
        "ig" | "is" | "ib" | "ie" => Some(function),
        "w" => Some("p"),
        _ => None,
    }
}

/// The number that `expression` gives.
pub fn number(expression: &Expression, scope: &Scope, at: Span) -> Result<f64, Diagnostic> {
    let value = evaluate(expression, scope, at)?;
    value.as_number().ok_or_else(|| {
        let what = if value.is_complex() && value.axis.is_none() { "a complex number" } else { "a curve" };
        let error = Diagnostic::error(format!("`{expression}` is {what}, where a number is needed")).at(at);
        error.hint("reduce it, as in max(v(out)), at(v(out), 1m) or mag(…)")
    })
}

/// The real curve that `expression` gives over the axis of `scope`; a number is the same everywhere.
pub fn curve(expression: &Expression, scope: &Scope, at: Span) -> Result<(Vec<f64>, Vec<f64>), Diagnostic> {
    let value = evaluate(expression, scope, at)?;
    if value.is_complex() {
        return Err(needs_real(&expression.to_string(), at));
    }
    let Some(axis) = value.axis.clone().or_else(|| scope.axis().cloned()) else {
        return Err(Diagnostic::error(format!("`{expression}` is a number, where a curve is needed")).at(at));
    };
    let mut y = value.real();
    if value.axis.is_none() {
        y = vec![y.first().copied().unwrap_or(f64::NAN); axis.len()];
    }
    Ok((axis.to_vec(), y))
}

fn needs_real(what: &str, at: Span) -> Diagnostic {
    let error = Diagnostic::error(format!("`{what}` is complex, where real values are needed")).at(at);
    error.hint("take a part of it: mag(…), ph(…), db(…), re(…) or im(…)")
}

fn unary(operator: UnaryOperator, operand: &Value, at: Span) -> Result<Value, Diagnostic> {
    match (&operand.samples, operator) {
        (Samples::Complex(_), UnaryOperator::Negate) => Ok(operand.map_complex(|value| -value)),
        (Samples::Complex(_), UnaryOperator::Not) => Err(needs_real("!…", at)),
        (Samples::Real(_), operator) => Ok(operand.to_real(|value| operator.value(value.re))),
    }
}

fn binary(operator: BinaryOperator, left: &Value, right: &Value, at: Span) -> Result<Value, Diagnostic> {
    let (axis, count) = common_axis(&[left, right]).ok_or_else(|| different_axes(at))?;
    let samples = if left.is_complex() || right.is_complex() {
        let function: fn(c64, c64) -> c64 = match operator {
            BinaryOperator::Add => |a, b| a + b,
            BinaryOperator::Subtract => |a, b| a - b,
            BinaryOperator::Multiply => |a, b| a * b,
            BinaryOperator::Divide => |a, b| a / b,
            BinaryOperator::Power | BinaryOperator::MagnitudePower => {
                |a, b| if b.im == 0.0 { a.powf(b.re) } else { a.powc(b) }
            }
            operator => return Err(needs_real(&format!("… {} …", operator.symbol()), at)),
        };
        let (left, right) = (left.complex(), right.complex());
        let pairs = (0..count).filter_map(|index| Some((sample(&left, index)?, sample(&right, index)?)));
        Samples::Complex(pairs.map(|(a, b)| function(a, b)).collect())
    } else {
        let (left, right) = (left.real(), right.real());
        let pairs = (0..count).filter_map(|index| Some((sample(&left, index)?, sample(&right, index)?)));
        Samples::Real(pairs.map(|(a, b)| operator.value(a, b)).collect())
    };
    Ok(Value { axis, samples })
}

fn different_axes(at: Span) -> Diagnostic {
    Diagnostic::error("curves over different windows cannot be combined").at(at)
}

fn call(name: &str, arguments: &[Value], span: Span) -> Result<Value, Diagnostic> {
    if let [argument] = arguments
        && let Some(part) = complex_part(name).filter(|_| name.len() > 1)
    {
        return Ok(argument.to_real(part));
    }
    if let Some(result) = reduction_call::call(name, arguments, span) {
        return result;
    }
    if let [argument] = arguments
        && argument.is_complex()
    {
        let function: fn(c64) -> c64 = match name {
            "abs" => return Ok(argument.to_real(|value| value.re.hypot(value.im))),
            "exp" => |value| value.exp(),
            "ln" | "log" => |value| value.ln(),
            "log10" => |value| value.ln() / std::f64::consts::LN_10,
            "sqrt" => |value| value.sqrt(),
            "sqr" => |value| value * value,
            _ => return Err(needs_real(&format!("the argument of {name}"), span)),
        };
        return Ok(argument.map_complex(function));
    }
    let known = Function::ALL.iter().map(|function| function.name()).chain(reduction_call::names());
    let Some(function) = Function::named(name) else {
        return Err(Diagnostic::error(format!("there is no function `{name}`")).at(span).nearest(name, known));
    };
    constant::check_arity(function, arguments.len(), span)?;
    if arguments.iter().any(Value::is_complex) {
        return Err(needs_real(&format!("an argument of {name}"), span));
    }
    elementwise(function, arguments, span)
}

fn elementwise(function: Function, arguments: &[Value], span: Span) -> Result<Value, Diagnostic> {
    let values: Vec<&Value> = arguments.iter().collect();
    let (axis, count) = common_axis(&values).ok_or_else(|| different_axes(span))?;
    let columns: Vec<Vec<f64>> = arguments.iter().map(Value::real).collect();
    let mut row = vec![0.0; columns.len()];
    let at = |index: usize| {
        for (value, column) in row.iter_mut().zip(&columns) {
            *value = sample(column, index).unwrap_or(f64::NAN);
        }
        // max and min must not hide a NaN.
        let hides = matches!(function, Function::Max | Function::Min) && row.iter().any(|value| value.is_nan());
        if hides { f64::NAN } else { function_value(function, &row) }
    };
    Ok(Value { axis, samples: Samples::Real((0..count).map(at).collect()) })
}

//! Comparison of curves.

use super::card::{Reference, Tolerance, Window};
use super::evaluate::{Checking, Verdict};
use crate::diagnostic::Diagnostic;
use crate::results::card_text::Operand;
use crate::results::load;
use crate::results::reduction::{resample, window as restrict};
use crate::results::series;

/// Compares a curve with an expression at its own points, or with a file's curve at the points of both.
pub(super) fn compare(
    checking: &Checking,
    operand: &Operand,
    reference: &Reference,
    window: &Window,
    tolerance: &Tolerance,
) -> Result<Verdict, Diagnostic> {
    let (x, y) = ascending(series::curve(&operand.expression, &checking.scope, operand.span)?);
    let (x, y, expected) = match reference {
        Reference::Expression(expression) => {
            let (axis, expected) = ascending(series::curve(&expression.expression, &checking.scope, expression.span)?);
            if axis != x {
                return Err(Diagnostic::error("both curves must be over the same points").at(expression.span));
            }
            let (from, to) = ends(checking, window, &x, (f64::NEG_INFINITY, f64::INFINITY))?;
            if from == x[0] && to == x[x.len() - 1] {
                (x, y, expected)
            } else {
                let expected = restrict(&x, &expected, from, to).map_err(Diagnostic::error)?.1;
                let (x, y) = restrict(&x, &y, from, to).map_err(Diagnostic::error)?;
                (x, y, expected)
            }
        }
        Reference::File { name, span, column } => {
            let path = checking.reference(name).map_err(|error| error.at(*span))?;
            let wanted = column.as_ref().map_or(operand.text.as_str(), |column| column.text.as_str());
            let curve = load::curve(&path, wanted, column.is_some()).map_err(|error| error.at(*span))?;
            let (file_x, file_y) = ascending(curve);
            let range = match (file_x.first(), file_x.last()) {
                (Some(&first), Some(&last)) if file_x.len() > 1 => (first, last),
                _ => return Err(Diagnostic::error(format!("`{name}` has fewer than two points")).at(*span)),
            };
            let (from, to) = ends(checking, window, &x, range)?;
            let positions = union(&x, &file_x, from, to);
            let (y, expected) = (resample(&x, &y, &positions), resample(&file_x, &file_y, &positions));
            (positions, y, expected)
        }
    };
    worst(checking, &x, &y, &expected, tolerance)
}

/// The window, or what the simulation and `range` have in common. A window that is given must lie within both.
fn ends(checking: &Checking, window: &Window, x: &[f64], range: (f64, f64)) -> Result<(f64, f64), Diagnostic> {
    let (Some(&first), Some(&last)) = (x.first(), x.last()) else {
        return Err(Diagnostic::error("the analysis gave no points"));
    };
    let (least, most) = (first.max(range.0), last.min(range.1));
    let end = |operand: &Option<Operand>, default: f64| {
        operand.as_ref().map_or(Ok(default), |operand| checking.number(operand))
    };
    let (from, to) = (end(&window.from, least)?, end(&window.to, most)?);
    let slack = 1e-9 * (last - first).abs();
    if from.is_nan() || to.is_nan() || from >= to {
        return Err(Diagnostic::error(format!("there is nothing to compare between {from:e} and {to:e}")));
    }
    if from < least - slack || to > most + slack {
        let message = format!("the window from {from:e} to {to:e} reaches beyond the points, {least:e} to {most:e}");
        return Err(Diagnostic::error(message));
    }
    Ok((from.max(least), to.min(most)))
}

/// The curve with rising x.
fn ascending((mut x, mut y): (Vec<f64>, Vec<f64>)) -> (Vec<f64>, Vec<f64>) {
    if x.len() > 1 && x[0] > x[x.len() - 1] {
        x.reverse();
        y.reverse();
    }
    (x, y)
}

/// Points of both axes between two ends, these included, without doubles.
fn union(a: &[f64], b: &[f64], from: f64, to: f64) -> Vec<f64> {
    let inside = a.iter().chain(b).copied().filter(|&x| x > from && x < to);
    let mut all: Vec<f64> = inside.chain([from, to]).collect();
    all.sort_by(f64::total_cmp);
    all.dedup();
    all
}

fn worst(
    checking: &Checking,
    x: &[f64],
    y: &[f64],
    expected: &[f64],
    tolerance: &Tolerance,
) -> Result<Verdict, Diagnostic> {
    if x.len() < 2 {
        return Err(Diagnostic::error("fewer than two points can be compared"));
    }
    let scale = expected.iter().fold(0.0, |largest: f64, value| largest.max(value.abs()));
    let tolerance = checking.tolerance(tolerance, scale)?;
    let deviation = |index: usize| (y[index] - expected[index]).abs();
    // A point that is not a number is the worst of all.
    let rank = |index: &usize| if deviation(*index).is_nan() { f64::INFINITY } else { deviation(*index) };
    let index = (0..x.len()).max_by(|a, b| rank(a).total_cmp(&rank(b))).unwrap_or(0);
    let deviation = deviation(index);
    let passed = deviation.is_finite() && deviation <= tolerance;
    Ok(Verdict {
        simulated: y[index],
        reference: Some(expected[index]),
        position: Some(x[index]),
        deviation,
        tolerance: Some(tolerance),
        passed,
    })
}

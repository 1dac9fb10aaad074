//! Figures of the vectors of a plot.

use super::{Figure, Panel, Series, Style};
use crate::diagnostic::{Diagnostic, SourceMap, Span};
use crate::netlist::dialect::Dialect;
use crate::netlist::expression::{self, Expression};
use crate::results::card_text::Operand;
use crate::results::plot::VectorKind;
use crate::results::plot::{Plot, kind_of_name};
use crate::results::scope::Scope;
use crate::results::series;

/// What to draw of a plot.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    pub title: String,
    pub vectors: Vec<Operand>,
    /// What to draw them over; the plot's axis if None.
    pub x: Option<Operand>,
    pub log_x: bool,
    pub log_y: bool,
}

/// Parses the expression of a vector given outside of a deck.
///
/// # Errors
/// The text is no expression; the message says where.
pub fn parse(text: &str) -> Result<Operand, Diagnostic> {
    let mut sources = SourceMap::default();
    let file = sources.add("vector", text);
    let expression = expression::parse(text, file, 0, Dialect::default())
        .map_err(|error| Diagnostic { labels: Vec::new(), ..error }.hint(format!("in the vector `{text}`")))?;
    Ok(Operand { expression, span: Span::new(file, 0, text.len()), text: text.trim().to_string() })
}

/// A figure of `wanted`, a panel for each kind of vector (voltages, currents, others).
///
/// Complex vectors are drawn as magnitudes in decibels.
///
/// # Errors
/// A vector is not there.
pub fn figure(wanted: &Wanted, scope: &Scope) -> Result<Figure, Diagnostic> {
    let plain = |error: Diagnostic| Diagnostic { labels: Vec::new(), ..error };
    let axis = scope.plot.and_then(|plot| plot.header.columns.first());
    let (x_label, x_kind, x_values) = match &wanted.x {
        Some(operand) => {
            let (_, x) = series::curve(&operand.expression, scope, operand.span).map_err(plain)?;
            (operand.text.clone(), kind(&operand.expression), x)
        }
        None => {
            let axis_values = scope.axis().ok_or_else(|| Diagnostic::error("the plot has no axis to draw over"))?;
            let column = axis.ok_or_else(|| Diagnostic::error("the plot has no vectors"))?;
            (axis_label(&column.name), column.kind, axis_values.to_vec())
        }
    };
    let mut panels: Vec<(VectorKind, bool, Panel)> = Vec::new();
    for operand in &wanted.vectors {
        let value = series::evaluate(&operand.expression, scope, operand.span).map_err(plain)?;
        let decibels = value.is_complex() || is_decibels(&operand.expression);
        let mut y = if value.is_complex() {
            value.to_real(|value| 20.0 * value.re.hypot(value.im).log10()).real()
        } else {
            value.real()
        };
        if y.len() == 1 {
            y = vec![y[0]; x_values.len()];
        }
        let x = match value.axis {
            Some(axis) if wanted.x.is_none() => axis.to_vec(),
            _ => x_values.clone(),
        };
        if x.len() != y.len() {
            return Err(Diagnostic::error(format!("`{}` has other points than the x axis", operand.text)));
        }
        let kind = kind(&operand.expression);
        let label = if value_is_decibels(decibels, &operand.text) {
            format!("|{}|", operand.text)
        } else {
            operand.text.clone()
        };
        let series = Series { label, x, y, style: Style::Line, colour: None };
        match panels.iter_mut().find(|(other, other_decibels, _)| *other == kind && *other_decibels == decibels) {
            Some((_, _, panel)) => panel.series.push(series),
            None => {
                let panel = Panel {
                    x_label: x_label.clone(),
                    x_unit: x_kind.unit().into(),
                    y_unit: if decibels { "dB" } else { unit(&operand.expression, kind) }.into(),
                    log_x: wanted.log_x,
                    log_y: wanted.log_y && !decibels,
                    series: vec![series],
                    ..Panel::default()
                };
                panels.push((kind, decibels, panel));
            }
        }
    }
    let panels = panels.into_iter().map(|(kind, decibels, panel)| labelled(panel, kind, decibels)).collect();
    Ok(Figure { title: wanted.title.clone(), panels })
}

fn labelled(mut panel: Panel, kind: VectorKind, decibels: bool) -> Panel {
    panel.y_label = match (panel.series.as_slice(), kind) {
        ([only], _) => only.label.clone(),
        (_, _) if decibels => "magnitude".into(),
        (_, VectorKind::Other) => "value".into(),
        (_, VectorKind::Resistance) => "resistance".into(),
        (_, VectorKind::Temperature) => "temperature".into(),
        (_, kind @ (VectorKind::VoltageDensity | VectorKind::CurrentDensity)) => format!("noise ({})", kind.unit()),
        (_, kind) => kind.name().into(),
    };
    panel
}

/// Whether a vector's magnitude is shown although its name does not say so.
fn value_is_decibels(decibels: bool, text: &str) -> bool {
    decibels && !text.contains("db(")
}

/// The unit of an axis for `expression`.
fn unit(expression: &Expression, kind: VectorKind) -> &'static str {
    match expression {
        Expression::Probe { kind, .. } if matches!(&**kind, "vp" | "ip" | "vph" | "iph") => "rad",
        Expression::Call { function, .. } if matches!(&**function, "ph" | "phase") => "rad",
        Expression::Probe { kind, .. } if &**kind == "g" => "S",
        _ => kind.unit(),
    }
}

fn is_decibels(expression: &Expression) -> bool {
    match expression {
        Expression::Probe { kind, .. } => matches!(&**kind, "vdb" | "idb"),
        Expression::Call { function, .. } => &**function == "db",
        _ => false,
    }
}

/// `v(v-sweep)` is better read without its parentheses.
fn axis_label(name: &str) -> String {
    let inner = name.strip_prefix("v(").or_else(|| name.strip_prefix("i(")).and_then(|rest| rest.strip_suffix(')'));
    inner.unwrap_or(name).to_string()
}

/// The physical kind of an expression: that of all its parts, if they agree under sums and scaling.
fn kind(expression: &Expression) -> VectorKind {
    use crate::netlist::expression::BinaryOperator::{Add, Divide, Multiply, Subtract};
    match expression {
        Expression::Probe { kind, arguments, .. } => match &**kind {
            "v" | "vm" | "vr" | "vi" => VectorKind::Voltage,
            "i" | "im" | "ir" | "ii" => VectorKind::Current,
            "@" if arguments.get(1).is_some_and(|name| &**name == "i") => VectorKind::Current,
            "@" if arguments.get(1).is_some_and(|name| &**name == "v") => VectorKind::Voltage,
            _ => VectorKind::Other,
        },
        Expression::Name(name, _) => kind_of_name(name),
        Expression::Unary(_, operand) => kind(operand),
        Expression::Binary(Add | Subtract, left, right) => match (&**left, &**right) {
            (Expression::Number(_), other) | (other, Expression::Number(_)) => kind(other),
            (left, right) if kind(left) == kind(right) => kind(left),
            _ => VectorKind::Other,
        },
        Expression::Binary(Multiply, left, right) => match (&**left, &**right) {
            (Expression::Number(_), other) | (other, Expression::Number(_)) => kind(other),
            _ => VectorKind::Other,
        },
        Expression::Binary(Divide, left, right) if matches!(**right, Expression::Number(_)) => kind(left),
        Expression::Call { function, arguments, .. } if matches!(&**function, "abs" | "mag" | "re" | "im") => {
            arguments.first().map_or(VectorKind::Other, kind)
        }
        _ => VectorKind::Other,
    }
}

/// The vectors of `plot` that a figure shows unless told otherwise: node voltages, at most eight, or whatever there is.
pub fn defaults(plot: &Plot) -> Vec<Operand> {
    const MOST: usize = 8;
    let columns = || plot.header.columns.iter().skip(usize::from(plot.header.has_axis));
    let voltages: Vec<&str> =
        columns().map(|column| column.name.as_str()).filter(|name| name.starts_with("v(")).collect();
    let names = if voltages.is_empty() { columns().map(|column| column.name.as_str()).collect() } else { voltages };
    names.into_iter().filter_map(|name| parse(name).ok()).take(MOST).collect()
}

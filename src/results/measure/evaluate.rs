//! The values of `.measure` cards.

use super::card::{Condition, Edge, MeasureCard, Place, Quantity, Statistic};
use super::{Measure, Measured};
use crate::circuit::Circuit;
use crate::diagnostic::Diagnostic;
use crate::results::card_text::Operand;
use crate::results::plot::Plot;
use crate::results::plot_selector::choose;
use crate::results::reduction as reduce;
use crate::results::scope::Scope;
use crate::results::series;

/// Evaluates `cards` in turn on the plots of one run; later cards can use the results of earlier ones.
pub fn evaluate(cards: &[MeasureCard], circuit: &Circuit, plots: &[Plot]) -> Vec<Measure> {
    let mut measures: Vec<Measure> = Vec::new();
    let mut values = Vec::new();
    for card in cards {
        let attempt = |plot| Measuring { scope: Scope::new(plot, circuit, &values) }.quantity(&card.quantity);
        let outcome = choose(plots, card.analysis, attempt).map(|(_, measured)| measured);
        let outcome = outcome.map_err(|error| error.message).and_then(|measured| {
            if measured.value.is_nan() { Err("the result is not a number".into()) } else { Ok(measured) }
        });
        let measure = Measure { name: card.name.clone(), analysis: card.analysis, outcome, span: card.span };
        values.push((measure.name.clone(), measure.value()));
        measures.push(measure);
    }
    measures
}

struct Measuring<'a> {
    scope: Scope<'a>,
}

type Curve = (Vec<f64>, Vec<f64>);

impl Measuring<'_> {
    fn quantity(&self, quantity: &Quantity) -> Result<Measured, Diagnostic> {
        match quantity {
            Quantity::Expression(operand) => {
                let value = series::number(&operand.expression, &self.scope, operand.span)?;
                Ok(Measured { value, details: Vec::new() })
            }
            Quantity::When(condition) => Ok(Measured { value: self.crossing(condition)?, details: Vec::new() }),
            Quantity::Between { trigger, target } => {
                let trigger = self.place(trigger).map_err(|error| prefixed("trig", error))?;
                let target = self.place(target).map_err(|error| prefixed("targ", error))?;
                Ok(Measured { value: target - trigger, details: vec![("targ", target), ("trig", trigger)] })
            }
            Quantity::Find(operand, place) => {
                let (x, y) = self.curve(operand)?;
                Ok(Measured { value: self.value_at(&x, &y, place)?, details: Vec::new() })
            }
            Quantity::Derivative(operand, place) => {
                let (x, y) = self.curve(operand)?;
                let slopes = reduce::derivative(&x, &y);
                Ok(Measured { value: self.value_at(&x, &slopes, place)?, details: Vec::new() })
            }
            Quantity::Statistic { kind, operand, from, to } => self.statistic(*kind, operand, from, to),
        }
    }

    fn statistic(
        &self,
        kind: Statistic,
        operand: &Operand,
        from: &Option<Operand>,
        to: &Option<Operand>,
    ) -> Result<Measured, Diagnostic> {
        let curve = self.curve(operand)?;
        let (x, y) = self.window(curve, from, to)?;
        let found = |index: Option<usize>| {
            index.map(|index| (x[index], y[index])).ok_or_else(|| Diagnostic::error("there are no points"))
        };
        let (largest, smallest) = (reduce::index_of_largest, reduce::index_of_smallest);
        let ends = vec![("from", x[0]), ("to", x[x.len() - 1])];
        Ok(match kind {
            Statistic::Maximum => {
                let (at, value) = found(largest(&y))?;
                Measured { value, details: vec![("at", at)] }
            }
            Statistic::Minimum => {
                let (at, value) = found(smallest(&y))?;
                Measured { value, details: vec![("at", at)] }
            }
            Statistic::PositionOfMaximum => {
                let (at, value) = found(largest(&y))?;
                Measured { value: at, details: vec![("with", value)] }
            }
            Statistic::PositionOfMinimum => {
                let (at, value) = found(smallest(&y))?;
                Measured { value: at, details: vec![("with", value)] }
            }
            Statistic::PeakToPeak => Measured { value: found(largest(&y))?.1 - found(smallest(&y))?.1, details: ends },
            Statistic::Average => Measured { value: reduce::mean(&x, &y), details: ends },
            Statistic::RootMeanSquare => Measured { value: reduce::root_mean_square(&x, &y), details: ends },
            Statistic::Integral => Measured { value: reduce::integral(&x, &y), details: ends },
        })
    }

    /// The curve of `operand`; of a complex one the real part, as in ngspice.
    fn curve(&self, operand: &Operand) -> Result<Curve, Diagnostic> {
        let value = series::evaluate(&operand.expression, &self.scope, operand.span)?;
        let Some(axis) = value.axis.clone().or_else(|| self.scope.axis().cloned()) else {
            // An operating point is a curve of one point.
            return match (&self.scope.plot, value.real().first()) {
                (Some(_), Some(&value)) => Ok((vec![0.0], vec![value])),
                _ => Err(Diagnostic::error(format!("`{}` is no curve", operand.text)).at(operand.span)),
            };
        };
        let mut y = value.real();
        if value.axis.is_none() {
            y = vec![y.first().copied().unwrap_or(f64::NAN); axis.len()];
        }
        if y.is_empty() {
            return Err(Diagnostic::error("the analysis gave no points").at(operand.span));
        }
        Ok((axis.to_vec(), y))
    }

    fn number(&self, operand: &Operand) -> Result<f64, Diagnostic> {
        series::number(&operand.expression, &self.scope, operand.span)
    }

    /// The part of a curve within `from` and `to`; like ngspice, it takes what there is of a window that reaches further.
    fn window(&self, curve: Curve, from: &Option<Operand>, to: &Option<Operand>) -> Result<Curve, Diagnostic> {
        let (mut x, mut y) = curve;
        if (from.is_none() && to.is_none()) || x.len() < 2 {
            return Ok((x, y));
        }
        if x[0] > x[x.len() - 1] {
            x.reverse();
            y.reverse();
        }
        let (first, last) = (x[0], x[x.len() - 1]);
        let from = from.as_ref().map_or(Ok(first), |operand| self.number(operand))?;
        let to = to.as_ref().map_or(Ok(last), |operand| self.number(operand))?;
        reduce::window(&x, &y, from.max(first), to.min(last)).map_err(Diagnostic::error)
    }

    fn place(&self, place: &Place) -> Result<f64, Diagnostic> {
        match place {
            Place::At(operand) => self.number(operand),
            Place::When(condition) => self.crossing(condition),
        }
    }

    fn value_at(&self, x: &[f64], y: &[f64], place: &Place) -> Result<f64, Diagnostic> {
        let position = self.place(place)?;
        reduce::value_at(x, y, position).ok_or_else(|| {
            Diagnostic::error(format!("{position:e} is outside of the points, {:e} to {:e}", x[0], x[x.len() - 1]))
        })
    }

    fn crossing(&self, condition: &Condition) -> Result<f64, Diagnostic> {
        let (x, left) = self.curve(&condition.left)?;
        let (_, level) = self.curve(&condition.level)?;
        let end = |operand: &Option<Operand>| operand.as_ref().map(|operand| self.number(operand)).transpose();
        let (delay, from, to) = (end(&condition.delay)?, end(&condition.from)?, end(&condition.to)?);
        let least = delay.unwrap_or(f64::NEG_INFINITY).max(from.unwrap_or(f64::NEG_INFINITY));
        let most = to.unwrap_or(f64::INFINITY);
        let difference: Vec<f64> = left.iter().zip(&level).map(|(left, level)| left - level).collect();
        let mut found = reduce::crossings(&x, &difference);
        found.retain(|crossing| {
            let wanted = match condition.edge {
                Edge::Rise => crossing.rising,
                Edge::Fall => !crossing.rising,
                Edge::Cross => true,
            };
            wanted && crossing.position >= least && crossing.position <= most
        });
        let crossing = match condition.count {
            Some(count) => found.get(count - 1),
            None => found.last(),
        };
        let crossing = crossing.ok_or_else(|| self.no_crossing(condition, found.len()));
        crossing.map(|crossing| crossing.position)
    }

    fn no_crossing(&self, condition: &Condition, count: usize) -> Diagnostic {
        let edge = match condition.edge {
            Edge::Rise => "rises through",
            Edge::Fall => "falls through",
            Edge::Cross => "crosses",
        };
        let (left, level) = (&condition.left.text, &condition.level.text);
        Diagnostic::error(match (condition.count, count) {
            (_, 0) => format!("`{left}` never {edge} `{level}` (out of interval)"),
            (_, 1) => format!("`{left}` {edge} `{level}` only once (out of interval)"),
            _ => format!("`{left}` {edge} `{level}` only {count} times (out of interval)"),
        })
    }
}

fn prefixed(word: &str, mut error: Diagnostic) -> Diagnostic {
    error.message = format!("{word}: {}", error.message);
    error
}

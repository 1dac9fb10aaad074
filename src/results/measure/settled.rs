//! Whether measures will keep their values, whatever comes: then a transient analysis with `.options autostop` is over.

use std::sync::Arc;

use super::card::MeasureCard;
use super::quantity::{Condition, Count, Place, Quantity, Window};
use super::{evaluate, values};
use crate::circuit::Circuit;
use crate::netlist::expression::Expression;
use crate::results::card_text::Operand;
use crate::results::plot::{Header, Plot};
use crate::results::plot_selector::AnalysisName;
use crate::results::scope::Scope;
use crate::results::series;

/// Measures are taken again when there are this many more points than the last time, as a part of them.
const GROWTH: f64 = 0.02;

/// Keeps a transient analysis under way until its measures have their values.
#[derive(Debug)]
pub struct AutoStop {
    cards: Vec<MeasureCard>,
    circuit: Arc<Circuit>,
    /// The transient analysis so far.
    plot: Option<Plot>,
    /// Measures are taken when there are this many points.
    due: usize,
}

impl AutoStop {
    /// For the measures among `cards` that are taken of transient analyses; `None` without any.
    pub fn new(cards: &[MeasureCard], circuit: &Arc<Circuit>) -> Option<AutoStop> {
        let of_transient = |card: &&MeasureCard| matches!(card.analysis, None | Some(AnalysisName::Transient));
        let cards: Vec<MeasureCard> = cards.iter().filter(of_transient).cloned().collect();
        (!cards.is_empty()).then(|| AutoStop { cards, circuit: circuit.clone(), plot: None, due: 0 })
    }

    /// A plot begins.
    pub fn begin(&mut self, header: &Header) {
        let plot = Plot::empty(header.clone());
        self.plot = (AnalysisName::of_plot(&plot) == Some(AnalysisName::Transient)).then_some(plot);
        self.due = 0;
    }

    /// Takes a point; whether nothing that comes can change a measure.
    pub fn row(&mut self, row: &[f64]) -> bool {
        let Some(plot) = &mut self.plot else { return false };
        plot.push(row);
        if plot.len() < self.due {
            return false;
        }
        self.due = plot.len() + 1 + (GROWTH * plot.len() as f64) as usize;
        let measures = evaluate(&self.cards, &self.circuit, std::slice::from_ref(plot), &[]);
        let values = values(&measures);
        let scope = Scope::new(Some(plot), &self.circuit, &values);
        let end = plot.axis().last().copied().unwrap_or(0.0);
        let settled = |card: &MeasureCard| !card.continues && is_settled(&card.quantity, &scope, end);
        measures.iter().all(|measure| measure.outcome.is_ok()) && self.cards.iter().all(settled)
    }
}

/// Whether a measure that has a value at time `end` keeps it.
fn is_settled(quantity: &Quantity, scope: &Scope, end: f64) -> bool {
    let within = |operand: &Operand| {
        series::number(&operand.expression, scope, operand.span).is_ok_and(|position| position <= end)
    };
    let window = |window: &Window| {
        let ends = window.to.as_ref().is_some_and(within);
        let by_events = window.events.as_ref().is_some_and(|places| places.iter().all(is_place_settled));
        window.part.is_none() && (ends || by_events)
    };
    match quantity {
        Quantity::Between(places) => places.iter().all(is_place_settled),
        Quantity::When(condition) => is_condition_settled(condition),
        Quantity::Find(_, place) | Quantity::Derivative(_, place) => match place {
            Place::At(at) => within(at),
            Place::When(condition) => is_condition_settled(condition),
        },
        Quantity::Statistic { window: part, .. }
        | Quantity::Cycles { window: part, .. }
        | Quantity::Difference { window: part, .. }
        | Quantity::Fourier { window: part, .. }
        | Quantity::Equation(_, part) => window(part),
        Quantity::Expression(operand) => {
            let mut of_curves = false;
            operand.expression.walk(&mut |part| of_curves |= matches!(part, Expression::Probe { .. }));
            !of_curves
        }
        Quantity::Deviation { .. } | Quantity::Purity { .. } | Quantity::Bin(..) => false,
    }
}

fn is_place_settled(place: &Place) -> bool {
    match place {
        Place::At(_) => true,
        Place::When(condition) => is_condition_settled(condition),
    }
}

/// Crossings that are counted from the end move with it.
fn is_condition_settled(condition: &Condition) -> bool {
    !condition.of_maximum && matches!(condition.count, Count::Number(1..))
}

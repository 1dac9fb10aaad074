//! Values of all cells of an array at one point, and how they are taken while an analysis runs.

use super::array_card::ArrayCard;
use super::figure::heat_map::{HeatMap, LINES};
use super::plot_selector::AnalysisName;
use crate::analysis::output::Unknowns;
use crate::analysis::{PlotKind, Point};
use crate::circuit::Analysis;
use crate::diagnostic::Diagnostic;
use crate::mna::System;
use crate::mna::vectors::Vector;
use crate::numerics::npy::{self, Matrix};

/// The values that a `.array` card asks for.
#[derive(Debug, Clone)]
pub struct ArraySnapshot {
    pub card: ArrayCard,
    /// A row for each word line.
    pub values: Matrix,
}

/// Takes what `.array` cards ask for.
#[derive(Default)]
pub struct ArrayTaker {
    cards: Vec<ArrayCard>,
    pending: Vec<Pending>,
    /// The point before, for values between points.
    before: Option<(f64, Vec<f64>)>,
    taken: Vec<ArraySnapshot>,
    pub errors: Vec<Diagnostic>,
}

/// A card that belongs to the analysis under way.
struct Pending {
    card: ArrayCard,
    shape: [usize; 2],
    vectors: Vec<Vector>,
    when: When,
}

#[derive(Clone, Copy, PartialEq)]
enum When {
    /// The first point from here on, seconds.
    Time(f64),
    /// This value of the axis.
    Axis(f64),
    Last,
    Done,
}

impl ArrayTaker {
    pub fn new(cards: Vec<ArrayCard>) -> Self {
        ArrayTaker { cards, ..ArrayTaker::default() }
    }

    /// An analysis begins.
    pub fn begin(&mut self, kind: &PlotKind, system: &System) {
        let name = match kind {
            PlotKind::OperatingPoint => AnalysisName::OperatingPoint,
            PlotKind::Dc { .. } => AnalysisName::Dc,
            PlotKind::Transient => AnalysisName::Transient,
            PlotKind::Ac => AnalysisName::Ac,
        };
        self.pending.clear();
        self.before = None;
        for card in self.cards.iter().filter(|card| card.analysis.is_none_or(|wanted| wanted == name)) {
            let when = match (name, card.at) {
                (AnalysisName::Ac, _) => continue,
                (AnalysisName::Transient, at) => When::Time(at.unwrap_or_else(|| stop_time(system))),
                (AnalysisName::Dc, Some(at)) => When::Axis(at),
                _ => When::Last,
            };
            match vectors(card, system) {
                Ok((shape, vectors)) => self.pending.push(Pending { card: card.clone(), shape, vectors, when }),
                Err(error) => self.errors.push(error),
            }
        }
    }

    /// A point of it.
    pub fn point(&mut self, point: &Point) {
        let Unknowns::Real(x) = point.unknowns else { return };
        if self.pending.iter().all(|pending| pending.when == When::Done) {
            return;
        }
        for index in 0..self.pending.len() {
            let due = match self.pending[index].when {
                When::Time(time) => point.axis >= time * (1.0 - 1e-12),
                When::Axis(value) => (point.axis - value).abs() <= 1e-9 * value.abs().max(1e-9),
                When::Last => true,
                When::Done => false,
            };
            if !due {
                continue;
            }
            let x = self.between(point, x, self.pending[index].when);
            let pending = &mut self.pending[index];
            if matches!(pending.when, When::Time(_)) {
                pending.when = When::Done;
            }
            let value = |vector: &Vector| point.system.value(*vector, &x, point.environment);
            let [rows, columns] = pending.shape;
            let values = Matrix { rows, columns, values: pending.vectors.iter().map(value).collect() };
            self.taken.retain(|taken| taken.card.span != pending.card.span);
            self.taken.push(ArraySnapshot { card: pending.card.clone(), values });
        }
        let (axis, kept) = self.before.get_or_insert_with(|| (point.axis, Vec::new()));
        *axis = point.axis;
        kept.clear();
        kept.extend_from_slice(x);
    }

    /// Unknowns at the wanted time: on the straight line from the point before to this one.
    fn between(&self, point: &Point, x: &[f64], when: When) -> Vec<f64> {
        match (when, &self.before) {
            (When::Time(time), Some((before, earlier))) if *before < time && point.axis > time => {
                let share = (time - before) / (point.axis - before);
                earlier.iter().zip(x).map(|(a, b)| a + share * (b - a)).collect()
            }
            _ => x.to_vec(),
        }
    }

    /// What was taken, in the order of the cards, and warnings about cards that no point was for.
    pub fn finish(self) -> (Vec<ArraySnapshot>, Vec<Diagnostic>) {
        let missed = |card: &&ArrayCard| !self.taken.iter().any(|taken| taken.card.span == card.span);
        let warning = |card: &ArrayCard| Diagnostic::warning("no analysis has a point for this card").at(card.span);
        let warnings = self.cards.iter().filter(missed).map(warning).collect();
        let mut taken = self.taken;
        taken.sort_by_key(|taken| self.cards.iter().position(|card| card.span == taken.card.span));
        (taken, warnings)
    }
}

fn stop_time(system: &System) -> f64 {
    let mut stops = system.circuit.analyses.iter().filter_map(|card| match &card.analysis {
        Analysis::Transient(transient) => Some(transient.stop),
        _ => None,
    });
    stops.next_back().unwrap_or(0.0)
}

/// Shape of the array, and the card's vectors row by row.
fn vectors(card: &ArrayCard, system: &System) -> Result<([usize; 2], Vec<Vector>), Diagnostic> {
    let element = system.circuit.element_index.get(&card.element).copied();
    let array = element.and_then(|element| Some((element, system.array_shape(element)?)));
    let Some((element, [rows, columns])) = array else {
        return Err(Diagnostic::error(format!("`{}` is no array", card.element)).at(card.span));
    };
    let vectors = (0..rows * columns).map(|cell| system.cell_quantity(element, cell, &card.quantity));
    let vectors: Option<Vec<Vector>> = vectors.collect();
    let missing = || {
        let message = format!("the cells of `{}` have no `{}`", card.element, card.quantity);
        let hint = "quantities: x g i v p r s, and v(name.wl) and v(name.bl) for the lines";
        Diagnostic::error(message).at(card.span).hint(hint)
    };
    Ok(([rows, columns], vectors.ok_or_else(missing)?))
}

impl ArraySnapshot {
    /// The contents of the card's file.
    ///
    /// # Errors
    /// The drawing library failed.
    pub fn contents(&self) -> Result<Vec<u8>, Diagnostic> {
        match self.card.file.rsplit_once('.').map(|(_, ending)| ending.to_lowercase()).as_deref() {
            Some("npy") => Ok(npy::write(&self.values)),
            Some("csv") => Ok(self.csv().into_bytes()),
            Some("png") => self.heat_map().to_png(),
            _ => Ok(self.heat_map().to_svg()?.into_bytes()),
        }
    }

    fn csv(&self) -> String {
        let line = |row: &[f64]| row.iter().map(|value| format!("{value:e}")).collect::<Vec<_>>().join(",") + "\n";
        self.values.values.chunks_exact(self.values.columns).map(line).collect()
    }

    fn heat_map(&self) -> HeatMap {
        let (label, unit) = match &*self.card.quantity {
            "g" => ("Conductance", "S"),
            "i" => ("Current", "A"),
            "v" => ("Voltage across the cell", "V"),
            "wl" => ("Voltage of the word line", "V"),
            "bl" => ("Voltage of the bit line", "V"),
            "inner" => ("Voltage at the transistor", "V"),
            "p" => ("Power", "W"),
            "r" => ("Resistance", "Ω"),
            _ => ("State", ""),
        };
        HeatMap {
            title: self.card.title.clone(),
            label: label.into(),
            unit: unit.into(),
            values: self.values.clone(),
            size: None,
            axes: LINES,
            logarithmic: self.card.logarithmic,
        }
    }
}

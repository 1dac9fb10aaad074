//! The cells of an array: memristors in parallel, and in series with them a resistance and a selector.
//!
//! ```text
//!   word ──┬─ memristor 1 ─┬── Rs ── selector ── bit
//!          └─ memristor 2 ─┘
//!          |←──── w ──────→|         |←── z ──→|
//! ```
//! What is between the parts is eliminated: at a drop v over the whole cell, w solves I(w) = I_selector(v − w − Rs·I(w)), whose
//! left side rises and whose right side falls with w. Derivatives follow from the same equation, differentiated. The states of
//! the memristors come first, the selector's last.

mod differentiate;
mod level;
pub mod part;

use self::differentiate::differentiate;
use self::level::level;
use self::part::{CellCards, Part, PartPoint};
use super::assembly::Assembly;
use super::construct::Construction;
use super::registry::part_constructor;
use crate::arrays::cells::{DynamicCells, Linearised, MOST_STATES, PowerTerm};
use crate::arrays::laws::CellBranch;
use crate::circuit::element::Parameter;
use crate::circuit::{Circuit, Element, ElementId, Model};
use crate::diagnostic::{Diagnostic, Span};

/// Newton steps, or halvings where those leave the bracket, for the voltage inside a cell.
const MOST_STEPS: usize = 200;

/// The cells of one array.
pub struct DeviceCells {
    count: usize,
    /// In parallel.
    parts: Vec<Box<dyn Part>>,
    /// Ω
    series: f64,
    selector: Option<Box<dyn Part>>,
}

/// What cells are made of.
pub struct Making<'a, 'b> {
    /// Models of the memristors in parallel.
    pub models: &'a [&'b Model],
    pub selector: Option<&'b Model>,
    /// In series with them, Ω.
    pub series: f64,
    /// Number of cells.
    pub count: usize,
    /// Flat name of a cell: its spread depends on it.
    pub name: &'a dyn Fn(usize) -> String,
    /// Parameters of the memristors that replace those of their models.
    pub parameters: &'a [Parameter],
}

impl DeviceCells {
    /// Cells of models of `circuit`, for studies that have no element in it: memristors in parallel, a selector, and `series` ohms.
    ///
    /// # Errors
    /// What is wrong with a model, or that there is none of a name.
    pub fn of_models(
        circuit: &Circuit,
        parallel: &[&str],
        selector: Option<&str>,
        series: f64,
        count: usize,
    ) -> Result<DeviceCells, Vec<Diagnostic>> {
        let models: Vec<&Model> = parallel.iter().map(|name| model(circuit, name)).collect::<Result<_, _>>()?;
        let selector = selector.map(|name| model(circuit, name)).transpose()?;
        let Some(span) = models.first().map(|model| model.span) else {
            return Err(vec![Diagnostic::error("cells need a model")]);
        };
        let element = element_of(span);
        let mut assembly = Assembly::new(circuit);
        let mut diagnostics = Vec::new();
        let mut construction = Construction {
            circuit,
            id: ElementId(0),
            element: &element,
            assembly: &mut assembly,
            diagnostics: &mut diagnostics,
        };
        let name = |cell: usize| format!("cell{cell}");
        let making = Making { models: &models, selector, series, count, name: &name, parameters: &[] };
        DeviceCells::read(&mut construction, &making).ok_or(diagnostics)
    }

    /// Reads the models; errors go to `construction`.
    pub fn read<'b>(construction: &mut Construction<'b>, making: &Making<'_, 'b>) -> Option<DeviceCells> {
        let mut series = making.series;
        let mut parts = Vec::with_capacity(making.models.len());
        for model in making.models {
            let part = read_part(construction, making, model, making.parameters)?;
            if part.series_resistance() > 0.0 && making.models.len() > 1 {
                let message = format!("model `{}` has a series resistance of its own", model.name);
                let error = Diagnostic::error(message).at(model.span);
                construction.error(error.hint("memristors in parallel share one: give it on the array's model"));
                return None;
            }
            series += part.series_resistance();
            parts.push(part);
        }
        let selector = match making.selector {
            Some(model) => {
                let part = read_part(construction, making, model, &[])?;
                series += part.series_resistance();
                Some(part)
            }
            None => None,
        };
        if parts.len() + usize::from(selector.is_some()) > MOST_STATES {
            let message = format!("a cell has at most {MOST_STATES} memristors");
            construction.error(Diagnostic::error(message).at(construction.element.span));
            return None;
        }
        Some(DeviceCells { count: making.count, parts, series, selector })
    }

    /// Number of memristors in parallel in every cell.
    pub fn memristors(&self) -> usize {
        self.parts.len()
    }

    /// Published state number `part` of `cell`.
    pub fn published(&self, cell: usize, part: usize, states: &[f64]) -> f64 {
        self.parts
            .get(part)
            .or(self.selector.as_ref())
            .map_or(f64::NAN, |part_of| part_of.published(cell, states[part]))
    }

    /// The state of memristor `part` of `cell` whose published state is `x`.
    pub fn state_at(&self, cell: usize, part: usize, x: f64) -> Option<f64> {
        let device = self.parts.get(part)?;
        level(&|s| device.published(cell, s), device.start(cell), x)
    }

    /// The state in which `cell`, of one memristor, has the conductance `conductance` (S) at `read_voltage` (V); none if it cannot have it.
    pub fn state_of_conductance(&self, cell: usize, conductance: f64, read_voltage: f64) -> Option<f64> {
        let device = self.parts.first().filter(|_| self.parts.len() == 1 && self.selector.is_none())?;
        let of = |s: f64| self.current(cell, read_voltage, &[s]) / read_voltage;
        level(&of, device.start(cell), conductance)
    }

    /// The cells with their states held, `states` per cell one after the other.
    pub fn held<'a>(&'a self, states: &'a [f64]) -> HeldCells<'a> {
        HeldCells { cells: self, states }
    }

    /// Current through the parts in parallel, A, and its derivative, S.
    fn parallel(&self, cell: usize, w: f64, states: &[f64]) -> (f64, f64) {
        let branches = self.parts.iter().zip(states).map(|(part, &s)| part.branch(cell, w, s));
        branches.fold((0.0, 0.0), |sum, branch| (sum.0 + branch.0, sum.1 + branch.1))
    }

    /// Current of `cell`, A, and its derivative by the drop, S, with its states held.
    pub fn branch(&self, cell: usize, drop: f64, states: &[f64]) -> (f64, f64) {
        let w = self.inner(cell, drop, states);
        let (current, conductance) = self.parallel(cell, w, states);
        let z = drop - w - self.series * current;
        let behind = self.selector.as_ref().map(|selector| selector.branch(cell, z, states[self.parts.len()]).1);
        let resistance = self.series + behind.map_or(0.0, |conductance| 1.0 / conductance);
        (current, conductance / (1.0 + resistance * conductance))
    }

    /// Whether any part's rates differ from pulse to pulse.
    pub fn is_pulsed(&self) -> bool {
        self.parts.iter().chain(&self.selector).any(|part| part.is_pulsed())
    }

    fn is_plain(&self) -> bool {
        self.series == 0.0 && self.selector.is_none()
    }

    /// The voltage w across the parts in parallel.
    fn inner(&self, cell: usize, drop: f64, states: &[f64]) -> f64 {
        if self.is_plain() || drop == 0.0 {
            return drop;
        }
        let (mut low, mut high) = (drop.min(0.0), drop.max(0.0));
        let mut w = 0.5 * drop;
        for _ in 0..MOST_STEPS {
            let (current, conductance) = self.parallel(cell, w, states);
            let rest = drop - w - self.series * current;
            let (excess, slope) = match &self.selector {
                Some(selector) => {
                    let (through, by_voltage) = selector.branch(cell, rest, states[self.parts.len()]);
                    (current - through, conductance + by_voltage * (1.0 + self.series * conductance))
                }
                None => (-rest, 1.0 + self.series * conductance),
            };
            if excess > 0.0 {
                high = w
            } else {
                low = w
            }
            let newton = w - excess / slope;
            let next = if newton >= low && newton <= high { newton } else { 0.5 * (low + high) };
            if (next - w).abs() <= 4.0 * f64::EPSILON * drop.abs() {
                return next;
            }
            w = next;
        }
        w
    }
}

impl DynamicCells for DeviceCells {
    fn len(&self) -> usize {
        self.count
    }

    fn states(&self) -> usize {
        self.parts.len() + usize::from(self.selector.is_some())
    }

    fn start(&self, cell: usize) -> [f64; MOST_STATES] {
        let mut states = [0.0; MOST_STATES];
        for (state, part) in states.iter_mut().zip(self.parts.iter().chain(&self.selector)) {
            *state = part.start(cell);
        }
        states
    }

    fn linearise(&self, cell: usize, drop: f64, states: &[f64]) -> Linearised {
        let w = self.inner(cell, drop, states);
        let count = self.parts.len();
        let mut points = [PartPoint::default(); MOST_STATES];
        for ((point, part), &s) in points.iter_mut().zip(&self.parts).zip(states) {
            *point = part.point(cell, w, s);
        }
        let current: f64 = points[..count].iter().map(|point| point.current).sum();
        let z = drop - w - self.series * current;
        let selector = self.selector.as_ref().map(|selector| selector.point(cell, z, states[count]));
        differentiate(&points[..count], selector.as_ref(), self.series)
    }

    fn current(&self, cell: usize, drop: f64, states: &[f64]) -> f64 {
        self.parallel(cell, self.inner(cell, drop, states), states).0
    }

    fn branch(&self, cell: usize, drop: f64, states: &[f64]) -> (f64, f64) {
        DeviceCells::branch(self, cell, drop, states)
    }

    fn power_terms(&self, cell: usize, states: &[f64]) -> Option<[PowerTerm; 2]> {
        match &self.parts[..] {
            [part] if self.is_plain() => part.power_terms(cell, *states.first()?),
            _ => None,
        }
    }
}

/// Cells whose states are held.
pub struct HeldCells<'a> {
    cells: &'a DeviceCells,
    states: &'a [f64],
}

impl CellBranch for HeldCells<'_> {
    fn at(&self, cell: usize, drop: f64) -> (f64, f64) {
        let per_cell = self.cells.states();
        self.cells.branch(cell, drop, &self.states[cell * per_cell..][..per_cell])
    }
}

fn model<'a>(circuit: &'a Circuit, name: &str) -> Result<&'a Model, Vec<Diagnostic>> {
    circuit.models.iter().find(|model| model.name.eq_ignore_ascii_case(name)).ok_or_else(|| {
        let known = circuit.models.iter().map(|model| &*model.name);
        vec![Diagnostic::error(format!("there is no model `{name}`")).nearest(name, known)]
    })
}

/// An element that stands for cells outside of any circuit.
fn element_of(span: Span) -> Element {
    Element {
        name: "cells".into(),
        letter: b'n',
        nodes: Box::default(),
        ports: Box::default(),
        model: None,
        controls: Box::default(),
        values: Box::default(),
        parameters: Box::default(),
        multiplier: 1.0,
        span,
    }
}

fn read_part<'b>(
    construction: &mut Construction<'b>,
    making: &Making<'_, 'b>,
    model: &'b Model,
    parameters: &[Parameter],
) -> Option<Box<dyn Part>> {
    let constructor = match part_constructor(&model.kind) {
        Ok(constructor) => constructor,
        Err(kinds) => {
            let message = format!("`{}` is no kind of memristor that a cell can have", model.kind);
            let error = Diagnostic::error(message).at(model.kind_span).nearest(&model.kind, kinds.iter().copied());
            construction.error(error.hint(format!("kinds: {}", kinds.join(", "))));
            return None;
        }
    };
    let parameters = parameters.to_vec();
    constructor(CellCards { construction, model, parameters, count: making.count, name: making.name })
}

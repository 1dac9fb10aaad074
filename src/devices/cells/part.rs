//! One memristor of every cell: many devices of one model behind one interface.

use crate::arrays::cells::PowerTerm;
use crate::circuit::Model;
use crate::circuit::element::Parameter;
use crate::devices::construct::Construction;
use crate::devices::memristors::{Card, MemristorModel};
use crate::numerics::dual::Dual;

/// A device at a voltage v in a state s, with derivatives.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct PartPoint {
    /// A
    pub current: f64,
    /// ∂I/∂v, S
    pub conductance: f64,
    /// ∂I/∂s
    pub current_by_state: f64,
    /// ds/dt
    pub rate: f64,
    pub rate_by_voltage: f64,
    pub rate_by_state: f64,
}

/// The same memristor in each of many cells, with its own spread in each.
pub trait Part: Send + Sync {
    /// Where the state of `cell` starts.
    fn start(&self, cell: usize) -> f64;
    /// Published state of the unknown `s`.
    fn published(&self, cell: usize, s: f64) -> f64;
    /// Current and its derivative by voltage.
    fn branch(&self, cell: usize, v: f64, s: f64) -> (f64, f64);
    fn point(&self, cell: usize, v: f64, s: f64) -> PartPoint;
    /// Resistance in series with it, Ω.
    fn series_resistance(&self) -> f64;
    /// Whether its rates differ from pulse to pulse.
    fn is_pulsed(&self) -> bool;
    /// The current as a sum of power laws, if it is one.
    fn power_terms(&self, cell: usize, s: f64) -> Option<[PowerTerm; 2]>;
}

/// The cards that the devices of a part are read from.
pub struct CellCards<'a, 'b> {
    pub construction: &'a mut Construction<'b>,
    pub model: &'b Model,
    /// What stands on the array's card for the cells, after the model's own parameters.
    pub parameters: Vec<Parameter>,
    /// Number of cells.
    pub count: usize,
    /// Flat name of a cell.
    pub name: &'a dyn Fn(usize) -> String,
}

pub type PartConstructor = fn(CellCards) -> Option<Box<dyn Part>>;

/// Reads one device for all cells, or one for each if they differ; none after an error.
pub fn construct<M: MemristorModel>(cards: CellCards) -> Option<Box<dyn Part>> {
    let CellCards { construction, model, parameters, count, name } = cards;
    let errors = construction.diagnostics.len();
    let mut read = |cell: usize| M::read(&mut Card::of_cell(construction, model, name(cell), parameters.clone()));
    let first = read(0);
    let count = if first.as_ref().is_some_and(M::varies) { count } else { 1 };
    let models: Option<Vec<M>> = std::iter::once(first).chain((1..count).map(read)).collect();
    if construction.diagnostics[errors..].iter().any(crate::diagnostic::Diagnostic::is_error) {
        return None;
    }
    Some(Box::new(Devices { models: models? }))
}

/// Devices of one kind.
struct Devices<M> {
    /// One for all cells, or one for each.
    models: Vec<M>,
}

impl<M: MemristorModel> Devices<M> {
    fn model(&self, cell: usize) -> &M {
        &self.models[if self.models.len() == 1 { 0 } else { cell }]
    }
}

impl<M: MemristorModel> Part for Devices<M> {
    fn start(&self, cell: usize) -> f64 {
        self.model(cell).start()
    }

    fn published(&self, cell: usize, s: f64) -> f64 {
        self.model(cell).published(s)
    }

    fn branch(&self, cell: usize, v: f64, s: f64) -> (f64, f64) {
        let current = self.model(cell).current(Dual::<1>::variable(v, 0), Dual::from(s));
        (current.value, current.gradient[0])
    }

    fn point(&self, cell: usize, v: f64, s: f64) -> PartPoint {
        let model = self.model(cell);
        let [v, s] = Dual::variables(&[v, s]);
        let current = model.current(v, s);
        let rate = model.rate(v, s, current);
        PartPoint {
            current: current.value,
            conductance: current.gradient[0],
            current_by_state: current.gradient[1],
            rate: rate.value,
            rate_by_voltage: rate.gradient[0],
            rate_by_state: rate.gradient[1],
        }
    }

    fn series_resistance(&self) -> f64 {
        self.model(0).series_resistance()
    }

    fn is_pulsed(&self) -> bool {
        self.model(0).pulse_gate().is_some()
    }

    fn power_terms(&self, cell: usize, s: f64) -> Option<[PowerTerm; 2]> {
        self.model(cell).power_terms(s)
    }
}

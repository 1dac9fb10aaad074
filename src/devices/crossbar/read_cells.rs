//! From the card to the cells: linear or memristors, their values, spread and faults.

use rustc_hash::FxHashMap;

use super::card::{CrossbarCard, Parameters};
use super::cells::{ArrayCells, MemristorCells, Stuck};
use super::faults::{self, Fault};
use super::values::{self, Place};
use super::weights;
use crate::arrays::cells::DynamicCells;
use crate::circuit::Model;
use crate::circuit::element::Parameter;
use crate::devices::cells::{DeviceCells, Making};
use crate::devices::construct::Construction;
use crate::diagnostic::Diagnostic;

/// The cells of the array on `c`'s card; none after an error.
pub fn read<'b>(
    c: &mut Construction<'b>,
    card: &CrossbarCard<'b>,
    p: &Parameters,
    place: &Place,
) -> Option<ArrayCells> {
    let result = models(c, card).and_then(|(models, selector)| {
        if !models.is_empty() {
            return Ok((models, selector));
        }
        let useless = [(selector.is_some(), "selector"), (p.cell_series > 0.0, "cell_rs")];
        match useless.into_iter().find(|(given, _)| *given) {
            Some((_, name)) => {
                Err(card.error(name, "is for cells that are memristors").hint("name their model: cell=…"))
            }
            None => Ok((models, selector)),
        }
    });
    let (models, selector) = report(c, result)?;
    if models.is_empty() {
        let linear = linear(c, card, p, place);
        return report(c, linear).map(ArrayCells::Linear);
    }
    let making = Making {
        models: &models,
        selector,
        series: p.cell_series,
        count: place.rows * place.columns,
        name: &|cell| place.cell_name(cell),
        parameters: &[],
    };
    let devices = DeviceCells::read(c, &making)?;
    if devices.is_pulsed() {
        let error = card.error("cell", "differs from pulse to pulse, which cells of arrays cannot");
        c.error(error.hint("set the model's spread from cycle to cycle to 0"));
        return None;
    }
    let read_voltage = read_voltage(card, p, &models);
    let memristors = memristors(c, card, p, place, devices, read_voltage);
    report(c, memristors).map(ArrayCells::Memristors)
}

fn report<T>(c: &mut Construction, result: Result<T, Diagnostic>) -> Option<T> {
    result.map_err(|error| c.error(error)).ok()
}

/// Models of the memristors of a cell, none for linear cells, and of the selector.
fn models<'b>(
    c: &Construction<'b>,
    card: &CrossbarCard<'b>,
) -> Result<(Vec<&'b Model>, Option<&'b Model>), Diagnostic> {
    let words = card.words("cell")?;
    let is_linear = matches!(words[..], [] | ["linear"]);
    let models = match is_linear {
        true => Vec::new(),
        false => words.iter().map(|word| card.find_model(c.circuit, "cell", word)).collect::<Result<_, _>>()?,
    };
    let selector = card.word("selector")?.map(|word| card.find_model(c.circuit, "selector", word)).transpose()?;
    if let Some(model) = selector.filter(|model| &*model.kind != "threshold_selector") {
        let error = card.error("selector", "must be a model of kind `threshold_selector`");
        return Err(error.label(model.kind_span, "declared here"));
    }
    Ok((models, selector))
}

/// The array's own `vread`, or else that of the cells' model.
fn read_voltage(card: &CrossbarCard, p: &Parameters, models: &[&Model]) -> f64 {
    let of_model = models.first().and_then(|model| model.parameter("vread")?.value.number());
    if card.parameter("vread").is_some() { p.read_voltage } else { of_model.unwrap_or(p.read_voltage) }
}

fn linear(c: &Construction, card: &CrossbarCard, p: &Parameters, place: &Place) -> Result<Vec<f64>, Diagnostic> {
    if let Some(parameter) = card.later(&["x0", "g0"]) {
        let error = card.error(&parameter.name, "is for cells that are memristors");
        return Err(error.hint("linear cells take `g=` in S; for memristors name their model: cell=…"));
    }
    let unknown = || (p.range_high.is_finite()).then_some([0.0, p.range_high]);
    let mut conductances = match weights::conductances(card, c.circuit, p, place, unknown)? {
        Some(conductances) => conductances,
        None => of_card(c, card, place)?,
    };
    if p.spread > 0.0 {
        for (cell, conductance) in conductances.iter_mut().enumerate() {
            *conductance *= (1.0 + p.spread * place.draws(cell, "spread").normal(0)).max(0.0);
        }
    }
    for (cell, fault) in faults::read(card, c.circuit, p, place)? {
        conductances[cell] = match fault {
            Fault::Low if p.low.is_finite() => p.low,
            Fault::High if p.high.is_finite() => p.high,
            Fault::At(conductance) => conductance,
            Fault::Low => return Err(card.error("g_low", "is missing: cells are stuck low")),
            Fault::High => return Err(card.error("g_high", "is missing: cells are stuck high")),
        };
    }
    Ok(conductances)
}

/// The conductances that `g=` gives to linear cells.
fn of_card(c: &Construction, card: &CrossbarCard, place: &Place) -> Result<Vec<f64>, Diagnostic> {
    let Some(parameter) = card.parameter("g") else {
        let error = card.error("g", "is missing: linear cells need conductances");
        let hint = "write g=10u, g=\"file.csv\", g=\"uniform(5u 95u)\" or weights=…; memristors are cell=MODEL";
        return Err(error.hint(hint));
    };
    let conductances = values::read(card, c.circuit, parameter, place)?;
    check_conductances(card, parameter, place, &conductances)?;
    Ok(conductances)
}

fn check_conductances(
    card: &CrossbarCard,
    parameter: &Parameter,
    place: &Place,
    conductances: &[f64],
) -> Result<(), Diagnostic> {
    let Some(cell) = conductances.iter().position(|value| !(value.is_finite() && *value >= 0.0)) else { return Ok(()) };
    let (row, column, value) = (cell / place.columns, cell % place.columns, conductances[cell]);
    let error = card.error(&parameter.name, &format!("is {value} S in row {row}, column {column}"));
    Err(error.hint("conductances are finite and not negative, 0 for an open cell"))
}

fn memristors(
    c: &Construction,
    card: &CrossbarCard,
    p: &Parameters,
    place: &Place,
    devices: DeviceCells,
    read_voltage: f64,
) -> Result<MemristorCells, Diagnostic> {
    for name in ["g", "sigma_g"] {
        if card.parameter(name).is_some() {
            let error = card.error(name, "is for linear cells");
            return Err(error.hint("memristors take `x0=` or `g0=`, and their spread from their model's `sigma_…`"));
        }
    }
    let mut starts = starts(c, card, p, place, &devices, read_voltage)?;
    let mut stuck = FxHashMap::default();
    for (cell, fault) in faults::read(card, c.circuit, p, place)? {
        let kind = match fault {
            Fault::Low if p.low.is_finite() => Stuck::At(p.low),
            Fault::High if p.high.is_finite() => Stuck::At(p.high),
            Fault::At(conductance) => Stuck::At(conductance),
            Fault::Low | Fault::High => {
                let x = if fault == Fault::Low { 0.0 } else { 1.0 };
                let count = devices.states();
                let cell_starts = &mut starts[cell * count..][..count];
                freeze(&devices, cell, x, cell_starts).ok_or_else(|| {
                    let name = place.cell_name(cell);
                    let error = card.error("cell", &format!("cannot be stuck at the state x = {x} in `{name}`"));
                    error.hint("give the conductances of stuck cells: g_low= and g_high=")
                })?;
                Stuck::Still
            }
        };
        stuck.insert(cell, kind);
    }
    Ok(MemristorCells { devices, starts, stuck, read_voltage })
}

/// Puts the memristors of `cell` into the published state `x`; the selector stays where it is.
fn freeze(devices: &DeviceCells, cell: usize, x: f64, states: &mut [f64]) -> Option<()> {
    for (part, state) in states.iter_mut().enumerate().take(devices.memristors()) {
        *state = devices.state_at(cell, part, x)?;
    }
    Some(())
}

/// Initial states of all cells.
fn starts(
    c: &Construction,
    card: &CrossbarCard,
    p: &Parameters,
    place: &Place,
    devices: &DeviceCells,
    read_voltage: f64,
) -> Result<Vec<f64>, Diagnostic> {
    let count = devices.states();
    let mut starts: Vec<f64> = (0..devices.len()).flat_map(|cell| devices.start(cell)[..count].to_vec()).collect();
    let (name, values) = match weights::conductances(card, c.circuit, p, place, || range(devices, read_voltage))? {
        Some(conductances) => ("weights", conductances),
        None => {
            let Some(parameter) = card.later(&["x0", "g0"]) else { return Ok(starts) };
            let values = values::read(card, c.circuit, parameter, place)?;
            if &*parameter.name == "g0" {
                check_conductances(card, parameter, place, &values)?;
            }
            (&*parameter.name, values)
        }
    };
    for (cell, value) in values.into_iter().enumerate() {
        let states = &mut starts[cell * count..][..count];
        let found = match name {
            "x0" => freeze(devices, cell, value, states),
            _ => devices.state_of_conductance(cell, value, read_voltage).map(|state| states[0] = state),
        };
        if found.is_none() {
            return Err(unreachable(card, name, place, cell, value, read_voltage));
        }
    }
    Ok(starts)
}

/// The conductances at `voltage` that every cell can have, S: between its published states 0 and 1.
fn range(devices: &DeviceCells, voltage: f64) -> Option<[f64; 2]> {
    let of_state = |cell: usize, x: f64| {
        let state = devices.state_at(cell, 0, x)?;
        Some(devices.current(cell, voltage, &[state]) / voltage)
    };
    // Ends of the range are reached by the cells only in the limit.
    const MARGIN: f64 = 1e-9;
    let mut range = [0.0, f64::INFINITY];
    for cell in 0..if devices.states() == 1 { devices.len() } else { 0 } {
        let [a, b] = [of_state(cell, 0.0)?, of_state(cell, 1.0)?];
        let inside = MARGIN * (a - b).abs();
        range = [range[0].max(a.min(b) + inside), range[1].min(a.max(b) - inside)];
    }
    (range[0] <= range[1] && range[1].is_finite()).then_some(range)
}

fn unreachable(
    card: &CrossbarCard,
    name: &str,
    place: &Place,
    cell: usize,
    value: f64,
    read_voltage: f64,
) -> Diagnostic {
    let (row, column) = (cell / place.columns, cell % place.columns);
    let value = if name == "weights" { format!("{value} S") } else { value.to_string() };
    let error = card.error(name, &format!("is {value} in row {row}, column {column}, which the cell cannot have"));
    if name != "x0" {
        let hint = format!("conductances are those at {read_voltage} V, of one memristor without a selector");
        return error.hint(hint);
    }
    error.hint("states are those that the model shows as `x`")
}

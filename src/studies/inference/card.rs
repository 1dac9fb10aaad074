//! The device card of a study: the range of its conductances, and its own I–V while it is read, states held.

use std::path::{Path, PathBuf};

use super::mapping::Range;
use super::study::Device;
use crate::arrays::cells::{CellLaw, DynamicCells, PowerTerm};
use crate::arrays::laws::{MixedPowerLaw, PowerLaw, PowerShape};
use crate::circuit::{Circuit, Overrides, elaborate};
use crate::devices::cells::DeviceCells;
use crate::diagnostic::{Diagnostic, Report};
use crate::netlist::Deck;
use crate::studies::programming::CellCard;

/// Read voltage of a card that does not state one, V.
const READ_VOLTAGE: f64 = 0.1;

/// Largest deviation from a straight line in fractions of the largest current that rounding explains.
const STRAIGHT: f64 = 1e-11;

/// A model card that cells are made of.
pub struct Card {
    file: PathBuf,
    circuit: Circuit,
    model: String,
    /// Voltage at which the card states conductances, V.
    pub read_voltage: f64,
    /// Conductances of its two end states there.
    pub range: Range,
}

/// Cells of a card that are read: current from conductance (at the card's read voltage) and voltage.
pub struct ReadCells {
    cells: DeviceCells,
    /// File and name of the card.
    file: PathBuf,
    model: String,
    read_voltage: f64,
    pub range: Range,
    /// States of the ends of the range.
    ends: [f64; 2],
    /// Whether current at any voltage is a straight line over conductance; then a layer is a matrix.
    pub is_affine: bool,
}

/// How cells of a card conduct, by the fastest way to tell.
pub enum CardLaw<'a> {
    Power(PowerLaw),
    Mixed(MixedPowerLaw),
    Other(HeldCells<'a>),
}

/// Equal cells in different states.
pub struct HeldCells<'a> {
    cells: &'a DeviceCells,
    states: Vec<f64>,
}

impl CellLaw for HeldCells<'_> {
    fn branch<const L: usize>(&self, cell: usize, drops: &[f64; L]) -> ([f64; L], [f64; L]) {
        let (mut currents, mut conductances) = ([0.0; L], [0.0; L]);
        for ((current, conductance), &drop) in currents.iter_mut().zip(&mut conductances).zip(drops) {
            (*current, *conductance) = self.cells.branch(0, drop, &self.states[cell..=cell]);
        }
        (currents, conductances)
    }
}

impl Card {
    /// Reads the card that `device` names; none if it names none.
    ///
    /// # Errors
    /// The file cannot be read, has no such model, or it is no memristor.
    pub fn read(device: &Device, folder: &Path) -> Result<Option<Card>, Report> {
        let Some(file) = &device.file else { return Ok(None) };
        let path = folder.join(file);
        if !path.is_file() {
            let error = Diagnostic::error(format!("there is no device card `{}`", path.display()));
            return Err(Report::message(
                error.hint("`device.file` is relative to the study; cards are in device_models/"),
            ));
        }
        // A circuit needs an element; this one carries nothing.
        let text = format!("cells\n.include \"{}\"\nr1 1 0 1\n.end\n", path.display());
        let circuit = elaborate(&Deck::from_text("cells", &text, Path::new("."))?, &Overrides::default())?;
        let model = model(&circuit, device, &path).map_err(Report::message)?;
        let stated = circuit.models.iter().find(|found| found.name.eq_ignore_ascii_case(&model));
        let read_voltage = stated.and_then(|model| model.parameter("vread")?.value.number()).unwrap_or(READ_VOLTAGE);
        let mut card = Card { file: path, circuit, model, read_voltage, range: Range { least: 0.0, most: 0.0 } };
        let cells = card.cells(1)?;
        let conductance = |x: f64| {
            let state = cells.state_at(0, 0, x)?;
            Some(cells.branch(0, read_voltage, &[state]).0 / read_voltage)
        };
        let (Some(least), Some(most)) = (conductance(0.0), conductance(1.0)) else {
            let error = Diagnostic::error(format!("model `{}` does not reach its end states", card.model));
            return Err(Report::message(error.hint("state the range: [device] g_min = …, g_max = …")));
        };
        card.range = Range { least, most };
        Ok(Some(card))
    }

    /// Calls `with` with the card as programming wants it.
    pub fn with_cell_card<R>(&self, with: impl FnOnce(&CellCard<'_>) -> R) -> R {
        with(&CellCard { circuit: &self.circuit, models: &[&self.model], series: 0.0 })
    }

    /// `count` cells of the card.
    ///
    /// # Errors
    /// What is wrong with the card.
    pub fn cells(&self, count: usize) -> Result<DeviceCells, Report> {
        DeviceCells::of_models(&self.circuit, &[&self.model], None, 0.0, count)
            .map_err(|errors| Report::new(self.circuit.sources.clone(), errors))
    }
}

/// The model that `device` names, or the only one of the file.
fn model(circuit: &Circuit, device: &Device, path: &Path) -> Result<String, Diagnostic> {
    let known = || circuit.models.iter().map(|model| &*model.name);
    let file = path.display();
    match &device.model {
        Some(name) if known().any(|known| known.eq_ignore_ascii_case(name)) => Ok(name.clone()),
        Some(name) => Err(Diagnostic::error(format!("`{file}` has no model `{name}`"))
            .nearest(name, known())
            .hint(format!("models there: {}", known().collect::<Vec<_>>().join(", ")))),
        None => match &*known().collect::<Vec<_>>() {
            [only] => Ok(only.to_string()),
            models => Err(Diagnostic::error(format!("`{file}` has {} models", models.len()))
                .hint(format!("name one: [device] model = … ({})", models.join(", ")))),
        },
    }
}

impl ReadCells {
    /// Cells with conductances of `range` that are read with up to `largest` V.
    ///
    /// # Errors
    /// The card is wrong, or cannot have these conductances.
    pub fn new(card: &Card, range: Range, largest: f64) -> Result<ReadCells, Report> {
        let cells = card.cells(1)?;
        let state = |conductance: f64| {
            cells.state_of_conductance(0, conductance, card.read_voltage).ok_or_else(|| {
                let Range { least, most } = card.range;
                let error = Diagnostic::error(format!("cells of `{}` cannot have {conductance} S", card.model));
                Report::message(error.hint(format!("they have {least:.4e} to {most:.4e} S at {} V", card.read_voltage)))
            })
        };
        let ends = [state(range.least)?, state(range.most)?];
        let mut read = ReadCells {
            cells,
            file: card.file.clone(),
            model: card.model.clone(),
            read_voltage: card.read_voltage,
            range,
            ends,
            is_affine: true,
        };
        read.is_affine = read.follows_a_line(largest);
        Ok(read)
    }

    fn follows_a_line(&self, largest: f64) -> bool {
        let mut places =
            (1..=15).flat_map(|place| (1..8).map(move |part| (f64::from(place) / 15.0, f64::from(part) / 8.0)));
        places.all(|(voltage, part)| {
            let (voltage, conductance) = (voltage * largest, self.range.least + part * self.range.width());
            let state = self.cells.state_of_conductance(0, conductance, self.read_voltage);
            let [least, most] = self.end_currents(voltage);
            let line = least + part * (most - least);
            state.is_some_and(|state| (self.cells.branch(0, voltage, &[state]).0 - line).abs() <= STRAIGHT * most.abs())
        })
    }

    /// The line of a netlist that makes the card known there, and the name of its model.
    pub fn inclusion(&self) -> (String, &str) {
        (format!(".include \"{}\"", self.file.display()), &self.model)
    }

    /// The published state of a cell with this conductance, S.
    ///
    /// # Errors
    /// The card cannot have it.
    pub fn published(&self, conductance: f64) -> Result<f64, Diagnostic> {
        Ok(self.cells.published(0, 0, &[self.state(conductance)?]))
    }

    fn state(&self, conductance: f64) -> Result<f64, Diagnostic> {
        self.cells
            .state_of_conductance(0, conductance, self.read_voltage)
            .ok_or_else(|| Diagnostic::error(format!("cells of `{}` cannot have {conductance} S", self.model)))
    }

    /// Currents of the ends of the range, A.
    pub fn end_currents(&self, voltage: f64) -> [f64; 2] {
        self.ends.map(|state| self.cells.branch(0, voltage, &[state]).0)
    }

    /// Current per conductance, V: what a linear cell would need as voltage.
    pub fn response(&self, voltage: f64) -> f64 {
        let [least, most] = self.end_currents(voltage);
        (most - least) / self.range.width()
    }

    /// The law of cells with these conductances, S.
    ///
    /// # Errors
    /// The card cannot have one of them.
    pub fn law(&self, conductances: &[f64]) -> Result<CardLaw<'_>, Diagnostic> {
        if self.is_affine
            && let [Some(least), Some(most)] = self.ends.map(|state| self.cells.power_terms(0, &[state]))
            && (0..2).all(|k| least[k].corner == most[k].corner && least[k].power == most[k].power)
        {
            return Ok(self.power_law(conductances, least, most));
        }
        let state = |conductance: &f64| self.state(*conductance);
        let states = conductances.iter().map(state).collect::<Result<_, _>>()?;
        Ok(CardLaw::Other(HeldCells { cells: &self.cells, states }))
    }

    /// What lies on a straight line between the ends does so in each of its terms.
    fn power_law(&self, conductances: &[f64], least: [PowerTerm; 2], most: [PowerTerm; 2]) -> CardLaw<'_> {
        let term = |k: usize| {
            let shape = PowerShape::new(least[k].corner, 4.0 * least[k].power + 1.0, self.read_voltage);
            // The shape is 1 V at 1 V of a conductance at the read voltage.
            let at_read = (1.0 + (self.read_voltage / least[k].corner).powi(4)).powf(least[k].power);
            let of = |conductance: &f64| {
                let part = (conductance - self.range.least) / self.range.width();
                at_read * (least[k].conductance + part * (most[k].conductance - least[k].conductance))
            };
            PowerLaw { conductances: conductances.iter().map(of).collect(), shape }
        };
        let (mut on, off) = (term(0), term(1));
        if on.shape == off.shape {
            on.conductances.iter_mut().zip(&off.conductances).for_each(|(on, off)| *on += off);
            return CardLaw::Power(on);
        }
        CardLaw::Mixed(MixedPowerLaw { on, off })
    }

    /// What a linear cell with the same current at `voltage` has as conductance, S.
    pub fn equivalent(&self, conductance: f64, voltage: f64) -> f64 {
        if !self.is_affine
            && let Some(state) = self.cells.state_of_conductance(0, conductance, self.read_voltage)
        {
            return self.cells.branch(0, voltage, &[state]).0 / voltage;
        }
        let [least, most] = self.end_currents(voltage);
        (least + (conductance - self.range.least) / self.range.width() * (most - least)) / voltage
    }

    /// The voltage from 0 to `most` with this response.
    pub fn voltage(&self, response: f64, most: f64) -> f64 {
        if response >= self.response(most) {
            return most;
        }
        let (mut low, mut high) = (0.0, most);
        // Bisection: a response may be flat at 0, where Newton's method would leave the range.
        for _ in 0..52 {
            let middle = 0.5 * (low + high);
            if self.response(middle) < response {
                low = middle;
            } else {
                high = middle;
            }
        }
        0.5 * (low + high)
    }
}

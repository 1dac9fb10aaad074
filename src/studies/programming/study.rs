//! A study of an array that is programmed by pulses: a TOML file.

use std::path::{Path, PathBuf};

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::array_report::ArrayProgramming;
use super::array_writing::write_array;
use super::device::CellCard;
use super::settings::PulseSettings;
use super::staircase::{Staircase, staircase};
use crate::arrays::{Crossbar, Driving};
use crate::circuit::{Circuit, Overrides, elaborate};
use crate::diagnostic::{Diagnostic, Report};
use crate::netlist::Deck;

/// Programming an array to evenly spaced levels, drawn at random.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProgrammingStudy {
    /// Heading. Default: empty. Example: `title = "128×128 to 32 levels"`
    #[serde(default)]
    pub title: String,
    /// What the cells are.
    pub device: DeviceCards,
    /// The array.
    #[serde(default)]
    pub array: ArrayWires,
    /// What it is programmed to.
    #[serde(default)]
    pub targets: Targets,
    /// How.
    #[serde(default)]
    pub pulses: PulseSettings,
}

/// The cards of a cell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeviceCards {
    /// File with the model cards, relative to the study. Example: `file = "../device_models/feo.lib"`
    pub file: PathBuf,
    /// Memristors in parallel. Example: `models = ["feo"]`
    pub models: Vec<String>,
    /// In series with them, Ω. Default: 0. Example: `series = 15.0`
    #[serde(default)]
    pub series: f64,
}

/// Cells and wires.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ArrayWires {
    /// Word lines. Default: 128. Example: `rows = 16`
    pub rows: usize,
    /// Bit lines. Default: 128. Example: `columns = 16`
    pub columns: usize,
    /// Wire resistance of a word line from cell to cell, Ω. Default: 0. Example: `word_segment = 0.05`
    pub word_segment: f64,
    /// Wire resistance of a bit line from cell to cell, Ω. Default: 0. Example: `bit_segment = 0.05`
    pub bit_segment: f64,
    /// Output resistance of each word-line driver, Ω. Default: 0. Example: `driver = 10.0`
    pub driver: f64,
    /// Input resistance of each sense amplifier, Ω. Default: 0. Example: `sense = 10.0`
    pub sense: f64,
    /// Drive word lines from both ends. Default: false. Example: `both_ends = true`
    pub both_ends: bool,
}

impl Default for ArrayWires {
    fn default() -> Self {
        ArrayWires {
            rows: 128,
            columns: 128,
            word_segment: 0.0,
            bit_segment: 0.0,
            driver: 0.0,
            sense: 0.0,
            both_ends: false,
        }
    }
}

/// Conductances evenly spaced over the range of the staircase.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Targets {
    /// Number of levels, both ends of the range included. Default: 32. Example: `levels = 16`
    pub levels: usize,
    /// Seed of the draw of a level for each cell. Default: 0. Example: `seed = 7`
    pub seed: u64,
}

impl Default for Targets {
    fn default() -> Self {
        Targets { levels: 32, seed: 0 }
    }
}

/// What a study found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProgrammingResult {
    pub study: ProgrammingStudy,
    pub staircase: Staircase,
    /// Distance of levels in fractions of the range.
    pub spacing: f64,
    /// Cells whose device is nearer to another level than to its own.
    pub wrong_level: usize,
    /// Targets by rows, S.
    pub targets: Vec<f64>,
    pub array: ArrayProgramming,
}

impl ProgrammingStudy {
    /// Reads the file `path`.
    ///
    /// # Errors
    /// It cannot be read, is no TOML, or has unknown names or impossible values.
    pub fn read(path: &Path) -> Result<ProgrammingStudy, Report> {
        let name = path.display();
        let text = std::fs::read_to_string(path)
            .map_err(|error| Report::message(Diagnostic::error(format!("cannot read `{name}`: {error}"))))?;
        ProgrammingStudy::parse(&name.to_string(), &text).map_err(Report::message)
    }

    /// The same from text; `name` is for messages.
    ///
    /// # Errors
    /// As for [`ProgrammingStudy::read`].
    pub fn parse(name: &str, text: &str) -> Result<ProgrammingStudy, Diagnostic> {
        let study: ProgrammingStudy =
            toml::from_str(text).map_err(|error| Diagnostic::error(format!("`{name}` is no such study: {error}")))?;
        study.validate()?;
        Ok(study)
    }

    fn validate(&self) -> Result<(), Diagnostic> {
        self.pulses.validate()?;
        self.crossbar().validate()?;
        if !(self.device.series.is_finite() && self.device.series >= 0.0) {
            return Err(Diagnostic::error(format!("`series` of the device is {} Ω", self.device.series)));
        }
        if self.targets.levels < 2 {
            return Err(Diagnostic::error("a range has two levels at least").hint("give `levels = 2` or more"));
        }
        Ok(())
    }

    fn crossbar(&self) -> Crossbar {
        let ArrayWires { rows, columns, word_segment, bit_segment, driver, sense, both_ends } = self.array;
        let driving = if both_ends { Driving::BothEnds } else { Driving::LeftEnd };
        Crossbar { rows, columns, word_segment, bit_segment, driver, sense, driving }
    }

    /// Programs the array; `folder` is where the study's files are, `watch` is told the part that is done.
    ///
    /// # Errors
    /// The cards cannot be read, or a time point has no solution.
    pub fn run(&self, folder: &Path, watch: &mut (dyn FnMut(f64) + Send)) -> Result<ProgrammingResult, Report> {
        let circuit = cards(&folder.join(&self.device.file))?;
        let models: Vec<&str> = self.device.models.iter().map(String::as_str).collect();
        let card = CellCard { circuit: &circuit, models: &models, series: self.device.series };
        self.run_with(&card, watch).map_err(Report::message)
    }

    fn run_with(&self, card: &CellCard, watch: &mut (dyn FnMut(f64) + Send)) -> Result<ProgrammingResult, Diagnostic> {
        let (array, staircase) = (self.crossbar(), staircase(card, &self.pulses)?);
        let cells = card.cells(array.cells())?;
        let [least, most] = staircase.range;
        let spacing = 1.0 / (self.targets.levels - 1) as f64;
        let mut random = ChaCha8Rng::seed_from_u64(self.targets.seed);
        let mut draw = || (random.next_u64() % self.targets.levels as u64) as f64 * spacing;
        let targets: Vec<f64> = (0..array.cells()).map(|_| least + draw() * (most - least)).collect();
        let programmed = write_array(&array, &cells, &targets, &self.pulses, watch)?;
        let far = |(achieved, target): &(&f64, &f64)| (*achieved - *target).abs() > 0.5 * spacing * (most - least);
        let wrong_level = programmed.conductances.iter().zip(&targets).filter(far).count();
        Ok(ProgrammingResult { study: self.clone(), staircase, spacing, wrong_level, targets, array: programmed })
    }
}

/// The circuit that consists of the cards of a file.
fn cards(file: &Path) -> Result<Circuit, Report> {
    let text = format!("cards\n.include \"{}\"\nr1 1 0 1\n.end\n", file.display());
    elaborate(&Deck::from_text("cells.cir", &text, Path::new("."))?, &Overrides::default())
}

//! How cells are programmed by pulses: the `pulses` table of a study.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::diagnostic::Diagnostic;

/// Programming by pulses. Amplitudes are magnitudes: which sign sets follows from the card.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PulseSettings {
    /// `"open_loop"`: as many equal pulses as the simulated staircase says; `"write_verify"`: pulses with reads between them.
    /// Default: `"write_verify"`. Example: `method = "open_loop"`
    pub method: PulseMethod,
    /// The direction in which cells reach their targets: `"down"` from the low-resistance state by RESET pulses, or `"up"` from
    /// the high-resistance state by SET pulses. Default: `"down"`. Example: `approach = "up"`
    pub approach: Approach,
    /// The pulses of the staircase that raise conductance (LTP). Default: 1.3 V for 1 ms.
    /// Example: `set = { amplitude = 1.4, width = 150e-6 }`
    pub set: Pulse,
    /// The pulses of the staircase that lower conductance (LTD). Default: 1.55 V for 1 ms.
    /// Example: `reset = { amplitude = 1.6, width = 150e-6 }`
    pub reset: Pulse,
    /// Pulses of each half of the staircase. Default: 80. Example: `staircase = 100`
    pub staircase: usize,
    /// Rise and fall time of every pulse, s. Default: 1e-6. Example: `edge = 10e-6`
    pub edge: f64,
    /// Voltage at which cells are read, V. Default: 0.1. Example: `verify_voltage = 0.2`
    pub verify_voltage: f64,
    /// Time of a read without its edges, s. Default: 1e-6. Example: `verify_width = 100e-9`
    pub verify_width: f64,
    /// How far from its target a cell may be read, in fractions of the range of conductances. Default: 0.008, a quarter of the
    /// distance of 32 levels. Example: `tolerance = 0.01`
    pub tolerance: f64,
    /// Amplitudes of write-verify pulses are multiples of it, V: fine enough for one step to move a cell by less than
    /// twice the tolerance. Default: 0.0005. Example: `step = 0.005`
    pub step: f64,
    /// By how much the first pulse stays below the amplitude that reaches the target on a single cell, V. Default: 0.02.
    /// Example: `margin = 0.05`
    pub margin: f64,
    /// Largest amplitude, V. Default: 4. Example: `most_amplitude = 3.0`
    pub most_amplitude: f64,
    /// Most pulses for one cell in a round. Default: 40. Example: `pulses_max = 100`
    pub pulses_max: usize,
    /// Rounds over all rows of an array; later ones repair what the writing of other rows has disturbed. Default: 2.
    /// Example: `rounds = 1`
    pub rounds: usize,
    /// What unselected lines are held at. Default: `"V/2"`. Example: `scheme = "V/3"`
    pub scheme: Scheme,
    /// Relative tolerance of the states, as `.options reltol`. Default: 1e-3. Example: `reltol = 1e-4`
    pub reltol: f64,
    /// Share of the tolerance that the states of unselected cells may use up by being integrated in long steps of their own;
    /// 0 for the steps of the selected ones. Default: 0.5. Example: `latency = 0.0`
    pub latency: f64,
}

/// How many pulses a cell gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PulseMethod {
    OpenLoop,
    #[default]
    WriteVerify,
}

/// Where targets are approached from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Approach {
    Up,
    #[default]
    Down,
}

/// Voltages of lines that are not selected, for a pulse of V on selected cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub enum Scheme {
    /// 0 on unselected lines; V/2 across cells on one selected line, 0 across the others.
    #[default]
    #[serde(rename = "V/2")]
    Half,
    /// V/3 across every cell that is not selected.
    #[serde(rename = "V/3")]
    Third,
}

/// A rectangular pulse.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pulse {
    /// V, positive.
    pub amplitude: f64,
    /// s, without the edges.
    pub width: f64,
}

impl Default for PulseSettings {
    fn default() -> Self {
        PulseSettings {
            method: PulseMethod::default(),
            approach: Approach::default(),
            set: Pulse { amplitude: 1.3, width: 1e-3 },
            reset: Pulse { amplitude: 1.55, width: 1e-3 },
            staircase: 80,
            edge: 1e-6,
            verify_voltage: 0.1,
            verify_width: 1e-6,
            tolerance: 0.008,
            step: 0.0005,
            margin: 0.02,
            most_amplitude: 4.0,
            pulses_max: 40,
            rounds: 2,
            scheme: Scheme::default(),
            reltol: 1e-3,
            latency: 0.5,
        }
    }
}

impl PulseSettings {
    /// # Errors
    /// The first value that is not possible, by its name.
    pub fn validate(&self) -> Result<(), Diagnostic> {
        let positive = [
            ("set.amplitude", self.set.amplitude),
            ("set.width", self.set.width),
            ("reset.amplitude", self.reset.amplitude),
            ("reset.width", self.reset.width),
            ("edge", self.edge),
            ("verify_voltage", self.verify_voltage),
            ("verify_width", self.verify_width),
            ("tolerance", self.tolerance),
            ("step", self.step),
            ("margin", self.margin),
            ("most_amplitude", self.most_amplitude),
            ("reltol", self.reltol),
        ];
        for (name, value) in positive {
            if !(value.is_finite() && value > 0.0) {
                return Err(
                    Diagnostic::error(format!("`{name}` of the pulses is {value}")).hint("give a positive value")
                );
            }
        }
        for (name, value) in [("staircase", self.staircase), ("pulses_max", self.pulses_max), ("rounds", self.rounds)] {
            if value == 0 {
                return Err(Diagnostic::error(format!("`{name}` of the pulses is 0")).hint("give 1 or more"));
            }
        }
        if !(0.0..=1.0).contains(&self.latency) {
            return Err(Diagnostic::error(format!("`latency` of the pulses is {}", self.latency)).hint("give 0 to 1"));
        }
        Ok(())
    }
}

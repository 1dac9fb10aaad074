//! Programming: conductances that devices reach by pulses through their own model.
//!
//! The [`Staircase`] of a card, many equal pulses up and down, gives the range of conductances and the number of pulses that
//! programming without reads ("open loop") takes to a target. Write-verify reads after every pulse and chooses the next
//! one's amplitude. [`achieved`] programs cells by themselves, [`write_array`] a whole array through its wires.
//!
//! [`read_check`] and [`engine_check`] compare arrays whose states are held with the devices' full model and with the circuit
//! engine.

mod array_report;
mod array_writing;
mod biasing;
mod device;
mod per_cell;
mod plan;
mod programmed;
mod pulse_map;
mod read_check;
mod settings;
mod staircase;
mod study;
mod tile_check;

pub use array_report::{ArrayProgramming, Disturb, Errors};
pub use array_writing::write_array;
pub use device::CellCard;
pub use per_cell::achieved;
pub use programmed::Programmed;
pub use read_check::{LiveArray, ReadCheck, ReadPulse, read_check, states_of};
pub use settings::{Approach, Pulse, PulseMethod, PulseSettings, Scheme};
pub use staircase::{Staircase, staircase};
pub use study::{ArrayWires, DeviceCards, ProgrammingResult, ProgrammingStudy, Targets};
pub use tile_check::{CheckedTile, EngineCheck, engine_check};

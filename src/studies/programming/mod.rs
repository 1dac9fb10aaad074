//! Programming: conductances that devices reach by pulses through their own model.
//!
//! The [`Staircase`] of a card, many equal pulses up and down, gives the range of conductances and the number of pulses that
//! programming without reads ("open loop") takes to a target. Write-verify reads after every pulse and chooses the next
//! one's amplitude. Both work on cells by themselves ([`achieved`]).

mod amplitudes;
mod device;
mod per_cell;
mod plan;
mod programmed;
mod settings;
mod staircase;

pub use device::CellCard;
pub use per_cell::achieved;
pub use programmed::Programmed;
pub use settings::{Approach, Pulse, PulseMethod, PulseSettings, Scheme};
pub use staircase::{Staircase, staircase};

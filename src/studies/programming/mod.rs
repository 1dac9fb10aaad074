//! Programming: conductances that devices reach by pulses through their own model.

mod programmed;
mod settings;

pub use programmed::Programmed;
pub use settings::{Approach, Pulse, PulseMethod, PulseSettings, Scheme};

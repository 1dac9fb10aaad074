//! Devices of one kind together, as the system sees them.

use std::any::Any;

use faer::c64;

use super::array_view::ArrayView;
use super::device::{Environment, Moment, Occurrence, QuantityInfo, Tone};
use super::noise::NoiseSource;
pub use super::stamp::{ConstantStamp, Stamp};
use crate::numerics::power_series::{PowerSeries, Product};
use crate::numerics::tape::Tape;

/// What solvers of arrays have done within a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ArrayStatistics {
    /// Solutions for voltages of the ports.
    pub solutions: usize,
    /// Rounds of relaxation that they took.
    pub rounds: usize,
}

/// What is called with noise currents: number of the device, unknowns, source.
pub type NoiseVisitor<'a> = &'a mut dyn FnMut(usize, [u32; 2], NoiseSource);

/// Devices of one type.
pub trait Group: Send + Sync {
    fn as_any_mut(&mut self) -> &mut dyn Any;
    /// Replaces the stand-in for ground by its index.
    fn set_ground(&mut self, ground: u32);
    fn len(&self) -> usize;
    /// So many threads may evaluate the devices.
    fn set_threads(&mut self, _threads: usize) {}
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    fn is_linear(&self) -> bool;
    fn unknowns(&self, index: usize) -> &[u32];
    /// Takes the devices of `other`, which were made of the same cards with other numbers; false if they have other entries or
    /// stand between other unknowns, or if the group has more than its devices.
    fn renew(&mut self, _other: &mut dyn Group) -> bool {
        false
    }
    /// Forgets all devices; false if the group is more than these.
    fn clear(&mut self) -> bool {
        false
    }
    /// Calls `visit` with row and column of every matrix entry of the group, in a fixed order.
    fn entries(&self, visit: &mut dyn FnMut(u32, u32));
    /// Tells the group its matrix slots, in the order of [`entries`](Group::entries).
    fn assign(&mut self, slots: &mut dyn Iterator<Item = u32>);
    /// Adds the constant Jacobians of a linear group.
    fn stamp_constant(&self, environment: &Environment, stamp: &mut ConstantStamp);
    /// Adds f(0, t) of a linear group.
    fn add_excitation(&self, _environment: &Environment, _f: &mut [f64]) {}
    /// Adds f, q and Jacobians of a nonlinear group at `stamp.x`; true if a device limited its step.
    fn stamp(&mut self, environment: &Environment, stamp: &mut Stamp) -> bool;
    /// Adds f and q at `x` without derivatives; |f| to `magnitude`.
    fn evaluate(&self, environment: &Environment, x: &[f64], f: &mut [f64], q: &mut [f64], magnitude: &mut [f64]);
    /// Calls `visit` with every row in which a device stores charge, flux or state.
    fn dynamic_rows(&self, visit: &mut dyn FnMut(u32));
    /// Forgets where devices were linearised last: `at_start` puts junctions at their starting point, otherwise at `x`.
    fn reset_limits(&mut self, _x: &[f64], _at_start: bool) {}
    /// Holds devices that are `off` at their starting point, or releases them; whether there are any.
    fn hold_off(&mut self, _hold: bool) -> bool {
        false
    }
    /// Adds q(x) with each device's `ic=` in place of its unknowns.
    fn add_initial_charge(&self, x: &[f64], environment: &Environment, q: &mut [f64]);
    fn has_initial(&self) -> bool;
    /// Writes guesses over those unknowns in `x` that follow from others at once.
    fn guess(&self, _environment: &Environment, _x: &mut [f64]) {}
    fn breakpoint(&self, _time: f64) -> Option<f64> {
        None
    }
    fn depends_on_time(&self) -> bool {
        false
    }
    /// Subtracts phasors from the right-hand side of small-signal analysis.
    fn add_phasors(&self, _tone: Tone, _rhs: &mut [c64]) {}
    fn has_events(&self) -> bool {
        false
    }
    /// Whether accepted points must be told.
    fn remembers(&self) -> bool {
        false
    }
    /// Calls `visit` with the discrete unknown (none where the event changes a memory), its event function's value, and its
    /// value after the event.
    fn events(&self, _x: &[f64], _visit: &mut dyn FnMut(Option<u32>, f64, f64)) {}
    /// Devices forget what they remember.
    fn forget(&mut self) {}
    /// A transient analysis starts at `x`.
    fn begin(&mut self, _x: &[f64], _from_initial: bool) {}
    /// Tells devices that remember of an accepted point; they may put their states in `x` elsewhere.
    fn accept(&mut self, _x: &mut [f64], _moment: &Moment) -> Occurrence {
        Occurrence::Nothing
    }
    /// Writes what devices remember, or reads it back.
    fn memory(&mut self, _tape: &mut Tape) {}
    fn longest_step(&self) -> Option<f64> {
        None
    }
    /// Adds what is not G + jωC to a small-signal matrix, in slot order.
    fn add_admittances(&self, _frequency: f64, _matrix: &mut [c64]) {}
    /// Calls `visit` with every noise current at `x`: number of the device, the two unknowns that it flows between, the source.
    fn noise(&self, _x: &[f64], _environment: &Environment, _visit: NoiseVisitor) {}
    /// The group as an array, if its devices are the cells of one.
    fn array(&self) -> Option<&dyn ArrayView> {
        None
    }
    /// What the array's own solver has done, if it has one.
    fn array_statistics(&self) -> Option<ArrayStatistics> {
        None
    }
    fn quantity_index(&self, name: &str) -> Option<usize>;
    fn quantities(&self) -> &'static [QuantityInfo];
    fn quantity(&self, device: usize, quantity: usize, x: &[f64], environment: &Environment) -> f64;
    /// Number of the lead called `name`; 0 is the first terminal of any device.
    fn lead_index(&self, _name: &str) -> Option<usize> {
        None
    }
    /// f and q of one device's lead: the current into a terminal, and the charge there.
    fn terminal(&self, device: usize, lead: usize, x: &[f64], environment: &Environment) -> (f64, f64);
    /// [`small_signal_terminal`](Group::small_signal_terminal) gives something.
    fn has_small_signal_terminals(&self) -> bool {
        false
    }
    /// [`subtract_bend`](Group::subtract_bend) has all that there is.
    fn tells_bend(&self) -> bool {
        self.is_linear()
    }
    /// Subtracts what nonlinear equations have at the product of phasors that is asked for from the rows of `right`.
    fn subtract_bend(&self, _bend: &Bend, _right: &mut [c64]) {}
    /// Phasor of a lead's current.
    fn small_signal_terminal(&self, _device: usize, _lead: usize, _point: &SmallSignalPoint) -> c64 {
        c64::new(f64::NAN, 0.0)
    }
    fn set_principal(&mut self, _device: usize, _value: f64) -> bool {
        false
    }
    /// Sums of f and q of each device, for conservation tests.
    fn contributions(&self, device: usize, x: &[f64], environment: &Environment) -> (Vec<f64>, Vec<f64>);
}

/// A solution of small-signal analysis.
#[derive(Clone, Copy)]
pub struct SmallSignalPoint<'a> {
    pub environment: &'a Environment,
    /// The operating point.
    pub at: &'a [f64],
    /// Of the unknowns.
    pub phasors: &'a [c64],
    /// Hz
    pub frequency: f64,
}

/// A question for the bending of equations: what they have at one product of phasors.
#[derive(Clone, Copy)]
pub struct Bend<'a> {
    pub environment: &'a Environment,
    /// The unknowns around the operating point, ground last.
    pub x: &'a [PowerSeries],
    pub product: Product,
    /// Frequency of the product, Hz.
    pub frequency: f64,
}

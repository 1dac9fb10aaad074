//! What a device is to the simulator: its share of the one equation f(x, t) + d/dt q(x) = 0.

use faer::c64;

use super::noise::NoiseSource;
use crate::numerics::scalar::Scalar;
use crate::numerics::tape::Tape;

/// What a device may know besides its unknowns.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Environment {
    /// Seconds; `None` while a DC solution is sought, where sources have their DC values.
    pub time: Option<f64>,
    /// Factor on all independent sources (source stepping), 1 otherwise.
    pub source_scale: f64,
    /// Conductance across junctions, S.
    pub gmin: f64,
    /// The equations are being linearised for a small-signal analysis at this frequency in hertz.
    pub frequency: Option<f64>,
}

impl Environment {
    pub fn dc(gmin: f64) -> Self {
        Environment { time: None, source_scale: 1.0, gmin, frequency: None }
    }

    pub fn at(time: f64, gmin: f64) -> Self {
        Environment { time: Some(time), ..Self::dc(gmin) }
    }
}

/// What a source is asked for in small-signal analyses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// `ac`
    Ac,
    /// `distof1`, the tone whose frequency is swept in `.disto`
    First,
    /// `distof2`
    Second,
}

impl Tone {
    /// The tone of a word on a source's card.
    pub fn called(word: &str) -> Option<Self> {
        match word {
            "ac" => Some(Tone::Ac),
            "distof1" => Some(Tone::First),
            "distof2" => Some(Tone::Second),
            _ => None,
        }
    }
}

/// A device's contributions to its `N` equations: row k is the equation of its k-th unknown.
///
/// For a node the row is Kirchhoff's current law, currents leaving the node into the device being positive, in A and C; for a
/// branch it is in V and Wb; for a state in the state's unit per second and the state's unit.
#[derive(Debug, Clone, Copy)]
pub struct Contribution<S, const N: usize> {
    /// f(x, t)
    pub f: [S; N],
    /// q(x)
    pub q: [S; N],
}

impl<S: Scalar, const N: usize> Contribution<S, N> {
    /// No dynamic part.
    pub fn resistive(f: [S; N]) -> Self {
        Contribution { f, q: [S::zero(); N] }
    }
}

impl<S: Scalar> Contribution<S, 2> {
    /// A current from the first terminal to the second, and a charge stored between them.
    pub fn branch(current: S, charge: S) -> Self {
        Contribution { f: [current, -current], q: [charge, -charge] }
    }
}

/// An accepted time point, told to devices that remember.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moment {
    /// Seconds.
    pub time: f64,
    /// The step that ends here began at a corner.
    pub after_corner: bool,
}

/// What an accepted point means to the integration; of several the last of the list counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Occurrence {
    Nothing,
    /// There are new corners to come.
    CornersAhead,
    /// A derivative jumps here, and there may be new corners to come.
    Corner,
    /// The device has put its states elsewhere.
    Jump,
}

/// The current into a terminal: its name, and the rows of the device that it is the sum of.
pub type Lead = (&'static str, &'static [usize]);

/// A quantity that a device shows beside its unknowns: `@device[name]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuantityInfo {
    pub name: &'static str,
    pub unit: &'static str,
    pub description: &'static str,
}

impl QuantityInfo {
    pub const fn new(name: &'static str, unit: &'static str, description: &'static str) -> Self {
        QuantityInfo { name, unit, description }
    }
}

/// A device with `N` unknowns: terminal voltages, then whatever else it needs (branch current, states, internal nodes).
pub trait Device<const N: usize>: Send + Sync + 'static {
    /// f and q are linear in the unknowns: evaluated once and kept in the constant part of the matrix.
    const LINEAR: bool = false;

    /// [`limit`](Device::limit) does something.
    const LIMITED: bool = false;

    /// Over how much of its unknowns the equations bend by as much as e^x over 1, in the unknowns' unit, for devices that may be
    /// continued from their last evaluation (see [`bypass`](super::bypass)). None: evaluated at every iteration.
    const BENDS_OVER: Option<f64> = None;

    /// Local index of a terminal that all voltages are taken against: f and q do not change when all unknowns change by the same, so
    /// that slopes by this one need not be carried along.
    const REFERENCE: Option<usize> = None;

    /// Local index of an unknown that only jumps at events (a switch's position).
    const DISCRETE: Option<usize> = None;

    /// The device remembers accepted time points; see [`accept`](Device::accept).
    const MEMORY: bool = false;

    /// [`event`](Device::event) does something.
    const EVENTS: bool = Self::DISCRETE.is_some() || Self::MEMORY;

    /// [`noise`](Device::noise) does something.
    const NOISY: bool = false;

    /// Names of the currents into terminals, as in `ib(q1)`, with the rows that they are the sums of.
    const LEADS: &'static [Lead] = &[];

    /// Quantities for output; see [`quantity`](Device::quantity).
    const QUANTITIES: &'static [QuantityInfo] = &[];

    /// f and q at `x`.
    fn equations<S: Scalar>(&self, x: &[S; N], environment: &Environment) -> Contribution<S, N>;

    /// Where to linearise instead of at `x`, so that Newton's method does not run up an exponential; `previous` is where
    /// it was linearised last, over time at first the last accepted point.
    fn limit(&self, x: &[f64; N], _previous: &[f64; N], _environment: &Environment) -> [f64; N] {
        *x
    }

    /// The place of the first linearisation of an operating point (a junction near its knee), unless it is off.
    fn start(&self) -> [f64; N] {
        [0.0; N]
    }

    /// Whether it starts with all unknowns at 0, and is held there until the rest of the circuit has settled around it (`off` on the card).
    fn is_off(&self) -> bool {
        false
    }

    /// Rows in which a nonlinear device has a dynamic part.
    fn stores(&self) -> [bool; N] {
        [true; N]
    }

    /// f depends on time explicitly.
    fn depends_on_time(&self) -> bool {
        false
    }

    /// First time after `time` at which the device has a corner.
    fn breakpoint(&self, _time: f64) -> Option<f64> {
        None
    }

    /// Excitation of small-signal analyses: to be subtracted from the rows.
    fn phasor(&self, _tone: Tone) -> Option<[c64; N]> {
        None
    }

    /// Replaces unknowns by the device's `ic=` where it has one.
    fn initial(&self, _x: &mut [f64; N]) {}

    /// A guess of those unknowns that follow from others at once: a source's end from its other end, a capacitor's with `ic=`.
    fn guess(&self, x: &mut [f64; N], _environment: &Environment) {
        self.initial(x);
    }

    /// Whether the device has initial conditions at all.
    fn has_initial(&self) -> bool {
        false
    }

    /// Positive where the discrete unknown must change, or the memory, at `x`; its zero crossings are located in time.
    fn event(&self, _x: &[f64; N]) -> f64 {
        -1.0
    }

    /// New value of the discrete unknown when [`event`](Device::event) is positive.
    fn after_event(&self, x: &[f64; N]) -> f64 {
        Self::DISCRETE.map_or(0.0, |index| x[index])
    }

    /// Forgets everything: until [`begin`](Device::begin) the device is at rest, as DC and small-signal analyses need it.
    fn forget(&mut self) {}

    /// A transient analysis starts at `x` and time zero with a clean memory; with `from_initial`, from `ic=` values.
    fn begin(&mut self, _x: &[f64; N], _from_initial: bool) {}

    /// A time point was accepted, and the memory may change; so may the device's own states in `x`. Points that are tried and
    /// rejected are not told.
    fn accept(&mut self, _x: &mut [f64; N], _moment: &Moment) -> Occurrence {
        Occurrence::Nothing
    }

    /// Writes what the device remembers, or reads it back.
    fn memory(&mut self, _tape: &mut Tape) {}

    /// Longest time step over which the memory says how the device behaves.
    fn longest_step(&self) -> Option<f64> {
        None
    }

    /// Part of the small-signal matrix that is not G + jωC, at `frequency` in hertz.
    fn admittance(&self, _frequency: f64) -> Option<[[c64; N]; N]> {
        None
    }

    /// Calls `visit` with every noise current at the operating point `x`.
    fn noise(&self, _x: &[f64; N], _environment: &Environment, _visit: &mut dyn FnMut(NoiseSource)) {}

    /// Value of quantity number `index` of [`QUANTITIES`](Device::QUANTITIES).
    fn quantity(&self, _index: usize, _x: &[f64; N], _environment: &Environment) -> f64 {
        f64::NAN
    }

    /// Replaces the principal value (of R, V or I), for `.dc`; false if there is none.
    fn set_principal(&mut self, _value: f64) -> bool {
        false
    }
}

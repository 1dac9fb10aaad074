//! M of level 10 or 58: BSIMSOI 4.4 of Berkeley, a transistor in a silicon film on a buried oxide.
//!
//! Nodes are drain, gate, source and back gate; a fifth is the contact of the body, a sixth the body behind it, a seventh the temperature.
//! With four the body floats. With five the body is the contact's, or behind rbody and rbsh where the model has any; with six it is
//! behind these, or 1 Ω/□ without. With the word `tnodeout` on the card the last node is the temperature. A fully depleted film
//! (soimod 2) has no body, and what its body's nodes are at is without effect.
//!
//! n- and p-channel transistors have the same equations, p-channel ones with all voltages and currents reversed, but for what is the
//! substrate's: the back gate's flat band (soimod 1 and 2), and the charges of source and drain against it. `nf` fingers have a width of w/nf each.
//!
//! With shmod=1 and rth0 the transistor heats itself: the temperature's node is how many kelvin warmer it is than its card says. It takes
//! id·vds, loses over rth0/(weff + wth0)·nseg/nf, and stores in cth0·(weff + wth0)/nseg·nf.
//!
//! In ngspice 39 the temperature's node of a fully depleted transistor stays at 0 while the current is that of a warm one.
//!
//! A millionth of gmin lies from body to source and from gate to drain.
//!
//! Charges are conserved. Conductances and capacitances are the derivatives of these equations. ngspice 39's are not everywhere, though its
//! currents are these: its small-signal conductances by the body miss some percent of ionisation's slope, those of depleted films 1e-5 of
//! theirs, and of what the back gate does to the gate's charge it has cgeo alone. Without materials (mtrlmod), gate
//! resistance of the channel (rgatemod 2, 3) and body network (rbodymod). Where a transistor heats itself, resistances of drain and
//! source (rdsmod=1, rsh) and the current of the gate over the body's contact are those of the card's temperature.
//!
//! Source: BSIMSOIv4.4 MOSFET Model, Users' Manual, UC Berkeley (2010); Berkeley's and Analog Devices' code of 4.4.

mod back_gate;
mod body;
mod channel;
mod charges;
mod construct;
mod film;
mod general_parameters;
mod geometry;
mod heated;
mod junctions;
mod limits;
mod noise;
mod page;
mod parameters;
mod quantities;
mod resistances;
mod transistor;
mod tunnelling;
mod warm;

pub use construct::{construct, is_meant};
pub use page::{NUMBERS, PAGE};

use quantities::QUANTITIES;
use transistor::{NODES, Transistor};
use warm::Warm;

use crate::devices::device::{Contribution, Device, Environment, Lead, QuantityInfo};
use crate::devices::noise::NoiseSource;
use crate::numerics::scalar::Scalar;

/// Currents into terminals.
const LEADS: &[Lead] = &[("id", &[0]), ("ig", &[1]), ("is", &[2]), ("ie", &[3]), ("ib", &[4])];

/// The transistor at the temperature of its card; unknowns: inner drain, gate, inner source, back gate, body.
pub struct Bsimsoi {
    transistor: Transistor,
    warm: Warm<f64>,
}

impl Device<NODES> for Bsimsoi {
    const LIMITED: bool = true;
    const BENDS_OVER: Option<f64> = Some(0.05);
    const NOISY: bool = true;
    const LEADS: &'static [Lead] = LEADS;
    const QUANTITIES: &'static [QuantityInfo] = QUANTITIES;

    #[inline]
    fn equations<S: Scalar>(&self, x: &[S; NODES], environment: &Environment) -> Contribution<S, NODES> {
        let voltages = self.transistor.voltages(x);
        let flows = self.transistor.flows(&self.warm, S::inner(&voltages)).map(|value| S::outer(&voltages, value));
        let (f, q) = self.transistor.rows(x, &flows, environment);
        Contribution { f, q }
    }

    fn limit(&self, x: &[f64; NODES], previous: &[f64; NODES], environment: &Environment) -> [f64; NODES] {
        self.transistor.limit(x, previous, environment)
    }

    fn is_off(&self) -> bool {
        self.transistor.off
    }

    fn start(&self) -> [f64; NODES] {
        self.transistor.start()
    }

    fn initial(&self, x: &mut [f64; NODES]) {
        self.transistor.set_initial(x);
    }

    fn has_initial(&self) -> bool {
        self.transistor.initial.is_some()
    }

    fn noise(&self, x: &[f64; NODES], _environment: &Environment, visit: &mut dyn FnMut(NoiseSource)) {
        self.transistor.noise(&self.warm, x, visit);
    }

    fn quantity(&self, index: usize, x: &[f64; NODES], _environment: &Environment) -> f64 {
        self.transistor.quantity(index, &self.warm, x)
    }
}

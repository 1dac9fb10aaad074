//! Integrator.
//!
//! ```text
//! A1 in out I1
//! .model I1 int(in_offset=0 gain=1 out_lower_limit=-1 out_upper_limit=1 limit_range=1e-6 out_ic=0)
//! dy/dt = gain·(in + in_offset), or 0 while y is held at a limit;   y = out_ic before time 0
//! out = y within the limits, with parabolas of half width limit_range at both
//! ```
//! y is held from the moment when it reaches a limit until the input turns; both moments are located in time. Source: ngspice-39
//! manual, section 8.2.13.

use super::CONNECTIONS;
use super::calculation::Calculation;
use super::card::Card;
use super::connections::{drive, input, output, ports, value_unknown};
use crate::devices::assembly::UnknownName;
use crate::devices::construct::Construction;
use crate::devices::device::{Contribution, Device, Environment};
use crate::devices::page::{ModelTable, Page};
use crate::devices::parameters::Unknowns;
use crate::head_of_file;
use crate::numerics::scalar::Scalar;
use crate::parameters;
use crate::reference::Status;

parameters! {
    /// Integrator model card.
    pub struct Parameters {
        in_offset: ["in_offset"], "", 0.0, "Added to the input";
        gain: ["gain"], "1/s", 1.0, "Factor";
        lower: ["out_lower_limit"], "", f64::NEG_INFINITY, "Least output (default: none)";
        upper: ["out_upper_limit"], "", f64::INFINITY, "Largest output (default: none)";
        range: ["limit_range"], "", 1e-6, "Half width of the smoothing at the limits";
        initial: ["out_ic"], "", 0.0, "Output before time 0";
    }
}

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[head_of_file!("int.rs"), CONNECTIONS],
    models: &[ModelTable { title: "int", numbers: Parameters::TABLE, others: &[] }],
    status: Status::Differs("limits that are not given are none, where ngspice demands them"),
    ngspice: &["int"],
    ..Page::new("int", "Integrator", "A1 in out MODEL")
};

pub fn construct(mut c: Construction) {
    let Some(card) = Card::of(&mut c, &[]) else { return };
    let p = Parameters::read(&card.numbers, Unknowns::Warn, &card.owner, c.diagnostics);
    let valid = card.demand(
        &mut c,
        &[
            ("out_upper_limit", p.lower < p.upper, "must be above `out_lower_limit`"),
            ("limit_range", p.range >= 0.0, "must not be negative"),
        ],
    );
    let mut x = Calculation::default();
    let Ok([from, to]) = ports(&mut c, ["in", "out"], "A1 in out I1") else { return };
    let (Ok(measured), Ok(to)) = (input(&mut c, from, "in", &mut x), output(&mut c, to, "out")) else { return };
    if !valid {
        return;
    }
    let rate = x.scaled(measured, p.in_offset, p.gain);
    let rate = value_unknown(&mut c, "rate", x.finish(rate));
    let integral = c.assembly.held_state(UnknownName::Internal(c.id, "integral".into()), p.initial);
    let hold = c.assembly.discrete(c.id, "hold", 0.0);
    c.assembly.add_auxiliary(c.id, Integral { lower: p.lower, upper: p.upper }, [rate, integral, hold]);
    let mut y = Calculation::default();
    let state = y.unknown(integral);
    let value = y.limited(state, [p.lower, p.upper], p.range);
    drive(&mut c, to, y.finish(value));
}

/// Unknowns: rate, integral, and where it is held: 1 at the upper limit, −1 at the lower one, 0 nowhere.
struct Integral {
    lower: f64,
    upper: f64,
}

impl Device<3> for Integral {
    const DISCRETE: Option<usize> = Some(2);

    fn equations<S: Scalar>(&self, &[rate, integral, hold]: &[S; 3], _environment: &Environment) -> Contribution<S, 3> {
        let moves = hold.value().abs() < 0.5;
        let zero = S::zero();
        Contribution { f: [zero, if moves { -rate } else { zero }, zero], q: [zero, integral, zero] }
    }

    fn stores(&self) -> [bool; 3] {
        [false, true, false]
    }

    fn event(&self, &[rate, integral, hold]: &[f64; 3]) -> f64 {
        if hold.abs() >= 0.5 {
            return -rate * hold.signum();
        }
        if rate > 0.0 { integral - self.upper } else { self.lower - integral }
    }

    fn after_event(&self, &[rate, _, hold]: &[f64; 3]) -> f64 {
        if hold.abs() >= 0.5 { 0.0 } else { rate.signum() }
    }
}

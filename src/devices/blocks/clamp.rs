//! Smooth limiter: a shunt that conducts when its voltage leaves the window.
//!
//! ```text
//! A1 in ref C1
//! .model C1 clamp(vhigh=2.5 vlow=-2.5 ron=10 width=20m)
//! i = (w/ron)·(softplus((v − vhigh)/w) − softplus((vlow − v)/w)),   softplus(z) = ln(1 + e^z)
//! ```
//! From `in` to `ref`, v = v(in) − v(ref). Far outside the window the slope is 1/ron, and the line meets the axis at the
//! limit; at a limit the current is ln 2·w/ron. A smooth stand-in for two Zener diodes back to back.

use super::card::BlockCard;
use super::ports::{self, PortSpecification, Role};
use crate::devices::construct::Construction;
use crate::devices::device::{Contribution, Device, Environment, QuantityInfo};
use crate::devices::page::{ModelTable, Page};
use crate::devices::parameters::Unknowns;
use crate::head_of_file;
use crate::numerics::scalar::Scalar;
use crate::parameters;
use crate::reference::Status;

parameters! {
    /// Clamp model card.
    pub struct Parameters {
        high: ["vhigh"], "V", 2.5, "Upper limit";
        low: ["vlow"], "V", -2.5, "Lower limit";
        resistance: ["ron"], "Ω", 10.0, "Slope resistance outside of the limits";
        width: ["width"], "V", 0.02, "Width of the transition";
    }
}

/// A limiter; unknowns: its two terminals.
struct Clamp {
    parameters: Parameters,
    multiplier: f64,
}

const PORTS: [PortSpecification; 2] =
    [PortSpecification::new("in", Role::Terminal), PortSpecification::new("ref", Role::Terminal)];

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[head_of_file!("clamp.rs")],
    models: &[ModelTable { title: "clamp", numbers: Parameters::TABLE, others: &[] }],
    quantities: <Clamp as Device<2>>::QUANTITIES,
    status: Status::OnlyHere,
    ..Page::new("clamp", "Clamp", "A1 in ref MODEL")
};

pub fn construct(mut c: Construction) {
    let Some(card) = BlockCard::of(&mut c, &[]) else { return };
    let parameters = Parameters::read(&card.numbers, Unknowns::Reject, &card.owner, c.diagnostics);
    let valid = card.demand(
        &mut c,
        &[
            ("ron", parameters.resistance > 0.0, "must be positive"),
            ("width", parameters.width > 0.0, "must be positive"),
            ("vhigh", parameters.high > parameters.low, "must be above `vlow`"),
        ],
    );
    let Some([input, reference]) = ports::read(&mut c, &PORTS, "A1 in ref C1").filter(|_| valid) else { return };
    let device = Clamp { parameters, multiplier: c.multiplier() };
    c.assembly.add(c.id, device, [input.p, reference.p]);
}

impl Clamp {
    fn current<S: Scalar>(&self, v: S) -> S {
        let Parameters { high, low, resistance, width, .. } = self.parameters;
        let above = ((v - high) * (1.0 / width)).softplus();
        let below = ((-v + low) * (1.0 / width)).softplus();
        (above - below) * (self.multiplier * width / resistance)
    }
}

impl Device<2> for Clamp {
    const QUANTITIES: &'static [QuantityInfo] = &[QuantityInfo { name: "i", unit: "A", description: "Current" }];

    fn equations<S: Scalar>(&self, &[p, n]: &[S; 2], _environment: &Environment) -> Contribution<S, 2> {
        Contribution::branch(self.current(p - n), S::zero())
    }

    fn stores(&self) -> [bool; 2] {
        [false; 2]
    }

    fn quantity(&self, _index: usize, x: &[f64; 2], _environment: &Environment) -> f64 {
        self.current(x[0] - x[1])
    }
}

//! Winding: couples a circuit to a magnetic one, whose voltages are magnetomotive forces and whose currents are fluxes.
//!
//! ```text
//! A1 (l+ l-) (m+ m-) W1
//! .model W1 lcouple(num_turns=155)
//! v(m+) − v(m-) = num_turns·i(l+)
//! v(l+) − v(l-) = num_turns·dΦ/dt,   Φ: the current out of m+
//! ```
//! A winding on a [`core`](core.md), with others in series with it in the magnetic circuit, is an inductor or a transformer. Source: ngspice-39
//! manual, chapter 8, Inductive Coupling.

use super::CONNECTIONS;
use super::card::Card;
use super::connections::pairs;
use crate::devices::assembly::UnknownKind;
use crate::devices::construct::Construction;
use crate::devices::device::{Contribution, Device, Environment, QuantityInfo};
use crate::devices::page::{ModelTable, Page};
use crate::devices::parameters::Unknowns;
use crate::head_of_file;
use crate::numerics::scalar::Scalar;
use crate::parameters;

parameters! {
    /// Winding model card.
    pub struct Parameters {
        turns: ["num_turns"], "", 1.0, "Number of turns";
    }
}

/// Unknowns: both nodes of the winding, its current, both nodes of the magnetic circuit, the current into the first.
struct Winding {
    turns: f64,
}

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[head_of_file!("lcouple.rs"), CONNECTIONS],
    models: &[ModelTable { title: "lcouple", numbers: Parameters::TABLE, others: &[] }],
    quantities: <Winding as Device<6>>::QUANTITIES,
    ngspice: &["lcouple"],
    ..Page::new("lcouple", "Winding", "A1 (l+ l-) (m+ m-) MODEL")
};

pub fn construct(mut c: Construction) {
    let Some(card) = Card::of(&mut c, &[]) else { return };
    let p = Parameters::read(&card.numbers, Unknowns::Warn, &card.owner, c.diagnostics);
    let Ok([[p_node, n_node], [mp, mn]]) = pairs(&mut c, ["l", "mmf_out"], "A1 (l+ l-) (m+ m-) W1") else { return };
    let current = c.assembly.branch(c.id);
    let flux = c.assembly.auxiliary(c.id, "flux", UnknownKind::Current);
    c.assembly.add(c.id, Winding { turns: p.turns }, [p_node, n_node, current, mp, mn, flux]);
}

impl Device<6> for Winding {
    const LINEAR: bool = true;
    const QUANTITIES: &'static [QuantityInfo] =
        &[QuantityInfo::new("i", "A", "Current"), QuantityInfo::new("phi", "Wb", "Flux")];

    fn equations<S: Scalar>(
        &self,
        &[p, n, i, mp, mn, into]: &[S; 6],
        _environment: &Environment,
    ) -> Contribution<S, 6> {
        let zero = S::zero();
        let mut q = [zero; 6];
        q[2] = into * self.turns;
        Contribution { f: [i, -i, p - n, into, -into, mp - mn - i * self.turns], q }
    }

    fn stores(&self) -> [bool; 6] {
        [false, false, true, false, false, false]
    }

    fn quantity(&self, index: usize, x: &[f64; 6], _environment: &Environment) -> f64 {
        [x[2], -x[5]][index]
    }
}

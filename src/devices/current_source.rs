//! I: independent current source.
//!
//! ```text
//! i = m·I(t), from the first terminal through the source to the second
//! ```
//! Source: ngspice-39 manual, chapter 4.

use faer::c64;

use super::adjustable::{Adjustable, Principal, number};
use super::construct::Construction;
use super::device::{Contribution, Device, Environment, Tone};
use super::page::Page;
use super::parasitics;
use super::source_card::{CARD, Excitation, QUANTITIES};
use crate::head_of_file;
use crate::numerics::scalar::Scalar;

/// An independent current source.
pub struct CurrentSource {
    excitation: Excitation,
    multiplier: f64,
}

/// Numbers of I cards.
pub const NUMBERS: Adjustable = Adjustable { principal: Principal::Source, element: &[number("m", 1.0)], model: &[] };

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[head_of_file!("current_source.rs"), head_of_file!("source_card.rs"), head_of_file!("parasitics.rs")],
    element: CARD,
    quantities: QUANTITIES,
    ngspice: &["Isource"],
    otherwise: &[
        "acmag", "acphase", "pulse", "sin", "sine", "exp", "pwl", "sffm", "am", "trnoise", "trrandom", "r", "td",
    ],
    ..Page::new(
        "current_source",
        "Independent current source",
        "I1 n+ n- [[dc] VALUE] [ac MAGNITUDE [PHASE]] [WAVEFORM(…)]",
    )
};

pub fn construct(mut c: Construction) {
    let Some(excitation) = Excitation::of(&mut c) else { return };
    let inner = parasitics::place(&mut c);
    let (unknowns, multiplier) = ([inner, c.terminal(1)], c.multiplier());
    c.assembly.add(c.id, CurrentSource { excitation, multiplier }, unknowns);
}

impl Device<2> for CurrentSource {
    const LINEAR: bool = true;
    const QUANTITIES: &'static [super::device::QuantityInfo] = QUANTITIES;

    fn equations<S: Scalar>(&self, _x: &[S; 2], environment: &Environment) -> Contribution<S, 2> {
        let current = S::constant(self.multiplier * self.excitation.value(environment));
        Contribution::branch(current, S::zero())
    }

    fn depends_on_time(&self) -> bool {
        self.excitation.depends_on_time()
    }

    fn breakpoint(&self, time: f64) -> Option<f64> {
        self.excitation.breakpoint(time)
    }

    fn phasor(&self, tone: Tone) -> Option<[c64; 2]> {
        self.excitation.phasor(tone).map(|value| [value * self.multiplier, -value * self.multiplier])
    }

    fn quantity(&self, index: usize, &[p, n]: &[f64; 2], environment: &Environment) -> f64 {
        let current = self.multiplier * self.excitation.value(environment);
        [current, (p - n) * current, self.excitation.value(environment)][index]
    }

    fn set_principal(&mut self, value: f64) -> bool {
        self.excitation.set_dc(value);
        true
    }
}

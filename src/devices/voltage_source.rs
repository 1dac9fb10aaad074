//! V: independent voltage source.
//!
//! ```text
//! v(p) − v(n) − E(t) = 0
//! ```
//! The branch current flows from the first terminal through the source to the second. `portnum` puts z0 in series.
//! Source: ngspice-39 manual, chapter 4.

use faer::c64;

use super::construct::Construction;
use super::device::{Contribution, Device, Environment, Tone};
use super::page::Page;
use super::parasitics;
use super::source_card::{CARD, Excitation, QUANTITIES};
use crate::head_of_file;
use crate::numerics::scalar::Scalar;

/// An independent voltage source; unknowns: terminals and branch current.
pub struct VoltageSource {
    excitation: Excitation,
}

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[head_of_file!("voltage_source.rs"), head_of_file!("source_card.rs"), head_of_file!("parasitics.rs")],
    element: CARD,
    quantities: QUANTITIES,
    ngspice: &["Vsource"],
    otherwise: &[
        "acmag", "acphase", "pulse", "sin", "sine", "exp", "pwl", "sffm", "am", "trnoise", "trrandom", "r", "td",
    ],
    ..Page::new(
        "voltage_source",
        "Independent voltage source",
        "V1 n+ n- [[dc] VALUE] [ac MAGNITUDE [PHASE]] [WAVEFORM(…)]",
    )
};

pub fn construct(mut c: Construction) {
    let Some(excitation) = Excitation::of(&mut c) else { return };
    let mut inner = parasitics::place(&mut c);
    if let Some(resistance) = excitation.port {
        inner = parasitics::in_series(&mut c, resistance, "port", inner);
    }
    let branch = c.assembly.branch(c.id);
    let unknowns = [inner, c.terminal(1), branch];
    c.assembly.add(c.id, VoltageSource { excitation }, unknowns);
}

impl Device<3> for VoltageSource {
    const LINEAR: bool = true;
    const QUANTITIES: &'static [super::device::QuantityInfo] = QUANTITIES;

    fn equations<S: Scalar>(&self, &[p, n, current]: &[S; 3], environment: &Environment) -> Contribution<S, 3> {
        Contribution::resistive([current, -current, p - n - self.excitation.value(environment)])
    }

    fn guess(&self, x: &mut [f64; 3], environment: &Environment) {
        x[0] = x[1] + self.excitation.value(environment);
    }

    fn depends_on_time(&self) -> bool {
        self.excitation.depends_on_time()
    }

    fn breakpoint(&self, time: f64) -> Option<f64> {
        self.excitation.breakpoint(time)
    }

    fn phasor(&self, tone: Tone) -> Option<[c64; 3]> {
        let zero = c64::new(0.0, 0.0);
        self.excitation.phasor(tone).map(|value| [zero, zero, -value])
    }

    fn quantity(&self, index: usize, &[p, n, current]: &[f64; 3], environment: &Environment) -> f64 {
        [current, (p - n) * current, self.excitation.value(environment)][index]
    }

    fn set_principal(&mut self, value: f64) -> bool {
        self.excitation.set_dc(value);
        true
    }
}
